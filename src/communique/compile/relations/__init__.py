"""Relations held against the words: for each kind of fact the rule by which a text says it."""

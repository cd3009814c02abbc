"""A record becomes quads; each fact is tied to words of the source."""

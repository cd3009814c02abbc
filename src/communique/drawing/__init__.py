"""Pictures and timelines: facts in, SVG out; words and addresses are handed in."""

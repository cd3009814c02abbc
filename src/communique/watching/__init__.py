"""The data while they are edited: what has been saved, and pages that a browser loads again."""

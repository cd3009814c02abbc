"""Export: quads become bytes, always the same bytes for the same quads."""

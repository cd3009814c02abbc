"""An archive becomes a publication: whole or not at all."""

"""Quads become bytes, the same ones every time."""

"""Canned questions: typed parameters, bound and never pasted."""

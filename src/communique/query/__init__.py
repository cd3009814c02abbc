"""Canned questions: SPARQL queries with typed parameters, which are bound and never pasted into the text."""

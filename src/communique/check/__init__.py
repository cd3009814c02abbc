"""Checking: what is wrong with a release, found by lint and SHACL."""

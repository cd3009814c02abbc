"""Folders in object storage and other file systems of a network, reached through fsspec."""

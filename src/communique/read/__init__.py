"""Folders and YAML become frozen values; nothing is guessed."""

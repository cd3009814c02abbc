"""Reading: folders, archives and YAML become frozen values; nothing is guessed."""

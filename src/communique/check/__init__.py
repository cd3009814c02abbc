"""What is wrong with a release: lint and SHACL."""

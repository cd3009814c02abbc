"""The command line: parse, call, print, exit code. Each module holds some commands; `app` is what they share."""

from communique.cli import data, embed, publication, stores
from communique.cli.program import app, main

__all__ = ["app", "data", "embed", "main", "publication", "stores"]

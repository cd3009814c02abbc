"""The command line: parse, call, print, exit code. Each module holds some commands; `app` is what they share."""

import os

from communique.errors import CommuniqueError

try:
    from communique.cli import data, embed, publication, stores
    from communique.cli.program import app, main
except KeyboardInterrupt:  # nothing that could say so better is there yet
    os.write(2, b"communique: interrupted; nothing was changed\n")
    raise SystemExit(130) from None
except CommuniqueError as no:  # a table of this program is wrong
    os.write(2, f"communique: {no}\n".encode())
    raise SystemExit(2) from None

__all__ = ["app", "data", "embed", "main", "publication", "stores"]

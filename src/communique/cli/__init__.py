"""The command line. Each module holds some commands; they are all registered in `app`."""

import os

from communique.errors import CommuniqueError

try:
    from communique.cli import beginning, data, embed, keys, publication, queries, stores
    from communique.cli.program import app, main
except KeyboardInterrupt:  # `main`, which reports this otherwise, is not imported yet
    os.write(2, b"communique: interrupted; nothing was changed\n")
    raise SystemExit(130) from None
except CommuniqueError as no:  # one of this program's own tables is wrong
    os.write(2, f"communique: {no}\n".encode())
    raise SystemExit(2) from None

__all__ = ["app", "beginning", "data", "embed", "keys", "main", "publication", "queries", "stores"]

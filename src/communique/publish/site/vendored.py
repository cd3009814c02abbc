"""The browser programs of this installation, compiled from ``web/`` when the package was built."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

PROGRAMS: Final = ("query.js", "editor.js", "worker.js", "oxigraph.wasm", "LICENSES.txt")
"""The files that are copied into the publication if they exist."""

EDITOR: Final = ("editor.js", "LICENSES.txt")
"""Those of the editor alone, which can ask a server too."""

_VENDOR: Final = files("communique.publish.site").joinpath("vendor")


def were_built() -> bool:
    """Whether this installation has all the programs."""
    return all(_VENDOR.joinpath(name).is_file() for name in PROGRAMS)


def program(name: str) -> bytes:
    """The bytes of one program."""
    return _VENDOR.joinpath(name).read_bytes()

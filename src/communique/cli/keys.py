"""The command that lists what a record can say: keys."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from communique.cli.program import Data, Quiet, app, write


class KeysFormat(StrEnum):
    """How the list is written."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


@app.command()
def keys(
    cls: Annotated[
        str | None, typer.Argument(help="A class, such as Person or schema:Product.", metavar="[CLASS]")
    ] = None,
    data: Data = Path("data"),
    fmt: Annotated[KeysFormat, typer.Option("--format", help="How to write the list.")] = KeysFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """List the classes and keys that a record can use, with an example of each.

    With a class, all keys that its nodes can have: short forms first, then keys with a name of their own, then all
    others of schema.org.

    Example: communique keys schema:Product
    """
    from communique.compile.keylist import FORM, RENDERERS, class_rows, key_rows
    from communique.context import read_context

    context = read_context(data.absolute().parent if data.is_dir() else None)
    rows = key_rows(context, cls or "")
    if cls:
        short = [row for row in rows if not row.name.startswith("schema:")]
        forms_first = sorted(short, key=lambda row: row.value != FORM)
        tables = [(f"Keys of {cls}", forms_first), (f"Further keys of {cls}", rows[len(short) :])]
    else:
        tables = [("Classes", class_rows(context)), ("Keys", rows)]
    write(RENDERERS[fmt.value](tables))

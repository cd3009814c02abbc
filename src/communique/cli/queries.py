"""The command that writes the canned queries for other programs: export-queries."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from communique.cli.program import Data, Quiet, ReportFormat, app, open_data, say, write
from communique.errors import OutputError


class Program(StrEnum):
    """A program that reads queries."""

    GRLC = "grlc"


@app.command()
def export_queries(
    folder: Annotated[Path, typer.Argument(help="The folder to write into; made if missing.", metavar="DIR")],
    program: Annotated[Program, typer.Option("--for", help="The program that is to read them.")],
    endpoint: Annotated[
        str | None,
        typer.Option(help="Address of the SPARQL service that holds the data.", metavar="URL", show_default=False),
    ] = None,
    data: Data = Path("data"),
    fmt: Annotated[ReportFormat, typer.Option("--format", help="How to report the outcome.")] = ReportFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Write the canned queries as files for another program.

    For grlc, which makes a web API of them, parameters and headers are renamed to what it reads. Values are given as
    absolute IRIs.

    Example: communique export-queries --for grlc api --endpoint https://data.example.org/sparql
    """
    import json

    from communique.publish.swap import write_whole
    from communique.query.grlc import MARK, render_grlc

    newsroom = open_data(data)
    base = newsroom.dataset.base
    texts = {folder / f"{name}.rq": render_grlc(query, base, endpoint) for name, query in newsroom.catalogue.items()}
    try:
        for path in texts:
            if path.is_symlink() or (path.exists() and not path.read_bytes().startswith(MARK.encode())):
                raise OutputError(f"{path} was not made by this command: give another folder; nothing was changed")
        folder.mkdir(exist_ok=True)
    except OSError as no:
        raise OutputError(f"cannot write {folder}: {no.strerror}; nothing was changed") from no
    for path, text in texts.items():
        write_whole(path, text.encode())
    if fmt is ReportFormat.JSON:
        write(json.dumps({"folder": str(folder), "queries": len(texts)}, indent=1) + "\n")
        return
    say(f"{folder}: {len(texts)} queries for {program.value}", quiet)

"""The command for web teams: embed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from communique.cli.program import Data, Quiet, ReportFormat, app, open_data, say, write
from communique.errors import OutputError
from communique.formats import EMBEDDED
from communique.iris import release_iri

STANDARD_OUTPUT = Path("-")


@app.command()
def embed(
    page: Annotated[Path, typer.Argument(help="An HTML page.", metavar="PAGE.html")],
    release: Annotated[str, typer.Option("--release", help="Name of the release.", metavar="SLUG")],
    data: Data = Path("data"),
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Output file, - for standard output; default: the page itself.", metavar="FILE"
        ),
    ] = None,
    nested: Annotated[bool, typer.Option("--nested", help="Write one tree instead of a flat @graph.")] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Embed even where the page looks like a template ({{, {%, <?php)."),
    ] = False,
    fmt: Annotated[ReportFormat, typer.Option("--format", help="How to report what was done.")] = ReportFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Put the JSON-LD of a release into a page, or replace it there.

    Every other byte of the page stays, and a second run changes nothing. If the place for it is not certain, the page
    is refused and stays as it was.

    Example: communique embed news/report.html --release 2015-05-29-special-report-trafficking
    """
    import json

    from communique.webpage.embed import embed as run

    newsroom = open_data(data)
    before = _read_page(page)
    jsonld = newsroom.export([release], EMBEDDED.name, nested=nested)
    try:
        embedded = run(before, jsonld, release=release_iri(newsroom.dataset.base, release), force=force)
    except OutputError as no:
        raise OutputError(f"{page}: {no}; nothing was changed") from no
    target = page if output is None else output
    changed = _write_page(target, embedded.page)
    for warning in embedded.warnings:
        say(f"communique: warning: {page}: {warning}")
    if fmt is ReportFormat.JSON:
        outcome = {"page": str(target), "release": release, "replaced": embedded.replaced, "changed": changed}
        report = json.dumps({**outcome, "warnings": embedded.warnings}, ensure_ascii=False) + "\n"
        write(report) if target != STANDARD_OUTPUT else say(report, quiet)
    elif target != STANDARD_OUTPUT:
        done = ("replaced" if embedded.replaced else "embedded") if changed else "already there, nothing was changed"
        say(f"{target}: the JSON-LD of {release} {done}", quiet)


def _read_page(page: Path) -> bytes:
    """The bytes of a page; a page that is too large is not read to its end."""
    from communique.webpage.html import MAX_PAGE_BYTES

    if not page.is_file():
        raise OutputError(f"{page} is not a file: give the path of an HTML page")
    try:
        with page.open("rb") as file:
            return file.read(MAX_PAGE_BYTES + 1)
    except OSError as error:
        raise OutputError(f"{page} cannot be read: {error.strerror or error}") from error


def _write_page(target: Path, body: bytes) -> bool:
    """Write the page, whole or not at all; gives whether anything changed. A symbolic link is followed to its file."""
    if target == STANDARD_OUTPUT:
        write(body)
        return True
    from communique.publish.swap import write_whole

    try:
        file = target.resolve()
    except (OSError, RuntimeError) as error:
        raise OutputError(f"{target} is a link that leads back to itself: give the path of a file") from error
    if file.is_file() and file.read_bytes() == body:
        return False
    if file.exists() and not file.is_file():
        raise OutputError(f"{target} is not a file: give the path of a file")
    write_whole(file, body)
    return True

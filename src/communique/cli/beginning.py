"""Commands that begin something: a newsroom (init), a release (new)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Final

import typer

from communique.cli.program import Data, Quiet, ReportFormat, app, open_data, say, write
from communique.errors import NewsroomError

_ASKED: Final = {
    "title": "Title of the dataset",
    "publisher": "Who publishes it",
    "base": "Base of all ids, such as https://news.example.org/id/",
    "language": "Language of the releases",
    "licence": "Licence of the data, by its short name or address",
}
"""The options that a newsroom needs, and how each is asked for on a terminal."""
_SUGGESTED: Final = {"language": "en", "licence": "CC-BY-4.0"}


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where; default: here.", metavar="[DIR]")] = Path(),
    title: Annotated[str | None, typer.Option(help="Title of the dataset.")] = None,
    base: Annotated[str | None, typer.Option(help="Base of all ids; ends in /.", metavar="ADDRESS")] = None,
    language: Annotated[str | None, typer.Option(help="Language of the releases, such as en.")] = None,
    licence: Annotated[
        str | None,
        typer.Option("--licence", "--license", help="Licence of the data, such as CC-BY-4.0, or its address."),
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes the data.")] = None,
    contact: Annotated[str | None, typer.Option(help="E-mail address for corrections.")] = None,
    fmt: Annotated[ReportFormat, typer.Option("--format", help="How to report what was made.")] = ReportFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Make a newsroom: dataset.yaml, an empty registry, a workflow that checks every change.

    What is not given is asked for on a terminal; elsewhere title, publisher, base, language and licence are needed.

    Example: communique init newsroom --title "Sample news" --base https://news.example.org/id/
    """
    from communique.beginning import Beginning, write_newsroom

    given = {"title": title, "publisher": publisher, "base": base, "language": language, "licence": licence}
    values = _asked(given)
    files = write_newsroom(folder, Beginning(**values, contact=contact))
    if fmt is ReportFormat.JSON:
        write(json.dumps({"folder": str(folder), "files": sorted(map(str, files))}) + "\n")
        return
    say("\n".join(sorted(map(str, files))), quiet)
    where = "" if folder == Path() else f" (in {folder})"
    say(f"next{where}: communique new 2031-05-03-a-name --source text.txt", quiet)


def _asked(given: dict[str, str | None]) -> dict[str, str]:
    """The values of all options, those that are missing asked for on a terminal.

    Raises `NewsroomError` where nobody can be asked.
    """
    missing = [name for name, value in given.items() if value is None]
    if missing and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise NewsroomError(
            f"a newsroom needs {', '.join(f'--{name}' for name in missing)} (see communique init --help)"
        )
    asked = {name: typer.prompt(_ASKED[name], default=_SUGGESTED.get(name), err=True) for name in missing}
    return {name: value if value is not None else str(asked[name]) for name, value in given.items()}


@app.command()
def new(
    slug: Annotated[str, typer.Argument(help="Name of the release: a-z, 0-9 and hyphens.")],
    source: Annotated[Path, typer.Option("--source", help="The text of the release, UTF-8.", metavar="FILE")],
    data: Data = Path("data"),
    language: Annotated[
        str | None, typer.Option(help="Language of the text; default: that of dataset.yaml.", show_default=False)
    ] = None,
    fmt: Annotated[ReportFormat, typer.Option("--format", help="How to report what was made.")] = ReportFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Make a release folder with a record that already passes check.

    Example: communique new 2015-05-29-special-report --source release.txt
    """
    from communique.compile.skeleton import write_skeleton
    from communique.read.dataset import Dataset

    dataset = open_data(data).dataset if data.exists() else Dataset()
    own = dataset.language
    folder = write_skeleton(data, slug, source, base=dataset.base, language=language or own, newsroom_language=own)
    if fmt is ReportFormat.JSON:
        write(json.dumps({"slug": slug, "folder": str(folder), "record": str(folder / "record.yaml")}) + "\n")
        return
    say(f"{folder / 'record.yaml'}: write what the text says, then: communique check {slug}", quiet)

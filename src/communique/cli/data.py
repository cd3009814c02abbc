"""Commands about the data: check, export."""

from __future__ import annotations

from contextlib import closing
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.cli.pages import check_pages
from communique.cli.program import (
    DEFAULT_FINDINGS,
    Data,
    FindingsOption,
    Quiet,
    Slugs,
    app,
    format_option,
    open_data,
    program_version,
    progress,
    say,
    write,
)
from communique.errors import CommuniqueError
from communique.findings import FORMATS as FINDINGS
from communique.formats import EMBEDDED, FORMATS, TURTLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from communique.check.explanation import ExplainedLine
    from communique.findings import Finding
    from communique.publish.blocks import Selection


class EvidenceLevel(StrEnum):
    """How much evidence goes with the facts."""

    NONE = "none"
    NODES = "nodes"
    FULL = "full"


@app.command()
def check(
    slugs: Slugs = None,
    data: Data = Path("data"),
    fmt: FindingsOption = DEFAULT_FINDINGS,
    profile: Annotated[
        list[str] | None, typer.Option(help="Also check against the profile press, google or privacy; repeatable.")
    ] = None,
    pages: Annotated[
        list[Path] | None,
        typer.Option("--pages", help="Check the JSON-LD in anybody's HTML pages instead.", metavar="DIR|FILE..."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also say for each fact which rule found its words, and by what.")
    ] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Number of processes; 0: one per core.", min=0)] = 0,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again after each save, what was saved, until Ctrl-C.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Read, anchor, ground, lint and validate releases; write nothing.

    Example: communique check 2015-05-29-special-report-trafficking --format json

    While you edit: communique check --watch
    """
    from communique.check.explanation import FORMATS as EXPLAINED
    from communique.findings import conforms
    from communique.publish.blocks import Selection

    if pages and watch:
        raise CommuniqueError("--watch checks releases again, not pages: leave out --pages")
    if pages:
        check_pages([*pages, *map(Path, slugs or ())], fmt, profiles=profile, quiet=quiet)
    if explain and fmt not in EXPLAINED:
        raise CommuniqueError(f"--explain can be written as {' or '.join(EXPLAINED)}, not as {fmt}")

    def run(chosen: Sequence[str]) -> list[Finding]:
        return _check(data, Selection(chosen, profile or (), explain), fmt, jobs=jobs, quiet=quiet)

    if watch:
        from communique.cli.watching import watch_check

        watch_check(run, slugs or (), data, quiet=quiet)
    raise typer.Exit(0 if conforms(run(slugs or ())) else 1)


def _check(data: Path, selection: Selection, fmt: str, *, jobs: int, quiet: bool) -> list[Finding]:
    """Check the selected releases of a newsroom, show what was found, and give it."""
    from communique.check.explanation import add_to_json, render_text
    from communique.check.sums import Sums
    from communique.findings import render_findings
    from communique.publish.checks import check_releases

    newsroom = open_data(data)
    sums = Sums()
    findings: list[Finding] = []
    explained: list[ExplainedLine] = []
    with closing(check_releases(newsroom, selection, jobs=jobs, watch=partial(progress, quiet=quiet))) as blocks:
        for block in blocks:
            sums.merge(block.sums)
            for own, lines in block.releases:
                findings += own
                if FINDINGS[fmt].as_they_come:
                    write(render_text(lines))
                    write(render_findings(own, fmt) + "\n" if own else "")
                else:
                    explained += lines
    of_registry = selection.checker(newsroom).check_registry(None if selection.slugs else sums.named)
    general = [*newsroom.folder.findings, *of_registry]
    findings += general
    if FINDINGS[fmt].as_they_come:
        write(render_findings(general, fmt) + ("\n" if general else ""))
        say(sums.sentence(findings), quiet)
    else:
        document = render_findings(findings, fmt, version=program_version())
        write(add_to_json(document, explained) if selection.explain else document)
    return findings


@app.command()
def export(
    slugs: Slugs = None,
    data: Data = Path("data"),
    fmt: Annotated[str, format_option(FORMATS, "The syntax.")] = TURTLE.name,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Output file; default: standard output.")
    ] = None,
    evidence: Annotated[
        EvidenceLevel, typer.Option(help="How much evidence to add to the facts.")
    ] = EvidenceLevel.FULL,
    nested: Annotated[
        bool, typer.Option("--nested", help=f"Write {EMBEDDED.name} as one tree instead of a flat @graph.")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Write releases in one format.

    Example: communique export 2015-05-29-special-report-trafficking --format jsonld -o release.jsonld
    """
    body = open_data(data).export(slugs or (), fmt, evidence=evidence.value, nested=nested)
    if output is None:
        write(body)
        return
    from communique.publish.swap import write_whole

    write_whole(output, body)
    say(f"{output}: {len(body):,} bytes", quiet)

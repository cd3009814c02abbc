"""Commands about the publication: build, verify."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.apart import SECONDS
from communique.cli.program import (
    DEFAULT_FINDINGS,
    Data,
    FindingsOption,
    Quiet,
    ReportFormat,
    Timeout,
    app,
    open_data,
    program_version,
    progress,
    say,
    write,
)
from communique.errors import CommuniqueError
from communique.findings import FORMATS as FINDINGS

if TYPE_CHECKING:
    from communique.publish.build import BuildOutcome
    from communique.publish.unchanged import LastBuild


@app.command()
def build(
    data: Data = Path("data"),
    out: Annotated[Path, typer.Option("--out", help="Folder of the publication.", metavar="DIR")] = Path("public"),
    no_site: Annotated[bool, typer.Option("--no-site", help="Leave out HTML pages.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Number of processes; 0: one per core.", min=0)] = 0,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Make everything anew: use and keep nothing of earlier builds.")
    ] = False,
    fmt: FindingsOption = DEFAULT_FINDINGS,
    timeout: Timeout = SECONDS,
    watch: Annotated[bool, typer.Option("--watch", help="Build again after each save, until Ctrl-C.")] = False,
    port: Annotated[
        int | None,
        typer.Option(
            help="With --watch: show the pages at this port, and reload them in the browser.", min=0, max=65535
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Check everything, then write the whole publication or nothing.

    Example: communique build --out public

    While you edit: communique build --watch --port 8000
    """
    from communique.findings import conforms
    from communique.publish.unchanged import LastBuild, take_snapshot

    def make() -> BuildOutcome:
        from communique.publish.build import build as run  # heavy, and not needed where nothing changed

        bar = partial(progress, quiet=quiet)
        return run(open_data(data), out, jobs=jobs, site=not no_site, keep=not no_cache, seconds=timeout, watch=bar)

    if watch:
        from communique.cli.watching import watch_build

        watch_build(make, data, out, fmt=fmt, port=port, quiet=quiet)
    if port is not None:
        raise CommuniqueError("--port shows the pages while they are watched: add --watch")
    before = None if no_cache else take_snapshot(data, has_pages=not no_site)
    last = before.find(out) if before else None
    if last is not None:
        _show(last, fmt, quiet)
        say(f"nothing changed: {out} is as the last build wrote it", quiet)
        return
    outcome = make()
    is_written = conforms(outcome.findings)
    last = LastBuild(outcome.findings, outcome.sums.sentence(outcome.findings), outcome.manifest)
    _show(last, fmt, quiet)
    if not is_written:
        say(f"nothing was written: mend the violations first, {out} is as it was")
        raise typer.Exit(1)
    say(outcome.listing, quiet)
    if before:
        before.remember(out, last)


def _show(last: LastBuild, fmt: str, quiet: bool) -> None:
    """Print the findings and the sums of a build."""
    from communique.findings import render_findings

    if last.findings or not FINDINGS[fmt].as_they_come:
        write(render_findings(last.findings, fmt, version=program_version()))
    say(last.sums, quiet)


@app.command()
def verify(
    out: Annotated[Path, typer.Option("--out", help="Folder of the publication.", metavar="DIR")] = Path("public"),
    data: Data = Path("data"),
    fmt: Annotated[ReportFormat, typer.Option("--format", help="How to report the outcome.")] = ReportFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Prove that a publication is whole and unchanged.

    Each file is compared with the manifest of the publication.

    Example: communique verify --out public
    """
    import json

    from communique.publish.manifest import verify as run

    problems = run(out)
    if fmt is ReportFormat.JSON:
        write(json.dumps({"whole": not problems, "problems": list(problems)}, ensure_ascii=False, indent=1) + "\n")
    else:
        write("".join(f"{problem}\n" for problem in problems))
        say(f"{out} is whole and unchanged" if not problems else f"{len(problems)} problems in {out}", quiet)
    raise typer.Exit(1 if problems else 0)

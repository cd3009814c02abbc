"""Commands about the publication: build, verify."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from communique.apart import SECONDS
from communique.cli.places import CommandFolders, open_places
from communique.cli.program import (
    DEFAULT_FINDINGS,
    Data,
    FindingsOption,
    Quiet,
    ReportFormat,
    Timeout,
    app,
    is_address,
    open_data,
    program_version,
    progress,
    say,
    write,
)
from communique.errors import CommuniqueError
from communique.findings import FORMATS as FINDINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from communique.publish.build import BuildOutcome
    from communique.publish.kept.unchanged import LastBuild


class Engine(StrEnum):
    """Where releases are checked and rendered."""

    LOCAL = "local"
    DASK = "dask"


@app.command()
def build(
    data: Annotated[
        str, typer.Option("--data", help="The newsroom's data folder, or its address in S3.", metavar="DIR|ADDRESS")
    ] = "data",
    out: Annotated[
        str, typer.Option("--out", help="Folder of the publication, or its address in S3.", metavar="DIR|ADDRESS")
    ] = "public",
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
    engine: Annotated[Engine, typer.Option(help="Where releases are checked and rendered.")] = Engine.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(help="With --engine dask: the address of the scheduler.", metavar="ADDRESS")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Check everything, then write the whole publication or nothing.

    Example: communique build --out public

    While you edit: communique build --watch --port 8000

    From S3 to S3: communique build --data s3://bucket/data --out s3://other/site

    On a cluster: communique build --engine dask --scheduler tcp://host:8786
    """
    _refuse_what_needs_another(engine, scheduler, watch=watch, port=port, places=(data, out))
    with open_places(data, out, quiet=quiet) as places:

        def make() -> BuildOutcome:
            from communique.publish.build import build as run  # heavy, and not needed where nothing changed

            newsroom = open_data(places.data)
            bar = partial(progress, quiet=quiet)
            start = partial(run, newsroom, places.out, jobs=jobs, site=not no_site, keep=not no_cache, seconds=timeout)
            if scheduler is None:
                return start(watch=bar)
            from communique.publish.cluster import open_cluster

            with open_cluster(scheduler) as cluster:
                return start(watch=bar, elsewhere=cluster)

        if watch:
            from communique.cli.watching import watch_build

            watch_build(make, places.data, places.out, fmt=fmt, port=port, quiet=quiet)
        _build_once(make, places, has_pages=not no_site, keep=not no_cache, fmt=fmt, quiet=quiet)


def _refuse_what_needs_another(
    engine: Engine, scheduler: str | None, *, watch: bool, port: int | None, places: tuple[str, str]
) -> None:
    """Raise `CommuniqueError` for options of `build` that mean nothing without another, or beside it."""
    if (engine is Engine.DASK) != (scheduler is not None):
        raise CommuniqueError("--engine dask and --scheduler ADDRESS need each other: give both or none")
    if port is not None and not watch:
        raise CommuniqueError("--port shows the pages while they are watched: add --watch")
    if watch and any(map(is_address, places)):
        raise CommuniqueError("--watch works with folders of this machine: give none at an address")


def _build_once(
    make: Callable[[], BuildOutcome],
    places: CommandFolders,
    *,
    has_pages: bool,
    keep: bool,
    fmt: str,
    quiet: bool,
) -> None:
    """Build, unless nothing has changed since the last build, and show what was found and written."""
    from communique.findings import conforms
    from communique.publish.kept.unchanged import LastBuild, take_snapshot

    out = places.out
    before = take_snapshot(places.data, has_pages=has_pages) if keep else None
    last = before.find(out) if before else None
    if last is not None:
        _show(last, places, fmt, quiet)
        say(places.upload() or f"nothing changed: {out} is as the last build wrote it", quiet)
        return
    outcome = make()
    is_written = conforms(outcome.findings)
    last = LastBuild(outcome.findings, outcome.sums.sentence(outcome.findings), outcome.manifest)
    _show(last, places, fmt, quiet)
    if not is_written:
        say(f"nothing was written: mend the violations first, {places.in_words(str(out))} is as it was")
        raise typer.Exit(1)
    say(places.in_words(outcome.listing), quiet)
    if before:
        before.remember(out, last)
    if done := places.upload():
        say(done, quiet)


def _show(last: LastBuild, places: CommandFolders, fmt: str, quiet: bool) -> None:
    """Print the findings and the sums of a build."""
    from communique.findings import render_findings

    if last.findings or not FINDINGS[fmt].as_they_come:
        write(places.in_words(render_findings(last.findings, fmt, version=program_version())))
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

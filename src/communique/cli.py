"""The command line: parse, call, print, exit code.

0 = fine, 1 = the data has findings of severity violation, 2 = the command could not be carried out. Nothing heavy is
imported before a command is known: ``--help`` loads neither RDF nor SHACL libraries.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from communique.errors import CommuniqueError, QueryError
from communique.terms import DEFAULT_BASE

if TYPE_CHECKING:
    from communique.api import Newsroom
    from communique.findings import Finding

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # Rich in help triples the time to start
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)

T = TypeVar("T")


class CheckFormat(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"
    TURTLE = "turtle"


class ExportFormat(StrEnum):
    """The syntaxes of `communique.formats`."""

    TURTLE = "turtle"
    TRIG = "trig"
    NQUADS = "nquads"
    NTRIPLES = "ntriples"
    JSONLD = "jsonld"
    PAGE_JSONLD = "page-jsonld"


class ResultsFormat(StrEnum):
    """The formats of `communique.query.results`."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    MARKDOWN = "markdown"
    TURTLE = "turtle"
    JSONLD = "jsonld"


class EvidenceLevel(StrEnum):
    """How much evidence goes with the facts."""

    NONE = "none"
    NODES = "nodes"
    FULL = "full"


class ReportFormat(StrEnum):
    """How the outcome of a command is told."""

    TEXT = "text"
    JSON = "json"


Data = Annotated[Path, typer.Option("--data", help="The newsroom's data folder.", metavar="DIR")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but findings and errors.")]
Slugs = Annotated[list[str] | None, typer.Argument(help="Names of releases; without one, all.", metavar="[SLUG]...")]


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(200_000, 50, 100)  # quads make no cycles: a tenth of the time of check went into looking for some
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except CommuniqueError as no:
        _fail(str(no))
    except BrokenPipeError:  # the reader has had enough, as with | head
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except KeyboardInterrupt:
        _fail("interrupted; nothing was changed", 130)
    except Exception as error:
        if _is_usage(error):
            _fail_usage(error)
        if os.environ.get("COMMUNIQUE_DEBUG"):
            raise
        _fail(f"{type(error).__name__}: {error} (this is a bug; COMMUNIQUE_DEBUG=1 shows where)")
    gc.freeze()  # what is left need not be looked through for cycles: that took a sixth of the time of check
    sys.exit(code if isinstance(code, int) else 0)


def _is_usage(error: Exception) -> bool:
    """Whether the words of the command were wrong (Typer brings its own copy of Click's exceptions)."""
    return callable(getattr(error, "format_message", None))


def _fail_usage(error: Any) -> NoReturn:
    message = error.format_message().rstrip(".")
    ctx = getattr(error, "ctx", None)
    if message.startswith("Usage:"):  # no command was given: this is the help
        _say(message)
        sys.exit(2)
    _fail(f"{message} (see {ctx.command_path} --help)" if ctx is not None else message)


def _fail(sentence: str, code: int = 2) -> NoReturn:
    print(f"communique: {sentence}", file=sys.stderr)  # noqa: T201
    sys.exit(code)


def _say(text: str, quiet: bool = False) -> None:
    if not quiet:
        print(text, file=sys.stderr)  # noqa: T201


def _write(text: str | bytes) -> None:
    data = text.encode() if isinstance(text, str) else text
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def _open(data: Path) -> Newsroom:
    from communique.api import open_newsroom

    return open_newsroom(data)


def _version() -> str:
    from communique import __version__

    return __version__


def _progress(items: Iterable[T], label: str, total: int | None = None, *, quiet: bool = False) -> Iterator[T]:
    """The same items; on a terminal with a progress bar, in a pipe without."""
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # only a terminal needs it
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        for item in items:
            yield item
            bar.advance(task)


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.", is_eager=True)] = False,
) -> None:
    """Press releases as linked data: every fact tied to the words that say it.

    Example: communique build --out public
    """
    if version:
        _write(f"communique {_version()}\n")
        raise typer.Exit


# ---- check


@app.command()
def check(
    slugs: Slugs = None,
    data: Data = Path("data"),
    fmt: Annotated[CheckFormat, typer.Option("--format", help="How to show findings.")] = CheckFormat.TEXT,
    profile: Annotated[
        list[str] | None, typer.Option(help="Also hold against press, google or privacy; may be given again.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Read, anchor, ground, lint and validate; write nothing.

    Example: communique check 2015-05-29-special-report-trafficking --format json
    """
    from communique.check.sums import Sums
    from communique.findings import conforms, render_findings

    newsroom = _open(data)
    checker = newsroom.checker(profile or ())
    sums = Sums()
    findings: list[Finding] = []
    for checked in _progress(checker.check_all(newsroom.folder, slugs or ()), "releases", quiet=quiet):
        sums.add(checked.compiled)
        findings += checked.findings
        if fmt is CheckFormat.TEXT and checked.findings:
            _write(render_findings(checked.findings, "text") + "\n")
    general = [*newsroom.folder.findings, *checker.check_registry(None if slugs else sums.named)]
    findings += general
    if fmt is CheckFormat.TEXT:
        _write(render_findings(general, "text") + ("\n" if general else ""))
        _say(sums.sentence(findings), quiet)
    else:
        _write(render_findings(findings, fmt.value, version=_version()))
    raise typer.Exit(0 if conforms(findings) else 1)


# ---- export


@app.command()
def export(
    slugs: Slugs = None,
    data: Data = Path("data"),
    fmt: Annotated[ExportFormat, typer.Option("--format", help="The syntax.")] = ExportFormat.TURTLE,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File; without it, standard output.")] = None,
    evidence: Annotated[
        EvidenceLevel, typer.Option(help="How much evidence goes with the facts.")
    ] = EvidenceLevel.FULL,
    nested: Annotated[bool, typer.Option("--nested", help="page-jsonld as one tree instead of a flat @graph.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write releases in one format.

    Example: communique export 2015-05-29-special-report-trafficking --format jsonld -o release.jsonld
    """
    body = _open(data).export(slugs or (), fmt.value, evidence=evidence.value, nested=nested)
    if output is None:
        _write(body)
        return
    from communique.publish.swap import write_whole

    write_whole(output, body)
    _say(f"{output}: {len(body):,} bytes", quiet)


# ---- query


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def query(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Name of a canned query; without one, the list of them.")] = None,
    data: Data = Path("data"),
    fmt: Annotated[ResultsFormat, typer.Option("--format", help="How to write the answer.")] = ResultsFormat.TABLE,
    quiet: Quiet = False,
) -> None:
    """List the canned queries, or ask one: communique query NAME --PARAM VALUE …

    Example: communique query who-said-what --person person/bermet-moldobaeva --format csv
    """
    newsroom = _open(data)
    if name is None:
        _write(_listed(newsroom))
        return
    values = _values(ctx.args)
    table = newsroom.query(name, **values)
    _write(table.render(fmt.value, base=newsroom.dataset.base))
    _say(f"{len(table.rows)} rows" if len(table.rows) != 1 else "1 row", quiet or fmt is not ResultsFormat.TABLE)


def _values(words: list[str]) -> dict[str, str]:
    """The parameters of a canned query from ``--name value`` and ``--name=value``."""
    values: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        key, equals, value = word.partition("=")
        if not key.startswith("--") or len(key) < 3:
            raise QueryError(f"{word!r} is not a parameter: write --name value")
        if not equals:
            value = next(rest, "")
            if not value or value.startswith("--"):
                raise QueryError(f"{key} has no value: write {key} value")
        if key[2:] in values:
            raise QueryError(f"{key} stands twice: give it once")
        values[key[2:]] = value
    return values


def _listed(newsroom: Newsroom) -> str:
    """The canned queries, what they answer and what they take."""
    lines = []
    for one in sorted(newsroom.catalogue.values(), key=lambda q: q.name):
        lines += [one.name, f"    {one.question}"]
        for parameter in one.parameters:
            needed = "" if parameter.required else " (may be left out)"
            lines.append(f"    --{parameter.name} {parameter.type.upper()}  {parameter.description}{needed}")
            lines.append(f"        such as --{parameter.name} {parameter.example}")
        lines.append("")
    return "\n".join(lines)


# ---- new


@app.command()
def new(
    slug: Annotated[str, typer.Argument(help="Name of the release: a-z, 0-9 and hyphens.")],
    source: Annotated[Path, typer.Option("--source", help="The text of the release, UTF-8.", metavar="FILE")],
    data: Data = Path("data"),
    language: Annotated[str, typer.Option(help="Language of the text.")] = "en",
    fmt: Annotated[ReportFormat, typer.Option("--format", help="How to tell what was made.")] = ReportFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Make a release folder with a record that already passes check.

    Example: communique new 2015-05-29-special-report --source release.txt
    """
    import json

    from communique.compile.skeleton import write_skeleton

    base = _open(data).dataset.base if data.exists() else DEFAULT_BASE
    folder = write_skeleton(data, slug, source, base=base, language=language)
    if fmt is ReportFormat.JSON:
        _write(json.dumps({"slug": slug, "folder": str(folder), "record": str(folder / "record.yaml")}) + "\n")
        return
    _say(f"{folder / 'record.yaml'}: write what the text says, then: communique check {slug}", quiet)


# ---- build and verify


@app.command()
def build(
    data: Data = Path("data"),
    out: Annotated[Path, typer.Option("--out", help="Folder of the publication.", metavar="DIR")] = Path("public"),
    no_site: Annotated[bool, typer.Option("--no-site", help="Leave out HTML pages.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes; 0: one for each core.", min=0)] = 0,
    fmt: Annotated[CheckFormat, typer.Option("--format", help="How to show findings.")] = CheckFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Check everything, then write the whole publication: whole or not at all.

    Example: communique build --out public
    """
    from communique.findings import conforms, render_findings
    from communique.publish.build import build as run

    newsroom = _open(data)
    outcome = run(newsroom, out, jobs=jobs, watch=partial(_progress, quiet=quiet))
    if outcome.findings or fmt is not CheckFormat.TEXT:
        _write(render_findings(outcome.findings, fmt.value, version=_version()))
    _say(outcome.sums.sentence(outcome.findings), quiet)
    if not conforms(outcome.findings):
        _say(f"nothing was written: mend the violations first, {out} is as it was")
        raise typer.Exit(1)
    _say(outcome.listing, quiet)


@app.command()
def verify(
    out: Annotated[Path, typer.Option("--out", help="Folder of the publication.", metavar="DIR")] = Path("public"),
    data: Data = Path("data"),
    fmt: Annotated[ReportFormat, typer.Option("--format", help="How to tell the outcome.")] = ReportFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Prove that a publication is whole and unchanged against its manifest.

    Example: communique verify --out public
    """
    import json

    from communique.publish.manifest import verify as run

    problems = run(out)
    if fmt is ReportFormat.JSON:
        _write(json.dumps({"whole": not problems, "problems": list(problems)}, ensure_ascii=False, indent=1) + "\n")
    else:
        _write("".join(f"{problem}\n" for problem in problems))
        _say(f"{out} is whole and unchanged" if not problems else f"{len(problems)} problems in {out}", quiet)
    raise typer.Exit(1 if problems else 0)

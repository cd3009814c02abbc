"""Commands about stores: query, load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperCommand

from communique.apart import SECONDS
from communique.cli.program import (
    Data,
    Quiet,
    ReportFormat,
    Timeout,
    app,
    format_option,
    open_data,
    progress,
    say,
    write,
)
from communique.errors import QueryError, StoppedError
from communique.query.formats import RESULT_FORMATS
from communique.visible import visible

if TYPE_CHECKING:
    from typer._click import Context

    from communique.api import Newsroom
    from communique.store.load import Loader, LoadOutcome, Rules
    from communique.watch import Watch


StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="Ask this store: a folder, or the address of a SPARQL service.",
        metavar="URL|DIR",
        show_default=False,
    ),
]


class _Questions(TyperCommand):
    """The command query: with the name of a question, ``--help`` is about that question."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Read the words of the command line."""
        if args and not args[0].startswith("-") and any(word in ctx.help_option_names for word in args):
            args = [*(word for word in args if word not in ctx.help_option_names), "--describe"]
        return super().parse_args(ctx, args)


@app.command(cls=_Questions, context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def query(
    ctx: typer.Context,
    name: Annotated[str | None, typer.Argument(help="Name of a canned query; without it, all are listed.")] = None,
    data: Data = Path("data"),
    store: StoreOption = None,
    fmt: Annotated[str, format_option(RESULT_FORMATS, "How to write the answer.")] = next(iter(RESULT_FORMATS)),
    describe: Annotated[
        bool, typer.Option("--describe", help="Show what the query asks, its parameters and its columns.")
    ] = False,
    timeout: Timeout = SECONDS,
    quiet: Quiet = False,
) -> None:
    """List the canned queries, or ask one: NAME --PARAM VALUE … What NAME takes, NAME --help says.

    Example: communique query said-for-organisation --organisation org/iom --format csv
    """
    if name is None or describe:
        from communique.query.listing import render_description, render_list

        catalogue = open_data(data).catalogue
        write(render_list(catalogue) if name is None else render_description(catalogue, name))
        return
    from communique.apart import Apart, TooLongError
    from communique.cli.answering import answer_questions

    try:
        values = _values(ctx.args)
        with Apart(answer_questions, data, store, "release" not in values, seconds=timeout) as apart:
            rows = apart.ask(name, values, fmt)
            while text := apart.ask():
                write(text)
    except TooLongError as no:
        raise QueryError(f"query {name!r} {no}: ask for less, or for longer with --timeout") from None
    say(f"{rows} rows" if rows != 1 else "1 row", quiet or not RESULT_FORMATS[fmt].terminal)


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


def _send(
    loader: Loader, newsroom: Newsroom, public: Path | None, rules: Rules, watch: Watch, jobs: int
) -> LoadOutcome:
    """Load the publication in ``public``, or else the data, after a check; violations end the command."""
    from contextlib import ExitStack
    from dataclasses import replace

    from communique.findings import conforms, render_findings
    from communique.publish.graphs import gather, read_publication

    with ExitStack() as stack:
        if public is not None:
            parts, names = read_publication(public)
        else:
            whole = stack.enter_context(gather(newsroom, jobs=jobs, watch=watch))
            if not conforms(whole.findings):
                write(render_findings(whole.findings, "text") + "\n")
                say("nothing was sent: mend the violations first")
                raise typer.Exit(1)
            parts, names, rules = whole.parts(), whole.names, replace(rules, unread=frozenset(whole.unread))
        loader.rules = rules
        try:
            return loader.load(watch(parts, "graphs", len(names)), names)
        except KeyboardInterrupt as no:
            raise StoppedError(str(no)) from None


@app.command()
def load(
    store: Annotated[
        str,
        typer.Option(
            help="A folder, or the address of a SPARQL service, http://user:password@host/…", metavar="URL|DIR"
        ),
    ],
    data: Data = Path("data"),
    public: Annotated[
        Path | None,
        typer.Option(
            "--public", help="Load the publication in this folder, without checking the data again.", metavar="DIR"
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
    prune: Annotated[
        bool,
        typer.Option(
            "--prune", help="Also remove graphs below the base IRI that no load from this machine has put there."
        ),
    ] = False,
    allow_removals: Annotated[
        int,
        typer.Option(
            help="Remove up to N releases even if they are more than a tenth of those in the store.", metavar="N", min=0
        ),
    ] = 0,
    verify: Annotated[
        bool, typer.Option("--verify", help="Read every graph back, compare it, and repair what differs.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", help="Number of processes for checking; 0: one per core.", min=0)
    ] = 0,
    fmt: Annotated[ReportFormat, typer.Option("--format", help="How to report the outcome.")] = ReportFormat.TEXT,
    quiet: Quiet = False,
) -> None:
    """Put the dataset into a store, graph by graph, and verify each.

    Run again, it sends only what differs. User and password are given in the address, or in COMMUNIQUE_STORE_USER and
    COMMUNIQUE_STORE_PASSWORD; a bearer token in COMMUNIQUE_STORE_TOKEN.

    Example: communique load --store http://localhost:7878 --dry-run
    """
    import json

    from communique.store.address import shown_address
    from communique.store.load import Rules

    newsroom = open_data(data)
    rules = Rules(prune, verify, allow_removals)
    with _open_loader(store, newsroom.dataset.base, dry_run, quiet) as loader:
        outcome = _send(loader, newsroom, public, rules, partial(progress, quiet=quiet), jobs=jobs)
    shown = shown_address(store)
    if fmt is ReportFormat.JSON:
        report = {"store": shown, "dry_run": dry_run, **outcome.as_dict()}
        write(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
        return
    for line in outcome.lines(dry_run):
        write(visible(line) + "\n")
    say(f"{shown}: " + ("a dry run, as if it were done: " if dry_run else "") + outcome.sentence, quiet)


@contextmanager
def _open_loader(where: str, base: str, dry_run: bool, quiet: bool) -> Iterator[Loader]:
    """A loader for a store, both opened and tested, so that errors of the store appear before the data are read."""
    from communique.store.address import is_service, shown_address
    from communique.store.embedded import is_vacant, open_embedded
    from communique.store.journal import Journal, journal_path
    from communique.store.load import Loader
    from communique.store.open import open_store

    new = not is_service(where) and is_vacant(Path(where))
    store = open_embedded() if new and dry_run else open_store(where, write=not dry_run)
    shown = shown_address(where)
    if new:
        say(f"{shown}: a new store {'would be' if dry_run else 'was'} made there", quiet)
    with Journal(journal_path(shown, base), {"store": shown, "base": base}) as journal:
        yield Loader(store, journal, base, dry_run)

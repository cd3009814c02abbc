"""The command serve."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from communique.cli.program import Quiet, app, say, write
from communique.errors import CommuniqueError, OutputError

if TYPE_CHECKING:
    from socket import socket

    from communique.serve.settings import Settings

_NEEDED = ("httptools", "prometheus_client", "starlette", "uvicorn")


Port = Annotated[int, typer.Option("--port", help="The port; 0 takes a free one.", min=0, max=65535)]
Host = Annotated[str, typer.Option("--host", help="The address to listen at; 0.0.0.0 for all.")]
Public = Annotated[Path, typer.Option("--public", help="The folder of the publication.", metavar="DIR")]
ServedStore = Annotated[
    str, typer.Option("--store", help="Let this SPARQL service answer queries.", metavar="URL", show_default=False)
]
Mcp = Annotated[bool, typer.Option("--mcp", help="Serve one assistant by MCP over standard input and output, no HTTP.")]
OfferAssistants = Annotated[bool, typer.Option("--assistants", help="Offer tools for assistants at /mcp, too.")]
Given = Annotated[
    list[str] | None, typer.Option("--set", help="Change a setting; may be repeated.", metavar="NAME=VALUE")
]
Config = Annotated[
    Path | None, typer.Option("--config", help="A file of settings (TOML).", metavar="FILE", show_default=False)
]
Log = Annotated[
    Path | None,
    typer.Option("--access-log", help="Write a line of JSON for each request.", metavar="FILE", show_default=False),
]
LogQueries = Annotated[bool, typer.Option("--log-queries", help="Write queries into the log, too.")]
Proxy = Annotated[str, typer.Option("--proxy", help="The address of a proxy that says for whom it asks.")]
ListSettings = Annotated[bool, typer.Option("--settings", help="List all settings, and end.")]


@app.command()
def serve(
    port: Port = 8000,
    host: Host = "127.0.0.1",
    public: Public = Path("public"),
    store: ServedStore = "",
    mcp: Mcp = False,
    assistants: OfferAssistants = False,
    given: Given = None,
    config: Config = None,
    log: Log = None,
    log_queries: LogQueries = False,
    proxy: Proxy = "127.0.0.1",
    settings: ListSettings = False,
    quiet: Quiet = False,
) -> None:
    """Serve the publication over HTTP: pages and data by content negotiation, and a SPARQL endpoint. Ctrl-C stops it.

    Example: communique serve --port 8080 --set query_seconds=10
    """
    from communique.serve.settings import read_settings

    values = read_settings(given or (), file=config)
    if settings:
        return _list_settings(values)
    if any(find_spec(name) is None for name in _NEEDED):
        raise CommuniqueError("serve needs packages that are missing: pip install 'communique[serve]'")
    from communique.serve.metrics import Metrics
    from communique.serve.publication import open_publication
    from communique.serve.run import run

    open_publication(public)  # what is wrong is said before anything is started
    if mcp:
        return _serve_assistant(public, values, store)
    tell = partial(say, quiet=quiet)
    with _listening(host, port) as listening, _opened(log) as file:
        shown = f"[{host}]" if ":" in host else host
        tell(f"{public} is at http://{shown}:{listening.getsockname()[1]}/; Ctrl-C stops the server")
        metrics = Metrics(file, log_queries=log_queries)
        run(public, listening, values, store=store, metrics=metrics, proxy=proxy, assistants=assistants, say=tell)


def _list_settings(values: Settings) -> None:
    from communique.serve.settings import SETTINGS

    width = max(map(len, SETTINGS))
    for name, row in SETTINGS.items():
        write(f"{name:{width}}  {getattr(values, name):>13,}  {row.unit:11}  {row.meaning}\n")


def _listening(host: str, port: int) -> socket:
    from socket import gaierror

    from communique.serve.run import open_socket

    try:
        return open_socket(host, port)
    except OSError as no:
        why = no.strerror if isinstance(no, gaierror) else os.strerror(no.errno or 0)
        raise OutputError(f"cannot listen at {host}, port {port}: {why}") from None


def _serve_assistant(public: Path, settings: Settings, store: str) -> None:
    try:
        from communique.serve.assistants import run_stdio  # the package mcp takes a second
    except ModuleNotFoundError:
        raise CommuniqueError("tools for assistants need the package mcp: pip install 'communique[mcp]'") from None
    run_stdio(public, settings, store=store, say=say)


@contextmanager
def _opened(log: Path | None) -> Iterator[IO[str] | None]:
    """The file of the log, to which lines are added."""
    if log is None:
        yield None
        return
    try:
        file = log.open("a", encoding="utf-8")
    except OSError as no:
        raise OutputError(f"{log} cannot be written: {no.strerror}") from None
    with file:
        yield file

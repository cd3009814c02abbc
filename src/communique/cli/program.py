"""What all commands share: the program, its options, its output and its exit codes.

Exit codes: 0 = success, 1 = the data has findings of severity violation, 2 = the command could not be carried out.
Heavy libraries are imported only by the commands that need them: ``--help`` loads neither RDF nor SHACL libraries.
So is the module of a command, unless all commands are listed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, TypeVar

import typer
from typer.core import TyperGroup
from typer.main import get_command_from_info

from communique.cli.streams import sentence_of, settle_streams, silence
from communique.errors import CommuniqueError, OutputError, StoppedError, hint
from communique.findings import FORMATS as FINDINGS
from communique.visible import visible

if TYPE_CHECKING:
    from typer._click import Command, Context, HelpFormatter

    from communique.api import Newsroom

GROUPS: Final = {
    "Write": {"init": "beginning", "new": "beginning", "keys": "keys", "check": "data"},
    "Publish": {
        "build": "publication",
        "verify": "publication",
        "serve": "serving",
        "embed": "embed",
        "export": "data",
    },
    "Ask": {"query": "stores", "load": "stores", "export-queries": "queries"},
}
"""The commands as the help groups them, in its order, and the module of `communique.cli` that holds each."""
COMMANDS: Final = {name: module for group in GROUPS.values() for name, module in group.items()}


class _Commands(TyperGroup):
    """All commands; each is made when it is asked for, from what its module registers in `app`."""

    def list_commands(self, ctx: Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name not in COMMANDS:
            self.commands.update(dict.fromkeys(COMMANDS, self))  # so that the nearest is suggested
            return None
        callback = resolve_name(f"communique.cli.{COMMANDS[cmd_name]}:{cmd_name.replace('-', '_')}")
        info = next(info for info in app.registered_commands if info.callback is callback)
        return get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands by group, each with its whole summary."""
        widest = max(map(len, COMMANDS))
        for title, names in GROUPS.items():
            found = [(name.ljust(widest), self.get_command(ctx, name)) for name in names]
            with formatter.section(title):
                formatter.write_dl([(name, one.get_short_help_str(_WHOLE)) for name, one in found if one])


app = typer.Typer(
    cls=_Commands,
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,  # Rich in help triples the time to start
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)

T = TypeVar("T")

_WHOLE: Final = 1_000
"""Characters of a summary in the help: it is wrapped, and never cut."""
INTERRUPTED = 130
"""The exit code of a command that was interrupted with Ctrl-C."""


class ReportFormat(StrEnum):
    """How the outcome of a command is reported."""

    TEXT = "text"
    JSON = "json"


def format_option(names: Iterable[str], text: str) -> Any:
    """An option ``--format`` that accepts these names, shown in this order; ``text`` is its help."""
    known = tuple(names)

    def read(word: str) -> str:
        if word not in known:
            raise typer.BadParameter(f"unknown format {word!r}, {hint(word, known)}")
        return word

    return typer.Option("--format", parser=read, metavar=f"<{'|'.join(known)}>", help=text)


FindingsOption = Annotated[str, format_option(FINDINGS, "How to show findings.")]
DEFAULT_FINDINGS = next(iter(FINDINGS))
"""The default format of findings."""


def is_address(text: str) -> bool:
    """Whether a text is meant as an address, and not as the path of a folder on this machine.

    >>> is_address("s3://bucket/data"), is_address("data"), is_address("./a:/b")
    (True, False, False)
    """
    return "://" in text


def _read_folder(word: str | Path) -> Path:
    """The folder that an option names; its default comes as a path."""
    if is_address(str(word)):
        raise typer.BadParameter("only build reads data at an address: give a folder")
    return Path(word)


Data = Annotated[Path, typer.Option("--data", help="The newsroom's data folder.", metavar="DIR", parser=_read_folder)]
Timeout = Annotated[float, typer.Option("--timeout", help="Most seconds that one query may take.", min=0.001)]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only findings, results and errors.")]
Slugs = Annotated[list[str] | None, typer.Argument(help="Names of releases; default: all.", metavar="[SLUG]...")]


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    gc.set_threshold(200_000, 50, 100)  # quads form no cycles: searching for some took a tenth of the time of check
    settle_streams()
    try:
        code = app(standalone_mode=False)
        sys.stdout.flush()
    except StoppedError as no:
        _fail(str(no), INTERRUPTED)
    except CommuniqueError as no:
        _fail(str(no))
    except BrokenPipeError:  # the reader has had enough, as with | head
        silence(sys.stdout)
        code = 0
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:
        if _is_usage(error):
            _fail_usage(error)
        if os.environ.get("COMMUNIQUE_DEBUG"):
            raise
        if isinstance(error, OSError):
            _fail(sentence_of(error))
        _fail(f"{type(error).__name__}: {error} (this is a bug; COMMUNIQUE_DEBUG=1 shows where)")
    if code == INTERRUPTED:  # Typer returns this code for Ctrl-C and prints nothing
        _fail("interrupted; nothing was changed", INTERRUPTED)
    gc.freeze()  # what is left need not be searched for cycles, which took a sixth of the time of check
    sys.exit(code if isinstance(code, int) else 0)


def _is_usage(error: Exception) -> bool:
    """Whether an error is a usage error (duck typing: Typer has its own copy of Click's exceptions)."""
    return callable(getattr(error, "format_message", None))


def _fail_usage(error: Any) -> NoReturn:
    message = error.format_message().rstrip(".")
    ctx = getattr(error, "ctx", None)
    if message.startswith("Usage:"):  # no command was given, and the message is the help
        say(message)
        sys.exit(2)
    _fail(f"{message} (see {ctx.command_path} --help)" if ctx is not None else message)


def _fail(sentence: str, code: int = 2) -> NoReturn:
    say(f"communique: {sentence}")
    sys.exit(code)


def say(text: str, quiet: bool = False) -> None:
    """Print a message for the user on standard error."""
    if not quiet:
        with contextlib.suppress(OSError, ValueError):  # nobody reads it, but the exit code is still right
            print(visible(text), file=sys.stderr, flush=True)  # noqa: T201


def write(text: str | bytes) -> None:
    """Write the output of a command to standard output: unchanged to a file or pipe, with escapes to a terminal."""
    if sys.stdout.isatty():
        text = visible(text if isinstance(text, str) else text.decode("utf-8", "surrogateescape"))
    data = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    if not data:
        return
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"standard output cannot be written: {error.strerror}") from error


def open_data(data: Path, *, keep: bool = False) -> Newsroom:
    """The newsroom in a data folder; with ``keep``, its store is kept beside it."""
    from communique.api import open_newsroom

    return open_newsroom(data, keep=keep)


def program_version() -> str:
    """The version of this program."""
    from communique import __version__

    return __version__


def progress(
    items: Iterable[T],
    label: str,
    total: int | None = None,
    *,
    note: Callable[[], str] = str,
    quiet: bool = False,
) -> Iterator[T]:
    """The same items; if standard error is a terminal, with a progress bar that also shows the ``note``."""
    if quiet or not sys.stderr.isatty():
        yield from items
        return
    from rich import progress as bars
    from rich.console import Console  # only a terminal needs it

    columns = [bars.SpinnerColumn(), bars.TextColumn(label), bars.BarColumn(bar_width=None), bars.MofNCompleteColumn()]
    columns += [bars.TimeElapsedColumn(), bars.TextColumn("{task.fields[pace]}")]
    with bars.Progress(*columns, console=Console(stderr=True), transient=True, expand=True) as bar:
        task, begin = bar.add_task(label, total=total, pace=""), time.monotonic()
        for done, item in enumerate(items, 1):
            yield item
            pace = describe_pace(done, total, time.monotonic() - begin)
            bar.update(task, advance=1, pace=", ".join(filter(None, [pace, note()])))


def describe_pace(done: int, total: int | None, seconds: float) -> str:
    """How many items were done in each second, and how long the others take if it goes on like this.

    >>> describe_pace(50, 200, 10.0), describe_pace(3000, None, 1.5), describe_pace(1, 3, 8.0)
    ('5/s, 0:00:30 left', '2,000/s', '0.1/s, 0:00:16 left')
    """
    rate = done / max(seconds, 1e-3)
    shown = f"{rate:,.0f}/s" if rate >= 1 else f"{rate:.1g}/s"
    left = timedelta(seconds=round(max(total - done, 0) / rate)) if total else None
    return shown if left is None else f"{shown}, {left} left"


def _print_version(wanted: bool) -> None:
    if wanted:
        write(f"communique {program_version()}\n")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Press releases as linked data: every fact tied to the words that say it.

    Example: communique build --out public
    """

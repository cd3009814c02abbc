"""Work in a process of its own, which can be ended at any moment: what runs inside a query engine cannot be.

The process ends with its parent, whatever ended that one, and never outlives a request that took too long.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection, Pipe
from types import TracebackType
from typing import Any, Final

from communique.errors import CommuniqueError

SECONDS: Final = 60.0
"""How long one canned question may take if nothing else is said."""

_GRACE: Final = 5.0
"""Seconds that a process which hung up gets to be gone, and the system to clear away one that was killed."""


class TooLongError(CommuniqueError):
    """A request took longer than it may."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"took longer than {seconds:g} s and was ended")

    def __reduce__(self) -> tuple[type[TooLongError], tuple[float]]:
        return TooLongError, (self.seconds,)


class Apart:
    """Answers requests one after the other, in a process that starts with the first one.

    ``setup(*arguments)`` is called there once, without a limit, and what it returns for each request, for ``seconds``
    at most. All that is handed over, there and back, must be what `pickle` takes. Use it as a context manager, or
    `close` it.

    >>> from operator import methodcaller
    >>> with Apart(methodcaller, "upper", seconds=60) as apart:
    ...     apart.ask("words")
    'WORDS'
    """

    def __init__(self, setup: Callable[..., Callable[..., Any]], *arguments: Any, seconds: float) -> None:
        self.seconds = seconds
        self._setup = (setup, arguments)
        self._process: _Process | None = None

    def ask(self, *request: Any) -> Any:
        """The answer to a request, as if it had been made here: what it raises there is raised here.

        Raises `TooLongError` if there is none after ``seconds``; the next request starts a new process.
        """
        try:
            if self._process is None:
                self._process = _Process()
                worked, answer = self._process.ask(self._setup, None)
                if not worked:
                    raise answer
            worked, answer = self._process.ask(request, self.seconds)
        except BaseException:  # too long, or interrupted: whatever it is doing, nobody waits for it
            self.close()
            raise
        if worked:
            return answer
        raise answer

    def close(self) -> None:
        """End the process at once."""
        if self._process is not None:
            self._process.end()
            self._process = None

    def __enter__(self) -> Apart:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class _Process:
    """A Python that runs `serve`, and the two lines to it: requests, and one that breaks when this process is gone."""

    def __init__(self) -> None:
        self.line, theirs = Pipe()
        read, self.life = os.pipe()
        ours = f"from communique.apart import serve; serve({theirs.fileno()}, {read})"
        # -P: no module of the current folder is taken for ours. A group of its own: Ctrl-C, which a terminal sends to
        # all of a group, is for the parent, who ends this one.
        command = [sys.executable, "-P", "-c", ours]
        self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(), read), process_group=0)
        theirs.close()
        os.close(read)
        self.line.send(list(sys.path))  # before anything whose modules are sought there

    def ask(self, request: tuple[Any, ...], seconds: float | None) -> Any:
        """Whether it worked, and the answer or the error."""
        try:
            self.line.send(request)
            if not self.line.poll(seconds):
                raise TooLongError(seconds or 0)
            return self.line.recv()
        except (EOFError, ConnectionError):
            code = self.end(_GRACE)
            how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
            raise CommuniqueError(f"a process of this program was ended {how}: is memory short?") from None

    def end(self, patience: float = 0) -> int:
        """End it, after as many seconds in which it may end by itself; its exit code."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.process.kill()
        code = self.process.wait(_GRACE)
        if not self.line.closed:
            self.line.close()
            os.close(self.life)
        return code


def serve(line: int, life: int) -> None:
    """Answer what comes in over the file descriptor ``line``, until it or ``life`` is closed at the other end."""
    threading.Thread(target=_end_with_parent, args=(life,), daemon=True).start()
    connection = Connection(line)
    with contextlib.suppress(EOFError, ConnectionError):  # nobody asks any more
        sys.path[:] = connection.recv()
        setup, arguments = connection.recv()
        answer = _told(setup, *arguments)
        connection.send((answer[0], None if answer[0] else answer[1]))
        while answer[0]:
            connection.send(_told(answer[1], *connection.recv()))


def _told(work: Callable[..., Any], *request: Any) -> tuple[bool, Any]:
    try:
        return True, work(*request)
    except Exception as error:  # whatever it is, it belongs to who asked
        return False, _portable(error)


def _portable(error: Exception) -> Exception:
    """The error, with its trace as a note if it is a bug, or one of the same words where it cannot be handed over."""
    if not isinstance(error, CommuniqueError):
        error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # pickle raises whatever the classes in it raise
        kind = CommuniqueError if isinstance(error, CommuniqueError) else RuntimeError
        return kind(str(error))
    return error


def _end_with_parent(life: int) -> None:
    os.read(life, 1)  # nothing is ever written: it comes back when the other end is gone
    os._exit(1)

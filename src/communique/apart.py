"""Runs work in a separate process that can be ended at any moment, which a query inside an engine cannot.

The process ends when its parent ends, for whatever reason, and when a request takes too long.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from communique.errors import CommuniqueError

if TYPE_CHECKING:
    import socket
    import subprocess
    from multiprocessing.connection import Connection
    from types import TracebackType

SECONDS: Final = 60.0
"""How long one canned question may take by default; the help of commands shows it, so this module imports little."""

_GRACE: Final = 5.0
"""Seconds to wait for a process that has closed its connection to exit, or for a killed one to be gone."""


class TooLongError(CommuniqueError):
    """A request took longer than allowed (``seconds``)."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"took longer than {seconds:g} s and was ended")

    def __reduce__(self) -> tuple[type[TooLongError], tuple[float]]:
        return TooLongError, (self.seconds,)


class EndedError(CommuniqueError):
    """The process of a request ended before it answered; ``how`` says by which signal or with which exit code."""

    def __init__(self, how: str) -> None:
        self.how = how
        super().__init__(f"a process of this program was ended {how}: is memory short?")

    def __reduce__(self) -> tuple[type[EndedError], tuple[str]]:
        return EndedError, (self.how,)


class Apart:
    """Answers requests one after the other in a separate process, which is started by the first request.

    ``setup(*arguments)`` is called once in that process, without a time limit; it returns a function that is called for
    each request, for at most ``seconds`` (None: any time). Everything passed to or from the process must be picklable.
    Both run with a stack of ``stack`` bytes (0: what the system gives). Use it as a context manager, or `close` it.

    >>> from operator import methodcaller
    >>> with Apart(methodcaller, "upper", seconds=60) as apart:
    ...     apart.ask("words")
    'WORDS'
    """

    def __init__(
        self, setup: Callable[..., Callable[..., Any]], *arguments: Any, seconds: float | None, stack: int = 0
    ) -> None:
        self.seconds = seconds
        self._setup = (setup, arguments)
        self._stack = stack
        self._process: _Process | None = None

    def ask(self, *request: Any) -> Any:
        """The answer to a request; an error raised in the other process is raised here.

        Raises `TooLongError` if there is no answer after ``seconds`` and `EndedError` if the process dies; the next
        request starts a new process.
        """
        self.start()
        succeeded, answer = self._ask(request, self.seconds)
        if succeeded:
            return answer
        raise answer

    def start(self) -> None:
        """Start the process and call ``setup`` in it, if none is running; raises what ``setup`` raises there."""
        if self._process is None:
            self._process = _Process(self._stack)
            succeeded, answer = self._ask(self._setup, None)
            if not succeeded:
                self.close()
                raise answer

    def _ask(self, request: tuple[Any, ...], seconds: float | None) -> Any:
        assert self._process is not None  # `start` was called
        try:
            return self._process.ask(request, seconds)
        except BaseException:  # it took too long or was interrupted: nobody waits for the answer any more
            self.close()
            raise

    def send(self, *request: Any) -> None:
        """Send a request to a process that is running, for an event loop: `receive` when `fileno` can be read.

        Raises EOFError or OSError if the process has ended; nothing is closed or started.
        """
        self._line.send(request)

    def receive(self) -> tuple[bool, Any]:
        """Whether the request sent by `send` succeeded, and the answer or the error.

        Raises EOFError or OSError if the process has ended; nothing is closed or started.
        """
        succeeded, answer = self._line.recv()
        return succeeded, answer

    def fileno(self) -> int:
        """The file descriptor that can be read as soon as an answer comes, or the process has ended.

        Raises EOFError or OSError if it has been closed.
        """
        return self._line.fileno()

    @property
    def _line(self) -> Connection:
        if self._process is None:
            raise EOFError
        return self._process.line

    @property
    def is_running(self) -> bool:
        """Whether there is a process that waits for requests."""
        return self._process is not None and self._process.process.poll() is None

    def kill(self) -> None:
        """Kill the process from another thread than the one that asks it, which gets an `EndedError`."""
        process = self._process
        if process is not None:
            process.process.kill()

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
    """A Python process that runs `serve`, and two connections to it.

    ``line`` carries requests and answers. ``life`` is a pipe without content: it is closed when this process ends.
    A thread waits for the end of the other process, and then ends the line: nobody here waits for a dead process, even
    if a process that it has started holds the other end of the line open.
    """

    def __init__(self, stack: int) -> None:
        import socket
        import subprocess
        import threading
        from multiprocessing.connection import Connection

        ours, theirs = socket.socketpair()
        self.line = Connection(os.dup(ours.fileno()))
        read, self.life = os.pipe()
        program = f"from communique.apart import serve; serve({theirs.fileno()}, {read}, {stack})"
        # -P keeps modules in the current folder from being imported instead of ours. In a process group of its own, it
        # does not get the Ctrl-C that a terminal sends to the whole group: the parent ends it.
        command = [sys.executable, "-P", "-c", program]
        self.process = subprocess.Popen(command, pass_fds=(theirs.fileno(), read), process_group=0)
        theirs.close()
        os.close(read)
        self._waiting = threading.Thread(target=_hang_up_after, args=(self.process, ours), daemon=True)
        self._waiting.start()
        with contextlib.suppress(ConnectionError):  # it has died already: the first request notices
            self.line.send(list(sys.path))  # before anything that is imported from there

    def ask(self, request: tuple[Any, ...], seconds: float | None) -> Any:
        """Whether the request succeeded, and the answer or the error."""
        try:
            self.line.send(request)
            if not self.line.poll(seconds):
                raise TooLongError(seconds or 0)
            return self.line.recv()
        except (EOFError, OSError):  # also in the middle of an answer
            code = self.end(_GRACE)
            how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
            raise EndedError(how) from None

    def end(self, patience: float = 0) -> int:
        """Wait ``patience`` seconds for the process to exit by itself, then kill it; gives its exit code."""
        self._waiting.join(patience)
        self.process.kill()
        self._waiting.join(_GRACE)
        code = self.process.wait(_GRACE)
        if not self.line.closed:
            self.line.close()
            os.close(self.life)
        return code


def _hang_up_after(process: subprocess.Popen[bytes], line: socket.socket) -> None:
    """Wait for the end of a process, then end the line to it; what it has sent before can still be received."""
    from socket import SHUT_RDWR

    process.wait()
    with line, contextlib.suppress(OSError):  # the other end may be closed
        line.shutdown(SHUT_RDWR)


def serve(line: int, life: int, stack: int) -> None:
    """Answer the requests on the file descriptor ``line`` until it or ``life`` is closed at the other end."""
    import threading

    threading.Thread(target=_end_with_parent, args=(life,), daemon=True).start()
    if stack:
        default = threading.stack_size(stack)
        answering = threading.Thread(target=_answer, args=(line,))
        answering.start()
        threading.stack_size(default)
        answering.join()
    else:
        _answer(line)


def _answer(line: int) -> None:
    """Answer the requests on a file descriptor until it is closed at the other end."""
    from multiprocessing.connection import Connection

    connection = Connection(line)
    with contextlib.suppress(EOFError, OSError):  # the parent has closed the connection, or died as it sent something
        sys.path[:] = connection.recv()
        setup, arguments = connection.recv()
        succeeded, work = _call(setup, *arguments)
        connection.send((succeeded, None if succeeded else work))
        while succeeded:
            connection.send(_call(work, *connection.recv()))


def _call(work: Callable[..., Any], *request: Any) -> tuple[bool, Any]:
    """Whether a call succeeded, and its result or its error."""
    try:
        return True, work(*request)
    except Exception as error:  # any error is raised again in the process that asked
        return False, _picklable(error)


def _picklable(error: Exception) -> Exception:
    """The error, or one with the same message if it cannot be pickled; a bug gets its traceback as a note."""
    import pickle
    import traceback

    if not isinstance(error, CommuniqueError):
        error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:  # pickling may raise anything that the classes of the error raise
        kind = CommuniqueError if isinstance(error, CommuniqueError) else RuntimeError
        return kind(str(error))
    return error


def _end_with_parent(life: int) -> None:
    os.read(life, 1)  # nothing is ever written to it: this returns when the other end is closed
    os._exit(1)

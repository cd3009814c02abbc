"""Work in a separate process: limited in time, interrupted at once, ended with its parent."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from communique.apart import Apart, TooLongError
from communique.api import open_newsroom
from communique.errors import CommuniqueError, OutputError, QueryError
from communique.publish.build import build
from communique.query.catalogue import Catalogue
from communique.store.apart import StoreApart
from communique.store.embedded import open_embedded
from tests.conftest import ROOT

ENDLESS = (
    "SELECT (COUNT(*) AS ?n) WHERE { "
    + " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(400)))} }}" for i in range(5))
    + " }"
)
"""A query that no engine finishes in a lifetime: it counts 400 to the power of 5 rows, whatever the data."""


class OddError(CommuniqueError):
    """An error that cannot be constructed from its message alone."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} is not {two}")


def working(start: int) -> Callable[..., Any]:
    """The function that `Apart` calls in the other process; the first word says what to do."""
    total = [start]

    def work(what: str, *rest: Any) -> Any:
        total[0] += 1
        if what == "count":
            return total[0]
        if what == "wrong":
            raise QueryError("a wrong question")
        if what == "odd":
            raise OddError(1, 2)
        if what == "bug":
            return rest[5]
        if what == "die":
            os._exit(7)
        if what == "wait":
            time.sleep(600)
        return os.getpid()

    return work


def broken() -> Callable[..., Any]:
    raise QueryError("it cannot begin")


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text() if Path("/proc").is_dir() else False


def wait_for(event: Callable[[], bool]) -> None:
    for _ in range(3000):
        if event():
            return
        time.sleep(0.01)
    pytest.fail("it did not happen")


def test_one_process_answers_all_requests() -> None:
    with Apart(working, 10, seconds=60) as apart:
        assert [apart.ask("count") for _ in range(3)] == [11, 12, 13]
        pid = apart.ask("pid")
        assert pid not in (os.getpid(), None)
        assert os.getpgid(pid) != os.getpgid(0)  # a terminal sends Ctrl-C to a whole group
    wait_for(lambda: gone(pid))


def test_its_errors_are_raised_here_and_the_next_request_is_answered() -> None:
    with Apart(working, 0, seconds=60) as apart:
        with pytest.raises(QueryError, match=r"^a wrong question$"):
            apart.ask("wrong")
        with pytest.raises(CommuniqueError, match=r"^1 is not 2$"):
            apart.ask("odd")
        with pytest.raises(IndexError) as caught:
            apart.ask("bug")
        assert "return rest[5]" in "".join(caught.value.__notes__)
        assert apart.ask("count") == 4


def test_what_cannot_begin_says_why() -> None:
    with Apart(broken, seconds=60) as apart:
        for _ in range(2):
            with pytest.raises(QueryError, match=r"^it cannot begin$"):
                apart.ask()


def test_a_request_that_takes_too_long_is_ended_and_the_next_one_starts_anew() -> None:
    with Apart(working, 0, seconds=60) as apart:
        pid = apart.ask("pid")
        apart.seconds = 0.2
        with pytest.raises(TooLongError, match=r"^took longer than 0\.2 s and was ended$"):
            apart.ask("wait")
        wait_for(lambda: gone(pid))
        apart.seconds = 60
        assert apart.ask("count") == 1


def test_the_limit_does_not_hold_for_the_start() -> None:
    with Apart(_slow_start, seconds=0.05) as apart:
        assert apart.ask() == "awake"


def _slow_start() -> Callable[..., Any]:
    time.sleep(0.3)
    return lambda: "awake"


@pytest.mark.slow
def test_a_process_that_dies_is_one_sentence() -> None:
    with Apart(working, 0, seconds=60) as apart:
        with pytest.raises(
            CommuniqueError, match=r"^a process of this program was ended with exit code 7: is memory short\?$"
        ):
            apart.ask("die")
        os.kill(apart.ask("pid"), signal.SIGKILL)
        with pytest.raises(CommuniqueError, match="ended by signal 9"):
            apart.ask("count")
        assert apart.ask("count") == 1


def test_a_module_of_the_current_folder_is_not_taken_for_one_of_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("raise SystemExit('taken')\n")
    monkeypatch.chdir(tmp_path)
    with Apart(working, 0, seconds=60) as apart:
        assert apart.ask("count") == 1


def test_an_endless_query_inside_the_engine_is_ended(tmp_path: Path) -> None:
    with open_embedded(tmp_path / "store"):
        pass
    with StoreApart(tmp_path / "store", 0.3) as store:
        with pytest.raises(TooLongError):
            store.query(ENDLESS)
        assert store.query("SELECT (1 AS ?n) WHERE {}").rows[0][0].value == "1"  # type: ignore[union-attr]
        assert store.construct("CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }") == ()
        with pytest.raises(QueryError, match="only SELECT"):
            store.query("ASK {}")


PARENT = """
import sys
from communique.store.apart import StoreApart
from pathlib import Path
store = StoreApart(Path(sys.argv[1]), 600)
store.query("SELECT (1 AS ?n) WHERE {}")
try:
    print(store._apart._process.process.pid, flush=True)
    store.query(sys.argv[2])
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_process_in_the_middle_of_a_query_ends_with_its_parent(tmp_path: Path, sign: signal.Signals) -> None:
    with open_embedded(tmp_path / "store"):
        pass
    command = [sys.executable, "-c", PARENT, str(tmp_path / "store"), ENDLESS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.send_signal(sign)
        said = parent.stdout.read()
    assert said == ("interrupted\n" if sign is signal.SIGINT else "")
    wait_for(lambda: gone(pid))


def test_requests_may_come_from_any_thread() -> None:
    told: list[int] = []
    with Apart(working, 0, seconds=60) as apart:
        thread = threading.Thread(target=lambda: told.append(apart.ask("count")))
        thread.start()
        thread.join()
        assert [*told, apart.ask("count")] == [1, 2]


# ---- queries of a newsroom's own

HEADER = """\
#+ summary: Counts
#+ question: How many?
#+ description: More than can be counted.
#+ tags: [counts]
#+ audience: analyst
#+ columns:
#+   n: a number
#+ size: one row
"""
ONE_RELEASE = "2018-03-12-wells-report"


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """The data folder of a newsroom with one release and one canned query, which never ends."""
    archive = ROOT / "tests" / "cases" / "archive" / "data"
    data = tmp_path / "data"
    shutil.copytree(archive, data, ignore=shutil.ignore_patterns("20*"))
    shutil.copytree(archive / "releases" / ONE_RELEASE, data / "releases" / ONE_RELEASE)
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "endless.rq").write_text(HEADER + ENDLESS, encoding="utf-8")
    return data


def communique(*words: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "communique", *map(str, words)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_query_is_read_without_being_answered(endless: Path) -> None:
    before = time.process_time()
    assert dict(Catalogue(endless.parent))["endless"].columns[0].name == "n"
    assert time.process_time() - before < 20


def test_an_endless_query_is_one_sentence(endless: Path) -> None:
    asked = communique("query", "endless", "--data", endless, "--timeout", "0.5")
    assert asked.communicate() == (
        "",
        "communique: query 'endless' took longer than 0.5 s and was ended: "
        "ask for less, or for longer with --timeout\n",
    )
    assert asked.returncode == 2


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="only Linux lists the children of a process in /proc")
def test_an_interrupt_ends_a_query_at_once(endless: Path) -> None:
    asked = communique("query", "endless", "--data", endless, "--timeout", "6000")
    try:
        wait_for(lambda: bool(children(asked.pid)))
        (worker,) = children(asked.pid)
        asked.send_signal(signal.SIGINT)
        out, said = asked.communicate(timeout=60)
    finally:
        asked.kill()  # one that the signal does not end would take a core for 6,000 seconds
    assert (asked.returncode, out, said) == (130, "", "communique: interrupted; nothing was changed\n")
    wait_for(lambda: gone(worker))


@pytest.mark.slow
def test_a_build_with_an_endless_query_writes_nothing(endless: Path) -> None:
    out = endless.parent / "public"
    with pytest.raises(OutputError) as caught:
        build(open_newsroom(endless), out, jobs=1, seconds=0.5)
    assert str(caught.value) == (
        "query 'endless' took longer than 0.5 s and was ended; nothing was written: "
        "mend it, or give it longer with --timeout"
    )
    assert sorted(path.name for path in endless.parent.iterdir()) == ["data", "queries"]

"""The quick suite: what it leaves out is known, each marker leaves out something, and none can be forgotten."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import pytest

from tests import engines, markers
from tests.checkout import Checkout
from tests.conftest import ROOT
from tests.markers import MARKERS

RECORD = """
import json, sys
import pytest

class Recorder:
    left_out = []

    def pytest_deselected(self, items):
        self.left_out += items

    def pytest_collection_finish(self, session):
        for name, items in (("chosen", session.items), ("left out", self.left_out)):
            found = {item.nodeid: sorted({mark.name for mark in item.iter_markers()}) for item in items}
            print(f"{name}: {json.dumps(found)}")

raise SystemExit(pytest.main(["--collect-only", "-q", "-p", "no:cacheprovider", *sys.argv[1:]], plugins=[Recorder()]))
"""


def collected(*words: str) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The tests that are chosen and those that are left out, by their ids, each with the names of its markers.

    Doctests are among them.
    """
    done = subprocess.run([sys.executable, "-c", RECORD, *words], cwd=ROOT, capture_output=True, text=True, check=True)
    chosen, left_out = (
        {name: set(marks) for name, marks in json.loads(line.removeprefix(f"{kind}: ")).items()}
        for kind in ("chosen", "left out")
        for line in done.stdout.splitlines()
        if line.startswith(f"{kind}: {{")
    )
    return chosen, left_out


def test_the_markers_are_registered_with_what_they_mean() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    meanings = dict(line.split(": ", 1) for line in settings["markers"])
    assert sorted(meanings) == sorted(MARKERS)
    assert all(len(meaning) > 20 for meaning in meanings.values())


@pytest.mark.slow
def test_the_quick_suite_leaves_out_what_is_marked_and_nothing_else() -> None:
    quick, left_out = collected("-m", " and ".join(f"not {name}" for name in MARKERS))
    whole = quick | left_out
    marked = {name: {test for test, marks in whole.items() if name in marks} for name in MARKERS}
    assert all(marked.values())
    assert quick.keys() == whole.keys() - set().union(*marked.values())
    assert len(quick) > len(whole) / 2
    for name, file in (("browser", "browser"), ("stores", "store_remote"), ("stores", "publish_rules")):
        assert {test for test in marked[name] if test.startswith(f"tests/test_{file}.py::")}
    assert any(test.startswith("src/") for test in quick) and any(test.startswith("docs/") for test in quick)


@pytest.mark.parametrize(("marker", "what"), [("stores", "virtuoso-t"), ("browser", "a browser")])
def test_what_starts_without_its_marker_fails(marker: str, what: str) -> None:
    with pytest.raises(pytest.fail.Exception, match=f"test_markers.py::.* starts {what}: mark it with .*{marker}"):
        markers.must_be_marked(marker, what)


def test_a_server_is_not_started_by_a_test_without_marker(tmp_path) -> None:
    server = engines.Server(["no-such-program"], tmp_path, "http://127.0.0.1:9", "http://127.0.0.1:9")
    with pytest.raises(pytest.fail.Exception, match="starts no-such-program"):
        server.start()
    assert server.process is None
    assert not (tmp_path / "log.txt").exists()
    with pytest.raises(pytest.fail.Exception, match="starts Jena"):
        engines.Jena(tmp_path / "none.nq")


def test_a_browser_is_not_started_by_a_test_without_marker(request: pytest.FixtureRequest) -> None:
    with pytest.raises(pytest.fail.Exception, match="starts a browser"):
        request.getfixturevalue("browser")


@pytest.mark.parametrize(
    ("fixtures", "parameters", "known"),
    [
        (("tmp_path",), ("folder", 3), set()),
        (("tmp_path", "browser"), (), {"browser"}),
        (("server", "browser"), (), {"browser", "stores"}),
        (("jena",), (), {"stores"}),
        ((), ("virtuoso",), {"stores"}),
        ((), (("nginx", "/press/"), 3), {"stores"}),
        ((), (["virtuoso"], {"nginx": 1}), set()),
    ],
)
def test_what_starts_something_is_known_by_fixture_or_parameter(
    fixtures: tuple[str, ...], parameters: tuple[object, ...], known: set[str]
) -> None:
    assert set(markers.markers_of(fixtures, parameters)) == known


def test_what_tests_start_can_be_interrupted_though_the_tests_run_in_the_background() -> None:
    code = "import signal, tests.conftest; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"


@pytest.mark.stores
def test_a_test_with_its_marker_may_start_servers() -> None:
    markers.must_be_marked("stores", "virtuoso-t")
    with pytest.raises(pytest.fail.Exception):
        markers.must_be_marked("browser", "a browser")


def test_nothing_is_marked_where_no_test_runs() -> None:
    (item,) = markers._running_test
    try:
        markers.set_running_test(None)
        markers.must_be_marked("stores", "virtuoso-t")
    finally:
        markers.set_running_test(item)


class Item:
    """What is asked of a test that has run."""

    def __init__(self, *marks: str) -> None:
        self.marks, self.user_properties, self.when, self.nodeid = marks, list[tuple[str, float]](), "call", "a test"

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None


def test_slow_tests_without_a_mark_are_named_the_slowest_first() -> None:
    taken = [(Item(), 0.9), (Item(), 3.1), (Item("stores"), 9.0), (Item("slow"), 9.0), (Item("filterwarnings"), 7.25)]
    for item, seconds in taken:
        markers.note_time(item, seconds)  # type: ignore[arg-type]
    assert markers.unmarked_slow_tests(item for item, _ in taken) == ["   7.2 s a test", "   3.1 s a test"]


def test_the_time_of_a_test_is_that_of_its_processes_too() -> None:
    begin = markers.processor_seconds()
    subprocess.run([sys.executable, "-c", "sum(range(5_000_000))"], check=True)
    assert markers.processor_seconds() - begin > 0.02


@pytest.mark.slow
def test_a_slow_test_is_named_at_the_end_of_a_run(checkout: Checkout) -> None:
    checkout.replace("tests/markers.py", "SLOW = 1.0", "SLOW = 0.05")
    checkout.write(
        "tests/test_made.py", "def test_made():\n    sum(range(5_000_000))\n\n\ndef test_quick():\n    pass\n"
    )
    done = checkout.run("-m", "pytest", "-q", "-n", "1", "-p", "no:cacheprovider", "tests/test_made.py")
    assert " s tests/test_made.py::test_made\n" in done.stdout.split("slow tests without @pytest.mark.slow", 1)[1]
    assert "test_quick" not in done.stdout


def test_the_whole_suite_leaves_nothing_out() -> None:
    for name in (".ci/run", "README.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"pytest[^\n]* (-[mk]|--deselect|--ignore)\b", text), name

"""The commands that ask and fill stores, as a user meets them: a real server, and addresses that are none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import engines
from tests.conftest import ROOT, SLUG
from tests.test_cli import communique

pytestmark = pytest.mark.allow_hosts(engines.LOOPBACK)

ARCHIVE = ROOT / "tests" / "cases" / "archive" / "data"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engines.Server]:
    engines.require("oxigraph-server")
    with engines.running(engines.oxigraph(tmp_path_factory.mktemp("s") / "server")) as started:
        yield started


def test_a_question_is_described() -> None:
    code, out, _ = communique("query", "who-said-what", "--describe")
    assert code == 0
    assert out.startswith("who-said-what\n  Who said what, on whose behalf, and where does the release say so?\n")
    assert "  --person IRI\n      one speaker" in out
    assert "with if left out, such as without" in out
    assert "\n  form          quoted if it stands between quotation marks, else reported\n" in out


def test_what_is_loaded_answers_as_the_data_do(server: engines.Server, tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path)}
    code, _, err = communique("load", "--store", server.url, "--dry-run", env=env)
    assert (code, err.startswith(f"{server.url}: a dry run, as if it were done: graphs: 3 new; triples sent: ")) == (
        0,
        True,
    )
    code, here, _ = communique("query", "speakers", "--format", "csv")
    code, there, _ = communique("query", "speakers", "--format", "csv", "--store", server.url)
    assert (code, there.count("\r\n"), here.count("\r\n")) == (0, 1, 9)  # a dry run loads nothing
    assert communique("load", "--store", server.url, env=env)[0] == 0
    for words in (
        ("speakers",),
        ("who-said-what", "--person", "person/bermet-moldobaeva"),
        ("stated-facts", "--release", SLUG),
    ):
        fmt = "turtle" if words[0] == "stated-facts" else "csv"
        there = communique("query", *words, "--format", fmt, "--store", server.url)[1]
        assert there == communique("query", *words, "--format", fmt)[1]
        assert there.count("\n") >= 3
    code, _, err = communique("load", "--store", server.url, env=env)
    assert (code, err) == (0, f"{server.url}: graphs: 3 same as before; triples sent: 0\n")


def test_a_folder_is_a_store(tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path / "state")}
    store = tmp_path / "store"
    assert communique("load", "--data", ARCHIVE, "--store", store, env=env)[0] == 0
    words = ("query", "contradictions", "--data", ARCHIVE, "--format", "csv")
    assert communique(*words, "--store", store)[1] == communique(*words)[1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("query", "speakers", "--store", "http://127.0.0.1:1"), "http://127.0.0.1:1 cannot be reached"),
        (("load", "--store", "http://127.0.0.1:1"), "http://127.0.0.1:1 cannot be reached"),
        (("query", "speakers", "--store", "no-such-folder"), "no-such-folder"),
    ],
)
def test_a_store_that_is_none_is_told_in_one_sentence(words: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    code, out, err = communique(*words, env={"XDG_STATE_HOME": str(tmp_path)})
    assert (code, out) == (2, "")
    assert expected in err
    assert len(err.strip().splitlines()) == 1

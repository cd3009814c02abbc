"""The commands that query and load stores, as a user sees them: with a real server, and with invalid addresses."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.store.embedded import open_embedded
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
    assert (
        "\n  form          quoted if it stands between quotation marks, reported if the release gives the words" in out
    )


def test_what_is_loaded_answers_as_the_data_do(server: engines.Server, tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path)}
    code, _, err = communique("load", "--store", server.url, "--dry-run", env=env)
    assert (code, err.startswith(f"{server.url}: a dry run, as if it were done: graphs: 5 new; triples sent: ")) == (
        0,
        True,
    )
    code, here, _ = communique("query", "speakers", "--format", "csv")
    code, there, _ = communique("query", "speakers", "--format", "csv", "--store", server.url)
    assert (code, there.count("\r\n"), here.count("\r\n")) == (0, 1, 8)  # a dry run loads nothing
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
    assert (code, err) == (0, f"{server.url}: graphs: 5 same as before; triples sent: 0\n")


def test_a_password_is_in_no_message_and_no_journal(server: engines.Server, tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path)}
    address = server.url.replace("://", "://user:hush-%C3%A9-hush@")
    code, out, err = communique("load", "--store", address, "--dry-run", "--format", "json", env=env)
    assert (code, json.loads(out)["store"]) == (0, server.url)
    _, _, wrong = communique("query", "speakers", "--store", address + "/nowhere/at/all", env=env)
    kept = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert server.url.encode() in kept
    for told in (out.encode(), err.encode(), wrong.encode(), kept):
        assert b"hush" not in told and b"user:" not in told


@pytest.mark.slow
def test_a_folder_is_a_store(tmp_path: Path) -> None:
    env = {"XDG_STATE_HOME": str(tmp_path / "state")}
    store = tmp_path / "store"
    assert communique("load", "--data", ARCHIVE, "--store", store, env=env)[0] == 0
    words = ("query", "contradictions", "--data", ARCHIVE, "--format", "csv")
    assert communique(*words, "--store", store)[1] == communique(*words)[1]


@pytest.mark.stores
def test_a_virtuoso_that_answers_ask_with_a_row_is_a_store(tmp_path: Path) -> None:
    engines.require("virtuoso")
    env = {"XDG_STATE_HOME": str(tmp_path / "state")}
    with engines.running(engines.virtuoso_bare(tmp_path / "v")) as bare:
        reply = urllib.request.urlopen(f"{bare.url}/sparql?query=ASK%7B%7D&format=application/sparql-results%2Bjson")
        with reply:
            assert b"__ASK_RETVAL" in reply.read()
        store = engines.with_user(bare)
        assert communique("load", "--data", ARCHIVE, "--store", store, env=env)[0] == 0
        words = ("query", "contradictions", "--data", ARCHIVE, "--format", "csv")
        there = communique(*words, "--store", bare.url)[1]
        assert (there, there.count("\r\n") > 1) == (communique(*words)[1], True)
        code, _, err = communique("load", "--data", ARCHIVE, "--store", store + "/sparql", "--verify", env=env)
        assert (code, " new" in err, " changed" in err) == (0, False, False), err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("query", "speakers", "--store", "http://127.0.0.1:1"), "http://127.0.0.1:1 cannot be reached"),
        (("load", "--store", "http://127.0.0.1:1"), "http://127.0.0.1:1 cannot be reached"),
        (("query", "speakers", "--store", "no-such-folder"), "no-such-folder"),
        (("load", "--store", ""), "the store has no address: give a folder, or http://… or https://…"),
        (("query", "speakers", "--store", ""), "the store has no address"),
        (("load", "--store", "localhost:7878"), "write http://localhost:7878 (or https)"),
        (("load", "--store", "tests"), "tests holds no store but other files, such as __init__.py"),
        (("load", "--store", "pyproject.toml", "--dry-run"), "pyproject.toml cannot be a store: Not a directory"),
    ],
)
def test_what_is_no_store_is_refused_in_one_sentence(words: tuple[str, ...], expected: str, tmp_path: Path) -> None:
    before = sorted(ROOT.iterdir())
    code, out, err = communique(*words, env={"XDG_STATE_HOME": str(tmp_path)})
    assert sorted(ROOT.iterdir()) == before
    assert (code, out) == (2, "")
    assert expected in err
    assert len(err.strip().splitlines()) == 1


@pytest.mark.slow
def test_a_new_store_is_reported(tmp_path: Path) -> None:
    env, store = {"XDG_STATE_HOME": str(tmp_path / "state")}, tmp_path / "store"
    _, _, err = communique("load", "--data", ARCHIVE, "--store", store, "--dry-run", env=env)
    assert err.splitlines()[0] == f"{store}: a new store would be made there"
    assert not store.exists()
    _, _, err = communique("load", "--data", ARCHIVE, "--store", store, env=env)
    assert err.splitlines()[0] == f"{store}: a new store was made there"
    code, _, err = communique("load", "--data", ARCHIVE, "--store", store, env=env)
    assert (code, err.startswith(f"{store}: graphs: "), len(err.splitlines())) == (0, True, 1)


@pytest.mark.slow
def test_half_a_newsroom_is_not_removed_from_the_store_unasked(tmp_path: Path) -> None:
    env, data, store = {"XDG_STATE_HOME": str(tmp_path / "state")}, tmp_path / "data", tmp_path / "store"
    shutil.copytree(ARCHIVE, data)
    words = ("load", "--data", data, "--store", store)
    assert communique(*words, env=env)[0] == 0
    slugs = sorted(p.name for p in (data / "releases").iterdir())
    for slug in slugs[2:]:
        shutil.rmtree(data / "releases" / slug)
    gone = len(slugs) - 2
    code, out, err = communique(*words, env=env)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert f"which holds {len(slugs)} releases; nothing was sent: give --allow-removals {gone} if that is meant" in err
    code, out, _ = communique(*words, "--dry-run", env=env)
    assert (code, f"refused  without --allow-removals {gone}: too much would be removed\n" in out) == (0, True)
    assert communique(*words, "--allow-removals", str(gone - 1), env=env)[0] == 2
    code, _, err = communique(*words, "--allow-removals", str(gone), "--format", "json", env=env)
    assert code == 0
    left = communique("query", "releases-of-year", "--data", data, "--store", store, "--format", "csv", env=env)
    assert left[0] in (0, 2)


@pytest.mark.slow
def test_a_release_that_cannot_be_read_stays_in_the_store(tmp_path: Path) -> None:
    env, data, store = {"XDG_STATE_HOME": str(tmp_path / "state")}, tmp_path / "data", tmp_path / "store"
    shutil.copytree(ARCHIVE, data)
    words = ("load", "--data", data, "--store", store)
    assert communique(*words, env=env)[0] == 0
    before = open_embedded(store, read_only=True).graphs()
    slug = sorted((data / "releases").iterdir())[0]
    (slug / "record.yaml").unlink()
    (slug / "record.yaml").mkdir()
    code, out, err = communique(*words, "--allow-removals", "99", env=env)
    assert (code, "unreadable-file" in out, "nothing was sent" in err) == (1, True, True)
    assert open_embedded(store, read_only=True).graphs() == before


@pytest.mark.slow
@pytest.mark.parametrize("at", [4, 9])
def test_an_interrupted_load_says_how_to_resume(at: int, tmp_path: Path) -> None:
    """Send a real signal when a certain graph is sent."""
    program = f"""
import os, signal, sys
from communique.store.journal import Journal
begin, calls = Journal.begin, []
def interrupt(self, *words):
    calls.append(1)
    if len(calls) == {at}:
        os.kill(os.getpid(), signal.SIGINT)
    begin(self, *words)
Journal.begin = interrupt
sys.argv[0] = "communique"
from communique.cli import main
main()
"""
    store, env = tmp_path / "store", {**os.environ, "XDG_STATE_HOME": str(tmp_path / "state")}
    words = ["load", "--data", str(ARCHIVE), "--store", str(store), "--quiet", "-j", "1"]
    done = subprocess.run([sys.executable, "-c", program, *words], cwd=ROOT, env=env, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (130, b"")
    told = re.fullmatch(
        r"communique: interrupted; (\d+) graphs are loaded and verified: the same command goes on from there\n",
        done.stderr.decode(),
    )
    assert told is not None, done.stderr.decode()
    loaded = len(open_embedded(store, read_only=True).graphs())
    assert at <= int(told[1]) <= loaded <= at + 3  # what was under way came to its end, and is counted
    code, _, err = communique(*words[:-3], env={"XDG_STATE_HOME": str(tmp_path / "state")})
    assert (code, f" {loaded} same as before; " in err) == (0, True), err

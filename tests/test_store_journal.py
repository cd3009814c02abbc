"""The journal of loads: what is known survives a crash at any byte."""

import json

import pytest

from communique.errors import StoreError
from communique.store.journal import Journal, journal_path

G, H = "https://e/g", "https://e/h"


def test_what_was_verified_is_known_the_next_time(tmp_path):
    with Journal(tmp_path / "j.jsonl", {"store": "s"}) as journal:
        journal.begin(G, "1", 5)
        journal.end(G, "1", 5)
        journal.begin(H, "2", 5)
        assert (journal.hash_of(G), journal.hash_of(H), journal.is_ours(H)) == ("1", None, True)
    with Journal(tmp_path / "j.jsonl", {"store": "s"}) as journal:
        assert (journal.hash_of(G), journal.hash_of(H), journal.is_ours(H)) == ("1", None, True)
        journal.forget(G)
        journal.end(H, "2", 5)
    with Journal(tmp_path / "j.jsonl", {"store": "s"}) as journal:
        assert (journal.is_ours(G), journal.hash_of(H)) == (False, "2")


def test_each_beginning_is_on_disk_before_the_graph_is_sent(tmp_path):
    with Journal(tmp_path / "j.jsonl", {"store": "s"}) as journal:
        journal.begin(G, "1", 5)
        lines = [json.loads(line) for line in (tmp_path / "j.jsonl").read_text().splitlines()]
    assert lines == [{"store": "s"}, {"state": "sending", "graph": G, "hash": "1", "triples": 5}]


def test_a_journal_cut_anywhere_is_read(tmp_path):
    with Journal(tmp_path / "j.jsonl", {"store": "s"}) as journal:
        for digest in ("1", "2"):
            journal.begin(G, digest, 5)
            journal.end(G, digest, 5)
    whole = (tmp_path / "j.jsonl").read_bytes()
    for length in range(len(whole)):
        (tmp_path / "j.jsonl").write_bytes(whole[:length])
        with Journal(tmp_path / "j.jsonl", {"store": "s"}) as journal:
            complete = whole[:length].count(b"}")
            assert journal.hash_of(G) == {3: "1", 5: "2"}.get(complete)


def test_two_loads_into_one_store_are_refused(tmp_path):
    with (
        Journal(tmp_path / "j.jsonl", {}),
        pytest.raises(StoreError, match="another load into this store is under way"),
    ):
        Journal(tmp_path / "j.jsonl", {})


def test_a_journal_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="the journal cannot be written"):
        Journal(tmp_path / "file" / "j.jsonl", {})


def test_each_store_and_newsroom_has_a_journal_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    paths = {journal_path(s, b) for s in ("http://a", "http://b") for b in ("https://x/", "https://y/")}
    assert len(paths) == 4
    assert {p.parent for p in paths} == {tmp_path / "communique"}

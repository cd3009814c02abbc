"""The manifest proves that a publication is whole and unchanged, or says in a sentence what is not."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from communique.errors import OutputError
from communique.export.canonical import graph_hash
from communique.publish.manifest import (
    artefact_hashes,
    build_manifest,
    is_publication,
    render_manifest,
    verify,
    write_manifest,
)

GRAPH = "https://w3id.org/communique/id/graph/"


def quad(graph: str, value: str = "x") -> ox.Quad:
    subject, predicate = ox.NamedNode("https://example.org/s"), ox.NamedNode("http://schema.org/name")
    return ox.Quad(subject, predicate, ox.Literal(value), ox.NamedNode(GRAPH + graph))


QUADS = [quad("a", "one"), quad("a", "two"), quad("b", "one")]
HASHES = {GRAPH + "a": graph_hash(QUADS[:2]), GRAPH + "b": graph_hash(QUADS[2:])}


@pytest.fixture
def public(tmp_path: Path) -> Path:
    root = tmp_path / "public"
    (root / "release" / "x").mkdir(parents=True)
    (root / "index.html").write_text("hello")
    (root / "release/x/source.txt").write_text("words")
    ox.serialize(QUADS, str(root / "dataset.nq"), ox.RdfFormat.N_QUADS)
    seal(root)
    return root


def seal(root: Path, **more: Any) -> None:
    graphs = more.pop("graphs", HASHES)
    write_manifest(
        root, build_manifest(root, graphs=graphs, counts={"triples": 3}, versions={"communique": "0"}, **more)
    )


def manifest(root: Path) -> Any:
    return json.loads((root / "manifest.json").read_text())


def change(root: Path, **tables: Any) -> None:
    (root / "manifest.json").write_bytes(render_manifest(manifest(root) | tables))


def test_an_untouched_publication_has_no_problem(public):
    assert verify(public) == ()
    assert is_publication(public)


def test_the_manifest_names_every_file_but_itself(public):
    words = hashlib.sha256(b"words").hexdigest()
    assert sorted(manifest(public)["files"]) == ["dataset.nq", "index.html", "release/x/source.txt"]
    assert manifest(public)["files"]["release/x/source.txt"] == {"sha256": words, "size": 5}


def test_the_same_publication_gives_the_same_manifest(public):
    before = (public / "manifest.json").read_bytes()
    seal(public)
    assert (public / "manifest.json").read_bytes() == before


def test_a_missing_file_is_named(public):
    (public / "index.html").unlink()
    assert verify(public) == ("index.html is missing",)


def test_a_file_of_another_size_is_named(public):
    (public / "index.html").write_text("hello!")
    assert verify(public) == ("index.html was changed: it has 6 bytes, not 5",)


def test_a_file_of_the_same_size_with_other_words_is_named(public):
    (public / "index.html").write_text("HELLO")
    assert verify(public) == ("index.html was changed: same size, other content",)


@pytest.mark.parametrize("name", ["extra.html", ".hidden", "release/x/.index.html.swp"])
def test_a_file_too_many_is_named_hidden_or_not(public, name):
    (public / name).write_text("")
    assert verify(public) == (f"{name} does not belong to the publication: the manifest does not name it",)


def test_a_link_in_the_place_of_a_file_is_named_and_not_followed(public, tmp_path):
    (tmp_path / "secret").write_text("hello")
    (public / "index.html").unlink()
    (public / "index.html").symlink_to(tmp_path / "secret")
    assert verify(public) == ("index.html is a link: a publication has none",)


def test_a_link_in_the_place_of_a_folder_is_named_and_not_followed(public, tmp_path):
    (public / "release/x").rename(tmp_path / "x")
    (public / "release/x").symlink_to(tmp_path / "x")
    assert verify(public) == (
        "release/x/source.txt is missing",
        "release/x is a link: a publication has none",
    )


def test_a_pipe_is_named_and_not_opened(public):
    os.mkfifo(public / "pipe")
    assert verify(public) == ("pipe is a pipe, a socket or a device: a publication has only files",)


@pytest.mark.parametrize("name", ["index.html", "dataset.nq"])
def test_a_pipe_in_the_place_of_a_listed_file_is_named_and_not_opened(public, name):
    (public / name).unlink()
    os.mkfifo(public / name)
    assert f"{name} is a pipe, a socket or a device: a publication has only files" in verify(public)


def test_a_folder_in_the_place_of_a_listed_file_is_named(public):
    (public / "index.html").unlink()
    (public / "index.html").mkdir()
    assert verify(public) == ("index.html is missing",)


@pytest.mark.parametrize(
    "path", ["../secret", "/etc/hostname", "release/../../secret", "a//b", "./index.html", "..\\x", ""]
)
def test_a_path_that_leads_outside_is_a_problem_and_not_followed(public, tmp_path, path):
    (tmp_path / "secret").write_text("hello")
    files = manifest(public)["files"]
    change(public, files=files | {path: files["index.html"]})
    assert verify(public) == (f"the manifest names a path outside the publication: {path!r}",)


def test_a_name_that_would_upset_a_terminal_is_escaped(public):
    change(public, files=manifest(public)["files"] | {"a\x1b[2J\n": {}}, graphs=HASHES | {"\r": ""})
    assert verify(public) == (r"'a\x1b[2J\n' is missing", r"dataset.nq lacks the graph '\r'")


def test_an_entry_that_says_nothing_is_a_problem(public):
    change(public, files=manifest(public)["files"] | {"index.html": 5})
    assert verify(public) == ("the manifest says neither size nor hash of index.html",)


def test_a_graph_that_is_not_what_the_manifest_says_is_named(public):
    change(public, graphs=HASHES | {GRAPH + "b": "0" * 64})
    assert verify(public) == (f"the graph {GRAPH}b is not what the manifest says",)


def test_a_graph_too_many_and_one_too_few_are_named(public):
    change(public, graphs={GRAPH + "a": HASHES[GRAPH + "a"], GRAPH + "c": "0" * 64})
    assert verify(public) == (
        f"dataset.nq holds a graph that the manifest does not name: {GRAPH}b",
        f"dataset.nq lacks the graph {GRAPH}c",
    )


def test_a_dump_that_is_not_sorted_is_named(public):
    ox.serialize([QUADS[0], QUADS[2], QUADS[1]], str(public / "dataset.nq"), ox.RdfFormat.N_QUADS)
    seal(public)
    assert verify(public) == (
        f"the graph {GRAPH}a is not what the manifest says",
        f"dataset.nq is not sorted: the graph {GRAPH}a begins twice",
    )


def test_a_dump_that_is_no_rdf_is_named(public):
    (public / "dataset.nq").write_text("<a> <b>\n")
    seal(public)
    [problem] = verify(public)
    assert problem.startswith("dataset.nq is not N-Quads: ")


def test_graphs_without_a_dump_cannot_be_checked(public):
    (public / "dataset.nq").unlink()
    assert verify(public) == (
        "dataset.nq is missing",
        "the named graphs cannot be checked: dataset.nq is missing",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is damaged: it is not JSON; build the publication again"),
        ('{"@type": "communique publi', "is damaged: it is not JSON; build the publication again"),
        ("[" * 100_000, "is damaged: it is not JSON; build the publication again"),
        ('"\\ud800', "is damaged: it is not JSON; build the publication again"),
        ("[]", "is not the manifest of a publication of communique"),
        ('{"name": "A web application"}', "is not the manifest of a publication of communique"),
    ],
)
def test_a_broken_manifest_is_one_sentence(public, text, sentence):
    (public / "manifest.json").write_text(text)
    with pytest.raises(OutputError) as refused:
        verify(public)
    assert str(refused.value) == f"{public / 'manifest.json'} {sentence}"


def test_a_manifest_without_a_table_is_one_sentence(public):
    change(public, files=[])
    with pytest.raises(OutputError, match=r'^manifest\.json is damaged: it has no table "files"'):
        verify(public)


def test_a_missing_manifest_is_one_sentence(public):
    (public / "manifest.json").unlink()
    with pytest.raises(OutputError, match=r"is not a publication: it has no manifest\.json$"):
        verify(public)
    assert not is_publication(public)


def test_a_manifest_that_is_a_link_is_refused(public, tmp_path):
    (public / "manifest.json").rename(tmp_path / "m")
    (public / "manifest.json").symlink_to(tmp_path / "m")
    with pytest.raises(OutputError, match=r"^cannot read .*manifest\.json: "):
        verify(public)
    assert not is_publication(public)


def test_a_link_is_not_published(public):
    (public / "link").symlink_to("index.html")
    with pytest.raises(OutputError, match=r"^'link' cannot be published"):
        seal(public)


def test_a_name_that_is_not_utf8_is_not_published_and_is_shown_as_bytes(public):
    Path(os.fsdecode(os.fsencode(public) + b"/\xff")).write_text("")
    assert verify(public) == (r"'\udcff' does not belong to the publication: the manifest does not name it",)
    with pytest.raises(OutputError, match="cannot be published"):
        seal(public)


def test_the_manifest_of_a_web_application_is_not_ours(tmp_path):
    (tmp_path / "manifest.json").write_text('{"name": "App", "icons": []}')
    assert not is_publication(tmp_path)


def test_a_publication_that_cannot_be_read_is_one_sentence(public, monkeypatch):
    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO), "disk")

    monkeypatch.setattr(os, "scandir", broken)
    with pytest.raises(OutputError, match=r"^cannot read disk: Input/output error$"):
        verify(public)


# ---- hashes


def test_the_hash_of_a_graph_does_not_depend_on_order_or_on_its_name():
    assert graph_hash(QUADS[:2]) == graph_hash([quad("z", "two"), quad("z", "one"), quad("z", "one")])


def test_the_hash_is_that_of_the_sorted_canonical_lines():
    lines = [f'<https://example.org/s> <http://schema.org/name> "{v}" .\n' for v in ("one", "two")]
    assert graph_hash(QUADS[:2]) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_names_of_blank_nodes_do_not_show_in_the_hash():
    text = '_:{0} <http://schema.org/name> "x" . <https://example.org/s> <http://schema.org/about> _:{0} .'
    hashes = {graph_hash(ox.parse(text.format(n), format=ox.RdfFormat.TURTLE)) for n in ("a", "b17")}
    assert len(hashes) == 1


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\ufffe\uffff"), max_size=8)))
def test_another_implementation_of_the_canonical_form_gives_the_same_hash(values):
    triples = [quad("a", v) for v in values if not any(c < " " or c == "\x7f" for c in v)]
    document = {"@id": "https://example.org/s", "http://schema.org/name": [t.object.value for t in triples]}  # type: ignore[union-attr]
    theirs = jsonld.normalize(document, {"algorithm": "URDNA2015", "format": "application/n-quads"})
    assert graph_hash(triples) == hashlib.sha256(theirs.encode()).hexdigest()


def test_the_artefacts_in_use_are_hashed_one_by_one():
    ontology = Path(__file__).parents[1] / "ontology/communique.ttl"
    hashes = artefact_hashes()
    assert hashes["ontology/communique.ttl"] == hashlib.sha256(ontology.read_bytes()).hexdigest()
    assert {name.partition("/")[0] for name in hashes} == {"ontology", "shapes", "queries"}

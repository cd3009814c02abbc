"""Whatever is named, its IRI is made and read by a pair of functions, each the other's inverse, in any newsroom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from communique.addresses import is_web_address
from communique.api import open_newsroom
from communique.ids import REGISTRY, RESERVED_KINDS, RESERVED_SLUGS, is_id, is_local, is_slug
from communique.iris import (
    PARTS,
    Graph,
    Inner,
    Range,
    document_of,
    fragment_of,
    graph_iri,
    inner_iri,
    iri_of,
    is_inner,
    is_node,
    is_registry,
    is_statement,
    kind_of,
    last_piece,
    page_path,
    part_iri,
    passage_iri,
    read_graph,
    read_inner,
    read_part,
    read_passage,
    read_release,
    read_source,
    read_staging,
    release_iri,
    release_path,
    slug_in,
    source_iri,
    source_path,
    staging_iri,
    statement_iri,
    without_base,
)
from communique.terms import DEFAULT_BASE, SCHEMA
from tests.conftest import MakeNewsroom

BASES = (
    DEFAULT_BASE,
    "https://example.org/",
    "https://example.org/press/",
    "https://example.org/press/releases/",
    "https://example.org/pressed/",
    "https://новости.example/пресс-релизы/",
    "http://[2001:db8::1]:8080/~press/id/",
)
"""Some are the beginning of others, some are written in another script."""

bases = st.sampled_from(BASES)
slugs = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?", fullmatch=True).filter(is_slug)
names = st.from_regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?", fullmatch=True).filter(is_local)
ids = st.from_regex(r"[a-z]{1,40}/[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?", fullmatch=True).filter(
    lambda i: is_id(i) and not i.startswith("release/")
)
offsets = st.integers(0, 10**9)

Read = Callable[[str, str], Any]
READERS: dict[str, Read] = {
    "node": lambda iri, base: without_base(iri, base) if kind_of(iri, base) not in ("", "release") else None,
    "release": read_release,
    "inner": read_inner,
    "statement": lambda iri, base: iri if slug_in(iri, base) and is_statement(iri) else None,
    "source": read_source,
    "passage": read_passage,
    "graph": read_graph,
    "staging": read_staging,
    "part": read_part,
}


@st.composite
def named(draw: st.DrawFn, base: str, kind: str) -> tuple[str, Any]:
    """The IRI of something of a kind, and what its reader gives back."""
    slug, part = draw(slugs), draw(st.sampled_from(("", *PARTS)))
    release, graph = release_iri(base, slug), graph_iri(base, draw(st.sampled_from((slug, *RESERVED_SLUGS))), part)
    if kind == "node":
        path = draw(ids)
        return base + path, path
    if kind == "inner":
        name = draw(names)
        return inner_iri(release, name), Inner(slug, name)
    if kind == "statement":
        made = statement_iri(release, f"<{release}> <{SCHEMA}about> <{base}{draw(ids)}>")
        return made, made
    if kind == "passage":
        start, end = draw(offsets), draw(offsets)
        return passage_iri(source_iri(base, slug), start, end), Range(slug, start, end)
    if kind == "part":
        name = draw(st.one_of(st.just(""), names))
        return part_iri(base, name), name
    whole = {
        "release": (release, slug),
        "source": (source_iri(base, slug), slug),
        "graph": (graph, read_graph(graph, base)),
        "staging": (staging_iri(base, graph), graph),
    }
    return whole[kind]


each_kind = pytest.mark.parametrize("kind", sorted(READERS))


@each_kind
@given(st.data(), bases)
def test_every_iri_is_read_as_what_it_was_made_of_and_as_nothing_else(
    kind: str, data: st.DataObject, base: str
) -> None:
    iri, said = data.draw(named(base, kind))
    assert is_web_address(iri)
    assert {name: got for name, read in READERS.items() if (got := read(iri, base)) is not None} == {kind: said}
    assert is_inner(iri) == (kind in ("inner", "statement", "passage") or (kind == "part" and said != ""))
    assert document_of(iri) + ("#" + fragment_of(iri) if is_inner(iri) else "") == iri
    steps = {"node": without_base(iri, base).partition("/")[0], "release": "release"}
    assert kind_of(iri, base) == steps.get(kind, "")
    assert is_statement(iri) == (kind == "statement")
    assert is_registry(iri) == (kind == "graph" and said == (REGISTRY, ""))
    assert (slug_in(iri, base) != "") == (kind in ("release", "inner", "statement", "source", "passage"))


@each_kind
@given(st.data(), bases, bases)
def test_no_iri_of_a_newsroom_is_read_as_one_of_another(kind: str, data: st.DataObject, base: str, other: str) -> None:
    assume(base != other)
    iri, said = data.draw(named(base, kind))
    assume(
        (kind, said) != ("part", "") or not base.startswith(other)
    )  # a dataset below has the form of a node: a/dataset
    assert [name for name, read in READERS.items() if read(iri, other) is not None] == []
    assert slug_in(iri, other) == "" and kind_of(iri, other) == ""


tails = st.lists(
    st.sampled_from(
        [
            *(
                "release",
                "graph",
                "staging",
                "dataset",
                "person",
                "source.txt",
                "evidence",
                "entities",
                "page",
                "a",
                "b-c",
            ),
            *("/", "//", "#", "##", "s-", "0123456789", "char=", "1,2", "01,2", ",", "?", ".", "..", "é", "A"),
        ]
    ),
    max_size=8,
).map("".join)


@given(tails, bases)
def test_whatever_is_read_is_written_in_one_way_only(tail: str, base: str) -> None:
    iri = base + tail
    writers: dict[str, Callable[[Any], str]] = {
        "release": lambda slug: release_iri(base, slug),
        "inner": lambda inner: inner_iri(release_iri(base, inner.slug), inner.name),
        "source": lambda slug: source_iri(base, slug),
        "passage": lambda where: passage_iri(source_iri(base, where.slug), where.start, where.end),
        "graph": lambda graph: graph_iri(base, *graph),
        "staging": lambda graph: staging_iri(base, graph),
        "part": lambda name: part_iri(base, name),
    }
    for kind, write in writers.items():
        said = READERS[kind](iri, base)
        assert said is None or write(said) == iri, kind


@given(slugs, slugs, bases)
def test_the_graphs_of_a_release_are_those_of_its_slug(slug: str, other: str, base: str) -> None:
    graphs = [graph_iri(base, slug, part) for part in ("", *PARTS)]
    assert len({*graphs, graph_iri(base, REGISTRY)}) == len(graphs) + 1
    assert {read_graph(graph, base).of_release for graph in graphs} == {slug}  # type: ignore[union-attr]  # all are read
    assert [read_graph(graph, base).part for graph in graphs] == ["", *PARTS]  # type: ignore[union-attr]  # all are read
    assert not any(map(is_registry, graphs)) and is_registry(graph_iri(base, REGISTRY))
    assert slug == other or graph_iri(base, slug) not in [graph_iri(base, other, part) for part in ("", *PARTS)]


def test_what_belongs_to_the_newsroom_as_a_whole_is_of_no_release() -> None:
    assert {Graph(slug).of_release for slug in ("entities", "dataset", "ontology")} == {""}
    assert [graph_iri("https://e.org/", ""), inner_iri("https://e.org/release/a", "")] == [
        "https://e.org/graph/",
        "https://e.org/release/a#",
    ]
    assert read_graph("https://e.org/graph/", "https://e.org/") is None
    assert read_graph("https://e.org/graph/a/", "https://e.org/") is None
    assert read_staging("https://e.org/staging/", "https://e.org/") is None


@given(st.data(), bases)
def test_all_that_lies_in_a_release_tells_its_slug(data: st.DataObject, base: str) -> None:
    slug, name, start, end = data.draw(slugs), data.draw(names), data.draw(offsets), data.draw(offsets)
    release, source = release_iri(base, slug), source_iri(base, slug)
    inside = [release, inner_iri(release, name), source, passage_iri(source, start, end)]
    assert {slug_in(iri, base) for iri in inside} == {slug}
    assert {slug_in(iri, base) for iri in (base + data.draw(ids), graph_iri(base, slug), part_iri(base, slug))} == {""}


@given(ids, names, slugs, bases)
def test_an_id_of_a_record_is_the_iri_without_its_base(path: str, name: str, slug: str, base: str) -> None:
    release = release_iri(base, slug)
    this = inner_iri(release, "")
    assert iri_of(path, base, this) == base + path and without_base(base + path, base) == path
    assert iri_of(release_path(slug), base, this) == release and without_base(release, base) == release_path(slug)
    assert iri_of("this:" + name, base, this) == inner_iri(release, name)
    assert without_base(source_iri(base, slug), base) == source_path(slug) == f"{release_path(slug)}/source.txt"
    assert is_node(base + path, base, this) and is_node(inner_iri(release, name), base, this)
    assert page_path(path) == f"{path}/index.html"
    assert (last_piece(base + path), last_piece(this + name)) == (path.partition("/")[2], name)


@pytest.mark.parametrize(
    ("path", "reader"),
    [
        ("graph/a/", "graph"),
        ("graph//page", "graph"),
        ("staging", "staging"),
        ("dataset#", "part"),
        ("datasets", "part"),
        ("release/a/source.txt#char=1,2x", "passage"),
        ("release/a/source.txt#char=01,2", "passage"),
        ("release/a/source.txt#char=1", "passage"),
        ("release/a#char=1,2", "passage"),
        ("release/a/sources.txt", "source"),
        ("release/a/", "release"),
        ("release/A", "release"),
        ("release/entities", "release"),
        ("release/a#", "inner"),
        ("release/a#s-0123456789", "inner"),
        ("release/a#b#c", "inner"),
        ("org/a#b", "inner"),
        ("release/a#s-1", "statement"),
        ("release/a#s-0123456789a", "statement"),
        ("person/a/b", "node"),
        ("person/", "node"),
        ("person/a#b", "node"),
    ],
)
def test_what_only_looks_like_an_iri_is_not_read(path: str, reader: str) -> None:
    for base in BASES:
        assert READERS[reader](base + path, base) is None


def test_where_there_is_no_release_nothing_lies_in_it() -> None:
    base = "https://e.org/"
    assert iri_of("this:a", base, "") is None and iri_of("org/a", base, "") == base + "org/a"
    assert is_node(base + "org/a", base, "") and not is_node("https://other.example/a", base, "")


@pytest.mark.parametrize("kind", sorted(RESERVED_KINDS))
def test_what_belongs_to_the_program_is_the_path_of_no_node(kind: str) -> None:
    assert kind_of(f"https://e.org/{kind}/a", "https://e.org/") == ""


RECORD = """\
"@context": [context.jsonld, {{"@base": "https://w3id.org/communique/id/", "@language": en}}]
graph:
  - id: release/sample
    type: [NewsArticle, PressRelease]
    headline: Headline
    about: this:{name}
    evidence: Headline
  - id: this:{name}
    type: Event
    name: Opening
    evidence: Opening
"""


@pytest.mark.parametrize(("name", "refused"), [("s-1", False), ("s-012345678", False), ("s-0123456789", True)])
def test_no_node_is_called_like_the_statement_of_a_fact(make_newsroom: MakeNewsroom, name: str, refused: bool) -> None:
    newsroom = open_newsroom(make_newsroom(RECORD.format(name=name), "Headline\nOpening\n"))
    codes = {f.code for f in newsroom["sample"].check() if f.severity == "violation"}
    assert codes >= {"bad-id", "bad-reference"} if refused else not codes & {"bad-id", "bad-reference"}

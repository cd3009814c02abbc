"""The IRIs of a newsroom: how each kind is built, and how it is read back.

A newsroom's own IRIs begin with its base, which ends in ``/`` and contains neither ``?`` nor ``#``:

====================================  ==================================================================
``<kind>/<name>``                     a node that outlives a release, such as a person; its page is in this folder
``release/<slug>``                    a release; ``#<name>`` a node inside it, ``#s-<digest>`` the statement of a fact
``release/<slug>/source.txt``         its source text; ``#char=<start>,<end>`` a passage of it
``graph/<slug>``, ``…/<part>``        its named graphs; ``graph/entities``: registry, ``graph/dataset``: the whole
``staging/<slug>``, ``…/<part>``      a copy of a named graph that a store holds until it replaces the old one
``dataset``, ``dataset#<part>``       the dataset, and parts of it
====================================  ==================================================================

Functions come in pairs: ``read_x(x_iri(…), base)`` returns what ``x_iri`` was given, and None for every other IRI.
Nodes and passages are fragments of a document, so some functions need only the IRI of that document, not the base.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final, NamedTuple

from communique.addresses import is_web_address
from communique.ids import REGISTRY, RESERVED_KINDS, RESERVED_SLUGS, is_id, is_local, is_slug, is_statement_name

PARTS: Final = ("evidence", "inferred", "page")
"""The parts of a release that have named graphs of their own, besides its facts."""

_RANGE: Final = re.compile(r"char=(0|[1-9][0-9]*),(0|[1-9][0-9]*)")
_RELEASE, _GRAPH, _STAGING, _DATASET, _SOURCE = "release/", "graph/", "staging/", "dataset", "/source.txt"


def is_own_path(path: str) -> bool:
    """Whether ``path``, an IRI without the base, has the form of one of the newsroom's own.

    That is a node (``kind/name``), a node inside a release (``release/slug#name``), or the source text of a release.

    >>> [is_own_path(p) for p in ("org/a", "release/a#b", "release/a/source.txt", "../../zz", "org/%2e%2e")]
    [True, True, True, False, False]
    """
    node, mark, name = path.partition("#")
    if mark:
        return node.startswith(_RELEASE) and is_id(node) and is_local(name)
    return is_id(node) or (node.startswith(_RELEASE) and node.endswith(_SOURCE) and is_id(node[: -len(_SOURCE)]))


def iri_of(name: str, base: str, this: str) -> str | None:
    """The IRI that a name in a record stands for: ``this:name``, an id, or a whole IRI; None if it is none of these.

    ``base`` is put before ids, ``this`` before the names of nodes inside the release ("" where there is no release).
    The newsroom's own IRIs must obey the same rules whichever way they are written.

    >>> base, this = "https://e.org/", "https://e.org/release/a#"
    >>> iri_of("this:b", base, this), iri_of("org/c", base, this), iri_of("https://e.org/org/../c", base, this)
    ('https://e.org/release/a#b', 'https://e.org/org/c', None)
    """
    if name.startswith("this:"):
        return this + name[5:] if this and is_local(name[5:]) else None
    if this and name.startswith(this):
        return name if is_local(name[len(this) :]) else None
    if name.startswith(base):
        return name if is_own_path(name[len(base) :]) else None
    if "#" not in name and is_own_path(name):
        return base + name
    return name if is_web_address(name) else None


def is_node(iri: str, base: str, this: str) -> bool:
    """Whether a record may describe the node at an IRI from `iri_of`: one with a page of its own, or in the release."""
    return (this != "" and iri.startswith(this)) or (iri.startswith(base) and is_id(iri[len(base) :]))


# ---- IRIs below the base


class Graph(NamedTuple):
    """A named graph: the slug of its release (or `REGISTRY`), and the part that it holds, "" for the facts."""

    slug: str
    part: str = ""

    @property
    def of_release(self) -> str:
        """The slug of the release that the graph belongs to; "" if it belongs to the newsroom as a whole."""
        return "" if self.slug in RESERVED_SLUGS else self.slug


class Range(NamedTuple):
    """The place of a passage: the slug of its release, and offsets into the source (code points, the end exclusive)."""

    slug: str
    start: int
    end: int


class Inner(NamedTuple):
    """A node inside a release: the slug of the release, and its name there, such as ``speech-1``."""

    slug: str
    name: str


def without_base(iri: str, base: str) -> str:
    """The path below the base of one of the newsroom's own IRIs, such as ``person/a``; any other IRI unchanged.

    >>> without_base("https://e.org/person/a", "https://e.org/"), without_base("http://schema.org/name", "https://e.org/")
    ('person/a', 'http://schema.org/name')
    """
    return iri.removeprefix(base)


def own_iri(base: str, path: str) -> str:
    """The IRI of a path below the base, the reverse of `without_base`."""
    return base + path


def is_own(iri: str, base: str) -> bool:
    """Whether an IRI begins with the base of the newsroom."""
    return iri.startswith(base)


def kind_of(iri: str, base: str) -> str:
    """The kind in the path of a node that outlives a release, ``release`` for a release itself; "" for other IRIs.

    >>> base = "https://e.org/"
    >>> [kind_of(base + path, base) for path in ("person/a", "release/a", "release/a#b", "graph/a")]
    ['person', 'release', '', '']
    """
    if not iri.startswith(base):
        return ""
    kind, _, name = iri[len(base) :].partition("/")
    return "" if not name or "/" in name or "#" in name or kind in RESERVED_KINDS else kind


def page_path(path: str) -> str:
    """The file of the page in a folder of the publication, such as the folder of a node.

    >>> page_path("person/a")
    'person/a/index.html'
    """
    return f"{path}/index.html"


def feed_iri(base: str) -> str:
    """The IRI of the feed of the newest releases."""
    return base + "feed"


def query_path(name: str) -> str:
    """The folder of a canned query, by its name."""
    return f"queries/{name}"


def part_iri(base: str, name: str = "") -> str:
    """The IRI of the dataset, or of a named part of it such as ``catalogue`` or ``facts``.

    >>> part_iri("https://e.org/", "facts"), read_part("https://e.org/dataset#facts", "https://e.org/")
    ('https://e.org/dataset#facts', 'facts')
    """
    return base + _DATASET + (_separator(base) + name if name else "")


def read_part(iri: str, base: str) -> str | None:
    """The name of a part of the dataset, "" for the whole dataset; None for any other IRI."""
    if iri == base + _DATASET:
        return ""
    start = base + _DATASET + _separator(base)
    return iri[len(start) :] or None if iri.startswith(start) else None


def _separator(base: str) -> str:
    return "#" if base.endswith("/") else "/"  # a base that ends in # leaves no room for a second fragment


# ---- releases, their source texts, and the nodes and passages inside them


def release_path(slug: str) -> str:
    """The path of a release below the base: its folder in the publication, and its id in a record."""
    return _RELEASE + slug


def release_iri(base: str, slug: str) -> str:
    """The IRI of a release.

    >>> release_iri("https://e.org/", "a"), read_release("https://e.org/release/a", "https://e.org/")
    ('https://e.org/release/a', 'a')
    """
    return base + _RELEASE + slug


def read_release(iri: str, base: str) -> str | None:
    """The slug of the release with this IRI; None for any other IRI."""
    slug = iri.removeprefix(base + _RELEASE)
    return slug if slug != iri and is_slug(slug) else None


def source_path(slug: str) -> str:
    """The path of the source text of a release below the base."""
    return _RELEASE + slug + _SOURCE


def source_iri(base: str, slug: str) -> str:
    """The IRI of the source text of a release; passages are fragments of it.

    >>> source_iri("https://e.org/", "a"), read_source("https://e.org/release/a/source.txt", "https://e.org/")
    ('https://e.org/release/a/source.txt', 'a')
    """
    return base + source_path(slug)


def read_source(iri: str, base: str) -> str | None:
    """The slug of the release whose source text has this IRI; None for any other IRI."""
    return read_release(iri.removesuffix(_SOURCE), base) if iri.endswith(_SOURCE) else None


def slug_in(iri: str, base: str) -> str:
    """The slug of the release that an IRI belongs to: its own, or that of a node, its text or a passage; else "".

    >>> slug_in("https://e.org/release/a/source.txt#char=1,2", "https://e.org/"), slug_in("https://e.org/org/a", "https://e.org/")
    ('a', '')
    """
    return read_release(document_of(iri).removesuffix(_SOURCE), base) or ""


def is_inner(iri: str) -> bool:
    """Whether an IRI has a fragment: it names a node inside a release, a statement or a passage."""
    return "#" in iri


def document_of(iri: str) -> str:
    """An IRI without its fragment: for a node or statement that of its release, for a passage that of the text."""
    return iri.partition("#")[0]


def fragment_of(iri: str) -> str:
    """The fragment of an IRI, such as the name of a node inside its release; "" if it has none."""
    return iri.partition("#")[2]


def last_piece(iri: str) -> str:
    """The last part of any IRI: what follows its ``#``, or else its last ``/``.

    >>> last_piece("https://e.org/release/a#b"), last_piece("http://schema.org/name")
    ('b', 'name')
    """
    return fragment_of(iri) if "#" in iri else iri.rpartition("/")[2]


def inner_iri(release: str, name: str) -> str:
    """The IRI of a node inside a release, from the IRI of the release; with the name "" the prefix of all such nodes.

    >>> inner_iri("https://e.org/release/a", "b"), read_inner("https://e.org/release/a#b", "https://e.org/")
    ('https://e.org/release/a#b', Inner(slug='a', name='b'))
    """
    return f"{release}#{name}"


def neighbour_iri(iri: str, name: str) -> str:
    """The IRI of a node that belongs to another one, from the IRI of that one and a name for what it is of it.

    >>> neighbour_iri("https://e.org/place/a", "code"), neighbour_iri("https://e.org/release/a#b", "code")
    ('https://e.org/place/a#code', 'https://e.org/release/a#b-code')
    """
    return f"{iri}{'-' if is_inner(iri) else '#'}{name}"


def read_inner(iri: str, base: str) -> Inner | None:
    """The release of a node and the node's name inside it; None for any other IRI."""
    document, _, name = iri.partition("#")
    slug = read_release(document, base)
    return Inner(slug, name) if slug is not None and is_local(name) else None


def statement_iri(release: str, triple: str) -> str:
    """The IRI of the statement of one fact, from the IRI of its release and the fact in N-Triples.

    Its name is ``s-`` and the first ten hexadecimal digits of the SHA-256 of that text.

    >>> statement_iri("https://e.org/release/a", '<https://e.org/org/b> <http://schema.org/name> "B"')
    'https://e.org/release/a#s-3a51cab5d7'
    """
    return inner_iri(release, "s-" + hashlib.sha256(triple.encode()).hexdigest()[:10])


def is_statement(iri: str) -> bool:
    """Whether one of the newsroom's own IRIs names the statement of a fact.

    >>> is_statement("https://e.org/release/a#s-3a51cab5d7"), is_statement("https://e.org/release/a#s-1")
    (True, False)
    """
    return is_statement_name(fragment_of(iri))


def passage_name(start: int, end: int) -> str:
    """The fragment for a passage (RFC 5147, section 2.2.1); offsets are code points, the end exclusive."""
    return f"char={start},{end}"


def passage_iri(source: str, start: int, end: int) -> str:
    """The IRI of a passage, from the IRI of its source text; offsets are code points, the end exclusive.

    >>> passage_iri("https://e.org/release/a/source.txt", 3, 9)
    'https://e.org/release/a/source.txt#char=3,9'
    >>> read_passage("https://e.org/release/a/source.txt#char=3,9", "https://e.org/")
    Range(slug='a', start=3, end=9)
    """
    return f"{source}#{passage_name(start, end)}"


def read_passage(iri: str, base: str) -> Range | None:
    """The release and the offsets of a passage; None for any other IRI."""
    document, _, name = iri.partition("#")
    slug, offsets = read_source(document, base), _RANGE.fullmatch(name)
    return Range(slug, int(offsets[1]), int(offsets[2])) if slug is not None and offsets else None


# ---- named graphs


def graph_path(slug: str, part: str = "") -> str:
    """The path of a named graph below the base."""
    return _GRAPH + slug + (f"/{part}" if part else "")


def graph_iri(base: str, slug: str, part: str = "") -> str:
    """The IRI of the named graph with the facts of a release, or with one of its `PARTS`.

    With the slug "" it is the prefix of the IRIs of all named graphs.

    >>> graph_iri("https://e.org/", "a", "evidence"), read_graph("https://e.org/graph/a/evidence", "https://e.org/")
    ('https://e.org/graph/a/evidence', Graph(slug='a', part='evidence'))
    """
    return base + graph_path(slug, part)


def read_graph(iri: str, base: str) -> Graph | None:
    """The slug and the part of a named graph of the newsroom, whatever their names; None for any other IRI."""
    start = base + _GRAPH
    if not iri.startswith(start):
        return None
    slug, slash, part = iri[len(start) :].partition("/")
    return Graph(slug, part) if slug and bool(slash) == bool(part) else None


def is_named_graph(iri: str) -> bool:
    """Whether an IRI is written as that of a named graph of a newsroom, whatever the newsroom's base."""
    return f"/{_GRAPH}" in iri


def is_registry(graph: str) -> bool:
    """Whether the IRI of a newsroom's named graph is that of the registry."""
    return graph.endswith(f"/{_GRAPH}{REGISTRY}")


def is_inference(graph: str) -> bool:
    """Whether the IRI of a newsroom's named graph is that of what was concluded from a release.

    >>> [is_inference(graph_iri("https://e.org/", slug, part)) for slug, part in (("a", "inferred"), ("inferred", ""))]
    [True, False]
    """
    return graph.endswith("/inferred") and not graph.endswith(f"/{_GRAPH}inferred")


def stated_iri(graph: str) -> str:
    """The IRI of the graph with what the same release states, from that of what was concluded; any other unchanged.

    >>> stated_iri("https://e.org/graph/a/inferred"), stated_iri("https://e.org/graph/a/page")
    ('https://e.org/graph/a', 'https://e.org/graph/a/page')
    """
    return graph.removesuffix("/inferred") if is_inference(graph) else graph


def staging_iri(base: str, graph: str) -> str:
    """The IRI under which a store stages a named graph, from the IRI of that graph; from "" the prefix of them all.

    >>> staging_iri("https://e.org/", "https://e.org/graph/a/evidence")
    'https://e.org/staging/a/evidence'
    >>> read_staging("https://e.org/staging/a/evidence", "https://e.org/")
    'https://e.org/graph/a/evidence'
    """
    return base + _STAGING + graph.removeprefix(base + _GRAPH)


def read_staging(iri: str, base: str) -> str | None:
    """The IRI of the named graph that is staged under this one; None for any other IRI."""
    start = base + _STAGING
    return base + _GRAPH + iri[len(start) :] if iri.startswith(start) and len(iri) > len(start) else None

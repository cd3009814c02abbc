"""What a record says around its graph: the context it declares, who checked it, and the keys that may stand there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.addresses import fault_of
from communique.compile.ignored import IGNORE, WRAPPED
from communique.compile.keywords import report_collisions, written_key
from communique.compile.literals import is_language, nfc
from communique.compile.report import Report
from communique.compile.values import describe
from communique.errors import suggestion
from communique.iris import graph_path, inner_iri, iri_of, release_iri
from communique.languages import language_fault
from communique.read.yamlld import Pointer

CONTEXT_NAME: Final = "context.jsonld"
AROUND: Final = ("reviewed", IGNORE, WRAPPED)
"""The keys that a record may have beside its graph and that describe no node."""

_REVIEW: Final = "{by: org/example, on: 2026-11-30}"
_REVIEW_KEYS: Final = ("by", "on")
_LIKE_AN_ID: Final = re.compile(r"[^\s/:]+[/:]\S+")


@dataclass(frozen=True, slots=True)
class Header:
    """What the ``@context`` of a document declares: base IRI, the IRI that ``this:`` stands for, language."""

    base: str
    this: str
    language: str


def read_header(record: Mapping[str, object], report: Report, base: str, slug: str, language: str) -> Header:
    """What the record's ``@context`` declares, checked against the base of the newsroom and the slug of the release."""
    header = Header(base, inner_iri(release_iri(base, slug), ""), language)
    if "@context" not in record:
        report(
            "no-context",
            "the record has no @context, so no other reader can understand it",
            (),
            fix=f'begin with "@context": {CONTEXT_NAME}',
        )
        return header
    declared = record["@context"]
    entries = declared if isinstance(declared, list) else [declared]
    if CONTEXT_NAME not in entries:
        report(
            "bad-context",
            f"the @context does not name {CONTEXT_NAME}",
            ("@context",),
            fix=f"begin it with {CONTEXT_NAME}",
        )
    for k, entry in enumerate(entries):
        at = ("@context", k)
        if isinstance(entry, dict):
            header = _read_declaration(header, entry, at, report)
        elif entry != CONTEXT_NAME:
            report(
                "bad-context",
                f"{str(entry)[:100]!r} is not read: only {CONTEXT_NAME} is",
                at,
                value=str(entry),
                fix="contexts from elsewhere are never fetched; take it out",
            )
    return header


def _read_declaration(header: Header, entry: Mapping[str, object], at: Pointer, report: Report) -> Header:
    """The header with what one mapping of the ``@context`` declares."""
    for key in entry:
        if key not in ("@base", "@language", "this"):
            report(
                "unknown-key",
                f"unknown key {key!r} in the @context",
                (*at, key),
                key=True,
                path=key,
                fix="a record's own context declares @base, @language and this",
            )
    base, language = entry.get("@base", header.base), entry.get("@language", header.language)
    if base != header.base:
        message = f"@base {str(base)[:100]!r} is not the base of this newsroom, {header.base}"
        report("bad-context", message, (*at, "@base"), fix="leave it out: the base stands in dataset.yaml")
    if not isinstance(language, str) or not is_language(language):
        report("bad-context", f"@language: {language_fault(language)}", (*at, "@language"))
        language = header.language
    this = header.this
    if base == header.base and entry.get("this", this) != this:
        report(
            "bad-context",
            f"this: stands for another release: {str(entry['this'])[:200]!r}",
            (*at, "this"),
            fix=f"write this: {this}",
        )
    return Header(header.base, this, language)


def check_keys(record: Mapping[str, object], slug: str, report: Report) -> None:
    """Report the keys beside the graph that mean nothing there, and a graph that has the name of another release."""
    known = ("@context", "id", "graph", *AROUND)
    for key in record:
        if key not in (*known, "@id", "@graph"):
            report(
                "unknown-key",
                f"unknown key {key!r} beside the graph",
                (key,),
                key=True,
                path=key,
                fix=suggestion(key, known, otherwise="put it inside a node"),
            )
    report_collisions(record, ("id",), (), report)
    graph, key = graph_path(slug), written_key(record, "id")
    name = record.get(key, graph)
    if name != graph:
        report(
            "bad-id",
            f"the graph of this record is {graph}, not {str(name)[:100]!r}",
            (key,),
            fix="leave id out here",
        )


# ---- who checked the record


@dataclass(frozen=True, slots=True)
class Review:
    """Who checked a record against its text, a node (an IRI) or a name (a literal), and on which day (YYYY-MM-DD)."""

    by: NamedNode | Literal
    on: str

    @property
    def is_by_node(self) -> bool:
        """Whether the reviewer is a node, not just a name."""
        return isinstance(self.by, NamedNode)


def read_reviews(record: Mapping[str, object], header: Header, report: Report) -> tuple[Review, ...]:
    """The reviews that a record tells of, in its order; those that cannot be read are reported and left out."""
    written = record.get("reviewed")
    if "reviewed" not in record:
        return ()
    items = written if isinstance(written, list) else [written]
    at: Pointer = ("reviewed",)
    places = [(*at, k) for k in range(len(items))] if isinstance(written, list) else [at]
    reviews = (_review(one, header, place, report) for one, place in zip(items, places, strict=True))
    return tuple(dict.fromkeys(review for review in reviews if review is not None))


def _review(written: object, header: Header, at: Pointer, report: Report) -> Review | None:
    if not isinstance(written, dict) or not {"by", "on"} <= written.keys():
        message = f"a review is written {_REVIEW}, not {describe(written)}"
        if isinstance(written, dict):
            message = f"this review has no {' and no '.join(key for key in _REVIEW_KEYS if key not in written)}"
        report("incomplete-review", message, at, path="reviewed", fix=f"write {_REVIEW}")
        return None
    for key in written:
        if key not in _REVIEW_KEYS:
            message = f"unknown key {key!r} in reviewed"
            fix = suggestion(key, _REVIEW_KEYS, otherwise=f"write {_REVIEW}")
            report("unknown-key", message, (*at, key), key=True, path=key, fix=fix)
    by, on = _reviewer(written["by"], header, (*at, "by"), report), _day(written["on"], (*at, "on"), report)
    return Review(by, on) if by is not None and on is not None else None


def _reviewer(written: object, header: Header, at: Pointer, report: Report) -> NamedNode | Literal | None:
    """The IRI of the person or organisation that an id names, else the name as written."""
    if not isinstance(written, str) or not written.strip():
        message = f"a person, an organisation or a name is expected here, not {describe(written)}"
        report("bad-reference", message, at, path="by", fix=f"write {_REVIEW}")
        return None
    if _LIKE_AN_ID.fullmatch(written) is None:
        return Literal(nfc(written.strip()))
    iri = iri_of(written, header.base, header.this)
    try:
        node = NamedNode(iri) if iri is not None else None
    except ValueError:
        node = None
    if node is None:
        message = f"{describe(written)} {fault_of(written)}"
        report("bad-reference", message, at, path="by", value=written, fix="write person/name, org/name, or a name")
    return node


def _day(written: object, at: Pointer, report: Report) -> str | None:
    """A day of the calendar, as YYYY-MM-DD."""
    try:
        if isinstance(written, str) and date.fromisoformat(written).isoformat() == written:
            return written
    except ValueError:
        pass
    report("not-a-date", f"{describe(written)} is not a day", at, path="on", fix="write a day such as 2026-11-30")
    return None

"""Faults of single nodes of a page: terms, empty values, dates, addresses, and what search engines ask for."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from communique.errors import hint
from communique.export.pagelinks import URL_TERMS
from communique.findings import Severity
from communique.languages import tag_meant
from communique.schemaorg import Vocabulary, read_vocabulary
from communique.terms import SCHEMA
from communique.webpage.dates import ends_before, is_iso_date
from communique.webpage.graph import PageGraph, PageNode, Statement
from communique.webpage.jsontext import JsonSpan


class Fault(NamedTuple):
    """Something wrong at a place in a page; `communique.webpage.check` turns it into a finding."""

    code: str
    span: JsonSpan
    severity: Severity
    message: str
    fix: str
    focus: str = ""
    path: str | None = None
    value: str | None = None


class Wish(NamedTuple):
    """A property that search engines ask for in a class (``kind``), with the severity and message if it is missing."""

    kind: str
    name: str
    severity: Severity
    message: str


_ARTICLE: Final = (
    ("headline", "info", "Recommended for an article: a headline"),
    ("image", "info", "Recommended for an article: an image"),
    ("datePublished", "info", "Recommended for an article: the date of publication"),
    ("author", "info", "Recommended for an article: its author"),
)
_PROPERTIES: Final[Mapping[str, tuple[tuple[str, Severity, str], ...]]] = {
    "NewsArticle": _ARTICLE,
    "BlogPosting": _ARTICLE,
    "Article": _ARTICLE,
    "Event": (
        ("name", "warning", "Required for an event result: name"),
        ("startDate", "warning", "Required for an event result: startDate"),
        ("location", "warning", "Required for an event result: location"),
        ("endDate", "info", "Recommended for an event: endDate"),
        ("description", "info", "Recommended for an event: a description"),
        ("image", "info", "Recommended for an event: an image"),
        ("organizer", "info", "Recommended for an event: organizer"),
        ("performer", "info", "Recommended for an event: performer"),
    ),
    "Organization": (("url", "info", "Recommended for an organisation: its web site"),),
}
WISHES: Final = tuple(Wish(kind, *row) for kind, rows in _PROPERTIES.items() for row in rows)
"""What search engines ask for, worded as in ``shapes/profiles/google.ttl``, which asks the same of a release.

They ask nothing of the other subclasses of Article, such as Report."""

HEADLINE: Final = 110
"""Characters of a headline that search results show."""
LEAST_CRUMBS: Final = 2
"""The fewest items that a breadcrumb trail may have."""
_URL_TERMS: Final = URL_TERMS | {"item"}
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ORDERED: Final = (
    ("startDate", "endDate"), ("startTime", "endTime"), ("validFrom", "validThrough"), ("birthDate", "deathDate"),
    ("foundingDate", "dissolutionDate"), ("availabilityStarts", "availabilityEnds"),
)  # fmt: skip
"""Pairs of properties; the first is never later than the second."""


def check_nodes(graph: PageGraph) -> Iterator[Fault]:
    """All faults that concern one node alone, and what search engines miss."""
    vocabulary = read_vocabulary()
    for node in graph.nodes:
        yield from _types(node, vocabulary)
        for statement in node.statements:
            yield from _name(node, statement, vocabulary)
            if statement.backwards:
                continue
            yield from _empty(node, statement)
            yield from _escaped(node, statement)
            if statement.name == "inLanguage" and not statement.own:
                yield from _languages(node, statement)
            if not statement.own and statement.name in vocabulary.dates:
                yield from _dates(node, statement, vocabulary)
            if not statement.own and statement.name in _URL_TERMS:
                yield from _addresses(node, statement)
        yield from _order(node)
    yield from _wishes(graph, vocabulary)


def _fault(code: str, span: JsonSpan, severity: Severity, message: str, fix: str, node: PageNode, **more: str) -> Fault:
    return Fault(code, span, severity, message, fix, focus=node.iri, **more)


# ---- terms


def _types(node: PageNode, vocabulary: Vocabulary) -> Iterator[Fault]:
    for one in node.types:
        if one.own or one.name in vocabulary.classes:
            continue
        if one.name in vocabulary.members:
            message, fix = f"{one.name} is a value of schema.org, not a type", "write it as the value of a property"
        else:
            message = f"schema.org 30.0 has no type {one.name[:60]!r}"
            fix = _class_hint(one.name[:60])
        yield _fault("jsonld-unknown-term", one.span, "warning", message, fix, node=node, value=one.name)


def _name(node: PageNode, statement: Statement, vocabulary: Vocabulary) -> Iterator[Fault]:
    name, _, action = statement.name.rpartition("-")
    if statement.own or (name if action in ("input", "output") else statement.name) in vocabulary.properties:
        return
    message = f"schema.org 30.0 has no property {statement.name[:60]!r}"
    fix = _property_hint(statement.name[:60])
    yield _fault("jsonld-unknown-term", statement.key, "warning", message, fix, node=node, value=statement.name)


@lru_cache(maxsize=1024)
def _class_hint(name: str) -> str:
    return hint(name, read_vocabulary().classes, otherwise="use a type of schema.org", quoted=False)


@lru_cache(maxsize=1024)
def _property_hint(name: str) -> str:
    otherwise = "use a property of schema.org, or leave it out"
    return hint(name, read_vocabulary().properties, otherwise=otherwise, quoted=False)


# ---- values


def _empty(node: PageNode, statement: Statement) -> Iterator[Fault]:
    """Empty values, one by one; a list without values counts as one."""
    for one in statement.values or (statement.value,):
        literal = one.data["@value"].value.data if isinstance(one.data, dict) and "@value" in one.data else one.data
        data = literal.strip() if isinstance(literal, str) else literal
        if not statement.values or data is None or data == "" or data == {}:
            message = f"{statement.name[:60]} has an empty value"
            fix = "leave the property out where there is nothing to say"
            yield _fault("jsonld-empty", one.span, "warning", message, fix, node=node, path=statement.path)


def _texts(statement: Statement) -> Iterator[tuple[str, JsonSpan]]:
    """The values of a property that are texts and not empty, written as strings or as ``{"@value": …}``."""
    for one in statement.values:
        if isinstance(one.data, dict) and "@value" in one.data:
            one = one.data["@value"].value
        if isinstance(one.data, str) and one.data.strip():
            yield one.data, one.span


def _escaped(node: PageNode, statement: Statement) -> Iterator[Fault]:
    """Values with HTML character references, which are not decoded in a script (WHATWG HTML, section 13.2.5.4)."""
    for text, span in _texts(statement):
        found = _ENTITY.search(text)
        if found and html.unescape(found[0]) != found[0]:
            message = f"{found[0]} stands in the text: inside a script readers do not decode it"
            fix = f"write {html.unescape(found[0])} itself"
            yield _fault("jsonld-entity", span, "warning", message, fix, node=node, path=statement.path, value=text)


def _languages(node: PageNode, statement: Statement) -> Iterator[Fault]:
    for text, span in _texts(statement):
        if "_" in text:
            message = f"{text[:40]!r} is not a language tag (BCP 47)"
            fix = f"write {tag_meant(text) or text[:40].replace('_', '-')}"
            yield _fault("jsonld-language", span, "warning", message, fix, node=node, path=statement.path, value=text)


def _dates(node: PageNode, statement: Statement, vocabulary: Vocabulary) -> Iterator[Fault]:
    times = statement.name in vocabulary.times
    fix = "write 2015-05-29, or 2015-05-29T10:00:00+06:00 with a time"
    for text, span in _texts(statement):
        if not is_iso_date(text, times=times):
            only = ", but a time without a day" if is_iso_date(text) else " of ISO 8601"
            message = f"{statement.name} {text[:40]!r} is not a date{only}"
            yield _fault("jsonld-date", span, "warning", message, fix, node=node, path=statement.path, value=text)
    for one in statement.values:
        data = one.data["@value"].value.data if isinstance(one.data, dict) and "@value" in one.data else one.data
        if isinstance(data, int | float) and not is_iso_date(str(data), times=False):
            message = f"{statement.name} {str(data)[:40]} is not a date of ISO 8601"
            yield _fault(
                "jsonld-date", one.span, "warning", message, fix, node=node, path=statement.path, value=str(data)
            )


def _order(node: PageNode) -> Iterator[Fault]:
    """End dates that are before their start dates."""
    texts = {s.name: list(_texts(s)) for s in node.statements if not s.own and not s.backwards}
    for first, last in _ORDERED:
        starts, ends = texts.get(first, []), texts.get(last, [])
        if len(starts) == len(ends) == 1 and ends_before(ends[0][0], starts[0][0]):
            message = f"{last} {ends[0][0][:40]} is before {first} {starts[0][0][:40]}"
            yield _fault(
                "jsonld-date", ends[0][1], "warning", message, "correct one of them", node=node, path=_path(last)
            )


def _addresses(node: PageNode, statement: Statement) -> Iterator[Fault]:
    for text, span in _texts(statement):
        try:
            whole = bool(urlsplit(text.strip()).scheme)
        except ValueError:
            whole = True  # it has a scheme, with something invalid after it
        if not whole:
            message = f"{statement.name} {text[:60]!r} is read as an address relative to the page"
            fix = "write the whole address, with https://"
            yield _fault(
                "jsonld-relative-url", span, "warning", message, fix, node=node, path=statement.path, value=text
            )


# ---- search engines


def _wishes(graph: PageGraph, vocabulary: Vocabulary) -> Iterator[Fault]:
    """What search engines ask for and the page does not say; all nodes with the same IRI are taken together."""
    together: dict[str, list[PageNode]] = {}
    for number, node in enumerate(graph.nodes):
        together.setdefault(node.iri or f"\0{number}", []).append(node)
    for nodes in together.values():
        kinds = {kind for node in nodes for kind in node.classes}
        present = {
            s.name
            for node in nodes
            for s in node.statements
            if not s.own and not s.backwards and not list(_empty(node, s))
        }
        first = next((node for node in nodes if node.classes), nodes[0])
        for wish in WISHES:
            if wish.name not in present and any(_applies(wish, kind, vocabulary) for kind in kinds):
                code = "search-required" if wish.severity == "warning" else "search-recommended"
                fix = f"add {wish.name} if it is known; make nothing up"
                yield _fault(code, first.span, wish.severity, wish.message, fix, node=first, path=_path(wish.name))
        for node in nodes:
            yield from _headline(node)
        if "BreadcrumbList" in kinds:
            yield from _crumbs(nodes, first)


def _applies(wish: Wish, kind: str, vocabulary: Vocabulary) -> bool:
    """Whether a wish applies to a class: subclasses included, except those of Article and the publication events."""
    if wish.kind == "Article":
        return kind == wish.kind
    return vocabulary.is_a(kind, wish.kind) and not (wish.kind == "Event" and vocabulary.is_a(kind, "PublicationEvent"))


def _path(name: str) -> str:
    return SCHEMA + name


def _headline(node: PageNode) -> Iterator[Fault]:
    for statement in node.statements:
        if statement.name == "headline" and not statement.own:
            for text, span in _texts(statement):
                if len(text) > HEADLINE:
                    message = f"Results cut headlines after about {HEADLINE} characters, this one has {len(text)}"
                    fix = "keep it if it is verbatim; next time, put the point first"
                    yield _fault("search-recommended", span, "info", message, fix, node=node, path=statement.path)


def _crumbs(nodes: list[PageNode], first: PageNode) -> Iterator[Fault]:
    items = [one for node in nodes for s in node.statements if s.name == "itemListElement" for one in s.values]
    if len(items) < LEAST_CRUMBS:
        message = f"Required for a breadcrumb: at least {LEAST_CRUMBS} items, here {len(items)}"
        fix = "put each page above this one into itemListElement"
        yield _fault("search-required", first.span, "warning", message, fix, node=first, path=_path("itemListElement"))

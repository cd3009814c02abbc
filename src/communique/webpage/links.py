"""Faults between the nodes of a page: dangling references, unconnected nodes, contradictions, http beside https."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from communique.export.pagelinks import URL_TERMS
from communique.findings import Severity
from communique.webpage.dates import read_moment
from communique.webpage.graph import PageGraph, Statement
from communique.webpage.rules import Fault

_SINGLE: Final = """
    birthDate copyrightYear dateCreated dateModified datePublished deathDate dissolutionDate duration endDate
    eventStatus familyName foundingDate headline isAccessibleForFree isbn issn latitude legalName legislationDate
    legislationIdentifier longitude name numberOfPages position postalCode price priceCurrency ratingValue reviewCount
    startDate streetAddress version wordCount
"""
SINGLE: Final = frozenset(_SINGLE.split())
"""Properties with one value for each thing: two different values contradict each other."""

_MEMBER: Final = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)(?=\w+$)")
_LINKS: Final = URL_TERMS - {"isPartOf"} | {"item", "subjectOf"}
"""Properties whose values are addresses outside the page, which need no description in it."""


def check_links(graph: PageGraph) -> Iterator[Fault]:
    """All faults between the nodes of a page."""
    described = {node.iri for node in graph.nodes if node.iri}
    yield from _dangling(graph, described)
    yield from _unconnected(graph)
    yield from _contradictions(graph)
    yield from _schemes(graph)


def _dangling(graph: PageGraph, described: set[str]) -> Iterator[Fault]:
    """References to parts of the page (violation) or of its site (warning) that the page does not describe.

    The site is the host of the page's address, or else of the first ``@id`` in it. An IRI with another host is an
    ordinary link and not a fault.
    """
    site = _host(graph.base) or next(filter(None, (_host(node.iri) for node in graph.nodes)), "")
    for node, name, iri, span in graph.references:
        if iri in described or name in _LINKS or not iri:
            continue
        severity: Severity | None = "warning" if site and _host(iri) == site else None
        if not _scheme(iri) or iri.startswith("_:") or _is_part(iri, graph.base):
            severity = "violation"
        if severity is not None:
            message = f"{iri[:120]!r} is named here but not described anywhere in the page"
            fix = "describe it in the page, with @id, @type and a name, or write its name here instead"
            yield Fault(
                code="jsonld-dangling",
                span=span,
                severity=severity,
                message=message,
                fix=fix,
                focus=node.iri,
                value=iri,
            )


def _scheme(iri: str) -> str:
    """The scheme of an IRI; empty if it has none or cannot be parsed."""
    try:
        return urlsplit(iri).scheme
    except ValueError:
        return ""


def _host(iri: str) -> str:
    try:
        parts = urlsplit(iri)
    except ValueError:
        return ""
    return parts.netloc.lower() if parts.scheme in ("http", "https") else ""


def _is_part(iri: str, page: str) -> bool:
    """Whether an IRI names a part of the page: the page's address with a fragment."""
    return page != "" and "#" in iri and iri.partition("#")[0] == page.partition("#")[0]


def _unconnected(graph: PageGraph) -> Iterator[Fault]:
    """Nodes that no chain of references, in either direction, connects to the first node of a script.

    Nodes that are connected only to each other give one fault.
    """
    neighbours = _neighbours(graph)
    reached = _reachable({n for n, node in enumerate(graph.nodes) if node.main}, neighbours)
    for n, node in enumerate(graph.nodes):
        if n in reached:
            continue
        group = _reachable({n}, neighbours)
        reached |= group
        more = f" and the {len(group) - 1} tied to it" if len(group) > 1 else ""
        shown = node.iri[:120] or "/".join(node.classes)[:60] or "without @id"
        message = f"nothing ties this node ({shown}){more} to what the script is about"
        fix = "refer to it, or let it refer to the main node"
        yield Fault(code="jsonld-orphan", span=node.span, severity="info", message=message, fix=fix, focus=node.iri)


def _neighbours(graph: PageGraph) -> dict[int, set[int]]:
    """The nodes connected to each node (by index): by a reference, by nesting, or by having the same IRI."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    number = {id(node): n for n, node in enumerate(graph.nodes)}
    first: dict[str, int] = {}
    for n, node in enumerate(graph.nodes):
        if node.iri:
            _connect(neighbours, n, first.setdefault(node.iri, n))
        for child in node.children:
            _connect(neighbours, n, number[id(child)])
    for reference in graph.references:
        if reference.iri in first:
            _connect(neighbours, number[id(reference.node)], first[reference.iri])
    return neighbours


def _connect(neighbours: dict[int, set[int]], one: int, other: int) -> None:
    neighbours[one].add(other)
    neighbours[other].add(one)


def _reachable(begin: set[int], neighbours: dict[int, set[int]]) -> set[int]:
    """The nodes (by index) that can be reached from those in ``begin``, themselves among them."""
    reached, waiting = set(begin), list(begin)
    while waiting:
        fresh = neighbours[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    return reached


def _contradictions(graph: PageGraph) -> Iterator[Fault]:
    """Descriptions of the same ``@id`` that give different values for a property with one value."""
    first: dict[tuple[str, str, str], str] = {}
    for node in graph.nodes:
        for statement in node.statements if node.iri else ():
            literal = _single_literal(statement)
            if literal is None or statement.own or statement.backwards or statement.name not in SINGLE:
                continue
            language, text = literal
            before = first.setdefault((node.iri, statement.name, language), text)
            if _meaning(before) != _meaning(text):
                message = f"{statement.name} of {node.iri[:120]} is {text[:60]!r} here and {before[:60]!r} further up"
                fix = "let both say the same, or describe it once"
                yield Fault(
                    code="jsonld-contradiction",
                    span=statement.value.span,
                    severity="warning",
                    message=message,
                    fix=fix,
                    focus=node.iri,
                    path=statement.path,
                    value=text,
                )


def _meaning(text: str) -> object:
    """The meaning by which values are compared: a date's moment, or the short name of a member of an enumeration."""
    return read_moment(text) or _MEMBER.sub("", text)


def _single_literal(statement: Statement) -> tuple[str, str] | None:
    """Language and text of a property's value if it is a single literal; None for a node, no value or several."""
    if len(statement.values) != 1:
        return None
    data, language = statement.values[0].data, ""
    if isinstance(data, dict) and "@value" in data:
        tag = data["@language"].value.data if "@language" in data else ""
        data, language = data["@value"].value.data, str(tag).lower()
    return None if data is None or data == "" or isinstance(data, list | dict) else (language, str(data))


def _schemes(graph: PageGraph) -> Iterator[Fault]:
    """Hosts of the page's own nodes that occur with http and with https, which makes them different IRIs."""
    own = {host for node in graph.nodes if (host := _host(node.iri))}
    places = [(node.iri, node.span, node) for node in graph.nodes] + [(r.iri, r.span, r.node) for r in graph.references]
    seen: dict[str, set[str]] = defaultdict(set)
    for iri, _, _ in places:
        seen[_host(iri)].add(_scheme(iri))
    reported = set()
    for iri, span, node in places:
        host = _host(iri)
        if host in own and len(seen[host]) > 1 and _scheme(iri) == "http" and host not in reported:
            reported.add(host)
            message = (
                f"the ids of {host[:80]} begin with http here and with https elsewhere: these are different things"
            )
            yield Fault(
                code="jsonld-scheme",
                span=span,
                severity="warning",
                message=message,
                fix="write https in all of them",
                focus=node.iri,
                value=iri,
            )

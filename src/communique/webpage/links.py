"""What is wrong between the nodes of a page: references to nothing, loose nodes, contradictions, two schemes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from communique.export.pagejson import URL_TERMS
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
"""Properties of which one thing has one value: two different ones contradict each other."""

_MEMBER: Final = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)(?=\w+$)")
_LINKS: Final = URL_TERMS - {"isPartOf"} | {"item"}
"""Properties whose values are addresses: they lead away from the page and need no description in it."""


def check_links(graph: PageGraph) -> Iterator[Fault]:
    """All faults between the nodes of a page."""
    described = {node.iri for node in graph.nodes if node.iri}
    yield from _dangling(graph, described)
    yield from _loose(graph)
    yield from _contradictions(graph)
    yield from _schemes(graph)


def _dangling(graph: PageGraph, described: set[str]) -> Iterator[Fault]:
    """References to parts of the page (violation) or of its site (warning) that the page does not describe.

    Its site is the host of its address, else that of the first ``@id`` in it. An IRI elsewhere is a link to others.
    """
    site = _host(graph.base) or next(filter(None, (_host(node.iri) for node in graph.nodes)), "")
    for node, name, iri, span in graph.references:
        if iri in described or name in _LINKS or not iri:
            continue
        severity: Severity | None = "warning" if site and _host(iri) == site else None
        if not _scheme(iri) or iri.startswith("_:") or _is_part(iri, graph.base):
            severity = "violation"
        if severity is not None:
            message = f"{iri[:120]!r} is named here and described nowhere in the page"
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
    """The scheme of an IRI, empty if it has none or cannot be taken apart."""
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
    """Whether an IRI names a part of the page: its address, and something behind a ``#``."""
    return page != "" and "#" in iri and iri.partition("#")[0] == page.partition("#")[0]


def _loose(graph: PageGraph) -> Iterator[Fault]:
    """Nodes that no chain of references, in either direction, ties to the first node of a script; one for a group."""
    beside = _ties(graph)
    reached = _reached({n for n, node in enumerate(graph.nodes) if node.main}, beside)
    for n, node in enumerate(graph.nodes):
        if n in reached:
            continue
        group = _reached({n}, beside)
        reached |= group
        more = f" and the {len(group) - 1} tied to it" if len(group) > 1 else ""
        shown = node.iri[:120] or "/".join(node.classes)[:60] or "without @id"
        message = f"nothing ties this node ({shown}){more} to what the script is about"
        fix = "refer to it, or let it refer to the main node"
        yield Fault(code="jsonld-orphan", span=node.span, severity="info", message=message, fix=fix, focus=node.iri)


def _ties(graph: PageGraph) -> dict[int, set[int]]:
    """For each node, by its number, those that it is tied to: by a reference, by nesting, or by having the same IRI."""
    beside: dict[int, set[int]] = defaultdict(set)
    number = {id(node): n for n, node in enumerate(graph.nodes)}
    first: dict[str, int] = {}
    for n, node in enumerate(graph.nodes):
        if node.iri:
            _tie(beside, n, first.setdefault(node.iri, n))
        for child in node.children:
            _tie(beside, n, number[id(child)])
    for reference in graph.references:
        if reference.iri in first:
            _tie(beside, number[id(reference.node)], first[reference.iri])
    return beside


def _tie(beside: dict[int, set[int]], one: int, other: int) -> None:
    beside[one].add(other)
    beside[other].add(one)


def _reached(begin: set[int], beside: dict[int, set[int]]) -> set[int]:
    reached, waiting = set(begin), list(begin)
    while waiting:
        fresh = beside[waiting.pop()] - reached
        reached |= fresh
        waiting += fresh
    return reached


def _contradictions(graph: PageGraph) -> Iterator[Fault]:
    """Two descriptions of one ``@id`` that each give one value, not the same."""
    first: dict[tuple[str, str, str], str] = {}
    for node in graph.nodes:
        for statement in node.statements if node.iri else ():
            said = _said(statement)
            if said is None or statement.own or statement.backwards or statement.name not in SINGLE:
                continue
            language, text = said
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
    """What tells one value from another: a moment, however written, a member of an enumeration in short or long."""
    return read_moment(text) or _MEMBER.sub("", text)


def _said(statement: Statement) -> tuple[str, str] | None:
    """Language and text of the one literal that a property has; None for a node, for nothing, for several."""
    if len(statement.values) != 1:
        return None
    data, language = statement.values[0].data, ""
    if isinstance(data, dict) and "@value" in data:
        tag = data["@language"].value.data if "@language" in data else ""
        data, language = data["@value"].value.data, str(tag).lower()
    return None if data is None or data == "" or isinstance(data, list | dict) else (language, str(data))


def _schemes(graph: PageGraph) -> Iterator[Fault]:
    """Hosts of the page's own nodes that are written with http and with https: to a machine two different sites."""
    own = {host for node in graph.nodes if (host := _host(node.iri))}
    places = [(node.iri, node.span, node) for node in graph.nodes] + [(r.iri, r.span, r.node) for r in graph.references]
    seen: dict[str, set[str]] = defaultdict(set)
    for iri, _, _ in places:
        seen[_host(iri)].add(_scheme(iri))
    told = set()
    for iri, span, node in places:
        host = _host(iri)
        if host in own and len(seen[host]) > 1 and _scheme(iri) == "http" and host not in told:
            told.add(host)
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

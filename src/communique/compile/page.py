"""Facts of the web page around a release, kept apart from those of its text, each with the place it was read from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from communique.addresses import fault_of, is_page_address
from communique.compile.evidencegraph import statement_node
from communique.compile.expand import Expansion
from communique.compile.literals import dated, nfc
from communique.compile.values import as_list
from communique.errors import suggestion
from communique.findings import Finding, Findings
from communique.iris import graph_iri
from communique.read.release import WrittenRelease
from communique.terms import CMQ, DCTERMS, RDF, TYPE

KEYS: Final = ("url", "publisher", "datePublished")
"""What a page may add to a release; everything else must be in the text."""


class PageFact(NamedTuple):
    """A fact of a page: its key, its value, and the place where it was read."""

    key: str
    value: NamedNode | Literal
    origin: str


def compile_page(
    release: WrittenRelease, subject: NamedNode, expansion: Expansion, day: str | None = None
) -> tuple[tuple[Quad, ...], list[Finding]]:
    """The quads of ``page.json`` and what is wrong with it; nothing if the release has none.

    Every fact has a statement node with ``cmq:origin`` and, if the address is known, ``dcterms:source``; it has no
    evidence and no basis, because no words of the text say it. ``day`` is that of the dateline (YYYY-MM-DD): a page
    cannot publish a release before it.
    """
    if release.page is None:
        return (), []
    file = str(release.path / "page.json")
    findings = Findings(file)

    def refuse(code: str, message: str, key: str, fix: str | Callable[[], str | None]) -> None:
        def finding() -> Finding:
            fix_text = fix() if callable(fix) else fix
            return Finding.of_file(file, code, message, focus=subject.value, path=key, fix=fix_text)

        findings.add_lazily("violation", finding)

    facts: list[PageFact] = []
    for key, written in release.page.items():
        if key not in KEYS:
            fix = suggestion(key, KEYS, otherwise=f"known: {', '.join(KEYS)}")
            refuse("unknown-key", f"unknown key {key!r}", key, fix)
            continue
        entries = list(_entries(written))
        if not entries:
            refuse("no-origin", f"{key} needs a value and an origin", key, _ENTRY)
        for text, origin in entries:
            value = _value(expansion, key, text)
            if value is None:
                refuse("bad-reference", f"{text[:200]!r} {fault_of(text)}", key, "write an id or a whole address")
            elif key == "datePublished" and day is not None and _is_before(text, day):
                message = f"the page is dated {text[:40]}, before the dateline of the release, {day}"
                refuse("page-before-dateline", message, key, "look at the page again, or correct the dateline")
            else:
                facts.append(PageFact(key, value, origin))
    graph = NamedNode(graph_iri(expansion.base, release.slug, "page"))
    return _quads(subject, facts, expansion, graph), list(findings.all())


_ENTRY: Final = 'write {"value": "…", "origin": "where on the page"}; several values are a list'


def _entries(written: object) -> Iterator[tuple[str, str]]:
    """The values of a key and the place of each; none if one of them cannot be read.

    Several values are a list in one entry, or several entries.
    """
    found: list[tuple[str, str]] = []
    for entry in as_list(written):
        if not isinstance(entry, dict) or set(entry) != {"value", "origin"}:
            return
        texts = (*as_list(entry["value"]), entry["origin"])
        if len(texts) == 1 or not all(isinstance(text, str) and text.strip() for text in texts):
            return
        found += [(str(text), str(entry["origin"])) for text in texts[:-1]]
    yield from dict.fromkeys(found)


def _is_before(text: str, day: str) -> bool:
    """Whether a date, or a date with a time and an offset, is before a day everywhere on earth.

    A month or a year is before it if its last day is.

    >>> _is_before("2020-02-02", "2020-02-03"), _is_before("2020-02-02T20:00:00Z", "2020-02-03")
    (True, False)
    >>> _is_before("2020-01", "2020-02-03"), _is_before("2020", "2020-02-03")
    (True, False)
    """
    try:
        if _COARSE.fullmatch(text):
            first = date.fromisoformat(f"{text}-01-01"[:10])
            return first.isoformat()[: len(text)] < day[: len(text)]
        moment = datetime.fromisoformat(text)
        if "T" in text and moment.tzinfo is not None:
            moment = moment.astimezone(_FIRST_ZONE)
        return moment.date() < date.fromisoformat(day)
    except (ValueError, OverflowError):
        return False  # the shapes speak of dates that are none


_COARSE: Final = re.compile(r"\d{4}(?:-\d{2})?", re.ASCII)

_FIRST_ZONE: Final = timezone(timedelta(hours=14))
"""Where a day begins first."""


def _value(expansion: Expansion, key: str, text: str) -> NamedNode | Literal | None:
    term = expansion.context.terms[key]
    if key == "url" and is_page_address(text, expansion.base):
        return NamedNode(text)
    if term.kind == "reference":
        return expansion.resolve(text)
    return dated(nfc(text)) if term.datatype else Literal(nfc(text))


def _quads(subject: NamedNode, facts: list[PageFact], expansion: Expansion, graph: NamedNode) -> tuple[Quad, ...]:
    address = next((fact.value for fact in facts if fact.key == "url"), None)
    quads: list[Quad] = []
    for key, value, origin in facts:
        predicate = NamedNode(expansion.context.terms[key].iri)
        statement = statement_node(subject.value, subject, predicate, value)
        quads.append(Quad(subject, predicate, value, graph))
        for name, term in (
            (TYPE, NamedNode(RDF + "Statement")),
            (RDF + "subject", subject),
            (RDF + "predicate", predicate),
            (RDF + "object", value),
            (CMQ + "origin", Literal(nfc(origin))),
            (DCTERMS + "source", address),
        ):
            if term is not None:
                quads.append(Quad(statement, NamedNode(name), term, graph))
    return tuple(quads)

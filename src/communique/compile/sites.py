"""Web sites that a text gives without saying whose they are: "Website: www.works.example", «Сайт: www…»."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from communique.compile.nodes import RecordNode
from communique.compile.reading import Reading
from communique.compile.relations.cues import cues_of
from communique.terms import FABIO, SCHEMA
from communique.text.passages import Span

_RELEASE: Final = frozenset({SCHEMA + "NewsArticle", FABIO + "PressRelease"})
_ORGANISATION: Final = SCHEMA + "Organization"
_WITH_SITES: Final = frozenset(
    SCHEMA + name for name in ("Organization", "Event", "Project", "CreativeWork", "Product", "Person")
)
"""Classes of what can have a site of its own."""
_ADDRESS: Final = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_WHOLE: Final = re.compile(r"(?:https?://)?[^/\s]+/?", re.IGNORECASE)
"""The address of a whole site: a page of it may be about anything."""
_MARKS: Final = " :–—\xa0"


def sites_in(reading: Reading) -> Iterator[Span]:
    """The addresses right behind words for a site or for more to read; no other word stands between."""
    source, cues = reading.source, cues_of(reading.language)
    for path in ("site", "further"):
        for hit in cues.pattern(path).finditer(source):
            line = source.find("\n", hit.end())
            address = _ADDRESS.search(source, hit.end(), line if line >= 0 else len(source))
            gap = source[hit.end() : address.start()].strip(_MARKS).lower() if address is not None else "-"
            is_whole = address is not None and _WHOLE.fullmatch(address.group()) is not None
            if address is not None and is_whole and (not gap or gap in cues.set("prepositions")):
                yield Span(*address.span())


def is_only_owner(reading: Reading, node: RecordNode) -> bool:
    """Whether an organisation is all in a record that can have a site, but for people who belong to it."""
    iri = node.iri.value
    if _ORGANISATION not in reading.classes(iri):
        return False
    for other, one in reading.nodes.items():
        classes = reading.classes(other)
        if other == iri or not _WITH_SITES & classes or _RELEASE & classes:
            continue
        if SCHEMA + "Person" not in classes or _where_belongs(reading, one) != {iri}:
            return False
    return True


def _where_belongs(reading: Reading, person: RecordNode) -> set[str]:
    """The organisations of somebody by the record: those of their roles, and their affiliations."""
    roles = [n for n in reading.nodes.values() if any(f.object == person.iri for f in n.facts.get("member", ()))]
    own = [*person.facts.get("affiliation", ()), *(f for role in roles for f in role.facts.get("organization", ()))]
    return {fact.object.value for fact in own}

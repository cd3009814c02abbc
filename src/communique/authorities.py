"""Authorities: the one form of their ids as linked data, what kinds of things they identify, and their codes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from communique.schemaorg import read_vocabulary
from communique.terms import SCHEMA, SKOS

KINDS: Final = {
    "Person": "a person",
    "Organization": "an organisation",
    "Place": "a place",
    "Event": "an event",
    "CreativeWork": "a work",
    "Concept": "a concept",
}
"""Kinds of things, each with the words for one thing of it.

No two are one unless a class belongs to both, as a restaurant is a place too."""


class Authority(NamedTuple):
    """An authority: patterns of its hosts and of an id within an address, and the template of the canonical IRI.

    ``kinds`` are those of the things that it identifies; none if it identifies anything. ``scheme`` is what an
    ``identifier`` has before the colon for one of its ids, which ``before`` precedes in the address.
    """

    name: str
    hosts: str
    id: str
    canonical: str
    scheme: str
    before: str = ""
    kinds: tuple[str, ...] = ()


AUTHORITIES: Final = (
    Authority(
        "Wikidata", r"(?:www\.|m\.)?wikidata\.org", r"[QPL][1-9]\d*", "http://www.wikidata.org/entity/{}", "wikidata"
    ),
    Authority(
        "GeoNames",
        r"(?:www\.|sws\.)?geonames\.org",
        r"[1-9]\d*",
        "https://sws.geonames.org/{}/",
        "geonames",
        kinds=("Place",),
    ),
    Authority(
        "ISNI",
        r"(?:www\.)?isni\.org",
        r"\d{15}[\dX]",
        "https://isni.org/isni/{}",
        "isni",
        kinds=("Person", "Organization"),
    ),
    Authority("VIAF", r"(?:www\.)?viaf\.org", r"[1-9]\d+", "http://viaf.org/viaf/{}", "viaf"),
    Authority("ROR", r"(?:www\.)?ror\.org", r"0[a-z0-9]{6}\d\d", "https://ror.org/{}", "ror", kinds=("Organization",)),
    Authority(
        "ORCID",
        r"(?:www\.)?orcid\.org",
        r"(?:\d{4}-){3}\d{3}[\dX]",
        "https://orcid.org/{}",
        "orcid",
        kinds=("Person",),
    ),
    Authority("GND", r"d-nb\.info", r"gnd/[\dX-]+", "https://d-nb.info/{}", "gnd", before="gnd/"),
    Authority(
        "Library of Congress",
        r"(?:www\.)?id\.loc\.gov",
        r"(?:authorities|vocabulary|rwo|entities|resources)/[\w-]+/[\w-]+",
        "http://id.loc.gov/{}",
        "lcsh",
        before="authorities/subjects/",
    ),
    Authority(
        "EuroVoc",
        r"(?:www\.)?eurovoc\.europa\.eu",
        r"c_[0-9a-f]+|[1-9]\d*",
        "http://eurovoc.europa.eu/{}",
        "eurovoc",
        kinds=("Concept",),
    ),
    Authority(
        "UNBIS",
        r"metadata\.un\.org",
        r"thesaurus/\d+",
        "http://metadata.un.org/{}",
        "unbis",
        before="thesaurus/",
        kinds=("Concept",),
    ),
)
"""Authorities with one canonical form of their ids."""

_SUBJECT_HEADINGS: Final = "http://id.loc.gov/authorities/subjects/"  # of many lists there, this one has concepts alone

LINKS: Final = (SCHEMA + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch")
"""Properties that link to authorities."""
_CONCEPTS: Final = (SKOS + "Concept", SCHEMA + "DefinedTerm")


def canonical(iri: str) -> tuple[str, str] | None:
    """The authority that an address belongs to and the canonical form of the address; None if it has that form.

    None too if it belongs to no authority. The form is "" if the address contains no id.

    >>> canonical("https://www.wikidata.org/wiki/Q42")
    ('Wikidata', 'http://www.wikidata.org/entity/Q42')
    >>> canonical("http://www.wikidata.org/entity/Q42") is None
    True
    >>> canonical("https://www.geonames.org/")
    ('GeoNames', '')
    """
    authority, form = _find(iri)
    return None if authority is None or form == iri else (authority.name, form)


def _find(iri: str) -> tuple[Authority | None, str]:
    """The authority of an address, None if it has none, and the canonical form of the address, "" without an id."""
    for authority in AUTHORITIES:
        hit = re.match(rf"(?i:https?://{authority.hosts})(?::\d+)?(?=[/?#]|$)", iri)
        if hit is not None:
            found = re.search(rf"(?<![\w-])(?:{authority.id})(?![\w-])", iri[hit.end() :])
            return authority, authority.canonical.format(found.group()) if found else ""
    return None, ""


def identified(iri: str) -> tuple[Authority, tuple[str, ...]] | None:
    """The authority of an address and the kinds of things that one of its ids can stand for; None if that is unknown.

    >>> identified("https://sws.geonames.org/1/")[1], identified("http://www.wikidata.org/entity/Q42")
    (('Place',), None)
    """
    authority, form = _find(iri)
    if authority is None or not form:
        return None
    kinds = ("Concept",) if form.startswith(_SUBJECT_HEADINGS) else authority.kinds
    return (authority, kinds) if kinds else None


def address_of(scheme: str, code: str) -> str | None:
    """The canonical IRI of a code of an authority; None for other schemes, and for what is no id there.

    >>> address_of("unbis", "1003516"), address_of("iso3166-1-alpha2", "KZ")
    ('http://metadata.un.org/thesaurus/1003516', None)
    """
    for authority in AUTHORITIES:
        if authority.scheme == scheme.lower() and re.fullmatch(authority.id, authority.before + code):
            return authority.canonical.format(authority.before + code)
    return None


def code_of(iri: str) -> str | None:
    """The code, with its scheme, for an address at an authority; None if it is at none, or in a list without one.

    >>> code_of("http://metadata.un.org/thesaurus/1003516")
    'unbis:1003516'
    """
    authority, form = _find(iri)
    start, _, end = authority.canonical.partition("{}") if authority else ("", "", "")
    found = form.removeprefix(start).removesuffix(end)
    if authority is None or not found.startswith(authority.before):
        return None
    return f"{authority.scheme}:{found.removeprefix(authority.before)}"


def kinds_of(classes: Iterable[str]) -> frozenset[str]:
    """Those of the `KINDS` that nodes with these classes (IRIs) belong to.

    >>> sorted(kinds_of(["http://schema.org/Restaurant"])), sorted(kinds_of(["http://schema.org/Thing"]))
    (['Organization', 'Place'], [])
    """
    vocabulary, found = read_vocabulary(), set[str]()
    for iri in classes:
        name = iri.removeprefix(SCHEMA)
        found.update(("Concept",) if iri in _CONCEPTS else {name, *vocabulary.superclasses(name)})
    return frozenset(KINDS) & found

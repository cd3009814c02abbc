"""The canonical form of an authority's ids as linked data; a link in another form matches nobody else's data."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from communique.terms import SCHEMA, SKOS


class Authority(NamedTuple):
    """An authority: patterns of its hosts and of an id within an address, and the template of the canonical IRI."""

    name: str
    hosts: str
    id: str
    canonical: str


AUTHORITIES: Final = (
    Authority("Wikidata", r"(?:www\.|m\.)?wikidata\.org", r"[QPL][1-9]\d*", "http://www.wikidata.org/entity/{}"),
    Authority("GeoNames", r"(?:www\.|sws\.)?geonames\.org", r"[1-9]\d*", "https://sws.geonames.org/{}/"),
    Authority("ISNI", r"(?:www\.)?isni\.org", r"\d{15}[\dX]", "https://isni.org/isni/{}"),
    Authority("VIAF", r"(?:www\.)?viaf\.org", r"[1-9]\d+", "http://viaf.org/viaf/{}"),
    Authority("ROR", r"(?:www\.)?ror\.org", r"0[a-z0-9]{6}\d\d", "https://ror.org/{}"),
    Authority("ORCID", r"(?:www\.)?orcid\.org", r"(?:\d{4}-){3}\d{3}[\dX]", "https://orcid.org/{}"),
    Authority("GND", r"d-nb\.info", r"gnd/[\dX-]+", "https://d-nb.info/{}"),
    Authority(
        "Library of Congress",
        r"(?:www\.)?id\.loc\.gov",
        r"(?:authorities|vocabulary|rwo|entities|resources)/[\w-]+/[\w-]+",
        "http://id.loc.gov/{}",
    ),
    Authority("EuroVoc", r"(?:www\.)?eurovoc\.europa\.eu", r"c_[0-9a-f]+|[1-9]\d*", "http://eurovoc.europa.eu/{}"),
    Authority("UNBIS", r"metadata\.un\.org", r"thesaurus/\d+", "http://metadata.un.org/{}"),
)
"""Authorities with one canonical form of their ids."""

LINKS: Final = (SCHEMA + "sameAs", SKOS + "exactMatch", SKOS + "closeMatch")
"""Properties that link to authorities."""


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
    for authority in AUTHORITIES:
        hit = re.match(rf"(?i:https?://{authority.hosts})(?::\d+)?(?=[/?#]|$)", iri)
        if hit is None:
            continue
        found = re.search(rf"(?<![\w-])(?:{authority.id})(?![\w-])", iri[hit.end() :])
        form = authority.canonical.format(found.group()) if found else ""
        return None if form == iri else (authority.name, form)
    return None

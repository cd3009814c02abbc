"""Write ``src/communique/schemaorg.txt``: what schema.org 30.0 says of all its terms, without the descriptions.

    python tests/tools/write_schemaorg_terms.py schemaorg-all-http.ttl

The argument is the official file of all terms, with http IRIs, as published with release 30.0 (2026-03-19) at
https://schema.org/docs/developers.html.
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = ROOT / "src" / "communique" / "schemaorg.txt"
SCHEMA = "http://schema.org/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
HEAD = """\
# The terms of schema.org 30.0 (2026-03-19), an extract of the file of all terms with http IRIs,
# https://schema.org/docs/developers.html, SHA-256 {sha256}
# CC BY-SA 3.0, https://schema.org/docs/terms.html
# Written by tests/tools/write_schemaorg_terms.py, one term a line, without empty fields at its end:
# class|NAME|SUPERCLASSES|pending|SUPERSEDED BY
# datatype|NAME
# member|NAME|ENUMERATIONS|pending|SUPERSEDED BY
# property|NAME|DOMAINS|RANGES|pending|SUPERSEDED BY|INVERSES
"""
PENDING = "http://pending.schema.org"

Facts = dict[str, set[str]]


def render(official: Path) -> str:
    """The text of the file: one term per line, sorted by kind and name."""
    terms: dict[str, Facts] = defaultdict(lambda: defaultdict(set))
    for quad in ox.parse(path=str(official)):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(SCHEMA):
            terms[quad.subject.value.removeprefix(SCHEMA)][quad.predicate.value].add(str(quad.object)[1:-1])
    lines = [_line(name, facts) for name, facts in terms.items() if facts[RDF + "type"]]
    sha256 = hashlib.sha256(official.read_bytes()).hexdigest()
    return HEAD.format(sha256=sha256) + "".join(f"{line}\n" for line in sorted(lines))


def _line(name: str, facts: Facts) -> str:
    standing = ["pending" if PENDING in facts[SCHEMA + "isPartOf"] else "", _names(facts[SCHEMA + "supersededBy"])]
    if SCHEMA + "DataType" in facts[RDF + "type"]:
        fields = ["datatype", name]
    elif RDFS + "Class" in facts[RDF + "type"]:
        fields = ["class", name, _names(facts[RDFS + "subClassOf"]), *standing]
    elif RDF + "Property" in facts[RDF + "type"]:
        domains, ranges = (_names(facts[SCHEMA + key]) for key in ("domainIncludes", "rangeIncludes"))
        fields = ["property", name, domains, ranges, *standing, _names(facts[SCHEMA + "inverseOf"])]
    else:
        fields = ["member", name, _names(facts[RDF + "type"]), *standing]
    return "|".join(fields).rstrip("|")


def _names(iris: set[str]) -> str:
    """The names of those IRIs that are terms of schema.org, sorted."""
    return " ".join(sorted(iri.removeprefix(SCHEMA) for iri in iris if iri.startswith(SCHEMA)))


if __name__ == "__main__":
    WRITTEN.write_text(render(Path(sys.argv[1])), encoding="utf-8")

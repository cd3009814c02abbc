"""Write ``src/communique/webpage/schemaorg.txt``: the names of schema.org 30.0, as the check of pages needs them.

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
WRITTEN = ROOT / "src" / "communique" / "webpage" / "schemaorg.txt"
SCHEMA = "http://schema.org/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
TIMES = {"Date", "DateTime", "Time"}
HEAD = """\
# The terms of schema.org 30.0 (2026-03-19), an extract of the file of all terms with http IRIs,
# https://schema.org/docs/developers.html, SHA-256 {sha256}
# CC BY-SA 3.0, https://schema.org/docs/terms.html
# Written by tests/tools/write_schemaorg_terms.py: class NAME SUPERCLASS..., member NAME, property NAME [date [time]]
"""


def render(official: Path) -> str:
    """The text of the file: one term per line, sorted.

    A property has ``date`` if every value is a date or a time, and ``time`` if it may be a time of day alone.
    """
    terms: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in ox.parse(path=str(official)):
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(SCHEMA):
            terms[quad.subject.value.removeprefix(SCHEMA)][quad.predicate.value].add(str(quad.object)[1:-1])
    lines = [_line(name, facts) for name, facts in terms.items() if facts[RDF + "type"]]
    sha256 = hashlib.sha256(official.read_bytes()).hexdigest()
    return HEAD.format(sha256=sha256) + "".join(f"{line}\n" for line in sorted(lines))


def _line(name: str, facts: dict[str, set[str]]) -> str:
    if RDFS + "Class" in facts[RDF + "type"]:
        above = {iri.removeprefix(SCHEMA) for iri in facts[RDFS + "subClassOf"] if iri.startswith(SCHEMA)}
        return " ".join(["class", name, *sorted(above)])
    if RDF + "Property" not in facts[RDF + "type"]:
        return f"member {name}"
    ranges = {iri.removeprefix(SCHEMA) for iri in facts[SCHEMA + "rangeIncludes"]}
    if not ranges or not ranges <= TIMES:
        return f"property {name}"
    return f"property {name} date" + (" time" if "Time" in ranges else "")


if __name__ == "__main__":
    WRITTEN.write_text(render(Path(sys.argv[1])), encoding="utf-8")

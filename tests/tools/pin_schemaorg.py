"""Write ``tests/data/schemaorg-30.0.json``: what schema.org 30.0 says of the terms that this project uses.

    python tests/tools/pin_schemaorg.py schemaorg-all-http.ttl

The argument is the official file of all terms, with http IRIs, as published with release 30.0 (2026-03-19) at
https://schema.org/docs/developers.html. Run it again when a new term is used.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[2]
PINNED = ROOT / "tests" / "data" / "schemaorg-30.0.json"
SCHEMA = "http://schema.org/"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
IN_ARTEFACTS = re.compile(r"(?:(?<![\w:])schema:|http://schema\.org/)([A-Za-z][A-Za-z0-9]*)")
IN_PROGRAM = re.compile(r"SCHEMA \+ \"([A-Za-z0-9]+)\"")


def used_terms(root: Path = ROOT) -> set[str]:
    """Names of the schema.org terms in the ontology, the context, the shapes, the queries and the program."""
    artefacts = (p for name in ("ontology", "shapes", "queries") for p in (root / name).rglob("*"))
    texts = [(IN_ARTEFACTS, p) for p in artefacts if p.suffix in (".ttl", ".jsonld", ".rq")]
    texts += [(IN_PROGRAM, p) for p in (root / "src").rglob("*.py")]
    return {name for pattern, p in texts for name in pattern.findall(p.read_text(encoding="utf-8"))}


def describe(names: set[str], official: Path) -> dict[str, dict[str, object]]:
    """What the official file says of the terms and, for classes, of all their superclasses."""
    graph = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in ox.parse(path=str(official)))
    terms: dict[str, dict[str, object]] = {}
    pending = sorted(names)
    while pending:
        name = pending.pop()
        kinds = set(_values(graph, name, RDF_TYPE))
        if name in terms or not kinds:
            continue
        if RDFS + "Class" in kinds:
            above = sorted(_local(graph, name, RDFS + "subClassOf"))
            terms[name] = {"kind": "class", "superclasses": above}
            pending += above
        else:
            domain, range_ = (sorted(_local(graph, name, SCHEMA + p)) for p in ("domainIncludes", "rangeIncludes"))
            terms[name] = {"kind": "property", "domainIncludes": domain, "rangeIncludes": range_}
    return dict(sorted(terms.items()))


def _values(graph: ox.Dataset, name: str, predicate: str) -> Iterator[str]:
    for quad in graph.quads_for_subject(ox.NamedNode(SCHEMA + name)):
        if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode):
            yield quad.object.value


def _local(graph: ox.Dataset, name: str, predicate: str) -> Iterator[str]:
    """The values that are schema.org terms, without the namespace."""
    return (v.removeprefix(SCHEMA) for v in _values(graph, name, predicate) if v.startswith(SCHEMA))


def main(official: Path) -> None:
    """Write the pinned file, without names that schema.org does not know; the tests report those."""
    about = {
        "source": "schema.org 30.0 (2026-03-19), all terms, http IRIs; https://schema.org/docs/developers.html",
        "licence": "CC BY-SA 3.0, https://schema.org/docs/terms.html",
        "changes": "an extract: the terms in use, their superclasses, domains and ranges",
    }
    head = "".join(f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in about.items())
    terms = describe(used_terms(), official)
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(term)}" for name, term in terms.items())
    PINNED.write_text(f'{{\n{head} "terms": {{\n{rows}\n }}\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("official", type=Path, help="schemaorg-all-http.ttl of release 30.0")
    main(parser.parse_args().official)

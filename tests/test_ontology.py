"""The vocabulary: our terms are documented, those of others exist, and departures from them are named."""

from __future__ import annotations

import importlib.metadata
import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
import yaml_rs

from communique.context import AUTHORING_KEYS, read_context
from communique.terms import CMQ, DEFAULT_BASE, FABIO, FOAF, ONTOLOGY, ORG, PREFIXES, RDF, RDFS, SCHEMA, SKOS, TYPE

ROOT = Path(__file__).resolve().parents[1]
PINNED = json.loads((ROOT / "tests/data/schemaorg-30.0.json").read_text(encoding="utf-8"))["terms"]
OTHERS = json.loads((ROOT / "tests/data/other-vocabularies.json").read_text(encoding="utf-8"))
TRIPLES = list(ox.parse(path=str(ROOT / "ontology/communique.ttl"), format=ox.RdfFormat.TURTLE))
OWN = sorted({t.subject.value for t in TRIPLES if t.subject.value.startswith(CMQ)})
RECORDS = sorted((ROOT / "data/releases").glob("*/record.yaml"))
used_terms = runpy.run_path(str(ROOT / "tests/tools/pin_schemaorg.py"))["used_terms"]
MISSING_TERM = "not in the pinned extract: run tests/tools/pin_schemaorg.py"

DEPARTURES = {
    ("memberOf", FOAF + "Group"): "the text says to which body an unnamed group belongs",
}
"""Properties of schema.org on classes outside their domainIncludes, and why."""

RANGE_DEPARTURES = {
    ("attendee", FOAF + "Group"): "the release says which groups attended, without naming anybody",
    ("contributor", FOAF + "Group"): "the same of partners: in cooperation with",
    ("creator", FOAF + "Group"): "a statement of an unnamed group",
    ("memberOf", FOAF + "Group"): "who is named as one of an unnamed group ('In particular, …') is one of it",
    ("organizer", FOAF + "Group"): "the same of those who held the event",
    ("performer", FOAF + "Group"): "the same of those who spoke",
    ("recipient", FOAF + "Group"): "the invited are people, not the schema:Audience of a work",
}
"""Properties of schema.org with values outside their rangeIncludes, and why."""

WRITTEN_TWICE = {
    FABIO + "PressRelease": SCHEMA + "NewsArticle",
    ORG + "Membership": SCHEMA + "OrganizationRole",
    SKOS + "Concept": SCHEMA + "DefinedTerm",
}
"""Classes of others whose nodes always carry one of schema.org as well."""


def values(subject: str, predicate: str) -> list[Any]:
    return [t.object for t in TRIPLES if t.subject.value == subject and t.predicate.value == predicate]


def closure(name: str) -> set[str]:
    above = {name}
    for parent in PINNED.get(name, {}).get("superclasses", ()):
        above |= closure(parent)
    return above


# ---- our own terms


def test_there_are_as_many_own_terms_as_the_documentation_says():
    assert [t.removeprefix(CMQ) for t in OWN] == [
        "FormerRole", "PolicyRecommendation", "ReportedStatement", "approves", "attestedOn", "basis", "comesFrom",
        "comparison",
        "evidence", "evidenceSource", "formSource", "groupSize", "inferred", "mediaContact", "onBehalfOf", "origin",
        "partOfYear",
        "reportingVerb", "roleSource", "stated", "supporter",
    ]  # fmt: skip


@pytest.mark.parametrize("term", OWN)
def test_an_own_term_has_a_label_a_comment_an_example_and_a_home(term):
    for predicate in (RDFS + "label", RDFS + "comment"):
        assert [(v.language, bool(v.value)) for v in values(term, predicate)] == [("en", True)]
    assert [v.value for v in values(term, RDFS + "isDefinedBy")] == [ONTOLOGY]
    assert len(values(term, SKOS + "example")) == 1


@pytest.mark.parametrize("term", OWN)
def test_the_example_of_a_term_is_turtle_that_uses_it_and_only_known_terms(term):
    example = values(term, SKOS + "example")[0].value
    head = "".join(f"@prefix {p}: <{space}> .\n" for p, space in PREFIXES.items())
    triples = list(ox.parse((head + example).encode(), format=ox.RdfFormat.TURTLE, base_iri=DEFAULT_BASE))
    names = {n.value for t in triples for n in (t.predicate, t.object) if isinstance(n, ox.NamedNode)}
    assert term in names
    assert {n for n in names if n.startswith(CMQ)} <= set(OWN)
    assert {n.removeprefix(SCHEMA) for n in names if n.startswith(SCHEMA)} <= set(PINNED), MISSING_TERM


@pytest.mark.parametrize("term", [t for t in OWN if values(t, SCHEMA + "rangeIncludes")])
def test_domain_and_range_are_hints_and_name_classes_that_exist(term):
    assert not values(term, RDFS + "domain") and not values(term, RDFS + "range")
    for hint in ("domainIncludes", "rangeIncludes"):
        classes = [v.value for v in values(term, SCHEMA + hint)]
        assert classes, f"{term} has no {hint}"
        assert [c for c in classes if not is_known(c)] == []


def test_every_property_says_on_what_and_with_what_it_is_used():
    properties = {t for t in OWN if RDF + "Property" in [v.value for v in values(t, TYPE)]}
    assert {t for t in OWN if values(t, SCHEMA + "rangeIncludes")} == properties


def test_the_ontology_says_nothing_of_terms_of_others():
    assert {t.subject.value for t in TRIPLES} == {ONTOLOGY, *OWN}


def test_the_ontology_has_no_blank_node_and_no_https_schema_org():
    terms = [x for t in TRIPLES for x in (t.subject, t.object)]
    assert not any(isinstance(x, ox.BlankNode) for x in terms)
    assert "https://schema.org" not in (ROOT / "ontology/communique.ttl").read_text(encoding="utf-8")


def test_what_our_terms_are_kinds_of_exists():
    above = {v.value for t in OWN for p in ("subClassOf", "subPropertyOf", "seeAlso") for v in values(t, RDFS + p)}
    assert [a for a in sorted(above) if not is_known(a)] == []


def test_the_version_of_the_vocabulary_is_that_of_the_package():
    owl_version = "http://www.w3.org/2002/07/owl#versionInfo"
    assert [v.value for v in values(ONTOLOGY, owl_version)] == [importlib.metadata.version("communique")]


def test_rdflib_reads_the_same_triples():
    graph = rdflib.Graph().parse(ROOT / "ontology/communique.ttl")
    assert len(graph) == len(set(TRIPLES))


# ---- terms of others


def is_known(iri: str) -> bool:
    if iri.startswith(SCHEMA):
        return iri.removeprefix(SCHEMA) in PINNED
    space = next((s for s in OTHERS if iri.startswith(s)), None)
    return iri in OWN or (space is not None and iri.removeprefix(space) in OTHERS[space]["terms"])


def test_every_schema_org_term_in_use_exists_in_release_30():
    assert sorted(used_terms(ROOT) - set(PINNED)) == [], MISSING_TERM


def test_the_extract_is_not_written_without_the_official_file(monkeypatch, capsys):
    tool = ROOT / "tests/tools/pin_schemaorg.py"
    monkeypatch.setattr("sys.argv", [str(tool)])
    with pytest.raises(SystemExit):
        runpy.run_path(str(tool), run_name="__main__")
    assert capsys.readouterr().err.endswith("the following arguments are required: official\n")


def test_the_pinned_extract_holds_no_term_that_nobody_uses():
    wanted = set().union(*(closure(name) for name in used_terms(ROOT)))
    assert sorted(set(PINNED) - wanted) == [], "run tests/tools/pin_schemaorg.py"


def test_every_key_and_class_of_the_context_is_a_known_term():
    context = read_context()
    iris = {t.iri for t in context.terms.values()} | set(context.classes.values())
    assert sorted(i for i in iris if not is_known(i)) == []


def test_every_own_term_but_the_individuals_has_a_key_in_the_context():
    context = read_context()
    iris = {t.iri for t in context.terms.values()} | set(context.classes.values())
    assert set(OWN) - iris == {CMQ + "stated", CMQ + "inferred"}
    assert {context.terms[key].iri for key in AUTHORING_KEYS} == {
        CMQ + name for name in ("evidenceSource", "formSource", "roleSource")
    }


@pytest.mark.parametrize("path", sorted((ROOT / "shapes").rglob("*.ttl")), ids=lambda p: p.stem)
def test_a_shape_uses_known_terms_only(path):
    spaces = (SCHEMA, CMQ, *OTHERS)
    iris = {
        x.value
        for t in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
        for x in (t.subject, t.predicate, t.object)
        if isinstance(x, ox.NamedNode) and x.value.startswith(spaces) and x.value not in spaces
    }
    assert sorted(i for i in iris if not is_known(i)) == []


# ---- how they are used


def record_triples() -> Iterator[Any]:
    """What the records and the registry say as plain YAML-LD, without evidence and roles."""
    context = {k: v for k, v in read_context().document.items() if k not in AUTHORING_KEYS}
    for path in [*RECORDS, *sorted((ROOT / "data/entities").glob("*.yaml"))]:
        document = without(yaml_rs.loads(path.read_text(encoding="utf-8"), parse_datetime=False), AUTHORING_KEYS)
        document["@context"] = [context, {"@base": DEFAULT_BASE, "@language": "en", "this": f"{DEFAULT_BASE}this#"}]
        yield from ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD, base_iri=DEFAULT_BASE)


def without(value: Any, keys: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {k: without(v, keys) for k, v in value.items() if k not in keys}
    return [without(v, keys) for v in value] if isinstance(value, list) else value


def kinds(iris: set[str]) -> set[str]:
    """Local names of the schema.org classes that a node belongs to; everything is a Thing."""
    wider = {v.value for i in iris for v in values(i, RDFS + "subClassOf")} | {WRITTEN_TWICE.get(i, i) for i in iris}
    return {"Thing"}.union(*(closure(i.removeprefix(SCHEMA)) for i in wider if i.startswith(SCHEMA)))


def uses() -> Iterator[tuple[str, set[str], set[str] | None]]:
    """Property of schema.org, classes of the subject, classes of the object (None: a literal or nothing known)."""
    quads = list(record_triples())
    types: dict[str, set[str]] = {}
    for q in quads:
        if q.predicate.value == TYPE:
            types.setdefault(q.subject.value, set()).add(q.object.value)
    for q in quads:
        if q.predicate.value.startswith(SCHEMA):
            value = types.get(q.object.value) if isinstance(q.object, ox.NamedNode) else None
            yield q.predicate.value.removeprefix(SCHEMA), types.get(q.subject.value, set()), value


def test_the_data_use_properties_where_schema_org_does_but_for_the_named_departures():
    found = {
        (name, cls)
        for name, subject, _ in uses()
        if subject and not kinds(subject) & set(PINNED[name]["domainIncludes"])
        for cls in subject
    }
    assert RECORDS and found - set(DEPARTURES) == set()


def test_the_data_give_properties_values_as_schema_org_does_but_for_the_named_departures():
    found = {
        (name, cls)
        for name, _, value in uses()
        if value and not kinds(value) & set(PINNED[name]["rangeIncludes"])
        for cls in value
    }
    assert found - set(RANGE_DEPARTURES) == set()


TARGETS = """PREFIX sh: <http://www.w3.org/ns/shacl#>
    SELECT ?class ?property { ?shape sh:targetClass ?class ; (sh:property?)/sh:path ?property }"""


def test_shapes_target_classes_and_properties_that_go_together():
    found = set()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        rows: Any = rdflib.Graph().parse(path).query(TARGETS)
        for cls, prop in rows:
            name = str(prop).removeprefix(SCHEMA)
            if str(prop).startswith(SCHEMA) and not kinds({str(cls)}) & set(PINNED[name]["domainIncludes"]):
                found.add((name, str(cls)))
    assert found - set(DEPARTURES) == set()


@pytest.mark.parametrize(("table", "hint"), [(DEPARTURES, "domainIncludes"), (RANGE_DEPARTURES, "rangeIncludes")])
def test_a_named_departure_is_one(table, hint):
    assert [name for name, cls in table if kinds({cls}) & set(PINNED[name][hint])] == []


# ---- documentation


def test_the_documentation_lists_every_own_term_and_every_departure():
    page = (ROOT / "docs/vocabulary.md").read_text(encoding="utf-8")
    in_file_order = dict.fromkeys(t.subject.value for t in TRIPLES if t.subject.value.startswith(CMQ))
    listed = re.findall(r"^\| `(cmq:\w+)`", page, re.MULTILINE)
    assert listed == ["cmq:" + iri.removeprefix(CMQ) for iri in in_file_order]
    departures = re.findall(r"^\| `schema:(\w+)` \| (on|with) `foaf:(\w+)`", page, re.MULTILINE)
    wanted = [(n, "on", c.removeprefix(FOAF)) for n, c in DEPARTURES]
    assert departures == wanted + [(n, "with", c.removeprefix(FOAF)) for n, c in RANGE_DEPARTURES]

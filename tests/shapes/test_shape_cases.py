"""Every rule of `shapes/` held against the cases that lie here: what it refuses and what it lets pass."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import shacl

from communique.artefacts import folder
from communique.check.shapes import SH, Shapes, read_shapes
from communique.terms import CMQ, PREFIXES, TYPE

CASES = Path(__file__).parent
DOCUMENT = CASES.parent.parent / "docs" / "shapes.md"
NAMESPACE = "https://w3id.org/communique/shapes#"
PROFILES = ("google", "press", "privacy")
GROUPS = sorted(path.stem for path in CASES.glob("*.trig"))
NUMBER_OF_CASES = 407
NUMBER_OF_VALID = 105


@cache
def shapes_of(*profiles: str) -> Shapes:
    return read_shapes(profiles)


def shapes_for(group: str) -> Shapes:
    return shapes_of(group) if group in PROFILES else shapes_of()


def triples_only(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    return [ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads]


@cache
def base() -> list[ox.Quad]:
    return list(ox.parse(path=CASES / "base.ttl"))


@cache
def cases(group: str) -> dict[str, list[ox.Quad]]:
    """The graphs of a file of cases, each with the base in it, by name."""
    found: dict[str, list[ox.Quad]] = defaultdict(list)
    for quad in ox.parse(path=CASES / f"{group}.trig"):
        assert isinstance(quad.graph_name, ox.NamedNode)
        found[quad.graph_name.value].append(quad)
    return {name: [*base(), *triples_only(quads)] for name, quads in found.items()}


def expected(name: str) -> set[str]:
    """The rules that a case must break: the one it is named after, or none."""
    kind, _, rest = name.partition(":")
    assert kind in ("case", "valid"), name
    return {rest.partition("/")[0]} if kind == "case" else set()


@cache
def found_in(group: str) -> dict[str, set[tuple[str, str]]]:
    """Focus node and rule of each result of ours, for each case of a file."""
    shapes = shapes_for(group)
    return {name: {(r.focus, r.shape) for r in shapes.validate(quads)} for name, quads in cases(group).items()}


def other_engine(shapes: Iterable[ox.Triple]) -> shacl.Shapes:
    return shacl.Shapes.from_text(ntriples(shapes), format="ntriples")


def second_opinion(engine: shacl.Shapes, quads: Iterable[ox.Quad]) -> set[tuple[str, str]]:
    """Focus node and rule of each result of another engine, the package ``shacl``."""
    report = engine.validate_text(ntriples(quad.triple for quad in quads), format="ntriples")
    return {(plain(result.focus_node), plain(result.source_shape).removeprefix(NAMESPACE)) for result in report.results}


def ntriples(triples: Iterable[ox.Triple]) -> str:
    return (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()


def plain(term: str | None) -> str:
    return (term or "").strip("<>")


# ---- the cases


def test_the_base_of_the_cases_breaks_no_rule_of_any_profile() -> None:
    assert shapes_of(*PROFILES).validate(base()) == ()


@pytest.mark.parametrize("group", GROUPS)
def test_each_case_breaks_the_rule_it_is_named_after_and_only_it(group: str) -> None:
    found = {name: {rule for _, rule in results} for name, results in found_in(group).items()}
    assert found == {name: expected(name) for name in cases(group)}


@pytest.mark.parametrize("group", GROUPS)
def test_another_engine_finds_the_same_in_each_case(group: str) -> None:
    engine = other_engine(shapes_for(group).triples)
    assert {name: second_opinion(engine, quads) for name, quads in cases(group).items()} == found_in(group)


def test_the_number_of_cases_is_known() -> None:
    kinds = Counter(name.partition(":")[0] for group in GROUPS for name in cases(group))
    assert kinds == {"case": NUMBER_OF_CASES, "valid": NUMBER_OF_VALID}


def test_every_rule_has_a_case_that_breaks_it() -> None:
    broken = {rule for group in GROUPS for name in cases(group) for rule in expected(name)}
    assert broken == {rule.shape for rule in shapes_of(*PROFILES).rules()}


@pytest.mark.parametrize("group", GROUPS)
def test_every_constraint_is_needed_by_a_case(group: str) -> None:
    """Mutation: with each constraint taken out in turn, a case of its rule is lost or something right is refused."""
    shapes, living = shapes_for(group).triples, []
    for rule, verdicts in verdicts_of(group).items():
        for triple in constraints_of(rule, shapes):
            if not is_noticed(rule, [each for each in shapes if each != triple], verdicts):
                living.append(f"{rule} without {triple.predicate.value.removeprefix(SH)} {plain(str(triple.object))}")
    assert living == []


@pytest.mark.parametrize("group", GROUPS)
def test_every_alternative_is_needed_by_a_case(group: str) -> None:
    """Mutation: with each class that is one of several replaced in turn, something right is refused."""
    shapes, living = shapes_for(group).triples, []
    for rule, verdicts in verdicts_of(group).items():
        for triple in constraints_of(rule, shapes):
            if isinstance(triple.subject, ox.BlankNode) and triple.predicate.value == SH + "class":
                narrowed = ox.Triple(triple.subject, triple.predicate, ox.NamedNode("urn:none"))
                if not is_noticed(rule, [narrowed if each == triple else each for each in shapes], verdicts):
                    living.append(f"{rule} without {plain(str(triple.object))}")
    assert living == []


CONSTRAINTS = frozenset(
    SH + name
    for name in (
        *("minCount", "maxCount", "datatype", "nodeKind", "class", "pattern", "minLength", "maxLength", "in"),
        *("hasValue", "or", "not", "disjoint", "lessThan", "lessThanOrEquals"),
    )
)


def verdicts_of(group: str) -> dict[str, list[tuple[list[ox.Quad], bool]]]:
    """For each rule of a file the graphs of its cases (True: broken), and all right ones (False)."""
    right = [(base(), False), *((quads, False) for name, quads in cases(group).items() if not expected(name))]
    found: dict[str, list[tuple[list[ox.Quad], bool]]] = {}
    for name, quads in cases(group).items():
        for rule in expected(name):
            found.setdefault(rule, list(right)).insert(0, (quads, True))
    return found


def is_noticed(rule: str, mutant: list[ox.Triple], verdicts: list[tuple[list[ox.Quad], bool]]) -> bool:
    engine = other_engine(mutant)
    return any((rule in {found for _, found in second_opinion(engine, quads)}) != broken for quads, broken in verdicts)


def constraints_of(rule: str, shapes: Iterable[ox.Triple]) -> list[ox.Triple]:
    """The constraints of a rule, those of its nameless alternatives too."""
    of: dict[object, list[ox.Triple]] = defaultdict(list)
    for triple in shapes:
        of[triple.subject].append(triple)
    found, waiting = list[ox.Triple](), list[object]([ox.NamedNode(NAMESPACE + rule)])
    while waiting:
        for triple in of[waiting.pop()]:
            if triple.predicate.value in CONSTRAINTS:
                found.append(triple)
            if isinstance(triple.object, ox.BlankNode):
                waiting.append(triple.object)
    return found


def test_dates_that_cannot_be_compared_are_refused_and_stop_nothing() -> None:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    meeting = '<urn:x> a schema:Event ; schema:name "Meeting"@en ; schema:startDate "29 May 2015"^^xsd:date ; '
    end = 'schema:endDate "2014" .'
    event = list(ox.parse(prefixes + meeting + end, format=ox.RdfFormat.TURTLE))
    found = [(r.shape, r.value) for r in shapes_of().validate(event)]
    assert sorted(found) == [("event-end-date", "2014"), ("event-order", "urn:x"), ("event-start-date", "29 May 2015")]
    assert {shape for shape, _ in found} == {
        shape for _, shape in second_opinion(other_engine(shapes_of().triples), event)
    }


# ---- the shapes as they are written


def test_every_shape_has_a_name_in_our_namespace_one_severity_one_name_and_one_message() -> None:
    told: dict[str, Counter[str]] = defaultdict(Counter)
    shapes = shapes_of(*PROFILES)
    for triple in shapes.triples:
        if triple.predicate.value == TYPE:
            assert isinstance(triple.subject, ox.NamedNode), f"{triple.object} without a name"
            assert triple.subject.value.startswith(NAMESPACE)
        if triple.predicate.value.removeprefix(SH) in ("severity", "name", "message"):
            told[str(triple.subject)][triple.predicate.value.removeprefix(SH)] += 1
    once = {"severity": 1, "name": 1, "message": 1}
    typed = {str(triple.subject) for triple in shapes.triples if triple.predicate.value == TYPE}
    assert told == dict.fromkeys(typed, once)
    assert len(shapes.rules()) == len(typed)


def test_no_two_rules_say_the_same_and_every_message_is_a_sentence() -> None:
    messages = [rule.message for rule in shapes_of(*PROFILES).rules()]
    assert [message for message, times in Counter(messages).items() if times > 1] == []
    assert [m for m in messages if not m[0].isupper() or len(m) < 30 or re.search(r"\b(sh:|xsd:date\b)", m)] == []


def test_no_rule_needs_sparql() -> None:
    assert [t for t in shapes_of(*PROFILES).triples if t.predicate.value == SH + "sparql"] == []


def test_no_rule_asks_a_node_for_evidence() -> None:
    triples = shapes_of(*PROFILES).triples
    holders = {t.object: t.subject for t in triples if isinstance(t.object, ox.BlankNode)}
    asking = [t.subject for t in triples if t.object == ox.NamedNode(CMQ + "evidence")]
    while any(isinstance(one, ox.BlankNode) for one in asking):
        asking = [holders[one] if isinstance(one, ox.BlankNode) else one for one in asking]
    rules = {ox.NamedNode(NAMESPACE + name) for name in ("evidence", "mark-ground")}
    assert {*asking} == rules, "what has evidence, and statements of facts"
    targets = {t.object for t in triples if t.subject in rules and t.predicate.value.startswith(SH + "target")}
    assert targets == {ox.NamedNode(CMQ + "evidence"), ox.NamedNode(PREFIXES["rdf"] + "Statement")}


def test_only_profiles_give_advice_on_search_engines() -> None:
    severities = Counter(rule.severity for rule in read_shapes(("google",)).rules() if rule.shape.startswith("google-"))
    assert severities == {"info": 10, "warning": 2}


def terms_of_the_context() -> dict[str, str]:
    """The keys and classes that records may use, with their IRIs."""
    context = json.loads((folder("ontology") / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    prefixes = {key: value for key, value in context.items() if isinstance(value, str) and value.endswith(("/", "#"))}
    terms = {}
    for key, value in context.items():
        iri = value["@id"] if isinstance(value, dict) else str(value)
        is_form = isinstance(value, dict) and value.get("@type") == "@json"
        if not is_form and key not in prefixes and not key.startswith("@") and not iri.startswith("@"):
            prefix, _, local = iri.partition(":")
            terms[key] = prefixes[prefix] + local
    return terms


def test_every_class_and_property_of_the_context_is_targeted_or_constrained() -> None:
    terms = terms_of_the_context()
    spoken_of = {t.object.value for t in shapes_of().triples if isinstance(t.object, ox.NamedNode)}
    assert {key: iri for key, iri in terms.items() if iri not in spoken_of} == {}
    assert len(terms) > 100


def test_every_term_of_schema_org_is_refused_in_the_wrong_namespace() -> None:
    wrong = {
        (ox.NamedNode(NAMESPACE + "schema-class"), ox.NamedNode(SH + "targetClass")),
        (ox.NamedNode(NAMESPACE + "schema-property"), ox.NamedNode(SH + "targetSubjectsOf")),
    }
    refused = {str(t.object) for t in shapes_of().triples if (t.subject, t.predicate) in wrong}
    names = {
        i.removeprefix("http://schema.org/")
        for i in terms_of_the_context().values()
        if i.startswith("http://schema.org/")
    }
    assert sorted(n for n in names if f"<https://schema.org/{n}>" not in refused) == [], (
        "add it to schema-class or schema-property"
    )


# ---- the documentation


def render_table(shapes: Shapes, only: set[str]) -> str:
    """The rules as a table of the documentation."""
    rows = ["| code | severity | rule | what to do |", "|---|---|---|---|"]
    for rule in shapes.rules():
        if rule.shape in only:
            message = rule.message.replace("|", "\\|")
            rows.append(f"| `shape:{rule.shape}` | {rule.severity} | {rule.name} | {message} |")
    return "\n".join(rows)


def render_tables() -> str:
    core = {rule.shape for rule in shapes_of().rules()}
    parts = [f"### core\n\n{render_table(shapes_of(), core)}"]
    for profile in PROFILES:
        own = {rule.shape for rule in shapes_of(profile).rules()} - core
        parts.append(f"### {profile}\n\n{render_table(shapes_of(profile), own)}")
    return "\n\n".join(parts)


def test_the_documentation_lists_every_rule_as_it_is() -> None:
    documented = DOCUMENT.read_text(encoding="utf-8").partition("## All rules\n\n")[2].strip()
    assert documented == render_tables()


def write_tables() -> None:
    """Bring the tables of docs/shapes.md up to date: ``python tests/shapes/test_shape_cases.py``."""
    before, heading, _ = DOCUMENT.read_text(encoding="utf-8").partition("## All rules\n\n")
    DOCUMENT.write_text(before + heading + render_tables() + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_tables()

"""Evidence that finds itself: nodes by their names, literals near mentions of their node, entities of the registry."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from communique.compile.compiler import Compiled, compile_release
from communique.context import read_context
from communique.read.release import build_release
from communique.terms import CMQ, RDF, SCHEMA, TYPE
from tests.conftest import BASE

RELEASE = BASE + "release/sample"


def compiled(source: str, *nodes: Any, language: str = "en", registry: Any = None, **release: Any) -> Compiled:
    """A record whose release has the first line as headline and no evidence, as quads."""
    first = {"id": "release/sample", "type": ["NewsArticle", "PressRelease"], "headline": source.split("\n")[0]}
    mentioned = [node["id"] for node in nodes if "mentions" not in release]
    record = {"@context": ["context.jsonld"], "graph": [first | {"mentions": mentioned} | release, *nodes]}
    written = build_release("sample", source, record, Path("all.jsonl"), 1)
    return compile_release(written, read_context(), base=BASE, language=language, registry=registry or {})


def node(kind: str, path: str, name: str = "", **more: Any) -> dict[str, Any]:
    return {"id": path, "type": kind, **({"name": name} if name else {}), **more}


def faults(one: Compiled) -> list[tuple[str, str | None, str | None]]:
    """Code, local id and key of every finding."""
    return [(f.code, f.focus and f.focus.removeprefix(BASE), f.path) for f in one.findings]


def value_of(term: object) -> str:
    return term.value if isinstance(term, (Literal, NamedNode)) else ""


def words(one: Compiled) -> dict[tuple[str, str], list[str]]:
    """The passages of every node and of every fact with a statement, by local id and local name of the property."""
    of: dict[str, dict[str, list[str]]] = {}
    for quad in (*one.facts, *one.inferred, *one.evidence):
        of.setdefault(value_of(quad.subject), {}).setdefault(quad.predicate.value, []).append(value_of(quad.object))
    exact = {s: p["http://www.w3.org/ns/oa#exact"][0] for s, p in of.items() if "#char=" in s}
    found: dict[tuple[str, str], list[str]] = {}
    for subject, rows in of.items():
        passages = sorted(exact[p] for p in rows.get(CMQ + "evidence", []))
        if RDF + "subject" in rows:
            local = rows[RDF + "predicate"][0].rpartition("/")[2].rpartition("#")[2]
            found[rows[RDF + "subject"][0].removeprefix(BASE), local] = passages
        elif passages:
            found[subject.removeprefix(BASE), ""] = passages
    return found


TEXT = """The dam is done

Mockton, 3 March 2031 – Sample Works opened the Mock Dam today. It has 84 gates and is 120 metres long.
Ms. Jo Sample, an engineer, thanked Max Mock. Max Mock is a diver.
The company, Sample Works Group (SWG), is found at www.works.example. SWG was founded by testers.

Press contact:
Ann Example
Tel.: +44 20 7946 0123
ann@works.example

Bob Example
Tel.: +44 20 7946 0124
bob@works.example
"""


def test_a_node_has_the_words_that_name_it() -> None:
    one = compiled(
        TEXT, node("Organization", "org/works", "sample works"), node("CreativeWork", "work/dam", "Mock Dam")
    )
    assert faults(one) == []
    assert words(one)["org/works", ""] == ["Sample Works"]
    assert words(one)["work/dam", ""] == ["Mock Dam"]
    assert words(one)["work/dam", "name"] == ["Mock Dam"]
    assert words(one)["release/sample", ""] == ["The dam is done"]


def test_evidence_that_an_author_wrote_wins() -> None:
    one = compiled(TEXT, node("Person", "person/max", "Max Mock", evidence="Max Mock is a diver"))
    assert faults(one) == []
    assert words(one)["person/max", ""] == ["Max Mock is a diver"]


def test_a_quote_about_somebody_else_does_not_ground_a_name_that_stands_elsewhere() -> None:
    wrong = node("Person", "person/max", "Max Mock", evidence="Ms. Jo Sample, an engineer")
    text = TEXT.replace("thanked Max Mock", "left")
    assert faults(compiled(text, wrong)) == [("not-grounded", "person/max", "name")]
    works = node("Organization", "org/works", "Sample Works Group", evidence="SWG was founded by testers")
    assert faults(compiled(TEXT, works)) == []


def test_a_node_that_the_text_does_not_name_is_one_finding() -> None:
    one = compiled(TEXT, node("Event", "event/gala", "Gala", description="a diver", startDate="2031-03-03"))
    assert faults(one) == [("not-grounded", "event/gala", None)]
    (finding,) = one.findings
    assert "'Gala'" in finding.message
    assert "referredToAs" in (finding.fix or "")
    assert any("looked for: 'Gala'" in why for why in finding.why)


def test_the_relations_of_an_unnamed_node_are_no_findings_of_their_own() -> None:
    gala = node("Event", "event/gala", "Gala", location="place/mockton", performer="org/works")
    others = [node("City", "place/mockton", "Mockton"), node("Organization", "org/works", "Sample Works")]
    assert faults(compiled(TEXT, gala, *others, about="event/gala")) == [("not-grounded", "event/gala", None)]


def test_a_role_without_a_quote_has_the_words_that_hold_it_together() -> None:
    role = {"title": "engineer", "of": "org/works"}
    text = "Head\nAn engineer spoke. Jo Sample, engineer at Sample Works, left."
    works = node("Organization", "org/works", "Sample Works")
    one = compiled(text, node("Person", "person/jo", "Jo Sample", role=role), works)
    assert faults(one) == []
    assert words(one)["release/sample#role-jo-works", ""] == ["Jo Sample, engineer at Sample Works"]


def test_the_finding_about_an_unnamed_node_tells_the_nearest_words() -> None:
    (finding,) = compiled(TEXT, node("Organization", "org/works", "Sample Worms Opened")).findings
    assert any("line 3" in why and "Sample Works opened" in why for why in finding.why)


def test_a_node_with_nothing_to_look_for_needs_a_quote() -> None:
    assert faults(compiled(TEXT, node("Event", "event/x"))) == [("no-evidence", "event/x", None)]


def test_a_false_name_is_not_found_by_the_family_name_in_it() -> None:
    assert faults(compiled(TEXT, node("Person", "person/jo", "Jane Sample"))) == [("not-grounded", "person/jo", "name")]


@pytest.mark.parametrize(
    ("kind", "name", "key", "value", "expected"),
    [
        ("CreativeWork", "Mock Dam", "description", "opened the Mock Dam", "opened the Mock Dam"),
        ("Person", "Jo Sample", "jobTitle", "engineer", "engineer"),
        ("Person", "Jo Sample", "honorificPrefix", "Ms", "Ms"),
        ("Person", "Jo Sample", "familyName", "Sample", "Sample"),
        ("Person", "Max Mock", "description", "a diver", "a diver"),
        ("Organization", "Sample Works Group", "url", "https://works.example/", "www.works.example"),
        ("Organization", "Sample Works Group", "description", "founded by testers", "founded by testers"),
        ("Person", "Ann Example", "telephone", "+44 20 7946 0123", "+44 20 7946 0123"),
        ("Person", "Ann Example", "email", "ann@works.example", "ann@works.example"),
    ],
)
def test_a_literal_is_found_where_its_node_is_mentioned(
    kind: str, name: str, key: str, value: str, expected: str
) -> None:
    one = compiled(
        TEXT, node(kind, "thing/x".replace("thing", "person" if kind == "Person" else "org"), name, **{key: value})
    )
    assert [fault for fault in faults(one) if fault[0] == "not-grounded"] == []
    assert [found for (_, path), found in words(one).items() if path == key] == [[expected]]


@pytest.mark.parametrize(
    ("kind", "name", "key", "value"),
    [
        ("Person", "Max Mock", "jobTitle", "chairman"),
        ("Person", "Max Mock", "honorificPrefix", "Ms"),
        ("Person", "Jo Sample", "description", "a diver"),
        ("Person", "Jo Sample", "familyName", "Mock"),
        ("Person", "Ann Example", "telephone", "+44 20 7946 0124"),
        ("Person", "Ann Example", "email", "bob@works.example"),
        ("Person", "Bob Example", "email", "ann@works.example"),
        ("Organization", "Sample Works Group", "url", "https://works.example.org/"),
        ("CreativeWork", "Mock Dam", "description", "is found at"),
    ],
)
def test_a_literal_of_something_else_is_not_grounded(kind: str, name: str, key: str, value: str) -> None:
    one = compiled(TEXT, node(kind, "person/x" if kind == "Person" else "org/x", name, **{key: value}))
    assert ("not-grounded", "person/x" if kind == "Person" else "org/x", key) in faults(one)


def test_a_literal_that_the_text_says_of_something_else_tells_where() -> None:
    (finding,) = compiled(TEXT, node("Person", "person/jo", "Jo Sample", description="a diver")).findings
    assert any("Max Mock is a diver" in why for why in finding.why)
    assert any("'Jo Sample'" in why for why in finding.why)


@pytest.mark.parametrize(
    ("sentence", "is_said"),
    [
        ("Jo Sample and Max Mock are cooks.", True),
        ("Jo Sample, Max Mock and Ann Example are cooks.", True),
        ("Jo Sample met Max Mock, one of the cooks.", False),
        ("Of the cooks Max Mock left and Jo Sample came.", False),
        ("Among the cooks were Max Mock, Jo Sample.", True),
    ],
)
def test_what_stands_beyond_another_person_is_said_of_that_one_unless_they_are_listed(
    sentence: str, is_said: bool
) -> None:
    others = [node("Person", "person/max", "Max Mock")]
    others += [node("Person", "person/ann", "Ann Example")] if "Ann" in sentence else []
    one = compiled(f"Head\n{sentence}", node("Person", "person/jo", "Jo Sample", description="cooks"), *others)
    assert faults(one) == ([] if is_said else [("not-grounded", "person/jo", "description")])


def test_a_reference_is_a_mention() -> None:
    works = node("Organization", "org/works", "Sample Works", description="is a firm")
    text = "Head\nSample Works opened. The company is a firm."
    assert ("not-grounded", "org/works", "description") in faults(compiled(text, works))
    assert faults(compiled(text, works | {"referredToAs": ["the company"]})) == []


def test_a_pronoun_is_a_mention() -> None:
    text = "Head\nMs. Jo Sample spoke. She is a diver.\nMax Mock left. Ms. Ann Example came. He is a cook."
    assert faults(compiled(text, node("Person", "person/jo", "Jo Sample", description="a diver"))) == []
    wrong = node("Person", "person/ann", "Ann Example", description="a cook")
    assert faults(compiled(text, wrong, node("Person", "person/max", "Max Mock"))) == [
        ("not-grounded", "person/ann", "description")
    ]


def test_a_nameless_node_is_found_where_one_sentence_says_all_of_it() -> None:
    text = "Head\nSample Works invited divers.\nMock Works invited 84 testers to Mockton and left."
    works = [node("Organization", "org/mock", "Mock Works"), node("Organization", "org/sample", "Sample Works")]
    quote = {"agent": "Mock Works invited 84 testers"}
    invitation: dict[str, Any] = {
        "id": "this:i",
        "type": "InviteAction",
        "agent": "org/mock",
        "description": "84 testers",
    }
    invitation |= {"evidence": quote}
    one = compiled(text, *works, invitation, mentions=[])
    assert faults(one) == []
    assert words(one)["release/sample#i", ""] == ["Mock Works invited 84 testers"]
    false = invitation | {"agent": "org/sample", "evidence": {"agent": "Sample Works invited divers"}}
    assert faults(compiled(text, *works, false, mentions=[])) == [("no-evidence", "release/sample#i", None)]


def test_a_nameless_node_is_not_found_where_a_sentence_says_only_part_of_it() -> None:
    text = "Head\nMock Works invited testers. Divers came."
    visit = {"id": "this:v", "type": "Event", "description": "testers", "abstract": "Divers"}
    assert ("no-evidence", "release/sample#v", None) in faults(compiled(text, visit, mentions=[]))


def test_a_family_name_that_two_people_share_is_neither() -> None:
    text = "Head\nJo Sample and Ann Sample came. Sample dives."
    people = [node("Person", "person/jo", "Jo Sample"), node("Person", "person/ann", "Ann Sample")]
    assert faults(compiled(text, *people)) == []
    dives = people[0] | {"description": "dives"}
    assert ("not-grounded", "person/jo", "description") in faults(compiled(text, dives, people[1]))


def test_a_node_inside_a_longer_name_is_no_subject() -> None:
    text = "Head\nThe Bank of Mockton is a lender."
    bank = node("Organization", "org/bank", "Bank of Mockton")
    town = node("City", "place/mockton", "Mockton", description="a lender")
    assert ("not-grounded", "place/mockton", "description") in faults(compiled(text, bank, town))


# ---- other languages


@pytest.mark.parametrize(
    ("language", "text", "name", "expected"),
    [
        ("ru", "Заголовок\nДиректор Академии проб выступил.", "Академия проб", "Академии проб"),
        ("de", "Kopf\nDer Rat des Erfundenen Instituts tagte.", "Erfundenes Institut", "Erfundenen Instituts"),
        ("kk", "Тақырып\nҮлгі министрлігінің өкілі келді.", "Үлгі министрлігі", "Үлгі министрлігінің"),
        ("fr", "Titre\nLe directeur de l’Institut modèle parle.", "L'Institut modèle", "l’Institut modèle"),
        ("ar", "عنوان\nقال معهد العينات إن العمل تم.", "معهد العينات", "معهد العينات"),
        ("zh", "标题\n今天样品研究所开放。", "样品研究所", "样品研究所"),
    ],
)
def test_a_name_is_found_in_its_language(language: str, text: str, name: str, expected: str) -> None:
    one = compiled(text, node("Organization", "org/x", name), language=language)
    assert faults(one) == []
    assert words(one)["org/x", ""] == [expected]
    assert words(one)["org/x", "name"] == [expected]


# ---- the registry


def entity(path: str, cls: str, *names: str) -> tuple[str, tuple[Quad, ...]]:
    """An entity of the registry: its IRI, and its quads."""
    iri, graph = NamedNode(BASE + path), NamedNode(BASE + "graph/entities")
    kind = Quad(iri, NamedNode(TYPE), NamedNode(SCHEMA + cls), graph)
    return iri.value, (kind, *(Quad(iri, NamedNode(SCHEMA + "name"), Literal(name), graph) for name in names))


def test_a_node_is_found_by_the_names_of_the_registry() -> None:
    union = node("Organization", "org/union", "Invented Union")
    text = "Head\nThe IUT met."
    assert faults(compiled(text, union)) == [("not-grounded", "org/union", None)]
    one = compiled(text, union, registry=dict([entity("org/union", "Organization", "IUT", "Invented Union")]))
    assert words(one)["org/union", ""] == ["IUT"]


def test_an_entity_that_only_the_registry_describes_is_mentioned_with_its_words() -> None:
    registry = dict([entity("place/mockton", "City", "Mockton"), entity("place/other", "City", "Otherton")])
    text = "Head\nSample Works opened in Mockton."
    one = compiled(text, node("Organization", "org/works", "Sample Works", location="place/mockton"), registry=registry)
    assert words(one)["place/mockton", ""] == ["Mockton"]
    mentions = [q.object for q in one.facts if q.predicate.value == SCHEMA + "mentions"]
    assert NamedNode(BASE + "place/mockton") in mentions
    assert NamedNode(BASE + "place/other") not in mentions


def test_an_entity_that_the_text_does_not_name_is_not_mentioned() -> None:
    registry = dict([entity("place/other", "City", "Otherton")])
    text = "Head\nSample Works opened in Mockton."
    one = compiled(text, node("Organization", "org/works", "Sample Works", location="place/other"), registry=registry)
    mentions = [value_of(q.object) for q in one.facts if q.predicate.value == SCHEMA + "mentions"]
    assert mentions == [BASE + "org/works"]
    assert ("place/other", "") not in words(one)
    assert faults(one) == [("not-grounded", "org/works", "location")]


class Counting(dict[str, tuple[Quad, ...]]):
    """A registry that counts how often it is asked, and cannot be gone through."""

    asked = 0

    def get(self, key: str, default: Any = None) -> Any:
        type(self).asked += 1
        return super().get(key, default)

    def __iter__(self) -> Any:
        raise AssertionError("the whole registry is read")

    items = values = keys = __iter__


def test_the_registry_is_only_looked_up() -> None:
    registry = Counting([entity("place/mockton", "City", "Mockton")])
    compiled("Head\nMockton.", node("City", "place/mockton", "Mockton"), registry=registry)
    assert 0 < Counting.asked < 20


# ---- quotation marks, headings and work


def test_the_same_record_with_and_without_quotes_gives_the_same_facts() -> None:
    quoted = compiled(TEXT, node("Person", "person/max", "Max Mock", evidence="Max Mock is a diver"))
    found = compiled(TEXT, node("Person", "person/max", "Max Mock"))
    assert set(quoted.facts) == set(found.facts)


def test_a_release_with_many_nodes_and_many_mentions_stays_in_its_budget() -> None:
    people = [node("Person", f"person/p{k}", f"Jo Sample{k}", description="a diver") for k in range(300)]
    text = "Head\n" + " ".join(f"Jo Sample{k} is a diver." for k in range(300)) * 10
    assert faults(compiled(text, *people)) == []


@pytest.mark.parametrize("unit", ["Jo Mock left. He ", "He ", "Jo Mock (", "Jo Mock and "])
def test_one_line_of_one_name_or_pronoun_takes_linear_time(unit: str) -> None:
    def seconds(n: int) -> float:
        started = process_time()
        compiled("Head\n" + unit * n, node("Person", "person/jo", "Jo Mock", description="left"))
        return process_time() - started

    seconds(100)
    assert seconds(20_000) < 10 * max(seconds(5_000), 0.05)


def test_a_literal_that_a_reader_concluded_has_its_own_words_if_the_text_has_them() -> None:
    mark = {"why": "the words may be those of something else"}
    works = node("Organization", "org/works", "Sample Works", description="a mill", evidence={"description": mark})
    text = "Dam opened\n\nSample Works, a mill, opened the dam."
    assert words(compiled(text, works))["org/works", "description"] == ["a mill"]
    other = node("Organization", "org/works", "Sample Works", description="a dairy", evidence={"description": mark})
    made = compiled(text, other)
    assert faults(made) == [] and words(made)["org/works", "description"] == ["Sample Works"]


def test_a_nameless_node_goes_by_the_thing_that_its_sentence_names_least() -> None:
    things = [node("Organization", f"org/{name.lower()}", name) for name in ("Works", "Labs")]
    action = node("InviteAction", "this:i", agent="org/works", recipient="org/labs")
    made = compiled("Head\n\nThe head of Works said that Works invited Labs.", *things, action)
    assert words(made)["release/sample#i", ""] == ["Works invited Labs"]


def test_the_contact_of_a_release_has_what_is_quoted_for_it() -> None:
    contact = {"name": "Ann Example", "evidence": "please call Ann Example"}
    text = "Head\n\nFor questions please call Ann Example."
    made = compiled(text, contact=contact, mentions=[])
    assert faults(made) == [] and words(made)["release/sample", "mediaContact"] == ["please call Ann Example"]


def test_ends_of_an_inference_that_no_paragraph_names_together_have_a_passage_each() -> None:
    gala = node(
        "Event", "event/gala", "Gala", attendee="org/works", evidence={"attendee": {"why": "who dances is there"}}
    )
    made = compiled(
        "Head\n\nThe Gala ended late.\nSample Works danced.", gala, node("Organization", "org/works", "Sample Works")
    )
    assert faults(made) == [] and words(made)["event/gala", "attendee"] == ["Gala", "Sample Works"]


def test_what_a_statement_is_taken_to_be_about_has_the_words_of_the_statement() -> None:
    said = node("ReportedStatement", "this:s", text="the dam is safe", reportingVerb="said", creator="person/jo",
                about="topic/safety", evidence={"about": {"why": "safe is about safety"}})  # fmt: skip
    others = node("Person", "person/jo", "Jo Sample"), node("Concept", "topic/safety", "safety")
    made = compiled("Head\n\nJo Sample said that the dam is safe. Max Mock spoke of safety.", said, *others)
    assert faults(made) == [] and words(made)["release/sample#s", "about"] == ["the dam is safe"]

"""Facts that are written out by rule, unless the author wrote them."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode

from communique.compile.compiler import Compiled
from communique.compile.evidencegraph import marks_of_inference
from communique.context import read_context
from communique.kinds import CLASSES, superclasses
from communique.terms import CMQ, ORG, RDF, SCHEMA, SKOS, TYPE
from tests.conftest import BASE, compile_record, record_of
from tests.terms import value_of

TEXT = (
    "Headline\n"
    "Sampletown, May 3, 2031: Ada Example, Chair of the Sample Body and Chair of the Other Body, "
    "said that all is well.\n"
    "The opening of the bridge followed. A bridge is a sample topic. Printed on May 4, 2031.\n"
)
DATELINE = {"dateline": "Sampletown, May 3, 2031", "evidence": {"*": "Headline", "dateline": "Sampletown, May 3, 2031"}}
BODY = {"id": "org/body", "type": "NGO", "name": "Sample Body", "evidence": "the Sample Body"}
OTHER = {"id": "org/other", "type": "NGO", "name": "Other Body", "evidence": "the Other Body"}
ROLE = {"title": "Chair", "of": "org/body", "evidence": "Chair of the Sample Body"}
SECOND = {"title": "Chair", "of": "org/other", "evidence": "Chair of the Other Body"}
EVENT = {"id": "event/e", "type": "Event", "name": "opening", "evidence": "The opening of the bridge"}
SAID = {"id": "this:said", "type": "ReportedStatement", "text": "all is well", "evidence": "said that all is well"}


def ada(**more: Any) -> dict[str, Any]:
    return {"id": "person/ada", "type": "Person", "name": "Ada Example", "evidence": "Ada Example", **more}


def compiled(*nodes: Any, **release: Any) -> Compiled:
    made = compile_record(record_of(*nodes, **release), TEXT)
    assert made.findings == ()
    return made


def objects(made: Compiled, subject: str, predicate: str) -> list[str]:
    facts = made.facts + made.inferred
    found = (q for q in facts if str(q.subject) == f"<{BASE}{subject}>" and q.predicate.value == predicate)
    return sorted(str(q.object).replace(BASE, "").strip("<>") for q in found)


def marked(made: Compiled, predicate: str) -> int:
    """How many facts of a property are inferred."""
    return sum(q.predicate.value == predicate for q in made.inferred)


NARROW = {key: superclasses(iri) for key, iri in read_context().classes.items() if superclasses(iri)}


def test_the_narrow_classes_are_those_of_the_table() -> None:
    assert len(NARROW) == len([cls for cls in CLASSES if cls.superclass]) and "NGO" in NARROW


@pytest.mark.parametrize("name", NARROW)
def test_a_class_has_those_above_it_written_out(name: str) -> None:
    classes = read_context().classes
    above = [key for key, iri in classes.items() if iri in NARROW[name]]
    node = {"id": "this:x", "type": name, "evidence": "sample topic"}
    assert objects(compiled(node), "release/sample#x", TYPE) == sorted([classes[name], *NARROW[name]])
    twice = {**node, "type": [name, *above]}
    assert objects(compiled(twice), "release/sample#x", TYPE) == sorted([classes[name], *NARROW[name]])


def test_the_superclass_of_an_inferred_kind_is_inferred_unless_another_kind_states_it() -> None:
    inferred = {"inferred": "the Sample Body", "why": "x"}
    one = {**BODY, "evidence": {"*": "the Sample Body", "type": {"NGO": inferred}}}
    assert marked(compiled(one), TYPE) == 2
    two = {**one, "type": ["NGO", "CollegeOrUniversity"]}
    assert marked(compiled(two), TYPE) == 1
    assert {*compiled(two).quads} == {*compiled({**two, "type": ["CollegeOrUniversity", "NGO"]}).quads}


def test_a_concept_has_its_name_as_preferred_label() -> None:
    node = {"id": "topic/t", "type": ["Concept", "DefinedTerm"], "name": "bridge", "evidence": "A bridge is"}
    assert objects(compiled(node), "topic/t", SKOS + "prefLabel") == ['"bridge"@en']
    own = {**node, "prefLabel": "sample topic", "evidence": "A bridge is a sample topic"}
    assert objects(compiled(own), "topic/t", SKOS + "prefLabel") == ['"sample topic"@en']


def test_a_role_gives_title_body_and_day() -> None:
    made = compiled(ada(role=ROLE), BODY, **DATELINE)
    assert objects(made, "person/ada", SCHEMA + "jobTitle") == ['"Chair"@en']
    assert objects(made, "person/ada", SCHEMA + "affiliation") == ["org/body"]
    day = '"2031-05-03"^^<http://www.w3.org/2001/XMLSchema#date'
    assert objects(made, "release/sample#role-ada-body", CMQ + "attestedOn") == [day]


def test_without_a_dateline_no_day_is_made_up() -> None:
    assert objects(compiled(ada(role=ROLE), BODY), "release/sample#role-ada-body", CMQ + "attestedOn") == []


def test_a_title_that_the_author_wrote_is_left_alone() -> None:
    made = compiled(ada(role=ROLE, jobTitle="Chair of the Sample Body", affiliation="org/other"), BODY, OTHER)
    assert objects(made, "person/ada", SCHEMA + "jobTitle") == ['"Chair of the Sample Body"@en']
    assert objects(made, "person/ada", SCHEMA + "affiliation") == ["org/other"]


def test_a_role_that_is_wrongly_said_to_be_in_a_place_makes_no_second_fault_at_the_person() -> None:
    place = {**BODY, "id": "place/body", "type": "City"}
    made = compiled(ada(role=ROLE | {"of": "place/body"}), place)
    assert objects(made, "person/ada", SCHEMA + "affiliation") == []
    assert objects(made, "release/sample#role-ada-body", ORG + "organization") == ["place/body"]
    for both in (["City", "NGO"], "NGO"):
        made = compiled(ada(role=ROLE | {"of": "place/body"}), {**place, "type": both})
        assert objects(made, "person/ada", SCHEMA + "affiliation") == ["place/body"]


def test_an_author_can_say_that_a_role_is_not_an_office() -> None:
    made = compiled(ada(role=ROLE, jobTitle=[]), BODY)
    assert objects(made, "person/ada", SCHEMA + "jobTitle") == []
    assert objects(made, "person/ada", SCHEMA + "affiliation") == ["org/body"]
    assert not made.findings


def test_one_title_in_two_bodies_has_the_words_of_both_in_any_order() -> None:
    made = [compiled(ada(role=roles), BODY, OTHER) for roles in ([ROLE, SECOND], [SECOND, ROLE])]
    assert objects(made[0], "person/ada", SCHEMA + "affiliation") == ["org/body", "org/other"]
    assert objects(made[0], "person/ada", SCHEMA + "jobTitle") == ['"Chair"@en']
    assert {*made[0].quads} == {*made[1].quads}


def test_a_title_that_one_role_states_is_stated() -> None:
    guess = {
        **SECOND,
        "evidence": {"*": "Chair of the Other Body", "title": {"inferred": "the Other Body", "why": "x"}},
    }
    assert marked(compiled(ada(role=guess), OTHER), SCHEMA + "jobTitle") == 1
    for roles in ([ROLE, guess], [guess, ROLE]):
        assert marked(compiled(ada(role=roles), BODY, OTHER), SCHEMA + "jobTitle") == 0


def test_a_statement_is_part_of_the_release_and_recorded_at_its_one_event() -> None:
    made = compiled(SAID, EVENT, about="event/e")
    assert objects(made, "release/sample#said", SCHEMA + "isPartOf") == ["release/sample"]
    assert objects(made, "release/sample#said", SCHEMA + "recordedAt") == ["event/e"]
    assert marked(made, SCHEMA + "recordedAt") == 1


def test_without_exactly_one_event_a_statement_is_not_recorded_at_any() -> None:
    other = {**EVENT, "id": "event/f", "name": "opening of the bridge"}
    for made in (compiled(SAID), compiled(SAID, EVENT), compiled(SAID, EVENT, other, about=["event/e", "event/f"])):
        assert objects(made, "release/sample#said", SCHEMA + "recordedAt") == []
    assert objects(compiled(SAID, EVENT, about=["event/e", "event/e"]), "release/sample#said", SCHEMA + "recordedAt")


def test_an_author_may_write_what_a_statement_is_part_of_and_where_it_was_made() -> None:
    other = {**EVENT, "id": "event/f", "name": "opening of the bridge"}
    quotes = {"*": SAID["evidence"], "recordedAt": "The opening of the bridge followed"}
    own = {**SAID, "isPartOf": "org/body", "recordedAt": "event/f", "evidence": quotes}
    made = compiled(own, EVENT, other, BODY, about="event/e")
    assert objects(made, "release/sample#said", SCHEMA + "isPartOf") == ["org/body"]
    assert objects(made, "release/sample#said", SCHEMA + "recordedAt") == ["event/f"]
    assert marked(made, SCHEMA + "recordedAt") == 0


def test_the_release_mentions_what_it_names_and_what_outlives_it() -> None:
    made = compiled(SAID, EVENT, BODY, ada(), about="event/e")
    assert objects(made, "release/sample", SCHEMA + "mentions") == ["org/body", "person/ada"]


def test_the_release_points_to_its_text() -> None:
    made = compiled()
    assert objects(made, "release/sample", SCHEMA + "encoding") == ["release/sample/source.txt"]


def test_two_datelines_give_the_same_day_in_any_order() -> None:
    days = ["May 3, 2031", "Sampletown, May 3, 2031"]
    evidence = {"*": "Headline", "dateline": "Sampletown, May 3, 2031"}
    made = [compiled(ada(role=ROLE), BODY, dateline=d, evidence=evidence) for d in (days, days[::-1])]
    assert {*made[0].quads} == {*made[1].quads}


def test_a_fact_made_from_an_inferred_one_gives_the_reason_of_that_one() -> None:
    whys = ("its name says so", "its chair is called so")
    kinds = [
        {
            "NGO": {"inferred": "the Sample Body", "why": whys[0]},
            "CollegeOrUniversity": {"inferred": "the Sample Body", "why": whys[1]},
        }
    ]
    body = {**BODY, "type": ["NGO", "CollegeOrUniversity"], "evidence": {"*": "the Sample Body", "type": kinds[0]}}
    assert reasons(compiled(body), TYPE) == {
        *whys,
        "written by rule from an inferred statement: its chair is called so / its name says so",
    }


def test_the_reason_of_an_inferred_role_is_that_of_the_affiliation_too() -> None:
    role = {
        **ROLE,
        "evidence": {
            "*": "Chair of the Sample Body",
            "of": {"inferred": "Chair of the Sample Body", "why": "one body"},
        },
    }
    made = compiled(ada(role=role), BODY)
    assert reasons(made, SCHEMA + "affiliation") == {"written by rule from an inferred statement: one body"}


def reasons(made: Compiled, predicate: str) -> set[str]:
    """The reasons of the facts of a property that are marked as inferred."""
    marks = {
        str(q.subject)
        for q in marks_of_inference(made.evidence)
        if q.predicate.value == RDF + "predicate" and str(q.object) == f"<{predicate}>"
    }
    notes = (q for q in made.evidence if q.predicate.value == SKOS + "editorialNote" and str(q.subject) in marks)
    return {getattr(q.object, "value", "") for q in notes}


def test_the_reason_of_a_fact_made_in_two_steps_is_given_once() -> None:
    name = {"inferred": "A bridge is a sample topic", "why": "a label"}
    topic = {
        "id": "topic/bridges",
        "type": ["Concept", "DefinedTerm"],
        "name": "bridges",
        "evidence": {"*": "A bridge is a sample topic", "name": name},
    }
    assert reasons(compiled(topic), SCHEMA + "mentions") == {"written by rule from an inferred statement: a label"}
    assert reasons(compiled(topic), SKOS + "prefLabel") == {"written by rule from an inferred statement: a label"}


def attested(*datelines: str, **evidence: Any) -> list[str]:
    """The days on which the role of Ada Example is attested, in a release with those datelines."""
    made = compiled(ada(role=ROLE), BODY, dateline=[*datelines], evidence={"*": "Headline"} | evidence)
    days = [day[1:11] for day in objects(made, "release/sample#role-ada-body", CMQ + "attestedOn")]
    assert days == ([made.day] if made.day else []), "a role and its release have one day"
    return days


def test_a_role_is_attested_on_the_day_of_its_release_whichever_dateline_comes_first_in_the_alphabet() -> None:
    later, earlier = "May 4, 2031", "Sampletown, May 3, 2031"
    quotes = {"dateline": [later, earlier]}
    assert attested(later, earlier, **quotes) == attested(earlier, later, **quotes) == ["2031-05-03"]


def test_an_inferred_dateline_does_not_date_a_role() -> None:
    line = "Sampletown, May 3, 2031"
    assert attested(line, dateline={"inferred": line, "why": "it stands where datelines stand"}) == []


def test_the_day_of_a_role_has_the_words_of_the_dateline_that_gives_it_only() -> None:
    line, inferred = "Sampletown, May 3, 2031", "May 4, 2031"
    guess = {inferred: {"inferred": "Printed on May 4, 2031", "why": "x"}, line: line}
    made = compiled(ada(role=ROLE), BODY, dateline=[line, inferred], evidence={"*": "Headline", "dateline": guess})
    (statement,) = (q.subject for q in made.evidence if q.object == NamedNode(CMQ + "attestedOn"))
    passages = {q.object for q in made.evidence if q.subject == statement}
    quotes = [q for q in made.evidence if q.subject in passages and q.predicate.value.endswith("#exact")]
    exact = {q.object.value for q in quotes if isinstance(q.object, Literal)}
    assert exact == {line, "Chair of the Sample Body"}


def passages(made: Compiled, subject: str) -> list[str]:
    """The words that support a node as a whole, in the order of the letters."""
    linked = {
        q.object
        for q in made.evidence
        if q.subject == NamedNode(BASE + subject) and q.predicate.value == CMQ + "evidence"
    }
    return sorted(
        value_of(q.object) for q in made.evidence if q.subject in linked and q.predicate.value.endswith("#exact")
    )


def test_roles_with_one_title_share_its_node_which_has_it_as_label_and_their_words() -> None:
    made = compiled(ada(role=[ROLE, SECOND]), BODY, OTHER)
    title = "release/sample#title-chair"
    for role in ("role-ada-body", "role-ada-other"):
        assert objects(made, f"release/sample#{role}", ORG + "role") == [title]
        assert objects(made, f"release/sample#{role}", SCHEMA + "roleName") == ['"Chair"@en']
    assert objects(made, title, SKOS + "prefLabel") == ['"Chair"@en']
    assert objects(made, title, TYPE) == [ORG + "Role"]
    assert len(passages(made, title)) == 2 and all("Chair" in words for words in passages(made, title))


def test_titles_that_differ_only_in_capitals_are_two_nodes_whatever_comes_first() -> None:
    text = TEXT.replace("Chair of the Other", "chair of the Other")
    small = {**SECOND, "title": "chair", "evidence": "chair of the Other Body"}
    two = [compile_record(record_of(ada(role=roles), BODY, OTHER), text) for roles in ([ROLE, small], [small, ROLE])]
    for made in two:
        assert made.findings == ()
        labels = [objects(made, f"release/sample#{r}", ORG + "role") for r in ("role-ada-body", "role-ada-other")]
        assert [len(one) for one in labels] == [1, 1] and labels[0] != labels[1]
        assert objects(made, labels[0][0], SKOS + "prefLabel") == ['"Chair"@en']
        assert objects(made, labels[1][0], SKOS + "prefLabel") == ['"chair"@en']


def test_a_title_without_latin_letters_has_a_node_too() -> None:
    text = TEXT.replace("Chair of the Sample Body", "Төраға of the Sample Body")
    role = {"title": "Төраға", "of": "org/body", "evidence": "Төраға of the Sample Body"}
    made = compile_record(record_of(ada(role=role), BODY), text)
    (title,) = objects(made, "release/sample#role-ada-body", ORG + "role")
    assert title.startswith("release/sample#title-") and objects(made, title, SKOS + "prefLabel") == ['"Төраға"@en']


def test_the_title_of_an_inferred_role_is_inferred_and_a_role_without_organisation_has_no_such_node() -> None:
    why = {"*": "Chair of the Sample Body", "title": {"inferred": "Chair of the Sample Body", "why": "taken so"}}
    made = compiled(ada(role={**ROLE, "evidence": why}), BODY)
    assert marked(made, ORG + "role") == 1 and marked(made, SKOS + "prefLabel") == 1
    alone = compile_record(record_of(ada(role={"title": "Chair", "evidence": "Chair"}), BODY), TEXT)
    assert not [q for q in alone.facts + alone.inferred if q.predicate.value == ORG + "role"]

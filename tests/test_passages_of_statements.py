"""The passage of a statement says who said it and how, not only what; the words alone are those of its text."""

from __future__ import annotations

from typing import Any

import pytest
from pyoxigraph import NamedNode

from communique.compile.compiler import Compiled
from communique.iris import passage_iri
from communique.terms import CMQ, RDF, SCHEMA
from tests.test_relations import BASE, QUOTED, SAID, compiled


def passages_of(made: Compiled, subject: NamedNode) -> list[str]:
    """The words of the passages of a node or a statement node, in the order of the text."""
    wanted = {q.object for q in made.evidence if q.subject == subject and q.predicate.value == CMQ + "evidence"}
    source = f"{BASE}release/x/source.txt"
    return [p.quote for p in made.passages if NamedNode(passage_iri(source, p.start, p.end)) in wanted]


def node(made: Compiled, name: str) -> list[str]:
    return passages_of(made, NamedNode(f"{BASE}release/x#{name}"))


def fact(made: Compiled, key: str) -> list[str]:
    """The words of the passages of the one fact of a property of schema.org or our own."""
    predicates = {SCHEMA + key, CMQ + key}
    (statement,) = {
        q.subject
        for q in made.evidence
        if q.predicate.value == RDF + "predicate" and isinstance(q.object, NamedNode) and q.object.value in predicates
    }
    assert isinstance(statement, NamedNode)
    return passages_of(made, statement)


@pytest.mark.parametrize(
    ("language", "text", "said", "whole", "who"),
    [
        (
            "en",
            "All sat. Jo Sample, a diver, noted that the dam is safe. All left.",
            SAID | {"reportingVerb": "noted"},
            "Jo Sample, a diver, noted that the dam is safe",
            "Jo Sample, a diver, noted",
        ),
        (
            "en",
            "“The dam is safe,” said Jo Sample, a diver.",
            QUOTED | {"reportingVerb": "said"},
            "“The dam is safe,” said Jo Sample",
            "said Jo Sample",
        ),
        ("en", "Jo Sample: “The dam is safe.”", QUOTED, "Jo Sample: “The dam is safe", "Jo Sample: “"),
        (
            "en",
            "According to Jo Sample, the dam is safe.",
            SAID,
            "According to Jo Sample, the dam is safe",
            "According to Jo Sample",
        ),
        (
            "fr",
            "Le soir, « The dam is safe », a déclaré Jo Sample.",
            QUOTED,
            "« The dam is safe », a déclaré Jo Sample",
            "a déclaré Jo Sample",
        ),
        (
            "ru",
            "По словам Jo Sample, the dam is safe.",
            SAID,
            "По словам Jo Sample, the dam is safe",
            "По словам Jo Sample",
        ),
    ],
)
def test_a_statement_has_the_stretch_with_speaker_verb_and_words(
    language: str, text: str, said: dict[str, Any], whole: str, who: str
) -> None:
    made = compiled(text, said | {"creator": "person/jo"}, language=language)
    assert made.findings == ()
    assert node(made, said["id"].removeprefix("this:")) == [whole]
    assert fact(made, "creator") == [who]
    assert fact(made, "text") == [said["text"]]


def test_a_stretch_does_not_end_before_the_mark_that_closes_its_words() -> None:
    said = {"id": "this:q", "type": "Quotation", "text": "tient bon", "creator": "person/jo"}
    made = compiled("Selon Jo Sample, le barrage « tient bon ».", said, language="fr")
    assert node(made, "q") == ["Selon Jo Sample, le barrage « tient bon »"]


def test_a_title_of_address_before_the_speaker_belongs_to_the_stretch() -> None:
    jo = {"id": "person/jo", "honorificPrefix": "Dr."}
    made = compiled("Then Dr. Jo Sample noted that the dam is safe.", jo, SAID | {"creator": "person/jo"})
    assert node(made, "s") == ["Dr. Jo Sample noted that the dam is safe"]


def test_of_several_places_of_the_words_that_beside_the_speaker_counts() -> None:
    text = "Why the dam is safe: a page of facts.\nJo Sample said that the dam is safe."
    made = compiled(text, SAID | {"creator": "person/jo", "reportingVerb": "said"})
    assert node(made, "s") == ["Jo Sample said that the dam is safe"]


def test_a_quotation_in_parts_is_one_stretch_in_its_paragraph_and_several_if_the_parts_are_apart() -> None:
    jo = {"id": "person/jo", "said": {"verb": "said", "quote": ["The dam is safe", "It is dry"]}}
    made = compiled("“The dam is safe,” said Jo Sample. “It is dry.”", jo)
    assert made.findings == ()
    assert node(made, "said-jo-1") == ["“The dam is safe,” said Jo Sample. “It is dry"]
    apart = compiled("“The dam is safe,” said Jo Sample. Rain fell. All sang. “It is dry.”", jo)
    assert node(apart, "said-jo-1") == ["“The dam is safe,” said Jo Sample", "It is dry"]
    lines = compiled("“The dam is safe,” said Jo Sample.\n“It is dry.”", jo)
    assert node(lines, "said-jo-1") == ["“The dam is safe,” said Jo Sample", "It is dry"]


def test_a_quotation_that_goes_on_has_the_verb_before_it() -> None:
    first = {"id": "this:a", "type": "Quotation", "text": "The dam is safe", "creator": "person/jo"}
    second = {"id": "this:b", "type": "Quotation", "text": "It is dry", "creator": "person/jo"}
    made = compiled("“The dam is safe,” said Jo Sample. “It is dry.”", first, second)
    assert made.findings == ()
    assert node(made, "b") == ["said Jo Sample. “It is dry"]


def test_words_that_an_author_quotes_for_a_statement_stay_alone() -> None:
    text = "Jo Sample said that the dam is safe."
    made = compiled(text, SAID | {"creator": "person/jo", "evidence": "said that the dam is safe"})
    assert node(made, "s") == ["said that the dam is safe"]


def test_an_inferred_speaker_of_another_paragraph_is_no_part_of_the_stretch() -> None:
    why = {"evidence": {"creator": {"inferred": "Jo Sample came", "why": "she alone spoke"}}}
    made = compiled(
        "Jo Sample came.\nThe dam is safe, one said.",
        SAID | {"text": "The dam is safe"} | why | {"creator": "person/jo"},
    )
    assert node(made, "s") == ["The dam is safe"]

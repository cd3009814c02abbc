"""What a text says of a pronoun is true of the one whom it takes up again, and of nobody else that it names."""

from __future__ import annotations

from typing import Any

import pytest

from communique.text.mentions import Name, find_mentions
from communique.text.pronouns import find_pronouns
from communique.text.sentences import sentences_of
from tests.test_pronouns import KINDS as NODES
from tests.test_relations import compiled

KINDS = NODES | {"lab": "organisation", "plan": "project", "fair": "event", "atlas": "work"}
NAMES = {
    "en": {"jo": "Jo Sample", "ann": "Ann Mock", "works": "Mock Works", "lab": "Probe Lab", "crowd": "testers",
           "plan": "Salt Plan", "fair": "Mock Fair", "atlas": "Salt Atlas"},
    "de": {"jo": "Otto Muster", "ann": "Anna Beispiel", "works": "Musterwerk", "lab": "Probelabor", "plan": "Salzplan",
           "fair": "Musterschau", "atlas": "Salzatlas"},
    "fr": {"jo": "Jean Modèle", "ann": "Anne Exemple", "works": "Centre modèle", "lab": "Société test",
           "fair": "Foire modèle", "atlas": "Atlas du sel"},
    "ru": {"jo": "Иван Образцов", "ann": "Анна Примерова", "works": "Институт проб", "lab": "Компания проб",
           "fair": "Выставка соли", "crowd": "испытатели"},
    "kk": {"jo": "Асан Үлгіұлы", "ann": "Айша Үлгіқызы", "works": "Үлгі институты"},
}  # fmt: skip


def meant(text: str, language: str) -> list[tuple[str, set[str]]]:
    """The pronouns of a text, each with the one or those that it means; those with two readings mean nobody."""
    names = [Name(words, node, "name") for node, words in NAMES[language].items()]
    sentences = sentences_of(text, language)
    mentions = find_mentions(names, text, sentences, language)
    found, ambiguous = find_pronouns(mentions, text, sentences, language, KINDS)
    known: dict[tuple[int, int], set[str]] = {(a.start, a.end): set() for a in ambiguous}
    for mention in found:
        known.setdefault((mention.start, mention.end), set()).add(mention.node)
    return [(text[slice(*span)], nodes) for span, nodes in sorted(known.items())]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        # by number: a list, not one of it
        ("en", "Mock Works and Probe Lab merge. They said so.", [("They", {"works", "lab"})]),
        ("en", "Jo Sample, Ann Mock and Mock Works met. They left.", [("They", {"jo", "ann", "works"})]),
        ("en", "Jo Sample met Ann Mock. They left.", []),
        ("en", "Jo Sample left, and Ann Mock stayed. They laughed.", []),
        ("en", "Jo Sample and Ann Mock met the testers. They left.", [("They", set())]),
        ("en", "Mock Works grew. They said so.", [("They", {"works"})]),
        ("de", "Otto Muster und Anna Beispiel kamen. Sie sagten nichts.", [("Sie", {"jo", "ann"})]),
        ("de", "Herr Otto Muster und Anna Beispiel kamen. Sie sagte nichts.", [("Sie", {"ann"})]),
        ("de", "Das Musterwerk wuchs. Sie sagten nichts.", []),
        ("fr", "Jean Modèle et Anne Exemple sont venus. Ils partent.", [("Ils", {"jo", "ann"})]),
        ("fr", "Le Centre modèle a grandi. Ils partent.", []),
        ("ru", "Иван Образцов и Анна Примерова пришли. Они ушли.", [("Они", {"jo", "ann"})]),
        ("ru", "Компания проб выросла. Они ушли.", []),
        ("kk", "Асан Үлгіұлы және Айша Үлгіқызы келді. Олар кетті.", [("Олар", {"jo", "ann"})]),
        # by the gender of things
        ("de", "Das Musterwerk zeigt die Musterschau. Sie ist neu.", [("Sie", {"fair"})]),
        ("de", "Das Musterwerk zeigt die Musterschau. Es ist neu.", [("Es", {"works"})]),
        ("de", "Der Salzplan nennt den Salzatlas. Er ist neu.", [("Er", set())]),
        ("de", "Der Salzplan kam durch Otto Muster. Er ist neu.", [("Er", set())]),
        ("fr", "Le Centre modèle ouvre la Foire modèle. Elle est belle.", [("Elle", {"fair"})]),
        ("fr", "La Société test ouvre la Foire modèle. Elle est belle.", [("Elle", set())]),
        ("ru", "Институт проб открыт. Выставка соли готова. Он вырос.", [("Он", {"works"})]),
        ("ru", "Институт проб и Выставка соли открыты. Она растёт.", [("Она", {"fair"})]),
        # by what is said of it
        ("en", "Mock Works printed the Salt Atlas. It employs 5.", [("It", {"works"})]),
        ("en", "Mock Works printed the Salt Atlas. It describes salt.", [("It", {"atlas"})]),
        ("en", "Mock Works printed the Salt Atlas. It is new.", [("It", set())]),
        ("en", "Mock Works runs the Mock Fair. Its chair left.", [("Its", {"works"})]),
        ("en", "Mock Works runs the Mock Fair. Its chair opened it.", [("Its", {"works"}), ("it", set())]),
        ("en", "Mock Works bought Probe Lab. It employs 5.", [("It", set())]),
        ("de", "Der Salzplan kam durch Otto Muster. Er läuft bis Mai.", [("Er", {"plan"})]),
        ("de", "Der Salzplan kam durch Otto Muster. Er sagte nichts.", [("Er", {"jo"})]),
        ("de", "Die Musterschau ehrt Anna Beispiel. Sie findet im Mai statt.", [("Sie", {"fair"})]),
        # by whom it goes on with
        ("en", "Mock Works grew. It is a unit of Probe Lab. It left.", [("It", {"works"}), ("It", {"works"})]),
        ("en", "Mock Works grew. It bought Probe Lab. It left.", [("It", {"works"}), ("It", set())]),
        ("en", "Mock Works grew. It paid for the Mock Fair. It is new.", [("It", {"works"}), ("It", set())]),
        ("en", "Mock Works grew. It is part of Probe Lab. Salt fell. It left.", [("It", {"works"}), ("It", set())]),
        ("de", "Das Musterwerk ehrt Otto Muster. Es wuchs. Sein Tag kam.", [("Es", {"works"}), ("Sein", {"works"})]),
        ("en", "The Salt Plan is led by Jo Sample of Probe Lab; it has begun.", [("it", {"plan"})]),
        ("en", "The Salt Plan pleased Jo Sample speaking for Probe Lab; it has begun.", [("it", set())]),
        ("en", "Jo Sample left and, later, Ann Mock. They laughed.", []),
        ("en", "The Salt Plan is run by Probe Lab; it has begun.", [("it", set())]),
        # by a word for the one named last
        ("en", "Mock Works met Probe Lab. The latter grew.", [("The latter", {"lab"})]),
        ("de", "Das Musterwerk druckt den Salzplan. Dieser ist lang.", [("Dieser", {"plan"})]),
        ("de", "Das Musterwerk druckt den Salzplan. Dieser Tag war lang.", []),
        ("de", "Die Musterschau zeigt das Probelabor. Diese ist lang.", [("Diese", {"fair"})]),
        ("fr", "Le Centre modèle ouvre la Foire modèle. Celle-ci est belle.", [("Celle-ci", {"fair"})]),
        ("fr", "Le Centre modèle ouvre la Foire modèle. Celui-ci est beau.", [("Celui-ci", {"works"})]),
    ],
)  # fmt: skip
def test_a_pronoun_means_what_number_gender_and_verb_allow(
    language: str, text: str, expected: list[tuple[str, set[str]]]
) -> None:
    assert meant(text, language) == expected


def test_who_was_called_she_is_no_he_afterwards() -> None:
    assert meant("Ann Mock spoke. She left. He stayed.", "en") == [("She", {"ann"})]


def is_refused(text: str, language: str, of: str, **written: Any) -> bool:
    """Whether something is refused of a node that a text names."""
    return bool(compiled(text, {"id": of, **written}, language=language).findings)


FIGURES = [
    ("en", "Sample Works is a unit of Mock Labs and employs 90 people.", "people", "org/works", "org/labs"),
    ("en", "Sample Works grew. It is a unit of Mock Labs and employs 90 people.", "people", "org/works", "org/labs"),
    ("en", "Sample Works printed the Water Report. It employs 90 people.", "people", "org/works", "work/report"),
    ("en", "Jo Sample wrote for Sample Works. Its Probe Fund has 90 members.", "members", "org/fund", "org/works"),
    ("en", "Sample Works grew. Its Water Report has 90 pages.", "pages", "work/report", "org/works"),
    ("de", "Sample Works wuchs. Ihr Probe Fund hat 90 Mitglieder.", "Mitglieder", "org/fund", "org/works"),
    ("fr", "Sample Works a grandi. Son Probe Fund compte 90 membres.", "membres", "org/fund", "org/works"),
    ("ru", "Sample Works выросла. Её Probe Fund насчитывает 90 членов.", "членов", "org/fund", "org/works"),
]


@pytest.mark.parametrize(("language", "text", "what", "right", "wrong"), FIGURES)
def test_a_figure_is_of_the_one_taken_up(language: str, text: str, what: str, right: str, wrong: str) -> None:
    assert not is_refused(text, language, right, figures={"what": what, "value": 90})
    assert is_refused(text, language, wrong, figures={"what": what, "value": 90})


PARENTS = [
    ("en", "Jo Sample left Mock Labs. Sample Works grew. Its Probe Fund paid."),
    ("de", "In Aton sank Mock Labs. Sample Works wuchs. Ihr Probe Fund zahlte."),
    ("fr", "À Aton, Mock Labs a reculé. Sample Works a grandi. Son Probe Fund a payé."),
    ("ru", "В Aton сократилась Mock Labs. Sample Works выросла. Её Probe Fund заплатил."),
]


@pytest.mark.parametrize(("language", "text"), PARENTS)
def test_a_possessive_before_an_organisation_says_its_parent(language: str, text: str) -> None:
    assert not is_refused(text, language, "org/fund", parentOrganization="org/works")
    assert is_refused(text, language, "org/fund", parentOrganization="org/labs")
    assert is_refused(text, language, "org/works", parentOrganization="org/fund")


@pytest.mark.parametrize(
    "text", ["Sample Works grew. Its rival Probe Fund paid.", "Sample Works grew. To it Probe Fund paid."]
)
def test_a_pronoun_that_does_not_own_says_no_parent(text: str) -> None:
    assert is_refused(text, "en", "org/fund", parentOrganization="org/works")


def test_only_the_one_that_begins_a_sentence_has_its_second_verb() -> None:
    employs = {"what": "people", "value": 90}
    assert is_refused("In Aton, Probe Fund and Sample Works met Mock Labs and employs 90 people.", "en", "org/works",
                      figures=employs)  # fmt: skip
    for text in (
        "Sample Works is a unit of Mock Labs and its 90 people.",
        "Probe Fund and Sample Works are units of Mock Labs and employ 90 people.",
        "Sample Works grew. Its yard is part of Mock Labs and employs 90 people.",
    ):
        assert is_refused(text, "en", "org/works", figures=employs), text


def test_a_price_is_not_of_who_printed_it() -> None:
    text = "The Water Report is out. It costs 28 euros and was printed by Sample Works."
    price = {"what": "costs", "value": 28, "unit": "euros"}
    assert not is_refused(text, "en", "work/report", figures=price)
    assert is_refused(text, "en", "org/works", figures=price)


@pytest.mark.parametrize(
    ("language", "text", "verb"),
    [
        ("en", "Jo Sample and Ada Mock came to Aton. They said that the dam is safe. Max Probe left.", "said"),
        ("de", "Jo Sample und Ada Mock kamen. Sie sagten, dass the dam is safe. Max Probe ging.", "sagten"),
        ("fr", "Jo Sample et Ada Mock sont venus. Ils ont déclaré que the dam is safe. Max Probe part.", "déclaré"),
        ("ru", "Jo Sample и Ada Mock приехали. Они заявили, что the dam is safe. Max Probe ушёл.", "заявили"),
    ],
)  # fmt: skip
def test_they_are_the_speakers_who_stand_in_one_list(language: str, text: str, verb: str) -> None:
    said = {"verb": verb, "text": "the dam is safe"}
    assert not is_refused(text, language, "person/jo", said=said)
    assert not is_refused(text, language, "person/ada", said=said)
    assert is_refused(text, language, "person/max", said=said)

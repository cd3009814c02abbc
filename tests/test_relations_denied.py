"""Words that deny a relation, or that say one of another key, do not say it."""

from __future__ import annotations

import json
from collections import defaultdict
from importlib.resources import files
from typing import Any

import pytest

from communique.compile.relations.cues import cues_of
from tests.test_relations import compiled, refused

LANGUAGES = ("de", "en", "fr", "kk", "ru")
GALA = {"id": "event/gala", "type": "Event", "name": "Gala"}


@pytest.mark.parametrize(
    ("language", "text", "key", "value"),
    [
        ("en", "Jo Sample did not attend the Gala.", "attendee", "person/jo"),
        ("en", "Sample Works declined to sponsor the Gala.", "sponsor", "org/works"),
        ("en", "Mock Labs, not Sample Works, sponsored the Gala.", "sponsor", "org/works"),
        ("en", "The Gala was never sponsored by Sample Works.", "sponsor", "org/works"),
        ("en", "The Gala was not held in Aton.", "location", "place/aton"),
        ("de", "Sample Works sponserte die Gala in diesem Jahr nicht.", "sponsor", "org/works"),
        ("de", "Jo Sample nahm an der Gala nicht teil.", "attendee", "person/jo"),
        ("de", "Die Gala wird nicht mehr von Sample Works gesponsert.", "sponsor", "org/works"),
        ("fr", "Jo Sample ne participe pas au Gala.", "attendee", "person/jo"),
        ("fr", "Sample Works n’est plus partenaire du Gala.", "contributor", "org/works"),
        ("ru", "Jo Sample не посетил Gala.", "attendee", "person/jo"),
        ("ru", "Sample Works больше не спонсор Gala.", "sponsor", "org/works"),
        ("kk", "Jo Sample Gala жиналысына қатысқан жоқ.", "attendee", "person/jo"),
    ],
)
def test_what_the_words_deny_is_not_grounded_with_or_without_a_quote(
    language: str, text: str, key: str, value: str
) -> None:
    assert refused(compiled(text, GALA | {key: value}, language=language)) == [(key, value)]
    quoted = GALA | {key: value, "evidence": {key: text}}
    assert refused(compiled(text, quoted, language=language)) == [(key, value)]


@pytest.mark.parametrize(
    ("language", "text", "key", "value"),
    [
        ("en", "Not only Mock Labs but also Sample Works sponsored the Gala.", "sponsor", "org/works"),
        ("en", "It did not rain, and Sample Works sponsored the Gala.", "sponsor", "org/works"),
        ("de", "Sample Works sponserte die Gala und kam nicht.", "sponsor", "org/works"),
        ("de", "Die Gala wird nicht nur heute von Sample Works gesponsert.", "sponsor", "org/works"),
        ("ru", "Jo Sample посетил Gala, но не говорил.", "attendee", "person/jo"),
        ("fr", "Le Gala a plus de mille hôtes et Jo Sample participe au Gala.", "attendee", "person/jo"),
    ],
)
def test_a_denial_of_something_else_denies_nothing(language: str, text: str, key: str, value: str) -> None:
    assert refused(compiled(text, GALA | {key: value}, language=language)) == []


PARTNERS = ("organizer", "sponsor", "supporter", "contributor", "performer", "attendee")
SENTENCES = {
    "organizer": "The Gala was organised by Sample Works.",
    "sponsor": "Sample Works sponsored the Gala.",
    "supporter": "The Gala took place with the support of Sample Works.",
    "contributor": "The Gala was made in cooperation with Sample Works.",
    "performer": "Sample Works opened the Gala.",
    "attendee": "The Gala was attended by Sample Works.",
}

BY_QUOTE = {("sponsor", "supporter"), ("organizer", "performer")}
"""Keys that an author may take the words of another one for: who opens an event may well organise it."""


@pytest.mark.parametrize("key", PARTNERS)
@pytest.mark.parametrize("said", PARTNERS)
def test_words_of_one_key_do_not_say_another(key: str, said: str) -> None:
    text = SENTENCES[said]
    wanted = [] if key == said else [(key, "org/works")]
    assert refused(compiled(text, GALA | {key: "org/works"})) == wanted
    quoted = [] if (key, said) in BY_QUOTE else wanted
    assert refused(compiled(text, GALA | {key: "org/works", "evidence": {key: text}})) == quoted


def test_the_finding_names_the_key_that_the_quoted_words_say() -> None:
    text = SENTENCES["sponsor"]
    made = compiled(text, GALA | {"organizer": "org/works", "evidence": {"organizer": text}})
    assert "these words say sponsor" in made.findings[0].why


@pytest.mark.parametrize("key", PARTNERS)
def test_words_of_no_key_say_none_even_where_an_author_quotes_them(key: str) -> None:
    text = "Sample Works stood behind the Gala from the first hour."
    assert refused(compiled(text, GALA | {key: "org/works", "evidence": {key: text}})) == [(key, "org/works")]
    inferred = GALA | {key: "org/works", "evidence": {key: {"inferred": text, "why": "who stands behind it helps"}}}
    assert refused(compiled(text, inferred)) == []


def test_who_invites_is_not_invited() -> None:
    text = "Jo Sample was invited by Sample Works."
    invitation: dict[str, Any] = {"id": "this:i", "type": "InviteAction", "evidence": text}
    assert refused(compiled(text, invitation | {"agent": "org/works", "recipient": "person/jo"})) == []
    wrong = compiled(text, invitation | {"agent": "person/jo", "recipient": "org/works"})
    assert sorted(refused(wrong)) == [("agent", "person/jo"), ("recipient", "org/works")]


def test_a_part_of_an_organisation_is_not_its_member() -> None:
    labs = {"id": "org/labs", "type": "Organization", "name": "Labs of Sample Works"}
    text = "The Labs of Sample Works came."
    assert refused(compiled(text, labs | {"parentOrganization": "org/works"})) == []
    for key in ("memberOf", "schema:subOrganization"):
        assert refused(compiled(text, labs | {key: "org/works"})) == [(key, "org/works")]


TOLD_APART = {
    *("agent", "participant"),  # whoever does something: general keys, whose words other keys may share
    *("affiliation", "worksFor", "memberOf", "parentOrganization", "subOrganization", "comesFrom", "onBehalfOf"),
    *("award", "recipient", "winner", "buyer", "seller", "manufacturer", "creator", "founder", "brand"),
    *("legislationPassedBy", "publisher", "workFeatured", "approves", "isBasedOn", "plaintiff"),
}
"""Keys that the classes of what they are said of, or of their values, tell apart where they share words."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_partners_of_events_and_works_share_no_words(language: str) -> None:
    table = json.loads(files("communique.compile.relations").joinpath(f"cues/{language}.json").read_text("utf-8"))
    for way in ("after", "before"):
        keys = defaultdict(set)
        for key, cues in table["keys"].items():
            if key not in TOLD_APART:
                for word in cues.get(way, ()):
                    keys[word].add(key)
        assert {word: sorted(own) for word, own in keys.items() if len(own) > 1} == {}
    assert len(set(table["keys"]) - TOLD_APART) >= 6


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_that_deny(language: str) -> None:
    cues = cues_of(language)
    assert cues.set("negation", "before") | cues.set("negation", "after")


@pytest.mark.parametrize(
    ("language", "text", "title", "others"),
    [
        ("en", "Jo Sample, managing director, came.", "managing director", ["director", "managing"]),
        ("en", "Jo Sample, director general, came.", "director general", ["director"]),
        ("en", "Sample Works chief executive Jo Sample came.", "chief executive", ["executive", "chief"]),
        (
            "en",
            "Jo Sample, Deputy Minister of Inner Affairs, came.",
            "Deputy Minister of Inner Affairs",
            ["Minister of Inner Affairs", "Deputy Minister of Inner", "Deputy Minister of", "of Inner Affairs"],
        ),
        ("de", "Jo Sample, technischer Leiter, kam.", "technischer Leiter", ["Leiter"]),
        ("fr", "Jo Sample, directeur général, est venu.", "directeur général", ["directeur"]),
        ("ru", "Jo Sample, генеральный директор, приехал.", "генеральный директор", ["директор"]),
        ("kk", "Sample Works бас директоры Jo Sample келді.", "бас директоры", ["директоры"]),
    ],
)
def test_a_title_is_whole(language: str, text: str, title: str, others: list[str]) -> None:
    for one in (title, *others, f"deputy {title}", f"former {title}"):
        person = {"id": "person/jo", "type": "Person", "name": "Jo Sample", "role": {"title": one}}
        wanted = set() if one == title else {"not-grounded"}
        assert {f.code for f in compiled(text, person, language=language).findings} == wanted, one


def test_a_title_of_address_after_a_title_is_no_part_of_it() -> None:
    text = "Director Dr. Jo Sample came."
    assert (
        refused(
            compiled(text, {"id": "person/jo", "type": "Person", "name": "Jo Sample", "role": {"title": "Director"}})
        )
        == []
    )


def test_a_title_that_the_text_does_not_have_is_one_finding() -> None:
    person = {"id": "person/jo", "type": "Person", "name": "Jo Sample", "role": {"title": "deputy director"}}
    assert len(compiled("Jo Sample, director, came.", person).findings) == 1


def test_a_quote_for_a_node_names_it() -> None:
    person = {"id": "person/x", "type": "Person", "name": "Max", "evidence": "Ada Mock spoke"}
    (finding,) = compiled("Ada Mock spoke. Max Muster listened.", person).findings
    assert finding.code == "not-grounded"


@pytest.mark.parametrize("who", ["jo", "ada"])
def test_a_verb_and_what_it_is_about_are_a_statement_without_a_quote(who: str) -> None:
    text = "Jo Sample welcomed the Water Report. Ada Mock read the Salt Guide."
    said = {"id": "this:s", "type": "ReportedStatement", "reportingVerb": "welcomed", "about": "work/report"}
    made = compiled(text, said | {"creator": f"person/{who}"})
    assert bool(made.findings) == (who == "ada")
    wrong = compiled(text, said | {"creator": "person/jo", "about": "work/guide"})
    assert wrong.findings


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Gala wurde veranstaltet von Sample Works und gesponsert von Mock Labs."),
        ("de", "Die Gala wird von Sample Works veranstaltet und von Mock Labs gesponsert."),
        ("en", "The Gala was organised by Sample Works and sponsored by Mock Labs."),
        ("fr", "Le Gala est organisé par Sample Works et parrainé par Mock Labs."),
    ],
)
def test_each_of_two_verbs_has_its_own_agent(language: str, text: str) -> None:
    for key, value, other in (("organizer", "org/works", "org/labs"), ("sponsor", "org/labs", "org/works")):
        assert refused(compiled(text, GALA | {key: value}, language=language)) == []
        assert refused(compiled(text, GALA | {key: other}, language=language)) == [(key, other)]
        quoted = GALA | {key: other, "evidence": {key: text}}
        assert refused(compiled(text, quoted, language=language)) == [(key, other)]


def test_what_belongs_to_somebody_is_named_before_the_verb_in_german() -> None:
    text = "Sample Works gehört zur Mock Labs."
    for own, of in (("works", "labs"), ("labs", "works")):
        node = {"id": f"org/{own}", "type": "Organization", "parentOrganization": f"org/{of}"}
        node["name"] = "Sample Works" if own == "works" else "Mock Labs"
        assert bool(refused(compiled(text, node, language="de"))) == (own == "labs")


@pytest.mark.parametrize(
    ("language", "text", "key"),
    [
        ("en", "Sample Works not only sponsored the Gala but also came.", "sponsor"),
        ("de", "Die Gala wird nicht nur von Sample Works gesponsert.", "sponsor"),
        ("ru", "Sample Works не только посетил Gala.", "attendee"),
    ],
)
def test_not_only_denies_nothing(language: str, text: str, key: str) -> None:
    assert refused(compiled(text, GALA | {key: "org/works"}, language=language)) == []


def test_a_day_without_its_year_beside_a_name_is_its_day_and_no_other_of_the_sentence() -> None:
    text = "ATON, 5 March 2031 – Sample Works said today that the Gala will be on 1 June."
    gala = GALA | {"planned": "true"}
    assert refused(compiled(text, gala | {"startDate": "2031-03-05"})) == [("startDate", "2031-03-05")]
    text = "ATON, 5 March 2031 – Sample Works said on 1 March that the Gala would be on 1 June 2031."
    assert refused(compiled(text, gala | {"startDate": "2031-06-01"})) == []


def test_a_funder_is_a_sponsor_only_where_the_text_speaks_of_no_other_sponsor() -> None:
    text = "The Gala was funded by Sample Works."
    sponsor = GALA | {"sponsor": "org/works"}
    assert refused(compiled(text, sponsor)) == []
    assert refused(compiled(text + " It was sponsored by Mock Labs.", sponsor)) == [("sponsor", "org/works")]

"""What a finding on a relation says where the text has it in another way: another key, a pronoun, a verb, a contact."""

from __future__ import annotations

from typing import Any

from tests.test_sisters import findings

DATELINE = {"release": {"dateline": "Sampletown, 5 October 2023"}}


def fixes(text: str, *nodes: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    case = {"language": "en", "text": text, "all": [], **more}
    found = findings(case, list(nodes))
    return [("; ".join(f.why), f.fix or "") for f in found]


def test_a_key_that_the_text_says_of_both_is_named() -> None:
    text = "Sampletown. The Dam Works are carried out by Mock Labs on behalf of the town."
    labs = {"id": "org/labs", "type": "Organization", "name": "Mock Labs"}
    event = {"id": "event/works", "type": "Event", "name": "Dam Works"}
    ((why, fix),) = fixes(text, labs, {**event, "contributor": "org/labs"})
    assert "the text says organizer of both" in why
    assert fix.startswith("write organizer: org/labs, quote")
    assert fixes(text, labs, {**event, "organizer": "org/labs"}) == []


def test_what_an_unclear_pronoun_may_mean_is_told() -> None:
    text = "Sampletown, 5 October 2023. The Dam Charter is backed by Mock Labs. It can be signed until 31 December."
    labs = {"id": "org/labs", "type": "Organization", "name": "Mock Labs"}
    charter = {"id": "work/charter", "type": "CreativeWork", "name": "Dam Charter", "schema:expires": "2023-12-31"}
    ((why, fix),) = fixes(text, labs, charter, **DATELINE)
    assert "nearest sentence: 'It can be signed until 31 December.'" in why
    assert "'It' there may mean org/labs or work/charter" in why
    assert fix == "if it means work/charter, quote its sentence: evidence: {schema:expires: …}"
    quoted = {**charter, "evidence": {"schema:expires": "It can be signed until 31 December"}}
    assert fixes(text, labs, quoted, **DATELINE) == []


def test_what_an_unclear_pronoun_may_mean_is_told_of_an_address() -> None:
    text = "Sampletown. The Dam Charter is backed by Mock Labs. It can be signed at https://charter.example.org today."
    labs = {"id": "org/labs", "type": "Organization", "name": "Mock Labs"}
    charter = {
        "id": "work/charter",
        "type": "CreativeWork",
        "name": "Dam Charter",
        "url": "https://charter.example.org",
    }
    found = fixes(text, labs, charter)
    assert all("'It' there may mean org/labs or work/charter" in why for why, _ in found)


def test_a_verb_is_no_title() -> None:
    guild = {"id": "org/guild", "type": "Organization", "name": "Harbour Guild"}
    ada = {"id": "person/ada", "type": "Person", "name": "Ada Mock"}
    text = "Sampletown. Ada Mock, who chairs the Harbour Guild, came."
    ((_, fix),) = fixes(text, guild, {**ada, "role": {"title": "chairs", "of": "org/guild"}})
    assert fix.startswith("'chairs' is a verb, no title: leave title out")
    assert fixes(text, guild, {**ada, "role": {"of": "org/guild"}}) == []


def test_whose_a_contact_is_is_marked_in_the_contact() -> None:
    council = {"id": "org/council", "type": "Organization", "name": "Dam Council"}
    text = "Sampletown. The Dam Council met.\n\nMedia enquiries: Jo Sample, 020 7946 0190."
    contact = {"name": "Jo Sample", "telephone": "020 7946 0190", "of": "org/council"}
    ((_, fix),) = fixes(text, council, release={"contact": contact})
    assert fix.endswith("mark it there: evidence: {of: {why: …}}")
    marked = {**contact, "evidence": {"of": {"why": "it is a release of the council"}}}
    assert fixes(text, council, release={"contact": marked}) == []
    own = {"name": "Jo Sample", "telephone": "020 7946 0190"}
    ((_, fix),) = fixes(text, {**council, "contact": own})
    assert fix.endswith("mark it there: evidence: {of: {why: …}}")
    assert fixes(text, {**council, "contact": {**own, "evidence": marked["evidence"]}}) == []

"""The short forms of a record: what each of them becomes, with which evidence, and what a wrong one is told."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from communique.compile.compiler import Compiled, compile_release
from communique.context import read_context
from communique.read.release import build_release

BASE = "https://news.example/id/"
THIS = BASE + "release/dam#"
EN = """Dam nearly done
Sampletown, February 3, 2020. Jo Sample, engineer of Sample Works, noted that the dam is safe.
“The dam is done,” she said, “and it cost less.”
The former mayor Ada Examplova, chair of the Dam Council and treasurer of the Dam Council, spoke.
The painter Max Model will open it on March 1, 2020.
Water for all! The dam serves the whole valley.
Contact: Sample Works, Jo Sample, tel. +44 20 7946 0000, press@works.example
"""
PREFIXES = {
    BASE: "", "http://schema.org/": "s:", "https://w3id.org/communique/ns#": "cmq:",
    "http://www.w3.org/ns/org#": "org:", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "a", "release/dam#": "#",
}  # fmt: skip
WORKS = {"id": "org/works", "type": "Organization", "name": "Sample Works"}
COUNCIL = {"id": "org/council", "type": "Organization", "name": "Dam Council"}


def compiled(*nodes: dict[str, Any], source: str = EN, language: str = "en", **release: Any) -> Compiled:
    root = {"id": "release/dam", "type": "PressRelease", "headline": source.partition("\n")[0], **release}
    record = {"@context": "context.jsonld", "graph": [root, *nodes]}
    written = build_release("dam", source, record, Path("a"), 1)
    return compile_release(written, read_context(), base=BASE, language=language)


def short(term: object) -> str:
    text = str(term)
    for long, brief in PREFIXES.items():
        text = text.replace(long, brief)
    return text.replace("<", "").replace(">", "")


def facts(result: Compiled, subject: str) -> set[tuple[str, str]]:
    """The facts of a node without its marks, in short."""
    return {
        (short(q.predicate), short(q.object)) for q in (*result.facts, *result.inferred) if short(q.subject) == subject
    }


def words(result: Compiled, subject: str, predicate: str = "") -> list[str]:
    """The passages of a node, or of one of its facts, in the order of the text."""
    quads = (*result.facts, *result.inferred, *result.evidence)
    about = NamedNode(next(str(q.subject)[1:-1] for q in quads if short(q.subject) == subject))
    if predicate:
        marks = {q.subject for q in quads if short(q.predicate).endswith("#subject") and q.object == about}
        marks &= {
            q.subject for q in quads if short(q.predicate).endswith("#predicate") and short(q.object) == predicate
        }
        subjects: set[Any] = marks
    else:
        subjects = {about}
    spans = {q.object for q in quads if q.subject in subjects and q.predicate.value.endswith("ns#evidence")}
    exact = {p.quote: p.start for p in result.passages if any(f"char={p.start},{p.end}" in str(s) for s in spans)}
    return sorted(exact, key=exact.__getitem__)


def jo(**more: Any) -> dict[str, Any]:
    return {"id": "person/jo-sample", "type": "Person", "name": "Jo Sample", **more}


def codes(result: Compiled) -> list[str]:
    return [f.code for f in result.findings]


# ---- said


def test_what_a_speaker_said_becomes_a_reported_statement_with_an_id_of_speaker_and_number() -> None:
    said = {"verb": "noted", "text": "the dam is safe", "about": "place/dam", "note": "n"}
    result = compiled(jo(said=said), {"id": "place/dam", "type": "Place", "name": "the dam"})
    assert codes(result) == []
    assert facts(result, "#said-jo-sample-1") == {
        ("a", "cmq:ReportedStatement"),
        ("a", "s:Statement"),
        ("s:creator", "person/jo-sample"),
        ("cmq:reportingVerb", '"noted"@en'),
        ("s:text", '"the dam is safe"@en'),
        ("s:about", "place/dam"),
        ("s:isPartOf", "release/dam"),
        ("http://www.w3.org/2004/02/skos/core#editorialNote", '"n"@en'),
    }


def test_a_quotation_in_parts_is_one_quotation_whose_parts_have_a_passage_each() -> None:
    result = compiled(jo(said=[{"verb": "said", "quote": ["The dam is done", "and it cost less"]}]))
    assert codes(result) == []
    assert ("s:text", '"The dam is done … and it cost less"@en') in facts(result, "#said-jo-sample-1")
    assert ("a", "s:Quotation") in facts(result, "#said-jo-sample-1")
    assert words(result, "#said-jo-sample-1", "s:text") == ["The dam is done", "and it cost less"]
    assert words(result, "#said-jo-sample-1") == ["“The dam is done,” she said, “and it cost less"]


def test_a_quotation_in_one_part_has_its_words_as_text() -> None:
    result = compiled(jo(said={"quote": ["The dam is done"], "verb": "said"}))
    assert codes(result) == []
    assert ("s:text", '"The dam is done"@en') in facts(result, "#said-jo-sample-1")


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        (["The dam is done", "and it cost more"], "quote-not-found"),
        (["and it cost less", "The dam is done"], "not-grounded"),
        (["The dam is done", "dam is done"], "not-grounded"),
        (["The dam is done", 7, "and it cost less"], "not-text"),
    ],
)
def test_a_part_that_does_not_stand_there_in_this_order_is_one_finding(parts: list[Any], code: str) -> None:
    assert codes(compiled(jo(said={"verb": "said", "quote": parts}))) == [code]


def test_the_parts_are_looked_for_in_the_words_that_the_author_quotes() -> None:
    source = "Dam nearly done\n“Good,” said Jo Sample, “very good.”\n“Good,” she said later, “very good.”\n"
    quote = {"verb": "said", "quote": ["Good", "very good"], "evidence": "“Good,” she said later, “very good.”"}
    result = compiled(jo(said=quote), source=source)
    assert codes(result) == []
    assert [p.start for p in result.passages if p.quote == "Good"] == [source.index("Good", 30)]
    elsewhere = {**quote, "quote": ["Good", "said Jo Sample"]}
    assert codes(compiled(jo(said=elsewhere), source=source)) == ["not-grounded"]


def test_ids_stay_when_an_entry_is_added_at_the_end() -> None:
    first = {"verb": "noted", "text": "the dam is safe"}
    second = {"verb": "said", "quote": "The dam is done"}
    one, two = compiled(jo(said=first)), compiled(jo(said=[first, second]))
    assert facts(one, "#said-jo-sample-1") == facts(two, "#said-jo-sample-1")
    assert facts(two, "#said-jo-sample-2")
    named = compiled(jo(said=[{**first, "id": "this:safe"}, second]))
    assert facts(named, "#safe") == facts(one, "#said-jo-sample-1")
    assert facts(named, "#said-jo-sample-2") == facts(two, "#said-jo-sample-2")


def test_a_recommendation_is_a_statement_as_well_and_a_post_is_not() -> None:
    result = compiled(jo(said=[{"verb": "noted", "text": "the dam is safe", "type": "PolicyRecommendation"}]))
    assert {value for key, value in facts(result, "#said-jo-sample-1") if key == "a"} == {
        "cmq:PolicyRecommendation",
        "cmq:ReportedStatement",
        "s:Statement",
    }
    post = compiled(jo(said={"text": "The dam serves the whole valley.", "type": "SocialMediaPosting"}))
    assert {value for key, value in facts(post, "#said-jo-sample-1") if key == "a"} == {"s:SocialMediaPosting"}


def test_the_release_itself_speaks_in_its_own_voice_and_quotes_without_a_speaker() -> None:
    said = [{"text": "The dam serves the whole valley."}, {"quote": "The dam is done"}]
    result = compiled(said=said)
    assert codes(result) == []
    assert facts(result, "#said-1") == {
        ("a", "s:Statement"),
        ("s:text", '"The dam serves the whole valley."@en'),
        ("s:isPartOf", "release/dam"),
    }
    assert facts(result, "#said-2") == {
        ("a", "s:Quotation"),
        ("s:text", '"The dam is done"@en'),
        ("s:isPartOf", "release/dam"),
    }


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        ("hello", "not-a-node", "said is written {verb: noted, text: …} or {verb: said, quote: …}, not 'hello'"),
        ({"verbs": "x", "text": "the dam is safe"}, "unknown-key", "unknown key 'verbs' in said"),
        (
            {"verb": "noted", "text": "the dam is safe", "role": "x"},
            "unknown-key",
            "unknown key 'role' in said",
        ),
        ({"verb": "noted"}, "incomplete-said", "this entry says neither"),
        ({"verb": "noted", "text": "the dam is safe", "quote": "x"}, "incomplete-said", "both text and quote"),
        ({"verb": "noted", "text": "the dam is unsafe"}, "not-grounded", "the dam is unsafe"),
        ({"verb": "noted", "text": "the dam is safe", "id": "this:Straße"}, "bad-id", "'this:Straße'"),
        ({"verb": "noted", "text": "the dam is safe", "id": "person/jo-sample"}, "duplicate-id", "a second node"),
    ],
)
def test_a_wrong_entry_is_one_finding(said: object, code: str, told: str) -> None:
    findings = compiled(jo(said=said)).findings
    assert [f.code for f in findings] == [code]
    assert told in findings[0].message


def test_an_unknown_key_in_an_entry_is_told_the_keys_of_the_form() -> None:
    (near,) = compiled(jo(said={"verbs": "noted", "text": "the dam is safe"})).findings
    assert near.fix == "did you mean verb?"
    (far,) = compiled(jo(said={"text": "the dam is safe", "xyzzy": "noted"})).findings
    assert far.fix is not None
    assert far.fix.startswith("said has verb, text, quote, about")


@pytest.mark.parametrize(
    ("key", "fix"),
    [
        ("quote", "write it in said: said: {quote: …}"),
        ("verb", "write it in said: said: {verb: …}"),
        ("until", "write it in role: role: {until: …}"),
        ("title", "schema.org has it: write schema:title"),
    ],
)
def test_a_key_of_a_form_outside_of_it_is_told_where_it_belongs(key: str, fix: str) -> None:
    (finding,) = compiled(jo(**{key: "The dam is done"})).findings
    assert (finding.code, finding.fix) == ("unknown-key", fix)


def test_a_quotation_of_very_many_parts_is_one_finding_in_bounded_time() -> None:
    source = "Dam nearly done\n" + "good " * 40_000
    start = time.process_time()
    result = compiled(
        jo(said={"verb": "said", "quote": ["good"] * 5_000, "evidence": "Dam nearly done"}), source=source
    )
    assert "too-many-quotes" in codes(result)
    assert time.process_time() - start < 12


# ---- contact


def test_a_contact_of_the_release_is_its_media_contact() -> None:
    contact = {"name": "Jo Sample", "telephone": "+44 20 7946 0000", "email": "press@works.example", "of": "org/works"}
    result = compiled(WORKS, contact=contact)
    assert codes(result) == []
    assert facts(result, "#contact-1") == {
        ("a", "s:ContactPoint"),
        ("s:name", '"Jo Sample"@en'),
        ("s:telephone", '"+44 20 7946 0000"'),
        ("s:email", '"press@works.example"'),
    }
    assert ("cmq:mediaContact", "#contact-1") in facts(result, "release/dam")
    assert ("s:contactPoint", "#contact-1") in facts(result, "org/works")


def test_a_contact_of_an_organisation_or_a_person_is_its_contact_point() -> None:
    contact = [{"telephone": "+44 20 7946 0000"}, {"email": "press@works.example"}]
    result = compiled({**WORKS, "contact": contact}, jo(contact={"email": "press@works.example"}))
    assert codes(result) == []
    assert {value for key, value in facts(result, "org/works") if key == "s:contactPoint"} == {
        "#contact-works-1",
        "#contact-works-2",
    }
    assert ("s:contactPoint", "#contact-jo-sample-1") in facts(result, "person/jo-sample")


@pytest.mark.parametrize("order", [1, -1])
def test_whose_contact_it_is_may_be_described_before_or_after_or_inside(order: int) -> None:
    contact = {"telephone": "+44 20 7946 0000", "of": "org/works"}
    plain = compiled(*[jo(contact=contact), WORKS][::order])
    nested = compiled(jo(contact={**contact, "of": WORKS}))
    assert codes(plain) == codes(nested) == []
    assert set(plain.facts) == set(nested.facts)


BLOCK = """Dam opened
Ada Examplova of the Dam Council spoke. Sample Works built it.
For the media:
Jo Sample
Sample Works
tel. +44 20 7946 0000

Dam Council
office@council.example
"""


@pytest.mark.parametrize(
    ("owner", "contact", "fine"),
    [
        (WORKS, {"telephone": "+44 20 7946 0000"}, True),
        (WORKS, {"name": "Jo Sample", "telephone": "+44 20 7946 0000"}, True),
        (COUNCIL, {"telephone": "+44 20 7946 0000"}, False),
        (WORKS, {"email": "office@council.example"}, False),
        (COUNCIL, {"email": "office@council.example"}, True),
    ],
)
def test_whose_contact_it_is_stands_in_the_lines_around_it(owner: Any, contact: dict[str, Any], fine: bool) -> None:
    others = [node for node in (WORKS, COUNCIL) if node is not owner]
    result = compiled({**owner, "contact": contact}, *others, source=BLOCK)
    assert codes(result) == ([] if fine else ["not-grounded"])


def test_a_contact_of_somebody_who_is_not_described_is_one_finding() -> None:
    (finding,) = compiled(contact={"telephone": "+44 20 7946 0000", "of": "org/other"}).findings
    assert finding.code == "bad-reference"
    assert "org/other" in finding.message


# ---- role


def test_several_roles_in_one_organisation_need_no_ids() -> None:
    roles = [{"title": "chair", "of": "org/council"}, {"title": "treasurer", "of": "org/council"}]
    ada = {"id": "person/ada", "type": "Person", "name": "Ada Examplova"}
    result = compiled({**ada, "role": roles}, COUNCIL)
    assert codes(result) == []
    assert ("s:roleName", '"chair"@en') in facts(result, "#role-ada-council")
    assert ("s:roleName", '"treasurer"@en') in facts(result, "#role-ada-council-treasurer")
    one = compiled({**ada, "role": roles[0]}, COUNCIL)
    assert facts(one, "#role-ada-council") == facts(result, "#role-ada-council")
    twice = compiled({**ada, "role": [roles[0], roles[0]]}, COUNCIL)
    assert codes(twice) == ["duplicate-id"]


def test_titles_that_an_id_cannot_hold_are_numbered() -> None:
    source = "Плотина готова\nАда Примерова, директор и казначей Совета Плотины, выступила.\n"
    roles = [{"title": title, "of": "org/council"} for title in ("директор", "казначей")]
    ada = {"id": "person/ada", "type": "Person", "name": "Ада Примерова", "role": roles}
    council: dict[str, Any] = {
        "id": "org/council",
        "type": "Organization",
        "name": "Совет Плотины",
        "evidence": "Совета Плотины",
    }
    council["alternateName"] = "Совета Плотины"
    council["evidence"] = {
        "*": "Совета Плотины",
        "name": {"inferred": "Совета Плотины", "why": "put into the nominative"},
    }
    result = compiled(ada, council, source=source, language="ru")
    assert codes(result) == []
    assert ("s:roleName", '"казначей"@ru') in facts(result, "#role-ada-council-2")


WORKED = (
    "Dam opened\nSampletown, February 3, 2020. "
    "Jo Sample worked at Sample Works until 2015. Ada Examplova works at Sample Works.\n"
)
SAMPLE_WORKS = {"id": "org/works", "type": "Organization", "name": "Sample Works"}


def test_a_role_without_a_title_is_a_membership_and_the_work_of_today_unless_it_is_over() -> None:
    jo: dict[str, Any] = {"id": "person/jo", "type": "Person", "name": "Jo Sample"}
    ada: dict[str, Any] = {"id": "person/ada", "type": "Person", "name": "Ada Examplova", "role": {"of": "org/works"}}
    before = {"of": "org/works", "former": True, "until": "2015"}
    dated: dict[str, Any] = {"dateline": "Sampletown, February 3, 2020", "mentions": ["person/jo", "person/ada"]}
    result = compiled({**jo, "role": before}, ada, SAMPLE_WORKS, source=WORKED, **dated)
    assert codes(result) == []
    over, held = facts(result, "#role-jo-works"), facts(result, "#role-ada-works")
    assert {("a", "cmq:FormerRole"), ("a", "org:Membership"), ("org:organization", "org/works")} <= over
    assert ("s:endDate", '"2015"^^http://www.w3.org/2001/XMLSchema#gYear') in over
    assert not {key for key, _ in over | held} & {"s:roleName", "org:role"}
    assert "cmq:attestedOn" in {key for key, _ in held} - {key for key, _ in over}
    assert ("s:affiliation", "org/works") in facts(result, "person/ada")
    assert not {"s:affiliation", "s:jobTitle"} & {key for key, _ in facts(result, "person/jo")}
    assert words(result, "#role-ada-works") == ["Ada Examplova works at Sample Works"]


@pytest.mark.parametrize(
    ("role", "message", "fix"),
    [
        ({"of": "org/works"}, "the words do not say that person/jo works at org/works", "write former: true"),
        (
            {"of": "org/works", "former": True, "evidence": "Ada Examplova works at Sample Works"},
            "the words do not say that person/jo worked at org/works",
            "take former out",
        ),
        ({"from": "2015"}, "this role has no title and no organisation", "role: {of: org/…}"),
    ],
)
def test_a_finding_on_a_role_without_a_title_says_what_to_do(role: dict[str, Any], message: str, fix: str) -> None:
    jo = {"id": "person/jo", "type": "Person", "name": "Jo Sample", "role": role}
    result = compiled(jo, SAMPLE_WORKS, source=WORKED)
    assert [f.message for f in result.findings] == [message]
    assert fix in (result.findings[0].fix or "")


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ({"role": {"title": "engineer", "of": "org/works"}}, "for an earlier time: write former: true"),
        ({"jobTitle": "engineer"}, "for an earlier time: write role: {title: engineer, of: org/works, former: true}"),
    ],
)
def test_a_finding_on_a_title_of_an_earlier_time_says_so(written: dict[str, Any], fix: str) -> None:
    jo = {"id": "person/jo", "type": "Person", "name": "Jo Sample", **written}
    source = "Mill opened\nThe then engineer of Sample Works, Jo Sample, spoke.\n"
    result = compiled(jo, SAMPLE_WORKS, source=source)
    assert [f.code for f in result.findings] == ["not-grounded"]
    assert fix in (result.findings[0].fix or "")


def test_work_that_is_marked_needs_no_words_for_it() -> None:
    ada = {"id": "person/ada", "type": "Person", "name": "Ada Examplova"}
    marked = {"of": "org/works", "former": True, "evidence": {"of": {"why": "she says so in her letter"}}}
    result = compiled({**ada, "role": marked}, SAMPLE_WORKS, source=WORKED)
    assert codes(result) == []


def test_a_role_without_an_organisation_is_no_membership() -> None:
    max_ = {"id": "person/max", "type": "Person", "name": "Max Model", "role": {"title": "painter"}}
    result = compiled(max_)
    assert codes(result) == []
    assert {value for key, value in facts(result, "#role-max-painter") if key == "a"} == {"s:Role"}
    person = facts(result, "person/max")
    assert {("s:hasOccupation", "#role-max-painter"), ("s:jobTitle", '"painter"@en')} <= person
    assert not any(key == "s:affiliation" for key, _ in person)


@pytest.mark.parametrize(
    ("title", "person", "fine"),
    [("painter", "Max Model", True), ("painter", "Ada Examplova", False), ("former mayor", "Max Model", False)],
)
def test_a_title_without_an_organisation_is_held_against_its_person(title: str, person: str, fine: bool) -> None:
    people: list[dict[str, Any]] = [
        {"id": f"person/{name.split()[0].lower()}", "type": "Person", "name": name}
        for name in ("Max Model", "Ada Examplova")
    ]
    for one in people:
        one |= {"role": [{"title": title}]} if one["name"] == person else {}
    result = compiled(*people)
    assert [(f.code, f.focus and short(f.focus)) for f in result.findings] == (
        [] if fine else [("not-grounded", f"person/{person.split()[0].lower()}")]
    )


@pytest.mark.parametrize(
    "written",
    [{"title": "former mayor"}, {"title": "mayor", "former": True}],
)
def test_a_role_held_before_gives_no_title_no_affiliation_and_no_day(written: dict[str, Any]) -> None:
    ada = {"id": "person/ada", "type": "Person", "name": "Ada Examplova"}
    day = "Sampletown, February 3, 2020"
    dated: dict[str, Any] = {"dateline": day, "evidence": {"*": "Dam nearly done", "dateline": day}}
    marked = {"*": "The former mayor Ada Examplova", "of": {"why": "the council is the one of the next words"}}
    result = compiled({**ada, "role": {**written, "of": "org/council", "evidence": marked}}, COUNCIL, **dated)
    assert codes(result) == []
    role = facts(result, "#role-ada-council")
    assert {("a", "cmq:FormerRole"), ("a", "org:Membership"), ("org:organization", "org/council")} <= role
    assert not {key for key, _ in role} & {"cmq:attestedOn", "s:endDate"}
    assert not {key for key, _ in facts(result, "person/ada")} & {"s:jobTitle", "s:affiliation"}
    held = compiled({**ada, "role": {"title": "mayor", "of": "org/council", "former": False}}, COUNCIL, **dated)
    assert ("s:jobTitle", '"mayor"@en') in facts(held, "person/ada")
    assert ("cmq:attestedOn", '"2020-02-03"^^http://www.w3.org/2001/XMLSchema#date') in facts(held, "#role-ada-council")


def test_an_author_can_say_that_such_a_title_is_still_held() -> None:
    ada = {"id": "person/ada", "type": "Person", "name": "Ada Examplova"}
    source = "Dam nearly done\nAda Examplova, Past Chair of the Dam Council, spoke.\n"
    role: dict[str, Any] = {"title": "Past Chair", "of": "org/council"}
    before = compiled({**ada, "role": role}, COUNCIL, source=source)
    held = compiled({**ada, "role": {**role, "former": False}}, COUNCIL, source=source)
    assert codes(before) == codes(held) == []
    assert ("a", "cmq:FormerRole") in facts(before, "#role-ada-council")
    assert ("a", "cmq:FormerRole") not in facts(held, "#role-ada-council")
    assert ("s:jobTitle", '"Past Chair"@en') in facts(held, "person/ada")


@pytest.mark.parametrize(
    ("title", "language", "former"),
    [
        ("ex-mayor", "en", True), ("executive director", "en", False), ("Former Mayor", "en-GB", True),
        ("ehemalige Leiterin", "de", True), ("ancienne maire", "fr", True), ("бывший министр", "ru", True),
        ("бұрынғы әкім", "kk", True), ("former mayor", "de", False), ("acting director", "en", False),
        ("then mayor", "en", True), ("then-mayor", "en", True), ("damalige Leiterin", "de", True),
        ("bislang Leiterin", "de", True), ("alors maire", "fr", True), ("тогдашний министр", "ru", True),
        ("сол кездегі әкім", "kk", True), ("theologian", "en", False), ("сол жақ бапкері", "kk", False),
    ],
)  # fmt: skip
def test_the_first_word_of_a_title_says_that_it_was_held_before(title: str, language: str, former: bool) -> None:
    source = f"Dam nearly done\nAda Examplova, {title}, Dam Council.\n"
    ada = {"id": "person/ada", "type": "Person", "name": "Ada Examplova", "role": {"title": title, "of": "org/council"}}
    result = compiled(ada, COUNCIL, source=source, language=language)
    assert (("a", "cmq:FormerRole") in facts(result, "#role-ada-council")) is former


def test_a_role_has_the_days_that_the_text_gives() -> None:
    source = "Dam nearly done\nAda Examplova was mayor from May 3, 2010 to June 4, 2014.\n"
    role: dict[str, Any] = {"title": "mayor", "from": "2010-05-03", "until": "2014-06-04", "former": True}
    role["evidence"] = "was mayor from May 3, 2010 to June 4, 2014"
    result = compiled({"id": "person/ada", "type": "Person", "name": "Ada Examplova", "role": role}, source=source)
    assert codes(result) == []
    assert {(key, value[1:11]) for key, value in facts(result, "#role-ada-mayor") if key.endswith("Date")} == {
        ("s:startDate", "2010-05-03"),
        ("s:endDate", "2014-06-04"),
    }
    wrong = compiled(
        {"id": "person/ada", "type": "Person", "name": "Ada Examplova", "role": {**role, "until": "2014-06-05"}},
        source=source,
    )
    assert codes(wrong) == ["not-grounded"]


# ---- planned


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ({"planned": True}, "EventScheduled"),
        ({"status": "planned"}, "EventScheduled"),
        ({"planned": True, "status": "planned"}, "EventScheduled"),
        ({"status": "cancelled"}, "EventCancelled"),
        ({"status": "postponed"}, "EventPostponed"),
        ({"status": "rescheduled"}, "EventRescheduled"),
        ({"status": "moved online"}, "EventMovedOnline"),
        ({"eventStatus": "schema:EventPostponed"}, "EventPostponed"),
        ({"planned": False}, None),
    ],
)
def test_the_status_of_an_event_is_one_of_schema_org(written: dict[str, Any], status: str | None) -> None:
    event = {"id": "event/opening", "type": "Event", "name": "will open it", **written}
    result = compiled(event)
    assert set(codes(result)) <= {"not-grounded", "not-planned"}  # the text says nothing of these
    found = {value for key, value in facts(result, "event/opening") if key == "s:eventStatus"}
    assert found == ({f"s:{status}"} if status else set())


def test_the_words_that_announce_an_event_can_be_quoted() -> None:
    event = {"id": "event/opening", "type": "Event", "name": "will open it", "planned": True}
    result = compiled({**event, "evidence": {"planned": "will open it on March 1, 2020"}})
    assert codes(result) == []
    assert words(result, "event/opening", "s:eventStatus") == ["will open it on March 1, 2020"]


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ({"planned": "soon"}, "write planned: true if the text announces the event"),
        ({"status": "canceled"}, "did you mean cancelled?"),
        ({"status": ["planned"]}, "write planned, cancelled, postponed, rescheduled, moved online"),
    ],
)
def test_a_status_that_is_none_is_one_finding(written: dict[str, Any], fix: str) -> None:
    (finding,) = compiled({"id": "event/opening", "type": "Event", "name": "will open it", **written}).findings
    assert (finding.code, finding.fix) == ("not-a-choice", fix)


# ---- places


def test_a_finding_about_a_value_in_a_form_is_at_its_place(tmp_path: Path) -> None:
    from communique.read.release import read_release

    folder = tmp_path / "dam"
    folder.mkdir()
    (folder / "source.txt").write_text(EN, encoding="utf-8")
    record = (
        '"@context": context.jsonld\n'
        "graph:\n"
        "- {id: release/dam, type: PressRelease, headline: Dam nearly done}\n"
        "- id: person/jo-sample\n"
        "  type: Person\n"
        "  name: Jo Sample\n"
        "  said:\n"
        "  - {verb: noted, text: the dam is safe, about: [org/no such], evidence: noted that the dam is safe}\n"
        "  - {verb: said, quote: [The dam is done, and it cost more]}\n"
        "  role: {title: engineer, of: 7}\n"
    )
    (folder / "record.yaml").write_text(record, encoding="utf-8")
    result = compile_release(read_release(folder), read_context(), base=BASE)
    places = [(f.code, f.line, f.column) for f in result.findings]
    assert places == [
        ("bad-reference", 8, 50),
        ("quote-not-found", 9, 55),
        ("not-a-node", 10, 31),
    ]


# ---- marks


def test_a_mark_needs_no_quote_and_serves_several_keys() -> None:
    why = "the first of two names is taken to be the given name"
    names = {"givenName": "Jo", "familyName": "Sample"}
    short_mark = compiled(jo(**names, evidence={"*": "Jo Sample, engineer", "givenName, familyName": {"why": why}}))
    mark = {"inferred": "Jo Sample, engineer", "why": why}
    long_mark = compiled(jo(**names, evidence={"*": "Jo Sample, engineer", "givenName": mark, "familyName": mark}))
    assert codes(short_mark) == codes(long_mark) == []
    assert set(short_mark.facts) == set(long_mark.facts)
    assert words(short_mark, "person/jo-sample", "s:givenName")


def test_one_mark_or_quote_serves_several_values() -> None:
    event = {"id": "event/opening", "type": "Event", "name": "will open it", "planned": True}
    event["performer"] = ["org/works", "org/council"]
    quote = "The painter Max Model will open it on March 1, 2020"
    why = "who built it is taken to open it"
    evidence = {"performer": {"org/works, org/council": {"inferred": quote, "why": why}}}
    one = compiled({**event, "evidence": evidence}, WORKS, COUNCIL)
    apart = {"performer": {key: {"inferred": quote, "why": why} for key in ("org/works", "org/council")}}
    assert codes(one) == []
    assert set(one.quads) == set(compiled({**event, "evidence": apart}, WORKS, COUNCIL).quads)


def test_a_text_with_commas_is_one_value() -> None:
    name = "engineer of Sample Works, noted"
    group = {"id": "this:group-x", "type": "Group", "name": name, "evidence": {"name": {name: name}}}
    assert codes(compiled(group)) == []


def test_an_unknown_key_among_several_is_one_finding() -> None:
    result = compiled(jo(evidence={"*": "Jo Sample, engineer", "name, nickname": "Jo Sample, engineer"}))
    assert codes(result) == ["evidence-misplaced"]


@pytest.mark.parametrize("mark", [{"why": ""}, {"why": None}, {"inferred": "Jo Sample, engineer"}])
def test_a_mark_without_a_reason_is_one_finding(mark: dict[str, Any]) -> None:
    result = compiled(jo(familyName="Sample", evidence={"*": "Jo Sample, engineer", "familyName": mark}))
    assert codes(result) == ["inference-without-why"]

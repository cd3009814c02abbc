"""Quotes tied to nodes and facts: what is stated, what is inferred, and how wrong quotes are explained."""

from __future__ import annotations

import time
from typing import Any

import pytest

from communique.compile import claims, compiler, evidence
from communique.compile import quotes as quoting
from communique.compile.compiler import Compiled
from communique.compile.evidencegraph import marks_of_inference
from communique.terms import CMQ, RDF, SKOS
from communique.text.work import Work
from tests.conftest import BASE, compile_record, record_of

TEXT = "Headline\nAda Example of Sampletown spoke. Ada Example smiled. Max Muster listened on May 3, 2031.\n"
RELEASE = BASE + "release/sample"


def person(name: str = "Ada Example", evidence: Any = "Ada Example of", **more: Any) -> dict[str, Any]:
    return {"id": "person/p", "type": "Person", "name": name, "evidence": evidence, **more}


def statements(compiled: Compiled) -> dict[tuple[str, str], tuple[str, str | None, list[str]]]:
    """Basis, note and words of every fact with a statement node, by local names of subject and predicate."""
    about: dict[str, dict[str, list[str]]] = {}
    for quad in compiled.evidence:
        name = quad.predicate.value
        about.setdefault(str(quad.subject), {}).setdefault(name, []).append(str(quad.object))
    words = {s: p["http://www.w3.org/ns/oa#exact"][0][1:-1] for s, p in about.items() if "#char=" in s}
    found = {}
    for rows in about.values():
        if f"<{RDF}Statement>" in rows.get(RDF + "type", []):
            subject = rows[RDF + "subject"][0][1:-1].removeprefix(BASE)
            predicate = rows[RDF + "predicate"][0][1:-1]
            basis = rows.get(CMQ + "basis", [f"<{CMQ}stated>"])[0][1:-1].removeprefix(CMQ)
            note = rows.get(SKOS + "editorialNote", [None])[0]
            quotes = sorted(words[passage] for passage in rows.get(CMQ + "evidence", []))
            found[subject, predicate.rpartition("/")[2].rpartition("#")[2]] = (basis, note, quotes)
    return found


def codes(compiled: Compiled) -> list[str]:
    return [f.code for f in compiled.findings]


def test_a_quote_of_the_node_supports_it_and_proves_its_literals() -> None:
    compiled = compile_record(record_of(person()), TEXT)
    assert codes(compiled) == []
    assert statements(compiled)["person/p", "name"] == ("stated", None, ["Ada Example"])
    links = {(str(q.subject), str(q.object)) for q in compiled.evidence if q.predicate.value == CMQ + "evidence"}
    start = TEXT.index("Ada Example of")
    assert (f"<{BASE}person/p>", f"<{RELEASE}/source.txt#char={start},{start + 14}>") in links


def test_a_quote_of_a_property_supports_its_facts_alone() -> None:
    compiled = compile_record(record_of(person(evidence={"*": "Sampletown", "name": "Ada Example of"})), TEXT)
    assert codes(compiled) == []
    assert statements(compiled)["person/p", "name"] == ("stated", None, ["Ada Example of"])


def test_a_quote_of_one_value_supports_that_value_alone() -> None:
    written = person(
        alternateName=["Ada", "Example"],
        evidence={"*": "Ada Example of", "alternateName": {"Ada": "Ada Example smiled"}},
    )
    compiled = compile_record(record_of(written), TEXT)
    ada, example = (
        [str(q.subject) for q in compiled.evidence if q.predicate.value == RDF + "object" and str(q.object) == name]
        for name in ('"Ada"@en', '"Example"@en')
    )
    assert codes(compiled) == [] and len(ada) == len(example) == 1 and ada != example


def test_a_list_of_quotes_gives_a_passage_for_each() -> None:
    compiled = compile_record(record_of(person(evidence={"*": ["Sampletown", "Ada Example smiled"]})), TEXT)
    assert codes(compiled) == []
    assert [p.quote for p in compiled.passages] == ["Headline", "Sampletown", "Ada Example", "Ada Example smiled"]


def test_an_inferred_fact_stands_in_a_graph_of_its_own_and_its_reason_with_its_words_in_the_evidence() -> None:
    written = person("Ada E.", {"*": "Ada Example of", "name": {"inferred": "Ada Example smiled", "why": "short"}})
    compiled = compile_record(record_of(written), TEXT)
    assert codes(compiled) == []
    assert statements(compiled)["person/p", "name"] == ("inferred", '"short"@en', ["Ada Example smiled"])
    assert {(str(q.subject), str(q.object), str(q.graph_name)) for q in compiled.inferred} == {
        (f"<{BASE}person/p>", '"Ada E."', f"<{BASE}graph/sample/inferred>"),
        (f"<{RELEASE}>", f"<{BASE}person/p>", f"<{BASE}graph/sample/inferred>"),  # by rule: it names the person
    }
    assert not any("#s-" in str(q.subject) or str(q.object) == '"Ada E."' for q in compiled.facts)
    marks = {q.predicate.value for q in marks_of_inference(compiled.evidence)}
    assert marks == {RDF + n for n in ("type", "subject", "predicate", "object")} | {
        CMQ + "basis",
        SKOS + "editorialNote",
    }
    assert {str(q.object) for q in compiled.evidence if q.predicate.value == CMQ + "basis"} == {f"<{CMQ}inferred>"}


def test_an_inferred_literal_need_not_be_in_the_text() -> None:
    written = person("Adelheid", {"*": "Ada Example of", "name": {"inferred": "Ada Example of", "why": "known"}})
    assert codes(compile_record(record_of(written), TEXT)) == []


def test_reasons_of_several_quotes_are_all_kept() -> None:
    quotes = [{"inferred": "Ada Example of", "why": "b"}, {"inferred": "Ada Example smiled", "why": "a"}]
    made = [
        statements(compile_record(record_of(person("A.", {"*": "Sampletown", "name": some})), TEXT))["person/p", "name"]
        for some in (quotes, quotes[::-1])
    ]
    assert made[0] == made[1] == ("inferred", '"a / b"@en', ["Ada Example of", "Ada Example smiled"])


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"*": []}, ["evidence-misplaced"]),
        ({"*": ""}, ["evidence-misplaced"]),
        ({"*": None}, ["evidence-misplaced"]),
        ([], ["evidence-misplaced"]),
        (7, ["evidence-misplaced"]),
        (["Ada Example of", 7], ["evidence-misplaced"]),
        ({"*": "Ada Example of", "type": {"NGO": "Sampletown"}}, ["evidence-misplaced"]),
        ({"*": "Ada Example of", "name": {"inferred": 7, "why": "x"}}, ["evidence-misplaced"]),
        (
            {"*": "Ada Example of", "name": {"inferred": {"inferred": "x", "why": "y"}, "why": "x"}},
            ["evidence-misplaced"],
        ),
        ({"*": "Ada Example of", "name": {"inferred": "Sampletown", "why": " "}}, ["inference-without-why"]),
        ({"*": "Ada Example of", "name": {"inferred": "Sampletown", "why": 7}}, ["inference-without-why"]),
        ({"*": "Ada Example of", "id": "Sampletown"}, ["evidence-misplaced"]),
        ({"*": "Ada Example of", "evidence": "Sampletown"}, ["evidence-misplaced"]),
    ],
)
def test_evidence_that_is_written_wrongly_is_reported(written: Any, expected: list[str]) -> None:
    assert codes(compile_record(record_of(person(evidence=written)), TEXT)) == expected


def test_a_type_may_be_inferred_by_its_name() -> None:
    written = {
        "id": "org/o", "type": ["NGO", "Organization"], "name": "Sampletown",
        "evidence": {"*": "Sampletown", "type": {"NGO": {"inferred": "Sampletown", "why": "x"}}},
    }  # fmt: skip
    compiled = compile_record(record_of(written), TEXT)
    assert codes(compiled) == []
    assert [s for s in statements(compiled) if s[1] == "type"] == [("org/o", "type")]


def test_a_wrong_quote_is_explained_at_every_node_that_has_it() -> None:
    nodes = [person(evidence="Ada Exmaple of"), {**person(evidence="Ada Exmaple of"), "id": "person/q"}]
    findings = compile_record(record_of(*nodes), TEXT).findings
    assert [(f.code, f.focus, f.fix) for f in findings] == [
        ("quote-not-found", BASE + "person/p", 'write "Example"'),
        ("quote-not-found", BASE + "person/q", 'write "Example"'),
    ]


def test_wrong_quotes_are_explained_within_a_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    quotes = [f"Ada Exmaple{k} of" for k in range(8)]
    explained = []
    for steps in (1, 150, quoting.EXPLANATION_STEPS):
        monkeypatch.setattr(quoting, "EXPLANATION_STEPS", steps)
        findings = compile_record(record_of(person(evidence=quotes)), TEXT).findings
        assert [f.code for f in findings] == ["quote-not-found"] * 8
        explained.append(sum(f.fix is not None for f in findings))
    assert explained[0] == 0 < explained[1] < explained[2] == 8


def test_a_record_with_too_many_quotes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MAX_QUOTES", 3)
    assert (
        codes(compile_record(record_of(person(evidence=["Sampletown", "Max Muster"], name="Max Muster")), TEXT)) == []
    )
    found = codes(compile_record(record_of(person(evidence=["Sampletown"] * 3, name="Sampletown")), TEXT))
    assert found == ["too-many-quotes"]


def test_the_number_of_quotes_of_one_fact_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MAX_QUOTES_PER_FACT", 2)
    for key, two, three in (("*", ["Ada", "Example"], ["Ada", "Example", "Max"]), ("name", ["Ada Example"], ["x"] * 3)):
        quotes = {"*": "Ada Example of"}
        assert "too-many-quotes" not in codes(compile_record(record_of(person(evidence=quotes | {key: two})), TEXT))
        found = compile_record(record_of(person(evidence=quotes | {key: three})), TEXT).findings
        (finding,) = (f for f in found if f.code == "too-many-quotes")
        assert finding.path == key and "more than 2 quotes for one" in finding.message
    each: dict[str, Any] = {
        "*": "Ada Example of",
        "alternateName": {name: name for name in ("Ada", "Example", "Max Muster")},
    }
    written = {**person(evidence=each), "alternateName": ["Ada", "Example", "Max Muster"]}
    assert "too-many-quotes" not in codes(compile_record(record_of(written), TEXT))  # each value has its own quote
    each["alternateName"]["Ada"] = ["Ada Example of", "Ada Example smiled", "of Sampletown"]
    assert "too-many-quotes" in codes(compile_record(record_of(written), TEXT))


def test_a_release_that_takes_too_much_work_has_one_finding_and_no_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    record = record_of(*({**person(), "id": f"thing/p{k}", "type": "schema:Product"} for k in range(20)))
    assert codes(compile_record(record, TEXT)) == []
    for steps in (0, 10, 100, 400, 700):
        monkeypatch.setattr(compiler, "Work", lambda steps=steps: Work(steps))
        made = compile_record(record, TEXT)
        assert codes(made) == ["too-much-work"] and made.quads == made.passages == ()
        assert not made.places and made.findings[0].line == 1


def test_findings_from_before_the_work_is_spent_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiler, "Work", lambda: Work(40))
    made = compile_record(record_of(person(evidence="nowhere"), {**person(), "id": "person/q"}), TEXT)
    assert codes(made) == ["quote-not-found", "too-much-work"]


def test_evidence_that_rules_multiply_counts_as_work(monkeypatch: pytest.MonkeyPatch) -> None:
    days = [f"On May 3, 2031 {k:03d}" for k in range(100)]
    text = "\n".join(["Headline", "Ada Example, Chair", *(f"{day}." for day in days)])
    roles = [{"title": "Chair", "of": f"org/o{k}", "evidence": "Chair"} for k in range(50)]
    spent = []
    for quotes in (days[:1], days):
        work = Work()
        monkeypatch.setattr(compiler, "Work", lambda work=work: work)
        release = {"dateline": "May 3, 2031", "evidence": {"*": "Headline", "dateline": quotes}}
        made = compile_record(record_of(person(evidence="Ada Example", role=roles), **release), text)
        assert codes(made) == []
        spent.append(Work().left - work.left)
    assert spent[1] - spent[0] > 50 * 99  # the day of each role has all quotes of the dateline


@pytest.mark.slow
def test_evidence_of_very_many_values_is_tied_in_linear_time() -> None:
    def seconds(number: int) -> float:
        names = [f"w{k:05d}" for k in range(number)]
        quotes = {"*": "Headline", "alternateName": {name: name for name in names}}
        record = record_of(person("Headline", quotes, alternateName=names))
        start = time.process_time()
        made = compile_record(record, "Headline\n" + " ".join(names) + "\n")
        assert codes(made) == [] and made.tally.quoted >= number
        return time.process_time() - start

    assert seconds(9_000) < 6 * seconds(3_000)  # three times as much is linear; comparing all with all takes nine times


def test_a_fact_whose_own_quote_is_wrong_is_not_checked_against_other_words() -> None:
    written = person("Max Muster", {"*": "Ada Example of", "name": "Max Mustre"})
    assert codes(compile_record(record_of(written), TEXT)) == ["quote-not-found"]


def test_keys_about_the_record_itself_are_not_checked_against_the_text() -> None:
    written = person(note="Nothing of this stands there.")
    assert codes(compile_record(record_of(written, inLanguage="en"), TEXT)) == []


def test_facts_with_a_quote_of_their_own_are_counted() -> None:
    compiled = compile_record(record_of(person()), TEXT)
    tally = compiled.tally
    assert tally.facts == sum("#s-" not in str(q.subject) for q in compiled.facts)
    assert (tally.quoted, tally.inferred) == (3, 0)  # the name, the headline, and that the release mentions the person
    assert tally.by_rule == tally.facts - 5  # two types of the release, one of the person, headline, name


PHONES = "Headline\nAsk Ada Example, tel. +44 20 7946 0201/02, ada@sample.example.\n"


def contact(**more: Any) -> dict[str, Any]:
    quote = "Ask Ada Example, tel. +44 20 7946 0201/02, ada@sample.example."
    marked = {key: {"inferred": quote, "why": "a reading"} for key in more}
    return {"id": "this:c", "type": "ContactPoint", "evidence": {"*": quote, **marked}, **more}


@pytest.mark.parametrize(
    ("key", "right", "wrong"),
    [
        ("telephone", "+44 20 7946 0202", "+44 20 7946 0203"),
        ("email", "ada@sample.example", "ada@example.sample"),
    ],
)
def test_a_number_or_address_is_checked_against_the_words_even_if_it_is_inferred(
    key: str, right: str, wrong: str
) -> None:
    assert compile_record(record_of(contact(**{key: right})), PHONES).findings == ()
    (found,) = compile_record(record_of(contact(**{key: wrong})), PHONES).findings
    assert (found.code, found.value) == ("not-grounded", wrong)
    assert found.fix == "write what the text says, quote the words that say it"  # marking it would not help


def test_an_inferred_part_of_a_name_is_a_word_of_the_text_or_of_the_name() -> None:
    def named(family: str, name: str = "Ada Example") -> list[str | None]:
        mark = {"inferred": "Ada Example of", "why": "a reading"}
        marks = {"*": "Ada Example of", "name": mark, "familyName": mark}
        return [f.value for f in compile_record(record_of(person(name, marks, familyName=family)), TEXT).findings]

    assert named("Example") == []
    assert named("Exemplar", "Ada Exemplar") == []  # the name is marked as inferred, because the text declines it
    assert named("Exempl", "Ada Exemplar") == ["Exempl"]
    assert named("Exemplar") == ["Exemplar"]


@pytest.mark.parametrize("text", ["+" + " ".join(f"{k:07d}" for k in range(3_000)), "tel. +0000 " * 3_000])
def test_telephone_numbers_are_found_in_bounded_time(text: str) -> None:
    node = person("tel", {"*": text.strip()}, telephone=[f"+{k:07d}1" for k in range(3_000)])
    start = time.process_time()
    found = codes(compile_record(record_of(node), "Headline\ntel\n" + text + "\n"))
    assert time.process_time() - start < 20  # seconds of processor time; comparing all with all takes hundreds
    assert "too-much-work" in found

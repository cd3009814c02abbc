"""A date belongs to what its clause speaks of: not across a relative clause, nor across a comma with a subject."""

from __future__ import annotations

from typing import Any

import pytest

from tests.test_relations import compiled, refused

TALKS: dict[str, Any] = {"id": "event/talks", "type": "Event", "name": "Talks"}


@pytest.mark.parametrize(
    ("language", "text", "of", "key", "true", "false"),
    [
        ("en", "The Gala was run by Jo Sample, who had moved to Aton in 2015, and held in 2019.", "event/gala",
         "startDate", "2019", "2015"),
        ("en", "The Guild, which has held fairs since 2009, ran the Gala in 2019.", "event/gala", "startDate", "2019",
         "2009"),
        ("de", "Der Verein, der seit 2009 dafür wirbt, richtete 2019 die Gala aus.", "event/gala", "startDate", "2019",
         "2009"),
        ("fr", "La Gala, menée par Jo Sample, qui vit ici depuis 2015, a eu lieu en 2019.", "event/gala", "startDate",
         "2019", "2015"),
        ("ru", "Общество, которое работает с 2009 года, провело Gala в 2019 году.", "event/gala", "startDate", "2019",
         "2009"),
        ("en", "The Gala begins in May 2031, the Talks begin in June 2032.", "event/talks", "startDate", "2032-06",
         "2031-05"),
        ("de", "Die Gala beginnt im Mai 2031, die Talks sollen im Juni 2032 folgen.", "event/talks", "startDate",
         "2032-06", "2031-05"),
        ("en", "The Gala begins in May 2031, Talks are expected to follow in June 2032.", "event/talks", "startDate",
         "2032-06", "2031-05"),
        ("de", "Die Gala beginnt im Mai 2031, die Talks sollen im Juni 2032 folgen.", "event/gala", "startDate",
         "2031-05", "2032-06"),
    ],
)  # fmt: skip
def test_a_date_is_that_of_the_subject_of_its_clause(
    language: str, text: str, of: str, key: str, true: str, false: str
) -> None:
    def said(value: str) -> list[tuple[str, str]]:
        event = {"id": of, key: value, "planned": True} if value > "2030" else {"id": of, key: value}
        nodes = [TALKS | event] if of == "event/talks" else [event]
        nodes += [TALKS] if "Talks" in text and of != "event/talks" else []
        return [one for one in refused(compiled(text, *nodes, language=language)) if one[0] == key]

    assert (said(true), said(false)) == ([], [(key, false)])


def test_a_relative_clause_right_after_a_name_dates_it() -> None:
    text = "The Gala, which took place in 2019, was a success."
    assert refused(compiled(text, {"id": "event/gala", "startDate": "2019"})) == []


def test_events_in_a_list_share_their_date() -> None:
    text = "The Talks, the fair and the Gala took place in 2019."
    nodes = [TALKS | {"startDate": "2019"}, {"id": "event/gala", "startDate": "2019"}]
    assert refused(compiled(text, *nodes)) == []


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "will end by the end of March 2031"), ("de", "dauert bis Ende März 2031"),
     ("fr", "durera jusqu’à la fin de mars 2031"), ("ru", "продлится до конца марта 2031 года")],
)  # fmt: skip
def test_by_the_end_of_a_month_is_an_end_and_no_beginning(language: str, words: str) -> None:
    for key, expected in (("endDate", []), ("startDate", [("startDate", "2031-03")])):
        gala = {"id": "event/gala", key: "2031-03", "evidence": {"planned": words}, "planned": True}
        assert refused(compiled(f"Gala {words}.", gala, language=language)) == expected


DATELINE: dict[str, Any] = {"id": "release/x", "type": "PressRelease", "dateline": "Aton, 14 June 2024"}


@pytest.mark.parametrize(
    ("key", "verb", "expected"),
    [("foundingDate", "founded", []), ("foundingDate", "praised", ["foundingDate"]),
     ("schema:dissolutionDate", "closed", []), ("schema:dissolutionDate", "praised", ["schema:dissolutionDate"])],
)  # fmt: skip
def test_a_day_of_the_week_needs_the_word_of_its_key_too(key: str, verb: str, expected: list[str]) -> None:
    text = f"Aton, 14 June 2024 – On Wednesday, Jo Sample {verb} Sample Works."
    made = compiled(text, DATELINE, {"id": "org/works", key: "2024-06-12"})
    assert [path for path, _ in refused(made)] == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "The rule, adopted on 3 May 2019, entered into force on 1 June 2020."),
     ("de", "Die Regel, erlassen am 3. Mai 2019, trat am 1. Juni 2020 in Kraft."),
     ("fr", "La règle, adoptée le 3 mai 2019, est entrée en vigueur le 1 juin 2020.")],
)  # fmt: skip
def test_a_law_is_adopted_on_one_day_and_applies_from_another(language: str, text: str) -> None:
    law: dict[str, Any] = {"id": "legislation/rule", "type": "Legislation", "name": text.split()[1].strip(",")}
    for key, value, expected in (
        ("legislationDate", "2019-05-03", []),
        ("legislationDate", "2020-06-01", ["legislationDate"]),
        ("schema:legislationDateOfApplicability", "2020-06-01", []),
        ("schema:legislationDateOfApplicability", "2019-05-03", ["schema:legislationDateOfApplicability"]),
    ):
        made = compiled(text, law | {key: value}, language=language)
        assert [f.path for f in made.findings if f.code == "not-grounded"] == expected, (key, value)


def test_a_rarer_date_of_schema_org_needs_a_word_of_its_name() -> None:
    pump: dict[str, Any] = {"id": "thing/pump", "type": "schema:Product", "name": "Sample Pump"}
    made = [
        compiled(f"The Sample Pump was {verb} in 2019.", pump | {"schema:purchaseDate": "2019"})
        for verb in ("purchased", "praised")
    ]
    assert [refused(one) for one in made] == [[], [("schema:purchaseDate", "2019")]]


@pytest.mark.parametrize(
    ("written", "expected"),
    [("fr", []), ("fr-CA", []), (["fr", "de"], []), ("de", ["inLanguage"]), (["de", "en"], ["inLanguage"])],
)
def test_a_release_is_in_the_language_in_which_its_record_reads_it(written: Any, expected: list[str]) -> None:
    release: dict[str, Any] = {"id": "release/x", "type": "PressRelease", "inLanguage": written}
    assert [path for path, _ in refused(compiled("La Gala a eu lieu.", release, language="fr"))] == expected


@pytest.mark.parametrize(("code", "expected"), [("41/2031", []), ("2 K 118/22", ["identifier"])])
def test_a_code_of_a_release_stands_in_its_head_and_not_in_its_sentences(code: str, expected: list[str]) -> None:
    text = (
        "Press Release No. 41/2031\n"
        "On Wednesday, the River Court of Oldtown struck down the order that had banned all music in parks.\n"
        "The verdict was read in Oldtown (case no. 2 K 118/22)."
    )
    made = compiled(text, {"id": "release/x", "type": "PressRelease", "identifier": code})
    assert [path for path, _ in refused(made)] == expected

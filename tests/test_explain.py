"""What ``check --explain`` says of each fact: rule, mentions, passage, number of equally good places."""

from __future__ import annotations

import json

import pytest

from tests.conftest import MakeNewsroom
from tests.test_cli import communique

TEXT = "Headline\nMs. Jo Sample spoke. Jo Sample is a diver.\nMax Mock left. He is a cook. He sang.\n"
RECORD = """\
"@context": context.jsonld
graph:
  - id: release/sample
    type: [NewsArticle, PressRelease]
    headline: Headline
    mentions: [person/jo, person/max]
  - id: person/jo
    type: Person
    name: Jo Sample
    jobTitle: diver
    evidence: Ms. Jo Sample spoke
  - id: person/max
    type: Person
    name: Max Mock
    jobTitle: cook
"""


def explained(newsroom: MakeNewsroom, *options: str) -> str:
    code, out, _ = communique("check", "--explain", "--data", newsroom(RECORD, TEXT), *options)
    assert code == 0
    return out


def test_every_fact_says_which_rule_found_its_words(make_newsroom: MakeNewsroom) -> None:
    rows = json.loads(explained(make_newsroom, "--format", "json"))["explained"]
    by = {(row["subject"].rpartition("/id/")[2], row["key"]): row for row in rows}
    assert by["person/jo", None]["rule"] == "quote"
    assert by["person/max", None] | {"file": "", "line": 0, "column": 0} == {
        "file": "", "line": 0, "column": 0,
        "subject": by["person/max", None]["subject"], "key": None, "value": None,
        "rule": "name", "basis": "stated", "why": None, "found": [{"words": "Max Mock", "how": "name"}], "cue": None,
        "places": 1, "passages": [{"start": 52, "end": 60, "exact": "Max Mock"}],
    }  # fmt: skip
    cook = by["person/max", "jobTitle"]
    assert (cook["rule"], cook["found"]) == ("sentence, by a pronoun, exact", [{"words": "He", "how": "pronoun"}])
    assert [p["exact"] for p in cook["passages"]] == ["cook"]
    assert by["person/jo", "jobTitle"]["rule"] == "sentence, exact"
    assert by["person/jo", "name"]["rule"] == "words of the node, exact"
    assert by["release/sample", "inLanguage"]["rule"] == "made by rule inLanguage"


def test_a_person_reads_the_same_in_lines(make_newsroom: MakeNewsroom) -> None:
    lines = explained(make_newsroom).splitlines()
    at = next(k for k, line in enumerate(lines) if "person/max jobTitle 'cook'" in line)
    assert lines[0].endswith("record.yaml")
    assert lines[at] == "15:15: person/max jobTitle 'cook': sentence, by a pronoun, exact"
    assert lines[at + 1 : at + 3] == ["       by 'He' (pronoun)", "       75-79: 'cook'"]


def test_ids_and_terms_stand_as_a_record_writes_them(make_newsroom: MakeNewsroom) -> None:
    record = f"{RECORD}    role: {{title: cook}}\n    url: https://works.example/\n"
    code, out, _ = communique("check", "--explain", "--data", make_newsroom(record, f"{TEXT}Max Mock: works.example\n"))
    assert code == 0
    lines = out.splitlines()
    assert sum(line.endswith("record.yaml") for line in lines) == 1
    assert any(line.startswith("16:11: this:role-max-cook: ") for line in lines)
    assert any(line.startswith("17:10: person/max url https://works.example/: ") for line in lines)
    assert not [line for line in lines if " type " in line or "/id/" in line]


def test_equally_good_places_are_counted(make_newsroom: MakeNewsroom) -> None:
    text = "Headline\nJo Sample is a diver. Jo Sample is a diver.\nMax Mock left. He is a cook.\n"
    record = RECORD.replace("    evidence: Ms. Jo Sample spoke\n", "")
    code, out, _ = communique("check", "--explain", "--data", make_newsroom(record, text))
    assert code == 0
    lines = out.splitlines()
    for fact in ("person/jo: name", "person/jo jobTitle 'diver'"):
        at = next(k for k, line in enumerate(lines) if fact in line)
        assert "       the first of 2 equally good places" in lines[at : at + 4]


@pytest.mark.parametrize("fmt", ["sarif", "github", "turtle"])
def test_other_formats_have_no_place_for_it(make_newsroom: MakeNewsroom, fmt: str) -> None:
    code, _, err = communique("check", "--explain", "--format", fmt, "--data", make_newsroom(RECORD, TEXT))
    assert code == 2
    assert "--explain can be written as text or json" in err


def test_nothing_is_explained_unasked(make_newsroom: MakeNewsroom) -> None:
    code, out, _ = communique("check", "--data", make_newsroom(RECORD, TEXT), "--format", "json")
    assert (code, "explained" in json.loads(out)) == (0, False)

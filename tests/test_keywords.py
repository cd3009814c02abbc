"""Keywords of JSON-LD and their aliases: the same quads, and the same findings in the same lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

import communique
from communique.api import Newsroom
from communique.findings import Finding
from tests.conftest import MakeNewsroom

TEXT = "Headline\n\nSampletown: Ada Example, Chair of the Sample Body, said that all is well.\n"
RECORD = """\
"@context": [context.jsonld]
id: graph/sample
graph:
  - id: release/sample
    type: [NewsArticle, PressRelease]
    headline: Headline
    evidence: Headline
    mentions:
      id: org/body
      type: NGO
      name: Sample Body
      evidence: {"*": Sample Body, type: the Sample Body}
  - id: person/ada
    type: Person
    name: Ada Example
    evidence: Ada Example
    memberOf: {id: org/body}
    role: {title: Chair, of: {id: org/body}, evidence: {"*": Chair of the Sample Body, title: Chair}}
"""
ENTITIES = """\
"@context": [context.jsonld]
graph:
  - id: topic/wells
    type: [Concept, DefinedTerm]
    name: wells
"""


def with_keywords(text: str) -> str:
    """A record or registry file that has the keywords of JSON-LD in place of their aliases."""
    return re.sub(r"(?<![\w@\"])(id|type|graph):", r'"@\1":', text)


def opened(make: MakeNewsroom, record: str, entities: str) -> Newsroom:
    return communique.open_newsroom(make(record, TEXT, entities=entities))


def findings_of(newsroom: Newsroom) -> list[Finding]:
    """All findings of the compiler about the record and the registry."""
    return [*newsroom["sample"].compiled.findings, *newsroom.registry.findings]


def both_ways(tmp_path: Path, record: str, entities: str = ENTITIES) -> list[Newsroom]:
    """The newsroom with aliases, and the one with keywords."""
    newsrooms = []
    for name, write in (("aliases", str), ("keywords", with_keywords)):
        release, registry = tmp_path / name / "data" / "releases" / "sample", tmp_path / name / "data" / "entities"
        release.mkdir(parents=True)
        registry.mkdir()
        (release / "source.txt").write_text(TEXT, encoding="utf-8")
        (release / "record.yaml").write_text(write(record), encoding="utf-8")
        (registry / "all.yaml").write_text(write(entities), encoding="utf-8")
        newsrooms.append(communique.open_newsroom(tmp_path / name / "data"))
    return newsrooms


def test_a_record_and_a_registry_with_keywords_say_the_same(tmp_path: Path) -> None:
    assert with_keywords(RECORD).count('"@') == RECORD.count('"@') + 11
    aliases, keywords = both_ways(tmp_path, RECORD)
    assert findings_of(aliases) == findings_of(keywords) == []
    assert [*aliases.quads()] == [*keywords.quads()]
    assert len([*keywords.quads()]) > 90


IN_RECORD: Mapping[str, tuple[str, str, str, int]] = {
    "a second node": ("id: person/ada", "id: release/sample", "duplicate-id", 13),
    "an id that cannot be one": ("id: person/ada", "id: person/a da", "bad-id", 13),
    "a type that is unknown": ("type: Person", "type: Persson", "unknown-type", 14),
    "one of two types": ("[NewsArticle, PressRelease]", "[NewsArticle, PressReleese]", "unknown-type", 5),
    "another graph": ("id: graph/sample", "id: graph/other", "bad-id", 2),
    "words that do not say the type": ("type: the Sample Body}", "type: the Simple Body}", "quote-not-found", 12),
    "a key beside": ("memberOf:", "membrOf:", "unknown-key", 17),
    "a nested node": ("id: org/body\n      type", "id: org/b ody\n      type", "bad-id", 9),
}


@pytest.mark.parametrize("name", IN_RECORD)
def test_a_fault_of_a_record_is_found_in_its_line_in_both_spellings(tmp_path: Path, name: str) -> None:
    old, new, code, line = IN_RECORD[name]
    assert RECORD.count(old) == 1
    places = [
        {(f.code, f.message, f.line) for f in findings_of(newsroom)}
        for newsroom in both_ways(tmp_path, RECORD.replace(old, new))
    ]
    assert places[0] == places[1]
    assert (code, line) in {(found[0], found[2]) for found in places[1]}


IN_REGISTRY: Mapping[str, tuple[str, str, str, int]] = {
    "an unknown key": ("name: wells", "nam: wells", "unknown-key", 5),
    "an unknown type": ("DefinedTerm]", "DefinedTrem]", "unknown-type", 4),
    "a bad id": ("topic/wells", "topic/we lls", "bad-id", 3),
    "evidence": ("name: wells", "name: wells\n    evidence: wells", "evidence-misplaced", 6),
    "a second entity": ("graph:\n", "graph:\n  - {id: topic/wells, type: Concept, name: w}\n", "duplicate-id", 4),
    "no list": ("graph:\n  - id", "graph:\n    id", "not-a-node", 3),
}


@pytest.mark.parametrize("name", IN_REGISTRY)
def test_a_fault_of_the_registry_is_found_in_its_line_in_both_spellings(tmp_path: Path, name: str) -> None:
    old, new, code, line = IN_REGISTRY[name]
    assert ENTITIES.count(old) == 1
    places = [
        {(f.code, f.message, f.line) for f in newsroom.registry.findings}
        for newsroom in both_ways(tmp_path, RECORD, ENTITIES.replace(old, new))
    ]
    assert places[0] == places[1]
    assert (code, line) in {(found[0], found[2]) for found in places[1]}


@pytest.mark.parametrize(
    ("old", "line"),
    [("    type: Person\n", 15), ("  - id: person/ada\n", 14), ("id: graph/sample\n", 3), ("graph:\n", 3)],
)
def test_a_keyword_beside_its_alias_is_refused_in_its_line(make_newsroom: MakeNewsroom, old: str, line: int) -> None:
    added = {"graph:\n": '"@graph": []\ngraph:\n'}.get(old)
    added = added or old + with_keywords(old).replace("- ", "  ")
    newsroom = opened(make_newsroom, RECORD.replace(old, added, 1), ENTITIES)
    (finding,) = findings_of(newsroom)
    assert (finding.code, finding.line, finding.fix) == ("duplicate-key", line, "keep one of the two")
    assert re.fullmatch(r"'@(\w+)' and '\1' are one key, written twice in this mapping", finding.message)


def test_a_registry_with_two_graphs_is_refused(make_newsroom: MakeNewsroom) -> None:
    (finding,) = findings_of(opened(make_newsroom, RECORD, ENTITIES + '"@graph": []\n'))
    assert (finding.code, finding.line, finding.column) == ("duplicate-key", 6, 1)

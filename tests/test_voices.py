"""Who speaks, owns, organises or comes from somewhere is the one of whom a sentence says it, whatever is quoted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from communique.compile.compiler import compile_release
from communique.context import read_context
from communique.read.release import build_release
from tests.checkout import ROOT

ROWS = ROOT / "tests" / "data" / "voices"
KNOWN = ["Ada Poe", "Eve Mock", "Bo Roe", "Harbour Trust", "Reed Works", "Ada Pohl", "Eva Muster", "Bo Rohr", "Ada Pau"]
KNOWN += ["Luc Roux", "Hafenverein", "Union du lac"]
ORGANIZATIONS = frozenset(
    {"Harbour Trust", "Poe Foundation", "Reed Works", "Hafenverein", "Pohl-Stiftung", "Union du lac", "Союз озёр",
     "Фонд рек"}
)  # fmt: skip
EVIDENCE = ["found by the compiler", "quoted for the node", "quoted for the fact"]
TYPES = {
    "event": "Event",
    "org": "Organization",
    "person": "Person",
    "place": "Place",
    "this": "Group",
    "work": "CreativeWork",
}


LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # that of libyaml, if PyYAML has it, is ten times as fast


def rows(name: str) -> list[list[Any]]:
    """The rows of a table of sentences."""
    return list(yaml.load((ROWS / f"{name}.yaml").read_text(encoding="utf-8"), Loader=LOADER))


def violations(language: str, text: str, nodes: list[dict[str, Any]]) -> list[str]:
    """What is wrong with a record of some nodes whose words are those of one sentence."""
    release = {"id": "release/x", "type": "PressRelease", "headline": "Headline", "mentions": [n["id"] for n in nodes]}
    record = {"@context": "context.jsonld", "graph": [release, *nodes]}
    source = f"Headline\nTown, 2 May 2031. It rained.\n{text}\nThat is all."
    written = build_release("x", source, record, Path("x"), 1)
    made = compile_release(written, read_context(), base="https://news.example/id/", language=language)
    return [f"{f.code}: {f.message}" for f in made.findings if f.severity == "violation"]


def _spoken(text: str, names: list[str], speaker: str, said: dict[str, Any], evidence: str) -> list[dict[str, Any]]:
    """The nodes of a record that has one speaker, and everybody else whom a sentence names."""
    quoted = text.removesuffix(".")
    if evidence == "quoted for the node":
        said = {**said, "evidence": quoted}
    elif evidence == "quoted for the fact":
        said = {**said, "evidence": {"creator": quoted}}
    nodes: list[dict[str, Any]] = []
    for number, name in enumerate(dict.fromkeys([*names, *(name for name in KNOWN if name in text)])):
        kind, of = ("org", "Organization") if name in ORGANIZATIONS else ("person", "Person")
        nodes.append(
            {"id": f"{kind}/n{number}", "type": of, "name": name, **({"said": said} if name == speaker else {})}
        )
    return nodes


@pytest.mark.parametrize("evidence", EVIDENCE)
@pytest.mark.parametrize("row", rows("speakers"), ids=lambda row: row[1])
def test_the_subject_of_a_verb_of_speech_speaks_and_its_object_does_not(row: list[str], evidence: str) -> None:
    language, text, verb, form, words, speaker, other = row
    said = {form: words, **({"verb": verb} if verb else {})}
    assert violations(language, text, _spoken(text, [speaker, other], speaker, said, evidence)) == []
    found = violations(language, text, _spoken(text, [speaker, other], other, said, evidence))
    assert [message.partition(":")[0] for message in found] == ["not-grounded"]


@pytest.mark.parametrize("evidence", EVIDENCE)
@pytest.mark.parametrize("row", rows("unnamed"), ids=lambda row: row[1])
def test_who_is_told_something_by_somebody_whom_the_record_lacks_does_not_say_it(row: list[str], evidence: str) -> None:
    language, text, verb, form, words, other = row
    found = violations(language, text, _spoken(text, [other], other, {form: words, "verb": verb}, evidence))
    assert [message.partition(":")[0] for message in found] == ["not-grounded"]


ACTS = [
    ("Eve Mock was praised by Ada Poe.", "praised", "Ada Poe", "Eve Mock", "Eve Mock", "Ada Poe"),
    ("Bo Roe was criticised by Ada Poe.", "criticised", "Ada Poe", "Bo Roe", "Bo Roe", "Ada Poe"),
    ("Ada Poe thanked Eve Mock and congratulated Bo Roe.", "congratulated", "Ada Poe", "Bo Roe", "Eve Mock", "Bo Roe"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "verb", "one", "about", "other", "of_other"), ACTS)
def test_who_is_praised_praises_nobody(text: str, verb: str, one: str, about: str, other: str, of_other: str) -> None:
    for speaker, topic, is_said in ((one, about, True), (other, of_other, False)):
        nodes = _spoken(text, [one, other], speaker, {"verb": verb, "evidence": text.removesuffix(".")}, "")
        ids = {node["name"]: node["id"] for node in nodes}
        for node in nodes:
            if "said" in node:
                node["said"]["about"] = ids[topic]
        assert bool(violations("en", text, nodes)) is not is_said


def _related(text: str, kinds: dict[str, str], fact: tuple[str, str, str], evidence: str) -> list[dict[str, Any]]:
    """The nodes of a record with all that a sentence names, and one relation."""
    thing, key, value = fact
    ids = {name: f"{kind}{':' if kind == 'this' else '/'}n{n}" for n, (name, kind) in enumerate(kinds.items())}
    nodes = [{"id": ids[name], "type": TYPES[kind], "name": name} for name, kind in kinds.items()]
    node = next(node for node in nodes if node["name"] == thing)
    quoted = text.removesuffix(".")
    said: dict[str, Any] = {key: ids[value]}
    if evidence == "quoted for the node":
        said["evidence"] = quoted
    elif evidence == "quoted for the fact":
        said["evidence"] = {key: quoted}
    return [{**one, **said} if one is node else one for one in nodes]


def _refused(language: str, text: str, kinds: dict[str, str], fact: tuple[str, str, str], evidence: str) -> bool:
    """Whether the only finding on a record with one relation is that its words do not say it."""
    found = violations(language, text, _related(text, kinds, fact, evidence))
    return [message.partition(":")[0] for message in found] == ["not-grounded"]


@pytest.mark.parametrize("evidence", EVIDENCE)
@pytest.mark.parametrize("row", rows("owners") + rows("doers"), ids=lambda row: row[1])
def test_a_relation_is_said_of_its_value_and_of_nobody_else_in_the_sentence(row: list[Any], evidence: str) -> None:
    language, text, kinds, thing, key, value, other = row
    assert violations(language, text, _related(text, kinds, (thing, key, value), evidence)) == []
    assert _refused(language, text, kinds, (thing, key, other), evidence)


@pytest.mark.parametrize("evidence", EVIDENCE)
@pytest.mark.parametrize("row", rows("owners"), ids=lambda row: row[1])
def test_who_owns_a_thing_has_it_as_property_and_nobody_else_has(row: list[Any], evidence: str) -> None:
    language, text, kinds, thing, _, value, other = row
    assert violations(language, text, _related(text, kinds, (value, "schema:owns", thing), evidence)) == []
    for turned in ((other, "schema:owns", thing), (thing, "schema:owns", value)):
        if kinds[turned[0]] != "work" and kinds[turned[2]] != "person":
            assert _refused(language, text, kinds, turned, evidence)


@pytest.mark.parametrize("evidence", EVIDENCE)
@pytest.mark.parametrize("row", rows("doers"), ids=lambda row: row[1])
def test_it_is_said_of_nobody_else_where_the_record_lacks_who_it_is(row: list[Any], evidence: str) -> None:
    language, text, kinds, thing, key, value, other = row
    known = {name: kind for name, kind in kinds.items() if name != value}
    assert _refused(language, text, known, (thing, key, other), evidence)


def test_a_verb_that_is_said_of_an_event_itself_names_nobody_else_as_its_organizer() -> None:
    text = "Reed Works opened the Lake Fair, which runs until Sunday."
    fact = ("Lake Fair", "organizer", "Reed Works")
    nodes = _related(text, {"Lake Fair": "event", "Reed Works": "org"}, fact, "quoted for the fact")
    assert violations("en", text, nodes) == []

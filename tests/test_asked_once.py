"""How often the compiler asks what takes long: once, or only where the answer can matter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from communique.compile import timesaid
from communique.compile.compiler import compile_release
from communique.compile.relations import denial, judge, marked, otherkeys, party
from communique.compile.relations.otherkeys import key_said
from communique.context import read_context
from communique.read.release import build_release
from communique.text.moments import open_days_of
from communique.text.passages import Span
from tests.test_relations_in_apposition import refused

Asked = list[tuple[Any, ...]]


def counted(monkeypatch: pytest.MonkeyPatch, module: object, function: Callable[..., Any]) -> Asked:
    """The arguments of each call of a function from a module, kept while it goes on as before."""
    asked: Asked = []

    def call(*given: Any, **named: Any) -> Any:
        asked.append(given)
        return function(*given, **named)

    monkeypatch.setattr(module, function.__name__, call)
    return asked


def findings(text: str, *nodes: dict[str, Any], release: dict[str, str] | None = None) -> Sequence[str]:
    own = {"id": "release/x", "type": "PressRelease", "headline": "X", **(release or {})}
    record = {"@context": "context.jsonld", "graph": [own, *nodes]}
    written = build_release("x", "X\n" + text, record, Path("x"), 1)
    made = compile_release(written, read_context(), base="https://news.example/id/", language="en")
    return [f.code for f in made.findings]


def test_whether_quoted_words_say_another_relation_is_asked_once_of_each_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch, judge, key_said)
    quoted = {"founder": "org/works", "evidence": {"founder": "Blue Line, Reed Works"}}
    found = refused("Blue Line, Reed Works.", "en", ("org/blue", "Blue Line", quoted), ("org/works", "Reed Works", {}))
    assert found == ["org/blue founder"]
    assert [fact.key for _, fact, _ in asked] == ["founder"]


def test_only_keys_whose_cues_may_stand_in_the_text_are_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, held = counted(monkeypatch, otherkeys, party.cues_in), counted(monkeypatch, judge, key_said)
    quoted = {"founder": "org/works", "evidence": {"founder": "Blue Line, partner of Reed Works"}}
    text = "Blue Line, partner of Reed Works, took over."
    refused(text, "en", ("org/blue", "Blue Line", quoted), ("org/works", "Reed Works", {}))
    keys = {key for _, key, _ in asked}
    assert "founder" in keys and "sponsor" not in keys
    frame = held[0][0]
    assert {"memberOf"} <= set(frame.keys_said([Span(0, 20)])) < set(frame.cues.all_keys())
    assert set(frame.keys_said([Span(0, 6), Span(0, 17)])) == set(frame.cues.all_keys())  # "par", of which words begin


def test_the_cues_of_a_key_and_what_denies_them_are_found_once_for_all_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    found, denied = counted(monkeypatch, party, party._find_cues), counted(monkeypatch, denial, denial._is_denied)
    quoted = {"founder": ["org/works", "org/labs"], "evidence": {"founder": "founded by Reed Works and Mock Labs"}}
    text = "Blue Line was founded by Reed Works and Mock Labs."
    ends: list[tuple[str, str, dict[str, Any]]] = [("org/works", "Reed Works", {}), ("org/labs", "Mock Labs", {})]
    assert refused(text, "en", ("org/blue", "Blue Line", quoted), *ends) == []
    asked = [(key, window, is_denied) for _, key, window, is_denied in found]
    assert asked and len(asked) == len(set(asked))
    assert denied and len(denied) == len({cue for _, cue in denied})


def test_whether_a_statement_leaves_out_a_denial_is_asked_once_of_each_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch, marked, denial.cut_denial)
    said = {"id": "this:s", "type": "ReportedStatement", "text": "the dam is safe", "reportingVerb": "said"}
    jo = {"id": "person/jo", "type": "Person", "name": "Jo Sample"}
    assert findings("Jo Sample said that the dam is safe.", jo, {**said, "creator": "person/jo"}) == []
    assert len(asked) == 1


GALA = {"id": "event/gala", "type": "Event", "name": "Gala"}
DATELINE = {"dateline": "Aton, 1 May 2031"}


def test_days_without_a_year_are_looked_for_only_where_a_day_does_not_stand_in_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = counted(monkeypatch, timesaid, open_days_of)
    whole = {**GALA, "startDate": "2031-04-09"}
    assert findings("Aton, 1 May 2031. The Gala opened on 9 April 2031.", whole, release=DATELINE) == []
    assert asked == []
    assert findings("Aton, 1 May 2031. The Gala opened on 9 April.", whole, release=DATELINE) == []
    assert asked != []


def test_denials_are_read_only_where_a_word_that_denies_may_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = counted(monkeypatch, denial, denial._has)
    quoted = {"founder": "org/works"}
    ends: list[tuple[str, str, dict[str, Any]]] = [("org/blue", "Blue Line", quoted), ("org/works", "Reed Works", {})]
    assert refused("Reed Works founded Blue Line.", "en", *ends) == []
    assert asked == []
    assert refused("Reed Works never founded Blue Line.", "en", *ends) == ["org/blue founder"]
    assert asked != []


def test_cues_that_the_words_deny_are_found_only_where_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    held = counted(monkeypatch, judge, otherkeys.is_denied_in)
    quoted = {"founder": "org/works", "evidence": {"founder": "Reed Works never founded Blue Line"}}
    ends: list[tuple[str, str, dict[str, Any]]] = [("org/blue", "Blue Line", quoted), ("org/works", "Reed Works", {})]
    refused("Reed Works never founded Blue Line.", "en", *ends)
    frame, _, (span, *_) = held[0]
    both = [len(list(party.cues_in(frame, "founder", span, denied=denied))) for denied in (False, True, False)]
    assert both[0] == both[2] < both[1]

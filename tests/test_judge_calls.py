"""How often the judge of relations asks what takes long."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from communique.compile.nodes import RecordFact
from communique.compile.relations import judge
from communique.compile.relations.frame import Frame
from communique.compile.relations.otherkeys import key_said
from communique.text.passages import Span
from tests.test_relations_in_apposition import refused


def test_whether_quoted_words_say_another_relation_is_asked_once_of_each_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> str | None:
        asked.append(fact.key)
        return key_said(frame, fact, spans)

    monkeypatch.setattr(judge, "key_said", counted)
    quoted = {"founder": "org/works", "evidence": {"founder": "Blue Line, Reed Works"}}
    found = refused("Blue Line, Reed Works.", "en", ("org/blue", "Blue Line", quoted), ("org/works", "Reed Works", {}))
    assert found == ["org/blue founder"]
    assert asked == ["founder"]

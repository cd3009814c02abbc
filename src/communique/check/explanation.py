"""The answer to ``check --explain``: for each fact the rule that found its words, what it went by, and the passage."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from communique.compile.explained import ExplainedFact
from communique.compile.grounding import NOT_GROUNDED
from communique.compile.relations.rules import UNHELD
from communique.findings import Position
from communique.iris import read_inner, without_base
from communique.terms import PREFIXES
from communique.visible import visible_line

FORMATS: Final = ("text", "json")
"""The formats of findings that explanations can be added to."""
NOTHING: Final = "no words of its own"
"""Shown in place of the rule of a fact that a finding speaks of, since no words say it."""
_OF_RECORD: Final = {**UNHELD, **NOT_GROUNDED, "isPartOf": "is of the release", "encoding": "is a file of the release"}
"""Keys whose facts may stand without words of the text, each with its reason."""


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """An explained fact of one release, with the file and the position of its value in the record."""

    file: str
    at: Position
    base: str
    fact: ExplainedFact


def render_text(explanations: Iterable[ExplainedLine]) -> str:
    """The explanations for a person: a line for each file, node and fact, and one for its words.

    Types, which no words have to say, are left out.
    """
    lines: list[str] = []
    file = ""
    for one in explanations:
        if one.file != file:
            file = one.file
            lines.append(file)
        lines += _lines(one) if one.fact.key != "type" else ()
    return "".join(f"{visible_line(line)}\n" for line in lines)


def _lines(one: ExplainedLine) -> Iterator[str]:
    fact = one.fact
    name = _short(one, fact.subject)
    value = _short(one, fact.value) if "://" in fact.value else repr(fact.value)
    said = f"{name} {fact.key} {value}" if fact.key else name
    basis = "" if fact.why is None else ", inferred"
    yield f"{one.at.line}:{one.at.column}: {said}: {fact.rule or _without_words(fact)}{basis}"
    if fact.found:
        yield "       by " + ", ".join(f"{words!r} ({how})" for words, how in fact.found)
    if fact.cue:
        yield f"       word that decides: {fact.cue!r}"
    for start, end, words in fact.passages:
        yield f"       {start}-{end}: {words!r}"
    if fact.equal > 1:
        yield f"       the first of {fact.equal} equally good places"
    if fact.why is not None:
        yield f"       why: {fact.why}"


def _short(one: ExplainedLine, iri: str) -> str:
    """An IRI as a record writes it: ``person/jo``, ``this:said-jo-1``, ``schema:Event``."""
    inner, own = read_inner(iri, one.base), without_base(iri, one.base)
    if inner is not None:
        return f"this:{inner.name}"
    if own != iri:
        return own
    return next((f"{name}:{iri.removeprefix(start)}" for name, start in PREFIXES.items() if iri.startswith(start)), iri)


def _without_words(fact: ExplainedFact) -> str:
    """Why a fact has no words: its key is not held against the text, or a finding speaks of it."""
    reason = _OF_RECORD.get(fact.key)
    return f"not held against the text: it {reason}" if reason is not None else NOTHING


def add_to_json(document: str, explanations: Iterable[ExplainedLine]) -> str:
    """A document of findings in JSON with the explanations as ``explained``."""
    findings: dict[str, object] = json.loads(document)
    rows = [_row(one) for one in explanations]
    return json.dumps({**findings, "explained": rows}, ensure_ascii=False, indent=1) + "\n"


def _row(one: ExplainedLine) -> dict[str, object]:
    fact = one.fact
    return {
        "file": one.file,
        "line": one.at.line,
        "column": one.at.column,
        "subject": fact.subject,
        "key": fact.key or None,
        "value": fact.value or None,
        "rule": fact.rule or None,
        "basis": "stated" if fact.why is None else "inferred",
        "why": fact.why,
        "found": [{"words": words, "how": how} for words, how in fact.found],
        "cue": fact.cue or None,
        "places": fact.equal,
        "passages": [{"start": start, "end": end, "exact": words} for start, end, words in fact.passages],
    }

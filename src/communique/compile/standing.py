"""Standing inferences: what a newsroom always concludes, declared once in dataset.yaml with its reason.

Each is a rule of `RULES`; none is applied unless the newsroom declares it. What it makes is marked as inferred, with
the newsroom's own sentence as the reason, and gives way to what an author writes, also to an empty list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.compile.expand import Expansion
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.rules import NodeSpans, only_event
from communique.text.passages import Span

_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")


class Conclusion(NamedTuple):
    """A fact that follows: its node, key and value, and the passages of what it follows from."""

    node: RecordNode
    key: str
    value: NamedNode | Literal
    spans: list[Span]


Inference = Callable[[Expansion, RecordNode, NodeSpans], Iterator[Conclusion]]
"""What follows from the facts of a record; takes the expansion, the node of the release and the passages of nodes."""


def apply_standing(expansion: Expansion, release: RecordNode, declared: Mapping[str, str], spans: NodeSpans) -> None:
    """Add the facts that follow by the inferences that a newsroom declares, each with its reason.

    ``declared`` gives the reason by the name of the rule, ``spans`` the passages of a node.
    """
    for name in sorted(declared):
        for node, key, value, passages in list(RULES[name](expansion, release, spans)):
            facts = node.facts.get(key, [])
            if node.written.get(key) == [] or any(fact.object == value for fact in facts):
                continue
            fact = expansion.fact(node, key, value, rule=name)
            fact.spans, fact.why = [*passages], declared[name]


def _speakers_attend(expansion: Expansion, release: RecordNode, spans: NodeSpans) -> Iterator[Conclusion]:
    """Who speaks in a release on one event attended it; not an event that is only planned or was cancelled."""
    event = only_event(expansion, release)
    if event is None or event.facts.get("eventStatus"):
        return
    for speech in expansion.nodes.values():
        if not {"ReportedStatement", "Quotation"} & set(speech.types) or _is_elsewhere(expansion, speech, event):
            continue
        for fact in speech.facts.get("creator", []):
            speaker = expansion.nodes.get(fact.object) if isinstance(fact.object, NamedNode) else None
            if speaker is not None and {"Person", "Group"} & set(speaker.types):
                yield Conclusion(event, "attendee", speaker.iri, _passages(fact, spans))


def _is_elsewhere(expansion: Expansion, speech: RecordNode, event: RecordNode) -> bool:
    """Whether the record says that something was said at another event, which is no part of this one."""
    said_at = [fact.object for fact in speech.facts.get("recordedAt", [])]
    parts = [expansion.nodes.get(one) for one in said_at if isinstance(one, NamedNode)]
    wholes = {fact.object for part in parts if part is not None for fact in part.facts.get("superEvent", [])}
    return bool(said_at) and event.iri not in {*said_at, *wholes}


def _names_split(expansion: Expansion, release: RecordNode, spans: NodeSpans) -> Iterator[Conclusion]:
    """The first of two names is the given name, the second the family name; so is the one name after an honorific.

    Two names are split only in languages that write the given name first.
    """
    given_first = expansion.language.partition("-")[0].lower() in _tables()["given_first"]
    for person in expansion.nodes.values():
        names = [fact for fact in person.facts.get("name", []) if fact.why is None]
        if "Person" not in person.types or len(names) != 1 or _has_parts(person):
            continue
        parts = names[0].object.value.split(" ")
        if not all(_WORD.fullmatch(part) and part[0].isupper() for part in parts):
            continue
        passages = _passages(names[0], spans)
        if len(parts) == 2 and given_first:
            yield Conclusion(person, "givenName", Literal(parts[0]), passages)
        if (len(parts) == 2 and given_first) or (len(parts) == 1 and person.facts.get("honorificPrefix")):
            yield Conclusion(person, "familyName", Literal(parts[-1]), [*passages])


def _has_parts(person: RecordNode) -> bool:
    return "givenName" in person.written or "familyName" in person.written


def _supporters_sponsor(expansion: Expansion, release: RecordNode, spans: NodeSpans) -> Iterator[Conclusion]:
    """Who supported a work or an event was a sponsor of it."""
    for node in expansion.nodes.values():
        for fact in node.facts.get("supporter", []):
            if isinstance(fact.object, NamedNode):
                yield Conclusion(node, "sponsor", fact.object, _passages(fact, spans))


def _should_recommends(expansion: Expansion, release: RecordNode, spans: NodeSpans) -> Iterator[Conclusion]:
    """What somebody said should be done is a recommendation."""
    words = set(_tables()["recommending"].get(expansion.language.partition("-")[0].lower(), ()))
    recommendation = NamedNode(expansion.context.classes["PolicyRecommendation"])
    for speech in expansion.nodes.values():
        if not {"ReportedStatement", "Quotation"} & set(speech.types) or "creator" not in speech.facts:
            continue
        for fact in speech.facts.get("text", []):
            if words & {word.lower() for word in _WORD.findall(fact.object.value)}:
                yield Conclusion(speech, "type", recommendation, _passages(fact, spans))


def _passages(fact: RecordFact, spans: NodeSpans) -> list[Span]:
    """The passages of a fact, or else those of its node."""
    own = [Span(start, end) for start, end in fact.spans]
    return own or [*spans(fact.node)]


@cache
def _tables() -> Mapping[str, Any]:
    """``given_first``: languages that write the given name first. ``recommending``: by language, words of advice."""
    tables: Mapping[str, Any] = json.loads(Path(__file__).with_name("standing.json").read_text(encoding="utf-8"))
    return tables


RULES: Final[Mapping[str, Inference]] = {
    "names-split": _names_split,
    "should-recommends": _should_recommends,
    "speakers-attend": _speakers_attend,
    "supporters-sponsor": _supporters_sponsor,
}
"""The rules that a newsroom may declare, by name; `communique.read.standing` lists them for readers of dataset.yaml."""

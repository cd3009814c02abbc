"""Facts of records made false on purpose: each value swapped for the others of its kind in the same release.

What a rule finds by itself and what it accepts with the author's quotes are counted apart, by kind of fact.
"""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import Literal, NamedNode

from communique.compile.compiler import compile_release
from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations import judge as judging
from communique.compile.relations.frame import Frame, local
from communique.compile.relations.judge import Judge
from communique.compile.relations.role import find_role
from communique.compile.relations.rules import DATES, PLACES, SPEAKERS, TOPICS
from communique.context import read_context
from communique.read.release import WrittenRelease


@dataclass
class Tally:
    """How many true facts there are and how many false ones were made, and what was accepted of both, by kind.

    ``found`` are true facts found without a quote, ``held`` those accepted as the author quotes them; ``wrong`` names
    every false fact that was accepted: kind, node, key, value, "found" or "held".
    """

    true: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    held: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    missed: list[tuple[str, str, str, str]] = field(default_factory=list)

    def recall(self, *kinds: str) -> float:
        """The share of true facts found without a quote."""
        return sum(self.found[k] for k in kinds) / max(sum(self.true[k] for k in kinds), 1)

    def accepted(self, *kinds: str) -> list[tuple[str, str, str, str, str]]:
        """The false facts of some kinds that were accepted."""
        return [row for row in self.wrong if row[0] in kinds]


def mutate(release: WrittenRelease, tally: Tally, *, base: str, language: str, registry: Mapping[str, Any]) -> None:
    """Swap every value of a release and count what is accepted; whose a figure is, the check of figures holds."""
    judge = _judge_of(release, base, language, registry)
    nodes = list(judge.evidence.expansion.nodes.values())
    found = _Without(judge)
    for node in nodes:
        for fact in list(judge._relations(node)):
            if fact.why is None and local(fact.key) != "observationAbout":
                _mutate_fact(judge, found, fact, nodes, tally)
        if "roleName" in node.facts and "member" in node.facts:
            _mutate_role(judge, found, node, nodes, tally)


class _Without:
    """The frame of a judge without the quotes of nodes that the text names."""

    def __init__(self, judge: Judge) -> None:
        reading = judge.frame.reading
        quotes = {iri: spans for iri, spans in judge.frame.quotes.items() if not reading.mentions.of(iri)}
        self.frame = Frame(reading, quotes, judge.frame.cues, judge.frame.work)


def _judge_of(release: WrittenRelease, base: str, language: str, registry: Mapping[str, Any]) -> Judge:
    """The judge of a release, its facts with their authors' quotes as they were written."""
    made: list[Judge] = []
    original = judging.Judge.judge

    def judge(self: Judge) -> None:
        made.append(self)
        original(self)

    judging.Judge.judge = judge  # type: ignore[method-assign]
    try:
        compile_release(release, read_context(), base=base, language=language, registry=registry)
    finally:
        judging.Judge.judge = original  # type: ignore[method-assign]
    (one,) = made
    expansion = one.evidence.expansion
    for fact in expansion.facts():
        fact.spans, fact.why = [], None if fact.rule is None else fact.why
    again = Evidence(expansion, one.evidence.running, lambda *_, **__: None)
    again.attach()
    one.evidence.unproven.clear()
    one.frame.work.left = 10**9
    return one


def kind_of(frame: Frame, fact: RecordFact) -> str:
    """The kind of a fact, by which it is counted."""
    key, group = local(fact.key), frame.group(fact.node.iri.value)
    if group == "said" and key in SPEAKERS:
        return "speaker"
    for kind, keys in (("place", PLACES), ("date", DATES), ("verb", {"reportingVerb"}), ("about", TOPICS)):
        if key in keys:
            return kind
    return "party" if frame.cues.has_key(key) else "other"


def _accepts(judge: Judge, frame: Frame, fact: RecordFact) -> bool:
    refused: list[RecordFact] = []
    before, judge.frame = judge.frame, frame
    judge._refuse = lambda fact, spans=(): refused.append(fact)  # type: ignore[method-assign]
    try:
        (judge._hold if fact.spans else judge._find)(fact)
    finally:
        judge.frame = before
        del judge._refuse
    return not refused


def _mutate_fact(judge: Judge, without: _Without, fact: RecordFact, nodes: Sequence[RecordNode], tally: Tally) -> None:
    kind, own = kind_of(judge.frame, fact), list(fact.spans)
    tally.true[kind] += 1
    fact.spans = []
    if _accepts(judge, without.frame, fact):
        tally.found[kind] += 1
    else:
        tally.missed.append((kind, _step(fact.node.iri.value), fact.key, _step(fact.object.value)))
    fact.spans = list(own)
    tally.held[kind] += _accepts(judge, judge.frame, fact)
    fact.spans = list(own)
    facts = fact.node.facts[fact.key]
    at = facts.index(fact)
    for value in _others(judge.frame, fact, kind, nodes):
        false = RecordFact(fact.node, fact.key, fact.index, fact.predicate, value)
        facts[at] = false
        tally.false[kind] += 1
        row = (kind, _step(fact.node.iri.value), fact.key, _step(value.value))
        if _accepts(judge, without.frame, false):
            tally.wrong.append((*row, "found"))
        if own:
            false.spans = list(own)
            if _accepts(judge, judge.frame, false):
                tally.wrong.append((*row, "held"))
        facts[at] = fact
        false.spans = []


def _others(frame: Frame, fact: RecordFact, kind: str, nodes: Sequence[RecordNode]) -> Iterator[NamedNode | Literal]:
    """The other values of the kind of a fact's value in the same record, in order."""
    own = {f.object for f in fact.node.facts[fact.key]}
    if isinstance(fact.object, Literal):
        keys = DATES if kind == "date" else {"reportingVerb"}
        texts = sorted({f.object.value for n in nodes for k, fs in n.facts.items() if local(k) in keys for f in fs})
        for text in texts:
            same_form = kind != "date" or len(text) == len(fact.object.value)
            if same_form and text not in {o.value for o in own}:
                yield Literal(text, datatype=fact.object.datatype) if kind == "date" else Literal(text)
        return
    for node in nodes:
        same = frame.group(node.iri.value) == frame.group(fact.object.value)
        if same and node.iri not in own and node is not fact.node:
            yield node.iri


def _mutate_role(judge: Judge, without: _Without, role: RecordNode, nodes: Sequence[RecordNode], tally: Tally) -> None:
    frame, quoted = judge.frame, judge.frame.quotes.get(role.iri.value, ())
    tally.true["role"] += 1
    if find_role(without.frame, role) is not None:
        tally.found["role"] += 1
    else:
        tally.missed.append(("role", _step(role.iri.value), "role", ""))
    tally.held["role"] += find_role(frame, role, quoted) is not None
    for key, group in (("member", "person"), ("organization", "organization")):
        for (fact,), node in itertools.product([role.facts[key]] if key in role.facts else [], nodes):
            if frame.group(node.iri.value) != group or node.iri == fact.object:
                continue
            role.facts[key] = [RecordFact(role, key, 0, fact.predicate, node.iri)]
            tally.false["role"] += 1
            row = ("role", _step(role.iri.value), key, _step(node.iri.value))
            if find_role(without.frame, role) is not None:
                tally.wrong.append((*row, "found"))
            if quoted and find_role(frame, role, quoted) is not None:
                tally.wrong.append((*row, "held"))
            role.facts[key] = [fact]


def _step(iri: str) -> str:
    return iri.rstrip("/").replace("#", "/").rpartition("/")[2]


def swap_keys(release: WrittenRelease, *, base: str, language: str) -> tuple[int, list[tuple[str, str, str]]]:
    """How many facts of family, ownership and life were made up from all that a release names, and those accepted."""
    judge = _judge_of(release, base, language, {})
    frame, nodes = _Without(judge).frame, list(judge.evidence.expansion.nodes.values())
    dates = sorted({f.object.value for n in nodes for k, fs in n.facts.items() if local(k) in DATES for f in fs})
    tried, accepted = 0, []
    for node in nodes:
        group = frame.group(node.iri.value)
        peers = [n.iri for n in nodes if n is not node and frame.group(n.iri.value) == group]
        made: list[tuple[str, NamedNode | Literal]] = [
            (key, value) for key in _MADE_UP.get(group, ()) for value in peers
        ]
        made += [(key, Literal(day)) for key in _DATED.get(group, ()) for day in dates]
        for key, value in made:
            false = RecordFact(node, key, 0, NamedNode(base + key), value)
            tried += 1
            if _accepts(judge, frame, false):
                accepted.append((_step(node.iri.value), key, _step(value.value)))
    return tried, accepted


def swapped_names(release: WrittenRelease, *, exchanged: bool) -> Iterator[tuple[str, str, WrittenRelease]]:
    """A release once for each node that gets the name of another of its kind: id of the node, name, release.

    If ``exchanged``, the other gets the name of the first, too.
    """
    nodes = sorted(_named_nodes(release.record), key=lambda pair: str(pair[0]))
    named = [(path, node) for path, node in nodes if isinstance(node["name"], str)]
    pairs = itertools.combinations(named, 2) if exchanged else itertools.permutations(named, 2)
    for (at, node), (other_at, other) in pairs:
        if _kind_of_node(node) != _kind_of_node(other) or node["name"] == other["name"]:
            continue
        record: Any = copy.deepcopy(release.record)
        _inside(record, at)["name"] = other["name"]
        if exchanged:
            _inside(record, other_at)["name"] = node["name"]
        yield node["id"], other["name"], replace(release, record=record)


def _named_nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    if isinstance(value, dict):
        if {"id", "type", "name"} <= value.keys():
            yield path, value
        for key in value.keys() - {"evidence", "@context"}:
            yield from _named_nodes(value[key], (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _named_nodes(item, (*path, number))


def _kind_of_node(node: Mapping[str, Any]) -> str:
    """The first step of the id of a node, or the class of one that lives in its release."""
    first = node["id"].partition("/")[0]
    return first if "/" in node["id"] else str(node["type"])


def _inside(record: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        record = record[step]
    return record


_MADE_UP = {
    "person": ("schema:spouse", "schema:sibling", "schema:parent", "schema:children"),
    "organization": ("schema:owns", "schema:competitor"),
}
_DATED = {"person": ("birthDate", "deathDate"), "organization": ("foundingDate", "schema:dissolutionDate")}

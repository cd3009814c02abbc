"""Who belongs to a group that heads a list of them, or to a consortium that is named by its members."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import AGENTS, Found, Frame, around
from communique.compile.relations.lists import actors_before, items_after, joint_of
from communique.text.mentions import Mention
from communique.text.passages import Span

_HEADS: Final = ([","], [":"], [", namely"], ["–"], ["—"])
_FEWEST: Final = 2
_CLAUSE: Final = re.compile(r"[,;:]|\.(?!\d|\s\d)")


def find_member(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """A group with the list that it heads ("two pilots, Ada and Jo"), or the name of a consortium with its members."""
    return _find(frame, fact.node.iri.value, fact.object.value, window)


def find_member_of_group(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """The same words, looked for from the other end: whom a group or consortium has as a member."""
    return _find(frame, fact.object.value, fact.node.iri.value, window)


def _find(frame: Frame, node: str, value: str, window: Span) -> Found | None:
    """The words that say that a node is a member of another one."""
    for whole in frame.of(value, *window, node)[:20]:
        frame.work.spend(3)
        is_group = frame.group(value) == "group"
        members = (
            _headed(frame, whole, window) or _included(frame, whole, window) if is_group else _joined(frame, whole)
        )
        members += [m for tense, own, _ in belonging(frame, whole, window) if tense == "present" for m in own]
        member = next((m for m in members if m.node == node), None)
        if member is not None:
            return Found(around(whole, member), "member of a group", member, whole)
    return None


def belonging(frame: Frame, whole: Mention, window: Span) -> Iterator[tuple[str, list[Mention], Span]]:
    """The tense, the subjects and the verb where a verb in two parts stands around a body: "Jo gehört dem Rat … an"."""
    clause = _CLAUSE.search(frame.source, whole.end, window.end)
    behind = frame.words(whole.end, clause.start() if clause is not None else window.end)[-1:]
    if not frame.cues.set("belongs", "behind").intersection(behind):
        return
    for tense in ("present", "past"):
        for hit in frame.cues.pattern("belongs", tense).finditer(frame.source, window.start, whole.start):
            verb = Span(*hit.span())
            between = frame.mentions(AGENTS, verb.end, whole.start)
            words = frame.words(between[-1].end if between else verb.end, whole.start)
            if not set(words) <= frame.cues.set("articles") | frame.cues.set("definite") or is_denied(frame, verb):
                continue
            subjects = actors_before(frame, AGENTS, window.start, verb.start)
            yield tense, subjects or items_after(frame, AGENTS, verb.end, whole.start), verb


def _headed(frame: Frame, head: Mention, window: Span) -> list[Mention]:
    """The list right after the name of a group, of two or more people or organisations that end with "and"."""
    items: list[Mention] = []
    for one in frame.mentions({"person", "organization"}, head.end, window.end):
        if not items:
            if frame.words(head.end, one.start) not in _HEADS:
                return []
            items.append(one)
            continue
        gap = frame.words(items[-1].end, one.start)
        if one.start < items[-1].end or not gap or not set(gap) <= frame.cues.set("and") | {","}:
            break
        items.append(one)
        if frame.cues.set("and").intersection(gap):
            return items
    return []


def _included(frame: Frame, group: Mention, window: Span) -> list[Mention]:
    """Those of whom a group at the head of a sentence is said to consist: "The delegation included Ada and Jo"."""
    small = frame.cues.set("articles") | frame.cues.set("prepositions")
    if group.how == "pronoun" or not set(frame.words(window.start, group.start)) <= small:
        return []
    for cue in frame.cues.pattern("comprises").finditer(frame.source, group.end, window.end):
        before = [word for word in frame.words(group.end, cue.start()) if word != ","]
        is_second = before[-1:] and before[-1] in frame.cues.set("and")
        if (is_second or set(before) <= frame.cues.set("auxiliaries")) and not is_denied(frame, Span(*cue.span())):
            return items_after(frame, {"person", "organization"}, cue.end(), window.end)
    return []


def _joined(frame: Frame, whole: Mention) -> list[Mention]:
    """The organisations inside the name of a consortium, joined by "and": "Joint Venture Works and Labs"."""
    if not frame.cues.pattern("consortium").search(frame.source, whole.start, whole.end):
        return []
    inside = [
        m
        for m in frame.reading.mentions.within(whole.start, whole.end)
        if m.node != whole.node and m.how == "name" and frame.group(m.node) == "organization"
    ]
    if len(inside) < _FEWEST:
        return []
    pairs = itertools.pairwise(inside)
    return inside if all(joint_of(frame, a.end, b.start) != "none" for a, b in pairs) else []

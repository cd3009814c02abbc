"""What a verb of speech without words of its own is said of: "welcomed the plan", and not whose plan it was."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from communique.compile.nodes import RecordNode
from communique.compile.relations.frame import AGENTS, Frame
from communique.compile.relations.lists import is_owner, joint_of
from communique.text.mentions import Mention
from communique.text.passages import Span

_CLAUSE: Final = re.compile(r"[,;]")


def is_object(frame: Frame, statement: RecordNode, mention: Mention) -> bool:
    """Whether a mention is what the verb of a statement is said of, in its clause and as the head of its phrase.

    True of a statement without a verb, and where the verb stands in another sentence.
    """
    if not frame.cues.words:
        return True
    window = frame.sentence(mention.start)
    if mention.how not in ("pronoun", "quote") and is_owner(frame, mention, window.end):
        return False
    verbs = list(_verbs(frame, statement, window))
    return not verbs or any(_are_joined(frame, verb, mention) for verb in verbs)


def _verbs(frame: Frame, statement: RecordNode, window: Span) -> Iterator[Span]:
    """Where the verbs of a statement stand in a sentence."""
    for verb in statement.facts.get("reportingVerb", ()):
        frame.work.spend(1 + (window.end - window.start) // 50)
        pattern = re.compile(
            r"(?<!\w)" + r"\s+".join(map(re.escape, verb.object.value.split())) + r"(?!\w)", re.IGNORECASE
        )
        yield from (Span(*hit.span()) for hit in pattern.finditer(frame.source, *window))


def _are_joined(frame: Frame, verb: Span, mention: Mention) -> bool:
    """Whether no other verb stands between a verb and what it is said of, and no clause ends there."""
    low, high = sorted((verb, Span(*mention[:2])))
    if low.end > high.start:
        return True
    verbs = (("breakers",), ("speech", "verbs"))
    if any(frame.has(path, low.end, high.start) for path in verbs) or _has_second_verb(frame, low.end, high.start):
        return False
    if high == verb and not frame.cues.set("and").isdisjoint(frame.words(low.end, high.start)[-1:]):
        return False
    if high == verb and _CLAUSE.search(frame.source, low.end, high.start):
        return bool(frame.cues.set("relative_pronouns").intersection(frame.words(low.end, high.start)))
    return high == verb or not _is_in_next_clause(frame, low.end, mention)


def _is_in_next_clause(frame: Frame, start: int, mention: Mention) -> bool:
    """Whether another clause begins after a comma between a verb and a mention: ", which …", ", and Ada Mock …"."""
    ands, relatives = frame.cues.set("and"), frame.cues.set("relative_pronouns")
    for comma in _CLAUSE.finditer(frame.source, start, mention.start):
        words = frame.words(comma.end(), mention.start)
        first = words[:1]
        after = frame.words(mention.end, frame.sentence(mention.start).end)[:1]
        ends = not after or not after[0][0].isalnum() or after[0] in ands
        if frame.cues.set("articles").issuperset(words) and (ends or relatives.isdisjoint(words)):
            continue  # the next item of a list
        if relatives.intersection(first):
            return True
        subject = next(iter(frame.mentions(AGENTS, comma.end(), mention.start)), None)
        if subject is not None and ands.intersection(first) and joint_of(frame, subject.end, mention.start) == "none":
            return True
    return False


def _has_second_verb(frame: Frame, start: int, end: int) -> bool:
    """Whether "and" leads to another verb between two offsets, by its ending."""
    words = frame.words(start, end)
    endings = tuple(frame.cues.set("role", "verb_endings"))
    ands = frame.cues.set("and")
    pairs = itertools.pairwise(words)
    return bool(endings) and any(one in ands and other.endswith(endings) for one, other in pairs)

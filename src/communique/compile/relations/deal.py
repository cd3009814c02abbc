"""Who gives and who takes in an action: "A sold B to C", "B was bought by C from A", "C was awarded B by A"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final, NamedTuple

from communique.compile.nodes import RecordFact
from communique.compile.relations.denial import is_denied
from communique.compile.relations.frame import AGENTS, Found, Frame, around, local
from communique.compile.relations.lists import actors_before, is_owner, items_after
from communique.text.mentions import Mention
from communique.text.passages import Span

_GIVING: Final = frozenset({"DonateAction", "GiveAction", "LendAction", "PayAction", "SellAction", "SendAction"})
_TAKING: Final = frozenset({"BorrowAction", "BuyAction", "ReceiveAction", "TakeAction", "WinAction"})
_SIDES: Final = {"borrower": "take", "buyer": "take", "lender": "give", "recipient": "take", "seller": "give",
                 "sender": "give"}  # fmt: skip
PARTNERS: Final = frozenset({"agent", *_SIDES})
"""Keys of an action for those between whom something changes hands."""
_REACH: Final = 120
"""The most characters between the verb and the words that lead to the other side."""
_LONGEST_WORD: Final = 30
_CLAUSE: Final = re.compile(r"[;:]|, ")
_MARKS: Final = frozenset('«»„“”"')
_PLAIN: Final = frozenset({"a", "an", "the"})


class _Verb(NamedTuple):
    """Where a verb stands, with its auxiliaries if it is passive, and whether it is one to "give" or to "take"."""

    span: Span
    kind: str


def find_partner(frame: Frame, fact: RecordFact, window: Span) -> Found | None:
    """Words of a window in which a verb of an action has its value on the side, giving or taking, of its key."""
    side = _side(fact)
    groups = AGENTS | frame.rivals(fact.object.value)
    for verb, kind in _verbs(frame, fact, window) if side else ():
        frame.work.spend(5)
        passive = _passive_start(frame, verb, window)
        if passive is None:
            people = _of_active(frame, groups, window, _Verb(verb, kind), is_subject=kind == side)
        else:
            people = _of_passive(frame, groups, window, _Verb(Span(passive, verb.end), kind), is_subject=kind == side)
        if kind == "give" and side == "take":
            people = _given_before(frame, fact, verb) or people
        if kind == "take" and side == "give" and not people:
            people = _givers_of(frame, fact, groups, verb)
        value = next((m for m in people if m.node == fact.object.value), None)
        if value is not None:
            return Found(around(verb, value), "side of the action", None, value, verb)
    return None


def fits_case(frame: Frame, fact: RecordFact, found: Found) -> bool:
    """Whether somebody beside an active verb of giving stands in the case of a giver or taker, where names have cases.

    «Приз вручила Нина Пробная» says who gave it, «приз вручили Нине Пробной» who took it.
    """
    value, verb, side = found.value, found.cue, _side(fact) if local(fact.key) in PARTNERS else ""
    if value is None or verb is None or not side or not frame.cues.set("speech", "cases"):
        return True
    if frame.source[slice(*verb)].lower() not in frame.cues.set("deals", "give"):
        return True
    word = frame.source[value.start : value.end].lower()
    is_subject = word in frame.cues.set("deals", "subjects") if value.how == "pronoun" else value.how != "inflected"
    return is_subject == (side == "give")


def is_turned(frame: Frame, fact: RecordFact) -> bool:
    """Whether the name of an action has a verb of the other side than that of its agent: "won the prize" of a gift."""
    side = _side(fact)
    other = {"give": "take", "take": "give"}.get(side, "")
    named = frame.named(fact.node.iri.value)[:20]
    return bool(other) and any(frame.has(("deals", other), m.start, m.end) for m in named)


def _givers_of(frame: Frame, fact: RecordFact, groups: Collection[str], verb: Span) -> list[Mention]:
    """Those of whom a prize is that somebody wins: "won the Reed Prize [of Mock Labs]"."""
    name = _object_of(frame, fact, verb)
    if name is None:
        return []
    end = frame.sentence(name.start).end
    items = [m for m in frame.mentions(groups, name.end, end)[:1] if not is_owner(frame, m, end)]
    words = frame.words(name.end, items[0].start) if items else []
    of = frame.cues.set("deals", "of")
    if not items or not set(words) <= of | frame.cues.set("articles") | set('»«“"'):
        return []
    return items if of.intersection(words) or (not of and items[0].how == "inflected") else []


def _side(fact: RecordFact) -> str:
    """Whether the value of a fact gives or takes, by its key and for an agent by the class of the action; else ""."""
    classes = {local(name) for name in fact.node.types}
    if local(fact.key) != "agent":
        return _SIDES[local(fact.key)]
    if classes & _GIVING:
        return "give"
    return "take" if classes & _TAKING else ""


def _verbs(frame: Frame, fact: RecordFact, window: Span) -> Iterator[tuple[Span, str]]:
    """The verbs of giving and taking that stand in the words for an action, and which of both each says."""
    node = fact.node.iri.value
    own = [Span(m.start, m.end) for m in frame.named(node)] + [Span(*quote) for quote in frame.quotes.get(node, ())]
    frame.work.spend(2 + len(own) // 10 + (window.end - window.start) // 50)
    for kind in ("give", "take"):
        for hit in frame.cues.pattern("deals", kind).finditer(frame.source, *window):
            verb = Span(*hit.span())
            is_own = any(start <= verb.start and verb.end <= end for start, end in own)
            is_known = is_own or _object_of(frame, fact, verb) is not None or bool(_given_before(frame, fact, verb))
            if is_known and not is_denied(frame, verb):
                yield verb, kind


def _object_of(frame: Frame, fact: RecordFact, verb: Span) -> Mention | None:
    """The name of an action that is the object of a verb, or the subject of a passive one: "won the [Reed Prize]"."""
    sentence = frame.sentence(verb.start)
    names = frame.of(fact.node.iri.value, *sentence)
    return next((m for m in names if _follows(frame, verb, m) or _is_subject(frame, m, verb)), None)


def _given_before(frame: Frame, fact: RecordFact, verb: Span) -> list[Mention]:
    """Whom a pronoun right before a verb of giving means, behind what is given: «Награду [ему] вручила Анна»."""
    start = frame.sentence(verb.start).start
    before = [m for m in frame.reading.mentions.within(start, verb.start) if m.how == "pronoun"]
    given = frame.cues.set("deals", "given")
    people = [
        m for m in before if frame.source[m.start : m.end].lower() in given and not frame.words(m.end, verb.start)
    ]
    names = frame.of(fact.node.iri.value, start, verb.start)
    return (
        people
        if any(m.end < people[0].start and not frame.words(m.end, people[0].start) for m in names if people)
        else []
    )


def _follows(frame: Frame, verb: Span, name: Mention) -> bool:
    """Whether a name stands right behind a verb, but for articles and one whom it is given to."""
    if name.start < verb.end:
        return False
    people = frame.mentions(AGENTS, verb.end, name.start)
    between = frame.words(people[-1].end if people else verb.end, name.start)
    between += frame.words(verb.end, people[0].start) if people else []
    return set(between) <= frame.cues.set("articles") | _MARKS


def _is_subject(frame: Frame, name: Mention, verb: Span) -> bool:
    """Whether nothing but auxiliaries of the passive stands between a name and the verb behind it."""
    words = set(frame.words(name.end, verb.start)) - _MARKS
    passive = frame.cues.set("passive")
    is_behind = name.end <= verb.start and not passive.isdisjoint(words)
    return is_behind and words <= passive | frame.cues.set("auxiliaries")


def _passive_start(frame: Frame, verb: Span, window: Span) -> int | None:
    """Where the passive of a verb begins ("was recently bought"), None if it is active."""
    passive, auxiliaries = frame.cues.set("passive"), frame.cues.set("auxiliaries")
    begin, is_passive = verb.start, False
    for hit in reversed(list(_WORD.finditer(frame.source, max(window.start, verb.start - _REACH), verb.start))):
        word = hit.group().lower()
        if word not in auxiliaries | passive:
            break
        begin, is_passive = hit.start(), is_passive or word in passive
    following = frame.words(verb.end, min(window.end, verb.end + 12))[:1]
    return begin if is_passive or frame.cues.set("speech", "by").intersection(following) else None


_WORD: Final = re.compile(r"\S+")


def _of_active(frame: Frame, groups: Collection[str], window: Span, verb: _Verb, *, is_subject: bool) -> list[Mention]:
    """Those on one side of an active verb: its subject, or whom its preposition leads to."""
    if is_subject:
        return actors_before(frame, groups, _clause_start(frame, groups, window, verb.span), verb.span.start)
    if verb.kind == "give" and (first := _right_behind(frame, groups, verb.span.end, window.end)):
        return first
    return _led(frame, groups, verb.span.end, window.end, ("deals", "to" if verb.kind == "give" else "from"))


def _of_passive(frame: Frame, groups: Collection[str], window: Span, verb: _Verb, *, is_subject: bool) -> list[Mention]:
    """Those on one side of a passive verb: behind "by", behind its preposition, or who "was given" something."""
    if is_subject:
        return _led(frame, groups, verb.span.end, window.end, ("speech", "by"))
    found = _led(frame, groups, verb.span.end, window.end, ("deals", "to" if verb.kind == "give" else "from"))
    start = _clause_start(frame, groups, window, verb.span)
    return found or (actors_before(frame, groups, start, verb.span.start) if verb.kind == "give" else [])


def _clause_start(frame: Frame, groups: Collection[str], window: Span, verb: Span) -> int:
    """Where the clause of a verb begins: behind the last ", and" before it that somebody follows, else its sentence."""
    for hit in reversed(list(frame.cues.pattern("and").finditer(frame.source, window.start, verb.start))):
        before = frame.source[max(window.start, hit.start() - 3) : hit.start()].rstrip()
        if before.endswith((",", ";")) and frame.mentions(groups, hit.end(), verb.start):
            return hit.end()
    return window.start


def _acts(frame: Frame, mention: Mention, end: int) -> bool:
    """Whether a verb follows somebody, who then begins the next clause: "to Works, and Labs bought the mill"."""
    verbs = (("deals", "give"), ("deals", "take"), ("breakers",), ("auxiliaries",), ("passive",))
    following = frame.words(mention.end, min(end, mention.end + _LONGEST_WORD))[:1]
    return any(frame.cues.set(*path).intersection(following) for path in verbs)


def _right_behind(frame: Frame, groups: Collection[str], start: int, end: int) -> list[Mention]:
    """Those right behind a verb, who are given what is named after them: "gave Reed School ten books"."""
    items = items_after(frame, groups, start, end)
    if not items or set(frame.words(start, items[0].start)) - _PLAIN:
        return []
    return items if frame.words(items[-1].end, end)[:1] not in ([], ["."], [","], ["to"]) else []


def _led(frame: Frame, groups: Collection[str], start: int, end: int, path: tuple[str, ...]) -> list[Mention]:
    """Those to whom the first preposition of a list leads that stands right before somebody, in the same clause."""
    for hit in frame.cues.pattern(*path).finditer(frame.source, start, min(end, start + _REACH)):
        if _CLAUSE.search(frame.source, start, hit.start()) or frame.has(("breakers",), start, hit.start()):
            return []
        items = items_after(frame, groups, hit.end(), end)
        if items and not set(frame.words(hit.end(), items[0].start)) - frame.cues.set("articles"):
            return [m for m in items if m is items[0] or not _acts(frame, m, end)]
    return []

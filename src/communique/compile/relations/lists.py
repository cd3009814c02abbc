"""Lists in a sentence: "A, B and C" share what is said of one of them; and who stands before or after a cue."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Sequence
from typing import Final

from communique.compile.relations.aside import begins_another
from communique.compile.relations.frame import Frame
from communique.text.mentions import Mention

_LONGEST_HEAD: Final = 60
_LONGEST_APPOSITION: Final = 120
_MODIFIERS: Final = 3
_QUOTES: Final = frozenset("\"”“»'’)")


def items_after(frame: Frame, groups: Collection[str], at: int, end: int) -> list[Mention]:
    """Those that words at an offset lead to: the next one named, and those in one list with it."""
    mentions = [m for m in frame.mentions(groups, at, end) if not is_owner(frame, m, end)]
    for k, mention in enumerate(mentions):
        led = k == 0 or mention.start >= mentions[k - 1].end
        if mention.start - at > _LONGEST_HEAD or frame.has(("breakers",), at, mention.start):
            return []
        if _is_past_clause(frame, at, mention.start):
            return []
        if led and _is_head(frame, mentions[:k], at, mention):
            return _list_from(frame, mentions[k:], at)
    return []


def _is_past_clause(frame: Frame, at: int, end: int) -> bool:
    """Whether a clause ends between a cue and a name: "The organiser is Works; Labs", "ist der Verein, das Werk".

    One that takes its predicate over does not: "are members of Works, as is Labs".
    """
    if ";" in frame.source[at:end]:
        return True
    words = frame.words(at, end)
    comma = words.index(",") if "," in words else len(words)
    verbs = frame.cues.set("predicate", "copula")
    before, after = (set(words[: comma - 1]) if comma < len(words) else set()), set(words[comma:])
    if not frame.cues.set("predicate", "so").isdisjoint(words[comma + 1 : comma + 2]):
        after = set()
    return not verbs.isdisjoint(before) or not (verbs | frame.cues.set("predicate", "perfect")).isdisjoint(after)


def _is_head(frame: Frame, skipped: Sequence[Mention], at: int, mention: Mention) -> bool:
    """Whether a mention is what words at an offset lead to, and not a part of the description of something else."""
    if _is_second_of_cue(frame, at, mention.start):
        return True
    if frame.ends_with(("prepositions",), at, mention.start):
        return False
    if not skipped and frame.cues.set("speech", "by") & set(frame.words(at, mention.start)):
        return False  # "a vase by some Jo Sample, donated by her son Max"
    if skipped:
        return frame.group(mention.node) == "person" and "person" not in {frame.group(m.node) for m in skipped}
    return True


def _is_second_of_cue(frame: Frame, at: int, end: int) -> bool:
    """Whether the words after a cue name something and take up the cue again: "funded by gifts and by Sample Works"."""
    words = [word for word in frame.words(at, end) if word not in frame.cues.set("articles")]
    is_joined = len(words) > 2 and words[-2] in frame.cues.set("and")
    return is_joined and words[-1] == _last_word(frame, at) and not frame.has(("breakers",), at, end)


def _list_from(frame: Frame, mentions: Sequence[Mention], cue_end: int) -> list[Mention]:
    """The list that begins with the first of some mentions; it ends with the last one after "and"."""
    items = [mentions[0]]
    closed = 1
    for k, mention in enumerate(mentions[1:], 2):
        if mention.start >= items[-1].end and _belongs_to_next(frame, mention, mentions[k : k + 1]):
            continue
        if mention.start < items[-1].end:
            if (mention.start, mention.end) == (items[-1].start, items[-1].end):
                items.append(mention)
                closed = len(items) if closed == len(items) - 1 else closed
            continue
        if begins_another(frame, items[-1].end, mention.start, cue_end):
            break
        joint = joint_of(frame, items[-1].end, mention.start, cue_end)
        if joint == "none":
            if not _is_described(frame, items[-1].end, mention):
                break
            continue
        items.append(mention)
        gap = items[-2].end, mention.start
        is_last = joint == "and" or len(_without_joints(frame, *gap)) < len(frame.words(*gap))  # ", ainsi que"
        if is_last or _is_after_colon(frame, items, cue_end):
            closed = len(items)
    return items[:closed]


def _is_after_colon(frame: Frame, items: Sequence[Mention], cue_end: int) -> bool:
    """Whether semicolons part all items of a list behind a colon that end a sentence: "sponsors: A; B; C."."""
    gaps = [frame.words(one.end, other.start) for one, other in itertools.pairwise(items)]
    after = [word for word in frame.words(items[-1].end, frame.sentence(items[-1].start).end) if word not in _QUOTES]
    parting = frame.cues.set("auxiliaries") | frame.cues.set("passive")
    is_led = ":" in frame.words(cue_end, items[0].start)
    return is_led and all(";" in gap and parting.isdisjoint(gap) for gap in gaps) and after in ([], ["."])


def _belongs_to_next(frame: Frame, mention: Mention, following: Sequence[Mention]) -> bool:
    """Whether somebody only says whose the person right behind is: «Ольга Чижова и депутат Совета Игорь Панин»."""
    if frame.group(mention.node) == "person" or not following or frame.group(following[0].node) != "person":
        return False
    gap = frame.words(mention.end, following[0].start)
    has_cases = bool(frame.cues.set("speech", "cases")) and mention.how in ("inflected", "reference")
    is_case = has_cases and len(gap) == 1 and gap[0].isalpha() and gap[0].islower()
    parting = frame.cues.set("and") | frame.cues.set("prepositions") | frame.cues.set("breakers")
    return following[0].start >= mention.end and (not gap or (is_case and parting.isdisjoint(gap)))


def joint_of(frame: Frame, start: int, end: int, cue_end: int = 0) -> str:
    """How the words between two mentions join them: "and", "comma", or "none"."""
    words = frame.words(start, end)
    if not words or end - start > _LONGEST_APPOSITION:
        return "none"
    ands, articles = frame.cues.set("and"), frame.cues.set("articles")
    separators = [k for k, word in enumerate(words) if word in ands or word in ",;/"]
    if not separators:
        return _phrase_joint(frame, start, end)
    last = separators[-1]
    lead, tail = words[: separators[0]], [w for w in words[last + 1 :] if w not in articles and w not in "\"“”„«»'’"]
    repeated = _last_word(frame, cue_end)
    by = frame.cues.set("speech", "by")
    is_repeated = bool(tail) and (tail[0] == repeated or (repeated in by and tail[0] in by))  # "vom A und von B"
    tail = tail[1:] if is_repeated else tail
    clauses = frame.cues.set("relative_pronouns") - articles
    described = len(lead) > 0 and not (lead[0] == "(" or set(lead) <= set("\"”“»'’)"))
    if (
        described
        or len(tail) > _MODIFIERS
        or _has_any(frame, "prepositions", tail)
        or _has_any(frame, "breakers", _without_joints(frame, start, end))
        or not clauses.isdisjoint(tail)
    ):
        return "none"
    return "and" if any(words[k] in ands for k in separators) else "comma"


def _without_joints(frame: Frame, start: int, end: int) -> list[str]:
    """The words between two offsets without those that join a list, such as "ainsi que"."""
    hits = [hit.span() for hit in frame.cues.pattern("and").finditer(frame.source, start, end)]
    edges = [start, *(at for hit in hits for at in hit), end]
    return [word for k in range(0, len(edges), 2) for word in frame.words(edges[k], edges[k + 1])]


def _phrase_joint(frame: Frame, start: int, end: int) -> str:
    """ "and" if the words between are one joining phrase, such as "as well as"."""
    hit = frame.cues.pattern("and").search(frame.source, start, end)
    rest = frame.words(start, hit.start()) + frame.words(hit.end(), end) if hit else ["-"]
    return "and" if set(rest) <= frame.cues.set("articles") else "none"


def _last_word(frame: Frame, end: int) -> str:
    words = frame.words(max(0, end - 20), end)
    return words[-1] if words else ""


def _has_any(frame: Frame, name: str, words: Sequence[str]) -> bool:
    return bool(frame.cues.set(name).intersection(words))


def _is_described(frame: Frame, start: int, mention: Mention) -> bool:
    """Whether a mention is only a part of the description of the one before it: "Jo Sample, engineer of Works"."""
    close = mention.start - start <= _LONGEST_HEAD
    return close and frame.ends_with(("prepositions",), start, mention.start)


# ---- who stands before a cue


def actors_before(frame: Frame, groups: Collection[str], start: int, at: int, *, cases: bool = False) -> list[Mention]:
    """Those who do what a verb at an offset says: the nearest before it, persons first, and those in one list with it.

    Organisations and groups count only if no person stands there, and not after a preposition; with ``cases``, nobody
    whose name stands in another case.
    """
    mentions = frame.mentions(groups, start, at)
    antecedents = _antecedents(frame, mentions, start, at)
    if antecedents is not None:
        return antecedents
    if cases:
        mentions = [m for m in mentions if m.how != "inflected"]
    actor = _actor(frame, [m for m in mentions if not is_owner(frame, m, at)], start)
    if actor is None:
        return []
    gap = actor.end
    if _ends_with_and(frame, gap, at):
        verb = frame.cues.pattern("breakers").search(frame.source, start, at)
        if verb is not None and mentions[0].end <= verb.start():
            return actors_before(frame, groups, start, verb.start(), cases=cases)
        if verb is not None:
            return []
    elif _is_broken(frame, gap, at):
        reported = _reported_clause(frame, gap, at)
        return actors_before(frame, groups, reported, at, cases=cases) if reported else []
    return list_to(frame, mentions, actor)


def _antecedents(frame: Frame, mentions: Sequence[Mention], start: int, at: int) -> list[Mention] | None:
    """Whom a relative pronoun right before a verb means: "Jo Sample of Works, which bought Labs"; None without one."""
    words, skipped = frame.words(start, at), frame.cues.set("auxiliaries") | frame.cues.set("relative", "between")
    while words and words[-1] in skipped:
        words.pop()
    last = words[-1] if words else ""
    of_things, of_people = (last in frame.cues.set("relative", kind) for kind in ("things", "people"))
    if not (of_things or of_people):
        return None
    pronoun = list(re.finditer(rf"(?<!\w){re.escape(last)}(?!\w)", frame.source[start:at], re.IGNORECASE))[-1]
    end, joining = (
        start + pronoun.start(),
        frame.cues.set("prepositions") | frame.cues.set("articles") | set(",\"”»“’'"),
    )
    for mention in reversed(mentions):
        if mention.end <= end:
            if set(frame.words(mention.end, end)) - joining:
                break
            if of_people if frame.group(mention.node) == "person" else of_things:
                return list_to(frame, mentions, mention)
            end = mention.start
    return []


def _actor(frame: Frame, mentions: Sequence[Mention], start: int) -> Mention | None:
    people = [m for m in mentions if frame.group(m.node) == "person"]
    own = people or mentions
    free: list[Mention] = []
    led: Mention | None = None
    for mention in own:
        joined = led is not None and joint_of(frame, led.end, mention.start) == "and"
        if joined or frame.ends_with(("prepositions",), max(start, mention.start - 40), mention.start):
            led = mention
        else:
            free.append(mention)
    return free[-1] if free else None


def is_owner(frame: Frame, mention: Mention, end: int) -> bool:
    """Whether somebody is only the one to whom somebody or something else belongs: "Sample Works’s chair", "its chair".

    ``end`` is the offset before which that must be said.
    """
    if mention.how == "pronoun":
        is_before_noun = bool(frame.words(mention.end, end))
        return is_before_noun and frame.source[mention.start : mention.end].lower() in frame.cues.set("owners")
    gap = frame.source[mention.end : end].lower()
    marks = [mark for mark in frame.cues.set("role", "possessive") if gap.startswith(mark)]
    return any(gap[len(mark) :].strip() for mark in marks)


def _ends_with_and(frame: Frame, start: int, end: int) -> bool:
    words = frame.words(start, end)
    auxiliaries = frame.cues.set("auxiliaries")
    while words and words[-1] in auxiliaries:
        words.pop()
    return bool(words) and words[-1] in frame.cues.set("and") | frame.cues.set("but")


def _is_broken(frame: Frame, start: int, end: int) -> bool:
    """Whether another verb or the end of a clause stands between an actor and the verb."""
    return end - start > 2 * _LONGEST_APPOSITION or frame.has(("breakers",), start, end)


def _reported_clause(frame: Frame, start: int, end: int) -> int:
    """Where what somebody said begins, in "Jo Sample said that Works opened a plant": after "that"; 0 if nowhere."""
    for hit in reversed(list(frame.cues.pattern("speech", "that").finditer(frame.source, start, end))):
        verbs = list(frame.cues.pattern("speech", "verbs").finditer(frame.source, start, hit.start()))
        if verbs and hit.start() - verbs[-1].end() <= _LONGEST_HEAD:
            return hit.end()
    return 0


def list_to(frame: Frame, mentions: Sequence[Mention], actor: Mention) -> list[Mention]:
    """The list that ends with an actor; only its last item stands after "and"."""
    items = [m for m in mentions if (m.start, m.end) == (actor.start, actor.end)]
    has_and = False
    for mention in reversed(mentions):
        if mention.end > items[-1].start:
            continue
        if mention.how != "pronoun" and is_owner(frame, mention, items[-1].start):
            continue  # "Jo Sample, the Works' chair, and Ada Mock spoke"
        joint = joint_of(frame, mention.end, items[-1].start)
        if joint == "none":
            if frame.ends_with(("prepositions",), max(0, mention.start - 40), mention.start):
                continue
            break
        if joint == "comma" and not has_and:
            break
        has_and = True
        items.append(mention)
    return items

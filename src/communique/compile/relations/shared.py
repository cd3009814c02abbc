"""A title that two or more people share in apposition: "Ada Mock and Jo Sample, both engineers at Works"."""

from __future__ import annotations

import itertools
from typing import Final

from communique.compile.relations.frame import Found, Frame, around
from communique.text.mentions import Mention
from communique.text.passages import Span

_REACH: Final = 24  # most characters between the last of the people and the title
_FEWEST: Final = 2


def find_shared(frame: Frame, title: Mention, person: str, organization: str) -> Found | None:
    """A list of people that ends with "and", a comma with "both" or "all", and a title that is each one's.

    The organisation, if there is one, follows the title with nothing but a preposition or an article between.
    """
    window = frame.sentence(title.start)
    people = [m for m in frame.mentions({"person"}, window.start, title.start) if m.how != "pronoun"]
    if len(people) < _FEWEST or title.start - people[-1].end > _REACH or not _has_both(frame, people[-1].end, title):
        return None
    items = people[-1:]
    for before, after in list(itertools.pairwise(people))[::-1]:
        gap = set(frame.words(before.end, after.start))
        ands = gap & _ands(frame)
        if not gap or not gap <= _ands(frame) | {","} | frame.cues.set("articles") or bool(ands) != (len(items) == 1):
            break
        items.insert(0, before)
    member = next((m for m in items if m.node == person), None)
    of = _organization_after(frame, title, organization) if organization else title
    if len(items) < _FEWEST or member is None or of is None:
        return None
    return Found(around(member, title, of), "role that is shared", member, of, Span(*title[:2]))


def _ands(frame: Frame) -> frozenset[str]:
    return frame.cues.set("and") - frame.cues.set("role", "both")


def _has_both(frame: Frame, start: int, title: Mention) -> bool:
    """Whether nothing but a comma or dash and "both" or "all" stands between two offsets."""
    words = [word for word in frame.words(start, title.start) if word not in frame.cues.set("articles")]
    return words[:1] in ([","], ["–"], ["—"]) and " ".join(words[1:]) in frame.cues.set("role", "both")


def _organization_after(frame: Frame, title: Mention, organization: str) -> Mention | None:
    """The organisation right behind a title, if it is the one that is looked for."""
    after = frame.mentions({"organization"}, title.end, frame.sentence(title.start).end)
    joining = frame.cues.set("prepositions") | frame.cues.set("articles") | set('"“„«‘')
    gap = set(frame.words(title.end, after[0].start)) if after else set()
    return after[0] if after and after[0].node == organization and gap <= joining else None

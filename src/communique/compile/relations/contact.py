"""Whose contact it is: in the lines that give a contact, the nearest person or organisation named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around
from communique.compile.relations.other import within_sentences
from communique.text.mentions import Mention
from communique.text.passages import Span

_MOST_LINES: Final = 6
"""The most lines of a block before and after the words that name a contact."""
_LONGEST_LINE: Final = 200
"""A longer line is a paragraph of its own and no part of a block (code points)."""


def find_contact(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Words that give a contact of a person or an organisation: of its kind, nobody else is named nearer by.

    Looked at are the line that names the contact and the short lines directly above and below it. The last one named
    before the contact counts, else the first one after it.
    """
    owner = fact.node.iri.value
    for mention in within_sentences(frame, frame.named(fact.object.value), within):
        block = _block(frame.source, mention)
        frame.work.spend(2 + (block.end - block.start) // 100)
        peers = frame.mentions({frame.group(owner)}, *block) or [*frame.named(owner)]
        before = [m for m in peers if block.start <= m.start and m.end <= mention.start]
        after = [m for m in peers if mention.start <= m.start and m.end <= block.end]
        nearest = before[-1] if before else after[0] if after else None
        if nearest is not None and nearest.node == owner:
            whole = around(nearest, mention)
            together = "\n" not in frame.source[whole.start : whole.end]
            return Found(whole if together else Span(*mention[:2]), "contact", nearest, mention)
    return None


def _block(source: str, mention: Mention) -> Span:
    """The line of a mention with the short lines directly before and after it, up to an empty line."""
    start = source.rfind("\n", 0, mention.start) + 1
    end = _line_end(source, mention.end)
    for _ in range(_MOST_LINES):
        above = source.rfind("\n", 0, max(start - 1, 0)) + 1
        if start == 0 or not 0 < len(source[above : start - 1].strip()) <= _LONGEST_LINE:
            break
        start = above
    for _ in range(_MOST_LINES):
        below = _line_end(source, end + 1)
        if end >= len(source) or not 0 < len(source[end + 1 : below].strip()) <= _LONGEST_LINE:
            break
        end = below
    return Span(start, end)


def _line_end(source: str, start: int) -> int:
    found = source.find("\n", start)
    return len(source) if found < 0 else found

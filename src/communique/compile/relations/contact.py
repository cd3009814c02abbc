"""Whose contact it is: in the lines that give a contact, the nearest person or organisation named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around
from communique.compile.relations.other import within_sentences
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.webaddresses import plain_address

_MOST_LINES: Final = 6
"""The most lines of a block before and after the words that name a contact."""
_LONGEST_LINE: Final = 200
"""A longer line is a paragraph of its own and no part of a block (code points)."""


def find_contact(frame: Frame, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
    """Words that give a contact of a person or an organisation: of its kind, nobody else is named nearer by.

    Looked at is the line that names the contact, in it the part up to a semicolon; if nobody stands there, the short
    lines directly above and below it too. The last one named before the contact counts, else the first one after it,
    else the one to whose web page its address belongs, else the one whom the sections before it are about.
    """
    owner = fact.node.iri.value
    for mention in within_sentences(frame, frame.named(fact.object.value), within):
        block = _block(frame.source, mention)
        frame.work.spend(2 + (block.end - block.start) // 100)
        group = {frame.group(owner)}
        peers = frame.mentions(group, *_entry(frame.source, mention)) or frame.mentions(group, *block)
        peers = peers or [*frame.named(owner)]
        before = [m for m in peers if block.start <= m.start and (m.end <= mention.start or m[:2] == mention[:2])]
        after = [m for m in peers if mention.start <= m.start and m.end <= block.end]
        nearest = before[-1] if before else after[0] if after else _outside(frame, fact, block)
        if nearest is not None and nearest.node == owner:
            whole = around(nearest, mention)
            together = "\n" not in frame.source[whole.start : whole.end]
            return Found(whole if together else Span(*mention[:2]), "contact", nearest, mention)
    return None


def _outside(frame: Frame, fact: RecordFact, block: Span) -> Mention | None:
    """Whose contact a block is that names nobody of the owner's kind: by its address, or by the head of a section."""
    owner = fact.node.iri.value
    contact = frame.reading.nodes.get(fact.object.value)
    emails = contact.facts.get("email", ()) if contact is not None else ()
    hosts = {email.object.value.lower().rpartition("@")[2] for email in emails}
    owners = {iri for iri in _peers(frame, owner) if not hosts.isdisjoint(_hosts(frame, iri))} if hosts else set()
    if owners:
        return next(iter(frame.named(owner)), None) if owners == {owner} else None
    return _of_section(frame, owner, block)


def _peers(frame: Frame, owner: str) -> list[str]:
    """The nodes of the record of the kind of an owner, in order."""
    return sorted(iri for iri in frame.reading.nodes if frame.group(iri) == frame.group(owner))


def _hosts(frame: Frame, iri: str) -> Iterator[str]:
    """The hosts of the web pages that a node has in the record as its own."""
    for fact in frame.reading.nodes[iri].facts.get("url", ()):
        host = plain_address(fact.object.value).partition("/")[0] if fact.why is None else ""
        yield from [host.lower()] if host else []


def _of_section(frame: Frame, owner: str, block: Span) -> Mention | None:
    """The one node that heads of sections before a contact name: "About Sample Works"; None if it is not the owner."""
    heads = frame.cues.set("about_head")
    found: list[Mention] = []
    for mention in frame.mentions({frame.group(owner)}, 0, block.start) if heads else ():
        start = frame.source.rfind("\n", 0, mention.start) + 1
        rest = frame.source[mention.end : _line_end(frame.source, mention.end)]
        words = [word for word in frame.words(start, mention.start) if word[0].isalnum()]
        if " ".join(words) in heads and not any(map(str.isalnum, rest)):
            found.append(mention)
    return found[-1] if found and {m.node for m in found} == {owner} else None


def _entry(source: str, mention: Mention) -> Span:
    """The part of a line, between semicolons, in which a mention stands: "Jo, Works, tel. 1; Ada, Labs, tel. 2"."""
    line = Span(source.rfind("\n", 0, mention.start) + 1, _line_end(source, mention.end))
    end = source.find(";", mention.end, line.end)
    return Span(source.rfind(";", line.start, mention.start) + 1 or line.start, line.end if end < 0 else end)


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

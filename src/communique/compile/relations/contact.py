"""Whose contact or address it is: in the lines that give it, the nearest person or organisation named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from pyoxigraph import Literal

from communique.compile.ground import ground
from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Found, Frame, around
from communique.compile.relations.lists import joint_of
from communique.compile.relations.other import within_sentences
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.webaddresses import plain_address

PAGES: Final = frozenset({"url", "sameAs"})
"""Keys of addresses of pages."""
ADDRESSES: Final = PAGES | {"telephone", "email", "faxNumber"}
"""Keys of addresses, which belong to the one whom the lines around them name."""
_JOINTS: Final = frozenset("@._")
"""Characters that join the parts of an address."""
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
    owner, contact = fact.node.iri.value, frame.reading.nodes.get(fact.object.value)
    emails = [f.object.value for f in contact.facts.get("email", ())] if contact is not None else []
    for mention in within_sentences(frame, frame.named(fact.object.value), within):
        nearest = _nearest(frame, owner, Span(*mention[:2]), emails)
        if nearest is not None and nearest.node == owner:
            whole = around(nearest, mention)
            together = "\n" not in frame.source[whole.start : whole.end]
            return Found(whole if together else Span(*mention[:2]), "contact", nearest, mention)
    return None


def is_address_of(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> bool:
    """Whether a telephone number or address that an author quotes is that of its node: by the lines around it.

    The words quoted name the node, or the lines do and nobody like it nearer by, but for those in one list with it. The
    sentence alone counts for a web page. An address that does not stand in the words is for others to report.
    """
    node, literal = fact.node.iri.value, fact.object
    datatype = literal.datatype.value if isinstance(literal, Literal) else ""
    language = frame.reading.language
    places = [
        match.span
        for span in spans
        if (match := ground(literal.value, datatype, fact.key, frame.source, [span], language=language))
    ]
    return not places or any(_is_given(frame, node, place, spans, fact) for place in places)


def _is_given(frame: Frame, node: str, place: Span, spans: Sequence[Span], fact: RecordFact) -> bool:
    """Whether the lines around an address give it for a node."""
    emails = [fact.object.value] if "@" in fact.object.value else []
    nearest = _nearest(frame, node, place, emails)
    own = [m for m in frame.named(node) if m.how != "quote" and not _is_in_address(frame.source, m)]
    if nearest is None:
        return any(a <= m.start and m.end <= z for m in own for a, z in spans)
    block, sentence = _block(frame.source, place), frame.sentence(place.start)
    beside = [m for m in own if block.start <= m.start and m.end <= block.end]
    if any(m[:2] == nearest[:2] for m in own) or any(_are_listed(frame, m, nearest, place) for m in beside):
        return True
    is_page = fact.key in PAGES and not sentence.start <= nearest.start < sentence.end
    return is_page and bool(beside)


def _are_listed(frame: Frame, one: Mention, other: Mention, place: Span) -> bool:
    """Whether two names stand in one list on the same side of a place: "Jo Sample and Max Mock, tel.: …"."""
    first, second = sorted((one, other))
    is_parted = first.end <= place.start and place.end <= second.start
    return first.end <= second.start and not is_parted and joint_of(frame, first.end, second.start) != "none"


def _nearest(frame: Frame, owner: str, place: Span, emails: Sequence[str]) -> Mention | None:
    """The last one of the owner's kind named before a place in its lines, else the first one after, else by hosts."""
    block = _block(frame.source, place)
    frame.work.spend(2 + (block.end - block.start) // 100)
    kind = _kind(frame, owner)
    named = (frame.mentions(kind, *_entry(frame.source, place)), frame.mentions(kind, *block), frame.named(owner))
    free = ([m for m in some if not _is_in_address(frame.source, m)] for some in named)
    peers = next((some for some in free if some), [])
    before = [m for m in peers if block.start <= m.start and (m.end <= place.start or m[:2] == place[:2])]
    after = [m for m in peers if place.start <= m.start and m.end <= block.end]
    return before[-1] if before else after[0] if after else _outside(frame, owner, block, emails)


def _is_in_address(source: str, mention: Mention) -> bool:
    """Whether words are part of an address: "dam" in "press@dam.example"."""
    before, after = source[max(mention.start - 1, 0) : mention.start], source[mention.end : mention.end + 2]
    return before in _JOINTS or (after[:1] in _JOINTS and after[1:].isalnum())


def _kind(frame: Frame, owner: str) -> frozenset[str]:
    """The groups among which the nearest one is looked for: a contact is mostly a person."""
    group = frame.group(owner)
    return frozenset({"contact", "person"}) if group == "contact" else frozenset({group})


def _outside(frame: Frame, owner: str, block: Span, emails: Sequence[str]) -> Mention | None:
    """Whose contact a block is that names nobody of the owner's kind: by its address, or by the head of a section."""
    hosts = {email.lower().rpartition("@")[2] for email in emails}
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


def _entry(source: str, place: Span) -> Span:
    """The part of a line, between semicolons, in which words stand: "Jo, Works, tel. 1; Ada, Labs, tel. 2"."""
    line = Span(source.rfind("\n", 0, place.start) + 1, _line_end(source, place.end))
    end = source.find(";", place.end, line.end)
    return Span(source.rfind(";", line.start, place.start) + 1 or line.start, line.end if end < 0 else end)


def _block(source: str, mention: Span) -> Span:
    """The line of some words with the short lines directly before and after it, up to an empty line."""
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

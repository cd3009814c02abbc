"""What stands on a page beside the text: values, rows of facts, what was said, and articles that hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from communique.iris import document_of, is_inner, kind_of
from communique.kinds import word_beside_name
from communique.publish.words import Words


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value as it is shown: its words and their language; a link, and the node that the link selects; a date.

    ``reason`` is why it was inferred, where it stands in a row beside values that are not. ``registry``: a name that no
    release writes.
    """

    text: str
    lang: str = ""
    href: str = ""
    iri: str = ""
    time: str = ""
    reason: str = ""
    registry: bool = False


@dataclass(frozen=True, slots=True)
class Handle:
    """The sign that leads to the words: their address, and the paragraph in which they stand ("0": the headline).

    ``length`` is how many characters they have.
    """

    href: str
    label: str
    length: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FactRow:
    """Facts of one property that rest on the same words; ``id`` is the place of a row that is a node of its own.

    ``evidence`` is empty where the facts are counted elsewhere.
    """

    label: str
    values: tuple[ShownValue, ...]
    handles: tuple[Handle, ...] = ()
    evidence: str = ""
    said: str = ""
    reason: str = ""
    origin: str = ""
    id: str = ""
    names_speaker: bool = False


@dataclass(frozen=True, slots=True)
class Speech:
    """What was said: by whom and with which verb, in which words; ``is_quoted`` only between quotation marks.

    ``heading`` says what it is where no speaker is named. ``words`` is None where the text reports that somebody said
    something, thanked or agreed, and no words. ``reported_why`` is why it was inferred that the words are reported.
    """

    speakers: tuple[ShownValue, ...]
    heading: str
    verb: ShownValue | None
    words: ShownValue | None
    row: FactRow
    is_quoted: bool = False
    is_reported: bool = False
    reported_why: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A node: ``id`` is its place on the page, ``page`` the address of its own page, if it has one."""

    id: str
    iri: str
    title: ShownValue
    page: str = ""
    named: FactRow | None = None
    rows: tuple[FactRow, ...] = ()
    notes: tuple[ShownValue, ...] = ()
    speech: Speech | None = None
    labels: tuple[ShownValue, ...] = ()


def joined(rows: Iterable[FactRow]) -> list[FactRow]:
    """Rows of which none says the same as another: a part and its whole may each say it of the other."""
    found: dict[tuple[object, ...], FactRow] = {}
    for row in rows:
        key = (row.label, row.values, row.origin, row.id)
        same = found.get(key)
        found[key] = row if same is None else _both(same, row)
    return list(found.values())


def _both(one: FactRow, other: FactRow) -> FactRow:
    """Two rows with the same words as one: stated if either is, resting on what both rest on.

    One sign is left for each paragraph of a release, to the longest words.
    """
    evidence = dict.fromkeys(f"{one.evidence} {other.evidence}".split())
    longest: dict[tuple[str, str], Handle] = {}
    for handle in (*one.handles, *other.handles):
        place = (document_of(handle.href), handle.label)
        longest[place] = max(longest.get(place, handle), handle, key=lambda h: h.length)
    handles = tuple(longest.values())
    reason = one.reason if one.reason and other.reason else ""
    return replace(one, handles=handles, evidence=" ".join(evidence), reason=reason)


def told_apart(words: Words, values: Iterable[ShownValue], base: str) -> list[ShownValue]:
    """Values in their order; of several nodes with the same name each has its kind beside the name."""
    found = list(dict.fromkeys(values))
    names = Counter(v.text for v in found if v.iri)
    return [_with_kind(words, v, base) if v.iri and names[v.text] > 1 else v for v in found]


def _with_kind(words: Words, value: ShownValue, base: str) -> ShownValue:
    key = "one.group" if is_inner(value.iri) else word_beside_name(kind_of(value.iri, base))
    return replace(value, text=f"{value.text} ({words(key).lower()})") if key else value

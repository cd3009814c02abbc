"""What a page shows beside the text: values, rows of facts, what was said, and the articles that contain them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from communique.iris import document_of, is_inner, kind_of
from communique.kinds import word_beside_name
from communique.publish.site.scenefacts import SceneFact
from communique.publish.words import Words


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value as it is shown: its text and language tag; the link and the IRI of the linked node; a date (``time``).

    ``reason`` is why it was inferred, if it is in a row beside values that are stated. ``registry``: it is a name that
    only the registry has.
    """

    text: str
    lang: str = ""
    href: str = ""
    iri: str = ""
    time: str = ""
    reason: str = ""
    registry: bool = False


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A link to the words that support a fact: their address, and the label of their paragraph ("0": the headline).

    ``length`` is the number of characters (code points) of the words.
    """

    href: str
    label: str
    length: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FactRow:
    """Facts of one property that rest on the same words; ``id`` is the id of a row that is a node of its own.

    ``anchor`` is the id of a node that is shown only here, such as the title of a role.
    ``evidence`` is empty if the facts are counted elsewhere. ``caption`` is the row in one line with its subject, for
    lists that show it without its article. ``label_lang`` is the language tag of a label that is not in the language of
    the page.
    """

    label: str
    values: tuple[ShownValue, ...]
    source_links: tuple[SourceLink, ...] = ()
    evidence: str = ""
    caption: str = ""
    reason: str = ""
    origin: str = ""
    id: str = ""
    names_speaker: bool = False
    label_lang: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Speech:
    """A statement: its speakers, its verb and its words; ``is_quoted`` if the words are in quotation marks.

    ``heading`` says what it is if no speaker is named or inferred. ``words`` is None if the text only reports that
    somebody said something, thanked or agreed. ``reported_why`` is why it was inferred that the words are reported.
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
    """A node with its facts: ``id`` is its id on the page, ``page`` the address of its own page ("" for none)."""

    id: str
    iri: str
    title: ShownValue
    page: str = ""
    named: FactRow | None = None
    rows: tuple[FactRow, ...] = ()
    notes: tuple[ShownValue, ...] = ()
    speech: Speech | None = None
    labels: tuple[ShownValue, ...] = ()


def marked_once(values: Iterable[ShownValue], facts: Iterable[SceneFact]) -> list[ShownValue]:
    """The values of a row of facts on one basis; none has a mark of its own if all of the row is inferred."""
    is_inferred = any(fact.is_inferred for fact in facts)
    return [replace(value, reason="") if is_inferred else value for value in values]


def merge_rows(rows: Iterable[FactRow]) -> list[FactRow]:
    """Rows without repetition: those that say the same are merged, as when a part and its whole state one relation."""
    merged: dict[tuple[object, ...], FactRow] = {}
    for row in rows:
        key = (row.label, row.values, row.origin, row.id)
        same = merged.get(key)
        merged[key] = row if same is None else _merge_two(same, row)
    return list(merged.values())


def _merge_two(one: FactRow, other: FactRow) -> FactRow:
    """One row for two that say the same: stated if either is, with the evidence of both.

    For each paragraph of a release one link is kept, to the longest words.
    """
    evidence = dict.fromkeys(f"{one.evidence} {other.evidence}".split())
    longest: dict[tuple[str, str], SourceLink] = {}
    for link in (*one.source_links, *other.source_links):
        place = (document_of(link.href), link.label)
        longest[place] = max(longest.get(place, link), link, key=lambda candidate: candidate.length)
    source_links = tuple(longest.values())
    reason = one.reason if one.reason and other.reason else ""
    return replace(one, source_links=source_links, evidence=" ".join(evidence), reason=reason)


def disambiguate(words: Words, values: Iterable[ShownValue], base: str) -> list[ShownValue]:
    """Values in their order, without repetition; nodes that share a name get their kind beside it."""
    distinct = list(dict.fromkeys(values))
    names = Counter(v.text for v in distinct if v.iri)
    return [_with_kind(words, v, base) if v.iri and names[v.text] > 1 else v for v in distinct]


def _with_kind(words: Words, value: ShownValue, base: str) -> ShownValue:
    key = "one.group" if is_inner(value.iri) else word_beside_name(kind_of(value.iri, base))
    return replace(value, text=f"{value.text} ({words(key).lower()})") if key else value

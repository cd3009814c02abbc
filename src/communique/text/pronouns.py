"""Pronouns and the mentions they stand for, where a paragraph leaves no choice (words by language in a table)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from communique.text.mentions import Mention, Mentions
from communique.text.passages import Span
from communique.text.sentences import Sentences
from communique.text.tables import table
from communique.text.tokens import lower_case, source_of

KINDS: Final = ("person", "organisation", "group", "thing")
"""The kinds of nodes that pronouns tell apart."""

Fit = tuple[str, str]
"""A kind, and for persons "male", "female" or "" where the text does not tell."""

_NO_NAMES: Final = frozenset({"text", "title", "identifier", "pronoun"})
_PERSON: Final = {"male": ("male", ""), "female": ("female", ""), "person": ("male", "female", "")}
_THINGS: Final[tuple[Fit, ...]] = (("organisation", ""), ("thing", ""))
_GROUPS: Final[tuple[Fit, ...]] = (("group", ""), ("organisation", ""))


class Ambiguous(NamedTuple):
    """A pronoun (offsets in code points) that can stand for any of some nodes."""

    start: int
    end: int
    nodes: tuple[str, ...]


def find_pronouns(
    mentions: Mentions, text: str, sentences: Sentences, language: str, kinds: Mapping[str, str]
) -> tuple[list[Mention], list[Ambiguous]]:
    """The pronouns of a text as mentions, and those with two readings.

    ``kinds`` gives the kind (of `KINDS`) of each node; others are never meant. A pronoun means the nearest fitting
    mention before it in its paragraph, if that is also the first of its sentence; one in the first sentence of a
    paragraph may mean one of the paragraph before. Linear in the text and the mentions.
    """
    pronouns = list(_pronouns(text, language))
    if not pronouns:
        return [], []
    fits = {node: (kinds[node], gender) for node, gender in _genders(mentions, text, language, kinds).items()}
    sweep = _Sweep(sentences)
    named = iter(
        [m for m in mentions.all if m.node in fits and m.how not in _NO_NAMES and not (m.inside or is_wire(text, m))]
    )
    waiting = next(named, None)
    found: list[Mention] = []
    ambiguous: list[Ambiguous] = []
    for span, classes in pronouns:
        while waiting is not None and waiting.end <= span.start:
            sweep.pass_by(waiting, fits[waiting.node])
            waiting = next(named, None)
        nodes = sweep.meant(span, classes)
        if len(nodes) == 1:
            mention = Mention(*span, nodes[0], "pronoun")
            found.append(mention)
            sweep.pass_by(mention, fits[mention.node])
        elif nodes:
            ambiguous.append(Ambiguous(*span, nodes))
    return found, ambiguous


def is_wire(text: str, mention: Mention) -> bool:
    """Whether a name is the mark of a news agency or wire, "/InventedWire/", which no pronoun means."""
    return text.endswith("/", 0, mention.start) and text.startswith("/", mention.end)


def is_pronoun(words: str, language: str) -> bool:
    """Whether words are a pronoun or possessive of a language.

    >>> is_pronoun("Its", "en"), is_pronoun("the company", "en"), is_pronoun("Ihr", "de")
    (True, False, True)
    """
    listed = {word for known in table("pronouns", language).values() for word in known if " " not in word}
    return lower_case(words.strip()) in listed


@dataclass(slots=True)
class _Sweep:
    """What has been mentioned so far: for each fit the last mention, and the first one in the same sentence as that."""

    sentences: Sentences
    last: dict[Fit, Mention] = field(default_factory=dict)
    first: dict[Fit, tuple[int, Mention]] = field(default_factory=dict)

    def pass_by(self, mention: Mention, fit: Fit) -> None:
        """Take note of a mention; mentions come in order."""
        number = self.sentences.at(mention.start)
        self.last[fit] = mention
        if fit not in self.first or self.first[fit][0] != number:
            self.first[fit] = (number, mention)

    def meant(self, span: Span, classes: Iterable[str]) -> tuple[str, ...]:
        """The nodes that a pronoun of some classes can stand for: none, one, or the two readings."""
        number = self.sentences.at(span.start)
        for wanted in _fits_of(tuple(classes)):
            nodes = self._readings(number, wanted)
            if nodes:
                return nodes
        return ()

    def _readings(self, number: int, wanted: tuple[Fit, ...]) -> tuple[str, ...]:
        known = [self.last[fit] for fit in wanted if fit in self.last]
        if not known:
            return ()
        nearest = max(known)
        sentence = self.sentences.at(nearest.start)
        paragraph = self.sentences.paragraph(number)
        if sentence < paragraph.start:
            opens = number == paragraph.start
            if not opens or sentence not in self.sentences.paragraph(paragraph.start - 1):
                return ()
        first = min(self.first[fit][1] for fit in wanted if fit in self.first and self.first[fit][0] == sentence)
        return tuple(dict.fromkeys((nearest.node, first.node)))


@lru_cache(maxsize=64)
def _fits_of(classes: tuple[str, ...]) -> tuple[tuple[Fit, ...], ...]:
    """What pronouns of some classes can stand for: persons first, other things only where there is no person."""
    people: list[Fit] = []
    others: list[Fit] = []
    for one in classes:
        if one == "latter":
            people += [("person", gender) for gender in _PERSON["person"]] + [("organisation", "")]
        elif one in _PERSON:
            people += [("person", gender) for gender in _PERSON[one]]
        else:
            others += _THINGS if one == "thing" else _GROUPS
    return tuple(tuple(dict.fromkeys(fits)) for fits in (people, others) if fits)


def _pronouns(text: str, language: str) -> Iterator[tuple[Span, list[str]]]:
    """The pronouns of a text in order, with their classes."""
    by_first: dict[str, list[tuple[list[str], list[str]]]] = {}
    for classes, listed in table("pronouns", language).items():
        for phrase in listed:
            words = lower_case(phrase).split()
            by_first.setdefault(words[0], []).append((words, classes.split()))
    for known in by_first.values():
        known.sort(key=lambda phrase: -len(phrase[0]))
    if not by_first:
        return
    tokens = source_of(text).cased
    for k, token in enumerate(tokens.words):
        for words, fitting in by_first.get(token, ()):
            if tokens.words[k : k + 2 * len(words) - 1 : 2] == words:
                yield Span(tokens.starts[k], tokens.ends[k + 2 * len(words) - 2]), fitting
                break


def _genders(mentions: Mentions, text: str, language: str, kinds: Mapping[str, str]) -> dict[str, str]:
    """For each node with a kind "male" or "female" where the words tell it: a title of address, a form of its name."""
    told: dict[str, set[str]] = {node: set() for node in kinds}
    for mention in mentions.all:
        if kinds.get(mention.node) == "person" and mention.how in ("name", "family", "inflected"):
            told[mention.node].update(gender_at(mention, text, language))
    return {node: next(iter(genders)) if len(genders) == 1 else "" for node, genders in told.items()}


def gender_at(mention: Mention, text: str, language: str) -> Iterator[str]:
    """What the words at a mention tell of a person, "male" or "female": the word before or in it, the end of its words.

    >>> list(gender_at(Mention(4, 13, "p", "name"), "Ms. Jo Sample came.", "en"))
    ['female']
    """
    rules: Mapping[str, list[str]] = table("people", language)
    before = text[max(mention.start - 12, 0) : mention.start].split()
    words = text[mention.start : mention.end].split()
    near = {
        word.rstrip(".").lower() for word in (*before[-1:], *words, *text[mention.end : mention.end + 12].split()[:1])
    }
    for gender in ("male", "female"):
        endings = tuple(rules.get(f"{gender}_endings", ()))
        if near.intersection(rules.get(gender, ())) or (
            mention.how == "name" and any(word.lower().endswith(endings) for word in words[:3] if endings)
        ):
            yield gender

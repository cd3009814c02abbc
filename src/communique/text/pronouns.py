"""Pronouns and the mentions they stand for, where a paragraph leaves no choice (words by language in a table)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from communique.text.antecedents import (
    GENDERS,
    belongs_to,
    can_stand_alone,
    genders_of_things,
    has_genders,
    is_led_to,
    joins_list,
    kinds_by_words_after,
    number_by_verb,
    things_of_several_genders,
)
from communique.text.mentions import Mention, Mentions
from communique.text.passages import Span
from communique.text.sentences import Sentences
from communique.text.tables import table
from communique.text.tokens import lower_case, source_of

KINDS: Final = ("person", "organisation", "project", "group", "event", "work", "thing")
"""The kinds of nodes that pronouns tell apart."""

Fit = tuple[str, str]
"""A kind, and "male", "female", "neuter" or "" where the text does not tell; a list of several has the kind "list"."""

_MOST_LISTED: Final = 12
_NO_NAMES: Final = frozenset({"text", "title", "identifier", "pronoun"})
_ACTORS: Final = ("person", "organisation", "project", "group")
_THINGS: Final = ("organisation", "project", "event", "work", "thing")
_PERSON: Final = {"male": ("male", ""), "female": ("female", ""), "person": ("male", "female", "neuter", "")}


class Antecedent(NamedTuple):
    """What a pronoun can mean (offsets in code points): a node, or those of a list.

    ``is_led``: by "of" to a person. ``rivals``: what it would mean as well, but for the words after a pronoun.
    """

    start: int
    end: int
    nodes: tuple[str, ...]
    is_led: bool = False
    rivals: tuple[Antecedent, ...] = ()


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
    paragraph may mean one of the paragraph before. What fits is told by number, gender, and the verb or noun after
    the pronoun. One that opens a sentence goes on with what a pronoun at the beginning of the one before meant, if
    all others of the kind stand behind prepositions there; a plural means all of a list, each with a mention of its
    own. Linear in the text and the mentions.
    """
    pronouns = list(_pronouns(text, language))
    if not pronouns:
        return [], []
    mixed = things_of_several_genders(mentions.all, text, language)
    sweep = _Sweep(sentences, text, language, _fits(mentions, text, language, kinds), mixed)
    named = iter(
        [
            m
            for m in mentions.all
            if m.node in sweep.fits and m.how not in _NO_NAMES and not (m.inside or is_wire(text, m))
        ]
    )
    waiting = next(named, None)
    found: list[Mention] = []
    ambiguous: list[Ambiguous] = []
    for span, classes in pronouns:
        while waiting is not None and waiting.end <= span.start:
            sweep.pass_by(waiting)
            waiting = next(named, None)
        meant = sweep.meant(span, classes)
        if len(meant) == 1:
            found += [Mention(*span, node, "pronoun") for node in meant[0].nodes]
            sweep.take_up(span, meant[0], classes)
        elif meant:
            sweep.leave_open(span, meant)
            ambiguous.append(Ambiguous(*span, tuple(dict.fromkeys(node for one in meant for node in one.nodes))))
    return found, ambiguous


def _fits(mentions: Mentions, text: str, language: str, kinds: Mapping[str, str]) -> dict[str, Fit]:
    genders = _genders(mentions, text, language, kinds)
    for node, gender in genders_of_things(mentions.all, text, language).items():
        if kinds.get(node) != "person" and node in genders:
            genders[node] = gender
    return {node: (kinds[node], gender) for node, gender in genders.items()}


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
    text: str
    language: str
    fits: dict[str, Fit]
    mixed: frozenset[str]
    last: dict[Fit, Antecedent] = field(default_factory=dict)
    first: dict[Fit, tuple[int, Antecedent]] = field(default_factory=dict)
    opening: tuple[int, Antecedent] | None = None
    listed: list[Mention] = field(default_factory=list)
    open: list[Antecedent] = field(default_factory=list)

    def pass_by(self, mention: Mention) -> None:
        """Take note of a mention; mentions come in order."""
        fit = self.fits[mention.node]
        person = next((m for m in reversed(self.listed) if self.fits[m.node][0] == "person"), None)
        is_led = fit[0] != "person" and person is not None and belongs_to(person, mention, self.text, self.language)
        self._note(Antecedent(mention.start, mention.end, (mention.node,), is_led), fit)
        if fit[0] not in _ACTORS:
            self.listed = []
            return
        joint = joins_list(self.listed[-1], mention, self.text, self.language) if self.listed else ""
        self.listed = [*self.listed[-_MOST_LISTED:], mention] if joint else [mention]
        if joint == "and":
            nodes = tuple(dict.fromkeys(m.node for m in self.listed))
            self._note(Antecedent(self.listed[0].start, mention.end, nodes), ("list", ""))

    def take_up(self, span: Span, meant: Antecedent, classes: Sequence[str]) -> None:
        """Take note of a pronoun with what it means; one that can mean only men or women tells whom it means."""
        again = Antecedent(*span, meant.nodes, rivals=meant.rivals)
        number = self.sentences.at(span.start)
        if self.sentences.spans[number].start == span.start:
            self.opening = (number, again)
        node = meant.nodes[0]
        kind, gender = self.fits[node]
        told = [one for one in classes if one in ("male", "female")]
        if kind == "person" and not gender and len(told) == 1 and len(meant.nodes) == 1:
            self._forget((kind, ""), node)
            self.fits[node] = (kind, told[0])
        self._note(again, self.fits[node] if len(meant.nodes) == 1 else ("list", ""))

    def leave_open(self, span: Span, meant: Sequence[Antecedent]) -> None:
        """Take note of a pronoun with several readings: a later pronoun goes on with the same thing."""
        self.open = [Antecedent(*span, one.nodes) for one in meant]

    def _forget(self, fit: Fit, node: str) -> None:
        """Take a node out of those whose gender is unknown."""
        if fit in self.last and self.last[fit].nodes == (node,):
            self.last.pop(fit)
        if fit in self.first and self.first[fit][1].nodes == (node,):
            self.first.pop(fit)

    def _note(self, one: Antecedent, fit: Fit) -> None:
        number = self.sentences.at(one.start)
        if fit in self.first and self.first[fit][0] == number and one.is_led:
            return  # "the project is led by Jo Sample of Works; it starts in May": the project does
        self.last[fit] = one
        if fit not in self.first or self.first[fit][0] != number or self.first[fit][1].is_led:
            self.first[fit] = (number, one)

    def meant(self, span: Span, classes: Sequence[str]) -> tuple[Antecedent, ...]:
        """What a pronoun of some classes can stand for: nothing, one, or the two readings."""
        number = self.sentences.at(span.start)
        only = kinds_by_words_after(self.text, span.end, self.language)
        said_as = number_by_verb(self.text, span.end, self.language) if "plural" in classes else ""
        if "latter" in classes:
            return self._latter(number, classes)
        fits = _fits_of(tuple(classes), said_as, has_genders(self.language))
        every = self._going_on(span, self._of_both(*(self._readings(span, own) for own in fits)))
        if not only:
            return every
        fitting = [tuple(f for f in own if f[0] in only or f[0] == "list") for own in fits]
        narrowed = self._going_on(span, self._of_both(*(self._readings(span, own) for own in fitting)))
        if len(narrowed) != 1:
            return narrowed
        rivals = tuple(one for one in every if one.nodes != narrowed[0].nodes)
        return (narrowed[0]._replace(rivals=rivals),)

    def _of_both(self, people: tuple[Antecedent, ...], things: tuple[Antecedent, ...]) -> tuple[Antecedent, ...]:
        """People are meant before things, but for a thing of the gender that opens the sentence, or is named later."""
        if not people or not things:
            return people or things
        at, person = self.sentences.at, people[-1]
        told = [one for one in things if has_genders(self.language)]
        known = [one for one in told if self.fits.get(one.nodes[0], ("", ""))[1] or one.nodes[0] in self.mixed]
        is_meant = any(
            at(one.start) > at(person.start) or (at(one.start) == at(person.start) and one.start < person.start)
            for one in known
        )
        return tuple(dict.fromkeys((*people, *known))) if is_meant else people

    def _latter(self, number: int, classes: Sequence[str]) -> tuple[Antecedent, ...]:
        """What was named last, of some gender, in this sentence or the one before.

        A person of the sentence is meant before what a preposition leads to there: "Jo Sample of the Works".
        """
        genders = [one for one in classes if one in GENDERS]
        wanted = [f for f in self.last if f[0] != "list" and (not genders or f[1] in (*genders, ""))]
        known = [self.last[fit] for fit in wanted]
        nearest = max(known, default=None)
        if nearest is not None and is_led_to(nearest.start, self.text, self.language):
            people = [self.last[fit] for fit in wanted if fit[0] == "person" and fit in self.last]
            nearest = max((one for one in people if self._is_told_with(one, nearest)), default=nearest)
        if nearest is None or self.sentences.at(nearest.start) < number - 1:
            return ()
        return (nearest,) if self._is_near(number, nearest) else ()

    def _is_told_with(self, person: Antecedent, other: Antecedent) -> bool:
        """Whether a person is named in the sentence of something else: "Jo Sample, director of the Works"."""
        return self.sentences.at(person.start) == self.sentences.at(other.start)

    def _going_on(self, span: Span, readings: tuple[Antecedent, ...]) -> tuple[Antecedent, ...]:
        """Of two readings the one with which the sentence before opened as a pronoun, if this one opens its own."""
        number = self.sentences.at(span.start)
        if len(readings) < 2 or self.opening is None or self.sentences.spans[number].start != span.start:
            return readings
        before, one = self.opening
        others = [r for r in readings if r.nodes != one.nodes]
        if before != number - 1 or len(others) == len(readings):
            return readings
        return (one,) if all(self._is_aside(r, one, before) for r in others) else readings

    def _is_aside(self, rival: Antecedent, one: Antecedent, number: int) -> bool:
        """Whether a rival of what opens a sentence stands before that sentence, or behind a preposition in it."""
        if self.sentences.at(rival.start) < number:
            return True
        kinds = {self.fits[node][0] for node in (*rival.nodes, *one.nodes)}
        return len(kinds) == 1 and is_led_to(rival.start, self.text, self.language)

    def _is_near(self, number: int, one: Antecedent) -> bool:
        """Whether something named before stands in the paragraph of a sentence, or in the last one before it."""
        sentence, paragraph = self.sentences.at(one.start), self.sentences.paragraph(number)
        if sentence >= paragraph.start:
            return True
        return number == paragraph.start and sentence in self.sentences.paragraph(paragraph.start - 1)

    def _readings(self, span: Span, wanted: Sequence[Fit]) -> tuple[Antecedent, ...]:
        number = self.sentences.at(span.start)
        whole = self.last.get(("list", "")) if ("list", "") in wanted else None
        known = [self.last[fit] for fit in wanted if fit in self.last]
        known = [one for one in known if whole is None or one is whole or not (whole.start <= one.start < whole.end)]
        if not known:
            return ()
        free = [one for one in known if not one.is_led] or known
        nearest = max(free)
        sentence = self.sentences.at(nearest.start)
        if not self._is_near(number, nearest):
            return ()
        firsts = [self.first[fit][1] for fit in wanted if fit in self.first and self.first[fit][0] == sentence]
        firsts = [one for one in firsts if one is nearest or not (one.is_led and not nearest.is_led)]
        if whole is not None:
            firsts = [one for one in firsts if one is whole or not (whole.start <= one.start < whole.end)]
        first = min(firsts, default=nearest)
        if nearest.nodes != first.nodes:
            return nearest, first
        rivals = [one for one in nearest.rivals if len(one.nodes) > 1 or self.fits[one.nodes[0]] in wanted]
        unclear = [one for one in self.open if one.nodes != nearest.nodes and self._is_opened(one, nearest, wanted)]
        return (nearest, *(rivals if sentence == number else ()), *unclear)

    def _is_opened(self, one: Antecedent, nearest: Antecedent, wanted: Sequence[Fit]) -> bool:
        """Whether an unclear pronoun opens the sentence of the nearest antecedent: "It was built by Works"."""
        sentence = self.sentences.at(one.start)
        opens = self.sentences.spans[sentence].start == one.start and sentence == self.sentences.at(nearest.start)
        fitting = len(one.nodes) > 1 or self.fits[one.nodes[0]] in wanted
        return opens and fitting and nearest.start >= one.end


@lru_cache(maxsize=64)
def _fits_of(classes: tuple[str, ...], said_as: str, has_gender: bool) -> tuple[tuple[Fit, ...], tuple[Fit, ...]]:
    """What pronouns of some classes can stand for: persons, and other things; ``said_as`` is the number of the verb."""
    people: list[Fit] = []
    others: list[Fit] = []
    genders = [one for one in classes if one in GENDERS]
    for one in classes:
        if one == "plural":
            others += [("group", gender) for gender in (*GENDERS, "")] + [("list", "")] if said_as != "singular" else []
        elif said_as == "plural":
            continue
        elif one in _PERSON:
            people += [("person", gender) for gender in _PERSON[one]]
        elif one == "organisation":
            others += [("organisation", gender) for gender in (*GENDERS, "")]
        elif one == "thing":
            fitting = (*genders, "") if genders and has_gender else (*GENDERS, "")
            others += [(kind, gender) for kind in _THINGS for gender in fitting]
    return tuple(dict.fromkeys(people)), tuple(dict.fromkeys(others))


def _pronouns(text: str, language: str) -> Iterator[tuple[Span, list[str]]]:
    """The pronouns of a text in order, with their classes."""
    by_first: dict[str, list[tuple[list[str], list[str]]]] = {}
    for classes, listed in table("pronouns", language).items():
        for phrase in listed:
            words = lower_case(phrase).replace("-", " ").split()
            by_first.setdefault(words[0], []).append((words, classes.split()))
    for known in by_first.values():
        known.sort(key=lambda phrase: -len(phrase[0]))
    if not by_first:
        return
    tokens = source_of(text).cased
    for k, token in enumerate(tokens.words):
        for words, fitting in by_first.get(token, ()):
            if tokens.words[k : k + 2 * len(words) - 1 : 2] == words:
                span = Span(tokens.starts[k], tokens.ends[k + 2 * len(words) - 2])
                if can_stand_alone(token, text, span.end, language):
                    yield span, fitting
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

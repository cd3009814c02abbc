"""What the words around names tell of their nodes: the gender of things, lists, and who belongs to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from communique.text.mentions import Mention
from communique.text.tables import table
from communique.text.tokens import lower_case

GENDERS: Final = ("male", "female", "neuter")
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_REACH: Final = 40  # characters around a name that are looked at
_MOST_IN_LIST: Final = 4  # words between two names of one list: "and the photographer"
_MOST_AFTER: Final = 4  # words after a pronoun among which its verb stands
_APOSTROPHES: Final = frozenset("'’")
_GRAMMATICAL: Final = ("articles", "endings")


def has_genders(language: str) -> bool:
    """Whether the words of a language tell the gender of things.

    >>> has_genders("de"), has_genders("en")
    (True, False)
    """
    return any(name in table("antecedents", language) for name in _GRAMMATICAL)


_ADJECTIVES: Final[Mapping[str, Sequence[str]]] = {"male": ("ый", "ий"), "female": ("ая", "яя"), "neuter": ("ое", "ее")}
"""The endings by which a Russian adjective at the beginning of a name tells the gender of its noun."""


def genders_of_things(mentions: Sequence[Mention], text: str, language: str) -> dict[str, str]:
    """The grammatical gender of each node that the words tell: by articles before its names, by the end of a noun."""
    told = _told(mentions, text, language)
    return {node: next(iter(known)) for node, known in told.items() if len(known) == 1}


def things_of_several_genders(mentions: Sequence[Mention], text: str, language: str) -> frozenset[str]:
    """The nodes whose names have several genders by their articles: "die Works AG", also called "das Unternehmen"."""
    if not table("antecedents", language).get("articles"):
        return frozenset()
    return frozenset(node for node, known in _told(mentions, text, language).items() if not known)


def _told(mentions: Sequence[Mention], text: str, language: str) -> dict[str, set[str]]:
    """The genders that the words allow for each node of which they tell any."""
    rules = table("antecedents", language)
    articles: Mapping[str, Sequence[str]] = rules.get("articles", {})
    endings: Mapping[str, Sequence[str]] = rules.get("endings", {})
    told: dict[str, set[str]] = {}
    known = [m for m in mentions if m.how in ("name", "reference")] if endings else []
    nouns = {(m.node, lower_case(word)) for m in known for word in re.findall(r"\w+", text[m.start : m.end])}
    for mention in mentions:
        if mention.how not in ("name", "reference", "inflected"):
            continue
        own = _by_article(mention, text, articles, rules.get("initial", {}))
        if mention.how != "inflected" and endings:
            noun = _first_word(mention, text)
            if (mention.node, noun[:-1]) in nouns:
                continue  # «университета» beside «университет» is another case of it
            telling = endings if _is_noun(noun) else _ADJECTIVES
            own = own or {gender for gender, ends in telling.items() if noun.endswith(tuple(ends))}
        if own:
            told[mention.node] = told.get(mention.node, set(GENDERS)) & own
    return told


def _first_word(mention: Mention, text: str) -> str:
    return lower_case(next(iter(re.findall(r"\w+", text[mention.start : mention.end])), ""))


def _is_noun(word: str) -> bool:
    """Whether a word of Russian is no adjective, so that its ending tells the gender of a name that begins with it."""
    return not word.endswith(("ый", "ий", "ой", "ая", "яя", "ое", "ее", "ые", "ие"))


def _by_article(
    mention: Mention, text: str, articles: Mapping[str, Sequence[str]], initial: Mapping[str, Sequence[str]]
) -> set[str]:
    """The genders that an article at the beginning of a mention allows, or before it with at most one noun between.

    ``initial`` has articles, as they begin a sentence, that tell more there.
    """
    if not articles:
        return set()
    first = _WORD.findall(text[mention.start : mention.end])[:1]
    before = _WORD.findall(text[max(0, mention.start - _REACH) : mention.start])
    while before and before[-1] in "\"'“„«‹’":
        before.pop()
    nouns = [w for w in before[-1:] if w[:1].isupper()]
    for word in (*first, *before[-1:], *(before[-2:-1] if nouns else ())):
        opening = {gender for gender, listed in initial.items() if word in listed}
        known = opening or {gender for gender, listed in articles.items() if lower_case(word) in listed}
        if known:
            return known
    return set()


def joins_list(earlier: Mention, later: Mention, text: str, language: str) -> str:
    """How two mentions of one list are joined, "and" or ","; "" if they are none."""
    if later.start - earlier.end > _REACH or later.start < earlier.end:
        return ""
    words = [lower_case(word) for word in _WORD.findall(text[earlier.end : later.start])]
    if not words or len(words) > _MOST_IN_LIST or any(w in ".;:!?()" for w in words[1:]):
        return ""
    if words[0] in table("antecedents", language).get("and", ()):
        return "and" if "," not in words else ""
    return "," if words == [","] else ""


def belongs_to(person: Mention, later: Mention, text: str, language: str) -> bool:
    """Whether a name only says to whom somebody right before it belongs: "Jo Sample of Works", ", chair of Works"."""
    gap = text[person.end : later.start]
    if not 0 < len(gap) <= _REACH:
        return False
    belonging = table("antecedents", language).get("belonging", ())
    words = _before_articles(gap, language, belonging)
    return bool(words) and words[-1] in belonging and (len(words) == 1 or words[0] == ",") and ";" not in words


def is_led_to(start: int, text: str, language: str) -> bool:
    """Whether a preposition stands before words at an offset: "of Sample Works", "by the Works"."""
    prepositions = table("antecedents", language).get("oblique", ())
    words = _before_articles(text[max(0, start - _REACH) : start], language, prepositions)
    return bool(words) and words[-1] in prepositions


def _before_articles(text: str, language: str, prepositions: Sequence[str]) -> list[str]:
    """The words of a text without the articles at its end that are no prepositions."""
    words = [lower_case(word) for word in _WORD.findall(text)]
    listed = table("antecedents", language).get("articles", {}).values()
    articles = {"the", "a", "an"}.union(*listed)
    while words and (words[-1] in _APOSTROPHES or (words[-1] in articles and words[-1] not in prepositions)):
        words.pop()
    return words


def kinds_by_words_after(text: str, end: int, language: str) -> frozenset[str]:
    """The kinds of which the verb or noun right after a pronoun can be said; empty where it tells nothing.

    The passive tells nothing: what "was called" or "was announced" may be anything.
    """
    rules = table("antecedents", language)
    for word in _after(text, end):
        if word in rules.get("passive", ()):
            break
        for kinds, listed in rules.get("of", {}).items():
            if word in listed:
                return frozenset(kinds.split())
        if word not in rules.get("skip", ()):
            break
    return frozenset()


def can_stand_alone(word: str, text: str, end: int, language: str) -> bool:
    """Whether a word is a pronoun by what follows it: "Dieser hat …" is one, "dieser Verlag" is none."""
    rule: Mapping[str, Sequence[str]] = table("antecedents", language).get("before_verb", {})
    return word not in rule.get("words", ()) or next(_after(text, end), "") in rule["verbs"]


def number_by_verb(text: str, end: int, language: str) -> str:
    """The number of the verb right after a pronoun, "singular" or "plural", where its ending tells."""
    rules, word = table("antecedents", language), next(_after(text, end), "")
    for number in ("plural", "singular"):
        if word.endswith(tuple(rules.get(f"{number}_ends", ("\0",)))):
            return number
    return ""


def _after(text: str, end: int) -> Iterator[str]:
    words = re.split(r"[.;:!?\n]", text[end : end + 2 * _REACH])[0]
    yield from (lower_case(word) for word in re.findall(r"\w+|,", words)[:_MOST_AFTER])

"""What a noun of a name with a definite article takes up: "the festival" for the Harbour Festival."""

from __future__ import annotations

from itertools import pairwise

from communique.compile.relations.frame import Frame
from communique.text.passages import Span


def named_by_noun(frame: Frame, node: str, window: Span) -> frozenset[str]:
    """The nodes of the kind of a node that sentences take up by the noun of their names.

    A noun that two of them have in their names means neither.
    """
    rivals, found = frame.rivals(node), set()
    for noun in _definite_nouns(frame, window):
        meant = [one for one in _by_noun(frame).get(noun, ()) if frame.group(one) in rivals]
        if len(meant) == 1:
            found.add(meant[0])
    return frozenset(found)


def _definite_nouns(frame: Frame, window: Span) -> list[str]:
    """The words behind a definite article; every word in a language that has none."""
    articles, words = frame.cues.set("definite"), frame.words(*window)
    frame.work.spend(1 + len(words) // 20)
    if not articles:
        return words
    return [word for article, word in pairwise(words) if article in articles]


def _by_noun(frame: Frame) -> dict[str, set[str]]:
    """The nodes of a text by the noun of each of their names, in lower case."""
    if frame.nouns is None:
        frame.nouns = {}
        for iri, names in frame.reading.names.items():
            frame.work.spend(len(names))
            for name in names:
                frame.nouns.setdefault(_noun_of(frame, name.words), set()).add(iri)
    return frame.nouns


def _noun_of(frame: Frame, name: str) -> str:
    """The noun of a name: its first word in languages where it leads, else the last one before a preposition."""
    words = name.lower().split()
    if len(words) < 2:
        return ""
    if frame.cues.set("noun_first"):
        return words[0]
    leading = frame.cues.set("prepositions") | frame.cues.set("articles")
    end = next((k for k, word in enumerate(words) if k and word in leading), len(words))
    return words[end - 1]

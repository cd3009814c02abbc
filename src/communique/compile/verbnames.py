"""Events that are named by nothing but a verb ("opened"): the clause around it speaks of them, and labels them."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal

from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordNode
from communique.compile.reading import Reading
from communique.compile.relations.cues import Cues, cues_of
from communique.text.mentions import Mention
from communique.text.passages import Span

_LONGEST: Final = 90
"""The most characters of a clause that stands for the name of an event."""
_CUT: Final = re.compile(r"[,;:.()–—!?\n\"“”„«»]")
_WORD: Final = re.compile(r"\w+(?:['’.-]\w+)*")
_DOERS: Final = ("organizer", "performer", "agent")


def is_verb(cues: Cues, source: str, name: Mention) -> bool:
    """Whether the one word that names something is a verb, by the table of its language and the word before it."""
    word = source[name.start : name.end].lower()
    if not source[name.start].islower() or not word.isalpha():
        return False
    before = _WORD.findall(source[max(0, name.start - 20) : name.start].lower())[-1:]
    if before and before[0] in cues.set("articles") | cues.set("prepositions") | cues.set("role", "its"):
        return False
    endings = tuple(cues.set("acts", "endings") | cues.set("acts", "finite"))
    return word in cues.set("acts", "verbs") or bool(endings and word.endswith(endings))


def widen_verbs(evidence: Evidence, reading: Reading) -> None:
    """Let events that the compiler found by a verb have its clause as their words: "opened the mill", "Завод открыли".

    Raises `WorkSpentError` if that takes more work than a release may take.
    """
    cues = cues_of(reading.language)
    for node in evidence.found:
        names = [f for f in node.facts.get("name", ()) if isinstance(f.object, Literal)]
        if "Event" not in node.types or len(names) != 1 or " " in names[0].object.value:
            continue
        evidence.work.spend(5)
        own = [m for m in reading.mentions.of(node.iri.value) if m.how == "name"]
        verb = next((m for m in own if is_verb(cues, reading.source, m)), None)
        span = _clause(reading, cues, node, verb) if verb is not None else None
        if span is not None:
            evidence.nodes[node][:] = [span]


def _clause(reading: Reading, cues: Cues, node: RecordNode, verb: Mention) -> Span | None:
    """The words from a verb to the end of its clause, or those before it where they alone are said of the event."""
    sentence = reading.sentences.spans[reading.sentences.at(verb.start)]
    doers = {f.object.value for key in _DOERS for f in node.facts.get(key, ())}
    cut = _CUT.search(reading.source, verb.end, sentence.end)
    end = cut.start() if cut else sentence.end
    behind = [m for m in reading.mentions.within(verb.end, end) if m.node in doers]
    if behind or not _WORD.search(reading.source, verb.end, end):
        return _before(reading, cues, verb, sentence.start, doers)
    words = Span(verb.start, len(reading.source[:end].rstrip()))
    return words if words.end - words.start <= _LONGEST else None


def _before(reading: Reading, cues: Cues, verb: Mention, start: int, doers: set[str]) -> Span | None:
    """The words of a clause before a verb, in a language in which its object may stand there."""
    if not (cues.set("object_first") or cues.set("acts", "last")):
        return None
    cuts = [hit.end() for hit in _CUT.finditer(reading.source, start, verb.start)]
    cuts += [m.end for m in reading.mentions.within(start, verb.start) if m.node in doers]
    first = _WORD.search(reading.source, max([start, *cuts]), verb.start)
    if first is None or verb.end - first.start() > _LONGEST:
        return None
    return Span(first.start(), verb.end)

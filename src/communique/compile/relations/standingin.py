"""The sentences in which a quoted date or place stands by itself, not inside the name of something else."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import NamedNode

from communique.compile.nodes import RecordFact
from communique.compile.relations.frame import Frame, local
from communique.compile.relations.rules import DATES
from communique.text.passages import Span
from communique.text.yearparts import dates_and_parts_of


def sentences_of_value(frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> list[Span] | None:
    """The sentences whose quoted words hold the date or place of a fact; None if they say it in other words.

    No sentence, if the place stands there only inside the name of something else: "Sampletown Technical School".
    """
    wanted = fact.object.value
    if isinstance(fact.object, NamedNode):
        own = [Span(*m[:2]) for span in spans for m in frame.of(wanted, *span, fact.node.iri.value)]
        if not own and any(True for span in spans for _ in frame.reading.mentions.of_within(wanted, *span)):
            return []
    elif fact.why is not None:
        own = [Span(*span) for span in spans]  # words that the dateline completed: "13 November"
    else:
        dates = dates_and_parts_of(frame.source, frame.reading.language)
        own = [d.span for span in spans for d in dates.within(*span) if d.date == wanted.partition("T")[0]]
    return list(dict.fromkeys(frame.sentence(place.start) for place in own)) or None


def leads_elsewhere(frame: Frame, fact: RecordFact, window: Span) -> bool:
    """Whether a sentence has another date, or names another place, than a fact: what follows may be of those."""
    if local(fact.key) in DATES:
        wanted = fact.object.value.partition("T")[0]
        found = dates_and_parts_of(frame.source, frame.reading.language).within(*window)
        return any(d.date != wanted and not wanted.startswith(d.date) for d in found)
    return any(m.node != fact.object.value and m.how != "pronoun" for m in frame.mentions({"place"}, *window))

"""Dates that are an end, by the words around them: "until", "by the end of"."""

from __future__ import annotations

from typing import Final

from communique.compile.relations.frame import Frame
from communique.text.passages import Span

_REACH: Final = 40
"""The most characters before a date in which "until" and the like stand."""


def is_end(frame: Frame, date: Span) -> bool:
    """Whether "until", "by the end of" and the like stand right before a date, but for articles."""
    before = max(frame.sentence(date.start).start, date.start - _REACH)
    articles = frame.cues.set("articles")
    hits = frame.cues.pattern("dates", "until").finditer(frame.source, before, date.start)
    behind = frame.words(date.end, min(date.end + _REACH, frame.sentence(date.start).end))[:1]  # «18 мамырға дейін»
    is_behind = not frame.cues.set("dates", "until_behind").isdisjoint(behind)
    return is_behind or any(set(frame.words(hit.end(), date.start)) <= articles for hit in hits)

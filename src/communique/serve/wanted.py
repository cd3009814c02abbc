"""What is wanted of a canned question: its values, a page of its rows, a format; and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from communique.query.catalogue import Query
from communique.serve.links import Paged

HTML: Final = "html"
"""The format of a part of a page; all others are names of `communique.query.formats.RESULT_FORMATS`."""

ROWS: Final = 1_000
"""Rows of a page if the request does not say how many; an answer with fewer is not divided."""

MOST_ROWS: Final = 10_000
"""The most rows that a page may have."""


LAST_PAGE: Final = 10**9
"""The greatest number of a page that is read."""

EXAMPLES: Final = 3
"""How many values that occur in the data are given as examples of a parameter."""


class WantedAnswer(NamedTuple):
    """A question with the values of its parameters as written, and what is wanted of the answer.

    ``page`` counts from 1; with neither ``page`` nor ``per_page``, an answer with fewer than `ROWS` rows is whole.
    ``language`` and ``suffix`` are those of the page of which the answer becomes a part.
    """

    query: Query
    values: Mapping[str, str]
    base: str
    format: str
    page: int | None
    per_page: int | None
    language: str = "en"
    suffix: str = ""


class QuestionReply(NamedTuple):
    """An answer in its format; ``paged`` is None for a graph, which is never divided."""

    body: bytes
    paged: Paged | None

"""Reads the replies of SPARQL services: only media types that were asked for, and only if the body matches."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from communique.errors import StoreError
from communique.store.client import Client
from communique.store.message import Reply
from communique.store.refusal import first_words

if TYPE_CHECKING:
    from communique.store.store import ResultRow

JSON: Final = "application/sparql-results+json"
XML: Final = "application/sparql-results+xml"
NTRIPLES: Final = "application/n-triples"
TURTLE: Final = "text/turtle"
ROWS: Final = f"{JSON}, {XML};q=0.8"
TRIPLES: Final = f"{NTRIPLES}, {TURTLE};q=0.9"

_RESULTS: Final = {
    JSON: ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    XML: ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
}
_SYNTAXES: Final = {
    NTRIPLES: ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,  # its old name, which Virtuoso uses
    TURTLE: ox.RdfFormat.TURTLE,
}
"""The media types of rows and triples that are asked for, and their other names.

Nothing else is read: an RDF/XML parser may expand entities."""

LONGEST: Final = 900.0
"""Seconds that all pages of one answer may take together."""


def read_results(reply: Reply) -> tuple[tuple[str, ...], tuple[ResultRow, ...]] | bool | None:
    """Variables and rows of a SELECT, the answer to an ASK, or None if the reply is neither."""
    syntax = _RESULTS.get(reply.media_type)
    if syntax is None:
        return None
    try:
        found = ox.parse_query_results(reply.body, format=syntax)
        if isinstance(found, ox.QuerySolutions):
            return tuple(v.value for v in found.variables), tuple(tuple(solution) for solution in found)
        return bool(found)
    except (SyntaxError, ValueError, RuntimeError):
        return None


def is_yes(reply: Reply) -> bool:
    """Whether a reply answers an ASK with true; Virtuoso 7.2.5 wrongly answers with a row, which counts too."""
    found = read_results(reply)
    if not isinstance(found, tuple):
        return found is True
    variables, rows = found
    return variables == ("__ASK_RETVAL",) and [str(row[0].value) for row in rows if row[0] is not None] == ["1"]


def read_triples(reply: Reply, client: Client) -> tuple[ox.Triple, ...]:
    """The triples of a reply in N-Triples or Turtle. Raises `StoreError` for any other."""
    syntax = _SYNTAXES.get(reply.media_type)
    if syntax is None:
        raise StoreError(no_answer(reply, client))
    try:
        return tuple(quad.triple for quad in ox.parse(reply.body, format=syntax))
    except (SyntaxError, ValueError) as no:
        why = client.hidden(" ".join(str(no).split())[:200])
        raise StoreError(f"{reply.url} gives {reply.media_type} that cannot be read: {why}") from None


def no_answer(reply: Reply, client: Client) -> str:
    """One sentence for a reply that does not answer the request."""
    if reply.status != 200:
        return client.refusal(reply, reply.url)
    kind = "an HTML page" if reply.media_type == "text/html" else reply.media_type or "nothing"
    words = client.hidden(first_words(reply.body, 80))
    return f"{reply.url} is no SPARQL service: it answers with {kind}" + (f" ({words})" if words else "")


class ResultPages:
    """The pages of one answer: each must continue after the one before, and all together take `LONGEST` at most."""

    def __init__(self, url: str, clock: Callable[[], float]) -> None:
        self._url, self._clock, self._last, self._end = url, clock, "", clock() + LONGEST

    def turn(self, last: str) -> None:
        """Record that a full page ends with ``last``.

        Raises `StoreError` if that is not after the end of the page before, or if the pages took too long.
        """
        if last <= self._last:
            raise StoreError(f"{self._url} gives the same page again, instead of what comes after it")
        if self._clock() > self._end:
            raise StoreError(f"{self._url} gives pages for more than {LONGEST:g} s; they were given up")
        self._last = last

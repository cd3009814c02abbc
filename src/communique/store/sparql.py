"""Queries and updates by the SPARQL 1.1 Protocol: SPARQLWrapper writes the request, and a client of ours sends it.

By itself, SPARQLWrapper 2.0 sends user and password wherever a redirect leads, has a timeout for each read but not for
the whole reply, keeps Digest state for the whole process, reads replies of any size, and sends a query as an update if
a word such as "load" occurs before SELECT. The tests of this module show each of these with a server.
"""

from __future__ import annotations

from collections.abc import Callable
from http.client import HTTPResponse
from typing import Final, cast

from SPARQLWrapper import INSERT, POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
    URITooLong,
)

from communique.errors import QueryError
from communique.store.message import Reply, Request
from communique.store.refusal import RefusedError

_EXCEPTIONS: Final = {
    400: QueryBadFormed,
    401: Unauthorized,
    404: EndPointNotFound,
    414: URITooLong,
    500: EndPointInternalError,
}


Send = Callable[[Request], Reply]
"""Sends a request and returns a reply that is no error; raises `RefusedError`."""


class Endpoint(SPARQLWrapper):
    """A SPARQL endpoint whose requests are sent by ``send`` and whose replies are `Reply`, for our own readers.

    SPARQLWrapper's conversions are never used, because they pass untrusted text to rdflib's parsers.
    """

    def __init__(self, url: str, send: Send) -> None:
        super().__init__(url)
        self._send = send
        self.setMethod(POST)  # as a form: Virtuoso never answers a query posted directly
        self.setOnlyConneg(True)  # no parameters beside the query

    def ask(self, kind: str, text: str, accept: str) -> Reply:
        """The reply to a query (``kind`` SELECT) or an update (INSERT).

        Raises `SPARQLWrapperException`, whose cause is a `RefusedError`.
        """
        # not with `setQuery`, which finds the kind in the text by regular expressions, in quadratic time
        self.queryString, self.queryType = text, kind
        self.addCustomHttpHeader("Accept", accept)
        return cast(Reply, self.query().response)

    def _query(self) -> tuple[HTTPResponse, str]:
        """Replaces the one method in which SPARQLWrapper opens a connection."""
        made = self._createRequest()
        request = Request(made.get_method(), made.full_url, cast(bytes, made.data), dict(made.header_items()))
        try:
            return cast(HTTPResponse, self._send(request)), self.returnFormat
        except RefusedError as no:
            raise _EXCEPTIONS.get(no.status, SPARQLWrapperException)(str(no).encode()) from no


def query(url: str, text: str, accept: str, send: Send) -> Reply:
    """The reply of an endpoint to a query. Raises `QueryError` if it rejects the query, else `RefusedError`."""
    try:
        return Endpoint(url, send).ask(SELECT, text, accept)
    except QueryBadFormed as no:
        raise QueryError(f"the query cannot be answered: {no.__cause__}") from None
    except SPARQLWrapperException as no:
        raise cast(RefusedError, no.__cause__) from None


def update(url: str, text: str, send: Send) -> Reply:
    """The reply of an endpoint to an update. Raises `RefusedError`."""
    try:
        return Endpoint(url, send).ask(INSERT, text, "*/*")
    except SPARQLWrapperException as no:
        raise cast(RefusedError, no.__cause__) from None

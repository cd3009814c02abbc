"""The canned questions as a web API: ``/queries/<name>`` and ``/queries/<name>.<suffix>``, and their pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from posixpath import basename
from typing import TYPE_CHECKING, Final

from communique.errors import QueryError
from communique.formats import JSON_LD, TURTLE
from communique.iris import query_path
from communique.publish.hosting.negotiation import HEADERS
from communique.query.ask import query_named
from communique.query.bind import bind
from communique.query.catalogue import Query
from communique.serve.accept import best
from communique.serve.links import OFFERED, link_value, with_values
from communique.serve.protocol import parameters
from communique.serve.questionpage import language_of, with_answer, with_sent_form
from communique.serve.refusal import HttpError
from communique.serve.responding import Head, Sender, is_unchanged, redirect
from communique.serve.wanted import HTML, LAST_PAGE, MOST_ROWS, QuestionReply, WantedAnswer

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from communique.serve.publication import PublishedFile
    from communique.serve.state import Build, ServerState

PAGING: Final = ("page", "per_page")
"""The parameters that every question has besides its own, unless it has one of the same name."""

TOTAL: Final = "X-Total-Count"
"""The header that says how many rows an answer has on all its pages."""

_HTML_TYPE: Final = "text/html"
_ALIASES: Final = {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
TYPES: Final = {one.media_type: one.name for one in OFFERED} | _ALIASES
"""The media types of answers, in the order that decides between equal ones, and the formats they stand for."""

_GRAPH_TYPES: Final = tuple(sorted(TYPES, key=lambda kind: {TURTLE.name: 0, JSON_LD.name: 1}.get(TYPES[kind], 2)))
_SUFFIXES: Final = {one.suffix: one for one in OFFERED} | {one.name: one for one in OFFERED}
_PATH: Final = re.compile(r"([a-z0-9-]+)(?:\.([a-z]+)|/(index(?:\.[a-z]+)?\.html)?)?")


@dataclass(frozen=True, slots=True)
class QuestionRequest:
    """A question as a request asks it: the values of its parameters, in their order, and the page of rows."""

    query: Query
    values: Mapping[str, str]
    page: int | None
    per_page: int | None

    @property
    def words(self) -> tuple[str, ...]:
        """What the answer depends on, beside the build and the format."""
        return (self.query.name, repr((tuple(self.values.items()), self.page, self.per_page)))

    def wanted(self, base: str, name: str, language: str = "en", suffix: str = "") -> WantedAnswer:
        """The request to a worker for the answer in a format."""
        return WantedAnswer(
            self.query,
            dict(self.values),
            base,
            name,
            self.page,
            per_page=self.per_page,
            language=language,
            suffix=suffix,
        )


class Questions:
    """Answers requests below ``/queries/``; what is a file of the publication is sent as it is."""

    def __init__(self, state: ServerState) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request. Raises `HttpError` for one that cannot be answered."""
        sender, build, rest = Sender(scope, send), self._state.build, scope["path_params"]["rest"]
        if scope["method"] not in ("GET", "HEAD"):
            allowed = "GET, HEAD, OPTIONS"
            raise HttpError(405, f"this address takes {allowed}", {"Allow": allowed})
        match = _PATH.fullmatch(rest)
        text = scope["query_string"].decode("latin-1")
        is_page = match is not None and rest.startswith(match[1] + "/")
        is_file = query_path(rest) in build.publication.files and not is_page
        if match is None or not build.questions or is_file:
            return await self._state.answer(scope, receive, send)
        try:
            query = query_named(build.questions, match[1])
        except QueryError as no:
            raise HttpError(404, str(no)) from None
        most = self._state.settings.query_url_bytes
        if len(text) > most:
            raise HttpError(414, f"the values have more than {most:,} bytes (query_url_bytes)")
        client = self._state.client(scope)
        if is_page:
            return await _Page(self._state, build, query, rest).send(text, sender, client)
        await self._send(build, query, match[2], text, sender, client=client)

    async def _send(
        self, build: Build, query: Query, suffix: str | None, text: str, sender: Sender, *, client: str
    ) -> None:
        """Send an answer in the syntax of a suffix, or in the one that the request prefers."""
        page = f"{query.name}/"
        head = {} if suffix else {"Vary": "Accept"}
        media_type = _media_type(query, suffix, sender.header("accept"), query_path(f"{page}index.html"), build)
        if media_type == _HTML_TYPE:
            return await redirect(sender, f"{page}?{text}" if text else page, head)
        asked = read_asked(build, query, text)
        tag = build.tag("question", *asked.words, media_type)
        kind = f"{media_type}; charset=utf-8"
        answered = Head(200, {"Content-Type": kind, "ETag": tag, "Cache-Control": "no-cache", **head})
        if not suffix:
            at = f"{query.name}.{_SUFFIXES[TYPES[media_type]].suffix}"
            answered.set("Content-Location", with_values(at, asked.values, asked.page, asked.per_page))
        if is_unchanged(sender.header("if-none-match"), tag):
            return await sender.send(answered.unchanged())
        reply = await ask(build, asked.wanted(build.publication.base, TYPES[media_type]), client)
        at = f"{query.name}.{suffix}" if suffix else query.name
        answered.set("Link", link_value(query.name, at, asked.values, reply.paged, asked.per_page))
        if reply.paged is not None:
            answered.set(TOTAL, str(reply.paged.total))
            answered.set("Access-Control-Expose-Headers", f"{HEADERS['Access-Control-Expose-Headers']}, {TOTAL}")
        await sender.send(answered, reply.body)


class _Page:
    """The page of a question in one language, with the answer that a request asks for."""

    def __init__(self, state: ServerState, build: Build, query: Query, rest: str) -> None:
        name = basename(rest) or "index.html"
        self._state, self._build, self._query = state, build, query
        self._suffix = name.removeprefix("index").removesuffix(".html")
        self._file = build.publication.files.get(query_path(f"{query.name}/{name}"))

    async def send(self, text: str, sender: Sender, client: str) -> None:
        """Send the page as it was built, or with the answer for some values.

        A form sends every field: an empty one is left out.
        """
        file, build = self._file, self._build
        if file is None:
            raise HttpError(404, f"there is no such page of {self._query.name}")
        more = {"Link": link_value(self._query.name, "../", {})}
        if not text:

            def change(page: str) -> str:
                return with_sent_form(page, _how(page))

            return await self._state.files.send_changed(build.publication, file, sender, change, more)
        await self._send_answer(file, text, sender, client)

    async def _send_answer(self, file: PublishedFile, text: str, sender: Sender, client: str) -> None:
        from communique.serve.fragment import render_refusal  # the words of pages take time to load

        build, page = self._build, self._build.publication.read(file).decode()
        head = Head(200, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-cache"})
        values: Mapping[str, str] = {}
        try:
            asked = read_asked(build, self._query, text, drop_empty=True)
            values = asked.values
            tag = build.tag("page", *asked.words, file.path)
            head.set("ETag", tag)
            head.set("Link", link_value(self._query.name, "../", values))
            if is_unchanged(sender.header("if-none-match"), tag):
                return await sender.send(head.unchanged())
            wanted = asked.wanted(build.publication.base, HTML, language_of(page), self._suffix)
            answer = (await ask(build, wanted, client)).body.decode()
        except HttpError as no:
            if no.status >= 500:
                raise
            head = Head(no.status, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})
            answer = render_refusal(str(no))
        await sender.send(head, with_answer(page, answer, self._query.name, values, _how(page)).encode())


def _how(page: str) -> str:
    """The sentence of a page that says who answers its form, in its language."""
    from communique.serve.searchpage import words_of_server  # the words of pages take time to load

    return words_of_server(language_of(page))["form_served"]


async def ask(build: Build, wanted: WantedAnswer, client: str) -> QuestionReply:
    """The answer of a worker to a question. Raises `HttpError` as the worker does, and 422 if it takes too long."""
    try:
        reply: QuestionReply = await build.pool.ask(client, "question", wanted)
    except HttpError as no:
        if no.status != 422:
            raise
        said = str(no).partition(": ")[0].replace("the query", "the question")
        name = wanted.query.name
        raise HttpError(
            422, f"{said}: give more values, or take the published result, /queries/{name}/result.csv"
        ) from None
    return reply


def read_asked(build: Build, query: Query, text: str, *, drop_empty: bool = False) -> QuestionRequest:
    """A question with the values that an address has for it, exactly as ``communique query`` takes them.

    Raises `HttpError` for an unknown parameter, a wrong value, or one that is given twice.
    """
    values: dict[str, str] = {}
    for name, given in parameters(text).items():
        given = [value for value in given if value] if drop_empty else given
        if len(given) > 1:
            raise HttpError(400, f"{name} is given {len(given)} times: give it once")
        values |= {name: given[0]} if given else {}
    pages = [_number(query, name, values.pop(name, None)) for name in PAGING if query.parameter(name) is None]
    page, per_page = pages if len(pages) == len(PAGING) else (None, None)
    try:
        bind(query, values, build.publication.base)
    except QueryError as no:
        raise HttpError(400, str(no)) from None
    known = [parameter.name for parameter in query.parameters if parameter.name in values]
    return QuestionRequest(query, {name: values[name] for name in known}, page, per_page)


def _number(query: Query, name: str, text: str | None) -> int | None:
    """A page, or how many rows it has."""
    if text is None:
        return None
    if query.form == "CONSTRUCT":
        raise HttpError(400, f"the answer to {query.name} is a graph, which has no pages: leave out {name}")
    most = MOST_ROWS if name == PAGING[1] else LAST_PAGE
    if not re.fullmatch("[0-9]{1,10}", text) or not 1 <= int(text) <= most:
        raise HttpError(400, f"{name}: {text[:40]!r} is not a whole number from 1 to {most:,}")
    return int(text)


def _media_type(query: Query, suffix: str | None, accept: str, page: str, build: Build) -> str:
    """The media type of a response. Raises `HttpError` if the question is not answered in what is asked for."""
    has_page = page in build.publication.files
    if suffix:
        if suffix == "html" and has_page:
            return _HTML_TYPE
        if suffix not in _SUFFIXES:
            known = ", ".join([*(one.suffix for one in OFFERED), *(["html"] if has_page else [])])
            raise HttpError(404, f"there is no {query.name}.{suffix[:40]}: the suffixes are {known}")
        return _SUFFIXES[suffix].media_type
    types = _GRAPH_TYPES if query.form == "CONSTRUCT" else tuple(TYPES)
    offered = (*types, *((_HTML_TYPE,) if has_page else ()))
    chosen = best(accept, offered)
    if chosen is None:
        raise HttpError(406, f"the answer is offered as {', '.join(offered)}", {"Vary": "Accept"})
    return chosen

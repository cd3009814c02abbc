"""What is wanted of a question, and the addresses of its answers: in each syntax, and page by page (RFC 8288)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urlencode

from communique.formats import JSON_LD, TURTLE
from communique.query.formats import RESULT_FORMATS, ResultFormat

OFFERED: Final[tuple[ResultFormat, ...]] = tuple(
    RESULT_FORMATS[name] for name in ("json", "csv", "tsv", "xml", JSON_LD.name, TURTLE.name)
)
"""The formats of the answer to a question, in the order that decides between equal ones."""

_LONGEST: Final = 1_000
"""Characters of values up to which a response links to the same answer in other syntaxes."""


class Paged(NamedTuple):
    """Which rows of an answer these are: ``page`` of ``pages`` with up to ``per_page`` rows, of ``total`` in all."""

    total: int
    page: int
    pages: int
    per_page: int

    @property
    def is_whole(self) -> bool:
        """Whether these are all rows."""
        return self.pages <= 1

    def others(self) -> Iterator[tuple[str, int]]:
        """The relation and the number of each page that this one links to; none if it is the only one."""
        if not self.is_whole:
            yield "first", 1
            if self.page > 1:
                yield "prev", self.page - 1
            if self.page < self.pages:
                yield "next", self.page + 1
            yield "last", self.pages


def with_values(address: str, values: Mapping[str, str], page: int | None = None, per_page: int | None = None) -> str:
    """An address with the values of parameters, and a page of rows.

    >>> with_values("speakers.csv", {"topic": "topic/a b"}, page=2)
    'speakers.csv?topic=topic/a%20b&page=2'
    """
    pairs = [*values.items(), *((n, v) for n, v in (("page", page), ("per_page", per_page)) if v is not None)]
    text = urlencode(pairs, quote_via=quote, safe="/:@")
    return f"{address}?{text}" if text else address


def link_value(
    name: str, at: str, values: Mapping[str, str], paged: Paged | None = None, per_page: int | None = None
) -> str:
    """The Link header of an answer at ``at``, relative to the folder of the question's own address.

    With ``at`` "../", it is that of the question's page: links then lead out of its folder.
    """
    up, links = ("../" if at == "../" else ""), []
    if paged is not None:
        links += [f'<{with_values(at, values, n, per_page)}>; rel="{relation}"' for relation, n in paged.others()]
    if len(with_values("", values)) <= _LONGEST:
        others = [(f"{name}.{one.suffix}", one.media_type) for one in OFFERED if f"{name}.{one.suffix}" != at]
        others += [] if up else [(f"{name}/", "text/html")]
        links += [f'<{up}{with_values(to, values)}>; rel="alternate"; type="{kind}"' for to, kind in others]
    return ", ".join(links)

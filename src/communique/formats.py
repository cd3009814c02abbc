"""The syntaxes, one row each; command line, exports, documentation and tests read this table."""

from __future__ import annotations

from dataclasses import dataclass

from communique.errors import CommuniqueError, hint


@dataclass(frozen=True, slots=True)
class Format:
    """A way to write a graph.

    ``graphs`` says whether the syntax keeps named graphs apart; ``suffix`` is the file's ending without the dot.
    """

    name: str
    suffix: str
    media_type: str
    graphs: bool
    title: str


FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("turtle", "ttl", "text/turtle", False, "Turtle"),
        Format("trig", "trig", "application/trig", True, "TriG"),
        Format("nquads", "nq", "application/n-quads", True, "N-Quads"),
        Format("ntriples", "nt", "application/n-triples", False, "N-Triples"),
        Format("jsonld", "jsonld", "application/ld+json", False, "JSON-LD"),
        Format(
            "page-jsonld", "page.jsonld", "application/ld+json", False, "JSON-LD for web pages, schema.org terms only"
        ),
    )
}


def format_named(name: str) -> Format:
    """The format of that name; an unknown name is refused with the nearest known one.

    >>> format_named("nquads").media_type
    'application/n-quads'
    """
    if name in FORMATS:
        return FORMATS[name]
    raise CommuniqueError(f"unknown format {name!r}, {hint(name, FORMATS)}")

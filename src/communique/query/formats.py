"""The table of formats for answers to questions; quick to import, because the command line's help needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from communique.formats import JSON_LD, TURTLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFormat:
    """A format in which a table can be written.

    ``suffix`` is the file name's suffix without the dot. ``writer`` names the function that writes the format, as
    ``module:function``, imported when first needed: it takes a `communique.query.results.Table`, the base IRI and a
    width in characters (or None), and gives the text in pieces.

    ``terminal``: it is laid out for a terminal. ``published``: the page of a question offers the answer as a file in
    this format; with ``of_graphs``, only if the question builds a graph.
    """

    name: str
    suffix: str
    media_type: str
    writer: str
    terminal: bool = False
    published: bool = False
    of_graphs: bool = False

    @property
    def file(self) -> str:
        """The name of the file with the answer, beside the page of a question."""
        return f"result.{self.suffix}"


_WRITERS: Final = "communique.query.results:"

RESULT_FORMATS: Final[dict[str, ResultFormat]] = {
    f.name: f
    for f in (
        ResultFormat(
            name="table", suffix="txt", media_type="text/plain", writer=_WRITERS + "write_table", terminal=True
        ),
        ResultFormat(name="csv", suffix="csv", media_type="text/csv", writer=_WRITERS + "write_csv", published=True),
        ResultFormat(name="tsv", suffix="tsv", media_type="text/tab-separated-values", writer=_WRITERS + "write_tsv"),
        ResultFormat(
            name="json",
            suffix="json",
            media_type="application/sparql-results+json",
            writer=_WRITERS + "write_json",
            published=True,
        ),
        ResultFormat(
            name="xml", suffix="xml", media_type="application/sparql-results+xml", writer=_WRITERS + "write_xml"
        ),
        ResultFormat(
            name=TURTLE.name,
            suffix=TURTLE.suffix,
            media_type=TURTLE.media_type,
            writer=_WRITERS + "write_turtle",
            published=True,
            of_graphs=True,
        ),
        ResultFormat(
            name=JSON_LD.name,
            suffix=JSON_LD.suffix,
            media_type=JSON_LD.media_type,
            writer=_WRITERS + "write_jsonld",
        ),
        ResultFormat(name="markdown", suffix="md", media_type="text/markdown", writer=_WRITERS + "write_markdown"),
    )
}
"""The formats by name; the first is the default of the command line."""

"""The ways to write the answer to a question, one row each; light enough for the help of the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from communique.formats import JSON_LD, TURTLE


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFormat:
    """A way to write a table.

    ``suffix`` is the file's ending without the dot. ``writer`` names the function that writes it as
    ``module:function``, imported when it is first needed: it takes a `communique.query.results.Table`, the base IRI and
    a width in characters (or None), and gives the text in pieces.

    ``terminal`` says whether it is laid out for a terminal; ``published`` whether the page of a question offers the
    answer as a file, and ``of_graphs`` whether only that of a question that builds a graph.
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
        """The name of the file beside the page of a question."""
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
"""The ways to write a table, by name; the first is what a command shows unless asked otherwise."""

"""The canned queries as SPARQL examples, in the form used by the Swiss Institute of Bioinformatics (SIB)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Protocol

from communique.errors import ArtefactError
from communique.iris import query_path
from communique.publish.describe.graph import DescriptionGraph, literal
from communique.read.dataset import Dataset
from communique.terms import PREFIXES

_FORMS: Final = {
    "SELECT": ("sh:SPARQLSelectExecutable", "sh:select"),
    "ASK": ("sh:SPARQLAskExecutable", "sh:ask"),
    "CONSTRUCT": ("sh:SPARQLConstructExecutable", "sh:construct"),
}
_FORM: Final = re.compile(r"^\s*(SELECT|ASK|CONSTRUCT)\b", re.IGNORECASE | re.MULTILINE)
_HEADER: Final = re.compile(r"^#\+.*\n?", re.MULTILINE)


class Example(Protocol):
    """The part of a canned query that the examples need: its question in words, its SPARQL ``text``, its tags."""

    @property
    def name(self) -> str:
        """Name of the query, and of its page."""

    @property
    def question(self) -> str:
        """The question that it answers, in words."""

    @property
    def tags(self) -> Iterable[str]:
        """Keywords."""

    @property
    def text(self) -> str:
        """The query, with or without its header of ``#+`` lines."""


def render_examples(catalogue: Iterable[Example], dataset: Dataset | None = None, endpoint: str | None = None) -> bytes:
    """The canned queries as Turtle, one ``sh:SPARQLExecutable`` for each, sorted by name, without blank nodes.

    ``endpoint`` is the SPARQL service to query, by default ``sparql`` below the site of the ``dataset``. Raises
    `ArtefactError` for a query that is not SELECT, ASK or CONSTRUCT.
    """
    graph = DescriptionGraph(dataset or Dataset())
    file_iri = f"{graph.site}sparql-examples.ttl#"
    for query in sorted(catalogue, key=lambda q: q.name):
        text = _HEADER.sub("", query.text).strip() + "\n"
        form = _FORM.search(text)
        if form is None:
            raise ArtefactError(f"the query {query.name!r} is neither SELECT, ASK nor CONSTRUCT")
        kind, property_ = _FORMS[form[1].upper()]
        graph.add(
            f"{graph.site}{query_path(query.name)}/",
            ("rdf:type", "sh:SPARQLExecutable"),
            ("rdf:type", kind),
            ("rdfs:comment", literal(query.question, language="en")),
            ("schema:keywords", literal(", ".join(query.tags)) if query.tags else None),
            ("schema:target", endpoint or graph.site + "sparql"),
            ("sh:prefixes", file_iri + "prefixes"),
            (property_, literal(text)),
        )
    names = sorted(PREFIXES)
    graph.add(file_iri + "prefixes", *(("sh:declare", file_iri + "prefix-" + name) for name in names))
    for name in names:
        space = literal(PREFIXES[name], kind="anyURI")
        graph.add(file_iri + "prefix-" + name, ("sh:prefix", literal(name)), ("sh:namespace", space))
    return graph.turtle()

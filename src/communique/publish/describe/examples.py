"""The canned queries as SPARQL examples, in the form that the Swiss Institute of Bioinformatics (SIB) uses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Protocol

from communique.errors import ArtefactError
from communique.iris import query_path
from communique.publish.describe.sheet import Sheet, literal
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
    """A canned query, as far as the examples need it: its question in words, its SPARQL ``text``, its tags."""

    @property
    def name(self) -> str:
        """Name of the query, which is also that of its page."""

    @property
    def question(self) -> str:
        """What it answers."""

    @property
    def tags(self) -> Iterable[str]:
        """Keywords."""

    @property
    def text(self) -> str:
        """The query, with its header of ``#+`` lines or without."""


def render_examples(catalogue: Iterable[Example], dataset: Dataset | None = None, endpoint: str | None = None) -> bytes:
    """The canned queries as Turtle, one ``sh:SPARQLExecutable`` each, sorted by name, without blank nodes.

    ``endpoint`` is the SPARQL service to ask, by default ``sparql`` below the site of the ``dataset``. Raises
    `ArtefactError` for a query that is neither SELECT, ASK nor CONSTRUCT.
    """
    sheet = Sheet(dataset or Dataset())
    own = f"{sheet.site}sparql-examples.ttl#"
    for query in sorted(catalogue, key=lambda q: q.name):
        text = _HEADER.sub("", query.text).strip() + "\n"
        form = _FORM.search(text)
        if form is None:
            raise ArtefactError(f"the query {query.name!r} is neither SELECT, ASK nor CONSTRUCT")
        kind, property_ = _FORMS[form[1].upper()]
        sheet.add(
            f"{sheet.site}{query_path(query.name)}/",
            ("rdf:type", "sh:SPARQLExecutable"),
            ("rdf:type", kind),
            ("rdfs:comment", literal(query.question, language="en")),
            ("schema:keywords", literal(", ".join(query.tags)) if query.tags else None),
            ("schema:target", endpoint or sheet.site + "sparql"),
            ("sh:prefixes", own + "prefixes"),
            (property_, literal(text)),
        )
    names = sorted(PREFIXES)
    sheet.add(own + "prefixes", *(("sh:declare", own + "prefix-" + name) for name in names))
    for name in names:
        space = literal(PREFIXES[name], kind="anyURI")
        sheet.add(own + "prefix-" + name, ("sh:prefix", literal(name)), ("sh:namespace", space))
    return sheet.turtle()

"""The JSON-LD context: what each key of a record means, as ``ontology/context.jsonld`` alone defines it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from communique import artefacts
from communique.errors import ArtefactError
from communique.kinds import check_kinds

TermKind = Literal["reference", "text", "plain", "typed", "labels", "json"]

AUTHORING_KEYS: Final = frozenset({"evidence", "role"})
"""Keys that occur only in records; the compiler turns them into facts and evidence."""

MADE_KEYS: Final = frozenset(
    {"supportedBy", "hasSource", "exact", "start", "end", "source", "subject", "predicate", "object"}
    | {"basis", "origin", "sha256", "encodingFormat"}
)
"""Keys that only the compiler writes; in a record they are refused."""

MADE_CLASSES: Final = frozenset({"Passage", "StatementOfFact", "TextObject", "Membership", "OrganizationRole"})
"""Classes of nodes that only the compiler makes, by its rules."""


@dataclass(frozen=True, slots=True)
class Term:
    """A key: its IRI, and how its values are read (JSON-LD 1.1, section 4.2.3, type coercion).

    ``kind`` is one of these. ``reference``: the IRI of a node. ``text``: text in the language of the record. ``plain``:
    text without a language. ``typed``: a literal of ``datatype``. ``labels``: a mapping from languages to texts.
    ``json``: a value that only the compiler reads.
    """

    key: str
    iri: str
    kind: TermKind
    datatype: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """The keys, classes and prefixes that a context declares.

    ``terms`` are by key; ``classes`` are IRIs by key; ``prefixes`` are namespaces by prefix; ``scoped`` has, by class,
    the keys that mean something else on nodes of that class; ``document`` is the ``@context`` as written.
    """

    terms: Mapping[str, Term]
    classes: Mapping[str, str]
    prefixes: Mapping[str, str]
    scoped: Mapping[str, Mapping[str, Term]]
    document: Mapping[str, Any]

    def expand(self, name: str) -> str:
        """The full IRI of a compact one; any other text unchanged.

        >>> read_context().expand("xsd:gYear")
        'http://www.w3.org/2001/XMLSchema#gYear'
        """
        prefix, colon, rest = name.partition(":")
        return self.prefixes[prefix] + rest if colon and prefix in self.prefixes else name


@lru_cache(maxsize=8)
def read_context(newsroom: Path | None = None) -> Context:
    """The context of a newsroom, or else the packaged one.

    The packaged context must have every class of the table of kinds; a newsroom's own may lack some. Raises
    `ArtefactError` if the context or that table is broken.

    >>> read_context().terms["startDate"].datatype
    'http://www.w3.org/2001/XMLSchema#date'
    """
    path = artefacts.folder("ontology", newsroom) / "context.jsonld"
    try:
        entries: dict[str, Any] = json.loads(artefacts.read_text(path))["@context"]
    except (ValueError, KeyError, TypeError) as e:
        raise ArtefactError(f"{path} is not a JSON-LD context: {e}") from e
    prefixes = {k: v for k, v in entries.items() if isinstance(v, str) and v.endswith(("/", "#"))}
    made = Context({}, {}, prefixes, {}, entries)
    terms, classes, scoped = dict(made.terms), dict(made.classes), dict(made.scoped)
    for key, entry in entries.items():
        if key.startswith("@") or key in prefixes or (isinstance(entry, str) and entry.startswith("@")):
            continue
        if key[0].isupper():
            classes[key] = made.expand(entry if isinstance(entry, str) else entry["@id"])
            if isinstance(entry, dict):
                scoped[key] = {k: _term(made, k, e) for k, e in entry["@context"].items()}
        else:
            terms[key] = _term(made, key, entry)
    check_kinds(classes.values() if path.parent == artefacts.folder("ontology") else None)
    return Context(terms, classes, prefixes, scoped, entries)


def _term(context: Context, key: str, entry: Any) -> Term:
    entry = {"@id": entry} if isinstance(entry, str) else entry
    iri, coercion = context.expand(entry["@id"]), entry.get("@type")
    if coercion == "@id":
        return Term(key, iri, "reference")
    if coercion == "@json":
        return Term(key, iri, "json")
    if coercion is not None:
        return Term(key, iri, "typed", context.expand(coercion))
    if entry.get("@container") == "@language":
        return Term(key, iri, "labels")
    return Term(key, iri, "plain" if "@language" in entry else "text")

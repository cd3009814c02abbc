"""The JSON-LD context: what each key of a record means, as ``ontology/context.jsonld`` alone defines it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from communique import artefacts
from communique.errors import ArtefactError, hint
from communique.kindfaults import check_kinds

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

_IRI: Final = re.compile(r"(?:https?://|urn:)[^\x00-\x20<>\"{}|^`\\\ud800-\udfff]+")
"""IRIs that keys may stand for (RFC 3987, without the characters that Turtle forbids in them)."""


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
        entries = json.loads(artefacts.read_text(path))["@context"]
    except (ValueError, KeyError, TypeError, RecursionError) as e:
        raise ArtefactError(f"{path} is not a JSON-LD context: {e}") from e
    try:
        context = _context(entries)
    except ArtefactError as fault:
        raise ArtefactError(f"{path}: {fault}") from None
    check_kinds(context.classes.values() if path.parent == artefacts.folder("ontology") else None)
    return context


def _context(entries: object) -> Context:
    """The context that some entries make. Raises `ArtefactError`, without the file, if one of them cannot be read."""
    if not isinstance(entries, dict):
        raise ArtefactError("@context must be one mapping of keys, {key: …}")
    prefixes = {
        k: v for k, v in entries.items() if isinstance(v, str) and v.endswith(("/", "#")) and not k.startswith("@")
    }
    context = Context({}, {}, prefixes, {}, entries)
    for key, entry in prefixes.items():
        _iri(context, key, entry)
    terms: dict[str, Term] = {}
    classes: dict[str, str] = {}
    scoped: dict[str, Mapping[str, Term]] = {}
    for key, entry in entries.items():
        if key.startswith("@") or key in prefixes or (isinstance(entry, str) and entry.startswith("@")):
            continue
        if key[:1].isupper():
            classes[key] = _iri(context, key, entry)
            own = entry.get("@context", {}) if isinstance(entry, dict) else {}
            if not isinstance(own, dict):
                raise ArtefactError(f"the @context of {key!r} must be a mapping of keys, {{key: …}}")
            if own:
                scoped[key] = {k: _term(context, k, e) for k, e in own.items()}
        else:
            terms[key] = _term(context, key, entry)
    return Context(terms, classes, prefixes, scoped, entries)


def _iri(context: Context, key: str, entry: object) -> str:
    """The IRI that an entry stands for. Raises `ArtefactError` if it has none, or an unknown prefix."""
    name = entry.get("@id") if isinstance(entry, dict) else entry
    if not key or not isinstance(name, str):
        raise ArtefactError(f'{key!r} has no IRI: write "prefix:name", or {{"@id": "prefix:name"}}')
    return _absolute(context, key, name)


def _absolute(context: Context, key: str, name: str) -> str:
    """The whole IRI of a name in the entry of a key. Raises `ArtefactError` if its prefix is unknown or it is none."""
    iri = context.expand(name)
    if _IRI.fullmatch(iri):
        return iri
    prefix, colon, _ = name.partition(":")
    known = [*context.prefixes]
    hinted = f": {hint(prefix, known)}" if colon and prefix not in known and known else ""
    raise ArtefactError(f"{name!r} in {key!r} is neither a whole IRI nor a known prefix and a name{hinted}")


def _term(context: Context, key: str, entry: object) -> Term:
    iri = _iri(context, key, entry)
    details: Mapping[str, object] = entry if isinstance(entry, dict) else {}
    coercion = details.get("@type")
    if coercion == "@id":
        return Term(key, iri, "reference")
    if coercion == "@json":
        return Term(key, iri, "json")
    if coercion is not None:
        if not isinstance(coercion, str):
            raise ArtefactError(f'the @type of {key!r} must be text: "@id", "@json" or a datatype such as "xsd:date"')
        return Term(key, iri, "typed", _absolute(context, key, coercion))
    if details.get("@container") == "@language":
        return Term(key, iri, "labels")
    return Term(key, iri, "plain" if "@language" in details else "text")

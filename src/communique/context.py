"""The JSON-LD context: what each key of a record means, as ``ontology/context.jsonld`` alone defines it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from communique import artefacts
from communique.errors import ArtefactError, hint
from communique.kindfaults import check_kinds
from communique.schemaorg import PREFIX, read_vocabulary
from communique.terms import SCHEMA

TermKind = Literal["reference", "text", "plain", "typed", "labels", "json", "open"]

AUTHORING_KEYS: Final = frozenset(
    {"evidence", "figures", "referredToAs", "role", "schedule", "said", "contact", "planned", "status"}
)
"""Keys that occur only in records; the compiler turns them into facts and evidence."""

FORM_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "said": (
        *("verb", "text", "quote", "about", "mentions", "on", "onBehalfOf", "audience", "type"),
        *("note", "evidence", "id"),
    ),
    "role": ("title", "of", "from", "until", "former", "note", "evidence", "id"),
    "contact": ("name", "telephone", "email", "contactType", "url", "of", "note", "evidence", "id"),
}
"""The keys of an entry of a form, by the key of the form, in the order in which messages list them."""

MADE_KEYS: Final = frozenset(
    {"supportedBy", "hasSource", "exact", "start", "end", "source", "subject", "predicate", "object"}
    | {"basis", "origin", "sha256", "encodingFormat"}
)
"""Keys that only the compiler writes; in a record they are refused."""

MADE_CLASSES: Final = frozenset(
    {"Passage", "StatementOfFact", "TextObject", "Membership", "OrganizationRole", "Role", "FormerRole"}
    | {"Observation", "MonetaryAmount", "Schedule"}
)
"""Classes of nodes that only the compiler makes, by its rules."""

_IRI: Final = re.compile(r"(?:https?://|urn:)[^\x00-\x20<>\"{}|^`\\\ud800-\udfff]+")
"""IRIs that keys may stand for (RFC 3987, without the characters that Turtle forbids in them)."""


@dataclass(frozen=True, slots=True)
class Term:
    """A key: its IRI, and how its values are read (JSON-LD 1.1, section 4.2.3, type coercion).

    ``kind`` is one of these. ``reference``: the IRI of a node. ``text``: text in the language of the record. ``plain``:
    text without a language. ``typed``: a literal of ``datatype``. ``labels``: a mapping from languages to texts.
    ``json``: a value that only the compiler reads. ``open``: any of these, by what schema.org says of the property.
    """

    key: str
    iri: str
    kind: TermKind
    datatype: str | None = None


@dataclass(frozen=True)
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

    def term(self, name: str) -> Term | None:
        """What a key of a record means: a key of this context, or any property of schema.org; None if it is neither.

        A property of schema.org that has a key of its own here is that key, whichever way it is written.

        >>> read_context().term("schema:location").key, read_context().term("schema:dissolutionDate").kind
        ('location', 'open')
        """
        term = self.terms.get(name)
        if term is not None or not self._is_of_schema(name):
            return term
        local = name.removeprefix(PREFIX)
        if (short := self._keys.get(SCHEMA + local)) is not None:
            return self.terms[short]
        return Term(name, SCHEMA + local, "open") if local in read_vocabulary().properties else None

    def class_name(self, name: str) -> str:
        """The name that a class has in this context, or the name as it is written if it has none.

        >>> read_context().class_name("schema:Event"), read_context().class_name("schema:Product")
        ('Event', 'schema:Product')
        """
        short = self.class_names.get(SCHEMA + name.removeprefix(PREFIX)) if self._is_of_schema(name) else None
        return short or name

    def class_iri(self, name: str) -> str | None:
        """The IRI of a class of this context or of schema.org (`class_name`); None if it is neither.

        >>> read_context().class_iri("schema:Product"), read_context().class_iri("Product")
        ('http://schema.org/Product', None)
        """
        if name in self.classes or not self._is_of_schema(name):
            return self.classes.get(name)
        local, vocabulary = name.removeprefix(PREFIX), read_vocabulary()
        return SCHEMA + local if local in vocabulary.classes.keys() - vocabulary.datatypes else None

    def terms_of(self, classes: frozenset[str]) -> Mapping[str, Sequence[Term]]:
        """The terms for each property (an IRI) on a node with these class names, those for texts in languages last.

        (JSON-LD 1.1, section 4.1.9.)
        """
        if classes not in self._terms_of:
            terms = dict(self.terms)
            for key in sorted(classes):
                terms |= self.scoped.get(key, {})
            by_iri: dict[str, list[Term]] = {}
            for term in terms.values():
                if term.kind != "json":
                    by_iri.setdefault(term.iri, []).append(term)
            for found in by_iri.values():
                found.sort(key=lambda term: term.kind == "labels")
            self._terms_of[classes] = by_iri
        return self._terms_of[classes]

    @cached_property
    def _terms_of(self) -> dict[frozenset[str], Mapping[str, Sequence[Term]]]:
        return {}

    @cached_property
    def class_names(self) -> Mapping[str, str]:
        """The first name of each class (an IRI)."""
        return {iri: key for key, iri in reversed([*self.classes.items()])}

    def _is_of_schema(self, name: str) -> bool:
        return name.startswith(PREFIX) and self.prefixes.get(PREFIX[:-1]) == SCHEMA

    @cached_property
    def _keys(self) -> Mapping[str, str]:
        """The first key of each property (an IRI)."""
        return {term.iri: key for key, term in reversed([*self.terms.items()])}


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

"""JSON-LD for people and machines: with our own context, as one flat list of entities, the release first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import starmap
from json.encoder import encode_basestring as quote
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.context import Context, Term, read_context
from communique.export.document import Document
from communique.export.grouped import GroupedQuads, PropertiesOf
from communique.export.names import KEPT, Names
from communique.export.order import Object, Properties
from communique.iris import inner_iri, release_iri
from communique.terms import FABIO, SCHEMA, TYPE, XSD

_WIDTH: Final = 100
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_PREFIX_USED: Final = re.compile(r"([\w-]+):")
_STRING: Final = XSD + "string"
_PRESS_RELEASE: Final = NamedNode(FABIO + "PressRelease")
_WEB: Final = ("http://", "https://")


def render_jsonld(quads: GroupedQuads, document: Document) -> bytes:
    """One JSON-LD 1.1 document of all triples, in UTF-8; reading it gives exactly the same triples.

    Its context contains only the terms in use; texts in the main language are plain strings.
    """
    language = main_language(quads.entities)
    writer = JsonLdWriter(document.base, slug=document.slug, language=language, context=document.context)
    nodes = list(starmap(writer.block, quads.entities.items()))
    return writer.head(writer.used) + writer.between.join(nodes) + writer.tail


def open_jsonld(document: Document) -> JsonLdWriter:
    """A writer of the whole dataset as JSON-LD."""
    return JsonLdWriter(document.base, slug=document.slug, language=document.language, context=document.context)


def main_language(entities: PropertiesOf) -> str | None:
    """The language of all releases if they share one, or else the most frequent language of texts; None without any."""
    releases = [of for of in entities.values() if any(p == TYPE and _PRESS_RELEASE in values for p, values in of)]
    named = {o.value.lower() for of in releases for p, values in of if p == SCHEMA + "inLanguage" for o in values}
    if len(named) == 1 and _LANGUAGE_TAG.fullmatch(only := named.pop()):
        return only
    texts = (o for of in entities.values() for _, values in of for o in values if isinstance(o, Literal))
    tags = Counter(text.language for text in texts if text.language)
    return min(tags, key=lambda tag: (-tags[tag], tag), default=None)


class JsonLdWriter:
    """JSON-LD entity by entity: ``head()``, then the ``block()`` of each, joined by ``between``, then ``tail``.

    ``used`` are the keys of the context that the blocks so far use; ``head(used)`` declares only those, ``head()`` all.
    Values are as short as the type coercion of a term allows (JSON-LD 1.1, section 4.2.3), and otherwise in full.
    """

    between: Final = b","
    tail: Final = b"\n]\n}\n"

    def __init__(
        self, base: str, *, slug: str | None = None, language: str | None = None, context: Context | None = None
    ) -> None:
        context = context or read_context()
        self._base, self._language, self._document = base, language, context.document
        self._this = {"this": inner_iri(release_iri(base, slug), "")} if slug else {}
        self._names = Names(base, {**context.prefixes, **self._this})
        self._words = {*context.document, *self._this}
        self._context = context
        self._references: dict[str, tuple[str, str]] = {}
        self._id, self._type, self._graph = (self._alias(k) for k in ("@id", "@type", "@graph"))
        self.used: set[str] = set()

    def _alias(self, keyword: str) -> str:
        return next((k for k, v in self._document.items() if v == keyword), keyword)

    def head(self, used: Collection[str] | None = None) -> bytes:
        """The context and the opening of the list of entities."""
        entries: dict[str, object] = {"@version": 1.1, "@base": self._base}
        if self._language:
            entries["@language"] = self._language
        kept = {
            k: v
            for k, v in self._document.items()
            if _is_published(v) and (used is None or k in used or _is_keyword(v))
        }
        prefixes = {m for v in kept.values() for text in _strings(v) for m in _PREFIX_USED.findall(text)}
        for key, value in {**self._this, **self._document}.items():
            if key in kept or key in prefixes or (key in self._this and (used is None or key in used)):
                entries.setdefault(key, value)
        lines = [f" {quote(k)}: {_json(v)}" for k, v in entries.items()]
        return ('{\n"@context": {\n' + ",\n".join(lines) + f"\n}},\n{quote(self._graph)}: [").encode()

    def opening(self) -> bytes:
        """The head with the keys that the blocks so far use."""
        return self.head(self.used)

    def block(self, subject: str, properties: Properties) -> bytes:
        """One entity as a node object, after a line break."""
        if self._is_mistakable(subject, properties):
            entries = _expanded(subject, properties)
        else:
            entries = self._node(subject, properties)
        return ("\n {\n" + ",\n".join(f"  {quote(key)}: {text}" for key, text in entries) + "\n }").encode()

    def _is_mistakable(self, subject: str, properties: Properties) -> bool:
        """Whether a full IRI such as ``schema:foo`` would be read as a compact one (JSON-LD 1.1 API, section 5.2)."""
        if self._is_mistaken(subject):
            return True
        for iri, values in properties:
            if self._is_mistaken(iri):
                return True
            for value in values:
                if self._is_mistaken(value.value if isinstance(value, NamedNode) else value.datatype.value):
                    return True
        return False

    def _is_mistaken(self, iri: str) -> bool:
        return not iri.startswith(_WEB) and _scheme(iri) in self._words

    def _node(self, subject: str, properties: Properties) -> list[tuple[str, str]]:
        entries = [(self._id, quote(self._reference(subject)))]
        classes: list[str] = []
        if properties and properties[0][0] == TYPE:
            classes = [self._class(v.value) for v in properties[0][1] if isinstance(v, NamedNode)]
        if classes:
            entries.append((self._type, _one_or_list([quote(c) for c in classes])))
        terms = self._context.terms_of(frozenset(c for c in classes if c in self._context.scoped))
        for iri, values in properties:
            left: list[Object] = values if iri != TYPE else [v for v in values if isinstance(v, Literal)]
            entries += self._entries(iri, left, terms.get(iri, ()))
        return entries

    def _entries(self, iri: str, values: list[Object], terms: Sequence[Term]) -> Iterator[tuple[str, str]]:
        """The keys and the JSON text under each that together express all values of one property."""
        lists: dict[str, list[str]] = {}
        maps: dict[str, dict[str, list[str]]] = {}
        for value in values:
            term = self._exact_term(terms, value)
            if term is None:
                lists.setdefault(self._key(iri, terms), []).append(self._in_full(value))
            elif term.kind == "labels" and isinstance(value, Literal) and value.language:
                maps.setdefault(term.key, {}).setdefault(value.language, []).append(quote(value.value))
            else:
                lists.setdefault(term.key, []).append(self._in_short(value))
        self.used.update(maps, lists)
        for key, found in lists.items():
            yield key, _one_or_list(found)
        for key, by_language in maps.items():
            pairs = (f"{quote(tag)}: {_one_or_list(texts, ' ' * 3)}" for tag, texts in sorted(by_language.items()))
            yield key, "{" + ", ".join(pairs) + "}"

    def _exact_term(self, terms: Sequence[Term], value: Object) -> Term | None:
        """The first term with a key under which a plain string is read as exactly this value."""
        if isinstance(value, NamedNode):
            kinds: tuple[str, ...] = ("reference",)
        elif value.language:
            kinds = ("labels", "text") if value.language == self._language else ("labels",)
        elif (datatype := value.datatype.value) == _STRING:
            kinds = ("plain",) if self._language else ("plain", "text")
        else:
            return next((term for term in terms if term.kind == "typed" and term.datatype == datatype), None)
        for term in terms:
            if term.kind in kinds:
                return term
        return None

    def _in_short(self, value: Object) -> str:
        return quote(self._reference(value.value) if isinstance(value, NamedNode) else value.value)

    def _in_full(self, value: Object) -> str:
        if isinstance(value, NamedNode):
            return f"{{{quote(self._id)}: {quote(self._reference(value.value))}}}"
        return _value_object(value, self._absolute_or_compact(value.datatype.value))

    def _key(self, iri: str, terms: Sequence[Term]) -> str:
        return next((t.key for t in terms if t.kind != "labels"), None) or self._absolute_or_compact(iri)

    def _class(self, iri: str) -> str:
        key = self._context.class_names.get(iri)
        if key is None:
            return self._absolute_or_compact(iri)
        self.used.add(key)
        return key

    def _reference(self, iri: str) -> str:
        found = self._references.get(iri)
        if found is None:
            relative = self._names.relative(iri) if self._names.compact(iri) is None else None
            # A relative IRI that is also a key, such as "id", would be expanded as that key (API, section 5.2).
            found = (relative, "") if relative and relative not in self._words else self._named(iri)
            if len(self._references) >= KEPT:
                self._references.clear()
            self._references[iri] = found
        return self._noted(found)

    def _absolute_or_compact(self, iri: str) -> str:
        return self._noted(self._named(iri))

    def _named(self, iri: str) -> tuple[str, str]:
        """An IRI, compact if it can be, and the prefix used for it or ""."""
        compact = self._names.compact(iri)
        return (":".join(compact), compact[0]) if compact else (iri, "")

    def _noted(self, named: tuple[str, str]) -> str:
        text, prefix = named
        if prefix:
            self.used.add(prefix)
        return text


def _scheme(iri: str) -> str:
    scheme, _, rest = iri.partition(":")
    return "" if rest.startswith("//") else scheme


def _expanded(subject: str, properties: Properties) -> list[tuple[str, str]]:
    """A node in expanded form and without a context, so that nothing in it can be misread."""
    entries = [("@context", "null"), ("@id", quote(subject))]
    for iri, values in properties:
        texts = [
            f'{{"@id": {quote(v.value)}}}' if isinstance(v, NamedNode) else _value_object(v, v.datatype.value)
            for v in values
        ]
        entries.append((iri, _one_or_list(texts)))
    return entries


def _value_object(value: Literal, datatype: str) -> str:
    if value.language:
        return f'{{"@value": {quote(value.value)}, "@language": {quote(value.language)}}}'
    if value.datatype.value == _STRING:
        return f'{{"@value": {quote(value.value)}}}'
    return f'{{"@value": {quote(value.value)}, "@type": {quote(datatype)}}}'


def _one_or_list(texts: list[str], indent: str = "  ") -> str:
    if len(texts) == 1:
        return texts[0]
    if sum(map(len, texts)) <= _WIDTH:
        return f"[{', '.join(texts)}]"
    return f"[\n{indent} " + f",\n{indent} ".join(texts) + f"\n{indent}]"


def _json(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quote(k)}: {_json(v)}" for k, v in value.items()) + "}"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return quote(value) if isinstance(value, str) else str(value)


def _is_published(entry: object) -> bool:
    return not (isinstance(entry, dict) and entry.get("@type") == "@json")


def _is_keyword(entry: object) -> bool:
    return isinstance(entry, str) and entry.startswith("@")


def _strings(entry: object) -> list[str]:
    if isinstance(entry, dict):
        return [text for value in entry.values() for text in _strings(value)]
    return [entry] if isinstance(entry, str) else []

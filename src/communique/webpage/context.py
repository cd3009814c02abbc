"""The contexts of JSON-LD in a page: what its terms mean, as far as one can know without fetching a context."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import urljoin

from communique.languages import tag_meant
from communique.terms import SCHEMA
from communique.webpage.jsontext import JsonData, JsonSpan, JsonValue, Member

KEYWORDS: Final = frozenset(
    ["@context", "@id", "@type", "@graph", "@value", "@language", "@direction", "@list", "@set", "@reverse", "@index",
     "@included", "@nest", "@json", "@none"]
)  # fmt: skip
"""The keys beginning with @ that are allowed outside a context (JSON-LD 1.1, section 9.16)."""

_ALIASES: Final = {"id": "@id", "type": "@type"}
"""Aliases of keywords in schema.org's own context."""

_HOST: Final = r"https?://(?:www\.)?schema\.org"
_CONTEXT: Final = re.compile(
    rf"{_HOST}(?:/|/docs/jsonldcontext\.json(?:ld)?|/version/[\w.-]+/[\w-]*context\.jsonld)?", re.IGNORECASE
)
_NAMESPACE: Final = re.compile(rf"{_HOST}/", re.IGNORECASE)
_WITHOUT_SLASH: Final = re.compile(_HOST, re.IGNORECASE)
_TERM: Final = re.compile(rf"{_HOST}/([^/#:]*)")
_TAG: Final = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_DELIMITERS: Final = tuple(":/?#[]@")
_DEEPEST: Final = 10
"""How many steps from one definition in a context to another are followed."""


class Oddity(NamedTuple):
    """A fault in the syntax of the JSON-LD: a code of `communique.codes`, the place, what is wrong, what to do.

    ``grave``: it is a violation, else a warning.
    """

    code: str
    span: JsonSpan
    message: str
    fix: str
    grave: bool = False


ReportOddity: TypeAlias = Callable[[Oddity], None]


class PageTerm(NamedTuple):
    """What a term is defined as in a context: an IRI or a keyword, or undefined if both are empty.

    ``containers`` and ``kind`` are its ``@container`` and ``@type`` (JSON-LD 1.1, section 9.15). ``prefix``: it may be
    used before the colon of a compact IRI (section 4.1.5).
    """

    iri: str = ""
    keyword: str = ""
    containers: frozenset[str] = frozenset()
    kind: str = ""
    prefix: bool = False


PLAIN: Final = PageTerm()


@dataclass(frozen=True, slots=True)
class Scope:
    """The active context at a place in the JSON-LD.

    ``known``: terms without a prefix are schema.org's. ``base`` is the IRI that ids are relative to: None for the
    address of the page, "" if they are relative to nothing.
    """

    known: bool = False
    terms: Mapping[str, PageTerm] = field(default_factory=dict)
    base: str | None = None

    def keyword(self, key: str) -> str:
        """The keyword that a key is an alias of, or the key itself."""
        if key in self.terms:
            return self.terms[key].keyword or key
        return _ALIASES.get(key, key) if self.known else key

    def term(self, key: str) -> PageTerm:
        """The definition of a key in the contexts of the page."""
        return self.terms.get(key, PLAIN)

    def name(self, word: JsonData) -> tuple[str, bool]:
        """A term without the namespace of schema.org, and whether it belongs to another vocabulary.

        >>> Scope(known=True).name("schema:name"), Scope().name("name")
        (('name', False), ('name', True))
        """
        text = str(word)
        if text in self.terms:
            found = _TERM.fullmatch(self.terms[text].iri)
        elif ":" in text:
            found = _TERM.fullmatch(self.expanded(text))
        else:
            return text, not self.known
        return (found[1], False) if found else (text, True)

    def expanded(self, text: str) -> str:
        """A compact IRI expanded; any other text unchanged."""
        prefix, colon, rest = text.partition(":")
        if not colon or rest.startswith("//") or prefix == "_":
            return text
        if prefix in self.terms:
            term = self.terms[prefix]
            return term.iri + rest if term.prefix else text
        return SCHEMA + rest if prefix == "schema" and self.known else text

    def resolve(self, iri: str, page: str) -> str:
        """An ``@id`` as an IRI, or unchanged if it is not known what it is relative to.

        ``page`` is the page's address.
        """
        text = self.expanded(iri)
        base = page if self.base is None else self.base
        if text.startswith("_:") or not base:
            return text
        try:
            return urljoin(base, text)
        except ValueError:
            return text


def enter(scope: Scope, context: JsonValue, page: str, report: ReportOddity) -> Scope:
    """The scope inside a node that has a ``@context``; faults of that context are reported."""
    if isinstance(context.data, str):
        if _CONTEXT.fullmatch(context.data):
            return replace(scope, known=True)
        shown = context.data[:80]
        message = f"the context {shown!r} is not schema.org's and was not fetched; its terms are not checked"
        fix = "use the context of schema.org, which search engines read"
        report(Oddity("jsonld-context", context.span, message, fix))
        return replace(scope, known=False)
    if isinstance(context.data, dict):
        return _Definitions(context.data, scope, page, report).scope()
    return Scope() if context.data is None else scope


class _Definitions:
    """A context written out in the page, as an object."""

    def __init__(self, context: dict[str, Member], scope: Scope, page: str, report: ReportOddity) -> None:
        self._context, self._before, self._page, self._report = context, scope, page, report

    def scope(self) -> Scope:
        """The scope after this context."""
        self._known = self._vocabulary()
        language = self._context.get("@language")
        if language is not None:
            check_language(language.value, self._report)
        terms = {key: self._term(key, member) for key, member in self._context.items() if not key.startswith("@")}
        return Scope(self._known, {**self._before.terms, **terms}, self._base())

    def _odd(self, span: JsonSpan, message: str, fix: str) -> None:
        self._report(Oddity("jsonld-context", span, message, fix))

    def _vocabulary(self) -> bool:
        """Whether terms without a prefix are schema.org's."""
        known, vocab = self._before.known, self._context.get("@vocab")
        if vocab is not None:
            namespace = self._iri(vocab.value.data)
            known = bool(_NAMESPACE.fullmatch(namespace)) or self._lacks_slash(namespace, vocab.value.span)
            if not known:
                message = "the vocabulary of the context is not schema.org; its terms are not checked"
                self._odd(vocab.value.span, message, "use schema.org, which search engines read")
        if "@import" in self._context:
            message = "the context imports another one, which was not fetched; its terms are not checked"
            self._odd(self._context["@import"].key, message, "write the terms out")
            return False
        return known

    def _lacks_slash(self, namespace: str, span: JsonSpan) -> bool:
        """Whether a namespace is schema.org's without its last slash; this is reported."""
        if not _WITHOUT_SLASH.fullmatch(namespace):
            return False
        message = f"{namespace!r} lacks its last slash: words run together with it, as in {namespace}name"
        self._odd(span, message, f"write {namespace}/")
        return True

    def _base(self) -> str | None:
        base = self._context.get("@base")
        if base is None:
            return self._before.base
        if not isinstance(base.value.data, str):
            return ""
        return self._before.resolve(base.value.data, self._page)

    def _term(self, key: str, member: Member) -> PageTerm:
        data = member.value.data
        if not isinstance(data, dict):
            return self._term_for(key, data, member.value.span)
        definition = {name: inner.value.data for name, inner in data.items()}
        iri = definition.get("@id", definition.get("@reverse", key))
        term = self._term_for(key, iri, member.value.span, defined=iri is key)
        container = data["@container"].value if "@container" in data else JsonValue(None, member.key)
        kind = definition.get("@type")
        return term._replace(
            prefix=definition.get("@prefix") is True,
            containers=frozenset(one.data for one in flat(container) if isinstance(one.data, str)),
            kind=kind if isinstance(kind, str) else "",
        )

    def _term_for(self, key: str, data: JsonData, span: JsonSpan, *, defined: bool = False) -> PageTerm:
        if not isinstance(data, str):
            return PLAIN
        iri = self._iri(data, by_vocabulary=defined or data != key)
        if iri in KEYWORDS:
            return PageTerm(keyword=iri)
        iri += "/" if self._lacks_slash(iri, span) else ""
        return PageTerm(iri, prefix=iri.endswith(_DELIMITERS))

    def _iri(self, data: JsonData, *, by_vocabulary: bool = False) -> str:
        """The IRI or keyword that a definition leads to, through the other definitions; "" if it leads to none."""
        text = data if isinstance(data, str) else ""
        for _ in range(_DEEPEST):
            if text in KEYWORDS or "//" in text:
                break
            prefix, colon, rest = text.partition(":")
            start = self._lookup(prefix if colon else text, prefix=bool(colon))
            if not start:
                break
            text = start + rest
        if ":" in text or text in KEYWORDS:
            return self._before.expanded(text)
        return SCHEMA + text if by_vocabulary and text and self._known else ""

    def _lookup(self, word: str, *, prefix: bool) -> str:
        """What this context, or one before it, defines a word as, alone or as a ``prefix``; "" if undefined."""
        if word in self._context and not word.startswith("@"):
            data = self._context[word].value.data
            inner = {name: member.value.data for name, member in data.items()} if isinstance(data, dict) else {}
            named = inner.get("@id") if inner else data
            if not isinstance(named, str) or named == word:
                return ""
            if prefix and (inner.get("@prefix") is not True if inner else not self._is_prefix(named)):
                return ""
            return named
        term = self._before.term(word)
        return term.iri if term.prefix or not prefix else ""

    def _is_prefix(self, named: str) -> bool:
        """Whether a definition written as text may be used as a prefix."""
        return named.endswith(_DELIMITERS) or bool(_WITHOUT_SLASH.fullmatch(named))


def check_language(value: JsonValue, report: ReportOddity) -> None:
    """Report a language tag that is not well-formed (BCP 47): processors drop it, or the text with it."""
    data = value.data
    if data is None or (isinstance(data, str) and _TAG.fullmatch(data)):
        return
    shown = data if isinstance(data, str) else "no text"
    meant = tag_meant(data) if isinstance(data, str) else None
    fix = f"write {meant}" if meant else "write a tag such as en"
    report(Oddity("jsonld-language", value.span, f"{shown[:40]!r} is not a language tag, so readers drop it", fix))


def flat(value: JsonValue, scope: Scope | None = None) -> Iterator[JsonValue]:
    """The values in an array, ``@list`` or ``@set``, one by one; any other value as it is."""
    data = value.data
    if isinstance(data, list):
        for one in data:
            yield from flat(one, scope)
        return
    if isinstance(data, dict):
        for key, member in data.items():
            if (scope.keyword(key) if scope else key) in ("@list", "@set"):
                yield from flat(member.value, scope)
                return
    yield value

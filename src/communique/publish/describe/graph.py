"""A graph that describes the dataset, and its Turtle file: triples in reading order, few prefixes, no blank nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import communique.terms as terms
from communique.iris import own_iri, part_iri
from communique.read.dataset import Dataset

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode, Triple

_PREFIXES: Final = terms.PREFIXES | terms.DESCRIPTION_PREFIXES
_STRING: Final = re.compile(rb'"((?:[^"\\]|\\.)*)"')
_ESCAPE: Final = re.compile(rb"\\(.)")
_LONE_QUOTE: Final = re.compile(rb'(?<!["\\])\\"(?=[^"\\])')  # needs no escape in a long string


def short_name(iri: str) -> str:
    """A short name for an IRI, usable as part of another IRI.

    >>> short_name("http://schema.org/Person")
    'schema-Person'
    """
    prefix = next((p for p, space in sorted(_PREFIXES.items()) if iri.startswith(space)), "")
    name = f"{prefix}-{iri.removeprefix(_PREFIXES[prefix])}" if prefix else iri
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-")


def literal(value: str | int, *, language: str | None = None, kind: str | None = None) -> Literal:
    """A literal: plain, in a language, or of an XML Schema type named by ``kind``."""
    import pyoxigraph as ox  # see `iri`

    from communique.compile.literals import nfc  # it loads the engine as well

    datatype = ox.NamedNode(terms.XSD + (kind or "integer")) if kind or isinstance(value, int) else None
    return ox.Literal(nfc(str(value)), language=language, datatype=datatype)


def iri(name: str) -> NamedNode:
    """The IRI behind a compact name such as ``dcat:Dataset``, or a full IRI."""
    import pyoxigraph as ox  # the command line must not load the engine just to print its help

    prefix, _, rest = name.partition(":")
    return ox.NamedNode(_PREFIXES[prefix] + rest if prefix in _PREFIXES else name)


@dataclass
class DescriptionGraph:
    """The triples of one Turtle file, in the order in which they are added."""

    about: Dataset
    triples: list[Triple] = field(default_factory=list)

    @property
    def publisher(self) -> str:
        """The IRI of the publisher: that of its entity in the registry, else one of the description's own."""
        agent = self.about.publisher
        return own_iri(self.about.base, agent.id) if agent is not None and agent.id else self.part("publisher")

    @property
    def site(self) -> str:
        """Address of the publication, ending in ``/``."""
        return self.about.site

    def part(self, name: str = "") -> str:
        """IRI of the dataset or of a part of it."""
        return part_iri(self.about.base, name)

    def words(self, text: str) -> Literal:
        """Text in the language of the dataset."""
        return literal(text, language=self.about.language)

    def add(self, subject: str, *pairs: tuple[str, str | Literal | None]) -> None:
        """Add triples about ``subject``: predicates with an IRI (compact or full) or a literal; None adds nothing."""
        import pyoxigraph as ox  # see `iri`

        for predicate, value in pairs:
            if value is not None:
                term = iri(value) if isinstance(value, str) else value
                self.triples.append(ox.Triple(iri(subject), iri(predicate), term))

    def turtle(self) -> bytes:
        """The bytes of the file: each subject once, an empty line between subjects, only prefixes that are used."""
        import pyoxigraph as ox  # see `iri`

        first: dict[object, int] = {}
        for triple in self.triples:
            first.setdefault(triple.subject, len(first))
        triples = sorted(dict.fromkeys(self.triples), key=lambda t: first[t.subject])
        names = set(_names(triples))
        used = {p: space for p, space in sorted(_PREFIXES.items()) if any(n.startswith(space) for n in names)}
        text = ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=used) or b""
        # Every line break is part of the syntax: the serializer escapes those inside literals.
        lines = text.splitlines(keepends=True)
        head = sorted(line for line in lines if line.startswith(b"@prefix "))
        body = b"".join(lines[len(head) :]).replace(b" .\n", b" .\n\n")
        return b"".join(head) + b"\n" + _STRING.sub(_long_string, body.rstrip()) + b"\n"


def _long_string(string: re.Match[bytes]) -> bytes:
    """A string of several lines in its long form (Turtle 1.1, section 2.5.1), for readability."""
    if b"\\n" not in string[1]:
        return string[0]
    text = _ESCAPE.sub(lambda escape: b"\n" if escape[1] == b"n" else escape[0], string[1])
    return b'"""' + _LONE_QUOTE.sub(b'"', text) + b'"""'


def _names(triples: Iterable[Triple]) -> Iterable[str]:
    """The IRIs in triples, including datatypes."""
    import pyoxigraph as ox  # see `iri`

    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode):
                yield term.value
            elif isinstance(term, ox.Literal):
                yield term.datatype.value

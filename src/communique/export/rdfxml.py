"""RDF/XML, entity by entity, for stores and programs that read no newer syntax.

The serializer of pyoxigraph 0.5.13 is not used: it declares prefixes in an order that changes from run to run, and it
writes a carriage return unescaped, so that readers turn it into a line feed. For a property or a character that XML
cannot express, its output is not XML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import starmap
from typing import Final
from xml.parsers import expat

from pyoxigraph import NamedNode

from communique.errors import InexpressibleError
from communique.export.document import Document
from communique.export.grouped import GroupedQuads
from communique.export.order import Object, Properties
from communique.export.rdf import prefixes_for
from communique.terms import RDF, XSD
from communique.xmltext import attribute, content, illegal_character

_STRING: Final = XSD + "string"
_NAME_AT_END: Final = (re.compile(r"[^\W\d][\w.-]*\Z"), re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z"))
"""Names at the end of an IRI: in letters of any script, or, if readers would not accept that name, in ASCII."""

_NO_PROPERTIES: Final = frozenset(
    RDF + name
    for name in (
        "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype",
        "li", "Description", "aboutEach", "aboutEachPrefix", "bagID",
    )
)  # fmt: skip
"""IRIs that cannot be the name of a property, because they mean something else (RDF 1.1 XML Syntax, section 5.1)."""

_NO_NAMESPACE: Final = "http://www.w3.org/2000/xmlns/"
"""A namespace that must not be declared (Namespaces in XML 1.0, section 3); that of ``xml`` can precede no name."""


def render_rdfxml(quads: GroupedQuads, document: Document) -> bytes:
    """RDF/XML 1.1 of all triples, one ``rdf:Description`` for each entity, with the prefixes in use.

    Raises `InexpressibleError` for a property whose IRI does not end in a name and for a character that XML cannot
    contain.
    """
    writer = _Writer(prefixes_for(document.base, document.slug))
    blocks = list(starmap(writer.block, quads.entities.items()))
    return (writer.head() + "".join(blocks) + "\n</rdf:RDF>\n").encode()


class _Writer:
    """Writes entities, and records which prefixes they use."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._used = {"rdf": RDF}

    def head(self) -> str:
        """The opening of the document, with the prefixes that the entities written so far use."""
        declared = "".join(f"\n    xmlns:{name}={attribute(self._used[name])}" for name in sorted(self._used))
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'

    def block(self, subject: str, properties: Properties) -> str:
        """All facts of one entity, after an empty line."""
        lines = [f"\n  <rdf:Description rdf:about={attribute(subject)}>\n"]
        for iri, values in properties:
            lines += [f"    {self._element(iri, value)}\n" for value in values]
        return "".join([*lines, "  </rdf:Description>\n"])

    def _element(self, iri: str, value: Object) -> str:
        name, declared = self._name(iri)
        if isinstance(value, NamedNode):
            return f"<{name}{declared} rdf:resource={attribute(value.value)}/>"
        if odd := illegal_character(value.value):
            raise InexpressibleError(f"RDF/XML cannot hold the character {odd}, which stands in a value of <{iri}>")
        kind = ""
        if value.language:
            kind = f" xml:lang={attribute(value.language)}"
        elif value.datatype.value != _STRING:
            kind = f" rdf:datatype={attribute(value.datatype.value)}"
        return f"<{name}{declared}{kind}>{content(value.value)}</{name}>"

    def _name(self, iri: str) -> tuple[str, str]:
        """The element name for a property, and the namespace declaration that the element itself needs, or ""."""
        namespace, local = split_name(iri)
        if not local:
            raise InexpressibleError(f"RDF/XML has no name for the property <{iri}>, which does not end in one")
        prefix = self._prefix_of.get(namespace)
        if prefix is None:
            return local, f" xmlns={attribute(namespace)}"
        self._used[prefix] = namespace
        return f"{prefix}:{local}", ""


@lru_cache(maxsize=1 << 12)
def split_name(iri: str) -> tuple[str, str]:
    """The namespace and the local name of a property; the name is "" if no XML name is possible.

    >>> split_name("http://schema.org/name"), split_name("http://example.org/42")
    (('http://schema.org/', 'name'), ('http://example.org/42', ''))
    """
    for pattern in _NAME_AT_END if iri not in _NO_PROPERTIES else ():
        found = pattern.search(iri)
        if found and found.start() and iri[: found.start()] != _NO_NAMESPACE and _is_name(found[0]):
            return iri[: found.start()], found[0]
    return iri, ""


def _is_name(local: str) -> bool:
    """Whether readers accept this as a name; like older ones, expat knows the letters of XML 1.0, fourth edition."""
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(f"<{local}/>".encode(), True)
    except expat.ExpatError:
        return False
    return True

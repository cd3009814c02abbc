"""Turns values of parameters into RDF terms and binds them to variables; no text is ever pasted into a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import pyoxigraph as ox

from communique.errors import QueryError, hint
from communique.iris import own_iri, release_iri
from communique.query.catalogue import Parameter, Query
from communique.query.structure import falls_back_to, main_group
from communique.terms import DEFAULT_BASE, PREFIXES, XSD

BoundTerm = ox.NamedNode | ox.Literal


def bind(query: Query, values: Mapping[str, str], base: str = DEFAULT_BASE) -> dict[str, BoundTerm]:
    """The terms to bind, by name of variable: from ``values``, or else the default of the parameter.

    An unbound variable asks for everything. A variable also stays unbound if the query itself uses the same value for
    an unbound one. ``base`` is the base IRI of the newsroom, which ids and slugs are relative to. Raises `QueryError`
    for an unknown parameter, a missing required one, or a value that is not of the type in the query's header.

    >>> from communique.query.catalogue import Catalogue
    >>> str(bind(Catalogue()["speakers"], {"release": "2015-05-29-x"})["release"])
    '<https://w3id.org/communique/id/release/2015-05-29-x>'
    """
    known = [parameter.name for parameter in query.parameters]
    for name in values:
        if name not in known:
            raise QueryError(f"query {query.name!r} has no parameter {name!r}, {hint(name, known)}")
    terms: dict[str, BoundTerm] = {}
    for parameter in query.parameters:
        value = values.get(parameter.name, parameter.default)
        if value is not None:
            bound = term(parameter, value, base)
            # binding a variable to the value that the query uses anyway only costs time: Virtuoso 7 may never finish
            if not falls_back_to(query.text, parameter.name, value):
                terms[parameter.name] = bound
        elif parameter.required:
            raise QueryError(
                f"query {query.name!r} needs the parameter {parameter.name!r}: "
                f"{parameter.description}, such as {parameter.example}"
            )
    return terms


def term(parameter: Parameter, value: str, base: str = DEFAULT_BASE) -> BoundTerm:
    """The RDF term for ``value`` by the type of the parameter. Raises `QueryError` if it is not of that type."""
    result = _MAKERS[parameter.type](value, base) if parameter.type != "enum" else _word(parameter, value)
    if result is None:
        advice = hint(value, parameter.values, otherwise=f"write it like {parameter.example}")
        if parameter.values:
            advice += f" (one of {', '.join(parameter.values)})"
        raise QueryError(f"{parameter.name}: {value!r} is not {_KINDS[parameter.type]}, {advice}")
    return result


def render_bound(query: Query, terms: Mapping[str, BoundTerm]) -> str:
    """The query with its terms written into the text, for a store that does not accept bindings separately.

    They are in a VALUES block (SPARQL 1.1, section 10) at the beginning of the main group, as one row of terms in the
    form that pyoxigraph prints; the rest of the text is unchanged.
    """
    if not terms:
        return query.text
    at = main_group(query.text)
    names = " ".join(f"?{name}" for name in terms)
    row = " ".join(render_term(value) for value in terms.values())
    return f"{query.text[:at]}\n  VALUES ({names}) {{ ({row}) }}{query.text[at:]}"


def render_term(value: BoundTerm) -> str:
    r"""A term in SPARQL syntax, safe also in an engine that expands ``\\u`` escapes before it parses the query.

    SPARQL 1.1, section 19.2, allows this, and rdflib does it: an escaped backslash followed by ``u0022`` would become a
    quotation mark. The letter ``u`` is therefore written as an escape itself, so that no backslash precedes it.

    >>> print(render_term(ox.Literal("a\\u0022b")))
    "a\\\U000000750022b"
    """
    if isinstance(value, ox.NamedNode):
        return str(value)
    return re.sub(r"\\\\([uU])|\\.", lambda m: rf"\\\U{ord(m[1]):08X}" if m[1] else m[0], str(value), flags=re.DOTALL)


_KINDS: Final = {
    "iri": "an IRI or an id",
    "slug": "the slug of a release",
    "string": "a text",
    "lang-string": "a text with its language",
    "date": "a day",
    "year": "a year",
    "integer": "a whole number",
    "enum": "a known value",
}


def _iri(value: str, base: str) -> BoundTerm | None:
    prefix, colon, local = value.partition(":")
    absolute = PREFIXES[prefix] + local if colon and prefix in PREFIXES else value
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", absolute):
        absolute = own_iri(base, value)
    if not value or value.strip() != value:
        return None
    try:
        return ox.NamedNode(absolute)
    except ValueError:
        return None


def _slug(value: str, base: str) -> BoundTerm | None:
    known = re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?", value)
    return ox.NamedNode(release_iri(base, value)) if known else None


def _string(value: str, base: str) -> BoundTerm | None:
    try:
        return ox.Literal(value)
    except ValueError:  # a lone surrogate is no character
        return None


def _lang_string(value: str, base: str) -> BoundTerm | None:
    text, at, language = value.rpartition("@")
    try:
        return ox.Literal(text, language=language) if at else None
    except ValueError:
        return None


def _typed(datatype: str, pattern: str) -> Callable[[str, str], BoundTerm | None]:
    def make(value: str, base: str) -> BoundTerm | None:
        return ox.Literal(value, datatype=ox.NamedNode(XSD + datatype)) if re.fullmatch(pattern, value) else None

    return make


def _day(value: str, base: str) -> BoundTerm | None:
    import datetime

    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return None
    return _typed("date", r"[0-9]{4}-[0-9]{2}-[0-9]{2}")(value, base)


def _word(parameter: Parameter, value: str) -> BoundTerm | None:
    return ox.Literal(value) if value in parameter.values else None


_MAKERS: Final[dict[str, Callable[[str, str], BoundTerm | None]]] = {
    "iri": _iri,
    "slug": _slug,
    "string": _string,
    "lang-string": _lang_string,
    "date": _day,
    "year": _typed("gYear", r"[0-9]{4}"),
    "integer": _typed("integer", r"[+-]?[0-9]{1,18}"),
}

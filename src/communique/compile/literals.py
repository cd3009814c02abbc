"""Literals with a datatype or language of their own, as JSON-LD writes them: ``{"@value": …, "@type": …}``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.context import Context
from communique.terms import EDTF, RDF, XSD
from communique.text.numbers import read_amount
from communique.text.yearparts import part_of_year

_WITH_LANGUAGE: Final = frozenset({RDF + "langString", RDF + "dirLangString"})


def nfc(text: str) -> str:
    """A text in Unicode normal form C (UAX #15), as RDF asks for in literals (RDF 1.1 Concepts, section 3.3).

    >>> nfc("Jose\u0301") == "José"
    True
    """
    return unicodedata.normalize("NFC", text)


_LONGEST_TAG: Final = 100


def is_language(tag: str) -> bool:
    """Whether a language tag is well-formed (BCP 47, section 2.1), and no longer than any in use.

    >>> is_language("kk-Cyrl"), is_language("Kazakh language")
    (True, False)
    """
    if len(tag) > _LONGEST_TAG:  # the tag is repeated with every text
        return False
    try:
        return Literal("", language=tag).language is not None
    except ValueError:
        return False


def literal_of(value: Mapping[str, object], context: Context) -> Literal | None:
    """The literal of a value object (JSON-LD 1.1, section 4.2.1); None if it is not a valid one.

    >>> from communique.context import read_context
    >>> str(literal_of({"@value": "2013", "@type": "xsd:gYear"}, read_context()))
    '"2013"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    """
    text, kind, language = value.get("@value"), value.get("@type"), value.get("@language")
    if not isinstance(text, str) or not text.strip() or not value.keys() <= {"@value", "@type", "@language"}:
        return None
    text = nfc(text)
    if kind is None and language is None:
        return Literal(text)
    if kind is None:
        return Literal(text, language=language) if isinstance(language, str) and is_language(language) else None
    datatype = _datatype(kind, context) if language is None else None
    return Literal(text, datatype=datatype) if datatype is not None else None


def _datatype(name: object, context: Context) -> NamedNode | None:
    iri = context.expand(name) if isinstance(name, str) else ""
    if not iri.startswith(("http://", "https://")) or iri in _WITH_LANGUAGE:
        return None
    try:
        return NamedNode(iri)
    except ValueError:
        return None


_DATED: Final = (
    (re.compile(r"\d{4}", re.ASCII), "gYear"),
    (re.compile(r"\d{4}-\d{2}", re.ASCII), "gYearMonth"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T.+", re.ASCII), "dateTime"),
)


def dated(text: str) -> Literal:
    """A date as it is written: a year, a month, a day, or a day with a time (to the minute or the second).

    >>> [str(dated(text)).rpartition("#")[2] for text in ("2013", "2013-05", "2013-05-29", "2013-05-29T14:30")]
    ['gYear>', 'gYearMonth>', 'date>', 'dateTime>']
    """
    kind = next((name for form, name in _DATED if form.fullmatch(text)), "date")
    return Literal(_with_seconds(text) if kind == "dateTime" else text, datatype=NamedNode(XSD + kind))


def parted(text: str) -> Literal:
    """A quarter, half or season of a year in EDTF; what is none stays as it is, and the shapes refuse it.

    >>> parted("2027-Q3").value, parted("in 2027").value
    ('2027-35', 'in 2027')
    """
    return Literal(part_of_year(text) or text, datatype=NamedNode(EDTF))


def timed(text: str) -> Literal:
    """A time of day, with seconds as xsd:time wants it.

    >>> timed("14:30").value
    '14:30:00'
    """
    return Literal(_with_seconds(text), datatype=NamedNode(XSD + "time"))


def counted(text: str, language: str) -> Literal:
    """A whole number in digits, however it is written; what is none stays as it is, and the shapes refuse it.

    >>> counted("2,500", "en").value, counted("nine", "en").value, counted("some", "en").value
    ('2500', '9', 'some')
    """
    amount = read_amount(text, language)
    is_plain = amount.value.isdecimal() and not (amount.upper or amount.unit or amount.comparison)
    return Literal(amount.value if is_plain else text, datatype=NamedNode(XSD + "integer"))


def _with_seconds(text: str) -> str:
    hit = re.fullmatch(r"(?P<to_minute>(?:[^T]+T)?\d{2}:\d{2})(?P<zone>Z|[+-]\d{2}:\d{2})?", text, re.ASCII)
    return f"{hit['to_minute']}:00{hit['zone'] or ''}" if hit else text

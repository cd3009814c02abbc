"""Literals as values of JSON: numbers and truth values as such where nothing is lost, anything else as text."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal

from communique.terms import XSD

_INTEGER: Final = XSD + "integer"
_FRACTIONS: Final = frozenset({XSD + "decimal", XSD + "double", XSD + "float"})
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_LARGEST: Final = (1 << 53) - 1  # the largest integer that every reader of JSON keeps (RFC 8259, section 6)
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


def plain_value(literal: Literal) -> str | int | float | bool:
    """The value of a literal as JSON: a number if the literal is one and every reader gets the same number back.

    A number that is not written as digits, such as "about 250", stays text, as does one with more digits than a reader
    keeps. Languages are not kept.

    >>> from pyoxigraph import NamedNode
    >>> plain_value(Literal("2.5", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal")))
    2.5
    """
    text, kind = literal.value, literal.datatype.value
    if kind == XSD + "boolean":
        return _TRUTH.get(text, text)
    if (kind != _INTEGER and kind not in _FRACTIONS) or not _NUMBER.fullmatch(text):
        return text
    exact = Decimal(text)
    if exact == exact.to_integral_value():
        return int(exact) if abs(exact) <= _LARGEST else text
    near = float(text)
    return near if kind != _INTEGER and Decimal(repr(near)) == exact else text

"""Values of properties of schema.org that have no key of their own: what the ranges of a property make of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode

from communique.addresses import fault_of, is_web_address
from communique.compile.literals import nfc
from communique.compile.values import describe
from communique.context import Term
from communique.errors import did_you_mean, nearest
from communique.kinds import PATHS
from communique.schemaorg import PREFIX, read_vocabulary
from communique.terms import SCHEMA, XSD

Resolve = Callable[[str], NamedNode | None]
"""Gives the IRI that a name in a record stands for, or None."""


class OpenFault(NamedTuple):
    """Why a value does not fit its property: a sentence, and what to do."""

    message: str
    fix: str


# ---- values


def read_open(term: Term, value: object, language: str, resolve: Resolve) -> NamedNode | Literal | OpenFault:
    """What a value is under a property of schema.org, by the ranges of the property; a fault if it fits none of them.

    A member of an enumeration is its IRI, the id of a node a reference, an address an IRI; anything else is a literal
    of the first datatype that it is written in, and text in ``language`` last of all. Text without letters has no
    language, nor has a code such as a currency.

    >>> from communique.context import read_context
    >>> term = read_context().term("schema:dissolutionDate")
    >>> str(read_open(term, "2019", "en", lambda name: None))
    '"2019"^^<http://www.w3.org/2001/XMLSchema#gYear>'
    """
    vocabulary = read_vocabulary()
    ranges = vocabulary.properties[term.key.removeprefix(PREFIX)].ranges
    literals = [name for name in ranges if name in vocabulary.datatypes]
    nodes = [name for name in ranges if name not in vocabulary.datatypes]
    if not isinstance(value, str):
        return _of_yaml(term, value, literals, ranges)
    text = nfc(value)
    if text.startswith(PREFIX):
        return _of_schema(term, text, nodes, ranges)
    if nodes and (not literals or _is_meant_as_id(text)):
        return resolve(value) or OpenFault(f"{describe(value)} {fault_of(value)}", _advice(ranges))
    if is_web_address(text) and (nodes or "URL" in literals):
        return NamedNode(text)
    tag = "" if _CODE.fullmatch(term.key.removeprefix(PREFIX)) else language
    for name in sorted(literals, key=_ORDER.index):
        read = _READERS[name](text, tag)
        if read is not None:
            return read
    return OpenFault(f"{describe(value)} is not a value of {term.key}, which takes {_listed(ranges)}", _advice(ranges))


def _is_meant_as_id(text: str) -> bool:
    """Whether a text is the id of a node, under a property that may have texts as well."""
    return text.startswith("this:") or ("/" in text and text.partition("/")[0] in PATHS and " " not in text)


def _of_schema(term: Term, text: str, nodes: list[str], ranges: Iterable[str]) -> NamedNode | OpenFault:
    """The IRI of a term of schema.org as a value: a member of one of the enumerations that the property takes."""
    name, vocabulary = text.removeprefix(PREFIX), read_vocabulary()
    if name in vocabulary.members and vocabulary.fits(vocabulary.members[name], nodes):
        return NamedNode(SCHEMA + name)
    if ("Class" in nodes and name in vocabulary.classes) or ("Property" in nodes and name in vocabulary.properties):
        return NamedNode(SCHEMA + name)
    members = sorted(m for m, of in vocabulary.members.items() if vocabulary.fits(of, set(nodes) - {"Thing"}))
    if not members:
        return OpenFault(f"{text[:80]} is not a value of {term.key}, which takes {_listed(ranges)}", _advice(ranges))
    near = nearest(name, members)
    what = "is not one of its values" if name in vocabulary.members else "is no value that schema.org has"
    shown = ", ".join(PREFIX + member for member in members[:8]) + (", …" if len(members) > 8 else "")
    return OpenFault(
        f"{text[:80]} {what} for {term.key}",
        did_you_mean(near and PREFIX + near, otherwise=f"known: {shown}", quoted=False),
    )


def _of_yaml(term: Term, value: object, literals: list[str], ranges: Iterable[str]) -> Literal | OpenFault:
    """A truth value or a whole number of YAML; with a fraction it must be in quotation marks, to stay as written."""
    if isinstance(value, bool):
        if "Boolean" in literals:
            return Literal(str(value).lower(), datatype=NamedNode(XSD + "boolean"))
    elif isinstance(value, int) and not {"Number", "Integer", "Float"}.isdisjoint(literals):
        return Literal(str(value), datatype=NamedNode(XSD + "integer"))
    what = "a truth value" if isinstance(value, bool) else "a number"
    quoted = "put it into quotation marks, so that it stays as written"
    return OpenFault(f"{describe(value)} is {what}, not {_listed(ranges)}", quoted)


def _advice(ranges: Iterable[str]) -> str:
    """How a value of one of some classes is written, in a few words for each."""
    vocabulary = read_vocabulary()
    ways = dict.fromkeys(
        _WAYS[name] if name in vocabulary.datatypes else f"the id of a node of type {name}" for name in ranges
    )
    return f"write {', or '.join(ways)}"


def _listed(names: Iterable[str]) -> str:
    """Some classes in a sentence: "Brand or Organization"."""
    *first, last = [*names] or ["nothing"]
    return f"{', '.join(first)} or {last}" if first else last


# ---- literals


Reader = Callable[[str, str], Literal | None]
"""Gives the literal that a text is in one datatype, or None; the second argument is the language of texts."""

_CODE: Final = re.compile("additionalName|gtin.*|is[bs]n|mpn|sku|.*(?:[cC]ode|[cC]urrency|I[dD]|Number|[iI]dentifier)")
"""Names of properties whose texts are codes, numbers or names of people, which are in no language."""

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_TIME: Final = re.compile(
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](?:\.[0-9]{1,9})?)?(Z|[+-](?:0[0-9]|1[0-4]):[0-5][0-9])?", re.ASCII
)
_DURATION: Final = re.compile(
    r"P(?=[0-9T])(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,9})?)S)?)?",
    re.ASCII,
)
_WEEKS: Final = re.compile(r"P([0-9]{1,6})W", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,100}(\.[0-9]{1,100})?", re.ASCII)


def _typed(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(XSD + datatype))


def read_date(text: str, language: str = "") -> Literal | None:
    """A day, a month or a year as a literal of its own datatype; None if the text is none of these, or does not exist.

    >>> str(read_date("2019-02")), read_date("2019-02-30")
    ('"2019-02"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>', None)
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return _typed(text, "date" if day else "gYearMonth" if month else "gYear")


def _time(text: str, language: str) -> Literal | None:
    whole = _with_seconds(text)
    return _typed(whole, "time") if whole else None


def _date_time(text: str, language: str) -> Literal | None:
    """A day and a time of day; or less, such as the day alone, if the text says no more."""
    day, mark, time = text.partition("T")
    if not mark:
        return read_date(text)
    whole = _with_seconds(time)
    is_day = len(day) == 10 and read_date(day) is not None
    return _typed(f"{day}T{whole}", "dateTime") if whole and is_day else None


def _with_seconds(time: str) -> str:
    """A time of day in the canonical form of XML Schema (part 2, 3.2.8.2), with its seconds; "" if it is none."""
    match = _TIME.fullmatch(time)
    if match is None:
        return ""
    seconds, zone = match[1] or ":00", match[2] or ""
    seconds = seconds.rstrip("0").rstrip(".") if "." in seconds else seconds
    return f"{time[:5]}{seconds}{'Z' if zone[1:] == '00:00' else zone}"


def _duration(text: str, language: str) -> Literal | None:
    """A duration in the form in which stores give it back: months below 12, hours below 24, and so on."""
    weeks = _WEEKS.fullmatch(text)  # ISO 8601 has weeks, XML Schema has not
    match = _DURATION.fullmatch(f"P{int(weeks[1]) * 7}D" if weeks else text)
    if match is None or not any(match.groups()):
        return None
    years, months, days, hours, minutes = (int(match[k] or 0) for k in range(1, 6))
    years, months = divmod(12 * years + months, 12)
    more, seconds = divmod(Decimal(match[6] or 0), 60)
    hours, minutes = divmod(60 * (24 * days + hours) + minutes + int(more), 60)
    days, hours = divmod(hours, 24)
    day = "".join(f"{n}{unit}" for n, unit in ((years, "Y"), (months, "M"), (days, "D")) if n)
    rest = ((str(hours), "H"), (str(minutes), "M"), (_plain(seconds), "S"))
    time = "".join(f"{n}{unit}" for n, unit in rest if n != "0")
    return _typed(f"P{day}{'T' if time else ''}{time}" if day or time else "PT0S", "duration")


def _number(text: str, language: str) -> Literal | None:
    """A number in canonical form, in which stores give it back."""
    match = _NUMBER.fullmatch(text)
    return _typed(_plain(Decimal(text)), "decimal" if match[1] else "integer") if match else None


def _plain(number: Decimal) -> str:
    """A number in digits, without zeros at its end behind the point."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def _integer(text: str, language: str) -> Literal | None:
    return _number(text, language) if "." not in text else None


def _boolean(text: str, language: str) -> Literal | None:
    return _typed(text, "boolean") if text in ("true", "false") else None


def _address(text: str, language: str) -> None:
    """Addresses are IRIs, not literals: they are read before."""
    return


def _text(text: str, language: str) -> Literal:
    return Literal(text, language=language) if language and any(map(str.isalpha, text)) else Literal(text)


_READERS: Final[dict[str, Reader]] = {
    "Boolean": _boolean,
    "Integer": _integer,
    "Float": _number,
    "Number": _number,
    "DateTime": _date_time,
    "Date": read_date,
    "Time": _time,
    "Duration": _duration,
    "URL": _address,
    "Distance": _text,
    "Energy": _text,
    "Mass": _text,
    "Quantity": _text,
    "CssSelectorType": _text,
    "PronounceableText": _text,
    "XPathType": _text,
    "Text": _text,
}
"""For each datatype of schema.org how a text is read in it; the first one that a text is written in is taken."""

_ORDER: Final = tuple(_READERS)

_WAYS: Final = {
    **dict.fromkeys(_READERS, "text"),
    "Boolean": "true or false",
    "Integer": "a whole number in digits",
    **dict.fromkeys(("Number", "Float"), 'a number in digits, such as "2.5"'),
    "DateTime": "a day and time, such as 2015-05-29T14:30",
    "Date": "a day, month or year, such as 2015-05-29",
    "Time": "a time of day, such as 14:30",
    "Duration": "a duration in ISO 8601, such as PT90M",
    "URL": "a whole http(s) address",
}
"""How a value of each datatype is written, in a few words."""

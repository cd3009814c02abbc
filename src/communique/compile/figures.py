"""The ``figures`` of a node: a schema:Observation for each number, price or rating that the text gives."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.expand import Expansion
from communique.compile.literals import nfc
from communique.compile.nodes import RecordNode
from communique.compile.values import as_list, describe
from communique.errors import suggestion
from communique.iris import inner_iri
from communique.read.yamlld import Pointer
from communique.terms import XSD
from communique.text.numbers import COMPARISONS, Amount, comparison_of, read_amount, unit_of
from communique.text.yearparts import part_of_year

FIGURE_KEYS: Final = ("of", "what", "value", "unit", "at", "from", "to", "comparison", "note", "evidence", "id")
"""The keys of one entry of ``figures``."""

RENAMED_IN_FIGURE: Final = {
    "observationAbout": "of",
    "variableMeasured": "what",
    "minValue": "value",
    "maxValue": "value",
    "unitText": "unit",
    "unitCode": "unit",
    "currency": "unit",
    "observationDate": "at",
    "partOfYear": "at",
    "startDate": "from",
    "endDate": "to",
}
"""What the keys of an Observation are called in ``figures``."""

_DATES: Final = (("at", "observationDate"), ("from", "startDate"), ("to", "endDate"))
PERCENT_CODE: Final = "P1"
"""Per cent in UN/CEFACT Recommendation 20, as schema:unitCode wants it."""


def add_figures(expansion: Expansion, node: RecordNode) -> None:
    """Add an Observation for each entry of ``figures`` of a node."""
    written = node.written["figures"]
    for k, entry in enumerate(as_list(written)):
        at = (*node.pointer, "figures", k) if isinstance(written, list) else (*node.pointer, "figures")
        if not isinstance(entry, dict):
            fix = "a figure is written {what: …, value: …, unit: …}"
            expansion.report("not-a-node", f"a figure is expected here, not {describe(entry)}", at, fix=fix)
        elif _is_complete(expansion, node, entry, at):
            _add_figure(expansion, node, entry, at, k + 1)


def _is_complete(expansion: Expansion, node: RecordNode, entry: Mapping[str, object], at: Pointer) -> bool:
    """Whether a figure has all its keys; missing and unknown ones are reported."""
    for key in entry:
        if key not in FIGURE_KEYS:
            expansion.report(
                "unknown-key",
                f"unknown key {key!r} in a figure",
                (*at, key),
                key=True,
                focus=node.iri.value,
                path=key,
                fix=suggestion(key, FIGURE_KEYS, otherwise=f"a figure has {', '.join(FIGURE_KEYS)}"),
            )
    missing = [key for key in ("what", "value") if key not in entry]
    if missing and entry.keys() <= set(FIGURE_KEYS):  # otherwise the unknown key is the cause
        message = f"this figure has no {' and no '.join(missing)}"
        fix = 'say what is counted or measured, and its value: {what: employees, value: "84"}'
        expansion.report("incomplete-figure", message, at, focus=node.iri.value, fix=fix)
    return not missing


def _add_figure(expansion: Expansion, node: RecordNode, entry: Mapping[str, object], at: Pointer, number: int) -> None:
    is_release = inner_iri(node.iri.value, "") == expansion.this
    name = entry.get("id", f"this:figure-{number}" if is_release else f"this:figure-{_last_step(node.iri)}-{number}")
    iri = expansion.identify({"id": name}, at)
    amount = _read_amount(expansion, entry, at)
    if iri is None or amount is None:
        return
    if iri in expansion.nodes:
        fix = "give the figure an id of its own, such as id: this:figure-cost"
        expansion.report("duplicate-id", "another node has the id of this figure", at, focus=iri.value, fix=fix)
        return
    types = ("Observation", "MonetaryAmount") if amount.unit_kind == "currency" else ("Observation",)
    renamed = RENAMED_IN_FIGURE if "unit" in entry else RENAMED_IN_FIGURE | dict.fromkeys(_UNITS, "value")
    figure = RecordNode(iri, at, entry, entry.get("evidence"), types, renamed={**renamed})
    figure.form, figure.holder = "figures", node
    expansion.nodes[iri], expansion.amounts[iri] = figure, amount
    expansion.add_types(figure)
    terms = expansion.context.terms
    expansion.add_values(figure, terms["variableMeasured"], entry["what"])
    for key, literal in amount_facts(amount, expansion.language):
        expansion.fact(figure, key, literal)
    for key, property_key in _DATES:
        if key in entry:
            is_part = key == "at" and bool(part_of_year(str(entry[key])))
            expansion.add_values(figure, terms["partOfYear" if is_part else property_key], entry[key])
    if "note" in entry:
        expansion.add_values(figure, terms["note"], entry["note"])
    if "schema:MonetaryGrant" in node.types and "of" not in entry and amount.unit_kind == "currency":
        expansion.fact(node, "schema:amount", iri, rule="figure")
    if "of" in entry:
        expansion.add_values(figure, terms["observationAbout"], entry["of"])
    elif is_release:
        expansion.fact(node, "mentions", iri, rule="figure")
    else:
        expansion.fact(figure, "observationAbout", node.iri, rule="figure")


_UNITS: Final = ("unitText", "unitCode", "currency")


def amount_facts(amount: Amount, language: str) -> Iterator[tuple[str, Literal]]:
    """The keys and values that publish an amount; a comparison is never published as an exact value.

    >>> from communique.text.numbers import read_amount
    >>> [(key, literal.value) for key, literal in amount_facts(read_amount("at least 2.5 million euros", "en"), "en")]
    [('minValue', '2500000'), ('comparison', 'at least'), ('currency', 'EUR')]
    """
    if amount.text:
        yield "value", Literal(nfc(amount.text), language=language)
    elif amount.upper:
        yield "minValue", number_literal(amount.value)
        yield "maxValue", number_literal(amount.upper)
    elif amount.comparison in COMPARISONS:
        key = COMPARISONS[amount.comparison]
        about = Literal(f"{amount.comparison} {amount.value}")
        yield key, about if key == "value" else number_literal(amount.value)
    else:
        yield "value", number_literal(amount.value)
    if amount.comparison:
        yield "comparison", Literal(amount.comparison)
    if amount.unit_kind == "currency":
        yield "currency", Literal(amount.unit)
    elif amount.unit_kind == "percent":
        yield "unitCode", Literal(PERCENT_CODE)
        yield "unitText", Literal("%")
    elif amount.unit:
        yield "unitText", Literal(nfc(amount.unit), language=language)


def number_literal(value: str) -> Literal:
    """A number as RDF: an integer if it is whole, else a decimal.

    >>> str(number_literal("2.5"))
    '"2.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    """
    return Literal(value, datatype=NamedNode(XSD + ("decimal" if "." in value else "integer")))


def _read_amount(expansion: Expansion, entry: Mapping[str, object], at: Pointer) -> Amount | None:
    """The amount that ``value``, ``unit`` and ``comparison`` give together; None, which is reported, if they do not."""
    value, language = entry["value"], expansion.language
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    texts = {"value": value, "unit": entry.get("unit", ""), "comparison": entry.get("comparison", "")}
    for key, text in texts.items():
        if not isinstance(text, str) or (key in entry and not text.strip()):
            fix = 'write it between quotation marks, such as value: "2.5 million"'
            expansion.report(
                "not-text", f"text is expected for {key}, not {describe(text)}", (*at, key), path=key, fix=fix
            )
            return None
    assert isinstance(value, str)
    amount = read_amount(value, language)
    comparison = str(texts["comparison"])
    if comparison:
        known = comparison_of(comparison, language)
        if known is None:
            message, fix = f"unknown comparison {describe(comparison)}", f"write one of: {', '.join(COMPARISONS)}"
            expansion.report("bad-figure", message, (*at, "comparison"), path="comparison", fix=fix)
            return None
        amount = amount._replace(comparison=known)
    if texts["unit"]:
        amount = _with_unit(amount, value, str(texts["unit"]), language)
    return amount


def _with_unit(amount: Amount, value: str, written: str, language: str) -> Amount:
    """An amount with its unit, which may begin with the multiplier: ``value: 5, unit: million euros``."""
    kind, unit = unit_of(written, language)
    joint = read_amount(f"{value} {written}", language) if kind == "word" else amount
    if joint.unit_kind == "currency" and joint.value != amount.value:
        return joint._replace(comparison=amount.comparison)
    return amount._replace(unit_kind=kind, unit=unit)


def _last_step(iri: NamedNode) -> str:
    return re.split(r"[/#]", iri.value)[-1]

"""A figure in one line: "at least 2,500,000 EUR", with what it counts and when."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.publish.site.rows import ShownValue
from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import SceneFact
from communique.publish.words import Words
from communique.terms import CMQ, SCHEMA, XSD

_PARTS: Final = frozenset(
    {
        SCHEMA + name
        for name in ("variableMeasured", "value", "minValue", "maxValue", "currency", "unitText", "unitCode")
    }
    | {CMQ + "comparison"}
)
_DATES: Final = (SCHEMA + "observationDate", CMQ + "partOfYear", SCHEMA + "startDate", SCHEMA + "endDate")
_NAME: Final = SCHEMA + "variableMeasured"
_NUMBERS: Final = frozenset({XSD + "integer", XSD + "decimal"})


def is_figure(scene: Scene, iri: str) -> bool:
    """Whether a node is a figure."""
    return SCHEMA + "Observation" in scene.classes(iri)


def measured(scene: Scene, iri: str, facts: Iterable[SceneFact]) -> list[SceneFact]:
    """Those of the facts of a node that say, together, what it counts and how much; none if it is no figure.

    An inferred name of a stated figure is not among them: it is a fact of its own, and the number is not inferred.
    """
    parts = [fact for fact in facts if fact.predicate in _PARTS] if is_figure(scene, iri) else []
    numbers = [fact for fact in parts if fact.predicate != _NAME]
    return [fact for fact in parts if fact.predicate != _NAME or not fact.is_inferred or numbers[0].is_inferred]


def why_inferred(scene: Scene, iri: str) -> str:
    """Why some part of the line of a figure was inferred: its name, amount, unit or date; "" if all are stated."""
    facts = (fact for fact in scene.out.get(iri, ()) if fact.predicate in _PARTS or fact.predicate in _DATES)
    return "; ".join(dict.fromkeys(fact.reason for fact in facts if fact.reason))


def amount(scene: Scene, words: Words, iri: str) -> ShownValue:
    """How much a figure is, with its comparison and unit: "at least 2,500,000 EUR"."""
    texts = {
        name: _first(scene, iri, SCHEMA + name) for name in ("value", "minValue", "maxValue", "currency", "unitText")
    }
    comparison = _first(scene, iri, CMQ + "comparison")
    bounds = [_number(words, texts[name]) for name in ("minValue", "maxValue") if texts[name] is not None]
    limit = words(f"cmp.{comparison.value}") if comparison is not None else ""
    number = _number(words, texts["value"]) if texts["value"] is not None else "–".join(bounds)
    if comparison is not None and texts["value"] is not None:  # "about 2500000" is a text in the data
        digits = texts["value"].value.removeprefix(f"{comparison.value} ")
        number = _number(words, Literal(digits, datatype=NamedNode(XSD + "decimal")))
    number = f"{limit} {number}".strip()
    unit = texts["currency"] or texts["unitText"]
    lang = next((text.language for text in (texts["value"], unit) if text is not None and text.language), "")
    shown = f"{number} {unit.value}" if unit is not None else number
    return ShownValue(shown, "" if lang == words.language else lang or "")


def figure_line(scene: Scene, words: Words, iri: str) -> str:
    """A figure out of context: "cost: at least 2,500,000 EUR (2019)"."""
    dates = [text.value for name in _DATES if (text := _first(scene, iri, name)) is not None]
    when = f" ({'–'.join(map(words.day, dates))})" if dates else ""
    return f"{scene.title(iri, words.language).value}: {amount(scene, words, iri).text}{when}"


def _first(scene: Scene, iri: str, predicate: str) -> Literal | None:
    return next((f.object for f in scene.values(iri, predicate) if isinstance(f.object, Literal)), None)


def _number(words: Words, literal: Literal | None) -> str:
    """A number as the language of the page writes it; any other text unchanged."""
    if literal is None or literal.datatype.value not in _NUMBERS:
        return literal.value if literal is not None else ""
    try:
        return words.number(Decimal(literal.value))
    except InvalidOperation:
        return literal.value

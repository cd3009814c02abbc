"""The classes and keys that a record can use, with one line of example each: what `communique keys` lists."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, NotRequired, TypedDict

from communique import artefacts
from communique.compile.termhints import unknown_class
from communique.context import AUTHORING_KEYS, MADE_CLASSES, MADE_KEYS, Context, Term
from communique.errors import ArtefactError, CommuniqueError
from communique.iris import last_piece
from communique.kinds import kind_of_classes, superclasses, twins
from communique.schemaorg import PREFIX, Property, Vocabulary, read_vocabulary
from communique.terms import SCHEMA

EVERYTHING: Final = "Thing"
"""The class that every node is of."""
FORM: Final = "short form"
"""What a key takes that stands for nodes and facts of its own, such as ``role``."""


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A class or a key as an author writes it, and one line of a record with it.

    ``of`` are the classes that have the key; ``value`` says what it takes, in a few words. ``note`` is "pending" for a
    term that schema.org has not yet decided on, else "".
    """

    name: str
    of: tuple[str, ...]
    value: str
    example: str
    note: str = ""


class KeyExample(TypedDict):
    """A line of a record with one key, and the classes that have it where no vocabulary says so."""

    example: str
    on: NotRequired[list[str]]


class ExampleTable(TypedDict):
    """A node of each class, and a `KeyExample` of each key."""

    classes: dict[str, str]
    keys: dict[str, KeyExample]


@cache
def read_examples() -> ExampleTable:
    """The examples, from ``keys.json`` beside the packaged context."""
    path = artefacts.folder("ontology") / "keys.json"
    try:
        found: ExampleTable = json.loads(artefacts.read_text(path))
    except ValueError as error:
        raise ArtefactError(f"{path} is not JSON: {error}") from error
    return found


def class_rows(context: Context) -> list[KeyRow]:
    """The classes that have a name of their own, in the order of the context."""
    examples = read_examples()["classes"]
    names = [name for name in context.classes if name not in MADE_CLASSES]
    return [KeyRow(name, (), "", examples.get(name, f"{{type: {name}}}")) for name in names]


def key_rows(context: Context, cls: str = "") -> list[KeyRow]:
    """The keys that a node of a class can have, those with a name of their own first; without a class, only these.

    ``cls`` is the name of a class as an author writes it. Raises `CommuniqueError` if there is none of this name.
    """
    chain = _chain(context, cls) if cls else ()
    return [*_short_keys(context, chain), *(_other_keys(context, chain) if cls else ())]


def _chain(context: Context, cls: str) -> tuple[str, ...]:
    """The names of a class and of all classes above it, the nearest first, in this context or without their prefix."""
    iri = context.class_iri(cls)
    if iri is None:
        advice = unknown_class(cls, context)
        raise CommuniqueError(f"there is no class {cls!r}: {advice or 'communique keys lists those with a short name'}")
    iris = [iri, *superclasses(iri), *(t for one in (iri, *superclasses(iri)) for t in twins(one))]
    names: dict[str, None] = {}
    for name in (one.removeprefix(SCHEMA) for one in iris if one.startswith(SCHEMA)):
        names |= dict.fromkeys((name, *read_vocabulary().superclasses(name)))
    names.pop(EVERYTHING, None)
    own = {key: None for key, known in context.classes.items() if known in iris and key != EVERYTHING}
    return tuple(names | own | {EVERYTHING: None})


def _short_keys(context: Context, chain: tuple[str, ...]) -> Iterator[KeyRow]:
    examples = read_examples()["keys"]
    for key in [*(k for k in context.terms if k not in MADE_KEYS), *sorted(AUTHORING_KEYS - context.terms.keys())]:
        term, entry = context.terms.get(key), examples.get(key, KeyExample(example=f"{key}: …"))
        of = tuple(entry["on"]) if "on" in entry else _domains(term)
        if not chain or not of or any(name in chain for name in of):
            yield KeyRow(key, of, _value_of(term), entry["example"])


def _domains(term: Term | None) -> tuple[str, ...]:
    own = _property_of(term)
    return own.domains if own is not None else ()


def _property_of(term: Term | None) -> Property | None:
    name = term.iri.removeprefix(SCHEMA) if term is not None else ""
    return read_vocabulary().properties.get(name)


def _value_of(term: Term | None) -> str:
    """What a key with a name of its own takes, in a few words."""
    if term is None or term.kind == "json":
        return FORM
    own = _property_of(term)
    if term.kind == "reference":
        classes = [name for name in (own.ranges if own is not None else ()) if name not in read_vocabulary().datatypes]
        return _listed(classes) or ("an address" if own is not None else "a node")
    return {"labels": "texts by language", "typed": last_piece(term.datatype or "")}.get(term.kind, "text")


def _other_keys(context: Context, chain: tuple[str, ...]) -> Iterator[KeyRow]:
    """The properties of schema.org without a key of their own, those of the nearest class first, then by name."""
    vocabulary = read_vocabulary()
    place = {name: k for k, name in enumerate(chain)}
    found: list[tuple[int, str]] = []
    for name, own in vocabulary.properties.items():
        nearest = min((place[domain] for domain in own.domains if domain in place), default=None)
        if nearest is not None and name not in vocabulary.superseded:
            found.append((nearest, name))
    for _, name in sorted(found):
        term = context.term(PREFIX + name)
        if term is not None and term.kind == "open":
            own = vocabulary.properties[name]
            example = f"{term.key}: {sample(own.ranges, vocabulary)}"
            note = "pending" if name in vocabulary.pending else ""
            yield KeyRow(term.key, own.domains, _listed(own.ranges), example, note)


_SAMPLES: Final = {
    "Text": "words of the text",
    "Date": "2015-05-29",
    "DateTime": "2015-05-29T14:30",
    "Time": '"14:30"',
    "Duration": "PT90M",
    "Boolean": "true",
    "Integer": "12",
    "Number": '"2.5"',
    "Float": '"2.5"',
    "URL": "https://www.example.org/",
    "Distance": "12 km",
    "Mass": "12 kg",
    "Energy": "12 kWh",
}
"""A value for each datatype, as it is written in a record."""

_ID: Final = re.compile(r"id: (([a-z]+)/[a-z0-9-]+)")


@cache
def _ids() -> dict[str, str]:
    """The id of a node of each kind, from the examples of its classes."""
    found = (_ID.search(example) for example in read_examples()["classes"].values())
    return {match[2]: match[1] for match in found if match is not None}


def sample(ranges: Iterable[str], vocabulary: Vocabulary) -> str:
    """A value of a property with these ranges: a member of an enumeration, a literal, or the id of a node.

    >>> sample(["EventStatusType"], read_vocabulary()), sample(["Brand", "Organization"], read_vocabulary())
    ('schema:EventCancelled', 'thing/sample-prize')
    """
    names = list(ranges)
    for name in names:
        member = min((m for m, of in vocabulary.members.items() if name in of), default=None)
        if member is not None and name not in vocabulary.datatypes:
            return PREFIX + member
    literal = next((_SAMPLES[name] for name in _SAMPLES if name in names), None)
    if literal is not None:
        return literal
    if any(name in vocabulary.datatypes for name in names):
        return _SAMPLES["Text"]
    if names and names[0] in ("Class", "Property"):
        return PREFIX + ("Thing" if names[0] == "Class" else "weight")
    classes = [SCHEMA + names[0], *superclasses(SCHEMA + names[0])] if names else []
    kind = kind_of_classes(classes)
    return _ids().get(kind.path if kind else "", "thing/sample")


def _listed(names: Iterable[str]) -> str:
    *first, last = [*names] or [""]
    return f"{', '.join(first)} or {last}" if first else last


# ---- tables


def render_text(tables: Iterable[tuple[str, list[KeyRow]]]) -> str:
    """Tables with headings, for a terminal: examples, which begin with the key, and what the keys take."""
    blocks = []
    for heading, rows in tables:
        fitting = (len(row.example) for row in rows if row.value and len(row.example) <= _WIDEST)
        width = max(fitting, default=0)
        lines = [f"  {row.example:{width}}  {row.value}{_mark(row)}".rstrip() for row in rows]
        blocks.append("\n".join([heading, *lines]))
    return "\n\n".join(blocks) + "\n"


_WIDEST: Final = 48  # characters of an example in a column


def _mark(row: KeyRow) -> str:
    return f"  ({row.note})" if row.note else ""


def render_json(tables: Iterable[tuple[str, list[KeyRow]]]) -> str:
    """The rows as JSON: a list for each table, under its heading."""
    found = {
        heading: [
            {"name": row.name, "of": list(row.of), "value": row.value, "example": row.example, "note": row.note}
            for row in rows
        ]
        for heading, rows in tables
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def render_markdown(tables: Iterable[tuple[str, list[KeyRow]]]) -> str:
    """Tables of Markdown under headings of the second level."""
    blocks = []
    for heading, rows in tables:
        columns = ["name"]
        columns += ["on"] if any(row.of for row in rows) else []
        columns += ["takes"] if any(row.value for row in rows) else []
        lines = [f"| {' | '.join([*columns, 'example'])} |", f"|{'---|' * (len(columns) + 1)}"]
        for row in rows:
            cells = {"name": f"`{row.name}`", "on": ", ".join(row.of), "takes": row.value + _mark(row)}
            example = row.example.replace("|", "\\|")
            lines.append(f"| {' | '.join([*(cells[c] for c in columns), f'`{example}`'])} |")
        blocks.append(f"## {heading}\n\n" + "\n".join(lines) + "\n")
    return "\n".join(blocks)


RENDERERS: Final = {"text": render_text, "json": render_json, "markdown": render_markdown}
"""How a list of keys can be written."""

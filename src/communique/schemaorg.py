"""The vocabulary schema.org 30.0: its classes, the members of its enumerations, its properties, and how they fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("schemaorg.txt")
PREFIX: Final = "schema:"
"""What names of this vocabulary begin with in records."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property: on which classes it is used (``domains``), and which classes its values have (``ranges``).

    Names are without their namespace. ``inverses`` say the same from the value to the node.
    """

    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    inverses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Vocabulary:
    """Names without their namespace.

    ``classes`` gives the direct superclasses of each class, ``members`` the enumerations that a member belongs to.
    ``datatypes`` are the classes of literals, with their subclasses. ``pending`` are the terms that schema.org has not
    yet decided on; ``superseded`` gives the terms to use in place of old ones.
    """

    classes: Mapping[str, tuple[str, ...]]
    members: Mapping[str, tuple[str, ...]]
    properties: Mapping[str, Property]
    datatypes: frozenset[str]
    pending: frozenset[str]
    superseded: Mapping[str, tuple[str, ...]]

    def superclasses(self, kind: str) -> tuple[str, ...]:
        """All superclasses of a class, the nearest first, each once; without the class itself.

        >>> read_vocabulary().superclasses("Restaurant")[:4]
        ('FoodEstablishment', 'LocalBusiness', 'Organization', 'Place')
        """
        found = {kind: None}
        waiting = [kind]
        for name in waiting:
            above = [wider for wider in self.classes.get(name, ()) if wider not in found]
            found |= dict.fromkeys(above)
            waiting += above
        return tuple(found)[1:]

    def is_a(self, kind: str, wide: str) -> bool:
        """Whether a class is another one or a direct or indirect subclass of it.

        >>> read_vocabulary().is_a("ReportageNewsArticle", "Article")
        True
        """
        return kind == wide or wide in self.superclasses(kind)

    def fits(self, kinds: Iterable[str], wide: Iterable[str]) -> bool:
        """Whether one of some classes is one of the ``wide`` ones or a subclass of one."""
        wanted = set(wide)
        return any(kind in wanted or not wanted.isdisjoint(self.superclasses(kind)) for kind in kinds)

    @cached_property
    def dates(self) -> frozenset[str]:
        """The properties whose values can only be dates or times."""
        times = {"Date", "DateTime", "Time"}
        return frozenset(name for name, own in self.properties.items() if own.ranges and times.issuperset(own.ranges))

    @cached_property
    def times(self) -> frozenset[str]:
        """Those of the `dates` whose value may be a time of day alone."""
        return frozenset(name for name in self.dates if "Time" in self.properties[name].ranges)


def label_of(name: str) -> str:
    """The name of a term as words, in English, as schema.org has no other labels; abbreviations keep their capitals.

    >>> label_of("isBasedOn"), label_of("hasGS1DigitalLink"), label_of("3DModel"), label_of("taxID")
    ('is based on', 'has GS1 digital link', '3D model', 'tax ID')
    """
    starts = [k for k in range(1, len(name)) if name[k].isupper() and _begins_word(name, k)]
    parts = [name[a:b] for a, b in zip([0, *starts], [*starts, len(name)], strict=True)]
    return " ".join(part if part[1:] and part == part.upper() else part.lower() for part in parts)


def _begins_word(name: str, k: int) -> bool:
    """Whether the capital letter at an index begins a word: after a small letter, or before one."""
    return name[k - 1].islower() or name[k + 1 : k + 2].islower()


@cache
def read_vocabulary() -> Vocabulary:
    """The vocabulary, from the file beside this module; read when it is first needed.

    >>> read_vocabulary().properties["founder"].domains
    ('Organization',)
    """
    rows = [line.split("|") for line in FILE.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    tables: dict[str, dict[str, list[str]]] = {"class": {}, "datatype": {}, "member": {}, "property": {}}
    for kind, name, *fields in rows:
        tables[kind][name] = [*fields, *[""] * (5 - len(fields))]
    properties = tables.pop("property")
    standing = {name: fields[1:3] for table in tables.values() for name, fields in table.items()}
    standing |= {name: fields[2:4] for name, fields in properties.items()}
    classes = {name: tuple(own[0].split()) for name, own in (*tables["class"].items(), *tables["datatype"].items())}
    return Vocabulary(
        classes=classes,
        members={name: tuple(own[0].split()) for name, own in tables["member"].items()},
        properties={name: Property(*(tuple(own[k].split()) for k in (0, 1, 4))) for name, own in properties.items()},
        datatypes=_with_subclasses(tables["datatype"], classes),
        pending=frozenset(name for name, (pending, _) in standing.items() if pending),
        superseded={name: tuple(newer.split()) for name, (_, newer) in standing.items() if newer},
    )


def _with_subclasses(names: Iterable[str], classes: Mapping[str, tuple[str, ...]]) -> frozenset[str]:
    """Some classes and all their subclasses."""
    found = set(names)
    while more := {name for name, above in classes.items() if name not in found and not found.isdisjoint(above)}:
        found |= more
    return frozenset(found)

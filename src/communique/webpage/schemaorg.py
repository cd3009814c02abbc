"""The names in schema.org 30.0: classes with their superclasses, members of enumerations, and properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("schemaorg.txt")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names without their namespace; ``classes`` gives the direct superclasses of each class.

    ``dates`` are the properties whose values can only be dates or times; ``times`` are those of them whose value may be
    a time of day alone.
    """

    classes: Mapping[str, tuple[str, ...]]
    members: frozenset[str]
    properties: frozenset[str]
    dates: frozenset[str]
    times: frozenset[str]

    def is_a(self, kind: str, wide: str) -> bool:
        """Whether a class is another one or a direct or indirect subclass of it.

        >>> read_vocabulary().is_a("ReportageNewsArticle", "Article")
        True
        """
        waiting, seen = [kind], {kind}
        while waiting:
            name = waiting.pop()
            if name == wide:
                return True
            above = set(self.classes.get(name, ())) - seen
            seen |= above
            waiting += above
        return False


@cache
def read_vocabulary() -> Vocabulary:
    """The names, from the file beside this module."""
    rows = [line.split() for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return Vocabulary(
        classes={row[1]: tuple(row[2:]) for row in rows if row[0] == "class"},
        members=frozenset(row[1] for row in rows if row[0] == "member"),
        properties=frozenset(row[1] for row in rows if row[0] == "property"),
        dates=frozenset(row[1] for row in rows if row[0] == "property" and "date" in row[2:]),
        times=frozenset(row[1] for row in rows if row[0] == "property" and "time" in row[2:]),
    )

"""Keywords of JSON-LD in records and registry files: each may be written as it is or as its alias, but not both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from communique.compile.report import Report
from communique.read.position import Pointer

KEYWORDS: Final = {"id": "@id", "type": "@type", "graph": "@graph"}
"""The keyword behind each alias."""


def written_key(mapping: Mapping[str, object], alias: str) -> str:
    """The key under which a mapping holds the value of an alias: the keyword if only that is written, else the alias.

    >>> written_key({"@id": "org/a"}, "id"), written_key({"name": "A"}, "id")
    ('@id', 'id')
    """
    keyword = KEYWORDS[alias]
    return keyword if keyword in mapping and alias not in mapping else alias


def report_collisions(mapping: Mapping[str, object], aliases: Iterable[str], pointer: Pointer, report: Report) -> None:
    """Report every keyword that is written beside its alias (JSON-LD 1.1 API, section 5.1.2: colliding keywords)."""
    for alias in aliases:
        keyword = KEYWORDS[alias]
        if alias in mapping and keyword in mapping:
            message = f"{keyword!r} and {alias!r} are one key, written twice in this mapping"
            report("duplicate-key", message, (*pointer, keyword), key=True, path=keyword, fix="keep one of the two")

"""What a client shows of an entity: one line that tells namesakes apart, and a small page."""

from __future__ import annotations

import sqlite3
from html import escape
from typing import Final
from urllib.parse import quote

from communique.kinds import CLASSES
from communique.publish.words import Words
from communique.serve.fulltext import FullText, Thing, thing_in
from communique.terms import SCHEMA

WIDTH: Final = 430
HEIGHT: Final = 220
"""The size of the small page in pixels."""

_TOLD: Final = (
    "jobTitle",
    "affiliation",
    "description",
    "containedInPlace",
    "location",
    "startDate",
    "parentOrganization",
)
_MOST: Final = 160


def description(database: sqlite3.Connection, thing: Thing) -> str:
    """The class of an entity, and what its first facts say of it, in one line."""
    told = [_class_name(thing), *(value for _, value in facts(database, thing))]
    return _cut(", ".join(dict.fromkeys(one for one in told if one)))


def facts(database: sqlite3.Connection, thing: Thing) -> list[tuple[str, str]]:
    """The properties that tell namesakes apart, with the first value of each that a release states."""
    found = []
    for name in _TOLD:
        sql = "SELECT value, kind FROM facts WHERE iri = ? AND property = ? AND inferred = 0 ORDER BY rowid LIMIT 1"
        row = database.execute(sql, (thing.iri, SCHEMA + name)).fetchone()
        if row is not None:
            other = None if row[1] else thing_in(database, row[0])
            text = row[0] if row[1] else other.label("en") if other else ""
            found += [(SCHEMA + name, text)] if text else []
    return found


def preview(fulltext: FullText, thing: Thing) -> bytes:
    """A page of an entity that fits into the frame that the manifest promises."""
    with fulltext.database() as database:
        told = facts(database, thing)[:4]
    words = Words("en")
    rows = "".join(f"<div><dt>{escape(words.property(p))}</dt><dd>{escape(_cut(text))}</dd></div>" for p, text in told)
    label = escape(_cut(thing.label("en") or thing.iri))
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{label}</title><link rel="stylesheet" href="../style.css"></head>
<body><main>
<p><b><a href="../{escape(quote(thing.page))}" target="_blank" rel="noopener"><bdi>{label}</bdi></a></b>
<span class="quiet">{escape(_class_name(thing))}</span></p>
<dl class="dl">{rows}</dl>
</main></body>
</html>
""".encode("utf-8", "replace")


def _class_name(thing: Thing) -> str:
    iri = next((one.iri for one in CLASSES if one.kind and one.iri in thing.types), "")
    return Words("en").class_name(iri) if iri else ""


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - 1].rstrip() + "…"

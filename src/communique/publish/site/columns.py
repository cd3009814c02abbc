"""Labels for the columns of canned questions, and for the program's own words in their cells, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from communique.iris import is_inner, is_own
from communique.publish.words import read_words

if TYPE_CHECKING:
    from communique.query.results import Table
    from communique.store.store import ResultTerm

_PLACES: Final = frozenset({"start", "end", "passage"})
_VALUE: Final = "= "
"""The prefix of keys whose words appear in cells, not in the heading of a column."""


@cache
def column_table() -> Mapping[str, Mapping[str, str]]:
    """The contents of ``columns.json``: for each key of a column or a cell, the text in each language."""
    return read_words("communique.publish.site", "columns.json")


@cache
def column_words(language: str) -> Mapping[str, str]:
    """The labels of the columns and parameters of canned questions in a language of the interface."""
    return {name: words[language] for name, words in column_table().items() if not name.startswith(_VALUE)}


@cache
def value_words(language: str) -> Mapping[str, str]:
    """The words of the program that appear in cells, in a language.

    The words for the basis of a row, and the reasons that rules give, are their own keys. A fixed word that a question
    puts into a column has the column in its key, as in ``form: quoted``.
    """
    table = column_table().items()
    return {name.removeprefix(_VALUE): words[language] for name, words in table if name.startswith(_VALUE)}


def translate(text: str, language: str) -> str:
    """A text of the program in a language; what follows a known text that ends in a colon is a reader's and is kept."""
    table = value_words(language)
    prefix = next((known for known in table if known.endswith(": ") and text.startswith(known)), "")
    return table.get(text) or (table[prefix] + text[len(prefix) :] if prefix else text)


def cell_words(column: str, term: ResultTerm | None, language: str) -> str:
    """The translation of a cell that holds words of the program; "" for a cell that is shown as it is.

    Words of a release have a language tag; a column that holds names or words of a release is not in the table.

    >>> cell_words("form", Literal("quoted"), "ru")
    'в кавычках'
    >>> cell_words("verb", Literal("quoted"), "ru"), cell_words("form", Literal("quoted", language="en"), "ru")
    ('', '')
    """
    if not isinstance(term, Literal):
        return ""
    if is_about_basis(column):
        words = translate(term.value, language)
    else:
        words = "" if term.language else value_words(language).get(f"{column}: {term.value}", "")
    return "" if words == term.value else words


def is_about_basis(column: str) -> bool:
    """Whether the cells of a column are the program's words for the basis of a row."""
    return column.endswith("basis") or column in ("reason", "concluded_by")


def shown_columns(table: Table, base: str) -> dict[str, str]:
    """The columns that a page shows, each with the column that has the names of its nodes, or "".

    A release that is the same in all rows is named above the table. Columns that only a program can use are left to the
    files: offsets, and IRIs of nodes without a page or a name.
    """
    shown: dict[str, str] = {}
    names: set[str] = set()
    for place, column in enumerate(table.columns):
        values = [row[place] for row in table.rows if row[place] is not None]
        following = table.columns[place + 1] if place + 1 < len(table.columns) else ""
        named = following if following in ("name", f"{column}_name", "headline") else ""
        nodes = [v.value for v in values if isinstance(v, NamedNode)]
        inner = bool(nodes) and not named and all(is_inner(iri) and is_own(iri, base) for iri in nodes)
        hidden = column in names or (column in _PLACES and "quote" in table.columns) or inner or not values
        if not hidden and not (column == "release" and len({str(v) for v in values}) == 1 and len(values) > 1):
            shown[column] = named if len(nodes) == len(values) else ""
            names |= {named} if shown[column] else set()
    return shown

"""What the columns of canned questions are called, and what the program's own words in their cells are, by language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from communique.publish.words import read_words

if TYPE_CHECKING:
    from communique.store.store import ResultTerm

_VALUE: Final = "= "
"""With this begin the words of the table that stand in cells, not at the head of a column."""


@cache
def column_table() -> Mapping[str, Mapping[str, str]]:
    """The words of columns and of cells, from ``columns.json``: for each key the text in each language."""
    return read_words("communique.publish.site", "columns.json")


@cache
def column_words(language: str) -> Mapping[str, str]:
    """What the columns and parameters of the canned questions are called in a language of the interface."""
    return {name: words[language] for name, words in column_table().items() if not name.startswith(_VALUE)}


@cache
def value_words(language: str) -> Mapping[str, str]:
    """The words of the program that stand in cells, in a language.

    Those on what a row rests and the reasons that rules give stand under themselves; what a question answers with words
    of its own stands under its column, as in ``form: quoted``.
    """
    table = column_table().items()
    return {name.removeprefix(_VALUE): words[language] for name, words in table if name.startswith(_VALUE)}


def worded(text: str, language: str) -> str:
    """A text of the program in a language; what follows a colon that it ends in is a reader's, and stays."""
    table = value_words(language)
    begun = next((known for known in table if known.endswith(": ") and text.startswith(known)), "")
    return table.get(text) or (table[begun] + text[len(begun) :] if begun else text)


def cell_words(column: str, term: ResultTerm | None, language: str) -> str:
    """What a cell says in a language where its words are the program's and differ; "" where the cell stays as it is.

    Words of a release have a language; a column that holds names, or words of a release, is not in the table.

    >>> cell_words("form", Literal("quoted"), "ru")
    'в кавычках'
    >>> cell_words("verb", Literal("quoted"), "ru"), cell_words("form", Literal("quoted", language="en"), "ru")
    ('', '')
    """
    if not isinstance(term, Literal):
        return ""
    if speaks_of_basis(column):
        words = worded(term.value, language)
    else:
        words = "" if term.language else value_words(language).get(f"{column}: {term.value}", "")
    return "" if words == term.value else words


def speaks_of_basis(column: str) -> bool:
    """Whether the cells of a column are words of the program on what a row rests."""
    return column.endswith("basis") or column in ("reason", "concluded_by")

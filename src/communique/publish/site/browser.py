"""The programs that a reader's browser can run beside the pages, the files that they load, and their settings.

The programs are built into the wheel from ``web/`` (see ``hatch_build.py``). Without them a form explains how to ask on
the command line, and nothing else changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from communique.errors import QueryError
from communique.formats import TRIG
from communique.publish.site.vendored import EDITOR, PROGRAMS, program, were_built
from communique.publish.stage import put
from communique.publish.words import Words
from communique.query.bind import bind, render_bound
from communique.query.catalogue import TYPES, Query
from communique.query.structure import falls_back_to, main_group
from communique.terms import PREFIXES, compact

if TYPE_CHECKING:
    from communique.publish.counts import Counts
    from communique.publish.site.texts import Texts

FOLDER: Final = "assets"
"""The folder of the programs in a publication."""

DATA: Final = TRIG.dataset_file
"""The file of quads that a browser queries: TriG is a quarter of the size of N-Quads."""

LARGEST: Final = 32_000_000
"""Bytes of data above which no page offers to load them: in a browser's memory they take many times as much."""

SECONDS: Final = 30
"""Seconds that one question may take in a browser."""

_SHARED_WORDS: Final = (
    "all_rows_of",
    "asked_with",
    "beside",
    "first_rows",
    "headline",
    "no_rows",
    "result",
    "where_it_says_so",
)
_OWN_WORDS: Final = (
    "asking",
    "broken",
    "cancel",
    "cancelled",
    "completion",
    "did_you_mean",
    "line",
    "loaded",
    "loading",
    "needed",
    "no",
    "not_among",
    "not_loaded",
    "offer",
    "offer_editor",
    "offer_served",
    "size",
    "such_as",
    "syntax",
    "too_long",
    "unfinished",
    "yes",
    *(f"wrong_{kind}" for kind in TYPES),
)
"""Words that only programs need; in the table their keys begin with ``ask.``."""

PROGRAM_WORDS: Final = (*_SHARED_WORDS, *(f"ask.{key}" for key in _OWN_WORDS), "n.rows")
"""The keys of all words that a page passes to a program."""

_PLACES: Final = {
    name: f"{{{name}}}"
    for name in ("all", "data", "done", "example", "file", "line", "n", "near", "program", "said", "value", "values")
}


NOT_BUILT: Final = "sparql.not_built"
TOO_LARGE: Final = "sparql.too_large"
"""The keys of the words that say why no program of a publication answers in a browser."""


class Programs:
    """The programs of one publication in one language, after `write_programs`; falsy if none answers in a browser."""

    def __init__(self, stage: Path, suffix: str = "") -> None:
        self.stage, self.suffix = stage, suffix
        self.names = f"{FOLDER}/names{suffix}.json"

    def __bool__(self) -> bool:
        return (self.stage / FOLDER / "query.js").is_file()

    @property
    def has_editor(self) -> bool:
        """Whether there is the editor: without the other programs, it can only ask a server."""
        return (self.stage / FOLDER / "editor.js").is_file()

    @property
    def why_missing(self) -> str:
        """The key of the words that say why no program answers in a browser; "" if one does."""
        return "" if self else TOO_LARGE if were_built() else NOT_BUILT

    def settings(self, root: str, words: Words, base: str) -> dict[str, object]:
        """The settings for the programs of a page; ``root`` is the path from it to the root of the publication."""
        paths = {
            "worker": f"{FOLDER}/worker.js",
            "program": f"{FOLDER}/oxigraph.wasm",
            "data": DATA,
            "names": self.names,
        }
        paths = paths if self else {}
        sizes = {key: (self.stage / path).stat().st_size for key, path in paths.items()}
        return {
            "base": base,
            "files": {key: {"href": root + path, "size": sizes[key]} for key, path in paths.items()},
            "language": words.language,
            "prefixes": PREFIXES,
            "root": root,
            "seconds": SECONDS,
            "suffix": self.suffix,
            "words": {key: words(key, **_PLACES) for key in _SHARED_WORDS}
            | {key: words(f"ask.{key}", **_PLACES) for key in _OWN_WORDS}
            | {"rows": row_forms(words)},
        }


def row_forms(words: Words) -> str:
    """The words for 1, 2 and 5 rows, joined by ``|``: ``web/src/words.js`` chooses one of the three.

    >>> row_forms(Words("en"))
    '{n} row|{n} rows|{n} rows'
    """
    return "|".join(words.count("rows", n).replace(str(n), "{n}") for n in (1, 2, 5))


def write_programs(stage: Path) -> None:
    """Copy the programs into the publication, if they were built: the editor alone if the data are too large."""
    if not were_built():
        return
    for name in EDITOR if (stage / DATA).stat().st_size > LARGEST else PROGRAMS:
        put(stage, f"{FOLDER}/{name}", program(name))


def write_names(programs: Programs, titles: Mapping[str, str], texts: Texts, slugs: Iterable[str]) -> None:
    """Write what a table needs beside the data: titles of nodes by path, paragraphs of releases with their labels."""
    names = {"paragraphs": {slug: texts.card(slug).paragraphs for slug in slugs}, "titles": dict(titles)}
    _write(programs.stage, programs.names, names)


def write_completion(stage: Path, counts: Counts) -> None:
    """Write what the editor can complete: classes and properties in use, with their counts from ``void.ttl``."""
    terms = {
        kind: [[name, number] for iri, number in counted.items() if (name := compact(iri)) != iri]
        for kind, counted in (("classes", counts.classes), ("properties", counts.properties))
    }
    _write(stage, f"{FOLDER}/completion.json", terms)


def write_queries(stage: Path, catalogue: Mapping[str, Query], base: str) -> None:
    """Write the canned questions for the editor: query texts with the values of their examples filled in."""
    queries = {name: describe(query) | {"text": _example(query, base)} for name, query in catalogue.items()}
    _write(stage, f"{FOLDER}/queries.json", queries)


def describe(query: Query) -> dict[str, object]:
    """A canned question for a program: its text, split where the values go, its parameters, its columns."""
    at = main_group(query.text)
    return {
        "name": query.name,
        "form": query.form,
        "before": query.text[:at],
        "after": query.text[at:],
        "columns": [column.name for column in query.columns],
        "parameters": [
            {
                key: value
                for key, value in {
                    "name": p.name,
                    "type": p.type,
                    "example": p.example,
                    "default": None if p.default and falls_back_to(query.text, p.name, p.default) else p.default,
                    "required": p.required,
                    "values": p.values,
                    "offers": p.values_query,
                }.items()
                if value
            }
            for p in query.parameters
        ],
    }


def _example(query: Query, base: str) -> str:
    """The text of a question with the example values of its required parameters filled in."""
    needed = {p.name: p.example for p in query.parameters if p.required}
    try:
        return render_bound(query, bind(query, needed, base)).lstrip("\n")
    except QueryError:  # an example in a newsroom's own question that is not of the parameter's type
        return query.text.lstrip("\n")


def _write(stage: Path, path: str, value: object) -> None:
    body = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    put(stage, path, body + "\n")

"""The gate before the SPARQL endpoint: it refuses what would end, stop or misuse the engine, before any parser runs.

The engine (pyoxigraph 0.5.13) parses and optimises recursively and cannot be stopped. Measured one kind at a time, each
in a process of its own, on an empty store, on two busy cores; "ends" is a segmentation fault with a stack of 8 MB:

==========================================================  ======  =======================  ==================
construct                                                   ends    time                     limit
==========================================================  ======  =======================  ==================
nested calls, EXISTS, sub-selects, TRIPLE(                   2,000  64: 0.00 s               depth: 64
nested { ( <<(                                              10,000  64: 0.00 s               depth
nested [ {| lists, and groups with a triple each                 –  64: 0.3-1.5 s, 500: >8   depth and the next
runs of ! + * = -1                                          10,000  500: 0.02 s              operators: repeats
&& or || of distinct conditions about a pattern                  –  500: 1.5 s, 2,000: >8    operators
FILTER, HAVING, ORDER BY expressions, BIND in a row         10,000  500: 0.02-1.9 s          operators
paths with | or !(a|b)                                      10,000  500: 0.00 s              operators
UNION, MINUS, LATERAL, FILTER EXISTS in a row               10,000  300: 0.1 s, 500: 0.7 s   joined: 320
path steps (/), chains of triples                                –  300: 1.1-1.8 s, 500: >8  joined
lists with ; and , – triples about one subject, OPTIONAL,        –  100: 0.4-2.4 s, 200: >6  shared: 3,000 pairs
GRAPH, VALUES, annotations that share a variable
terms of DESCRIBE, SELECT, GROUP BY, columns of VALUES      10,000  500: 0.02 s              listed: repeats
rows of VALUES, items of IN, arguments of CONCAT                 –  100,000: 0.1-3.9 s       none
FROM, PREFIX; long names, numbers, strings                       –  100,000: 0.1 s           none
BASE and the IRI of a PREFIX                                     –  each use is a copy       2,000 characters
==========================================================  ======  =======================  ==================

Joining n patterns takes a time that grows with the cube of n, and faster the more pairs of them share a variable.

The engine also reads words that nothing separates (``trueSERVICE<…>``, ``FROMNAMED<…>``), reads ``service:x {}`` as
SERVICE if nothing else fits, and ``?a<?b)…>`` as a comparison. The gate refuses a text whose tokens could be cut in
another way than it cuts them.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from communique.serve.nesting import Nesting
from communique.serve.references import LONGEST, is_absolute, resolve
from communique.serve.tokens import GateError, QueryToken, place, tokens, unescaped
from communique.serve.words import FORMS, KNOWN, UPDATES

__all__ = ["GateError", "Outline", "examine"]

_STOLEN: Final = ("FROM", "SERVICE")
_BACKSLASH: Final = "\\"


@dataclass(frozen=True, slots=True)
class Outline:
    """What a query is and which graphs it is about, from its text alone."""

    form: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


def examine(
    text: str,
    *,
    depth: int = 64,
    repeats: int = 500,
    known_graphs: Container[str] | None = None,
    base: str = "",
) -> Outline:
    """The outline of a query that the engine can be given; otherwise `GateError`.

    ``depth`` is the most brackets around a token, ``repeats`` the most operators and the most terms listed. Graphs of
    FROM and FROM NAMED must be among ``known_graphs``, if given. ``base`` is the base IRI until the query names one.
    Time and memory are linear in the text.

    >>> examine("BASE <http://example.org/> ASK FROM <g> { ?service ?p 'SERVICE' }", depth=64, repeats=500)
    Outline(form='ASK', default_graphs=('http://example.org/g',), named_graphs=())
    """
    reading = _Reading(text, depth, repeats, known_graphs, base)
    for token in tokens(text):
        reading.read(token)
    return reading.outline()


class _Reading:
    """What has been read of a text: the prologue, the form and its graphs; `Nesting` keeps what is open and counts."""

    def __init__(self, text: str, depth: int, repeats: int, known: Container[str] | None, base: str) -> None:
        self.text, self.known = text, known
        self.nesting = Nesting(text, depth, repeats)
        self.base, self.form = base, ""
        self.prefixes: dict[str, str] = {}
        self.graphs: tuple[list[str], list[str]] = [], []
        self.expected = (
            ""  # what the clause begun needs: "PREFIX", "PREFIX IRI", "BASE", "VERSION", "FROM", "FROM NAMED"
        )
        self.prefix = ""
        self.last = QueryToken("", "", 0)

    def read(self, token: QueryToken) -> None:
        """Take the next token."""
        if token.kind == "iri":
            self._check_iri(token)
        elif token.kind == "name" and self.expected != "PREFIX":
            self._check_name(token)
        if self.last.kind == "name" and token.text == "{":
            self._refuse_stolen(self.last, "SERVICE")
        if self.expected:
            self._continue_clause(token)
        elif token.kind == "word":
            self._read_word(token)
        elif not self.form:
            raise self._error(
                token, f"a query begins with one of {', '.join(sorted(FORMS))}, not with {token.text[:40]!r}"
            )
        else:
            self.nesting.take(token, self.last)
        self.last = token

    def outline(self) -> Outline:
        """The whole, at the end of the text."""
        if not self.form:
            raise GateError(f"this is no query: begin it with one of {', '.join(sorted(FORMS))}")
        if self.expected:
            raise GateError(f"the query ends after {self.expected}: write what follows it")
        self.nesting.end()
        return Outline(self.form, tuple(self.graphs[0]), tuple(self.graphs[1]))

    def _error(self, token: QueryToken, sentence: str) -> GateError:
        return GateError(f"{place(self.text, token.start)}: {sentence}")

    # ---- words

    def _read_word(self, token: QueryToken) -> None:
        word = token.text.upper()
        if word == "SERVICE":
            raise self._error(token, "SERVICE is refused, as this server asks no other: leave it out")
        if not self.form:
            self._read_first_word(token, word)
            return
        if word not in KNOWN or word in ("PREFIX", "BASE", "VERSION"):
            raise self._error(token, f"{token.text[:40]!r} is no word that can stand here in a query: correct it")
        if word in FORMS and (word != "SELECT" or not self.nesting.frames):
            raise self._error(token, f"a second query begins with {word}: send one query at a time")
        if word in ("FROM", "NAMED"):
            if word == "NAMED" or self.nesting.frames or self.nesting.begun:
                raise self._error(
                    token, f"{word} can only stand before the first brace, as in FROM or FROM NAMED: move it"
                )
            self.expected = "FROM"
        self.nesting.take(token, self.last)

    def _read_first_word(self, token: QueryToken, word: str) -> None:
        if word in ("PREFIX", "BASE", "VERSION"):
            self.expected = word
        elif word in FORMS:
            self.form = word
            self.nesting.take(token, self.last)
        elif word in UPDATES:
            raise self._error(token, f"{word} is an update, and this server only answers queries: send a query")
        else:
            forms = ", ".join(sorted(FORMS))
            raise self._error(token, f"a query begins with one of {forms}, not with {token.text[:40]!r}: correct it")

    # ---- clauses that are followed by an IRI

    def _continue_clause(self, token: QueryToken) -> None:
        wanted, self.expected = self.expected, ""
        if wanted == "FROM" and token.kind == "word" and token.text.upper() == "NAMED":
            self.expected = "FROM NAMED"
        elif wanted in ("FROM", "FROM NAMED") and token.kind in ("iri", "name"):
            self._add_graph(self._iri(token), token, named=wanted == "FROM NAMED")
        elif wanted == "PREFIX" and token.kind == "name" and token.text.endswith(":") and token.text.count(":") == 1:
            self.prefix, self.expected = token.text[:-1], "PREFIX IRI"
        elif wanted in ("PREFIX IRI", "BASE") and token.kind == "iri":
            self._declare(token, wanted)
        elif not (wanted == "VERSION" and token.kind == "string"):
            raise self._error(token, f"{wanted.removesuffix(' IRI')} is not followed by what it needs: correct it")

    def _declare(self, token: QueryToken, wanted: str) -> None:
        iri = self._iri(token)
        if len(iri) > LONGEST:
            raise self._error(
                token, f"this IRI has more than {LONGEST:,} characters: use a shorter {wanted.split()[0]}"
            )
        if wanted == "BASE":
            self.base = iri
        else:
            self.prefixes[self.prefix] = iri

    def _add_graph(self, iri: str, token: QueryToken, *, named: bool) -> None:
        if self.known is not None and iri not in self.known:
            raise self._error(
                token, f"there is no graph <{iri}> here: leave it out, or ask for the graphs with GRAPH ?g"
            )
        self.graphs[named].append(iri)

    # ---- IRIs

    def _iri(self, token: QueryToken) -> str:
        """The absolute IRI of a token."""
        if token.kind == "iri":
            iri = unescaped(token.text)
            return resolve(iri, self.base) if self.base else iri
        prefix, _, local = token.text.partition(":")
        if _BACKSLASH in local:
            local = local.replace(_BACKSLASH, "")
        return self.prefixes[prefix] + local

    def _check_iri(self, token: QueryToken) -> None:
        """Refuse an IRI that the engine does not accept, or could take for a comparison."""
        if self.nesting.is_comparison(self.last):
            raise self._error(token, "this could be a comparison or an IRI: put a space on both sides of '<'")
        if not is_absolute(self._iri(token)):
            shown = token.text if len(token.text) <= 80 else token.text[:80] + "…"
            raise self._error(token, f"{shown} is no absolute IRI: write it in full, or declare a BASE")

    def _check_name(self, token: QueryToken) -> None:
        """Refuse a prefixed name that the engine does not accept: it would look for keywords inside."""
        prefix = token.text.partition(":")[0]
        if prefix not in self.prefixes:
            raise self._error(token, f"the prefix {prefix[:40] + ':'!r} is not declared: add PREFIX {prefix[:40]}: <…>")
        if not is_absolute(self._iri(token)):
            raise self._error(token, f"{token.text[:80]!r} makes no valid IRI: correct it or its PREFIX")
        if not self.nesting.frames and self.last.text.upper() not in _STOLEN:
            self._refuse_stolen(token, "FROM")

    def _refuse_stolen(self, token: QueryToken, word: str) -> None:
        """Refuse a name that begins like a word, where the engine would read the word."""
        if token.kind == "name" and token.text.upper().startswith(word) and not token.text.startswith(":"):
            raise self._error(token, f"the engine reads {word} in {token.text[:40]!r}: write the IRI in full")

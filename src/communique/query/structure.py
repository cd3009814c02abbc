"""The outline of a SPARQL text: its tokens, where its main group begins, and which variables are in a sub-select."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

_TOKEN: Final = re.compile(
    r"""
      (?P<comment> \#[^\n]* )
    | (?P<iri>     <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string>  \"\"\"(?:"{0,2}(?:[^"\\]|\\.))*\"\"\" | '''(?:'{0,2}(?:[^'\\]|\\.))*'''
                 | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<var>     [?$]\w+ )
    | (?P<name>    (?:[^\W\d_][\w.-]*)?:(?:[\w.:%-]|\\.)* )
    | (?P<word>    [^\W\d_]\w* )
    | (?P<mark>    [{}()] )
    """,
    re.VERBOSE | re.DOTALL,
)
"""The terminals of SPARQL 1.1 (section 19.8) that an outline needs; any other character is skipped."""


NOTHING: Final = "no_value_at_all"
"""The variable that `idle` adds so that a query has no solutions."""


class SparqlToken(NamedTuple):
    """A word, variable or bracket with its line (from 1) and offset (from 0, in code points).

    ``depth`` counts the braces around it, ``nested`` the parentheses; a bracket is not inside itself. Words are in
    upper case, variables without ``?`` or ``$``.
    """

    kind: str
    text: str
    line: int
    offset: int
    depth: int
    nested: int


@lru_cache(maxsize=256)  # each check of a question and each of its pages looks at the same text
def tokens(text: str) -> tuple[SparqlToken, ...]:
    """The words, variables and brackets of a SPARQL text, without its comments.

    >>> [(t.text, t.depth) for t in tokens('SELECT ?s { ?s ?p "}" } # { ')]
    [('SELECT', 0), ('s', 0), ('{', 0), ('s', 1), ('p', 1), ('"}"', 1), ('}', 0)]
    """
    found: list[SparqlToken] = []
    depth = nested = 0
    line, last = 1, 0
    for match in _TOKEN.finditer(text):
        kind, token = str(match.lastgroup), match.group()
        line, last = line + text.count("\n", last, match.start()), match.start()
        if kind == "comment":
            continue
        depth -= token == "}"
        nested -= token == ")"
        name = token.upper() if kind == "word" else token[1:] if kind == "var" else token
        found.append(SparqlToken(kind, name, line, last, depth=depth, nested=nested))
        depth += token == "{"
        nested += token == "("
    return tuple(found)


def main_group(text: str) -> int:
    """Offset just after the brace that opens the main group of a query, in code points.

    In a CONSTRUCT this is the second brace, after WHERE: the first one opens the template.

    >>> main_group("SELECT ?s WHERE { ?s ?p ?o }")
    17
    >>> main_group("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    30
    """
    found = tokens(text)
    braces = (t.offset + 1 for t in found if t.text == "{" and t.kind == "mark" and not t.nested and not t.depth)
    template = any(t.text == "CONSTRUCT" and t.kind == "word" and not t.depth for t in found)
    first = next(braces)
    return next(braces) if template else first


def idle(text: str) -> str:
    """The same query without solutions, for parsing it: the engine sees at once that nothing can match.

    To run it on an empty store is not enough: a query may contain any number of values itself.

    >>> idle("SELECT ?s WHERE { ?s ?p ?o }")
    'SELECT ?s WHERE { VALUES ?no_value_at_all {} ?s ?p ?o }'
    """
    try:
        at = main_group(text)
    except StopIteration:  # no group, or the short form of CONSTRUCT, which holds triples only
        return text
    return f"{text[:at]} VALUES ?{NOTHING} {{}}{text[at:]}"


def inside_sub_selects(found: Sequence[SparqlToken]) -> Iterator[SparqlToken]:
    """The variables in sub-selects, where a bound parameter has no effect."""
    inner: int | None = None
    for token in found:
        if inner is not None and token.text == "}" and token.kind == "mark" and token.depth < inner:
            inner = None
        if inner is None and token.kind == "word" and token.text == "SELECT" and token.depth:
            inner = token.depth
        if inner is not None and token.kind == "var":
            yield token


def inside_calls(found: Sequence[SparqlToken], functions: frozenset[str]) -> Iterator[SparqlToken]:
    """The variables between the parentheses of one of these functions, such as BIND or BOUND."""
    open_at: int | None = None
    for before, token in zip([None, *found], found, strict=False):
        if open_at is not None and token.text == ")" and token.kind == "mark" and token.nested == open_at:
            open_at = None
        called = before is not None and before.kind == "word" and before.text in functions
        if open_at is None and called and token.text == "(" and token.kind == "mark":
            open_at = token.nested
        if open_at is not None and token.kind == "var":
            yield token


def falls_back_to(text: str, name: str, value: str) -> bool:
    """Whether every use of a variable falls back to ``value`` if it is unbound: ``COALESCE(?name, "value")``.

    >>> falls_back_to('SELECT ?x ?in { ?x ?p ?o FILTER (COALESCE(?in, "with") = "with") }', "in", "with")
    True
    """
    found = tokens(text)
    places = [i for i, t in enumerate(found) if t.kind == "var" and t.text == name and t.depth]
    before = [(found[i - 2].kind, found[i - 2].text, found[i - 1].text) for i in places]
    after = [found[i + 1].text for i in places]
    expected = [("word", "COALESCE", "(")] * len(places)
    return bool(places) and before == expected and set(after) <= {f'"{value}"', f"'{value}'"}

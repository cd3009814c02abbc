"""The pattern of a canned query as a picture: what is linked to what, what is optional, what must not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from communique.query.catalogue import Query

STATED, OPTIONAL, EXISTS, ABSENT = "stated", "optional", "exists", "absent"
"""How a pattern is used: it must match, may match, must match without binding anything, must not match."""

_ARROWS: Final = {STATED: "-->", OPTIONAL: "-.->", EXISTS: "==>", ABSENT: "--x"}
_KINDS: Final = {
    "OptionalGraphPattern": OPTIONAL,
    "Builtin_EXISTS": EXISTS,
    "Builtin_NOTEXISTS": ABSENT,
    "MinusGraphPattern": ABSENT,
}


@dataclass(frozen=True, slots=True)
class Edge:
    """One triple pattern, as written in the query: subject, predicate, object, and how it is used."""

    subject: str
    predicate: str
    object: str
    kind: str


@cache
def edges(query: Query) -> tuple[Edge, ...]:
    """The triple patterns of a query, each once, in the order of the text.

    >>> from communique.query.catalogue import Catalogue
    >>> edges(dict(Catalogue())["stated-facts"])[0]
    Edge(subject='?release', predicate='a', object='fabio:PressRelease', kind='stated')
    """
    # rdflib's parser, since Oxigraph does not expose its syntax tree; the canned queries are our own text
    from rdflib.plugins.sparql.parser import parseQuery

    return tuple(dict.fromkeys(_walk(parseQuery(query.text)[1]["where"], STATED)))


def _walk(node: Any, kind: str) -> Iterator[Edge]:
    name = getattr(node, "name", None)
    if name == "TriplesBlock":
        for triples in node["triples"]:
            for subject, predicate, value in zip(*[iter(triples)] * 3, strict=True):
                yield Edge(_word(subject), _word(predicate), _word(value), kind)
        return
    inner = _KINDS.get(str(name), kind)
    kind = inner if kind != ABSENT else ABSENT
    if isinstance(node, dict):
        for value in node.values():
            yield from _walk(value, kind)
    elif hasattr(node, "__iter__") and not isinstance(node, str):
        for value in node:
            yield from _walk(value, kind)


def _word(term: Any) -> str:
    """A term or property path as it is written in the query."""
    from rdflib import Literal, URIRef, Variable

    name = getattr(term, "name", None)
    if isinstance(term, Variable):
        return f"?{term}"
    if isinstance(term, URIRef):
        return "a" if str(term).endswith("#type") else f"<{term}>"
    if isinstance(term, Literal):
        return f'"{term}"'
    if name == "pname":
        return f"{term['prefix'] or ''}:{term['localname']}"
    if name == "PathAlternative":
        return " or ".join(map(_word, term["part"]))
    if name == "PathSequence":
        return " / ".join(map(_word, term["part"]))
    if name == "PathElt":
        return _word(term["part"]) + (dict(term).get("mod") or "")
    if name == "PathEltOrInverse":
        return "^" + _word(term["part"])
    return str(term)


def render_mermaid(query: Query) -> str:
    """The pattern as a Mermaid flow chart: parameters are rounded, optional patterns dotted.

    Patterns that must match without binding anything are thick, those that must not match end in a cross.
    """
    patterns = edges(query)
    nodes = list(dict.fromkeys(node for edge in patterns for node in (edge.subject, edge.object)))
    names = {node: f"n{number}" for number, node in enumerate(nodes)}
    parameters = {f"?{parameter.name}" for parameter in query.parameters}
    lines = ["flowchart LR"]
    for node in nodes:
        left, right = ("([", "])") if node in parameters else ("[", "]")
        lines.append(f'  {names[node]}{left}"{_escaped(node)}"{right}')
    for edge in patterns:
        arrow = _ARROWS[edge.kind]
        lines.append(f'  {names[edge.subject]} {arrow}|"{_escaped(edge.predicate)}"| {names[edge.object]}')
    return "\n".join(lines) + "\n"


def _escaped(text: str) -> str:
    """Text for a label of Mermaid, whose entity codes begin with a number sign."""
    return re.sub(r'[#"<>&]', lambda m: f"#{ord(m[0])};", text)

"""Text about the canned questions: the list of all, and the full description of one."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping

from communique.query.ask import query_named
from communique.query.catalogue import AUDIENCES, Parameter, Query

_HEADS = {
    "journalist": "Journalists",
    "analyst": "Analysts",
    "open-data user": "Users of open data",
    "editor": "Editors",
}


def render_list(catalogue: Mapping[str, Query]) -> str:
    """The questions, grouped by audience, each with its parameters."""
    width = max(map(len, catalogue), default=0)
    lines: list[str] = []
    for audience in AUDIENCES:
        queries = [query for query in catalogue.values() if query.audience == audience]
        lines += [_HEADS[audience] + " ask"] if queries else []
        for query in sorted(queries, key=lambda q: q.name):
            lines.append(f"  {query.name:{width}}  {query.question}")
            if query.parameters:
                lines.append(f"  {'':{width}}  {' '.join(map(_usage, query.parameters))}")
        lines += [""] if queries else []
    return "\n".join([*lines, "communique query NAME --describe shows everything about one of them.", ""])


def render_description(catalogue: Mapping[str, Query], name: str) -> str:
    """Everything in the header of a question. Raises `QueryError` for an unknown one."""
    return "\n".join([*_description_lines(query_named(catalogue, name)), ""])


def render_page(query: Query, picture: str) -> str:
    """A page of Markdown about a question, with a diagram of its graph pattern (Mermaid)."""
    lines = [f"# {query.name}", "", f"**{query.question}**", "", query.description, ""]
    answer = "a graph" if query.form == "CONSTRUCT" else "a table"
    lines += [f"For: {query.audience}. Tags: {', '.join(query.tags)}. Answer: {answer}. Size: {query.size}.", ""]
    if query.parameters:
        lines += ["| parameter | type | meaning | if left out | example |", "|---|---|---|---|---|"]
        lines += [_row(*_cells(parameter)) for parameter in query.parameters] + [""]
    if query.columns:
        lines += ["| column | meaning |", "|---|---|"]
        lines += [_row(f"`{column.name}`", column.meaning) for column in query.columns] + [""]
    lines += ["```sh", example(query), "```", ""]
    lines += [
        "Solid: must match; dotted: optional; thick: must match, but binds nothing; crossed: must not match.",
        "",
    ]
    lines += ["```mermaid", picture.rstrip(), "```", "", "```sparql", query.text.strip(), "```", ""]
    return "\n".join(lines)


def example(query: Query) -> str:
    """A command that asks the question, with its required parameters, or else with its first one."""
    words = [f"--{p.name} {shlex.quote(p.example)}" for p in query.parameters if p.required]
    if not words and query.parameters:
        words = [f"--{query.parameters[0].name} {shlex.quote(query.parameters[0].example)}"]
    return " ".join(
        ["communique query", query.name, *words, *(["--format turtle"] if query.form == "CONSTRUCT" else [])]
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _cells(parameter: Parameter) -> tuple[str, ...]:
    left_out = "required" if parameter.required else f"`{parameter.default}`" if parameter.default else "all"
    kind = parameter.type + (": " + ", ".join(parameter.values) if parameter.values else "")
    return f"`{parameter.name}`", kind, parameter.description, left_out, f"`{parameter.example}`"


def _description_lines(query: Query) -> Iterator[str]:
    yield from (query.name, f"  {query.question}", "", f"  {query.description}", f"  Size: {query.size}")
    if query.parameters:
        yield from ("", "Parameters")
        for parameter in query.parameters:
            rest = " (required)" if parameter.required else ""
            rest += f"; {parameter.default} if left out" if parameter.default else ""
            yield f"  --{parameter.name} {_kind(parameter)}"
            yield f"      {parameter.description}{rest}, such as {parameter.example}"
    if query.columns:
        width = max(len(column.name) for column in query.columns)
        yield from ("", "Columns")
        yield from (f"  {column.name:{width}}  {column.meaning}" for column in query.columns)


def _usage(parameter: Parameter) -> str:
    usage = f"--{parameter.name} {_kind(parameter)}"
    return usage if parameter.required else f"[{usage}]"


def _kind(parameter: Parameter) -> str:
    return "|".join(parameter.values) or parameter.type.upper()

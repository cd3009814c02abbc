"""The table of syntaxes: what a row decides, and what is said of a row that cannot be right."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.context import read_context
from communique.errors import CommuniqueError
from communique.export.document import Document
from communique.export.grouped import group
from communique.export.rdf import render
from communique.findings import FORMATS as FINDINGS
from communique.findings import render_findings
from communique.formats import (
    DATASET_FILES,
    EMBEDDED,
    FORMATS,
    TURTLE,
    DatasetFile,
    Format,
    WholeDataset,
    format_table,
    load_writer,
)
from communique.publish.hosting.negotiation import OTHER_TYPES
from communique.publish.site.pages import data_files
from communique.publish.words import Words
from communique.query.formats import RESULT_FORMATS
from communique.query.results import Table
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.terms import PREFIXES
from tests.conftest import ROOT

SRC = ROOT / "src" / "communique"
BASE = "https://example.org/id/"
QUAD = ox.Quad(
    ox.NamedNode(BASE + "person/a"), ox.NamedNode("http://schema.org/name"), ox.Literal("A"), ox.NamedNode(BASE + "g")
)
ROW = Format(
    name="plain",
    title="Plain",
    suffix="plain",
    media_type="text/x-plain",
    writer="communique.export.rdf:render_ntriples",
)


def edited(folder: Path, old: str, new: str) -> None:
    """Put a copy of the program into a folder, with another text in its table of syntaxes."""
    shutil.copytree(SRC, folder / "communique", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("ontology", "queries", "shapes"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder.parent / name, dirs_exist_ok=True)
    table = folder / "communique" / "formats.py"
    text = table.read_text(encoding="utf-8")
    assert text.count(old) == 1
    table.write_text(text.replace(old, new), encoding="utf-8")


def run(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command line of the program in that folder."""
    return subprocess.run(
        [sys.executable, "-m", "communique", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(folder)},
    )


def test_a_row_is_written_by_the_function_that_it_names_and_not_as_turtle() -> None:
    assert render([QUAD], ROW, base=BASE) == (b'<https://example.org/id/person/a> <http://schema.org/name> "A" .\n')
    assert render([QUAD], replace(TURTLE, writer=ROW.writer), base=BASE) == render([QUAD], ROW, base=BASE)


@pytest.mark.parametrize(
    ("writer", "why"),
    [
        ("communique.export.rdf:render_docx", "has no attribute 'render_docx'"),
        ("communique.export.docx:render_docx", "No module named 'communique.export.docx'"),
        ("communique.export.rdf:re", "is not a function"),
    ],
)
def test_a_row_without_its_writer_is_refused_in_one_sentence(writer: str, why: str) -> None:
    with pytest.raises(CommuniqueError) as caught:
        render([QUAD], replace(ROW, writer=writer), base=BASE)
    assert str(caught.value).startswith(f"the format 'plain' cannot be written: its writer {writer} is ")
    assert why in str(caught.value)


@pytest.mark.parametrize("row", [*FORMATS.values(), *RESULT_FORMATS.values()], ids=lambda row: row.name)
def test_every_row_has_a_writer_with_a_docstring_in_the_room_of_its_table(row: Format) -> None:
    room = "communique.export." if row in FORMATS.values() else "communique.query.results"
    writer = load_writer(row.name, row.writer)
    assert writer.__module__.startswith(room)
    assert writer.__doc__


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": "Plain Text"}, "name 'Plain Text' does not have the form"),
        ({"suffix": ".plain"}, "suffix '.plain' does not have the form"),
        ({"suffix": "n3"}, "suffix 'n3' does not have the form"),
        ({"suffix": "page.jsonld"}, "suffix 'page.jsonld' does not have the form"),
        ({"media_type": "plain"}, "media_type 'plain' does not have the form"),
        ({"media_type": "text/plain; charset=utf-8"}, "does not have the form"),
        ({"writer": ""}, "writer '' does not have the form"),
        ({"writer": "render_turtle"}, "writer 'render_turtle' does not have the form"),
        ({"writer": "os:system"}, "writer 'os:system' does not have the form"),
        ({"embedded": True}, "it is not negotiated"),
        (
            {"whole": WholeDataset(description="All.", file_type="PLAIN", pieces="open_plain")},
            "pieces 'open_plain' does not have the form",
        ),
    ],
)
def test_a_row_with_an_invalid_value_is_refused(change: dict[str, object], why: str) -> None:
    with pytest.raises(CommuniqueError, match=r"the row .* of communique\.formats is wrong: ") as caught:
        replace(ROW, **change)  # type: ignore[arg-type]
    assert why in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([TURTLE, EMBEDDED, replace(ROW, name="turtle")], "the same name as the row 'turtle'"),
        ([TURTLE, EMBEDDED, replace(ROW, suffix="ttl", media_type="text/turtle")], "the same file as the row 'turtle'"),
        ([TURTLE, EMBEDDED, replace(ROW, media_type="text/turtle")], "the same media_type as the row 'turtle'"),
        ([replace(ROW, suffix="jsonld"), EMBEDDED], "the row 'plain' has the same suffix, but another media type"),
        ([TURTLE], "one row of communique.formats must be embedded, not 0: []"),
        ([EMBEDDED, replace(EMBEDDED, name="x", suffix="x")], "not 2: ['page-jsonld', 'x']"),
    ],
)
def test_rows_that_cannot_be_told_apart_are_refused(rows: list[Format], why: str) -> None:
    with pytest.raises(CommuniqueError) as caught:
        format_table(rows)
    assert why in str(caught.value)


def test_a_wrong_row_is_one_sentence_when_a_command_starts(tmp_path: Path) -> None:
    edited(tmp_path, 'suffix="ttl"', 'suffix="ttl!"')
    done = run(tmp_path, "export", "--help")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "communique: the row 'turtle' of communique.formats is wrong: suffix 'ttl!' does not have the form [a-z]+\n"
    )


@pytest.mark.parametrize("file", [f for f in DATASET_FILES if f.format.graphs], ids=lambda file: file.path)
def test_the_whole_dataset_graph_by_graph_is_the_same_as_at_once(file: DatasetFile) -> None:
    """Of ``x``, ``x/evidence`` and ``x/page`` the shorter name goes first, whatever order they come in."""
    names = ["graph/x/page", "graph/x", "graph/x/evidence"]
    quads = [ox.Quad(QUAD.subject, QUAD.predicate, ox.Literal(name), ox.NamedNode(BASE + name)) for name in names]
    writer = pieces(file)
    text = (writer.opening() + writer.graphs(group(quads, read_context()))).decode()
    assert [text.index(f'"{name}"') for name in ("graph/x", "graph/x/evidence", "graph/x/page")] == sorted(
        text.index(f'"{name}"') for name in names
    )
    syntax = ox.RdfFormat.from_media_type(file.format.media_type)
    assert set(ox.parse(text, format=syntax)) == set(quads)


@pytest.mark.parametrize("file", [f for f in DATASET_FILES if not f.format.graphs], ids=lambda file: file.path)
def test_the_whole_dataset_entity_by_entity_is_the_same_as_at_once(file: DatasetFile) -> None:
    writer, properties = pieces(file), [(QUAD.predicate.value, [ox.Literal("A"), ox.Literal("B")])]
    blocks = [writer.block(BASE + name, properties) for name in ("person/a", "person/b")]
    text = writer.opening() + writer.between.join(blocks) + writer.tail
    syntax = ox.RdfFormat.from_media_type(file.format.media_type)
    assert {(q.subject.value, q.object.value) for q in ox.parse(text, format=syntax)} == {
        (BASE + name, value) for name in ("person/a", "person/b") for value in "AB"
    }


def pieces(file: DatasetFile) -> Any:
    """What writes a file of the whole dataset."""
    assert file.format.whole
    return load_writer(file.format.name, file.format.whole.pieces)(Document(base=BASE, context=read_context()))


def test_every_file_of_the_whole_dataset_has_its_own_name_and_path() -> None:
    assert [file.path for file in DATASET_FILES] == [
        "dataset.ttl", "dataset.facts.ttl", "dataset.stated.ttl", "dataset.trig", "dataset.nq", "dataset.jsonld",
        "dataset.rdf12.ttl",
    ]  # fmt: skip
    assert len({file.name for file in DATASET_FILES}) == len({file.key for file in DATASET_FILES}) == 7


def test_the_media_types_are_those_of_the_registry() -> None:
    known = {
        "ttl": "text/turtle", "trig": "application/trig", "nq": "application/n-quads", "nt": "application/n-triples",
        "rdf": "application/rdf+xml", "jsonld": "application/ld+json",
    }  # fmt: skip
    assert {suffix: fmt.media_type for fmt in FORMATS.values() if (suffix := fmt.suffix) in known} == known


def test_no_suffix_of_a_syntax_is_that_of_other_files() -> None:
    assert not {f.suffix for f in FORMATS.values()} & set(OTHER_TYPES)


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_every_syntax_has_words_in_every_language_of_the_pages(language: str) -> None:
    words = Words(language)
    assert [f.key for f in data_files()] == [name for name, fmt in FORMATS.items() if fmt.paged]
    for name in FORMATS:
        assert words(f"download.{name}")


def test_findings_in_a_format_that_is_not_there_are_refused_and_not_shown_as_text() -> None:
    with pytest.raises(CommuniqueError, match="unknown format 'jsn', did you mean 'json'"):
        render_findings([], "jsn")
    assert json.loads(render_findings([], "json")) == {"conforms": True, "findings": []}
    assert [name for name, fmt in FINDINGS.items() if fmt.as_they_come] == ["text"]


def test_the_page_of_a_question_offers_a_graph_only_of_what_builds_one() -> None:
    offered = [row for row in RESULT_FORMATS.values() if row.published]
    assert [(row.file, row.of_graphs) for row in offered] == [
        ("result.csv", False), ("result.json", False), ("result.ttl", True),
    ]  # fmt: skip


def test_each_row_of_answers_has_its_own_name_file_and_writer() -> None:
    rows = list(RESULT_FORMATS.values())
    for field in ("name", "file", "media_type", "writer"):
        assert len({getattr(row, field) for row in rows}) == len(rows), field
    table = Table(("a",), ((ox.Literal("x"),),))
    assert all(table.render(row.name, width=80) for row in rows)


def test_every_syntax_is_named_in_the_documentation_in_its_order() -> None:
    negotiated = [f for f in FORMATS.values() if f.negotiated]
    titles, suffixes = [f.title for f in negotiated], ",".join(f.suffix for f in negotiated)
    hosting = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert f"Equal ones go in the order html, {', '.join(titles)};" in hosting
    assert f"{', '.join(titles[:-1])} or {titles[-1]}" in " ".join(hosting.split())
    assert f"writes {', '.join(titles)} or JSON-LD for web pages" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"`release/<slug>/index.{{{suffixes}}}`" in (ROOT / "docs" / "data.md").read_text(encoding="utf-8")


TABLES = {"formats.py", "query/formats.py", "findings.py"}
OTHERS = {
    "check/shapes.py": "the name of a format of the validator",
}
"""Modules that may spell the name of a syntax, and why."""


def spelled(path: Path) -> set[str]:
    """The names and suffixes of syntaxes that stand in the code of a module as texts of their own."""
    known = {*FORMATS, *(f.suffix for f in FORMATS.values())} - set(PREFIXES)
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and node.value in known}


def test_no_module_but_the_tables_decides_by_the_name_of_a_syntax() -> None:
    modules = {str(p.relative_to(SRC)): p for p in sorted(SRC.rglob("*.py"))}
    assert spelled(modules["formats.py"]) >= set(FORMATS)
    found = {name: words for name, path in modules.items() if name not in TABLES and (words := spelled(path))}
    assert set(found) == set(OTHERS), found

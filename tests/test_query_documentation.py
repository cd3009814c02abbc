"""The pages about the questions match their headers, and the commands on them work."""

import re
import shlex
from pathlib import Path

import pytest

from communique.query.bind import bind
from communique.query.catalogue import TYPES, Catalogue
from communique.query.formats import RESULT_FORMATS
from tests.tools import write_query_pages as pages
from tests.tools.pattern import ABSENT, EXISTS, OPTIONAL, STATED, edges

DOCS = Path(__file__).parent.parent / "docs"
TEXT = (DOCS / "queries.md").read_text(encoding="utf-8")
CATALOGUE = dict(Catalogue())
AGAIN = "run tests/tools/write_query_pages.py"


@pytest.mark.slow
def test_every_page_is_fresh() -> None:
    written = {p.stem: p.read_text(encoding="utf-8") for p in (DOCS / "queries").glob("*.md")}
    assert written == pages.render_pages(), AGAIN


def test_the_list_is_fresh() -> None:
    assert pages.BEGIN + pages.render_list() + pages.END in TEXT, AGAIN


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_example_can_be_asked(name: str) -> None:
    command = re.search(r"```sh\n(.+)\n```", (DOCS / "queries" / f"{name}.md").read_text(encoding="utf-8"))
    assert command
    program, verb, asked, *options = shlex.split(command[1])
    assert (program, verb, asked) == ("communique", "query", name)
    values = {key.removeprefix("--"): value for key, value in zip(options[::2], options[1::2], strict=True)}
    assert values.pop("format", "table") in RESULT_FORMATS
    assert set(values) <= set(bind(CATALOGUE[name], values))


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_picture_shows_what_stands_in_the_query(name: str) -> None:
    text, found = CATALOGUE[name].text, edges(CATALOGUE[name])
    assert found
    words = {word for e in found for word in re.split(r" or | / |\^", f"{e.subject} or {e.predicate} or {e.object}")}
    assert {word for word in words if word and word.strip('"') not in text and word != "a"} == set()


def test_the_picture_shows_what_may_and_what_must_not_be_there() -> None:
    kinds = {(e.subject, e.predicate, e.kind) for e in edges(CATALOGUE["incomplete-records"])}
    assert ("?release", "a", STATED) in kinds
    assert ("?release", "schema:dateline", ABSENT) in kinds
    assert {e.kind for name in CATALOGUE for e in edges(CATALOGUE[name])} == {STATED, OPTIONAL, EXISTS, ABSENT}


def test_types_and_formats_are_all_named() -> None:
    table = TEXT.split("| type | what to write |\n", 1)[1].split("\n\n", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()[1:]]
    assert rows == [[name, meaning] for name, meaning in TYPES.items()]
    assert re.findall(r"`(\w+)`", TEXT.split("Formats: ", 1)[1].split(". ", 1)[0]) == list(RESULT_FORMATS)

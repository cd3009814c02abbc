"""docs/queries.md says what the headers of the questions say."""

import re
import shlex
from pathlib import Path

import pytest

from communique.query.bind import bind
from communique.query.catalogue import TYPES, Parameter, read_catalogue
from communique.query.results import RESULT_FORMATS

TEXT = (Path(__file__).parent.parent / "docs" / "queries.md").read_text(encoding="utf-8")
CATALOGUE = read_catalogue()
SECTIONS = dict(zip(*[iter(re.split(r"^## (.+)\n", TEXT, flags=re.MULTILINE)[1:])] * 2, strict=True))


def rows(text: str, *head: str) -> list[list[str]]:
    """The rows of the table with that head."""
    table = text.split("| " + " | ".join(head) + " |\n", 1)[1].split("\n\n", 1)[0]
    return [line.strip("| ").split(" | ") for line in table.splitlines()[1:]]


def described(parameter: Parameter) -> list[str]:
    left_out = "required" if parameter.required else f"`{parameter.default}`" if parameter.default else "all"
    values = ": " + ", ".join(parameter.values) if parameter.values else ""
    return [
        f"`{parameter.name}`",
        parameter.type + values,
        parameter.description,
        left_out,
        f"`{parameter.example}`",
    ]


def test_every_question_has_its_section():
    assert list(SECTIONS) == list(CATALOGUE)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_section_says_what_the_header_says(name):
    query, section = CATALOGUE[name], SECTIONS[name]
    head = f"\n**{query.question}**\n\n{query.description}\n\nFor {query.audience}. Size: {query.size}.\n\n"
    assert section.startswith(head)
    assert rows(section, "parameter", "type", "meaning", "if left out", "example") == [
        described(p) for p in query.parameters
    ]
    assert rows(section, "column", "meaning") == [[f"`{c.name}`", c.meaning] for c in query.columns]


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_example_can_be_asked(name):
    command = re.search(r"```console\n(.+)\n```", SECTIONS[name])
    assert command
    program, verb, asked, *options = shlex.split(command[1])
    assert (program, verb, asked) == ("communique", "query", name)
    values = {key.removeprefix("--"): value for key, value in zip(options[::2], options[1::2], strict=True)}
    assert values.pop("format", "table") in RESULT_FORMATS
    assert set(values) <= set(bind(CATALOGUE[name], values))


def test_types_and_formats_are_all_named():
    assert rows(TEXT, "type", "what to write") == [[name, meaning] for name, meaning in TYPES.items()]
    assert re.findall(r"`(\w+)`", TEXT.split("Formats: ", 1)[1].split(". ", 1)[0]) == list(RESULT_FORMATS)

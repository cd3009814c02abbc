"""What a new record proposes to ignore: front matter, page numbers, repeated headers, the marks of Markdown."""

from __future__ import annotations

import time
from typing import Any

import pytest

from communique.compile.skeleton import Newcomer, render_skeleton
from communique.read.yamlld import read_yaml
from communique.text.furniture import furniture_of
from tests.conftest import BASE


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("Bridge\n\nIt is open.\n", ()),
        ("# Bridge\n\n### Contact\n\n**Jo** and *Ada*\n", ("### ", "# ", "**", "*")),
        ("Bridge\n======\n\n5 * 3 is 15, see #bridge\n", ("======",)),
        ("---\ntitle: Bridge\n---\nBridge\n", ("---\ntitle: Bridge\n---",)),
        ("+++\ntitle = 'Bridge'\n+++\nBridge\n", ("+++\ntitle = 'Bridge'\n+++",)),
        ("---\ntitle: Bridge\nday: 1\n---\nIt\n", ("---\ntitle: ", "\nday: 1\n---")),
        ("---\nIt is open.\n---\nBridge\n", ("---",)),
        ("---\ntitle: Bridge\nIt has no end\n", ("---",)),
        ("a\nPage 1 of 2\nb\nPage 2 of 2\n", ("Page 1 of 2", "Page 2 of 2")),
        ("a\n1\nb\n2\nc\n", ("1", "2")),
        ("a\n- 1 -\nb\n- 2 -\nc\n", ("- 1 -", "- 2 -")),
        ("a\n2031\nb\n17\nc\n", ()),
        ("a\n1/2\nb\n2/2\nc\n", ("1/2", "2/2")),
        ("Works\na\nb\nc\nPage 1\nWorks\nd\nPage 2\nWorks\ne\n", ("Page 1", "Page 2")),
        ("a\nPage 1\nWorks\nb\nPage 2\nWorks\nc\n", ("Page 1", "Page 2", "Works")),
        ("a\n\fWorks\nb\n\fWorks\nc\n", ("Works", "\f")),
    ],
)
def test_what_stands_around_the_text_is_proposed_in_its_own_words(text: str, stretches: tuple[str, ...]) -> None:
    assert furniture_of(text).stretches == stretches


@pytest.mark.parametrize(
    ("language", "line"), [("de", "Seite 1 von 2"), ("ru", "Стр. 1 из 2"), ("kk", "Бет 1"), ("fr", "Page 1 sur 2")]
)
def test_a_page_number_is_known_by_the_word_of_the_language(language: str, line: str) -> None:
    assert furniture_of(f"a\n{line}\nb\n", language).stretches == (line,)


def test_a_long_front_matter_is_written_by_its_ends() -> None:
    text = (
        "---\ntitle: Bridge\n" + "".join(f"key{k}: some words\n" for k in range(20)) + "---\n\nBridge\n\nIt is open.\n"
    )
    assert furniture_of(text).stretches == ("---\ntitle: Bridge … ---",)
    node = release_of(text)["graph"][0]
    assert node["headline"] == "Bridge"


def release_of(text: str) -> dict[str, Any]:
    record, wrong = read_yaml(render_skeleton(Newcomer("r", text, "en", BASE)).encode(), "r")
    assert wrong == [] and record is not None
    return record


def test_the_title_of_the_front_matter_tells_which_line_is_the_headline() -> None:
    text = "---\ntitle: Bridge opened\n---\nWorks of the old town\n\nBridge opened\n\nThe bridge is open to all.\n"
    assert release_of(text)["graph"][0]["headline"] == "Bridge opened"


PDF = """\
Ministry of Works of the Town

New bridge opened in the old
town of Sampletown

Sampletown, 3 May 2031 – The minister of works opened the new bridge in the
old town today and thanked the people who had built it. The bridge is 300 me-
tres long, said Ada
Page 1 of 2
Ministry of Works
Examplova, who will keep it for the Ministry of Works of the Town. It is open from Monday and it is and will be free
of charge for all people of the town.
Page 2 of 2
Ministry of Works
"""


def test_the_text_of_a_pdf_begins_with_its_lines_joined_and_its_page_numbers_ignored() -> None:
    record = release_of(PDF)
    assert (record["wrapped"], record["ignore"]) == (True, ["Page 1 of 2", "Page 2 of 2", "Ministry of Works"])
    assert record["graph"][0]["headline"] == "New bridge opened in the old town of Sampletown"
    assert record["graph"][0]["dateline"] == "Sampletown, 3 May 2031"


@pytest.mark.parametrize("line", ["1\n", "Page 1\n", "**a** *b* \n", "key: value\n", "\fWorks\n", "- 7 -\n# a\n"])
def test_the_time_is_linear(line: str) -> None:
    def spent(times: int) -> float:
        begin = time.process_time()
        furniture_of("---\n" + line * times)
        return time.process_time() - begin

    spent(100)
    assert min(spent(16_000) for _ in range(3)) < 60 * max(spent(1_000), 0.002)

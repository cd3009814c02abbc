"""What templates write for values and facts: no inference without its mark, no fact without its source link."""

from __future__ import annotations

import re
from typing import Any

import pytest

from communique.api import Newsroom
from communique.compile.compiler import Compiled
from communique.drawing.relations import PictureRow
from communique.export.grouped import group
from communique.export.order import Order
from communique.publish.site.cards import CardLine, CardName, CardNote, CardRow
from communique.publish.site.pages import Page, Pages, environment
from communique.publish.site.questions import Cell, QuestionLine
from communique.publish.site.release_page import AnnotatedRelease, ReleasePage
from communique.publish.site.rows import Article, FactRow, ShownValue, SourceLink, Speech
from communique.publish.site.sections import Section
from communique.publish.words import Words
from tests.conftest import SLUG

WHY = '<details class="why"><summary>inferred</summary><p>Why: she signs for it</p></details>'
MARK = '<em class="tag">inferred</em>'
REGISTRY = '<em class="tag">registry</em>'
SIGN = '<a class="w" href="#char=1,2"><span class="vh">Where it says so: </span>¶&#160;5</a>'
SOURCE_LINK = SourceLink("#char=1,2", "5")
STATED, INFERRED = ShownValue("Head"), ShownValue("Board", reason="she signs for it")


def macros(name: str) -> Any:
    """The macros of a template, in English."""
    words = {"w": Words("en"), "kinds": [], "lanes": {}, "root": "", "first_of": {}, "local": str}
    return environment().get_template(name).make_module(words)


def test_of_several_values_each_that_is_inferred_says_why() -> None:
    row = FactRow("role:", (STATED, INFERRED))
    assert str(macros("parts.html").values(row)) == (f'<bdi class="v">Head</bdi>, <bdi class="v">Board</bdi> {WHY}')


def test_a_fact_leads_to_its_words_and_says_why_it_was_inferred_and_where_it_was_read() -> None:
    row = FactRow(
        "role:",
        (STATED,),
        (SOURCE_LINK,),
        "char=1,2",
        "Head of the Board",
        "she signs for it",
        "meta author",
        "post",
        True,
    )
    assert str(macros("parts.html").fact(row)) == (
        '<li id="post" class="f inf by" data-evidence="char=1,2" data-label="Head of the Board"><b class="p">role:</b> '
        f'<bdi class="v">Head</bdi> {SIGN}{WHY} <span class="note">Read on the web page: meta author.</span></li>'
    )
    assert str(macros("parts.html").fact(FactRow("", (STATED,)))) == '<li class="f"><bdi class="v">Head</bdi></li>'


@pytest.mark.parametrize(("label", "name"), [("0", "headline"), ("5", "¶&#160;5"), ("", "beside the text")])
def test_a_source_link_names_the_paragraph_it_leads_to(label: str, name: str) -> None:
    sign = str(macros("parts.html").source(SourceLink("#x", label)))
    assert sign == f' <a class="w" href="#x"><span class="vh">Where it says so: </span>{name}</a>'


def test_a_name_that_only_the_registry_has_says_so() -> None:
    names = [ShownValue("Комитет", "ru", registry=True), ShownValue("Комитеті", "kk")]
    shown = str(macros("parts.html").other_names(names))
    assert re.findall("</bdi>(.*?)(?:<br>|</p>)", shown) == [f" {REGISTRY}", ""]
    assert '<b class="p">Russian:</b> <bdi lang="ru">Комитет</bdi>' in shown


def spoken(**more: Any) -> str:
    row = FactRow("", (), (SOURCE_LINK,), "char=1,2", "Statement", reason="she signs for it")
    parts: dict[str, Any] = {"heading": "", "verb": None, "words": ShownValue("We agree.", "en"), "row": row} | more
    speech = Speech((STATED, INFERRED), **parts)
    return str(macros("parts.html").article(Article("said", "https://e.org/said", STATED, speech=speech)))


def test_a_speaker_that_is_inferred_is_marked_as_such() -> None:
    assert f'<bdi class="v">Head</bdi>, <bdi class="v">Board</bdi> {MARK}</p>' in spoken()


def test_a_statement_has_its_words_its_source_link_and_its_reason() -> None:
    for is_quoted, element in ((True, "q"), (False, "span")):
        body = f'<{element} class="rep" dir="auto" lang="en">We agree.</{element}> {SIGN}{WHY}</div>'
        assert f'<div class="f inf" data-evidence="char=1,2" data-label="Statement">{body}' in spoken(
            is_quoted=is_quoted
        )


def test_an_act_without_words_has_its_source_link_and_its_reason_beside_the_agent() -> None:
    shown = spoken(words=None, verb=ShownValue("thanked", "en"))
    assert '<p class="sp f inf" data-evidence="char=1,2" data-label="Statement">' in shown and "rep" not in shown
    assert f'{MARK} <bdi class="verb" lang="en">thanked</bdi> {SIGN}{WHY}</p>' in shown


def test_reported_words_are_labelled_and_marked_if_that_is_inferred() -> None:
    stated, inferred = spoken(is_reported=True), spoken(is_reported=True, reported_why="no quotation marks")
    assert stated.count("(reported speech)") == inferred.count("(reported speech)") == 1
    assert f"(reported speech) {MARK}. Why: no quotation marks</p>" in inferred and MARK + "." not in stated


def test_lists_mark_what_is_inferred_and_what_only_the_registry_has() -> None:
    card = macros("cards.html")
    line = CardLine("who", (CardRow("", ("A", "B"), True), CardRow("with", ("C",), False)))
    shown = str(card.summary({"summary": [line, CardLine("when", (CardRow("", ("2015",), True),))]}))
    assert shown.endswith(f"<dd><bdi>A</bdi>, <bdi>B</bdi> {MARK}; with <bdi>C</bdi></dd></div></dl>")
    entity = {"path": "org/a/", "language": "", "title": "A", "names": (CardName("Ә", "kk", True),)}
    notes = (CardNote("body", "inferred"), CardNote("office", ""))
    shown = str(card.entities([entity | {"note": notes}]))
    assert f"<span><bdi>body</bdi> {MARK}, <bdi>office</bdi></span>" in shown
    assert f'<span><bdi lang="kk">Ә</bdi> {REGISTRY}</span>' in shown


def test_the_table_of_a_picture_marks_relations_and_ends() -> None:
    rows = [
        PictureRow("A", "works for", "B", "inferred", "registry"),
        PictureRow("B", "part of", "C"),
    ]
    context = {"w": Words("en"), "kinds": [], "lanes": {}, "picture": "", "picture_rows": rows}
    page = environment().get_template("picture.html").render(context)
    assert re.findall("<tr>(<th scope=.row.*?)</tr>", page) == [
        f'<th scope="row"><bdi>A</bdi></th><td><bdi>works for</bdi> {MARK}</td><td><bdi>B</bdi> {REGISTRY}</td>',
        '<th scope="row"><bdi>B</bdi></th><td><bdi>part of</bdi></td><td><bdi>C</bdi></td>',
    ]


@pytest.fixture
def pages(real: Newsroom) -> Pages:
    return Pages(real.dataset, "en")


def test_a_row_of_an_answer_leads_to_its_words_and_says_that_it_is_inferred(real: Newsroom, pages: Pages) -> None:
    query = real.catalogue["who-said-what"]
    cells = (
        Cell("basis", (ShownValue("inferred"),), is_inferred=True),
        Cell("quote", (ShownValue("We agree."),), SOURCE_LINK, is_quote=True),
    )
    values = {
        "query": query, "asked": "", "fields": [], "headings": ["basis", "quote"],
        "lines": [QuestionLine(cells, {"form": "a|b"})], "release": None, "total": 1,
        "files": [], "command": "", "settings": "",
    }  # fmt: skip
    page = pages.render(Page("question.html", "queries/who-said-what/index.html", values)).decode()
    assert (
        f'<tr data-form="a|b"><td data-th="basis">{MARK}</td><td data-th="quote" class="say2">'
        f'<bdi class="v">We agree.</bdi> {SIGN}</td></tr>\n</tbody>'
    ) in page


def test_the_index_by_paragraph_and_the_headings_of_a_release_mark_what_is_inferred(
    compiled: Compiled, real: Newsroom, pages: Pages
) -> None:
    annotated = AnnotatedRelease(compiled, group(compiled.quads, real.context), real[SLUG].source)
    page = ReleasePage(pages, annotated, Order(real.context)).page(b"")
    heading = ShownValue("Observers", reason="they only watched")
    section = Section("people", "people", ((heading, ()),))
    entries: dict[str, list[tuple[str, str, str, bool]]] = {label: [] for label in page.values["by_paragraph"]}
    entries["5"] = [("x", "A fact", "char=1,2", True)]
    page.values = {**page.values, "sections": [section], "by_paragraph": entries}
    html = pages.render(page).decode()
    assert f'<h4 class="sub"><bdi>Observers</bdi> {MARK}</h4>' in html
    assert f'<li><a href="#x"><bdi>A fact</bdi></a> {MARK} {SIGN}</li>' in html

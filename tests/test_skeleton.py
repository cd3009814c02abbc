"""The record that a new release begins with: it passes for any text, or the text is refused."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.api import open_newsroom
from communique.compile.compiler import compile_release
from communique.compile.skeleton import Newcomer, render_skeleton, write_skeleton
from communique.context import read_context
from communique.errors import NewsroomError, OutputError
from communique.findings import conforms
from communique.read.release import build_release, read_release
from communique.read.yamlld import read_yaml
from communique.terms import SCHEMA
from tests.conftest import BASE, DATA, SLUG

TEXT = """\
\ufeff News
Press release: Samples’ "new" bridge № 7 opened in Sampletown \\o/

Sampletown, March 3, 2031: the bridge was opened.
"""


def facts(text: str, language: str = "en") -> dict[str, str]:
    """Literals of the release that the skeleton of a text makes; its record has no fault."""
    record, wrong = read_yaml(render_skeleton(Newcomer("s", text, language, BASE)).encode(), "record.yaml")
    assert wrong == []
    compiled = compile_release(build_release("s", text, record, Path("a"), 1), read_context(), base=BASE)
    assert [f for f in compiled.findings if f.severity == "violation"] == []
    literals = (q for q in compiled.facts if str(q.subject) == f"<{BASE}release/s>" and str(q.object).startswith('"'))
    return {q.predicate.value.removeprefix(SCHEMA): getattr(q.object, "value", "") for q in literals}


@pytest.mark.parametrize(
    ("text", "headline", "dateline"),
    [
        (TEXT, 'Samples’ "new" bridge № 7 opened in Sampletown \\o/', "Sampletown, March 3, 2031"),
        ("One\n", "One", None),
        ("Press release No. 1 of 3 May 2031\nThe bridge was opened\n", "The bridge was opened", "3 May 2031"),
        ("Press release of Works of 3 May 2031\nThe bridge is open\n", "The bridge is open", "3 May 2031"),
        ("Press release of 2 May 2031\nIt is open\nRome, 3 May 2031\n", "It is open", "Rome, 3 May 2031"),
        ("Rome, 3 May 2031 – The bridge is open. More\n", "The bridge is open", "Rome, 3 May 2031"),
        ("Menu\nHome\nThe bridge was opened today\n", "The bridge was opened today", None),
        ("PRESS RELEASE – The bridge was opened\n", "The bridge was opened", None),
        ("Press releases of the day were published\n", "Press releases of the day were published", None),
        ("Press release\nThe bridge was opened today\n", "The bridge was opened today", None),
        ("The bridge was opened\r\nMarch 3, 2031 it rained\r\n", "The bridge was opened", "March 3, 2031"),
        ("a a a a a\na a a a a\nthe last line\n", "a a a a a", None),
        ("Мост открыт вчера днём\nПримерск, 3 мая 2031: мост\n", "Мост открыт вчера днём", "Примерск, 3 мая 2031"),
        ("The bridge…was opened … today\n", "The bridge…was opened … today", None),
        ("x\u2028y\x85z and more words\n", "x\u2028y\x85z and more words", None),
        ("The bridge opened in 2030 and not on 3 May 2031\n", "The bridge opened in 2030 and not on 3 May 2031", None),
    ],
)  # fmt: skip
def test_headline_and_dateline_are_found(text: str, headline: str, dateline: str | None) -> None:
    found = facts(text)
    assert (found["headline"], found.get("dateline"), found["inLanguage"]) == (headline, dateline, "en")


@pytest.mark.parametrize(
    ("language", "text", "dateline"),
    [
        ("kk", "Көпір бүгін салтанатты ашылды\nҮлгіқала, 2031 жылғы 3 мамыр: көпір\n", "Үлгіқала, 2031 жылғы 3 мамыр"),
        ("zh", "样本大桥举行通车仪式\n样本市，2031年5月3日电 大桥通车\n", "样本市，2031年5月3日"),
        ("ar", "افتتاح جسر النموذج اليوم\nمدينة العينة، ٣ مايو ٢٠٣١ – الجسر\n", "مدينة العينة، ٣ مايو ٢٠٣١"),
        ("de", "Die Brücke wurde heute eröffnet\nMusterstadt, 3. Mai 2031: Brücke\n", "Musterstadt, 3. Mai 2031"),
        ("en", "The bridge was opened today\nSampletown, 3. Mai 2031: bridge\n", None),
    ],
)
def test_a_dateline_is_found_in_the_words_of_the_language(language: str, text: str, dateline: str | None) -> None:
    assert facts(text, language).get("dateline") == dateline


def node_of(text: str, language: str = "en") -> dict[str, Any]:
    record, wrong = read_yaml(render_skeleton(Newcomer("s", text, language, BASE)).encode(), "record.yaml")
    assert wrong == [] and record is not None and facts(text, language)
    (node,) = record["graph"]
    return dict(node)


@pytest.mark.parametrize(
    ("line", "contact"),
    [
        ("Press: Jo Sample, jo@works.example", {"name": "Jo Sample", "email": "jo@works.example"}),
        ("Works: Dr. Jo Sample, Tel. +1 202 555 0134", {"name": "Dr. Jo Sample", "telephone": "+1 202 555 0134"}),
        ("For questions please write to press@works.example.", {"email": "press@works.example"}),
        ("press office of the works, +44 (0)20 7946 0123", {"telephone": "+44 (0)20 7946 0123"}),
        (
            "Contacts: Jo Sample (media), jo@works.example; Ada Examplova, ada@works.example",
            [
                {"name": "Jo Sample", "email": "jo@works.example"},
                {"name": "Ada Examplova", "email": "ada@works.example"},
            ],
        ),
        ("Press: Jo Sample, Chief Press Officer, jo@works.example", {"email": "jo@works.example"}),
        (
            "Media Contact: Jo Sample (Ada Examplova, deputy), jo@works.example",
            {"name": "Jo Sample", "email": "jo@works.example"},
        ),
        ("Call us now, jo@works.example", {"email": "jo@works.example"}),
        ("Call 020 7946 0123 or 7946 0124", None),
        ("See www.works.example and @works", None),
        ("Jo Sample and Ada Examplova: a@works.example, b@works.example", None),
    ],
)
def test_contacts_are_written_only_with_what_the_text_says_of_them(line: str, contact: object) -> None:
    assert node_of(f"Bridge opened in the town\n\nThe bridge is open.\n\n{line}\n").get("contact") == contact


def test_a_contact_far_above_the_end_is_no_press_contact() -> None:
    lines = "".join(f"\nLine number {k} of the text.\n" for k in range(9))
    assert "contact" not in node_of(f"Bridge opened in the town\n\nJo Sample, jo@works.example\n{lines}")


def test_words_between_quotation_marks_are_offered_and_names_are_not() -> None:
    said = "“The ‘new and very long’ bridge, is safe,” said Jo of “Sample Works”. “It is: done.”"
    text = f"Bridge opened in the town\n\n{said}\n"
    written = render_skeleton(Newcomer("s", text, "en", BASE))
    offered = re.findall(r"^  #   (said: .*)$", written, re.MULTILINE)
    assert offered == ['said: {verb: said, quote: "The ‘new and very long’ bridge, is safe"}']
    assert read_yaml(offered[0].encode(), "r")[0] == {
        "said": {"verb": "said", "quote": "The ‘new and very long’ bridge, is safe"}
    }
    assert "quotation" not in render_skeleton(Newcomer("s", "Bridge opened\n", "en", BASE))


def test_a_long_headline_ends_between_words() -> None:
    headline = facts(" ".join(f"word{k}" for k in range(100)) + "\n")["headline"]
    assert 290 < len(headline) <= 300 and headline.split() == [f"word{k}" for k in range(len(headline.split()))]


@pytest.mark.parametrize("text", ["", "\n \t\n", "---\n...\n"])
def test_a_text_that_has_nothing_to_quote_is_refused(text: str) -> None:
    with pytest.raises(NewsroomError, match="nothing in it can be quoted"):
        render_skeleton(Newcomer("s", text, "en", BASE))


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=120))
@settings(max_examples=400)
def test_any_text_gives_a_record_without_fault_or_is_refused(text: str) -> None:
    try:
        render_skeleton(Newcomer("s", text, "en", BASE))
    except NewsroomError:
        return
    assert "headline" in facts(text)


def source(tmp_path: Path, data: bytes = TEXT.encode()) -> Path:
    path = tmp_path / "text.txt"
    path.write_bytes(data)
    return path


def test_a_folder_is_made_with_the_text_byte_for_byte(tmp_path: Path) -> None:
    folder = write_skeleton(
        tmp_path / "data", "new-one", source(tmp_path), base=BASE, language="en", newsroom_language="en"
    )
    assert folder == tmp_path / "data" / "releases" / "new-one"
    assert sorted(p.name for p in folder.iterdir()) == ["record.yaml", "source.txt"]
    assert (folder / "source.txt").read_bytes() == TEXT.encode()
    assert [p.name for p in folder.parent.iterdir()] == ["new-one"]
    assert read_release(folder).record is not None


def test_the_skeleton_of_the_real_text_passes_the_whole_check(tmp_path: Path) -> None:
    write_skeleton(
        tmp_path / "data", "again", DATA / "releases" / SLUG / "source.txt",
        base="https://w3id.org/communique/id/", language="en", newsroom_language="en",
    )  # fmt: skip
    assert conforms(open_newsroom(tmp_path / "data")["again"].check())


@pytest.mark.parametrize("slug", ["", "New", "a/b", "../a", "a b", "-a", "a" * 81, ".", "con:"])
def test_a_name_that_is_not_a_slug_is_refused(tmp_path: Path, slug: str) -> None:
    with pytest.raises(NewsroomError, match="cannot be the name of a release"):
        write_skeleton(tmp_path / "data", slug, source(tmp_path), base=BASE, language="en", newsroom_language="en")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("language", ["", "english", "e", "EN", "en US", "en\nx"])
def test_a_language_that_is_not_a_tag_is_refused(tmp_path: Path, language: str) -> None:
    with pytest.raises(NewsroomError, match="is not a language tag"):
        write_skeleton(tmp_path / "data", "a", source(tmp_path), base=BASE, language=language, newsroom_language="en")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a\nb\xff", "line 2: byte 3 of the file is not UTF-8"),
        (b"a\0b", "NUL"),
        (b"a" * ((1 << 20) + 1), "1,048,576 bytes"),
        (b"a\n" * 20_001, "20,000 lines"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(NewsroomError, match=message):
        write_skeleton(tmp_path / "data", "a", source(tmp_path, data), base=BASE, language="en", newsroom_language="en")


def test_a_text_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NewsroomError, match="cannot be read: No such file"):
        write_skeleton(tmp_path / "data", "a", tmp_path / "none", base=BASE, language="en", newsroom_language="en")


def test_a_release_that_exists_is_left_alone(tmp_path: Path) -> None:
    folder = write_skeleton(tmp_path / "data", "a", source(tmp_path), base=BASE, language="en", newsroom_language="en")
    (folder / "record.yaml").write_text("mine")
    with pytest.raises(OutputError, match="exists already"):
        write_skeleton(tmp_path / "data", "a", source(tmp_path), base=BASE, language="en", newsroom_language="en")
    assert (folder / "record.yaml").read_text() == "mine"


def test_a_folder_that_cannot_be_made_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in its place")
    with pytest.raises(OutputError, match="cannot be made"):
        write_skeleton(tmp_path / "data", "a", source(tmp_path), base=BASE, language="en", newsroom_language="en")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "text.txt"]


@pytest.mark.slow
@pytest.mark.parametrize("line", ["a b\n", "May 3, 2031 a b c d\n"])
def test_a_text_that_repeats_one_line_begins_in_bounded_time(line: str) -> None:
    text = line * min(300_000 // len(line), 19_000)
    start = time.process_time()
    assert "headline: " in render_skeleton(Newcomer("s", text, "en", BASE))
    assert time.process_time() - start < 30  # seconds of processor time; comparing all lines with all takes hundreds

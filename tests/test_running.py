"""The running text of a source: what is left out, what is joined, and that every offset leads back to the source."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.text.passages import Span
from communique.text.running import is_wrapped, running_text


def without(source: str, *stretches: str) -> str:
    spans = [Span(source.index(s), source.index(s) + len(s)) for s in stretches]
    return running_text(source, spans).text


@pytest.mark.parametrize(
    ("source", "stretches", "text"),
    [
        ("the [2] bridge", ["[2]"], "the bridge"),
        ("[2] the bridge", ["[2]"], "the bridge"),
        ("the bridge [2]\nx", ["[2]"], "the bridge \nx"),
        ("**Town**, today", ["**"], "Town**, today"),
        ("imple-\nmented", ["-\n"], "implemented"),
        ("# Bridge\nText.\n", ["#"], "Bridge\nText.\n"),
        ("The end.\nPage 1\nnext", ["Page 1"], "The end.\nnext"),
        ("was opened by\nPage 1\nAda", ["Page 1"], "was opened by\nAda"),
        ("was opened by\n\nPage 1\n\nthe minister", ["Page 1"], "was opened by the minister"),
        ("was opened by\n\nPage 1\nDraft\n\n“the minister”", ["Page 1", "Draft"], "was opened by “the minister”"),
        ("a min-\nPage 1\nister came", ["Page 1"], "a minister came"),
        ("a b", ["a b"], ""),
        ("---\ntitle: x\n---\nText", ["---\ntitle: x\n---"], "\nText"),
        ("x [a] [b] y", ["[a]", "[b]"], "x y"),
        ("as follows:\nPage 1\nthe first", ["Page 1"], "as follows:\nthe first"),
    ],
)  # fmt: skip
def test_ignored_words_are_left_out_and_a_sentence_goes_on_after_them(
    source: str, stretches: list[str], text: str
) -> None:
    assert without(source, *stretches) == text


@pytest.mark.parametrize(
    "text",
    [
        "The bridge in the old town was opened by the¬minister of works.",
        "The bridge in the old town was opened by¬Ada Examplova.",
        "Bridge opened\nThe bridge in the old town was opened today¬by her.",
        "Bridge opened in¬the old town\n\nThe bridge",
        "It has two parts:\n- a long one of stone\n- a short one of wood",
        "It was opened in the town on¬12. May by the director",
        "It has, as all the bridges here:\n1. a long part of stone\n2. a short part of wood",
        "the ministry met Jean-=¬Luc on Monday, a well-known man, a well-=¬known friend of imple¬=mented plans",
        "soft hy¬=phens are invisible",
        "تم افتتاح الجسر في المدينة القديمة¬اليوم من قبل الوزيرة الجديدة",
        "A sentence ends here, at the margin.¬Another begins and is as long.",
        "x" * 300 + "\nand more",
    ],
)
def test_lines_of_one_paragraph_are_joined_in_a_text_that_wraps(text: str) -> None:
    """¬ is a line end that joins by a space, -=¬ one after a hyphen that stays, ¬= one after a hyphen that goes."""
    source = text.replace("-=¬", "-\n").replace("¬=", "-\n").replace("¬", "\n")
    joined = text.replace("-=¬", "-").replace("¬=", "").replace("¬", " ")
    assert running_text(source, wrapped=True).text == joined


@pytest.mark.parametrize("source", ["a\nb c\n", "Page 1\nText\n"])
def test_without_ignored_words_the_running_text_is_the_source(source: str) -> None:
    running = running_text(source)
    assert running.is_source and running.text == source
    assert running.parts((0, 3)) == (Span(0, 3),) and running.inner((1, 2)) == Span(1, 2)


def test_a_passage_over_a_line_end_has_a_part_in_each_line() -> None:
    source = "The bridge was opened by the\nPage 1\n\nminister of [2] works.\n"
    running = running_text(source, [(29, 35), (source.index("[2]"), source.index("[2]") + 3)])
    start = running.text.index("opened")
    parts = running.parts((start, len(running.text) - 1))
    assert [source[slice(*part)] for part in parts] == ["opened by the", "minister of", "works."]
    assert running.line(running.text.index("minister")) == 4
    assert running.inner((29, 35)) is None
    assert running.inner(parts[1]) == Span(start + 14, start + 25)


def test_ignored_words_over_several_lines_are_given_line_by_line() -> None:
    assert running_text("---\na: b\n ---\nText", [(0, 13)]).ignored == (Span(0, 3), Span(4, 8), Span(10, 13))


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)), max_size=6)


@given(st.text("ab .-\n1B", max_size=60), SPANS, st.booleans())
@settings(max_examples=500)
def test_every_character_leads_back_to_its_place(source: str, cuts: list[tuple[int, int]], wrapped: bool) -> None:
    ignored = [Span(a, min(a + n, len(source))) for a, n in cuts if a < len(source)]
    running = running_text(source, ignored, wrapped=wrapped)
    places = [running.place(k) for k in range(len(running.text))]
    assert places == sorted(set(places))
    covered = {k for span in ignored for k in range(*span)}
    for k, place in enumerate(places):
        assert running.text[k] == source[place] or (running.text[k] == " " and source[place] == "\n")
        assert place not in covered
    lost = {k for k in range(len(source)) if k not in places and k not in covered and source[k].isalnum()}
    assert not lost
    for start in range(0, len(running.text), 7):
        words = "".join(source[slice(*part)] for part in running.parts((start, len(running.text))))
        assert "".join(words.split()) == "".join(running.text[start:].split())


@pytest.mark.parametrize(
    ("source", "wraps"),
    [
        ("Мост был открыт\nминистром, который\nпоблагодарил строителей\nгорода.\n", True),
        (
            "تم افتتاح الجسر في المدينة القديمة\nاليوم من قبل الوزيرة الجديدة مع\n"
            "المهندسين والعمال من المدينة\nالقديمة وضواحيها في حفل كبير\nجدا.\n",
            True,
        ),
        ("Title\n\nOne long paragraph.\n\nAnother one.\n", False),
        ("- stone\n- wood\n- iron\n- sand\n", False),
        ("", False),
        ("one\ntwo\n", False),
    ],
)  # fmt: skip
def test_a_text_that_wraps_is_known_by_its_line_ends(source: str, wraps: bool) -> None:
    assert is_wrapped(source) is wraps


@pytest.mark.parametrize("line", ["a-\nb ", "a\n", "Page 1\n", "[2] ", "a b-c d\n\n"])
def test_the_time_is_linear(line: str) -> None:
    def spent(times: int) -> float:
        source = line * times
        spans = [(k * len(line), k * len(line) + 2) for k in range(times // 2)]
        begin = time.process_time()
        running_text(source, spans, wrapped=True)
        return time.process_time() - begin

    spent(100)
    assert min(spent(16_000) for _ in range(3)) < 60 * max(spent(1_000), 0.002)

"""The text of a release on its page: nothing is changed, and cuts are only between words."""

from __future__ import annotations

import pytest

from communique.publish.site.edition import AFTER, BEFORE, Piece, in_context, lay_out
from communique.publish.site.scenefacts import ScenePassage
from communique.text.passages import Span

WORDS = "Reservoirs filled; engineers from neighbouring districts measured them daily and wrote everything down. " * 3


def cut(before: str, quote: str, after: str) -> tuple[str, str]:
    """The text shown before and after a quote in one paragraph."""
    shown = in_context(before + quote + after, ScenePassage("x", len(before), len(before) + len(quote), quote))
    assert shown[1] == quote
    return shown[0], shown[2]


@pytest.mark.parametrize("shift", range(14))
def test_a_context_is_cut_between_words_wherever_the_limit_falls(shift: int) -> None:
    before, after = cut(WORDS[shift:], "THE QUOTE", " " + WORDS[: len(WORDS) - shift])
    assert before.startswith("… ") and after.endswith(" …")
    kept_before, kept_after = before.removeprefix("… "), after.removesuffix(" …")
    assert WORDS.endswith(" " + kept_before) and (" " + WORDS).startswith(kept_after + " ")
    assert BEFORE - 15 <= len(kept_before) <= BEFORE and AFTER - 15 <= len(kept_after) <= AFTER


def test_a_context_that_fits_is_shown_whole() -> None:
    assert cut("a" * BEFORE, "Q", "b" * AFTER) == ("a" * BEFORE, "b" * AFTER)


def test_one_word_longer_than_the_context_is_left_out_and_not_cut() -> None:
    assert cut("a" * (BEFORE + 1), " Q ", "b" * (AFTER + 1)) == ("… ", " …")
    assert cut("x " + "a" * 300, " Q ", "b" * 300 + " x") == ("… ", " …")


def test_a_text_without_spaces_keeps_its_context() -> None:
    before, after = cut("水库已经建成。" * 40, "北京", "工程师们很高兴。" * 40)
    assert (len(before), len(after)) == (BEFORE + 2, AFTER + 2)
    assert before.startswith("… ") and after.endswith(" …")


def test_a_cut_leaves_an_accent_on_its_letter() -> None:
    before, after = cut("e\u0301" * 200, "。", "e\u0301" * 200)
    assert (before, after) == ("… ", " …")
    before, after = cut("か\u3099" * 200, "。", "か\u3099" * 200)
    assert not before.startswith("… \u3099") and not after.removesuffix(" …").endswith("か")


def test_a_context_stays_in_its_paragraph() -> None:
    source = "One.\nTwo QUOTE two.\r\nThree."
    assert in_context(source, ScenePassage("x", 9, 14, "QUOTE")) == ("Two ", "QUOTE", " two.")


# ---- layout

TEXT = (
    "Menu\nAn old label\nPress release: Dam opened. The dam was opened today.\n"
    "It was, all said, a fine day.\nNo words of this.\n"
)


def stretch(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def passage(words: str) -> ScenePassage:
    return ScenePassage("x", *stretch(words), words)


def written(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def test_words_without_a_passage_are_text_and_not_boilerplate() -> None:
    edition = lay_out(TEXT, [passage("It was"), passage("a fine day")], {}, stretch("Dam opened"))
    assert [p.label for p in edition.all] == ["1", "2", "3", "4", "5"]
    assert not any(piece.is_boilerplate for p in edition.all for piece in p.pieces)


def test_words_that_the_record_marks_are_boilerplate_and_whole_lines_of_them_have_no_number() -> None:
    furniture = [stretch("Menu"), stretch("all said")]
    edition = lay_out(TEXT, [passage("It was"), passage("a fine day")], {}, stretch("Dam opened"), furniture)
    assert [p.label for p in edition.all] == ["", "1", "2", "3", "4"]
    assert [piece.text for p in edition.all for piece in p.pieces if piece.is_boilerplate] == ["Menu", "all said"]
    assert written(edition.paragraphs[0].pieces) == "It was, all said, a fine day."


def test_a_line_with_only_some_boilerplate_keeps_its_number() -> None:
    edition = lay_out("Menu bar, Home\nText", [], {}, None, [Span(0, 8)])
    assert [p.label for p in edition.all] == ["1", "2"]
    edition = lay_out(" Menu – bar.\nText", [], {}, None, [Span(1, 5), Span(8, 11)])
    assert [p.label for p in edition.all] == ["", "1"]


def test_words_before_and_after_the_headline_keep_their_place() -> None:
    edition = lay_out(TEXT, [passage("The dam")], {}, stretch("Dam opened"), [stretch("Menu")])
    assert [written(p.pieces) for p in edition.above] == ["Menu", "An old label"]
    assert written(edition.before) == "Press release: "
    assert written(edition.headline) == "Dam opened."
    assert written(edition.after) == " The dam was opened today."
    assert [piece.at for piece in edition.after if piece.at] == [(passage("The dam").id,)]
    assert edition.label_at(TEXT.index("opened today")) == "2"


def test_words_after_a_headline_in_its_line_are_not_said_to_be_the_headline() -> None:
    for line, label in (("Dam opened\n", "0"), ("Press release: Dam opened.\n", "0"), ("Dam opened, all saw\n", "1")):
        start = line.index("Dam opened")
        edition = lay_out(line + "More\n", [], {}, Span(start, start + 10))
        assert edition.head is not None and edition.head.label == label
        assert [p.label for p in edition.paragraphs] == [str(int(label) + 1)]
        assert edition.below == 1, "the line of the headline is counted as such"


def test_punctuation_around_a_headline_belongs_to_it() -> None:
    for line, words in (("“Dam opened!”", "Dam opened"), ("  Dam opened …", "Dam opened")):
        start = line.index(words)
        edition = lay_out(line, [], {}, Span(start, start + len(words)))
        assert (edition.before, edition.after) == ((), ()) and written(edition.headline) == line
    edition = lay_out("Dam opened-today. More", [], {}, Span(0, 10))
    assert (written(edition.headline), written(edition.after)) == ("Dam opened", "-today. More")


def test_a_passage_above_the_headline_has_its_place_and_its_number() -> None:
    edition = lay_out(TEXT, [passage("old label")], {}, stretch("Dam opened"), [stretch("Menu")])
    (above,) = (p for p in edition.above if p.label)
    assert above.label == "1" and [piece.at for piece in above.pieces] == [(), (passage("old label").id,)]
    assert edition.label_at(stretch("old").start) == "1" and edition.label_at(0) == ""


def test_the_paragraphs_of_an_edition_are_the_text() -> None:
    for headline in (None, stretch("Dam opened"), stretch("Menu"), stretch("of this")):
        edition = lay_out(TEXT, [passage("fine")], {}, headline, [stretch("Menu"), stretch("all")])
        assert "\n".join(written(p.pieces) for p in edition.all) + "\n" == TEXT
        if headline is not None:
            assert edition.head is not None
            assert written(edition.before + edition.headline + edition.after) == written(edition.head.pieces)

"""The text of a release on its page: laid out as it stands, cut only between words."""

from __future__ import annotations

import pytest

from communique.publish.site.edition import AFTER, BEFORE, in_context
from communique.publish.site.scene import Passage

WORDS = "Reservoirs filled; engineers from neighbouring districts measured them daily and wrote everything down. " * 3


def cut(before: str, quote: str, after: str) -> tuple[str, str]:
    """What is shown before and after a quote in one paragraph."""
    shown = in_context(before + quote + after, Passage("x", len(before), len(before) + len(quote), quote))
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
    assert in_context(source, Passage("x", 9, 14, "QUOTE")) == ("Two ", "QUOTE", " two.")

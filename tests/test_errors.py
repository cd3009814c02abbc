"""What an error advises: the nearest of the known words, or all of them."""

from __future__ import annotations

import pytest

from communique.errors import CommuniqueError, did_you_mean, hint, nearest, suggestion
from communique.formats import FORMATS, format_named

KEYS = ("startDate", "endDate", "name")


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("startdate", "did you mean 'startDate'?"),
        ("NAMES", "did you mean 'name'?"),
        ("zzz", "known: startDate, endDate, name"),
        ("name", "known: startDate, endDate, name"),  # it is known here, so something else is wrong with it
        ("", "known: startDate, endDate, name"),
    ],
)
def test_a_hint_names_the_nearest_word_or_all_in_their_order(word: str, advice: str) -> None:
    assert hint(word, KEYS) == advice


def test_a_hint_says_something_else_only_where_no_word_is_near() -> None:
    assert hint("zzz", KEYS, otherwise="leave it out") == "leave it out"
    assert hint("nmae", KEYS, otherwise="leave it out") == "did you mean 'name'?"
    assert hint("zzz", (), otherwise="") == ""


def test_a_fix_shows_the_word_without_quotes() -> None:
    assert hint("nmae", KEYS, quoted=False) == "did you mean name?"
    assert did_you_mean("this:group", otherwise="x", quoted=False) == "did you mean this:group?"
    assert did_you_mean("", otherwise="describe it") == did_you_mean(None, otherwise="describe it") == "describe it"


def test_a_suggestion_is_looked_for_only_when_it_is_called() -> None:
    known = ["name"]
    suggest = suggestion("nmae", known)
    known[0] = "nmaes"
    assert suggest() == "did you mean nmaes?"
    assert suggestion("zzz", known)() is None
    assert suggestion("zzz", known, otherwise="leave it out")() == "leave it out"


def test_of_words_that_differ_in_case_only_the_first_is_named() -> None:
    assert nearest("NAME", ["name", "Name"]) == nearest("NAME", ["Name", "name"]) == "Name"


def test_an_unknown_format_is_refused_with_all_of_them_where_none_is_near() -> None:
    with pytest.raises(CommuniqueError) as refused:
        format_named("????")
    assert str(refused.value) == f"unknown format '????', known: {', '.join(FORMATS)}"

"""Quotes in a source: verbatim and exactly once, and how others are explained."""

from __future__ import annotations

import contextlib
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.text import passages
from communique.text.nearest import nearest_passage
from communique.text.passages import QuoteError, Span, crosses_paragraph, locate, unique_quote
from communique.text.work import Work

TEXT = """\
Sampletown, March 3, 2031, the Ministry of Samples’ own bridge № 7 was opened.
Ms. Ada Example said\xa0that the bridge is open. The bridge is long, said "the builder".
The bridge is open… and closed.
"""


def found(quote: str, source: str = TEXT) -> str:
    span = locate(quote, source)
    return source[span.start : span.end]


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("Sampletown, March 3, 2031", "Sampletown, March 3, 2031"),
        ("Samples’ own", "Samples’ own"),
        ("№ 7", "№ 7"),
        ("said\xa0that", "said\xa0that"),
        ('"the builder"', '"the builder"'),
        ("Sampletown … bridge № 7", "Sampletown, March 3, 2031, the Ministry of Samples’ own bridge № 7"),
        ("Sampletown…2031", "Sampletown, March 3, 2031"),
        ("March … 2031 … opened", "March 3, 2031, the Ministry of Samples’ own bridge № 7 was opened"),
        ("The bridge … said", "The bridge is long, said"),
        ("bridge … long", "bridge is long"),
        ("open… and", "open… and"),
        ("Ms. … the bridge", "Ms. Ada Example said\xa0that the bridge"),
    ],
)
def test_a_quote_is_found_where_it_occurs(quote: str, words: str) -> None:
    assert found(quote) == words


@pytest.mark.parametrize(
    ("quote", "code", "places"),
    [
        ("", "quote-not-found", 0),
        ("…", "quote-ambiguous", 0),
        ("… opened", "quote-not-found", 0),
        ("opened …", "quote-not-found", 0),
        ("Sampletown … … opened", "quote-not-found", 0),
        ("Samples' own", "quote-not-found", 0),
        ("No 7", "quote-not-found", 0),
        ("said that", "quote-not-found", 0),
        ("“the builder”", "quote-not-found", 0),
        ("sampletown", "quote-not-found", 0),
        ("March  3", "quote-not-found", 0),
        ("opened … Sampletown", "quote-not-found", 0),
        ("nothing of this", "quote-not-found", 0),
        ("bridge", "quote-ambiguous", 4),
        ("The bridge is", "quote-ambiguous", 2),
        ("The … is", "quote-ambiguous", 2),
        ("opened.\nMs. Ada", "quote-crosses-paragraph", 1),
        ("opened … Ms. Ada", "quote-crosses-paragraph", 1),
    ],
)
def test_a_quote_that_does_not_occur_exactly_once_in_a_paragraph_is_refused(quote: str, code: str, places: int) -> None:
    if quote == "…":
        assert found(quote) == "…"  # the source itself has one
        return
    with pytest.raises(QuoteError) as refused:
        locate(quote, TEXT)
    assert (refused.value.code, len(refused.value.places)) == (code, places)


def test_overlapping_places_are_counted() -> None:
    with pytest.raises(QuoteError) as refused:
        locate("aa", "aaaa")
    assert refused.value.places == (Span(0, 2), Span(1, 3), Span(2, 4))
    assert str(refused.value) == "the quote occurs 3 times in the source; it must occur once"


def test_only_the_first_hundred_places_are_kept() -> None:
    with pytest.raises(QuoteError, match="occurs more than 100 times") as refused:
        locate("a", "a" * 101)
    assert len(refused.value.places) == 100
    with pytest.raises(QuoteError, match="occurs 100 times"):
        locate("a", "a" * 100)


def test_offsets_count_code_points() -> None:
    assert locate("b", "😀№\r\n\u2028b") == Span(5, 6)


def test_the_shortest_stretch_counts() -> None:
    assert locate("a … b", "a a b") == Span(2, 5)
    assert locate("a … b", "a b b") == Span(0, 3)
    with pytest.raises(QuoteError):
        locate("a … b", "a b a b")


def test_a_stretch_that_stays_in_its_paragraph_is_preferred() -> None:
    assert locate("a … b", "a\nb a b") == Span(4, 7)


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "\n"])
def test_a_line_break_ends_a_paragraph(text: str) -> None:
    assert crosses_paragraph(Span(0, len(text)), text)


def test_other_separators_do_not_end_a_paragraph() -> None:
    assert not crosses_paragraph(Span(0, 5), "a\t\u2028\x85b")


@pytest.mark.slow
def test_a_text_of_one_mebibyte_is_searched_in_bounded_time() -> None:
    start = time.process_time()
    for source in ("a" * (1 << 20), "ab" * (1 << 19), "a" * (1 << 19) + "b" * (1 << 19)):
        for quote in ("a … b", "a … c", "a…b…c", "b … a"):
            with contextlib.suppress(QuoteError):
                locate(quote, source + "\nb a")
    assert time.process_time() - start < 20  # seconds; a quadratic search would take hundreds


@pytest.mark.slow
def test_wrong_quotes_are_explained_in_bounded_time() -> None:
    start = time.process_time()
    lines = "\n".join(f"line {k} some words here" for k in range(35_000))
    for source in (lines, "word " * 200_000):
        for k in range(3):
            nearest_passage(f"wrod{k} " + "some words here line " * 200, source)
        assert unique_quote(Span(0, 4), "word " * 200_000) is None
    assert time.process_time() - start < 20  # seconds


# ---- the same by another way


def naive(quote: str, source: str) -> list[Span] | None:
    """The spans by definition: all that match, without those that contain another one."""
    if quote and quote in source:
        anchors = [quote]
    else:
        anchors = re.split(r"\s*…\s*", quote)
        if len(anchors) < 2 or not all(anchors):
            return []
    joined = re.compile(".*?".join(re.escape(a) for a in anchors), re.DOTALL)
    every = []
    for start in range(len(source)):
        for end in range(start, len(source) + 1):
            if source.startswith(anchors[0], start) and joined.fullmatch(source, start, end):
                every.append(Span(start, end))
    smallest = [s for s in every if not any(o != s and s.start <= o.start and o.end <= s.end for o in every)]
    if len(anchors) == 1 and len(smallest) > 1:
        return smallest
    inside = [s for s in smallest if "\n" not in source[s.start : s.end] and "\r" not in source[s.start : s.end]]
    return inside or (None if smallest else [])


@pytest.mark.slow
@given(st.text("ab \n…", max_size=14), st.text("ab… ", min_size=1, max_size=7))
@settings(max_examples=1500)
def test_locate_agrees_with_the_definition(source: str, quote: str) -> None:
    expected = naive(quote, source)
    try:
        result: list[Span] | None = [locate(quote, source)]
    except QuoteError as wrong:
        result = None if wrong.code == "quote-crosses-paragraph" else list(wrong.places)
    assert result == expected


@given(st.text("ab\n", max_size=60), st.text("ab\n", min_size=1, max_size=12))
@settings(max_examples=1500)
def test_the_index_finds_words_where_a_search_finds_them(source: str, words: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passages, "_BLOCK", 2)
        patch.setattr(passages, "_LARGE", 0)
        passages._blocks.cache_clear()
        looked_up = passages._look_up(words, source, Work())
        passages._blocks.cache_clear()
    expected = [Span(k, k + len(words)) for k in range(len(source)) if source.startswith(words, k)]
    assert looked_up is None if len(words) < 4 else looked_up in (None, expected)
    assert list(passages.occurrences(words, source, Work())) == expected


def test_long_words_of_a_long_text_are_found_by_the_index() -> None:
    source = " ".join(f"word{k}" for k in range(20_000))
    work = Work()
    assert locate("word777 word778 word779", source, work).start == source.index("word777 word778")
    assert Work().left - work.left < 100  # steps; a search takes two hundred
    with pytest.raises(QuoteError, match="is not in the source"):
        locate("word777 word778 ward779", source, work)
    with pytest.raises(QuoteError, match="occurs 2 times") as refused:
        locate("word777 word778 word779", source + " word777 word778 word779.", work)
    assert refused.value.places[1].start == len(source) + 1


# ---- what to tell the author


@pytest.mark.parametrize(
    ("quote", "wrong", "instead", "folded"),
    [
        ("Samples' own", "Samples'", "Samples’", True),
        ("said that", "said that", "said\xa0that", True),
        ("ministry of Samples", "ministry", "Ministry", True),
        ("“the builder”", "“the", '"the', True),
        ("the Ministry of Examples’ own bridge", "Examples", "Samples", False),
        ("Ada Example told that the bridge", "told", "said", False),
        ("Sampletown, March 3, 2013", "2013", "2031", False),
        ("Sampletown … bridge No 7 was opened", "No", "№", False),
        ("the Ministry of Samples’ bridge № 7 was opened", "", "own", False),
        ("Sampletown, March 3, the Ministry of Samples’ own bridge № 7 was", "", ", 2031", False),
        ("Sampletown, on March 3, 2031, the Ministry of Samples’ own", "on", "", False),
        ("the big Ministry of Samples’ own bridge № 7 was opened", "big", "", False),
        ("The long, long bridge is long, said", "long, long", "", False),
        ("Dr. Ms. Ada Example said\xa0that the bridge", "Dr.", "", False),
    ],
)
def test_the_wrong_words_of_a_quote_are_named(quote: str, wrong: str, instead: str, folded: bool) -> None:
    near = nearest_passage(quote, TEXT)
    assert near is not None
    assert (near.wrong, near.instead, near.folded) == (wrong, instead, folded)
    assert (near.instead in TEXT[near.span.start : near.span.end]) is True


def test_a_quote_unlike_any_words_has_no_nearest_passage() -> None:
    assert nearest_passage("completely different words about nothing", TEXT) is None
    assert nearest_passage("", TEXT) is None
    assert nearest_passage("x", "") is None


@given(st.text("aб \n'’\"«»\xa0…-", max_size=30), st.text("aб '’…-", max_size=10))
@settings(max_examples=500)
def test_any_quote_can_be_explained(source: str, quote: str) -> None:
    near = nearest_passage(quote, source)
    assert near is None or 0 <= near.span.start <= near.span.end <= len(source)


@given(st.text("ab \n", min_size=1, max_size=30), st.data())
@settings(max_examples=500)
def test_a_longer_quote_occurs_once(source: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(source) - 1))
    end = data.draw(st.integers(start + 1, len(source)))
    words = source[start:end]
    if crosses_paragraph(Span(start, end), source) or not words.strip():
        return
    longer = unique_quote(Span(start, end), source)
    assert longer is None or source.count(longer) == 1


def test_a_quote_that_occurs_twice_is_lengthened_until_it_occurs_once() -> None:
    start = TEXT.rindex("bridge")
    longer = unique_quote(Span(start, start + 6), TEXT)
    assert longer is not None and TEXT.count(longer) == 1 and "bridge" in longer
    assert unique_quote(Span(0, 1), "a\na") is None


def test_the_rarest_words_of_a_quote_decide_where_it_is_looked_for() -> None:
    source = "the of " * 20_000 + "\nthe of a zebra of the"
    near = nearest_passage("the of a zebra of thee", source)
    assert near is not None and (near.wrong, near.instead) == ("thee", "the")
    assert source[slice(*near.span)] == "the of a zebra of the"

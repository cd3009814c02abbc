"""The tokens of a text: none is cut, whatever the script, and a row of them is found where it occurs."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.text.passages import Span
from communique.text.tokens import Source, Tokens, canonical, lower_case, tokens_of, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Mr. Ada-Lee's 2nd", ["Mr", ".", " ", "Ada", "-", "Lee", "'", "s", " ", "2nd"]),
        ("Jose\u0301s", ["Jose\u0301s"]),
        ("re\u00adport\u00ad,", ["re\u00adport", "\u00ad", ","]),
        ("a \u00a0\n b", ["a", " \u00a0\n ", "b"]),
        ("北京2015年", ["北", "京", "2015", "年"]),
        ("２０１５", ["２０１５"]),
        ("か\u3099か", ["か\u3099", "か"]),
        ("서울에서", ["서", "울", "에", "서"]),
        (unicodedata.normalize("NFD", "서울"), [unicodedata.normalize("NFD", c) for c in "서울"]),
        ("می\u200cشود", ["می\u200cشود"]),
        ("\u200fشركة\u200f ٢٠", ["\u200f", "شركة", "\u200f", " ", "٢٠"]),
        ("हिन्दी में", ["हिन्दी", " ", "में"]),
        ("ที่ ๒๕", ["ที่", " ", "๒๕"]),
        ("\u0301x_y", ["\u0301", "x", "_", "y"]),
        ("𝔸𝔹 𐐀𐐁", ["𝔸𝔹", " ", "𐐀𐐁"]),
    ],
)
def test_a_text_is_cut_between_its_words(text: str, words: list[str]) -> None:
    assert tokens_of(text).words == words


@given(st.text(max_size=60))
@settings(max_examples=500)
def test_the_tokens_of_a_text_are_all_of_it(text: str) -> None:
    tokens = tokens_of(text)
    assert "".join(tokens.words) == text
    assert [text[a:z] for a, z in zip(tokens.starts, tokens.ends, strict=True)] == tokens.words


LETTERS = st.text("ab \u0301\u00ad.-", max_size=30)


def slowly(tokens: Tokens, words: list[str], start: int, end: int) -> tuple[int, int] | None:
    """The first place of the words, by a simple search."""
    for k in range(len(tokens.words) - len(words) + 1):
        if words and tokens.words[k : k + len(words)] == words:
            a, z = tokens.starts[k], tokens.ends[k + len(words) - 1]
            if start <= a and z <= end:
                return a, z
    return None


@given(
    LETTERS, LETTERS.map(lambda t: t[:5]), st.integers(0, 30), st.integers(0, 30), st.booleans(), st.integers(-9, 30)
)
@settings(max_examples=1000)
def test_words_are_found_where_a_simple_search_finds_them(
    text: str, literal: str, start: int, end: int, indexed: bool, first: int
) -> None:
    tokens = tokens_of(text)
    words = tokens.words[first : first + 3] if first >= 0 else words_of(literal)
    with pytest.MonkeyPatch.context() as patch:
        if indexed:
            patch.setattr("communique.text.tokens._SCANNED", 0)
            patch.setattr("communique.text.tokens._TRIED", 2)
        assert tokens.find(words, start, end) == slowly(tokens, words, start, end)


def test_a_place_before_the_stretch_is_not_found_by_its_rarest_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communique.text.tokens._SCANNED", 0)
    tokens = tokens_of("a b a c a a")
    assert tokens.find(["a", " ", "b"], 2, 11) is None
    assert tokens.find(["a", " ", "c"], 2, 11) == (4, 7)
    assert tokens.find(["c", " ", "a"], 0, 8) is None


def test_a_folded_token_keeps_its_place_in_the_source() -> None:
    source = Source("\u200fThe\u00a0 Jose\u0301\u00ads re\u2011port")
    assert source.exact.find(words_of("José"), 0, 99) is None
    found = source.canonical.find(words_of("Josés"), 0, 99)
    assert found is not None and source.text[found.start : found.end] == "Jose\u0301\u00ads"
    assert source.cased.words == ["the", " ", "josés", " ", "re", "-", "port"]
    assert source.plain[0] == "the josés re-port" and list(source.plain[1]) == [0, 3, 4, 9, 10, 12, 13]


def test_a_span_is_whole_if_it_begins_and_ends_with_a_token() -> None:
    tokens = tokens_of("Mr. Sultanov")
    stretches = (Span(a, z) for a in range(13) for z in range(a + 1, 13))
    assert [tuple(s) for s in stretches if tokens.is_whole(s)] == [
        (0, 2), (0, 3), (0, 4), (0, 12), (2, 3), (2, 4), (2, 12), (3, 4), (3, 12), (4, 12),
    ]  # fmt: skip


def test_canonical_and_lower_case_forms() -> None:
    assert canonical("e\u0301\u00ad\u200b\u2060\u200e\u200f\u061c\ufeff\u2011\u2010") == "é--"
    assert canonical("\u200cx\u200d") == "\u200cx\u200d"  # these join and separate letters in Persian and Hindi
    assert lower_case("ΜΑΪ́ΟΥ İ ẞ") == lower_case("μαΐου i ß")


def test_tokens_that_no_fold_changes_are_shared_and_not_copied() -> None:
    tokens = tokens_of("No. 2‑7, 北京")
    assert tokens.map(str) is tokens
    assert tokens.map(lambda word: "".join(word)) is tokens
    assert tokens.map(str.lower).words == ["no", *tokens.words[1:]]

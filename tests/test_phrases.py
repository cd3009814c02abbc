"""Where phrases stand in a text: exactly where their pattern matches, and looked for only where a first word stands."""

from __future__ import annotations

import random
import re
from typing import Final

import pytest

from communique.compile.relations.cues import any_of, cues_of
from communique.compile.relations.phrases import Occurrences, PhraseIndex, Phrases
from tests.conftest import ROOT

LANGUAGES: Final = sorted(p.stem for p in (ROOT / "src/communique/compile/relations/cues").glob("*.json"))
SOURCES: Final = sorted((ROOT / "data/releases").glob("*/source.txt"))


def spans(hits: object) -> list[tuple[int, int]]:
    return [hit.span() for hit in hits]  # type: ignore[attr-defined]


def both(words: list[str], text: str, start: int, end: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The spans that are found, and those that the pattern alone finds."""
    phrases = Phrases(words, any_of)
    found = spans(Occurrences(text).within(phrases, start, end))
    assert found == spans(Occurrences(text, PhraseIndex([phrases])).within(phrases, start, end))
    return found, spans(phrases.pattern.finditer(text, start, end))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_cues_of_every_key_are_found_where_their_pattern_finds_them(language: str) -> None:
    cues, rng = cues_of(language), random.Random(7)
    lists = [own for key in cues.all_keys() for own in cues.of(key)] + [cues.phrases("paying"), cues.phrases("and")]
    words = [word for key in cues.all_keys() for way in ("after", "before") for word in cues.words_at("keys", key, way)]
    mixed = " ".join(rng.choice([word, word.upper(), word.title(), word + "s"]) for word in rng.choices(words, k=400))
    for text in [mixed, mixed.replace(" ", "'s "), *(source.read_text(encoding="utf-8")[:3000] for source in SOURCES)]:
        alone, indexed, found = Occurrences(text), Occurrences(text, cues.index), 0
        for own in lists:
            assert indexed.may_stand(own) == alone.may_stand(own)
            assert alone.may_stand(own) or not own.pattern.search(text)
            for _ in range(4):
                start, end = sorted(rng.choices(range(len(text) + 1), k=2))
                hits = spans(alone.within(own, start, end))
                assert hits == spans(own.pattern.finditer(text, start, end)) == spans(indexed.within(own, start, end))
                found += len(hits)
        assert found or text is not mixed


@pytest.mark.parametrize(
    "words, text",
    [
        (["'s", "of"], "Works's mill, 's mill of Works’s"),
        (["by", "paid by"], "Paid by Works; by-pass; by; bypass; BY"),
        (["founded by"], "founded in 1961 by Works, founded\nby Mock, founded and by"),
        (["–", "by"], "Works – by Mock"),
        (["_by", "a_b"], "x _by a_b"),
        (["is", "ist"], "İS ıs İST ſis ist"),
        (["straße", "kosten"], "STRAẞE Straße Koſten KOSTEN"),
        (["a"], "a b a"),
        (["um", "u.m"], "u.m. um U.M"),
    ],
)
def test_phrases_are_found_between_any_two_offsets(words: list[str], text: str) -> None:
    hits = 0
    for start in range(len(text) + 1):
        for end in range(len(text) + 2):
            ours, theirs = both(words, text, start, end)
            assert ours == theirs
            hits += len(ours)
    assert hits


class _Never:
    """A pattern that must not be asked."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError(f"the pattern is asked to {name}")


def test_a_phrase_is_not_looked_for_where_its_first_word_does_not_stand() -> None:
    phrases = Phrases(["sponsored by", "'s"], lambda _: any_of(["sponsored by"]))
    phrases.pattern = _Never()  # type: ignore[assignment]
    occurrences = Occurrences("Works built the ferry by itself; it was sponsored.")
    assert spans(occurrences.within(phrases, 0, 32)) == []
    with pytest.raises(AssertionError, match="asked to match"):
        next(occurrences.within(phrases, 0, 50))


def test_a_list_may_stand_in_a_text_that_has_a_first_word_of_it() -> None:
    by, mark, none = (Phrases(words, any_of) for words in (["paid by", "of"], ["–"], []))
    for occurrences in (Occurrences("Paid in May."), Occurrences("Paid in May.", PhraseIndex([by, mark, none]))):
        assert [occurrences.may_stand(own) for own in (by, mark, none)] == [True, True, False]
    assert not Occurrences("Unpaid, in May.").may_stand(by)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_hold_a_phrase_may_hold_one(language: str) -> None:
    cues, rng, none = cues_of(language), random.Random(7), 0
    lists = [cues.phrases("negation", way) for way in ("before", "after")]
    words = [word for way in ("before", "after") for word in cues.words_at("negation", way)]
    text = " ".join(rng.choice([word, word.upper(), word + "ed", "dam, the dam"]) for word in rng.choices(words, k=300))
    for own in lists:
        for occurrences in (Occurrences(text), Occurrences(text, cues.index)):
            for start in rng.choices(range(len(text)), k=500):
                end = min(start + rng.randrange(20), len(text))
                may = occurrences.may_begin(own, start, end)
                assert may or not own.pattern.search(text[start:end])
                none += not may
    assert none > 100


def test_words_between_two_offsets_hold_no_phrase_that_begins_outside_them() -> None:
    own = Phrases(["not"], any_of)
    occurrences = Occurrences("He did not go, not now.")
    assert [occurrences.may_begin(own, *span) for span in ((0, 6), (7, 10), (10, 14), (11, 15), (15, 18))] == [
        False, True, False, False, True
    ]  # fmt: skip
    assert occurrences.may_begin(own, 0, 5) and occurrences.may_begin(own, 12, 14)  # "di" and "o" are cut off


@pytest.mark.parametrize("letters", ["ab", "_b", "a1", "é_", "а²", "北京", "a\u0301"])
def test_an_offset_parts_a_word_where_a_pattern_sees_one_on_both_sides(letters: str) -> None:
    text = f" {letters}."
    words = [hit.span() for hit in re.finditer(r"\w+", text)]
    for offset in range(-1, len(text) + 2):
        assert Occurrences(text).parts_word(offset) == any(start < offset < end for start, end in words)


def test_phrases_of_a_list_without_words_are_found_nowhere() -> None:
    assert both([], "by Works", 0, 8) == ([], [])


def test_what_the_patterns_of_the_language_fold_is_folded_alike() -> None:
    from communique.compile.relations.phrases import folded

    letters = [chr(c) for c in (*range(0x20, 0x530), *range(0x1E00, 0x2000), *range(0x2100, 0x2190))]
    text = "".join(letters)
    for letter in letters:
        same = {hit.group() for hit in re.finditer(re.escape(letter), text, re.IGNORECASE)}
        assert {folded(one) for one in same} == {folded(letter)}


def test_the_pattern_of_a_list_is_that_of_all_its_phrases() -> None:
    words = ["by", "paid for by", "'s"]
    assert Phrases(words, any_of).pattern == any_of(words)

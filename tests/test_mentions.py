"""Where a text names things: longest names, capitals, names inside names, acronyms, scripts without spaces."""

from __future__ import annotations

import time

import pytest

from communique.text.mentions import Mention, Name, find_mentions
from communique.text.sentences import sentences_of
from communique.text.shadow import Shadow, shadow_of
from communique.text.work import Work, WorkSpentError


def found(text: str, *names: Name, language: str = "en") -> list[tuple[str, str, str]]:
    """Words, node and how of every mention."""
    mentions = find_mentions(names, text, sentences_of(text, language), language)
    return [(text[m.start : m.end], m.node, m.how) for m in mentions.all]


def name(words: str, node: str = "n", how: str = "name", *, keeps_case: bool = False, swallows: bool = True) -> Name:
    return Name(words, node, how, keeps_case, swallows)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("At the SAMPLE works today", "Sample Works"),
        ("At “Sample  Works”, today", '"Sample Works"'),
        ("At Sample\u00a0\u2009Works, today", "Sample Works"),
        ("At Jo’s Works, today", "Jo's Works"),
        ("At Sample\u2013Works, today", "Sample-Works"),
        ("At Sam\u00adple Works, today", "Sample Works"),
        ("At Jose\u0301 Works, today", "José Works"),
        ("Our Sample Works’s day", "Sample Works"),
        ("İZMİR today", "İzmir"),
    ],
)
def test_a_name_is_found_however_it_is_typed(text: str, words: str) -> None:
    assert [node for _, node, _ in found(text, name(words))] == ["n"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Samples work", "Sample"),
        ("Sample\nWorks", "Sample Works"),
        ("Sample, Works", "Sample Works"),
        ("area 51a", "51"),
        ("Проба", "Про"),
        ("מדגמים", "מדגם"),
    ],
)
def test_a_name_is_not_found_in_part_of_a_word_or_over_a_line(text: str, words: str) -> None:
    assert found(text, name(words)) == []


def test_offsets_are_those_of_the_source() -> None:
    text = "a\u00ad \t  b  Jose\u0301\u200b  Mock!"
    (mention,) = find_mentions([name("José Mock")], text, sentences_of(text, "en"), "en").all
    assert text[mention.start : mention.end] == "Jose\u0301\u200b  Mock"


def test_a_composed_letter_at_the_end_keeps_its_mark() -> None:
    text = "At Cafe\u0301."
    assert found(text, name("Café")) == [("Cafe\u0301", "n", "name")]


def test_of_one_node_the_longest_name_counts() -> None:
    names = [name("Sample Works"), name("Works", how="reference"), name("Sample Works of Mockton")]
    assert found("Sample Works of Mockton. The works grew.", *names) == [
        ("Sample Works of Mockton", "n", "name"),
        ("works", "n", "reference"),
    ]


def test_a_name_inside_the_longer_name_of_another_says_so() -> None:
    text = "The Bank of Mockton is in Mockton."
    names = [name("Bank of Mockton", "bank"), name("Mockton", "town")]
    mentions = find_mentions(names, text, sentences_of(text, "en"), "en")
    assert [m.inside for m in mentions.of("town")] == [("bank",), ()]
    assert [m.inside for m in mentions.of("bank")] == [()]


def test_a_family_name_inside_the_name_of_another_is_not_the_person() -> None:
    names = [name("Sample Works", "works"), name("Sample", "jo", "family", keeps_case=True)]
    assert found("Sample Works met Ms. Sample", *names) == [
        ("Sample Works", "works", "name"),
        ("Sample", "jo", "family"),
    ]


def test_names_around_come_from_the_shortest_to_the_longest() -> None:
    text = "Friends of the Bank of Mockton"
    names = [name("Friends of the Bank of Mockton", "f"), name("Bank of Mockton", "b"), name("Mockton", "m")]
    mentions = find_mentions(names, text, sentences_of(text, "en"), "en")
    assert [m.inside for m in mentions.of("m")] == [("b", "f")]


def test_a_name_that_swallows_nothing_leaves_the_names_inside_it_alone() -> None:
    text = "Officials from Mockton came."
    names = [name("officials from Mockton", "group", swallows=False), name("Mockton", "town")]
    assert [m.inside for m in find_mentions(names, text, sentences_of(text, "en"), "en").of("town")] == [()]


def test_the_same_words_for_two_nodes_are_a_mention_of_each() -> None:
    assert found("call Jo Mock", name("Jo Mock", "person"), name("Jo Mock", "contact")) == [
        ("Jo Mock", "contact", "name"),
        ("Jo Mock", "person", "name"),
    ]


def test_of_equal_words_for_one_node_the_surest_counts() -> None:
    assert found("Director", name("Director", how="reference"), name("Director", how="title")) == [
        ("Director", "n", "title")
    ]


def test_words_that_keep_their_case_are_found_in_it_or_in_capitals() -> None:
    long = name("Long", how="family", keeps_case=True)
    assert found("A long day for Ms. Long and MS. LONG", long) == [
        ("Long", "n", "family"),
        ("LONG", "n", "family"),
    ]


def test_an_article_of_the_name_may_be_missing_or_another() -> None:
    assert found("A new Sample Works", name("The Sample Works")) == [("Sample Works", "n", "name")]
    assert found("dem Musterwerk", name("Das Musterwerk"), language="de") == [("Musterwerk", "n", "name")]
    assert found("de l’Institut modèle", name("L'Institut modèle"), language="fr") == [
        ("l’Institut modèle", "n", "name")
    ]
    assert found("cet Institut modèle", name("L'Institut modèle"), language="fr") == [("Institut modèle", "n", "name")]


@pytest.mark.parametrize(
    "text",
    [
        "The Sample Union of Testers (SUT) met. SUT is new.",
        "The Sample Union of Testers (hereinafter “SUT”) met. SUT is new.",
        "SUT (Sample Union of Testers) met. SUT is new.",
    ],
)
def test_an_acronym_beside_the_full_name_is_a_name(text: str) -> None:
    rows = found(text, name("Sample Union of Testers"))
    assert [(words, how) for words, _, how in rows if how == "acronym"][-1] == ("SUT", "acronym")


@pytest.mark.parametrize("text", ["Jo Sample (UK) met. UK", "Sample Works (Js) met. Js", "Sample Works ( ) met."])
def test_brackets_after_a_name_that_are_no_acronym_of_it_mean_nothing(text: str) -> None:
    assert {how for *_, how in found(text, name("Jo Sample"), name("Sample Works"))} == {"name"}


def test_arabic_and_chinese_names_are_found() -> None:
    assert found("وقال معهد العينات إن", name("معهد العينات"), language="ar") == [("معهد العينات", "n", "name")]
    assert found("今天样品研究所开放。", name("样品研究所"), language="zh") == [("样品研究所", "n", "name")]


def test_an_inflected_name_is_found_unless_the_words_are_another_name() -> None:
    names = [name("Белов", "he", "family", keeps_case=True), name("Белова", "she", "family", keeps_case=True)]
    assert found("Белову и Беловой", *names, language="ru") == [
        ("Белову", "he", "inflected"),
        ("Белову", "she", "inflected"),
        ("Беловой", "she", "inflected"),
    ]
    assert found("Белова", *names, language="ru") == [("Белова", "she", "family")]


def test_an_inflected_name_does_not_run_over_a_line() -> None:
    assert found("Академии\nпроб", name("Академия проб"), language="ru") == []


def test_mentions_between_two_offsets_are_those_that_lie_there_whole() -> None:
    text = "Jo met Ann and Jo."
    mentions = find_mentions([name("Jo", "jo"), name("Ann", "ann")], text, sentences_of(text, "en"), "en")
    assert list(mentions.within(1, 18)) == [Mention(7, 10, "ann", "name"), Mention(15, 17, "jo", "name")]
    assert list(mentions.of_within("jo", 0, 16)) == [Mention(0, 2, "jo", "name")]
    assert list(mentions.of("nobody")) == []


def test_the_shadow_of_plain_text_is_itself() -> None:
    assert (shadow_of("plain text").cased, shadow_of("Plain").text) == ("plain text", "plain")
    assert Shadow("a   b").span(1, 3) == (1, 5)


@pytest.mark.parametrize(
    ("text", "is_hers"),
    [
        ("Ms. Example", True),
        ("Yesterday Dr. Example", True),
        ("The Example", True),
        ("she, Example", True),
        ("when Example", True),
        ("Chair Example", True),
        ("A. Example", True),
        ("Bob Example", False),
        ("B. Example", False),
        ("Bob-Tom Example", False),
        ("Yesterday\nExample", True),
    ],
)
def test_a_family_name_after_another_given_name_is_somebody_else(text: str, is_hers: bool) -> None:
    ann = Name("Example", "ann", "family", keeps_case=True, after=frozenset({"ann", "ms", "dr", "the", "chair"}))
    assert bool(found(text, ann)) == is_hers


@pytest.mark.parametrize("text", ["a\u00ad  b", "Jose\u0301\u200b  x  y", " \u00a0a", "ab"])
def test_the_shadow_finds_what_stands_between_two_offsets(text: str) -> None:
    shadow = Shadow(text)
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            for span in shadow.find(text[start:end], start, end):
                assert start <= span.start < span.end <= end
    assert [tuple(span) for span in Shadow("x “A”  b x").find('"a" B', 0, 11)] == [(2, 8)]
    assert list(Shadow("x “A”  b x").find('"a" B', 3, 11)) == []
    assert list(Shadow("x “A”  b x").find('"a" B', 0, 7)) == []


# ---- work


def steps(names: list[Name], text: str, language: str = "en") -> int:
    work = Work(10**9)
    find_mentions(names, text, sentences_of(text, language), language, work)
    return 10**9 - work.left


@pytest.mark.parametrize("language", ["en", "ru"])
def test_steps_grow_with_the_names_and_with_the_text_and_no_faster(language: str) -> None:
    def names(n: int) -> list[Name]:
        return [name(f"Проба Sample {k} Works", f"n{k}") for k in range(n)]

    text = "Проба Sample 7 Works opened in Mockton, Проба Sample 8 Works did not. "
    by_text = [steps(names(50), text * n, language) for n in (100, 200, 400)]
    by_names = [steps(names(n), text * 50, language) for n in (500, 1000, 2000)]
    for one, two, four in (by_text, by_names):
        assert two <= 2.2 * one
        assert four <= 4.4 * one


def test_hostile_names_spend_the_budget_and_not_the_day() -> None:
    nested = [name("a " * k + "a", f"n{k}") for k in range(300)]
    with pytest.raises(WorkSpentError):
        find_mentions(nested, "a " * 100_000, sentences_of("a " * 100_000, "en"), "en", Work())


def test_one_name_a_hundred_thousand_times_is_found_each_time() -> None:
    text = "Jo " * 100_000
    assert len(find_mentions([name("Jo")], text, sentences_of(text, "en"), "en").all) == 100_000


def test_fifty_thousand_names_of_one_spelling_stop_at_the_budget() -> None:
    names = [name("Jo", f"n{k}") for k in range(50_000)]
    with pytest.raises(WorkSpentError):
        find_mentions(names, "Jo " * 1_000, sentences_of("Jo " * 1_000, "en"), "en", Work())


def test_a_very_long_name_that_repeats_itself_is_found_in_linear_time() -> None:
    name = "x" * 300_000
    start = time.process_time()
    found = find_mentions([Name(name, "n", "name")], f"{name} y", sentences_of(f"{name} y", "en"), "en").all
    assert [mention[:2] for mention in found] == [(0, 300_000)]
    assert time.process_time() - start < 5

"""Where sentences end, in languages with tables and without."""

from __future__ import annotations

import pytest

from communique.text.sentences import sentences_of

CASES = {
    "an initial, a title and a number do not end one": (
        "en",
        ["Mr. D. Sample (b. 1912) came at 5 p.m. with Dr. Mock.", "No. 5 won.", "It weighs 3.5 kg."],
    ),
    "a word that begins sentences follows an abbreviation": ("en", ["He lives in the U.S.", "The end."]),
    "a question inside a sentence does not end it": ("en", ["“Why?” asked Ann Sample.", "Nobody knew."]),
    "marks that close stay with their sentence": ("en", ["“It is done.”", "(It was late.)", "She left."]),
    "a German ordinal, an abbreviation in two parts": (
        "de",
        ["Am 5. Mai 2019 kam z. B. Dr. Muster.", "3. Mio. Euro.", "Das war 2019.", "Der Rest fehlt."],
    ),
    "a French title": ("fr", ["M. Dupont arrive, p. ex. avec Mme X.", "Il parle."]),
    "a Russian year, town and initials": (
        "ru",
        ["Родился в 1912 г. в г. Образцове.", "В 2015 г.", "Он приехал.", "Сказал А. С. Пример и т. д.", "Вот № 5."],
    ),
    "a Kazakh year and town": ("kk", ["2019 ж. Үлгі қ. келді.", "Бұл жаңа т.б. зат.", "Ол айтты."]),
    "Arabic, Urdu": ("ar", ["هل جاء؟", "نعم۔", "ثم ذهب."]),
    "Chinese without spaces": ("zh", ["今天。", "明天！", "「好。」", "走。"]),
    "Hindi": ("hi", ["यह एक है।", "वह दो है।"]),
    "a language without a table": ("sv", ["Det regnar.", "Solen skiner!", "Ja."]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_text_has_its_sentences(case: str) -> None:
    language, expected = CASES[case]
    text = ("" if language == "zh" else " ").join(expected)
    assert [text[a:b] for a, b in sentences_of(text, language).spans] == expected


def test_no_sentence_runs_over_the_end_of_a_line() -> None:
    text = "One and\r\ntwo.  Three.\n\n  Four \n"
    assert [text[a:b] for a, b in sentences_of(text, "en").spans] == ["One and", "two.", "Three.", "Four"]


def test_an_offset_is_in_its_sentence_or_before_the_next_one() -> None:
    sentences = sentences_of("One. Two.\nThree.", "en")
    assert [sentences.at(k) for k in (0, 3, 4, 5, 9, 10, 16, 99)] == [0, 0, 1, 1, 2, 2, 2, 2]
    assert [sentences.paragraph(k) for k in (0, 1, 2)] == [range(2), range(2), range(2, 3)]


def test_a_break_inside_a_name_is_none() -> None:
    text = "Wow! Sample opened. It grew."
    joined = sentences_of(text, "en").joined([(0, 11)])
    assert [text[a:b] for a, b in joined.spans] == ["Wow! Sample opened.", "It grew."]
    assert joined.paragraph(1) == range(2)


def test_a_name_across_two_lines_joins_nothing() -> None:
    sentences = sentences_of("Sample\nWorks opened.", "en")
    assert sentences.joined([(0, 12)]).spans == sentences.spans


def test_an_empty_text_has_no_sentences() -> None:
    assert sentences_of(" \n", "en").spans == ()
    assert sentences_of("", "en").at(3) == 0


@pytest.mark.parametrize("unit", [".", ". ", "5. ", ".)", "a. ", "? ", " -", "。"])
def test_a_hostile_text_of_one_line_takes_linear_time(unit: str) -> None:
    text = unit * 200_000
    assert len(sentences_of(text, "de").spans) <= len(text)

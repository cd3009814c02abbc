"""Addresses of pages and mailboxes, however they are written."""

from __future__ import annotations

import pytest

from communique.text.webaddresses import find_address, plain_address


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("https://www.works.example/", "works.example"),
        ("HTTP://Works.Example", "works.example"),
        ("www.works.example/News/", "works.example/News"),
        ("works.example:8080/a?b=1#c", "works.example:8080/a?b=1#c"),
        ("works.example?b=1", "works.example?b=1"),
        ("mailto:Press@Works.example", "Press@works.example"),
        ("https://пример.рф/о-нас", "пример.рф/о-нас"),
        ("e.g.", ""),
        ("3.5", ""),
        ("works", ""),
        ("@works.example", ""),
        ("a..example", ""),
        ("works.example:port", ""),
        ("http://", ""),
        ("x" * 3000 + ".example", ""),
    ],
)
def test_an_address_has_one_plain_form(written: str, plain: str) -> None:
    assert plain_address(written) == plain


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("https://works.example/", "See www.works.example.", "www.works.example"),
        ("https://works.example/news", "(http://WORKS.example/news/)", "http://WORKS.example/news/"),
        ("press@works.example", "E-mail:press@works.example, tel.", "press@works.example"),
        ("https://works.example", "Web:works.example", "works.example"),
        ("https://works.example:8080/", "works.example:8080", "works.example:8080"),
        ("https://works.example/a", "works.example/A", None),
        ("https://works.example", "works.example/news", None),
        ("https://works.example", "news.works.example", None),
        ("https://works.example", "works.example.org", None),
        ("https://works.example", "press@works.example", None),
    ],
)
def test_a_text_gives_an_address_or_does_not(wanted: str, text: str, found: str | None) -> None:
    span = find_address(wanted, text, 0, len(text))
    assert (None if span is None else text[slice(*span)]) == found


def test_an_address_is_found_between_two_offsets_only() -> None:
    text = "works.example works.example works.example"
    assert find_address("works.example", text, 1, len(text)) == (14, 27)
    assert find_address("works.example", text, 15, 40) is None


@pytest.mark.parametrize("unit", ["a.", "a.b:", "www.", "a-", "@", "http://"])
def test_a_hostile_word_takes_linear_time(unit: str) -> None:
    assert find_address("works.example", unit * 300_000, 0, 300_000) is None
    assert find_address("works.example", f"{unit * 400} " * 1_000, 0, 10**6) is None

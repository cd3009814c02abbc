"""The Accept header, read as RFC 9110 says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.serve.accept import best

OFFERED = ("text/html", "text/turtle", "application/trig", "application/ld+json")


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("TEXT/Turtle", "text/turtle"),
        ("text/*", "text/html"),
        ("application/*", "application/trig"),
        ("text/turtle;q=0.95, text/html;q=0.9", "text/turtle"),
        ("text/turtle;q=0.951, text/html;q=0.95", "text/turtle"),
        ("text/html;q=0, */*", "text/turtle"),
        ("text/html;q=0, text/*", "text/turtle"),
        ("*/*;q=0.1, application/ld+json", "application/ld+json"),
        ("application/ld+json, text/turtle", "text/turtle"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened"', "application/ld+json"),
        ("text/turtle ; charset=utf-8 ; q=0.5 , text/html;q=0.4", "text/turtle"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
        ("image/png", None),
        ("*/*;q=0", None),
        ("text/turtle;q=0.000", None),
        ("nonsense", "text/html"),
        ("text/turtle;q=7, text/html;q=0.1", "text/turtle"),
        (",".join(["image/png"] * 100 + ["text/turtle"]), None),
    ],
)
def test_the_highest_quality_wins_and_the_more_specific_range_says_it(header: str, chosen: str | None) -> None:
    assert best(header, OFFERED) == chosen


@given(st.text(max_size=300))
def test_any_header_gives_an_offered_type_or_none(header: str) -> None:
    assert best(header, OFFERED) in (*OFFERED, None)

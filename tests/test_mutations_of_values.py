"""Of records in which one value was made false, none passes `compile`, but for what no words can show.

Every text, date, number, address and mark of a record is replaced by a false one of its kind, one at a time; swapped
relations are in `test_mutations`.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pyoxigraph import Literal

from communique.api import Newsroom, open_newsroom
from communique.read.release import WrittenRelease
from tests.checkout import ROOT

FORMS = ROOT / "tests" / "cases" / "newsroom" / "data"
RELEASES = {
    "2015-05-29-special-report-trafficking": ROOT / "data",
    "2024-03-05-ferry": FORMS,
    "2023-10-12-wassergesetz": FORMS,
    "2022-09-20-reka": FORMS,
}
NAMES = frozenset({"name", "alternateName", "headline", "dateline", "description", "familyName", "givenName"})
DAYS = frozenset(
    {"startDate", "endDate", "dateCreated", "foundingDate", "legislationDate", "at", "from", "until", "to"}
)
CODES = frozenset({"telephone", "email", "url", "identifier", "legislationIdentifier", "doorTime", "groupSize"})
WORDS = frozenset({"text", "quote", "verb", "reportingVerb", "title", "what", "honorificPrefix", "award"})

UNSEEN: Mapping[str, str] = {
    "planned": "a sentence may announce an event in words that no table has",
    "inferred": "what a reader concluded need not stand in the text; its reason is for the reviewer to weigh",
}
"""The kinds of false values that nothing catches, and why."""

Path = tuple[Any, ...]


def leaves(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """The values of a record with their paths, without evidence, ids and references."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in (
                "evidence",
                "note",
                "referredToAs",
                "id",
                "type",
                "@context",
                "ignore",
                "reviewed",
                "schedule",
            ):
                yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for k, inner in enumerate(value):
            yield from leaves(inner, (*path, k))
    elif not path or path[-1] != "@type":
        yield path, value


def key_of(path: Path) -> str:
    return next(step for step in reversed(path) if isinstance(step, str) and not step.startswith("@"))


def kind_of(path: Path) -> str:
    """The kind of a value, by which false ones are counted; "" if it is a reference or held by a rule of relations."""
    key, is_figure = key_of(path), "figures" in path
    if is_figure and key in ("value", "unit", "comparison"):
        return f"figure {key}"
    for kind, keys in (("name", NAMES), ("day", DAYS), ("code", CODES), ("words", WORDS), ("planned", {"planned"})):
        if key in keys:
            return kind
    return ""


def false_of(kind: str, key: str, value: Any) -> Any:
    """A false value near to a true one: the next digit, another unit or comparison, another word."""
    if kind == "planned":
        return not value
    if key == "what":
        return "bottles"
    if kind == "figure unit":
        return "USD" if value not in ("USD", "$") else "EUR"
    if kind == "figure comparison":
        return "less than" if value not in ("less than", "under") else "more than"
    text = str(value)
    digit = re.search(r"[0-9](?=[^0-9]*$)", text)
    if kind in ("day", "code", "figure value") and digit is not None:
        return text[: digit.start()] + {"9": "1", "1": "2"}.get(digit[0], chr(ord(digit[0]) + 1)) + text[digit.end() :]
    if kind == "code":
        return (
            text.replace("press@", "post@").replace("presse@", "post@").replace("www.", "www.x").replace("://", "://x")
        )
    first, _, rest = text.partition(" ")
    return f"{first}x {rest}" if rest else f"{first}x"


def changed(record: Mapping[str, Any], path: Path, value: object) -> dict[str, Any]:
    copied = copy.deepcopy(dict(record))
    at: Any = copied
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return copied


@cache
def newsroom_of(slug: str) -> tuple[Newsroom, WrittenRelease]:
    newsroom = open_newsroom(RELEASES[slug])
    return newsroom, next(one for one in newsroom.folder.releases() if one.slug == slug)


@cache
def outcome(slug: str) -> tuple[Counter[str], list[tuple[str, str, str]]]:
    """How many false values were put in, by kind, and which of them nothing caught: kind, key, value."""
    newsroom, written = newsroom_of(slug)
    assert written.record is not None
    true = newsroom.compile(written)
    assert {finding.severity for finding in true.findings} <= {"info"}
    inferred = {quad.object.value for quad in true.inferred if isinstance(quad.object, Literal)}
    beside = {(path[:-1], value) for path, value in leaves(written.record)}
    made: Counter[str] = Counter()
    passed: list[tuple[str, str, str]] = []
    for path, value in leaves(written.record):
        kind = kind_of(path)
        if not kind:
            continue
        false = false_of(kind, key_of(path), value)
        assert false != value, path
        if (path[:-1], false) in beside:
            continue  # the next number of the same list
        kind = "inferred" if value in inferred and kind == "name" else kind
        made[kind] += 1
        record = changed(written.record, path, false)
        if len(newsroom.compile(replace(written, record=record)).findings) <= len(true.findings):
            passed.append((kind, key_of(path), str(value)))
    return made, passed


@pytest.mark.parametrize("slug", RELEASES)
def test_no_false_value_passes_but_those_that_no_words_can_show(slug: str) -> None:
    made, passed = outcome(slug)
    assert [row for row in passed if row[0] not in UNSEEN] == []
    assert made["name"] >= 15
    assert made["words"] > 10
    assert len([row for row in passed if row[0] == "planned"]) <= 1


SWAPPED = frozenset(
    {"title", "value", "what", "telephone", "email", "startDate", "at", "verb", "honorificPrefix", "url"}
)


@pytest.mark.parametrize("slug", RELEASES)
def test_no_value_passes_in_the_place_of_another_of_its_kind(slug: str) -> None:
    newsroom, written = newsroom_of(slug)
    assert written.record is not None
    true = len(newsroom.compile(written).findings)
    known = [(path, value) for path, value in leaves(written.record) if key_of(path) in SWAPPED and path[-1] != "@type"]
    passed: list[tuple[Path, object, object]] = []
    made = 0
    for path, value in known:
        for other in dict.fromkeys(v for p, v in known if key_of(p) == key_of(path) and v != value):
            if any(v == other and p[:-1] == path[:-1] for p, v in known):
                continue  # another number of the same list
            made += 1
            if len(newsroom.compile(replace(written, record=changed(written.record, path, other))).findings) <= true:
                passed.append((path, value, other))
    assert made > 10
    assert [row for row in passed if str(row[1]).lower() != str(row[2]).lower()] == []

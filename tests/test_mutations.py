"""Of facts that were made false by swapping values none passes where a rule is strict; true ones are found."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from communique.api import Newsroom, open_newsroom
from communique.read.release import WrittenRelease, build_release
from tests.checkout import ROOT
from tests.generated import write_generated
from tests.mutations import Tally, mutate, swap_keys

TEXTS = sorted((ROOT / "tests" / "data" / "relations").glob("*.yaml"))
STRICT = ("speaker", "verb", "role", "place", "date", "party", "other")


def newsroom_tally(newsroom: Newsroom) -> Tally:
    tally = Tally()
    dataset = newsroom.dataset
    for release in newsroom.folder.releases():
        known = newsroom.registry.entities
        mutate(release, tally, base=dataset.base, language=dataset.language, registry=known)
    return tally


@cache
def tally_of(name: str) -> Tally:
    data = {"first": ROOT / "data", "archive": ROOT / "tests" / "cases" / "archive" / "data"}[name]
    return newsroom_tally(open_newsroom(data))


def written(path: Path) -> tuple[WrittenRelease, str]:
    """A release of `TEXTS` and its language; every value of its record is text."""
    document: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    record = {"@context": "context.jsonld", "graph": document["graph"]}
    return build_release("x", document["source"], record, path, 1), document["language"]


@cache
def texts_tally() -> Tally:
    tally = Tally()
    for path in TEXTS:
        release, language = written(path)
        mutate(release, tally, base="https://news.example/id/", language=language, registry={})
    return tally


@pytest.mark.parametrize("name", ["first", "archive"])
def test_no_swapped_value_passes_where_a_rule_is_strict(name: str) -> None:
    tally = tally_of(name)
    assert sum(tally.false[kind] for kind in STRICT) > 300
    assert tally.accepted(*STRICT) == []


@pytest.mark.parametrize("name", ["first", "archive"])
def test_every_true_relation_is_accepted_as_its_author_quotes_it(name: str) -> None:
    tally = tally_of(name)
    assert tally.held == tally.true


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("first", {"speaker": 1.0, "verb": 1.0, "role": 1.0, "place": 0.85, "date": 1.0, "about": 0.9, "party": 0.45}),
        ("archive", {"speaker": 1.0, "verb": 1.0, "role": 1.0, "place": 0.8, "date": 0.6, "about": 0.8, "party": 0.63}),
    ],
)
def test_most_true_relations_find_their_words(name: str, least: dict[str, float]) -> None:
    tally = tally_of(name)
    assert {kind: tally.recall(kind) for kind, share in least.items() if tally.recall(kind) < share} == {}


SAID = {
    "first": {
        ("2015-05-29-special-report-trafficking", "human-rights"),  # in the headline, which the record reads otherwise
        ("2015-05-29-special-report-trafficking", "victims-of-trafficking"),
        ("2015-05-29-special-report-trafficking", "vulnerability"),
        ("special-report-migrants-rights-2013", "trafficking-in-persons"),  # right before it in its sentence
        ("statement-abishev-2", "audience-local-authorities"),  # all others stand in the words of the statement
        ("statement-abishev-2", "group-ngos"),
        ("statement-baysakova-2", "ngo-researches-and-reports"),
        ("statement-baysakova-2", "special-report-trafficking-2014"),
        ("statement-continue-efforts", "group-identification-actors"),
        ("statement-continue-efforts", "group-vulnerable-individuals"),
        ("statement-kerimova-1", "group-migrant-workers"),
        ("statement-kerimova-2", "human-rights"),
    },
    "archive": {
        ("2018-03-12-wells-report", "sample-testing"),  # the report "deals with … and with sample testing"
        ("2018-09-20-testers-forum", "invitation"),  # named in the lead, as all that follow
        ("2019-11-08-paper-rivers", "launch-2017"),
        ("2019-11-08-paper-rivers", "testania-order-12"),
        ("2020-03-02-national-samples-report", "exampleland-decree-7"),
        ("2020-03-02-national-samples-report", "water-quality"),
        ("2020-03-02-sample-archive", "press-release"),  # it mentions the word, at its beginning
        ("2020-10-14-probograd", "mockovia-resolution-5"),
        ("2021-04-22-two-reports", "launch-2018"),
        ("2021-04-22-two-reports", "mockovia-order-31"),
        ("2021-04-22-two-reports", "paper-rivers"),
        ("2021-04-22-two-reports", "testania-order-12"),
        ("2021-07-notice-to-editors", "institute"),
    },
}
"""Swapped topics that pass, node and value: the same words name them as well, and the record lists them elsewhere."""


@pytest.mark.parametrize("name", ["first", "archive"])
def test_swapped_topics_that_pass_are_said_in_the_same_words(name: str) -> None:
    wrong = tally_of(name).accepted("about")
    assert {(node, value) for _, node, _, value, _ in wrong} <= SAID[name]
    assert len([row for row in wrong if row[4] == "held"]) <= 3


def test_ten_releases_in_five_languages_find_all_and_accept_nothing_false_but_topics() -> None:
    assert len(TEXTS) == 10
    tally = texts_tally()
    assert tally.missed == []
    assert [row for row in tally.wrong if row[0] != "about"] == []
    assert len(tally.accepted("about")) <= 2
    assert sum(tally.false.values()) > 300


def test_thirty_generated_releases_accept_nothing_false_but_topics(tmp_path: Path) -> None:
    tally = newsroom_tally(open_newsroom(write_generated(tmp_path, 30)))
    assert tally.accepted(*STRICT) == []
    assert tally.held == tally.true
    assert tally.recall("speaker", "verb", "role") == 1


def test_nobody_is_related_owned_born_or_closed_because_a_sentence_names_both() -> None:
    tried, accepted = 0, []
    for path in TEXTS:
        release, language = written(path)
        made, wrong = swap_keys(release, base="https://news.example/id/", language=language)
        tried += made
        accepted += [(path.stem, *row) for row in wrong]
    assert tried > 100
    said = [
        ("court", "sorrel", "schema:owns", "harrow"),  # "The company belongs to the Sorrel Group"
        ("quarter", "lindner", "foundingDate", "1921"),  # what their records say too
        ("streets", "scheme", "foundingDate", "2022"),
    ]
    assert accepted == said

"""An event known by its quarter, half or season keeps just that, from the record to files and pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.api import open_newsroom
from communique.drawing.facts import Facts
from communique.drawing.timeline import read_dated
from communique.publish.build import build
from communique.publish.words import Words
from communique.terms import CMQ, EDTF, SCHEMA, TYPE, XSD
from communique.text.yearparts import CODES, dates_and_parts_of, end_of_part, is_winter, part_of_year
from tests.publications import built_once, write_newsroom
from tests.test_forms_on_pages import DATASET, text_of
from tests.test_sisters import findings

EVENTS = {
    "fair": ("Dam Fair", "2027-Q3", "The Dam Fair will be held in the third quarter of 2027."),
    "race": ("Dam Race", "2027-autumn", "The Dam Race will be held in autumn 2027."),
    "show": ("Dam Show", "2028-winter", "The Dam Show will be held in winter 2028."),
    "gala": ("Dam Gala", "2026-H2", "The Dam Gala will be held in the second half of 2026."),
}


@pytest.fixture(scope="session")
def seasons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of a release on events that are known by parts of years."""

    def write(folder: Path) -> None:
        text = " ".join(sentence for _, _, sentence in EVENTS.values())
        events = [f"event/{key}" for key in EVENTS]
        nodes: list[dict[str, Any]] = [
            {"id": f"event/{key}", "type": "Event", "name": name, "partOfYear": part, "planned": True}
            for key, (name, part, _) in EVENTS.items()
        ]
        root = {"id": "release/dam", "type": "PressRelease", "headline": "Dam opened", "about": events}
        root["dateline"] = "Sampletown, February 3, 2024"
        source = f"Dam opened\nSampletown, February 3, 2024. {text}\n"
        data = write_newsroom(folder, DATASET, source, [root, *nodes])
        outcome = build(open_newsroom(data), folder / "public", jobs=1)
        assert [(f.code, f.message) for f in outcome.findings if "id/event" in str(f.focus)] == []

    yield from built_once("seasons", write, tmp_path_factory)


@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
def test_files_give_the_part_and_by_rule_the_year(seasons: Path, suffix: str) -> None:
    given = {
        (key, quad.predicate.value, quad.object)
        for key in EVENTS
        for quad in ox.parse(path=seasons / "event" / key / f"index.{suffix}")
        if quad.predicate.value in (CMQ + "partOfYear", SCHEMA + "startDate")
    }
    edtf, year = ox.NamedNode(EDTF), ox.NamedNode(XSD + "gYear")
    assert given == {
        ("fair", CMQ + "partOfYear", ox.Literal("2027-35", datatype=edtf)),
        ("fair", SCHEMA + "startDate", ox.Literal("2027", datatype=year)),
        ("race", CMQ + "partOfYear", ox.Literal("2027-23", datatype=edtf)),
        ("race", SCHEMA + "startDate", ox.Literal("2027", datatype=year)),
        ("show", CMQ + "partOfYear", ox.Literal("2028-24", datatype=edtf)),
        ("gala", CMQ + "partOfYear", ox.Literal("2026-41", datatype=edtf)),
        ("gala", SCHEMA + "startDate", ox.Literal("2026", datatype=year)),
    }


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("index.html", ["third quarter of 2027", "autumn 2027", "winter 2028", "second half of 2026"]),
        ("index.ru.html", ["третий квартал 2027 г.", "осень 2027 г.", "зима 2028 г.", "вторая половина 2026 г."]),
        ("index.kk.html", ["2027 жылғы үшінші тоқсан", "2027 жылғы күз", "2028 жылғы қыс"]),
    ],
)
def test_pages_say_the_part_in_words(seasons: Path, page: str, shown: list[str]) -> None:
    for key, words in zip(EVENTS, shown, strict=False):
        assert words in text_of(seasons, f"event/{key}/{page}")
        assert "2027-35" not in text_of(seasons, f"event/{key}/{page}")
    release = text_of(seasons, f"release/dam/{page}")
    assert release.index(shown[0]) < release.index("Dam opened", 200)  # in short, above the text


@pytest.mark.parametrize(
    ("page", "given", "year_only"),
    [
        ("index.html", "Given: third quarter of 2027; the whole year is drawn.", "Only the year"),
        ("index.ru.html", "Указано: третий квартал 2027 г.; показан весь год.", "только год"),
        ("index.kk.html", "Берілгені: 2027 жылғы үшінші тоқсан; бүкіл жыл көрсетілген.", "Тек жылы"),
    ],
)
def test_timelines_say_the_part_and_not_that_only_the_year_is_given(
    seasons: Path, page: str, given: str, year_only: str
) -> None:
    shown = text_of(seasons, f"release/dam/{page}")
    assert given in shown and year_only not in shown


def test_a_part_of_another_release_or_year_is_not_combined_with_the_year() -> None:
    def quads(*releases: tuple[str, str, ox.Literal]) -> list[ox.Quad]:
        event, graph = ox.NamedNode("https://example.org/id/event/fair"), "https://example.org/release/{}#stated"
        kind = ox.Quad(event, ox.NamedNode(TYPE), ox.NamedNode(SCHEMA + "Event"), ox.NamedNode(graph.format("a")))
        facts = [ox.Quad(event, ox.NamedNode(p), o, ox.NamedNode(graph.format(r))) for r, p, o in releases]
        return [kind, *facts]

    year = ox.Literal("2027", datatype=ox.NamedNode(XSD + "gYear"))
    part = ox.Literal("2027-35", datatype=ox.NamedNode(EDTF))
    for other, parts in (("a", ("2027-35",)), ("b", ())):
        given = quads(("a", SCHEMA + "startDate", year), (other, CMQ + "partOfYear", part))
        assert [one.parts for one in read_dated(Facts(given), lambda iri: (iri, ""))] == [parts]
    other_year = ox.Literal("2028-35", datatype=ox.NamedNode(EDTF))
    given = quads(("a", SCHEMA + "startDate", year), ("a", CMQ + "partOfYear", other_year))
    assert [one.parts for one in read_dated(Facts(given), lambda iri: (iri, ""))] == [()]


def test_what_search_engines_read_gives_the_year_and_no_day(seasons: Path) -> None:
    found = (seasons / "event" / "fair" / "page.jsonld").read_text(encoding="utf-8")
    assert '"2027"' in found and "2027-" not in found


def problems(extra: dict[str, Any], dateline: str, sentence: str) -> list[str]:
    """The codes of what is wrong with an event in a release of a day."""
    case = {"language": "en", "release": {"dateline": dateline}, "text": f"{dateline}. {sentence}", "all": []}
    node = {"id": "event/fair", "type": "Event", "name": "Dam Fair", **extra}
    return [finding.code for finding in findings(case, [node])]


@pytest.mark.parametrize(
    ("part", "sentence", "planned", "codes"),
    [
        ("2024-Q4", "The Dam Fair is in the fourth quarter of 2024.", False, ["not-planned"]),
        ("2024-Q4", "The Dam Fair is in the fourth quarter of 2024.", True, []),
        ("2024-Q1", "The Dam Fair was in the first quarter of 2024.", True, ["not-grounded"]),
        ("2024-Q1", "The Dam Fair was in the first quarter of 2024.", False, []),
        ("2024-summer", "The Dam Fair was in summer 2024.", False, []),
        ("2025-summer", "The Dam Fair is in summer 2025.", False, ["not-planned"]),
        ("2023-summer", "The Dam Fair was in summer 2023.", True, ["not-grounded"]),
    ],
)
def test_a_part_of_a_year_is_before_or_after_the_release(
    part: str, sentence: str, planned: bool, codes: list[str]
) -> None:
    extra: dict[str, Any] = {"partOfYear": part} | ({"planned": True} if planned else {})
    assert problems(extra, "MOCKTON, 3 June 2024", sentence) == codes


@pytest.mark.parametrize("part", ["2027-Q4", "2027-H2", "2027-summer", "2027-autumn", "2027-winter"])
def test_a_finding_names_the_part_as_its_author_wrote_it(part: str) -> None:
    text = "MOCKTON, 3 June 2024. The Dam Fair will be held in the third quarter of 2027."
    case = {"language": "en", "release": {"dateline": "MOCKTON, 3 June 2024"}, "text": text, "all": []}
    node = {"id": "event/fair", "type": "Event", "name": "Dam Fair", "planned": True, "partOfYear": part}
    messages = [finding.message for finding in findings(case, [node])]
    assert f"the words do not say that partOfYear of event/fair is '{part}'" in messages


def test_the_year_gives_way_to_what_the_author_writes_and_is_inferred_with_the_part() -> None:
    sentence = "The Dam Fair will be held in the third quarter of 2027."
    for extra in ({"startDate": "2027"}, {}):
        assert problems({"partOfYear": "2027-Q3", "planned": True, **extra}, "MOCKTON, 3 June 2024", sentence) == []


@pytest.mark.parametrize(
    ("language", "text", "parts"),
    [
        ("en", "in Q3 2027, 3Q 2028, Q2/2028 and H1 2029", ["2027-35", "2028-35", "2028-34", "2029-40"]),
        ("en", "the fall of the town in 2027; Spring Road 2027; offspring 2027", []),
        ("en", "winter 2026/27 and winter 2026–27", []),
        ("en", "the third quarter of the year 2027", ["2027-35"]),
        ("de", "im III. Quartal 2027, im Sommer des Jahres 2028", ["2027-35", "2028-22"]),
        ("fr", "au T2 2027 et à l'été 2028", ["2027-34", "2028-22"]),
        ("ru", "в 1-м квартале 2027 года, зимой 2028 года", ["2027-33", "2028-24"]),
        ("kk", "2027 жылғы көктемде, 2028 жылдың екінші жартысында", ["2027-21", "2028-41"]),
        ("x-none", "summer 2027", []),
    ],
)
def test_parts_of_years_are_read_in_the_language_of_the_text(language: str, text: str, parts: list[str]) -> None:
    assert [one.date for one in dates_and_parts_of(text, language).all if len(one.date) == 7] == parts


def test_a_part_is_written_in_one_of_two_ways() -> None:
    ways = [
        "2027-Q1",
        "2027-H1",
        "2027-spring",
        "2027-fall",
        "2027-41",
        "2027-Q5",
        "2027-H3",
        "2027-12",
        "27-Q1",
        "2027",
    ]
    assert [part_of_year(way) for way in ways] == ["2027-33", "2027-40", "2027-21", "2027-23", "2027-41", *[""] * 5]
    assert [end_of_part(f"2027-{code}")[5:] for code in CODES] == ["", "", "", "", "03", "06", "09", "12", "06", "12"]
    assert [code for code in CODES if is_winter(f"2027-{code}")] == ["24"]


def test_every_part_has_words() -> None:
    shown = {Words(language).day(f"2027-{code}") for code in CODES for language in ("en", "ru", "kk")}
    assert len(shown) == 3 * len(CODES) and all("2027" in words and "2027-" not in words for words in shown)

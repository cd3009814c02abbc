"""A publication or an act whose month or year alone is known keeps just that, from the record to files and pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.api import open_newsroom
from communique.compile.page import _is_before
from communique.publish.build import build
from communique.terms import SCHEMA, XSD
from tests.publications import built_once
from tests.test_forms_on_pages import DATASET, text_of

TEXTS = {
    "en": (
        "Sampletown, 2 May 2026. The report Clear Streams was published in March 2025. "
        "The Harbour Lights Act was passed in 2022.",
        ("Clear Streams", "Harbour Lights Act"),
    ),
    "de": (
        "Der Bericht Klare Bäche erschien im März 2025. Das Laternengesetz wurde 2022 verabschiedet.",
        ("Klare Bäche", "Laternengesetz"),
    ),
    "fr": (
        "Le rapport Ruisseaux clairs a été publié en mars 2025. La loi Lanternes a été adoptée en 2022.",
        ("Ruisseaux clairs", "loi Lanternes"),
    ),
    "ru": (
        "Доклад «Чистые ручьи» опубликован в марте 2025 года. Закон о фонарях принят в 2022 году.",
        ("Чистые ручьи", "Закон о фонарях"),
    ),
    "kk": (
        "«Таза бұлақтар» баяндамасы 2025 жылғы наурызда жарияланды. Шамдар туралы заң 2022 жылы қабылданды.",
        ("Таза бұлақтар", "Шамдар туралы заң"),
    ),
}


def record_of(language: str, *, published: str = "2025-03", dated: str = "2022") -> dict[str, Any]:
    report, act = TEXTS[language][1]
    root = {"id": f"release/{language}", "type": "PressRelease", "headline": "News"}
    root |= {"about": f"work/{language}"} | ({"dateline": "Sampletown, 2 May 2026"} if language == "en" else {})
    return {
        "@context": ["context.jsonld", {"@language": language}],
        "graph": [
            {**root, "mentions": f"legislation/{language}"},
            {"id": f"work/{language}", "type": "Report", "name": report, "datePublished": published},
            {"id": f"legislation/{language}", "type": "Legislation", "name": act, "legislationDate": dated},
        ],
    }


def write_newsroom(folder: Path, **dates: str) -> Path:
    (folder / "data" / "entities").mkdir(parents=True)
    (folder / "data" / "dataset.yaml").write_text(DATASET, encoding="utf-8")
    entity = "graph:\n- {id: org/council, type: Organization, name: Dam Council}\n"
    (folder / "data" / "entities" / "a.yaml").write_text(entity, encoding="utf-8")
    for language in TEXTS:
        release = folder / "data" / "releases" / language
        release.mkdir(parents=True)
        (release / "source.txt").write_text(f"News\n{TEXTS[language][0]}\n", encoding="utf-8")
        (release / "record.yaml").write_text(json.dumps(record_of(language, **dates)), encoding="utf-8")
        page = {"datePublished": {"value": "2026-05", "origin": "the foot of the page"}}
        (release / "page.json").write_text(json.dumps(page), encoding="utf-8")
    return folder / "data"


@pytest.fixture(scope="session")
def coarse_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of five releases whose dates are months and years."""

    def write(folder: Path) -> None:
        outcome = build(open_newsroom(write_newsroom(folder)), folder / "public", jobs=1)
        assert [f for f in outcome.findings if f.severity == "violation"] == []

    yield from built_once("coarse", write, tmp_path_factory)


@pytest.mark.parametrize("suffix", ["ttl", "jsonld"])
@pytest.mark.parametrize("language", TEXTS)
def test_files_give_a_month_and_a_year_as_such(coarse_site: Path, language: str, suffix: str) -> None:
    files = [coarse_site / kind / language / f"index.{suffix}" for kind in ("work", "legislation", "release")]
    given = {
        (quad.predicate.value, quad.subject.value.rsplit("/", 2)[-2], quad.object)
        for file in files
        for quad in ox.parse(path=file)
        if quad.predicate.value in (SCHEMA + "datePublished", SCHEMA + "legislationDate")
    }
    month, year = (ox.NamedNode(XSD + name) for name in ("gYearMonth", "gYear"))
    assert given == {
        (SCHEMA + "datePublished", "work", ox.Literal("2025-03", datatype=month)),
        (SCHEMA + "datePublished", "release", ox.Literal("2026-05", datatype=month)),
        (SCHEMA + "legislationDate", "legislation", ox.Literal("2022", datatype=year)),
    }


@pytest.mark.parametrize("language", TEXTS)
def test_pages_and_what_they_tell_search_engines_give_no_day(coarse_site: Path, language: str) -> None:
    for page, month in (("index.html", "March 2025"), ("index.ru.html", "март 2025"), ("index.kk.html", "2025")):
        assert month in text_of(coarse_site, f"work/{language}/{page}")
        assert "2022" in text_of(coarse_site, f"legislation/{language}/{page}")
    report = (coarse_site / "work" / language / "page.jsonld").read_text(encoding="utf-8")
    act = (coarse_site / "legislation" / language / "page.jsonld").read_text(encoding="utf-8")
    assert '"2025-03"' in report and "2025-03-" not in report
    assert '"2022"' in act and "2022-" not in act
    assert "May 2026" in text_of(coarse_site, f"release/{language}/index.html")


def test_the_feed_gives_no_moment_of_a_publication_whose_day_is_unknown(coarse_site: Path) -> None:
    feed = (coarse_site / "feed.atom").read_text(encoding="utf-8")
    assert feed.count("<entry") == 1 and "<published>" not in feed and "2026-05T" not in feed


@pytest.mark.parametrize(("key", "value"), [("published", "2025-04"), ("published", "2025-13"), ("dated", "2021")])
def test_a_month_or_year_that_the_text_does_not_give_is_refused(tmp_path: Path, key: str, value: str) -> None:
    newsroom = open_newsroom(write_newsroom(tmp_path, **{key: value}))
    outcome = build(newsroom, tmp_path / "public", jobs=1)
    at_fault = {f.file.split("/")[-2] for f in outcome.findings if f.severity == "violation" and f.file}
    assert at_fault == set(TEXTS) and not (tmp_path / "public").exists()


def test_a_page_of_an_earlier_month_or_year_is_before_the_dateline() -> None:
    assert _is_before("2020-01", "2020-02-03") and _is_before("2019", "2020-02-03")
    assert not _is_before("2020-02", "2020-02-03") and not _is_before("2020", "2020-02-03")
    assert not _is_before("2020-13", "2021-02-03") and not _is_before("0000", "2021-02-03")

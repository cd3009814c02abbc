"""Terms of schema.org without keys of their own, from the record to every page, file and answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.api import Newsroom, open_newsroom
from communique.export.pagejson import build_page
from communique.publish.build import build
from communique.publish.words import Words
from communique.schemaorg import label_of
from communique.terms import SCHEMA, TYPE
from tests.conftest import BASE
from tests.test_export_rdf import READ_BY_OXIGRAPH

SLUG = "2031-03-03-pump"
TEXT = """\
Sample Works presents the Sample Pump

SAMPLETOWN, March 3, 2031 – Sample Works, a company from Sampletown, presents the Sample Pump, owned by Other Works.
The Sample Pump weighs 12 kg and won the Golden Drop. It follows the Older Pump.
The Sample Pump costs 99 euros.
A model of the Sample Pump exists.
The river cafe serves guests during the fair, which was postponed. The fair lasts 90 minutes. Entry is free.
"""
GRAPH: list[dict[str, Any]] = [
    {
        "id": f"release/{SLUG}",
        "type": ["NewsArticle", "PressRelease"],
        "headline": "Sample Works presents the Sample Pump",
        "dateline": "SAMPLETOWN, March 3, 2031",
        "about": ["thing/pump", "event/fair"],
        "evidence": {
            "*": "Sample Works presents the Sample Pump",
            "dateline": "SAMPLETOWN, March 3, 2031",
            "about": {"event/fair": "the fair, which was postponed"},
        },
    },
    {
        "id": "thing/pump",
        "type": "schema:Product",
        "name": "Sample Pump",
        "schema:owner": "org/other",
        "schema:isRelatedTo": "thing/older",
        "schema:weight": "12 kg",
        "schema:offers": {
            "id": "this:offer",
            "type": "schema:Offer",
            "schema:price": "99",
            "evidence": "costs 99 euros",
        },
        "schema:award": "Golden Drop",
        "evidence": {
            "*": "the Sample Pump, owned by Other Works",
            "schema:owner": "owned by Other Works",
            "schema:isRelatedTo": "It follows the Older Pump",
            "schema:weight": "weighs 12 kg",
            "schema:award": "won the Golden Drop",
            "schema:offers": "The Sample Pump costs 99 euros",
        },
    },
    {"id": "thing/older", "type": "schema:Product", "name": "Older Pump", "evidence": "follows the Older Pump"},
    {"id": "org/other", "type": "schema:Corporation", "name": "Other Works", "evidence": "owned by Other Works"},
    {"id": "org/cafe", "type": "schema:Restaurant", "name": "river cafe", "evidence": "The river cafe serves guests"},
    {
        "id": "work/model",
        "type": "schema:3DModel",
        "name": "model",
        "schema:isBasedOn": "thing/pump",
        "evidence": {
            "*": "A model of the Sample Pump exists",
            "schema:isBasedOn": "model of the Sample Pump",
        },
    },
    {
        "id": "event/fair",
        "type": "Event",
        "name": "fair",
        "startDate": "2031-03-03",
        "schema:eventStatus": "schema:EventPostponed",
        "schema:isAccessibleForFree": True,
        "schema:eventAttendanceMode": "schema:OnlineEventAttendanceMode",
        "schema:duration": "PT90M",
        "evidence": {
            "*": "the fair, which was postponed",
            "startDate": {"inferred": "March 3, 2031", "why": "the only day of the text"},
            "schema:eventStatus": "which was postponed",
            "schema:eventAttendanceMode": {"inferred": "Entry is free", "why": "a test of a member of an enumeration"},
            "schema:isAccessibleForFree": {"inferred": "Entry is free", "why": "what is free costs nothing"},
            "schema:duration": {"inferred": "lasts 90 minutes", "why": "90 minutes as ISO 8601 writes them"},
        },
    },
]


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    folder = tmp_path_factory.mktemp("terms") / "data"
    release = folder / "releases" / SLUG
    release.mkdir(parents=True)
    dataset = {
        "title": "Works",
        "base": BASE,
        "language": "en",
        "interface": ["en", "ru", "kk"],
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    (folder / "dataset.yaml").write_text(json.dumps(dataset))
    (release / "source.txt").write_text(TEXT)
    (release / "record.yaml").write_text(json.dumps({"@context": "context.jsonld", "graph": GRAPH}, ensure_ascii=False))
    return open_newsroom(folder)


@pytest.fixture(scope="module")
def public(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("public") / "public"
    build(newsroom, out, jobs=1)
    return out


def rows(page: Path) -> list[str]:
    """The rows of facts on a page, as text with the language of labels and values."""
    found = re.findall(r'<li[^>]*class="f[^>]*>(.*?)</li>', page.read_text(encoding="utf-8"), re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<(?!/?b|bdi)[^>]*>", "", row)).strip() for row in found]


def test_the_record_has_no_violation(newsroom: Newsroom) -> None:
    assert [f.message for f in newsroom[SLUG].check() if f.severity == "violation"] == []


@pytest.mark.parametrize(
    ("page", "row"),
    [
        ("thing/pump/index.html", '<b class="p">award:</b> <bdi class="v">Golden Drop</bdi>'),
        ("thing/pump/index.html", '<b class="p">owner:</b> <bdi>Other Works</bdi>'),
        ("thing/pump/index.html", '<b class="p">kind:</b> <bdi class="v">product</bdi>'),
        ("thing/pump/index.ru.html", '<b class="p" lang="en">weight:</b> <bdi class="v" lang="en">12 kg</bdi>'),
        ("thing/pump/index.kk.html", '<b class="p">түрі:</b> <bdi class="v" lang="en">product</bdi>'),
        ("org/other/index.html", '<b class="p">given as “owner” of:</b> <bdi>Sample Pump</bdi>'),
        ("org/other/index.ru.html", '<b class="p" lang="en">given as “owner” of:</b>'),
        ("org/cafe/index.html", '<b class="p">kind:</b> <bdi class="v">restaurant</bdi>'),
        ("event/fair/index.html", '<b class="p">duration:</b> <bdi class="v">1 hour 30 minutes</bdi>'),
        ("event/fair/index.ru.html", '<bdi class="v">1 час 30 минут</bdi>'),
        ("event/fair/index.html", '<b class="p">is accessible for free:</b> <bdi class="v">yes</bdi>'),
        ("event/fair/index.html", "online event attendance mode"),
        ("work/model/index.html", '<b class="p">kind:</b> <bdi class="v">3D model</bdi>'),
        ("thing/pump/index.html", '<b class="p">offers:</b> <bdi>offer</bdi>'),
        (f"release/{SLUG}/index.html", '<b class="p">is related to:</b> <bdi>Older Pump</bdi>'),
    ],
)
def test_a_page_shows_a_term_by_its_label(public: Path, page: str, row: str) -> None:
    assert any(row in shown for shown in rows(public / page)), rows(public / page)


def test_the_newsroom_lists_things_of_other_classes(public: Path) -> None:
    front = (public / "index.html").read_text(encoding="utf-8")
    assert '<h2 id="things">' in front or 'id="things"' in front
    assert "Sample Pump" in front
    assert 'id="s-things"' in (public / f"release/{SLUG}/index.html").read_text(encoding="utf-8")


def terms_in(quads: Iterable[ox.Quad]) -> set[str]:
    """The names of the properties and classes of schema.org that some quads use."""
    pairs = [(q.predicate.value, q.object) for q in quads]
    found = {p for p, _ in pairs} | {o.value for p, o in pairs if p == TYPE and isinstance(o, ox.NamedNode)}
    return {iri.removeprefix(SCHEMA) for iri in found if iri.startswith(SCHEMA)}


WRITTEN = {"owner", "isRelatedTo", "weight", "award", "isBasedOn", "eventStatus", "isAccessibleForFree"}
WRITTEN |= {"duration", "Product", "Thing", "Restaurant", "Corporation", "3DModel"}


@pytest.mark.parametrize("form", READ_BY_OXIGRAPH)
def test_no_export_drops_a_term(newsroom: Newsroom, form: str) -> None:
    data = newsroom.export([SLUG], form)
    assert terms_in(ox.parse(data, format=READ_BY_OXIGRAPH[form])) >= WRITTEN


def test_the_json_ld_of_the_page_has_every_stated_term(newsroom: Newsroom) -> None:
    for nested in (False, True):
        page = build_page(newsroom.quads([SLUG]), release=f"{BASE}release/{SLUG}", nested=nested)
        text = json.dumps(page)
        missing = [t for t in WRITTEN - {"Thing", "isAccessibleForFree", "duration"} if f'"{t}"' not in text]
        assert missing == []
        assert '"Older Pump"' in text and '"model"' in text


def test_a_link_that_may_lead_elsewhere_is_a_node_if_it_is_described() -> None:
    release, base = f"{BASE}release/a", ox.NamedNode(f"{BASE}graph/a")

    def fact(subject: str, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(ox.NamedNode(subject), ox.NamedNode(SCHEMA + name), value, base)

    plan = f"{BASE}work/plan"
    quads = [
        fact(release, "headline", ox.Literal("A")),
        fact(release, "isBasedOn", ox.NamedNode(plan)),
        fact(release, "isBasedOn", ox.NamedNode("https://example.org/b")),
        fact(release, "material", ox.NamedNode("https://example.org/steel")),
        fact(release, "about", ox.NamedNode("https://example.org/nobody")),
        fact(plan, "name", ox.Literal("Plan")),
    ]
    nested = build_page(quads, release=release, nested=True)
    assert nested == {
        "@context": "https://schema.org",
        "@id": release,
        "headline": "A",
        "isBasedOn": ["https://example.org/b", {"@id": plan, "name": "Plan"}],
        "material": {"@id": "https://example.org/steel"},
    }


def test_a_term_without_words_has_an_english_label_with_its_language() -> None:
    owner = SCHEMA + "owner"
    assert [Words(tag).language_of_label(owner) for tag in ("en", "ru", "kk")] == ["", "en", "en"]
    assert [Words(tag).language_of_label(SCHEMA + "name") for tag in ("en", "ru", "kk")] == ["", "", ""]
    assert Words("kk").property(owner) == "owner:"
    assert Words("kk").class_name(SCHEMA + "Courthouse") == "courthouse"


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("award", "award"), ("isBasedOn", "is based on"), ("hasGS1DigitalLink", "has GS1 digital link"),
        ("3DModel", "3D model"), ("AMRadioChannel", "AM radio channel"), ("taxID", "tax ID"), ("gtin13", "gtin13"),
        ("DDxElement", "d dx element"), ("A", "a"), ("", ""),
    ],
)  # fmt: skip
def test_a_label_is_the_name_in_words(name: str, label: str) -> None:
    assert label_of(name) == label


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("PT1H", "1 hour"), ("PT1.5S", "1.5 seconds"), ("P1Y2M3D", "1 year 2 months 3 days"), ("PT", "PT"), ("P", "P"),
        ("P1D", "1 day"), ("soon", "soon"),
    ],
)  # fmt: skip
def test_a_duration_is_shown_in_words(text: str, words: str) -> None:
    assert Words("en").duration(text) == words

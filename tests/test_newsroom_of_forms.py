"""The second invented newsroom: every form of docs/record.md, in six languages, and all that is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from communique.api import Newsroom, open_newsroom
from communique.compile.compiler import compile_release
from communique.compile.explained import BY_AUTHOR, BY_RULE
from communique.formats import FORMATS
from communique.publish.build import build
from communique.read.standing import STANDING
from communique.webpage.check import check_pages, find_pages
from tests.checkout import ROOT
from tests.publications import built_once

DATA = ROOT / "tests" / "cases" / "newsroom" / "data"
PENDING = {"schema:BoatTrip", "schema:MonetaryGrant", "schema:fundedItem"}
"""Terms that schema.org has not decided on, which `check` tells and nothing else says: a trip and a grant."""
MOST_LINES = 3
"""The most lines of a record for each fact that its author wrote."""

Item = tuple[tuple[str, ...], Any]
"""The keys that lead to a value of a record, and the value."""


@cache
def newsroom() -> Newsroom:
    return open_newsroom(DATA)


@cache
def records() -> dict[str, dict[str, Any]]:
    return {one.slug: dict(one.record or {}) for one in newsroom().folder.releases()}


def items(value: object, keys: tuple[str, ...] = ()) -> Iterator[Item]:
    yield keys, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from items(inner, (*keys, key))
    elif isinstance(value, list):
        for inner in value:
            yield from items(inner, keys)


@cache
def everything() -> list[Item]:
    return [item for record in records().values() for item in items(record)]


def has(pattern: str, value: str = "", kind: type | None = None) -> bool:
    """Whether some value stands under keys (joined by "/") and is written as patterns say, wholly."""
    for keys, found in everything():
        is_kind = kind is None or isinstance(found, kind)
        if is_kind and re.fullmatch(pattern, "/".join(keys)) and re.fullmatch(value or ".*", str(found), re.DOTALL):
            return True
    return False


FORMS: dict[str, tuple[Any, ...]] = {
    "context alone": ("@context", "context.jsonld", str),
    "language of a record": ("@context/@language", "de|ru|fr|kk|ar"),
    "several reviewers": ("reviewed", r"\[.*\]", list),
    "reviewer by id": ("reviewed/by", "org/.*"),
    "reviewer by name": ("reviewed/by", "[A-Z].*"),
    "ignored lines": ("ignore", r".*Seite 1 von 2", str),
    "ignored marks": ("ignore", "#"),
    "wrapped": ("wrapped", "True", bool),
    "nested node": (r"graph/.*/id", "(org|place|topic)/.*"),
    "term of schema.org with a text": (r"graph/schema:fuelType", "electric"),
    "term of schema.org with a node": (r"graph/schema:fundedItem", "thing/.*"),
    "value of an enumeration": (r"graph/schema:eventStatus", "schema:.*"),
    "truth value": (r"graph/schema:isAccessibleForFree", "True", bool),
    "class of schema.org": (r"graph/type", "schema:.*", str),
    "evidence of a node": ("graph/evidence", ".*", str),
    "evidence of a node and of keys": (r"graph/evidence/\*",),
    "evidence of one value": ("graph/evidence/founder/person/lucie-exemple",),
    "evidence of several values": ("graph/evidence/supporter/org/.*, org/.*",),
    "list of quotes": (r"graph/evidence/\*", r"\[.*\]", list),
    "joined quote": (r"graph/evidence/.*", ".* … .*"),
    "inferred with words and why": (r"graph/evidence/\w+/inferred",),
    "inferred with why alone": (r"graph/evidence/location", r"\{'why': .*\}"),
    "one mark for several keys": (r"graph/evidence/memberOf, award/why",),
    "class that a reader concluded": (r"graph/evidence/type/NGO/why",),
    "furniture": ("graph/evidence/furniture",),
    "other words for a node": ("graph/referredToAs",),
    "other name": ("graph/alternateName",),
    "note": ("graph/note",),
    "code with its scheme": ("graph/identifier", "[a-z]+:.*"),
    "genre": ("graph/genre.*",),
    "said: reported words": ("graph/said/text",),
    "said: quotation": ("graph/said/quote", ".*", str),
    "said: quotation in parts": ("graph/said/quote", r"\[.*\]", list),
    "said: several verbs": ("graph/said", r"\[.*\]", list),
    "said: by an organisation": ("graph/said/verb", "posted|По данным"),
    "said: post": ("graph/said/type", "SocialMediaPosting"),
    "said: recommendation": ("graph/said/type", "PolicyRecommendation"),
    "said: about": ("graph/said/about",),
    "said: mentions": ("graph/said/mentions",),
    "said: audience": ("graph/said/audience.*",),
    "said: on behalf of": ("graph/said/onBehalfOf",),
    "said: at an event": ("graph/said/on",),
    "said: speaker by inference": ("graph/said/evidence/creator/why",),
    "contact with a name": ("graph/contact/name",),
    "contact of an organisation": ("graph/contact/of",),
    "contact without a name": ("graph/contact", r"\{'(telephone|email)': [^,]*\}"),
    "role in an organisation": ("graph/role/of",),
    "role without one": ("graph/role", r"\{'title': [^,]*\}"),
    "roles": ("graph/role", r"\[.*\]", list),
    "former role": ("graph/role/former", "True", bool),
    "role from and until": ("graph/role/until",),
    "no title": ("graph/jobTitle", r"\[\]", list),
    "nobody attended": ("graph/attendee", r"\[\]", list),
    "planned": ("graph/planned", "True", bool),
    "cancelled": ("graph/status", "cancelled"),
    "figure of a node": ("graph/figures/what",),
    "figure of a release": ("graph/figures", r".*Container.*"),
    "figure with a unit": ("graph/figures/unit", "[A-Z]{3}"),
    "figure with a comparison": ("graph/figures/comparison", "plus de"),
    "comparison in the value": ("graph/figures/value", "mindestens .*"),
    "figure at a date": ("graph/figures/at",),
    "figure of a period": ("graph/figures/from",),
    "range": ("graph/figures/value", "5-7 .*"),
    "rating": ("graph/figures/value", "mäßig"),
    "row of a table": ("graph/figures/evidence", r"\[.*\]", list),
    "month": ("graph/startDate", r"\d{4}-\d\d"),
    "year": ("graph/foundingDate", r"\d{4}"),
    "time of day": ("graph/startDate", r".*T\d\d:\d\d"),
    "time of doors": ("graph/doorTime",),
    "schedule of days": ("graph/schedule/day",),
    "schedule since a year": ("graph/schedule/from",),
    "end of an event": ("graph/endDate",),
    "period of a work": ("graph/temporalCoverage",),
    "size of a group": ("graph/groupSize",),
    "member of a group": ("graph/memberOf", "this:.*"),
    "where somebody is from": ("graph/comesFrom", "place/.*"),
    "award": ("graph/award",),
    "founder": ("graph/founder",),
    "basis": ("graph/isBasedOn",),
}
"""Every form of docs/record.md by its name: the keys, the value and its type, as `has` wants them."""


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_used(form: str) -> None:
    assert has(*FORMS[form]), form


def test_all_standing_inferences_and_facts_of_a_page_are_used() -> None:
    assert {name for name, _ in newsroom().dataset.inferences} == set(STANDING)
    pages = [one.page for one in newsroom().folder.releases() if one.page]
    assert {key for page in pages for key in page} == {"url", "publisher", "datePublished"}


def test_nothing_is_found_but_terms_that_schema_org_has_not_decided_on() -> None:
    found = [finding for checked in newsroom().check() for finding in checked.findings]
    assert {finding.code for finding in found} == {"term-pending"}
    assert {word for finding in found for word in PENDING if word in finding.message} == PENDING
    assert len(found) == len(PENDING)


def test_records_are_short() -> None:
    for slug in records():
        lines = (DATA / "releases" / slug / "record.yaml").read_text(encoding="utf-8").splitlines()
        compiled = newsroom()[slug].compiled
        stated = {q for q in compiled.facts if not q.predicate.value.endswith("#type")}
        assert len(lines) <= MOST_LINES * len(stated), slug


# ---- what is made of it


@pytest.fixture(scope="module")
def publication(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from built_once("newsroom-of-forms", lambda out: build(newsroom(), out / "public"), tmp_path_factory)


def page_of(publication: Path, slug: str) -> str:
    return (publication / "release" / slug / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_every_release_has_a_page_that_says_how_it_is_read_and_who_checked_it(publication: Path) -> None:
    pages = {slug: page_of(publication, slug) for slug in records()}
    arabic = pages["2024-02-11-mutamar"]
    assert '<article class="text" id="text" aria-label="Text of the release" lang="ar" dir="rtl">' in arabic
    paragraphs = re.findall('<p id="p[0-9]+" class="para"[^>]*>', arabic)
    assert len(paragraphs) == 6
    assert all('dir="auto"' in one for one in paragraphs)
    ferry = pages["2024-03-05-ferry"]
    assert "Invented Press Desk" in ferry
    assert "Ira Muster" in ferry
    assert re.search('<[a-z]+ class="furn[^>]*>FOR IMMEDIATE RELEASE<', ferry)
    assert "The Heron is the quietest ship we have ever owned, … and the cheapest to run." in ferry
    assert all(">planned<" in pages[slug] for slug in ("2024-03-05-ferry", "2023-10-12-wassergesetz"))
    assert all("Figures</h3>" in page for slug, page in pages.items() if slug != "2022-11-24-sixty-medals")
    assert "harbour pilot of Lowmarsh, from 2009, until 2014" in ferry
    assert [slug for slug, page in pages.items() if 'id="h-what"' not in page] == ["2023-01-31-statistics"]
    assert all(page.count('<div class="notes">') == 1 for page in pages.values())


@pytest.mark.slow
def test_what_pages_embed_is_sound(publication: Path) -> None:
    faults = [fault for page in check_pages(find_pages([publication])) for fault in page.findings]
    assert {fault.code for fault in faults} <= {"search-recommended", "search-required"}


@pytest.mark.slow
@pytest.mark.parametrize("fmt", sorted(FORMATS))
def test_every_syntax_holds_every_release(fmt: str) -> None:
    slugs = sorted(records()) if fmt != "page-jsonld" else ["2024-02-11-mutamar"]
    text = newsroom().export(slugs, fmt).decode("utf-8")
    assert all(slug in text for slug in slugs)
    assert "المكتبة بيت لا يغلق بابه" in text or "\\u" in text


@pytest.mark.slow
def test_every_question_that_needs_no_parameter_runs(publication: Path) -> None:
    answered = {name for name, query in newsroom().catalogue.items() if not any(p.required for p in query.parameters)}
    tables = {name: newsroom().query(name) for name in sorted(answered)}
    assert {name for name, table in tables.items() if table.to_dicts()} >= {
        "figures", "planned", "provenance", "quotations", "speakers", "thanks", "what-happened", "who-attended",
    }  # fmt: skip


FIGURES = {
    ("2021-06-18-festival", "spectateurs", None, "14000", "more than"),
    ("2022-09-20-reka", "мусора", "38.5", None, None),
    ("2023-01-31-statistics", "dry bulk rose to", "18900000", None, None),
    ("2023-04-07-mektep", "оқушы", "600", None, None),
    ("2023-10-12-wassergesetz", "für die Gemeinden", None, "12000000", "at least"),
    ("2024-02-11-mutamar", "مكتبة", "85", None, None),
    ("2024-03-05-ferry", "cost", "12400000", None, None),
}
PLANNED = {
    ("2021-06-18-festival", "2022-06-10", "stated"),
    ("2022-11-24-sixty-medals", "2022-11-25", "inferred"),
    ("2023-01-31-statistics", "2023-03", "stated"),
    ("2023-01-31-statistics", "2023-06-30", "stated"),
    ("2022-09-20-reka", "2023-05-15", "stated"),
    ("2023-10-12-wassergesetz", "2023-11-14", "stated"),
    ("2024-02-11-mutamar", "2024-05", "stated"),
    ("2024-03-05-ferry", "2024-05-28T14:30:00", "stated"),
    ("2024-03-05-ferry", "2024-06-01", "inferred"),
}


def slug_of(row: dict[str, Any]) -> str:
    return str(row["release"]).rpartition("/")[2]


def shown(value: object) -> str | None:
    return None if value is None else str(value)


def test_figures_say_what_the_texts_say() -> None:
    rows = newsroom().query("figures").to_dicts()
    found = {(slug_of(r), r["what"], shown(r["value"]), shown(r["least"]), r["comparison"]) for r in rows}
    assert found >= FIGURES
    ports = {(r["name"], shown(r["value"]), r["day"]) for r in rows if r["what"] == "million tonnes"}
    assert ports == {
        ("Lowmarsh", "22.6", "2021"), ("Lowmarsh", "21.3", "2022"), ("Skelby", "15", "2021"),
        ("Skelby", "15.8", "2022"), ("Northhaven", "25.8", "2021"), ("Northhaven", "24.3", "2022"),
    }  # fmt: skip


def test_what_is_planned_is_all_that_the_texts_announce() -> None:
    rows = newsroom().query("planned").to_dicts()
    assert {(slug_of(r), r["day"], r["basis"]) for r in rows} == PLANNED


def test_ten_quotations_have_their_speakers() -> None:
    rows = newsroom().query("quotations").to_dicts()
    assert {(slug_of(r), r["name"], r["verb"]) for r in rows} == {
        ("2021-06-18-festival", "Inès Patron", "a déclaré"),
        ("2021-06-18-festival", "Marc Échantillon", "Selon"),
        ("2022-09-20-reka", "Анна Примерова", "сказала"),
        ("2022-09-20-reka", None, None),
        ("2023-04-07-mektep", "Айгүл Үлгіқызы", "деді"),
        ("2023-10-12-wassergesetz", "Helga Muster", "sagte"),
        ("2023-10-12-wassergesetz", "Helga Muster", None),
        ("2023-10-12-wassergesetz", "Institut für Meereskunde Graustadt", "Nach Angaben"),
        ("2024-02-11-mutamar", "سلمى المثالية", "وقالت"),
        ("2024-03-05-ferry", "Mara Ellwood", "said"),
    }


def test_who_checked_a_record_is_said_and_nobody_else() -> None:
    rows = newsroom().query("provenance").to_dicts()
    assert {slug_of(row) for row in rows} == set(records())
    assert [(r["name"], r["reviewed_on"]) for r in rows if r["name"] is not None] == [
        ("Invented Press Desk", "2024-03-06"), ("Ira Muster", "2024-03-07"),
    ]  # fmt: skip


def test_most_facts_have_no_quote_of_an_author_and_explanations_say_so() -> None:
    shares: dict[str, float] = {}
    about = newsroom().dataset
    for written in newsroom().folder.releases():
        compiled = compile_release(
            written, newsroom().context, base=about.base, language=about.language,
            registry=newsroom().registry.entities, inferences=about.standing, explain=True,
        )  # fmt: skip
        stated = [e.rule for e in compiled.explained if e.why is None and not e.rule.startswith(BY_RULE)]
        shares[written.slug] = 1 - stated.count(BY_AUTHOR) / len(stated)
    table = shares.pop("2023-01-31-statistics")
    assert table > 0.6  # the rows of its table are quoted
    assert {slug: share for slug, share in shares.items() if share < 0.9} == {}

"""The meaning of the JSON-LD in anybody's pages: aliases, bases, maps and terms of contexts; ids, dates and tags."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from communique.errors import CommuniqueError
from communique.webpage.check import check_page, find_pages
from communique.webpage.dates import ends_before, is_iso_date, read_moment

SCHEMA = "https://schema.org"
SHAPE = ("search-recommended", "search-required", "jsonld-orphan")
"""The codes of what search engines ask for, which these tests are not about."""


def found(data: Any, *, head: str = "") -> list[tuple[str, str]]:
    text = data if isinstance(data, str) else json.dumps(data)
    page = f'<!doctype html><head>{head}</head><body><script type="application/ld+json">{text}</script></body></html>'
    return [(f.code, f.message) for f in check_page("page.html", page.encode()).findings if f.code not in SHAPE]


def codes(data: Any, **more: str) -> list[str]:
    return [code for code, _ in found(data, **more)]


def thing(**more: Any) -> dict[str, Any]:
    return {"@context": SCHEMA, "@type": "Thing", **more}


# ---- contexts

ALIASED = {
    "@context": [SCHEMA, {"ident": "@id", "kind": "@type", "val": "@value", "all": "@graph", "back": "@reverse"}]
}


def test_aliases_of_keywords_hide_nothing() -> None:
    data = ALIASED | {
        "all": [
            {"ident": "#a", "kind": "Nonsense", "nmae": "x", "author": {"ident": "#gone"}},
            {"ident": "#b", "kind": "Event", "startDate": {"val": "soon"}, "back": {"autor": {"ident": "#a"}}},
        ]
    }
    assert codes(data) == [
        "jsonld-unknown-term", "jsonld-unknown-term", "jsonld-dangling", "jsonld-date", "jsonld-unknown-term",
    ]  # fmt: skip
    assert codes({"@context": {"@vocab": SCHEMA + "/", "id": "@id"}, "id": "#a", "author": {"id": "#b"}}) == [
        "jsonld-dangling"
    ]


def test_a_word_that_the_context_defines_as_a_keyword_is_no_property() -> None:
    assert codes({"@context": [SCHEMA, {"uri": "@id"}], "uri": "#a", "name": "x"}) == []
    assert codes({"@context": [SCHEMA, {"id": SCHEMA + "/identifier"}], "id": "a b"}) == []


@pytest.mark.parametrize("space", ["https://schema.org", "http://schema.org", "http://www.schema.org"])
def test_a_vocabulary_without_its_last_slash_is_reported_and_its_terms_are_checked(space: str) -> None:
    assert [(c, space + "name" in m) for c, m in found({"@context": {"@vocab": space}, "nmae": "x"})] == [
        ("jsonld-context", True), ("jsonld-unknown-term", False),
    ]  # fmt: skip
    assert codes({"@context": {"s": space}, "s:nmae": "x"}) == ["jsonld-context", "jsonld-unknown-term"]
    assert codes({"@context": {"@vocab": space + "/"}, "name": "x"}) == []


def test_a_base_in_the_context_counts_for_ids() -> None:
    both = [{"@id": "https://example.org/a#x", "@type": "Thing"}, {"@id": "y", "author": {"@id": "#x"}}]
    context = [SCHEMA, {"@base": "https://example.org/a"}]
    assert codes({"@context": context, "@graph": both}) == []
    assert codes({"@context": SCHEMA, "@graph": both}) == ["jsonld-dangling"]
    relative = {"@context": [SCHEMA, {"@base": "a"}], "@graph": both}
    assert codes(relative, head='<base href="https://example.org/b">') == []
    nothing = {"@context": [SCHEMA, {"@base": None}], "@graph": both}
    assert codes(nothing, head='<base href="https://example.org/a">') == ["jsonld-dangling"]


def test_terms_that_the_context_defines_are_what_it_says_they_are() -> None:
    context = {"schema": SCHEMA + "/", "begins": {"@id": "schema:startDate"}, "ours": "https://example.org/v#ours",
               "who": {"@id": "schema:author", "@type": "@id"}, "wrong": "schema:autor", "none": None}  # fmt: skip
    data = {"@context": context, "@type": "schema:Event", "begins": "soon", "ours": "soon", "who": "#gone",
            "wrong": "x", "none": "x", "schema:nmae": "x"}  # fmt: skip
    assert found(data)[0][1].startswith("startDate 'soon'")
    assert codes(data) == ["jsonld-date", "jsonld-dangling", "jsonld-unknown-term", "jsonld-unknown-term"]
    assert codes({"@context": [SCHEMA, {"endDate": "https://example.org/v#end"}], "endDate": "soon"}) == []


def test_definitions_rest_on_other_definitions() -> None:
    context = {"a": "b:", "b": "c:", "c": "d:", "d": SCHEMA + "/"}
    assert codes({"@context": context, "a:nmae": "x", "a:name": "y"}) == ["jsonld-unknown-term"]


def test_definitions_that_lead_in_a_circle_end() -> None:
    assert codes({"@context": {"a": "b:x", "b": "a:y", "c": "c", "d": {"@id": "d"}}, "a": "1", "c": "2"}) == []


def test_maps_by_language_index_id_and_type_are_values_and_not_properties() -> None:
    def context(term: str, container: str | list[str]) -> list[Any]:
        return [SCHEMA, {term: {"@id": f"{SCHEMA}/{term}", "@container": container}}]

    named = {"@context": context("name", "@language"), "name": {"en": "a", "ru": ["b", "c"], "@none": "d"}}
    assert codes(named) == []
    assert codes(named | {"name": {"en": ""}}) == ["jsonld-empty"]
    assert codes(named | {"name": {"en_US": "a"}}) == ["jsonld-language"]
    for container in ("@index", ["@index", "@set"]):
        indexed = {"@context": context("author", container), "author": {"first": {"name": "x"}, "second": {"nmae": 1}}}
        assert codes(indexed) == ["jsonld-unknown-term"]
    by_id = {"@context": context("author", "@id"), "author": {"#a": {"name": "x"}}, "editor": {"@id": "#a"}}
    assert codes(by_id) == []
    by_type = {"@context": context("author", "@type"), "author": {"Person": {"name": "x", "nmae": "y"}}}
    assert codes(by_type) == ["jsonld-unknown-term"]


def test_nested_properties_belong_to_their_node() -> None:
    assert codes(thing(**{"@nest": {"nmae": "x", "name": "y"}})) == ["jsonld-unknown-term"]


@pytest.mark.parametrize(
    "context",
    ["https://schema.org/version/latest/schemaorgcontext.jsonld", "http://schema.org/version/29.4/schemaorgcontext.jsonld",
     "https://schema.org/docs/jsonldcontext.json", "https://schema.org/docs/jsonldcontext.jsonld", "HTTPS://Schema.org/"],
)  # fmt: skip
def test_every_address_of_the_context_of_schema_org_is_known(context: str) -> None:
    assert codes({"@context": context, "nmae": "x"}) == ["jsonld-unknown-term"]


def test_what_a_context_means_is_what_a_json_ld_processor_makes_of_it() -> None:
    """With random contexts, without schema.org's own, which the processor would have to fetch."""
    chance = random.Random(7)
    names = ["name", "startDate", "nmae", "a", "b"]
    meanings = [
        "https://schema.org/",
        "https://schema.org/name",
        "s:name",
        "s:nmae",
        "https://example.org/x",
        "a:b",
        None,
    ]
    checked = 0
    for _ in range(400):
        context: dict[str, Any] = {n: chance.choice(meanings) for n in chance.sample([*names, "s"], 3)}
        if chance.random() < 0.5:
            context["@vocab"] = chance.choice(["https://schema.org/", "https://example.org/v/"])
        if chance.random() < 0.3:
            context = {k: {"@id": v} if v else v for k, v in context.items()}
        key = chance.choice([*names, "s:name", "a:b", "https://schema.org/nmae"])
        text = json.dumps({"@context": context, "@id": "https://example.org/#1", key: "x"})
        try:
            made = {q.predicate.value for q in ox.parse(text.encode(), format=ox.RdfFormat.JSON_LD)}
        except SyntaxError:
            continue
        said = {m.rpartition("'")[0].rpartition("'")[2] for c, m in found(text) if c == "jsonld-unknown-term"}
        of_schema_org = {
            iri.removeprefix("https://schema.org/") for iri in made if iri.startswith("https://schema.org/")
        }
        assert said == of_schema_org - {"name", "startDate"}, text
        checked += 1
    assert checked > 200


# ---- ids, types, tags


@pytest.mark.parametrize("wrong", [None, False, 3, ["#a"], {"a": "b"}])
def test_an_id_that_is_no_text_is_a_violation(wrong: Any) -> None:
    assert codes(thing(**{"@id": wrong, "name": "x"})) == ["jsonld-id"]
    assert codes(thing(author={"@id": wrong})) == ["jsonld-id"]


@pytest.mark.parametrize("wrong", ["https://example.org/a b", "#{{ id }}", "https://example.org/{slug}", "a|b", "<a>"])
def test_an_id_that_is_no_iri_is_reported(wrong: str) -> None:
    ((code, message),) = found(thing(**{"@id": wrong.replace("<", "\\u003c"), "name": "x"}))
    assert code == "jsonld-id"
    assert "processors drop" in message


def test_a_type_that_is_no_text_is_a_violation() -> None:
    for wrong in ({"@id": "Person"}, 3, None, ["Thing", {"a": "b"}]):
        assert codes({"@context": SCHEMA, "@type": wrong, "name": "x"}) == ["jsonld-type"]


def test_language_tags_are_tags() -> None:
    assert codes(thing(name={"@value": "x", "@language": "en_US"})) == ["jsonld-language"]
    assert codes(thing(name={"@value": "x", "@language": "en-US"}, inLanguage="pt-BR")) == []
    assert codes({"@context": [SCHEMA, {"@language": "ru_RU"}], "name": "x"}) == ["jsonld-language"]
    assert codes({"@context": SCHEMA, "@type": "Article", "inLanguage": ["en_GB", "kk"]}) == ["jsonld-language"]
    assert codes(thing(name={"@value": "x", "@language": 3})) == ["jsonld-language"]


def test_half_a_character_is_reported_at_its_place() -> None:
    assert codes('{"@context": "https://schema.org", "name": "a\\ud83dz"}') == ["jsonld-syntax"]
    assert codes('{"@context": "https://schema.org", "name": "a\\ud83d\\ude00z"}') == []
    assert codes('{"@context": "https://schema.org", "\\udc00": "x"}') == ["jsonld-syntax", "jsonld-unknown-term"]


@pytest.mark.parametrize(
    "text", ["Fish &amp; chips", "&quot;a&quot;", "a&#39;s", "&#x2019;", "caf&eacute;", "a?b=1&amp;c"]
)
def test_texts_that_are_escaped_as_html_are_reported(text: str) -> None:
    assert codes(thing(name=text)) == ["jsonld-entity"]


@pytest.mark.parametrize("text", ["Fish & chips", "AT&T; more", "a?b=1&copy=2", "&nosuchname;", "R&D"])
def test_an_ampersand_alone_is_no_entity(text: str) -> None:
    assert codes(thing(name=text)) == []


def test_terms_under_reverse_are_checked() -> None:
    assert codes(thing(**{"@reverse": {"author": {"name": "x"}, "autor": {"name": "y"}}})) == ["jsonld-unknown-term"]
    assert codes(thing(**{"@reverse": {"startDate": {"name": ""}}})) == ["jsonld-empty"]
    assert codes(thing(**{"@reverse": {"startDate": "soon", "url": "a"}})) == []  # said of something else


def test_the_input_of_a_search_box_is_no_unknown_term() -> None:
    target = {"@type": "EntryPoint", "urlTemplate": "https://example.org/?q={words}"}
    action = {"@type": "SearchAction", "target": target, "query-input": "required name=words", "result-output": "x"}
    assert codes(thing(potentialAction=action)) == []
    assert codes(thing(**{"qery-input": "x", "query-inptu": "x"})) == ["jsonld-unknown-term"] * 2


# ---- dates


@pytest.mark.parametrize(
    "text",
    ["2015-05-29T10:00+25:00", "2015-05-29T10:00+06:60", "2015-05-29T10:00+15:00", "2015-05-29T10:00+14:30",
     "2015-366", "2015-W54-1",
     "2015-05-29T24:30", "2015-04-31", "0000", "0000-05", "1432893600", "10:00+06:61"],
)  # fmt: skip
def test_what_the_calendar_and_the_clock_do_not_have_is_no_date(text: str) -> None:
    assert not is_iso_date(text)
    assert codes(thing(datePublished=text) | {"@type": "Article"}) == ["jsonld-date"]


@pytest.mark.parametrize(
    "text", ["2016-366", "2015-05-29T10:00+14:00", "2015-W53-5", "2015-05-29T24:00:00", "2015-06-30T23:59:60Z"]
)
def test_rare_dates_exist(text: str) -> None:
    assert is_iso_date(text)


def test_numbers_and_times_without_a_day_are_no_dates() -> None:
    event = {"@context": SCHEMA, "@type": "Event"}
    assert codes(event | {"startDate": 1432893600}) == ["jsonld-date"]
    assert codes(event | {"startDate": {"@value": 1432893600000}}) == ["jsonld-date"]
    assert codes(event | {"startDate": True}) == ["jsonld-date"]
    assert codes(event | {"startDate": 2015}) == []
    assert codes(event | {"startDate": "10:00"}) == ["jsonld-date"]
    assert codes(event | {"doorTime": "10:00"}) == []


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        ("2015-05-29", "2015-05-28", True), ("2015-05-29", "2015-05-29", False), ("2015-05-29", "2015-05", False),
        ("2015-06", "2015-05-31", True), ("2015-05-29T10:00+06:00", "2015-05-29T03:00Z", True),
        ("2015-05-29T10:00+06:00", "2015-05-29T05:00Z", False), ("2015-05-29T10:00", "2015-05-29T09:00Z", False),
        ("2015-05-29T10:00", "2015-05-27T09:00Z", True), ("2015-05-29", "soon", False),
    ],
)  # fmt: skip
def test_an_end_before_its_beginning_is_reported_when_it_is_certain(start: str, end: str, wrong: bool) -> None:
    assert ends_before(end, start) == wrong
    event = {"@context": SCHEMA, "@type": "Event", "startDate": start, "endDate": end}
    assert [m.startswith("endDate") for c, m in found(event) if "before" in m] == [True] * wrong


def test_one_instant_in_two_zones_is_one_moment() -> None:
    assert read_moment("2015-05-29T10:00:00+06:00") == read_moment("20150529T040000Z")
    assert read_moment("2015-05-29T00:30-01:00") == read_moment("2015-149T01:30Z")
    assert read_moment("2015-05-29T10:00") != read_moment("2015-05-29T10:00Z")


def test_different_spellings_of_one_value_do_not_contradict() -> None:
    def both(name: str, one: Any, other: Any) -> list[str]:
        nodes = [{"@id": "#a", "@type": "Event", name: value} for value in (one, other)]
        return codes({"@context": SCHEMA, "@graph": nodes})

    assert both("startDate", "2015-05-29T10:00+06:00", "2015-05-29T04:00Z") == []
    assert both("startDate", "2015-05-29T10:00+06:00", "2015-05-29T10:00Z") == ["jsonld-contradiction"]
    for long in ("https://schema.org/EventScheduled", "http://schema.org/EventScheduled", "schema:EventScheduled"):
        assert both("eventStatus", "EventScheduled", long) == []
    assert both("eventStatus", "EventScheduled", "https://schema.org/EventPostponed") == ["jsonld-contradiction"]
    assert both("startDate", "2015-05-29", "2015-05-29T10:00") == ["jsonld-contradiction"]
    assert both("startDate", "2015-05-29T10:00", "20150529T100000") == []


@pytest.mark.parametrize("kind", ["BroadcastEvent", "PublicationEvent", "OnDemandEvent"])
def test_a_publication_is_no_result_for_events(kind: str) -> None:
    page = f'<script type="application/ld+json">{json.dumps({"@context": SCHEMA, "@type": kind})}</script>'
    assert not check_page("p", page.encode()).findings
    assert check_page("p", page.replace(kind, "MusicEvent").encode()).findings


# ---- pages


@pytest.mark.parametrize(
    ("label", "codec"),
    [("latin1", "cp1252"), ("us-ascii", "cp1252"), ("x-sjis", "cp932"), ("ks_c_5601-1987", "cp949"), ("gb2312", "gbk"),
     ("x-mac-cyrillic", "mac-cyrillic"), ("unicode-1-1-utf-8", "utf-8"), ("tis-620", "cp874"), ("x-gbk", "gbk"),
     ("utf-16", "utf-8")],
)  # fmt: skip
def test_labels_of_encodings_are_those_of_browsers(label: str, codec: str) -> None:
    text = {"cp932": "カ", "cp949": "가", "gbk": "中", "cp874": "ก", "mac-cyrillic": "Ж", "utf-8": "Ж"}.get(
        codec, "“é”"
    )
    script = f'<script type="application/ld+json">{{"@context": "https://schema.org", "nmae{text}": "x"}}</script>'
    (finding,) = check_page("p", f'<meta charset="{label}">{script}'.encode(codec)).findings
    assert finding.value == f"nmae{text}"


def test_a_folder_that_cannot_be_read_is_not_taken_for_an_empty_one(tmp_path: Path, monkeypatch: Any) -> None:
    import os

    (tmp_path / "a.html").write_text("<p>")
    (tmp_path / "closed").mkdir()
    real = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(CommuniqueError, match="closed cannot be read: Permission denied"):
        find_pages([tmp_path])

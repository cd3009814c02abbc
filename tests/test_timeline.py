"""The timeline: to scale, nothing on anything else, and no day that is not stated."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from communique.api import Newsroom, open_newsroom
from communique.drawing.facts import END, Facts
from communique.drawing.timeline import ROOM, Dated, DatedWork, lay_out_timeline, precision_of, read_dated
from communique.publish.lookups import LookUps
from communique.publish.site.pages import environment
from communique.publish.site.rows import SourceLink
from communique.publish.site.scene import Scene
from communique.publish.words import Words
from communique.publish.workstore import entities, neighbourhood
from communique.terms import CMQ, RDF, SCHEMA, TYPE, XSD
from tests.conftest import ROOT, SLUG

BASE = "https://w3id.org/communique/id/"
E = "https://example.org/id/"


@pytest.fixture(scope="module")
def quads(real: Newsroom) -> list[Quad]:
    return [*real[SLUG].compiled.facts, *real[SLUG].compiled.inferred, *real.registry.quads()]


def render(
    facts: list[Dated],
    *,
    words: Words | None = None,
    href: Callable[[str], str] = lambda iri: "../" + iri.removeprefix(BASE),
    source_links: Callable[[Dated], tuple[SourceLink, ...]] = lambda fact: (),
) -> str:
    """The list of a page, "" if there is none."""
    found = list(facts)
    timeline = lay_out_timeline(found, href)
    if timeline is None:
        return ""
    context = {"w": words or Words("en"), "kinds": [], "lanes": {}}
    made: Any = environment().get_template("timeline.html").make_module(context)
    return str(made.drawing(timeline, {one: source_links(one) for one in found}))


def dated(*dates: str) -> list[Dated]:
    return [Dated(f"{E}event/{n}", f"Event {n}", day) for n, day in enumerate(dates)]


def items(html: str) -> list[dict[str, float]]:
    """The measures of every date, with what the words take of the whole length."""
    found = []
    for item in ET.fromstring(html.replace("&nbsp;", " ")).iter("li"):
        pairs = [part.split(":") for part in item.attrib["style"].split(";")]
        found.append({name: float(value) for name, value in pairs} | {"left": "left" in item.get("class", "")})
    return found


def test_the_first_release_has_three_dated_facts(quads: list[Quad]) -> None:
    found = [
        (one.date, one.iri.removeprefix(BASE), one.inferred)
        for one in read_dated(Facts(quads), Scene(quads, BASE).label)
    ]
    assert found == [
        ("2013", f"release/{SLUG}#launch-2013", False),
        ("2014-12-29", "legislation/kz-32-47.327", False),
        ("2015-05-29", "event/2015-05-29-special-report-presentation", False),
    ]


def test_the_first_release_is_drawn_as_designed(quads: list[Quad]) -> None:
    html = render(read_dated(Facts(quads), Scene(quads, BASE).label))
    assert [re.sub(";--from.*", "", style) for style in re.findall('<li.*?style="(.*?)"', html)] == [
        "--a:0;--z:0.333", "--a:0.664", "--a:0.802",
    ]  # fmt: skip
    assert re.findall('<li class="(.*?)"', html) == ["span", "left"]
    assert '<p class="yrs" aria-hidden="true" style="--n:3"><span>2013</span><span>2014</span><span>2015</span>' in html
    assert '<p class="d"><time datetime="2014-12-29">29 December 2014</time></p>' in html
    assert html.count("Only the year is given") == 1
    assert f'href="../release/{SLUG}#launch-2013" lang="en"><bdi>launch in 2013</bdi></a>: <a data-entity=' in html


@pytest.mark.parametrize("folder", ["data", "tests/cases/archive/data"])
def test_dates_near_an_entity_are_those_of_the_whole_with_what_they_rest_on(folder: str) -> None:
    newsroom = open_newsroom(ROOT / folder)
    store = Store()
    store.extend(newsroom.quads())
    whole, base = Scene(store, newsroom.dataset.base), newsroom.dataset.base
    every = {(one.iri, one.property, one.date): one for one in read_dated(Facts(store), whole.label)}
    seen = set()
    for entity in entities(store, base):
        near = neighbourhood(LookUps(store), base, entity)
        scene = Scene(near, base)
        for one in read_dated(Facts(near), scene.label):
            other = every[one.iri, one.property, one.date]
            assert (one.end, one.inferred) == (other.end, other.inferred)
            for name in (one.property, END):
                assert proofs(scene, one.iri, name) == proofs(whole, one.iri, name)
            seen.add((one.iri, bool(one.end)))
    assert len(seen) > 2 and (folder == "data" or any(is_long for _, is_long in seen))


def proofs(scene: Scene, iri: str, name: str) -> list[tuple[str, str, tuple[str, ...], str]]:
    return [(f.slug, str(f.object), tuple(p.id for p in f.passages), f.reason) for f in scene.values(iri, name)]


def test_an_inferred_date_is_inferred_near_an_entity_too() -> None:
    event, org, graph, inferred = (NamedNode(E + n) for n in ("event/a", "org/b", "graph/a", "graph/a/inferred"))
    store = Store()
    store.extend(
        [
            Quad(event, NamedNode(TYPE), NamedNode(SCHEMA + "Event"), graph),
            Quad(event, NamedNode(SCHEMA + "organizer"), org, graph),
            Quad(event, NamedNode(SCHEMA + "startDate"), Literal("2015"), inferred),
            Quad(org, NamedNode(TYPE), NamedNode(SCHEMA + "Organization"), graph),
        ]
    )
    (one,) = read_dated(Facts(neighbourhood(LookUps(store), E, org.value)), lambda iri: (iri, ""))
    assert (one.iri, one.date, one.inferred) == (event.value, "2015", True)


def test_the_first_day_of_one_release_is_not_joined_to_the_last_day_of_another() -> None:
    event, graphs = NamedNode(E + "event/a"), (NamedNode(E + "graph/1"), NamedNode(E + "graph/2"))
    quads = [
        Quad(event, NamedNode(TYPE), NamedNode(SCHEMA + "Event"), graphs[0]),
        Quad(event, NamedNode(SCHEMA + "startDate"), Literal("2018-09-19"), graphs[0]),
        Quad(event, NamedNode(SCHEMA + "startDate"), Literal("2018-09-20"), graphs[1]),
        Quad(event, NamedNode(SCHEMA + "endDate"), Literal("2018-09-21"), graphs[1]),
    ]
    found = [(one.date, one.end) for one in read_dated(Facts(quads), lambda iri: (iri, ""))]
    assert found == [("2018-09-19", ""), ("2018-09-20", "2018-09-21")]


def test_a_last_day_that_is_inferred_makes_the_date_inferred() -> None:
    event, graph, inferred = NamedNode(E + "event/a"), NamedNode(E + "graph/a"), NamedNode(E + "graph/a/inferred")
    quads = [
        Quad(event, NamedNode(TYPE), NamedNode(SCHEMA + "Event"), graph),
        Quad(event, NamedNode(SCHEMA + "startDate"), Literal("2015-05-29"), graph),
        Quad(event, NamedNode(SCHEMA + "endDate"), Literal("2015-05-30"), inferred),
    ]
    assert [(one.end, one.inferred) for one in read_dated(Facts(quads), lambda iri: (iri, ""))] == [
        ("2015-05-30", True)
    ]


def test_fewer_than_two_dated_facts_are_no_timeline() -> None:
    assert render([]) == render(dated("2015")) == ""


def test_dates_stand_where_they_belong() -> None:
    html = render(dated("2000-01-01", "2000-07-02", "2001-12-31"))
    assert [item["--a"] for item in items(html)] == [0.0, 0.25, 0.999]
    months = items(render(dated("2001-12", "2000-02")))
    assert [(item["--a"], item["--z"]) for item in months] == [(0.042, 0.082), (0.958, 1.0)]


def test_words_that_would_meet_make_it_a_plain_list() -> None:
    html = render(dated("2000-01-01", "2000-01-05", "2000-01-09", "2003"))
    assert html.startswith('<ol class="tl list">') and "yrs" not in html and "--from" not in html
    assert 'class="tl"' in render(dated("2000-01-01", "2003-01-05"))


def test_many_years_share_marks() -> None:
    years = re.findall("<span>([0-9]+)</span>", render(dated("1950", "1991", "2024-05-01")))
    assert years == ["1950", "1958", "1966", "1974", "1982", "1990", "1998", "2006", "2014", "2022"]


def test_facts_of_one_date_stand_together() -> None:
    html = render([*dated("2015-05-29", "2014"), Dated(E + "work/x", "X", "2015-05-29")])
    assert html.count("<li") == 2 and html.count("2015-05-29</time>") == html.count("29 May 2015</time>") - 1 == 0


def test_an_event_of_several_days_is_a_bar() -> None:
    html = render([Dated(E + "event/a", "A", "2015-05-29", end="2015-06-02"), *dated("2014")])
    assert "29 May 2015</time> to <time datetime=" in html and html.count('class="span"') == 2


def test_what_follows_a_fact_and_what_is_inferred_is_shown() -> None:
    facts = [*dated("2014"), Dated(E + "event/a", "<b>", "2015", inferred=True, property=SCHEMA + "startDate")]
    html = render(
        facts, source_links=lambda one: (SourceLink("#x", "5"), SourceLink("#y", "0")) if one.property else ()
    )
    assert '&lt;b&gt;</bdi></a> <em class="tag">(inferred)</em>' in html
    signs = [f'<a class="w" href="#{x}"><span class="vh">Where it says so: </span>{label}</a>' for x, label in SIGNS]
    assert f'<span class="note">{YEAR}</span> {"".join(signs)}</p>' in html and html.count('class="w"') == 2


SIGNS = (("x", "¶\u00a05"), ("y", "headline"))
YEAR = "Only the year is given, so the whole year is drawn."


def test_how_exact_a_date_is_is_said_where_it_is_no_day() -> None:
    texts = ("2015", "2015Z", "2015-06:00", "2015-05", "2015-05-06:00", "2015-05-29", "2015-05-29T10:00:00-06:00")
    assert [precision_of(one) for one in dated(*texts)] == ["year"] * 3 + ["month"] * 2 + ["day"] * 2
    assert precision_of(Dated(E, "A", "2015", end="2016-06-02")) == "day"
    html = render(dated("2015", "2013-05", "2011-05-29"))
    assert re.findall('<span class="note">Only the (.*?) is', html) == ["month", "year"]


def test_no_name_and_no_address_writes_markup_into_a_timeline() -> None:
    bad = "\"><script>'&"
    work = DatedWork(E + "work/b", bad, bad)
    html = render(
        [*dated("2014"), Dated(E + "event/a", f"{bad}\u202e", "2015-05-29", bad, works=(work,))],
        href=lambda iri: f"../{bad}",
        source_links=lambda fact: (SourceLink(f"#{bad}", bad),),
    )
    links = list(ET.fromstring(html).iter("a"))
    nodes = [link for link in links if link.get("data-entity")]
    assert "<script" not in html and len(links) == 5
    assert ["".join(link.itertext()) for link in nodes] == ["Event 0", f"{bad}\N{REPLACEMENT CHARACTER}", bad]
    assert {link.get("href") for link in links} == {f"../{bad}", f"#{bad}"}
    assert [link.get("lang") for link in nodes] == [None, bad, bad]


def test_an_address_that_a_browser_would_run_is_no_link_in_a_timeline() -> None:
    html = render(dated("2014", "2015"), href=lambda iri: "JavaScript:alert(1)")
    assert "href" not in html and html.count("<bdi") == 2


def test_only_events_and_works_have_dates_and_only_real_ones() -> None:
    def fact(name: str, prop: str, value: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(E + name), NamedNode(prop), value)

    def day(text: str) -> Literal:
        return Literal(text, datatype=NamedNode(XSD + "date"))

    kinds = {"a": "Event", "b": "Person", "c": "Report"}
    quads = [
        *(fact(name, TYPE, NamedNode(SCHEMA + kind)) for name, kind in kinds.items()),
        fact("a", SCHEMA + "startDate", day("2015-02-30")),
        fact("a", SCHEMA + "startDate", day("2015-02-28Z")),
        fact("b", SCHEMA + "startDate", day("2015-02-28")),
        fact("c", SCHEMA + "datePublished", day("spring")),
        fact("c", SCHEMA + "datePublished", day("2016")),
        fact("d", RDF + "object", day("2016")),
    ]  # fmt: skip
    assert [(one.iri, one.date) for one in read_dated(Facts(quads), Scene(quads, BASE).label)] == [
        (E + "a", "2015-02-28Z"),
        (E + "c", "2016"),
    ]


def test_a_date_is_told_in_words_that_can_be_translated() -> None:
    texts = ("2015-05-29", "2015-05-29T10:00:00+06:00", "2015-05", "2013", "2015-13-01", "-0044-03-15", "x", "")
    assert [Words("ru").day(text) for text in texts] == [
        "29 мая 2015 г.", "29 мая 2015 г., 10:00 (UTC+6)", "май 2015 г.", "2013", "2015-13-01", "-0044-03-15", "x", "",
    ]  # fmt: skip
    assert "29 мая 2015 г.</time>" in render(dated("2015-05-29", "2013"), words=Words("ru"))


years = st.integers(1, 9999).map("{:04}".format)
days = st.dates().map(str)
months = st.dates().map(lambda day: str(day)[:7])
anything = st.text(max_size=40)


@given(
    st.lists(st.builds(Dated, st.just(E + "x"), anything, st.one_of(years, months, days)), max_size=12), st.randoms()
)
def test_any_dates_are_whole_and_in_order_and_their_words_never_meet(facts: list[Dated], chance: random.Random) -> None:
    html = render(facts)
    assert (html == "") == (len(facts) < 2)
    if not html:
        return
    found = items(html)
    assert [item["--a"] for item in found] == sorted(item["--a"] for item in found)
    assert all(0 <= item["--a"] <= item.get("--z", 1.0) <= 1 for item in found)
    slots = [(item["--from"], item["--to"]) for item in found if "--from" in item]
    assert len(slots) in (0, len(found))
    assert all(end - start >= 1000 * ROOM - 2 for start, end in slots)
    assert all(before[1] <= after[0] for before, after in pairwise(slots))
    shuffled = chance.sample(facts, len(facts))
    assert sorted(re.findall("<time.*?</time>", render(shuffled))) == sorted(re.findall("<time.*?</time>", html))
    assert [item["--a"] for item in items(render(shuffled))] == [item["--a"] for item in found]


# ---- what an act or an event did


def facts_of(*triples: tuple[str, str, NamedNode | Literal], inferred: tuple[int, ...] = ()) -> Facts:
    """Facts of one release; those whose numbers are given are inferred."""
    graphs = {is_inferred: NamedNode(E + "graph/one" + "/inferred" * is_inferred) for is_inferred in (False, True)}
    rows = enumerate(triples)
    return Facts(Quad(NamedNode(E + s), NamedNode(p), o, graphs[n in inferred]) for n, (s, p, o) in rows)


def node(name: str) -> NamedNode:
    return NamedNode(E + name)


ACT: list[tuple[str, str, NamedNode | Literal]] = [
    ("act", TYPE, NamedNode(SCHEMA + "Legislation")),
    ("act", SCHEMA + "legislationDate", Literal("2014-12-29")),
    ("act", CMQ + "approves", node("work/b")),
    ("act", CMQ + "approves", node("work/a")),
    ("launch", TYPE, NamedNode(SCHEMA + "PublicationEvent")),
    ("launch", SCHEMA + "startDate", Literal("2013")),
    ("work/a", SCHEMA + "publication", node("launch")),
    ("work/b", SCHEMA + "publication", node("launch")),
]


def named(iri: str) -> tuple[str, str]:
    return iri.removeprefix(E), ""


def test_a_timeline_says_what_an_act_approved_and_all_that_an_event_published() -> None:
    launch, act = read_dated(facts_of(*ACT), named)
    assert [(w.label, w.property, w.inferred) for w in act.works] == [
        ("work/a", CMQ + "approves", False),
        ("work/b", CMQ + "approves", False),
    ]
    assert [(w.label, w.property) for w in launch.works] == [("work/a", ""), ("work/b", "")]
    html = re.sub("<a [^>]*>|</a>|</?bdi>", "", render([launch, act]))
    assert "<p>act – approves: work/a – approves: work/b</p>" in html
    assert "<p>launch: work/a, work/b. <span" in html


def test_what_an_act_did_is_marked_where_it_is_inferred_and_its_day_is_not() -> None:
    launch, act = read_dated(facts_of(*ACT, inferred=(3, 7)), named)
    assert ([w.inferred for w in act.works], act.inferred) == ([True, False], False)
    assert ([w.inferred for w in launch.works], launch.inferred) == ([False, True], False)
    html = re.sub("<a [^>]*>|</a>|</?bdi>", "", render([launch, act]))
    tag = ' <em class="tag">(inferred)</em>'
    assert f"<p>act – approves: work/a{tag} – approves: work/b</p>" in html
    assert f"<p>launch: work/a, work/b{tag}. <span" in html


def test_that_a_launch_is_of_a_work_is_not_inferred_because_its_publication_is() -> None:
    featured: tuple[str, str, NamedNode | Literal] = ("launch", SCHEMA + "workFeatured", node("work/b"))
    launch, _ = read_dated(facts_of(*ACT, featured, inferred=(3, 7)), named)
    assert [(w.label, w.inferred) for w in launch.works] == [("work/a", False), ("work/b", False)]
    launch, _ = read_dated(facts_of(*ACT, featured, inferred=(7, len(ACT))), named)
    assert [w.inferred for w in launch.works] == [False, True]


@pytest.mark.parametrize(("end", "focus"), [("act", "work/a"), ("launch", "org/press")])
def test_near_an_entity_too_it_is_said_what_an_act_or_an_event_did(end: str, focus: str) -> None:
    more: list[tuple[str, str, NamedNode | Literal]] = [
        ("launch", SCHEMA + "publishedBy", node("org/press")),
        ("org/press", TYPE, node("x")),
    ]
    store = Store()
    graph = NamedNode(E + "graph/one")
    store.extend(Quad(NamedNode(E + s), NamedNode(p), o, graph) for s, p, o in [*ACT, *more])
    kinds = {"work/a": "Report", "work/b": "Report", "org/press": "Organization"}
    store.extend(Quad(node(n), NamedNode(TYPE), NamedNode(SCHEMA + kind), graph) for n, kind in kinds.items())
    near = {one.label: one for one in read_dated(Facts(neighbourhood(LookUps(store), E, E + focus)), named)}
    assert [w.label for w in near[end].works] == ["work/a", "work/b"]


# ---- where it ends


def event(*days: tuple[str, str]) -> list[tuple[str, str]]:
    said = [("event", SCHEMA + name, Literal(day)) for name, day in days]
    found = read_dated(facts_of(("event", TYPE, NamedNode(SCHEMA + "Event")), *said), named)
    return [(one.date, one.end) for one in found]


def test_the_last_of_several_last_days_counts_and_none_that_is_not_after_the_first() -> None:
    assert event(("startDate", "2015-05-29"), ("endDate", "2015-05-30"), ("endDate", "2015-06-02")) == [
        ("2015-05-29", "2015-06-02")
    ]
    assert event(("startDate", "2015-05-29"), ("endDate", "2015-05-29")) == [("2015-05-29", "")]
    assert event(("startDate", "2015-05-29"), ("endDate", "2015-05-01")) == [("2015-05-29", "")]
    assert event(("startDate", "2015-05-29"), ("endDate", "in June")) == [("2015-05-29", "")]


@pytest.mark.parametrize(
    ("days", "measures", "years"),
    [
        ([("2014", ""), ("2015-07-02", "2016")], [(0.0, 0.333), (0.5, 1.0)], "2014 2015 2016"),
        ([("2014", ""), ("2015-07-02", "2016-07")], [(0.0, 0.333), (0.5, 0.861)], "2014 2015 2016"),
        ([("2014", ""), ("2015", "")], [(0.0, 0.5), (0.5, 1.0)], "2014 2015"),
        ([("2014-01-01", ""), ("2015-12-31", "")], [(0.0, None), (0.999, None)], "2014 2015"),
        ([("2014-01-01", ""), ("2016-01-01", "")], [(0.0, None), (0.667, None)], "2014 2015 2016"),
    ],
)
def test_a_timeline_ends_with_the_year_in_which_its_last_date_ends(
    days: list[tuple[str, str]], measures: list[tuple[float, float | None]], years: str
) -> None:
    html = render([Dated(f"{E}event/{n}", f"Event {n}", day, end=end) for n, (day, end) in enumerate(days)])
    assert [(item["--a"], item.get("--z")) for item in items(html)] == measures
    assert re.findall("<span>([0-9]+)</span>", html) == years.split()
    assert f"--n:{len(years.split())}" in html


def test_the_first_and_the_last_day_are_both_written() -> None:
    html = render([*dated("2014"), Dated(E + "event/fair", "Fair", "2015-05-29", end="2015-06-02")])
    times = [f'<time datetime="{d}">{words}</time>' for d, words in SPAN.items()]
    assert f'<p class="d">{times[0]} to {times[1]}</p>' in html


SPAN = {"2015-05-29": "29 May 2015", "2015-06-02": "2 June 2015"}


def test_the_dates_of_a_work_that_an_event_published_are_not_those_of_who_published_it() -> None:
    more: list[tuple[str, str, NamedNode | Literal]] = [
        ("launch", SCHEMA + "publishedBy", node("org/press")),
        ("org/press", TYPE, NamedNode(SCHEMA + "Organization")),
        ("work/a", TYPE, NamedNode(SCHEMA + "Report")),
        ("work/a", SCHEMA + "datePublished", Literal("2012")),
    ]
    store, graph = Store(), NamedNode(E + "graph/one")
    store.extend(Quad(NamedNode(E + s), NamedNode(p), o, graph) for s, p, o in [*ACT, *more])
    assert [one.label for one in read_dated(Facts(neighbourhood(LookUps(store), E, E + "org/press")), named)] == [
        "launch"
    ]

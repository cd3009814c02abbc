"""Entities in very many releases: what their files and pages hold, and what they list instead of copying."""

from __future__ import annotations

import json
import re
from calendar import month_name
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from communique.compile.evidencegraph import statement_node
from communique.export.order import Row, quad_of
from communique.publish.hubs import IN_FULL, LISTED, MOST, hub_of, select_around
from communique.publish.lookups import LookUps
from communique.publish.manifest import verify
from communique.publish.workstore import Releases, describe_around, describe_inner, read_around, releases_of
from communique.terms import CMQ, ORG, RDF, SCHEMA, TYPE
from tests.conftest import build_all
from tests.publications import built_once

BASE = "https://press.example/id/"
GUILD = NamedNode(BASE + "org/guild")
SIZES = (150, 300)


# ---- what the files hold


def slug_of(number: int) -> str:
    """The name of a release; the higher the number, the newer, but the names do not sort like that."""
    return f"day-{number}"


def fact(number: int, subject: str, path: str, value: str | Literal, part: str = "") -> Quad:
    iri = path if ":" in path else SCHEMA + path
    term = value if isinstance(value, Literal) else NamedNode(value if ":" in value else BASE + value)
    graph = f"{BASE}graph/{slug_of(number)}" if number >= 0 else f"{BASE}graph/entities"
    return Quad(NamedNode(BASE + subject), NamedNode(iri), term, NamedNode(graph + (f"/{part}" if part else "")))


def mark(number: int, of: Quad) -> list[Quad]:
    """The statement node of an inferred fact: that it is inferred, and the passage that it rests on."""
    assert isinstance(of.subject, NamedNode) and isinstance(of.object, NamedNode | Literal)
    node = statement_node(f"{BASE}release/{slug_of(number)}", of.subject, of.predicate, of.object)
    said = {RDF + "subject": of.subject, RDF + "predicate": of.predicate, RDF + "object": of.object}
    said |= {CMQ + "basis": NamedNode(CMQ + "inferred"), CMQ + "evidence": passage(number)}
    graph = NamedNode(f"{BASE}graph/{slug_of(number)}/evidence")
    return [Quad(node, NamedNode(path), end, graph) for path, end in said.items()]


def passage(number: int) -> NamedNode:
    return NamedNode(f"{BASE}release/{slug_of(number)}/source.txt#char=0,9")


def role(number: int, title: str) -> list[Quad]:
    at = f"release/{slug_of(number)}#role-1"
    day = Literal(f"2001-01-{number % 28 + 1:02}")
    return [
        fact(number, at, ORG + "member", "org/guild"),
        fact(number, at, "roleName", Literal(title)),
        fact(number, at, ORG + "role", f"release/{slug_of(number)}#post-1"),
        fact(number, at, CMQ + "attestedOn", day, "inferred"),
    ]


def release(number: int) -> Iterator[Quad]:
    """What one release says of the guild: a name, an inferred class, a passage, a role, a statement, an event."""
    slug = slug_of(number)
    yield fact(number, f"release/{slug}", "about", "org/guild")
    yield fact(number, f"release/{slug}", "headline", Literal(f"Day {number}"))
    yield fact(number, "org/guild", "name", Literal("Guild"))
    yield fact(number, "org/guild", CMQ + "evidence", passage(number).value, "evidence")
    yield fact(number, passage(number).value.removeprefix(BASE), "http://www.w3.org/ns/oa#exact", Literal("The Guild"))
    inferred = fact(number, "org/guild", TYPE, SCHEMA + "NGO", "inferred")
    yield from (inferred, *mark(number, inferred))
    yield from role(number, "patron" if number % 2 else "founder")
    yield fact(number, f"release/{slug}#said", "about", "org/guild")
    yield fact(number, f"release/{slug}#said", "text", Literal(f"Words of day {number}"))
    yield fact(number, f"event/day-{number}", "organizer", "org/guild")


REGISTRY = [
    fact(-1, "org/guild", "name", Literal("The Guild")),
    fact(-1, "org/wing", "parentOrganization", "org/guild"),
]


class Files:
    """What the files of the guild hold, if this many releases speak of it and there is something ``more``."""

    def __init__(self, number: int, *more: Quad) -> None:
        store = Store()
        store.extend([*(q for n in range(number) for q in release(n)), *REGISTRY, *more])
        ranks = {slug_of(n): number - n for n in range(number)}
        look_ups = LookUps(store)
        around = read_around(look_ups, GUILD.value)
        self.releases = releases_of(around, BASE, ranks)
        self.hub, marks = hub_of(self.releases, ranks), list[Row]()
        if self.hub:
            around, marks = select_around(look_ups, BASE, around, self.hub, ranks)
        near = [*describe_around(look_ups, BASE, around), *marks]
        self.quads = {quad_of(row) for row in (*near, *describe_inner(look_ups, BASE, near))}

    def numbers(self, pattern: str) -> set[int]:
        """The numbers in the subjects of all quads that match this."""
        return {int(found[1]) for q in self.quads if (found := re.search(pattern, str(q.subject)))}


def newest(number: int, of: int) -> set[int]:
    return set(range(of - number, of))


def test_up_to_a_number_of_releases_everything_is_held() -> None:
    files = Files(MOST)
    assert files.hub is None
    assert files.numbers(r"day-(\d+)/source") == files.numbers(r"day-(\d+)#said") == set(range(MOST))


def test_beyond_it_only_the_newest_releases_are_held_whole() -> None:
    number = MOST + 1
    files = Files(number)
    whole = newest(IN_FULL, number)
    assert files.numbers(r"day-(\d+)/source") == files.numbers(r"day-(\d+)#said") == whole
    assert files.numbers(r"event/day-(\d+)>") == whole
    assert files.hub and files.hub.listed == tuple(slug_of(n) for n in reversed(range(number)))


def test_the_newest_releases_are_linked_and_named() -> None:
    number = LISTED + 30
    files = Files(number)
    assert files.numbers(r"release/day-(\d+)>$") == newest(LISTED, number)
    assert fact(30, "release/day-30", "headline", Literal("Day 30")) in files.quads
    assert files.hub and files.hub.linked == tuple(slug_of(n) for n in range(number - 1, 29, -1))


def test_every_distinct_fact_of_all_releases_stays_once() -> None:
    phone, old = fact(2, "org/guild", "telephone", Literal("+1 202-555-0100")), fact(1, "org/guild", "member", "org/x")
    again = fact(1, "org/guild", "telephone", Literal("+1 202-555-0100"))
    files = Files(80, phone, again, old)
    assert {phone, old, *REGISTRY} <= files.quads and again not in files.quads
    assert len({q.triple for q in files.quads if q.subject == GUILD and q.predicate.value != CMQ + "evidence"}) == 5


def test_a_fact_keeps_the_newest_release_that_states_it_and_the_newest_that_it_is_inferred_from_with_its_mark() -> None:
    says = [
        fact(n, "org/guild", "email", Literal("a@b.example"), part) for n, part in ((1, ""), (2, ""), (3, "inferred"))
    ]
    older = fact(0, "org/guild", "email", Literal("a@b.example"), "inferred")
    files = Files(80, *says, older, *mark(3, says[2]), *mark(0, older))
    assert {says[1], says[2]} <= files.quads and not {says[0], older} & files.quads
    assert {q for q in mark(3, says[2]) if q.predicate.value != CMQ + "evidence"} <= files.quads
    assert not {*mark(0, older)} & files.quads


def test_a_fact_of_the_registry_stays_beside_the_same_fact_of_a_release() -> None:
    both = [fact(n, "org/guild", "email", Literal("a@b.example")) for n in (1, -1)]
    assert {*both} <= Files(80, *both).quads


def test_each_distinct_role_and_contact_point_stays_whole_from_the_newest_release_that_has_it() -> None:
    desk = [
        [
            fact(n, "org/guild", "contactPoint", f"release/day-{n}#desk"),
            fact(n, f"release/day-{n}#desk", "telephone", Literal(text)),
        ]
        for n, text in ((1, "1"), (2, "2"), (3, "2"))
    ]
    keeper = role(4, "keeper")
    at = keeper[0].subject
    files = Files(80, *(q for one in desk for q in one), *role(5, "patron"), *keeper)
    assert {*desk[0], *desk[2]} <= files.quads and not {*desk[1]} & files.quads
    assert {q for q in files.quads if q.subject == at} >= {*keeper}
    assert files.numbers(r"day-(\d+)#role") == {*newest(IN_FULL, 80), 4}


def test_a_genre_and_the_publisher_of_many_web_pages_are_hubs_too() -> None:
    linked = [fact(n, f"release/day-{n}", "genre", "topic/news") for n in range(40)]
    shown = [fact(n, f"release/day-{n}", "publisher", "topic/news", "page") for n in range(30, 60)]
    store = Store()
    store.extend([*linked, *shown])
    ranks = {slug_of(n): n for n in range(60)}
    around = read_around(LookUps(store), BASE + "topic/news")
    releases = releases_of(around, BASE, ranks)
    assert releases == Releases([], [slug_of(n) for n in range(60)])
    hub = hub_of(releases, ranks)
    assert hub and hub.whole == {"", *(slug_of(n) for n in range(IN_FULL))}
    chosen, _ = select_around(LookUps(store), BASE, around, hub, ranks)
    assert chosen.own == [] and {*chosen.towards} == {*around.towards}


def test_releases_of_both_sorts_are_listed_together_each_once() -> None:
    ranks = {slug_of(n): n for n in range(60)}
    hub = hub_of(Releases([slug_of(n) for n in range(0, 60, 2)], [slug_of(n) for n in range(1, 60, 2)]), ranks)
    assert hub and hub.listed == tuple(slug_of(n) for n in range(60))
    assert len(hub.whole) == 1 + 2 * IN_FULL


# ---- a whole publication


def write_newsroom(folder: Path, releases: int) -> Path:
    """A newsroom in which every release speaks of one guild and of one of seven people, its newest two on one day."""
    data = folder / "data"
    (data / "releases").mkdir(parents=True)
    about: dict[str, object] = {"title": "Guilds", "publisher": "Press", "license": "https://e.example/l", "base": BASE}
    about["interface"] = ["en", "ru"]
    (data / "dataset.yaml").write_text(json.dumps(about), encoding="utf-8")
    lines = [json.dumps(written_release(n)) for n in range(releases)]
    (data / "releases" / "all.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return data


def written_release(number: int) -> dict[str, object]:
    slug, day = f"day-{number}", min(number, SIZES[1] - 2)
    date = f"{2001 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
    dateline = f"Mockville, {day % 28 + 1} {month_name[day // 28 % 12 + 1]} {date[:4]}"
    head = f"Weaving day {number}"
    body = f"{dateline}: The Guild of Weavers met, said Ada Mock {number % 7}."
    nodes = [
        {"id": f"release/{slug}", "type": ["NewsArticle", "PressRelease"], "headline": head, "dateline": dateline,
         "about": "org/guild", "evidence": {"*": head, "dateline": f"{dateline}:"}},
        {"id": "org/guild", "type": "Organization", "name": "Guild of Weavers"},
        {"id": f"person/ada-{number % 7}", "type": "Person", "name": f"Ada Mock {number % 7}"},
    ]  # fmt: skip
    record = {"@context": ["context.jsonld", {"@base": BASE, "@language": "en"}], "graph": nodes}
    return {"slug": slug, "source": f"{head}\n\n{body}\n", "record": record}


def publication_of(releases: int, factory: pytest.TempPathFactory) -> Iterator[Path]:
    def make(folder: Path) -> None:
        build_all(write_newsroom(folder, releases), folder / "public")

    yield from built_once(f"hub-{releases}", make, factory)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from publication_of(SIZES[1], tmp_path_factory)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    yield from publication_of(SIZES[0], tmp_path_factory)


def sizes(site: Path) -> dict[str, int]:
    folder = site / "org" / "guild"
    return {path.name: path.stat().st_size for path in folder.iterdir() if path.name.startswith(("index.", "page."))}


@pytest.mark.slow
def test_twice_as_many_releases_do_not_make_the_files_of_a_hub_larger(small: Path, large: Path) -> None:
    before, after = sizes(small), sizes(large)
    assert set(before) == {"index.html", "index.ru.html", "index.ttl", "index.jsonld", "page.jsonld"} == set(after)
    assert not {name: (size, after[name]) for name, size in before.items() if after[name] > 1.2 * size}


def listed(page: str) -> list[str]:
    """The slugs of the releases in the list of a page, in order."""
    block = re.search(r'<ul class="dl">\s*<li>\s*<a href="[./]*release/.*?</ul>', page, re.S)
    return re.findall(r'href="[./]*release/([^/"]+)/', block[0]) if block else []


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["", ".ru"])
def test_the_pages_of_a_hub_list_all_releases_newest_first_each_once(large: Path, suffix: str) -> None:
    folder = large / "org" / "guild"
    names = [f"{name}{suffix}.html" for name in ("index", "releases-2", "releases-3")]
    assert {p.name for p in folder.glob(f"releases-?{suffix}.html")} == set(names[1:])
    pages = [(folder / name).read_text(encoding="utf-8") for name in names]
    found = [listed(page) for page in pages]
    assert [len(one) for one in found] == [LISTED] * 3
    assert [slug for one in found for slug in one] == ["day-298", "day-299", *(f"day-{n}" for n in range(297, -1, -1))]
    for (name, page), (after, following) in pairwise(zip(names, pages, strict=True)):
        assert page.count(f'rel="next" href="{after}"') == following.count(f'rel="prev" href="{name}"') == 2
    assert 'rel="prev"' not in pages[0] and 'rel="next"' not in pages[2]
    assert 'data-releases="300"' in pages[0]
    assert 'hreflang="en" href="releases-2.html"' in pages[1] or 'hreflang="ru" href="releases-2.ru.html"' in pages[1]
    assert not verify(large)


@pytest.mark.slow
def test_the_files_of_a_hub_link_to_its_newest_releases_and_hold_the_same_triples(large: Path) -> None:
    folder = large / "org" / "guild"
    turtle = {q.triple for q in parse(path=str(folder / "index.ttl"), format=RdfFormat.TURTLE)}
    assert turtle == {q.triple for q in parse(path=str(folder / "index.jsonld"), format=RdfFormat.JSON_LD)}
    more = {t.object.value for t in turtle if t.predicate.value.endswith("#seeAlso")}
    assert more == {f"{BASE}release/day-{n}/" for n in range(200, 300)}
    linked = {t.subject.value for t in turtle if t.predicate.value == SCHEMA + "about" and t.object == GUILD}
    assert linked == {f"{BASE}release/day-{n}" for n in range(200, 300)}
    assert (folder / "page.jsonld").read_text(encoding="utf-8").count(f'"{BASE}release/day-') == LISTED

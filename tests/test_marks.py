"""What leaves the house: an inferred fact with its mark or not at all, and no number that a question contradicts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from communique.api import Newsroom, open_newsroom
from communique.check.sums import Sums, entities_of
from communique.compile.compiler import Compiled
from communique.export.pagefacts import page_facts
from communique.iris import release_iri
from communique.publish.build import build
from communique.publish.site.scene import Scene
from communique.terms import CMQ, RDF, SCHEMA, TYPE
from tests.conftest import ROOT, SLUG, MakeNewsroom, record_of
from tests.test_annotated import unfolded

SCHEMA_ORG = json.loads((ROOT / "tests" / "data" / "schemaorg-context.json").read_text(encoding="utf-8"))["@context"]
SYNTAXES = {
    "ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD,
}  # fmt: skip
SAME_IN_SCHEMA = {CMQ + "approves": "about", CMQ + "mediaContact": "mentions", CMQ + "reportingVerb": "description"}


class Published(NamedTuple):
    """A publication and the newsroom that it was made of."""

    site: Path
    newsroom: Newsroom

    @property
    def base(self) -> str:
        return self.newsroom.dataset.base


@pytest.fixture(scope="module", params=["site", "archive_site", "generated_site"])
def published(request: pytest.FixtureRequest) -> Published:
    site: Path = request.getfixturevalue(request.param)
    folders = {"site": ROOT / "data", "archive_site": ROOT / "tests/cases/archive/data"}
    return Published(site, open_newsroom(folders.get(request.param, site.parent / "data")))


# ---- marks

Fact = tuple[Any, Any, Any]


def marks(quads: Iterable[Quad | Triple]) -> set[Fact]:
    """The triples that statement nodes mark as inferred."""
    nodes: dict[Any, dict[str, Any]] = {}
    for quad in quads:
        nodes.setdefault(quad.subject, {})[quad.predicate.value] = quad.object
    inferred = NamedNode(CMQ + "inferred")
    parts = [RDF + name for name in ("subject", "predicate", "object")]
    return {tuple(n[p] for p in parts) for n in nodes.values() if n.get(CMQ + "basis") == inferred}


def inferred_only(quads: Iterable[Quad], base: str, slug: str = "") -> set[Fact]:
    """What some release (or the one named) infers and none of them states; the registry states nothing of a text."""
    graphs: dict[str, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(str(quad.graph_name)[1:-1].removeprefix(f"{base}graph/"), []).append(quad)
    marked, stated = set(), set()
    for name, found in graphs.items():
        if name != "entities" and (not slug or name.partition("/")[0] == slug):
            if name.endswith("/evidence"):
                marked |= marks(found)
            elif not name.endswith("/inferred"):
                stated |= {(q.subject, q.predicate, q.object) for q in found}
    return marked - stated


def dump(site: Path) -> list[Quad]:
    return list(parse(path=str(site / "dataset.nq"), format=RdfFormat.N_QUADS))


def slug_of(path: Path, site: Path) -> str:
    """The release whose folder a file stands in; "" for any other."""
    parts = path.relative_to(site).parts
    return parts[1] if parts[0] == "release" else ""


def test_an_inferred_triple_leaves_only_with_its_mark(published: Published) -> None:
    quads = dump(published.site)
    slugs = {""} | {written.slug for written in published.newsroom.folder.releases()}
    inferred = {slug: inferred_only(quads, published.base, slug) for slug in slugs}
    assert all(inferred.values()) or len(inferred) > 2
    registered = {(quad.subject, quad.predicate, quad.object) for quad in published.newsroom.registry.quads()}
    unmarked, seen = {}, 0
    for path in sorted(published.site.rglob("*.*")):
        syntax = SYNTAXES.get(path.suffix[1:])
        if syntax is None or path.name == "page.jsonld":
            continue
        found = unfolded(parse(path=str(path), format=syntax))
        seen += 1
        bare = {(q.subject, q.predicate, q.object) for q in found} & inferred[slug_of(path, published.site)]
        if path.name == "dataset.stated.ttl":  # has no marks: of what is inferred it has only what the registry states
            bare = {triple for triple in bare if triple not in registered}
        if bare - marks(found):
            unmarked[str(path.relative_to(published.site))] = bare - marks(found)
    assert not unmarked and seen > 100


def json_ld(site: Path) -> Iterator[tuple[Path, Any]]:
    """Every JSON-LD document for other pages: as a file, and inside each page in every language."""
    for path in sorted(site.rglob("page.jsonld")):
        yield path, json.loads(path.read_bytes())
    for path in sorted(site.rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        for body in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL):
            yield path, json.loads(body)


def test_no_page_says_in_json_ld_what_is_inferred(published: Published) -> None:
    quads = dump(published.site)
    seen = 0
    plain: dict[str, set[tuple[str, str, str]]] = {}
    for path, document in json_ld(published.site):
        slug = slug_of(path, published.site)
        if slug not in plain:
            inferred = inferred_only(quads, published.base, slug)
            labels = {tuple(q.triple) for q in quads if q.graph_name == NamedNode(f"{published.base}graph/entities")}
            labels = {triple for triple in labels if triple[1].value == SCHEMA + "name"}
            plain[slug] = {(s.value, _in_schema(p.value), o.value) for s, p, o in inferred - labels}
        text = json.dumps(document | {"@context": SCHEMA_ORG})
        said = {tuple(map(value, q.triple)) for q in parse(text, format=RdfFormat.JSON_LD)}
        assert not said & plain[slug], path
        seen += bool(said)
    assert seen > 40


NAMES = ("name", "headline")
RESTING = {"Statement", "Quotation", "InviteAction"}


def test_the_page_of_an_entity_describes_no_neighbour_by_a_part_of_what_it_means(published: Published) -> None:
    """A neighbour has a name and says nothing but it and its tie; what has none is an address and no more.

    The codes of the entity itself are no neighbours: they are there whole.
    """
    seen = 0
    for path in sorted(published.site.rglob("page.jsonld")):
        entity = published.base + path.parent.relative_to(published.site).as_posix()
        if entity.startswith(published.base + "release/"):
            continue
        for node in json.loads(path.read_bytes())["@graph"]:
            if node["@id"].startswith(f"{entity}#identifier-"):
                assert {"@type", "propertyID", "value"} <= node.keys()
            if node["@id"] == entity or node["@id"].startswith(f"{entity}#"):
                continue
            more = node.keys() - {"@id", "@type", "additionalType", "eventStatus", *NAMES}
            assert all(node[key] == {"@id": entity} for key in more) and node.keys() & set(NAMES), (path, node)
            assert RESTING.isdisjoint(str(node.get("@type")).split("'")), (path, node)
            seen += bool(more)
    assert seen > 10


def value(term: Any) -> str:
    text: str = term.value
    return text


def _in_schema(iri: str) -> str:
    return SCHEMA + SAME_IN_SCHEMA[iri] if iri in SAME_IN_SCHEMA else iri


def test_every_statement_that_a_page_embeds_has_the_speakers_that_the_text_states(published: Published) -> None:
    for release in published.newsroom:
        quads = release.compiled.quads
        said = page_facts(quads, release=release_iri(published.base, release.slug))
        inferred = marks(quads)
        by = {s for s, p, _ in said if p == SCHEMA + "creator"}
        texts = {s for s, p, _ in said if p == SCHEMA + "text"}
        spoken = {value(q.subject) for q in quads if q.predicate.value == SCHEMA + "creator"}
        assert texts & spoken <= by
        stated = {
            value(q.subject)
            for q in quads
            if q.predicate.value == SCHEMA + "creator" and (q.subject, q.predicate, q.object) not in inferred
        }
        assert texts & spoken <= stated


# ---- numbers


def entity_pages(site: Path) -> Iterator[tuple[str, str]]:
    """The path of every entity below the base, and its page in the first language."""
    for kind in ("person", "org", "event", "work", "legislation", "place", "topic"):
        for path in sorted(site.glob(f"{kind}/*/index.html")):
            yield path.parent.relative_to(site).as_posix(), path.read_text(encoding="utf-8")


def test_an_entity_is_named_in_as_many_releases_as_the_question_finds(published: Published) -> None:
    wrong, numbers = {}, set()
    for path, page in entity_pages(published.site):
        rows = published.newsroom.query("releases-about", entity=path).to_dicts()
        releases = {str(row["release"]).removeprefix(f"{published.base}release/") for row in rows}
        told = re.findall(r'data-releases="(\d+)"', page)
        listed = re.findall(r'<h2 id="m\d+"><a[^>]* href="[./]*/release/([^/"]+)/', page)
        listed += re.findall(r'<li><a href="[./]*/release/([^/"]+)/', page)
        beside = "Read on the web page" in page or "genre of:" in page  # shown, though the release does not speak of it
        shown = {slug for slug in listed if slug in releases or not beside}
        if [int(n) for n in told] != ([len(releases)] if releases else []) or shown != releases:
            wrong[path] = (told, sorted(shown), sorted(releases))
        numbers.add(len(releases))
    assert not wrong and len(numbers) > 1


def test_no_release_is_listed_with_nothing_to_say(published: Published) -> None:
    for path, page in entity_pages(published.site):
        assert not re.search(r'<div class="e"></div>', page), path


def test_a_page_that_only_publishes_is_shown_but_not_counted(generated_site: Path) -> None:
    page = (generated_site / "org" / "wire" / "index.html").read_text(encoding="utf-8")
    assert 'data-releases="' not in page and "Read on the web page: meta publisher" in page


# ---- marks on pages

TAG = ' <em class="tag">{}</em>'


def test_a_title_is_not_marked_because_its_organisation_is_inferred(site: Path) -> None:
    index = plainly(site / "index.html")
    title, body = "Deputy Minister of Internal Affairs", "Ministry of Internal Affairs"
    assert f">Zhakupov</a><span>{title}, {body}{TAG.format('inferred')}</span>" in index
    page = plainly(site / "person" / "zhakupov.mia-kz" / "index.html")
    (role,) = (r for r in re.findall(r'<li class="(f[^"]*)"[^>]*>(.*?)</li>', page) if title in r[1])
    before, _, after = role[1].partition('<details class="why">')
    assert (role[0], title in before, body in before, body in after) == ("f", True, True, False)
    (said,) = set(re.findall(rf'data-label="([^"]*{title}[^"]*)"', page))
    assert said.endswith(f"{title}, {body} (inferred)")


def test_what_only_the_registry_knows_is_called_so_in_lists(site: Path) -> None:
    index = plainly(site / "index.html")
    assert f">Almaty</a><span>city{TAG.format('registry')}</span>" in index
    assert f">Danko</a><span>non-governmental organisation{TAG.format('inferred')}</span>" in index
    assert ">Sana Sezim</a><span>non-governmental organisation</span>" in index
    search = (site / "search" / f"{ord('a'):04x}.js").read_text(encoding="utf-8")
    assert '["Almaty","place/almaty/index.html","city (registry)"' in search


def test_the_day_on_which_a_role_is_shown_is_marked_with_its_reason(site: Path) -> None:
    reason = "written by rule: the day of the dateline"
    for path, words in (
        ("person/sultanov.chr-kz/index.html", "As given in the release of 29 May 2015."),
        (
            "release/2015-05-29-special-report-trafficking/index.html",
            "when they began or ended stands beside them if the text says it.",
        ),
    ):
        text = (site / path).read_text(encoding="utf-8")
        (after,) = re.findall(rf"{re.escape(words)}((?:(?!</?div).)*)", text, re.DOTALL)
        assert '<details class="why"><summary>inferred</summary>' in after and reason in after, path


def plainly(page: Path) -> str:
    """A page without the marks of direction around names."""
    return re.sub("</?bdi>", "", page.read_text(encoding="utf-8"))


def test_statements_stand_in_the_order_of_the_text(site: Path, real: Newsroom) -> None:
    page = plainly(site / "person" / "zhakupov.mia-kz" / "index.html")
    assert re.findall(r'class="verb"[^>]*>(stressed|reported)\b', page) == ["stressed", "reported"]
    scene = Scene(real[SLUG].compiled.quads, real.dataset.base)
    names = ("zhakupov-2", "zhakupov-1", "zhakupov-support")
    said = scene.in_text_order(f"{real[SLUG].compiled.iri}#statement-{name}" for name in names)
    assert [name.partition("#statement-")[2] for name in said] == [*reversed(names)]


@pytest.mark.parametrize("name", ["site", "archive_site", "generated_site"])
def test_no_row_stands_twice(name: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(name)
    seen = 0
    for path in sorted(site.rglob("index.html")):
        for listed in re.findall(r'<ul class="fs">(.*?)</ul>', path.read_text(encoding="utf-8"), re.DOTALL):
            rows = [
                re.sub(r'<a class="w".*?</a>|<details.*?</details>|<[^>]+>', "", row)
                for row in re.findall(r"<li.*?</li>", listed, re.DOTALL)
                if "Read on the web page" not in row
            ]
            assert len(rows) == len(set(rows)), (path, rows)
            seen += len(rows)
    assert seen > 100


def test_check_and_front_page_count_the_same(published: Published) -> None:
    texts = (published.site / "index.html").read_text(encoding="utf-8")
    told = {kind: [int(n) for n in re.findall(rf"(\d+) {one}", texts)] for kind, one in COUNTED.items()}
    for kind, classes in CLASSES.items():
        expected = sorted(
            len(
                of_classes(release.compiled, classes) - (unuttered(release.compiled) if kind == "statements" else set())
            )
            for release in published.newsroom
        )
        assert sorted(told[kind]) == expected, kind
    recommended = [len(unuttered(release.compiled)) for release in published.newsroom]
    assert [int(n) for n in re.findall(r"(\d+) recommendations?</p>", texts)] == [n for n in recommended if n]
    whole = {kind: {s for r in published.newsroom for s in entities_of(r.compiled)[kind]} for kind in Sums().entities}
    sums = Sums()
    for release in published.newsroom:
        sums.add(release.compiled)
    assert sums.entities == whole
    assert f", {len(whole['statements']):,} statement" in sums.sentence([])


def of_classes(compiled: Compiled, classes: list[NamedNode]) -> set[object]:
    return {q.subject for q in compiled.facts + compiled.inferred if q.predicate.value == TYPE and q.object in classes}


def unuttered(compiled: Compiled) -> set[object]:
    """Recommendations that nobody is reported to utter."""
    uttered = of_classes(compiled, [NamedNode(CMQ + "ReportedStatement"), NamedNode(SCHEMA + "Quotation")])
    return of_classes(compiled, [NamedNode(CMQ + "PolicyRecommendation")]) - uttered


COUNTED = {
    "people": "(?:person|people) ·",
    "organisations": "organisations? ·",
    "statements": r"statements?(?:</p>| ·)",
}
CLASSES = {
    "people": [NamedNode(SCHEMA + "Person")],
    "organisations": [NamedNode(SCHEMA + "Organization")],
    "statements": [NamedNode(SCHEMA + "Statement"), NamedNode(SCHEMA + "Quotation")],
}


@pytest.mark.slow
def test_what_a_picture_has_no_room_for_is_one_link_away(make_newsroom: MakeNewsroom) -> None:
    given = "Ada Ben Cid Dee Eli Flo Gus Hal Ida Jed Kay Lee May Ned Ora Pat Quy Rex"
    names = [f"{name} Sample" for name in given.split(" ")]
    lines = [f"{name}, warden of the Works, spoke." for name in names]
    nodes = [
        {
            "id": f"person/{n}", "type": "Person", "name": name, "evidence": name,
            "role": {"title": "warden", "of": "org/works", "evidence": line[:-8]},
        }
        for n, (name, line) in enumerate(zip(names, lines, strict=False))
    ]  # fmt: skip
    works = {"id": "org/works", "type": "Organization", "name": "Works", "evidence": lines[0][:-8]}
    fair = {
        "id": "event/fair",
        "type": "Event",
        "name": "fair",
        "organizer": "org/works",
        "evidence": "Works held a fair",
    }
    lines.append("The Works held a fair.")
    text = "\n\n".join(["Headline", *lines]) + "\n"
    data = make_newsroom(json.dumps(record_of(works, fair, *nodes)), text)
    outcome = build(open_newsroom(data), data.parent / "public", jobs=1)
    assert not [f for f in outcome.findings if f.severity == "violation"], outcome.findings
    for path in ("release/sample/index.html", "org/works/index.html"):
        page = (data.parent / "public" / path).read_text(encoding="utf-8")
        (rest,) = re.findall(r'<a href="#([^"]+)" class="more">', page)
        (table,) = re.findall(rf'<div class="scroll" id="{rest}".*?</table>', page, re.DOTALL)
        assert [name for name in names if name not in table] == [], path

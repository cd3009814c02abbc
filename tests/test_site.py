"""The pages: every fact is on them, every link works, nothing comes from other sites, no inline code runs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

from communique.api import Newsroom, Release, open_newsroom
from communique.export.grouped import group
from communique.export.order import Order
from communique.publish.build import build
from communique.publish.site.edition import MAPPED
from communique.publish.site.pages import Pages, all_pages
from communique.publish.site.release_page import AnnotatedRelease, ReleasePage, rows_of
from communique.publish.site.scene import Scene
from communique.publish.site.selection import AT_THE_OBJECT, ELSEWHERE
from communique.publish.words import Words
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.terms import CMQ, ORG, PROV, SCHEMA, TYPE
from tests.conftest import ROOT, SLUG, MakeNewsroom, record_of

RELEASE = f"release/{SLUG}/index.html"


class Reader(HTMLParser):
    """The ids, the links and the tags of a page: ``links`` are (tag, attribute, address)."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[tuple[str, str, str]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attrs}
        self.tags.append((tag, own))
        self.ids += [own["id"]] if "id" in own else []
        for name in ("href", "src", "action"):
            if name in own:
                self.links.append((tag, name, own[name]))


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def pages_of(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


@pytest.fixture(params=["site", "archive_site", "crowded_site"])
def any_site(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.getfixturevalue(request.param)
    return folder


# ---- all pages


def test_every_kind_of_page_is_there(site: Path) -> None:
    made = {str(p.relative_to(site)) for p in pages_of(site)}
    wanted = {"index.html", "data.html", RELEASE, "person/bermet-moldobaeva/index.html", "org/iom/index.html"}
    wanted |= {"place/almaty/index.html", "topic/human-rights/index.html", "legislation/kz-32-47.327/index.html"}
    wanted |= {"event/2015-05-29-special-report-presentation/index.html", "ontology/index.html", "shapes/index.html"}
    wanted |= {f"queries/{name}/index.html" for name in ("who-said-what", "reports", "evidence-of-fact")}
    wanted |= {"queries/index.html"} | {f"index.{tag}.html" for tag in ("ru", "kk")}
    assert wanted <= made
    questions = {f"queries/{path.stem}/index.html" for path in (ROOT / "queries").glob("*.rq")}
    assert len(questions) > 50 and questions | {"queries/index.html"} == {
        name for name in made if name.startswith("queries/") and name.endswith("/index.html")
    }


def test_every_folder_of_things_has_a_page_that_names_all_of_them(any_site: Path) -> None:
    folders = {file.parent.parent for file in any_site.rglob("index.ttl")}
    assert {"release", "person"} <= {f.name for f in folders}
    for folder in folders:
        for page in folder.glob("index*.html"):
            here = {unquote(link) for _, _, link in read(page).links if not link.startswith("..")}
            assert here or folder.name == "release" or "crowded" in str(any_site), folder
        shown = {
            unquote(link).split("/")[-2] for _, _, link in read(folder / "index.html").links if link.count("/") > 1
        }
        if "crowded" not in str(any_site):
            assert {thing.name for thing in folder.iterdir() if thing.is_dir()} <= shown


@pytest.mark.slow
def test_the_menu_leads_somewhere_in_a_newsroom_without_people_and_organisations(
    tmp_path: Path, make_newsroom: MakeNewsroom
) -> None:
    newsroom = open_newsroom(make_newsroom(json.dumps(record_of()), "Headline\n"))
    build(newsroom, tmp_path / "public", jobs=1)
    front = (tmp_path / "public" / "index.html").resolve()
    menu = {
        urlsplit(link).fragment
        for page in pages_of(tmp_path / "public")
        for _, _, link in read(page).links
        if "#" in link and (page.parent / urlsplit(link).path).resolve() == front
    }
    assert {"releases", "people", "organisations"} <= menu <= set(read(front).ids)


def test_an_address_that_is_not_there_has_a_page_whose_links_hold_at_any_depth(
    tmp_path: Path, make_newsroom: MakeNewsroom
) -> None:
    newsroom = open_newsroom(make_newsroom(json.dumps(record_of()), "Headline\n"))
    (tmp_path / "data" / "dataset.yaml").write_text("base: https://example.org/press/\ninterface: [ru, en]\n")
    newsroom = open_newsroom(tmp_path / "data")
    build(newsroom, tmp_path / "public", jobs=1)
    links = [link for _, _, link in read(tmp_path / "public" / "404.html").links]
    assert len(links) > 8
    for link in links:
        assert link.startswith(("#", "/press/")), link
        assert link.startswith("#") or (tmp_path / "public" / urlsplit(link).path.removeprefix("/press/")).exists(), (
            link
        )
    assert "404" not in (tmp_path / "public" / "sitemap.xml").read_text()


def test_the_contact_is_on_every_page_in_the_feed_and_in_the_catalogue(
    tmp_path: Path, make_newsroom: MakeNewsroom
) -> None:
    make_newsroom(json.dumps(record_of()), "Headline\n")
    (tmp_path / "data" / "dataset.yaml").write_text(
        "base: https://example.org/press/\ncontact: {name: 'Desk <b>', email: d@example.org, url: https://example.org/c}\n"
    )
    build(open_newsroom(tmp_path / "data"), tmp_path / "public", jobs=1)
    for page in pages_of(tmp_path / "public"):
        foot = page.read_text(encoding="utf-8").partition('<footer class="site">')[2]
        assert "Desk &lt;b&gt;" in foot
        assert 'href="mailto:d@example.org"' in foot
        assert 'href="https://example.org/c"' in foot
    feed = (tmp_path / "public" / "feed.atom").read_text(encoding="utf-8")
    assert "<email>d@example.org</email>" in feed
    assert '<link rel="help" title="Corrections and objections" href="https://example.org/c"/>' in feed
    for name in ("catalog.ttl", "void.ttl"):
        assert "vcard:hasEmail <mailto:d@example.org>" in (tmp_path / "public" / name).read_text(encoding="utf-8")


@pytest.mark.slow
def test_no_link_is_dead(any_site: Path) -> None:
    readers = {path: read(path) for path in pages_of(any_site) if not path.name.startswith("404")}
    ids = {path: set(reader.ids) for path, reader in readers.items()}
    dead = []
    for path, reader in readers.items():
        for _, _, link in reader.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            if not target.is_file() or (
                parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]
            ):
                dead.append(f"{path.relative_to(any_site)}: {link}")
    assert dead == []
    assert sum(len(reader.links) for reader in readers.values()) > 1000


@pytest.mark.slow
def test_no_page_loads_from_another_site_or_runs_inline_code(any_site: Path) -> None:
    for path in pages_of(any_site):
        reader = read(path)
        loaded = [link for tag, name, link in reader.links if name == "src" or tag in ("script", "form")]
        loaded += [own["href"] for tag, own in reader.tags if tag == "link" and own.get("rel") == "stylesheet"]
        assert not [link for link in loaded if urlsplit(link).scheme or urlsplit(link).netloc], path
        assert not [own for _, own in reader.tags if any(name.startswith("on") for name in own)], path
        scripts = [own for tag, own in reader.tags if tag == "script"]
        assert all("src" in own or own.get("type") == "application/ld+json" for own in scripts), path
        assert not [link for _, _, link in reader.links if link.lower().startswith(("javascript:", "data:"))], path


@pytest.mark.slow
def test_every_page_is_html_without_an_error(any_site: Path) -> None:
    for path in pages_of(any_site):
        parser = html5lib.HTMLParser(strict=True)
        parser.parse(path.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_no_id_occurs_twice_on_a_page(any_site: Path) -> None:
    for path in pages_of(any_site):
        ids = read(path).ids
        assert len(ids) == len(set(ids)), (path, sorted({i for i in ids if ids.count(i) > 1}))


@pytest.mark.slow
def test_headings_skip_no_level_and_each_page_has_one_h1(any_site: Path) -> None:
    for path in pages_of(any_site):
        levels = [int(tag[1]) for tag, _ in read(path).tags if re.fullmatch("h[1-6]", tag)]
        assert levels.count(1) == 1, path
        assert all(b <= a + 1 for a, b in pairwise(levels)), (path, levels)


def test_the_style_block_is_allowed_by_its_hash_alone(site: Path) -> None:
    text = (site / RELEASE).read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert "&#39;unsafe-inline&#39;" not in policy[1].replace("style-src-attr &#39;unsafe-inline&#39;", "")
    rules = re.search("<style>(.*?)</style>", text, re.DOTALL)
    assert rules
    assert base64.b64encode(hashlib.sha256(rules[1].encode()).digest()).decode() in policy[1].replace("&#43;", "+")


# ---- the release


@pytest.fixture(scope="module")
def shown(real: Newsroom, release: Release) -> ReleasePage:
    quads = group([*release.compiled.quads, *real.registry.quads()], real.context)
    return ReleasePage(
        Pages(real.dataset, "en"), AnnotatedRelease(release.compiled, quads, release.source), Order(real.context)
    )


def test_the_pieces_of_the_text_are_the_source_character_by_character(shown: ReleasePage, release: Release) -> None:
    for paragraph in shown.edition.all:
        assert "".join(p.text for p in paragraph.pieces) == release.source[paragraph.start : paragraph.end]
    covered = "\n".join("".join(p.text for p in paragraph.pieces) for paragraph in shown.edition.all)
    assert covered.split() == release.source.split()


def test_each_piece_lists_exactly_the_passages_over_it_the_shortest_first(shown: ReleasePage) -> None:
    spans = {p.id: (p.start, p.end) for p in shown.scene.passages.values()}
    for paragraph in shown.edition.all:
        at = paragraph.start
        for piece in paragraph.pieces:
            over = [i for i, (a, z) in spans.items() if a <= at and z >= at + len(piece.text)]
            assert set(piece.passages) == set(over)
            lengths = [spans[i][1] - spans[i][0] for i in piece.passages]
            assert lengths == sorted(lengths)
            at += len(piece.text)


def test_every_fact_of_the_release_is_on_its_page(shown: ReleasePage) -> None:
    """Facts are counted once, with the passages that they rest on; what is left out is named here, with the reason."""
    rows = [row for article in shown.articles() for row in rows_of(article)]
    missing = []
    for facts in shown.scene.out.values():
        for fact in facts:
            if not fact.slug or fact.predicate in ELSEWHERE | {TYPE} or fact.subject.endswith("/source.txt"):
                continue
            if fact.predicate == PROV + "used":
                continue  # said of the program that made the graphs, not of the release
            if fact.predicate in (ORG + "member", CMQ + "attestedOn"):
                continue  # the role is shown with the person, the day above all roles
            if fact.predicate in (SCHEMA + "jobTitle", SCHEMA + "affiliation", SCHEMA + "recordedAt"):
                continue  # written by rule from the role, and from the event
            if fact.predicate == SCHEMA + "mentions" and fact.subject == shown.compiled.iri:
                continue  # everything mentioned has an article of its own
            inverse = fact.predicate in AT_THE_OBJECT
            seen = shown.maker.display_name(fact.subject) if inverse else shown.maker.value(fact).text
            supported = {p.id for p in fact.passages}
            if not any(seen in row.caption and supported <= set(row.evidence.split(" ")) for row in rows):
                missing.append(fact)
    assert missing == []


def test_each_passage_that_supports_a_fact_is_linked_from_a_fact_and_back(site: Path, shown: ReleasePage) -> None:
    text = (site / RELEASE).read_text(encoding="utf-8")
    evidence = {i for found in re.findall('data-evidence="([^"]*)"', text) for i in found.split(" ")}
    marked = {i for found in re.findall('data-passage="([^"]*)"', text) for i in found.split(" ")}
    known = {p.id for p in shown.scene.passages.values()}
    assert marked == known
    assert evidence <= known
    by_rule = {
        p.id for facts in shown.scene.out.values() for f in facts if f.predicate in ELSEWHERE for p in f.passages
    }
    assert known - evidence <= by_rule


def test_what_is_inferred_is_marked_with_its_reason(site: Path, shown: ReleasePage) -> None:
    text = (site / RELEASE).read_text(encoding="utf-8")
    assert "; the text does not say of everybody that they did" in text
    rows = [row for article in shown.articles() for row in article.rows]
    inferred = [row for row in rows if row.reason]
    assert len(inferred) > 20
    assert text.count('class="f inf') >= len(inferred)
    told = {row.caption for row in rows if not row.reason}
    for facts in shown.scene.out.values():
        for fact in facts:
            if fact.is_inferred and fact.predicate == SCHEMA + "attendee":
                said = (
                    f"{shown.maker.display_name(fact.target)} – attendance at: {shown.maker.display_name(fact.subject)}"
                )
                assert said not in told


def test_reported_speech_never_looks_like_a_quotation(site: Path) -> None:
    text = (site / RELEASE).read_text(encoding="utf-8")
    assert "<q" not in text and "<blockquote" not in text
    assert "This release has no quotation." in text


def test_a_quotation_gets_quotation_marks(archive_site: Path) -> None:
    pages = [p.read_text(encoding="utf-8") for p in (archive_site / "release").rglob("index.html")]
    quoted = [page for page in pages if '<q class="rep"' in page]
    assert quoted
    assert all("This release has no quotation." not in page for page in quoted)


def test_the_page_embeds_exactly_its_page_jsonld_before_the_end_of_html(site: Path) -> None:
    for folder in (f"release/{SLUG}", "person/bermet-moldobaeva", "org/iom"):
        text = (site / folder / "index.html").read_text(encoding="utf-8")
        (embedded,) = re.findall('<script type="application/ld\\+json">\n(.*?)</script>', text, re.DOTALL)
        assert embedded.encode() == (site / folder / "page.jsonld").read_bytes()
        assert text.index("application/ld+json") < text.index("</html>")
        assert json.loads(embedded)


def test_the_summary_says_what_the_release_says_and_leaves_out_what_it_does_not(shown: ReleasePage) -> None:
    lines = {line.key: [(r.label, [v.text for v in r.values]) for r in line.rows] for line in shown.summary()}
    assert lines["when"] == [("", ["29 May 2015"])]
    assert lines["who"][0] == ("", ["Commission on Human Rights under the President of the Republic of Kazakhstan"])
    who = next(line for line in shown.summary() if line.key == "who")
    assert [bool(row.reason) for row in who.rows] == [False, False]  # the performer, and the partners
    assert [values for _, values in lines["where"]] == [["University named after D. Kunayev"], ["Almaty"]]
    assert lines["report"][0] == (
        "approved by:",
        ["Resolution № 32-47.327 of the President of the Republic of Kazakhstan"],
    )
    bare = Scene([], shown.compiled.base)
    assert bare.nodes(SCHEMA + "Event") == []


# ---- entities, questions, lists


def test_a_person_has_what_was_said_and_the_words_around_it(site: Path) -> None:
    text = (site / "person" / "bermet-moldobaeva" / "index.html").read_text(encoding="utf-8")
    assert "need special attention and protection of their rights" in text
    assert 'data-passage="char=2315,2332">Bermet Moldobaeva<' in text
    assert f"../../release/{SLUG}/index.html#char=2315,2394" in text
    assert "No link to an authority file is known" in text


def test_an_entity_of_several_releases_shows_each_with_its_own_facts(archive_site: Path) -> None:
    counted = {
        path: path.read_text(encoding="utf-8").count('class="quiet-link"')
        for path in archive_site.glob("person/*/index.html")
    }
    assert max(counted.values()) >= 3


def test_a_question_shows_its_rows_with_the_words_that_prove_them(site: Path) -> None:
    text = (site / "queries" / "who-said-what" / "index.html").read_text(encoding="utf-8")
    assert text.count("<tr data-release") == 15
    assert f"../../release/{SLUG}/index.html#char=1640,1839" in text
    assert "communique query who-said-what" in text
    rows = (site / "queries" / "who-said-what" / "result.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 16
    assert json.loads((site / "queries" / "who-said-what" / "result.json").read_bytes())["results"]["bindings"]


def test_the_files_of_a_question_are_what_the_command_line_gives(site: Path, real: Newsroom) -> None:
    for name in ("speakers", "reports", "classes-in-use", "organisations-together"):
        values = {p.name: p.example for p in real.catalogue[name].parameters if p.required}
        written = (site / "queries" / name / "result.csv").read_bytes().decode()
        assert written == real.query(name, store=None, **values).render("csv") and written.count("\n") > 1


def test_every_entity_can_be_found_by_each_of_its_words(site: Path) -> None:
    def found(word: str) -> list[str]:
        body = (site / "search" / f"{ord(word[0]):04x}.js").read_text(encoding="utf-8")
        entries = json.loads(body[body.index(",") + 1 : body.rindex(")")])
        return [path for title, path, _, names in entries if word in f"{title} {names}".casefold()]

    assert "person/bermet-moldobaeva/index.html" in found("moldobaeva")
    assert "org/iom/index.html" in found("миграции")
    assert "place/kazakhstan/index.html" in found("қазақстан")
    assert f"release/{SLUG}/index.html" in found("presentation")


def test_the_vocabulary_explains_every_own_term_with_its_use(site: Path) -> None:
    reader = read(site / "ontology" / "index.html")
    assert {"ReportedStatement", "mediaContact", "evidence", "onBehalfOf"} <= set(reader.ids)
    text = (site / "ontology" / "index.html").read_text(encoding="utf-8")
    assert re.search(r'id="reportingVerb".*?<dd>14</dd>', text, re.DOTALL)


# ---- languages


@pytest.mark.parametrize("tag", INTERFACE_LANGUAGES)
def test_every_language_has_a_name_or_is_called_by_its_tag(tag: str) -> None:
    words = Words(tag)
    for language in ("ar", "he", "zh", "de", "uz", "pt-BR", "zh-Hant", "kk-Cyrl", "AR"):
        assert language not in words.language_name(language) and words.language_name(language) != ""
    assert words.language_name("zh-Hant") != words.language_name("zh")
    assert "“xx-dam”" in words.language_name("xx-dam") or "«xx-dam»" in words.language_name("xx-dam")
    assert words.language_name("i-klingon") and words.language_name("grc")


@pytest.mark.parametrize("tag", ["en", "ru", "kk"])
def test_a_count_has_the_form_that_its_language_demands(tag: str) -> None:
    said = {n: Words(tag).count("releases", n) for n in (0, 1, 4, 5, 11, 14, 24, 1004)}
    wanted = {
        "en": "0 releases|1 release|4 releases|5 releases|11 releases|14 releases|24 releases|1,004 releases",
        "ru": "0 релизов|1 релиз|4 релиза|5 релизов|11 релизов|14 релизов|24 релиза|1\xa0004 релиза",
        "kk": "0 релиз|1 релиз|4 релиз|5 релиз|11 релиз|14 релиз|24 релиз|1\xa0004 релиз",
    }
    assert "|".join(said.values()) == wanted[tag]


def test_pages_in_another_language_lead_to_each_other_and_keep_the_words_of_the_release(site: Path) -> None:
    for tag in ("ru", "kk"):
        path = site / "release" / SLUG / f"index.{tag}.html"
        text, reader = path.read_text(encoding="utf-8"), read(path)
        assert f'<html lang="{tag}">' in text
        assert 'id="text"' in text and ' lang="en">' in text
        inner = [link for tag_, _, link in reader.links if tag_ == "a" and link.endswith(".html")]
        assert all(link.endswith(f".{tag}.html") or "hreflang" in text for link in inner)
        own = [link for link in inner if not link.endswith((".ru.html", ".kk.html"))]
        assert set(own) <= {"index.html"}  # only the link back to English
        assert Words(tag)("what_happened") in text
        assert "What happened" not in text


def test_the_languages_of_the_pages_are_set_in_the_dataset(tmp_path: Path, make_newsroom: object) -> None:
    from communique.read.dataset import read_dataset

    file = tmp_path / "dataset.yaml"
    file.write_text("title: T\npublisher: P\nlicense: https://e.org/l\ninterface: [kk, xx]\n", encoding="utf-8")
    dataset, findings = read_dataset(file)
    assert dataset.interface == ("kk",)
    (finding,) = [f for f in findings if f.severity == "violation"]
    assert "'xx'" in finding.message and finding.line == 4
    assert [p.words.language for p in all_pages(dataset)] == ["kk"]


# ---- hostile and empty newsrooms


def test_nothing_hostile_becomes_markup(hostile_site: Path) -> None:
    allowed = {"src", "type", "defer"}
    for path in pages_of(hostile_site):
        reader = read(path)
        scripts = [own for tag, own in reader.tags if tag == "script"]
        assert all(set(own) <= allowed for own in scripts)
        assert not [tag for tag, _ in reader.tags if tag in ("img", "iframe", "object", "b1")], path
        html5lib.HTMLParser(strict=True).parse(path.read_text(encoding="utf-8"))
    text = (hostile_site / "release" / "hostile" / "index.html").read_text(encoding="utf-8")
    assert "{{ 7*7 }}" in text and "&lt;img src=x" in text


def test_a_newsroom_without_releases_says_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "data" / "releases").mkdir(parents=True)
    build(open_newsroom(tmp_path / "data"), tmp_path / "public", jobs=1)
    text = (tmp_path / "public" / "index.html").read_text(encoding="utf-8")
    assert "communique new" in text


def test_words_can_be_looked_up_on_the_original_page_where_it_is_known(archive_site: Path, site: Path) -> None:
    pages = [p.read_text(encoding="utf-8") for p in archive_site.glob("person/*/index.html")]
    assert any("https://example.org/news/two-reports#:~:text=" in page for page in pages)
    release = next(p for p in archive_site.glob("release/*/index.html") if "news/two-reports" in p.read_text("utf-8"))
    assert 'data-original="https://example.org/news/two-reports"' in release.read_text(encoding="utf-8")
    assert "#:~:text=" not in "".join(p.read_text(encoding="utf-8") for p in pages_of(site))


def test_other_readers_take_from_a_page_what_it_says_it_embeds(site: Path) -> None:
    import extruct

    for folder in (f"release/{SLUG}", "org/iom"):
        (found,) = extruct.JsonLdExtractor().extract((site / folder / "index.html").read_text(encoding="utf-8"))
        assert found == json.loads((site / folder / "page.jsonld").read_bytes())


def test_the_newsroom_describes_its_data_to_search_engines(site: Path, real: Newsroom) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    (embedded,) = re.findall('<script type="application/ld\\+json">\n(.*?)</script>', text, re.DOTALL)
    node = json.loads(embedded)
    assert (node["@type"], node["name"], node["license"]) == ("Dataset", real.dataset.title, real.dataset.license)
    assert all((site / d["contentUrl"].removeprefix(real.dataset.site)).is_file() for d in node["distribution"])


# ---- what is inferred, on every page


def test_what_is_inferred_is_marked_in_lists_too(site: Path) -> None:
    text = (site / "index.html").read_text(encoding="utf-8")
    tag = ' <em class="tag">inferred</em>'
    assert "contributor: <bdi>International Organization for Migration</bdi></dd>" in text
    assert f"<bdi>Deputy Minister of Internal Affairs</bdi>, <bdi>Ministry of Internal Affairs</bdi>{tag}" in text
    of = "Commission on Human Rights under the President of the Republic of Kazakhstan"
    office = f"<bdi>Chairman</bdi>, <bdi>{of}</bdi>"
    assert office in text and office + tag not in text
    body = (site / "search" / f"{ord('z'):04x}.js").read_text(encoding="utf-8")
    assert "Ministry of Internal Affairs (inferred)" in body


def test_a_card_has_the_basis_of_all_that_it_says(shown: ReleasePage, make_newsroom: MakeNewsroom) -> None:
    event = {
        "id": "event/fair", "type": "Event", "name": "fair", "performer": "org/guild",
        "evidence": {"*": "the fair", "performer": {"inferred": "a guild", "why": "named beside it"}},
    }  # fmt: skip
    guild = {"id": "org/guild", "type": "Organization", "name": "guild", "evidence": "a guild"}
    record = record_of(event, guild, about="event/fair") | {"@context": ["context.jsonld"]}
    inferred = page_of(make_newsroom(json.dumps(record), "Headline\nOpened: the fair, a guild.\n"))
    for page, some in ((shown, False), (inferred, True)):
        rows = {(line.key, r.label, bool(r.reason)) for line in page.summary() for r in line.rows}
        said = {(key, label, reason) for key, found in page.card().summary for label, _, reason in found}
        assert said == rows
        assert any(reason for _, _, reason in said) == some


def test_the_author_of_a_work_is_not_shown_as_its_speaker(site: Path, shown: ReleasePage) -> None:
    rows = [row for article in shown.articles() for row in article.rows if "ministerial plan" in row.caption]
    assert any(row.caption.endswith(" – created by: Ministry of Internal Affairs") for row in rows)
    assert not [row for row in rows if row.label == "said by:"]
    page = (site / "org" / "mia-kz" / "index.html").read_text(encoding="utf-8")
    assert '<b class="p">creator of:</b>' in page


def test_not_stated_is_written_only_where_nothing_states_it(site: Path, archive_site: Path) -> None:
    assert "Publisher and date of publication are not stated." in (site / RELEASE).read_text(encoding="utf-8")
    known = [p for p in archive_site.glob("release/*/index.html") if "data-original" in p.read_text(encoding="utf-8")]
    assert known
    heads = [re.sub(r"(?s).*<p class=\"dl-line\">(.*?)</p>.*", r"\1", p.read_text(encoding="utf-8")) for p in known]
    assert all("Language: " in head and "not stated" not in head for head in heads)


def test_an_event_that_a_release_is_not_about_is_not_what_happened(make_newsroom: MakeNewsroom) -> None:
    event = {"id": "event/old", "type": "Event", "name": "old congress", "evidence": "the old congress"}
    record = record_of(event) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "Headline\nHe spoke of the old congress.\n"))
    assert page.scene.nodes(SCHEMA + "Event")
    assert page.summary() == ()


def test_an_act_of_approval_names_its_report_if_there_are_several(archive_site: Path) -> None:
    pages = [p.read_text(encoding="utf-8") for p in archive_site.glob("release/*/index.html")]
    (page,) = [p for p in pages if "Paper Towers" in p and "Paper Bridges" in p and "<dt>Report</dt>" in p]
    line = page[page.index("<dt>Report</dt>") :].partition("</dd>")[0]
    assert "Report on Paper Towers: approved by:" in line and "Report on Paper Bridges: approved by:" in line


def page_of(data: Path) -> ReleasePage:
    newsroom = open_newsroom(data)
    written = next(iter(newsroom.folder.releases()))
    compiled = newsroom.compile(written)
    annotated = AnnotatedRelease(compiled, group(compiled.quads, newsroom.context), written.source)
    return ReleasePage(Pages(newsroom.dataset, "en"), annotated, Order(newsroom.context))


def test_the_day_of_a_release_without_a_dateline_is_that_of_its_publication(make_newsroom: MakeNewsroom) -> None:
    published = {"datePublished": {"value": "2018-03-13", "origin": "meta article:published_time"}}
    record = record_of() | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "Headline\n", page=published))
    assert page.card().day == "2018-03-13"
    html = page.pages.render(page.page(b"{}")).decode()
    assert "Headline. Press release. 13 March 2018. https" in html


def test_a_timeline_leads_to_the_words_of_the_first_and_of_the_last_day(make_newsroom: MakeNewsroom) -> None:
    first, last, other = (f"September {day}, 2018" for day in (20, 21, 30))
    forum = {"id": "event/a", "type": "Event", "name": "Forum", "startDate": "2018-09-20", "endDate": "2018-09-21"}
    fair = {"id": "event/b", "type": "Event", "name": "Fair", "startDate": "2018-09-30"}
    events = (
        forum | {"evidence": {"*": "Forum", "startDate": first, "endDate": last}},
        fair | {"evidence": {"*": "Fair", "startDate": other}},
    )
    lines = ["Headline", f"Forum of {first}.", f"It ends on {last}.", f"Fair of {other}."]
    record = record_of(*events) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "\n".join(lines)))
    html = page.pages.render(page.page(b"{}")).decode().partition('id="dates"')[2].partition("</section>")[0]
    places = re.findall(r'<time datetime="([^"]*)">|</span>(¶[^<]*)</a>', html)
    assert ["".join(found) for found in places] == [
        "2018-09-20", "2018-09-21", "¶\xa01", "¶\xa02", "2018-09-30", "¶\xa03",
    ]  # fmt: skip


def test_an_inferred_publisher_is_not_cited(make_newsroom: MakeNewsroom) -> None:
    org = {"id": "org/a", "type": "Organization", "name": "Agency of Samples", "evidence": "Agency of Samples"}
    why = {"publisher": {"inferred": "Agency of Samples", "why": "it signs"}, "*": "Headline"}
    record = record_of(org, publisher="org/a", evidence=why) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "Headline\nAgency of Samples\n"))
    assert [f.is_inferred for f in page.scene.values(page.compiled.iri, SCHEMA + "publisher")] == [True]
    assert page.page(b"{}").values["citation"] == f"Headline. Press release. {page.compiled.iri}"


def test_more_than_five_statements_of_one_speaker_are_grouped(make_newsroom: MakeNewsroom) -> None:
    lines = ["Headline"]
    nodes = [{"id": f"this:{name}", "type": "Person", "name": name, "evidence": name} for name in ("Ann", "Bo")]
    for n in range(6):
        for name, times in (("Ann", 6), ("Bo", 5)):
            if n < times:
                lines.append(f"{name} said word {n}.")
                said = {"creator": f"this:{name}", "reportingVerb": "said", "text": f"word {n}", "evidence": lines[-1]}
                nodes.append({"id": f"this:statement-{name}-{n}", "type": "ReportedStatement"} | said)
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "\n".join(lines) + "\n"))
    (section,) = [s for s in page.sections if s.key == "said"]
    found = [(heading.text, [article.id for article in articles]) for heading, articles in section.parts]
    assert found == [
        ("", [f"statement-Bo-{n}" for n in range(5)]),
        ("Ann", [f"statement-Ann-{n}" for n in range(6)]),
    ]
    html = page.pages.render(page.page(b"{}")).decode()
    assert html.count("No speaker named") == 0 and '<h4 class="sub"><bdi>Ann</bdi></h4>' in html


def test_the_map_of_a_very_long_text_shows_it_by_sections(make_newsroom: MakeNewsroom) -> None:
    names = [f"Town {n:03}" for n in range(1, MAPPED + 50)]
    lines = ["Headline", *(f"Also to {name}." for name in names)]
    towns = [{"id": f"this:{n}", "type": "Place", "name": name, "evidence": name} for n, name in enumerate(names, 1)]
    source = "\n".join(lines)
    page = page_of(make_newsroom(json.dumps(record_of(*towns) | {"@context": ["context.jsonld"]}), source))
    numbered = page.edition.numbered
    assert [p.label for p in numbered] == [str(n) for n in range(MAPPED + 50)]
    parts = page.edition.map()
    assert [(part.label, part.last) for part in parts] == [(str(n), str(n + 1)) for n in range(0, MAPPED + 50, 2)]
    assert sum(part.length for part in parts) == sum(p.length for p in numbered)
    assert len(parts[1].lanes) == 2
    for (_, _, start, end), paragraph in zip(parts[1].lanes, numbered[2:4], strict=True):
        offset = start if paragraph is numbered[2] else start - numbered[2].length
        text = source[paragraph.start + offset : paragraph.start + offset + end - start]
        assert text == f"Town {int(paragraph.label):03}"
    html = page.pages.render(page.page(b"{}")).decode()
    assert '<a href="#p2" style="flex-grow:' in html and "Paragraphs 2 to 3: 2 passages</span>" in html
    assert 'href="#p3" style="flex-grow' not in html and 'id="facts-of-3"' in html


# ---- an archive too large for one page


def test_a_large_newsroom_leads_to_everything(crowded_site: Path, archive_site: Path) -> None:
    linked: set[Path] = set()
    todo = [crowded_site / "index.html"]
    while todo:
        page = todo.pop()
        for _, name, link in read(page).links:
            target = (page.parent / unquote(urlsplit(link).path)).resolve()
            if name == "href" and not urlsplit(link).scheme and target.suffix == ".html" and target not in linked:
                linked.add(target)
                todo.append(target)
    everything = {crowded_site.resolve() / p.relative_to(archive_site) for p in archive_site.rglob("index.html")}
    assert everything - linked == set()
    assert {p.name for p in crowded_site.glob("people*.html")} > {"people.html"}
    assert list(crowded_site.glob("releases-*.html"))


def test_pages_say_what_they_leave_out(crowded_site: Path) -> None:
    question = (crowded_site / "queries" / "entities" / "index.html").read_text(encoding="utf-8")
    assert "The first 2 of " in question
    asked = (crowded_site / "queries" / "speakers" / "index.html").read_text(encoding="utf-8")
    assert "Asked here with release: " in asked
    people = [p.read_text(encoding="utf-8") for p in crowded_site.glob("person/*/index.html")]
    assert any("The newest 1 releases are shown in full" in p for p in people)


def test_a_list_names_the_newest_role_of_a_person(archive_site: Path) -> None:
    body = (archive_site / "search" / f"{ord('p'):04x}.js").read_text(encoding="utf-8")
    (note,) = re.findall(r'\["Jane Placeholder","[^"]*","([^"]*)"', body)
    assert note == "Minister, Ministry of Examples"

"""Anybody's pages, checked offline: every finding has its place, nothing is fetched, and no page stops the check."""

from __future__ import annotations

import codecs
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.api import Newsroom
from communique.codes import CODES
from communique.errors import CommuniqueError
from communique.findings import FORMATS, Finding, render_findings
from communique.iris import release_iri
from communique.schemaorg import FILE, read_vocabulary
from communique.terms import DEFAULT_BASE, SCHEMA
from communique.webpage.check import MAX_FINDINGS, CheckedPage, check_file, check_page, check_pages, find_pages
from communique.webpage.dates import is_iso_date
from communique.webpage.embed import embed
from communique.webpage.html import MAX_PAGE_BYTES
from communique.webpage.jsontext import MAX_VALUES, JsonError, JsonValue, read_json
from communique.webpage.links import SINGLE
from communique.webpage.rules import HEADLINE, WISHES
from tests.conftest import ROOT, SLUG
from tests.tools.write_schemaorg_terms import HEAD, render

CASES = sorted((Path(__file__).parent / "data" / "pages" / "check").glob("*.html"))
SCRIPT = '<script type="application/ld+json">'
CONTEXT = '"@context": "https://schema.org"'


def page_of(jsonld: str, *, end: str = "</script></body></html>") -> str:
    return f"<!doctype html><body>{SCRIPT}{jsonld}{end}"


def check(page: str | bytes) -> CheckedPage:
    return check_page("page.html", page.encode("utf-8", "surrogatepass") if isinstance(page, str) else page)


def codes(page: str | bytes) -> list[str]:
    return [finding.code for finding in check(page).findings]


def summary(finding: Finding) -> str:
    place = f"{finding.line}:{finding.column}"
    return f"{place} {finding.severity} {finding.code}: {finding.message} | {finding.fix}\n"


# ---- the cases


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_findings_of_a_page(path: Path) -> None:
    findings = check_file(path).findings
    assert "".join(map(summary, findings)) == path.with_suffix(".txt").read_text(encoding="utf-8")
    lines = re.split(r"\r\n|\r|\n", path.read_bytes().decode())
    for finding in findings:
        assert finding.column <= len(lines[finding.line - 1]) + 1, finding


def test_every_code_for_pages_has_a_case_and_each_case_its_findings() -> None:
    assert len(CASES) == 26
    assert {path.stem for path in CASES} == {path.stem for path in CASES[0].parent.glob("*.txt")}
    shown = {finding.code for path in CASES for finding in check_file(path).findings}
    elsewhere = {"page-limit", "page-encoding", "page-before-dateline"}  # the last is for page.json of a release
    ours = {code for code in CODES if code.startswith(("page-", "jsonld-", "search-"))}
    assert shown | elsewhere == ours | {"duplicate-key"}
    assert not shown & elsewhere


def test_the_script_of_the_real_release_has_only_recommendations(real: Newsroom) -> None:
    flat = json.loads(real.export([SLUG], "page-jsonld"))["@graph"]
    assert len(flat) > 50 and flat[0]["sdPublisher"]["name"]  # the publisher of the data is a node inside the release
    for nested in (False, True):
        jsonld = real.export([SLUG], "page-jsonld", nested=nested)
        made = embed(b"<!doctype html>\n<body>\n</body>\n", jsonld, release=release_iri(DEFAULT_BASE, SLUG)).page
        page = check_page("page.html", made)
        assert (page.scripts, page.nodes) == (1, len(flat) + 1)
        assert {finding.code for finding in page.findings} == {"search-recommended"}
        assert all(finding.focus for finding in page.findings)


# ---- places and encodings


def test_lines_and_columns_are_those_of_an_editor_whatever_the_encoding() -> None:
    text = f'<!doctype html>\r<p>Қазақ \U0001f3db</p>\r\n{SCRIPT}{{{CONTEXT},\n "№": "Қ", "nmae": "x"}}</script>'
    meta = '<meta charset="{}">'
    pages = [meta.format("utf-8").encode() + text.encode(), codecs.BOM_UTF8 + text.encode()]
    pages += [codecs.BOM_UTF16_LE + text.encode("utf-16-le"), codecs.BOM_UTF16_BE + text.encode("utf-16-be")]
    pages += [(meta.format("windows-1251") + text).encode("windows-1251", "replace")]
    for page in pages:
        last = check(page).findings[-1]
        assert (last.line, last.column, last.length) == (4, 12, 6), page
        assert last.fix == "did you mean name?"


@pytest.mark.parametrize(
    "page, found",
    [
        (b"<p>ok</p>\n<p>\xff\xfe</p>", (2, 4, "warning", "the page is not valid utf-8")),
        (b'<meta charset="shift_jis"><p>\x81</p>', (1, 30, "warning", "the page is not valid shift_jis")),
        (b'<meta charset="rot13"><p>\n\xff', (2, 1, "warning", "the page is not valid utf-8")),
        (codecs.BOM_UTF16_LE + b"<\0p\0>\0\0", (1, 4, "warning", "the page is not valid utf-16-le")),
        ("<p>".encode("utf-16-le"), (1, 2, "violation", "the page contains a NUL")),
    ],
)
def test_bytes_that_do_not_fit_are_reported_and_the_rest_is_read(page: bytes, found: tuple[int, int, str, str]) -> None:
    (finding,) = check(page).findings
    assert (finding.code, finding.line, finding.column, finding.severity) == ("page-encoding", *found[:3])
    assert finding.message.startswith(found[3])


# ---- what a hostile page can do

CHAIN = ",".join(f'{{"@id":"{n}","x":{{"@id":"{n + 1}"}}}}' for n in range(9000))


def test_a_page_that_is_too_large_is_not_read() -> None:
    assert codes(b" " * (MAX_PAGE_BYTES + 1)) == ["page-limit"]
    assert codes(b" " * MAX_PAGE_BYTES) == []


@pytest.mark.slow
def test_depth_length_and_number_of_findings_are_limited() -> None:
    for deep in ("[" * 100_000, '{"a":' * 100_000, "[" * 66 + "]" * 66):
        (finding,) = check(page_of(deep)).findings
        assert (finding.code, finding.severity) == ("page-limit", "violation")
    whole = f'{{{CONTEXT}, "name": {"[" * 62}"x"{"]" * 62}}}'
    assert codes(page_of(whole)) == []
    assert codes(page_of("[" + "1," * MAX_VALUES + "1]")) == ["page-limit"]
    many = ",".join(f'"x{n}": ""' for n in range(400))
    found = check(page_of(f"{{{CONTEXT}, {many}}}")).findings
    assert len(found) == MAX_FINDINGS + 1
    assert found[-1].code == "page-limit"
    assert codes("<svg>" * 1000 + page_of("{")) == ["page-limit"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "page",
    [
        "<" * 5_000_000,
        "<!-" * 1_500_000,
        "<a " + "b=c " * 200_000 + ">",
        "<svg>" * 100_000 + "</x>" * 100_000,
        "<script>" + "<!--<script>" * 100_000,
        "<textarea>" + "</textare " * 100_000,
        page_of("{" + '"a":1,' * 100_000 + '"a":1}'),
        page_of('"' + "\\u0000" * 100_000),
        page_of("[" + ",".join(['{"@id":"#a","@id":"#b"}'] * 50_000) + "]"),
        page_of(f'{{{CONTEXT},"@graph":[{CHAIN}]}}'),
        page_of("-" * 100_000),
        page_of("1" * 100_000),
        page_of(" " * 1_000_000 + "\n" * 1_000_000),
    ],
    ids=lambda page: page[:12] + page[45:60],
)  # fmt: skip
def test_the_time_of_a_hostile_page_is_bounded(page: str) -> None:
    begin = time.process_time()
    assert len(check(page).findings) <= MAX_FINDINGS + 1
    assert time.process_time() - begin < 15


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["http://[", "#a", "_:b", "https://schema.org", "\ud800", "\x00</script>", "2015-05-29", "//"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["@id", "@type", "@context", "@graph", "@reverse", "@value", "@list", "@set", "@language",
                         "@included", "@vocab", "id", "type", "name", "startDate", "url", "isPartOf", "schema:name",
                         "http://schema.org/", "x:y", "", "\u202e", "itemListElement"]), inner, max_size=5),
    max_leaves=30,
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=500)
@given(JSON)
def test_any_json_is_checked_and_its_findings_can_be_shown_in_every_format(data: object) -> None:
    wrapped = {"@context": "https://schema.org", "@graph": data}
    for value in (data, wrapped):
        page = check(page_of(json.dumps(value).replace("<", "\\u003c")))
        for fmt in FORMATS:
            shown = render_findings(page.findings, fmt, version="0")
            assert shown.encode().decode() == shown
            assert "\x00" not in shown
            assert "\u202e" not in shown
        ox.Store().load(render_findings(page.findings, "turtle"), format=ox.RdfFormat.TURTLE)


@settings(max_examples=300)
@given(st.binary(max_size=200), st.text(st.sampled_from("{}[]\",:\\ \n1e.-truefalsn'<!-/>u0")))
def test_any_bytes_are_checked(noise: bytes, text: str) -> None:
    for page in (noise, page_of(text).encode(), noise + SCRIPT.encode() + noise, codecs.BOM_UTF16_BE + noise):
        assert all(finding.line >= 1 for finding in check(page).findings)


@pytest.mark.slow
@settings(max_examples=500)
@given(st.text(st.sampled_from('{}[]",:\\ \n1e.-0uatrefnls'), max_size=20) | JSON.map(json.dumps))
def test_json_is_what_the_standard_library_takes_for_json(text: str) -> None:
    def plain(value: JsonValue) -> object:
        if isinstance(value.data, dict):
            return {key: plain(member.value) for key, member in value.data.items()}
        return [plain(one) for one in value.data] if isinstance(value.data, list) else value.data

    def refuse(_: str) -> None:
        raise ValueError

    try:
        expected = json.loads(text, parse_constant=refuse)
    except ValueError:
        with pytest.raises(JsonError):
            read_json(text)
        return
    assert plain(read_json(text).value) == expected


# ---- rules


@pytest.mark.parametrize(
    "text",
    ["2015", "2015-05", "2015-05-29", "20150529", "2015-W22-5", "2015W225", "2015-149", "2015149", "2015-05-29T10",
     "2015-05-29T10:00", "2015-05-29T10:00Z", "2015-05-29T10:00:00.5+06:00", "20150529T100000Z", "10:00", "T10:00",
     "2015-05-29/2015-06-01", "2015-05-29/..", "2016-02-29", "2015-05-29T24:00"],
)  # fmt: skip
def test_dates_of_iso_8601(text: str) -> None:
    assert is_iso_date(text)


@pytest.mark.parametrize(
    "text",
    ["", "29 May 2015", "29.05.2015", "05/29/2015", "2015-5-29", "2015-02-30", "2015-13", "2015-13-01", "2015-00",
     "2015-05-29 10:00", "2015-05-29T", "2015-05-29T25:00", "2015-05-29T10:60", "2015-05-29T10:00 +06", "2015-W60-1",
     "2015-400", "2015-000", "15", "１０:00", "٢٠١٥", "2015-05-29/", "/2015", "2015-02-29", "10", "today"],
)  # fmt: skip
def test_other_texts_are_no_dates_of_iso_8601(text: str) -> None:
    assert not is_iso_date(text)


def test_what_search_engines_ask_is_what_the_profile_google_asks() -> None:
    sh = "http://www.w3.org/ns/shacl#"
    said: dict[str, dict[str, str]] = {}
    for quad in ox.parse(path=str(ROOT / "shapes" / "profiles" / "google.ttl")):
        value = quad.object.value if not isinstance(quad.object, ox.Triple) else ""
        said.setdefault(str(quad.subject), {})[quad.predicate.value.removeprefix(sh)] = value
    rules = {
        (s["targetClass"].removeprefix(SCHEMA), s["path"].removeprefix(SCHEMA)): (s["severity"], s["message"])
        for s in said.values()
        if "minCount" in s
    }
    ours = {(wish.kind, wish.name): wish for wish in WISHES}
    assert len(rules) == 11
    for rule, (severity, message) in rules.items():
        assert f"{sh}{ours[rule].severity.capitalize()}" == severity
        assert message.startswith(ours[rule].message), rule
    beyond = {name for kind, name in ours.keys() - rules.keys() if kind not in ("BlogPosting", "Article")}
    assert beyond == {"headline", "name"}
    assert any(s.get("maxLength") == str(HEADLINE) for s in said.values())
    vocabulary = read_vocabulary()
    assert {wish.name for wish in WISHES} | SINGLE <= vocabulary.properties.keys()
    assert {wish.kind for wish in WISHES} <= vocabulary.classes.keys()


def test_the_vocabulary_is_schema_org_30_as_the_tests_pin_it() -> None:
    vocabulary = read_vocabulary()
    assert len(vocabulary.classes) == 937
    assert len(vocabulary.classes) + len(vocabulary.members) + len(vocabulary.properties) == 3003
    pinned = json.loads((Path(__file__).parent / "data" / "schemaorg-30.0.json").read_text(encoding="utf-8"))["terms"]
    for name, term in pinned.items():
        if term["kind"] == "class":
            assert list(vocabulary.classes[name]) == term["superclasses"], name
        elif name in vocabulary.members:
            assert term["domainIncludes"] == term["rangeIncludes"] == [], name
        else:
            ranges = set(term["rangeIncludes"])
            known = vocabulary.properties[name]
            assert (set(known.domains), set(known.ranges)) == (set(term["domainIncludes"]), ranges), name
            assert (name in vocabulary.dates) == (bool(ranges) and ranges <= {"Date", "DateTime", "Time"}), name
    lines = FILE.read_text(encoding="utf-8").splitlines()
    terms = [line for line in lines if not line.startswith("#")]
    assert terms == sorted(terms)


def test_the_vocabulary_knows_data_types_pending_terms_and_what_superseded_terms_became() -> None:
    vocabulary = read_vocabulary()
    assert {"Text", "URL", "Date", "Integer", "Duration", "Distance"} <= vocabulary.datatypes
    assert not {"Thing", "QuantitativeValue", "StructuredValue", "DataType"} & vocabulary.datatypes
    assert "funding" in vocabulary.pending
    assert "funder" not in vocabulary.pending
    assert vocabulary.superseded["awards"] == ("award",)
    assert vocabulary.members["EventPostponed"] == ("EventStatusType",)
    assert vocabulary.properties["funding"].inverses == ("fundedItem",)


def test_the_vocabulary_is_made_of_every_term_of_a_file_of_schema_org(tmp_path: Path) -> None:
    official = tmp_path / "schemaorg-all-http.ttl"
    official.write_text(
        """
        @prefix schema: <http://schema.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        schema:Report a rdfs:Class ; rdfs:subClassOf schema:Article, owl:Thing .
        schema:Pending a rdfs:Class ; schema:isPartOf <http://pending.schema.org> .
        schema:Other a rdfs:Class ; schema:isPartOf <http://auto.schema.org> ; schema:supersededBy schema:Report .
        schema:Text a rdfs:Class, schema:DataType .
        schema:Online a schema:EventAttendanceModeEnumeration .
        schema:startDate a rdf:Property ; schema:rangeIncludes schema:Date, schema:DateTime ;
            schema:domainIncludes schema:Thing, schema:Event .
        schema:temporal a rdf:Property ; schema:rangeIncludes schema:Date, schema:Text ;
            schema:supersededBy schema:startDate ; schema:isPartOf <http://pending.schema.org> .
        schema:inner a rdf:Property ; schema:inverseOf schema:outer .
        schema:any a rdf:Property .
        owl:Thing a rdfs:Class .
        """,
        encoding="utf-8",
    )
    *head, _ = HEAD.format(sha256=hashlib.sha256(official.read_bytes()).hexdigest()).split("\n")
    assert render(official).splitlines() == [
        *head, "class|Other|||Report", "class|Pending||pending", "class|Report|Article", "datatype|Text",
        "member|Online|EventAttendanceModeEnumeration", "property|any", "property|inner|||||outer",
        "property|startDate|Event Thing|Date DateTime", "property|temporal||Date Text|pending|startDate",
    ]  # fmt: skip


# ---- files


def test_pages_are_found_in_folders_and_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name in ("a/z.html", "a/b/x.HTML", "a/b/y.htm", "a/b/w.Xhtml", "a/b/not.php", "single.xhtml"):
        (tmp_path / name).write_text("<p>")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    found = find_pages([tmp_path / "a", tmp_path / "single.xhtml", tmp_path / "a" / "z.html"])
    assert [str(path.relative_to(tmp_path)) for path in found] == [
        "a/b/w.Xhtml",
        "a/b/x.HTML",
        "a/b/y.htm",
        "a/z.html",
        "single.xhtml",
    ]
    for path in (tmp_path / "none", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with pytest.raises(CommuniqueError):
            find_pages([path])
    os.mkfifo(tmp_path / "pipe.html")
    (tmp_path / "broken.html").symlink_to("nowhere")
    (pipe, broken) = check_pages([tmp_path / "pipe.html", tmp_path / "broken.html"])
    assert [pipe.findings[0].code, broken.findings[0].code] == ["unreadable-file"] * 2


# ---- the command


def communique(*words: str | Path, cwd: Path = ROOT) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "communique", *map(str, words)], cwd=cwd, capture_output=True, check=False
    )
    err = done.stderr.decode()
    assert "Traceback" not in err, err
    return done.returncode, done.stdout.decode(), err


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with two pages and no newsroom: one is correct; one has a violation, a warning and recommendations."""
    (tmp_path / "good.html").write_text(page_of(f'{{{CONTEXT}, "@type": "Place", "name": "A"}}'))
    (tmp_path / "bad.html").write_text(
        page_of(f'{{{CONTEXT}, "@type": "Article",\n "nmae": "A", "about": {{"@id": "#x"}}}}')
    )
    return tmp_path


def test_the_command_needs_no_newsroom_and_tells_place_and_remedy(site: Path) -> None:
    code, out, err = communique("check", "--pages", ".", cwd=site)
    assert (code, err) == (1, "2 pages, 2 scripts, 2 nodes: 1 violation, 1 warning, 4 info\n")
    assert "bad.html:2:2: warning [jsonld-unknown-term] schema.org 30.0 has no property 'nmae'" in out
    assert "       fix: did you mean name?" in out
    assert communique("check", "--pages", "good.html", cwd=site) == (0, "", "1 page, 1 script, 1 node: nothing wrong\n")
    assert communique("check", "--pages", "good.html", "bad.html", "-q", cwd=site)[::2] == (1, "")
    assert communique("check", "--pages", "good.html", "--pages", "bad.html", "-q", cwd=site)[0] == 1


def test_the_profile_of_search_engines_can_be_named_with_pages(site: Path) -> None:
    plain = communique("check", "--pages", "bad.html", cwd=site)
    assert communique("check", "--pages", "bad.html", "--profile", "google", cwd=site) == plain
    assert "search-recommended" in plain[1]


GIVEN_BY_NO_TEXT = {"image", "description", "url", "datePublished", "author", "organizer", "performer", "endDate"}


def wishes_of(public: Path) -> tuple[set[str], set[tuple[str, str]]]:
    """What search engines recommend, by property, and what else is found, by code and focus, in all its pages."""
    pages = find_pages([public])
    assert len(pages) > 50
    found = [finding for page in check_pages(pages) for finding in page.findings]
    recommended = {str(f.path).removeprefix(SCHEMA) for f in found if f.code == "search-recommended"}
    return recommended, {(f.code, f.focus or "") for f in found if f.code != "search-recommended"}


def test_the_pages_of_the_first_release_lack_only_what_its_text_does_not_give(publication: Path) -> None:
    assert wishes_of(publication) == (GIVEN_BY_NO_TEXT - {"performer"} | {"headline"}, set())


def test_the_pages_of_an_archive_lack_only_what_the_texts_do_not_give(archive_site: Path) -> None:
    recommended, others = wishes_of(archive_site)
    assert recommended == GIVEN_BY_NO_TEXT
    event = "https://news.example/id/event/"
    placeless = {"2019-05-16-woerterbuch", "2021-04-22-online-session"}  # the release is about them, and says no place
    assert others == {("search-required", event + name) for name in placeless}


@pytest.mark.parametrize("fmt", FORMATS)
def test_page_findings_are_shown_in_every_format(site: Path, fmt: str) -> None:
    code, out, _ = communique("check", "--pages", "bad.html", "--format", fmt, cwd=site)
    assert code == 1
    assert out.count("jsonld-unknown-term") >= 1
    if fmt == "json":
        found = json.loads(out)
        assert not found["conforms"]
        assert [f["code"] for f in found["findings"]].count("search-recommended") == 4
    if fmt == "turtle":
        assert len(list(ox.parse(out, format=ox.RdfFormat.TURTLE))) > 40


@pytest.mark.parametrize(
    "words, sentence",
    [
        (["--pages", "no-such-folder"], "there is no file or folder no-such-folder"),
        (["--pages", "empty"], "there is no page (*.html, *.htm, *.xhtml, *.xht, *.shtml) in empty"),
        (["--pages", "good.html", "--profile", "google", "--profile", "press"], "the profile 'press' is for releases"),
    ],
)
def test_what_cannot_be_checked_is_one_sentence(site: Path, words: list[str], sentence: str) -> None:
    (site / "empty").mkdir()
    code, out, err = communique("check", *words, cwd=site)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err

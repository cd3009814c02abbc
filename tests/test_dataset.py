"""``data/dataset.yaml`` is read strictly: what is wrong is named where it stands, and the default takes its place."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import yaml_rs
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld

from communique.read.dataset import MEANINGS, Agent, Contact, Dataset, Theme, _Reader, read_dataset
from communique.read.themes import DATA_THEMES
from communique.terms import DESCRIPTION_PREFIXES

OURS = Path(__file__).resolve().parents[1] / "data/dataset.yaml"
GOOD = "title: News\npublisher: Office\nlicense: https://example.org/licence\n"
GOVE = "http://publications.europa.eu/resource/authority/data-theme/GOVE"


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def read_text(text: str, good: str = GOOD) -> tuple[Dataset, list[tuple[Any, ...]]]:
        path = tmp_path / "dataset.yaml"
        tail = "" if "contact:" in text or not good else "\ncontact: desk@example.org\n"
        path.write_text(good + text + tail, encoding="utf-8")
        dataset, findings = read_dataset(path)
        dataset = replace(dataset, contact=None) if tail else dataset
        assert {f.file for f in findings} <= {str(path)}
        line = good.count("\n")
        return dataset, [(f.severity, f.code, f.line - line if f.line else 0, f.column, f.message) for f in findings]

    return read_text


def test_our_own_description_has_no_finding():
    dataset, findings = read_dataset(OURS)
    assert findings == []
    assert (dataset.publisher, dataset.issued) == (Agent("Communique"), None)
    assert dataset.contact and "issue tracker" in (dataset.contact.name or "")
    assert (dataset.contact.email, dataset.contact.url) == (None, None)  # none is made up
    assert dataset.base == "https://w3id.org/communique/id/"


def test_our_own_description_is_yaml_ld_that_says_the_same_to_others():
    document: Any = yaml_rs.loads(OURS.read_text(encoding="utf-8"), parse_datetime=False)
    [node] = jsonld.expand(document)
    dataset, _ = read_dataset(OURS)
    d = DESCRIPTION_PREFIXES
    said = document.keys() - {
        "@context",
        "inferences",
    }  # how records are read is nothing that the dataset says of itself
    assert set(node) == {iri(MEANINGS[key]) for key in said}
    assert node[d["dcterms"] + "title"] == [{"@value": dataset.title, "@language": "en"}]
    assert node[d["dcterms"] + "license"] == [{"@id": dataset.license}]
    assert node[d["dcterms"] + "publisher"] == [{d["foaf"] + "name": [{"@value": "Communique", "@language": "en"}]}]
    assert node[d["void"] + "uriSpace"] == [{"@value": dataset.base}]
    assert [x["@id"] for x in node[d["dcat"] + "theme"]] == [t.iri for t in dataset.themes]
    assert [x["@value"] for x in node[d["dcat"] + "keyword"]] == list(dataset.keywords)


def iri(name: str) -> str:
    prefix, _, rest = name.partition(":")
    return DESCRIPTION_PREFIXES[prefix] + rest


def test_a_newsroom_without_the_file_is_usable_and_a_finding_says_so(tmp_path):
    dataset, [finding] = read_dataset(tmp_path / "dataset.yaml")
    assert dataset == Dataset()
    assert (finding.severity, finding.code) == ("info", "no-dataset-file")


def test_everything_that_can_be_said_is_read(read):
    dataset, findings = read(
        "description: All of it\nbase: https://example.org/id/\nhomepage: https://example.org/news\nlanguage: kk\n"
        "contact: {name: Desk, email: desk@example.org, url: https://example.org/desk}\nkeywords: [a, b, a]\n"
        f"themes: [{GOVE}, {{id: https://example.org/t, label: Bread}}]\nspatial: https://sws.geonames.org/1522867/\n"
        "issued: 2015-05-29\nmodified: 2015-06-01\nversion: '1.0'\n"
    )
    assert findings == []
    assert dataset == Dataset(
        title="News",
        description="All of it",
        publisher=Agent("Office"),
        license="https://example.org/licence",
        base="https://example.org/id/",
        contact=Contact("Desk", "desk@example.org", "https://example.org/desk"),
        homepage="https://example.org/news",
        language="kk",
        keywords=("a", "b"),
        themes=(Theme(GOVE), Theme("https://example.org/t", "Bread")),
        spatial=("https://sws.geonames.org/1522867/",),
        issued="2015-05-29",
        modified="2015-06-01",
        version="1.0",
    )


@pytest.mark.parametrize(
    ("text", "code", "column", "message"),
    [
        ("licence: x", "unknown-key", 1, "the key 'licence' means nothing here"),
        ("description: 12", "wrong-type", 14, "description is not text but a number"),
        ("description: [a]", "wrong-type", 14, "description is not text but a list"),
        ("description: true", "wrong-type", 14, "description is not text but true or false"),
        ("description:", "wrong-type", 13, "description is empty"),
        ("version: 0.1", "wrong-type", 10, "version is not text but a number"),
        ("homepage: example.org", "not-an-iri", 11, None),
        ("homepage: 'https://a b'", "not-an-iri", 11, None),
        ("homepage: javascript:alert(1)", "not-an-iri", 11, None),
        ("base: https://e.org/id", "not-an-iri", 7, "the base must end in /, without ? and #: 'https://e.org/id'"),
        ("base: https://e.org/id#", "not-an-iri", 7, "the base must end in /, without ? and #: 'https://e.org/id#'"),
        ("base: https://e.org/id/#", "not-an-iri", 7, "the base must end in /, without ? and #: 'https://e.org/id/#'"),
        (
            "base: 'https://e.org/?a=/'",
            "not-an-iri",
            7,
            "the base must end in /, without ? and #: 'https://e.org/?a=/'",
        ),
        ("homepage: https://jo:secret@example.org/", "not-an-iri", 11, None),
        ("homepage: https://example.org/\u202ea", "not-an-iri", 11, None),
        ("contact: desk", "not-an-email", 10, None),
        ("contact: mailto:a@b.org", "not-an-email", 10, None),
        ("contact: {mail: a@b.org}", "unknown-key", 11, "the key 'mail' means nothing here"),
        ("contact: {email: nobody}", "not-an-email", 18, None),
        ("language: English", "not-a-language", 11, None),
        ("issued: 29 May 2015", "not-a-date", 9, None),
        ("issued: 2015-02-30", "not-a-date", 9, "the calendar has no such day: 2015-02-30"),
        ("modified: 2015-W01-1", "not-a-date", 11, None),
        ("keywords: [a, 1]", "wrong-type", 15, "keywords is not text but a number"),
        ("spatial: [Almaty]", "not-an-iri", 11, None),
        ("themes: [{label: Bread}]", "missing-key", 10, "a theme needs an id"),
    ],
)
def test_a_wrong_value_is_reported_at_its_position(read, text, code, column, message):
    dataset, [finding] = read(text)
    assert finding[:4] == ("violation", code, 1, column)
    assert message is None or finding[4] == message
    assert dataset in (Dataset(title="News", publisher=Agent("Office"), license="https://example.org/licence"),
                       Dataset(title="News", publisher=Agent("Office"), license="https://example.org/licence",
                               keywords=("a",)))  # fmt: skip


def test_an_unknown_key_comes_with_the_nearest_known_one(tmp_path):
    (tmp_path / "dataset.yaml").write_text(GOOD + "contact: desk@example.org\nlicence: x\n")
    _, [finding] = read_dataset(tmp_path / "dataset.yaml")
    assert finding.fix == "did you mean 'license'?"


def test_what_a_catalogue_needs_and_the_file_lacks_is_a_warning(read):
    _, findings = read("description: x", good="")
    assert findings == [
        ("warning", "missing-key", 0, 0, f"{key} is missing") for key in ("title", "publisher", "license", "contact")
    ]


def test_a_publisher_without_a_name_is_refused(read):
    dataset, findings = read("publisher: {homepage: https://example.org/}", "title: a\nlicense: https://example.org/\n")
    assert dataset.publisher is None
    assert findings == [("violation", "missing-key", 1, 12, "the publisher needs a name")]


def test_a_theme_of_another_list_needs_a_label(read):
    dataset, findings = read("themes: https://example.org/t")
    assert dataset.themes == (Theme("https://example.org/t"),)
    assert findings == [("warning", "theme-without-label", 1, 9, "the theme https://example.org/t has no label")]


def test_a_key_that_stands_twice_is_refused_as_everywhere(read):
    _, findings = read("title: Again")
    assert [f[1] for f in findings] == ["duplicate-key"]


def test_a_file_that_is_no_yaml_gives_defaults_and_says_so(read):
    dataset, findings = read("a: b: c", good="")
    assert (dataset, [f[1] for f in findings]) == (Dataset(), ["yaml-syntax"])


def test_a_link_is_not_followed(tmp_path):
    (tmp_path / "dataset.yaml").symlink_to(OURS)
    assert [f.code for f in read_dataset(tmp_path / "dataset.yaml")[1]] == ["bad-path"]


def test_a_folder_in_its_place_is_one_finding(tmp_path):
    (tmp_path / "dataset.yaml").mkdir()
    assert [f.code for f in read_dataset(tmp_path / "dataset.yaml")[1]] == ["unreadable-file"]


@pytest.mark.parametrize(
    ("context", "found"),
    [
        ({"title": "http://purl.org/dc/terms/title"}, []),
        ({"dct": "http://purl.org/dc/terms/", "title": {"@id": "dct:title"}}, []),
        ({"title": "http://schema.org/name"}, [("violation", "context-differs")]),
        ({"base": {"@type": "@id"}}, [("violation", "context-differs")]),
        ("https://example.org/context", [("warning", "context-not-checked")]),
        ([{}], [("warning", "context-not-checked")]),
    ],
)
def test_a_context_may_stand_there_but_not_mislead(read, context, found):
    dataset, findings = read(f'"@context": {json.dumps(context)}\n')
    assert dataset.title == "News"
    assert [f[:2] for f in findings] == found


@pytest.mark.parametrize(
    ("dataset", "site"),
    [
        (Dataset(), "https://w3id.org/communique/id/"),
        (Dataset(base="https://example.org/id#"), "https://example.org/id/"),
        (Dataset(homepage="https://example.org/news"), "https://example.org/news/"),
    ],
)
def test_the_site_is_the_home_page_or_the_base_and_ends_in_a_slash(dataset, site):
    assert dataset.site == site


@given(st.text(alphabet="ab:/?#[]@!%2G.é|\u202e\ue000\ufffe\x00\x85 \\"))
def test_an_address_that_is_accepted_is_an_iri_to_the_engine(rest):
    reader = _Reader("dataset.yaml", b"{}")
    address = reader.iri(("homepage",), "https://example.org" + rest)
    assert address is None or ox.NamedNode(address).value == address
    assert len(reader.findings) == (address is None)


MEMBERS = st.sampled_from(["id", "label", "name", "email", "x"])
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
JSON = st.recursive(SCALARS, lambda x: st.lists(x, max_size=3) | st.dictionaries(MEMBERS, x, max_size=3))


@given(st.dictionaries(st.sampled_from([*MEANINGS, "@context", "x"]), JSON))
def test_any_document_gives_a_description_and_findings_and_never_an_error(document):
    reader = _Reader("dataset.yaml", json.dumps(document).encode())
    dataset = reader.dataset(document)
    assert isinstance(dataset, Dataset)
    assert {f.code for f in reader.findings} <= CODES


CODES = {
    "context-differs", "context-not-checked", "missing-key", "not-a-date", "not-a-language", "not-an-email",
    "not-an-iri", "theme-without-label", "unknown-key", "wrong-type",
}  # fmt: skip


def test_the_themes_of_the_eu_are_thirteen():
    assert len(DATA_THEMES) == 13

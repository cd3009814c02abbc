"""What a release or a node is called changes nothing but its IRI, even if the name looks like a part of one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from communique.api import open_newsroom
from communique.publish.build import build
from communique.publish.counts import Counts
from tests.conftest import MakeNewsroom

TEXT = "Bridge opened\nJo Sample of Sample Works said: “The bridge is safe.”\n"
RECORD = """\
"@context": [context.jsonld, {{"@base": "https://w3id.org/communique/id/", "@language": en}}]
graph:
  - id: release/{slug}
    type: [NewsArticle, PressRelease]
    headline: Bridge opened
    evidence: Bridge opened
  - id: person/jo-sample
    type: Person
    name: Jo Sample
    affiliation: org/works
    evidence: Jo Sample of Sample Works
  - id: org/works
    type: Organization
    name: Sample Works
    evidence: Sample Works
  - id: this:{name}
    type: Quotation
    creator: person/jo-sample
    reportingVerb: said
    text: The bridge is safe.
    inLanguage: en
    evidence: "Jo Sample of Sample Works said: “The bridge is safe.”"
"""


PAPER = """\
"@context": [context.jsonld, {"@base": "https://w3id.org/communique/id/", "@language": en}]
graph:
  - id: org/paper
    type: Organization
    name: Sample Paper
"""


def publish(make_newsroom: MakeNewsroom, slug: str, name: str) -> tuple[Path, Counts]:
    """A publication with one release of a given name, in which the statement has a given name; its counts."""
    page = {"publisher": {"value": "org/paper", "origin": "foot of the page"}}
    data = make_newsroom(RECORD.format(slug=slug, name=name), TEXT, page=page, entities=PAPER)
    (data / "releases" / "sample").rename(data / "releases" / slug)
    out = data.parent / slug
    outcome = build(open_newsroom(data), out, jobs=1)
    assert [f for f in outcome.findings if f.severity == "violation"] == []
    data.rename(data.parent / f"data of {slug}")
    return out, outcome.counts


@pytest.mark.slow
def test_no_name_of_a_release_or_a_node_hides_anything(make_newsroom: MakeNewsroom) -> None:
    plain, counts = publish(make_newsroom, "release-one", "speech-1")
    assert counts.facts > 0 and counts.evidence > 0
    for slug, name in (("evidence", "s-1"), ("page", "s-0123"), ("graph", "char")):
        named, same = publish(make_newsroom, slug, name)
        assert same == counts, slug
        for path in (
            "index.html",
            "release/release-one/index.html",
            "person/jo-sample/index.html",
            "org/paper/index.html",
        ):
            page = (named / path.replace("release-one", slug)).read_text(encoding="utf-8")
            page = re.sub(rf"(release[/ ]){slug}\b", r"\1release-one", page)
            other = (plain / path).read_text(encoding="utf-8")
            assert words(page) == words(other), (slug, path)
            for element in ("<a ", "<path ", "<mark "):
                assert page.count(element) == other.count(element), (slug, path)
        for entity in ("person/jo-sample", "org/paper"):  # of the second one only the web page speaks
            assert f'href="../../release/{slug}/' in (named / entity / "index.html").read_text(encoding="utf-8")


def words(page: str) -> str:
    """The text of a page in one line, without elements that are for programs."""
    shown = re.sub(r"<(script|style)\b.*?</\1>", "", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", shown))

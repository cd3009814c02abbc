"""Which names may enter, and that none of them leads a writer out of the publication."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.addresses import fault_of, is_page_address, is_web_address
from communique.api import open_newsroom
from communique.compile.expand import Expansion
from communique.context import read_context
from communique.errors import OutputError
from communique.ids import RESERVED_KINDS, is_slug
from communique.iris import iri_of, is_node, is_own_path
from communique.kinds import PATHS
from communique.publish.build import build
from communique.publish.stage import create, inside, put
from communique.read.yamlld import Pointer
from tests.conftest import BASE, ROOT, MakeNewsroom

THIS = BASE + "release/sample#"

UP = [
    "../../../zz",
    "person/../../zz",
    "person/%2e%2e/zz",
    "person/a..b",
    "person/%2E%2E%2Fzz",
    "person/..",
    "person/.",
    "/etc/passwd",
    "person//zz",
    "person/zz/",
    "person/a/b",
    "",
    "person",
    "person/",
    "dataset.nq",
    "index.html",
    "manifest.json",
]
FILES = [
    "person/index.html",
    "person/index",
    "person/index.ru.html",
    "person/con",
    "person/nul.txt",
    "org/com1",
    "org/lpt9.a.b",
    "org/aux",
    "org/a.",
    "org/a ",
    "org/-a",
    "org/A",
    "org/a\\..\\b",
    "org/a\0",
    "org/a:b",
    "org/" + "a" * 81,
    "org/" + "a" * 5000,
    "o" * 41 + "/a",
    "org/жж",
    "org/a?b",
    "org/a;b",
]
TAKEN = [f"{kind}/x" for kind in sorted(RESERVED_KINDS)] + ["release/entities", "release/dataset", "release/nul"]
HOSTILE = [*UP, *FILES, *TAKEN]

rest = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(
        st.sampled_from(["..", ".", "/", "%2e", "%2f", "\\", "person", "release", "a", "#", "A", ":", "\0", "é"])
    ).map("".join),
    st.text(max_size=30),
)


def expansion() -> Expansion:
    return Expansion(read_context(), lambda *_, **__: None, base=BASE, this=THIS, language="en")


@pytest.mark.parametrize("path", HOSTILE)
def test_an_own_iri_written_out_obeys_the_pattern_of_a_short_one(path: str) -> None:
    assert not is_own_path(path)
    assert iri_of(BASE + path, BASE, THIS) is None
    assert expansion().resolve(BASE + path) is None
    if not path.startswith("release/"):
        assert expansion().resolve(path) is None


@pytest.mark.parametrize(
    "name", ["", "..", "a..b", "a/b", "../a", "a#b", "%2e", "a" * 201, "a/../b", "a b", "ж", ".a", "a."]
)
def test_a_name_inside_the_release_written_out_obeys_the_pattern_of_a_short_one(name: str) -> None:
    assert iri_of("this:" + name, BASE, THIS) is None
    assert iri_of(THIS + name, BASE, THIS) is None


@pytest.mark.parametrize(
    "path", ["org/a", "person/jo.sample-2", "release/other", "release/other#speech-1", "release/a/source.txt"]
)
def test_an_own_iri_written_out_is_the_one_of_the_short_id(path: str) -> None:
    assert iri_of(BASE + path, BASE, THIS) == BASE + path


def test_a_record_describes_no_node_inside_another_release() -> None:
    assert is_node(BASE + "org/a", BASE, THIS) and is_node(THIS + "a", BASE, THIS)
    assert not is_node(BASE + "release/other#a", BASE, THIS)
    assert not is_node(BASE + "release/other/source.txt", BASE, THIS)
    assert not is_node("https://example.org/a", BASE, THIS)


@given(rest)
def test_whatever_an_iri_says_a_node_is_inside_the_publication(tail: str) -> None:
    stage = Path("/stage")
    for name in (tail, BASE + tail, "this:" + tail, THIS + tail):
        iri = iri_of(name, BASE, THIS)
        if iri is None or not is_node(iri, BASE, THIS) or "#" in iri:
            continue
        path = iri.removeprefix(BASE)
        assert len(path) <= 121 and path == path.lower() and path.count("/") == 1
        assert (stage / path).resolve().relative_to(stage).parts == tuple(path.split("/"))
        assert path.split("/")[0] not in RESERVED_KINDS


@given(st.one_of(rest, rest.map(lambda r: f"release/{r}/index.html")))
def test_whatever_a_path_says_its_file_lies_inside_the_stage_or_is_refused(tmp_path_factory: Any, path: str) -> None:
    stage = tmp_path_factory.getbasetemp() / "stage"
    try:
        place = inside(stage, path)
    except OutputError as no:
        assert "cannot have a file" in str(no) and "\n" not in str(no)
        return
    assert place.resolve() == place and place.is_relative_to(stage) and place != stage
    assert place.relative_to(stage).as_posix() == path and place.parent.is_dir()


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "a/../b",
        "/a",
        "a/",
        "a//b",
        "a\\b",
        "C:/a",
        "a%2fb",
        "a\nb",
        "a\0",
        "a.",
        "a ",
        "a/" + "b" * 256,
        "a/" + "ж" * 128,
        "a/\ud800",
        "a|b",
        "a\u202eb",
    ],
)
def test_a_path_that_could_lie_elsewhere_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(OutputError, match="the publication cannot have a file"):
        put(tmp_path / "stage", path, b"")
    assert not (tmp_path / "stage").exists() or not any((tmp_path / "stage").rglob("*"))


def test_no_file_is_written_twice(tmp_path: Path) -> None:
    put(tmp_path, "a/b.txt", "ж")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "ж".encode()
    with pytest.raises(OutputError, match=r"two parts of the publication want the file 'a/b.txt'"):
        create(tmp_path, "a/b.txt")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "ж".encode()


WRITERS = {"write_bytes", "write_text", "mkdir", "touch", "symlink_to", "copytree", "copyfile", "copy", "copy2", "move"}
MAY_WRITE = {"stage.py", "swap.py", "graphs.py", "runs.py", "kept/sealed.py", "kept/store.py", "cluster.py"} | {
    "site/bytecode.py"
}
"""The function itself, the switch of whole folders, working and temporary folders, what is kept beside data, and
compiled templates, whose names are those of our templates."""


def test_every_writer_of_the_publication_takes_its_path_from_one_function() -> None:
    found = []
    room = ROOT / "src" / "communique" / "publish"
    for path in sorted(room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if path.relative_to(room).as_posix() in MAY_WRITE or not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            modes = {a.value for a in [*node.args, *(k.value for k in node.keywords)] if isinstance(a, ast.Constant)}
            writes = name in WRITERS or (name == "open" and modes & {"w", "wb", "x", "xb", "a", "ab", "r+", "w+"})
            of_one = isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value).startswith("inside(")
            if writes and not of_one:
                found.append(f"{path.name}: {ast.unparse(node)[:60]}")
    assert found == []


NODE = """\
  - id: {iri}
    type: Person
    name: Jo
    evidence: Jo
"""
RECORD = """\
"@context": [context.jsonld, {{"@base": "https://w3id.org/communique/id/", "@language": en}}]
graph:
  - id: release/sample
    type: [NewsArticle, PressRelease]
    headline: Headline
    mentions: {iri}
    evidence: Headline
{nodes}"""


@pytest.mark.parametrize(
    "path", ["../../../zz", "person/%2e%2e/zz", "person/index.html", "queries/speakers", "x/" + "a" * 5000]
)
def test_a_node_outside_the_publication_is_a_finding_and_nothing_is_written(
    make_newsroom: MakeNewsroom, tmp_path: Path, path: str
) -> None:
    iri = f'"https://w3id.org/communique/id/{path}"'
    record = RECORD.format(iri=iri, nodes=NODE.format(iri=iri))
    entities = f"graph:\n  - id: {iri}\n    type: Person\n    name: Jo\n"
    page = {
        "publisher": {"value": iri[1:-1], "origin": "foot"},
        "url": {"value": iri[1:-1] + "/../x", "origin": "head"},
    }
    data = make_newsroom(record, "Headline\nJo\n", page=page, entities=entities)
    before = set(tmp_path.rglob("*"))
    outcome = build(open_newsroom(data), tmp_path / "public", jobs=1)
    wrong = [(Path(f.file).name, f.code) for f in outcome.findings if f.severity == "violation"]
    assert set(wrong) >= {
        ("record.yaml", "bad-id"),
        ("record.yaml", "bad-reference"),
        ("entities.yaml", "bad-id"),
        ("page.json", "bad-reference"),
    }
    assert len([w for w in wrong if w[0] == "page.json"]) == 2
    assert set(tmp_path.rglob("*")) == before and outcome.files == 0


@pytest.mark.parametrize(
    "slug",
    [
        "../a",
        "a/b",
        "entities",
        "dataset",
        "con",
        "nul",
        "com1",
        "A",
        "",
        "a" * 81,
        "a.",
        "a\n",
        "ж",
        "-a",
        "index.html",
    ],
)
def test_a_name_that_no_release_can_have(slug: str) -> None:
    assert not is_slug(slug)


def test_a_release_can_be_called_almost_anything_small() -> None:
    assert all(map(is_slug, ["a", "2015-05-29-report", "console", "entities-2", "a" * 80, "index"]))


def test_every_folder_of_a_publication_is_a_kind_or_reserved(site: Path) -> None:
    assert {p.name for p in site.iterdir() if p.is_dir() and not p.name.startswith(".")} <= {*PATHS} | RESERVED_KINDS


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://example.org", True),
        ("https://example.org/ж?a=b&c#d", True),
        ("http://[2001:db8::1]:8080/a", True),
        ("https://example.org/@jo", True),
        ("https://jo@example.org/", False),
        ("https://jo:secret@example.org/", False),
        ("https://example.org/\u202egnp.exe", False),
        ("https://exa\u200bmple.org/", False),
        ("https://example.org/\u2066a", False),
        ("https://example.org/\x7f", False),
        ("https://example.org/\x9b1m", False),
        ("https://example.org/" + "a" * 2000, False),
        ("https:///a", False),
        ("HTTPS://example.org/", False),
        ("javascript:alert(1)", False),
    ],
)
def test_an_address_is_published_as_it_stands_or_refused(address: str, good: bool) -> None:
    assert is_web_address(address) is good
    assert (expansion().resolve(address) is not None) is good


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://jo:secret@example.org/", "with a user or a password"),
        ("https://jo@example.org?a", "with a user or a password"),
        ("https://example.org/\u202egnp.exe", "changes the writing direction"),
        ("https://example.org/" + "a" * 3000, "of 3,020 characters"),
        ("https://example.org/<a>", "neither an address that can be published nor an id"),
        (BASE + "person/../x", "nor an id of this newsroom"),
        ("somebody", "is not the id of a node"),
    ],
)
def test_an_address_that_is_not_published_is_refused_with_a_reason(address: str, why: str) -> None:
    assert why in fault_of(address)
    node = {"id": "org/a", "memberOf": address}
    told: list[tuple[str, str]] = []

    def report(code: str, message: str, pointer: Pointer, **_: Any) -> None:
        told.append((code, message))

    Expansion(read_context(), report, base=BASE, this=THIS, language="en").add(node, ())
    assert ("bad-reference", True) in [(code, why in message) for code, message in told]


def test_a_page_of_the_newsrooms_own_site_is_called_as_the_site_likes() -> None:
    assert is_page_address(BASE + "News/2015/Über_uns.html?x=1", BASE)
    assert not any(is_page_address(BASE + p, BASE) for p in ("../a", "a/%2e%2e/b", "a/./b", "a%5c..%5cb", "a\u202eb"))
    assert not is_page_address("https://example.com/a", BASE)

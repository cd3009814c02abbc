"""What holds for any input: no traceback, the same quads in any order, and agreement with two JSON-LD processors."""

from __future__ import annotations

import copy
import json
import random
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyld import jsonld

from communique.api import Newsroom
from communique.check import lint
from communique.compile.compiler import Compiled, compile_release
from communique.compile.expand import Expansion
from communique.compile.forms import unfold_forms
from communique.compile.registry import compile_registry
from communique.context import AUTHORING_KEYS, read_context
from communique.errors import CommuniqueError
from communique.findings import FORMATS, render_findings
from communique.read.newsroom import open_data
from communique.read.release import build_release, read_release
from communique.read.yamlld import Pointer
from communique.terms import SCHEMA
from tests.conftest import BASE, DATA, ROOT, SLUG, compile_record, record_of
from tests.test_compiler import shuffled

RECORD = (DATA / "releases" / SLUG / "record.yaml").read_bytes()
SOURCE = (DATA / "releases" / SLUG / "source.txt").read_bytes()
CASES = sorted((ROOT / "tests" / "cases").glob("valid-*"))


def read_whole(files: Mapping[str, bytes], archive: bytes | None = None, entities: bytes | None = None) -> None:
    """Read, compile, lint and show the findings of a newsroom of these files; only `CommuniqueError` may be raised."""
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "data"
        folder = data / "releases" / "sample"
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        if archive is not None:
            (data / "releases" / "all.jsonl").write_bytes(archive)
        if entities is not None:
            (data / "entities").mkdir()
            (data / "entities" / "e.yaml").write_bytes(entities)
        try:
            newsroom, findings = open_data(data), []
            registry = compile_registry(newsroom.entities(), read_context(), base=BASE)
            findings += [*registry.findings, *lint.check_registry(registry, set())]
            for release in newsroom.releases():
                compiled = compile_release(release, read_context(), base=BASE)
                findings += [*compiled.findings, *lint.check_release(release, compiled, registry)]
        except CommuniqueError:
            return
        for fmt in FORMATS:
            render_findings(findings, fmt)


# ---- any bytes

KEYS = "id type graph @context @base @id @type this inferred why title of @value @language * context.jsonld xsd:gYear"
VALUES = [
    "release/sample",
    "person/p",
    "org/o",
    "this:x",
    "this:",
    "https://a/",
    "en",
    "2031",
    "…",
    "Head … day",
    "day",
]
WORDS = st.sampled_from([*read_context().terms, *read_context().classes, *KEYS.split(), *VALUES, "Headline of the day"])
SCALARS = WORDS | st.text(max_size=6) | st.none() | st.booleans() | st.integers() | st.floats()
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS | st.text(max_size=3), inner, max_size=5),
    max_leaves=12,
)
NODES = st.dictionaries(WORDS, TREES, max_size=6)
RECORDS = TREES | st.builds(lambda nodes, more: record_of(*nodes, **more), st.lists(NODES | TREES, max_size=3), NODES)
LINES = st.fixed_dictionaries(
    {"slug": st.sampled_from(["a", "B", ""]) | TREES, "source": st.text(max_size=9), "record": RECORDS}
)


def text_of(value: Any) -> bytes:
    return json.dumps(value).encode()  # JSON is YAML


@pytest.mark.slow
@given(st.binary(max_size=80), st.binary(max_size=80), st.none() | st.binary(max_size=60))
@settings(max_examples=200)
def test_any_bytes_give_findings(record: bytes, source: bytes, page: bytes | None) -> None:
    read_whole({"record.yaml": record, "source.txt": source} | ({"page.json": page} if page is not None else {}))


@pytest.mark.slow
@given(RECORDS, TREES, TREES)
@settings(max_examples=400)
def test_any_record_page_and_registry_give_findings(record: Any, page: Any, entities: Any) -> None:
    files = {"record.yaml": text_of(record), "source.txt": b"Headline of the day\n", "page.json": text_of(page)}
    read_whole(files, entities=text_of({"graph": [entities]}))


@pytest.mark.slow
@given(st.lists(LINES, max_size=4))
@settings(max_examples=200)
def test_any_archive_gives_findings(lines: list[Any]) -> None:
    read_whole({}, archive=b"\n".join(map(text_of, lines)))


@given(st.binary(max_size=80) | st.lists(st.binary(max_size=20)).map(b"\n".join))
@settings(max_examples=150)
def test_any_bytes_as_an_archive_give_findings(archive: bytes) -> None:
    read_whole({}, archive=archive)


@pytest.mark.slow
@given(
    st.integers(0, len(RECORD)), st.integers(0, 8), st.binary(max_size=4) | st.sampled_from([b"\n", b": ", b"{", b"'"])
)
@settings(max_examples=60)
def test_any_damage_to_the_real_record_gives_findings(at: int, cut: int, instead: bytes) -> None:
    read_whole({"record.yaml": RECORD[:at] + instead + RECORD[at + cut :], "source.txt": SOURCE})


@given(st.integers(0, len(SOURCE)), st.integers(0, 8), st.binary(max_size=4))
@settings(max_examples=40)
def test_any_damage_to_the_real_text_gives_findings(at: int, cut: int, instead: bytes) -> None:
    read_whole({"record.yaml": RECORD, "source.txt": SOURCE[:at] + instead + SOURCE[at + cut :]})


# ---- hostile texts

HOSTILE = [
    "</script><script>alert(1)</script>", "a\u2028b\u2029c\x85d", "№ 32-47.327", "Қазақстан Республикасы",
    "😀\U0010ffff", "\u202eabc",
    '" . <x:y> <x:z> "', "\\u0041 \\n \\", "${jndi:x} {{7*7}} %s", "=1+1", "'; DROP TABLE x; --", "a\ufeffb",
    "x" * 300_000, "&lt;&amp;", "<!--", "]]>", "\x7f", "a\tb", "\ue000",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[f"hostile-{k}" for k in range(len(HOSTILE))])
def test_hostile_text_survives_unchanged(text: str) -> None:
    node = {"id": "this:x", "type": "Group", "name": text, "evidence": text}
    compiled = compile_record(record_of(node, mentions="this:x"), f"Headline\n{text}\n")
    assert all(f.severity == "warning" for f in compiled.findings)  # of control characters
    assert [q.object for q in compiled.facts + compiled.inferred if q.predicate.value == SCHEMA + "name"] == [
        ox.Literal(text, language="en")
    ]
    written = ox.serialize(compiled.quads, format=ox.RdfFormat.N_QUADS)
    assert written is not None
    assert set(ox.parse(written, format=ox.RdfFormat.N_QUADS)) == set(compiled.quads)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), min_size=1, max_size=30))
@settings(max_examples=300)
def test_any_text_that_is_quoted_survives_unchanged(text: str) -> None:
    node = {"id": "this:x", "type": "Group", "name": text, "evidence": text}
    compiled = compile_record(record_of(node), f"Headline\n«{text}»\n")
    if not text.strip() or f"Headline\n«{text}»\n".count(text) != 1:
        return
    found = [f.code for f in compiled.findings if f.severity == "violation"]
    assert found in ([], ["not-grounded"])  # it may begin or end inside a word
    assert ox.Literal(text, language="en") in {q.object for q in compiled.facts + compiled.inferred}


# ---- the same in any order


def compiled_case(case: Path, record: Any = None) -> Compiled:
    release = read_release(case)
    written = build_release("sample", release.source, record or release.record, case, 1)
    return compile_release(replace(written, page=release.page), read_context(), base="https://w3id.org/communique/id/")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_order_of_a_record_changes_no_quad(case: Path) -> None:
    record = read_release(case).record
    expected = {*compiled_case(case).quads}
    for seed in range(12):
        again = compiled_case(case, shuffled(record, random.Random(seed)))
        assert {*again.quads} == expected and again.findings == ()


@pytest.mark.slow
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(range(6)), unique=True, max_size=6))
@settings(max_examples=60)
def test_the_order_of_an_invented_record_changes_no_quad(chance: random.Random, chosen: list[int]) -> None:
    quotes = ["Ada Example", "Example spoke", "the Sample Body", "Headline of", "on May 3, 2031"]
    guess = [{"inferred": q, "why": w} for q, w in zip(quotes, "cab", strict=False)]
    roles = [
        {"id": f"this:role-{k}", "title": t, "of": o, "evidence": e}
        for k, (t, o, e) in enumerate(
            [
                ("Chair", "org/a", {"*": "Chair of", "of": guess[0]}),
                ("Chair", "org/b", ["Chair of", "the Sample Body"]),
                ("Chair", "org/a", {"*": "Chair of", "title": guess[:2]}),
            ]
        )
    ]
    nodes: list[Any] = [
        {"id": "person/p", "type": "Person", "name": ["Ada", "Example"], "role": roles, "evidence": quotes[:2]},
        {"id": "org/a", "type": ["NGO", "CollegeOrUniversity"], "name": "Body", "labels": {"en": "Body"},
         "evidence": {"*": quotes, "name": quotes[2], "type": {"NGO": guess[0], "CollegeOrUniversity": guess[1:3]}}},
        {"id": "org/b", "type": ["NGO", "FundingScheme"], "evidence": {"*": quotes[2:4], "type": guess}},
        {"id": "topic/t", "type": ["Concept", "DefinedTerm"], "name": ["Body", "Sample"], "evidence": quotes[2]},
        {"id": "this:s", "type": "ReportedStatement", "about": ["org/a", "org/b"], "text": "Ada", "evidence": quotes},
        {"id": "event/e", "type": "Event", "name": "Headline", "evidence": ["Headline of", "Headline of the"]},
    ]  # fmt: skip
    source = "Headline of the day on May 3, 2031\nAda Example spoke: Chair of the Sample Body.\n"
    record = record_of(*(nodes[k] for k in chosen), about=["event/e", "event/e"], dateline="May 3, 2031")
    record["graph"][0]["evidence"] = {"*": "Headline of", "dateline": ["May 3, 2031", "on May 3, 2031"]}
    one = compile_record(record, source)
    other = compile_record(shuffled(record, chance), source)
    assert {*one.quads} == {*other.quads}
    assert sorted(f.code for f in one.findings) == sorted(f.code for f in other.findings)


# ---- two other readers of the same record


def plain(value: Any) -> Any:
    """A record without what only an author writes: evidence and short forms."""
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if k not in AUTHORING_KEYS}
    return [plain(v) for v in value] if isinstance(value, list) else value


def inlined(record: Any, slug: str) -> Any:
    """The record as JSON-LD for anybody: our context written out, the name of the graph left out."""
    made = plain(copy.deepcopy(dict(record)))
    base = "https://w3id.org/communique/id/"
    entries = made["@context"] if isinstance(made["@context"], list) else [made["@context"]]
    own = [{"this": f"{base}release/{slug}#"} | e for e in entries if isinstance(e, dict)]
    first = {"this": f"{base}release/{slug}#", "@base": base, "@language": "en"}
    made["@context"] = [dict(read_context().document), first, *own]
    if "type" not in made and "@type" not in made:
        made.pop("id", None)
    return made


def by_us(record: Any, slug: str) -> set[tuple[str, str, str]]:
    """The facts of a record before anything follows by rule."""
    base = "https://w3id.org/communique/id/"

    def report(code: str, message: str, pointer: Pointer, **more: Any) -> None:
        raise AssertionError((code, message, pointer))

    language = next(e["@language"] for e in reversed(record["@context"]) if "@language" in e)
    expansion = Expansion(read_context(), report, base=base, this=f"{base}release/{slug}#", language=language)
    whole = plain(record)
    if "type" in whole or "@type" in whole:
        expansion.add({k: v for k, v in whole.items() if k not in ("@context", "graph", "@graph")}, ())
    for node in whole.get("graph", whole.get("@graph", [])):
        expansion.add(node, ())
    unfold_forms(expansion)
    return {(str(f.node.iri), str(f.predicate), str(f.object)) for f in expansion.facts()}


def triples(quads: Iterator[Any]) -> set[tuple[str, str, str]]:
    return {(str(q.subject), str(q.predicate), str(q.object)) for q in quads}


def by_pyoxigraph(document: Any) -> set[tuple[str, str, str]]:
    return triples(ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD))


def by_pyld(document: Any) -> set[tuple[str, str, str]]:
    quads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": _refuse})
    return triples(ox.parse(quads, format=ox.RdfFormat.N_QUADS))


def _refuse(url: str, options: Any) -> Any:
    raise AssertionError(f"a document was asked for: {url}")


def is_read_by_us_alone(fact: tuple[str, str, str], record: Any) -> bool:
    """Whether more than the context decides what a value is: the ranges in schema.org, or how a time is written.

    Other processors read the former as texts, and the latter with the datatype of the key.
    """
    keys = {key for node in record.get("graph", ()) for key in node}
    _, path, value = fact
    name = path.removeprefix("<http://schema.org/").removesuffix(">")
    is_time = re.search(r"XMLSchema#(gYear|gYearMonth|dateTime|time)>$", value) is not None
    return f"schema:{name}" in keys or (is_time and name in keys)


def as_written(fact: tuple[str, str, str]) -> tuple[str, str, str]:
    """A fact with the words of its value alone: of an IRI what follows the base, of a time no seconds."""
    words = re.sub(r'^"(.*)"(?:@[\w-]+|\^\^<.*>)?$', r"\1", fact[2]).removeprefix("<https://w3id.org/communique/id/")
    return (*fact[:2], re.sub(r"(\d\d:\d\d):00$", r"\1", words.removesuffix(">")))


def compared(compiled: Compiled, record: Any) -> None:
    """Three readers, one set of facts; what follows by rule only comes on top."""
    document = inlined(record, compiled.slug)
    ours, theirs = by_us({**record, "@context": document["@context"]}, compiled.slug), by_pyoxigraph(document)
    assert theirs == by_pyld(document)
    own = ours - theirs
    assert [fact for fact in own if not is_read_by_us_alone(fact, record)] == []
    assert {*map(as_written, own)} == {*map(as_written, theirs - ours)}
    assert ours <= triples(iter(compiled.facts + compiled.inferred))


def test_the_real_record_says_the_same_to_two_json_ld_processors(real: Newsroom) -> None:
    release = real[SLUG]
    assert release.written.record is not None
    compared(release.compiled, release.written.record)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_record_says_the_same_to_two_json_ld_processors(case: Path) -> None:
    record = read_release(case).record
    assert record is not None
    compared(compiled_case(case), record)

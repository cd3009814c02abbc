"""How `communique.check.shapes` reads shapes and holds them against graphs, one or many."""

from __future__ import annotations

import importlib
import itertools
import logging
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib

from communique.api import Newsroom, open_newsroom
from communique.check.lint import named
from communique.check.shapes import SH, Result, Shapes, is_drawn, read_shapes
from communique.compile.compiler import compile_release
from communique.compile.registry import compile_registry
from communique.context import read_context
from communique.errors import ArtefactError, CommuniqueError
from communique.publish.site.vocabulary import shapes_page
from communique.read.newsroom import open_data
from communique.terms import PREFIXES, SCHEMA, TYPE
from tests.conftest import ARCHIVE

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "shapes"
EVENT = "https://example.org/id/x"


@cache
def shapes_of(*profiles: str) -> Shapes:
    return read_shapes(profiles)


def read_turtle(text: str) -> list[ox.Quad]:
    prefixes = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    return list(ox.parse(prefixes + "@prefix : <https://example.org/id/> .\n" + text, format=ox.RdfFormat.TURTLE))


RIGHT = read_turtle(':x a schema:Event ; schema:name "Meeting"@en ; schema:startDate "2015"^^xsd:gYear .')
WRONG = read_turtle(':x a schema:Event ; schema:startDate "2015-05-29"^^xsd:date .')


def test_no_pair_of_literals_stops_the_comparison_of_days() -> None:
    kinds = (
        "date",
        "dateTime",
        "gYear",
        "gYearMonth",
        "time",
        "integer",
        "decimal",
        "boolean",
        "duration",
        "string",
        "anyURI",
    )
    words = ("2015-05-29", "2015-05-29T10:00:00", "2015-05-29T10:00:00Z", "2015", "17:00", "PT1H", "true", "")
    found = [f'"{word}"^^xsd:{kind}' for kind in kinds for word in words] + ['"17:00"@en']
    pairs = [*itertools.product(found[::5], found[::6]), ('"2015-05-29"^^xsd:date', '"17:00"^^xsd:time')]
    for start, end in [*pairs, *((end, start) for start, end in pairs[-1:])]:
        graph = f':x a schema:Event ; schema:name "Meeting"@en ; schema:startDate {start} ; schema:endDate {end} .'
        assert shapes_of().validate(read_turtle(graph)) or start.partition("^^")[2] == end.partition("^^")[2]
    assert "event-order" in {result.shape for result in shapes_of().validate(read_turtle(graph))}


# ---- real data


def test_the_first_release_breaks_no_rule_of_the_core() -> None:
    shapes, context, newsroom = shapes_of(), read_context(), open_data(ROOT / "data")
    registry = compile_registry(newsroom.entities(), context, base=newsroom.dataset.base)
    assert shapes.validate(registry.quads()) == ()
    checked = 0
    for release in newsroom.releases():
        compiled = compile_release(release, context, base=newsroom.dataset.base)
        known = list(registry.describe(sorted(named(compiled))))
        assert shapes.validate([*compiled.quads, *known]) == ()
        assert shapes.validate([*compiled.facts, *compiled.inferred, *known]) == ()  # evidence may be left behind
        assert shapes.filter([*compiled.quads, *known]) is True
        checked += 1
    assert checked >= 1


# ---- how shapes are read


def write_shapes(newsroom: Path, **files: str) -> Path:
    (newsroom / "shapes" / "profiles").mkdir(parents=True)
    for name, text in files.items():
        path = newsroom / "shapes" / f"{name.replace('__', '/')}.ttl"
        path.write_text(text, encoding="utf-8")
    return newsroom


OWN = f"""@prefix sh: <{SH}> .
@prefix schema: <{SCHEMA}> .
@prefix own: <https://example.org/shapes#> .
own:event-place a sh:PropertyShape ; sh:targetClass schema:Event ; sh:path schema:location ; sh:minCount 1 ;
    sh:severity sh:Warning ; sh:name "place" ; sh:message "Name the place." .
"""


def test_a_newsroom_may_have_its_own_shapes_and_profiles(tmp_path: Path) -> None:
    newsroom = write_shapes(tmp_path, own=OWN, profiles__strict=OWN.replace("event-place", "event-place-strict"))
    event = read_turtle(":x a schema:Event .")
    found = [r.code for r in read_shapes(("core",), newsroom).validate(event)]
    assert found == ["shape:event-place"]
    found = [r.code for r in read_shapes(("strict",), newsroom).validate(event)]
    assert found == ["shape:event-place", "shape:event-place-strict"]


def test_a_severity_that_shacl_does_not_define_stops_a_publication(tmp_path: Path) -> None:
    """In findings, in the list of rules and on the page of the rules alike."""
    text = f"@prefix sh: <{SH}> . @prefix e: <https://example.org/> .\n"
    text += f'e:odd a sh:NodeShape ; sh:targetClass <{SCHEMA}Person> ; sh:severity e:grave ; sh:name "odd" ;\n'
    text += f'  sh:message "give a name" ; sh:property [ sh:path <{SCHEMA}name> ; sh:minCount 1 ] .\n'
    newsroom = write_shapes(tmp_path, own=text)
    shapes = read_shapes(("core",), newsroom)
    assert [(rule.shape, rule.severity) for rule in shapes.rules()] == [("odd", "violation")]
    unnamed = f"<https://example.org/x> a <{SCHEMA}Person> ."
    assert {result.severity for result in shapes.validate(read_turtle(unnamed))} == {"violation"}
    ((_, rules),) = shapes_page(newsroom / "shapes").values["groups"]
    assert [(rule.name, rule.severity) for rule in rules] == [("odd", "Violation")]


def test_an_unknown_profile_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(CommuniqueError, match=r"^unknown profile 'pres', did you mean 'press'\?$"):
        read_shapes(("pres",))
    with pytest.raises(CommuniqueError, match=r"^unknown profile 'xyz', known: core, google, press, privacy$"):
        read_shapes(("xyz",))


def test_broken_turtle_is_refused_with_file_and_line(tmp_path: Path) -> None:
    newsroom = write_shapes(tmp_path, own=OWN + "own:broken a unknown:thing .\n")
    with pytest.raises(ArtefactError, match=r"own\.ttl, line 6: not Turtle: .*unknown"):
        read_shapes(newsroom=newsroom)


def test_a_shapes_file_that_imports_another_is_refused(tmp_path: Path) -> None:
    imports = "<https://example.org/s> <http://www.w3.org/2002/07/owl#imports> <https://example.org/t> ."
    newsroom = write_shapes(tmp_path, own=OWN + imports)
    with pytest.raises(
        ArtefactError, match=r"own\.ttl imports <https://example\.org/t>: put that file into the folder"
    ):
        read_shapes(newsroom=newsroom)


def test_a_shape_that_pyshacl_cannot_use_is_refused(tmp_path: Path) -> None:
    newsroom = write_shapes(tmp_path, own=OWN.replace("sh:minCount 1", "sh:minCount 1 , 2"))
    with pytest.raises(ArtefactError, match="a shape is wrong, pySHACL says: "):
        read_shapes(newsroom=newsroom).validate(read_turtle(":x a schema:Event ."))


def test_two_readings_of_the_same_profiles_hold_each_rule_once() -> None:
    assert read_shapes(("core", "press", "press")).rules() == read_shapes(("press",)).rules()


# ---- what they say


def test_results_tell_focus_path_value_severity_rule_and_what_to_do() -> None:
    event = read_turtle(':x a schema:Event ; schema:startDate "29 May 2015"^^xsd:date ; schema:superEvent :y .')
    assert shapes_of().validate(event) == (
        Result(
            EVENT,
            SCHEMA + "name",
            None,
            "violation",
            "event-name",
            "Give the event a name, in words of the text: name: …",
        ),
        Result(
            EVENT,
            SCHEMA + "startDate",
            "29 May 2015",
            "violation",
            "event-start-date",
            "Write the start as fine as the text gives it: "
            'startDate: 2015-05-29T14:30, 2015-05-29, "2015-05" or "2015".',
        ),
        Result(
            EVENT,
            SCHEMA + "superEvent",
            "https://example.org/id/y",
            "violation",
            "event-super-event",
            "Let superEvent name the Event of which this one is a part: superEvent: event/…",
        ),
    )


def test_the_order_of_quads_and_an_earlier_graph_change_nothing() -> None:
    shapes = read_shapes()
    quads = [ox.Quad(q.subject, q.predicate, q.object) for q in ox.parse(path=CASES / "event.trig")]
    first = shapes.validate(quads)
    shapes.validate(RIGHT)
    assert shapes.validate(reversed(quads)) == first
    assert len(first) > 20


def test_nothing_is_printed_logged_or_left_changed(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", True)
    with caplog.at_level(logging.INFO):
        shapes_of().validate(read_turtle(':x schema:startDate "29 May 2015"^^xsd:date .'))
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")
    assert rdflib.NORMALIZE_LITERALS is True
    assert not logging.getLogger("rdflib.term").disabled


SPARQL = f"""@prefix sh: <{SH}> .
@prefix schema: <{SCHEMA}> .
@prefix own: <https://example.org/shapes#> .
own:twins a sh:NodeShape ; sh:targetClass schema:Event ;
    sh:severity sh:Info ; sh:name "twins" ; sh:message "Two events have this name." ;
    sh:sparql [ sh:select \"\"\"SELECT $this WHERE {{ $this <{SCHEMA}name> ?name . ?other <{SCHEMA}name> ?name .
                                FILTER(?other != $this) }}\"\"\" ] .
"""


def test_a_sparql_constraint_of_a_newsroom_is_parsed_once_for_all_nodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor: Any = importlib.import_module("rdflib.plugins.sparql.processor")
    parsed: list[str] = []
    parse = processor.parseQuery

    def parse_and_count(text: str) -> Any:
        parsed.append(text)
        return parse(text)

    monkeypatch.setattr(processor, "parseQuery", parse_and_count)
    shapes = read_shapes(newsroom=write_shapes(tmp_path, own=SPARQL))
    events = "".join(f':e{n} a schema:Event ; schema:name "{n % 9}" .\n' for n in range(10))
    found = shapes.validate(read_turtle(events))
    assert [(r.focus[-2:], r.shape, r.severity) for r in found] == [("e0", "twins", "info"), ("e9", "twins", "info")]
    assert len(parsed) == 1


# ---- many graphs


def test_the_filter_passes_only_graphs_in_which_nothing_is_found() -> None:
    assert (shapes_of().filter(RIGHT), shapes_of().filter(WRONG)) == (True, False)
    advice = read_turtle(
        ':x a fabio:PressRelease , schema:NewsArticle ; schema:headline "News"@en ; schema:inLanguage "en" .'
    )
    assert [result.severity for result in shapes_of().validate(advice)] == ["info"]
    assert shapes_of().filter(advice) is False


def test_without_the_fast_engine_pyshacl_judges_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shacl", None)
    shapes = read_shapes()
    assert shapes.filter(RIGHT) is None
    assert [r.shape for r in shapes.judge(WRONG, b"x", "a")] == ["event-name"]


def test_of_the_graphs_that_conform_one_in_a_hundred_is_judged_twice_and_in_every_run_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes, judged = read_shapes(), list[str]()

    def count(self: Shapes, quads: tuple[str]) -> tuple[Result, ...]:
        judged.extend(quads)
        return ()

    monkeypatch.setattr(Shapes, "validate", count)
    monkeypatch.setattr(Shapes, "filter", lambda self, quads: True)
    for n in range(10_000):
        shapes.judge([str(n)], str(n).encode(), "a")  # type: ignore[list-item]
    assert 50 < len(judged) < 200
    assert judged == [str(n) for n in range(10_000) if is_drawn(str(n).encode())]


def test_what_the_filter_does_not_pass_is_judged_by_pyshacl() -> None:
    shapes = read_shapes()
    assert [r.shape for r in shapes.judge(WRONG, b"a", "a")] == ["event-name"]
    assert shapes.judge(RIGHT, b"b", "b") == ()


def test_a_disagreement_ends_the_run_and_names_the_release(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shapes, "filter", lambda self, quads: True)
    monkeypatch.setattr("communique.check.shapes.SAMPLE", 1)
    with pytest.raises(ArtefactError, match=r"^data/x/record\.yaml: pySHACL finds shape:event-name at .* shacl finds"):
        read_shapes().judge(WRONG, b"a", "data/x/record.yaml")


def test_shapes_that_the_fast_engine_does_not_read_are_judged_by_pyshacl_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    import shacl

    class Unread:
        @staticmethod
        def from_text(*_: object, **__: object) -> object:
            raise ValueError("not these")

    monkeypatch.setattr(shacl, "Shapes", Unread)
    shapes = read_shapes()
    assert shapes.filter(RIGHT) is None
    assert [r.shape for r in shapes.judge(WRONG, b"a", "a")] == ["event-name"]


def test_a_large_graph_is_judged_by_pyshacl_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: Shapes, quads: Any) -> bool:
        raise AssertionError("the fast engine takes too much memory here")

    monkeypatch.setattr(Shapes, "filter", never)
    monkeypatch.setattr("communique.check.shapes.SMALL", 0)
    assert [r.shape for r in read_shapes().judge(WRONG, b"a", "a")] == ["event-name"]


def test_pyshacl_is_left_as_it_was() -> None:
    from pyshacl.constraints.constraint_component import ConstraintComponent

    before = ConstraintComponent.make_v_result_description
    assert shapes_of().validate(WRONG)
    assert ConstraintComponent.make_v_result_description is before


@pytest.mark.slow
def test_very_many_results_are_made_in_time() -> None:
    path, topic = ox.NamedNode(SCHEMA + "memberOf"), "https://example.org/topic"
    graph = [ox.Quad(ox.NamedNode(EVENT), path, ox.NamedNode(f"{topic}/{k}")) for k in range(10_000)]
    start = time.process_time()
    assert len(shapes_of().validate(graph)) >= 10_000
    assert time.process_time() - start < 20  # seconds of processor; descriptions and a graph of them take many more


@pytest.mark.parametrize("is_own", [False, True])
def test_only_the_shapes_of_a_newsroom_are_asked_about_evidence_before_pyshacl(is_own: bool) -> None:
    shapes = Shapes(read_shapes().triples, is_own=is_own)
    mark = read_turtle(":m a rdf:Statement .")
    found = shapes.judge(RIGHT, b"b", "b", evidence=lambda: mark)
    assert bool(found) is is_own
    assert {r.shape for r in shapes.judge(WRONG, b"a", "a", evidence=lambda: mark)} > {"event-name", "mark-subject"}


def test_every_rule_about_evidence_holds_for_all_that_the_compiler_makes(real: Newsroom) -> None:
    """In an archive most releases are not held against these rules, so each has to meet some node here."""
    rules = list(ox.parse(path=ROOT / "shapes" / "evidence.ttl", format=ox.RdfFormat.TURTLE))
    targets = {(rule.subject, rule.predicate.value.removeprefix(SH), rule.object) for rule in rules}
    wanted = {target for target in targets if target[1].startswith("target")}
    assert len({rule for rule, _, _ in wanted}) > 10
    shapes, met = Shapes(rule.triple for rule in rules), set[Any]()
    for newsroom in (real, open_newsroom(ARCHIVE)):
        for release in newsroom:
            quads = release.compiled.quads
            assert shapes.validate(quads) == ()
            uses = {("targetSubjectsOf", q.predicate) for q in quads} | {("targetNode", q.object) for q in quads}
            uses |= {("targetClass", q.object) for q in quads if q.predicate.value == TYPE}
            met |= {target for target in wanted if target[1:] in uses}
    assert met == wanted

"""The table of kinds: every row is right, a wrong one is one sentence at start-up, and what is derived follows it."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from communique import kinds
from communique.context import read_context
from communique.kindfaults import faults
from communique.kinds import CLASSES, KINDS, LANES, Kind, Lane, NodeClass
from communique.publish.words import Words
from communique.query.catalogue import Catalogue
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.terms import CMQ, FOAF, SCHEMA, SKOS
from tests.conftest import ROOT

SRC = ROOT / "src/communique"
S = SCHEMA
KNOWN = frozenset(read_context().classes.values())


def test_the_table_is_right() -> None:
    assert list(faults(KINDS, CLASSES, LANES, KNOWN)) == []


def test_every_class_of_the_context_is_in_the_table() -> None:
    assert {cls.iri for cls in CLASSES} == KNOWN


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_every_row_has_its_words(language: str) -> None:
    words = Words(language)
    lacking = [key for key in kinds.word_keys() if key not in words]
    assert lacking == []
    assert {"one.person", "list.people", "sec.orgs", "n.people", "nav.people", "kind.said", "pic.orgs"} <= {
        *kinds.word_keys()
    }


def test_every_question_of_a_kind_is_in_the_catalogue_with_its_parameter() -> None:
    catalogue = dict(Catalogue())
    asked = [(name, parameter) for kind in KINDS for name, parameter in kind.questions]
    assert len(asked) > 5
    assert [q for q in asked if q[1] not in {p.name for p in catalogue[q[0]].parameters}] == []


def test_every_kind_is_named_in_the_guide_to_records() -> None:
    guide = (ROOT / "docs/record.md").read_text(encoding="utf-8")
    (named,) = re.findall(r"for what outlives the release \(`([a-z ]+)`\)", guide)
    assert sorted(named.split()) == sorted(kinds.PATHS)


# ---- a wrong row is one sentence


Change = Callable[[list[Kind], list[NodeClass], list[Lane]], object]


def changed(path: str, /, **values: str | bool) -> Change:
    def change(own: list[Kind], classes: list[NodeClass], lanes: list[Lane]) -> None:
        own[:] = [replace(kind, **values) if kind.path == path else kind for kind in own]  # type: ignore[arg-type]

    return change


def changed_class(name: str, /, **values: str | int) -> Change:
    def change(own: list[Kind], classes: list[NodeClass], lanes: list[Lane]) -> None:
        classes[:] = [replace(cls, **values) if cls.name == name else cls for cls in classes]  # type: ignore[arg-type]

    return change


def moved_to_the_end(name: str) -> Change:
    def change(own: list[Kind], classes: list[NodeClass], lanes: list[Lane]) -> None:
        classes.sort(key=lambda cls: cls.name == name)

    return change


WRONG: list[tuple[Change, str]] = [
    (lambda own, classes, lanes: lanes.append(LANES[0]), "2 lanes are called 'said': keep one"),
    (lambda own, classes, lanes: own.append(KINDS[0]), "2 kinds have the path 'person': keep one"),
    (lambda own, classes, lanes: classes.append(CLASSES[0]), "2 classes are called 'fabio:PressRelease': keep one"),
    (
        lambda own, classes, lanes: own.append(Kind("boat", "work", "boats", "boats")),
        "no class belongs to the kind boat: give at least one class kind='boat'",
    ),
    (
        changed("event", path="shapes"),
        "'shapes' cannot be the path of a kind: use small letters, and no name in ids.RESERVED_KINDS",
    ),
    (
        changed("event", path="release"),
        "'release' cannot be the path of a kind: use small letters, and no name in ids.RESERVED_KINDS",
    ),
    (
        changed("event", path="Event"),
        "'Event' cannot be the path of a kind: use small letters, and no name in ids.RESERVED_KINDS",
    ),
    (
        changed("event", lane="evnet"),
        "the kind event names the lane 'evnet', which does not exist; did you mean 'event'?",
    ),
    (
        changed("event", in_menu=True),
        "the kind event is in the menu, where an empty list is counted: give it a noun",
    ),
    (
        changed("topic", section="orgs"),
        "org and topic share the section orgs but not the lane: use one lane",
    ),
    (
        changed("event", list="people"),
        "person and event share the list people: a kind that is counted or in the menu needs its own list",
    ),
    (
        changed_class("schema:NGO", name="shema:NGO"),
        "the class shema:NGO has a prefix that terms.py does not have; did you mean 'schema'?",
    ),
    (
        changed_class("schema:NGO", rank=100),
        "the class schema:NGO has the rank 100: use a number from 0 to 99 other than 13",
    ),
    (
        changed_class("schema:NGO", rank=13),
        "the class schema:NGO has the rank 13: use a number from 0 to 99 other than 13",
    ),
    (
        changed_class("schema:NGO", kind="ogr"),
        "the class schema:NGO names the kind 'ogr', which does not exist; did you mean 'org'?",
    ),
    (
        changed_class("schema:NGO", lane="org"),
        "the class schema:NGO has a kind, which gives it a lane and a word: leave these two out",
    ),
    (
        changed_class("foaf:Group", lane="peopel"),
        "the class foaf:Group has no kind: give it one, or a lane and a word; did you mean 'people'?",
    ),
    (
        changed_class("foaf:Group", word=""),
        "the class foaf:Group has no kind: give it one, or a lane and a word",
    ),
    (
        changed_class("schema:NGO", superclass="schema:Organisation"),
        "the class schema:NGO has the superclass schema:Organisation, which has no row below it; "
        "did you mean 'schema:Organization'?",
    ),
    (
        changed_class("schema:NGO", superclass="schema:Place"),
        "schema:NGO and its superclass schema:Place have different lanes: use one lane",
    ),
    (
        moved_to_the_end("schema:NGO"),
        "the class schema:NGO has the superclass schema:Organization, which has no row below it",
    ),
    (
        changed_class("schema:NGO", name="schema:NG"),
        "context.jsonld has no class schema:NG: add it there; did you mean 'http://schema.org/NGO'?",
    ),
]


def tables(change: Change) -> tuple[Sequence[Kind], Sequence[NodeClass], Sequence[Lane]]:
    found = list(KINDS), list(CLASSES), list(LANES)
    change(*found)
    return found


@pytest.mark.parametrize(("change", "sentence"), WRONG, ids=lambda value: value if isinstance(value, str) else "")
def test_a_wrong_row_is_one_sentence(change: Change, sentence: str) -> None:
    assert sentence in list(faults(*tables(change), KNOWN))


def test_a_newsroom_s_own_context_may_do_without_a_class() -> None:
    assert list(faults(KINDS, CLASSES, LANES, None)) == []
    assert len(list(faults(KINDS, CLASSES, LANES, KNOWN - {S + "NGO"}))) == 1


def copied_package(folder: Path) -> Path:
    """A copy of the package and its artefacts in a folder of its own; the folder from which it is imported."""
    for name in ("ontology", "shapes", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(SRC, folder / "src/communique", ignore=shutil.ignore_patterns("__pycache__"))
    return folder / "src"


def run(src: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """A command of the copied package."""
    code = f"import sys; sys.path.insert(0, {str(src)!r}); from communique.cli.program import main; main()"
    return subprocess.run([sys.executable, "-c", code, *map(str, command)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", ["check", "build", "export"])
def test_a_wrong_row_stops_every_command_with_one_sentence(tmp_path: Path, command: str) -> None:
    src = copied_package(tmp_path)
    table = src / "communique/kinds.py"
    text = table.read_text(encoding="utf-8")
    wrong = text.replace('NodeClass(8, "schema:NGO", "org"', 'NodeClass(8, "schema:NGO", "ogr"')
    assert wrong != text
    table.write_text(wrong, encoding="utf-8")
    out = tmp_path / "public"
    more: list[str | Path] = ["--out", out] if command == "build" else []
    done = run(src, command, "--data", ROOT / "tests/cases/archive/data", *more)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines() == [
        "communique: kinds.py: the class schema:NGO names the kind 'ogr', which does not exist; did you mean 'org'?"
    ]
    assert not out.exists()


# ---- what is derived


@pytest.mark.parametrize(
    ("classes", "path", "lane", "column", "word"),
    [
        ([S + "Person"], "person", "people", "people", "one.person"),
        ([S + "Organization", S + "NGO"], "org", "org", "org", "one.org"),
        ([S + "PublicationEvent"], "event", "event", "event", "one.event"),
        ([SKOS + "Concept", S + "DefinedTerm"], "topic", "place", "place", "one.topic"),
        ([S + "Legislation"], "legislation", "work", "work", "one.legislation"),
        ([S + "CreativeWork", S + "Legislation"], "legislation", "work", "work", "one.legislation"),
        ([S + "Person", S + "ContactPoint"], "person", "people", "people", "one.contact"),
        ([S + "Event", S + "InviteAction"], "event", "event", "event", "invitation"),
        ([S + "Statement", S + "CreativeWork"], None, "said", "work", "one.said"),
        ([S + "WebPage"], None, "work", "", "one.work"),
        ([FOAF + "Group"], None, "people", "", "one.group"),
        ([FOAF + "Group", S + "Organization"], None, "people", "org", "one.group"),
        ([CMQ + "PolicyRecommendation", S + "Statement"], None, "said", "", "one.recommendation"),
        ([S + "TextObject"], None, "", "", "one.other"),
        ([S + "Recipe"], None, "", "", "one.other"),
        ([S + "Thing", S + "Vehicle"], "thing", "work", "work", "one.thing"),
        ([S + "Thing", S + "CreativeWork"], "work", "work", "work", "one.work"),
        ([], None, "", "", "one.other"),
    ],
)
def test_kind_lane_column_and_word_follow_from_the_classes(
    classes: Iterable[str], path: str | None, lane: str, column: str, word: str
) -> None:
    kind = kinds.kind_of_classes(classes)
    assert (kind and kind.path, kinds.lane_of(classes), kinds.column_of(classes), kinds.word_of(classes)) == (
        path, lane, column, word,
    )  # fmt: skip


def test_a_kind_has_the_lowest_rank_of_its_classes() -> None:
    ranks = {kind.path: kinds.rank_at(f"{kind.path}/x") for kind in KINDS}
    assert ranks == {path: min(cls.rank for cls in CLASSES if cls.kind == path) for path in ranks}
    assert (kinds.rank_at("release/x"), kinds.rank_at(""), kinds.rank_at("boat/x")) == (0, kinds.OTHER, kinds.OTHER)


def test_only_the_widest_classes_of_a_kind_are_looked_through_for_names() -> None:
    compared = {cls.name for cls in CLASSES if kinds.is_compared(cls.iri)}
    assert compared == {"schema:Person", "schema:Organization", "schema:Place", "skos:Concept", "schema:DefinedTerm"}


def test_the_style_sheet_has_a_colour_for_every_lane() -> None:
    css = (SRC / "publish/site/static/style.css").read_text(encoding="utf-8")
    assert [lane.key for lane in LANES if f".k-{lane.key} {{ --k: var(--{lane.key}); }}" not in css] == []
    assert [lane.key for lane in LANES if f":has(#k-{lane.key}:not(:checked))" not in css] == []


def listed(tree: ast.AST, names: set[str]) -> int:
    """The most names of kinds or their classes that one tuple, list, set or dict of a module holds."""
    displays = (node for node in ast.walk(tree) if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict))
    texts = ({n.value for n in ast.walk(node) if isinstance(n, ast.Constant)} for node in displays)
    return max((len(found & names) for found in texts), default=0)


def test_no_other_module_lists_the_kinds_again() -> None:
    names = {kind.path for kind in KINDS} | {lane.key for lane in LANES} | {*kinds.LISTS}
    names |= {cls.name.partition(":")[2] for cls in CLASSES if cls.kind}
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SRC.rglob("*.py"))}
    found = {path.relative_to(SRC).as_posix(): listed(tree, names) for path, tree in trees.items()}
    assert {name for name, most in found.items() if most > 3} == {
        "kinds.py",
        "authorities.py",  # what an authority has ids for, which decides what can be the same thing
        "compile/association.py",  # who or what can have a figure, a product among them
        "compile/reading.py",  # what a pronoun can mean
        "compile/sites.py",  # what can have a web site of its own
        "compile/relations/called.py",  # what somebody can be called the sponsor or the founder of
        "compile/relations/homonyms.py",  # which things are told apart by their names
        "compile/relations/frame.py",  # which things can be taken for one another in a sentence
        "compile/relations/texts.py",  # which things a description can be of
        "compile/relations/topic.py",  # in whose names a topic is still said by itself
        "drawing/relations.py",  # which properties tie which columns of a picture
        "text/pronouns.py",  # what each pronoun can mean
        "publish/site/sections.py",  # the order of the sections of a release
    }

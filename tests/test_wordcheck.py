"""Every word that the pages need exists in every language before a build starts, and none is unused."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from string import Formatter
from typing import Any, NamedTuple

import pytest
from jinja2 import nodes

from communique.api import Newsroom, open_newsroom
from communique.context import read_context
from communique.errors import ArtefactError
from communique.kinds import LANES
from communique.publish import words
from communique.publish.build import build
from communique.publish.site import wordcheck
from communique.publish.site.columns import column_table
from communique.publish.site.pages import environment
from communique.publish.site.wordcheck import COUNTED, Need, check_words, faults_of_words, needed_words
from communique.publish.words import local_name, read_words
from communique.query.catalogue import Catalogue
from communique.read.dataset import INTERFACE_LANGUAGES
from tests.conftest import ROOT, MakeNewsroom
from tests.test_query_catalogue import GOOD

SRC = ROOT / "src" / "communique"
FILES = [*SRC.joinpath("publish").rglob("*.py"), *SRC.joinpath("drawing").rglob("*.py")]
TEMPLATES = sorted(SRC.joinpath("publish", "site", "templates").rglob("*.html"))
TABLE: dict[str, dict[str, Any]] = json.loads(SRC.joinpath("publish", "words.json").read_bytes())
TAGS = ", ".join(INTERFACE_LANGUAGES)
NEEDED = {key for need in needed_words() for key in need.keys}


class Use(NamedTuple):
    """One use of words: a key, or the beginning of composed keys, with the values that fill its places."""

    where: str
    key: str
    whole: bool = True
    values: frozenset[str] | None = None


# ---- the words that the code and the templates use


def used_in_python(path: Path) -> Iterator[Use]:
    """The words that a module uses: calls of something named ``words`` or ``w``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        where, values = f"{path.name}:{node.lineno}", frozenset(str(k.arg) for k in node.keywords)
        if gives_words(node.func):
            yield from python_keys(node.args[0], where, None if "None" in values else values)
        elif isinstance(node.func, ast.Attribute) and node.func.attr == "count" and gives_words(node.func.value):
            yield from (use._replace(key=COUNTED + use.key) for use in python_keys(node.args[0], where, None))


def gives_words(node: ast.expr) -> bool:
    """Whether an expression is the words of a language; inside the class `Words` it is ``self``."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "Words"
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) in ("words", "w", "self")


def python_keys(node: ast.expr, where: str, values: frozenset[str] | None) -> Iterator[Use]:
    if isinstance(node, ast.Constant):
        yield Use(where, str(node.value), values=values)
    elif isinstance(node, ast.IfExp):
        yield from (*python_keys(node.body, where, values), *python_keys(node.orelse, where, values))
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield Use(where, str(node.values[0].value), whole=False)
    elif isinstance(node, ast.BinOp):
        yield from (use._replace(whole=False) for use in python_keys(node.left, where, None))


def used_in_template(path: Path) -> Iterator[Use]:
    """The words that a template uses."""
    for node in environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
        called = node.node
        where = f"{path.name}:{node.lineno}"
        values = None if node.dyn_kwargs else frozenset(k.key for k in node.kwargs)
        if isinstance(called, nodes.Name) and called.name == "w":
            yield from template_keys(node.args[0], where, values)
        elif isinstance(called, nodes.Getattr) and called.attr == "count" and called.node == nodes.Name("w", "load"):
            yield from (use._replace(key=COUNTED + use.key) for use in template_keys(node.args[0], where, None))


def template_keys(node: nodes.Expr, where: str, values: frozenset[str] | None) -> Iterator[Use]:
    if isinstance(node, nodes.Const):
        yield Use(where, node.value, values=values)
    elif isinstance(node, nodes.CondExpr):
        for branch in filter(None, (node.expr1, node.expr2)):
            yield from template_keys(branch, where, values)
    elif isinstance(node, nodes.Or):
        yield from (*template_keys(node.left, where, values), *template_keys(node.right, where, values))
    elif isinstance(node, nodes.Concat):
        yield from (use._replace(whole=False) for use in template_keys(node.nodes[0], where, None))


USES = [use for path in FILES for use in used_in_python(path)]
USES += [use for path in TEMPLATES for use in used_in_template(path)]


def places(key: str) -> frozenset[str]:
    return frozenset(field for _, field, _, _ in Formatter().parse(TABLE[key]["en"]) if field)


def test_every_word_that_the_code_or_a_template_asks_for_is_in_the_table() -> None:
    assert sum(use.whole for use in USES) > 200
    assert {use.where.partition(":")[0] for use in USES} >= {"base.html", "release.html", "speech.py", "ties.py"}
    assert sorted(use for use in USES if use.whole and use.key not in TABLE) == []


def test_every_place_in_a_text_is_filled_in_where_it_is_asked_for() -> None:
    filled = [use for use in USES if use.whole and use.values is not None]
    assert sum(bool(use.values) for use in filled) > 25
    assert [use for use in filled if use.values != places(use.key)] == []


def test_composed_keys_are_listed_for_the_check_before_a_build() -> None:
    beginnings = {use.key for use in USES if not use.whole}
    assert beginnings >= {"download.", "nav.", "kind.", "list.", "pic."}
    assert sorted(key for key in beginnings if not any(needed.startswith(key) for needed in NEEDED)) == []


BY_VARIABLE = {
    "entity_page.py": "reported_statements reported releases_naming releases_linked",
    "release_page.py": "no_publisher no_publisher_alone no_publication_day what_happened what_planned",
    "sections.py": "attended invited received spoke addressed",
    "browser.py": "sparql.not_built sparql.too_large",
    "relations.py": "pic.member pic.former-member",
}
"""Keys that reach a call through a variable, by the file that contains them."""


def constants(path: Path) -> set[object]:
    return {n.value for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Constant)}


def test_keys_that_reach_a_call_by_a_variable_are_in_the_listed_files() -> None:
    paths = {path.name: path for path in FILES}
    for name, keys in BY_VARIABLE.items():
        assert set(keys.split()) <= constants(paths[name]) & set(TABLE), name


def test_no_unused_word_is_kept() -> None:
    """Some keys are optional: narrower labels of a property, classes, values of parameters.

    In a template a key may reach a call from a list, so each string in a template counts as a use.
    """
    used = {use.key for use in USES if use.whole} | NEEDED | {key for s in BY_VARIABLE.values() for key in s.split()}
    parsed = [environment().parse(path.read_text(encoding="utf-8")) for path in TEMPLATES]
    used |= {node.value for template in parsed for node in template.find_all(nodes.Const)}
    optional = {f"c.{local_name(iri)}" for iri in read_context().classes.values()}
    optional |= {f"{key}.{lane.key}" for key in NEEDED if key.startswith(("p.", "i.")) for lane in LANES}
    optional |= {
        f"value.{p.name}.{value}" for q in dict(Catalogue()).values() for p in q.parameters for value in p.values
    }
    assert sorted(TABLE.keys() - used - optional) == []


def test_the_sections_of_a_page_have_headings() -> None:
    path = SRC.joinpath("publish", "site", "sections.py")
    made = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
    own = [
        ast.literal_eval(n.args[0])
        for n in made
        if ast.unparse(n.func) == "Section" and isinstance(n.args[0], ast.Constant)
    ]
    assert len(own) > 4
    assert {f"sec.{key}" for key in own} <= NEEDED


# ---- each fault is one sentence


def broken(key: str, **texts: Any) -> dict[str, dict[str, Any]]:
    """The table with other texts for a key; None removes the text in a language."""
    table = deepcopy(TABLE)
    for tag, text in texts.items():
        table[key][tag] = text
        if text is None:
            del table[key][tag]
    return table


@pytest.mark.parametrize(
    ("key", "texts", "sentence"),
    [
        ("download.trig", {"kk": None}, "words.json has no 'download.trig' in kk: add it"),
        (
            "skip",
            {"de": "Zum Inhalt"},
            f"words.json: 'skip' is given in 'de', which is not a language of the pages ({TAGS})",
        ),
        ("all_of", {"ru": "Все ({al})"}, "words.json: 'all_of' has {all} in en and {al} in ru: they must agree"),
        ("all_of", {"ru": "Все"}, "words.json: 'all_of' has {all} in en and no placeholders in ru: they must agree"),
        ("all_of", {"ru": "{all"}, "words.json: 'all_of' in ru cannot be filled in: expected '}' before end of string"),
        ("all_of", {"ru": "Все {}"}, "words.json: 'all_of' in ru has the placeholder {}: write a name in braces"),
        ("all_of", {"ru": "{all.x}"}, "words.json: 'all_of' in ru has the placeholder {all.x}: write a name in braces"),
        ("skip", {"kk": " "}, "words.json: 'skip' is empty in kk: write it, or leave it empty in every language"),
        ("role", {"kk": "рөл"}, "words.json: 'role' is empty in en: write it, or leave it empty in every language"),
        ("skip", {"en": ["Skip"]}, "words.json: 'skip' in en must be a text"),
        ("n.rows", {"ru": "{n} строк"}, "words.json: 'n.rows' in ru must have a text for each of few, many, one"),
        (
            "n.rows",
            {"ru": {"one": "{n} строка", "other": "{n} строк"}},
            "words.json: 'n.rows' in ru must have a text for each of few, many, one",
        ),
        (
            "n.rows",
            {"kk": {"one": "{n} жол", "other": 1}},
            "words.json: 'n.rows' in kk must have a text for each of one, other",
        ),
        (
            "n.rows",
            {"kk": {"one": "жол", "other": "{n} жол"}},
            "words.json: 'n.rows' has {n} in en (one) and no placeholders in kk (one): they must agree",
        ),
    ],
)  # fmt: skip
def test_a_text_that_is_missing_or_wrong_is_one_sentence(key: str, texts: dict[str, Any], sentence: str) -> None:
    assert list(faults_of_words("words.json", broken(key, **texts), needed_words())) == [sentence]


def test_a_table_that_needs_a_word_is_named() -> None:
    needs = [*needed_words(), Need("formats.py", ["download.yaml-ld"])]
    assert list(faults_of_words("words.json", TABLE, needs)) == [
        f"words.json has no 'download.yaml-ld', which formats.py needs: add it in {TAGS}"
    ]


@pytest.mark.parametrize("need", needed_words(), ids=lambda need: f"{need.table} {next(iter(need.keys))}")
def test_each_key_of_each_table_is_needed_and_none_is_only_looked_for(need: Need) -> None:
    assert need.keys
    for key in need.keys:
        table = {k: texts for k, texts in TABLE.items() if k != key}
        assert [s for s in faults_of_words("words.json", table, [need]) if repr(key) in s and need.table in s], key


def test_a_missing_word_stops_a_build_before_it_begins(
    real: Newsroom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = {key: texts for key, texts in TABLE.items() if key not in ("nav.data", "download.turtle")}
    monkeypatch.setattr(wordcheck, "word_table", lambda: without)
    with pytest.raises(ArtefactError) as caught:
        build(real, tmp_path / "public", jobs=1)
    needed = f"which formats.py needs: add it in {TAGS} (1 more like this)"
    assert str(caught.value) == f"words.json has no 'download.turtle', {needed}"
    assert list(tmp_path.iterdir()) == []


def test_a_column_without_words_stops_a_build(real: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    table = dict(column_table())
    monkeypatch.setattr(wordcheck, "column_table", lambda: table)
    table["headline"] = {tag: text for tag, text in table["headline"].items() if tag != "kk"}
    with pytest.raises(ArtefactError, match=r"^columns\.json has no 'headline' in kk: add it$"):
        check_words(real)
    del table["headline"]
    need = rf"^columns\.json has no 'headline', which queries/[\w-]+\.rq needs: add it in {TAGS}$"
    with pytest.raises(ArtefactError, match=need):
        check_words(real)


def test_questions_of_a_newsroom_need_no_words_of_ours(make_newsroom: MakeNewsroom) -> None:
    data = make_newsroom("", "Bridge opened")
    (data.parent / "queries").mkdir()
    (data.parent / "queries" / "names.rq").write_text(GOOD, encoding="utf-8")
    newsroom = open_newsroom(data)
    (query,) = newsroom.catalogue.values()
    assert not {parameter.name for parameter in query.parameters} <= column_table().keys()
    check_words(newsroom)


def test_a_table_that_is_not_json_is_reported_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "words.json").write_text('{\n "skip": {\n  "en": "Skip"\n  "ru": "К содержанию"\n }\n}\n', "utf-8")
    monkeypatch.setattr(words, "files", lambda package: tmp_path)
    with pytest.raises(ArtefactError) as caught:
        read_words("communique.publish", "words.json")
    assert str(caught.value) == "words.json, line 4: Expecting ',' delimiter: mend this line or the one above it"


def test_the_packaged_words_have_no_faults_and_are_sorted(real: Newsroom) -> None:
    check_words(real)
    text = SRC.joinpath("publish", "words.json").read_text(encoding="utf-8")
    assert text == json.dumps(TABLE, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert {tag for texts in TABLE.values() for tag in texts} == set(INTERFACE_LANGUAGES)

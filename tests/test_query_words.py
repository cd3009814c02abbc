"""The labels of the columns and parameters of canned questions, in every language of the interface."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyoxigraph as ox
import pytest

from communique.compile import derived, rules
from communique.errors import ArtefactError
from communique.publish.site.columns import cell_words, column_words, is_about_basis, translate, value_words
from communique.publish.site.questions import QuestionPages, _fits
from communique.publish.words import Words
from communique.query.catalogue import Catalogue, parse_query
from communique.read.dataset import INTERFACE_LANGUAGES
from tests.conftest import ROOT
from tests.test_query_catalogue import GOOD

CATALOGUE = dict(Catalogue())
TABLE = ROOT / "src" / "communique" / "publish" / "site" / "columns.json"


def test_every_column_and_parameter_has_words_in_every_language() -> None:
    named = {column.name for query in CATALOGUE.values() for column in query.columns}
    named |= {parameter.name for query in CATALOGUE.values() for parameter in query.parameters}
    assert len(named) > 100
    for language in INTERFACE_LANGUAGES:
        assert sorted(named - column_words(language).keys()) == []
        assert sorted(column_words(language).keys() - named) == []


def test_every_reason_that_a_rule_gives_has_words_in_every_language() -> None:
    reasons = {
        text
        for text in (vars(rules) | vars(derived)).values()
        if isinstance(text, str) and text.startswith("written by rule")
    }
    assert len(reasons) >= 3
    for language in INTERFACE_LANGUAGES:
        assert value_words(language).keys() >= reasons | {"stated", "inferred", "registry", "reader", "rule"}


def test_the_table_is_whole_sorted_and_in_the_letters_of_its_languages() -> None:
    text = TABLE.read_text(encoding="utf-8")
    table = json.loads(text)
    assert text == json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    for name, words in table.items():
        assert set(words) == set(INTERFACE_LANGUAGES), name
        assert all(said.strip() and said == said.strip() + name[len(name.rstrip()) :] for said in words.values()), name
        assert not re.search("[а-яё]", words["en"], re.IGNORECASE), name
        assert not re.search("[a-z]", words["ru"] + words["kk"], re.IGNORECASE), name


TECHNICAL = {"sameAs", "exactMatch", "closeMatch"}
"""Words in cells that are the names of properties."""


def constants(text: str) -> set[tuple[str, str]]:
    """The fixed words that a query binds to variables, each with its variable: by VALUES, or by BIND with IF."""
    body = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    found: set[tuple[str, str]] = set()
    for name, inside in re.findall(r"VALUES \?(\w+) \{([^}]*)\}", body):
        found |= {(name, word) for word in re.findall(r'"([^"]*)"', inside)}
    for names, inside in re.findall(r"VALUES \(([^)]*)\) \{([^}]*)\}", body):
        for row in re.findall(r"\(([^)]*)\)", inside):
            cells = re.findall(r'"[^"]*"|\S+', row)
            pairs = zip(re.findall(r"\?(\w+)", names), cells, strict=True)
            found |= {(name, cell.strip('"')) for name, cell in pairs if cell.startswith('"')}
    for part in body.split("BIND (")[1:]:
        expression, _, name = part.partition(" AS ?")
        result = re.sub('!?= "[^"]*"', "", expression)  # compared strings are not results
        words = re.findall('"([a-z][a-z ,-]*)"', result)
        found |= {(re.match(r"\w+", name)[0], word) for word in words}  # type: ignore[index]
    return found


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_word_that_a_query_puts_into_a_cell_has_words_in_every_language(name: str) -> None:
    query = CATALOGUE[name]
    columns = {column.name for column in query.columns}
    passed_on = {"word": "part", "manner": "form"}  # variables whose value ends up in a column
    words = {(passed_on.get(variable, variable), word) for variable, word in constants(query.text) if word}
    needed = {(c, word) for c, word in words if c in columns and word not in TECHNICAL and not is_about_basis(c)}
    for language in INTERFACE_LANGUAGES:
        assert sorted(pair for pair in needed if ": ".join(pair) not in value_words(language)) == []


def test_no_word_of_a_cell_is_kept_that_no_query_uses() -> None:
    used = {word for query in CATALOGUE.values() for _, word in constants(query.text)}
    kept = {key.partition(": ")[2] for key in value_words("en") if re.match(r"\w+: \S", key)}
    kept -= {key.partition(": ")[2] for key in value_words("en") if key.startswith("written by rule")}
    assert len(kept) > 50
    assert kept <= used


def test_words_of_a_release_are_not_taken_for_words_of_the_program() -> None:
    """The reporting verb of a release is not translated, even if it is the same word as a form."""
    assert cell_words("form", ox.Literal("reported"), "ru") == "в пересказе"
    assert cell_words("verb", ox.Literal("reported", language="en"), "ru") == ""
    assert cell_words("form", ox.Literal("reported", language="en"), "ru") == ""
    assert cell_words("name", ox.Literal("person"), "ru") == ""
    assert cell_words("kind", ox.NamedNode("https://news.example/person"), "ru") == ""
    assert cell_words("basis", ox.Literal("inferred"), "kk") == "тұжырым"


@pytest.mark.parametrize(
    ("question", "column"), [("what-happened", "part"), ("who-said-what", "form"), ("timeline", "what")]
)
@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_page_of_answers_has_its_fixed_words_in_its_language(
    site: Path, question: str, column: str, language: str
) -> None:
    page = (site / "queries" / question / f"index.{language}.html").read_text(encoding="utf-8")
    cells = re.findall(rf'<td data-th="{column_words(language)[column]}"[^>]*>(.*?)</td>', page, re.DOTALL)
    shown = {re.sub(r"<[^>]*>", "", cell).strip() for cell in cells}
    known = {words for key, words in value_words(language).items() if key.startswith(f"{column}: ")}
    assert len(shown) > 1
    assert shown <= known


def test_a_reason_by_rule_keeps_the_readers_own_words() -> None:
    said = f"{derived.BY_RULE}'launched' is read as made public"
    assert translate(said, "en") == said
    assert translate(said, "ru") == "записано по правилу из вывода читателя: 'launched' is read as made public"
    assert translate("initials of the name", "kk") == "initials of the name"


LABELS = """\
#+ labels:
#+   ru: {node: узел, mode: вид}
#+   kk: {name: аты}
"""


def test_a_question_of_a_newsrooms_own_says_what_its_columns_are_called() -> None:
    query = parse_query(LABELS + GOOD, Path("queries/names.rq"))
    assert query.label("node", "ru") == "узел"
    assert query.label("mode", "ru") == "вид"
    assert query.label("name", "kk") == "аты"
    assert query.label("name", "ru") is None
    assert query.label("node", "en") is None


def test_the_words_of_a_question_itself_come_before_those_of_the_table() -> None:
    query = parse_query(LABELS + GOOD, Path("queries/names.rq"))
    page: Any = SimpleNamespace(pages=SimpleNamespace(words=Words("ru")))
    called = [QuestionPages._label(page, query, name) for name in ("mode", "name", "not_in_any_table")]
    assert called == ["вид", column_words("ru")["name"], "not in any table"]


@pytest.mark.parametrize(
    ("basis", "choices"), [("stated", "with|without"), ("registry", "with|without"), ("inferred", "with|only")]
)
def test_a_row_of_the_registry_stays_where_inferred_ones_are_left_out(basis: str, choices: str) -> None:
    inferred = CATALOGUE["about-entity"].parameter("inferred")
    assert inferred is not None
    assert _fits(inferred, ox.Literal(basis), "https://news.example/id/") == choices


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("node: узел", "nod: узел", "2: unknown key 'nod' in labels of 'ru', did you mean 'node'?"),
        ("node: узел", "node: 5", "2: 'node' must be a text; put quotation marks around numbers"),
        ("{name: аты}", "аты", "3: labels of 'kk' must be a mapping"),
    ],
)
def test_a_wrong_label_is_refused(old: str, new: str, message: str) -> None:
    with pytest.raises(ArtefactError) as caught:
        parse_query((LABELS + GOOD).replace(old, new, 1), Path("queries/names.rq"))
    assert (
        re.sub(r"^queries/names.rq:\d+", "", str(caught.value)) == message.partition(":")[1] + message.partition(":")[2]
    )


@pytest.mark.parametrize(("suffix", "shown"), [("", "basis"), (".ru", "основание"), (".kk", "негізі")])
def test_a_page_of_answers_names_its_columns_in_its_language(site: Path, suffix: str, shown: str) -> None:
    page = (site / "queries" / "inferred-facts" / f"index{suffix}.html").read_text(encoding="utf-8")
    heads = re.findall(r'<th scope="col">([^<]*)</th>', page)
    language = suffix.removeprefix(".") or "en"
    assert shown in heads
    assert set(heads) <= set(column_words(language).values())
    if suffix:
        rows = re.findall(r"<tbody>.*?</tbody>", page, re.DOTALL)
        assert len(rows) == 1
        assert "written by rule" not in rows[0]
        assert translate(rules.ATTESTED_ON, language) in rows[0]

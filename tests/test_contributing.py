"""CONTRIBUTING.md is true: its picture is current, its tables are whole, and its recipes can be followed."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import pytest

from communique.codes import CODES
from communique.compile.compiler import Compiled
from communique.read.dataset import INTERFACE_LANGUAGES
from tests.checkout import Checkout
from tests.conftest import ROOT, SLUG
from tests.floors import FLOORS, PACKAGES, PURPOSES
from tests.markers import MARKERS
from tests.test_cases import CASES
from tests.tools import draw_floors

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COLUMNS = "src/communique/publish/site/columns.json"
SRC = ROOT / "src" / "communique"
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_of_the_floors_is_current() -> None:
    drawn = draw_floors.PICTURE.read_text(encoding="utf-8")
    assert drawn == draw_floors.render_floors(), "run python -m tests.tools.draw_floors"
    assert "(docs/floors.svg)" in PAGE


def test_the_picture_shows_every_room_once_and_all_packages() -> None:
    root = ElementTree.fromstring(draw_floors.render_floors())
    shown = {kind: [e.text for e in root.iter(f"{SVG}text") if e.get("class") == kind] for kind in ("name", "note")}
    assert sorted(map(str, shown["name"])) == sorted(FLOORS)
    packages = re.findall(r"\w+", " ".join(map(str, shown["note"])))
    assert sorted(packages) == sorted(name for names in PACKAGES.values() for name in names)
    assert set(PURPOSES) == set(FLOORS.values())


def test_nothing_in_the_picture_lies_outside_of_it_or_on_something_else() -> None:
    root = ElementTree.fromstring(draw_floors.render_floors())
    width, height = map(int, root.get("viewBox", "").split()[2:])
    boxes = [
        tuple(int(rect.get(key, "")) for key in ("x", "y", "width", "height"))
        for rect in root.iter(f"{SVG}rect")
        if rect.get("class") == "room"
    ]
    assert len(boxes) == len(FLOORS)
    for k, (x, y, w, h) in enumerate(boxes):
        assert x >= draw_floors.LEFT and x + w <= width - draw_floors.PAD and y + h <= height
        for a, b, c, d in boxes[:k]:
            assert a + c < x or x + w < a or b + d < y or y + h < b, (x, y, a, b)


def test_a_room_is_drawn_once_it_has_a_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FLOORS, "annexe", 3)
    assert ">annexe</text>" in draw_floors.render_floors()
    monkeypatch.delitem(FLOORS, "annexe")
    assert "annexe" not in draw_floors.render_floors()


# ---- recipes, each followed in a copy of the repository


QUESTION = """\
#+ summary: Headlines by length
#+ question: Which headlines are the longest?
#+ description: One row per headline, the longest first.
#+ tags: [releases, headlines]
#+ audience: analyst
#+ columns:
#+   release: the release
#+   letters: length of its headline, in letters and other characters
#+ size: one row per headline
PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX schema: <http://schema.org/>

SELECT ?release (STRLEN(?headline) AS ?letters)
WHERE { GRAPH ?g { ?release a fabio:PressRelease ; schema:headline ?headline } }
ORDER BY DESC(?letters) STR(?release)
"""
ABOUT_QUESTIONS = [
    *(f"tests/test_query_{name}.py" for name in ("catalogue", "documentation", "words", "answers")),
    "-k", "longest-headlines or fresh or cases or columns or words_in_every_language or table",
]  # fmt: skip


@pytest.mark.slow
def test_a_question_is_added_in_the_files_that_the_recipe_names(checkout: Checkout, compiled: Compiled) -> None:
    checkout.write("queries/longest-headlines.rq", QUESTION)
    assert checkout.failed(*ABOUT_QUESTIONS) == [
        "test_a_page_of_answers_names_its_columns_in_its_language",  # no build begins without words for a column
        "test_every_column_and_parameter_has_words_in_every_language",
        "test_every_page_is_fresh",
        "test_every_question_has_cases_of_the_release_and_of_the_archive",
        "test_the_example_can_be_asked",
        "test_the_list_is_fresh",
    ]
    columns = json.loads(checkout.read(COLUMNS))
    columns["letters"] = {"en": "letters", "ru": "букв", "kk": "әріп саны"}
    checkout.write(COLUMNS, json.dumps(columns, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    cases = "tests/data/queries/longest-headlines"
    checkout.write(f"{cases}/cases.yaml", "real: {data: real}\narchive: {data: archive}\n")
    written = checkout.run("-m", "tests.tools.write_expected_rows", "longest-headlines")
    assert written.stdout.split() == [f"{cases}/real.csv", f"{cases}/archive.csv"], written.stderr
    headline = compiled.headline or ""
    assert checkout.read(f"{cases}/real.csv").splitlines() == [
        "release,letters",
        f"https://w3id.org/communique/id/release/{SLUG},{len(headline)}",
    ]
    assert checkout.run("-m", "tests.tools.write_query_pages").returncode == 0
    assert checkout.failed(*ABOUT_QUESTIONS) == []
    assert "longest-headlines" in checkout.communique("query").stdout
    answer = checkout.communique("query", "longest-headlines", "--format", "csv")
    assert answer.stdout.splitlines() == checkout.read(f"{cases}/real.csv").splitlines()


RULE = '''
    def loud(self) -> None:
        """Warn of a headline in capital letters."""
        for quad in self.compiled.facts:
            if quad.predicate.value == SCHEMA + "headline" and quad.object.value.isupper():
                pointer = self.compiled.places[(quad.subject.value, SCHEMA + "headline", quad.object)]
                message = "the headline is in capital letters throughout"
                found = self.release.finding("loud-headline", message, pointer, fix="write it as a sentence")
                self.found.add(replace(found, severity="warning"))
'''
MEANING = "a headline is in capital letters throughout"
RECORD = """\
"@context":
  - context.jsonld
  - "@base": https://w3id.org/communique/id/
    "@language": en
    this: https://w3id.org/communique/id/release/sample#

id: release/sample
type: [NewsArticle, PressRelease]
headline: BRIDGE OPENED
evidence: BRIDGE OPENED
"""
ABOUT_FINDINGS = ["tests/test_cases.py", "tests/test_documentation.py", "-k", "code or lost or loud or documented"]


@pytest.mark.slow
def test_a_finding_is_added_in_the_files_that_the_recipe_names(checkout: Checkout) -> None:
    lint, codes, documented = "src/communique/check/lint.py", "src/communique/codes.py", "docs/findings.md"
    checkout.replace(
        lint, "    lint.unreachable(links, nodes)\n", "    lint.unreachable(links, nodes)\n    lint.loud()\n"
    )
    checkout.replace(lint, "\n    def dangling(", f"{RULE}\n    def dangling(")
    first = next(iter(CODES))
    checkout.replace(codes, f'    "{first}": ', f'    "loud-headline": "{MEANING}",\n    "{first}": ')
    assert checkout.failed(*ABOUT_FINDINGS) == [
        "test_every_code_of_a_finding_has_a_case",
        "test_every_code_of_a_finding_is_documented",
    ]
    checkout.replace(documented, f"| `{first}` |", f"| `loud-headline` | {MEANING} |\n| `{first}` |")
    case = "tests/cases/loud-headline"
    checkout.write(f"{case}/source.txt", "BRIDGE OPENED\n")
    checkout.write(f"{case}/record.yaml", RECORD)
    row = {"code": "loud-headline", "line": 9, "column": 11, "severity": "warning"}
    checkout.write(f"{case}/findings.json", json.dumps([row]))
    number = len(CASES)
    checkout.replace("tests/test_cases.py", f"len(CASES) == {number}", f"len(CASES) == {number + 1}")
    assert checkout.failed(*ABOUT_FINDINGS) == []


ABOUT_LANGUAGES = [f"tests/test_{name}.py" for name in ("wordcheck", "words", "query_words")]
WORDS = "src/communique/publish/words.json"


@pytest.mark.slow
def test_a_language_is_added_in_the_files_that_the_recipe_names(checkout: Checkout) -> None:
    """Swedish, in English words: months, thousands and plural forms are its own."""
    tags = ", ".join(f'"{tag}"' for tag in INTERFACE_LANGUAGES)
    checkout.replace("src/communique/read/dataset.py", f"= ({tags})", f'= ({tags}, "sv")')
    refused = checkout.communique("build", "--out", "public", "-q")
    assert refused.returncode == 2 and not (checkout.folder / "public").exists()
    assert re.fullmatch(r"communique: words\.json has no '\w+' in sv: add it \(\d+ more like this\)\n", refused.stderr)
    for name in (WORDS, COLUMNS):
        table = json.loads(checkout.read(name))
        for texts in table.values():
            texts["sv"] = texts["en"]
        checkout.write(name, json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
    quick = ["-m", "not slow and not browser and not stores"]
    assert checkout.failed(*ABOUT_LANGUAGES, *quick) == ["test_programs_in_the_browser_count_as_the_pages_do"]
    checkout.replace("web/src/words.js", '(language === "en") return N', '(["en", "sv"].includes(language)) return N')
    assert checkout.failed(*ABOUT_LANGUAGES, *quick) == []
    checkout.replace("data/dataset.yaml", "\ninterface: [en, ru, kk]\n", "\ninterface: [sv, en]\n")
    assert checkout.communique("build", "--out", "public", "-q").returncode == 0
    page = checkout.read(f"public/release/{SLUG}/index.html")
    assert '<html lang="sv">' in page and "29 maj 2015" in page and "What happened" in page
    assert '<html lang="en">' in checkout.read(f"public/release/{SLUG}/index.en.html")


# ---- what the page says of the code


def test_every_room_stands_in_the_table_of_rooms() -> None:
    table = PAGE[PAGE.index("| room | what it owns |") : PAGE.index("Everything that can be added")]
    named = [name.rstrip("/").removesuffix(".py").replace("/", ".") for name in re.findall(r"^\| `(.+?)`", table, re.M)]
    assert len(named) == len(set(named)) and set(named) <= set(FLOORS)
    folders = {name for name in FLOORS if (SRC / name.replace(".", "/")).is_dir()}
    assert folders <= set(named)


def test_every_file_that_the_page_names_is_there() -> None:
    named = set(re.findall(r"`([\w./-]+\.(?:py|md|rq|json|jsonld|toml|ttl|html))`", PAGE))
    assert len(named) > 10
    site = SRC / "publish" / "site"
    places = [ROOT, SRC, SRC / "publish", site, site / "templates", *CASES[:1]]
    assert sorted(name for name in named if not any((place / name).exists() for place in places)) == []


def test_the_commands_of_the_page_are_those_of_the_suite() -> None:
    quick, whole = re.findall(r"^\.venv/bin/python -m pytest -q -n auto(.*)$", PAGE, re.MULTILINE)
    assert (quick, whole) == (f' -m "{" and ".join(f"not {name}" for name in MARKERS)}"', "")
    assert re.findall(r"^\| `(\w+)` \| they ", PAGE, re.MULTILINE) == list(MARKERS)
    assert ".venv/bin/python -m pytest -q -n auto\n" in (ROOT / "README.md").read_text(encoding="utf-8")

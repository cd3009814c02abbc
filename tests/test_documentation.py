"""Documentation is true: tables match the code, code in it runs, commands in it exist."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from communique.api import Newsroom, open_newsroom
from communique.check.checker import Checker
from communique.check.explanation import render_text
from communique.cli.program import COMMANDS
from communique.codes import CODES
from communique.compile.compiler import compile_release
from communique.compile.ground import NORMALISERS
from communique.findings import Finding, render_findings
from communique.read.release import WrittenRelease, build_release
from communique.read.yamlld import read_yaml
from communique.terms import DEFAULT_BASE, PREFIXES
from tests.conftest import DATA, ROOT, SLUG

PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])


def fenced(page: Path, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_every_code_of_a_finding_is_documented() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", (ROOT / "docs" / "findings.md").read_text("utf-8"), re.MULTILINE)
    assert rows == list(CODES.items())


@pytest.mark.parametrize("name", ["README.md", "docs/findings.md"])
def test_the_finding_that_the_documentation_shows_is_what_check_prints(name: str, tmp_path: Path) -> None:
    shown = next(text for text in fenced(ROOT / name, "text") if "[quote-not-found]" in text)
    number = int(re.findall(r"record\.yaml:(\d+):", shown)[0])
    (wrong,) = re.findall(rf"^ +{number} \| (.*)$", shown, re.MULTILINE)
    (right,) = re.findall(r'fix: write "(\w+)"', shown)
    shutil.copytree(DATA, tmp_path / "data")
    record = tmp_path / "data" / "releases" / SLUG / "record.yaml"
    lines = record.read_text(encoding="utf-8").split("\n")
    assert lines[number - 1] == wrong.replace(re.findall(r"it says '(\w+)'", shown)[0], right)
    lines[number - 1] = wrong
    record.write_text("\n".join(lines), encoding="utf-8")
    text = render_findings(open_newsroom(tmp_path / "data")[SLUG].check(), "text")
    path = re.findall(r"^\S*record\.yaml", shown, re.MULTILINE)[0]
    assert text.replace(str(record), path).rstrip() == shown.rstrip()


def test_every_normaliser_is_documented() -> None:
    page = (ROOT / "docs" / "evidence.md").read_text("utf-8")
    table = page[page.index("| normaliser |") : page.index("Not held against the text")]
    assert re.findall(r"^\| ([a-z]+) \|", table, re.MULTILINE)[1:] == list(NORMALISERS)


def the_release_in_the_guide() -> tuple[str, str, str]:
    """The first text of the guide, its record, and the finding that the guide shows."""
    page = ROOT / "docs" / "record.md"
    texts = fenced(page, "text")
    return texts[0], fenced(page, "yaml")[0], texts[1]


def checked_in_the_guide(core: Checker, record: str) -> tuple[WrittenRelease, Sequence[Finding]]:
    text, *_ = the_release_in_the_guide()
    read, wrong = read_yaml(record.encode(), "record.yaml")
    assert wrong == []
    release = build_release("2031-03-03-bridge", text, read, Path("record.yaml"), 1)
    return release, core.check(release).findings


def test_the_record_in_the_guide_passes_check(real: Newsroom) -> None:
    _, record, _ = the_release_in_the_guide()
    release, findings = checked_in_the_guide(real.core, record)
    assert [f.code for f in findings] == []
    assert compile_release(release, real.context, base=DEFAULT_BASE).tally.facts > 70
    assert len(record.splitlines()) < 50


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("sponsor: {id: org/mock-bank, type: Organization, name: Mock Bank}", "sponsor: person/jo-sample"),
        ("title: chief engineer", "title: chief guest"),
        ("value: 84", "value: 300"),
        ("verb: added", "verb: denied"),
        ("quote: The town", "text: The town"),
        (", planned: true", ""),
        ("startDate: 2031-04-12", "startDate: 2031-04-13"),
        (", referredToAs: the company", ""),
        ("Sample Works opened the Mill Footbridge today", "the opening, which was sponsored by Mock Bank"),
    ],
)
def test_a_false_word_in_the_record_of_the_guide_is_a_finding(real: Newsroom, right: str, wrong: str) -> None:
    _, record, _ = the_release_in_the_guide()
    assert record.count(right) == 1
    _, findings = checked_in_the_guide(real.core, record.replace(right, wrong))
    assert [f for f in findings if f.severity == "violation"]


def test_the_finding_in_the_guide_is_what_check_says(tmp_path: Path) -> None:
    text, record, shown = the_release_in_the_guide()
    folder = tmp_path / "data" / "releases" / "2031-03-03-bridge"
    folder.mkdir(parents=True)
    (folder / "source.txt").write_text(text, encoding="utf-8")
    ((number, wrong),) = re.findall(r"^ +(\d+) \|( +sponsor: .*)$", shown, re.MULTILINE)
    lines = record.splitlines()
    assert lines[int(number) - 1].strip().startswith("sponsor: ")
    lines[int(number) - 1] = wrong[1:]
    (folder / "record.yaml").write_text("\n".join(lines), encoding="utf-8")
    text = render_findings(open_newsroom(tmp_path / "data")["2031-03-03-bridge"].check(), "text")
    assert text.replace(f"{folder}/", "").startswith(shown)


CHAPTERS = ("The forms", "Figures", "Money, partners, prizes", "Time")


def forms_of_the_guide(name: str) -> tuple[str, list[str]]:
    """The text of a chapter, and its examples: nodes of a record of that text."""
    page = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    chapter = page[page.index(f"## {name}\n") :].partition("\n## ")[0]
    (source,) = re.findall(r"^```text\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
    return source, re.findall(r"^```yaml\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("chapter", "example"),
    [(chapter, example) for chapter in CHAPTERS for example in forms_of_the_guide(chapter)[1]],
    ids=lambda text: text.split("\n")[0],
)
def test_an_example_of_a_form_passes_check_without_a_quote_for_it(real: Newsroom, chapter: str, example: str) -> None:
    source, _ = forms_of_the_guide(chapter)
    nodes = yaml.load(example, yaml.BaseLoader)
    root = {"id": "release/2020-02-03-dam", "type": "PressRelease", "headline": "Dam opened"}
    if chapter in ("Money, partners, prizes", "Time"):
        root["dateline"] = "Sampletown, February 3, 2020"
    others = [] if nodes[0]["id"] == root["id"] else [{**root, "mentions": [node["id"] for node in nodes]}]
    record = {"@context": "context.jsonld", "graph": [*others, *nodes]}
    release = build_release("2020-02-03-dam", source, record, Path("guide"), 1)
    core: Checker = real.core
    assert [(f.code, f.message) for f in core.check(release).findings if f.severity != "info"] == []


def test_the_record_without_quotes_in_the_guide_needs_none_and_is_explained_as_shown(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    chapter = page[page.index("## Evidence finds itself\n") :].partition("\n## ")[0]
    source, shown = re.findall(r"^```text\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
    folder = tmp_path / "data" / "releases" / "2020-02-03-dam"
    folder.mkdir(parents=True)
    (folder / "source.txt").write_text(source, encoding="utf-8")
    ids = re.findall(r"^- id: (.*)$", example, re.MULTILINE)
    head = '"@context": context.jsonld\ngraph:\n- id: release/2020-02-03-dam\n  type: PressRelease\n'
    head += "  headline: Dam opened\n"
    (folder / "record.yaml").write_text(f"{head}  mentions: [{', '.join(ids)}]\n{example}", encoding="utf-8")
    newsroom = open_newsroom(tmp_path / "data")
    (checked,) = newsroom.checker(explain=True).check_all(newsroom.folder)
    assert [f for f in checked.findings if f.severity == "violation"] == []
    lines = render_text(checked.explained).replace(f"{folder}/", "").splitlines()
    at = next(k for k, line in enumerate(lines) if "'a diver'" in line)
    assert lines[at : at + 3] == shown.splitlines()


@pytest.mark.parametrize("text", fenced(ROOT / "docs" / "data.md", "sparql"))
def test_the_queries_in_the_guide_have_answers(real: Newsroom, text: str) -> None:
    answer = real.store.query(text, union=True)
    assert answer.rows


def test_commands_in_the_documentation_exist() -> None:
    for page in PAGES:
        text = page.read_text("utf-8")
        code = "\n".join(re.findall(r"`([^`\n]+)`", text) + re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S))
        used = set(re.findall(r"(?:^|[/ ])communique ([a-z][a-z-]*)", code, re.MULTILINE))
        assert used <= set(COMMANDS), page.name


def test_the_turtle_in_the_readme_is_in_the_data(real: Newsroom) -> None:
    (text,) = fenced(ROOT / "README.md", "turtle")
    head = f"@base <{DEFAULT_BASE}> .\n" + "".join(f"@prefix {p}: <{n}> .\n" for p, n in PREFIXES.items())
    shown = {quad.triple for quad in ox.parse(head + text, format=ox.RdfFormat.TURTLE)}
    assert len(shown) == 7
    assert shown <= {quad.triple for quad in real.quads()}


def test_the_figures_of_the_readme_are_those_of_the_first_release(real: Newsroom) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    (shown,) = re.findall(r"has ([\d,]+) lines of YAML and makes ([\d,]+) facts, ([\d,]+) of them inferred", readme)
    tally = real[SLUG].compiled.tally
    lines = (DATA / "releases" / SLUG / "record.yaml").read_text("utf-8").count("\n")
    assert shown == tuple(f"{number:,}" for number in (lines, tally.facts, tally.inferred))


def test_the_quick_start_is_two_commands_that_can_be_pasted() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    start = readme[readme.index("## Quick start") :]
    first, second = re.findall(r"^```sh\n(.*?)^```$", start, re.MULTILINE | re.DOTALL)[:2]
    assert first.count("\n") == second.count("\n") == 1
    assert "communique build" in shlex.join(shlex.split(first))
    assert "pytest" in second
    ci = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "README.md" in ci


def test_nothing_may_be_skipped_only_where_our_own_variable_says_so() -> None:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        asked = re.findall(r"""environ(?:\.get\(|\[)["']CI["']""", path.read_text(encoding="utf-8"))
        assert not asked, f"{path} asks for CI, which is set in everybody's CI"
    assert "export COMMUNIQUE_STRICT=1 " in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), (page.name, target)


def test_links_to_a_chapter_lead_to_a_heading() -> None:
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#:\s]*)#([^)\s]+)\)", page.read_text("utf-8")):
            there = (page.parent / target if target else page).read_text("utf-8")
            headings = [
                re.sub(r"[^\w\- ]", "", line.lower()).replace(" ", "-")
                for line in re.findall(r"^#+ (.*)$", there, re.M)
            ]
            assert anchor in headings, (page.name, target, anchor)


def test_no_page_names_a_folder_of_somebody_s_machine() -> None:
    for page in PAGES:
        assert not re.search(r"(?<![\w.])/(home|root|Users|tmp|work)/", page.read_text("utf-8")), page.name

"""The templates of the pages: readable, the only place with HTML, and every value in them escaped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.exceptions import UndefinedError

from communique.publish.site.folding import FoldedLines, fold
from communique.publish.site.pages import environment
from tests.conftest import ROOT

SRC = ROOT / "src" / "communique"
FOLDER = SRC / "publish" / "site" / "templates"
TEMPLATES = sorted(FOLDER.glob("*.html"))
NAMES = [path.name for path in TEMPLATES]

SAFE = {
    ("base.html", "rules"): "CSS in a style element, where nothing is unescaped: made of ids by css_string",
    (
        "base.html",
        "page_jsonld",
    ): "JSON in a script element, where nothing is unescaped: < > & are written as \\u003c …",
    ("picture.html", "picture"): "SVG, whose names and addresses the drawing room escapes",
}
"""What the templates do not escape, and why."""

NOT_HTML = {
    "drawing/picture.py": "SVG",
    "publish/describe/listing.py": "Atom and the site map: XML",
    "publish/hosting/apache.py": "sections of an Apache configuration",
    "publish/hosting/negotiation.py": "comments of a configuration, on an element of the pages",
    "publish/site/templating.py": "what a macro of a template has written",
}
"""Files with markup of other languages, or of templates."""


def read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def tree(name: str) -> nodes.Template:
    return environment().parse(read(name), name)


def rendered(template: str, **values: object) -> str:
    made = Environment(autoescape=True, extensions=[FoldedLines])
    return made.from_string(template).render(values)


# ---- one rule for line breaks


@pytest.mark.parametrize(
    ("template", "page"),
    [
        ("<ul>\n  <li>one</li>\n  <li>two</li>\n</ul>\n", "<ul><li>one</li><li>two</li></ul>"),
        ("<p>one</p>\n\n<p>two</p>", "<p>one</p>\n<p>two</p>"),
        ("<p>one</p>  \n \t\n\n   <p>two</p>", "<p>one</p>\n<p>two</p>"),
        ("<p>\r\n  one\r\n</p>", "<p>one</p>"),
        ("{% for n in (1, 2) %}\n  <li>{{ n }}</li>\n\n{% endfor %}\n</ul>", "<li>1</li>\n<li>2</li>\n</ul>"),
        ("<p>{{ words }}\n  <b>x</b></p>", "<p>a\n\n b<b>x</b></p>"),
        ("<a{{ {\n  'title': 'x',\n} | xmlattr }}>\n", '<a title="x">'),
        ("{{ 'a\n\n  b' }}", "a\n\n  b"),
        ("{# one\n\n two #}\n<p>", "<p>"),
    ],
)
def test_a_line_break_in_a_template_does_not_reach_the_page_and_an_empty_line_does(template: str, page: str) -> None:
    assert rendered(template, words="a\n\n b") == page


def test_an_error_in_a_template_names_the_line_that_a_person_sees() -> None:
    text = "<p>\n\n  <b>\n  {{ 1 }}\n\n\n  {% if %}\n"
    with pytest.raises(TemplateSyntaxError) as broken:
        rendered(text)
    assert text.splitlines()[(broken.value.lineno or 0) - 1].strip() == "{% if %}"
    assert fold(text).count("\n") == text.count("\n")


@pytest.mark.parametrize("name", NAMES)
def test_templates_have_no_other_marks_for_white_space(name: str) -> None:
    assert not re.search(r"\{[%{#]-|-[%}#]\}", read(name))


@pytest.mark.parametrize("name", NAMES)
def test_no_line_of_a_template_is_longer_than_120_characters(name: str) -> None:
    long = [n for n, line in enumerate(read(name).splitlines(), 1) if len(line) > 120]
    assert not long, f"{name}: {long}"


@pytest.mark.parametrize("name", NAMES)
def test_templates_are_indented_as_their_elements_and_blocks_are_nested(name: str) -> None:
    """The start and the end of a nested element have the same indentation, two columns more for each level."""
    opened: list[tuple[str, int]] = []
    for number, line in enumerate(without_comments(read(name)).splitlines(), 1):
        for kind, what in marks(line):
            indent = len(line) - len(line.lstrip())
            if kind == "start":
                opened.append((what, indent))
            else:
                assert opened, f"{name}:{number}: {what} was not opened"
                begun, column = opened.pop()
                assert begun == what, f"{name}:{number}: {what} ends where {begun} is open"
                stands_first = line.lstrip().startswith((f"</{what}", f"{{% end{what}"))
                assert not stands_first or indent == column, f"{name}:{number}: {what} began in column {column}"
    assert not opened, f"{name}: {opened}"


VOID = {"meta", "link", "input", "br", "rect", "!doctype"}
NESTED = re.compile(r"\{%\s*(end)?(if|for|macro|block)\b|<(/)?([a-z!][a-z0-9]*)\b(?![^<>]*/>)", re.ASCII)


def without_comments(text: str) -> str:
    return re.sub(r"\{#.*?#\}|\{\{.*?\}\}", lambda m: "\n" * m[0].count("\n"), text, flags=re.DOTALL)


def marks(line: str) -> Iterator[tuple[str, str]]:
    for found in NESTED.finditer(line):
        end, block, closing, element = found.groups()
        if block or element not in VOID:
            yield "end" if end or closing else "start", block or element


# ---- their content


def test_only_what_was_made_safe_is_written_as_it_is() -> None:
    found = {}
    for name in NAMES:
        for one in tree(name).find_all(nodes.Filter):
            if one.name in ("safe", "forceescape") or (one.name == "xmlattr" and not isinstance(one.node, nodes.Dict)):
                assert isinstance(one.node, nodes.Name), f"{name}:{one.lineno}"
                found[name, one.node.name] = one.lineno
        assert not list(tree(name).find_all((nodes.MarkSafe, nodes.ScopedEvalContextModifier))), name
        assert "autoescape" not in read(name)
    assert set(found) == set(SAFE)


def test_every_value_is_escaped_and_every_name_must_be_given() -> None:
    made = environment()
    assert made.autoescape is True
    assert made.from_string("{{ x }}").render(x="<b>&'\"") == "&lt;b&gt;&amp;&#39;&#34;"
    with pytest.raises(UndefinedError):
        made.from_string("{{ no_such_name }}").render()


def test_every_template_is_read_by_a_page_or_by_another_template() -> None:
    python = "\n".join(path.read_text(encoding="utf-8") for path in sorted((SRC / "publish").rglob("*.py")))
    others = {name: "\n".join(read(other) for other in NAMES if other != name) for name in NAMES}
    unread = [name for name in NAMES if f'"{name}"' not in python and f'"{name}"' not in others[name]]
    assert len(NAMES) > 12 and not unread


def test_every_macro_is_used_and_no_two_have_one_name_in_a_file() -> None:
    everything = {name: read(name) for name in NAMES}
    for name in NAMES:
        macros = [macro.name for macro in tree(name).find_all(nodes.Macro)]
        assert len(macros) == len(set(macros)), name
        for macro in macros:
            calls = re.compile(rf"(?<!macro )\b{macro}\(")
            readers = [other for other, text in everything.items() if other == name or f'"{name}"' in text]
            assert any(calls.search(everything[reader]) for reader in readers), f"{name}: {macro} is not used"


def test_every_name_that_a_template_imports_is_used() -> None:
    for name in NAMES:
        for one in tree(name).find_all(nodes.Import):
            assert re.search(rf"\b{one.target}\.", read(name)), f"{name}: {one.target}"


# ---- and nowhere else

MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?:[\s>]|/>)|<!doctype", re.IGNORECASE)


def python_files() -> Iterator[Path]:
    for room in ("publish", "drawing"):
        yield from sorted((SRC / room).rglob("*.py"))


def strings(module: ast.AST) -> Iterator[ast.Constant]:
    """The strings of a module, including those in f-strings, without its docstrings."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    first = [n.body[0] for n in ast.walk(module) if isinstance(n, documented) and n.body]
    docs = {id(n.value) for n in first if isinstance(n, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node


def makes_markup(module: ast.AST) -> list[int]:
    """The lines of a module that write markup, or that declare a text to be markup."""
    lines = [s.lineno for s in strings(module) if MARKUP.search(str(s.value))]
    names = {n.id for n in ast.walk(module) if isinstance(n, ast.Name)}
    return lines + ([0] if names & {"Markup", "markupsafe"} else [])


def test_no_html_is_made_in_python() -> None:
    found = {str(p.relative_to(SRC)) for p in python_files() if makes_markup(ast.parse(p.read_text(encoding="utf-8")))}
    assert found == set(NOT_HTML)


@pytest.mark.parametrize(
    "line", ["x = '<p>'", 'x = f"<a href={y}>"', "x = '</ul>'", "x = '<br/>'", "x = Markup(y)", "'<!DOCTYPE html>' + x"]
)
def test_html_in_python_would_be_seen(line: str) -> None:
    assert makes_markup(ast.parse(f'"""A module."""\n{line}\n'))
    assert not makes_markup(ast.parse('"""A <p> in a docstring."""\nx = 1 < 2'))


# ---- the style sheet

UNUSED = {"nums"}
"""Classes that no page uses; this list may only become shorter."""


def css_classes(text: str) -> set[str]:
    """The classes that the selectors of a style sheet name."""
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return set(re.findall(r"\.([a-z][\w-]*)", " ".join(re.findall(r"([^{}]+)\{", bare))))


def classes_of_pages(sites: tuple[Path, ...]) -> set[str]:
    pages = (page.read_text(encoding="utf-8") for site in sites for page in site.rglob("*.html"))
    return {name for page in pages for found in re.findall(r' class="([^"]*)"', page) for name in found.split()}


def chosen_in_templates() -> set[str]:
    """The classes that a template gives to some of its elements only."""
    attributes = (found for name in NAMES for found in re.findall(r'class="([^"]*)"', read(name)))
    return {word for attribute in attributes for word in re.findall(r"'([\w -]+)'", attribute)}


def classes_of_scripts() -> set[str]:
    """The words in strings of the scripts: classes that they may add or remove."""
    paths = [FOLDER.parent / "static" / "script.js", *sorted((ROOT / "web" / "src").glob("*.js"))]
    strings = (s for path in paths for s in re.findall(r'"[^"\n]*"|`[^`]*`', path.read_text(encoding="utf-8")))
    return {word for string in strings for word in re.findall(r"[\w-]+", string)}


@pytest.mark.slow
def test_every_class_of_the_style_sheet_is_on_a_page_or_set_by_a_script(
    site: Path, archive_site: Path, crowded_site: Path
) -> None:
    styled = css_classes((FOLDER.parent / "static" / "style.css").read_text(encoding="utf-8"))
    assert len(styled) > 90
    used = classes_of_pages((site, archive_site, crowded_site)) | chosen_in_templates() | classes_of_scripts()
    assert styled - used == UNUSED

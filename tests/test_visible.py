"""Untrusted text cannot control the terminal of the person who reads it."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.findings import Finding, render_findings
from communique.visible import visible, visible_line
from tests.conftest import ROOT

STEERING = (
    "\x1b[2J", "\x07", "\x9b2J", "\r", "\x7f", "\u202e", "\u2066", "\u200f", "\u061c", "\u2028", "\ufeff", "\ud800",
    "\U000e0041",
)  # fmt: skip


@pytest.mark.parametrize("text", STEERING, ids=ascii)
def test_what_controls_a_terminal_is_shown_as_its_number(text: str) -> None:
    shown = visible(f"a{text}b")
    assert shown == f"a{text.encode('unicode_escape').decode()}b".replace("\\r", "\\x0d")
    assert shown.isprintable()


def test_every_invisible_character_is_shown() -> None:
    for code in range(sys.maxunicode + 1):
        letter = chr(code)
        hidden = unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") or unicodedata.bidirectional(letter) in (
            "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI",
        )  # fmt: skip
        if hidden:
            assert visible_line(letter).isascii() and visible_line(letter).isprintable(), hex(code)
        elif unicodedata.category(letter)[0] in "LMNPSZ":
            assert visible_line(letter) == letter, hex(code)


@given(st.text())
def test_what_was_escaped_is_not_escaped_again(text: str) -> None:
    once = visible(text)
    assert visible(once.replace("\r\n", "\n")) == once.replace("\r\n", "\n")
    assert "\n" not in visible_line(text) and len(visible_line(text).splitlines()) <= 1


def test_words_in_any_script_stay_as_they_are() -> None:
    for words in ("№ 5 – “Қазақстан” 🗞\tx\n", "می‌خواهم", "👩‍👩‍👦", "اللجنة الوطنية", "a\xadb", "line\r\nline\r\n"):
        assert visible(words) == words


@pytest.mark.parametrize("fmt", ["text", "github"])
def test_a_finding_stays_on_its_line(fmt: str) -> None:
    finding = Finding(
        file="a\x1b.yaml",
        code="no-id",
        message="x\u202ey\n::error::no%0A",
        fix="f\r\n::add-mask::m",
        why=("w\x9b\n::x",),
    )
    shown = render_findings([finding], fmt)
    assert not [c for c in shown if c != "\n" and not c.isprintable()]
    assert [line for line in shown.splitlines() if line.lstrip().startswith("::")] == (
        shown.splitlines() if fmt == "github" else []
    )
    assert "\\u202e" in shown and "\\x1b" in shown


def test_the_marker_is_below_the_words_at_fault_even_after_escapes(tmp_path: Path) -> None:
    file = tmp_path / "source.txt"
    file.write_text("a\u202eb fault\u2066s", encoding="utf-8")
    shown = render_findings([Finding(file=str(file), line=1, column=5, length=6, code="no-id", message="m")], "text")
    line, mark = shown.splitlines()[1:3]
    assert line[mark.index("^") : mark.rindex("^") + 1] == "fault\\u2066"


def on_a_terminal(*words: str, cwd: Path = ROOT) -> str:
    """What a command shows to a user, with standard output and standard error on one terminal."""
    terminal, side = os.openpty()
    with subprocess.Popen([sys.executable, "-m", "communique", *words], cwd=cwd, stdout=side, stderr=side) as process:
        os.close(side)
        shown = b""
        try:
            while part := os.read(terminal, 65536):
                shown += part
        except OSError:  # the other side is closed
            pass
        process.wait()
    os.close(terminal)
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.slow
def test_no_format_lets_text_control_a_terminal(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    title = "\\e[2J Newsroom \\u202e"
    (data / "dataset.yaml").write_text(f'title: "{title}"\npublisher: P\nlicense: https://e.org/l\n', encoding="utf-8")
    folder = data / "releases" / "a"
    folder.mkdir(parents=True)
    (folder / "source.txt").write_text("Headline \u202e\u009b2J said.\n", encoding="utf-8")
    (folder / "record.yaml").write_text(
        '"@context": [context.jsonld]\ngraph:\n- id: release/a\n  type: [NewsArticle, PressRelease]\n'
        '  headline: "Headline \\u202e\\x9b2J"\n  evidence: "Headline \\u202e\\x9b2J"\n  "bad\\e[0mkey": 1\n',
        encoding="utf-8",
    )
    for words in (("check",), ("check", "--format", "json"), ("check", "--format", "github"), ("query", "--x\x1b[2J")):
        shown = on_a_terminal(*words, "--quiet", "--data", str(data))
        assert "\\u202e" in shown or "\\x1b" in shown, words
        assert not {c for c in shown if c != "\n" and not c.isprintable()}, words


@pytest.mark.parametrize("words", [("check", "--no\x1b[2J\u202e"), ("build", "--data", "no\x1b[2J\u202e")])
def test_an_error_does_not_control_a_terminal(words: tuple[str, ...]) -> None:
    shown = on_a_terminal(*words)
    assert "\\x1b[2J\\u202e" in shown and "\x1b" not in shown and "\u202e" not in shown


def test_an_export_does_not_control_a_terminal_and_is_exact_in_a_file(tmp_path: Path) -> None:
    data = tmp_path / "data"
    folder = data / "releases" / "a"
    folder.mkdir(parents=True)
    (data / "dataset.yaml").write_text("title: T\npublisher: P\nlicense: https://e.org/l\n", encoding="utf-8")
    (folder / "source.txt").write_text("Headline \u202e turned.\n", encoding="utf-8")
    (folder / "record.yaml").write_text(
        '"@context": [context.jsonld]\ngraph:\n- id: release/a\n  type: [NewsArticle, PressRelease]\n'
        '  headline: "Headline \\u202e turned."\n  evidence: "Headline \\u202e turned."\n',
        encoding="utf-8",
    )
    words = ("export", "a", "--format", "jsonld", "--data", str(data))
    shown = on_a_terminal(*words)
    command = [sys.executable, "-m", "communique", *words]
    piped = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    assert "Headline \u202e turned." in piped
    assert shown == visible(piped) != piped


PRINTING = ("print", "typer.echo", "sys.stdout.write", "sys.stderr.write", "sys.stdout.buffer.write")


def test_only_the_command_line_prints() -> None:
    """There is only one place that prints, so that only one place has to escape."""
    source = ROOT / "src" / "communique"
    printing = set()
    for path in sorted(source.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in PRINTING:
                    printing.add(str(path.relative_to(source)))
    assert printing == {"cli/program.py"}

"""The command line as a user sees it: whole processes, exit codes, one plain sentence."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import DATA, ROOT, SLUG

COMMANDS = ("build", "check", "embed", "export", "export-queries", "init", "load", "new", "query", "verify")


def communique(*words: str | Path, cwd: Path = ROOT, env: dict[str, str] | None = None) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "communique", *map(str, words)],
        cwd=cwd,
        capture_output=True,
        env={**os.environ, "COLUMNS": "120", **(env or {})},
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in err, err
    return done.returncode, out, err


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


def edit(newsroom: Path, old: str, new: str) -> int:
    """Change the record; gives the number of the changed line."""
    path = newsroom / "releases" / SLUG / "record.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, text.count(old)
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_help_names_every_command_and_each_has_an_example() -> None:
    _, out, _ = communique("--help")
    assert [c for c in COMMANDS if f"\n  {c} " in out] == list(COMMANDS)
    for command in COMMANDS:
        code, out, _ = communique(command, "--help")
        assert code == 0
        assert f"Example: communique {command}" in " ".join(out.split())
        wanted = ("--quiet", "--format", "--help") if command == "init" else ("--data", "--quiet", "--format", "--help")
        assert all(option in out for option in wanted)


def test_the_help_has_groups_and_whole_summaries() -> None:
    from communique.cli.program import GROUPS

    _, out, _ = communique("--help", env={"COLUMNS": "60"})
    assert "..." not in out.partition("\n")[2]
    parts = dict(zip(GROUPS, re.split(rf"^(?:{'|'.join(GROUPS)}):$", out, flags=re.MULTILINE)[1:], strict=True))
    for title, names in GROUPS.items():
        assert re.findall(r"^  ([a-z][a-z-]*) ", parts[title], re.MULTILINE) == list(names)
    assert "an empty registry, a workflow that checks every change." in " ".join(out.split())


@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_on_a_question_is_what_it_takes_and_gives(asked: str) -> None:
    described = communique("query", "who-said-what", "--describe")
    assert described[0] == 0 and "--person IRI" in described[1]
    assert communique("query", "who-said-what", asked) == described
    assert communique("query", asked, "who-said-what")[1] == communique("query", asked)[1]
    code, _, said = communique("query", "who-said-wat", asked)
    assert (code, said) == (2, "communique: unknown query 'who-said-wat', did you mean 'who-said-what'?\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_formats_of_a_command_are_the_names_of_a_table(command: str) -> None:
    from communique import findings, formats
    from communique.query.formats import RESULT_FORMATS

    report = ["text", "json"]
    shown: dict[str, Iterable[str]] = {
        "check": findings.FORMATS,
        "build": findings.FORMATS,
        "export": formats.FORMATS,
        "query": RESULT_FORMATS,
    }
    found = re.search(r"--format <([^>]*)>", communique(command, "--help")[1])
    assert found
    assert re.sub(r"\s", "", found[1]).split("|") == list(shown.get(command, report))


def test_the_levels_of_evidence_are_those_of_the_library() -> None:
    from communique import api
    from communique.cli import data

    assert tuple(f.value for f in data.EvidenceLevel) == api.EVIDENCE


def test_the_real_release_is_found_right_and_counted() -> None:
    code, out, err = communique("check")
    assert (code, out) == (0, "")
    assert err.startswith("1 release: ")
    assert "8 people, 13 organisations, 16 statements, 2 recommendations; all anchored, all valid" in err


def test_a_changed_word_of_a_quote_is_shown_with_line_word_and_nearest_passage(newsroom: Path) -> None:
    line = edit(newsroom, "was approved by a resolution", "was aproved by a resolution")
    code, out, err = communique("check", "--data", newsroom)
    assert code == 1
    first, excerpt, caret, *rest = out.splitlines()
    path = newsroom / "releases" / SLUG / "record.yaml"
    column = excerpt.index("aproved") - len("   148 | ") + 1
    assert first == (
        f"{path}:{line}:{column}: violation [quote-not-found] the quote is not in the source: "
        "it says 'aproved' where the source says 'approved'"
    )
    assert caret[excerpt.index("aproved") :].strip() == "^" * len("aproved")
    assert any("nearest passage, line 10 of source.txt: 'was approved by a resolution № 32-47.327'" in r for r in rest)
    assert '       fix: write "approved"' in rest
    assert "1 violation" in err


def test_findings_in_json_have_the_keys_of_the_interface(newsroom: Path) -> None:
    edit(newsroom, "startDate: 2015-05-29", "startDate: 2015-05-28")
    code, out, _ = communique("check", SLUG, "--data", newsroom, "--format", "json")
    found = json.loads(out)
    assert (code, found["conforms"]) == (1, False)
    (finding,) = [f for f in found["findings"] if f["code"] == "not-grounded"]
    keys = {"file", "line", "column", "severity", "code", "message", "focus", "path", "value", "quote", "fix"}
    assert keys <= set(finding)
    assert (finding["value"], finding["path"], finding["severity"]) == ("2015-05-28", "startDate", "violation")
    assert finding["focus"].endswith("event/2015-05-29-special-report-presentation")


@pytest.mark.parametrize(
    ("fmt", "mark"),
    [
        ("sarif", '"version": "2.1.0"'),
        ("github", "::error file="),
        ("turtle", "sh:ValidationReport"),
    ],
)
def test_findings_are_shown_in_every_format(newsroom: Path, fmt: str, mark: str) -> None:
    edit(newsroom, "startDate: 2015-05-29", "startDate: 2015-05-28")
    code, out, _ = communique("check", "--data", newsroom, "--format", fmt)
    assert code == 1
    assert mark in out
    assert "not-grounded" in out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["check", "--data", "nowhere"], "there is no folder 'nowhere'"),
        (["check", "2015-05-29-special-report-trafickin"], f"did you mean '{SLUG}'?"),
        (["check", "--profile", "pres"], "did you mean 'press'?"),
        (["check", "--no-such-option"], "No such option"),
        (["export", "--format", "turtel"], "unknown format 'turtel', did you mean 'turtle'?"),
        (["export", "--format", "docx"], "unknown format 'docx', known: turtle, trig, "),
        (["check", "--format", "yaml"], "unknown format 'yaml', known: text, json, "),
        (["query", "speakers", "--format", "cvs"], "unknown format 'cvs', did you mean 'csv'?"),
        (["export", "--nested"], "turtle cannot be nested: only page-jsonld can be written as one tree"),
        (["export", "-o", "no/such/folder/file.ttl"], "cannot write no/such/folder/file.ttl"),
        (["query", "speaker"], "did you mean 'speakers'?"),
        (["query", "speakers", "--relase", "x"], "has no parameter 'relase'"),
        (["query", "speakers", "--release"], "--release has no value"),
        (["query", "speakers", "release"], "'release' is not a parameter"),
        (["verify", "--out", "data"], "is not a publication"),
        (["build", "--out", "data"], "holds files that are not a publication"),
        (["new", "Not A Slug", "--source", "README.md"], "cannot be the name of a release"),
        (["new", "a-slug", "--source", "no-such-file.txt"], "cannot be read"),
        (["nonsense"], "No such command"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_exit_code_2(words: list[str], sentence: str) -> None:
    code, out, err = communique(*words)
    assert (code, out) == (2, "")
    assert err.startswith("communique: ")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_new_release_passes_check(tmp_path: Path) -> None:
    source = DATA / "releases" / SLUG / "source.txt"
    data = tmp_path / "data"
    assert communique("new", "2020-01-01-first", "--source", source, "--data", data)[0] == 0
    made = data / "releases" / "2020-01-01-first"
    assert (made / "source.txt").read_bytes() == source.read_bytes()
    assert len((made / "record.yaml").read_text(encoding="utf-8").splitlines()) <= 26
    code, _, err = communique("check", "--data", data)
    assert code == 0, err
    code, _, err = communique("new", "2020-01-01-first", "--source", source, "--data", data)
    assert code == 2
    assert "exists already" in err


@pytest.mark.slow
def test_every_format_is_exported_and_all_say_the_same() -> None:
    import pyoxigraph as ox

    from communique.formats import FORMATS, TURTLE
    from tests.test_annotated import unfolded

    def triples(name: str) -> set[ox.Triple]:
        code, out, _ = communique("export", SLUG, "--format", name)
        assert code == 0
        syntax = ox.RdfFormat.from_media_type(FORMATS[name].media_type)
        assert syntax is not None
        return unfolded(ox.parse(out, format=syntax))

    turtle = triples(TURTLE.name)
    assert len(turtle) > 2000
    others = [fmt.name for fmt in FORMATS.values() if not fmt.embedded and fmt is not TURTLE]
    assert len(others) == len(FORMATS) - 2
    for name in others:
        assert triples(name) == turtle


@pytest.mark.slow
def test_less_evidence_is_less_text() -> None:
    sizes = {level: len(communique("export", SLUG, "--evidence", level)[1]) for level in ("none", "nodes", "full")}
    assert sizes["none"] < sizes["nodes"] < sizes["full"]
    assert "oa:exact" not in communique("export", SLUG, "--evidence", "none")[1]


@pytest.mark.slow
def test_questions_are_listed_and_answered() -> None:
    _, out, _ = communique("query")
    assert {"speakers", "who-said-what", "what-happened", "reports", "evidence-of-fact"} <= set(out.split())
    code, out, _ = communique("query", "speakers", "--release", SLUG, "--format", "csv")
    assert code == 0
    assert out.count("\r\n") == 8
    assert "Bermet Moldobaeva" in out
    assert (
        len(
            json.loads(communique("query", "speakers", f"--release={SLUG}", "--format", "json")[1])["results"][
                "bindings"
            ]
        )
        == 7
    )


def test_a_reader_that_has_had_enough_is_no_error() -> None:
    line = f"{sys.executable} -m communique export | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", line], cwd=ROOT, capture_output=True, check=False)
    assert done.stderr == b""
    assert done.stdout.startswith(b"@base")


def test_a_bug_is_one_line_and_its_trace_is_shown_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from communique import cli
    from communique.cli import program

    def broken(**_: object) -> int:
        raise ZeroDivisionError("no way")

    monkeypatch.setattr(program, "app", broken)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "ZeroDivisionError: no way (this is a bug" in capsys.readouterr().err
    monkeypatch.setenv("COMMUNIQUE_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main()


@pytest.mark.parametrize("module", ["communique.cli.program", "communique.cli.stores", "typer"])
def test_an_interrupt_while_the_program_is_imported_is_one_sentence(module: str) -> None:
    program = "import os, signal, sys\nclass Finder:\n    def find_spec(self, name, *more):\n"
    program += f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
    program += "sys.meta_path.insert(0, Finder())\nfrom communique.cli import main; main()"
    words = [sys.executable, "-c", program, "query", "speakers"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"communique: interrupted; nothing was changed\n")


def test_an_interrupted_command_says_that_nothing_was_changed() -> None:
    program = "import os, signal, communique.findings as f\n"
    program += "f.render_findings = lambda *words, **more: os.kill(os.getpid(), signal.SIGINT)\n"
    program += "from communique.cli import main; main()"
    words = [sys.executable, "-c", program, "check", "--format", "json"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"communique: interrupted; nothing was changed\n")

"""What is missing is said; only where a variable of ours demands everything does it fail."""

from __future__ import annotations

import ast
import os
import subprocess
import sys

import pytest

from tests import servers, strict
from tests.conftest import ROOT


def test_a_missing_program_skips_a_test_also_in_other_peoples_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setattr(strict, "STRICT", False)
    monkeypatch.setattr(servers, "program", lambda name: None)
    with pytest.raises(pytest.skip.Exception, match="apt-get install caddy"):
        servers.require("caddy")


def test_where_nothing_may_be_skipped_a_missing_program_fails_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict, "STRICT", True)
    monkeypatch.setattr(servers, "program", lambda name: None)
    with pytest.raises(pytest.fail.Exception, match="apt-get install caddy"):
        servers.require("caddy")


@pytest.mark.parametrize(("given", "strict"), [({"CI": "1"}, "False"), ({strict.VARIABLE: "1"}, "True")])
def test_only_our_own_variable_is_read(given: dict[str, str], strict: str) -> None:
    told = {k: v for k, v in os.environ.items() if k not in ("CI", "COMMUNIQUE_STRICT")} | given
    code = "import tests.strict; print(tests.strict.STRICT)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=told, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == strict


def test_no_test_asks_whether_it_runs_in_ci() -> None:
    for file in (ROOT / "tests").glob("*.py"):
        if file.name == "test_strict.py":
            continue
        words = {n.value for n in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(n, ast.Constant)}
        assert "CI" not in words, file
    assert f"{strict.VARIABLE}=1" in (ROOT / ".ci" / "run").read_text("utf-8")

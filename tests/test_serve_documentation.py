"""What is written about the server is true: settings, examples, the unit of systemd, the tests behind each threat."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from communique.serve.settings import SETTINGS
from tests.conftest import ROOT
from tests.engines import LOOPBACK
from tests.serving import copy_of, serving
from tests.strict import skip_or_fail

PAGE = (ROOT / "docs" / "serve.md").read_text(encoding="utf-8")
THREATS = (ROOT / "THREATS.md").read_text(encoding="utf-8")
UNIT = ROOT / "docs" / "serve" / "communique.service"


def test_every_setting_is_documented_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert rows == [(name, f"{one.default:,} {one.unit}", one.meaning) for name, one in SETTINGS.items()]


@pytest.mark.slow
@pytest.mark.allow_hosts(LOOPBACK)
def test_the_example_of_a_query_gives_what_is_shown(site: Path, tmp_path: Path) -> None:
    (shown,) = re.findall(r"^```console\n\$ (.*?'\n)(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    command, answer = shown
    with serving(copy_of(site, tmp_path)) as served:
        script = command.replace("http://127.0.0.1:8000", served.url)
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.replace("\r\n", "\n") == answer


def test_every_threat_points_at_tests_that_exist() -> None:
    files = {"G": "test_serve_gate.py", "S": "test_serve_sparql.py", "F": "test_serve_files.py"}
    files |= {"P": "test_serve_pool.py", "B": "test_serve_sandbox.py"}
    for letter, name in files.items():
        assert re.search(rf"`{letter}`\s+(is )?`tests/{name}`", THREATS), letter
    rows = [line for line in THREATS.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 17
    for row in rows:
        last = row.split("|")[3]
        named = re.findall(r"([A-Z]) `(\w+)`", last)
        assert named or re.search(r"\b[GBS]\b|`tests/test_\w+\.py`", last), row
        for letter, test in named:
            text = (ROOT / "tests" / files[letter]).read_text(encoding="utf-8")
            assert re.search(rf"^def test_{test}", text, re.MULTILINE), (letter, test)
        for path in re.findall(r"`(tests/test_\w+\.py)`", last):
            assert (ROOT / path).exists()


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        skip_or_fail("systemd-analyze is missing: apt-get install systemd")
    unit = tmp_path / UNIT.name
    unit.write_text(UNIT.read_text(encoding="utf-8").replace("/opt/communique/bin/communique", sys.executable))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_unit_and_container_use_options_that_exist() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "communique", "serve", "--help"], capture_output=True, text=True, check=True
    )
    container = (ROOT / "docs" / "serve" / "Containerfile").read_text(encoding="utf-8")
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", container, re.MULTILINE)
    (start,) = re.findall(r"^ExecStart=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    options = re.findall(r"--[a-z][a-z-]+", entry + start + PAGE.split("## Limits")[1])
    assert len(options) > 8 and set(options) <= set(re.findall(r"--[a-z][a-z-]+", done.stdout))

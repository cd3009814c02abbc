"""The linters of templates, scripts and style: they find nothing today, and would find what is wrong tomorrow."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from hatch_build import source_hash

from tests.conftest import ROOT
from tests.strict import skip_or_fail

TEMPLATES = "src/communique/publish/site/templates"
STATIC = "src/communique/publish/site/static"
RELOADING = "src/communique/watching/reload.js"
LINT = ROOT / "web" / "lint"


def djlint(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "djlint", "--lint", "--quiet", "--configuration", str(ROOT / "pyproject.toml")]
    return subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False, cwd=ROOT)


def test_the_templates_have_no_faults() -> None:
    done = djlint(ROOT / TEMPLATES)
    assert (done.stdout.strip(), done.returncode) == ("", 0)


IN_TEMPLATES = {
    "H025": "<p><b>x</p>",
    "H037": '<p id="a" class="b" id="c">x</p>',
    "H011": "<p id=a>x</p>",
    "H013": '<img src="x">',
    "H018": "<br/>",
    "T001": "<p>{{x}}</p>",
    "T027": '<p>{% if x == "y %}x{% endif %}</p>',
    "H053": '<p id="a">x</p><p id="a">y</p>',
}


def test_faults_in_templates_are_found(tmp_path: Path) -> None:
    for rule, fault in IN_TEMPLATES.items():
        (tmp_path / f"{rule}.html").write_text(f"{fault}\n", encoding="utf-8")
    done = djlint(tmp_path)
    found = re.findall(r"(?m)^\S*?(\w+)\.html\n─+\n(\w+) ", done.stdout)
    assert sorted(found) == sorted((rule, rule) for rule in IN_TEMPLATES) and done.returncode == 1


def biome(*paths: Path) -> subprocess.CompletedProcess[str]:
    program = LINT / "node_modules" / ".bin" / "biome"
    if not program.is_file() or shutil.which("node") is None:
        skip_or_fail("the linter of scripts is missing: apt-get install npm, then npm ci --prefix web/lint")
    command = [str(program), "lint", "--error-on-warnings", f"--config-path={LINT}", *map(str, paths)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_scripts_and_style_have_no_faults() -> None:
    done = biome(ROOT / "web" / "src", ROOT / "web" / "build.js", ROOT / STATIC, ROOT / RELOADING)
    checked = len([*(ROOT / "web" / "src").glob("*.js"), *(ROOT / STATIC).glob("*.[cj]s*")]) + 2
    assert (f"Checked {checked} files" in done.stdout + done.stderr, done.returncode) == (True, 0), done.stderr


IN_SCRIPTS = {
    "noUndeclaredVariables.js": "globalThis.x = y;",
    "noUnusedVariables.js": "const x = 1;",
    "noVar.js": "var x = 1; globalThis.y = x;",
    "noConsole.js": "console.log(1);",
    "noDuplicateObjectKeys.js": "globalThis.x = { a: 1, a: 2 };",
    "noDoubleEquals.js": "globalThis.x = location == 1;",
    "noUnknownProperty.css": "p { colour: red; }",
    "noDuplicateProperties.css": "p { color: red; color: blue; }",
}


def test_faults_in_scripts_and_style_are_found(tmp_path: Path) -> None:
    for name, fault in IN_SCRIPTS.items():
        (tmp_path / name).write_text(f"{fault}\n", encoding="utf-8")
    done = biome(tmp_path)
    found = re.findall(r"(\w+\.(?:js|css)):\d+:\d+ lint/\w+/(\w+)", done.stderr)
    assert sorted(found) == sorted((name, name.partition(".")[0]) for name in IN_SCRIPTS) and done.returncode == 1


def test_every_linter_runs_before_anything_lands_with_the_versions_that_were_tried() -> None:
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"djlint --lint --quiet {TEMPLATES}\n" in commands
    assert "npm ci --prefix web/lint" in commands and "npm run --prefix web/lint --silent lint\n" in commands
    package = json.loads((LINT / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((LINT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert package["devDependencies"] == locked[""]["devDependencies"]
    for name, version in package["devDependencies"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version) and locked[f"node_modules/{name}"]["version"] == version
    assert all("sha512-" in entry["integrity"] for name, entry in locked.items() if name)
    linted = set(package["scripts"]["lint"].split())
    assert {"web/src", "web/build.js", STATIC, RELOADING} <= linted
    scripts = {str(path.relative_to(ROOT)) for path in (ROOT / "src").rglob("*.js") if "vendor" not in path.parts}
    assert {path for path in scripts if path not in linted and str(Path(path).parent) not in linted} == set()


def test_what_only_lints_is_no_part_of_what_programs_for_browsers_are_built_from(tmp_path: Path) -> None:
    for name in (".npmrc", "build.js", "package.json", "package-lock.json"):
        shutil.copyfile(ROOT / "web" / name, tmp_path / name)
    shutil.copytree(ROOT / "web" / "src", tmp_path / "src")
    assert source_hash(tmp_path) == source_hash(ROOT / "web")

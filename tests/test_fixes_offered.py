"""What a finding offers to write ends it and brings no other: a fix that can be pasted never misleads."""

from __future__ import annotations

import copy
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from communique.findings import Finding
from tests.test_cases import CASES as FOLDERS
from tests.test_cases import run
from tests.test_sisters import CASES, Case, findings

Node = dict[str, Any]
FIGURE = re.compile(r"write (what|unit|comparison): (.+?)(?:; or, if .*)?$")
LEAVE = re.compile(r"leave the (unit|comparison) out")
ROLE = re.compile(r"write (role: \{[^…]*\})$")


def nodes_of(case: Case, nodes: list[Node]) -> list[Node]:
    """All nodes of a false record but the release."""
    merged: dict[str, Node] = {node["id"]: dict(node) for node in case["all"]}
    for node in nodes:
        merged[node["id"]] = {**merged.get(node["id"], {}), **node}
    return list(merged.values())


def entries(nodes: list[Node], key: str) -> list[Node]:
    """The entries of a short form in some nodes."""
    held = (node.get(key, []) for node in nodes)
    return [one for some in held for one in (some if isinstance(some, list) else [some]) if isinstance(one, dict)]


def written_as_offered(nodes: list[Node], finding: Finding) -> list[Node] | None:
    """The nodes with what a finding offers; None if it offers nothing that can be pasted, or not where to."""
    fix, changed = finding.fix or "", copy.deepcopy(nodes)
    figures = entries(changed, "figures")
    write, leave, role = FIGURE.match(fix), LEAVE.match(fix), ROLE.search(fix)
    if (write or leave) and len(figures) == 1:
        if write:
            figures[0][write[1]] = yaml.safe_load(write[2])
        elif leave and figures[0].pop(leave[1], None) is None:
            return None
        return changed
    if fix.endswith("write former: true"):
        roles = entries(changed, "role")
        own = [one for one in roles if one.get("title") == finding.value] or roles
        if len(own) == 1:
            own[0]["former"] = "true"
            return changed
    for node in changed:
        if role and node.pop("jobTitle", None) is not None:
            node.update(yaml.load(role[1], Loader=yaml.BaseLoader))
            return changed
        if fix.startswith("write planned: true") and str(finding.focus).endswith(node["id"]):
            node["planned"] = "true"
            return changed
    return None


def told(found: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.message) for finding in found}


def offers(case: Case) -> Iterator[tuple[Finding, set[tuple[str, str]], list[Node]]]:
    """Each finding on a false record, all that was found on it, and the record written as the finding offers."""
    for nodes in case["false"]:
        whole = nodes_of(case, nodes)
        found = findings({**case, "all": []}, whole)
        for finding in found:
            changed = written_as_offered(whole, finding)
            if changed is not None:
                yield finding, told(found), changed


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["outcome"])
def test_what_is_offered_for_a_false_record_ends_the_finding_and_brings_no_other(case: Case) -> None:
    for finding, before, changed in offers(case):
        after = told(findings({**case, "all": []}, changed))
        assert after <= before - told([finding]), finding.fix


# ---- records of the folders of cases


def pasted(text: str, finding: Finding) -> str | None:
    """The text of a record with what a finding offers; None if it offers nothing that can be pasted."""
    fix, lines = finding.fix or "", text.splitlines(keepends=True)
    quoted = re.fullmatch(r'(?:quote more words, such as|write) (".+")', fix)
    if quoted and finding.quote and text.count(finding.quote) == 1:
        words, said = yaml.safe_load(quoted[1]), re.search(r"it says '(.+?)' where", finding.message)
        right = finding.quote.replace(said[1], words) if said else words
        return text.replace(finding.quote, right)
    at = finding.line - 1
    if not 0 <= at < len(lines):
        return None
    written = re.fullmatch(r"(?:the text [^:]*: )?write (\w+): ([^…]+?)(?:, or .*| if .*)?", fix)
    if written:
        key, value = written[1], written[2]
        bare = f"{key}: {yaml.safe_load(value)}"
        whole = bare if bare in lines[at] and bare != f"{key}: {value}" else re.escape(key) + r": *[^,}\n]+"
        pattern = re.escape(whole) if whole == bare else whole
        lines[at] = re.sub(pattern, lambda _: f"{key}: {value}", lines[at], count=1)
        return "".join(lines)
    meant = re.fullmatch(r"did you mean (\S+)\?", fix) or re.fullmatch(r"schema\.org has it: write (\S+)", fix)
    wrong = str(finding.value or finding.path or "")
    if meant and lines[at].count(wrong) == 1:
        lines[at] = lines[at].replace(wrong, meant[1])
        return "".join(lines)
    return None


def found_in(folder: Path, into: Path) -> list[Finding]:
    return run(folder, into)[2]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_is_offered_for_a_faulty_file_ends_the_finding(folder: Path, tmp_path: Path) -> None:
    record = folder / "record.yaml"
    if not record.exists():
        return
    text = record.read_bytes().decode("utf-8", "replace")
    found = found_in(folder, tmp_path / "before")
    for k, finding in enumerate(found):
        changed = pasted(text, finding) if finding.file.endswith("record.yaml") else None
        if changed is None or changed == text:
            continue
        copied = shutil.copytree(folder, tmp_path / str(k))
        (copied / "record.yaml").write_text(changed, encoding="utf-8")
        after = told(found_in(copied, tmp_path / f"after{k}"))
        assert told([finding]).isdisjoint(after), (finding.message, finding.fix)


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("quote-with-a-plain-space", "said\\u00a0that"),
        ("quote-with-straight-quotation-marks", "“The bridge is safe,” said Ms. Examplova"),
        ("quote-with-a-wrong-year", "2031"),
        ("quote-that-stands-twice", "the Example Ministry of Samples in"),
        ("value-cut-by-a-comma", "Sample, University"),
        ("yaml-colon-in-text", "contact: Ms. Ada Examplova"),
    ],
)
def test_what_can_be_pasted_is_offered_between_quotation_marks(name: str, fix: str, tmp_path: Path) -> None:
    folder = next(one for one in FOLDERS if one.name == name)
    text = (folder / "record.yaml").read_text(encoding="utf-8")
    offered = [one for one in found_in(folder, tmp_path) if pasted(text, one) not in (None, text)]
    assert any(fix in (one.fix or "") for one in offered), [one.fix for one in offered]

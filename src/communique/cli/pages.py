"""The check of HTML pages, for ``check --pages``."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import typer

from communique.cli.program import program_version, progress, say, write
from communique.errors import CommuniqueError
from communique.findings import FORMATS as FINDINGS

if TYPE_CHECKING:
    from communique.findings import Finding

_SEARCH: Final = "google"
"""The profile of what search engines ask of a page (``shapes/profiles/google.ttl``)."""


def check_pages(paths: list[Path], fmt: str, *, profiles: list[str] | None, quiet: bool) -> NoReturn:
    """Check pages, print their findings, and end the command with its exit code; no newsroom is read.

    What search engines ask for is always told, so the profile that says the same may be named and changes nothing.
    Raises `CommuniqueError` if there is nothing to check, or if another profile is given: those are for releases.
    """
    from communique.findings import conforms, render_findings
    from communique.webpage.check import check_pages as run
    from communique.webpage.check import find_pages

    for profile in profiles or ():
        if profile != _SEARCH:
            raise CommuniqueError(f"the profile {profile!r} is for releases; pages are checked with {_SEARCH!r} alone")
    files = find_pages(paths)
    findings: list[Finding] = []
    scripts = nodes = 0
    for page in progress(run(files), "pages", total=len(files), quiet=quiet):
        findings += page.findings
        scripts += page.scripts
        nodes += page.nodes
        if FINDINGS[fmt].as_they_come and page.findings:
            write(render_findings(page.findings, fmt) + "\n")
    if FINDINGS[fmt].as_they_come:
        say(_sentence(len(files), scripts, nodes, findings), quiet)
    else:
        write(render_findings(findings, fmt, version=program_version()))
    raise typer.Exit(0 if conforms(findings) else 1)


def _sentence(pages: int, scripts: int, nodes: int, findings: list[Finding]) -> str:
    """One sentence with the numbers of what was checked and of the findings.

    >>> _sentence(2, 1, 30, [])
    '2 pages, 1 script, 30 nodes: nothing wrong'
    """
    kinds = Counter(finding.severity for finding in findings)
    counts = {"violation": kinds["violation"], "warning": kinds["warning"]}
    problems = [_count(number, kind) for kind, number in counts.items() if number]
    problems += [f"{kinds['info']:,} info"] if kinds["info"] else []
    numbers = {"page": pages, "script": scripts, "node": nodes}
    checked = ", ".join(_count(number, noun) for noun, number in numbers.items())
    return f"{checked}: {', '.join(problems) or 'nothing wrong'}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"

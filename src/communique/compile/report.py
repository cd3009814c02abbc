"""Reporting faults of a document while it is compiled; places are looked up only for findings that are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypedDict, Unpack

from communique.findings import Finding, Findings, Position, Severity
from communique.read.position import Pointer


@dataclass(frozen=True, slots=True)
class Explanation:
    """Details of a fault that take long to compute; they replace what was reported, except where they are None.

    ``word`` is the word at fault, whose place is shown; ``why`` are notes.
    """

    message: str | None = None
    word: str | None = None
    value: str | None = None
    quote: str | None = None
    fix: str | None = None
    why: tuple[str, ...] = ()


class ReportDetails(TypedDict, total=False):
    """What a report can say in addition to code, message and place; ``key``: it is about the key, not the value.

    ``fix`` may be a function that returns it. It and ``explain`` are called only for findings that are shown.
    """

    key: bool
    severity: Severity
    focus: str
    path: str
    value: str | None
    quote: str
    fix: str | Callable[[], str | None]
    explain: Callable[[], Explanation]


class Report(Protocol):
    """Takes findings about a document: code, message, place in the document and `ReportDetails`."""

    def __call__(self, code: str, message: str, pointer: Pointer, **more: Unpack[ReportDetails]) -> None:
        """Take one finding."""


class Locate(Protocol):
    """Finds the place of a value in a document, of its ``key``, or of a ``word`` in it."""

    def __call__(self, pointer: Pointer, *, key: bool = False, word: str | None = None) -> Position:
        """Line, column and length."""


def report_to(findings: Findings, file: str | Path, locate: Locate) -> Report:
    """A `Report` about a file that adds to ``findings``; ``locate`` finds places in the file."""

    def report(code: str, message: str, pointer: Pointer, **more: Unpack[ReportDetails]) -> None:
        def finding() -> Finding:
            details = more["explain"]() if "explain" in more else Explanation()
            fix = more.get("fix")
            return Finding.at(
                file,
                locate(pointer, key=more.get("key", False), word=details.word),
                code,
                details.message or message,
                severity=severity,
                focus=more.get("focus"),
                path=more.get("path"),
                value=details.value or more.get("value"),
                quote=details.quote or more.get("quote"),
                fix=details.fix or (fix() if callable(fix) else fix),
                why=details.why,
            )

        severity = more.get("severity", "violation")
        findings.add_lazily(severity, finding)

    return report

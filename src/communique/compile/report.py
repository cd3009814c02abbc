"""How what is wrong with a document is reported while it is compiled: its place is looked for only if it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypedDict, Unpack

from communique.findings import Finding, Findings, Position, Severity
from communique.read.position import Pointer


@dataclass(frozen=True, slots=True)
class Explanation:
    """What takes long to find out about a fault; what is None stays as it was reported. ``word`` is the word at fault.

    ``message`` and ``fix`` take the place of those reported.
    """

    message: str | None = None
    word: str | None = None
    value: str | None = None
    quote: str | None = None
    fix: str | None = None
    why: tuple[str, ...] = ()


class ReportDetails(TypedDict, total=False):
    """What a report can say beside code, message and place; ``key``: it is about the key, not about the value.

    ``fix`` may be a function that gives it. It and ``explain`` are called only for a finding that is shown.
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
    """Takes what is wrong: code, message, where in the document, and `ReportDetails`."""

    def __call__(self, code: str, message: str, pointer: Pointer, **more: Unpack[ReportDetails]) -> None:
        """Take one finding."""


class Locate(Protocol):
    """Gives the place of a value of a document, of its ``key``, or of a ``word`` in it."""

    def __call__(self, pointer: Pointer, *, key: bool = False, word: str | None = None) -> Position:
        """Line, column and length."""


def report_to(findings: Findings, file: str | Path, locate: Locate) -> Report:
    """A report that adds to ``findings`` what is wrong with a file whose places ``locate`` gives."""

    def report(code: str, message: str, pointer: Pointer, **more: Unpack[ReportDetails]) -> None:
        def made() -> Finding:
            why = more["explain"]() if "explain" in more else Explanation()
            fix = more.get("fix")
            return Finding.at(
                file,
                locate(pointer, key=more.get("key", False), word=why.word),
                code,
                why.message or message,
                severity=severity,
                focus=more.get("focus"),
                path=more.get("path"),
                value=why.value or more.get("value"),
                quote=why.quote or more.get("quote"),
                fix=why.fix or (fix() if callable(fix) else fix),
                why=why.why,
            )

        severity = more.get("severity", "violation")
        findings.add_made(severity, made)

    return report

"""What is wrong with the data: file, line, the words at fault, what to do; and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["violation", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = ("violation", "warning", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with the data.

    ``line`` and ``column`` count from 1, columns in Unicode code points; both are 0 where a finding concerns a whole
    file. ``focus`` is the IRI of the node, ``path`` the key or the IRI of the property, ``value`` the value at fault,
    ``quote`` the words of the evidence, ``fix`` what the author can do. ``length`` is the number of code points of that
    line that are at fault; ``why`` are further lines for a person (the nearest passages, all the places).
    """

    file: str
    line: int = 0
    column: int = 0
    severity: Severity = "violation"
    code: str
    message: str
    focus: str | None = None
    path: str | None = None
    value: str | None = None
    quote: str | None = None
    fix: str | None = None
    length: int = 1
    why: tuple[str, ...] = ()


def conforms(findings: Iterable[Finding]) -> bool:
    """Whether no finding is a violation."""
    return all(f.severity != "violation" for f in findings)

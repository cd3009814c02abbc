"""Findings: what is wrong with the data, where, and what to do about it; and the formats in which they are shown."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypedDict, Unpack
from urllib.parse import quote

from communique.codes import CODES
from communique.errors import CommuniqueError, hint
from communique.terms import TYPE, XSD
from communique.visible import visible, visible_line

Severity = Literal["violation", "warning", "info"]
SEVERITIES: Final[tuple[Severity, ...]] = ("violation", "warning", "info")
MAX_TEXT: Final = 1_000
"""The most code points of a message, a value or a quote that are shown; of a longer one, its beginning and end."""
MAX_SHOWN: Final = 100
"""The most findings of one severity that are shown for one release, or for the registry; the others are counted."""


class Position(NamedTuple):
    """A place in a file: line and column, counted from 1, and how many code points of that line are at fault.

    Columns count code points. A column of 0 means the whole line, a line of 0 the whole file.
    """

    line: int
    column: int = 0
    length: int = 1


NOWHERE: Final = Position(0)
"""The place of a finding that concerns a whole file."""


class FindingDetails(TypedDict, total=False):
    """What a `Finding` may have besides its place, its code and its message."""

    severity: Severity
    focus: str | None
    path: str | None
    value: str | None
    quote: str | None
    fix: str | None
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with the data.

    ``line`` and ``column`` count from 1, columns in Unicode code points; both are 0 where a finding concerns a whole
    file. ``length`` is how many code points of that line are at fault. ``focus`` is the IRI of the node, ``path`` the
    key or the IRI of the property, ``value`` the value at fault, ``quote`` the words of the evidence, ``fix`` what the
    author can do. ``why`` are further lines for a person, such as the nearest passages or all places of a quote. Texts
    longer than `MAX_TEXT` are shortened, so that findings never take more memory than the text they are about.
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

    @classmethod
    def at(cls, file: str | Path, place: Position, code: str, message: str, **more: Unpack[FindingDetails]) -> Finding:
        """A finding at a place in a file.

        >>> Finding.at("record.yaml", Position(3, 5, 4), "empty-value", "name has no value", path="name").column
        5
        """
        line, column, length = place
        return cls(file=str(file), line=line, column=column, length=length, code=code, message=message, **more)

    @classmethod
    def of_file(cls, file: str | Path, code: str, message: str, **more: Unpack[FindingDetails]) -> Finding:
        """A finding that concerns a whole file."""
        return cls.at(file, NOWHERE, code, message, **more)

    @classmethod
    def of_fields(cls, fields: Mapping[str, Any]) -> Finding:
        """The finding with these fields, as `dataclasses.asdict` and JSON give them."""
        return cls(**{**fields, "why": tuple(fields["why"])})

    def __post_init__(self) -> None:
        """Refuse a code that is in no table, and shorten long texts."""
        if self.code not in CODES and not self.code.startswith("shape:"):
            raise ValueError(f"{self.code!r} is not in communique.codes")
        for name in _TEXTS:
            text = getattr(self, name)
            if text is not None and len(text) > MAX_TEXT:
                object.__setattr__(self, name, shortened(text))
        if any(len(text) > MAX_TEXT for text in self.why):
            object.__setattr__(self, "why", tuple(map(shortened, self.why)))


_TEXTS: Final = ("message", "path", "value", "quote", "fix")


def shortened(text: str, most: int = MAX_TEXT) -> str:
    """A text, cut to at most ``most`` code points: its beginning and end, and between them how much is left out.

    >>> shortened("a" * 50 + "b" * 50, 60)
    'aaaaaaaaaa [… 80 characters left out …] bbbbbbbbbb'
    """
    if len(text) <= most:
        return text
    side = (most - 40) // 2  # 40: room for the words between
    return f"{text[:side]} [… {len(text) - 2 * side:,} characters left out …] {text[len(text) - side :]}"


def order(finding: Finding) -> tuple[str, int, int, str, str, str]:
    """The sort key of findings: by place, then by what they say; the count of those not shown comes last."""
    line = sys.maxsize if finding.code == "more-findings" else finding.line
    return finding.file, line, finding.column, finding.code, finding.focus or "", finding.message


class Findings:
    """The findings about one release: the first hundred of each severity, and the number of the others.

    ``file`` is the file to which that number is attributed. A finding that is itself such a number is added to it.

    >>> found = Findings("record.yaml")
    >>> for line in range(1, 204):
    ...     found.add(Finding(file="record.yaml", line=line, code="empty-value", message="name has no value"))
    >>> len(found.all()), found.all()[-1].message
    (101, '103 more findings of severity violation are not shown')
    """

    def __init__(self, file: str, found: Iterable[Finding] = ()) -> None:
        self.file = file
        self._shown: list[Finding] = []
        self._counts: Counter[Severity] = Counter()
        self._more: Counter[Severity] = Counter()
        for finding in found:
            self.add(finding)

    def add(self, finding: Finding) -> None:
        """Add one finding."""
        if finding.code == "more-findings":
            self._more[finding.severity] += int(finding.value or 0)
        elif finding.code == "too-much-work":  # always shown: the rest of the release was not checked
            self._shown.append(finding)
        else:
            self.add_lazily(finding.severity, lambda: finding)

    def add_lazily(self, severity: Severity, make: Callable[[], Finding]) -> None:
        """Add a finding of that severity; ``make`` is called only if it is shown, because locating it takes time."""
        if self._counts[severity] < MAX_SHOWN:
            self._shown.append(make())
            self._counts[severity] += 1
        else:
            self._more[severity] += 1

    def all(self) -> tuple[Finding, ...]:
        """The findings shown, in the order in which they were added, then the numbers of the others."""
        return (*self._shown, *self._numbers_of_others())

    def _numbers_of_others(self) -> Iterator[Finding]:
        for severity in SEVERITIES:
            more = self._more[severity]
            if more:
                yield Finding(
                    file=self.file,
                    severity=severity,
                    code="more-findings",
                    message=f"{_more_findings(more)} of severity {severity} {'are' if more > 1 else 'is'} not shown",
                    value=str(more),
                    fix="mend those shown, then check again",
                )


def _more_findings(number: int) -> str:
    return f"{number:,} more finding{'s' if number > 1 else ''}"


def conforms(findings: Iterable[Finding]) -> bool:
    """Whether no finding is a violation."""
    return all(f.severity != "violation" for f in findings)


# ---- how findings are shown


def render_findings(findings: Iterable[Finding], fmt: str, *, version: str = "") -> str:
    """The findings in one of `FORMATS`; ``version`` is that of the program, for formats that name it.

    Raises `CommuniqueError` for another format.
    """
    if fmt not in FORMATS:
        raise CommuniqueError(f"unknown format {fmt!r}, {hint(fmt, FORMATS)}")
    return FORMATS[fmt].render([_writable(f) for f in findings], version)


def _writable(finding: Finding) -> Finding:
    """The finding with a file name that can be written as UTF-8 (a name on disk may be any bytes)."""
    return replace(finding, file=finding.file.encode("utf-8", "backslashreplace").decode())


def _lines(file: str) -> list[str]:
    """The lines of a file; no lines if it cannot be read."""
    try:
        text = Path(file).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.lstrip("\ufeff").split("\n")


def _excerpt(finding: Finding, lines_of: Callable[[str], list[str]]) -> list[str]:
    """The line at fault, with carets below the words at fault; nothing for an archive or a file that cannot be read."""
    if finding.line < 1 or Path(finding.file).suffix not in (".yaml", ".txt", ".json", ".html"):
        return []
    lines = lines_of(finding.file)
    if not lines:
        return []
    line = lines[finding.line - 1].replace("\t", " ") if finding.line <= len(lines) else ""
    begin = max(finding.column - 1 - 60, 0)  # a long line is shown around the fault
    shown, lead = line[begin : begin + 110], "… " if begin else ""
    caret = min(finding.length, max(len(shown) - (finding.column - 1 - begin), 1))
    number = f"{finding.line:>6}"
    before = finding.column - 1 - begin
    margin, width = (len(visible_line(part)) for part in (lead + shown[:before], shown[before : before + caret]))
    mark = " " * margin + "^" * max(width, 1)
    return [f"{number} | {lead}{shown}", f"{'':>6} | {mark}"] if finding.column else [f"{number} | {lead}{shown}"]


def _render_text(findings: list[Finding], _version: str) -> str:
    lines_of = lru_cache(maxsize=1)(_lines)  # findings are grouped by file, so each file is read once
    return "\n".join(_text_of(f, lines_of) for f in findings)


def _text_of(finding: Finding, lines_of: Callable[[str], list[str]]) -> str:
    place = finding.file + (f":{finding.line}:{finding.column}" if finding.line else "")
    lines = [f"{place}: {finding.severity} [{finding.code}] {finding.message}", *_excerpt(finding, lines_of)]
    lines += [f"       = {why}" for why in finding.why]
    lines += [f"       fix: {finding.fix}"] if finding.fix else []
    return "\n".join(map(visible_line, lines)) + "\n"


_JSON_KEYS: Final = ["file", "line", "column", "severity", "code", "message", "focus", "path", "value", "quote", "fix"]


def _render_json(findings: list[Finding], _version: str) -> str:
    rows = [{key: getattr(f, key) for key in _JSON_KEYS} | {"notes": list(f.why)} for f in findings]
    return json.dumps({"conforms": conforms(findings), "findings": rows}, ensure_ascii=False, indent=1) + "\n"


_SARIF_LEVELS: Final = {"violation": "error", "warning": "warning", "info": "note"}


def _render_sarif(findings: list[Finding], version: str) -> str:
    """SARIF 2.1.0 (OASIS), one run; columns count code points."""
    results = [
        {
            "ruleId": f.code,
            "level": _SARIF_LEVELS[f.severity],
            "message": {"text": " ".join(filter(None, (f.message, *f.why, f.fix and f"Fix: {f.fix}")))},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": quote(f.file.replace("\\", "/"))},
                        "region": {"startLine": max(f.line, 1), "startColumn": max(f.column, 1)},
                    }
                }
            ],
        }
        for f in findings
    ]
    rules = [
        {"id": c, "shortDescription": {"text": CODES.get(c, "a rule of the shapes")}}
        for c in sorted({f.code for f in findings})
    ]
    driver = {"name": "communique", "version": version, "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


_GITHUB_COMMANDS: Final = {"violation": "error", "warning": "warning", "info": "notice"}


def _render_github(findings: list[Finding], _version: str) -> str:
    return "".join(map(_github_command, findings))


def _github_command(finding: Finding) -> str:
    """A workflow command of GitHub Actions, with data and properties escaped as GitHub's toolkit does it."""

    def data(text: str) -> str:
        return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def value(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    where = f"file={value(finding.file)}" + (f",line={finding.line},col={finding.column}" if finding.line else "")
    words = "\n".join(filter(None, (finding.message, *finding.why, finding.fix and f"fix: {finding.fix}")))
    command = _GITHUB_COMMANDS[finding.severity]
    return f"::{command} {where},title={value(finding.code)}::{data(words)}\n"


_PROPERTY: Final = re.compile(r"https?://[\w.-]+/[\w./-]*#?[\w.-]*")


def _render_turtle(findings: list[Finding], _version: str) -> str:
    """A sh:ValidationReport (SHACL, section 3.6); the source shape of a finding that no shape made is its code."""
    from pyoxigraph import Literal as Term  # heavy: only this format needs it
    from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

    sh, codes = "http://www.w3.org/ns/shacl#", "https://w3id.org/communique/shapes#"
    a, report = NamedNode(TYPE), NamedNode("urn:communique:report")
    boolean = NamedNode(XSD + "boolean")
    triples = [
        Triple(report, a, NamedNode(sh + "ValidationReport")),
        Triple(report, NamedNode(sh + "conforms"), Term(str(not findings).lower(), datatype=boolean)),
    ]
    for number, f in enumerate(findings, start=1):
        node = NamedNode(f"urn:communique:report:{number}")
        severity = NamedNode(sh + f.severity.capitalize())
        triples += [Triple(report, NamedNode(sh + "result"), node), Triple(node, a, NamedNode(sh + "ValidationResult"))]
        triples += [Triple(node, NamedNode(sh + "resultSeverity"), severity)]
        triples += [Triple(node, NamedNode(sh + "focusNode"), NamedNode(f.focus or Path(f.file).absolute().as_uri()))]
        triples += [Triple(node, NamedNode(sh + "sourceShape"), NamedNode(codes + f.code.removeprefix("shape:")))]
        triples += [Triple(node, NamedNode(sh + "resultMessage"), Term(f"{f.message} ({f.file}:{f.line})"))]
        if f.path and _PROPERTY.fullmatch(f.path):  # else it is the key of a record
            triples += [Triple(node, NamedNode(sh + "resultPath"), NamedNode(f.path))]
        if f.value:
            triples += [Triple(node, NamedNode(sh + "value"), Term(f.value))]
    prefixes = {"sh": sh, "xsd": XSD}
    return (serialize(triples, format=RdfFormat.TURTLE, prefixes=prefixes) or b"").decode().replace(" .\n", " .\n\n")


@dataclass(frozen=True, slots=True)
class FindingsFormat:
    """A format in which findings are shown; ``render`` takes the findings and the version of the program.

    ``as_they_come``: the findings of each release may be shown as soon as it is checked; in other formats all findings
    are one document.
    """

    name: str
    render: Callable[[list[Finding], str], str]
    as_they_come: bool = False


FORMATS: Final[dict[str, FindingsFormat]] = {
    f.name: f
    for f in (
        FindingsFormat("text", _render_text, as_they_come=True),
        FindingsFormat("json", _render_json),
        FindingsFormat("sarif", _render_sarif),
        FindingsFormat("github", _render_github),
        FindingsFormat("turtle", _render_turtle),
    )
}
"""The formats of findings by name; the first one, text for a person, is the default.

``json`` is ``{"conforms": …, "findings": [{file, line, column, …}]}``, ``sarif`` is SARIF 2.1.0, ``github`` is workflow
commands of GitHub Actions, ``turtle`` is a SHACL report.
"""

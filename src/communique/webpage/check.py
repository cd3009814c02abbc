"""Findings about the JSON-LD in HTML pages, whoever wrote them; nothing is fetched from the network."""

from __future__ import annotations

import bisect
import codecs
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Final, NoReturn

from pyoxigraph import NamedNode

from communique.errors import CommuniqueError
from communique.findings import Finding, Position, Severity
from communique.webpage.context import Oddity
from communique.webpage.embed import PRESCAN, codec_named, declared_encoding, is_jsonld
from communique.webpage.graph import PageGraph
from communique.webpage.html import MAX_PAGE_BYTES, HtmlToken, read_tokens
from communique.webpage.jsontext import JsonError, JsonSpan, read_json
from communique.webpage.links import check_links
from communique.webpage.rules import Fault, check_nodes

MAX_FINDINGS: Final = 500
"""The most findings shown for one page."""

PAGE_SUFFIXES: Final = (".html", ".htm", ".xhtml", ".xht", ".shtml")
"""File name suffixes of pages, in lower case."""

_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_BYTE_ORDER_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LONGEST: Final = 400
"""The most characters of a page's text that a finding repeats."""


@dataclass(frozen=True, slots=True)
class CheckedPage:
    """The outcome for one page: how many JSON-LD scripts it has and nodes they describe, and its findings in order."""

    file: str
    scripts: int
    nodes: int
    findings: tuple[Finding, ...]


def find_pages(paths: Iterable[Path]) -> list[Path]:
    """The files to check: those given, and every page in the folders given (`PAGE_SUFFIXES`, in upper or lower case).

    Symbolic links to folders are not followed. Raises `CommuniqueError` if a path does not exist, a folder holds no
    page, or a folder cannot be read.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            walk = os.walk(path, onerror=_refuse_unreadable_folder)
            inside = [Path(here, name) for here, _, names in walk for name in names if _is_page(name)]
            if not inside:
                kinds = ", ".join(f"*{suffix}" for suffix in PAGE_SUFFIXES)
                raise CommuniqueError(f"there is no page ({kinds}) in {path}: build the site first, or name its folder")
            found.update(dict.fromkeys(sorted(inside)))
        elif path.exists():
            found[path] = None
        else:
            raise CommuniqueError(f"there is no file or folder {path}")
    return list(found)


def _is_page(name: str) -> bool:
    return name.lower().endswith(PAGE_SUFFIXES)


def _refuse_unreadable_folder(error: OSError) -> NoReturn:
    raise CommuniqueError(f"the folder {error.filename} cannot be read: {error.strerror or error}") from error


def check_pages(paths: Iterable[Path]) -> Iterator[CheckedPage]:
    """The outcome for each page, checked one after the other."""
    return (check_file(path) for path in paths)


def check_file(path: Path) -> CheckedPage:
    """The outcome for the page in a file; a file larger than `MAX_PAGE_BYTES` is not read to its end."""
    try:
        if not path.is_file():
            return CheckedPage(str(path), 0, 0, (Finding.of_file(path, "unreadable-file", "this is not a file"),))
        with path.open("rb") as file:
            return check_page(str(path), file.read(MAX_PAGE_BYTES + 1))
    except OSError as error:
        message = f"the page cannot be read: {error.strerror or error}"
        return CheckedPage(str(path), 0, 0, (Finding.of_file(path, "unreadable-file", message),))


def check_page(file: str, page: bytes) -> CheckedPage:
    """The outcome for a page given as bytes; ``file`` is the file name in its findings."""
    if len(page) > MAX_PAGE_BYTES:
        message = f"the page is too large: at most {MAX_PAGE_BYTES >> 20} MiB are read"
        return CheckedPage(file, 0, 0, (Finding.of_file(file, "page-limit", message, fix="split it"),))
    text, faults = _decode(page)
    survey = _Survey(text)
    for token in read_tokens(text):
        survey.add(token)
    graph = PageGraph(survey.address)
    in_scripts = list(chain.from_iterable(_read_script(survey, script, graph) for script in survey.scripts))
    in_syntax = [_fault_of(oddity) for oddity in graph.oddities]
    all_faults = chain(faults, survey.faults, in_scripts, in_syntax, check_links(graph), check_nodes(graph))
    shown = list(islice(all_faults, MAX_FINDINGS))
    more = next(all_faults, None) is not None
    lines = _Lines(text)
    findings = [lines.finding(file, fault) for fault in sorted(shown, key=lambda fault: fault.span)]
    if more:
        message = f"the page has more than the {MAX_FINDINGS} findings shown"
        findings.append(Finding.of_file(file, "page-limit", message, severity="warning", fix="mend these first"))
    return CheckedPage(file, len(survey.scripts), len(graph.nodes), tuple(findings))


# ---- the text of a page


def _decode(page: bytes) -> tuple[str, list[Fault]]:
    """The text of a page, with U+FFFD for bytes that are invalid in its encoding, and the faults of the encoding."""
    mark, codec = next(((m, c) for m, c in _BYTE_ORDER_MARKS if page.startswith(m)), (b"", ""))
    body = page[len(mark) :]
    label = "" if codec else declared_encoding(page[:PRESCAN].decode("latin-1"))
    codec = codec or codec_named(label) or "utf-8"
    faults: list[Fault] = []
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        text = body.decode(codec, "replace")
        at = len(body[: error.start].decode(codec, "replace"))
        message = f"the page is not valid {label if codec_named(label) else codec}"
        fix = "save it in the encoding that it declares, preferably UTF-8"
        faults.append(Fault("page-encoding", JsonSpan(at, at + 1), "warning", message, fix))
    if "\0" in text:
        at = text.index("\0")
        message = "the page contains a NUL: it is not HTML, or it is UTF-16 without a byte order mark"
        faults.append(Fault("page-encoding", JsonSpan(at, at + 1), "violation", message, "save it as UTF-8"))
    return text, faults


@dataclass(slots=True)
class _Survey:
    """What the check needs to know of a page: its address, where its JSON-LD is, and faults in the HTML around it."""

    text: str
    address: str = ""
    scripts: list[JsonSpan] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _script: HtmlToken | None = None
    _ended: bool = False

    def add(self, token: HtmlToken) -> None:
        """Record the next token of the page."""
        if token.kind == "start":
            self._script = token if token.name == "script" and is_jsonld(token) else None
            self.address = self.address or _address(token)
            if self._script and token.inside:
                self._fault(
                    "jsonld-hidden", token, "warning", f"readers miss JSON-LD inside {token.inside}", "move it out"
                )
        elif token.kind == "raw" and self._script is not None:
            self.scripts.append(JsonSpan(token.start, token.end))
            if self._ended:
                message = "the script is after </html>, where readers miss it"
                self._fault("jsonld-after-html", self._script, "violation", message, "move it before </body>")
        elif token.kind == "end" and token.name == "html" and not token.inside:
            self._ended = True
        elif token.kind == "open":
            self._open(token)

    def _open(self, token: HtmlToken) -> None:
        if token.name == "nesting":
            message = "svg, math or templates are nested so deep that the page is not read further"
            self._fault("page-limit", token, "violation", message, "take the drawing out of the page")
        else:
            lost = token.name == "script" and self._script is not None
            message = f"the {token.name} that begins here is not closed, so readers miss what follows"
            self._fault("page-unclosed", token, "violation" if lost else "warning", message, "close it")

    def _fault(self, code: str, token: HtmlToken, severity: Severity, message: str, fix: str) -> None:
        self.faults.append(Fault(code, JsonSpan(token.start, token.end), severity, message, fix))


def _address(token: HtmlToken) -> str:
    """The absolute address of the page that a tag gives: base, a canonical link, or og:url; "" if it gives none."""
    attributes = token.attributes
    address = {
        "base": attributes.get("href", ""),
        "link": attributes.get("href", "") if "canonical" in attributes.get("rel", "").lower().split() else "",
        "meta": attributes.get("content", "") if attributes.get("property") == "og:url" else "",
    }.get(token.name, "")
    return address.strip() if re.match(r"\s*https?://[^/\s]", address, re.IGNORECASE) else ""


def _read_script(survey: _Survey, script: JsonSpan, graph: PageGraph) -> Iterator[Fault]:
    """Add the JSON-LD of a script to the graph, and yield the faults of its JSON."""
    try:
        json = read_json(survey.text, script.start, script.end)
    except JsonError as wrong:
        code, message = ("page-limit", str(wrong)) if wrong.limit else ("jsonld-syntax", f"this is no JSON: {wrong}")
        yield Fault(code, wrong.span, "violation", message, wrong.fix)
        return
    for key, span in json.repeated:
        message = f"the key {key[:60]!r} occurs twice in one object; only the last one counts"
        yield Fault("duplicate-key", span, "warning", message, "put both values into one list")
    for span in json.halves:
        message = "the text holds half of a character (a surrogate such as \\ud800), which readers refuse or drop"
        yield Fault("jsonld-syntax", span, "warning", message, "write the character itself, or both halves")
    graph.add(json.value)


def _fault_of(oddity: Oddity) -> Fault:
    return Fault(oddity.code, oddity.span, "violation" if oddity.grave else "warning", oddity.message, oddity.fix)


# ---- findings


class _Lines:
    """Where the lines of a text start, to turn offsets into lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts: Sequence[int] = [0, *(found.end() for found in _LINE_END.finditer(text))]

    def finding(self, file: str, fault: Fault) -> Finding:
        """A fault as a finding that is safe to print, although the page it comes from is not trusted."""
        line = bisect.bisect_right(self._starts, fault.span.start)
        following = self._starts[line] if line < len(self._starts) else fault.span.end
        length = max(min(fault.span.end, following) - fault.span.start, 1)
        return Finding.at(
            file,
            Position(line, fault.span.start - self._starts[line - 1] + 1, length),
            fault.code,
            _plain(fault.message),
            severity=fault.severity,
            focus=_iri(fault.focus),
            path=None if fault.path is None else _plain(fault.path),
            value=None if fault.value is None else _plain(fault.value),
            fix=_plain(fault.fix),
        )


def _plain(text: str) -> str:
    """The text, shortened, with control characters, direction marks and lone surrogates written as escapes."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text[:_LONGEST])


def _iri(text: str) -> str | None:
    """The text if it is an absolute IRI that RDF allows, else None."""
    try:
        return NamedNode(text).value if 0 < len(text) <= _LONGEST and text == _plain(text) else None
    except ValueError:
        return None

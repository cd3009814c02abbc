"""One release: its verbatim text and its reviewed record, as written."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Unpack

from communique.errors import NewsroomError
from communique.findings import Finding, FindingDetails, Position
from communique.folders import Entry, entry_at, list_folder
from communique.ids import SLUG_RULE, is_slug
from communique.plaintext import with_line_feeds, without_bom
from communique.read.files import LINK, read_file
from communique.read.sources import MAX_LINES, MAX_SOURCE_BYTES, SourceFault, read_text
from communique.read.yamlld import MAX_DEPTH, MAX_DIGITS, Pointer, position, read_yaml

RELEASE_FILES: Final = ("source.txt", "record.yaml", "page.json")
"""The files that are read in the folder of a release; it may lack the last one."""

_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class WrittenRelease:
    """A release as it was read.

    ``source`` is the text as it is published: without byte order mark, with LF as line end, otherwise unchanged;
    offsets into it are Unicode code points, and ``sha256`` is that of its UTF-8. ``record`` is None if the release
    could not be read; ``findings`` then say why. ``raw`` are the bytes of the record (to find positions). ``line`` is
    its line in an archive, 0 for a release in a folder.
    """

    slug: str
    source: str
    record: Mapping[str, Any] | None
    path: Path
    raw: bytes = b""
    line: int = 0
    sha256: str = ""
    page: Mapping[str, object] | None = None
    findings: tuple[Finding, ...] = field(default=())

    @property
    def is_unread(self) -> bool:
        """Whether it could not be read; its content is then unknown, so a store keeps what it has of the release."""
        return self.record is None

    @property
    def file(self) -> str:
        """The path of the record, or of the archive."""
        return str(self.path if self.line else self.path / "record.yaml")

    def locate(self, pointer: Pointer, *, key: bool = False, word: str | None = None) -> Position:
        """The position of a value of the record, of its key or of a word in it; in an archive, the line."""
        return Position(self.line, 1, 1) if self.line else position(self.raw, pointer, key=key, word=word)

    def finding(
        self,
        code: str,
        message: str,
        pointer: Pointer,
        *,
        key: bool = False,
        word: str | None = None,
        **more: Unpack[FindingDetails],
    ) -> Finding:
        """A finding at the position of a value of the record, of its ``key`` or of a ``word`` in it."""
        return Finding.at(self.file, self.locate(pointer, key=key, word=word), code, message, **more)


def read_release(folder: Path) -> WrittenRelease:
    """The release in a folder with ``source.txt`` and ``record.yaml``.

    What is wrong with the files is in its ``findings``. Raises `NewsroomError` only for a folder that cannot be read,
    because it may or may not contain a release.
    """
    release = WrittenRelease(folder.name, "", None, folder)
    findings: list[Finding] = []
    if not is_slug(folder.name):
        message = f"the folder's name {folder.name!r} cannot be the name of a release"
        findings.append(Finding.of_file(folder, "bad-slug", message, fix=SLUG_RULE))
    here = entry_at(folder, NewsroomError)
    if here is not None and not here.is_folder:
        findings.append(unusual(here))
        return replace(release, findings=tuple(findings))
    list_folder(folder, NewsroomError)
    source_bytes = read_file(folder / "source.txt", findings)
    raw = read_file(folder / "record.yaml", findings)
    record = None
    if raw is not None:
        record, wrong = read_yaml(raw, release.file)
        findings += wrong
    page = _read_page(folder / "page.json", findings)
    source = _decode_source(folder / "source.txt", source_bytes, findings) if source_bytes is not None else None
    return replace(
        release,
        source=source or "",
        record=record if source is not None and not any(f.code == "bad-slug" for f in findings) else None,
        raw=raw or b"",
        sha256=_hash(source),
        page=page,
        findings=tuple(findings),
    )


def build_release(slug: str, source: str, record: object, path: Path, line: int) -> WrittenRelease:
    """A release from one line of an archive."""
    findings: list[Finding] = []
    if not is_slug(slug):
        message = f"{slug[:100]!r} cannot be the name of a release"
        findings.append(Finding.at(path, Position(line), "bad-slug", message, fix=SLUG_RULE))
    read = _with_line_feeds(record)
    if is_slug(slug) and not isinstance(read, dict):
        findings.append(Finding.at(path, Position(line), "not-a-mapping", "the record must be a JSON object"))
    text = _decode_source(path, source.encode("utf-8", "surrogatepass"), findings, line)
    fine = text is not None and all(f.severity != "violation" for f in findings)
    usable = read if fine and isinstance(read, dict) else None
    return WrittenRelease(slug, text or "", usable, path, line=line, sha256=_hash(text), findings=tuple(findings))


def _with_line_feeds(value: object) -> object:
    """A value of a record with LF as line end in all its texts, as in the source."""
    if isinstance(value, str):
        return with_line_feeds(value)
    if isinstance(value, list):
        return [_with_line_feeds(one) for one in value]
    return {k: _with_line_feeds(one) for k, one in value.items()} if isinstance(value, dict) else value


def _hash(source: str | None) -> str:
    """The SHA-256 (hex) of a source as it is published."""
    return hashlib.sha256((source or "").encode()).hexdigest()


def unusual(entry: Entry) -> Finding:
    """The finding about a link, a pipe or a device in place of a file or of the folder of a release."""
    if stat.S_ISLNK(entry.mode):
        return Finding.of_file(entry.path, "bad-path", LINK, fix="replace the link with what it points to")
    return Finding.of_file(entry.path, "unreadable-file", f"this is {entry.kind}, and is not read", fix="take it away")


def _decode_source(path: Path, data: bytes, findings: list[Finding], line: int = 0) -> str | None:
    """The text of a source, or None if it cannot be used; whatever is unusual in it is a warning.

    Only what no reader sees is changed: the byte order mark is removed, and lines end in LF.
    """
    data = without_bom(data)
    if len(data) > MAX_SOURCE_BYTES:
        message = f"the source has {len(data):,} bytes, at most {MAX_SOURCE_BYTES:,} are read"
        findings.append(Finding.at(path, Position(line), "too-large", message))
        return None
    try:
        text = read_text(data)
    except SourceFault as fault:
        at = line or data.count(b"\n", 0, fault.offset) + 1
        fix = fault.fix.replace("FILE", path.name)
        findings.append(Finding.at(path, Position(at), fault.code, str(fault), fix=fix))
        return None
    lines = text.count("\n")
    if lines > MAX_LINES:
        message = f"the source has {lines:,} lines, at most {MAX_LINES:,} are read"
        fix = "take out line ends inside paragraphs"
        findings.append(Finding.at(path, Position(line), "too-large", message, fix=fix))
        return None
    for code, message, start in _oddities(text):
        findings.append(Finding.at(path, Position(line or _line(text, start)), code, message, severity="warning"))
    return text


def _oddities(text: str) -> list[tuple[str, str, int]]:
    """What is unusual in a source but is kept as it is: (code, message, offset in code points)."""
    found = []
    if not unicodedata.is_normalized("NFC", text):
        found.append(("not-nfc", "the source is not in Unicode normal form C; quotes must be written as it is", 0))
    for code, pattern, message in (
        ("bidi-control", _BIDI, "a bidirectional control character can make the text look different from what it is"),
        ("control-character", _CONTROL, "the source holds a control character; it is kept"),
    ):
        hit = pattern.search(text)
        if hit:
            found.append((code, message, hit.start()))
    return found


def _line(text: str, start: int) -> int:
    return text.count("\n", 0, start) + 1


def _read_page(path: Path, findings: list[Finding]) -> Mapping[str, object] | None:
    if entry_at(path, NewsroomError) is None:
        return None
    data = read_file(path, findings)
    if data is None:
        return None
    if len(data) > MAX_SOURCE_BYTES:
        message = f"the file has {len(data):,} bytes, at most {MAX_SOURCE_BYTES:,} are read"
        findings.append(Finding.of_file(path, "too-large", message))
        return None
    try:
        page = read_json(data)
    except (ValueError, RecursionError) as e:
        line = getattr(e, "lineno", 0)
        findings.append(Finding.at(path, Position(line, getattr(e, "colno", 0)), "json-syntax", f"not JSON: {e}"))
        return None
    if not isinstance(page, dict):
        findings.append(Finding.of_file(path, "not-a-mapping", "page.json must be a JSON object"))
        return None
    return page


def read_json(data: bytes) -> object:
    """The value of a JSON text (RFC 8259), read as strictly as YAML.

    Raises ValueError or RecursionError for anything that is not JSON, for a key that occurs twice in one object, for
    half of a surrogate pair, and for more than 64 levels.
    """
    text = without_bom(data).decode("utf-8")
    value = json.loads(text, object_pairs_hook=unique_object, parse_constant=_no_number, parse_int=_integer)
    if _is_deeper(value, MAX_DEPTH):
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    if _HALF.search(data):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("half of a surrogate pair is not text") from None
    return value


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is not a number in JSON")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number of {len(digits):,} digits is not read; put it into quotation marks")
    return int(digits)


def _is_deeper(value: object, levels: int) -> bool:
    if type(value) is not dict and type(value) is not list:
        return False
    return levels == 0 or any(_is_deeper(v, levels - 1) for v in (value.values() if type(value) is dict else value))


class DuplicateKeyError(ValueError):
    """A JSON object has a key twice."""


def unique_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object from its pairs, as a hook for `json.loads`. Raises `DuplicateKeyError`."""
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        twice = next(k for k, _ in pairs if k in seen or seen.add(k))  # type: ignore[func-returns-value]
        raise DuplicateKeyError(f"the key {twice!r} occurs twice in one object")
    return made

"""One release: its text, verbatim, and the reviewed record of it."""

from __future__ import annotations

import hashlib
import json
import re
import stat
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from communique.findings import Finding, Severity
from communique.iris import SLUG_RULE, is_slug
from communique.read.yamlld import MAX_DEPTH, Pointer, Position, position, read_yaml

MAX_SOURCE_BYTES: Final = 1 << 20
_LINK: Final = "this is a link; links are not followed"
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_HALF: Final = re.compile(rb"\\u[dD][89a-fA-F]")
_CONTROL = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Release:
    """A release as it was read.

    ``source`` is the decoded text, nothing changed: offsets are Unicode code points into it, a byte order mark and
    carriage returns included. ``record`` is None if its file could not be read; ``findings`` then say why. ``raw`` are
    the bytes of the record, for positions; ``line`` is the line of an archive (0: a folder of its own).
    """

    slug: str
    source: str
    record: Mapping[str, Any] | None
    path: Path
    raw: bytes = b""
    line: int = 0
    sha256: str = ""
    page: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] = field(default=())

    @property
    def file(self) -> str:
        """Name of the record's file, or of the archive."""
        return str(self.path if self.line else self.path / "record.yaml")

    def locate(self, pointer: Pointer, *, key: bool = False, word: str | None = None) -> Position:
        """Line and column of a value of the record, its key, or a word in it; in an archive, its line."""
        return Position(self.line, 1, 1) if self.line else position(self.raw, pointer, key=key, word=word)

    def finding(
        self,
        code: str,
        message: str,
        pointer: Pointer,
        *,
        key: bool = False,
        word: str | None = None,
        severity: Severity = "violation",
        **more: Any,
    ) -> Finding:
        """A finding about a value of the record (its ``key``, a ``word`` in it), with the place where it stands."""
        at = self.locate(pointer, key=key, word=word)
        found = Finding(file=self.file, code=code, message=message, severity=severity, **more)
        return replace(found, line=at.line, column=at.column, length=at.length)


def read_release(folder: Path) -> Release:
    """The release in a folder with ``source.txt`` and ``record.yaml``.

    Nothing is raised for what is wrong with the files: it stands in ``findings``.
    """
    release = Release(folder.name, "", None, folder)
    findings: list[Finding] = []
    if not is_slug(folder.name):
        message = f"the folder's name {folder.name!r} cannot be the name of a release"
        findings.append(_finding(folder, "bad-slug", message, fix=SLUG_RULE))
    if folder.is_symlink():
        findings.append(_finding(folder, "bad-path", _LINK, fix="put the folder itself there"))
        return replace(release, findings=tuple(findings))
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
        sha256=hashlib.sha256(source_bytes or b"").hexdigest(),
        page=page,
        findings=tuple(findings),
    )


def build_release(slug: str, source: str, record: Any, path: Path, line: int) -> Release:
    """A release from one line of an archive."""
    findings: list[Finding] = []
    if not is_slug(slug):
        message = f"{slug[:100]!r} cannot be the name of a release"
        findings.append(_finding(path, "bad-slug", message, line=line, fix=SLUG_RULE))
    elif not isinstance(record, dict):
        findings.append(_finding(path, "not-a-mapping", "the record must be a JSON object", line=line))
    data = source.encode("utf-8", "surrogatepass")
    text = _decode_source(path, data, findings, line)
    usable = record if text is not None and all(f.severity != "violation" for f in findings) else None
    digest = hashlib.sha256(data).hexdigest()
    return Release(slug, text or "", usable, path, line=line, sha256=digest, findings=tuple(findings))


def _finding(file: Path, code: str, message: str, **more: Any) -> Finding:
    return Finding(file=str(file), code=code, message=message, **more)


def read_file(path: Path, findings: list[Finding]) -> bytes | None:
    """The bytes of a file, or None with a finding that says why not: no file, a link, a device, far too large."""
    if path.is_symlink():
        findings.append(_finding(path, "bad-path", _LINK, fix="put the file itself there"))
        return None
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            findings.append(_finding(path, "unreadable-file", f"{path.name} is not a file"))
            return None
        if state.st_size > 64 * MAX_SOURCE_BYTES:
            findings.append(_finding(path, "too-large", f"the file has {state.st_size:,} bytes"))
            return None
        return path.read_bytes()
    except FileNotFoundError:
        findings.append(
            _finding(path, "missing-file", f"there is no {path.name} in this release", fix=f"add {path.name}")
        )
    except OSError as e:
        findings.append(_finding(path, "unreadable-file", f"{path.name} cannot be read: {e.strerror}"))
    return None


def _decode_source(path: Path, data: bytes, findings: list[Finding], line: int = 0) -> str | None:
    """The text of a source, unchanged, or None if it cannot be used; oddities are warnings."""
    if len(data) > MAX_SOURCE_BYTES:
        message = f"the source has {len(data):,} bytes, at most {MAX_SOURCE_BYTES:,} are read"
        findings.append(_finding(path, "too-large", message, line=line))
        return None
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as e:
        at = line or data.count(b"\n", 0, e.start) + 1
        message = f"byte {e.start} of the source is not UTF-8"
        findings.append(_finding(path, "bad-encoding", message, line=at, fix="save the source as UTF-8"))
        return None
    if "\0" in text:
        findings.append(
            _finding(
                path, "bad-character", "the source holds a NUL character", line=line or _line(text, text.index("\0"))
            )
        )
        return None
    for code, message, start in _oddities(text):
        findings.append(_finding(path, code, message, line=line or _line(text, start), severity="warning"))
    return text


def _oddities(text: str) -> list[tuple[str, str, int]]:
    """What is unusual in a source but kept as it is: (code, message, offset)."""
    found = []
    if text.startswith("\ufeff"):
        found.append(
            ("byte-order-mark", "the source begins with a byte order mark; it is kept and counts as one character", 0)
        )
    if "\r" in text:
        found.append(
            (
                "carriage-return",
                "the source has carriage returns; they are kept and count as characters",
                text.index("\r"),
            )
        )
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


def _read_page(path: Path, findings: list[Finding]) -> Mapping[str, Any] | None:
    if not path.exists() and not path.is_symlink():
        return None
    data = read_file(path, findings)
    if data is None:
        return None
    try:
        page = read_json(data)
    except (ValueError, RecursionError) as e:
        line = getattr(e, "lineno", 0)
        findings.append(_finding(path, "json-syntax", f"not JSON: {e}", line=line, column=getattr(e, "colno", 0)))
        return None
    if not isinstance(page, dict):
        findings.append(_finding(path, "not-a-mapping", "page.json must be a JSON object"))
        return None
    return page


def read_json(data: bytes) -> Any:
    """The value of a JSON text (RFC 8259), read as strictly as YAML.

    Raises ValueError or RecursionError for what is no JSON, a key that stands twice in one object, half of a surrogate
    pair, and more than 64 levels.
    """
    value = json.loads(data.decode("utf-8"), object_pairs_hook=unique_object)
    if _is_deeper(value, MAX_DEPTH):
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")
    if _HALF.search(data):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError("half of a surrogate pair is not text") from None
    return value


def _is_deeper(value: Any, levels: int) -> bool:
    if type(value) is not dict and type(value) is not list:
        return False
    return levels == 0 or any(_is_deeper(v, levels - 1) for v in (value.values() if type(value) is dict else value))


def unique_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys differ. Raises ValueError for a key that stands twice (hook for `json.loads`)."""
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [k for k, _ in pairs]
        twice = next(k for k in keys if keys.count(k) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return made

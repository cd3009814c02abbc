"""The text of a release from the bytes of a file: plain text in UTF-8, or one sentence that says what else it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from communique.errors import NewsroomError
from communique.plaintext import with_line_feeds, without_bom

MAX_SOURCE_BYTES: Final = 1 << 20
MAX_LINES: Final = 20_000
"""The most lines of a source; each becomes a paragraph of a page, with a number, an anchor and a list of facts."""

_HEAD: Final = 2_000
_SHOWN: Final = 40
_GUESSED: Final = 50_000  # bytes from which an encoding is guessed
_FEWEST_TAGS: Final = 3
_HTML: Final = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,500}-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE
)
_TAG: Final = re.compile(r"</(?:p|div|span|li|ul|td|tr|h[1-6]|strong|article|section)>", re.IGNORECASE)
_WORD_PROCESSOR: Final = "save it as plain text (UTF-8) in the program that wrote it"
_MAGIC: Final = (
    (b"%PDF-", "a PDF", "take the text out of it first, for example with: pdftotext FILE new.txt"),
    (b"{\\rtf", "a document in RTF", _WORD_PROCESSOR),
    (b"\xd0\xcf\x11\xe0", "a document of an old version of Microsoft Office", _WORD_PROCESSOR),
    (b"\x1f\x8b", "a compressed file (gzip)", "unpack it first: gunzip FILE"),
    (b"\x28\xb5\x2f\xfd", "a compressed file (Zstandard)", "unpack it first: unzstd FILE"),
    (b"\xfd7zXZ", "a compressed file (xz)", "unpack it first: unxz FILE"),
    (b"7z\xbc\xaf", "an archive (7z)", "unpack it, and give the text of one release"),
    (b"\x89PNG", "a picture", "write down the text that it shows"),
    (b"\xff\xd8\xff", "a picture", "write down the text that it shows"),
    (b"GIF8", "a picture", "write down the text that it shows"),
)
_ZIPPED: Final = (
    (b"word/", "a Word document"),
    (b"application/vnd.oasis.opendocument.text", "an OpenDocument text"),
    (b"application/epub+zip", "an e-book"),
    (b"xl/", "an Excel sheet"),
    (b"ppt/", "a PowerPoint presentation"),
)
_WIDE: Final = (
    (b"\xff\xfe\0\0", "UTF-32"), (b"\0\0\xfe\xff", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"),
)  # fmt: skip
_ENCODINGS: Final = (
    "cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "cp866", "iso8859_2", "iso8859_5",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr",
)  # fmt: skip
"""Encodings that are guessed, by Python's names."""
_OF_ICONV: Final = {"koi8_r": "KOI8-R", "iso8859_2": "ISO-8859-2", "iso8859_5": "ISO-8859-5", "shift_jis": "SHIFT_JIS"}
_FIRST_ROWS: Final = 0x10
"""Above the high bytes of alphabets (Latin, Greek, Cyrillic, Hebrew, Arabic), by which a text counts as UTF-16."""
_FEWEST: Final = 12


class SourceFault(Exception):  # noqa: N818  (a verdict on the data, not an error of the program)
    """The bytes are no plain text: code, message and fix of a finding, and the offset of the byte at fault."""

    def __init__(self, code: str, message: str, fix: str, offset: int = 0) -> None:
        super().__init__(message)
        self.code, self.fix, self.offset = code, fix, offset


def read_text(data: bytes) -> str:
    """The text of the bytes of a source, with LF as line end and without byte order mark.

    Raises `SourceFault` for anything that is not plain text in UTF-8: empty, HTML, PDF, a document, a picture, another
    encoding, binary.

    >>> read_text(b"Dam opened\\r\\n")
    'Dam opened\\n'
    """
    fault = _kind_of_file(data)
    if fault is not None:
        raise fault
    plain = without_bom(data)
    try:
        text = plain.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _encoding_fault(plain, error.start) from None
    if "\0" in text:
        raise _nul_fault(plain)
    if not text.strip():
        what = "is empty" if not text else "has only white space"
        raise SourceFault("empty-source", f"the source {what}", "put the text of the release into it")
    tags = _TAG.findall(text[: _HEAD * 10])
    if _HTML.match(text[:_HEAD]) or len(tags) >= _FEWEST_TAGS:
        fix = "copy the text as a browser shows it, and save that"
        raise SourceFault("not-plain-text", "the source is HTML, not plain text", fix)
    return with_line_feeds(text)


def _kind_of_file(data: bytes) -> SourceFault | None:
    """The fault of a file that is known by its first bytes; None for others."""
    for magic, what, fix in _MAGIC:
        if data.startswith(magic):
            return SourceFault("not-plain-text", f"the source is {what}, not plain text", fix)
    if data.startswith(b"PK\x03\x04"):
        what = next((name for mark, name in _ZIPPED if mark in data), "a ZIP archive")
        fix = _WORD_PROCESSOR if what != "a ZIP archive" else "unpack it, and give the text of one release"
        return SourceFault("not-plain-text", f"the source is {what}, not plain text", fix)
    for mark, name in _WIDE:
        if data.startswith(mark):
            return _wide_fault(name)
    return None


def _wide_fault(name: str) -> SourceFault:
    return SourceFault("bad-encoding", f"the source is text in {name}, not in UTF-8", _iconv(name))


def _nul_fault(data: bytes) -> SourceFault:
    """The fault of bytes with NUL: text in UTF-16 without its mark, or no text."""
    head = data[: min(_HEAD, len(data) // 2 * 2)]
    for name, high in (("UTF-16BE", head[0::2]), ("UTF-16LE", head[1::2])):
        if len(head) >= _FEWEST and sum(byte < _FIRST_ROWS for byte in high) * 10 > len(high) * 9:
            return _wide_fault(name)
    message = "the source holds a NUL character, so it is not plain text"
    return SourceFault("bad-character", message, "give the text of one release", data.index(b"\0"))


def _encoding_fault(data: bytes, offset: int) -> SourceFault:
    """The fault of bytes that are not UTF-8, with the encoding that they probably have."""
    if b"\0" in data:
        fault = _nul_fault(data)
        if fault.code == "bad-encoding":
            return fault
        return SourceFault(fault.code, "the source is binary, not plain text", fault.fix, data.index(b"\0"))
    message = f"byte {offset} of the source is not UTF-8"
    name, words = _guess(data, offset)
    if name is None:
        return SourceFault("bad-encoding", message, "save the source as UTF-8", offset)
    shown = f"{message}; it is probably {name}, which reads {words!r} there"
    return SourceFault("bad-encoding", shown, _iconv(name), offset)


def _guess(data: bytes, offset: int) -> tuple[str | None, str]:
    """The probable encoding of some bytes, by the name that iconv has for it, and the words at an offset in it."""
    from charset_normalizer import from_bytes  # 60 ms

    begin = max(data.rfind(b"\n", 0, offset) + 1, offset - _GUESSED // 2)
    best = from_bytes(data[begin : begin + _GUESSED], cp_isolation=list(_ENCODINGS)).best()
    if best is None:
        return None, ""
    alike = {best.encoding, *best.could_be_from_charset}
    encoding = "cp1252" if "cp1252" in alike else best.encoding
    before = data[max(begin, offset - _SHOWN // 2) : offset].decode(encoding, "replace").rpartition(" ")[2]
    after = data[offset : offset + _SHOWN].decode(encoding, "ignore").split("\n")[0]
    words = (before + after).split()
    name = _OF_ICONV.get(encoding) or encoding.upper().replace("CP125", "WINDOWS-125").replace("_", "-")
    return name, " ".join(words[:3])


def _iconv(name: str) -> str:
    return f"convert it: iconv -f {name} -t UTF-8 FILE > utf-8.txt"


def read_source(path: Path) -> tuple[bytes, str]:
    """The bytes and the text of a file that is to become the source of a release.

    Raises `NewsroomError`, with what it is and what to do, if it cannot be read or is no plain text in UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SOURCE_BYTES + 1)
    except OSError as e:
        raise NewsroomError(f"{path} cannot be read: {e.strerror}") from e
    if len(data) > MAX_SOURCE_BYTES:
        raise NewsroomError(f"{path} has more than {MAX_SOURCE_BYTES:,} bytes: give the text of one release")
    try:
        text = read_text(data)
    except SourceFault as fault:
        at = f", line {data.count(10, 0, fault.offset) + 1}" if fault.offset else ""
        message = str(fault).replace("the source", "the file")
        raise NewsroomError(f"{path}{at}: {message}: {fault.fix.replace('FILE', path.name)}") from None
    if text.count("\n") > MAX_LINES:
        raise NewsroomError(f"{path} has more than {MAX_LINES:,} lines: give the text of one release")
    return data, text

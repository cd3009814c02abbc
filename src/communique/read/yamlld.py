"""Strict YAML-LD: the Basic Profile on the YAML 1.2 core schema, with line and column of every value.

Two readers give the same values. The fast one, `yaml_rs`, reads plain documents. Everything that it cannot be trusted
with (a number, an alias, a control character, an error) is left to the strict one, PyYAML's libyaml loader with our own
resolvers, which also knows positions. Positions are computed only when a finding needs them.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml_rs

from communique.findings import NOWHERE, Finding, Position
from communique.plaintext import with_line_feeds, without_bom
from communique.read.position import MAX_BYTES, MAX_DEPTH, MAX_DIGITS, Pointer, Refusal

__all__ = ["MAX_BYTES", "MAX_DEPTH", "MAX_DIGITS", "Pointer", "position", "read_yaml"]


def read_yaml(data: bytes, file: str) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The mapping in a YAML-LD file, or None, and the findings about the file.

    Scalars follow the YAML 1.2 core schema (section 10.3.2): ``2015-05-29``, ``no`` and ``12:30:45`` stay strings.
    Refused, each with line and column: duplicate keys and keys that are not text, anchors, aliases and tags, a second
    document, bytes that are not UTF-8, numbers of over 1,000 digits, more than 64 levels or 1 MiB. A byte order mark is
    ignored, and CR LF is read as LF.

    >>> read_yaml(b"startDate: 2015-05-29", "record.yaml")
    ({'startDate': '2015-05-29'}, [])
    """
    try:
        text = _decode(data)
        plain = _read_plain(text)
        if plain is not None:
            return plain, []
        from communique.read.nodes import read_strict  # PyYAML: 10 ms

        return read_strict(text, file)
    except Refusal as no:
        return None, [Finding.at(file, no.at, no.code, str(no), fix=no.fix)]


def position(data: bytes, pointer: Pointer, *, key: bool = False, word: str | None = None) -> Position:
    """The position of a value, of its ``key`` or of a ``word`` in it, or of the nearest enclosing value that exists.

    >>> position(b"a:\\n  b: [x, y]", ("a", "b", 1))
    Position(line=2, column=10, length=1)
    """
    from communique.read.nodes import locate  # PyYAML: 10 ms

    try:
        return locate(_decode(data), pointer, key=key, word=word)
    except Refusal:
        return NOWHERE


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Refusal("too-large", f"the file has {len(data):,} bytes, at most {MAX_BYTES:,} are read", NOWHERE)
    data = without_bom(data)
    try:
        return with_line_feeds(data.decode("utf-8"))
    except UnicodeDecodeError as e:
        before = data[data.rfind(b"\n", 0, e.start) + 1 : e.start].decode("utf-8", "replace")
        at = Position(data.count(b"\n", 0, e.start) + 1, len(before) + 1, 1)
        raise Refusal(
            "bad-encoding", f"byte {e.start} of the file is not UTF-8", at, "save the file as UTF-8"
        ) from None


# ---- the fast reader


def _read_plain(text: str) -> dict[str, object] | None:
    """The mapping in a plain document, or None if the strict reader has to decide."""
    if _is_suspect(text.encode()):
        return None
    try:
        value: object = yaml_rs.loads(text, parse_datetime=False)
    except (yaml_rs.YAMLDecodeError, ValueError):
        return None
    return value if type(value) is dict and _is_plain(value, MAX_DEPTH) else None


_PLAIN_ASCII: Final = bytes([*b"\n", *range(0x20, 0x7F)])
# control characters and others that YAML forbids; U+0085, U+2028, U+2029 and U+FEFF, which libyaml reads differently
_ODD: Final = re.compile(rb"[\x00-\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]")
_SURROGATE: Final = re.compile(rb"\\u[dD]")
_BLOCK_START: Final = re.compile(rb"(?:^|[:,?\[{-]) *[|>]", re.MULTILINE)  # where a block scalar may begin
_BLOCK_HEADER: Final = re.compile(rb"[|>][-+0-9]* *(#.*)?$")
_LONG_LINE: Final = 10_000  # bytes; 50,000 levels ("- - - …") crash yaml_rs, and a line of n bytes can open n/2 levels


def _is_suspect(data: bytes) -> bool:
    """Whether a document may contain anything that the two readers read differently, or that the profile forbids.

    Anchors, aliases, tags, directives, escaped surrogates, misplaced block scalars, very long lines, tabs, control
    characters, unusual line breaks, byte order marks. (A second document is seen in the value.) All searches are fast:
    they must not cost the time that the fast reader saves.
    """
    if b"&" in data or b"!" in data or data.count(b"*") != data.count(b'"*"'):
        return True
    if b"%" in data and (data.startswith(b"%") or b"\n%" in data):
        return True
    if b"\\" in data and _SURROGATE.search(data):
        return True
    if max(map(len, data.split(b"\n"))) > _LONG_LINE:
        return True
    if any(_is_misplaced(data, start.end() - 1) for start in _BLOCK_START.finditer(data)):
        return True
    return _ODD.search(data.translate(None, _PLAIN_ASCII)) is not None


def _is_misplaced(data: bytes, at: int) -> bool:
    """Whether the | or > at an offset may begin a block scalar where YAML allows none, which yaml_rs reads as text."""
    begin, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
    before, after = data[begin:at], data[at : end if end >= 0 else len(data)]
    if before.strip(b" ") and not before.rstrip(b" ").endswith((b":", b",", b"?", b"-", b"[", b"{")):
        return False
    return b"[" in before or b"{" in before or not _BLOCK_HEADER.match(after)


_UNSURE: Final = frozenset("\n|>")


def _is_plain(value: Any, depth: int) -> bool:
    """Whether a value consists of lists, text and mappings with text as keys, nested at most ``depth`` levels deep."""
    if depth == 0:
        return False
    for child in value if type(value) is list else value.values():
        kind = type(child)
        if kind is str:
            # yaml_rs keeps a blank line too many in a block of blank lines, and reads a block in brackets as plain text
            if child[:1] in _UNSURE:
                return False
        elif not ((kind is dict or kind is list) and _is_plain(child, depth - 1)):
            return False
    return type(value) is list or all(type(k) is str and k[:1] not in _UNSURE for k in value)

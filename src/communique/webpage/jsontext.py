"""A strict JSON parser (RFC 8259) that gives the place of every key and value, within limits of size and depth."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

MAX_DEPTH: Final = 64
MAX_VALUES: Final = 200_000

_SPACE: Final = re.compile(r"[ \t\r\n]*+")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?(?![\w.])")
_WORD: Final = re.compile(r"[\w$.+-]{1,40}")
_STRING_HEAD: Final = re.compile(r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+')
_WORDS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "null": None}
_HALF: Final = re.compile("[\ud800-\udfff]")
_LONG_NUMBER: Final = 400

_MISTAKES: Final = (
    ("'", "single quotes around text", 'write "…" around every key and text'),
    ("“", "typographic quotes around text", 'write "…" around every key and text'),
    ("&", "the JSON is escaped as HTML", 'write the characters as they are: " and not &quot;'),
    ("//", "a comment stands in the JSON", "take the comment out"),
    ("/*", "a comment stands in the JSON", "take the comment out"),
    ("<!", "an HTML comment or CDATA mark stands around the JSON", "leave nothing but JSON in the script"),
)


class JsonSpan(NamedTuple):
    """A place in a text: offsets in code points, the end exclusive."""

    start: int
    end: int


class JsonValue(NamedTuple):
    """A JSON value and its place; the place of an object or a list is its opening bracket."""

    data: JsonData
    span: JsonSpan


class Member(NamedTuple):
    """A member of an object: the place of its key, and its value."""

    key: JsonSpan
    value: JsonValue


JsonData: TypeAlias = str | int | float | bool | list[JsonValue] | dict[str, Member] | None


class JsonError(Exception):
    """The text is not JSON, or exceeds a limit of this parser (``limit``); ``fix`` says what to do."""

    def __init__(self, message: str, span: JsonSpan, fix: str, *, limit: bool = False) -> None:
        super().__init__(message)
        self.span, self.fix, self.limit = span, fix, limit


class Json(NamedTuple):
    """A JSON text: its value, the keys that occur twice in one object, and the strings with a lone surrogate.

    A lone surrogate (in ``halves``) is half of a UTF-16 pair without the other half (RFC 8259, section 8.2).
    """

    value: JsonValue
    repeated: list[tuple[str, JsonSpan]]
    halves: list[JsonSpan]


def read_json(text: str, start: int = 0, end: int | None = None) -> Json:
    """The JSON value in ``text[start:end]``; places are offsets into ``text``, in code points.

    If a key occurs twice in an object, the last value counts, as in JSON-LD. Raises `JsonError`.

    >>> value = read_json('x = {"name": "A"}', start=4).value
    >>> value.data["name"].value.span
    JsonSpan(start=13, end=16)
    """
    reader = _Reader(text, len(text) if end is None else end)
    first = reader.skip(start)
    if first == reader.end:
        raise JsonError("the script is empty", JsonSpan(start, first), "put JSON-LD into it, or take it out")
    value = reader.value(first, 0)
    rest = reader.skip(reader.at)
    if rest < reader.end:
        raise reader.wrong(rest, "something stands after the JSON", "leave one value in the script; put several in […]")
    return Json(value, reader.repeated, reader.halves)


class _Reader:
    """Reads a text once from start to end; ``at`` is the offset after what was read last."""

    def __init__(self, text: str, end: int) -> None:
        self.text, self.end, self.at = text, end, 0
        self.repeated: list[tuple[str, JsonSpan]] = []
        self.halves: list[JsonSpan] = []
        self._values = 0

    def skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at, self.end)
        return found.end() if found else at

    def value(self, at: int, depth: int) -> JsonValue:
        self._values += 1
        if depth > MAX_DEPTH or self._values > MAX_VALUES:
            what = f"nested deeper than {MAX_DEPTH} levels" if depth > MAX_DEPTH else f"more than {MAX_VALUES:,} values"
            raise JsonError(
                f"the JSON-LD is not read: {what}", JsonSpan(at, at + 1), "say less in one script", limit=True
            )
        first = self._character(at)
        if first == "{":
            return JsonValue(self._object(at, depth), JsonSpan(at, at + 1))
        if first == "[":
            return JsonValue(self._list(at, depth), JsonSpan(at, at + 1))
        if first == '"':
            return JsonValue(self._string(at), JsonSpan(at, self.at))
        return JsonValue(self._scalar(at), JsonSpan(at, self.at))

    def _object(self, at: int, depth: int) -> dict[str, Member]:
        members: dict[str, Member] = {}
        at = self.skip(at + 1)
        if self._character(at) == "}":
            self.at = at + 1
            return members
        while True:
            if self._character(at) != '"':
                raise self.wrong(at, "a key in double quotes is expected", 'write "key": value')
            key, span = self._string(at), JsonSpan(at, self.at)
            colon = self.skip(self.at)
            if self._character(colon) != ":":
                raise self.wrong(colon, f"a colon is expected after the key {key[:40]!r}", 'write "key": value')
            if key in members:
                self.repeated.append((key, span))
            members[key] = Member(span, self.value(self.skip(colon + 1), depth + 1))
            at = self._next(self.skip(self.at), "}")
            if at < 0:
                return members

    def _list(self, at: int, depth: int) -> list[JsonValue]:
        values: list[JsonValue] = []
        at = self.skip(at + 1)
        if self._character(at) == "]":
            self.at = at + 1
            return values
        while True:
            values.append(self.value(at, depth + 1))
            at = self._next(self.skip(self.at), "]")
            if at < 0:
                return values

    def _next(self, at: int, close: str) -> int:
        """The offset of the next item; -1 after the closing bracket."""
        if self._character(at) == close:
            self.at = at + 1
            return -1
        if self._character(at) != ",":
            raise self.wrong(
                at, f"a comma or {close} is expected", f"put a comma between two items, {close} at the end"
            )
        following = self.skip(at + 1)
        if self._character(following) in ("}", "]", ","):
            raise JsonError("a comma stands before nothing", JsonSpan(at, at + 1), "take the comma out")
        return following

    def _string(self, at: int) -> str:
        found = _STRING.match(self.text, at, self.end)
        if found is None:
            head = _STRING_HEAD.match(self.text, at, self.end)
            raise self._wrong_string(head.end() if head else at, at)
        self.at = found.end()
        text = str(json.loads(found[0]))
        if _HALF.search(text):
            self.halves.append(JsonSpan(at, self.at))
        return text

    def _scalar(self, at: int) -> int | float | bool | None:
        number = _NUMBER.match(self.text, at, self.end)
        if number is not None and len(number[0]) < _LONG_NUMBER:
            self.at = number.end()
            return json.loads(number[0])  # type: ignore[no-any-return]
        word = _WORD.match(self.text, at, self.end)
        if word is not None and word[0] in _WORDS:
            self.at = word.end()
            return _WORDS[word[0]]
        raise self.wrong(at, "a value is expected", 'write a text in "…", a number, true, false, null, {…} or […]')

    def _character(self, at: int) -> str:
        return self.text[at : min(at + 1, self.end)]

    def _wrong_string(self, at: int, start: int) -> JsonError:
        character = self._character(at)
        if character == "\\":
            return JsonError(
                "a backslash that escapes nothing", JsonSpan(at, at + 2), "write \\\\ for a backslash itself"
            )
        if character:
            fix = "write \\n for a line break, \\t for a tab"
            return JsonError("a line break or control character stands in a text", JsonSpan(at, at + 1), fix)
        return JsonError("a text is not closed", JsonSpan(start, start + 1), 'write " at its end')

    def wrong(self, at: int, message: str, fix: str) -> JsonError:
        """The error at a place where something else is expected; common mistakes have messages of their own."""
        if at >= self.end:
            return JsonError(
                "the JSON ends too early", JsonSpan(max(at - 1, 0), at), "close every { and [, or take out the script"
            )
        for characters, mistake, remedy in _MISTAKES:
            if self.text.startswith(characters, at, self.end):
                return JsonError(mistake, JsonSpan(at, at + 1), remedy)
        word = _WORD.match(self.text, at, self.end)
        shown = word[0] if word else self.text[at]
        return JsonError(f"{message}, and {shown!r} stands there", JsonSpan(at, at + len(shown)), fix)

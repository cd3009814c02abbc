"""The tokens of a SPARQL text that nobody has read yet: in one pass, in linear time, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from communique.errors import CommuniqueError

_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_VAR: Final = rf"{_BASE}_0-9\u00b7\u0300-\u036f\u203f\u2040"
_CHAR: Final = rf"{_VAR}\-"
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_MORE: Final = rf"(?:[{_CHAR}:]++|{_PLX})"
_LOCAL: Final = rf"(?:(?:[{_BASE}_0-9:]|{_PLX}){_MORE}*+(?:\.++{_MORE}++)?+)?+"
"""Dots in one place only, as the engine reads it: to it, ``:a.b.SERVICE`` is a name, a dot and a word."""
_UCHAR: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE: Final = rf"""(?:\\[tbnrf"'\\]|{_UCHAR})"""
_TOKEN: Final = rf"""
      (?P<space>  [ \t\r\n]++ | \#[^\r\n]*+ )
    | (?P<iri>    <(?:[^<>"{{}}|^`\\\x00-\x20]++|{_UCHAR})*+> )
    | (?P<open>   <<\( | << | \{{\| | [{{(\[] )
    | (?P<close>  \)>> | >> | \|\}} | [}})\]] )
    | (?P<string> \"\"\"(?:[^"\\]++|{_ESCAPE}|"(?!""))*+\"\"\" | '''(?:[^'\\]++|{_ESCAPE}|'(?!''))*+'''
                | "(?!"")(?:[^"\\\n\r]++|{_ESCAPE})*+" | '(?!'')(?:[^'\\\n\r]++|{_ESCAPE})*+' )
    | (?P<var>    [?$][{_VAR}]++ )
    | (?P<blank>  _:[{_BASE}_0-9](?:[{_CHAR}]++|\.++(?=[{_CHAR}]))*+ )
    | (?P<tag>    @[A-Za-z]++(?:--?[A-Za-z0-9]++)*+ )
    | (?P<number> (?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)[eE][+-]?+[0-9]++ | [0-9]*+\.[0-9]++ | [0-9]++ )
    | (?P<name>   :{_LOCAL} )
    | (?P<mark>   \^\^ | && | \|\| | != | <= | >= | [-+*/=!<>|^?~.;,] )
"""
_FIRST: Final = re.compile(rf"{_TOKEN} | (?P<run> [{_BASE}][{_CHAR}.]*+ )", re.VERBOSE)
"""The terminals of SPARQL (section 19.8). A run becomes a prefixed name if a colon follows, else a word."""
_NO_COLON: Final = re.compile(rf"{_TOKEN} | (?P<word> [A-Za-z][A-Za-z0-9_]*+ )", re.VERBOSE)
"""The same where no colon can follow: a run is never looked at twice, so ``a.a.a.a`` takes linear time."""
_AFTER_PREFIX: Final = re.compile(f":{_LOCAL}")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*+")
_ESCAPED: Final = re.compile(rf"{_ESCAPE}")
_UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class GateError(CommuniqueError):
    """A SPARQL text is refused; the sentence says which limit or rule, and what to do."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        self.status = status
        super().__init__(sentence)


class QueryToken(NamedTuple):
    """A terminal: its kind, its text, and where it begins (in code points, from 0)."""

    kind: str
    text: str
    start: int


def place(text: str, offset: int) -> str:
    """Where an offset is, for a message.

    >>> place("ASK {\\n  ]", 8)
    'line 2, column 3'
    """
    line, begin = 1, 0
    for end in _LINE_END.finditer(text, 0, offset):
        line, begin = line + 1, end.end()
    return f"line {line}, column {offset - begin + 1}"


def tokens(text: str) -> Iterator[QueryToken]:
    """The tokens of a text without white space and comments; `GateError` at the first character that begins none.

    >>> [(t.kind, t.text) for t in tokens("ASK { ex:a\\\\.b ?p 'SERVICE' } # {")][1:5]
    [('open', '{'), ('name', 'ex:a\\\\.b'), ('var', '?p'), ('string', "'SERVICE'")]
    """
    unreadable = _UNREADABLE.search(text)
    if unreadable:
        what = "NUL" if unreadable.group() == "\0" else "half of a surrogate pair"
        raise GateError(f"{place(text, unreadable.start())}: the query contains {what}: remove it")
    at, no_colon, size = 0, 0, len(text)
    while at < size:
        found = (_NO_COLON if at < no_colon else _FIRST).match(text, at)
        if found is None:
            raise _fault(text, at)
        kind, end = str(found.lastgroup), found.end()
        if kind == "run":
            kind, end, no_colon = _name_or_word(text, at, end)
        if kind != "space":
            token = QueryToken(kind, text[at:end], at)
            if "\\" in token.text and kind in ("string", "iri"):
                _check_escapes(token, text)
            yield token
        at = end


def _name_or_word(text: str, at: int, end: int) -> tuple[str, int, int]:
    """The kind and end of what begins with a run of letters, and up to where no colon follows."""
    if text.startswith(":", end) and text[end - 1] != ".":
        local = _AFTER_PREFIX.match(text, end)
        return "name", local.end() if local else end, 0
    word = _WORD.match(text, at)
    if word is None:
        raise _fault(text, at)
    return "word", word.end(), end


def _fault(text: str, at: int) -> GateError:
    """Why no token begins at an offset."""
    where, char = place(text, at), text[at]
    if char in "\"'":
        return GateError(f"{where}: this string is not closed, or has an escape that SPARQL does not know: correct it")
    if char == "\\":
        return GateError(f"{where}: escapes are accepted only in strings, IRIs and names: write the character itself")
    return GateError(f"{where}: no word of SPARQL begins with {char!r}: remove it")


def unescaped(iri: str) -> str:
    r"""What is between the angle brackets of an IRI, with its escapes resolved.

    >>> unescaped(r"<http://example.org/\u0041>")
    'http://example.org/A'
    """
    return _ESCAPED.sub(lambda found: chr(int(found.group()[2:], 16)), iri[1:-1])


def _check_escapes(token: QueryToken, text: str) -> None:
    """Refuse an escape of a character that could end the string or IRI, or that does not exist (section 19.2)."""
    forbidden = '<>"{}|^`\\' if token.kind == "iri" else "\"'\\\r\n"
    for found in _ESCAPED.finditer(token.text):
        if found.group()[1] in "uU":
            code = int(found.group()[2:], 16)
            illegal = code > 0x10FFFF or code == 0 or 0xD800 <= code < 0xE000
            if illegal or chr(code) in forbidden or (token.kind == "iri" and code <= 0x20):
                where = place(text, token.start + found.start())
                raise GateError(f"{where}: {found.group()} is not accepted here: write the character in another way")

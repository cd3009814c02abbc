"""Embeds JSON-LD in an existing page: one script before the end of the body, and every other byte unchanged."""

from __future__ import annotations

import codecs
import html
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from communique.errors import OutputError
from communique.webpage.html import ELEMENTS, MAX_PAGE_BYTES, HtmlToken, read_tokens

MARKER: Final = "data-communique"
"""The attribute that marks a script as ours; its value is the IRI of the release."""

JSON_LD: Final = "application/ld+json"

PRESCAN: Final = 1024
"""The number of bytes within which a page must declare its encoding (WHATWG HTML, section 4.2.5.4)."""

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([^\s\"';]+)", re.IGNORECASE | re.ASCII)
_XML_ENCODING: Final = re.compile(r"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", re.ASCII)
_SHIFT: Final = re.compile(rb"\x1b[$(]")
_TEMPLATE: Final = re.compile(r"<\?(?!xml)|<%|\{\{|\{%|\{#")
"""Opening delimiters of template languages: PHP, ERB, JSP, Jinja, Twig, Liquid, Handlebars and others."""

_NEAR: Final = 400
"""How many characters on each side of the script are searched for template delimiters."""

_WITHOUT_ASCII: Final = re.compile(r"iso2022_.*|hz|utf-7|cp(?:037|273|424|500|875|1026|1140)")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_NOT_ASCII: Final = re.compile(r"[^\x00-\x7f]+")


@dataclass(frozen=True, slots=True)
class Embedded:
    """A page with the JSON-LD embedded.

    ``replaced``: the page already had a script for this release, perhaps an older one. ``warnings`` are sentences for
    the web team.
    """

    page: bytes
    replaced: bool
    warnings: tuple[str, ...] = ()


def embed(page: bytes, jsonld: bytes, *, release: str, force: bool = False) -> Embedded:
    """The page with the JSON-LD of a release in one script before ``</body>`` or ``</html>``, whichever comes first.

    ``jsonld`` is the output of `render_page_jsonld`: UTF-8, safe inside ``script``. The script has the attribute
    `MARKER` with the IRI ``release``; if the page already has such a script, it is replaced in place, or moved if
    readers would miss it there. In a page without end tags the script goes to the end. All other bytes are unchanged,
    and embedding twice gives the same bytes. Line endings are those of the page, or of the script that is replaced.
    Unless the page is certainly UTF-8 (by its byte order mark, or declared and valid) or UTF-16 (by its byte order
    mark), the JSON is written with ``\\u`` escapes, which are correct in every encoding that contains ASCII.

    Raises `OutputError` with one sentence if it is not certain where readers would look for the script: an element is
    not closed, the encoding does not contain ASCII, or it is not an HTML page, or a frameset. Raises it for a template
    too, unless ``force``, because the template engine would process the JSON-LD first.
    """
    if b"<" in jsonld:
        raise ValueError("JSON-LD for a script must not hold '<'")
    coding = _coding(page)
    text = coding.read(page)
    survey = _survey(text, release)
    old, place = survey.old, survey.place
    if not force:
        _refuse_template(survey)
    line_end = _line_end(text) if old is None else _line_end(text[old.start : old.end])
    element = _element(jsonld, release, escaped=coding.written == "ascii").replace("\n", line_end)
    if old is None:
        edits = [_Edit(place, place, element + line_end)]
    elif old.hidden or old.start > place:
        after = _LINE_END.match(text, old.end)
        edits = [_Edit(place, place, element + line_end), _Edit(old.start, after.end() if after else old.end, "")]
    else:
        edits = [_Edit(old.start, old.end, element)]
    edited = coding.edit(page, text, sorted(edits))
    return Embedded(edited, old is not None, tuple(_warnings(survey, text, release, coding)))


def _element(jsonld: bytes, release: str, *, escaped: bool) -> str:
    """The script element, with LF line endings; ``escaped``: with every character outside ASCII as a ``\\u`` escape."""
    text = jsonld.decode().rstrip("\n")
    if escaped:
        text = _NOT_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)
    marker = html.escape(release).encode("ascii", "xmlcharrefreplace").decode()
    return f'<script type="{JSON_LD}" {MARKER}="{marker}">\n{text}\n</script>'


def _refuse_template(survey: _Survey) -> None:
    """Raise `OutputError` if a template delimiter is near the place for the script, outside scripts and styles."""
    at = survey.old.start if survey.old else survey.place
    end = survey.old.end if survey.old else survey.place
    for start, stop in ((max(at - _NEAR, 0), at), (end, end + _NEAR)):
        for found in _TEMPLATE.finditer(survey.text, start, stop):
            if not any(raw.start <= found.start() < raw.end for raw in survey.raws):
                line = _line(survey.text, found.start())
                raise OutputError(
                    f"line {line}: {found[0]!r} looks like a template, which a program reads before any reader does: "
                    "give the page that is made of it, or say --force"
                )


def _line_end(text: str) -> str:
    """The most frequent line ending; LF if there is none."""
    found = Counter(_LINE_END.findall(text)).most_common(1)
    return found[0][0] if found else "\n"


# ---- bytes


class _Edit(NamedTuple):
    """``text`` replaces the characters from ``start`` to ``end`` (offsets in code points, the end exclusive)."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class _Coding:
    """How the bytes of a page are decoded (``codec``) and the script is encoded (``written``).

    A page in any encoding that contains ASCII is decoded as Latin-1: tags can be found, offsets are byte offsets, and
    the other characters do not matter. ``mark`` is the length of the byte order mark in bytes.
    """

    codec: str
    mark: int
    written: str

    def read(self, page: bytes) -> str:
        return page[self.mark :].decode(self.codec)

    def edit(self, page: bytes, text: str, edits: Iterable[_Edit]) -> bytes:
        """The page with the edits, given in the order of their offsets; all other bytes are copied."""
        parts, at = [], 0
        for edit in edits:
            parts += [page[at : self._offset(text, edit.start)], edit.text.encode(self.written)]
            at = self._offset(text, edit.end)
        return b"".join([*parts, page[at:]])

    def _offset(self, text: str, at: int) -> int:
        return self.mark + (at if self.codec == "latin-1" else len(text[:at].encode(self.codec)))


def _coding(page: bytes) -> _Coding:
    """How to decode a page and encode the script. Raises `OutputError` if that is not certain."""
    if len(page) > MAX_PAGE_BYTES:
        raise OutputError(f"the page is too large: at most {MAX_PAGE_BYTES >> 20} MiB are read")
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if page.startswith(mark):
            try:
                nul = "\0" in page[len(mark) :].decode(codec)
            except UnicodeDecodeError:
                raise OutputError("the page begins like UTF-16 and is not: save it as UTF-8") from None
            if nul:
                raise OutputError("the page holds NUL characters, so it is no HTML: give an HTML page")
            return _Coding(codec, len(mark), codec)
    if b"\0" in page:
        raise OutputError(
            "the page holds NUL bytes: it is not HTML, or it is UTF-16 without a byte order mark; save it as UTF-8"
        )
    if page.startswith(codecs.BOM_UTF8):
        return _Coding("latin-1", len(codecs.BOM_UTF8), "utf-8")
    label = declared_encoding(page[:PRESCAN].decode("latin-1"))
    if _SHIFT.search(page) or _WITHOUT_ASCII.fullmatch(_python_codec(label)):
        shown = f"declared as {label}" if label else "with shifts between character sets"
        raise OutputError(f"the page is in an encoding that does not contain ASCII ({shown}): save it as UTF-8")
    return _Coding("latin-1", 0, "utf-8" if codec_named(label) == "utf-8" and _is_utf8(page) else "ascii")


def declared_encoding(head: str) -> str:
    """The label of the encoding declared at the beginning of a page, in lower case; empty if none is declared.

    >>> declared_encoding('<!doctype html><META http-equiv="Content-Type" content="text/html; charset=KOI8-R">')
    'koi8-r'
    """
    for token in read_tokens(head):
        if token.kind == "start" and token.name == "meta":
            label = token.attributes.get("charset", "")
            if token.attributes.get("http-equiv", "").lower() == "content-type":
                found = _CHARSET.search(token.attributes.get("content", ""))
                label = label or (found[1] if found else "")
            if label:
                return label.strip().lower()
    found = _XML_ENCODING.match(head)
    return found[1].strip().lower() if found else ""


def codec_named(label: str) -> str:
    """Python's name for the encoding that browsers use for a label; empty for any other label, which they ignore.

    Empty for UTF-16 too: a page that declares it in ASCII is not UTF-16 (WHATWG HTML, section 13.2.3.2).

    >>> codec_named("latin1"), codec_named("x-sjis"), codec_named("utf-16"), codec_named("rot13")
    ('cp1252', 'cp932', '', '')
    """
    import webencodings  # 4 ms, and only pages need it

    found = webencodings.lookup(label)
    if found is None or found.name in ("replacement", "utf-16le", "utf-16be"):
        return ""
    return "cp1252" if found.name == "x-user-defined" else str(found.codec_info.name)


def _python_codec(label: str) -> str:
    """Python's name for an encoding, whether browsers know it or not; empty if Python does not know it."""
    try:
        return codecs.lookup(label).name if label else ""
    except LookupError:
        return ""


def _is_utf8(page: bytes) -> bool:
    try:
        page.decode()
    except UnicodeDecodeError:
        return False
    return True


# ---- the place


class _Old(NamedTuple):
    """The script that an earlier run embedded; ``hidden``: it is inside an element where readers miss it."""

    start: int
    end: int
    hidden: bool


@dataclass(slots=True)
class _Survey:
    """What embedding needs to know of a page: where the script goes, our earlier scripts, and other JSON-LD."""

    text: str
    release: str
    first: str = ""
    ends: list[int] = field(default_factory=list)
    own: list[_Old] = field(default_factory=list)
    others: list[tuple[int, str]] = field(default_factory=list)
    raws: list[HtmlToken] = field(default_factory=list)
    script: HtmlToken | None = None

    @property
    def old(self) -> _Old | None:
        return self.own[0] if self.own else None

    @property
    def place(self) -> int:
        """The offset of the first end tag of body or html, or of the start of its line if only spaces precede it."""
        if not self.ends:
            return len(self.text)
        line = self.ends[0] - len(self.text[: self.ends[0]]) + len(self.text[: self.ends[0]].rstrip(" \t"))
        return line if self.text[line - 1 : line] in ("\n", "\r") else self.ends[0]

    def add(self, token: HtmlToken) -> None:
        """Record the next token of the page. Raises `OutputError` if it makes the place of the script uncertain."""
        if token.kind in ("open", "doubt"):
            raise OutputError(f"line {_line(self.text, token.start)}: {_trouble(token)}")
        if token.kind == "start":
            self._start(token)
        elif token.kind == "raw":
            self.raws.append(token)
            if self.script is not None and not self._is_own(self.script):
                self.others.append((token.start, self.text[token.start : token.end]))
        elif token.kind == "end" and token.name == "script" and self.script is not None:
            if self._is_own(self.script):
                self.own.append(_Old(self.script.start, token.end, bool(token.inside)))
            self.script = None
        elif token.kind == "end" and token.name in ("body", "html") and not token.inside:
            self.ends.append(token.start)

    def _start(self, token: HtmlToken) -> None:
        self.first = self.first or token.name
        if token.name == "frameset":
            raise OutputError("the page is a frameset, it has no body of its own: give the page inside the frame")
        if token.name == "script":
            self.script = token if is_jsonld(token) or self._is_own(token) else None

    def _is_own(self, token: HtmlToken) -> bool:
        return token.attributes.get(MARKER) == self.release


def is_jsonld(script: HtmlToken) -> bool:
    """Whether a script tag has the media type of JSON-LD, with or without parameters."""
    return script.attributes.get("type", "").partition(";")[0].strip("\t\n\f\r ").lower() == JSON_LD


def _survey(text: str, release: str) -> _Survey:
    """What embedding needs to know of a page.

    Raises `OutputError` if readers that run scripts would see another end of the page than those that do not, if it is
    not an HTML page, or if the script of the release occurs more than once.
    """
    survey = _survey_once(text, release, scripting=False)
    if "<noscript" in text.lower():
        other = _survey_once(text, release, scripting=True)
        if (other.place, other.old) != (survey.place, survey.old):
            raise OutputError(
                "the page ends in different places for readers with and without scripts: mend its noscript elements"
            )
    if survey.first not in ELEMENTS:
        shown = f"its first tag is <{survey.first[:40]}>" if survey.first else "no tag stands in it"
        raise OutputError(f"this is no HTML page: {shown}")
    if len(survey.own) > 1:
        lines = " and ".join(str(_line(text, own.start)) for own in survey.own[:2])
        raise OutputError(f"the page holds the script of this release more than once (lines {lines}): remove one")
    return survey


def _survey_once(text: str, release: str, *, scripting: bool) -> _Survey:
    survey = _Survey(text, release)
    for token in read_tokens(text, scripting=scripting):
        survey.add(token)
    return survey


def _line(text: str, at: int) -> int:
    return 1 + len(_LINE_END.findall(text, 0, at))


def _trouble(token: HtmlToken) -> str:
    if token.kind == "doubt":
        return (
            f"readers differ in what they make of the <{token.name}> here, and of what follows: mend what is around it"
        )
    if token.name == "plaintext":
        return "plaintext makes everything after it text: use pre instead"
    if token.name == "nesting":
        return "elements are nested deeper than is followed: take the drawing out of the page"
    what = token.name if token.name in ("comment", "tag") else f"<{token.name}>"
    return f"the {what} that begins here is not closed, so readers miss what follows: close it"


# ---- what else the page says


def _warnings(survey: _Survey, text: str, release: str, coding: _Coding) -> Iterator[str]:
    for at, raw in survey.others:
        words = raw.encode("latin-1").decode("utf-8", "replace") if coding.codec == "latin-1" else raw
        if release in words and _describes(words, release):
            yield (
                f"line {_line(text, at)}: another script of JSON-LD describes {release} too; readers merge both: "
                "remove what is not right in it"
            )


def _describes(jsonld: str, iri: str) -> bool:
    """Whether a node in a JSON-LD text has this ``@id`` and at least one other key."""
    try:
        waiting: list[object] = [json.loads(jsonld)]
    except (ValueError, RecursionError):
        return False
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if value.get("@id") == iri and value.keys() - {"@id", "@context"}:
                return True
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return False

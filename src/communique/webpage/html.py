"""HTML cut into tags as browsers cut it (WHATWG HTML, section 13.2.5), with the place of each in the text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

MAX_PAGE_BYTES: Final = 16 << 20
"""A page larger than this is not read."""

MAX_NESTING: Final = 100
"""An svg or math nested deeper than this is not followed."""

_SPACE: Final = r"\t\n\f\r "
_MARKUP: Final = re.compile(r"<[a-zA-Z/!?]")
_TAG: Final = re.compile(rf"<(/?)([a-zA-Z][^{_SPACE}/>]*+)(>?)")
_ATTRIBUTE: Final = re.compile(
    rf"[{_SPACE}/]*+([^{_SPACE}/>][^{_SPACE}/>=]*+)"
    rf"(?:[{_SPACE}]*+=[{_SPACE}]*+(?:\"([^\"]*+)\"|'([^']*+)'|(?![\"'])([^{_SPACE}>]*+))|(?![{_SPACE}]*+=))"
)
_TAG_END: Final = re.compile(rf"[{_SPACE}/]*+>")
_COMMENT: Final = re.compile(r"<!--(?:-?>|(?s:.*?)--!?>)")
_IN_SCRIPT: Final = re.compile(rf"<!--|-->|<(/?)script(?=[{_SPACE}/>])", re.IGNORECASE | re.ASCII)
_SMALL: Final = {ord(c): ord(c) + 32 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}

_RAW: Final = "script style title textarea xmp iframe noembed noframes plaintext"
RAW: Final = frozenset(_RAW.split())
"""Elements whose content is text up to their end tag, whatever stands in it; plaintext has none."""

_VOID: Final = "area base br col embed hr img input link meta param source track wbr"
VOID: Final = frozenset(_VOID.split())
"""Elements that have no end tag."""

_ELEMENTS: Final = """
    a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blockquote body br button
    canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset
    figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input
    ins kbd keygen label legend li link listing main map mark marquee menu meta meter nav nobr noembed noframes noscript
    object ol optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp script search
    section select slot small source span strike strong style sub summary sup table tbody td template textarea tfoot th
    thead time title tr track tt u ul var video wbr xmp
"""
ELEMENTS: Final = frozenset(_ELEMENTS.split())
"""All elements of HTML, the obsolete ones too; a file whose first tag is none of them is something else."""

_BREAKOUTS: Final = """
    b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta
    nobr ol p pre ruby s small span strong strike sub sup table tt u ul var
"""
_BREAKOUT: Final = frozenset(_BREAKOUTS.split())
"""Start tags of HTML that end the svg or math around them (section 13.2.6.5)."""

_FONT: Final = frozenset(["color", "face", "size"])
"""With one of these attributes font does it too."""

_IGNORED_IN_SELECT: Final = RAW - {"script", "textarea"} | {"noscript"}
"""Browsers up to 2025 ignore these tags in a select and read on, newer ones do not."""

_POINTS: Final = {
    "svg": frozenset(["foreignobject", "desc", "title"]),
    "math": frozenset(["mi", "mo", "mn", "ms", "mtext"]),
}
"""Elements of SVG and MathML inside which HTML goes on (section 13.2.4.2)."""

TokenKind = Literal["start", "end", "raw", "open", "doubt"]
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class HtmlToken(NamedTuple):
    """A piece of a page: ``text[start:end]``, offsets in code points.

    ``kind`` is a ``start`` or ``end`` tag; the ``raw`` text of an element of `RAW`; what is still ``open`` at the end
    of the page (``name`` is "comment", "tag", an element, or "nesting" where svg or templates are nested too deep;
    always the last token); or ``doubt``: a tag on which readers disagree, and so on what follows. ``name`` and
    the names of attributes are in small letters, values decoded. ``inside`` names the outermost template, noscript, svg
    or math around the piece: a script in there is none for readers. ``closed``: the tag is written ``<x/>``.
    """

    kind: TokenKind
    name: str
    start: int
    end: int
    attributes: Mapping[str, str] = _NONE
    inside: str = ""
    closed: bool = False


def read_tokens(text: str, *, scripting: bool = False) -> Iterator[HtmlToken]:
    """The tags of a page in order; no text, however broken, is refused.

    ``scripting``: as a browser that runs scripts reads it, for which the content of noscript is text.

    >>> [(t.kind, t.name, t.start) for t in read_tokens('<p title="</p>">a<!-- </p> --></P >')]
    [('start', 'p', 0), ('end', 'p', 30)]
    """
    nest = _Nesting()
    raw = RAW | {"noscript"} if scripting else RAW
    at = 0
    while markup := _MARKUP.search(text, at):
        at = markup.start()
        opening = _TAG.match(text, at)
        if opening is None:
            end = _markup_end(text, at, cdata=nest.cdata)
            if end < 0:
                yield HtmlToken(kind="open", name="comment", start=at, end=len(text), inside=nest.inside)
                return
            at = end
            continue
        tag = _read_tag(text, opening, nest.inside)
        if tag is None or nest.full:
            yield HtmlToken(
                kind="open",
                name="tag" if tag is None else "nesting",
                start=at,
                end=len(text),
                inside=nest.inside,
            )
            return
        yield tag
        at, foreign = tag.end, nest.foreign
        if nest.follow(tag):
            yield HtmlToken(kind="doubt", name=tag.name, start=tag.start, end=at, inside=tag.inside)
        if tag.name in raw and tag.kind == "start" and not foreign:
            end = _raw_end(text, at, tag.name)
            if end < 0:
                yield HtmlToken(kind="open", name=tag.name, start=tag.start, end=len(text), inside=nest.inside)
                return
            yield HtmlToken(kind="raw", name=tag.name, start=at, end=end, inside=nest.inside)
            at = end
    if nest.inside:
        yield HtmlToken(kind="open", name=nest.inside, start=nest.since, end=len(text), inside=nest.inside)


def _markup_end(text: str, at: int, *, cdata: bool) -> int:
    """Where a comment, doctype, processing instruction or CDATA section ends; -1 if it is not closed."""
    if text.startswith("<!--", at):
        comment = _COMMENT.match(text, at)
        return comment.end() if comment else -1
    if cdata and text.startswith("<![CDATA[", at):
        end = text.find("]]>", at)
        return end + 3 if end >= 0 else -1
    return text.find(">", at) + 1 or -1


def _read_tag(text: str, opening: re.Match[str], inside: str) -> HtmlToken | None:
    """The tag that begins with ``opening``; None if the text ends in it. Of two equal attributes the first counts."""
    kind: TokenKind = "end" if opening[1] else "start"
    name, start, at = opening[2].translate(_SMALL), opening.start(), opening.end()
    if opening[3]:
        return HtmlToken(kind=kind, name=name, start=start, end=at, inside=inside)
    attributes: dict[str, str] = {}
    while found := _ATTRIBUTE.match(text, at):
        key, *values = found.groups(default="")
        attributes.setdefault(key.translate(_SMALL), html.unescape("".join(values)))
        at = found.end()
    end = _TAG_END.match(text, at)
    if end is None:
        return None
    return HtmlToken(
        kind=kind,
        name=name,
        start=start,
        end=end.end(),
        attributes=attributes,
        inside=inside,
        closed=end[0].endswith("/>"),
    )


def _raw_end(text: str, at: int, name: str) -> int:
    """Where the end tag of a raw element begins, -1 if there is none."""
    if name == "plaintext":
        return -1
    if name == "script":
        return _script_end(text, at)
    end = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE | re.ASCII).search(text, at)
    return end.start() if end else -1


def _script_end(text: str, at: int) -> int:
    """Where ``</script`` ends a script: not in ``<!-- <script> … </script> -->`` (sections 13.2.5.18 to 31)."""
    escaped = double = False
    while found := _IN_SCRIPT.search(text, at):
        at = found.start() + 2  # the dashes of <!--> open and close
        if found[0] == "<!--":
            escaped = True
        elif found[0] == "-->":
            escaped = double = False
        elif not found[1]:
            double = escaped
        elif double:
            double = False
        else:
            return found.start()
    return -1


class _Open(NamedTuple):
    """An element that is not closed yet: ``space`` is html, svg or math; in a ``point`` of svg or math HTML goes on."""

    name: str
    space: str
    point: bool


class _Nesting:
    """What is open around the reader, as far as it changes how tags are read (sections 13.2.6.4.4 and 13.2.6.5).

    Templates and noscript are kept, and svg and math with everything in them, which is enough to know where HTML ends
    and goes on without building the tree.
    """

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._select = False
        self._roots = 0  # how many of them are of SVG or MathML
        self.inside = ""
        """The outermost of what is open."""
        self.since = 0
        """Where that begins."""
        self.foreign = False
        """Whether a tag here belongs to SVG or MathML."""
        self.cdata = False
        """Whether a CDATA section is one here, and not a comment."""

    @property
    def full(self) -> bool:
        return len(self._open) > MAX_NESTING

    def follow(self, tag: HtmlToken) -> bool:
        """Open or close what a tag opens or closes; whether it is doubtful what that is."""
        if tag.name == "select":
            self._select = tag.kind == "start" and not self._select
        if tag.kind == "end":
            return bool(self._open) and self._end(tag.name)
        self._start(tag)
        return self._select and (tag.name in _POINTS or tag.name in _IGNORED_IN_SELECT)

    def _start(self, tag: HtmlToken) -> None:
        name = tag.name
        if self.foreign and (name in _BREAKOUT or (name == "font" and not _FONT.isdisjoint(tag.attributes))):
            while self.foreign:
                self._cut(len(self._open) - 1)
        if self.foreign:
            space = self._open[-1].space
            opens = _Open(name, space, name in _POINTS[space] or _holds_html(tag))
        elif name in _POINTS:
            opens = _Open(name, name, False)
        elif name in ("template", "noscript") or (self._roots and name not in VOID and name not in RAW):
            opens = _Open(name, "html", False)
        else:
            return
        if opens.space == "html" or not tag.closed:
            self.since = self.since if self._open else tag.start
            self._open.append(opens)
            self._roots += opens.space != "html"
            self._settle()

    def _end(self, name: str) -> bool:
        """Close up to the element of that name; doubtful if other things in svg or math are cut off by it."""
        for number in range(len(self._open) - 1, -1, -1):
            one = self._open[number]
            if one.name == name:
                above = self._open[number + 1 :]
                mixed = self._roots > 0 and any("html" in (one.space, other.space) for other in above)
                self._cut(number)
                return mixed
            if one.name == "template" and one.space == "html" and name != "template":
                break
        return self.foreign and name not in ("body", "html")

    def _cut(self, number: int) -> None:
        self._roots -= sum(one.space != "html" for one in self._open[number:])
        del self._open[number:]
        self._settle()

    def _settle(self) -> None:
        self.inside = self._open[0].name if self._open else ""
        self.cdata = bool(self._open) and self._open[-1].space != "html"
        self.foreign = self.cdata and not self._open[-1].point


def _holds_html(tag: HtmlToken) -> bool:
    encoding = tag.attributes.get("encoding", "").translate(_SMALL)
    return tag.name == "annotation-xml" and encoding in ("text/html", "application/xhtml+xml")

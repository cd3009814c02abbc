"""The tags of an HTML page with their offsets, tokenized as browsers do it (WHATWG HTML, section 13.2.5)."""

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
"""Elements whose content, whatever it is, is text up to their end tag; plaintext has no end tag."""

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
"""All elements of HTML, the obsolete ones too; a file whose first tag is not one of them is not HTML."""

_BREAKOUTS: Final = """
    b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta
    nobr ol p pre ruby s small span strong strike sub sup table tt u ul var
"""
_BREAKOUT: Final = frozenset(_BREAKOUTS.split())
"""Start tags of HTML that end the svg or math around them (section 13.2.6.5)."""

_FONT: Final = frozenset(["color", "face", "size"])
"""With one of these attributes, a font start tag does so too."""

_IGNORED_IN_SELECT: Final = RAW - {"script", "textarea"} | {"noscript"}
"""Browsers up to 2025 ignore these tags inside a select; newer ones do not."""

_INTEGRATION_POINTS: Final = {
    "svg": frozenset(["foreignobject", "desc", "title"]),
    "math": frozenset(["mi", "mo", "mn", "ms", "mtext"]),
}
"""Elements of SVG and MathML whose content is HTML again (section 13.2.4.2)."""

TokenKind = Literal["start", "end", "raw", "open", "doubt"]
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


class HtmlToken(NamedTuple):
    """A tag or other piece of a page: ``text[start:end]``, offsets in code points.

    ``kind`` is one of:

    * ``start`` or ``end``: a tag
    * ``raw``: the text of an element in `RAW`
    * ``open``: something still open at the end of the page, always the last token; ``name`` is "comment", "tag", an
      element, or "nesting" if svg, math or templates are nested too deep
    * ``doubt``: follows a tag that parsers read differently, so that they disagree about the rest of the page

    ``name`` and the names of attributes are in lower case, the values of attributes decoded. ``inside`` names the
    outermost template, noscript, svg or math around the piece, where readers do not see a script. ``closed``: the tag
    is written ``<x/>``.
    """

    kind: TokenKind
    name: str
    start: int
    end: int
    attributes: Mapping[str, str] = _NONE
    inside: str = ""
    closed: bool = False


def read_tokens(text: str, *, scripting: bool = False) -> Iterator[HtmlToken]:
    """The tokens of a page in order; no text is refused, however broken.

    ``scripting``: read the page as a browser that runs scripts does: the content of noscript is text.

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
    """The offset after a comment, doctype, processing instruction or CDATA section; -1 if it is not closed."""
    if text.startswith("<!--", at):
        comment = _COMMENT.match(text, at)
        return comment.end() if comment else -1
    if cdata and text.startswith("<![CDATA[", at):
        end = text.find("]]>", at)
        return end + 3 if end >= 0 else -1
    return text.find(">", at) + 1 or -1


def _read_tag(text: str, opening: re.Match[str], inside: str) -> HtmlToken | None:
    """The tag that begins with ``opening``; None if the text ends in it. The first of repeated attributes counts."""
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
    """The offset of the end tag of a raw element; -1 if there is none."""
    if name == "plaintext":
        return -1
    if name == "script":
        return _script_end(text, at)
    end = re.compile(rf"</{name}(?=[{_SPACE}/>])", re.IGNORECASE | re.ASCII).search(text, at)
    return end.start() if end else -1


def _script_end(text: str, at: int) -> int:
    """The offset of the ``</script`` that ends a script, or -1.

    One inside ``<!-- <script> … </script> -->`` does not end it (sections 13.2.5.18 to 31).
    """
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
    """An element that is not closed yet: ``namespace`` is html, svg or math.

    ``integrates``: it is an integration point of svg or math, whose content is HTML again.
    """

    name: str
    namespace: str
    integrates: bool


class _Nesting:
    """The open elements that change how tags are read (sections 13.2.6.4.4 and 13.2.6.5).

    These are template and noscript, and svg and math with all elements inside them. They are enough to know which tags
    are HTML, without building the tree.
    """

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._select = False
        self._foreign_open = 0  # how many of the open elements are SVG or MathML
        self.inside = ""
        """The name of the outermost open element, or ""."""
        self.since = 0
        """The offset where that element begins."""
        self.foreign = False
        """Whether a tag here belongs to SVG or MathML."""
        self.cdata = False
        """Whether ``<![CDATA[`` begins a CDATA section here; elsewhere it begins a comment."""

    @property
    def full(self) -> bool:
        return len(self._open) > MAX_NESTING

    def follow(self, tag: HtmlToken) -> bool:
        """Open or close elements as a tag does; whether parsers disagree about which."""
        if tag.name == "select":
            self._select = tag.kind == "start" and not self._select
        if tag.kind == "end":
            return bool(self._open) and self._end(tag.name)
        self._start(tag)
        return self._select and (tag.name in _INTEGRATION_POINTS or tag.name in _IGNORED_IN_SELECT)

    def _start(self, tag: HtmlToken) -> None:
        name = tag.name
        if self.foreign and (name in _BREAKOUT or (name == "font" and not _FONT.isdisjoint(tag.attributes))):
            while self.foreign:
                self._cut(len(self._open) - 1)
        if self.foreign:
            namespace = self._open[-1].namespace
            opens = _Open(name, namespace, name in _INTEGRATION_POINTS[namespace] or _holds_html(tag))
        elif name in _INTEGRATION_POINTS:
            opens = _Open(name, name, False)
        elif name in ("template", "noscript") or (self._foreign_open and name not in VOID and name not in RAW):
            opens = _Open(name, "html", False)
        else:
            return
        if opens.namespace == "html" or not tag.closed:
            self.since = self.since if self._open else tag.start
            self._open.append(opens)
            self._foreign_open += opens.namespace != "html"
            self._settle()

    def _end(self, name: str) -> bool:
        """Close the innermost element of that name and what is open inside it.

        Gives whether parsers disagree about it, because elements of svg or math are mixed with those of HTML.
        """
        for number in range(len(self._open) - 1, -1, -1):
            one = self._open[number]
            if one.name == name:
                above = self._open[number + 1 :]
                mixed = self._foreign_open > 0 and any("html" in (one.namespace, other.namespace) for other in above)
                self._cut(number)
                return mixed
            if one.name == "template" and one.namespace == "html" and name != "template":
                break
        return self.foreign and name not in ("body", "html")

    def _cut(self, number: int) -> None:
        self._foreign_open -= sum(one.namespace != "html" for one in self._open[number:])
        del self._open[number:]
        self._settle()

    def _settle(self) -> None:
        self.inside = self._open[0].name if self._open else ""
        self.cdata = bool(self._open) and self._open[-1].namespace != "html"
        self.foreign = self.cdata and not self._open[-1].integrates


def _holds_html(tag: HtmlToken) -> bool:
    encoding = tag.attributes.get("encoding", "").translate(_SMALL)
    return tag.name == "annotation-xml" and encoding in ("text/html", "application/xhtml+xml")

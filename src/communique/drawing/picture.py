"""The picture of a release or an entity: who is tied to what, as SVG made when the page is built.

The same facts give the same bytes. Colours, light and dark come from the style sheet, by class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape
from typing import Final, NamedTuple

from communique.drawing.facts import Facts
from communique.drawing.grid import LEADING, SIZE, Box
from communique.drawing.layout import BAR, HEADING_WORDS, Drawing, PlacedLabel, Point, lay_out
from communique.drawing.lettering import href_attribute, markup
from communique.drawing.relations import TIE_WORDS, TIES, LabelOf, Picture, PictureRow, picture_rows, read_picture
from communique.drawing.wording import Wording

__all__ = ["PICTURE_WORDS", "TIES", "DrawnPicture", "draw_picture", "render_picture"]

PICTURE_WORDS: Final = (*HEADING_WORDS, *TIE_WORDS)
"""The keys of the words that come from tables: headings, and ties."""

TABLE_ADDRESS: Final = "#{name}-rest"
"""The address of the table beside the picture ``name``, to which "and 9 more" links: it says the same in words."""


class DrawnPicture(NamedTuple):
    """A picture as one ``svg`` element, and the same as rows of a table; "" and no rows if it has no line."""

    svg: str
    rows: list[PictureRow]


def draw_picture(
    facts: Facts, focus: str | None, *, label: LabelOf, href: Callable[[str], str], words: Wording
) -> DrawnPicture:
    """The picture of a release or, with a ``focus``, of all facts about that entity.

    ``label`` gives the name of an IRI with its language, ``href`` its address, as in `render_picture`.
    """
    picture = read_picture(facts, focus, label, words)
    svg = render_picture(picture, href=href, words=words)
    return DrawnPicture(svg, picture_rows(picture, words) if svg else [])


def render_picture(
    picture: Picture,
    *,
    href: Callable[[str], str],
    words: Wording,
    name: str = "picture",
) -> str:
    """A picture as one ``svg`` element; "" if it has no line.

    ``href`` gives the address of an entity, on this page or another; an address that is neither relative nor http(s) is
    not linked. ``name`` is the prefix of the ids inside, and must be unique on a page. `picture_rows` says the same in
    words, with what is left out: show it beside every picture.
    """
    drawing = lay_out(picture, words)
    if drawing is None:
        return ""
    width, height = _number(drawing.width + 8), _number(drawing.height + 16)
    wide = " wide" if drawing.width > 960 else ""
    parts = [
        f'<svg class="pic{wide}" viewBox="-4 -12 {width} {height}" width="{width}" height="{height}" direction="ltr"'
        f' role="group" aria-labelledby="{name}-title" aria-describedby="{name}-words">',
        f'<title id="{name}-title">{markup(_title(picture, words))}</title>',
        f'<desc id="{name}-words">{markup(_summary(drawing, words))}</desc>',
        f'<defs><marker id="{name}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7"'
        ' orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
        *(
            f'<text class="h" x="{_number(x)}" y="8">{markup(heading)}</text>'
            for x, heading in sorted(drawing.headings)
        ),
        *_lines(drawing, name),
        *(part for label in drawing.labels for part in _label(label)),
        *(part for box in drawing.boxes for part in _box(box, picture.focus, href, TABLE_ADDRESS.format(name=name))),
        "</svg>",
    ]
    return "".join(parts)


def _title(picture: Picture, words: Wording) -> str:
    names = {node.iri: node.label for node in picture.nodes}
    return words("pic.title-of", name=names[picture.focus]) if picture.focus else words("pic.title")


def _summary(drawing: Drawing, words: Wording) -> str:
    lines = [line for line, _ in drawing.paths]
    counted = words(
        "pic.summary",
        boxes=len(drawing.boxes),
        lines=len(lines),
        broken=sum(line.broken for line in lines),
        facts=sum(line.facts for line in lines),
        inferred=sum(line.inferred for line in lines),
    )
    return f"{counted} {words('pic.summary-list')}"


def _lines(drawing: Drawing, name: str) -> Iterator[str]:
    """The lines; a stated one is drawn over an inferred one where they join."""
    for line, points in sorted(drawing.paths, key=lambda path: not path[0].broken):
        broken = " inf" if line.broken else ""
        yield f'<path class="ed{broken}" d="{_track(points)}" marker-end="url(#{name}-arrow)"/>'


def _track(points: list[Point]) -> str:
    """The path of a line, ending just before its box."""
    (x, y), (before_x, before_y) = points[-1], points[-2]
    end = (x + _sign_of(before_x - x) * 2, y + _sign_of(before_y - y) * 2)
    return "M" + " ".join(f"{_number(x)} {_number(y)}" for x, y in [*points[:-1], end])


def _sign_of(difference: float) -> int:
    """-1, 0 or 1."""
    return (difference > 0) - (difference < 0)


def _label(label: PlacedLabel) -> Iterator[str]:
    line, rect = label.line, label.rect
    language = f' lang="{escape(line.language)}"' if line.language else ""
    if line.pill:
        yield (
            f'<rect class="role" x="{_number(rect.x)}" y="{_number(rect.y)}" width="{_number(rect.width)}"'
            f' height="{_number(rect.height)}" rx="14"/>'
        )
    x, style = rect.x + (13 if line.pill else 0), "rt" if line.pill else "l"
    for y, text in label.texts:
        yield f'<text class="{style}" x="{_number(x)}" y="{_number(y)}"{language}>{markup(text)}</text>'


def _box(box: Box, focus: str | None, href: Callable[[str], str], table_address: str) -> Iterator[str]:
    node, kind = box.node, f"k-{box.node.kind}"
    address = table_address if box.more else href(node.iri)
    entity = "" if box.more else f' data-entity="{escape(node.iri)}"'
    style = ' class="more"' if box.more else ' class="focus"' if node.iri == focus else ""
    yield f"<a{href_attribute(address)}{entity}{style}>"
    if box.cut:
        yield f"<title>{markup(f'{node.label}, {node.note}' if node.note else node.label)}</title>"
    place = f'x="{_number(box.x)}" y="{_number(box.y)}" height="{_number(box.height)}"'
    yield f'<rect {place} width="{_number(box.width)}" class="n {kind}"/>'
    yield f'<rect {place} width="5" class="bar {kind}"/>'
    language = f' lang="{escape(node.language)}"' if node.language else ""
    y = box.y + (box.height - LEADING * (len(box.names) + len(box.notes))) / 2 + SIZE - 1
    for n, text in enumerate(box.names):
        yield f'<text x="{_number(box.x + BAR)}" y="{_number(y + n * LEADING)}"{language}>{markup(text)}</text>'
    for n, text in enumerate(box.notes, len(box.names)):
        yield f'<text class="s" x="{_number(box.x + BAR)}" y="{_number(y + n * LEADING)}">{markup(text)}</text>'
    yield "</a>"


def _number(value: float) -> str:
    """A length with at most one decimal.

    >>> _number(12.0), _number(0.125)
    ('12', '0.1')
    """
    return f"{value:.1f}".removesuffix(".0")

"""The layout of a picture: the position of each box, line and label, in SVG user units (CSS pixels).

Boxes are placed in columns. The gap between two columns has room for labels on its left, and on its right for steps:
the vertical parts of lines. A line runs horizontally from its box and goes up or down once, just before the column of
its target. Lines to the same box join there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from communique.drawing.grid import GAP, LEADING, SMALL, Box, Grid, GridRow, LineLabel
from communique.drawing.lettering import measure
from communique.drawing.relations import Picture, PictureNode
from communique.drawing.ties import PictureLine, plan
from communique.drawing.wording import Wording
from communique.kinds import COLUMNS, LANES

BAR: Final = 15.0
"""The distance from the left side of a box to its text."""

TOP: Final = 30.0
"""The top of the first row; the headings are above it."""

_MARGIN: Final = 5.0  # from the top or bottom of a box to the edge of its rows
_END_MARGIN: Final = 14.0  # from the end of a line to the nearest corner of its box
_INSET: Final = 11.0  # from the widest text of a box to its right side
_NARROWEST: Final = 110.0  # the least width of a column
_NARROWEST_GAP: Final = 34.0  # the least distance between two columns
_CHANNEL: Final = 9.0  # from one step to the next one in the same gap
_ARROW_LENGTH: Final = 16.0  # from the last step to the next column
_LABEL_MARGIN: Final = 8.0  # on either side of the label of a line
_VERTICAL_INSET: Final = 26.0  # from the left side of a box to a vertical line

_MORE_HEADINGS: Final = ("pic.events", "pic.roles", "pic.roles-on")
HEADING_WORDS: Final = (*(f"pic.{lane.column}" for lane in LANES if lane.column), *_MORE_HEADINGS)
"""The keys of the headings."""

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label in its position: its lines of text, each with the height of its baseline, and the rectangle they fill."""

    line: PictureLine
    rect: Rect
    texts: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with the positions of all its parts; ``headings`` are pairs of left side and text."""

    width: float
    height: float
    headings: list[tuple[float, str]]
    boxes: list[Box]
    paths: list[tuple[PictureLine, list[Point]]]
    labels: list[PlacedLabel]


def lay_out(picture: Picture, words: Wording) -> Drawing | None:
    """The layout of a picture; None if it has no lines."""
    drawn = plan(picture, words)
    if not drawn.lines:
        return None
    grid = Grid(drawn, picture.nodes)
    _add_folds(grid, drawn.more, words)
    return _Layout(grid, _headings(grid, picture, words)).draw()


def _add_folds(grid: Grid, more: Mapping[str, int], words: Wording) -> None:
    """Add a box for the folded nodes of each kind, all in one row at the bottom."""
    row = GridRow()
    for kind, n in more.items():
        box = Box(PictureNode("", words("pic.more", n=n), kind), more=True, rows=[row])
        grid.columns[kind].append(box)
    if more:
        grid.rows.append(row)


def _headings(grid: Grid, picture: Picture, words: Wording) -> dict[str, str]:
    """The heading of each column that has boxes, and of the roles, by kind."""
    headings = {lane.key: words(f"pic.{lane.column}") for lane in LANES if grid.columns.get(lane.key)}
    if len(grid.columns["event"]) > 1:
        headings["event"] = words("pic.events")
    if any(line.pill for line in grid.lines):
        days = {role.day for role in picture.roles}
        doubt = any(role.day_inferred for role in picture.roles)  # a heading has no room for a mark and its reason
        day = min(days) if len(days) == 1 and not doubt else ""
        headings["roles"] = words("pic.roles-on", day=words.on_day(day)) if day else words("pic.roles")
    return headings


@dataclass(frozen=True, slots=True)
class _Step:
    """A vertical part of one or more lines, in the gap after the column ``gap``; ``end`` is the height where it ends.

    Lines for which all of this is equal share a step.
    """

    gap: str
    target: str
    end: float
    broken: bool
    down: bool
    back: bool = False


class _Layout:
    """The measures of one picture: heights first, then steps, then widths."""

    def __init__(self, grid: Grid, headings: dict[str, str]) -> None:
        self.grid, self.headings = grid, headings
        self.kinds = [kind for kind in COLUMNS if grid.columns[kind]]
        self.start: dict[PictureLine, float] = {}
        """The height at which each line leaves its box."""
        self.left: dict[str, float] = {}
        self.width: dict[str, float] = {}
        self.steps: dict[_Step, tuple[float, float]] = {}
        """The top and bottom of each step."""
        self.channel: dict[_Step, int] = {}

    def draw(self) -> Drawing:
        grid = self.grid
        self._set_heights()
        self._set_boxes()
        routes = {line: list(self._route(line)) for line in grid.lines if line not in grid.vertical}
        self._set_channels()
        end = self._set_widths()
        paths = [(line, self._path(line, routes.get(line, []))) for line in grid.lines]
        last = grid.rows[-1]
        headings = [(self.left[kind], self.headings[kind]) for kind in self.kinds]
        if "roles" in self.headings:
            headings.append((self.left["people"] + self.width["people"] + _LABEL_MARGIN, self.headings["roles"]))
        boxes = [box for kind in self.kinds for box in grid.columns[kind]]
        labels = [label for line in grid.lines for label in self._placed_labels(line)]
        return Drawing(
            width=end, height=last.top + last.height, headings=headings, boxes=boxes, paths=paths, labels=labels
        )

    # ---- heights

    def _set_heights(self) -> None:
        """Set the least heights that fit; if a box needs more than its rows have, they share the difference equally."""
        rows = self.grid.rows
        index = {row: n for n, row in enumerate(rows)}
        for row in rows:
            row.height = row.up + row.down
        needs = [(index[first], index[last], least) for first, last, least in self.grid.least_heights]
        for kind in self.kinds:
            for box in self.grid.columns[kind]:
                least = (
                    max(box.least_height, sum(label.up + label.down for _, label in self._lines_without_row(box))) + GAP
                )
                needs.append((index[box.rows[0]], index[self._last_row_without_line(box)], least))
        for first, last, least in sorted(needs, key=lambda need: (need[1] - need[0], *need)):
            lack = least - sum(row.height for row in rows[first : last + 1])
            for row in rows[first : last + 1]:
                row.height += max(0.0, lack) / (last + 1 - first)
        top = TOP
        for row in rows:
            row.top, top = top, top + row.height

    def _lines_without_row(self, box: Box) -> list[tuple[PictureLine, LineLabel]]:
        """The lines of a person that do not run in a row of the person's box, with their labels."""
        if box.node.kind != "people" or box.more:
            return []
        lines = [line for line in self.grid.lines if line.source == box.node.iri]
        lines = [line for line in lines if self.grid.row_of.get(line) not in box.rows]
        return [(line, self.grid.labels[line]) for line in lines]

    def _last_row_without_line(self, box: Box) -> GridRow:
        """The last row of a person's box in which no line of that person runs; of any other box, its last row."""
        own = {row for line, row in self.grid.row_of.items() if line.source == box.node.iri}
        rest = [row for row in box.rows if row not in own]
        return rest[-1] if rest and box.node.kind == "people" else box.rows[-1]

    def _set_boxes(self) -> None:
        """Set the top and height of every box: in the middle of its rows, with room for its text and its line ends."""
        for kind in self.kinds:
            for box in self.grid.columns[kind]:
                self._set_starts(box)
        for kind in self.kinds:
            for box in self.grid.columns[kind]:
                self._set_box(box)

    def _set_starts(self, box: Box) -> None:
        """Set where the lines of a box start: in their rows or, for lines without a row, spread over the other rows."""
        rowless = self._lines_without_row(box)
        for line, row in self.grid.row_of.items():
            if line.source == box.node.iri:
                self.start[line] = row.line
        top, last = box.rows[0].top, self._last_row_without_line(box)
        spare = last.top + last.height - top - sum(label.up + label.down for _, label in rowless)
        for line, label in rowless:
            top += spare / len(rowless) / 2
            self.start[line] = top + label.up
            top += label.up + label.down + spare / len(rowless) / 2

    def _set_box(self, box: Box) -> None:
        first, last = box.rows[0], box.rows[-1]
        top, bottom = first.top + _MARGIN, last.top + last.height - _MARGIN
        last_row = self._last_row_without_line(box)
        middle = (first.top + last_row.top + last_row.height) / 2
        ends = [y for line, y in self.start.items() if box.node.iri == line.source]
        ends += [row.line for line, row in self.grid.returning.items() if line.target == box.node.iri]
        ends += [y for line in self.grid.lines if (y := self._direct_height(line, box)) is not None]
        box.y = max(top, min([middle - box.least_height / 2, *(y - _END_MARGIN for y in ends)]))
        box.height = min(bottom, max([middle + box.least_height / 2, *(y + _END_MARGIN for y in ends)])) - box.y

    def _direct_height(self, line: PictureLine, box: Box) -> float | None:
        """The height at which a line reaches its target from the left without a step; None if it needs one."""
        if line.target != box.node.iri or line in self.grid.returning or line in self.grid.vertical:
            return None
        first, last, y = box.rows[0], box.rows[-1], self._height_before_target(line)
        return y if first.top < y < last.top + last.height else None

    def _height_before_target(self, line: PictureLine) -> float:
        """The height at which a line runs just before the gap in front of its target."""
        row = self.grid.row_of.get(line)
        return row.line if row else self.start[line]

    # ---- steps

    def _gap_before(self, iri: str) -> str:
        """The kind of the column to the left of that of a node."""
        return self.kinds[self.kinds.index(self.grid.boxes[iri].node.kind) - 1]

    def _route(self, line: PictureLine) -> Iterator[_Step]:
        """The steps of a line: none or one; two if it also has to reach its row from a person with others below."""
        grid, here = self.grid, self.start[line]
        if line in grid.returning:
            end = grid.returning[line].line
            kind = grid.boxes[line.source].node.kind
            yield self._add_step(_Step(kind, line.target, end, line.broken, end > here, back=True), here)
            return
        before, box = self._height_before_target(line), grid.boxes[line.target]
        if abs(before - here) > 0.5:
            kind = grid.boxes[line.source].node.kind
            yield self._add_step(_Step(kind, line.source + line.target, before, line.broken, before > here), here)
        if self._direct_height(line, box) is None:
            levels = [y for other in grid.lines if (y := self._direct_height(other, box)) is not None]
            down = box.y > before
            end = (min(levels) if down else max(levels)) if levels else box.y + box.height / 2
            yield self._add_step(_Step(self._gap_before(line.target), line.target, end, line.broken, down), before)

    def _add_step(self, step: _Step, start: float) -> _Step:
        """Make a step reach the height ``start``, at which a line comes to it; returns the step."""
        low, high = self.steps.get(step, (step.end, step.end))
        self.steps[step] = min(low, start), max(high, start)
        return step

    def _set_channels(self) -> None:
        """Set the channel of each step in its gap, from the left, so that no step lies on another.

        Steps are sorted by direction and end, so that lines to columns further right do not cross.
        """
        for kind in self.kinds:
            mine = [step for step in self.steps if step.gap == kind]
            order = sorted(mine, key=lambda s: (s.back, not s.down, -s.end if s.down else s.end, s.target, s.broken))
            for n, step in enumerate(order):
                low, high = self.steps[step]
                near = [s for s in order[:n] if self.steps[s][0] - 5 < high and low < self.steps[s][1] + 5]
                self.channel[step] = max((self.channel[s] for s in near), default=-1) + 1

    # ---- widths

    def _set_widths(self) -> float:
        """Set the left side and width of each column; returns the width of the picture."""
        x = 0.0
        for kind in self.kinds:
            boxes = self.grid.columns[kind]
            texts = [box.text_width + BAR + _INSET for box in boxes]
            labels = [
                _VERTICAL_INSET + _LABEL_MARGIN + self.grid.labels[line].width + 4
                for line in self._lines_from(kind, vertical=True)
            ]
            self.left[kind] = x
            self.width[kind] = max(_NARROWEST, measure(self.headings[kind]) * SMALL + 4, *texts, *labels)
            for box in boxes:
                box.x, box.width = x, self.width[kind]
            x += self.width[kind] + self._gap_width(kind)
        return x

    def _lines_from(self, kind: str, *, vertical: bool = False) -> list[PictureLine]:
        """The lines that start in a column: the vertical ones or all others."""
        lines = [line for line in self.grid.lines if self.grid.boxes[line.source].node.kind == kind]
        return [line for line in lines if (line in self.grid.vertical) is vertical]

    def _label_room(self, kind: str) -> float:
        """The width of the room for labels to the right of a column."""
        widths = [self.grid.labels[line].width for line in self._lines_from(kind)]
        if kind == "people" and "roles" in self.headings:
            widths.append(measure(self.headings["roles"]) * SMALL)
        return max(widths) + 2 * _LABEL_MARGIN if widths else 0.0

    def _gap_width(self, kind: str) -> float:
        """The width of the gap between a column and the next one."""
        steps = [n for step, n in self.channel.items() if step.gap == kind]
        channels = (max(steps) + 1) * _CHANNEL if steps else 0.0
        if kind == self.kinds[-1]:
            return self._label_room(kind) + channels
        return max(_NARROWEST_GAP, self._label_room(kind) + channels + _ARROW_LENGTH)

    # ---- lines and labels

    def _path(self, line: PictureLine, steps: list[_Step]) -> list[Point]:
        """The corners of a line, with its two ends."""
        source, target = self.grid.boxes[line.source], self.grid.boxes[line.target]
        if line in self.grid.vertical:
            x = source.x + _VERTICAL_INSET
            down = source.y < target.y
            return [(x, source.y + source.height * down), (x, target.y + target.height * (not down))]
        y = self.start[line]
        points = [(source.x + source.width, y)]
        for step in steps:
            first = self.left[step.gap] + self.width[step.gap] + self._label_room(step.gap)
            x = first + (self.channel[step] + 0.5) * _CHANNEL
            points += [(x, y), (x, step.end)]
            y = step.end
        end = target.x + target.width if line in self.grid.returning else target.x
        return [*points, (end, y)]

    def _placed_labels(self, line: PictureLine) -> Iterator[PlacedLabel]:
        """The labels of a line: above and below its start, on it for a role, beside it if it is vertical."""
        label, source = self.grid.labels[line], self.grid.boxes[line.source]
        if line in self.grid.vertical:
            target = self.grid.boxes[line.target]
            upper, lower = sorted((source, target), key=lambda box: box.y)
            texts, high = label.above + label.below, LEADING * len(label.above + label.below)
            y = (upper.y + upper.height + lower.y - high) / 2
            yield self._placed_label(line, source.x + _VERTICAL_INSET + _LABEL_MARGIN, y, texts, label.width)
            return
        x, y = source.x + source.width + _LABEL_MARGIN, self.start[line]
        if label.pill:
            high = LEADING * len(label.above) + 16
            yield PlacedLabel(
                line, Rect(x, y - high / 2, label.width, high), tuple(self._text_lines(y - high / 2 + 8, label.above))
            )
            return
        yield self._placed_label(line, x, y - LEADING * len(label.above) - 3, label.above, label.width)
        if label.below:
            yield self._placed_label(line, x, y + 2, label.below, label.width)

    def _placed_label(self, line: PictureLine, x: float, y: float, texts: list[str], width: float) -> PlacedLabel:
        return PlacedLabel(line, Rect(x, y, width, LEADING * len(texts)), tuple(self._text_lines(y, texts)))

    def _text_lines(self, top: float, texts: list[str]) -> Iterator[tuple[float, str]]:
        """Lines of small text below a height, each with the height of its baseline."""
        yield from ((top + LEADING * n + 13.5, text) for n, text in enumerate(texts))

"""Where everything in a picture stands, in units of the SVG, which are CSS pixels.

Boxes stand in columns; between two columns there is first room for the labels, then room for the steps of lines. A line
runs level from its box to where it has to go up or down, once, just before the column of its target. Lines to the same
box join there.
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
"""From the left side of a box to its text."""

TOP: Final = 30.0
"""Where the first row begins; the headings stand above."""

_MARGIN: Final = 5.0  # between a box and the end of its rows
_HOLD: Final = 14.0  # from the end of a line to the corner of the box
_INSET: Final = 11.0  # from the text of a box to its right side
_NARROWEST: Final = 110.0  # a column
_CLOSEST: Final = 34.0  # two columns
_CHANNEL: Final = 9.0  # from one step to the next
_ARROW: Final = 16.0  # from the last step to the column
_AWAY: Final = 8.0  # from a box to the label of a line, and from the label to the first step
_POST: Final = 26.0  # from the left side of a box to the line that joins it to the next one below

_MORE_HEADS: Final = ("pic.events", "pic.roles", "pic.roles-on")
HEAD_WORDS: Final = (*(f"pic.{lane.column}" for lane in LANES if lane.column), *_MORE_HEADS)
"""The keys of the words over the columns."""

Point: TypeAlias = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle: left, top, width, height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sign:
    """A label at its place: its lines of text with their base lines, and the room they take."""

    line: PictureLine
    rect: Rect
    texts: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture with all its places; ``heads`` are the headings of the columns with their left sides."""

    width: float
    height: float
    heads: list[tuple[float, str]]
    boxes: list[Box]
    paths: list[tuple[PictureLine, list[Point]]]
    signs: list[Sign]


def lay_out(picture: Picture, words: Wording) -> Drawing | None:
    """The places of all that is drawn of a picture; None if there is no line in it."""
    drawn = plan(picture, words)
    if not drawn.lines:
        return None
    grid = Grid(drawn, picture.nodes)
    _add_folds(grid, drawn.more, words)
    return _Layout(grid, _headings(grid, picture, words)).draw()


def _add_folds(grid: Grid, more: Mapping[str, int], words: Wording) -> None:
    """The boxes that stand for what is folded, in a row at the end."""
    row = GridRow()
    for kind, n in more.items():
        box = Box(PictureNode("", words("pic.more", n=n), kind), more=True, rows=[row])
        grid.columns[kind].append(box)
    if more:
        grid.rows.append(row)


def _headings(grid: Grid, picture: Picture, words: Wording) -> dict[str, str]:
    """The heading of each column that has boxes, and that of the roles."""
    heads = {lane.key: words(f"pic.{lane.column}") for lane in LANES if grid.columns.get(lane.key)}
    if len(grid.columns["event"]) > 1:
        heads["event"] = words("pic.events")
    if any(line.pill for line in grid.lines):
        days = {role.day for role in picture.roles}
        doubt = any(role.day_inferred for role in picture.roles)  # a heading has no room for a mark and its reason
        day = min(days) if len(days) == 1 and not doubt else ""
        heads["roles"] = words("pic.roles-on", day=words.on_day(day)) if day else words("pic.roles")
    return heads


@dataclass(frozen=True, slots=True)
class _Step:
    """A stretch up or down in front of a column: what shares it and where it ends."""

    gap: str
    target: str
    end: float
    broken: bool
    down: bool
    back: bool = False


class _Layout:
    """Measures of one picture; heights first, then the steps, then widths."""

    def __init__(self, grid: Grid, heads: dict[str, str]) -> None:
        self.grid, self.heads = grid, heads
        self.kinds = [kind for kind in COLUMNS if grid.columns[kind]]
        self.start: dict[PictureLine, float] = {}
        """Height at which a line leaves its box."""
        self.left: dict[str, float] = {}
        self.width: dict[str, float] = {}
        self.steps: dict[_Step, tuple[float, float]] = {}
        """From where to where each step reaches."""
        self.channel: dict[_Step, int] = {}

    def draw(self) -> Drawing:
        grid = self.grid
        self._set_heights()
        self._set_boxes()
        routes = {line: list(self._route(line)) for line in grid.lines if line not in grid.upright}
        self._set_channels()
        end = self._set_widths()
        paths = [(line, self._path(line, routes.get(line, []))) for line in grid.lines]
        last = grid.rows[-1]
        heads = [(self.left[kind], self.heads[kind]) for kind in self.kinds]
        if "roles" in self.heads:
            heads.append((self.left["people"] + self.width["people"] + _AWAY, self.heads["roles"]))
        boxes = [box for kind in self.kinds for box in grid.columns[kind]]
        signs = [sign for line in grid.lines for sign in self._signs(line)]
        return Drawing(width=end, height=last.top + last.height, heads=heads, boxes=boxes, paths=paths, signs=signs)

    # ---- heights

    def _set_heights(self) -> None:
        """Rows as low as what they hold allows; what spans several rows spreads what it lacks over all of them."""
        rows = self.grid.rows
        index = {row: n for n, row in enumerate(rows)}
        for row in rows:
            row.height = row.up + row.down
        needs = [(index[first], index[last], least) for first, last, least in self.grid.least]
        for kind in self.kinds:
            for box in self.grid.columns[kind]:
                least = max(box.least, sum(label.up + label.down for _, label in self._at_home(box))) + GAP
                needs.append((index[box.rows[0]], index[self._last_at_home(box)], least))
        for first, last, least in sorted(needs, key=lambda need: (need[1] - need[0], *need)):
            lack = least - sum(row.height for row in rows[first : last + 1])
            for row in rows[first : last + 1]:
                row.height += max(0.0, lack) / (last + 1 - first)
        top = TOP
        for row in rows:
            row.top, top = top, top + row.height

    def _at_home(self, box: Box) -> list[tuple[PictureLine, LineLabel]]:
        """The lines of a person that do not start in a row of their own, with their labels."""
        if box.node.kind != "people" or box.more:
            return []
        lines = [line for line in self.grid.lines if line.source == box.node.iri]
        lines = [line for line in lines if self.grid.row_of.get(line) not in box.rows]
        return [(line, self.grid.labels[line]) for line in lines]

    def _last_at_home(self, box: Box) -> GridRow:
        """The last row of a box that no line of a person to far away has for itself."""
        own = {row for line, row in self.grid.row_of.items() if line.source == box.node.iri}
        rest = [row for row in box.rows if row not in own]
        return rest[-1] if rest and box.node.kind == "people" else box.rows[-1]

    def _set_boxes(self) -> None:
        """The height of every box: its text and the ends of its lines, in the middle of its rows."""
        for kind in self.kinds:
            for box in self.grid.columns[kind]:
                self._set_starts(box)
        for kind in self.kinds:
            for box in self.grid.columns[kind]:
                self._set_box(box)

    def _set_starts(self, box: Box) -> None:
        """Where the lines of a box start: in their rows, or spread over what a person has beside an organisation."""
        home = self._at_home(box)
        for line, row in self.grid.row_of.items():
            if line.source == box.node.iri:
                self.start[line] = row.line
        top, last = box.rows[0].top, self._last_at_home(box)
        spare = last.top + last.height - top - sum(label.up + label.down for _, label in home)
        for line, label in home:
            top += spare / len(home) / 2
            self.start[line] = top + label.up
            top += label.up + label.down + spare / len(home) / 2

    def _set_box(self, box: Box) -> None:
        first, last = box.rows[0], box.rows[-1]
        top, end = first.top + _MARGIN, last.top + last.height - _MARGIN
        own = self._last_at_home(box)
        middle = (first.top + own.top + own.height) / 2
        ends = [y for line, y in self.start.items() if box.node.iri == line.source]
        ends += [row.line for line, row in self.grid.back.items() if line.target == box.node.iri]
        ends += [y for line in self.grid.lines if (y := self._level(line, box)) is not None]
        box.y = max(top, min([middle - box.least / 2, *(y - _HOLD for y in ends)]))
        box.height = min(end, max([middle + box.least / 2, *(y + _HOLD for y in ends)])) - box.y

    def _level(self, line: PictureLine, box: Box) -> float | None:
        """The height at which a line comes to its target from the left, if it need not step."""
        if line.target != box.node.iri or line in self.grid.back or line in self.grid.upright:
            return None
        first, last, y = box.rows[0], box.rows[-1], self._before(line)
        return y if first.top < y < last.top + last.height else None

    def _before(self, line: PictureLine) -> float:
        """The height of a line before the column of its target."""
        row = self.grid.row_of.get(line)
        return row.line if row else self.start[line]

    # ---- steps

    def _gap_before(self, iri: str) -> str:
        """The column after which the room before the column of a node begins."""
        return self.kinds[self.kinds.index(self.grid.boxes[iri].node.kind) - 1]

    def _route(self, line: PictureLine) -> Iterator[_Step]:
        """The steps of a line: none, one, or for a person with others below two."""
        grid, here = self.grid, self.start[line]
        if line in grid.back:
            end = grid.back[line].line
            kind = grid.boxes[line.source].node.kind
            yield self._step(_Step(kind, line.target, end, line.broken, end > here, back=True), here)
            return
        before, box = self._before(line), grid.boxes[line.target]
        if abs(before - here) > 0.5:
            kind = grid.boxes[line.source].node.kind
            yield self._step(_Step(kind, line.source + line.target, before, line.broken, before > here), here)
        if self._level(line, box) is None:
            levels = [y for other in grid.lines if (y := self._level(other, box)) is not None]
            down = box.y > before
            end = (min(levels) if down else max(levels)) if levels else box.y + box.height / 2
            yield self._step(_Step(self._gap_before(line.target), line.target, end, line.broken, down), before)

    def _step(self, step: _Step, start: float) -> _Step:
        low, high = self.steps.get(step, (step.end, step.end))
        self.steps[step] = min(low, start), max(high, start)
        return step

    def _set_channels(self) -> None:
        """Where each step stands in its room: none on another; those that go far to the right do not cross."""
        for kind in self.kinds:
            mine = [step for step in self.steps if step.gap == kind]
            order = sorted(mine, key=lambda s: (s.back, not s.down, -s.end if s.down else s.end, s.target, s.broken))
            for n, step in enumerate(order):
                low, high = self.steps[step]
                near = [s for s in order[:n] if self.steps[s][0] - 5 < high and low < self.steps[s][1] + 5]
                self.channel[step] = max((self.channel[s] for s in near), default=-1) + 1

    # ---- widths

    def _set_widths(self) -> float:
        """Left side and width of each column; the width of the whole."""
        x = 0.0
        for kind in self.kinds:
            boxes = self.grid.columns[kind]
            texts = [box.text_width + BAR + _INSET for box in boxes]
            posts = [_POST + _AWAY + self.grid.labels[line].width + 4 for line in self._from(kind, upright=True)]
            self.left[kind] = x
            self.width[kind] = max(_NARROWEST, measure(self.heads[kind]) * SMALL + 4, *texts, *posts)
            for box in boxes:
                box.x, box.width = x, self.width[kind]
            x += self.width[kind] + self._room(kind)
        return x

    def _from(self, kind: str, *, upright: bool = False) -> list[PictureLine]:
        lines = [line for line in self.grid.lines if self.grid.boxes[line.source].node.kind == kind]
        return [line for line in lines if (line in self.grid.upright) is upright]

    def _labels_room(self, kind: str) -> float:
        """Width of the room for labels behind a column."""
        widths = [self.grid.labels[line].width for line in self._from(kind)]
        if kind == "people" and "roles" in self.heads:
            widths.append(measure(self.heads["roles"]) * SMALL)
        return max(widths) + 2 * _AWAY if widths else 0.0

    def _room(self, kind: str) -> float:
        """Width of the room between a column and the next one."""
        steps = [n for step, n in self.channel.items() if step.gap == kind]
        channels = (max(steps) + 1) * _CHANNEL if steps else 0.0
        if kind == self.kinds[-1]:
            return self._labels_room(kind) + channels
        return max(_CLOSEST, self._labels_room(kind) + channels + _ARROW)

    # ---- lines and labels

    def _path(self, line: PictureLine, steps: list[_Step]) -> list[Point]:
        source, target = self.grid.boxes[line.source], self.grid.boxes[line.target]
        if line in self.grid.upright:
            x = source.x + _POST
            down = source.y < target.y
            return [(x, source.y + source.height * down), (x, target.y + target.height * (not down))]
        y = self.start[line]
        points = [(source.x + source.width, y)]
        for step in steps:
            first = self.left[step.gap] + self.width[step.gap] + self._labels_room(step.gap)
            x = first + (self.channel[step] + 0.5) * _CHANNEL
            points += [(x, y), (x, step.end)]
            y = step.end
        end = target.x + target.width if line in self.grid.back else target.x
        return [*points, (end, y)]

    def _signs(self, line: PictureLine) -> Iterator[Sign]:
        """The words of a line: at its beginning, those of a role on it, those of an upright line beside it."""
        label, source = self.grid.labels[line], self.grid.boxes[line.source]
        if line in self.grid.upright:
            target = self.grid.boxes[line.target]
            upper, lower = sorted((source, target), key=lambda box: box.y)
            texts, high = label.above + label.below, LEADING * len(label.above + label.below)
            y = (upper.y + upper.height + lower.y - high) / 2
            yield self._sign(line, source.x + _POST + _AWAY, y, texts, label.width)
            return
        x, y = source.x + source.width + _AWAY, self.start[line]
        if label.pill:
            high = LEADING * len(label.above) + 16
            yield Sign(
                line, Rect(x, y - high / 2, label.width, high), tuple(self._texts(y - high / 2 + 8, label.above))
            )
            return
        yield self._sign(line, x, y - LEADING * len(label.above) - 3, label.above, label.width)
        if label.below:
            yield self._sign(line, x, y + 2, label.below, label.width)

    def _sign(self, line: PictureLine, x: float, y: float, texts: list[str], width: float) -> Sign:
        return Sign(line, Rect(x, y, width, LEADING * len(texts)), tuple(self._texts(y, texts)))

    def _texts(self, top: float, texts: list[str]) -> Iterator[tuple[float, str]]:
        """Lines of small text with their base lines."""
        yield from ((top + LEADING * n + 13.5, text) for n, text in enumerate(texts))

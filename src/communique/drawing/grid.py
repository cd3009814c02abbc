"""The grid of a picture: the rows that each box spans, and the row in which each line runs.

Rows are inserted where they are needed and never moved, so boxes that are side by side stay side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from communique.drawing.lettering import measure, wrap
from communique.drawing.relations import PictureNode
from communique.drawing.ties import PictureLine, Plan
from communique.kinds import COLUMNS, LANES

SIZE: Final = 15.0
"""Font size of names."""

SMALL: Final = 13.5
"""Font size of labels, roles and second lines."""

LEADING: Final = 18.0
"""The distance from one line of text to the next."""

_LETTERS: Final = {lane.key: lane.line_length for lane in LANES}
ROLE_LETTERS, LABEL_LETTERS = 20, 16
"""The most letters in a line of text: in the name of a role, and in any other label."""

LINES, NOTE_LINES = 6, 3
GAP: Final = 20.0
"""The distance between two boxes, one above the other."""

LEAST_ROOM: Final = 12.0
"""The least room above and below a line."""

LEAST_DISTANCE: Final = 30.0
"""The least height of the rows between two boxes of a column that a vertical line joins."""

_LETTER_WIDTH: Final = 0.62  # em; capitals are wider, so lines of them break earlier


@dataclass(eq=False, slots=True)
class GridRow:
    """A row of the grid; a line in it runs at least ``up`` below the top of the row and ``down`` above its bottom."""

    up: float = LEAST_ROOM
    down: float = LEAST_ROOM
    height: float = 0.0
    top: float = 0.0

    @property
    def line(self) -> float:
        """The height at which the lines of this row run."""
        return self.top + self.up + (self.height - self.up - self.down) / 2


@dataclass(eq=False, slots=True)
class Box:
    """A node with its text broken into lines, and the rows it spans; ``more``: the box represents the folded nodes."""

    node: PictureNode
    more: bool = False
    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cut: bool = False
    """Whether some of its text was left out."""
    rows: list[GridRow] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        letters = _LETTERS[self.node.kind]
        self.names, self.cut = wrap(self.node.label, letters, letters * _LETTER_WIDTH, LINES)
        self.notes, cut = wrap(self.node.note, letters, letters * _LETTER_WIDTH * SIZE / SMALL, NOTE_LINES)
        self.cut = self.cut or cut

    @property
    def least_height(self) -> float:
        """The height that its text needs."""
        return LEADING * (len(self.names) + len(self.notes)) + 16

    @property
    def text_width(self) -> float:
        """The width of its widest line of text."""
        return max([0.0, *(measure(t) * SIZE for t in self.names), *(measure(t) * SMALL for t in self.notes)])


@dataclass(eq=False, slots=True)
class LineLabel:
    """The label of a line, broken into lines of text: above and below the line, or on it for a role (``pill``)."""

    above: list[str]
    below: list[str]
    pill: bool

    @property
    def width(self) -> float:
        """The width of its widest line of text; for a role, with the rounded ends."""
        return max(measure(text) * SMALL for text in self.above + self.below) + (26 if self.pill else 0)

    @property
    def up(self) -> float:
        """The room that it needs above the line."""
        if self.pill:
            return (LEADING * len(self.above) + 16) / 2 + 4
        return max(LEAST_ROOM, LEADING * len(self.above) + 6)

    @property
    def down(self) -> float:
        """The room that it needs below the line."""
        return self.up if self.pill else max(LEAST_ROOM - 4, LEADING * len(self.below) + 6 if self.below else 0)


def label_of(line: PictureLine) -> LineLabel:
    """The label of a line, broken into lines of text."""
    letters = ROLE_LETTERS if line.pill else LABEL_LETTERS
    above, below = (wrap(text, letters, letters * _LETTER_WIDTH, LINES)[0] for text in (line.above, line.below))
    return LineLabel(above or [""], below, line.pill)


class Grid:
    """The rows of a picture from top to bottom, with the boxes that span them and the lines that run in them."""

    def __init__(self, plan: Plan, nodes: Iterable[PictureNode]) -> None:
        self.plan = plan
        known = {node.iri: node for node in nodes}
        self.columns = {kind: [Box(known[iri]) for iri in plan.columns[kind]] for kind in COLUMNS}
        self.boxes = {box.node.iri: box for column in self.columns.values() for box in column}
        self.lines = [line for line in plan.lines if line.source in self.boxes and line.target in self.boxes]
        self.labels = {line: label_of(line) for line in self.lines}
        self.rows: list[GridRow] = []
        self.row_of: dict[PictureLine, GridRow] = {}
        """The row in which each line runs after it has left its box."""
        self.vertical: set[PictureLine] = set()
        """The lines between two boxes of a column, one directly above the other."""
        self.returning: dict[PictureLine, GridRow] = {}
        """The lines that return to the column where they start, each with the row in which it returns."""
        self.least_heights: list[tuple[GridRow, GridRow, float]] = []
        """The least total height of a range of rows: the first row, the last row, the height."""
        self._taken: set[tuple[str, GridRow]] = set()
        self._place_units()
        for kind in COLUMNS[2:]:
            self._place_column(kind)
        for kind in COLUMNS:
            self._place_lines_inside(kind)

    # ---- rows

    def index(self, row: GridRow) -> int:
        """The index of a row, counted from the top."""
        return self.rows.index(row)

    def _new_row(self, after: GridRow | None = None) -> GridRow:
        """A new row, inserted after a given one or at the bottom."""
        row = GridRow()
        self.rows.insert(len(self.rows) if after is None else self.index(after) + 1, row)
        return row

    def _put_in_row(self, line: PictureLine, row: GridRow) -> None:
        """Put a line in a row: make room for its label, and mark the row as taken in the columns that it crosses."""
        label = self.labels[line]
        self.row_of[line] = row
        row.up, row.down = max(row.up, label.up), max(row.down, label.down)
        first, last = self._column(line.source), self._column(line.target)
        self._taken.update((kind, row) for kind in COLUMNS[first + 1 : last])

    def _column(self, iri: str) -> int:
        return COLUMNS.index(self.boxes[iri].node.kind)

    def _lines_to_the_right(self, iri: str) -> list[PictureLine]:
        """The lines from a box to columns further right, from the top to the bottom of its right side."""
        mine = [line for line in self.lines if line.source == iri and self._column(line.target) > self._column(iri)]
        return sorted(mine, key=lambda line: self._exit_order(line, mine))

    def _exit_order(self, line: PictureLine, mine: list[PictureLine]) -> tuple[float, float, str]:
        """The sort key of a line among those that leave a box: lines upwards first, lines downwards last.

        A line past the nearest column leaves above the lines that end there if these run downwards on the whole, else
        below them.
        """
        here = self._relative_height(line.source)
        own = self._middle_of_sources(line.target) - here
        nearest = min(self._column(other.target) for other in mine)
        if self._column(line.target) == nearest:
            return own, 0.0, line.target
        near = [self._middle_of_sources(other.target) - here for other in mine if self._column(other.target) == nearest]
        aside = -1.0 if sum(near) > 0 else 1.0
        return aside * 1000.0, own, line.target

    def _relative_height(self, iri: str) -> float:
        """The approximate height of a node, from 0 (top) to 1, by its unit or its place in the column."""
        home = self.plan.homes.get(iri, iri)
        if home in self.plan.units:
            return (self.plan.units.index(home) + 0.5) / len(self.plan.units)
        column = self.plan.columns[self.boxes[iri].node.kind]
        return (column.index(iri) + 0.5) / len(column)

    def _middle_of_sources(self, iri: str) -> float:
        """The mean relative height of the nodes from which lines run to a box; without any, that of the box."""
        sources = [self._relative_height(line.source) for line in self.lines if line.target == iri]
        return sum(sources) / len(sources) if sources else self._relative_height(iri)

    # ---- people and organisations

    def _place_units(self) -> None:
        for unit in self.plan.units:
            people = [box for box in self.columns["people"] if self.plan.homes.get(box.node.iri, box.node.iri) == unit]
            onward = {box.node.iri: self._onward_lines(box.node.iri) for box in people}
            people.sort(key=lambda box: len(onward[box.node.iri]) > 0)
            if self.boxes[unit].node.kind == "org":
                self._place_organisation(self.boxes[unit], people)
            for box in people:
                last = box is people[-1]
                for line in onward[box.node.iri]:
                    row = self._new_row()
                    self._put_in_row(line, row)
                    if last:
                        box.rows.append(row)
                if not box.rows:
                    box.rows.append(self._new_row())

    def _onward_lines(self, person: str) -> list[PictureLine]:
        """The lines from a person past the organisations."""
        return [line for line in self._lines_to_the_right(person) if self._column(line.target) > COLUMNS.index("org")]

    def _place_organisation(self, box: Box, people: list[Box]) -> None:
        lines = self._lines_to_the_right(box.node.iri)
        box.rows = [self._new_row() for _ in range(max(1, len(people), len(lines)))]
        first = (len(box.rows) - len(lines)) // 2
        for n, line in enumerate(lines):
            self._put_in_row(line, box.rows[first + n])
        start = 0
        for n, person in enumerate(people):
            end = (n + 1) * len(box.rows) // len(people)
            person.rows = box.rows[start:end]
            start = end

    # ---- events, works, places

    def _place_column(self, kind: str) -> None:
        """Give the boxes of a column the rows of the lines that run to them, so that these lines stay horizontal."""
        incoming = {box: self._incoming(box) for box in self.columns[kind]}
        claims = {self.row_of[line]: box for box, lines in incoming.items() for line in lines}
        index = {row: n for n, row in enumerate(self.rows)}

        def middle(box: Box) -> float:
            rows = [index[self.row_of[line]] for line in incoming[box]]
            return sum(rows) / len(rows) if rows else float(len(index))

        for box in sorted(self.columns[kind], key=middle):
            rows = self._rows_for(kind, box, claims)
            outgoing = self._lines_to_the_right(box.node.iri)
            while len(rows) < len(outgoing):
                rows.append(self._new_row(after=rows[-1]))
            box.rows = rows
            self._taken.update((kind, row) for row in rows)
            first = (len(rows) - len(outgoing)) // 2
            for n, line in enumerate(outgoing):
                self._put_in_row(line, rows[first + n])

    def _incoming(self, box: Box) -> list[PictureLine]:
        """The lines to a box that already have a row."""
        return [line for line in self.lines if line.target == box.node.iri and line in self.row_of]

    def _rows_for(self, kind: str, box: Box, claims: dict[GridRow, Box]) -> list[GridRow]:
        """The run of free rows with the most lines to a box and none to another box; a new row if there is none.

        ``claims`` gives the box of the column to which the line in a row runs.
        """
        runs: list[list[GridRow]] = [[]]
        for row in self.rows:
            if (kind, row) in self._taken or claims.get(row, box) is not box:
                runs.append([])
            else:
                runs[-1].append(row)
        wanted = [[n for n, row in enumerate(run) if claims.get(row) is box] for run in runs]
        best = max(range(len(runs)), key=lambda n: (len(wanted[n]), -n))
        if wanted[best]:
            return runs[best][wanted[best][0] : wanted[best][-1] + 1]
        near = [b for b in self.columns[kind] if b.rows and self._are_joined(b, box)]
        return [self._new_row(after=near[0].rows[-1] if near else None)]

    def _are_joined(self, one: Box, other: Box) -> bool:
        """Whether a line runs between two boxes, in either direction."""
        pair = {one.node.iri, other.node.iri}
        return any({line.source, line.target} == pair for line in self.lines)

    # ---- lines inside a column

    def _place_lines_inside(self, kind: str) -> None:
        """Place the lines between two boxes of a column: vertical if nothing is between, else around on the right."""
        boxes = sorted(self.columns[kind], key=lambda box: self.index(box.rows[0]))
        below = {upper.node.iri: lower.node.iri for upper, lower in pairwise(boxes)}
        joined: set[str] = set()
        for line in self.lines:
            if self._column(line.source) != self._column(line.target) or self.boxes[line.source].node.kind != kind:
                continue
            upper = line.source if below.get(line.source) == line.target else line.target
            if (
                below.get(upper) in (line.source, line.target)
                and upper not in joined
                and self._is_clear_below(kind, upper, below[upper])
            ):
                self._make_room_below(upper, below[upper], self.labels[line])
                joined.add(upper)
                self.vertical.add(line)
            else:
                self._put_in_row(line, self._append_row(self.boxes[line.source]))
                self.returning[line] = self._return_row(line)

    def _rows_between(self, upper: str, lower: str) -> list[GridRow]:
        last, first = self.boxes[upper].rows[-1], self.boxes[lower].rows[0]
        return self.rows[self.index(last) + 1 : self.index(first)]

    def _is_clear_below(self, kind: str, upper: str, lower: str) -> bool:
        """Whether nothing crosses the column between a box and the next one below it."""
        return not any((kind, row) in self._taken for row in self._rows_between(upper, lower))

    def _make_room_below(self, upper: str, lower: str, label: LineLabel) -> None:
        """Make room for a vertical line and its label between a box and the next one below it."""
        between = self._rows_between(upper, lower) or [self._new_row(after=self.boxes[upper].rows[-1])]
        height = LEADING * len(label.above + label.below)
        self.least_heights.append((between[0], between[-1], max(LEAST_DISTANCE, height)))

    def _append_row(self, box: Box) -> GridRow:
        """A new row at the bottom of a box, for a line on its right."""
        row = self._new_row(after=box.rows[-1])
        box.rows.append(row)
        return row

    def _return_row(self, line: PictureLine) -> GridRow:
        """The row in which a line returns: one row for all returning lines to the same box."""
        for other, row in self.returning.items():
            if other.target == line.target:
                return row
        return self._append_row(self.boxes[line.target])

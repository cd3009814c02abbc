"""The grid under a picture: which rows each box takes, and in which row each line runs.

Rows are inserted where they are needed and never moved, so what stood beside each other stays so.
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
"""From one line of text to the next."""

_LETTERS: Final = {lane.key: lane.line_length for lane in LANES}
PILL, LABEL = 20, 16
"""Letters in a line of text on a line, at most: of a role, and of other words."""

LINES, NOTE_LINES = 6, 3
GAP: Final = 20.0
"""Between two boxes, one over the other."""

LEAST: Final = 12.0
"""Room over and under a line, at least."""

BETWEEN: Final = 30.0
"""Rows between two boxes of a column that a line joins, at least."""

_EM: Final = 0.62  # room for a letter; capitals need more and break the line earlier


@dataclass(eq=False, slots=True)
class GridRow:
    """A row of the grid; a line in it runs at least ``up`` below its top and ``down`` above its end."""

    up: float = LEAST
    down: float = LEAST
    height: float = 0.0
    top: float = 0.0

    @property
    def line(self) -> float:
        """Where a line of this row runs."""
        return self.top + self.up + (self.height - self.up - self.down) / 2


@dataclass(eq=False, slots=True)
class Box:
    """A node with its text broken into lines, and the rows it has; ``more`` marks the box for nodes that are folded."""

    node: PictureNode
    more: bool = False
    names: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cut: bool = False
    """Whether some of its text had to go."""
    rows: list[GridRow] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0

    def __post_init__(self) -> None:
        letters = _LETTERS[self.node.kind]
        self.names, self.cut = wrap(self.node.label, letters, letters * _EM, LINES)
        self.notes, cut = wrap(self.node.note, letters, letters * _EM * SIZE / SMALL, NOTE_LINES)
        self.cut = self.cut or cut

    @property
    def least(self) -> float:
        """Its height if it had only its text to hold."""
        return LEADING * (len(self.names) + len(self.notes)) + 16

    @property
    def text_width(self) -> float:
        """The width of its longest line."""
        return max([0.0, *(measure(t) * SIZE for t in self.names), *(measure(t) * SMALL for t in self.notes)])


@dataclass(eq=False, slots=True)
class LineLabel:
    """The words on a line, broken: those above it and those below, or those of a role, on it."""

    above: list[str]
    below: list[str]
    pill: bool

    @property
    def width(self) -> float:
        """The width of its longest line of text; of a role with its ends."""
        return max(measure(text) * SMALL for text in self.above + self.below) + (26 if self.pill else 0)

    @property
    def up(self) -> float:
        """Room that it takes above the line."""
        if self.pill:
            return (LEADING * len(self.above) + 16) / 2 + 4
        return max(LEAST, LEADING * len(self.above) + 6)

    @property
    def down(self) -> float:
        """Room that it takes below the line."""
        return self.up if self.pill else max(LEAST - 4, LEADING * len(self.below) + 6 if self.below else 0)


def label_of(line: PictureLine) -> LineLabel:
    """The words of a line, broken."""
    letters = PILL if line.pill else LABEL
    above, below = (wrap(text, letters, letters * _EM, LINES)[0] for text in (line.above, line.below))
    return LineLabel(above or [""], below, line.pill)


class Grid:
    """The rows of a picture, in order, with boxes and lines on them."""

    def __init__(self, plan: Plan, nodes: Iterable[PictureNode]) -> None:
        self.plan = plan
        known = {node.iri: node for node in nodes}
        self.columns = {kind: [Box(known[iri]) for iri in plan.columns[kind]] for kind in COLUMNS}
        self.boxes = {box.node.iri: box for column in self.columns.values() for box in column}
        self.lines = [line for line in plan.lines if line.source in self.boxes and line.target in self.boxes]
        self.labels = {line: label_of(line) for line in self.lines}
        self.rows: list[GridRow] = []
        self.row_of: dict[PictureLine, GridRow] = {}
        """The row in which a line runs, once it has left the people or the box it starts from."""
        self.upright: set[PictureLine] = set()
        """Lines that join two boxes of a column, one right over the other."""
        self.back: dict[PictureLine, GridRow] = {}
        """Lines that come back to the column they start from, with the row in which they do."""
        self.least: list[tuple[GridRow, GridRow, float]] = []
        """How high some rows are together, at least: the first, the last, the height."""
        self._taken: set[tuple[str, GridRow]] = set()
        self._lay_units()
        for kind in COLUMNS[2:]:
            self._settle(kind)
        for kind in COLUMNS:
            self._join(kind)

    # ---- rows

    def index(self, row: GridRow) -> int:
        """Where a row stands."""
        return self.rows.index(row)

    def _new_row(self, after: GridRow | None = None) -> GridRow:
        row = GridRow()
        self.rows.insert(len(self.rows) if after is None else self.index(after) + 1, row)
        return row

    def _run_in(self, line: PictureLine, row: GridRow) -> None:
        """A line runs in a row: it makes room for its label and takes the row in the columns it passes."""
        label = self.labels[line]
        self.row_of[line] = row
        row.up, row.down = max(row.up, label.up), max(row.down, label.down)
        first, last = self._column(line.source), self._column(line.target)
        self._taken.update((kind, row) for kind in COLUMNS[first + 1 : last])

    def _column(self, iri: str) -> int:
        return COLUMNS.index(self.boxes[iri].node.kind)

    def _leaving(self, iri: str) -> list[PictureLine]:
        """The lines to columns on the right, in the order of where they go."""
        mine = [line for line in self.lines if line.source == iri and self._column(line.target) > self._column(iri)]
        return sorted(mine, key=lambda line: self._direction(line, mine))

    def _direction(self, line: PictureLine, mine: list[PictureLine]) -> tuple[float, float, str]:
        """Up first, down last; what passes a column leaves on the other side of what ends there."""
        here = self._height(line.source)
        own = self._middle(line.target) - here
        nearest = min(self._column(other.target) for other in mine)
        if self._column(line.target) == nearest:
            return own, 0.0, line.target
        near = [self._middle(other.target) - here for other in mine if self._column(other.target) == nearest]
        aside = -1.0 if sum(near) > 0 else 1.0
        return aside * 1000.0, own, line.target

    def _height(self, iri: str) -> float:
        """About where something stands, from 0 to 1: by its rows or, before it has any, by its place in the order."""
        home = self.plan.homes.get(iri, iri)
        if home in self.plan.units:
            return (self.plan.units.index(home) + 0.5) / len(self.plan.units)
        column = self.plan.columns[self.boxes[iri].node.kind]
        return (column.index(iri) + 0.5) / len(column)

    def _middle(self, iri: str) -> float:
        """The middle of what ends at a box."""
        sources = [self._height(line.source) for line in self.lines if line.target == iri]
        return sum(sources) / len(sources) if sources else self._height(iri)

    # ---- people and organisations

    def _lay_units(self) -> None:
        for unit in self.plan.units:
            people = [box for box in self.columns["people"] if self.plan.homes.get(box.node.iri, box.node.iri) == unit]
            far = {box.node.iri: self._far(box.node.iri) for box in people}
            people.sort(key=lambda box: len(far[box.node.iri]) > 0)
            if self.boxes[unit].node.kind == "org":
                self._lay_organisation(self.boxes[unit], people)
            for box in people:
                last = box is people[-1]
                for line in far[box.node.iri]:
                    row = self._new_row()
                    self._run_in(line, row)
                    if last:
                        box.rows.append(row)
                if not box.rows:
                    box.rows.append(self._new_row())

    def _far(self, person: str) -> list[PictureLine]:
        """The lines of a person to what is not an organisation."""
        return [line for line in self._leaving(person) if self._column(line.target) > COLUMNS.index("org")]

    def _lay_organisation(self, box: Box, people: list[Box]) -> None:
        lines = self._leaving(box.node.iri)
        box.rows = [self._new_row() for _ in range(max(1, len(people), len(lines)))]
        first = (len(box.rows) - len(lines)) // 2
        for n, line in enumerate(lines):
            self._run_in(line, box.rows[first + n])
        start = 0
        for n, person in enumerate(people):
            end = (n + 1) * len(box.rows) // len(people)
            person.rows = box.rows[start:end]
            start = end

    # ---- events, works, places

    def _settle(self, kind: str) -> None:
        """Give the boxes of a column their rows: those in which lines come to them, so that these run level."""
        coming = {box: [line for line in self.lines if self._comes(line, box)] for box in self.columns[kind]}
        claims = {self.row_of[line]: box for box, lines in coming.items() for line in lines}
        index = {row: n for n, row in enumerate(self.rows)}

        def middle(box: Box) -> float:
            at = [index[self.row_of[line]] for line in coming[box]]
            return sum(at) / len(at) if at else float(len(index))

        for box in sorted(self.columns[kind], key=middle):
            run = self._run(kind, box, claims)
            leaving = self._leaving(box.node.iri)
            while len(run) < len(leaving):
                run.append(self._new_row(after=run[-1]))
            box.rows = run
            self._taken.update((kind, row) for row in run)
            first = (len(run) - len(leaving)) // 2
            for n, line in enumerate(leaving):
                self._run_in(line, run[first + n])

    def _comes(self, line: PictureLine, box: Box) -> bool:
        return line.target == box.node.iri and line in self.row_of

    def _run(self, kind: str, box: Box, claims: dict[GridRow, Box]) -> list[GridRow]:
        """The longest run of free rows with lines to a box and none to another; a new row if no line comes to it."""
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
        near = [b for b in self.columns[kind] if b.rows and self._tied(b, box)]
        return [self._new_row(after=near[0].rows[-1] if near else None)]

    def _tied(self, one: Box, other: Box) -> bool:
        pair = {one.node.iri, other.node.iri}
        return any({line.source, line.target} == pair for line in self.lines)

    # ---- lines inside a column

    def _join(self, kind: str) -> None:
        """Lines between two boxes of a column: upright if nothing is between them, else out and back on the right."""
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
                and self._part(kind, upper, below, self.labels[line])
            ):
                joined.add(upper)
                self.upright.add(line)
            else:
                self._run_in(line, self._own_row(self.boxes[line.source]))
                self.back[line] = self._way_back(line)

    def _part(self, kind: str, upper: str, below: dict[str, str], label: LineLabel) -> bool:
        """Make room under a box for a line to the next one, with its label; whether nothing passes there."""
        last, first = self.boxes[upper].rows[-1], self.boxes[below[upper]].rows[0]
        between = self.rows[self.index(last) + 1 : self.index(first)]
        if any((kind, row) in self._taken for row in between):
            return False
        between = between or [self._new_row(after=last)]
        high = LEADING * len(label.above + label.below)
        self.least.append((between[0], between[-1], max(BETWEEN, high)))
        return True

    def _own_row(self, box: Box) -> GridRow:
        """A new row at the end of a box, for a line on its right."""
        row = self._new_row(after=box.rows[-1])
        box.rows.append(row)
        return row

    def _way_back(self, line: PictureLine) -> GridRow:
        """The row in which a line comes back: the same for all that end at a box."""
        for other, row in self.back.items():
            if other.target == line.target:
                return row
        return self._own_row(self.boxes[line.target])

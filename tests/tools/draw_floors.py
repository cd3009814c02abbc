"""Draw ``docs/floors.svg``: the rooms of the code, floor by floor, from the tables of ``tests/floors.py``.

    python -m tests.tools.draw_floors

Run it again when the tables change; a test says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from xml.sax.saxutils import escape

from tests.floors import FLOORS, ON_THE_SAME_FLOOR, PACKAGES, PURPOSES

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "floors.svg"

WIDTH = 900
LEFT = 190
"""Left edge of the rooms of a floor; its number and purpose are left of it."""
GAP = 10
PAD = 12
LETTER, SMALL = 8.1, 6.35
"""Widths of a letter in the two sizes, in pixels: the typeface is monospaced."""
LINE = 15

STYLE = """
  .card { fill: #ffffff; stroke: #d0d7de; }
  .floor { fill: #f3f5f7; }
  .room { fill: #ffffff; stroke: #8c959f; }
  .name { font: 600 13.5px ui-monospace, "DejaVu Sans Mono", monospace; fill: #1f2328; }
  .note { font: 10.5px ui-monospace, "DejaVu Sans Mono", monospace; fill: #59636e; }
  .next { fill: #0a5bb5; }
  .number { font: 700 22px system-ui, "DejaVu Sans", sans-serif; fill: #0a5bb5; }
  .what { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #1f2328; }
  .rule { font: 12px system-ui, "DejaVu Sans", sans-serif; fill: #59636e; }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #3d444d; }
    .floor { fill: #151b23; }
    .room { fill: #212830; stroke: #656c76; }
    .name, .what { fill: #f0f6fc; }
    .note, .rule { fill: #9198a1; }
    .next, .number { fill: #79b8ff; }
  }
"""


@dataclass(frozen=True, slots=True)
class Room:
    """A room or module as it is drawn: its name, then lines with the neighbours that it may import and its packages."""

    name: str
    neighbours: tuple[str, ...]
    packages: tuple[str, ...]

    @property
    def width(self) -> int:
        """Width of its box, in pixels."""
        notes = max(map(len, (*self.neighbours, *self.packages)), default=0)
        return round(max(len(self.name) * LETTER, notes * SMALL)) + 2 * PAD

    @property
    def height(self) -> int:
        """Height of its box, in pixels."""
        return 30 + LINE * (len(self.neighbours) + len(self.packages))


@dataclass(frozen=True, slots=True)
class Row:
    """Rooms side by side."""

    rooms: tuple[Room, ...]

    @property
    def height(self) -> int:
        """Height of the highest box, in pixels."""
        return max(room.height for room in self.rooms)


def room_of(name: str) -> Room:
    """The room of this name, from the tables."""
    neighbours = sorted(other for one, other in ON_THE_SAME_FLOOR if one == name)
    return Room(
        name, tuple(f"→ {other}" for other in neighbours), tuple(wrap(", ".join(sorted(PACKAGES.get(name, ()))), 22))
    )


def rows_of(floor: int) -> list[Row]:
    """The rooms of a floor, in as many rows as they need."""
    rows: list[list[Room]] = [[]]
    right = LEFT
    for room in map(room_of, (name for name, number in FLOORS.items() if number == floor)):
        if rows[-1] and right + room.width > WIDTH - 2 * PAD:
            rows.append([])
            right = LEFT
        rows[-1].append(room)
        right += room.width + GAP
    return [Row(tuple(row)) for row in rows]


def render_box(room: Room, x: int, y: int, height: int) -> Iterator[str]:
    """The box of a room with its upper left corner at x and y."""
    yield f'<rect class="room" x="{x}" y="{y}" width="{room.width}" height="{height}" rx="5"/>'
    yield f'<text class="name" x="{x + PAD}" y="{y + 20}">{escape(room.name)}</text>'
    kinds = ["note next"] * len(room.neighbours) + ["note"] * len(room.packages)
    for k, (kind, words) in enumerate(zip(kinds, (*room.neighbours, *room.packages), strict=True), 1):
        yield f'<text class="{kind}" x="{x + PAD}" y="{y + 20 + k * LINE}">{escape(words)}</text>'


def render_floor(floor: int, top: int) -> tuple[list[str], int]:
    """A floor whose upper edge is at ``top``, and its height."""
    rows = rows_of(floor)
    height = sum(row.height for row in rows) + GAP * (len(rows) - 1) + 2 * PAD
    drawn = [
        f'<rect class="floor" x="{PAD}" y="{top}" width="{WIDTH - 2 * PAD}" height="{height}" rx="6"/>',
        f'<text class="number" x="{2 * PAD}" y="{top + PAD + 22}">{floor}</text>',
    ]
    for k, words in enumerate(wrap(PURPOSES[floor], 18)):
        drawn.append(f'<text class="what" x="{4 * PAD}" y="{top + PAD + 19 + k * LINE}">{escape(words)}</text>')
    y = top + PAD
    for row in rows:
        x = LEFT
        for room in row.rooms:
            drawn += render_box(room, x, y, row.height)
            x += room.width + GAP
        y += row.height + GAP
    return drawn, height


def render_floors() -> str:
    """The whole picture, as SVG made of text and rectangles only."""
    drawn: list[str] = []
    y = 46
    for floor in sorted(set(FLOORS.values()), reverse=True):
        lines, height = render_floor(floor, y)
        drawn += lines
        y += height + 6
    caption = (
        "A room imports only from floors below it. → a neighbour that it may import too; small: packages of others."
    )
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 6}" role="img" aria-labelledby="t d">',
        f'<title id="t">The floors of the code</title><desc id="d">{escape(caption)}</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="card" x="0.5" y="0.5" width="{WIDTH - 1}" height="{y + 5}" rx="8"/>',
        f'<text class="rule" x="{2 * PAD}" y="29">{escape(caption)}</text>',
    ]
    return "\n".join([*head, *drawn, "</svg>", ""])


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(render_floors(), encoding="utf-8")


if __name__ == "__main__":
    main()

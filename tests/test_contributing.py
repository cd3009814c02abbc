"""CONTRIBUTING.md is true: its picture is current, its tables are whole, and its recipes can be followed."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT
from tests.floors import FLOORS, PACKAGES, PURPOSES
from tests.tools import draw_floors

PAGE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"


def test_the_picture_of_the_floors_is_current() -> None:
    drawn = draw_floors.PICTURE.read_text(encoding="utf-8")
    assert drawn == draw_floors.render_floors(), "run python -m tests.tools.draw_floors"
    assert "(docs/floors.svg)" in PAGE


def test_the_picture_shows_every_room_once_and_all_packages() -> None:
    root = ElementTree.fromstring(draw_floors.render_floors())
    shown = {kind: [e.text for e in root.iter(f"{SVG}text") if e.get("class") == kind] for kind in ("name", "note")}
    assert sorted(map(str, shown["name"])) == sorted(FLOORS)
    packages = re.findall(r"\w+", " ".join(map(str, shown["note"])))
    assert sorted(packages) == sorted(name for names in PACKAGES.values() for name in names)
    assert set(PURPOSES) == set(FLOORS.values())


def test_nothing_in_the_picture_lies_outside_of_it_or_on_something_else() -> None:
    root = ElementTree.fromstring(draw_floors.render_floors())
    width, height = map(int, root.get("viewBox", "").split()[2:])
    boxes = [
        tuple(int(rect.get(key, "")) for key in ("x", "y", "width", "height"))
        for rect in root.iter(f"{SVG}rect")
        if rect.get("class") == "room"
    ]
    assert len(boxes) == len(FLOORS)
    for k, (x, y, w, h) in enumerate(boxes):
        assert x >= draw_floors.LEFT and x + w <= width - draw_floors.PAD and y + h <= height
        for a, b, c, d in boxes[:k]:
            assert a + c < x or x + w < a or b + d < y or y + h < b, (x, y, a, b)


def test_a_room_is_drawn_once_it_has_a_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FLOORS, "annexe", 3)
    assert ">annexe</text>" in draw_floors.render_floors()
    monkeypatch.delitem(FLOORS, "annexe")
    assert "annexe" not in draw_floors.render_floors()

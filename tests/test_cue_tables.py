"""The tables of cues are read as they are written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.checkout import ROOT

TABLES = sorted((ROOT / "src/communique/compile/relations/cues").glob("*.json"))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = [key for key, _ in pairs]
    assert sorted(set(keys)) == sorted(keys), sorted({key for key in keys if keys.count(key) > 1})
    return dict(pairs)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.stem)
def test_no_list_of_a_table_stands_there_twice(table: Path) -> None:
    assert json.loads(table.read_text(encoding="utf-8"), object_pairs_hook=_once)

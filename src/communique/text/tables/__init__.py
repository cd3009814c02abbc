"""Tables of words by language, in files of JSON: abbreviations, articles, endings, pronouns, titles of address."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def table(name: str, language: str) -> dict[str, Any]:
    """The table ``name`` for a language, given by its tag (BCP 47); empty if there is none.

    >>> table("sentences", "de-AT")["ordinals"]
    True
    >>> table("sentences", "x-none")
    {}
    """
    found: dict[str, Any] = _tables(name).get(language.partition("-")[0].lower(), {})
    return found


@cache
def _tables(name: str) -> dict[str, dict[str, Any]]:
    file = Path(__file__).with_name(f"{name}.json")
    tables: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return tables

"""Values of a record: as lists, and as messages show them."""

from __future__ import annotations

import json


def as_list(value: object) -> list[object]:
    """The values of a key: a list as it is, any other value as the only one."""
    return value if isinstance(value, list) else [value]


def describe(value: object) -> str:
    """A value as messages show it: a short text in quotation marks, a number, or "a list"."""
    if isinstance(value, str):
        return repr(value if len(value) <= 80 else value[:79] + "…")
    if isinstance(value, (dict, list)):
        return "a mapping" if isinstance(value, dict) else "a list"
    return json.dumps(value)

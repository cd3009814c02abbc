"""What lists of releases and entities show of one of them, left by its own page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Card = Mapping[str, Any]

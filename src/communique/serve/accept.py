"""Content negotiation: the Accept header, and which of several media types it prefers (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

_MOST: Final = 100
"""How many ranges of a header are read; browsers and programs send fewer than twenty."""

_RANGE: Final = re.compile(r"\s*([\w!#$%&'*+.^`|~-]+)/([\w!#$%&'*+.^`|~-]+)\s*((?:;[^,]*)?)\Z")
_QUALITY: Final = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|\Z)", re.IGNORECASE)


class _Range(NamedTuple):
    kind: str
    subtype: str
    quality: float

    def precedence(self, kind: str, subtype: str) -> int:
        """How specific the range is for a media type; -1 if it does not match it."""
        if (self.kind, self.subtype) == (kind, subtype):
            return 2
        if self.subtype == "*" and self.kind in (kind, "*"):
            return 1 if self.kind == kind else 0
        return -1


@lru_cache(maxsize=1024)
def _ranges(header: str) -> tuple[_Range, ...]:
    """The ranges of an Accept header; what is no range is skipped."""
    found = []
    for item in header.split(",", _MOST)[:_MOST]:
        match = _RANGE.match(item)
        if match:
            quality = _QUALITY.search(match[3])
            found.append(_Range(match[1].lower(), match[2].lower(), float(quality[1]) if quality else 1.0))
    return tuple(found)


@lru_cache(maxsize=4096)
def best(header: str, offered: Sequence[str]) -> str | None:
    """The media type out of ``offered`` that an Accept header prefers; of equal ones the first, None if none fits.

    Without a header, or with one that has no range, every type fits.

    >>> best("text/turtle;q=0.5, application/*", ("text/html", "text/turtle", "application/ld+json"))
    'application/ld+json'
    >>> best("image/png", ("text/html",)) is None
    True
    """
    ranges = _ranges(header)
    if not ranges:
        return offered[0]
    quality = {media_type: _quality(ranges, media_type) for media_type in offered}
    preferred = max(offered, key=quality.__getitem__)
    return preferred if quality[preferred] > 0 else None


def _quality(ranges: Sequence[_Range], media_type: str) -> float:
    kind, _, subtype = media_type.partition("/")
    matching = [(one.precedence(kind, subtype), one.quality) for one in ranges]
    precedence, quality = max(matching, key=lambda pair: pair[0])
    return quality if precedence >= 0 else 0.0

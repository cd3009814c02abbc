"""Short forms of IRIs: compact if a prefix fits, or relative to the base."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

KEPT: Final = 50_000
"""The most IRIs that a writer caches in written form, so that its memory does not grow with an archive."""

_LOCAL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*")
_RELATIVE: Final = re.compile(r"\w[\w.~,=+-]*(?:/\w[\w.~,=+-]*)*(?:#\w[\w.~,=+-]*)?")


class Names:
    """Short forms of IRIs, for Turtle and JSON-LD alike.

    An IRI is shortened only if every reader expands the short form to the same IRI: without escapes, colons, or empty,
    ``.`` or ``..`` segments (RFC 3986, section 5.2; Turtle, section 6.5; JSON-LD 1.1 API, section 5.2), and without
    ``;``, which Python's urljoin, and therefore rdflib, drops at the end. All other IRIs are written in full.
    """

    def __init__(self, base: str, prefixes: Mapping[str, str]) -> None:
        self.base = base
        self._prefix_of = {namespace: prefix for prefix, namespace in sorted(prefixes.items(), reverse=True)}
        self._has_folder = base.endswith("/") and "?" not in base and "#" not in base

    def compact(self, iri: str) -> tuple[str, str] | None:
        """The prefix and the local name of an IRI; None if it cannot be written so.

        >>> Names("http://e.org/", {"schema": "http://schema.org/"}).compact("http://schema.org/name")
        ('schema', 'name')
        """
        cut = namespace_end(iri)
        prefix = self._prefix_of.get(iri[:cut])
        if prefix is None or not _LOCAL.fullmatch(iri, cut):
            return None
        return prefix, iri[cut:]

    def relative(self, iri: str) -> str | None:
        """The IRI relative to the base; None if it cannot be written so.

        >>> Names("http://e.org/id/", {}).relative("http://e.org/id/person/a")
        'person/a'
        """
        if self._has_folder and iri.startswith(self.base) and _RELATIVE.fullmatch(iri, len(self.base)):
            return iri[len(self.base) :]
        return None


def namespace_end(iri: str) -> int:
    """The length of the namespace of an IRI in characters: up to and including its last ``#`` or ``/``."""
    return max(iri.rfind("#"), iri.rfind("/")) + 1

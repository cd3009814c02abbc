"""IRIs as a query writes them, resolved against its BASE and prefixes as the engine does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

LONGEST: Final = 2_000
"""The most characters of BASE and of a prefix's IRI: each use of them makes a copy."""
_PARTS: Final = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.\-]*):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?(#.*)?", re.DOTALL)


def is_absolute(iri: str) -> bool:
    """Whether the engine takes a text for an absolute IRI.

    >>> is_absolute("http://example.org/a"), is_absolute("a"), is_absolute("http://example.org:a/")
    (True, False, False)
    """
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


def resolve(reference: str, base: str) -> str:
    """A reference resolved against a base (RFC 3986, section 5.2.2); the engine keeps the dots of one with a host.

    >>> resolve("../c?d", "http://example.org/a/b/x"), resolve("#e", "http://example.org/a?b#c")
    ('http://example.org/a/c?d', 'http://example.org/a?b#e')
    """
    scheme, authority, path, query, fragment = _split(reference)
    if not scheme:
        scheme, base_authority, base_path, base_query, _ = _split(base)
        if authority is None:
            authority = base_authority
            if not path:
                path, query = base_path, query if query is not None else base_query
            else:
                path = _without_dots(path) if path.startswith("/") else _merged(path, base_authority, base_path)
    return f"{scheme}:{'' if authority is None else '//' + authority}{path}{query or ''}{fragment or ''}"


def _split(iri: str) -> tuple[str | None, str | None, str, str | None, str | None]:
    found = _PARTS.fullmatch(iri)
    assert found is not None  # every text matches
    scheme, authority, path, query, fragment = found.groups()
    return scheme, authority, path, query, fragment


def _merged(path: str, authority: str | None, base_path: str) -> str:
    """A relative path after the folder of a base, whose own dots the engine keeps (section 5.2.3)."""
    if authority is not None and not base_path:
        return _without_dots("/" + path)
    return _without_dots(path, base_path.split("/")[:-1])


def _without_dots(path: str, before: Sequence[str] = ()) -> str:
    """A path without its ``.`` and ``..``, each of which takes a step back, also out of ``before`` (section 5.2.4)."""
    steps, kept = path.split("/"), list(before)
    for n, step in enumerate(steps):
        last = n == len(steps) - 1
        if step == "..":
            if len(kept) > 1 or (kept and kept[0]):
                kept.pop()
        elif step != ".":
            kept.append(step)
        if last and step in (".", ".."):
            kept.append("")
    return "/".join(kept)

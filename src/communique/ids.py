"""The rules for ids and names in a newsroom; both become parts of IRIs and of file paths."""

from __future__ import annotations

import re
from typing import Final

REGISTRY: Final = "entities"
"""The name of the registry's graph, in place of the slug of a release."""

RESERVED_KINDS: Final = frozenset({"assets", "graph", "ontology", "queries", "search", "server", "shapes", "staging"})
"""Folders of a publication, and paths in a store, that belong to the program: no kind may have one of these names."""

DATASET: Final = "dataset"
"""The name of the graph about the dataset, in place of the slug of a release."""

RESERVED_SLUGS: Final = frozenset({DATASET, REGISTRY, "ontology"})
"""Names of graphs that belong to the newsroom as a whole: no release may have one of these names."""

SLUG_RULE: Final = (
    "use small letters a-z, digits and hyphens, at most 80; entities, dataset, ontology, con, nul and the like are "
    "taken"
)
ID_RULE: Final = (
    "write kind/name or this:name, in small letters a-z, digits, '-' and '.'; the name must not be index, con, nul or "
    "the like, nor this:s- with ten hexadecimal digits, which names a statement"
)

_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
_KIND: Final = re.compile(r"[a-z]{1,40}")
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?")
_LOCAL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?")  # room for role-<person>-<org>
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_STATEMENT: Final = re.compile(r"s-[0-9a-f]{10}")


def is_statement_name(name: str) -> bool:
    """Whether a name inside a release names the statement of a fact: ``s-`` and ten hexadecimal digits."""
    return _STATEMENT.fullmatch(name) is not None


def is_slug(name: str) -> bool:
    """Whether a release may have this name, which becomes that of a folder and of its named graphs.

    >>> is_slug("2015-05-29-report"), is_slug("entities"), is_slug("nul")
    (True, False, False)
    """
    return _SLUG.fullmatch(name) is not None and name not in RESERVED_SLUGS and not _DEVICE.fullmatch(name)


def is_local(name: str) -> bool:
    """Whether a node inside a release may have this name after ``this:``; names of statements are reserved.

    >>> is_local("speech-1"), is_local("s-1"), is_local("s-0123456789")
    (True, True, False)
    """
    return _LOCAL.fullmatch(name) is not None and ".." not in name and not is_statement_name(name)


def is_id(path: str) -> bool:
    """Whether a node that outlives its release may have this id: ``kind/name``, which becomes a folder.

    >>> is_id("person/jo.sample"), is_id("person/index.html"), is_id("queries/x"), is_id("person/a/../b")
    (True, False, False, False)
    """
    kind, _, name = path.partition("/")
    if not _KIND.fullmatch(kind) or kind in RESERVED_KINDS or not _NAME.fullmatch(name) or ".." in name:
        return False
    return not _DEVICE.fullmatch(name) and name.partition(".")[0] != "index" and (kind != "release" or is_slug(name))

"""Which IRIs, ids and names may enter: those of a newsroom's own nodes become paths of files, the others only links."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

RESERVED_KINDS: Final = frozenset({"assets", "graph", "ontology", "queries", "search", "server", "shapes", "staging"})
"""Folders of a publication and of a store that belong to the program: no kind of node is called so."""

RESERVED_SLUGS: Final = frozenset({"dataset", "entities"})
"""Named graphs that belong to the newsroom as a whole: no release is called so."""

SLUG_RULE: Final = (
    "use small letters a-z, digits and hyphens, at most 80; entities, dataset, con, nul and the like are taken"
)
ID_RULE: Final = (
    "write kind/name or this:name, in small letters a-z, digits, '-' and '.'; the name is no index and none of "
    "con, nul and the like"
)

_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
_KIND: Final = re.compile(r"[a-z]{1,40}")
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,78}[a-z0-9])?")
_LOCAL: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?")  # room for role-<person>-<org>
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?")
_SOURCE: Final = "/source.txt"

_INVISIBLE: Final = "\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff"
_UNSAFE: Final = r"\s<>\"{}|\\^`\x00-\x20\x7f-\x9f" + _INVISIBLE
_WEB: Final = re.compile(rf"https?://[^{_UNSAFE}/?#@]+(?:[/?#][^{_UNSAFE}]*)?")
MAX_ADDRESS: Final = 2_000
"""Code points of a web address that browsers and stores take without question."""


def is_slug(name: str) -> bool:
    """Whether a release can have this name: it becomes a folder, and its graphs share no name with those of the whole.

    >>> is_slug("2015-05-29-report"), is_slug("entities"), is_slug("nul")
    (True, False, False)
    """
    return _SLUG.fullmatch(name) is not None and name not in RESERVED_SLUGS and not _DEVICE.fullmatch(name)


def is_local(name: str) -> bool:
    """Whether a node inside a release can have this name, after ``this:``."""
    return _LOCAL.fullmatch(name) is not None and ".." not in name


def is_id(path: str) -> bool:
    """Whether a node that outlives its release can have this id: ``kind/name``, a folder of the publication.

    >>> is_id("person/jo.sample"), is_id("person/index.html"), is_id("queries/x"), is_id("person/a/../b")
    (True, False, False, False)
    """
    kind, _, name = path.partition("/")
    if not _KIND.fullmatch(kind) or kind in RESERVED_KINDS or not _NAME.fullmatch(name) or ".." in name:
        return False
    return not _DEVICE.fullmatch(name) and name.partition(".")[0] != "index" and (kind != "release" or is_slug(name))


def is_own_path(path: str) -> bool:
    """Whether a newsroom has something of its own at an IRI: ``path`` is the IRI without the base.

    A node (``kind/name``), a node inside a release (``release/slug#name``), or the text of a release.

    >>> [is_own_path(p) for p in ("org/a", "release/a#b", "release/a/source.txt", "../../zz", "org/%2e%2e")]
    [True, True, True, False, False]
    """
    node, mark, name = path.partition("#")
    if mark:
        return node.startswith("release/") and is_id(node) and is_local(name)
    return is_id(node) or (node.startswith("release/") and node.endswith(_SOURCE) and is_id(node[: -len(_SOURCE)]))


def is_web_address(text: str) -> bool:
    """Whether a text is an address on the web that can be published as a link, as it stands.

    It has a host, no user and no password, no character that cannot be seen or that turns the direction of writing
    (RFC 3987, section 4.1), and at most 2,000 code points.

    >>> is_web_address("https://example.org/ж?a=b#c"), is_web_address("https://jo:secret@example.org/")
    (True, False)
    """
    return len(text) <= MAX_ADDRESS and _WEB.fullmatch(text) is not None


def fault_of(text: str) -> str:
    """Why a text is no id and no address, for a sentence that begins with it.

    >>> fault_of("https://jo:secret@example.org/"), fault_of("a b")
    ('is an address with a user or a password: they would be published', 'is not the id of a node')
    """
    if not text.startswith(("http://", "https://")):
        return "is not the id of a node"
    if len(text) > MAX_ADDRESS:
        return f"is an address of {len(text):,} characters: at most {MAX_ADDRESS:,} are published"
    if re.search(f"[{_INVISIBLE}]", text):
        return "is an address with a character that cannot be seen or that turns the direction of writing"
    if "@" in re.split("[/?#]", text, maxsplit=3)[2]:
        return "is an address with a user or a password: they would be published"
    return "is not an address that can be published, or no id of this newsroom"


def is_page_address(text: str, base: str) -> bool:
    """Whether a text is the address of a page below ``base``: it may be called as its site likes, but takes no step up.

    >>> is_page_address("https://e.org/News/1.html", "https://e.org/"), is_page_address("https://e.org/a/../b", "https://e.org/")
    (True, False)
    """
    steps = unquote(text).replace("\\", "/").split("/")
    return text.startswith(base) and is_web_address(text) and not {".", ".."} & set(steps)


def iri_of(name: str, base: str, this: str) -> str | None:
    """The IRI that a name in a record stands for, or None: what is the newsroom's own obeys one pattern in every form.

    ``base`` stands before ids, ``this`` before the names of nodes inside the release.

    >>> base, this = "https://e.org/", "https://e.org/release/a#"
    >>> iri_of("this:b", base, this), iri_of("org/c", base, this), iri_of("https://e.org/org/../c", base, this)
    ('https://e.org/release/a#b', 'https://e.org/org/c', None)
    """
    if name.startswith("this:"):
        return this + name[5:] if is_local(name[5:]) else None
    if name.startswith(this):
        return name if is_local(name[len(this) :]) else None
    if name.startswith(base):
        return name if is_own_path(name[len(base) :]) else None
    if "#" not in name and is_own_path(name):
        return base + name
    return name if is_web_address(name) else None


def is_node(iri: str, base: str, this: str) -> bool:
    """Whether a record may describe the node at an IRI of `iri_of`: one with a page of its own, or one inside it."""
    return iri.startswith(this) or (iri.startswith(base) and is_id(iri[len(base) :]))

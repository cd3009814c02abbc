"""Which addresses on the web may be published as links."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_INVISIBLE: Final = "\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff"
_UNSAFE: Final = r"\s<>\"{}|\\^`\x00-\x20\x7f-\x9f" + _INVISIBLE
_WEB: Final = re.compile(rf"https?://[^{_UNSAFE}/?#@]+(?:[/?#][^{_UNSAFE}]*)?")
MAX_ADDRESS: Final = 2_000
"""Code points of a web address that browsers and stores take without question."""


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

"""The web addresses that may be published as links."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

_INVISIBLE: Final = "\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff"
_UNSAFE: Final = r"\s<>\"{}|\\^`\x00-\x20\x7f-\x9f" + _INVISIBLE
_WEB: Final = re.compile(rf"https?://[^{_UNSAFE}/?#@]+(?:[/?#][^{_UNSAFE}]*)?")
MAX_ADDRESS: Final = 2_000
"""The most code points in a web address; browsers and stores accept addresses of this length."""


def is_web_address(text: str) -> bool:
    """Whether a text is a web address that can be published as a link, exactly as it is written.

    It has a host, no user or password, no invisible character and none that changes the writing direction (RFC 3987,
    section 4.1), and at most 2,000 code points.

    >>> is_web_address("https://example.org/ж?a=b#c"), is_web_address("https://jo:secret@example.org/")
    (True, False)
    """
    return len(text) <= MAX_ADDRESS and _WEB.fullmatch(text) is not None


def fault_of(text: str) -> str:
    """Why a text is neither an id nor an address: the rest of a sentence that begins with the text.

    >>> fault_of("https://jo:secret@example.org/"), fault_of("a b")
    ('is an address with a user or a password: they would be published', 'is not the id of a node')
    """
    if not text.startswith(("http://", "https://")):
        return "is not the id of a node"
    if len(text) > MAX_ADDRESS:
        return f"is an address of {len(text):,} characters: at most {MAX_ADDRESS:,} are published"
    if re.search(f"[{_INVISIBLE}]", text):
        return "is an address with a character that is invisible or changes the writing direction"
    if "@" in re.split("[/?#]", text, maxsplit=3)[2]:
        return "is an address with a user or a password: they would be published"
    return "is neither an address that can be published nor an id of this newsroom"


def is_page_address(text: str, base: str) -> bool:
    """Whether a text is the address of a page below ``base``, under any name but without a step up (``..``).

    >>> is_page_address("https://e.org/News/1.html", "https://e.org/"), is_page_address("https://e.org/a/../b", "https://e.org/")
    (True, False)
    """
    steps = unquote(text).replace("\\", "/").split("/")
    return text.startswith(base) and is_web_address(text) and not {".", ".."} & set(steps)

"""What is said where there is nothing: the nearest entities, or that a release was withdrawn."""

from __future__ import annotations

import difflib
from bisect import bisect
from html import escape
from typing import Final

from communique.serve.accept import best
from communique.serve.publication import Publication
from communique.serve.refusal import HttpError
from communique.serve.responding import Head, Sender

_PAGE: Final = "404.html"
_MOST: Final = 5
_LONGEST: Final = 200
_ALL: Final = 200
"""The number of entities up to which all are compared."""
_AROUND: Final = 100
_END: Final = b"</main>"


async def send_missing(publication: Publication, path: str, no: HttpError, sender: Sender) -> None:
    """Say that there is nothing at a path, in a page for a browser and in one sentence for a program."""
    near = nearest(publication, path) if no.status == 404 else []
    page = publication.files.get(_PAGE)
    if page and best(sender.header("accept"), ("text/plain", "text/html")) == "text/html":
        body = publication.read(page)
        home = publication.homes[-1] if publication.homes else "/"
        links = "".join(f'<li><a href="{escape(home + one)}/">{escape(one)}</a></li>' for one in near)
        begin = body.rfind(_END)
        if links and begin >= 0:
            body = body[:begin] + f"<ul>{links}</ul>".encode() + body[begin:]
        head = Head(no.status, {"Content-Type": page.media_type, "Cache-Control": "no-cache", "Vary": "Accept"})
        return await sender.send(head, body)
    hint = f"; near it: {', '.join('/' + one + '/' for one in near)}" if near else ""
    await sender.sentence(no.status, f"{no}{hint}", {"Vary": "Accept"})


def nearest(publication: Publication, path: str) -> list[str]:
    """The paths of the entities whose names are most like that of a path, at most five.

    They are looked for among those of its kind that stand near it in the alphabet, so that it takes no time in a large
    publication, and in the whole of a small one.
    """
    kind, slash, name = path.strip("/")[:_LONGEST].partition("/")
    name = name.partition("/")[0] if slash else kind
    folders = publication.sorted_folders
    at = bisect(folders, f"{kind}/{name}")
    near = folders if len(folders) <= _ALL else folders[max(0, at - _AROUND) : at + _AROUND]
    found: dict[str, str] = {}
    for one in near:
        if one.startswith(kind + "/") or one.partition("/")[2] not in found:
            found[one.partition("/")[2]] = one
    return [found[one] for one in difflib.get_close_matches(name, found, n=_MOST, cutoff=0.6)]

"""Pages that leave no reader at a dead end: an index for each folder of things, and the page for what is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from communique.kinds import MENU
from communique.publish.site.cards import EntityCard, ReleaseCard
from communique.publish.site.pages import Page, Pages

MOST: Final = 1500
"""Entities that the index of a folder names; of more it leads to the list that shares them out."""


def folder_pages(lists: Sequence[tuple[str, list[EntityCard]]]) -> Iterator[Page]:
    """An index for each folder of entities, such as ``person/``; ``lists`` are the entities by list, in order."""
    folders: dict[str, tuple[str, list[EntityCard]]] = {}
    for key, own in lists:
        for card in own:
            folders.setdefault(card.path.split("/")[0], (key, []))[1].append(card)
    for folder, (key, cards) in folders.items():
        values = {"heading": f"list.{key}", "key": key, "cards": cards[:MOST], "total": len(cards)}
        values |= {"releases": [], "years": []}
        yield Page("folder.html", f"{folder}/index.html", values, key if key in MENU else "")


def release_folder_page(releases: Sequence[ReleaseCard], years: Sequence[tuple[str, int, str]], total: int) -> Page:
    """The index of ``release/``: the newest releases, and where those of each year stand (year, number, page)."""
    values = {"heading": "nav.releases", "key": "", "cards": [], "total": total, "releases": releases, "years": years}
    values |= {"first_of": {}}
    return Page("folder.html", "release/index.html", values, "releases")


def missing_page(pages: Pages) -> Page:
    """404.html: a server shows it at any address, so its links begin at the root of the host."""
    return Page("missing.html", "404.html", absolute=urlsplit(pages.dataset.site).path)

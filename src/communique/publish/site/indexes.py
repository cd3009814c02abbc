"""Pages that spare readers dead ends: an index for each folder of entities, and the page for missing files (404)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from communique.kinds import MENU
from communique.publish.site.cards import EntityCard, ReleaseCard
from communique.publish.site.pages import Page, Pages

MOST_ENTITIES: Final = 1500
"""Entities that the index of a folder names; if there are more, it links to the list that is split by letter."""


def folder_pages(lists: Sequence[tuple[str, list[EntityCard]]]) -> Iterator[Page]:
    """An index page for each folder of entities, such as ``person/``; ``lists`` are the sorted entities by list."""
    folders: dict[str, tuple[str, list[EntityCard]]] = {}
    for key, listed in lists:
        for card in listed:
            folders.setdefault(card.path.split("/")[0], (key, []))[1].append(card)
    for folder, (key, cards) in folders.items():
        values = {"heading": f"list.{key}", "key": key, "cards": cards[:MOST_ENTITIES], "total": len(cards)}
        values |= {"releases": [], "years": []}
        yield Page("folder.html", f"{folder}/index.html", values, key if key in MENU else "")


def release_folder_page(releases: Sequence[ReleaseCard], years: Sequence[tuple[str, int, str]], total: int) -> Page:
    """The index of ``release/``: the newest releases, and the page of each year (year, number of releases, page)."""
    values = {"heading": "nav.releases", "key": "", "cards": [], "total": total, "releases": releases, "years": years}
    values |= {"first_of": {}}
    return Page("folder.html", "release/index.html", values, "releases")


def missing_page(pages: Pages) -> Page:
    """404.html. A server shows it at any address, so its links start from the root of the host."""
    return Page("missing.html", "404.html", absolute=urlsplit(pages.dataset.site).path)

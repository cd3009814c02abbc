"""The words of a picture, as they are handed in: in one language, by key."""

from __future__ import annotations

from typing import Protocol


class Wording(Protocol):
    """The words of one language; keys of pictures begin with ``pic.``."""

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its places filled in."""

    def day(self, text: str) -> str:
        """A year, month or day of RDF as a reader writes it; any other text as it is."""

    def on_day(self, text: str) -> str:
        """A day as it stands before the word for what was so on it."""

    def property(self, iri: str, *kinds: str) -> str:
        """What a property is called before its value, with a colon."""

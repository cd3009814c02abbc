"""The interface to the words of a picture: in one language, by key."""

from __future__ import annotations

from typing import Protocol


class Wording(Protocol):
    """The words of one language; keys of pictures begin with ``pic.``."""

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, with its placeholders filled in."""

    def day(self, text: str) -> str:
        """A year, month or day of RDF in the usual form of the language; any other text unchanged."""

    def on_day(self, text: str) -> str:
        """A day in the form that qualifies the word after it."""

    def property(self, iri: str, *kinds: str) -> str:
        """The label of a property before its value, with a colon."""

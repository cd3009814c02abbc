"""The language of a release: that in which its record reads the text."""

from __future__ import annotations

from communique.compile.expand import Expansion
from communique.compile.nodes import RecordNode


def check_language(expansion: Expansion, release: RecordNode) -> None:
    """Report a release that is said to be in other languages alone than the one in which its record reads it."""
    facts = [f for f in release.facts.get("inLanguage", ()) if f.rule is None and f.why is None]
    read = _primary(expansion.language)
    if not facts or read in {_primary(f.object.value) for f in facts}:
        return
    expansion.report(
        "not-grounded",
        f"the record reads its text as {expansion.language!r}, not as {facts[0].object.value!r}",
        facts[0].pointer,
        focus=release.iri.value,
        path="inLanguage",
        value=facts[0].object.value,
        fix="leave out inLanguage, or write the language of the text as @language in the @context",
    )


def _primary(tag: str) -> str:
    """The language of a tag without script and region: "kk" of "kk-Cyrl"."""
    return tag.partition("-")[0].lower()

"""The mark of an inference as YAML that an author can paste: what a finding offers for a fact that no words say."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from communique.compile.expand import Expansion
from communique.compile.nodes import RecordFact
from communique.iris import without_base

_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w .%/’-]*[\w.%])?")
_LONGEST_KEY: Final = 128  # characters of a key that stands before its colon in one line (YAML 1.2, 7.4.2: 1024)


def mark_of(expansion: Expansion, fact: RecordFact, *, words: bool = False) -> str:
    """The mark that makes a fact inferred, as its author writes it: ``evidence: {sponsor: {why: …}}``.

    It names the value too where the key has others, and has a place for ``words`` where the compiler finds none.
    """
    key, same = fact.node.renamed.get(fact.key, fact.key), fact.node.facts.get(fact.key, ())
    value = _key_of(expansion, fact)
    mark = '{inferred: "words of the text", why: …}' if words else "{why: …}"
    if len(same) < 2 or len(value) > _LONGEST_KEY:
        return f"evidence: {{{key}: {mark}}}"
    return f"evidence: {{{key}: {{{value}: {mark}}}}}"


def scalar(text: str) -> str:
    """A text as a value in YAML, also between braces.

    >>> scalar("revenue rose"), scalar("%"), scalar("head: mills"), scalar("12")
    ('revenue rose', '"%"', '"head: mills"', '"12"')
    """
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def mark_for(*keys: str) -> str:
    """The mark for all values of some keys, as their author writes them.

    >>> mark_for("sponsor"), mark_for("title", "of")
    ('evidence: {sponsor: {why: …}}', 'evidence: {"title, of": {why: …}}')
    """
    return f"evidence: {{{_joined(keys)}: {{why: …}}}}"


def _joined(keys: Sequence[str]) -> str:
    return keys[0] if len(keys) == 1 else json.dumps(", ".join(keys))


def _key_of(expansion: Expansion, fact: RecordFact) -> str:
    """The value of a fact as a key of YAML."""
    if not isinstance(fact.object, NamedNode):
        return json.dumps(fact.object.value, ensure_ascii=False)
    iri = fact.object.value
    if iri.startswith(expansion.this):
        return f"this:{iri.removeprefix(expansion.this)}"
    return without_base(iri, expansion.base)

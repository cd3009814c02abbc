"""The nodes of a record and their facts, each with the place where it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from communique.read.yamlld import Pointer


@dataclass(slots=True, eq=False)
class RecordNode:
    """A node of the record: ``written`` is its mapping as the author wrote it, ``evidence`` the value of that key.

    ``renamed`` are the keys that the author wrote in place of keys of its facts, such as ``@type`` for ``type``.
    ``form`` is the key in whose entry the node is written, such as ``role``, and ``holder`` the node that has that key;
    "" and None for an ordinary node.
    """

    iri: NamedNode
    pointer: Pointer
    written: Mapping[str, object]
    evidence: object
    types: tuple[str, ...]
    facts: dict[str, list[RecordFact]] = field(default_factory=dict)
    renamed: dict[str, str] = field(default_factory=dict)
    form: str = ""
    holder: RecordNode | None = None

    def place(self, key: str) -> Pointer:
        """Where the value of a key was written."""
        return (*self.pointer, self.renamed.get(key, key))


@dataclass(slots=True, eq=False)
class RecordFact:
    """One triple of the record: its key, the index of its value among the values of that key, and its evidence.

    ``spans`` are the passages that support this fact by itself (start, end), ``why`` is the reason if it is inferred,
    ``rule`` the name of the rule that made it; None if an author wrote it. ``parts`` are the parts of a text that the
    source interrupts, such as a quotation around "she said"; its object then has them joined.
    """

    node: RecordNode
    key: str
    index: int
    predicate: NamedNode
    object: NamedNode | Literal
    spans: list[tuple[int, int]] = field(default_factory=list)
    why: str | None = None
    rule: str | None = None
    parts: tuple[str, ...] = ()

    @property
    def pointer(self) -> Pointer:
        """Where the value was written."""
        at = self.node.place(self.key)
        values = self.node.written.get(self.node.renamed.get(self.key, self.key))
        return (*at, self.index) if isinstance(values, list) else at

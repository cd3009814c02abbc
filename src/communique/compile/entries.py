"""The entries of a form: what an author writes short inside a node becomes nodes of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from communique.compile.expand import Expansion
from communique.compile.keywords import written_key
from communique.compile.nodes import RecordNode
from communique.compile.values import as_list, describe
from communique.context import AUTHORING_KEYS
from communique.errors import suggestion
from communique.read.yamlld import Pointer


@dataclass(frozen=True, slots=True)
class Form:
    """A key that holds entries: its own keys, what they mean, and how an entry is written.

    ``renamed`` gives the key in an entry for a key of the context, ``apart`` are keys that the form itself reads.
    ``example`` shows an entry in messages.
    """

    key: str
    keys: tuple[str, ...]
    example: str
    renamed: Mapping[str, str]
    apart: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class FormEntry:
    """One entry: the node it is written in, the mapping, its place, and its number in the list from 1."""

    form: Form
    holder: RecordNode
    written: Mapping[str, object]
    pointer: Pointer
    number: int


def entries_of(expansion: Expansion, holder: RecordNode, form: Form) -> Iterator[FormEntry]:
    """The entries of a form in a node, one or a list; what is no mapping is reported and left out."""
    value = holder.written[form.key]
    for k, one in enumerate(as_list(value)):
        at = (*holder.pointer, form.key, k) if isinstance(value, list) else (*holder.pointer, form.key)
        if isinstance(one, dict):
            yield FormEntry(form, holder, one, at, k + 1)
        else:
            message = f"{form.key} is written {form.example}, not {describe(one)}"
            expansion.report("not-a-node", message, at, focus=holder.iri.value, path=form.key)


def add_node(expansion: Expansion, entry: FormEntry, name: str, types: tuple[str, ...]) -> RecordNode | None:
    """Add the node of an entry with its facts and return it; None if its id cannot be used, which is reported.

    ``name`` is its id unless the author gives one.
    """
    key = written_key(entry.written, "id")
    own = entry.written.get(key, name)
    iri = expansion.identify({key: own}, entry.pointer)
    if iri is None:
        return None
    if iri in expansion.nodes:
        message = f"a second node has the id {own!r}"
        fix = f"give this entry an id of its own, such as id: {name}-b"
        expansion.report("duplicate-id", message, entry.pointer, focus=iri.value, fix=fix)
        return None
    form, written = entry.form, entry.written
    node = RecordNode(
        iri,
        entry.pointer,
        written,
        written.get("evidence"),
        types,
        renamed={**form.renamed},
        form=form.key,
        holder=entry.holder,
    )
    expansion.nodes[iri] = node
    expansion.add_types(node)

    def report_unknown(node: RecordNode, key: str) -> None:
        expansion.report(
            "unknown-key",
            f"unknown key {key!r} in {form.key}",
            (*node.pointer, key),
            key=True,
            focus=node.iri.value,
            path=key,
            fix=suggestion(key, form.keys, otherwise=f"{form.key} has {', '.join(form.keys)}"),
        )

    for key in written:
        if key not in form.keys and key in (*AUTHORING_KEYS, "type", "@type"):
            report_unknown(node, key)
    expansion.add_keys(node, apart=form.apart, report_unknown=report_unknown)
    return node


def last_step(iri: NamedNode) -> str:
    """The last step of an IRI, from which ids of entries are made.

    >>> last_step(NamedNode("https://e.org/id/person/jo-sample"))
    'jo-sample'
    """
    return re.split(r"[/#]", iri.value)[-1]

"""Contacts, written where they belong: a ContactPoint for each entry of ``contact``."""

from __future__ import annotations

from typing import Final

from communique.compile.entries import Form, add_node, entries_of, last_step
from communique.compile.expand import Expansion
from communique.compile.nodes import RecordNode
from communique.compile.values import describe
from communique.context import FORM_KEYS

CONTACT: Final = Form(
    "contact",
    FORM_KEYS["contact"],
    "{name: …, telephone: …, email: …}",
    renamed={},
    apart=("of",),
)


def add_contacts(expansion: Expansion, holder: RecordNode) -> None:
    """Add a ContactPoint for each entry of ``contact``.

    The release names it as ``mediaContact``, a person or an organisation as ``contactPoint``. ``of`` is the person or
    organisation that a contact of the release belongs to: see `add_owners`.
    """
    of_release = holder.iri.value == expansion.this.removesuffix("#")
    key = "mediaContact" if of_release else "contactPoint"
    for entry in entries_of(expansion, holder, CONTACT):
        prefix = "" if of_release else f"{last_step(holder.iri)}-"
        node = add_node(expansion, entry, f"this:contact-{prefix}{entry.number}", ("ContactPoint",))
        if node is not None:
            expansion.fact(holder, key, node.iri)


def add_owners(expansion: Expansion) -> None:
    """Add to each person and organisation that a contact names with ``of`` that this is its contact.

    It needs all nodes of the record, since the owner may be written after the contact.
    """
    for node in list(expansion.nodes.values()):
        if node.form != CONTACT.key or "of" not in node.written:
            continue
        of, at = node.written["of"], (*node.pointer, "of")
        iri = expansion.add(of, at, reference=True) if isinstance(of, dict) else None
        iri = expansion.resolve(of) if isinstance(of, str) else iri
        owner = expansion.nodes.get(iri) if iri is not None else None
        if owner is not None:
            expansion.fact(owner, "contactPoint", node.iri)
            continue
        message = f"{describe(of)} is not a person or an organisation that this record describes"
        fix = "describe whose contact it is in the record: of: {id: org/…, type: Organization, name: …}"
        expansion.report("bad-reference", message, at, focus=node.iri.value, path="of", fix=fix)

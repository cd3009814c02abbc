"""Codes such as ``iso3166-1-alpha2:KZ`` as nodes that say scheme and code apart, as schema.org has it.

The text stays beside the node: it is what an author wrote, and what most readers of ``schema:identifier`` look for.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from communique.authorities import address_of
from communique.compile.derived import add_derived, add_derived_node
from communique.compile.expand import Expansion
from communique.compile.nodes import RecordFact, RecordNode
from communique.iris import neighbour_iri
from communique.terms import SCHEMA

RULE: Final = "identifier"
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9.+-]*):(?!//)(\S.*)", re.DOTALL)
"""A code after its scheme, as the shape ``identifier-scheme`` asks for; no web address."""
_CLASS: Final = NamedNode(SCHEMA + "PropertyValue")
_KEYS: Final = ("schema:propertyID", "schema:value", "schema:url")


def add_identifiers(expansion: Expansion, node: RecordNode) -> None:
    """Add to each code with a scheme the schema:PropertyValue that it is, and the address of a code of an authority."""
    for fact in list(node.facts.get("identifier", [])):
        found = _SCHEME.fullmatch(fact.object.value) if isinstance(fact.object, Literal) else None
        if found is not None:
            _add_value(expansion, fact, *found.groups())


def _add_value(expansion: Expansion, fact: RecordFact, scheme: str, code: str) -> None:
    """Add the node of one code, with the passages of the text that gives it."""
    iri = fact.node.iri.value
    name = f"identifier-{quote(scheme, safe='')}-{quote(code, safe='')}"
    value = add_derived_node(expansion, NamedNode(neighbour_iri(iri, name)), fact.node, RULE)
    keys = [key if term is None else term.key for key in _KEYS for term in (expansion.context.term(key),)]
    address = address_of(scheme, code)
    add_derived(expansion, value, "type", _CLASS, [fact], rule=RULE)
    add_derived(expansion, value, keys[0], Literal(scheme), [fact], rule=RULE)
    add_derived(expansion, value, keys[1], Literal(code), [fact], rule=RULE)
    if address is not None:
        add_derived(expansion, value, keys[2], NamedNode(address), [fact], rule=RULE)
    add_derived(expansion, fact.node, "identifier", value.iri, [fact], rule=RULE)

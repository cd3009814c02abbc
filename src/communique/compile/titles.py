"""The titles of roles as nodes: ``org:role`` leads from a Membership to an org:Role that has the title as its label.

W3C Organization Ontology, section 3.5. Memberships of one release with the same title share the node; that two releases
mean the same office is not concluded.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.derived import add_derived, add_derived_node
from communique.compile.expand import Expansion
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.roles import slug_of
from communique.iris import inner_iri
from communique.terms import ORG
from communique.text.passages import Span

RULE: Final = "org:role"
_ROLE, _CLASS = NamedNode(ORG + "role"), NamedNode(ORG + "Role")
_HASH: Final = 8  # hexadecimal digits; the titles of one release are few


def add_titles(expansion: Expansion, release: RecordNode, spans: Callable[[RecordNode], list[Span]]) -> None:
    """Add to each Membership with a title the org:Role that it is, with the passages of the title or of the Membership.

    ``spans`` returns the passages of a node.
    """
    by_title: dict[Literal, list[RecordFact]] = {}
    for node in expansion.nodes.values():
        for fact in node.facts.get("roleName", []) if "Membership" in node.types else ():
            if isinstance(fact.object, Literal):
                by_title.setdefault(fact.object, []).append(fact)
    slugs: dict[str, list[Literal]] = defaultdict(list)
    for title in by_title:
        slugs[slug_of(title.value)].append(title)
    for slug, titles in slugs.items():
        for title in titles:
            name = slug if slug and len(titles) == 1 else "-".join(filter(None, (slug, _digest(title))))
            iri = NamedNode(inner_iri(release.iri.value, f"title-{name}"))
            facts = by_title[title]
            office = add_derived_node(expansion, iri, facts[0].node, RULE)
            made = [
                add_derived(expansion, office, "type", _CLASS, facts, rule=RULE),
                add_derived(expansion, office, "prefLabel", title, facts, rule=RULE),
            ]
            for one in made:
                one.spans = one.spans or list(dict.fromkeys(span for fact in facts for span in spans(fact.node)))
            for fact in facts:
                own = [*(fact.spans or spans(fact.node))]
                link = RecordFact(fact.node, RULE, 0, _ROLE, iri, spans=own, why=fact.why, rule=RULE)
                fact.node.facts.setdefault(RULE, []).append(link)


def _digest(title: Literal) -> str:
    """What tells a title from another one with the same letters and digits, in whatever order they were written."""
    return hashlib.sha256(str(title).encode()).hexdigest()[:_HASH]

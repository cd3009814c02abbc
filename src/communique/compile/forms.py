"""The short forms of a record, unfolded into nodes and facts after its nodes are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from communique.compile.contacts import add_contacts, add_owners
from communique.compile.expand import Expansion
from communique.compile.figures import add_figures
from communique.compile.nodes import RecordNode
from communique.compile.roles import add_roles
from communique.compile.schedules import add_schedules
from communique.compile.speech import add_said
from communique.compile.status import add_planned, add_status

FORMS: Final[Mapping[str, Callable[[Expansion, RecordNode], None]]] = {
    "role": add_roles,
    "said": add_said,
    "contact": add_contacts,
    "planned": add_planned,
    "status": add_status,
    "figures": add_figures,
    "schedule": add_schedules,
}
"""For each key that is a form, the function that unfolds it in one node."""


def unfold_forms(expansion: Expansion) -> None:
    """Unfold all forms of all nodes, also of nodes that forms hold."""
    done = 0
    while done < len(expansion.nodes):
        for node in list(expansion.nodes.values())[done:]:
            for key, unfold in FORMS.items():
                if key in node.written and not node.form:
                    unfold(expansion, node)
            done += 1
    add_owners(expansion)

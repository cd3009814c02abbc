"""The terse roles of a person: a Membership node for each (W3C Organization Ontology, section 3.5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from pyoxigraph import NamedNode

from communique.compile.expand import Expansion
from communique.compile.nodes import RecordNode
from communique.compile.values import as_list, describe
from communique.errors import suggestion
from communique.read.yamlld import Pointer

_RENAMED_IN_ROLE: Final = {"roleName": "title", "organization": "of"}
"""What the keys of a Membership node are called in a terse ``role``."""
_ROLE_TYPES: Final = ("Membership", "OrganizationRole")
_ROLE_KEYS: Final = ("title", "of", "evidence", "id", "note")


def add_roles(expansion: Expansion) -> None:
    """Add a Membership node for each terse ``role`` of a node, also of nodes that are nested in roles."""
    done = 0
    while done < len(expansion.nodes):
        for node in list(expansion.nodes.values())[done:]:
            _add_roles_of(expansion, node)
            done += 1


def _add_roles_of(expansion: Expansion, node: RecordNode) -> None:
    if "role" not in node.written:
        return
    roles = node.written["role"]
    for k, role in enumerate(as_list(roles)):
        at = (*node.pointer, "role", k) if isinstance(roles, list) else (*node.pointer, "role")
        if isinstance(role, dict) and _is_complete_role(expansion, node, role, at):
            _add_role(expansion, node, role, at)
        elif not isinstance(role, dict):
            expansion.report("not-a-node", "a role is written {title: …, of: …, evidence: …}", at, focus=node.iri.value)


def _is_complete_role(expansion: Expansion, node: RecordNode, role: Mapping[str, object], at: Pointer) -> bool:
    """Whether a role has all its keys; missing and unknown ones are reported."""
    for key in role:
        if key not in _ROLE_KEYS:
            expansion.report(
                "unknown-key",
                f"unknown key {key!r} in a role",
                (*at, key),
                key=True,
                focus=node.iri.value,
                path=key,
                fix=suggestion(key, _ROLE_KEYS, otherwise=f"a role has {', '.join(_ROLE_KEYS)}"),
            )
    missing = [key for key in ("title", "of", "evidence") if key not in role]
    if missing:
        expansion.report(
            "no-evidence" if missing == ["evidence"] else "incomplete-role",
            f"this role has no {' and no '.join(missing)}",
            at,
            focus=node.iri.value,
        )
    return not missing


def _add_role(expansion: Expansion, node: RecordNode, role: Mapping[str, object], at: Pointer) -> None:
    of = role["of"]
    organization = expansion.add(of, (*at, "of"), reference=True) if isinstance(of, dict) else None
    if organization is None and isinstance(of, str):
        organization = expansion.resolve(of)
    if organization is None:
        expansion.report(
            "bad-reference", f"{describe(of)} is not the id of an organisation", (*at, "of"), focus=node.iri.value
        )
        return
    name = role.get("id", f"this:role-{_last_step(node.iri)}-{_last_step(organization)}")
    written: dict[str, object] = {"id": name, "type": list(_ROLE_TYPES), "roleName": role["title"]}
    written |= {"note": role["note"]} if "note" in role else {}
    iri = expansion.identify(written, at)
    if iri is None:
        return
    if iri in expansion.nodes:
        message = "this person has a second role in this organisation"
        fix = "give the role an id of its own, such as id: this:role-chair"
        expansion.report("duplicate-id", message, at, focus=iri.value, fix=fix)
        return
    membership = RecordNode(iri, at, role, role["evidence"], _ROLE_TYPES, renamed={**_RENAMED_IN_ROLE})
    expansion.nodes[iri] = membership
    expansion.add_types(membership)
    for key in ("roleName", "note"):
        if key in written:
            expansion.add_values(membership, expansion.context.terms[key], written[key])
    expansion.fact(membership, "member", node.iri, rule="role")
    expansion.fact(membership, "organization", organization)


def _last_step(iri: NamedNode) -> str:
    return re.split(r"[/#]", iri.value)[-1]

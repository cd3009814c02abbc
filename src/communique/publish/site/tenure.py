"""What pages show of a role: its title, its organisation, and from when to when it was held if the text says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from communique.publish.site.rows import ShownValue
from communique.publish.site.scene import Scene, SceneFact
from communique.publish.words import Words
from communique.terms import ORG, SCHEMA

_FROM, _UNTIL = SCHEMA + "startDate", SCHEMA + "endDate"
_PARTS: Final = (SCHEMA + "roleName", ORG + "organization", _FROM, _UNTIL)


def parts_of_role(scene: Scene, role: str) -> list[SceneFact]:
    """The facts of a role that its holder's page shows, in the order in which they are shown."""
    facts = [fact for fact in scene.out.get(role, ()) if fact.predicate in _PARTS]
    return sorted(facts, key=lambda fact: _PARTS.index(fact.predicate))


def dated(value: ShownValue, fact: SceneFact, words: Words) -> ShownValue:
    """A value of a role; a date with the word that says whether the role began or ended then."""
    if fact.predicate == _FROM:
        return replace(value, text=words("role_from", day=value.text))
    return replace(value, text=words("role_until", day=value.text)) if fact.predicate == _UNTIL else value

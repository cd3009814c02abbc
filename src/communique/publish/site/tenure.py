"""What pages show of a role: its title, its organisation, and from when to when it was held if the text says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from communique.iris import fragment_of, is_inner
from communique.publish.site.rows import ShownValue
from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import SceneFact
from communique.publish.words import Words
from communique.terms import ORG, SCHEMA

_FROM, _UNTIL = SCHEMA + "startDate", SCHEMA + "endDate"
_PARTS: Final = (SCHEMA + "roleName", ORG + "organization", _FROM, _UNTIL)


def parts_of_role(scene: Scene, role: str) -> list[SceneFact]:
    """The facts of a role that its holder's page shows, in the order in which they are shown."""
    facts = [fact for fact in scene.out.get(role, ()) if fact.predicate in _PARTS]
    return sorted(facts, key=lambda fact: _PARTS.index(fact.predicate))


def title_anchor(scene: Scene, role: str) -> str:
    """The id of the title of a role (an org:Role inside the release), at the first role with this title; else ""."""
    for title in (fact.target for fact in scene.values(role, ORG + "role")):
        same = (f.subject for f in scene.into[title] if f.predicate == ORG + "role")
        if is_inner(title) and role == min((r for r in same if scene.values(r, ORG + "member")), default=""):
            return fragment_of(title)
    return ""


def dated(value: ShownValue, fact: SceneFact, words: Words) -> ShownValue:
    """A value of a role; a date with the word that says whether the role began or ended then."""
    if fact.predicate == _FROM:
        return replace(value, text=words("role_from", day=value.text))
    return replace(value, text=words("role_until", day=value.text)) if fact.predicate == _UNTIL else value

"""Which facts an article shows: as rows of its own, as rows with its node as their object, or in another way."""

from __future__ import annotations

from typing import Final

from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import SceneFact
from communique.publish.site.speech import is_said, is_said_or_recommended
from communique.publish.words import Words
from communique.terms import CMQ, FABIO, ORG, SCHEMA, SKOS, TYPE

S = SCHEMA
ELSEWHERE: Final = frozenset(
    {S + "encoding", S + "inLanguage", S + "honorificPrefix", S + "hasOccupation", S + "text", S + "creator"}
    | {SKOS + "editorialNote", SKOS + "prefLabel", SKOS + "inScheme", CMQ + "reportingVerb", CMQ + "attestedOn"}
    | {S + "isPartOf", ORG + "role"}
)
"""Properties that are not shown as rows but in another way: in a heading, as the words of a statement, as a note."""

AT_THE_OBJECT: Final = frozenset({S + "attendee", S + "recipient"})
"""Properties whose facts are shown with the object: attendance is shown with the people."""

ALSO_AT_THE_OBJECT: Final = frozenset(
    S + name
    for name in (
        *("organizer", "performer", "contributor", "sponsor", "publishedBy", "legislationPassedBy", "agent"),
        *("workFeatured", "publication", "superEvent", "hasPart", "audience"),
    )
) | {CMQ + "approves", CMQ + "onBehalfOf", CMQ + "supporter"}
"""Properties whose facts are shown with both nodes but counted only with the subject."""

HEADINGS: Final = (S + "name", S + "familyName", S + "audienceType")
"""Properties that can give an article its heading."""

_BY_RULE: Final = "written by rule"


def is_seen_from_object(scene: Scene, fact: SceneFact, *, on_own_page: bool) -> bool:
    """Whether a fact is shown with its object; ``on_own_page``: on the page of that object alone."""
    if not on_own_page or fact.predicate in AT_THE_OBJECT:
        return fact.predicate in AT_THE_OBJECT | ALSO_AT_THE_OBJECT
    classes = scene.classes(fact.subject)
    if fact.predicate == S + "creator":
        return not is_said(scene, fact.subject)
    if fact.predicate == S + "affiliation" and any(
        f.predicate == ORG + "member" for f in scene.into.get(fact.subject, ())
    ):
        return False
    of_release = FABIO + "PressRelease" in classes and fact.predicate not in (S + "publisher", S + "genre")
    return fact.predicate not in (ORG + "member", ORG + "organization") and not of_release


def is_row(scene: Scene, words: Words, fact: SceneFact, *, on_own_page: bool) -> bool:
    """Whether a fact is a row of its subject's article; ``on_own_page``: on the page of the subject alone."""
    classes = scene.classes(fact.subject)
    if fact.predicate == TYPE:
        return is_kind(scene, words, fact)
    if fact.predicate in (S + "jobTitle", S + "affiliation"):
        return not _is_in_a_role(scene, fact)
    if fact.predicate == S + "mentions" and FABIO + "PressRelease" in classes:
        return False
    if fact.predicate == S + "recordedAt":
        return not fact.is_inferred
    if fact.predicate == S + "contactPoint" and on_own_page:
        return not any(f.slug for f in scene.out.get(fact.target, ()))
    if fact.predicate == S + "isPartOf":
        is_release = FABIO + "PressRelease" in scene.classes(fact.target)
        return not (is_release or fact.reason.startswith(_BY_RULE))
    if fact.predicate == S + "creator":
        return fact.is_inferred or not is_said(scene, fact.subject)
    if fact.predicate == S + "honorificPrefix":
        return fact.is_inferred
    if fact.predicate in HEADINGS and not fact.is_inferred:
        return fact.object.value != scene.title(fact.subject, words.language).value
    is_elsewhere = fact.repeats_text or fact.predicate in ELSEWHERE
    return not is_elsewhere and (on_own_page or fact.predicate not in AT_THE_OBJECT)


def is_kind(scene: Scene, words: Words, fact: SceneFact) -> bool:
    """Whether a class is shown: it says more than the heading, or the class implied by the heading is inferred."""
    if words.has_class(fact.target):
        return True
    if not fact.is_inferred or fact.reason.startswith(_BY_RULE) or is_said_or_recommended(scene, fact.subject):
        return False
    others = [f for f in scene.values(fact.subject, TYPE) if f.slug == fact.slug and f.object != fact.object]
    return all(f.is_inferred and not words.has_class(f.target) for f in others if scene.is_of_kind(f))


def _is_in_a_role(scene: Scene, fact: SceneFact) -> bool:
    """Whether a role of the person gives the same title or organisation, on the same basis."""
    roles = [f.subject for f in scene.into.get(fact.subject, ()) if f.predicate == ORG + "member"]
    roles += [f.target for f in scene.values(fact.subject, S + "hasOccupation")]
    parts = (S + "roleName", ORG + "organization")
    same = [f for r in roles for p in parts for f in scene.values(r, p) if f.object == fact.object]
    return any(f.slug == fact.slug and f.is_inferred == fact.is_inferred for f in same)

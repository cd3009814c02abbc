"""The label of a fact: the words before its value, or before its subject where it is shown with its object."""

from __future__ import annotations

from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import SceneFact
from communique.publish.site.speech import has_words, is_said, is_said_or_recommended
from communique.publish.words import Words
from communique.terms import SCHEMA as S


def label_before_value(scene: Scene, words: Words, fact: SceneFact) -> str:
    """The label of the property of a fact, as it is written before the value.

    The day of an event is its date; if the event has a last day, it is its start.
    """
    if fact.predicate == S + "creator" and is_said_or_recommended(scene, fact.subject):
        if not is_said(scene, fact.subject):
            return words("recommended_by")
        return words("said_by" if has_words(scene, fact.subject) else "done_by")
    if fact.predicate == S + "startDate" and scene.values(fact.subject, S + "endDate"):
        return words.property(fact.predicate)
    return words.property(fact.predicate, scene.lane(fact.subject), scene.lane(fact.target))


def label_before_subject(scene: Scene, words: Words, fact: SceneFact) -> str:
    """The label of the property of a fact, as it is written before the subject."""
    return words.inverse(fact.predicate, scene.lane(fact.subject), scene.lane(fact.target))

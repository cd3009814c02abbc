"""How a page presents what was said: who spoke, to whom words are attributed, and the label of a node without a name.

Reported speech is never presented as direct speech: a name and a colon before words mean, in Russian and Kazakh too,
that the person used exactly these words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import Literal

from communique.kinds import has_row, kind_at, kind_of_classes, word_of
from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import SceneFact
from communique.publish.words import Words
from communique.terms import CMQ, FABIO, SCHEMA

S = SCHEMA
SPEECH: Final = (CMQ + "ReportedStatement", S + "Quotation")
"""The classes of what somebody said."""

RECOMMENDATION: Final = CMQ + "PolicyRecommendation"


def is_said(scene: Scene, iri: str) -> bool:
    """Whether a node is a statement: reported, quoted or of the release itself. A mere recommendation is not one."""
    own = scene.classes(iri)
    return not own.isdisjoint(SPEECH) or (S + "Statement" in own and RECOMMENDATION not in own)


def is_said_or_recommended(scene: Scene, iri: str) -> bool:
    """Whether a node is a statement or a recommendation."""
    return is_said(scene, iri) or RECOMMENDATION in scene.classes(iri)


def is_own_words(scene: Scene, iri: str) -> bool:
    """Whether a statement is the release's own: attributed to nobody, and part of the release."""
    if scene.values(iri, S + "creator") or scene.classes(iri) & {*SPEECH, RECOMMENDATION}:
        return False
    wholes = scene.values(iri, S + "isPartOf")
    return any(FABIO + "PressRelease" in scene.classes(f.target) for f in wholes)


def speaks(scene: Scene, fact: SceneFact) -> bool:
    """Whether a fact says that somebody spoke: it needs a quotation, or words with a verb of speech.

    Somebody who only wrote a report, made a recommendation, or supported or thanked without words did not speak.
    """
    if fact.predicate != S + "creator" or fact.is_inferred or not has_words(scene, fact.subject):
        return False
    classes = scene.classes(fact.subject)
    verb = bool(scene.values(fact.subject, CMQ + "reportingVerb"))
    return S + "Quotation" in classes or (CMQ + "ReportedStatement" in classes and verb)


def stated_speakers(scene: Scene, iri: str) -> Sequence[SceneFact]:
    """The facts that state who said something: no inferred ones, and none for a mere recommendation."""
    return [f for f in scene.values(iri, S + "creator") if not f.is_inferred] if is_said(scene, iri) else []


def agents(scene: Scene, iri: str) -> Sequence[SceneFact]:
    """The facts that name who said something or acted without words; inferred ones only if none is stated."""
    return stated_speakers(scene, iri) or (scene.values(iri, S + "creator") if is_said(scene, iri) else [])


def speech_line(scene: Scene, words: Words, iri: str) -> str:
    """What was said in one line, for lists: the attribution, then the words, in quotation marks only if quoted.

    "Reported statement (Mr. Example, mentioned): the importance of the report", never "Mr. Example: …".
    """
    speaker, text = attribution(scene, words, iri), _text(scene, iri)
    if not text:
        return speaker
    quoted = S + "Quotation" in scene.classes(iri)
    return f"{speaker}: {words('said.quotation', words=text) if quoted else text}"


def label_for_unnamed(scene: Scene, words: Words, iri: str) -> str:
    """The label of a node without a name: what kind of thing it is, or who made the statement; never its id."""
    if is_said_or_recommended(scene, iri):
        return attribution(scene, words, iri)
    classes = scene.classes(iri)
    narrow = min((cls for cls in classes if not has_row(cls)), default="")
    if kind_of_classes(classes) is kind_at("thing") and narrow:
        return words.class_name(narrow)
    return words(word_of(classes))


def attribution(scene: Scene, words: Words, iri: str) -> str:
    """What kind of statement it is, with its speakers and its verb, such as "Reported statement (Mr. X, said)".

    If the release gives no words, only that somebody agreed or thanked, it is not called a statement.
    """
    if not is_said(scene, iri):
        return words("one.recommendation")
    if is_own_words(scene, iri):
        return words("said.release")
    speakers = agents(scene, iri)
    verbs = [str(f.object.value) for f in scene.values(iri, CMQ + "reportingVerb")[:1]]
    if not has_words(scene, iri):
        return _act_without_words(scene, words, iri, verbs)
    who = ", ".join([*_marked_names(scene, words, speakers), *verbs])
    if not speakers:
        return words("said.no_speaker")
    return words("said.quoted" if S + "Quotation" in scene.classes(iri) else "said.reported", who=who)


def has_words(scene: Scene, iri: str) -> bool:
    """Whether a statement has words, not only somebody who agreed, thanked or supported."""
    return bool(scene.values(iri, S + "text"))


def _act_without_words(scene: Scene, words: Words, iri: str, verbs: list[str]) -> str:
    """Who agreed or thanked, with the verb of the release: "Mr. Example supported"."""
    facts = agents(scene, iri)
    if not verbs or not facts:
        known = [*(_with_honorific(scene, words, f.target) for f in facts), *verbs]
        return words("said.done", who=", ".join(known)) if known else words("said.no_speaker")
    return words("said.deed", who=", ".join(_marked_names(scene, words, facts)), verb=verbs[0])


def _marked_names(scene: Scene, words: Words, speakers: Sequence[SceneFact]) -> list[str]:
    """The names of speakers, with a word after those that are inferred."""
    marks = {f.target: f" ({words('inferred')})" if f.is_inferred else "" for f in speakers}
    return [f"{_with_honorific(scene, words, iri)}{mark}" for iri, mark in marks.items()]


def _with_honorific(scene: Scene, words: Words, iri: str) -> str:
    return f"{scene.honorific(iri)} {_name(scene, words, iri)}".strip()


def _name(scene: Scene, words: Words, iri: str) -> str:
    return scene.title(iri, words.language).value if scene.is_named(iri) else label_for_unnamed(scene, words, iri)


def _text(scene: Scene, iri: str) -> str:
    return next((f.object.value for f in scene.values(iri, S + "text") if isinstance(f.object, Literal)), "")

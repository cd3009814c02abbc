"""How a page tells what was said: who spoke, whose the words are, and what a node without a name is called.

Reported speech is never given the form of direct speech: a name and a colon before words say, in Russian and Kazakh
too, that somebody used these words.
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal

from communique.kinds import word_of
from communique.publish.site.scene import Scene, SceneFact
from communique.publish.words import Words
from communique.terms import CMQ, FABIO, SCHEMA

S = SCHEMA
SPEECH: Final = (CMQ + "ReportedStatement", S + "Quotation")
"""The classes of what somebody said."""

RECOMMENDATION: Final = CMQ + "PolicyRecommendation"


def is_said(scene: Scene, iri: str) -> bool:
    """Whether a node is a statement, reported, quoted or of the release itself; a recommendation alone is none."""
    own = scene.classes(iri)
    return not own.isdisjoint(SPEECH) or (S + "Statement" in own and RECOMMENDATION not in own)


def is_own_words(scene: Scene, iri: str) -> bool:
    """Whether a statement is the release's own: reported of nobody, and said to stand in the release."""
    if scene.values(iri, S + "creator") or scene.classes(iri) & {*SPEECH, RECOMMENDATION}:
        return False
    wholes = scene.values(iri, S + "isPartOf")
    return any(FABIO + "PressRelease" in scene.classes(f.target) for f in wholes)


def speaks(scene: Scene, fact: SceneFact) -> bool:
    """Whether a fact says of somebody that he or she spoke: words with a verb of speech, or a quotation.

    Who wrote a report, made a recommendation, supported or thanked without words did not speak for that.
    """
    if fact.predicate != S + "creator" or fact.is_inferred or not has_words(scene, fact.subject):
        return False
    classes = scene.classes(fact.subject)
    verb = bool(scene.values(fact.subject, CMQ + "reportingVerb"))
    return S + "Quotation" in classes or (CMQ + "ReportedStatement" in classes and verb)


def stated_speakers(scene: Scene, iri: str) -> list[SceneFact]:
    """The facts that name who said something; none for what is only recommended, and none that are inferred."""
    return [f for f in scene.values(iri, S + "creator") if not f.is_inferred] if is_said(scene, iri) else []


def doers(scene: Scene, iri: str) -> list[SceneFact]:
    """The facts that name who agreed or thanked without words, those inferred only where none is stated."""
    return stated_speakers(scene, iri) or (scene.values(iri, S + "creator") if is_said(scene, iri) else [])


def told_speech(scene: Scene, words: Words, iri: str) -> str:
    """What was said in one line, for lists: whose it is, then the words, in quotation marks only if they are quoted.

    "Reported statement (Mr. Example, mentioned): the importance of the report", never "Mr. Example: …".
    """
    called, text = whose(scene, words, iri), _text(scene, iri)
    if not text:
        return called
    quoted = S + "Quotation" in scene.classes(iri)
    return f"{called}: {words('said.quotation', words=text) if quoted else text}"


def unnamed(scene: Scene, words: Words, iri: str) -> str:
    """What a node without a name is called: by what it is, and a statement by who made it; never by its id."""
    if is_said(scene, iri) or RECOMMENDATION in scene.classes(iri):
        return whose(scene, words, iri)
    return words(word_of(scene.classes(iri)))


def whose(scene: Scene, words: Words, iri: str) -> str:
    """What kind of words it is, with those who said it and the verb of the release.

    Where the release has no words, only that somebody agreed or thanked, it is not called a statement.
    """
    if not is_said(scene, iri):
        return words("one.recommendation")
    if is_own_words(scene, iri):
        return words("said.release")
    speakers = [f.target for f in stated_speakers(scene, iri)]
    verbs = [str(f.object.value) for f in scene.values(iri, CMQ + "reportingVerb")[:1]]
    if not has_words(scene, iri):
        return _deed(scene, words, iri, verbs)
    names = [_with_honorific(scene, words, who) for who in speakers]
    who = ", ".join([*names, *verbs])
    if not speakers:
        return words("said.no_speaker")
    return words("said.quoted" if S + "Quotation" in scene.classes(iri) else "said.reported", who=who)


def has_words(scene: Scene, iri: str) -> bool:
    """Whether a statement has words, and not only who agreed, thanked or supported."""
    return bool(scene.values(iri, S + "text"))


def _deed(scene: Scene, words: Words, iri: str, verbs: list[str]) -> str:
    """Who agreed or thanked, with the verb of the release: "Mr. Example supported"."""
    found = doers(scene, iri)
    if not verbs or not found:
        told = [*(_with_honorific(scene, words, f.target) for f in found), *verbs]
        return words("said.done", who=", ".join(told)) if told else words("said.no_speaker")
    marks = {f.target: f" ({words('inferred')})" if f.is_inferred else "" for f in found}
    who = ", ".join(f"{_with_honorific(scene, words, iri)}{mark}" for iri, mark in marks.items())
    return words("said.deed", who=who, verb=verbs[0])


def _with_honorific(scene: Scene, words: Words, iri: str) -> str:
    return f"{scene.honorific(iri)} {_name(scene, words, iri)}".strip()


def _name(scene: Scene, words: Words, iri: str) -> str:
    return scene.title(iri, words.language).value if scene.is_named(iri) else unnamed(scene, words, iri)


def _text(scene: Scene, iri: str) -> str:
    return next((f.object.value for f in scene.values(iri, S + "text") if isinstance(f.object, Literal)), "")

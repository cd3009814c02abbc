"""The sections of a release page: its articles in the order in which a reader looks for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

from communique.kinds import KINDS
from communique.publish.site.articles import ArticleMaker
from communique.publish.site.rows import Article, ShownValue
from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import SceneFact
from communique.publish.site.speech import RECOMMENDATION, SPEECH, speaks
from communique.terms import CMQ, FOAF, ORG, SCHEMA

S = SCHEMA
FEW: Final = 5
"""Statements that one speaker may have in the order of the text; if there are more, they are grouped under the name."""

_OTHER_SECTIONS: Final = {kind.section: kind.lane for kind in KINDS if kind.section not in ("people", "event", "works")}
"""The sections that contain only entities of one kind, with their lanes."""

SECTIONS: Final = (
    *("people", "said", "recommendations", "event", "works", "figures", "groups"),
    *_OTHER_SECTIONS,
    *("contact", "release"),
)
"""The sections of a page, in their order; each has a heading whose key begins with ``sec.``."""

SEVERAL_EVENTS: Final = "sec.events"
"""The key of the heading of the section of events if there are several."""

Part: TypeAlias = tuple[ShownValue, tuple[Article, ...]]

_ALL: Final = ShownValue("")


@dataclass(frozen=True, slots=True)
class Section:
    """Articles under one heading; ``kind`` is their lane, ``parts`` are pairs of a subheading and articles.

    The text of a subheading is "" if a part has none.
    """

    key: str
    kind: str
    parts: tuple[Part, ...]

    @property
    def heading(self) -> str:
        """The key of the heading; several events have one in the plural."""
        several = self.key == "event" and sum(len(articles) for _, articles in self.parts) > 1
        return SEVERAL_EVENTS if several else f"sec.{self.key}"


Take: TypeAlias = Callable[[Iterable[str]], tuple[Article, ...]]
"""Makes the articles of some nodes, given by IRI."""


def sections(maker: ArticleMaker, release: str, ident: Callable[[str], str]) -> tuple[Section, ...]:
    """The sections of a release in the order of the page, without empty ones; ``ident`` gives the id of a node."""
    nodes, in_section, words = maker.scene.nodes, maker.scene.nodes_in_section, maker.words

    def take(iris: Iterable[str]) -> tuple[Article, ...]:
        return tuple(maker.article(iri, ident(iri)) for iri in iris)

    contacts = _contacts(maker.scene, release)
    said = maker.scene.in_text_order(nodes(*SPEECH))
    people = [p for p in in_section("people") if p not in contacts]
    in_order = maker.scene.in_text_order
    recommended = in_order(r for r in nodes(RECOMMENDATION) if r not in said)
    own_words = in_order(s for s in nodes(S + "Statement") if s not in said and s not in recommended)
    works = [w for w in in_section("works", S + "WebPage") if w not in (release, *own_words)]
    own = ShownValue(words("release_itself_says"))
    candidates = [
        Section("people", "people", ((_ALL, take(people)),)),
        Section("said", "said", (*_statements(maker, said, take), (own, take(own_words)))),
        Section("recommendations", "said", ((_ALL, take(recommended)),)),
        Section("event", "event", ((_ALL, take(in_section("event", S + "InviteAction"))),)),
        Section("works", "work", ((_ALL, take(works)),)),
        Section("figures", "work", ((_ALL, take(nodes(S + "Observation"))),)),
        Section("groups", "people", tuple(_groups(maker, take))),
        *(Section(key, lane, ((_ALL, take(in_section(key))),)) for key, lane in _OTHER_SECTIONS.items()),
        Section("contact", "people", ((_ALL, take(contacts)),)),
        Section("release", "event", ((_ALL, take([release])),)),
    ]
    kept = (Section(s.key, s.kind, tuple(p for p in s.parts if p[1])) for s in candidates)
    return tuple(s for s in kept if s.parts)


def _statements(maker: ArticleMaker, said: Iterable[str], take: Take) -> Iterator[Part]:
    """Statements in the order of the text, then grouped for each speaker of more than `FEW`."""
    by_speakers: dict[tuple[str, ...], list[str]] = {}
    for iri in said:
        stated = (f.target for f in maker.scene.values(iri, S + "creator") if not f.is_inferred)
        by_speakers.setdefault(tuple(stated), []).append(iri)
    many = {speakers: own for speakers, own in by_speakers.items() if speakers and len(own) > FEW}
    yield _ALL, take(iri for iri in said if not any(iri in own for own in many.values()))
    for speakers, own in many.items():
        names = [maker.node(speaker) for speaker in speakers]
        yield ShownValue(", ".join(name.text for name in names), names[0].lang), take(own)


def _contacts(scene: Scene, release: str) -> list[str]:
    """Contact points for the media, and the people who are named only as contacts."""
    points = [f.target for f in scene.values(release, CMQ + "mediaContact")]
    people = [f.subject for p in points for f in scene.into.get(p, ()) if f.predicate == S + "contactPoint"]
    only = [p for p in people if not any(f.predicate == ORG + "member" for f in scene.into.get(p, ()))]
    return [*dict.fromkeys(only), *points]


def _groups(maker: ArticleMaker, take: Take) -> Iterator[Part]:
    """Groups by their part in the event, each group once; those of which it is inferred have a marked subheading."""
    scene = maker.scene
    left = scene.nodes(FOAF + "Group", S + "Audience")

    def has(predicate: str) -> Callable[[SceneFact], bool]:
        return lambda fact: fact.predicate == predicate

    def invites(fact: SceneFact) -> bool:
        return S + "InviteAction" in scene.classes(fact.subject)

    parts: tuple[tuple[str, Callable[[SceneFact], bool]], ...] = (
        ("attended", has(S + "attendee")),
        ("invited", lambda fact: fact.predicate == S + "recipient" and invites(fact)),
        ("received", has(S + "recipient")),
        ("spoke", partial(speaks, scene)),
        ("addressed", has(S + "audience")),
    )
    for word, belongs in parts:
        facts = {g: [f for f in scene.into.get(g, ()) if belongs(f)] for g in left}
        stated = [g for g, own in facts.items() if any(not f.is_inferred for f in own)]
        inferred = [g for g, own in facts.items() if own and g not in stated]
        left = [g for g in left if not facts[g]]
        reasons = dict.fromkeys(f.reason for g in inferred for f in facts[g])
        yield ShownValue(maker.words(word)), take(stated)
        yield ShownValue(maker.words(word), reason="; ".join(reasons)), take(inferred)
    yield ShownValue(maker.words("spoken_of")), take(left)

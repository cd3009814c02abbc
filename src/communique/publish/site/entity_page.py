"""The page of a node that outlives a release: what all releases say of it, each fact with the words that say it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Literal, NamedNode, Quad, Store

from communique.compile.quads import statement_iri
from communique.drawing.relations import Facts, neighbourhood
from communique.export.order import Order
from communique.publish.site.articles import Apparatus, Links
from communique.publish.site.drawings import Sketch, draw
from communique.publish.site.edition import in_context, text_fragment
from communique.publish.site.pages import Page, Pages, data_files
from communique.publish.site.rows import Article, Row, Value
from communique.publish.site.scene import CALLED, Fact, Passage, Scene, slug_of
from communique.publish.site.speech import is_said
from communique.publish.workstore import TITLES, describe, speaking
from communique.query.catalogue import Query
from communique.terms import CMQ, SCHEMA, TYPE, release_iri

S = SCHEMA
SHOWN: Final = 10
"""Releases whose facts a page shows in full: the newest; all others are listed and stand in the files."""

CONTEXTS: Final = 12
"""Passages that a page shows for one release."""

_NAMED: Final = (*TITLES, NamedNode(S + "honorificPrefix"))

CURRENT: Final = {"people": "people", "org": "organisations"}


@dataclass(frozen=True, slots=True)
class Context:
    """Words of a release around a passage: what stands there, the passage itself, where it leads."""

    before: str
    quote: str
    after: str
    href: str
    label: str
    id: str
    of: str
    original: str


@dataclass(frozen=True, slots=True)
class Mention:
    """What one release says of the node; ``spoken`` is what was said, in the order of the text.

    What has words and what has none stand apart, each under the key of its heading.
    """

    href: str
    title: str
    day: str
    language: str
    rows: tuple[Row, ...]
    spoken: tuple[tuple[str, tuple[Article, ...]], ...]
    contexts: tuple[Context, ...]
    notes: tuple[Value, ...]
    roles: tuple[Row, ...]
    attested: Row | None


class Texts:
    """The sources and the cards of the releases of a publication under way, read when they are needed.

    ``suffix`` is that of the pages in one language.
    """

    def __init__(self, stage: Path, work: Path, suffix: str = "") -> None:
        self.stage, self.work, self.suffix = stage, work, suffix
        self.source = lru_cache(maxsize=256)(self._source)
        self.card = lru_cache(maxsize=4096)(self._card)

    def _source(self, slug: str) -> str:
        return (self.stage / "release" / slug / "source.txt").read_bytes().decode()

    def _card(self, slug: str) -> dict[str, Any]:
        card: dict[str, Any] = json.loads((self.work / f"{slug}{self.suffix}.card.json").read_text(encoding="utf-8"))
        return card

    def newest_first(self, slugs: Iterable[str]) -> list[str]:
        """Releases by day, the newest first, then by name."""
        return sorted(sorted(slugs), key=lambda slug: self.card(slug)["day"] or "", reverse=True)

    def paragraph(self, passage: Passage) -> str:
        """The label of the paragraph in which a passage stands."""
        where = self.card(passage.slug)["where"]
        return next((label for start, end, label in where if start <= passage.start < end), "")


class Portrait:
    """What all releases say of an entity, in no language yet.

    ``slugs`` are the releases that speak of it, the newest first; ``scenes`` has what each of the newest says, then
    those of which only the web page speaks of it, each with the registry.
    """

    def __init__(self, store: Store, base: str, iri: str, described: Iterable[Quad], texts: Texts) -> None:
        self.iri = iri
        quads = _by_release(store, base, iri, described)
        self.slugs = texts.newest_first(speaking(store, base, iri))
        self.scene = Scene((q for own in quads.values() for q in own), base)
        shown = [*self.slugs[:SHOWN], *self._beside(quads, texts)[:SHOWN]]
        self.scenes = {slug: Scene([*quads.get("", ()), *quads[slug]], base) for slug in shown}
        near = list(neighbourhood(store, iri))
        self.sketch = Sketch(Facts(near), Scene(near, base), iri)

    def _beside(self, quads: Mapping[str, Iterable[Quad]], texts: Texts) -> list[str]:
        """The releases that do not speak of it, but say that it is their genre, or whose web pages speak of it."""
        node, found = NamedNode(self.iri), set()
        for slug in quads.keys() - {"", *self.slugs}:
            beside = (
                q for q in quads[slug] if str(q.graph_name).endswith("/page>") or q.predicate.value == S + "genre"
            )
            if any(node in (q.subject, q.object) and "#s-" not in str(q.subject) for q in beside):
                found.add(slug)
        return texts.newest_first(found)


class EntityPages:
    """Renders the pages of entities in one language."""

    def __init__(self, pages: Pages, texts: Texts, order: Order, catalogue: Mapping[str, Query]) -> None:
        self.pages, self.texts, self.order = pages, texts, order
        self.summaries = {name: query.question for name, query in catalogue.items()}

    def page(self, portrait: Portrait, jsonld: bytes) -> tuple[Page, dict[str, Any]]:
        """The page of an entity, and what lists of entities show of it."""
        base, iri = self.pages.dataset.base, portrait.iri
        path = f"{iri.removeprefix(base)}/index.html"
        root = "../" * path.count("/")
        made = self._apparatus(portrait.scene, root)
        mentions = tuple(self._mention(scene, iri, slug, root) for slug, scene in portrait.scenes.items())
        kind = _kind(made.scene, iri)
        values = {
            "iri": iri,
            "kind": kind,
            "title": made.called(iri),
            "title_lang": made.node(iri).lang,
            "labels": made.labels(iri),
            "mentions": mentions,
            "in_full": min(SHOWN, len(portrait.slugs)),
            "releases": [self._listed(slug, root) for slug in portrait.slugs],
            "elsewhere": self._elsewhere(made.scene, iri),
            "files": data_files(),
            "roles": mentions[0].roles if mentions else (),
            "attested": mentions[0].attested if mentions else None,
            "summaries": self.summaries,
            "questions": [q for q in _questions(kind, iri.removeprefix(base)) if q[0] in self.summaries],
        } | draw(portrait.sketch, made)
        card = self._card(made, iri, kind, len(portrait.slugs), mentions)
        return Page("entity.html", path, values, CURRENT.get(kind, ""), jsonld=jsonld, alternates=data_files()), card

    def _apparatus(self, scene: Scene, root: str) -> Apparatus:
        links = Links(
            lambda node: self.pages.address(node, root),
            lambda p: f"{self._of_release(p.slug, root)}#{p.id}",
            self.texts.paragraph,
            lambda node: "",
        )
        return Apparatus(scene, self.pages.words, links, self.order, alone=True)

    def _card(self, made: Apparatus, iri: str, kind: str, releases: int, mentions: Iterable[Mention]) -> dict[str, Any]:
        title = made.scene.title(iri, self.pages.words.language)
        return {
            "path": iri.removeprefix(self.pages.dataset.base) + "/",
            "kind": kind,
            "title": title.value,
            "sort": _sort_name(made.scene, iri) or title.value,
            "language": made.node(iri).lang,
            "names": _other_names(made.labels(iri), title.value),
            "also": sorted({f.object.value for f in made.scene.values(iri, S + "alternateName")}),
            "note": _described(made, iri, mentions),
            "releases": releases,
        }

    # ---- what is said

    def _of_release(self, slug: str, root: str) -> str:
        return self.pages.address(release_iri(self.pages.dataset.base, slug), root)

    def _mention(self, scene: Scene, iri: str, slug: str, root: str) -> Mention:
        card, made = self.texts.card(slug), self._apparatus(scene, root)
        spoken = dict.fromkeys(f.subject for f in scene.into.get(iri, ()) if f.predicate == S + "creator")
        said = scene.in_text_order(s for s in spoken if is_said(scene, s))
        nodes = [(iri, made.words("named_here")), *((s, made.words("statement")) for s in said)]
        contexts = dict.fromkeys(self._context(p, root, of) for node, of in nodes for p in scene.support(node, slug))
        return Mention(
            self._of_release(slug, root),
            card["title"],
            card["day"] or "",
            card["language"],
            tuple(made.rows(iri)),
            _in_parts(made.article(s, f"{slug}.{s.partition('#')[2]}") for s in said),
            tuple(contexts)[:CONTEXTS],
            made.notes(iri),
            tuple(made.roles(iri)),
            made.attested(iri),
        )

    def _context(self, passage: Passage, root: str, of: str) -> Context:
        before, quote, after = in_context(self.texts.source(passage.slug), passage)
        href = f"{self._of_release(passage.slug, root)}#{passage.id}"
        page = self.texts.card(passage.slug)["original"]
        original = text_fragment(page, quote) if page else ""
        return Context(before, quote, after, href, self.texts.paragraph(passage), passage.id, of, original)

    def _listed(self, slug: str, root: str) -> dict[str, str]:
        card = self.texts.card(slug)
        href = self._of_release(slug, root)
        return {"href": href, "title": card["title"], "day": card["day"] or "", "language": card["language"]}

    def _elsewhere(self, scene: Scene, iri: str) -> list[tuple[str, str]]:
        found = [f for f in scene.out.get(iri, ()) if not f.slug and f.target and not f.target.startswith(scene.base)]
        return list(
            dict.fromkeys((self.pages.words.property(f.predicate), f.target) for f in found if f.predicate != TYPE)
        )


def _by_release(store: Store, base: str, iri: str, described: Iterable[Quad]) -> dict[str, list[Quad]]:
    """What the files of an entity hold, and the roles and statements in which it has a part."""
    seen: dict[Quad, None] = dict.fromkeys(described)
    inner = {str(q.subject)[1:-1] for q in seen if str(q.object)[1:-1] == iri and "#" in str(q.subject)}
    for node in sorted(inner):
        if "#s-" not in node:
            seen.update(dict.fromkeys(describe(store, base, NamedNode(node), TITLES)))
    seen.update(dict.fromkeys(q for fact in [*seen] for q in _beside_a_fact(store, base, iri, fact)))
    seen.update(dict.fromkeys(_called(store, base, seen)))
    found: dict[str, list[Quad]] = {}
    for quad in seen:
        found.setdefault(slug_of(quad, base), []).append(quad)
    return found


def _beside_a_fact(store: Store, base: str, iri: str, fact: Quad) -> Iterator[Quad]:
    """The passages of what says something of an entity, all of its points of contact, and who uttered a statement."""
    subject, value = fact.subject, fact.object
    if not isinstance(subject, NamedNode) or "#s-" in subject.value:
        return
    if isinstance(value, NamedNode) and value.value == iri:
        for held in store.quads_for_pattern(subject, NamedNode(CMQ + "evidence"), None):
            yield held
            if isinstance(held.object, NamedNode):
                yield from store.quads_for_pattern(held.object, None, None)
    if isinstance(value, NamedNode) and fact.predicate.value == S + "contactPoint" and subject.value == iri:
        yield from describe(store, base, value, TITLES)
    if fact.predicate.value == S + "text" and "#" in subject.value:
        yield from _utterance(store, base, subject)


def _utterance(store: Store, base: str, statement: NamedNode) -> Iterator[Quad]:
    """Who uttered a statement, with which verb, each with its mark, and the names of those who did."""
    for predicate in (S + "creator", CMQ + "reportingVerb", S + "isPartOf"):
        for said in store.quads_for_pattern(statement, NamedNode(predicate), None):
            yield said
            slug, value = slug_of(said, base), said.object
            if isinstance(value, NamedNode | Literal):
                mark = statement_iri(release_iri(base, slug), statement, said.predicate, value)
                yield from store.quads_for_pattern(mark, None, None)
            if isinstance(value, NamedNode):
                named = [q for title in _NAMED for q in store.quads_for_pattern(value, title, None)]
                yield from (q for q in named if slug_of(q, base) in ("", slug))


def _called(store: Store, base: str, quads: Iterable[Quad]) -> Iterator[Quad]:
    """All that is said of nodes inside releases that nothing here gives a name: they are called by what they are."""
    facts = [q for q in quads if not str(q.graph_name).endswith("/evidence>")]
    named = {q.subject for q in facts if q.predicate.value in CALLED}
    ends = {end for q in facts for end in (q.subject, q.object) if isinstance(end, NamedNode) and "#" in end.value}
    for node in sorted((end for end in ends - named if end.value.startswith(base)), key=str):
        yield from describe(store, base, node, TITLES)


def _in_parts(spoken: Iterable[Article]) -> tuple[tuple[str, tuple[Article, ...]], ...]:
    """What was said in its order, what has words apart from what has none, each part with the key of its heading."""
    has_words = groupby(spoken, lambda one: bool(one.speech and one.speech.words))
    return tuple(("reported_statements" if words else "reported", tuple(own)) for words, own in has_words)


def _described(made: Apparatus, iri: str, mentions: Iterable[Mention]) -> list[tuple[str, str]]:
    """A few words for a list, the newest role or else the class, each with its mark: a key of the words, or ""."""
    for row in (*(row for mention in mentions for row in mention.roles), *made.roles(iri)):
        return [(v.text, "inferred" if row.reason or v.reason else "") for v in row.values]
    kinds = [f for f in made.scene.values(iri, TYPE) if made.is_kind(f)]
    if not kinds:
        return []
    told = min((*_basis(kinds, target), target) for target in {f.target for f in kinds})
    fact = next(f for f in kinds if f.target == told[2])
    return [(made.value(fact).text, told[1])]


def _other_names(labels: Iterable[Value], title: str) -> list[list[Any]]:
    """Names for a list, each with its language and whether only the registry has it, once, and none like the title."""
    first = {v.text: (v.lang, v.registry) for v in reversed(list(labels)) if v.text != title}
    return [[text, *more] for text, more in reversed(first.items())]


def _basis(facts: Iterable[Fact], target: str) -> tuple[int, str]:
    """How well a class is known, and its mark: a release states it, or infers it, or only the registry has it."""
    own = [f for f in facts if f.target == target]
    if any(f.slug and not f.is_inferred for f in own):
        return 0, ""
    return (1, "inferred") if any(f.slug for f in own) else (2, "registry")


def _sort_name(scene: Scene, iri: str) -> str:
    """A person by family name; "" for all else."""
    family = sorted({str(f.object.value) for f in scene.values(iri, S + "familyName")})
    given = sorted({str(f.object.value) for f in scene.values(iri, S + "givenName")})
    return f"{family[0]}, {given[0]}" if family and given else family[0] if family else ""


def _kind(scene: Scene, iri: str) -> str:
    path = iri.removeprefix(scene.base).partition("/")[0]
    known = {"person": "people", "org": "org", "event": "event", "work": "work", "place": "place", "topic": "topic"}
    return known.get(path, "legislation" if path == "legislation" else scene.kind(iri) or "other")


def _questions(kind: str, path: str) -> list[tuple[str, str, str]]:
    """Canned questions worth asking of a kind of entity: name, parameter, and value."""
    names = {
        "people": (("who-said-what", "person"), ("role-holders", "person")),
        "org": (("said-for-organisation", "organisation"), ("organisations-together", "organisation")),
        "place": (("events-by-place", "place"), ("attended-from", "place")),
        "topic": (("said-on-topic", "topic"),),
    }
    return [(n, p, path) for n, p in (*names.get(kind, ()), ("releases-about", "entity"), ("about-entity", "entity"))]

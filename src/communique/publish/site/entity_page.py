"""The page of an entity: what all releases say of it, each fact with the words that support it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from communique.export.order import Order
from communique.formats import FORMATS
from communique.iris import fragment_of, is_own, kind_of, page_path, release_iri, without_base
from communique.kinds import MENU, Kind, kind_at, kind_of_classes, lane_of, main_kind, word_of
from communique.publish.hubs import LISTED
from communique.publish.site.articles import ArticleMaker, Links
from communique.publish.site.cards import CardName, CardNote, EntityCard
from communique.publish.site.drawings import draw
from communique.publish.site.edition import in_context, text_fragment
from communique.publish.site.pages import Page, Pages, data_files
from communique.publish.site.portrait import Portrait
from communique.publish.site.rows import Article, FactRow, ShownValue
from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import SceneFact, ScenePassage
from communique.publish.site.selection import is_kind
from communique.publish.site.speech import is_said
from communique.publish.site.texts import Texts
from communique.query.catalogue import Query
from communique.terms import SCHEMA, TYPE

S = SCHEMA
CONTEXTS: Final = 12
"""Passages that a page shows for each release."""


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """A passage with the words before and after it, and its link; ``of`` says what it supports.

    ``original`` links to the same words on the web page from which the release was taken; "" if that is not known.
    """

    before: str
    quote: str
    after: str
    href: str
    label: str
    id: str
    of: str
    original: str


@dataclass(frozen=True, slots=True)
class ReleaseMention:
    """What one release says of the entity; ``statements`` are by the entity, in the order of the text.

    Statements with words and those without are separate groups, each with the key of its heading.
    """

    href: str
    title: str
    day: str
    language: str
    rows: tuple[FactRow, ...]
    statements: tuple[tuple[str, tuple[Article, ...]], ...]
    contexts: tuple[QuoteContext, ...]
    notes: tuple[ShownValue, ...]
    roles: tuple[FactRow, ...]
    attested: FactRow | None


class EntityPages:
    """Renders the pages of entities in one language."""

    def __init__(self, pages: Pages, texts: Texts, order: Order, catalogue: Mapping[str, Query]) -> None:
        self.pages, self.texts, self.order = pages, texts, order
        self.summaries = {name: query.question for name, query in catalogue.items()}

    def page(self, portrait: Portrait, jsonld: bytes, syntaxes: Iterable[str] = FORMATS) -> tuple[Page, EntityCard]:
        """The page of an entity, with downloads in these syntaxes, and the card that lists of entities show."""
        base, iri = self.pages.dataset.base, portrait.iri
        path = page_path(without_base(iri, base))
        root = "../" * path.count("/")
        maker = self._maker(portrait.scene, root)
        mentions = tuple(self._mention(scene, iri, slug, root) for slug, scene in portrait.scenes.items())
        kind, word = _kind(maker.scene, iri)
        files = data_files(syntaxes)
        values = {
            "iri": iri,
            "word": word,
            "lane": kind.lane if kind else lane_of(maker.scene.classes(iri)),
            "title": maker.display_name(iri),
            "title_lang": maker.node(iri).lang,
            "labels": maker.labels(iri),
            "mentions": mentions,
            "in_full": portrait.in_full,
            "number": len(portrait.slugs),
            "hub": portrait.hub,
            "heading": _heading(portrait),
            "releases": [self._list_entry(slug, root) for slug in portrait.listed[:LISTED]],
            "older": self._list_page(2) if len(portrait.listed) > LISTED else "",
            "elsewhere": self._external_links(maker.scene, iri),
            "files": files,
            "roles": mentions[0].roles if mentions else (),
            "attested": mentions[0].attested if mentions else None,
            "are_dated": bool(mentions) and any(v.time for row in mentions[0].roles for v in row.values),
            "summaries": self.summaries,
            "questions": [q for q in _questions(kind, without_base(iri, base)) if q[0] in self.summaries],
        } | draw(portrait.drawing_facts, maker)
        card = self._card(maker, iri, len(portrait.slugs), mentions)
        current = card.list if card.list in MENU else ""
        return Page("entity.html", path, values, current, jsonld=jsonld, alternates=files), card

    def list_pages(self, portrait: Portrait) -> Iterator[Page]:
        """The further pages of the list of all releases of a hub; the first ones stand on its own page."""
        last = -(-len(portrait.listed) // LISTED)
        folder = without_base(portrait.iri, self.pages.dataset.base)
        root = "../" * page_path(folder).count("/")
        maker, number = self._maker(portrait.scene, root), self.pages.words.number
        for page in range(2, last + 1):
            first = (page - 1) * LISTED
            shown = portrait.listed[first : first + LISTED]
            end, all_of_them = number(first + len(shown)), number(len(portrait.listed))
            values = {
                "title": maker.display_name(portrait.iri),
                "title_lang": maker.node(portrait.iri).lang,
                "heading": _heading(portrait),
                "span": self.pages.words("releases_from_to", first=number(first + 1), last=end, all=all_of_them),
                "releases": [self._list_entry(slug, root) for slug in shown],
                "newer": self._list_page(page - 1),
                "older": self._list_page(page + 1) if page < last else "",
            }
            yield Page("releases.html", f"{folder}/releases-{page}.html", values)

    def _list_page(self, page: int) -> str:
        """The address of a page of the list of releases from the others; the first one is that of the entity."""
        return self.pages.local(f"releases-{page}.html" if page > 1 else "index.html")

    def _maker(self, scene: Scene, root: str) -> ArticleMaker:
        links = Links(
            lambda node: self.pages.address(node, root),
            lambda p: f"{self._release_address(p.slug, root)}#{p.id}",
            self.texts.paragraph,
            lambda node: "",
        )
        return ArticleMaker(scene, self.pages.words, links, self.order, on_own_page=True)

    def _card(self, maker: ArticleMaker, iri: str, releases: int, mentions: Iterable[ReleaseMention]) -> EntityCard:
        title, (kind, word) = maker.scene.title(iri, self.pages.words.language), _kind(maker.scene, iri)
        return EntityCard(
            path=without_base(iri, self.pages.dataset.base) + "/",
            list=kind.list if kind else "",
            word=word,
            title=title.value,
            sort=_sort_name(maker.scene, iri) or title.value,
            language=maker.node(iri).lang,
            names=_other_names(maker.labels(iri), title.value),
            also=tuple(sorted({f.object.value for f in maker.scene.values(iri, S + "alternateName")})),
            note=_note(maker, iri, mentions),
            releases=releases,
        )

    # ---- what the releases say

    def _release_address(self, slug: str, root: str) -> str:
        return self.pages.address(release_iri(self.pages.dataset.base, slug), root)

    def _mention(self, scene: Scene, iri: str, slug: str, root: str) -> ReleaseMention:
        head, maker = self.texts.head(slug), self._maker(scene, root)
        created = dict.fromkeys(f.subject for f in scene.into.get(iri, ()) if f.predicate == S + "creator")
        statements = scene.in_text_order(s for s in created if is_said(scene, s))
        nodes = [(iri, maker.words("named_here")), *((s, maker.words("statement")) for s in statements)]
        contexts = dict.fromkeys(self._context(p, root, of) for node, of in nodes for p in scene.support(node, slug))
        return ReleaseMention(
            href=self._release_address(slug, root),
            title=head.title,
            day=head.day,
            language=head.language,
            rows=tuple(maker.rows(iri)),
            statements=_statement_groups(maker.article(s, f"{slug}.{fragment_of(s)}") for s in statements),
            contexts=tuple(contexts)[:CONTEXTS],
            notes=maker.notes(iri),
            roles=tuple(maker.roles(iri)),
            attested=maker.attested(iri),
        )

    def _context(self, passage: ScenePassage, root: str, of: str) -> QuoteContext:
        before, quote, after = in_context(self.texts.lines_with(passage), passage)
        href = f"{self._release_address(passage.slug, root)}#{passage.id}"
        page = self.texts.head(passage.slug).original
        original = text_fragment(page, quote) if page else ""
        return QuoteContext(
            before=before,
            quote=quote,
            after=after,
            href=href,
            label=self.texts.paragraph(passage),
            id=passage.id,
            of=of,
            original=original,
        )

    def _list_entry(self, slug: str, root: str) -> dict[str, str]:
        head = self.texts.head(slug)
        href = self._release_address(slug, root)
        return {"href": href, "title": head.title, "day": head.day, "language": head.language}

    def _external_links(self, scene: Scene, iri: str) -> list[tuple[str, str, str]]:
        """The links of the registry to pages elsewhere: the label of the property, its language, the address."""
        words = self.pages.words
        facts = [
            f
            for f in scene.out.get(iri, ())
            if not f.slug and f.target and f.predicate != TYPE and not is_own(f.target, scene.base)
        ]
        links = ((words.property(f.predicate), words.language_of_label(f.predicate), f.target) for f in facts)
        return list(dict.fromkeys(links))


def _heading(portrait: Portrait) -> str:
    """The key of the heading of the list of releases: in that of a hub stand all that have to do with it."""
    return "releases_naming" if len(portrait.listed) == len(portrait.slugs) else "releases_linked"


def _statement_groups(statements: Iterable[Article]) -> tuple[tuple[str, tuple[Article, ...]], ...]:
    """Statements in their order, grouped into those with words and those without, each group with its heading's key."""
    groups = groupby(statements, lambda one: bool(one.speech and one.speech.words))
    return tuple(("reported_statements" if words else "reported", tuple(own)) for words, own in groups)


def _note(maker: ArticleMaker, iri: str, mentions: Iterable[ReleaseMention]) -> tuple[CardNote, ...]:
    """A few words for a list: the newest role, or else the class, each with its basis (a key of the words, or "")."""
    for row in (*(row for mention in mentions for row in mention.roles), *maker.roles(iri)):
        return tuple(CardNote(v.text, "inferred" if row.reason or v.reason else "") for v in row.values)
    kinds = [f for f in maker.scene.values(iri, TYPE) if is_kind(maker.scene, maker.words, f)]
    if not kinds:
        return ()
    _, mark, best = min((*_basis(kinds, target), target) for target in {f.target for f in kinds})
    fact = next(f for f in kinds if f.target == best)
    return (CardNote(maker.value(fact).text, mark),)


def _other_names(labels: Iterable[ShownValue], title: str) -> tuple[CardName, ...]:
    """The distinct names for a list, except the title, each with its language and whether only the registry has it."""
    first = {v.text: (v.lang, v.registry) for v in reversed(list(labels)) if v.text != title}
    return tuple(CardName(text, *more) for text, more in reversed(first.items()))


def _basis(facts: Iterable[SceneFact], target: str) -> tuple[int, str]:
    """The rank (0 is best) and the key of the basis of a class: stated, inferred, or only in the registry."""
    own = [f for f in facts if f.target == target]
    if any(f.slug and not f.is_inferred for f in own):
        return 0, ""
    return (1, "inferred") if any(f.slug for f in own) else (2, "registry")


def _sort_name(scene: Scene, iri: str) -> str:
    """The name by which a person is sorted, family name first; "" for anything else."""
    family = sorted({str(f.object.value) for f in scene.values(iri, S + "familyName")})
    given = sorted({str(f.object.value) for f in scene.values(iri, S + "givenName")})
    return f"{family[0]}, {given[0]}" if family and given else family[0] if family else ""


def _kind(scene: Scene, iri: str) -> tuple[Kind | None, str]:
    """The kind of an entity, and the key of the word for one of it: from its path, else from its classes."""
    kind = kind_at(kind_of(iri, scene.base))
    if kind is not None:
        return kind, f"one.{kind.path}"
    classes = scene.classes(iri)
    return kind_of_classes(classes) or main_kind(lane_of(classes)), word_of(classes)


def _questions(kind: Kind | None, path: str) -> list[tuple[str, str, str]]:
    """Canned questions worth asking about an entity: name, parameter, and value."""
    own = kind.questions if kind else ()
    return [(n, p, path) for n, p in (*own, ("releases-about", "entity"), ("about-entity", "entity"))]

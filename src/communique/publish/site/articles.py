"""The facts of a release or an entity as articles: one for each node, with a row for each fact and its passages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from pyoxigraph import Literal

from communique.export.order import Order
from communique.iris import fragment_of, is_own, last_piece
from communique.kinds import NO_WORD, word_of
from communique.publish.site.labels import label_before_subject, label_before_value
from communique.publish.site.measures import amount, figure_line, is_figure, measured, why_inferred
from communique.publish.site.rows import (
    Article,
    FactRow,
    ShownValue,
    SourceLink,
    Speech,
    disambiguate,
    marked_once,
    merge_rows,
)
from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import SceneFact, ScenePassage
from communique.publish.site.selection import AT_THE_OBJECT, HEADINGS, is_row, is_seen_from_object
from communique.publish.site.speech import (
    agents,
    attribution,
    has_words,
    is_own_words,
    is_said,
    is_said_or_recommended,
    label_for_unnamed,
    speech_line,
    stated_speakers,
)
from communique.publish.site.tenure import dated, parts_of_role, title_anchor
from communique.publish.words import Words
from communique.terms import CMQ, EDTF, ORG, SCHEMA, SKOS, TYPE, XSD

S = SCHEMA


@dataclass(frozen=True, slots=True)
class Links:
    """The links of one page: the address of a node and of a passage, the label of its paragraph, a node's own page."""

    node: Callable[[str], str]
    passage: Callable[[ScenePassage], str]
    paragraph: Callable[[ScenePassage], str]
    own_page: Callable[[str], str]


class ArticleMaker:
    """Turns the facts of a scene into articles, in the language of ``words``.

    ``on_own_page``: the articles are for the page of one entity, where facts that have it as their object are shown and
    counted too.
    """

    def __init__(self, scene: Scene, words: Words, links: Links, order: Order, *, on_own_page: bool = False) -> None:
        self.scene, self.words, self.links, self.order, self.on_own_page = scene, words, links, order, on_own_page
        self._nodes: dict[str, ShownValue] = {}
        self._names: dict[str, str] = {}

    # ---- values

    def node(self, iri: str) -> ShownValue:
        """A node as a link."""
        if iri not in self._nodes:
            self._nodes[iri] = self._node(iri)
        return self._nodes[iri]

    def _node(self, iri: str) -> ShownValue:
        title = self.scene.title(iri, self.words.language)
        lang = "" if self.is_said_or_recommended(iri) else self._lang(title)
        shown = ShownValue(self.display_name(iri), lang, self.links.node(iri), iri)
        is_line = self.on_own_page and is_figure(self.scene, iri)
        return replace(shown, reason=why_inferred(self.scene, iri)) if is_line else shown

    def display_name(self, iri: str) -> str:
        """The label of a node; that of a person begins with the honorific that the release gives."""
        if iri not in self._names:
            self._names[iri] = self._display_name(iri)
        return self._names[iri]

    def _display_name(self, iri: str) -> str:
        if self.is_said_or_recommended(iri):
            return speech_line(self.scene, self.words, iri)
        if self.on_own_page and is_figure(self.scene, iri):
            return figure_line(self.scene, self.words, iri)
        if not self.scene.is_named(iri):
            return label_for_unnamed(self.scene, self.words, iri)
        return f"{self.scene.honorific(iri)} {self.scene.title(iri, self.words.language).value}".strip()

    def value(self, fact: SceneFact) -> ShownValue:
        """The value of a fact: a link, a date, or text."""
        if fact.predicate == TYPE:
            return self._class(fact)
        if fact.target.startswith(S):
            name = self.words.class_name(fact.target)
            return ShownValue(name, self.words.language_of_label(fact.target), href=fact.target)
        if fact.target:
            known = fact.target in self.scene.out or is_own(fact.target, self.scene.base)
            return self.node(fact.target) if known else ShownValue(fact.target, href=fact.target)
        return self._literal(fact.object)

    def _literal(self, literal: object) -> ShownValue:
        assert isinstance(literal, Literal)
        if last_piece(literal.datatype.value) in ("date", "gYear", "gYearMonth", "dateTime"):
            return ShownValue(self.words.day(literal.value), time=literal.value)
        if literal.datatype.value == EDTF:
            return ShownValue(self.words.day(literal.value))
        if literal.datatype.value == XSD + "time":
            return ShownValue(self.words.time(literal.value), time=literal.value)
        if literal.datatype.value == XSD + "boolean":
            return ShownValue(self.words("yes" if literal.value in ("true", "1") else "no"))
        if literal.datatype.value == XSD + "duration":
            return ShownValue(self.words.duration(literal.value))
        return ShownValue(literal.value, self._lang(literal))

    def _lang(self, literal: Literal) -> str:
        return "" if literal.language in (None, self.words.language) else str(literal.language)

    def _class(self, fact: SceneFact) -> ShownValue:
        """The label of a class: its own words, else the words for its kind; an unknown class is named after its IRI."""
        key = word_of([fact.target])
        if key == NO_WORD or self.words.has_class(fact.target):
            return ShownValue(self.words.class_name(fact.target), self.words.language_of_label(fact.target))
        return ShownValue(self.words(key).lower())

    # ---- rows

    def source_links(self, passages: Iterable[ScenePassage]) -> tuple[SourceLink, ...]:
        """One link for each paragraph that contains some of the passages, to the longest of them."""
        longest: dict[tuple[str, str], ScenePassage] = {}
        for passage in sorted(set(passages), key=lambda p: (p.slug, p.start, p.end)):
            key = (passage.slug, self.links.paragraph(passage))
            if key not in longest or passage.end - passage.start > longest[key].end - longest[key].start:
                longest[key] = passage
        return tuple(SourceLink(self.links.passage(p), label, p.end - p.start) for (_, label), p in longest.items())

    def row(
        self, label: str, values: Iterable[ShownValue], facts: Iterable[SceneFact], about: str, counted: bool = True
    ) -> FactRow:
        """Some facts as one row; ``about`` names their subject, for lists that show the row without its article."""
        own = list(facts)
        passages = sorted({p for fact in own for p in fact.passages})
        values = tuple(dict.fromkeys(values))
        shown = " ".join(filter(None, (label, ", ".join(map(self._with_mark, values)))))
        caption = f"{about} – {shown}" if shown else about
        reasons = tuple(dict.fromkeys(fact.reason for fact in own if fact.reason))
        origins = tuple(dict.fromkeys(fact.origin for fact in own if fact.origin))
        evidence = " ".join(p.id for p in passages) if counted else ""
        why, origin = "; ".join(reasons), "; ".join(origins)
        names_speaker = any(fact.predicate == S + "creator" and is_said(self.scene, fact.subject) for fact in own)
        return FactRow(
            label=label,
            values=values,
            source_links=self.source_links(passages),
            evidence=evidence,
            caption=caption,
            reason=why,
            origin=origin,
            names_speaker=names_speaker,
            label_lang=self.words.language_of_label(own[0].predicate) if label and own else "",
        )

    def rows(self, iri: str) -> Iterator[FactRow]:
        """The facts of a node as rows, without repetition: first its own, then those shown with it as their object."""
        return iter(merge_rows(self._rows(iri)))

    def _rows(self, iri: str) -> Iterator[FactRow]:
        about = attribution(self.scene, self.words, iri) if self.is_said_or_recommended(iri) else self.display_name(iri)
        yield from self.roles(iri)
        if self.on_own_page:
            yield from self.posts(iri)
        own = [
            f
            for f in self.scene.out.get(iri, ())
            if f.slug and is_row(self.scene, self.words, f, on_own_page=self.on_own_page)
        ]
        if parts := measured(self.scene, iri, own):
            yield self.row(self.words("p.value"), [amount(self.scene, self.words, iri)], parts, about)
        own = sorted(
            set(own) - set(parts),
            key=lambda f: (self.order.key(f.predicate), _same_row(f), label_before_value(self.scene, self.words, f)),
        )
        for (_, label), group in groupby(
            own, key=lambda f: (_same_row(f), label_before_value(self.scene, self.words, f))
        ):
            facts = sorted(group, key=self.scene.place_in_words)
            values = marked_once([self._row_value(fact, about) for fact in facts], facts)
            yield self.row(label, disambiguate(self.words, values, self.scene.base), facts, about)
        towards = [
            f
            for f in self.scene.into.get(iri, ())
            if f.slug and is_seen_from_object(self.scene, f, on_own_page=self.on_own_page)
        ]
        towards.sort(key=lambda f: (_same_row(f), label_before_subject(self.scene, self.words, f)))
        for (_, label), group in groupby(
            towards, key=lambda f: (_same_row(f), label_before_subject(self.scene, self.words, f))
        ):
            facts = list(group)
            counted = self.on_own_page or facts[0].predicate in AT_THE_OBJECT
            yield self.row(label, marked_once([self.node(f.subject) for f in facts], facts), facts, about, counted)
        if self.on_own_page:
            for point in self.scene.values(iri, S + "contactPoint"):
                yield from self._contact(point, about)

    def _contact(self, point: SceneFact, about: str) -> Iterator[FactRow]:
        """A contact point on the page of the entity that has it: its use, its numbers, the releases that give it."""
        own = (
            f
            for f in self.scene.out.get(point.target, ())
            if f.slug and is_row(self.scene, self.words, f, on_own_page=self.on_own_page)
        )
        for fact in sorted(own, key=lambda f: self.order.key(f.predicate)):
            yield self.row(label_before_value(self.scene, self.words, fact), [self.value(fact)], [fact], about)
        for fact in self.scene.into.get(point.target, ()):
            if fact.predicate == CMQ + "mediaContact":
                yield self.row(
                    label_before_subject(self.scene, self.words, fact), [self.node(fact.subject)], [fact], about
                )

    def _with_mark(self, value: ShownValue) -> str:
        return f"{value.text} ({self.words('inferred')})" if value.reason else value.text

    def _row_value(self, fact: SceneFact, about: str) -> ShownValue:
        """The value of a fact in a row; a contact point with the name of its person is shown as "contact details"."""
        value = self.value(fact)
        if fact.predicate == S + "contactPoint" and value.text in (about, self.scene.title(fact.subject).value):
            return replace(value, text=self.words("contact_details"), lang="")
        return value

    def is_said_or_recommended(self, iri: str) -> bool:
        """Whether a node is a statement or a recommendation."""
        return is_said_or_recommended(self.scene, iri)

    def posts(self, organisation: str) -> Iterator[FactRow]:
        """The roles in an organisation as rows: who holds each, and its title."""
        about = self.display_name(organisation)
        for link in self.scene.into.get(organisation, ()):
            if link.predicate == ORG + "organization":
                facts = [f for f in self.scene.out[link.subject] if f.predicate in (S + "roleName", ORG + "member")]
                facts.sort(key=lambda f: not f.target)
                yield self._role(link, link.subject, facts, about)

    def roles(self, person: str) -> Iterator[FactRow]:
        """The roles of a person as rows: the title and the organisation of each."""
        about = self.display_name(person)
        held = [(link, link.subject) for link in self.scene.into.get(person, ()) if link.predicate == ORG + "member"]
        held += [(link, link.target) for link in self.scene.values(person, S + "hasOccupation")]
        for link, role in held:
            row = self._role(link, role, parts_of_role(self.scene, role), about)
            if not self.on_own_page:
                row = replace(row, id=fragment_of(role), anchor=title_anchor(self.scene, role))
            yield row

    def _role(self, link: SceneFact, role: str, facts: list[SceneFact], about: str) -> FactRow:
        """A role as a row: inferred as a whole if ``link``, its tie to the entity, is inferred; else value by value."""
        shown = (dated(self.value(f), f, self.words) for f in facts)
        values = [replace(v, reason="" if link.reason else f.reason) for v, f in zip(shown, facts, strict=True)]
        if CMQ + "FormerRole" in self.scene.classes(role):
            values.append(ShownValue(self.words("held_before")))
        return replace(self.row(self.words("role"), values, [*facts, link], about), reason=link.reason)

    def attested(self, person: str | None = None) -> FactRow | None:
        """The day that attests the roles of a person, or all roles, with its evidence; None unless it is only one."""
        roles = self.scene.nodes(ORG + "Membership")
        own = [r for r in roles if person in (None, *(f.target for f in self.scene.values(r, ORG + "member")))]
        days = [f for r in own for f in self.scene.values(r, CMQ + "attestedOn")]
        if len({f.object.value for f in days}) != 1:
            return None
        return self.row("", [self.value(days[0])], days, "", counted=False)

    def notes(self, iri: str) -> tuple[ShownValue, ...]:
        """The editor's notes on a node."""
        notes = self.scene.values(iri, SKOS + "editorialNote")
        return tuple(dict.fromkeys(self._literal(f.object) for f in notes))

    # ---- articles

    def article(self, iri: str, ident: str) -> Article:
        """The article of a node, with all its facts; ``ident`` is its id on the page."""
        if self.is_said_or_recommended(iri):
            return self._statement(iri, ident)
        rows = tuple(self.rows(iri))
        named = self._naming_row(iri)
        return Article(
            id=ident,
            iri=iri,
            title=self.node(iri),
            page=self.links.own_page(iri),
            named=named,
            rows=rows,
            notes=self.notes(iri),
            labels=self.labels(iri),
        )

    def _naming_row(self, iri: str) -> FactRow | None:
        """The row that says where a node is named: the passages of the node as a whole and of its name."""
        title = self.scene.title(iri, self.words.language).value
        names = [f for f in self.scene.out[iri] if f.slug and f.predicate in HEADINGS]
        named = {p for f in names if f.object.value == title and not f.is_inferred for p in f.passages}
        passages = sorted({*self.scene.support(iri), *named})
        if not passages:
            return None
        evidence = " ".join(p.id for p in passages)
        return FactRow(
            "", (), self.source_links(passages), evidence, f"{self.display_name(iri)} – {self.words('named_here')}"
        )

    def labels(self, iri: str) -> tuple[ShownValue, ...]:
        """Names of the registry in other languages, except the one in the heading, marked if no release has them."""
        title = self.scene.title(iri, self.words.language)
        known = [f for name in ("name", "alternateName") for f in self.scene.values(iri, S + name)]
        written = {f.object.value for f in known if f.slug}
        names = [f.object for f in self.scene.values(iri, S + "name") if not f.slug and f.object != title]
        shown = (replace(self._literal(name), registry=name.value not in written) for name in dict.fromkeys(names))
        return tuple(value for value in shown if value.lang)

    def _statement(self, iri: str, ident: str) -> Article:
        classes = self.scene.classes(iri)
        texts, verbs = self.scene.values(iri, S + "text"), self.scene.values(iri, CMQ + "reportingVerb")
        stated = stated_speakers(self.scene, iri)
        creators = agents(self.scene, iri)
        words = self._literal(texts[0].object) if texts else None
        kinds = [f for f in self.scene.values(iri, TYPE) if f.target == CMQ + "ReportedStatement"]
        why = kinds[0].reason if kinds and all(f.is_inferred for f in kinds) else ""
        row = self.row("", [words] if words else [], [*texts, *stated, *verbs], "")
        speech = Speech(
            speakers=tuple(replace(self.node(f.target), reason=f.reason) for f in creators),
            heading="" if creators else self._unattributed(iri),
            verb=self._literal(verbs[0].object) if verbs else None,
            words=words,
            row=replace(row, caption=speech_line(self.scene, self.words, iri)),
            is_quoted=S + "Quotation" in classes,
            is_reported=bool(words) and bool(kinds) and S + "Quotation" not in classes,
            reported_why=why,
        )
        return Article(
            id=ident,
            iri=iri,
            title=words or self.node(iri),
            rows=tuple(self.rows(iri)),
            notes=self.notes(iri),
            speech=speech,
        )

    def _unattributed(self, iri: str) -> str:
        """The heading of a statement without a speaker, which says what kind of statement it is."""
        if not is_said(self.scene, iri):
            return self.words("one.recommendation")
        if not has_words(self.scene, iri):
            return self.words("reported")
        return self.words("the_release" if is_own_words(self.scene, iri) else "no_speaker")


def _same_row(fact: SceneFact) -> tuple[str, tuple[ScenePassage, ...], str, str]:
    return fact.predicate, fact.passages, fact.reason, fact.origin

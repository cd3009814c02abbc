"""The page of a release: its text with the passages marked, its facts beside it, each linked to the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from communique.check.sums import entities_of
from communique.compile.ground import ground
from communique.drawing.facts import Facts
from communique.export.order import Order
from communique.formats import FORMATS
from communique.iris import document_of, fragment_of, is_inner, page_path, read_graph, release_path, without_base
from communique.publish.site.articles import ArticleMaker, Links
from communique.publish.site.cards import CardLine, CardParagraph, CardRow, CardStretch, ReleaseCard
from communique.publish.site.drawings import DrawingFacts, draw
from communique.publish.site.edition import lay_out, merged_lanes
from communique.publish.site.pages import File, Page, Pages, css_string, data_files, fragment_url
from communique.publish.site.rows import Article, FactRow
from communique.publish.site.scene import Scene
from communique.publish.site.scenefacts import ScenePassage
from communique.publish.site.sections import sections
from communique.publish.site.speech import speech_line
from communique.publish.words import with_full_stop
from communique.terms import CMQ, ORG, SCHEMA, XSD
from communique.text.passages import Span, crosses_paragraph

if TYPE_CHECKING:
    from communique.compile.compiler import Compiled
    from communique.export.grouped import GroupedQuads

S = SCHEMA
SOURCE: Final = File("source", "source.txt", "source.txt", "text/plain")
"""The text of the release, for download."""

SUMMARY: Final = ("who", "what", "where", "when", "report", "work")
"""The lines of the summary of an event, in this order; each has words whose key begins with ``sum.``."""

_COVERED_BY: Final = '[data-passage~="{}"]'
_TARGET: Final = ':root:not(.js):has([id="{}"]:target) {}'
_HIGHLIGHT: Final = "{background:var(--sel);color:var(--sel-ink);text-decoration-thickness:3px}"


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """A line of the summary: its key, and its facts as rows."""

    key: str
    rows: tuple[FactRow, ...]


class AnnotatedRelease:
    """One release, independent of language: its facts, its text, the paragraph of each passage, what can be drawn."""

    def __init__(self, compiled: Compiled, whole: GroupedQuads, source: str) -> None:
        self.compiled = compiled
        self.scene = Scene(whole, compiled.base)
        passages, lanes = self.scene.passages.values(), self.scene.passage_lanes()
        self.edition = lay_out(source, passages, lanes, self._headline(source), compiled.furniture)
        self.paragraph_labels = {p.id: self.edition.label_at(p.start) for p in passages}
        graphs = ((graph, read_graph(graph, compiled.base)) for graph in whole.graph_names)
        drawn = {graph for graph, known in graphs if known is None or known.part != "evidence"}
        self.drawing_facts = DrawingFacts(Facts(whole.within(drawn)), self.scene)

    def _headline(self, source: str) -> Span | None:
        """The span of the headline: in the passages that support it, else anywhere in the text; None if in neither."""
        headline = self.compiled.headline or ""
        facts = self.scene.values(self.compiled.iri, S + "headline")
        supporting = [(p.start, p.end) for f in facts for p in f.passages]
        for within in (supporting, [(0, len(source))]):
            grounded = ground(headline, XSD + "string", "headline", source, within)
            if grounded is not None and not crosses_paragraph(grounded.span, source):
                return grounded.span
        return None


class ReleasePage:
    """A release in one language: its text, and its facts as articles."""

    def __init__(self, pages: Pages, release: AnnotatedRelease, order: Order) -> None:
        self.pages, self.compiled, self.drawing_facts = pages, release.compiled, release.drawing_facts
        self.scene, self.edition, self.paragraph_labels = release.scene, release.edition, release.paragraph_labels
        self.root = "../../"
        links = Links(self._address, lambda p: f"#{p.id}", lambda p: self.paragraph_labels[p.id], self._own_page)
        self.maker = ArticleMaker(self.scene, pages.words, links, order)
        self.sections = sections(self.maker, self.compiled.iri, self.ident)

    def ident(self, iri: str) -> str:
        """The id of a node on the page."""
        if iri == self.compiled.iri:
            return "this-release"
        return fragment_of(iri) if self._is_inside(iri) else without_base(iri, self.compiled.base)

    def _is_inside(self, iri: str) -> bool:
        """Whether a node lies inside the release."""
        return is_inner(iri) and document_of(iri) == self.compiled.iri

    def page(self, jsonld: bytes, syntaxes: Iterable[str] = FORMATS) -> Page:
        """The page, with ``jsonld`` in its script element and downloads in these syntaxes."""
        compiled = self.compiled
        files = (*data_files(syntaxes), SOURCE)
        release = self.scene.values(compiled.iri, S + "dateline")
        counted = self.counts()
        values = {
            "title": compiled.headline or compiled.slug,
            "iri": compiled.iri,
            "slug": compiled.slug,
            "language": compiled.language,
            "edition": self.edition,
            "dateline": release[0].object.value if release else "",
            "unstated": self._unstated(),
            "summary": self.summary(),
            "summary_heading": self._summary_heading(),
            "counts": counted,
            "reviews": self._reviews(),
            "sections": self.sections,
            "leads": self._leads(),
            "attested": self.maker.attested(),
            "by_paragraph": self._by_paragraph(),
            "files": files,
            "citation": self._citation(),
            "original": self.original(),
            "canonical": f"{self.pages.dataset.site}{release_path(compiled.slug)}/"
            if self.pages.dataset.homepage
            else "",
        }
        return Page(
            "release.html",
            page_path(release_path(compiled.slug)),
            values | draw(self.drawing_facts, self.maker),
            "releases",
            "release",
            rules=self._rules(),
            jsonld=jsonld,
            alternates=files,
        )

    # ---- what happened

    def summary(self) -> tuple[SummaryLine, ...]:
        """Who, what, where, when and the works of the first event that the release is about, as far as given."""
        event = self._event()
        if event is None:
            return ()
        works = [f.target for f in self.scene.values(event, S + "workFeatured")]
        rows = (
            (*self._who(event), *self._rows(event, "contributor", None)),
            (*self._rows(event, "name", ""), *self._rows(event, "workFeatured", None)),
            tuple(self._rows(event, "location", "")),
            tuple(row for key in self._times(event) for row in self._when(event, key)),
            tuple(row for work in works for row in self._report(work, named=len(works) > 1)),
        )
        keys = (
            SUMMARY[:-1]
            if all(S + "Report" in self.scene.classes(work) for work in works)
            else SUMMARY[:-2] + SUMMARY[-1:]
        )
        return tuple(SummaryLine(key, own) for key, own in zip(keys, rows, strict=True) if own)

    def _event(self) -> str | None:
        """The first event that the release is about."""
        about = [f.target for f in self.scene.values(self.compiled.iri, S + "about")]
        return next((e for e in self.scene.nodes(S + "Event") if e in about), None)

    def _summary_heading(self) -> str:
        """The key of the heading of the summary: an event that is planned, or put off, is not said to have happened."""
        event = self._event()
        statuses = {f.target for f in self.scene.values(event, S + "eventStatus")} if event else set()
        if not statuses:
            return "what_happened"
        return "what_planned" if statuses == {S + "EventScheduled"} else "sec.event"

    def _times(self, event: str) -> tuple[str, ...]:
        """What is said of when an event is; the part of a year stands for the year that follows from it."""
        start = CMQ + "partOfYear" if self.scene.values(event, CMQ + "partOfYear") else S + "startDate"
        return (start, S + "endDate", S + "eventStatus")

    def _when(self, event: str, predicate: str) -> Iterator[FactRow]:
        return self._rows(event, predicate.removeprefix(S), None if predicate == S + "endDate" else "")

    def _who(self, event: str) -> Iterator[FactRow]:
        """Who performed an event, and who else organised it."""
        performers = {f.target for f in self.scene.values(event, S + "performer")}
        yield from self._rows(event, "performer", "")
        for fact in self.scene.values(event, S + "organizer"):
            if fact.slug and fact.target not in performers:
                label = self.pages.words.property(fact.predicate) if performers else ""
                yield self.maker.row(label, [self.maker.value(fact)], [fact], "", counted=False)

    def _rows(self, iri: str, predicate: str, label: str | None) -> Iterator[FactRow]:
        predicate = predicate if "/" in predicate else S + predicate
        facts = [f for f in self.scene.values(iri, predicate) if f.slug]
        for fact in facts:
            shown = self.pages.words.property(fact.predicate) if label is None else label
            yield self.maker.row(shown, [self.maker.value(fact)], [fact], "", counted=False)

    def _report(self, work: str, *, named: bool) -> Iterator[FactRow]:
        """The acts that approve a report, and its supporters; ``named``: labels begin with the name of the report."""
        acts = [f for f in self.scene.into.get(work, ()) if f.predicate == CMQ + "approves"]
        rows = [(self.pages.words("approved_by"), self.maker.node(f.subject), f) for f in acts]
        supporters = self.scene.values(work, CMQ + "supporter")
        known = {f.target for f in supporters}
        sponsors = [f for f in self.scene.values(work, S + "sponsor") if f.target not in known]
        rows += [(self.pages.words.property(f.predicate), self.maker.value(f), f) for f in (*supporters, *sponsors)]
        for label, value, fact in rows:
            shown = f"{self.maker.display_name(work)}: {label}" if named else label
            yield self.maker.row(shown, [value], [fact], "", counted=False)

    def _unstated(self) -> str:
        """A sentence that says whether the publisher or the day of publication is not given; "" if both are."""
        by, on = (bool(self.scene.values(self.compiled.iri, S + name)) for name in ("publisher", "datePublished"))
        keys = {
            (False, False): "no_publisher",
            (False, True): "no_publisher_alone",
            (True, False): "no_publication_day",
        }
        return self.pages.words(keys[by, on]) if (by, on) in keys else ""

    # ---- beside the text

    def _reviews(self) -> list[dict[str, str]]:
        """Who checked the record, by name, and on which day."""
        name, language = self.scene.label, self.pages.words.language
        return [
            {"by": name(one.by.value, language)[0] if one.is_by_node else one.by.value, "on": one.on}
            for one in self.compiled.reviewed
        ]

    def counts(self) -> dict[str, int]:
        """Numbers by key: facts, inferred facts, passages, paragraphs, and entities as the check counts them."""
        return {
            "facts": self.compiled.tally.facts,
            "inferred": self.compiled.tally.inferred,
            "passages": len(self.scene.passages),
            "paragraphs": self.edition.below,
            "headlines": len(self.edition.numbered) - self.edition.below,
            **{kind: len(found) for kind, found in entities_of(self.compiled).items()},
        }

    def articles(self) -> Iterator[Article]:
        """All articles, in the order of the page."""
        for section in self.sections:
            for _, articles in section.parts:
                yield from articles

    def _leads(self) -> dict[str, str]:
        words, attested = self.pages.words, self.maker.attested()
        people = words("lead.people", day=words.day(attested.values[0].time)) if attested else ""
        quoted = self.scene.nodes(S + "Quotation")
        leads = {section.key: "" for section in self.sections}
        said = words("lead.said_quoted") if quoted else words("lead.said")
        doubtful = any(a.speech and a.speech.reported_why for a in self.articles())
        return leads | {
            "people": people or words("lead.people_undated"),
            "said": f"{said} {words('lead.said_inferred')}" if doubtful else said,
        }

    def _by_paragraph(self) -> dict[str, list[tuple[str, str, str, bool]]]:
        """The facts that rest on each paragraph, by label: the id on the page, words, passage, and whether inferred.

        A fact that rests on several passages of a paragraph is listed there once, with the longest of them.
        """
        by_id = {p.id: p for p in self.scene.passages.values()}
        longest: dict[tuple[str, str, str, bool], ScenePassage] = {}
        for article in self.articles():
            for row in rows_of(article):
                for passage in (by_id[i] for i in row.evidence.split(" ") if i):
                    entry = (self.paragraph_labels[passage.id], article.id, row.caption, bool(row.reason))
                    longest[entry] = max(
                        longest.get(entry, passage), passage, key=lambda p: (p.end - p.start, -p.start)
                    )
        entries: dict[str, list[tuple[str, str, str, bool]]] = {p.label: [] for p in self.edition.all if p.label}
        for entry, passage in sorted(longest.items(), key=lambda item: (item[1].start, -item[1].end)):
            label, place, said, inferred = entry
            entries.setdefault(label, []).append((place, said, passage.id, inferred))
        return entries

    def _address(self, iri: str) -> str:
        shown = iri in self.scene.out and self._has_article(iri)
        return f"#{fragment_url(self.ident(iri))}" if shown else self.pages.address(iri, self.root)

    def _has_article(self, iri: str) -> bool:
        return bool(self.scene.lane(iri)) and bool(self.scene.support(iri))

    def _own_page(self, iri: str) -> str:
        return "" if iri == self.compiled.iri else self.pages.own_page(iri, self.root)

    def _rules(self) -> str:
        """CSS rules that, without a script, highlight the words of the passage or node that the fragment names."""
        one = [_TARGET.format(css_string(i), _COVERED_BY.format(css_string(i))) for i in sorted(self.paragraph_labels)]
        several = []
        for article in self.articles():
            passages = sorted({i for row in rows_of(article) for i in row.evidence.split(" ") if i})
            if passages:
                covered = ",".join(_COVERED_BY.format(css_string(i)) for i in passages)
                several.append(_TARGET.format(css_string(article.id), f":is({covered})"))
        rules = [*one, *several]
        return ",".join(rules) + _HIGHLIGHT if rules else ""

    def _citation(self) -> str:
        compiled, words = self.compiled, self.pages.words
        title = compiled.headline or compiled.slug
        stated = [f.target for f in self.scene.values(compiled.iri, S + "publisher") if not f.is_inferred]
        publishers = map(self.maker.display_name, stated)
        parts = [with_full_stop(title), words("press_release"), *map(with_full_stop, publishers)]
        return " ".join([*parts, *self._cited_day(), compiled.iri])

    def _cited_day(self) -> Iterator[str]:
        """The day of publication if it is stated; else the dateline, labelled as such."""
        words, values = self.pages.words, self.scene.values
        published = [f.object.value for f in values(self.compiled.iri, S + "datePublished") if not f.is_inferred]
        datelines = [f.object.value for f in values(self.compiled.iri, S + "dateline")]
        if published:
            yield with_full_stop(words.day(min(published).partition("T")[0]))
        elif datelines:
            yield with_full_stop(f"{words('dateline')} {datelines[0]}")

    # ---- for other pages

    def original(self) -> str:
        """The web page from which the release was taken; "" if it is not known."""
        return next((f.target for f in self.scene.values(self.compiled.iri, S + "url") if f.target), "")

    def card(self) -> ReleaseCard:
        """What other pages show of the release, and the spans of its paragraphs, for pages that link into it."""
        summary = self.summary()
        where = [v for line in summary if line.key == "where" for r in line.rows if not r.reason for v in r.values]
        place = [v.text for v in sorted(where, key=lambda v: self.scene.lane(v.iri) != "place")]
        return ReleaseCard(
            slug=self.compiled.slug,
            iri=self.compiled.iri,
            title=self.compiled.headline or self.compiled.slug,
            day=self.compiled.day or "",
            language=self.compiled.language,
            place=place[0] if place else "",
            summary=tuple(CardLine(line.key, tuple(map(_card_row, line.rows))) for line in summary),
            counts=self.counts(),
            stripe=tuple(CardStretch(part.length, tuple(merged_lanes(part))) for part in self.edition.map()),
            paragraphs=tuple(CardParagraph(p.start, p.end, p.label) for p in self.edition.all),
            original=self.original(),
            inner=self._inner(),
        )

    def _inner(self) -> dict[str, str]:
        """The names of the nodes inside the release, by fragment."""
        own = sorted(iri for iri in self.scene.out if self._is_inside(iri) and self.scene.lane(iri))
        return {fragment_of(iri): self._name_in_lists(iri) for iri in own}

    def _name_in_lists(self, iri: str) -> str:
        """The name of a node out of context: a statement with its speaker, a role or contact with its person's name."""
        name, classes = self.maker.display_name(iri), self.scene.classes(iri)
        if self.maker.is_said_or_recommended(iri):
            return speech_line(self.scene, self.pages.words, iri)
        if S + "ContactPoint" in classes and self.scene.is_named(iri):
            return f"{self.pages.words('one.contact')} ({name})"
        people = [self.maker.display_name(f.target) for f in self.scene.values(iri, ORG + "member")]
        return f"{name} ({', '.join(people)})" if people else name


def _card_row(row: FactRow) -> CardRow:
    return CardRow(row.label, tuple(v.text for v in row.values), bool(row.reason))


def rows_of(article: Article) -> Iterator[FactRow]:
    """All rows of an article: where it is named, what was said, its facts."""
    if article.named:
        yield article.named
    if article.speech:
        yield article.speech.row
    yield from article.rows

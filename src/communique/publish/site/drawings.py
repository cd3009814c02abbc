"""The picture and the timeline of a page, as template values: the picture as SVG and as a table, the dates laid out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from communique.drawing.facts import END, Facts
from communique.drawing.picture import draw_picture
from communique.drawing.timeline import Dated, lay_out_timeline, read_dated
from communique.publish.site.articles import ArticleMaker
from communique.publish.site.rows import SourceLink
from communique.publish.site.scene import Scene
from communique.publish.site.speech import label_for_unnamed
from communique.publish.words import Words


@dataclass(frozen=True, slots=True)
class DrawingFacts:
    """What pictures and timelines are made of, independent of language: facts, and the scene that has the names.

    ``focus`` is the IRI of the entity that the picture is about, None for a release.
    """

    facts: Facts
    scene: Scene
    focus: str | None = None


def _label(scene: Scene, words: Words, iri: str) -> tuple[str, str]:
    """A short name and its language tag (or ""); for a node without a name, what kind of thing it is."""
    return scene.label(iri, words.language) if scene.is_named(iri) else (label_for_unnamed(scene, words, iri), "")


def draw(drawing: DrawingFacts, maker: ArticleMaker) -> dict[str, object]:
    """The template values for the drawings; each is empty if there is nothing to draw.

    ``picture`` is SVG, ``picture_rows`` the same as a table, ``timeline`` the dates laid out, ``timeline_source_links``
    the links from each dated fact to the words that say it.
    """
    words, links = maker.words, maker.links
    label = partial(_label, drawing.scene, words)

    def source_links(dated: Dated) -> tuple[SourceLink, ...]:
        """The links to the words that give the first and the last day."""
        days = {(dated.property, dated.date), (END, dated.end)}
        facts = [f for f in drawing.scene.out.get(dated.iri, ()) if (f.predicate, f.object.value) in days]
        return maker.source_links(p for f in facts for p in f.passages)

    picture = draw_picture(drawing.facts, drawing.focus, label=label, href=links.node, words=words)
    dated = read_dated(drawing.facts, label)
    return {
        "picture": picture.svg,
        "picture_rows": picture.rows,
        "timeline": lay_out_timeline(dated, links.node),
        "timeline_source_links": {one: source_links(one) for one in dated},
    }

"""What a page shows of the picture and the timeline: the picture drawn and as a table, the dates in their places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from communique.drawing.facts import END, Facts
from communique.drawing.picture import draw_picture
from communique.drawing.timeline import Dated, lay_out_timeline, read_dated
from communique.publish.site.articles import ArticleMaker
from communique.publish.site.rows import Handle
from communique.publish.site.scene import Scene
from communique.publish.site.speech import unnamed
from communique.publish.words import Words


@dataclass(frozen=True, slots=True)
class Sketch:
    """What pictures and timelines are made of, in no language yet: facts, and the scene that has the names.

    ``focus`` is the entity that the picture is about, None for a release.
    """

    facts: Facts
    scene: Scene
    focus: str | None = None


def _label(scene: Scene, words: Words, iri: str) -> tuple[str, str]:
    """A name for where there is little room, and its language tag or ""; without a name what the node is."""
    return scene.label(iri, words.language) if scene.is_named(iri) else (unnamed(scene, words, iri), "")


def draw(sketch: Sketch, maker: ArticleMaker) -> dict[str, object]:
    """The values of a template about drawings; empty if there is nothing to draw.

    ``picture`` is SVG, ``picture_rows`` the same as a table, ``timeline`` the dates in their places, ``timeline_signs``
    the signs that lead to the words of each dated fact.
    """
    words, links = maker.words, maker.links
    label = partial(_label, sketch.scene, words)

    def signs(dated: Dated) -> tuple[Handle, ...]:
        """Those of the first and of the last day."""
        days = {(dated.property, dated.date), (END, dated.end)}
        facts = [f for f in sketch.scene.out.get(dated.iri, ()) if (f.predicate, f.object.value) in days]
        return maker.handles(p for f in facts for p in f.passages)

    drawn = draw_picture(sketch.facts, sketch.focus, label=label, href=links.node, words=words)
    dated = read_dated(sketch.facts, label)
    return {
        "picture": drawn.svg,
        "picture_rows": drawn.rows,
        "timeline": lay_out_timeline(dated, links.node),
        "timeline_signs": {one: signs(one) for one in dated},
    }

"""What a page shows of the picture and the timeline: both drawn, the picture also as a table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from html import escape
from typing import Any

from communique.drawing.facts import END, Facts
from communique.drawing.picture import draw_picture
from communique.drawing.timeline import Dated, read_dated, render_timeline
from communique.publish.site.articles import ArticleMaker
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


def draw(sketch: Sketch, maker: ArticleMaker) -> dict[str, Any]:
    """The values ``picture``, ``picture_rows`` and ``timeline`` of a template; empty if there is nothing to draw."""
    words, links = maker.words, maker.links
    label = partial(_label, sketch.scene, words)

    def handles(dated: Dated) -> str:
        days = {(dated.property, dated.date), (END, dated.end)}
        facts = [f for f in sketch.scene.out.get(dated.iri, ()) if (f.predicate, f.object.value) in days]
        signs = maker.handles(p for f in facts for p in f.passages)
        where = escape(words("where_it_says_so"))
        return "".join(
            f'<a class="w" href="{escape(sign.href)}"><span class="vh">{where} </span>{escape(_place(sign.label))}</a>'
            for sign in signs
        )

    def _place(paragraph: str) -> str:
        return words("headline") if paragraph == "0" else f"¶\u00a0{paragraph}"

    drawn = draw_picture(sketch.facts, sketch.focus, label=label, href=links.node, words=words)
    return {
        "picture": drawn.svg,
        "picture_rows": drawn.rows,
        "timeline": render_timeline(read_dated(sketch.facts, label), href=links.node, words=words, after=handles),
    }

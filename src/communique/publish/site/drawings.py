"""What a page shows of the picture and the timeline: both drawn, the picture also as a table."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from pyoxigraph import Quad

from communique.publish.site.articles import Apparatus
from communique.publish.site.picture import render_picture
from communique.publish.site.relations import names_in, picture_rows, read_picture
from communique.publish.site.timeline import Dated, read_dated, render_timeline


def draw(quads: Iterable[Quad], focus: str | None, apparatus: Apparatus) -> dict[str, Any]:
    """The values ``picture``, ``picture_rows`` and ``timeline`` of a template; each empty if there is nothing to draw.

    ``focus`` is the entity that the picture is about, None for a release.
    """
    own, words, links = list(quads), apparatus.words, apparatus.links
    label = names_in(own, apparatus.scene.base, words.language)
    picture = read_picture(own, focus, label, words)

    def handles(dated: Dated) -> str:
        facts = apparatus.scene.values(dated.iri, dated.property)
        signs = apparatus.handles(p for f in facts if getattr(f.object, "value", "") == dated.date for p in f.passages)
        where = escape(words("where_it_says_so"))
        return "".join(
            f'<a class="w" href="{escape(sign.href)}"><span class="vh">{where} </span>{escape(_place(sign.label))}</a>'
            for sign in signs
        )

    def _place(paragraph: str) -> str:
        return words("headline") if paragraph == "0" else f"¶\u00a0{paragraph}"

    drawn = render_picture(picture, href=links.node, words=words)
    return {
        "picture": drawn,
        "picture_rows": picture_rows(picture, words) if drawn else [],
        "timeline": render_timeline(read_dated(own, label), href=links.node, words=words, after=handles),
    }

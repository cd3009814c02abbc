"""The page of a search: the start page of the publication, with what was found in place of its contents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from typing import Final, NamedTuple

from communique.iris import document_of
from communique.kinds import RELEASE
from communique.publish.words import Words, read_words
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.serve.fulltext import Hit, Hits, Thing
from communique.serve.indexing import GROUP, STATEMENT
from communique.serve.publication import Publication

_MAIN: Final = re.compile(r"(<main\b[^>]*>).*(</main>)", re.DOTALL)
_TITLE: Final = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_OF_THE_PAGE: Final = re.compile(
    r"<meta name=\"description\"[^>]*>\n?|<link rel=\"(?:alternate|canonical)\"[^>]*>\n?| aria-current=\"[a-z]*\""
    r"|<meta (?:property|name)=\"(?:og|twitter):[^>]*>\n?"
    r"|<script type=\"application/ld\+json\">.*?</script>\n?",
    re.DOTALL,
)


class Skin(NamedTuple):
    """What stands around the contents of a page, in a language; ``suffix`` is that of the names of pages in it."""

    before: str
    after: str
    language: str
    suffix: str


class FoundPage(NamedTuple):
    """What a page shows: hits, the things that they name, and the addresses of other pages by their relation."""

    hits: Hits
    named: Mapping[str, Thing]
    links: Mapping[str, str]


def skin_of(publication: Publication, language: str) -> Skin | None:
    """The start page in a language, or else in English, without its contents; None if there is none."""
    for tongue, suffix in ((language, f".{language}"), ("en", "")):
        file = publication.files.get(f"index{suffix}.html")
        if file is not None and tongue in INTERFACE_LANGUAGES:
            return _cut(publication.read(file).decode("utf-8"), tongue, suffix)
    return None


def write_page(
    skin: Skin, publication: Publication, found: FoundPage, *, text: str, language: str, kinds: Sequence[str]
) -> bytes:
    """The page with what a text found."""
    hits, named, links = found
    words, own = Words(skin.language), words_of_server(skin.language)
    hidden = {"language": language, "kind": ",".join(kinds)}
    fields = "".join(f'<input type="hidden" name="{n}" value="{escape(v)}">' for n, v in hidden.items() if v)
    number = words.number(hits.total)
    count = own["found" if hits.complete else "found_more"].format(n=number) if hits.total else own["nothing"]
    rows = "\n".join(_row(hit, skin, publication, language, named) for hit in hits.hits)
    pages = " ".join(
        f'<a rel="{rel}" href="{escape(links[rel])}">{own[key]}</a>'
        for rel, key in (("prev", "earlier"), ("next", "later"))
        if rel in links
    )
    body = f"""
<div class="head"><h1>{own["search"]}</h1></div>
<form class="ask" role="search" action="search">{fields}<label>{own["search_label"]}<input type="search" name="q" \
size="30" value="{escape(text)}"></label><output class="quiet">{count if text.strip() else ""}</output></form>
<ul class="dl ctx">{rows}</ul>
<p class="pages">{pages}</p>
"""
    before = _TITLE.sub(lambda match: f"<title>{own['search']} – {match[1]}</title>", skin.before, count=1)
    return (before + body + skin.after).encode("utf-8", "replace")


def _cut(page: str, language: str, suffix: str) -> Skin | None:
    match = _MAIN.search(page)
    if match is None:
        return None
    before, after = page[: match.end(1)], page[match.start(2) :]
    return Skin(_OF_THE_PAGE.sub("", before), _OF_THE_PAGE.sub("", after), language, suffix)


@cache
def words_of_server(language: str) -> dict[str, str]:
    """The words that only pages of the server have, in a language of the pages."""
    return {key: text[language] for key, text in read_words("communique.serve", "words.json").items()}


def _row(hit: Hit, skin: Skin, publication: Publication, language: str, named: Mapping[str, Thing]) -> str:
    """One hit: its name as a link, what it is, and the words that were found."""
    thing = hit.thing
    speakers = ", ".join(named[iri].label(language) for iri, _ in thing.speakers if iri in named)
    label = thing.label(language) or speakers or _what(thing.kind, skin.language)
    notes = [_what(thing.kind, skin.language)]
    if thing.day:
        notes.append(Words(skin.language).day(thing.day))
    if hit.inferred or any(inferred for _, inferred in thing.speakers):
        notes.append(Words(skin.language)("inferred"))
    link = f'<a href="{escape(_page(thing.page, skin, publication))}"><bdi>{escape(label)}</bdi></a>'
    tongue = f' lang="{escape(hit.language)}"' if hit.language else ""
    passage = "" if hit.passage == label else f"<p{tongue}>{_marked(hit)}</p>"
    return f"<li>{link} <span>{escape(', '.join(notes))}</span>{passage}</li>"


def _what(kind: str, language: str) -> str:
    key = {STATEMENT: "said", GROUP: "group"}.get(kind, kind)
    return words_of_server(language)["release"] if kind == RELEASE else Words(language)(f"one.{key}")


def _page(page: str, skin: Skin, publication: Publication) -> str:
    path = document_of(page)
    own = path.removesuffix(".html") + skin.suffix + ".html"
    return (own if own in publication.files else path) + page.removeprefix(path)


def _marked(hit: Hit) -> str:
    pieces, end = [], 0
    for start, stop in hit.marks:
        if start >= end:
            pieces += [escape(hit.passage[end:start]), f"<mark>{escape(hit.passage[start:stop])}</mark>"]
            end = stop
    before, after = ("…" if is_cut else "" for is_cut in hit.cut)
    return "".join([before, *pieces, escape(hit.passage[end:]), after])

"""What is probably no text of a release: front matter, page numbers, repeated headers, the marks of Markdown."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from communique.text.datelines import listed
from communique.text.passages import ELLIPSIS

_FENCES: Final = {"---": ("---", "..."), "+++": ("+++",)}
_FRONT_LINES: Final = 100
_FIELD: Final = re.compile(r"[\w@-]{1,40}[ \t]*[:=]")
_TITLE: Final = re.compile(r"""(?:title|headline)[ \t]*[:=][ \t]*(["']?)""", re.IGNORECASE)
_LONG: Final = 120
"""Characters above which a stretch is written by its first and last line."""

_HEADING: Final = re.compile(r"^(#{1,6}[ \t]+)\S", re.MULTILINE)
_BOLD: Final = re.compile(r"(\*{1,3})(?=[^\s*])[^*\n]{1,300}(?<=[^\s*])\1(?!\*)")
_UNDERLINE: Final = re.compile(r"^(={3,}|-{3,})[ \t]*$", re.MULTILINE)
_PAGE: Final = re.compile(
    r"[-–— ]*(?P<word>[^\W\d_]{0,10}\.?)[ \t]*\d{1,4}[ \t]*(?:(?:/|[^\W\d_]{1,4})[ \t]*\d{1,4})?[-–— ]*"
)
_FEWEST_PAGES: Final = 2
_NEAR_PAGE: Final = 2  # lines between a page number and the header or footer of its page
_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Furniture:
    """The stretches of a text to be ignored, in its own words, and the title that its front matter gives."""

    stretches: tuple[str, ...] = ()
    title: str | None = None


def furniture_of(text: str, language: str = "en") -> Furniture:
    r"""What is probably no text of the release.

    >>> furniture_of("---\ntitle: Dam opened\ndate: 2031-05-03\n---\n# Dam opened\n\nThe **dam** is open.\n")
    Furniture(stretches=('---\ntitle: Dam opened\ndate: 2031-05-03\n---', '# ', '**'), title='Dam opened')
    """
    front, title = _front_matter(text)
    body = text[len(front) :]
    raw = body.split("\n")
    lines = [line.strip() for line in raw]
    breaks = [k for k, line in enumerate(raw) if "\f" in line]
    pages = _page_lines(lines, language)
    stretches = [
        *_front_stretches(front, body, title),
        *_marks(body),
        *dict.fromkeys(lines[k] for k in pages),
        *_headers(lines, pages, breaks),
        *(["\f"] if breaks else []),
    ]
    return Furniture(tuple(dict.fromkeys(s for s in stretches if s))[:_MOST], title)


# ---- front matter


def _front_matter(text: str) -> tuple[str, str | None]:
    """The front matter of a Markdown file, which its text begins with, and the title in it; empty if there is none."""
    lines = text.lstrip("\ufeff").split("\n", _FRONT_LINES)
    ends = _FENCES.get(lines[0].rstrip(), ())
    last = next((k for k, line in enumerate(lines[1:-1], start=1) if line.rstrip() in ends), 0)
    if not any(_FIELD.match(line) for line in lines[1:last]):
        return "", None
    front = text[: text.index(lines[0])] + "\n".join(lines[: last + 1])
    for line in lines[1:last]:
        if hit := _TITLE.match(line):
            return front, line[hit.end() :].strip().removesuffix(hit[1] or "\0") or None
    return front, None


def _front_stretches(front: str, body: str, title: str | None) -> list[str]:
    """The stretches that cover front matter; its title stays where only it says the headline."""
    front = front.lstrip("\ufeff")
    if not front or title is None or title in body:
        return [_anchored(front)]
    start = front.index(title)
    return [_anchored(front[:start]), _anchored(front[start + len(title) :])]


def _anchored(stretch: str) -> str:
    """A long stretch as its first and last line, joined by an ellipsis."""
    lines = stretch.split("\n")
    if len(stretch) <= _LONG or len(lines) < len(("first", "middle", "last")):
        return stretch
    first = "\n".join(lines[:2]) if len(lines) > len(("two", "first", "last")) else lines[0]
    return f"{first} {ELLIPSIS} {lines[-1]}"


# ---- Markdown


def _marks(body: str) -> list[str]:
    """The marks of Markdown that a text uses: of headings, bold and italic words, lines under a heading."""
    headings = sorted({hit[1] for hit in _HEADING.finditer(body)}, key=len, reverse=True)
    stars = sorted({hit[1] for hit in _BOLD.finditer(body)}, key=len, reverse=True)
    lines = sorted({hit[1] for hit in _UNDERLINE.finditer(body)})
    return [*headings, *stars, *lines]


# ---- pages


def _page_lines(lines: list[str], language: str) -> list[int]:
    """The numbers of the lines that say only the number of a page: with a word for it, or several that count up."""
    words = {word.rstrip(".") for word in listed("pages", language)}
    named: list[int] = []
    bare: list[tuple[int, int]] = []
    for k, line in enumerate(lines):
        hit = _PAGE.fullmatch(line) if len(line) < len("Page 1000 of 1000 - -") else None
        if hit is None:
            continue
        if hit["word"].lower().rstrip(".") in words:
            named.append(k)
        elif not hit["word"]:
            bare.append((k, int(re.findall(r"\d+", line)[0])))
    first = {n: k for k, n in reversed(bare)}
    last = {n: k for k, n in bare}
    counting = [k for k, n in bare if first.get(n - 1, k) < k or last.get(n + 1, k) > k]
    return sorted([*named, *(counting if len(counting) >= _FEWEST_PAGES else [])])


def _headers(lines: list[str], pages: list[int], breaks: list[int]) -> list[str]:
    """The lines that stand at every edge of a page, at least twice, and nowhere else."""
    edges = {*pages, *breaks}
    counts = Counter(line for line in lines if any(c.isalpha() for c in line))
    near: Counter[str] = Counter()
    for k in {edge + step for edge in edges for step in range(-_NEAR_PAGE, _NEAR_PAGE + 1)} - set(pages):
        if 0 <= k < len(lines) and lines[k]:
            near[lines[k]] += 1
    return sorted(line for line, n in near.items() if n >= _FEWEST_PAGES and n == counts[line])

"""The headline and the dateline of a release, found among what stands around them in real texts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from communique.text.datelines import Dateline, dateline_at, day_words, listed
from communique.text.dates import dates_of
from communique.text.passages import Span
from communique.text.sentences import sentences_of

MAX_HEADLINE: Final = 300
_FIRST_LINES: Final = 60
"""The lines with words at the beginning of a text among which headline and dateline are looked for."""
_FEW_WORDS: Final = 3
_SENTENCE: Final = re.compile("[.。۔।։][\"'”’»)\\]]*$")
_WORDS_OF_SENTENCE: Final = 8
_LONG: Final = 250
_EDGES: Final = "\ufeff \t\xa0\x0b\x0c"
_AFTER_LABEL: Final = re.compile(
    r"[*_)\]>]*(?:\s+(?:(?:no|nr)\b\.?|№|#|n°)?\s*\d[\d/.–-]*+)?(?:\s*(?:[:|/•·–—]|-+(?=\s))\s*|\s*$)", re.IGNORECASE
)
"""What may stand between a label and the headline: perhaps a number, then a sign or the end of the line."""
_NAVIGATION: Final = re.compile(r"\s(?:[|›»>•·/]|::)\s")
_ADDRESS: Final = re.compile(r"https?://|www\.|[^\s@]+@[^\s@]+\.[^\s@]+$", re.IGNORECASE)
_BEFORE_LABEL: Final = "*_#<[(- \u200b\xa0"
_YEAR, _ZONE = len("2031"), 5
_BEHIND_DATELINE: Final = " \xa0\t–—-:.,،，、|/*_"
_QUOTES: Final = "\"'“”‘’«»"


class _Line(NamedTuple):
    """A line with words: where it stands without white space around it, and what it says."""

    span: Span
    words: str


def lines_of(text: str) -> Iterator[Span]:
    """The lines of a text that have a letter or digit, without white space around them."""
    for hit in re.finditer(r"[^\n\r]+", text):
        line = hit.group()
        inner = line.strip(_EDGES)
        if any(c.isalnum() for c in inner):
            start = hit.start() + line.index(inner)
            yield Span(start, start + len(inner))


def headlines_in(text: str, language: str = "en", title: str | None = None) -> list[Span]:
    """The lines that can be the headline of a text, the likeliest first; each is one whole line without its label.

    The likeliest is the line that says the ``title`` known from elsewhere, else the first line with words that is
    no label ("For immediate release"), no navigation, no date and no address; a line of at most three words only if no
    longer one stands before the text begins. A line whose words stand in a sentence too, such as the name of a body,
    comes after the others.

    >>> text = "PRESS RELEASE\\nDam opened\\nSampletown, 3 May 2031 – The dam was opened by the minister on Monday.\\n"
    >>> [text[slice(*span)] for span in headlines_in(text)][:1]
    ['Dam opened']
    """
    lines = [_Line(span, text[slice(*span)]) for span in lines_of(text)]
    zone = list(_zone(text, lines[:_FIRST_LINES], language))
    zone.sort(key=lambda line: _is_in_a_sentence(line.words, text, lines))
    long = [line for line in zone if len(line.words.split()) > _FEW_WORDS or _is_unspaced(line.words)]
    titled = [line for line in lines if title and _same(line.words) == _same(title)]
    rest = sorted(lines, key=lambda line: len(line.words.split()) <= _FEW_WORDS)
    chosen = dict.fromkeys(_shortened(text, line.span) for line in [*titled, *long, *zone])
    lead = None if chosen else _lead(text, lines[:_FIRST_LINES], language)
    rest_of_lines = (_shortened(text, line.span) for line in rest)
    return list(dict.fromkeys([*chosen, *([lead] if lead is not None else []), *rest_of_lines]))


def _lead(text: str, lines: Sequence[_Line], language: str) -> Span | None:
    """The first sentence behind the dateline that a text begins with, which has no headline then."""
    for line in lines:
        dateline = dateline_at(text, line.span, language)
        if dateline is not None and dateline.has_place and dateline.has_text:
            rest = text[dateline.span.end : line.span.end]
            start = dateline.span.end + len(rest) - len(rest.lstrip(_BEHIND_DATELINE))
            sentences = sentences_of(text, language)
            end = min(sentences.spans[sentences.at(start)][1], line.span.end)
            return _shortened(text, Span(start, start + len(text[start:end].rstrip(". "))))
    return None


def _zone(text: str, lines: Sequence[_Line], language: str) -> Iterator[_Line]:
    """The lines before the body of a text that can be its headline."""
    counts = Counter(_same(line.words) for line in lines)
    for line in lines:
        dateline = dateline_at(text, line.span, language)
        if dateline is not None and dateline.has_place and (dateline.has_text or _is_all(dateline, line)):
            if dateline.has_text:
                return
            continue
        inner = _without_label(text, line, language)
        if inner is None:
            continue
        if _is_sentence(inner.words) and counts[_same(inner.words)] < 2:
            return
        yield inner


def _is_in_a_sentence(words: str, text: str, lines: Sequence[_Line]) -> bool:
    """Whether words of at least two that are a line of their own stand elsewhere inside another line."""
    if " " not in words:
        return False
    alone = sum(line.words.count(words) for line in lines if line.words == words)
    return text.count(words) > max(alone, 1)  # behind a label they are no whole line


def _is_all(dateline: Dateline, line: _Line) -> bool:
    return not any(c.isalnum() for c in line.words[dateline.span.end - line.span.start :])


def _without_label(text: str, line: _Line, language: str) -> _Line | None:
    """A line without the label before its headline ("Press release: …"); None if it is no headline at all."""
    words = line.words
    begin = len(words) - len(words.lstrip(_BEFORE_LABEL))
    for label in listed("labels", language):
        if words[begin : begin + len(label)].lower() == label:
            gap = _AFTER_LABEL.match(words, begin + len(label))
            end = gap.end() if gap else begin + len(label)
            inner = _Line(Span(line.span.start + end, line.span.end), words[end:])
            if gap is None and not words[end : end + 1].isspace():
                continue
            if gap is not None or _is_date(text, inner, language):
                line = inner
            elif _last_day(text, inner.span, language) is not None:
                return None  # "Press release of Sample Works of 3 May 2031"
            break
    return None if _is_around(text, line, language) else line


def _last_day(text: str, line: Span, language: str) -> Span | None:
    """The words of the whole day that a line ends with."""
    days = [d.span for d in dates_of(text, language).within(*line) if len(d.date) > len("2031-05")]
    last = max(days, key=lambda span: span.end, default=None)
    return last if last is not None and not any(c.isalnum() for c in text[last.end : line.end]) else None


def _day_of_label(text: str, line: Span, language: str) -> Span | None:
    """The day of a line such as "Press release No. 12 of 3 May 2031"."""
    words = text[slice(*line)].lstrip(_BEFORE_LABEL).lower()
    label = next((label for label in listed("labels", language) if words.startswith(label)), None)
    return None if label is None else _last_day(text, line, language)


def _is_around(text: str, line: _Line, language: str) -> bool:
    """Whether a line belongs to what stands around a release: navigation, a date, a number, an address, a wire."""
    words = line.words.strip()
    lower = words.lower()
    if not any(c.isalpha() for c in words) or lower in listed("navigation", language):
        return True
    if len(_NAVIGATION.findall(words)) > 1 or _ADDRESS.match(words):
        return True
    if any(_is_field(lower, field) for field in listed("dates", language)):
        return True
    if len(words.split()) == 1 and (any(c.isdecimal() for c in words) or words[0] in "(/["):
        return True
    return _is_date(text, line, language)


def _is_field(lower: str, field: str) -> bool:
    """Whether a line has the form "Release date: …"."""
    rest = lower[len(field) :].lstrip()[:1]
    return lower.startswith(field) and (rest in (":", "") or rest.isdecimal())


def _is_date(text: str, line: _Line, language: str) -> bool:
    """Whether a line says a date and nothing more but perhaps a weekday or the name of a time zone."""
    dates = [date.span for date in dates_of(text, language).within(*line.span) if len(date.date) > _YEAR]
    if not dates:
        return False
    longest = max(dates, key=lambda span: span.end - span.start)
    around = f"{text[line.span.start : longest.start]} {text[longest.end : line.span.end]}"
    words = re.findall(r"[^\W\d_]+", around)
    return all(word.lower() in day_words(language) or (word.isupper() and len(word) < _ZONE) for word in words)


def _is_sentence(words: str) -> bool:
    """Whether a line belongs to the body: a sentence, or longer than a headline."""
    return len(words) > _LONG or (bool(_SENTENCE.search(words)) and len(words.split()) >= _WORDS_OF_SENTENCE)


def _is_unspaced(words: str) -> bool:
    """Whether a script without spaces is written here: its words cannot be counted."""
    return " " not in words and len(words) > _FEW_WORDS and words[:1].isalpha() and words[0].upper() == words[0].lower()


def _same(words: str) -> str:
    """Words without case, quotation marks and the marks of Markdown, to compare a line with a title."""
    return " ".join("".join(c for c in words if c not in "*#_" + _QUOTES).split()).casefold()


def _shortened(text: str, span: Span) -> Span:
    """At most `MAX_HEADLINE` characters of a line, cut between words."""
    if span.end - span.start <= MAX_HEADLINE:
        return span
    return Span(span.start, span.start + len(text[span.start : span.end][:MAX_HEADLINE].rsplit(" ", 1)[0]))


def datelines_in(text: str, language: str = "en", headline: Span | None = None) -> list[Span]:
    """The datelines of a text, the likeliest first: with a place and text after it, with a place, a day alone.

    The line of the ``headline`` has none but before it. The day of a label ("Press release of 3 May 2031") comes last.
    """
    found: list[tuple[bool, bool, Span]] = []
    for span in list(lines_of(text))[:_FIRST_LINES]:
        before = span
        if headline is not None and span.start <= headline.start < span.end:
            before = Span(span.start, headline.start)
        dateline, day = dateline_at(text, span, language), _day_of_label(text, before, language)
        if day is not None:
            found.append((True, True, day))
        elif dateline is not None and dateline.span.end <= before.end:
            found.append((not dateline.has_place, not dateline.has_text, dateline.span))
    return [span for *_, span in sorted(found)]

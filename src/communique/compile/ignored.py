"""What a record says is no text of the release: ``ignore``, furniture, and lines that end at a margin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from communique.compile.report import Report
from communique.iris import release_iri, release_path
from communique.read.release import WrittenRelease
from communique.read.yamlld import Pointer
from communique.text.passages import QuoteError, Span, anchors_of, joined_spans, locate, occurrences
from communique.text.running import Running, running_text
from communique.text.work import Work

IGNORE: Final = "ignore"
WRAPPED: Final = "wrapped"
MAX_STRETCHES: Final = 500
"""The most stretches that one record may list, and the most places that each may cover."""


def running_of(release: WrittenRelease, base: str, report: Report, work: Work) -> Running:
    """The running text of a release: its source without what its record says to ignore.

    Faults of the lists are reported. Raises `WorkSpentError` if ``work`` runs out.
    """
    record, source = release.record or {}, release.source
    wrapped = record.get(WRAPPED, False)
    if not isinstance(wrapped, bool):
        report("wrong-type", f"{WRAPPED} is true or false", (WRAPPED,), path=WRAPPED, fix=f"write {WRAPPED}: true")
    spans = [span for quote, at in _stretches(record, report) for span in _places(quote, at, source, report, work)]
    spans += _furniture(record, release.slug, base, source, work)
    work.spend(len(spans) + len(source) // 1000)
    return running_text(source, spans, wrapped=wrapped is True)


def _stretches(record: Mapping[str, object], report: Report) -> Iterator[tuple[str, Pointer]]:
    """The stretches that ``ignore`` lists, each with its place in the record."""
    written = record.get(IGNORE, [])
    values = written if isinstance(written, list) else [written]
    for k, value in enumerate(values[:MAX_STRETCHES]):
        at = (IGNORE, k) if isinstance(written, list) else (IGNORE,)
        if isinstance(value, str) and value.strip(" "):
            yield value, at
        else:
            message = f"words of the source are expected in {IGNORE}"
            report("not-text", message, at, path=IGNORE, fix='write "words of the source", in quotation marks')
    if len(values) > MAX_STRETCHES:
        message = f"{IGNORE} lists {len(values):,} stretches, at most {MAX_STRETCHES} are read"
        report("too-many-quotes", message, (IGNORE,), path=IGNORE)


def _places(quote: str, at: Pointer, source: str, report: Report, work: Work) -> list[Span]:
    """Every place that a stretch covers; reported if there is none.

    Words cover no part of a longer word or number. Words, numbers or signs that fill a line somewhere cover only such
    lines (the page number 2 does not take the 2 out of a sentence, nor a header the name of its ministry), unless they
    begin with a sign, as a stamp in brackets does.
    """
    spans = [s for s in islice(occurrences(quote, source, work), MAX_STRETCHES + 1) if _is_whole(s, source)]
    anchors = anchors_of(quote)
    if not spans and len(anchors) > 1 and all(anchors):
        spans = list(islice(joined_spans(anchors, source, work), MAX_STRETCHES + 1))
    if quote.strip() and not _is_stamp(quote.strip()):
        spans = [span for span in spans if _fills_line(span, source)] or spans
    if len(spans) > MAX_STRETCHES:
        message = f"these words occur more than {MAX_STRETCHES} times in the source"
        report("too-many-quotes", message, at, path=IGNORE, quote=quote, fix="quote more words")
        return []
    if not spans:
        message = "the words to ignore are not in the source"
        report("quote-not-found", message, at, path=IGNORE, quote=quote, fix="copy the words from source.txt")
    return spans


def _is_stamp(words: str) -> bool:
    """Whether words stand between signs, such as "[Draft 2]"."""
    return not words[0].isalnum() and any(c.isalnum() for c in words)


def _is_whole(span: Span, source: str) -> bool:
    """Whether a span cuts no word and no number."""
    start, end = span
    begins = start == 0 or not (source[start].isalnum() and source[start - 1].isalnum())
    return begins and (end == len(source) or not (source[end - 1].isalnum() and source[end].isalnum()))


def _fills_line(span: Span, source: str) -> bool:
    start, end = source.rfind("\n", 0, span.start) + 1, source.find("\n", span.end)
    end = len(source) if end < 0 else end
    return not source[start : span.start].strip() and not source[span.end : end].strip()


def _furniture(record: Mapping[str, object], slug: str, base: str, source: str, work: Work) -> Iterator[Span]:
    """The furniture in the evidence of the release; what is wrong with it is reported where evidence is read."""
    graph = record.get("graph", record.get("@graph"))
    for node in [record, *(graph if isinstance(graph, list) else [])]:
        if not isinstance(node, dict) or not isinstance(node.get("evidence"), dict):
            continue
        if node.get("id", node.get("@id")) not in (release_path(slug), release_iri(base, slug)):
            continue
        quotes = node["evidence"].get("furniture")
        for quote in quotes if isinstance(quotes, list) else [quotes]:
            if isinstance(quote, str) and quote:
                try:
                    yield locate(quote, source, work)
                except QuoteError:
                    continue

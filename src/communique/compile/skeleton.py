"""The record that a new release begins with: headline and dateline, found in the text and quoted."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from communique.errors import NewsroomError, OutputError
from communique.ids import SLUG_RULE, is_slug
from communique.iris import release_iri
from communique.plaintext import decode
from communique.read.release import MAX_LINES, MAX_SOURCE_BYTES
from communique.text.dates import dates_of
from communique.text.passages import QuoteError, Span, locate, unique_quote
from communique.text.work import Work, WorkSpentError

_LABEL: Final = re.compile(r"\W*(?:press|news|media)\s+release(?!\w)\s*[:–—-]?\s*", re.IGNORECASE)
_MAX_HEADLINE: Final = 300
_MOST_WORK: Final = 500_000  # steps for finding lines that occur once

_RECORD: Final = """\
# The record of one release. Add what the text says and nothing else: every node has an id, a type and evidence,
# a verbatim quote that occurs once in source.txt ("…" joins two anchors). Then: communique check {slug}
"@context":
  - context.jsonld
  - "@base": {base}
    "@language": {language}
    this: {release}#

graph:
  - id: release/{slug}
    type: [NewsArticle, PressRelease]
    headline: {headline}
{dateline}    evidence:
      "*": {quote}
{dateline_evidence}
  # Next: what it is about (add about: event/… above), who is named, who said what. For example:
  # - id: person/given-family
  #   type: Person
  #   name: Given Family
  #   role: {{title: Chair, of: org/name, evidence: "Given Family, Chair of Name"}}
  #   evidence: Given Family
"""


def write_skeleton(data: Path, slug: str, source: Path, *, base: str, language: str) -> Path:
    """Make the folder of a new release and return its path: the text byte for byte, a record that passes ``check``.

    Raises `NewsroomError` if the name, the language or the text cannot be used, `OutputError` if the folder exists or
    cannot be written; nothing is left behind then.
    """
    if not is_slug(slug):
        raise NewsroomError(f"{slug!r} cannot be the name of a release: {SLUG_RULE}")
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*", language):
        raise NewsroomError(f"{language!r} is not a language tag, such as en")
    raw, text = _read_source(source)
    record = render_skeleton(slug, text, base=base, language=language)
    folder = data / "releases" / slug
    if folder.exists() or folder.is_symlink():
        raise OutputError(f"{folder} exists already: choose another name, or edit its record.yaml")
    stage = folder.with_name(f".{slug}.new")
    try:
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir(parents=True)
        (stage / "source.txt").write_bytes(raw)
        (stage / "record.yaml").write_text(record, encoding="utf-8", newline="\n")
        stage.rename(folder)
    except OSError as e:
        shutil.rmtree(stage, ignore_errors=True)
        raise OutputError(f"{folder} cannot be made: {e.strerror}") from e
    return folder


def _read_source(path: Path) -> tuple[bytes, str]:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_SOURCE_BYTES + 1)
        if len(raw) > MAX_SOURCE_BYTES:
            raise NewsroomError(f"{path} has more than {MAX_SOURCE_BYTES:,} bytes: give the text of one release")
        text = decode(raw)
    except OSError as e:
        raise NewsroomError(f"{path} cannot be read: {e.strerror}") from e
    except UnicodeDecodeError as e:
        line = e.object.count(b"\n", 0, e.start) + 1
        raise NewsroomError(f"{path}, line {line}: byte {e.start} is not UTF-8; save the text as UTF-8") from e
    if text.count("\n") > MAX_LINES:
        raise NewsroomError(f"{path} has more than {MAX_LINES:,} lines: give the text of one release")
    if "\0" in text:
        raise NewsroomError(f"{path} holds a NUL character: give the text of one release")
    return raw, text


def render_skeleton(slug: str, text: str, *, base: str, language: str) -> str:
    """The text of the record. Raises `NewsroomError` if no line of the text has words that occur only once in it.

    >>> record = render_skeleton("x", "Press release: Dam opened\\n", base="http://e.org/", language="en")
    >>> print(record.splitlines()[11].strip())
    headline: "Dam opened"
    """
    work = Work(_MOST_WORK)
    headline, quote = _headline(text, work)
    dateline = _dateline(text, language, work)
    return _RECORD.format(
        slug=slug,
        base=base,
        release=release_iri(base, slug),
        language=language,
        headline=_yaml(headline),
        quote=_yaml(quote),
        dateline=f"    dateline: {_yaml(dateline[0])}\n" if dateline else "",
        dateline_evidence=f"      dateline: {_yaml(dateline[1])}\n" if dateline else "",
    )


def _headline(text: str, work: Work) -> tuple[str, str]:
    """The headline and its quote: the first line of four words or more that can be quoted, else of any length."""
    lines = list(_lines(text))
    for span in [s for s in lines if len(text[slice(*s)].split()) > 3] + lines:
        label = _LABEL.match(text, *span)
        start = label.end() if label and label.end() < span.end else span.start
        end = (
            start + len(text[start : span.end][:_MAX_HEADLINE].rsplit(" ", 1)[0])
            if span.end - start > _MAX_HEADLINE
            else span.end
        )
        quote = _quote(Span(start, end), text, work)
        if quote:
            return text[start:end], quote
    raise NewsroomError("no line of the text stands in it only once, so nothing can be quoted for a headline")


def _lines(text: str) -> Iterator[Span]:
    """The lines of a text that have a letter or digit, without white space around them."""
    for hit in re.finditer(r"[^\n\r]+", text):
        line = hit.group()
        inner = line.strip("\ufeff \t\xa0\x0b\x0c")
        if any(c.isalnum() for c in inner):
            start = hit.start() + line.index(inner)
            yield Span(start, start + len(inner))


def _quote(span: Span, text: str, work: Work) -> str | None:
    """A quote that occurs once and contains a span; None if there is none, or if finding it takes too long."""
    try:
        quote = unique_quote(span, text, work)
        return quote if quote and locate(quote, text, work) else None
    except (QuoteError, WorkSpentError):
        return None


def _dateline(text: str, language: str, work: Work) -> tuple[str, str] | None:
    """The place and day at the beginning of a paragraph ("Almaty, May 29, 2015"), and its quote."""
    for span in _lines(text):
        dates = dates_of(text, language).within(span.start, min(span.end, span.start + 80))
        days = [s for date, s in dates if len(date) == 10]
        if days and (days[0].start == span.start or _is_place(text[span.start : days[0].start])):
            dateline = Span(span.start, days[0].end)
            quote = _quote(dateline, text, work)
            if quote:
                return text[slice(*dateline)], quote
    return None


def _is_place(words: str) -> bool:
    """Whether the words before a day can be the name of a place and not the beginning of a sentence."""
    could_be_name = re.fullmatch(r"[^\W\d_][\w .’'-]{1,40}[,،，、]?\s*", words) is not None
    return could_be_name and all(word[0].isupper() or not word[0].islower() for word in re.findall(r"[^\W\d_]+", words))


def _yaml(text: str) -> str:
    """A double-quoted YAML scalar (YAML 1.2, section 7.3.1)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() or c == "\xa0" else f"\\U{ord(c):08x}" for c in escaped) + '"'

"""The record that a new release begins with: headline, dateline and contacts, and what is no text of the release."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from communique.compile.compiler import compile_release
from communique.compile.header import CONTEXT_NAME
from communique.compile.ignored import IGNORE, WRAPPED, running_of
from communique.context import read_context
from communique.errors import NewsroomError, OutputError
from communique.findings import conforms
from communique.ids import SLUG_RULE, is_slug
from communique.languages import LANGUAGE, language_fault
from communique.read.release import build_release
from communique.read.sources import read_source
from communique.read.yamlld import read_yaml
from communique.text.furniture import furniture_of
from communique.text.openings import datelines_in, headlines_in
from communique.text.passages import QuoteError, Span, locate, unique_quote
from communique.text.presscontacts import PressContact, press_contacts
from communique.text.quotationmarks import quotations_of
from communique.text.running import Running, is_wrapped
from communique.text.work import Work, WorkSpentError

_MOST_WORK: Final = 500_000  # steps for finding lines that occur once
_MOST_TRIED: Final = 12
"""The most lines that are tried as a headline."""
_MOST_SHOWN: Final = 20  # quotations
_MOST_CONTACTS: Final = 4
_WORDS_OF_QUOTATION: Final = 4

_TYPE: Final = "PressRelease"
_PLAIN: Final = re.compile(r"[^\W\d_](?:[\w.()/’–—‘“”„%-]| (?=\w)|, (?=\w))*")
_LIKE_A_VALUE: Final = re.compile(r"true|false|null|yes|no|on|off|y|n", re.IGNORECASE)
_LONGEST_PLAIN: Final = 110

_NEXT: Final = """\
  # Each node has an id and a type; the compiler finds the words that say it, or tells what it cannot find. For example:
  # - id: person/given-family
  #   type: Person
  #   name: Given Family
  #   role: {title: Chair, of: org/name}
  # - id: org/name
  #   type: Organization
  #   name: Name of the Organisation
  #   referredToAs: [the organisation]
  # - id: event/2031-05-03-opening
  #   type: Event
  #   name: opening
  #   startDate: 2031-05-03
"""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What a new record is made for: its slug, the text, its language, and base and language of the newsroom."""

    slug: str
    text: str
    language: str
    base: str
    newsroom_language: str = "en"


@dataclass(frozen=True, slots=True)
class _Draft:
    """The parts of a record: texts, and the quotes of those that need one."""

    headline: str
    quote: str | None = None
    dateline: str | None = None
    dateline_quote: str | None = None
    ignore: tuple[str, ...] = ()
    wrapped: bool = False
    contacts: tuple[PressContact, ...] = ()


def write_skeleton(data: Path, slug: str, source: Path, *, base: str, language: str, newsroom_language: str) -> Path:
    """Make the folder of a new release and return its path: the text byte for byte, a record that passes ``check``.

    Raises `NewsroomError` if the name, the language or the text cannot be used, `OutputError` if the folder exists or
    cannot be written; nothing is left behind then.
    """
    if not is_slug(slug):
        raise NewsroomError(f"{slug!r} cannot be the name of a release: {SLUG_RULE}")
    if not LANGUAGE.fullmatch(language):
        raise NewsroomError(language_fault(language))
    raw, text = read_source(source)
    record = render_skeleton(Newcomer(slug, text, language, base, newsroom_language))
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


def render_skeleton(new: Newcomer) -> str:
    """The record that a release begins with, which has no fault. Raises `NewsroomError` if nothing can be quoted.

    It has headline, dateline and contacts, each only if the compiler finds it in the text or it can be quoted, and what
    is no text of the release; as comments it has examples, and the words between quotation marks.

    >>> new = Newcomer("x", "Press release: Dam opened\\n", "en", "http://e.org/")
    >>> print(render_skeleton(new).splitlines()[5].strip())
    headline: Dam opened
    """
    furniture = furniture_of(new.text, new.language)
    for ignore in dict.fromkeys((furniture.stretches, ())):
        maker = _Maker(new, ignore)
        for headline in islice(headlines_in(maker.running.text, new.language, furniture.title), _MOST_TRIED):
            draft = maker.with_headline(headline)
            if draft is not None:
                record = _render(new, maker.with_contacts(maker.with_dateline(draft, headline)))
                return record + _NEXT + _quotation_lines(maker.quotations())
    raise NewsroomError("no line of the text can be its headline: nothing in it can be quoted")


class _Maker:
    """Adds headline and dateline to the draft of a record, each with a quote only if its record has a fault without."""

    def __init__(self, new: Newcomer, ignore: tuple[str, ...]) -> None:
        self.new = new
        self.context, self.work = read_context(), Work(_MOST_WORK)
        plain = self._running(ignore, wrapped=False)
        wrapped = is_wrapped(plain.text)
        self.running = self._running(ignore, wrapped=True) if wrapped else plain
        self.empty = _Draft("", ignore=ignore, wrapped=wrapped)

    def _running(self, ignore: tuple[str, ...], *, wrapped: bool) -> Running:
        record = {IGNORE: list(ignore), WRAPPED: wrapped}
        release = build_release(self.new.slug, self.new.text, record, Path(self.new.slug), 1)
        return running_of(release, self.new.base, lambda *_, **__: None, Work())

    def with_headline(self, headline: Span) -> _Draft | None:
        """The draft of a record with a headline; None if that cannot be quoted."""
        draft = replace(self.empty, headline=self.running.text[slice(*headline)])
        quote = self._quote(headline)
        quoted = [replace(draft, quote=quote)] if quote else []
        return next((one for one in (draft, *quoted) if self._is_valid(one)), None)

    def with_dateline(self, draft: _Draft, headline: Span) -> _Draft:
        """The draft with the likeliest dateline that can be quoted; without one if there is none."""
        for span in islice(datelines_in(self.running.text, self.new.language, headline), _MOST_TRIED):
            found = replace(draft, dateline=self.running.text[slice(*span)])
            quote = self._quote(span)
            quoted = [replace(found, dateline_quote=quote)] if quote else []
            for one in (found, *quoted):
                if self._is_valid(one):
                    return one
        return draft

    def with_contacts(self, draft: _Draft) -> _Draft:
        """The draft with those contacts, and their names, that the text says so."""
        for contact in press_contacts(self.running.text)[:_MOST_CONTACTS]:
            for one in dict.fromkeys((contact, contact._replace(name=""))):
                found = replace(draft, contacts=(*draft.contacts, one))
                if self._is_valid(found):
                    draft = found
                    break
        return draft

    def quotations(self) -> list[str]:
        """The words between quotation marks that are no mere names: those of at least four words, in their order."""
        text, end = self.running.text, 0
        shown: list[str] = []
        for span in sorted(quotations_of(text), key=lambda one: (one.start, -one.end)):
            words = text[slice(*span)].split()
            if span.start >= end and len(words) >= _WORDS_OF_QUOTATION and len(shown) < _MOST_SHOWN:
                shown.append(" ".join(words).rstrip(","))
                end = span.end
        return shown

    def _is_valid(self, draft: _Draft) -> bool:
        """Whether the record of a draft has no fault."""
        record, _ = read_yaml(_render(self.new, draft).encode(), CONTEXT_NAME)
        release = build_release(self.new.slug, self.new.text, record, Path(self.new.slug), 1)
        base, language = self.new.base, self.new.newsroom_language
        return conforms(compile_release(release, self.context, base=base, language=language).findings)

    def _quote(self, span: Span) -> str | None:
        """A quote that occurs once and contains a span; None if there is none, or if finding it takes too long."""
        text = self.running.text
        try:
            quote = unique_quote(span, text, self.work)
            return quote if quote and locate(quote, text, self.work) else None
        except (QuoteError, WorkSpentError):
            return None


def _render(new: Newcomer, draft: _Draft) -> str:
    """The text of a record."""
    declared = f'[{CONTEXT_NAME}, {{"@language": {new.language}}}]'
    lines = [
        f"# The record of one release. Add what the text says and nothing else, then: communique check {new.slug}",
        f'"@context": {CONTEXT_NAME if new.language == new.newsroom_language else declared}',
    ]
    if draft.wrapped:
        lines.append(f"{WRAPPED}: true  # its lines end at a margin, in the middle of sentences")
    if draft.ignore:
        lines.append(f"{IGNORE}:  # no text of the release: quotes run over it")
        lines += [f"  - {_yaml(stretch)}" for stretch in draft.ignore]
    lines += ["graph:", f"  - id: release/{new.slug}", f"    type: {_TYPE}", f"    headline: {_yaml(draft.headline)}"]
    if draft.dateline is not None:
        lines.append(f"    dateline: {_yaml(draft.dateline)}")
    lines += _contact_lines(draft.contacts)
    if draft.quote and draft.dateline_quote:
        lines += ["    evidence:", f'      "*": {_yaml(draft.quote)}', f"      dateline: {_yaml(draft.dateline_quote)}"]
    elif draft.dateline_quote:
        lines += ["    evidence:", f"      dateline: {_yaml(draft.dateline_quote)}"]
    elif draft.quote:
        lines.append(f"    evidence: {_yaml(draft.quote)}")
    return "\n".join(lines) + "\n"


def _quotation_lines(quotations: Sequence[str]) -> str:
    """The words between quotation marks as comments, each ready to be written in its speaker."""
    if not quotations:
        return ""
    head = "  # Words between quotation marks in the text; write each in its speaker, with the verb of the text:"
    shown = [f"  #   said: {{verb: said, quote: {_yaml(words, in_braces=True)}}}" for words in quotations]
    return "\n".join([head, *shown]) + "\n"


def _contact_lines(contacts: Sequence[PressContact]) -> list[str]:
    entries = [
        ", ".join(f"{key}: {_yaml(words, in_braces=True)}" for key, words in one._asdict().items() if words)
        for one in contacts
    ]
    if len(entries) < 2:
        return [f"    contact: {{{entry}}}" for entry in entries]
    return ["    contact:", *(f"      - {{{entry}}}" for entry in entries)]


def _yaml(text: str, *, in_braces: bool = False) -> str:
    """A YAML scalar: plain where that is surely read as the same text, else in double quotes (YAML 1.2, 7.3)."""
    if (
        _PLAIN.fullmatch(text)
        and not (in_braces and "," in text)
        and not _LIKE_A_VALUE.fullmatch(text)
        and len(text) < _LONGEST_PLAIN
    ):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + "".join(c if c.isprintable() or c == "\xa0" else f"\\U{ord(c):08x}" for c in escaped) + '"'

"""Names that contradict what else is known of their node: the registry, its id, or another node of the same name."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from communique.compile.entries import last_step
from communique.compile.evidence import Evidence
from communique.compile.names import is_in_language
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.relations.frame import Frame
from communique.findings import Severity, shortened
from communique.iris import without_base
from communique.text.shadow import fold, lower

_GROUPS: Final = frozenset({"person", "organization", "project", "group", "event", "place", "topic", "work"})
"""The groups of nodes whose names tell them apart."""
_NAMED: Final = frozenset({"name", "acronym"})
_WORD: Final = re.compile(r"[^\W_]+")
_SHORT: Final = 3  # letters of words that ids often leave out, such as "of" and "the"
_LONGEST_KEPT: Final = 200  # characters of names whose words are kept for further releases
_STEM: Final = 5  # letters that two forms of one word share

_RENAME: Final = (
    "write the name that the text has for this node; a further name of it belongs in the registry (alternateName), "
    "or is marked: evidence: {name: {why: …}}"
)
_APART: Final = (
    "if both are one, keep one node; if the text speaks of two, quote for each the words that name it there, "
    "in its evidence"
)


def check_names(evidence: Evidence, frame: Frame) -> None:
    """Report each stated name that the registry gives another node, or that is the name of two nodes of one kind.

    A name of an organisation or place that the registry does not have, and nobody else has, is a warning.
    Two of one name are told apart where an author quotes for each words that name it, at different places.
    Raises `WorkSpentError` if that takes more work than a release may take.
    """
    facts = list(_stated_names(evidence, frame))
    others = _names_by_words(frame)
    reported: set[str] = set()
    for fact in facts:
        frame.work.spend(3)
        doubt = _contradiction(frame, fact)
        reason = doubt or _id_of_another(evidence, frame, fact, others)
        if reason:
            node = fact.node.iri.value
            reported.add(node)
            is_certain = not doubt or frame.group(node) == "person" or _is_of_another(frame, fact, others)
            severity: Severity = "violation" if is_certain else "warning"
            evidence.report("other-name", reason, fact.pointer, severity=severity, focus=node, path="name", fix=_RENAME)
    for fact in reversed(facts):  # of two the second is reported
        node = fact.node.iri.value
        if node in reported or _lacks_its_quote(evidence, fact.node):
            continue
        same = others[frame.group(node), _folded(fact.object.value)]
        is_doubtful = len(same) > 1 and bool(_contradiction(frame, fact, in_any_language=True))
        other = next((iri for iri in same if iri != node and (is_doubtful or not _are_apart(frame, node, iri))), None)
        frame.work.spend(1 + len(same))
        if other is not None and other not in reported:
            reported.add(node)
            base = evidence.expansion.base
            message = f"{shortened(fact.object.value)!r} is the name of {without_base(other, base)} too"
            evidence.report("same-name", message, fact.pointer, focus=node, path="name", fix=_APART)


def _is_of_another(frame: Frame, fact: RecordFact, others: Mapping[tuple[str, str], list[str]]) -> bool:
    """Whether a name is that of another node of its kind. Organisations and places have more names than one knows."""
    node = fact.node.iri.value
    return any(iri != node for iri in others[frame.group(node), _folded(fact.object.value)])


def _lacks_its_quote(evidence: Evidence, node: RecordNode) -> bool:
    """Whether what an author quotes for a node is not in the text, which is already reported."""
    return node.evidence is not None and not evidence.nodes[node]


def _stated_names(evidence: Evidence, frame: Frame) -> Iterator[RecordFact]:
    """The stated names of nodes that have them to be told apart; a name that the text does not say is one finding."""
    for node in evidence.expansion.nodes.values():
        if frame.group(node.iri.value) in _GROUPS:
            stated = (f for f in node.facts.get("name", ()) if f.why is None and f.rule is None)
            yield from (fact for fact in stated if _is_said(frame, fact))


def _is_said(frame: Frame, fact: RecordFact) -> bool:
    """Whether the text has a name, in whatever grammatical case."""
    wanted, source = _folded(fact.object.value), frame.source
    frame.work.spend(1)
    for mention in frame.reading.mentions.of(fact.node.iri.value):
        if mention.how in ("inflected", "shared") or _folded(source[mention.start : mention.end]) == wanted:
            return True
    return False


def _names_by_words(frame: Frame) -> Mapping[tuple[str, str], list[str]]:
    """The nodes (IRIs, in order) that have each name, in the record or the registry, by group and folded name.

    Further names (``alternateName``) of the record are left out: those are held against the names of others.
    """
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for iri, names in frame.reading.names.items():
        node, group = frame.reading.nodes.get(iri), frame.group(iri)
        own = node.facts.get("alternateName", ()) if node is not None else ()
        further = {f.object.value for f in own} - {n.value for n in frame.reading.registered.get(iri, ())}
        frame.work.spend(1 + len(names) // 2)
        known = (name.words for name in names if name.how in _NAMED and name.words not in further)
        for words in dict.fromkeys(map(_folded, known)):
            found[group, words].append(iri)
    return found


def _folded(name: str) -> str:
    return _kept_folded(name) if len(name) <= _LONGEST_KEPT else _kept_folded.__wrapped__(name)


@lru_cache(maxsize=1 << 12)
def _kept_folded(name: str) -> str:
    return lower(fold(name)).strip()


def _are_apart(frame: Frame, one: str, other: str) -> bool:
    """Whether words are quoted for two nodes that name each of them, at different places."""
    own, theirs = _quoted_places(frame, one), _quoted_places(frame, other)
    return bool(own and theirs) and own.isdisjoint(theirs)


def _quoted_places(frame: Frame, iri: str) -> set[tuple[int, int]]:
    """Where a node is named in the words that its author quotes for it or its name."""
    node = frame.reading.nodes.get(iri)
    names = node.facts.get("name", ()) if node is not None else ()
    quoted = [*frame.quotes.get(iri, ()), *(span for fact in names for span in fact.spans)]
    mentions = (m for start, end in quoted for m in frame.reading.mentions.of_within(iri, start, end))
    return {(m.start, m.end) for m in mentions if m.how in _NAMED}


# ---- the registry


def _contradiction(frame: Frame, fact: RecordFact, *, in_any_language: bool = False) -> str:
    """What is wrong with a name if the registry has others for its node, and this is no form of one; "" if nothing.

    Names in other languages than that of the record count only if asked for.
    """
    names = frame.reading.registered.get(fact.node.iri.value, ())
    known = sorted({name.value for name in names})
    if not any(in_any_language or is_in_language(name, frame.reading.language) for name in names):
        return ""
    own = _words(fact.object.value)
    frame.work.spend(len(known))
    short = _short_in(frame, fact)
    if any(_is_form_of(own, _words(name), short) or _is_acronym(fact.object.value, name) for name in known):
        return ""
    return f"the registry does not call it {shortened(fact.object.value)!r} but {shortened(known[0])!r}"


def _short_in(frame: Frame, fact: RecordFact) -> int:
    """The most letters of words that do not tell names apart: of people, initials alone."""
    return 1 if frame.group(fact.node.iri.value) == "person" else _SHORT


def _words(text: str) -> tuple[str, ...]:
    """The words of a name in lower case, without accents."""
    return _kept_words(text) if len(text) <= _LONGEST_KEPT else _kept_words.__wrapped__(text)


@lru_cache(maxsize=1 << 12)
def _kept_words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    return tuple(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def _is_form_of(one: tuple[str, ...], other: tuple[str, ...], short: int = _SHORT) -> bool:
    """Whether all longer words of one of two names stand in the other, in whatever form.

    >>> _is_form_of(("probe",), ("anton", "probe")), _is_form_of(("aton", "council"), ("aton", "court"))
    (True, False)
    """
    return _has_all(one, other, short) or _has_all(other, one, short)


def _has_all(words: tuple[str, ...], wanted: tuple[str, ...], short: int) -> bool:
    return bool(wanted) and all(any(_is_word(word, own) for own in words) for word in _telling(wanted, short))


def _telling(words: tuple[str, ...], short: int = _SHORT) -> frozenset[str]:
    """Those of some words that tell names apart: numbers, and words that are not as short as "of" or "the"."""
    return frozenset(word for word in words if len(word) > short or word.isdigit()) or frozenset(words)


def _is_word(one: str, other: str) -> bool:
    return one == other or (len(one) > _STEM and len(other) > _STEM and one[:_STEM] == other[:_STEM])


def _is_acronym(one: str, other: str) -> bool:
    """Whether one of two names is made of first letters of the other.

    >>> _is_acronym("IOM", "International Organization for Migration"), _is_acronym("Iota", "Ion of the Alps")
    (True, False)
    """
    short, long = sorted((one, other), key=len)
    if not short.isupper() or len(_words(long)) < 2:
        return False
    initials = "".join(word[0] for word in _words(long))
    letters = iter(initials)
    return all(letter in letters for letter in short.casefold() if letter.isalnum())


# ---- the id


def _id_of_another(
    evidence: Evidence, frame: Frame, fact: RecordFact, others: Mapping[tuple[str, str], list[str]]
) -> str:
    """What is wrong if the id of a node says the name of another node, and none of its own; "" if nothing."""
    node = fact.node.iri.value
    step = last_step(fact.node.iri).partition(".")[0]
    own = {_words(name.words) for name in frame.reading.names.get(node, ()) if name.how in _NAMED}
    kinds = {cls.lower() for cls in fact.node.types}
    said = tuple(word for word in _words(step) if word not in kinds)
    short = _short_in(frame, fact)
    if not said or any(_is_form_of(said, name, short) for name in own):
        return ""
    wanted = _telling(said, short)
    frame.work.spend(1 + len(others) // 5)
    for (group, words), nodes in others.items():
        if group == frame.group(node) and _says(wanted, _telling(_words(words), short)):
            named = next((iri for iri in nodes if iri != node), None)
            if named is not None:
                shown = without_base(named, evidence.expansion.base)
                return f"its id says {shortened(words)!r}, which is the name of {shown}"
    return ""


def _says(id_words: frozenset[str], name_words: frozenset[str]) -> bool:
    """Whether an id says a name: all of its words, or several of them and no others."""
    return id_words == name_words or (len(id_words) > 1 and id_words < name_words)

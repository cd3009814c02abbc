"""What is said of a relation that no words say: the names looked for, the nearest sentence, the rival."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.evidence import Evidence
from communique.compile.marks import mark_for, mark_of, scalar
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.reading import Reading
from communique.compile.relations.former import is_former
from communique.compile.relations.frame import Frame, local
from communique.compile.relations.joined import is_apart
from communique.compile.relations.kind import needs_word, words_looked_for, words_of_kind
from communique.compile.relations.ofnode import is_of_node
from communique.compile.relations.other import has_rival
from communique.compile.relations.otherkeys import key_said
from communique.compile.relations.role import find_role, find_title, titles_of
from communique.compile.relations.rules import DATES, find_relation
from communique.compile.report import Explanation
from communique.findings import shortened
from communique.iris import without_base
from communique.terms import EDTF
from communique.text.mentions import Mention
from communique.text.moments import open_days_of
from communique.text.passages import Span
from communique.text.pronouns import Ambiguous
from communique.text.yearparts import as_written, dates_and_parts_of

_HELPERS: Final = ("funder", "sponsor", "supporter", "contributor")
_KEYS_OF: Final = {
    "event": ("organizer", "performer", "attendee", *_HELPERS),
    "work": ("creator", "publisher", *_HELPERS),
    "project": ("organizer", "creator", *_HELPERS),
    "organization": ("founder", "parentOrganization", *_HELPERS),
}
"""Keys by the group of a node for those who do something for it, of which a text may say one for another."""
_MOST_NAMED: Final = 5  # people and organisations that a finding lists


def report_relation(evidence: Evidence, frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> None:
    """Report a relation that no words say, or that the words quoted for it do not."""
    subject, value = _short(evidence, fact.node.iri.value), _value(evidence, fact)
    key = fact.node.renamed.get(fact.key, fact.key)
    said = "the words quoted do not say" if spans else "the words do not say"
    contact = frame.reading.nodes.get(fact.object.value) if _is_of_contact(fact) else None
    evidence.report(
        "not-grounded",
        f"{said} that {key} of {subject} is {value}",
        (contact or fact).pointer,
        focus=fact.node.iri.value,
        path=fact.key,
        value=fact.object.value,
        explain=lambda: _explain(evidence, frame, fact, spans),
        fix=lambda: _fix(evidence, frame, fact),
    )


def _fix(evidence: Evidence, frame: Frame, fact: RecordFact) -> str:
    """What to do: a day that is inferred, and what is marked already, need the words that they rest on."""
    if _is_of_contact(fact):
        return f"quote in the contact the words that say whose it is, or mark it there: {mark_for('of')}"
    needs_words = fact.why is not None or (isinstance(fact.object, Literal) and local(fact.key) in DATES)
    mark = mark_of(evidence.expansion, fact, words=needs_words)
    if fact.why is not None:
        return f"quote the words that it is inferred from: {mark}"
    former = [place for place in _places(frame, fact) if local(fact.key) == "jobTitle" and is_former(frame, place)]
    if former:
        of = _organizations(evidence, frame, former[0])
        role = f"title: {scalar(shortened(fact.object.value))}, {of}former: true"
        return f"the text gives this title for an earlier time: write role: {{{role}}}"
    if not fact.spans and unclear_in(frame.reading, fact) is not None:
        key = fact.node.renamed.get(fact.key, fact.key)
        return f"if it means {_short(evidence, fact.node.iri.value)}, quote its sentence: evidence: {{{key}: …}}"
    other = other_key(frame, fact) if not fact.spans else None
    if other is not None:
        return f"write {other}: {_value(evidence, fact)}, quote the words that decide, or mark it: {mark}"
    return f"quote the words that decide, add referredToAs, or mark it: {mark}"


def other_key(frame: Frame, fact: RecordFact) -> str | None:
    """Another key that the text says of the two ends of a relation: "carried out by" of an organiser."""
    keys = _KEYS_OF.get(frame.group(fact.node.iri.value), ()) if isinstance(fact.object, NamedNode) else ()
    for key in keys if local(fact.key) in {*keys, "agent"} else ():
        other = RecordFact(fact.node, key, fact.index, fact.predicate, fact.object)
        is_written = any(f.object == fact.object for f in fact.node.facts.get(key, ()))
        if key != local(fact.key) and not is_written and find_relation(frame, other) is not None:
            return key
    return None


def _is_of_contact(fact: RecordFact) -> bool:
    """Whether a fact says whose a contact is, which is written in the contact itself."""
    return local(fact.key) == "contactPoint" and isinstance(fact.object, NamedNode)


def _organizations(evidence: Evidence, frame: Frame, title: Mention) -> str:
    """The key of a role for the organisation of a title: the one that its sentence names, "…" for one of several."""
    named = {m.node for m in frame.mentions({"organization"}, *frame.sentence(title.start))}
    if not named:
        return ""
    return f"of: {_short(evidence, named.pop()) if len(named) == 1 else '…'}, "


def report_role(evidence: Evidence, frame: Frame, role: RecordNode, holder: str) -> None:
    """Report a role whose title, person and organisation no words hold together."""
    if "roleName" not in role.facts:
        _report_work(evidence, frame, role)
        return
    title = next((f.object.value for f in role.facts.get("roleName", ())), "")
    person = next((_short(evidence, f.object.value) for f in role.facts.get("member", ())), _short(evidence, holder))
    of = next((" of " + _short(evidence, f.object.value) for f in role.facts.get("organization", ())), "")
    fact = next(f for f in role.facts["roleName"])
    whose = next((f.object.value for f in role.facts.get("member", ())), holder)
    is_held = "organization" in role.facts and find_title(frame, whose, titles_of(frame, role))
    keys = [role.renamed.get(key, key) for key in ("roleName", "organization") if key in role.facts]
    was_held = "FormerRole" not in role.types and find_role(frame, _as_former(role), (), holder) is not None
    mark = mark_for(*(keys[1:] if is_held else keys))
    what = "mark that the organisation is inferred" if is_held else "mark the role"
    evidence.report(
        "not-grounded",
        f"the words do not say that {person} is {title}{of}",
        fact.pointer,
        focus=holder or role.iri.value,
        path="roleName",
        value=title,
        explain=lambda: _explain_role(evidence, frame, role),
        fix=_fix_of_verb(frame, role, title)
        or (
            "the text gives this title for an earlier time: write former: true"
            if was_held
            else f"write title and organisation as the text gives them beside the name, or {what}: {mark}"
        ),
    )


def _fix_of_verb(frame: Frame, role: RecordNode, title: str) -> str:
    """What to do where a verb is written as a title: "chairs"; "" if it is none."""
    if title.lower() not in frame.cues.set("heading", "active") or "organization" not in role.facts:
        return ""
    otherwise = f"or give the title that it means and mark that: {mark_for('title')}"
    return f"{title!r} is a verb, no title: leave title out, {otherwise}"


def _as_former(role: RecordNode) -> RecordNode:
    """The same role as one that its member no longer holds."""
    return replace(role, types=(*role.types, "FormerRole"))


def _places(frame: Frame, fact: RecordFact) -> list[Mention]:
    """Where a title of a person stands, as mentions of that person's title."""
    return [Mention(*span, fact.node.iri.value, "title") for span in frame.stretches(fact.node, fact.key)]


def _report_work(evidence: Evidence, frame: Frame, role: RecordNode) -> None:
    """Report a role without a title where no words say that its member works, or if it is over worked, there."""
    of, member = role.facts["organization"][0], role.facts["member"][0]
    is_over = "FormerRole" in role.types
    other = "take former out if it goes on" if is_over else "write former: true if it is over"
    whose, where = _value(evidence, member), _value(evidence, of)
    evidence.report(
        "not-grounded",
        f"the words do not say that {whose} {'worked' if is_over else 'works'} at {where}",
        of.pointer,
        focus=role.iri.value,
        path=of.key,
        value=of.object.value,
        explain=lambda: _explain(evidence, frame, of, ()),
        fix=f"write the title if the text gives one, {other}, or mark it: {mark_for('of')}",
    )


def _short(evidence: Evidence, iri: str) -> str:
    expansion = evidence.expansion
    if iri.startswith(expansion.this):
        return "this:" + iri.removeprefix(expansion.this)
    return without_base(iri, expansion.base)


def unclear_in(reading: Reading, fact: RecordFact) -> Ambiguous | None:
    """A pronoun that may mean the node of a fact and something else too, in a sentence that has the value."""
    node, sentences = fact.node.iri.value, reading.sentences
    unclear = [one for one in reading.ambiguous if node in one.nodes]
    if not unclear:
        return None
    named = reading.mentions.of(fact.object.value) if isinstance(fact.object, NamedNode) else ()
    if named:
        places = [m.start for m in named]
    elif local(fact.key) in DATES:
        wanted = fact.object.value.partition("T")[0]
        dates = dates_and_parts_of(reading.source, reading.language).within(0, len(reading.source))
        days = open_days_of(reading.source, reading.language)
        places = [d.span.start for d in dates if d.date == wanted]
        places += [d.span.start for d in days if d.month and wanted.endswith(f"-{d.month:02}-{d.day:02}")]
    else:
        hit = reading.source.find(fact.object.value)
        places = [hit] if hit >= 0 else []
    numbers = {sentences.at(place) for place in places}
    return next((one for one in unclear if sentences.at(one.start) in numbers), None)


def meanings(evidence: Evidence, reading: Reading, unclear: Ambiguous) -> str:
    """Which things a pronoun may mean."""
    word = reading.source[unclear.start : unclear.end]
    return f"{word!r} there may mean {' or '.join(_short(evidence, node) for node in sorted(unclear.nodes))}"


def _value(evidence: Evidence, fact: RecordFact) -> str:
    if isinstance(fact.object, NamedNode):
        return _short(evidence, fact.object.value)
    is_part = fact.object.datatype.value == EDTF
    return repr(shortened(as_written(fact.object.value) if is_part else fact.object.value))


def _names(frame: Frame, iri: str) -> str:
    names = dict.fromkeys(name.words for name in frame.reading.names.get(iri, ()))
    shown = [repr(shortened(name)) for name in names][:4]
    return ", ".join(shown) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _explain(evidence: Evidence, frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> Explanation:
    value = fact.object.value
    why = [f"looked for: {_names(frame, value) or _value(evidence, fact)}"]
    if isinstance(fact.object, Literal) and (names := _names(frame, fact.node.iri.value)):
        why.append(f"said of: {names}")
    unclear = unclear_in(frame.reading, fact) if not spans else None
    nearest = list(spans[:1]) or ([frame.sentence(unclear.start)] if unclear is not None else _nearest(frame, fact))
    quote = None
    for start, end in nearest:
        quote = shortened(frame.source[start:end])
        rival = has_rival(frame, fact, start, end) if isinstance(fact.object, NamedNode) else _owner(frame, fact, start)
        why.append(f"{'quoted' if spans else 'nearest sentence'}: {quote!r}")
        if unclear is not None:
            why.append(meanings(evidence, frame.reading, unclear))
        elif rival is not None:
            why.append(f"the words there name {_short(evidence, rival.node)}")
    if not nearest:
        why.append("no sentence names both")
    if not spans and (other := other_key(frame, fact)) is not None:
        why.append(f"the text says {other} of both")
    if spans and isinstance(fact.object, NamedNode) and (other := key_said(frame, fact, spans)) is not None:
        why.append(f"these words say {other}")
    if needs_word(frame, fact) and not any(True for span in nearest for _ in words_of_kind(frame, fact, span)):
        looked = ", ".join(map(repr, words_looked_for(frame, fact)))
        why += [f"no words for {local(fact.key)} stand there, such as {looked}"] if looked else []
    why += _of_quote(evidence, frame, fact, spans) if spans else []
    return Explanation(quote=quote, why=tuple(why))


def _of_quote(evidence: Evidence, frame: Frame, fact: RecordFact, spans: Sequence[Span]) -> list[str]:
    """What is wrong with the words that an author quotes for a relation: they name one end alone, or not its node."""
    if is_apart(frame, fact):
        return ["each quote names one end alone: quote a sentence that names both, or mark it"]
    if is_of_node(frame, fact, spans):
        return []
    if frame.group(fact.node.iri.value) == "said":
        return ["they stand far from the words of the statement, or the text gives those to somebody else"]
    subject, more = _short(evidence, fact.node.iri.value), "" if isinstance(fact.object, NamedNode) else ", as a list"
    return [f"they do not speak of {subject}: quote words that name it too{more}"]


def _owner(frame: Frame, fact: RecordFact, start: int) -> Mention | None:
    """Whom the sentence of a literal names in place of its node, if it does not name the node."""
    node, window = fact.node.iri.value, frame.sentence(start)
    others = [] if frame.of(node, *window) else frame.mentions(frame.rivals(node), *window)
    return next((m for m in others if m.how != "pronoun"), None)


def _nearest(frame: Frame, fact: RecordFact) -> list[Span]:
    """The first sentence that names both ends, else the first that names the value."""
    if isinstance(fact.object, NamedNode):
        windows = list(frame.windows(fact.node.iri.value, fact.object.value))[:1]
        named = frame.named(fact.object.value) or frame.named(fact.node.iri.value)
    else:
        said = [frame.sentence(span.start) for span in frame.stretches(fact.node, fact.key)]
        windows, named = said[:1], frame.named(fact.node.iri.value)
    return windows or [frame.sentence(m.start) for m in named[:1]]


def _explain_role(evidence: Evidence, frame: Frame, role: RecordNode) -> Explanation:
    titles = titles_of(frame, role)
    if not titles:
        title = next((f.object.value for f in role.facts.get("roleName", ())), "")
        return Explanation(why=(f"the text does not have the title {title!r}",))
    window = frame.sentence(titles[0].start)
    words = shortened(frame.source[window.start : window.end])
    own = {f.object.value for key in ("member", "organization") for f in role.facts.get(key, ())}
    others = [
        m for m in frame.mentions({"person", "organization"}, *window) if m.node not in own and m.how != "pronoun"
    ]
    named = ", ".join(_short(evidence, node) for node in dict.fromkeys(m.node for m in others[:_MOST_NAMED]))
    why = (f"nearest sentence: {words!r}", *([f"the words there name {named}"] if named else []))
    return Explanation(quote=words, why=why)

"""The judge of relations: each is held against the words quoted for it, or the words that say it are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial

from pyoxigraph import Literal, NamedNode

from communique.compile.evidence import Evidence
from communique.compile.nodes import RecordFact, RecordNode
from communique.compile.reading import Reading
from communique.compile.relations.cues import cues_of
from communique.compile.relations.date import can_date
from communique.compile.relations.dateline import is_day_of_dateline_alone
from communique.compile.relations.described import find_member, is_member, is_said_of_node, stated_literals
from communique.compile.relations.frame import Found, Frame, around, local
from communique.compile.relations.homonyms import check_names
from communique.compile.relations.joined import deciding
from communique.compile.relations.kind import (
    has_word_of_kind,
    is_place_of_another,
    is_said_of_another,
    needs_word,
    words_of_kind,
)
from communique.compile.relations.marked import check_cuts, check_marks, check_voice, share_mark
from communique.compile.relations.nearby import nearest_words
from communique.compile.relations.ofnode import is_day_of_node, is_of_node
from communique.compile.relations.other import has_rival
from communique.compile.relations.otherkeys import is_denied_in, is_key_said, key_said
from communique.compile.relations.party import find_by_cues
from communique.compile.relations.passages import complete_statement
from communique.compile.relations.planned import check_planned
from communique.compile.relations.role import find_role, titles_of
from communique.compile.relations.rules import DATES, find_relation, is_held, len_of
from communique.compile.relations.speech import find_verb
from communique.compile.relations.topic import is_object_of
from communique.compile.relations.voiced import has_voice
from communique.compile.relations.wording import report_relation, report_role
from communique.compile.relations.work import find_work, is_work
from communique.compile.timesaid import COMPLETED
from communique.text.mentions import Mention
from communique.text.passages import Span
from communique.text.quotationmarks import quotations_of, with_its_marks
from communique.text.work import SCANNED_PER_STEP
from communique.text.yearparts import dates_and_parts_of


class Judge:
    """Holds the relations of one record against its text.

    It must be made before evidence is found for nodes, since what an author quoted for a node counts for its relations.
    """

    def __init__(self, evidence: Evidence, reading: Reading) -> None:
        quotes = {node.iri.value: sorted(Span(*s) for s in spans) for node, spans in evidence.nodes.items() if spans}
        self.evidence = evidence
        self.frame = Frame(reading, quotes, cues_of(reading.language), evidence.work)

    def judge(self) -> None:
        """Tie every relation of the record to words that say it; report those that no words say.

        Raises `WorkSpentError` if that takes more work than a release may take.
        """
        check_names(self.evidence, self.frame)
        self._take_what_was_found()
        facts = self.evidence.expansion.facts()
        held = {f.object.value: f for f in facts if f.key == "hasOccupation"}
        for node in list(self.evidence.expansion.nodes.values()):
            if node in self.evidence.judged or self._lacks_its_words(node):
                continue
            check_marks(self.evidence, self.frame, node)
            check_cuts(self.evidence, self.frame, node)
            check_voice(self.evidence, self.frame, node)
            if self.frame.group(node.iri.value) == "event" and "Event" in node.types:
                check_planned(self.evidence, self.frame, node)
            occupation = held.get(node.iri.value)
            if is_work(node) or ("roleName" in node.facts and ("member" in node.facts or occupation)):
                self._judge_role(node, occupation)
            for fact in self._relations(node):
                self.frame.work.spend(5)
                if fact.why is not None and fact.why in COMPLETED.values() and not is_day_of_node(self.frame, fact):
                    self.evidence.refused.add(fact)
                    report_relation(self.evidence, self.frame, fact, [Span(*fact.spans[0])])
                elif fact.why is not None:
                    self._find_inferred(fact)
                elif fact.spans:
                    self._hold(fact)
                else:
                    self._find(fact)
            self._hold_described(node)
            complete_statement(self.evidence, self.frame, node)

    def _hold_described(self, node: RecordNode) -> None:
        """Hold literals against the words quoted for them or around them, terms of schema.org where none are quoted."""
        for fact in stated_literals(node):
            if fact in self.evidence.unproven or fact in self.evidence.settled:
                continue
            spans = [Span(*span) for span in fact.spans]
            if (spans and not is_of_node(self.frame, fact, spans)) or not is_said_of_node(self.frame, fact):
                self.evidence.refused.add(fact)
                report_relation(self.evidence, self.frame, fact, spans)
        for fact in [f for facts in node.facts.values() for f in facts if is_member(f)]:
            if fact.rule is None and fact.why is None and not fact.spans and fact not in self.evidence.unproven:
                found = find_member(self.frame, fact)
                if found is None and self._has_place(node):
                    report_relation(self.evidence, self.frame, fact, ())
                elif found is not None:
                    fact.spans.append(found.span)
                    self._explain(fact, found)

    def _take_what_was_found(self) -> None:
        """Let the words that were found for nodes without a name count as if they were quoted."""
        for node in self.evidence.found:
            iri, spans = node.iri.value, self.evidence.nodes[node]
            if spans and not self.frame.reading.mentions.of(iri):
                self.frame.quotes[iri] = sorted(Span(*span) for span in spans)

    def _lacks_its_words(self, node: RecordNode) -> bool:
        """Whether the words of a statement do not stand in the text: that is one finding, and no others follow."""
        return "text" in node.facts and self.frame.group(node.iri.value) == "said" and not self.frame.texts(node)

    def _relations(self, node: RecordNode) -> Iterator[RecordFact]:
        """The facts of a node that are held against words that join them; none of one whose class nobody knows."""
        if not self.frame.reading.classes(node.iri.value):
            return  # which is one finding already
        for key, facts in node.facts.items():
            name = local(key)
            for fact in facts:
                if fact.rule is None and fact not in self.evidence.unproven and self._is_relation(name, fact):
                    yield fact

    def _is_relation(self, key: str, fact: RecordFact) -> bool:
        if isinstance(fact.object, NamedNode):
            group, group_of_value = self.frame.group(fact.node.iri.value), self.frame.group(fact.object.value)
            if not is_held(fact.key, group, group_of_value):
                return False
            # a node that the text does not name is one finding already, but nobody reports an entity of the registry
            is_named = fact.object.value in self.frame.reading.entities or bool(self.frame.named(fact.object.value))
            return is_named and bool(fact.spans or self._has_place(fact.node))
        is_literal = key in DATES or key == "reportingVerb"
        return is_literal and bool(fact.spans or self._has_place(fact.node))

    def _has_place(self, node: RecordNode) -> bool:
        """Whether the text names a node, or somebody quoted it for that; the release is the text."""
        return self.frame.group(node.iri.value) == "release" or bool(self.frame.named(node.iri.value))

    # ---- found by the compiler

    def _find(self, fact: RecordFact) -> None:
        if fact.object == fact.node.iri:
            self._refuse(fact)
            return
        found = self._by_rule(fact) or self._in_quotes_of_node(fact)
        if found is None:
            self._refuse(fact)
        elif isinstance(fact.object, NamedNode) or not self.frame.quotes.get(fact.node.iri.value):
            fact.spans.append(self._with_marks(found.span))
            self._explain(fact, found)

    def _with_marks(self, span: Span) -> Span:
        self.frame.work.spend(1 + len(quotations_of(self.frame.source)) // SCANNED_PER_STEP)
        return with_its_marks(self.frame.source, span)

    def _by_rule(self, fact: RecordFact, within: Sequence[Span] = ()) -> Found | None:
        frame = self.frame.quoting(fact.node.iri.value, within) if within else self.frame
        if local(fact.key) == "reportingVerb":
            return find_verb(frame, fact, within)
        return find_relation(frame, fact, within)

    def _in_quotes_of_node(self, fact: RecordFact) -> Found | None:
        """The words that an author quoted for the whole node, if they name the value and nothing like it."""
        spans = self.frame.quotes.get(fact.node.iri.value, ())
        if self._is_said_otherwise(fact, spans) or not self._is_object(fact, spans):
            return None
        said = (s for s in spans if self._names(fact, s) and has_word_of_kind(self.frame, fact, [s]))
        return next((Found(span, "quoted for the node") for span in said), None)

    def _find_inferred(self, fact: RecordFact) -> None:
        """Words for an inference whose author quoted none: those of its rule, else the nearest that name both ends."""
        if fact.spans or fact in self.evidence.unproven:
            return
        found = self._by_rule(fact)
        name = self._name_with_value(fact)
        if name is not None and (found is None or len_of(name) < len_of(found)):
            found = name
        spans = [self._with_marks(found.span)] if found is not None else nearest_words(self.frame, fact)
        if spans:
            fact.spans += spans
            self._explain(fact, found or Found(spans[0], "nearest words"))
        else:
            self._refuse(fact)

    def _name_with_value(self, fact: RecordFact) -> Found | None:
        """A name of a fact's node that has the value in it: the country in "Resolution of the President of Aland"."""
        for whole in self.frame.named(fact.node.iri.value):
            part = next(iter(self.frame.reading.mentions.of_within(fact.object.value, whole.start, whole.end)), None)
            if whole.how == "name" and part is not None:
                return Found(Span(whole.start, whole.end), "inside the name", whole, part)
        return None

    def _explain(self, of: RecordFact | RecordNode, found: Found) -> None:
        mentions = (found.subject, found.value)
        self.evidence.explanations.add(of, found.rule, *mentions, cue=found.cue, equal=found.equal)

    # ---- quoted by the author

    def _hold(self, fact: RecordFact) -> None:
        """Hold a fact against the words quoted for it: they name its value and nothing like it, or its rule holds."""
        spans = deciding(self.frame, fact, [Span(*span) for span in fact.spans])
        is_another = is_said_of_another(self.frame, fact, spans)
        if fact.object == fact.node.iri or is_another or not is_of_node(self.frame, fact, spans):
            self._refuse(fact, spans)
            return
        is_named = any(self._names(fact, span) for span in spans)
        is_otherwise = cache(partial(self._is_other_relation, fact, spans))
        if is_named and not is_otherwise() and self._can_say(fact, spans):
            return
        found = self._by_rule(fact, spans)
        if found is None and isinstance(fact.object, NamedNode) and not is_otherwise():
            found = self._by_cheap_quote(fact, spans)
        if found is None:
            self._refuse(fact, spans)
        elif not any(span.start <= found.span.start and found.span.end <= span.end for span in spans):
            near = next((s for s in spans if self._is_near(s, found.span)), None)
            fact.spans.append(around(near, found.span))
            if near is not None:
                fact.spans.remove((near.start, near.end))

    def _is_said_otherwise(self, fact: RecordFact, spans: Sequence[Span]) -> bool:
        """Whether quoted words name the value, and deny the relation, say another one, or give a speaker no voice."""
        if not isinstance(fact.object, NamedNode) or not has_voice(self.frame, fact, spans):
            return isinstance(fact.object, NamedNode)
        return self._is_other_relation(fact, spans) or is_said_of_another(self.frame, fact, spans)

    def _is_other_relation(self, fact: RecordFact, spans: Sequence[Span]) -> bool:
        """Whether quoted words deny a relation or say another one, of whatever node."""
        if not isinstance(fact.object, NamedNode):
            return False
        return is_denied_in(self.frame, fact, spans) or key_said(self.frame, fact, spans) is not None

    def _can_say(self, fact: RecordFact, spans: Sequence[Span]) -> bool:
        if isinstance(fact.object, Literal):
            return True
        is_said = self._is_object(fact, spans) and is_key_said(self.frame, fact, spans)
        is_there = not is_place_of_another(self.frame, fact, spans)
        return is_said and is_there and has_word_of_kind(self.frame, fact, spans)

    def _is_object(self, fact: RecordFact, spans: Sequence[Span]) -> bool:
        """Whether quoted words name the value of a statement without words as what its verb is said of."""
        if self.frame.group(fact.node.iri.value) != "said":
            return True
        named = [
            m for m in self.frame.named(fact.object.value) for s in spans if self._is_within(m, s) and m.start < s.end
        ]
        return not named or any(is_object_of(self.frame, fact, m) for m in named)

    def _is_near(self, one: Span, other: Span) -> bool:
        at = self.frame.reading.sentences.at
        return at(one.start) == at(other.start)

    def _names(self, fact: RecordFact, span: Span) -> bool:
        """Whether words name the value of a fact and hold nothing that could be mistaken for it."""
        self.frame.work.spend(3)
        if isinstance(fact.object, Literal):
            return self._says(fact, span)
        if self._is_event_quoted(fact, span):
            return True
        mentions = self.frame.named(fact.object.value)
        own = [m for m in mentions if m.start < span.end and span.start < m.end and self._is_within(m, span)]
        if not own or (all(m.how == "pronoun" for m in own) and self._names_another_value(fact, span)):
            return False
        own_text = self.frame.texts(fact.node)
        return all(has_rival(self.frame, fact, start, end) is None for start, end in _without(span, own_text))

    def _names_another_value(self, fact: RecordFact, span: Span) -> bool:
        """Whether words name another value of the same key, so that a pronoun there need not mean this one."""
        others = {f.object.value for f in fact.node.facts.get(fact.key, ())} - {fact.object.value}
        return any(m.node in others for m in self.frame.reading.mentions.within(*span))

    def _is_event_quoted(self, fact: RecordFact, span: Span) -> bool:
        """Whether words are quoted for an event too: a text often says that something happens without naming it."""
        value = fact.object.value
        quoted = self.frame.quotes.get(value, ()) if self.frame.group(value) == "event" else ()
        return any(start <= span.start and span.end <= end for start, end in quoted)

    @staticmethod
    def _is_within(mention: Mention, span: Span) -> bool:
        """Whether words lie within a span; the words of a statement may run over its end."""
        runs_over = mention.how in ("text", "quote") and span.start <= mention.start
        return (span.start <= mention.start and mention.end <= span.end) or runs_over

    def _says(self, fact: RecordFact, span: Span) -> bool:
        """Whether words say a date, and no other one of the same kind; or a verb, which the rule of verbs decides."""
        if local(fact.key) not in DATES:
            return False
        wanted = fact.object.value
        dates = list(dates_and_parts_of(self.frame.source, self.frame.reading.language).within(*span))
        if all(is_day_of_dateline_alone(self.frame, fact.node.iri.value, d.span, span) for d in dates):
            return False
        same = {d.date for d in dates if len(d.date) == len(wanted)}
        return same == {wanted} and can_date(self.frame, fact, span, [d.span for d in dates if d.date == wanted])

    def _by_cheap_quote(self, fact: RecordFact, spans: Sequence[Span]) -> Found | None:
        """Both ends of the sentence around the words that decide, such as "came from"."""
        groups, is_event = self.frame.rivals(fact.object.value), self.frame.group(fact.node.iri.value) == "event"
        for span in spans:
            window = self.frame.window(*span)
            if self.frame.mentions(groups, *span) or self._lacks_word(fact, span):
                continue
            frame = self.frame.quoting(fact.node.iri.value, [span]) if is_event else self.frame
            found = find_by_cues(frame, fact, window, iter([(span, True), (span, False)]), "quote")
            if found is not None:
                return found
        return None

    def _lacks_word(self, fact: RecordFact, span: Span) -> bool:
        """Whether words that decide a relation hold no word of its kind: "met" says nothing of a family."""
        return needs_word(self.frame, fact) and next(words_of_kind(self.frame, fact, span), None) is None

    # ---- roles

    def _judge_role(self, role: RecordNode, occupation: RecordFact | None) -> None:
        """Hold title, person and organisation of a role together; ``occupation`` is that of one without the last."""
        holder = occupation.node.iri.value if occupation is not None else ""
        share_mark(role)
        facts = [f for key in ("roleName", "organization", "member") for f in role.facts.get(key, ())]
        known = (self.frame.reading.nodes, self.frame.reading.names)
        if any(isinstance(f.object, NamedNode) and not any(f.object.value in k for k in known) for f in facts):
            return
        if role.iri.value in self.evidence.unnamed:
            return  # the text does not have the title, which is already reported
        if any(
            f in self.evidence.unproven or (f.why is not None and (f.key != "organization" or is_work(role)))
            for f in facts
        ):
            return
        quoted = self.frame.quotes.get(role.iri.value, ())
        found = self._find_role(role, holder)
        if found is None:
            is_in_text = bool(titles_of(self.frame, role))  # else its words are refused as a text
            titles = [f for f in role.facts.get("roleName", ()) if is_in_text or self._stands(f, quoted)]
            if titles or is_work(role):
                self.evidence.refused.update(titles)
                report_role(self.evidence, self.frame, role, holder)
            return
        for fact in [*facts, *([occupation] if occupation is not None else [])]:
            if not fact.spans and fact.key in ("organization", "member", "hasOccupation"):
                fact.spans.append(self._with_marks(found.span))
                self._explain(fact, found)
        if not self.evidence.nodes[role] or role in self.evidence.found:
            near = [Span(*s) for s in quoted if is_work(role) and self._is_near(Span(*s), found.span)]  # with its days
            self.evidence.nodes[role][:] = [self._with_marks(around(found.span, *near))]
            self._explain(role, found)

    def _find_role(self, role: RecordNode, holder: str) -> Found | None:
        """Words that say a role; those of one without a title count from then on as quoted for it, for its days."""
        quoted = self.frame.quotes.get(role.iri.value, ())
        if not is_work(role):
            return find_role(self.frame, role, quoted, holder)
        found = find_work(self.frame, role, () if role in self.evidence.found else quoted)
        if found is not None and found.cue is not None:
            self.frame.quotes[role.iri.value] = [found.cue]
        return found

    # ---- refused

    def _refuse(self, fact: RecordFact, spans: Sequence[Span] = ()) -> None:
        """Report a fact that no words say; a literal that does not stand in its words at all is reported elsewhere."""
        if isinstance(fact.object, Literal) and not self._stands(fact, spans):
            return
        self.evidence.refused.add(fact)
        if not self.evidence.unnamed.isdisjoint((fact.node.iri.value, fact.object.value)):
            return  # the text does not name one of its ends, which is already reported
        report_relation(self.evidence, self.frame, fact, spans)

    def _stands(self, fact: RecordFact, spans: Sequence[Span]) -> bool:
        """Whether the words quoted for a literal hold it, be it beside the wrong name."""
        found = self.evidence.nodes.get(fact.node, []) if is_work(fact.node) else []
        where = list(spans) or [*self.frame.quotes.get(fact.node.iri.value, ()), *found]
        if not where:
            return True
        wanted, source = fact.object.value, self.frame.source
        if local(fact.key) in DATES:
            dates = dates_and_parts_of(source, self.frame.reading.language)
            return any(dates.find(wanted, *span) for span in where)
        return any(wanted.lower() in source[start:end].lower() for start, end in where)


def _without(span: Span, holes: Sequence[Span]) -> Iterator[Span]:
    """The parts of a span that are in none of some others."""
    start = span.start
    for hole in sorted(holes):
        if hole.start < span.end and start < hole.end:
            if start < hole.start:
                yield Span(start, hole.start)
            start = hole.end
    if start < span.end:
        yield Span(start, span.end)

"""The ``schedule`` of an event: a schema:Schedule of what happens again and again, held against the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from communique.compile.association import Association
from communique.compile.dating import Dating
from communique.compile.evidence import Evidence
from communique.compile.expand import Expansion
from communique.compile.literals import timed
from communique.compile.nodes import RecordNode
from communique.compile.reading import Reading
from communique.compile.values import as_list, describe
from communique.errors import suggestion
from communique.iris import last_piece
from communique.read.yamlld import Pointer
from communique.terms import SCHEMA, XSD
from communique.text.moments import recurrence_of, times_of, weekdays_of
from communique.text.numbers import read_amount
from communique.text.passages import Span

_KEYS: Final = ("every", "day", "time", "until", "from", "to", "note", "evidence", "id")
_RENAMED: Final = {
    "repeatFrequency": "every",
    "byDay": "day",
    "startTime": "time",
    "endTime": "until",
    "startDate": "from",
    "endDate": "to",
}
_STEPS: Final = {
    "day": ("P{}D", 1),
    "week": ("P{}D", 7),
    "month": ("P{}M", 1),
    "quarter": ("P{}M", 3),
    "year": ("P{}Y", 1),
}
_EVERY: Final = re.compile(r"(?:(\S+(?: \S+)?) )?(day|week|month|quarter|year)s?")
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(Z|[+-]\d{2}:\d{2})?")


def add_schedules(expansion: Expansion, node: RecordNode) -> None:
    """Add a Schedule for each entry of ``schedule`` of a node, which is an event."""
    written = node.written["schedule"]
    for k, entry in enumerate(as_list(written)):
        at = (*node.pointer, "schedule", k) if isinstance(written, list) else (*node.pointer, "schedule")
        if not isinstance(entry, dict):
            fix = 'a schedule is written {every: week, day: Monday, time: "14:30"}'
            expansion.report("not-a-node", f"a schedule is expected here, not {describe(entry)}", at, fix=fix)
        elif _has_known_keys(expansion, node, entry, at):
            _add_schedule(expansion, node, entry, at, k + 1)


def _has_known_keys(expansion: Expansion, node: RecordNode, entry: Mapping[str, object], at: Pointer) -> bool:
    unknown = [key for key in entry if key not in _KEYS]
    for key in unknown:
        fix = suggestion(key, _KEYS, otherwise=f"a schedule has {', '.join(_KEYS)}")
        message = f"unknown key {key!r} in a schedule"
        expansion.report("unknown-key", message, (*at, key), key=True, focus=node.iri.value, path=key, fix=fix)
    return not unknown


def _add_schedule(
    expansion: Expansion, node: RecordNode, entry: Mapping[str, object], at: Pointer, number: int
) -> None:
    literals = list(_read(expansion, entry, at))
    iri = expansion.identify({"id": entry.get("id", f"this:schedule-{last_piece(node.iri.value)}-{number}")}, at)
    if iri is None or None in literals:
        return
    if iri in expansion.nodes:
        fix = "give the schedule an id of its own, such as id: this:schedule-spring"
        expansion.report("duplicate-id", "another node has the id of this schedule", at, focus=iri.value, fix=fix)
        return
    schedule = RecordNode(iri, at, entry, entry.get("evidence"), ("Schedule",), renamed=_RENAMED)
    schedule.form, schedule.holder = "schedule", node
    expansion.nodes[iri] = schedule
    expansion.add_types(schedule)
    for key, value in (one for one in literals if one is not None):
        expansion.fact(schedule, key, value)
    for key, written in (("startDate", "from"), ("endDate", "to"), ("note", "note")):
        if written in entry:
            expansion.add_values(schedule, expansion.context.terms[key], entry[written])
    expansion.fact(node, "eventSchedule", iri, rule="schedule")


def _read(
    expansion: Expansion, entry: Mapping[str, object], at: Pointer
) -> Iterator[tuple[str, NamedNode | Literal] | None]:
    """The keys and values of a schedule; None for each value that cannot be read, which is reported."""

    def refuse(key: str, fix: str) -> None:
        message = f"{describe(entry.get(key))} cannot be read as {key!r} of a schedule"
        expansion.report("bad-schedule", message, (*at, key) if key in entry else at, path=key, fix=fix)

    duration = _duration(entry.get("every"))
    if duration is None:
        refuse("every", "write how often it happens: every: week, or every: 2 weeks")
    yield ("repeatFrequency", duration) if duration is not None else None
    names = weekdays_of(expansion.language)
    for day in as_list(entry["day"]) if "day" in entry else ():
        number = names.get(day.lower()) if isinstance(day, str) else None
        if number is None:
            refuse("day", "write a day of the week: day: Monday")
        yield ("byDay", NamedNode(SCHEMA + _DAYS[number])) if number is not None else None
    for written, key in (("time", "startTime"), ("until", "endTime")):
        value = entry.get(written, "")
        if written in entry and not (isinstance(value, str) and _TIME.fullmatch(value)):
            refuse(written, 'write hours and minutes between quotation marks: time: "14:30"')
            yield None
        elif isinstance(value, str) and value:
            yield key, timed(value)


def _duration(every: object) -> Literal | None:
    hit = _EVERY.fullmatch(every.strip().lower()) if isinstance(every, str) and len(every) < 40 else None
    if hit is None:
        return None
    form, factor = _STEPS[hit[2]]
    amount = read_amount(hit[1], "en").value if hit[1] else "1"
    if not amount.isdecimal() or amount == "0" or len(amount) > 3:
        return None
    return Literal(form.format(int(amount) * factor), datatype=NamedNode(XSD + "duration"))


# ---- held against the words


def check_schedules(evidence: Evidence, reading: Reading) -> None:
    """Tie every schedule to the words that say all of it; report those that no words say."""
    for node in evidence.expansion.nodes.values():
        if node.types != ("Schedule",) or node.holder is None:
            continue
        evidence.judged.add(node)
        quotes = [Span(*span) for span in evidence.nodes[node]]
        if node.evidence is not None and not quotes:
            continue  # its quote is wrong, which is already reported
        stretches = quotes or list(_sentences(evidence, reading, node.holder))
        evidence.work.spend(10 + len(stretches) * (5 + len(times_of(reading.source, reading.language)) // 5))
        found = next((stretch for stretch in stretches if _says(reading, node, stretch)), None)
        if found is None:
            _report(evidence, node)
            continue
        if not quotes:
            evidence.nodes[node].append(found)
            evidence.explanations.add(node, "schedule")
        for facts in node.facts.values():
            for fact in facts:
                if not fact.spans:
                    fact.spans = [found]
                    evidence.explanations.add(fact, "schedule")


def _sentences(evidence: Evidence, reading: Reading, event: RecordNode) -> Iterator[Span]:
    places = [span[0] for span in evidence.nodes[event]] + [m.start for m in reading.mentions.of(event.iri.value)[:100]]
    sentences = reading.sentences
    yield from dict.fromkeys(Span(*sentences.spans[sentences.at(place)]) for place in places)


def _says(reading: Reading, node: RecordNode, stretch: Span) -> bool:
    """Whether words say how often something happens, on which days and at which times."""
    said = recurrence_of(reading.source[slice(*stretch)], reading.language)
    written = {key: [str(fact.object.value) for fact in facts] for key, facts in node.facts.items()}
    days = {_DAYS.index(iri.removeprefix(SCHEMA)) for iri in written.get("byDay", ())}
    if written["repeatFrequency"][0] not in said.every or days != said.weekdays:
        return False
    near = (t for t in times_of(reading.source, reading.language) if stretch.start <= t.span.start < stretch.end)
    times = {f"{time.time}:00{time.zone}" for time in near}
    wanted = [time.replace("Z", "+00:00") for key in ("startTime", "endTime") for time in written.get(key, ())]
    if not times.issuperset(wanted) or (len(wanted) == 1 and len(times) > 1):
        return False
    first, last = (written.get(key, [""])[0] for key in ("startDate", "endDate"))
    return not (first or last) or Dating(Association(reading, stretch)).period(first, last) is not None


def _report(evidence: Evidence, node: RecordNode) -> None:
    keys = [key for key in _RENAMED.values() if key in node.written]
    shown = ", ".join(f"{key} {describe(node.written[key])}" for key in keys)
    evidence.report(
        "not-grounded",
        f"no words say this schedule as a whole: {shown}",
        node.pointer,
        focus=node.iri.value,
        path="schedule",
        fix="write what the text says, or quote one stretch that says how often, on which days and when",
    )

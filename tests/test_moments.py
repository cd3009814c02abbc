"""Times of day, days completed by the dateline, and periods: what the text says passes, all else is a finding."""

from __future__ import annotations

from typing import Any

import pytest

from communique.compile.compiler import Compiled, compile_release
from communique.context import read_context
from communique.read.release import read_release
from communique.terms import SCHEMA
from communique.text.moments import open_days_of, times_of
from tests.terms import value_of

BASE = "https://example.org/id/"


def compiled(tmp_path: Any, event: str, text: str, language: str = "en", dateline: str = "") -> Compiled:
    folder = tmp_path / "sample"
    folder.mkdir()
    (folder / "source.txt").write_text(f"A headline\n\n{dateline}. {text}\n", encoding="utf-8")
    stated = f"    dateline: {dateline!r}\n" if dateline else ""
    record = f"""
"@context": context.jsonld
graph:
  - id: release/sample
    type: PressRelease
    headline: A headline
{stated}    about: event/fair
  - {{id: event/fair, type: Event, name: Sample Fair, {event}}}
"""
    (folder / "record.yaml").write_text(record, encoding="utf-8")
    return compile_release(read_release(folder), read_context(), base=BASE, language=language)


def violations(result: Compiled) -> list[str]:
    return [f.code for f in result.findings if f.severity == "violation"]


TIMES = [
    ("en", "The fair begins at 2.30 p.m. and ends at 4 pm.", ["14:30", "16:00"]),
    ("en", "Doors open at 13:30 GMT, or at 09:00 UTC+6.", ["13:30+00:00", "09:00+06:00"]),
    ("en", "It begins at noon.", ["12:00"]),
    ("de", "Beginn ist um 14 Uhr, Einlass um 13.30 Uhr.", ["14:00", "13:30"]),
    ("de", "Beginn um 9 Uhr 30", ["09:30"]),
    ("fr", "La foire commence à 14 h 30 et finit à 16h.", ["14:30", "16:00"]),
    ("ru", "Начало в 14:30, вход в 13.30.", ["14:30", "13:30"]),
    ("kk", "Жәрмеңке сағат 14:30-да басталады.", ["14:30"]),
    ("en", "They paid 2.30 euros for 14 apples; the score was 3:2, the ratio 1:200.", []),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "times"), TIMES)
def test_times_of_day_are_read_as_a_language_writes_them(language, text, times):
    assert [t.time + t.zone for t in times_of(text, language)] == times


DOORS = "The Sample Fair: 29 May 2015, doors at 13:30, start at 14:30."
OPENED = "The Sample Fair opened on 29 May 2015 at 14:30."
RAN = "The Sample Fair ran from 2010 to 2014."
EN, RU = "Sampletown, 29 May 2015", "Город, 29 мая 2015 года"
SAID = [
    ("startDate: 2015-05-29T14:30", "The Sample Fair opened at 2.30 p.m. on May 29, 2015.", "en", ""),
    ("startDate: 2015-05-29T14:30Z", "The Sample Fair opened at 14:30 GMT on 29 May 2015.", "en", ""),
    ("startDate: 2015-05-29, doorTime: 13:30", "On 29 May 2015 the Sample Fair opens, doors open at 13:30.", "en", ""),
    ("startDate: \"2013\"", "The Sample Fair began in 2013.", "en", ""),
    ("startDate: \"2013-05\"", "The Sample Fair was held in May 2013.", "en", ""),
    ("startDate: \"2010\", endDate: \"2014\"", RAN, "en", ""),
    ("startDate: 2015-05-29T14:00", "Am 29. Mai 2015 begann um 14 Uhr die Messe Sample Fair.", "de", ""),
]  # fmt: skip
COMPLETED = [
    ("startDate: 2015-05-05", "The Sample Fair opened on 5 May.", "en", EN, "dateline-year"),
    ("startDate: 2015-05-26", "The Sample Fair opened on Tuesday.", "en", EN, "dateline-week"),
    ("startDate: 2015-05-28", "The Sample Fair opened yesterday.", "en", EN, "dateline-week"),
    ("startDate: 2015-06-01, planned: true", "The Sample Fair opens next Monday.", "en", EN, "dateline-week"),
    ("startDate: 2015-05-05", "Ярмарка Sample Fair открылась 5 мая.", "ru", RU, "dateline-year"),
    ("startDate: 2015-05-26", "Ярмарка Sample Fair открылась во вторник.", "ru", RU, "dateline-week"),
]  # fmt: skip
UNSAID = [
    ("another minute", "startDate: 2015-05-29T14:35", "The Sample Fair opened at 2.30 p.m. on May 29, 2015.", ""),
    ("half a day later", "startDate: 2015-05-29T02:30", "The Sample Fair opened at 2.30 p.m. on May 29, 2015.", ""),
    ("another day", "startDate: 2015-05-28T14:30", "The Sample Fair opened at 2.30 p.m. on May 29, 2015.", ""),
    ("a zone made up", "startDate: 2015-05-29T14:30Z", "The Sample Fair opened at 14:30 on 29 May 2015.", ""),
    ("a zone left out", "startDate: 2015-05-29T14:30", "The Sample Fair opened at 14:30 GMT on 29 May 2015.", ""),
    ("the time of the doors", "startDate: 2015-05-29T13:30", DOORS, ""),
    ("the start for the doors", "startDate: 2015-05-29, doorTime: 14:30", OPENED, ""),
    ("no dateline", "startDate: 2015-05-05", "The Sample Fair opened on 5 May.", ""),
    ("another day of the month", "startDate: 2015-05-06", "The Sample Fair opened on 5 May.", EN),
    ("another year", "startDate: 2014-05-05", "The Sample Fair opened on 5 May.", EN),
    ("another week", "startDate: 2015-05-19", "The Sample Fair opened on Tuesday.", EN),
    ("next Friday is not plain", "startDate: 2015-06-07", "The Sample Fair opens next Sunday.", EN),
    ("the day of something else", "startDate: 2015-05-07", "The Sample Fair opened on 5 May, a party is on 7 May.", EN),
    ("the end for the start", "startDate: 2015-05-29T16:00", "The Sample Fair, 29 May 2015, from 14:30 to 16:00.", ""),
    ("the start for the end", "startDate: 2015-05-29, endDate: 2015-05-29T14:30", OPENED, ""),
    ("another year of the period", "startDate: \"2010\", endDate: \"2015\"", RAN, ""),
    ("a day where only the year is said", "startDate: 2013-01-01", "The Sample Fair began in 2013.", ""),
]  # fmt: skip


@pytest.mark.parametrize(("event", "text", "language", "dateline"), SAID)
def test_a_time_that_the_text_gives_is_stated(event, text, language, dateline, tmp_path):
    result = compiled(tmp_path, event, text, language, dateline)
    assert [f.message for f in result.findings if f.severity == "violation"] == []
    assert any(q.predicate.value == SCHEMA + "startDate" for q in result.facts)


@pytest.mark.parametrize(("event", "text", "language", "dateline", "rule"), COMPLETED)
def test_a_day_without_year_or_by_the_week_is_inferred_with_the_dateline(
    event, text, language, dateline, rule, tmp_path
):
    result = compiled(tmp_path, event, text, language, dateline)
    assert [f.message for f in result.findings if f.severity == "violation"] == []
    assert any(q.predicate.value == SCHEMA + "startDate" for q in result.inferred)
    assert not any(q.predicate.value == SCHEMA + "startDate" for q in result.facts)
    assert any(
        value_of(q.object).startswith(rule) for q in result.evidence if q.predicate.value.endswith("editorialNote")
    )
    assert dateline in {p.quote for p in result.passages}


@pytest.mark.parametrize(("name", "event", "text", "dateline"), UNSAID)
def test_a_time_that_the_text_does_not_give_is_one_finding(name, event, text, dateline, tmp_path):
    assert violations(compiled(tmp_path, event, text, "en", dateline)) == ["not-grounded"]


def test_a_whole_date_is_no_open_day():
    assert open_days_of("On 5 May 2015 and on May 6, 2015", "en") == ()


MARKET = "The Sample Fair is held every Monday from 14:30 to 16:00."
WEEKLY, TO_2014 = "{every: week, day: Monday}", "The Sample Fair was held every year from 2010 to 2014."
SCHEDULES = [
    ("{every: week, day: Monday, time: \"14:30\", until: \"16:00\"}", MARKET, "en", True),
    ("{every: week, day: [Monday, Friday]}", "The Sample Fair takes place on Mondays and Fridays.", "en", True),
    ("{every: day, time: \"09:00\"}", "The Sample Fair opens daily at 9 a.m.", "en", True),
    ("{every: 2 weeks}", "The Sample Fair is held every two weeks.", "en", True),
    ("{every: month}", "The Sample Fair is held monthly.", "en", True),
    ("{every: year, from: \"2010\", to: \"2014\"}", TO_2014, "en", True),
    ("{every: week, day: Montag, time: \"14:00\"}", "Jeden Montag um 14 Uhr findet die Sample Fair statt.", "de", True),
    ("{every: week, day: lundi}", "La Sample Fair a lieu tous les lundis.", "fr", True),
    ("{every: week, day: понедельник}", "Ярмарка Sample Fair проходит по понедельникам.", "ru", True),
    (WEEKLY, "Sample Fair әр дүйсенбі өтеді.", "kk", True),
    ("{every: week, day: Tuesday, time: \"14:30\", until: \"16:00\"}", MARKET, "en", False),
    ("{every: week, day: Monday, time: \"14:35\", until: \"16:00\"}", MARKET, "en", False),
    ("{every: month, day: Monday}", MARKET, "en", False),
    ("{every: week}", MARKET, "en", False),
    (WEEKLY, "The Sample Fair opened on Monday.", "en", False),
    ("{every: week, day: [Monday, Sunday]}", "The Sample Fair takes place on Mondays and Fridays.", "en", False),
    ("{every: 3 weeks}", "The Sample Fair is held every two weeks.", "en", False),
    ("{every: year, from: \"2010\", to: \"2015\"}", TO_2014, "en", False),
]  # fmt: skip


@pytest.mark.parametrize(("schedule", "text", "language", "is_said"), SCHEDULES)
def test_a_schedule_is_held_against_the_words_as_a_whole(schedule, text, language, is_said, tmp_path):
    result = compiled(tmp_path, f"schedule: {schedule}", text, language)
    assert violations(result) == ([] if is_said else ["not-grounded"])


def test_a_schedule_is_published_with_durations_days_and_times(tmp_path):
    result = compiled(tmp_path, f"schedule: {SCHEDULES[0][0]}", MARKET)
    about = [q for q in result.facts if "#schedule" in value_of(q.subject)]
    assert {(q.predicate.value.removeprefix(SCHEMA), value_of(q.object)) for q in about} == {
        ("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", SCHEMA + "Schedule"),
        ("repeatFrequency", "P7D"), ("byDay", SCHEMA + "Monday"), ("startTime", "14:30:00"), ("endTime", "16:00:00"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "text", "code"),
    [
        ('startDate: "2014", endDate: "2010"', RAN, "bad-period"),
        ('startDate: 2014-05-01, endDate: "2015"', "The Sample Fair ran from 1 May 2014 to 2015.", "bad-period"),
        ("temporalCoverage: 2014/2010", RAN, "bad-period"),
        ("temporalCoverage: 2010/2015", "The Sample Fair covers 2010 to 2014.", "not-grounded"),
        ("schedule: {every: fortnight}", MARKET, "bad-schedule"),
        ("schedule: {every: week, day: Moonday}", MARKET, "bad-schedule"),
        ("schedule: {every: week, time: noon}", MARKET, "bad-schedule"),
        ("schedule: {evry: week}", MARKET, "unknown-key"),
    ],
)
def test_periods_and_schedules_that_cannot_be_are_findings(keys, text, code, tmp_path):
    assert violations(compiled(tmp_path, keys, text)) == [code]


def test_a_period_covered_is_said_by_its_two_ends(tmp_path):
    text = "The Sample Fair covers the years 2010 to 2014."
    assert violations(compiled(tmp_path, "temporalCoverage: 2010/2014", text)) == []

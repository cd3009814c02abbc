"""The canned questions, asked of the first real release."""

import json

import pytest

from communique.api import open_newsroom
from communique.errors import QueryError
from communique.query.ask import offers
from tests.conftest import record_of

REAL = {
    "speakers": [
        ("Sultanov", "Chairman", "org/chr-kz", 1640),
        ("Zhakupov", "Deputy Minister of Internal Affairs", "org/mia-kz", 1909),
        ("Bermet Moldobaeva", "Counter-Trafficking Program Coordinator for Central Asia", "org/iom", 2315),
        ("Abishev", "Secretary", "org/chr-kz", 2804),
        ("Zulfiya Baysakova", "Chairman", "org/union-of-crisis-centers-kz", 3371),
        ("Khadicha Abysheva", "chairman", "org/sana-sezim", 3961),
        ("Nurbyubyu Kerimova", "representative", "org/danko", 4368),
    ],
    "reports": [
        ("work/special-report-migrants-rights-2013", "2013", None, None, None),
        ("work/special-report-trafficking-2014", None, "32-47.327", "2014-12-29", "org/iom-development-fund"),
        ("work/special-report-trafficking-2014", None, "32-47.327", "2014-12-29", "org/iom-kazakhstan"),
    ],
}
COLUMNS = {
    "speakers": ("name", "role", "organisation", "start"),
    "reports": ("report", "published", "identifier", "date", "supporter"),
}


@pytest.mark.parametrize("name", REAL)
def test_the_release_answers(real, release, name):
    base = real.dataset.base
    rows = real.query(name, release=release.slug).to_dicts()
    short = [{k: v.removeprefix(base) if isinstance(v, str) else v for k, v in row.items()} for row in rows]
    assert [tuple(row[column] for column in COLUMNS[name]) for row in short] == REAL[name]


@pytest.mark.parametrize("name", ["what-happened", "speakers", "who-said-what", "reports"])
def test_every_passage_holds_the_words_that_the_answer_quotes(real, release, name):
    rows = real.query(name, release=release.slug).to_dicts()
    quoted = [row for row in rows if row.get("passage")]
    assert all(release.source[row["start"] : row["end"]] == row["quote"] for row in quoted)
    assert len(quoted) == (len(rows) if name in ("speakers", "who-said-what") else 0)


def test_the_three_ways_with_inferred_facts_share_out_the_rows(real):
    def rows(inferred: str) -> list[tuple[object, ...]]:
        return [tuple(row.values()) for row in real.query("what-happened", inferred=inferred).to_dicts()]

    without, only, both = rows("without"), rows("only"), rows("with")
    assert without
    assert only
    assert sorted(map(str, without + only)) == sorted(map(str, both))


def test_every_fact_of_the_event_has_words_that_support_it(real, release):
    event = "event/2015-05-29-special-report-presentation"
    rows = real.query("evidence-of-fact", subject=event, predicate="schema:attendee").to_dicts()
    assert len({row["value"] for row in rows}) == len(
        [r for r in real.query("what-happened").to_dicts() if r["part"] == "attendance"]
    )
    assert all(release.source[row["start"] : row["end"]] == row["quote"] for row in rows)
    assert {(row["basis"], row["reason"] is None) for row in rows} == {("stated", True), ("inferred", False)}


def test_an_event_stands_once_at_a_place_by_the_best_founded_way(real):
    rows = real.query("events-by-place").to_dicts()
    assert len({(row["event"], row["place"], row["release"]) for row in rows}) == len(rows) > 0
    almaty = [row["basis"] for row in rows if row["place"].endswith("place/almaty")]
    assert almaty == ["stated"]


def test_a_launch_presents_nothing(real, release):
    rows = [row for row in real.query("what-happened").to_dicts() if row["event"].endswith("#launch-2013")]
    assert {row["part"] for row in rows} == {"what", "when", "performer", "published by", "featured work"}


def test_days_from_approval_are_stated_where_both_facts_on_the_report_are(real):
    """Whether two titles mean the same report is marked once, on the facts that rest on it, and not in a query."""
    presented = {row["basis"] for row in real.query("who-presented").to_dicts() if row["how"] == "performer"}
    (approved,) = {row["act_basis"] for row in real.query("reports").to_dicts() if row["act"]}
    bases = {approved, *presented}
    expected = "inferred" if "inferred" in bases else "stated"
    assert [(row["days"], row["basis"]) for row in real.query("days-from-approval").to_dicts()] == [(151, expected)]


def test_agreement_without_words_is_no_speech(real):
    """Somebody who only appreciated is not a speaker; somebody who agreed and then spoke starts where the words do."""
    said = real.query("who-said-what").to_dicts()
    assert {row["form"] for row in said if row["words"] is None} == {"stance, no words"}
    assert {row["form"] for row in said if row["words"] is not None} == {"reported"}
    assert {row["verb"] for row in said if row["words"] is None} == {"supported", "appreciated"}
    with_words = {(row["person"], row["start"]) for row in said if row["words"] is not None}
    speakers = [(row["speaker"], row["start"]) for row in real.query("speakers").to_dicts()]
    assert {speaker for speaker, _ in speakers} == {person for person, _ in with_words}
    assert set(speakers) <= with_words


def test_a_concluded_recommendation_is_inferred_whoever_is_said_to_make_it(real):
    rows = real.query("recommendations", by="person/abishev.chr-kz").to_dicts()
    assert [(row["how"], row["basis"]) for row in rows] == [("said by", "inferred")]


@pytest.mark.parametrize("data", ["real", "archive"])
def test_whom_a_recommendation_is_addressed_to_is_a_group_that_is_spoken_of(real, data):
    newsroom = real if data == "real" else open_newsroom("tests/cases/archive/data")
    addressed = {
        (r["statement"], r["name"]) for r in newsroom.query("groups-spoken-of").to_dicts() if r["how"] == "addressed"
    }
    assert addressed
    assert addressed >= {
        (r["recommendation"], r["to"]) for r in newsroom.query("recommendations").to_dicts() if r["to"]
    }


def test_the_day_of_a_role_says_that_it_goes_by_rule(real):
    rows = real.query("role-holders").to_dicts()
    assert {row["day_basis"] for row in rows if row["day"] is not None} == {"inferred"}
    assert {"stated", "inferred"} == {row["basis"] for row in rows}


def test_what_happened_gives_a_place_once_and_ties_a_speech_to_its_event(real):
    rows = real.query("what-happened").to_dicts()
    event = f"{real.dataset.base}event/2015-05-29-special-report-presentation"
    places = [row["value"] for row in rows if row["event"] == event and row["part"] in ("where", "in")]
    assert len(places) == len(set(places)) > 1
    (speech,) = [row for row in rows if row["event"].endswith("#welcoming-speech") and row["part"] == "part of"]
    assert speech["value"] == event


@pytest.mark.parametrize("data", ["real", "archive"])
def test_topics_count_the_statements_that_are_found_on_them(real, data):
    """The release's own links are included; an inferred link has a row of its own."""
    newsroom = real if data == "real" else open_newsroom("tests/cases/archive/data")
    counted: dict[str, list[tuple[str, int]]] = {}
    for row in newsroom.query("topics").to_dicts():
        counted.setdefault(str(row["topic"]), []).append((str(row["basis"]), int(row["statements"] or 0)))
    assert {basis for of in counted.values() for basis, _ in of} == {"stated", "inferred"}
    for topic, of in counted.items():
        assert len({basis for basis, _ in of}) == len(of)
        if any(number for _, number in of):
            rows = newsroom.query("said-on-topic", topic=topic).to_dicts()
            found = len({row["statement"] for row in rows})
            assert max(number for _, number in of) <= found <= sum(number for _, number in of), topic
        else:
            assert not list(newsroom.query("said-on-topic", topic=topic).rows)


def test_all_ngos_are_found_and_each_is_an_organisation_too(real):
    ngos = {row["entity"] for row in real.query("entities", **{"class": "schema:NGO"}).to_dicts()}
    assert {iri.rpartition("/")[2] for iri in ngos} == {"danko", "sana-sezim"}
    assert ngos < {row["entity"] for row in real.query("entities", **{"class": "schema:Organization"}).to_dicts()}


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ("NGO", "did you mean 'schema:NGO'?"),
        ("schema:Persons", "did you mean 'schema:Person'?"),
        ("person/bermet-moldobaeva", "such as 'schema:C"),
    ],
)
def test_what_is_no_class_is_refused_with_a_suggestion(real, value, hint):
    with pytest.raises(QueryError) as caught:
        real.query("entities", **{"class": value})
    assert str(caught.value).startswith(f"class: {value!r} is not among the data, {hint}")


def test_what_nobody_says_and_what_a_report_says_is_found_on_its_topic(real, release):
    def rows(topic: str) -> list[tuple[object, ...]]:
        return [(row["form"], row["speaker"]) for row in real.query("said-on-topic", topic=topic).to_dicts()]

    assert rows("org/almaty-process") == [("its own", None)]
    report = f"{real.dataset.base}work/special-report-trafficking-2014"
    assert rows(f"release/{release.slug}#group-state-bodies") == [("stands in", report)]


def test_every_statement_that_speaks_of_something_is_found_on_its_topic(real):
    """Every value that the question offers has an answer."""
    query = real.catalogue["said-on-topic"]
    offered = offers(query.parameter("topic"), real.store)
    assert len(offered) > 30
    for topic in offered:
        assert real.query("said-on-topic", topic=topic.value).rows, topic


def test_who_is_at_a_place_does_not_come_from_there(make_newsroom):
    text = "Headline\nThe opening: the pupils of the town, its teachers, guests from Farland came. Nearville.\n"
    place = {"type": "Place"}
    record = record_of(
        {
            "id": "event/e", "type": "Event", "name": "opening", "evidence": "The opening",
            "attendee": ["this:pupils", "this:teachers", "this:guests"],
        },
        {
            "id": "this:pupils", "type": "Group", "name": "pupils of the town", "location": "place/nearville",
            "evidence": "the pupils of the town",
        },
        {
            "id": "this:teachers", "type": "Group", "name": "teachers", "location": "place/nearville",
            "evidence": {"*": "its teachers", "location": "of the town, its teachers"},
        },
        {
            "id": "this:guests", "type": "Group", "name": "guests from Farland", "comesFrom": "place/farland",
            "evidence": "guests from Farland",
        },
        {"id": "place/nearville", **place, "name": "Nearville", "evidence": "Nearville"},
        {"id": "place/farland", **place, "name": "Farland", "evidence": "from Farland"},
        about="event/e",
    )  # fmt: skip
    newsroom = open_newsroom(make_newsroom(json.dumps(record), text))
    rows = newsroom.query("attended-from").to_dicts()
    assert [(row["name"], row["place_name"], row["basis"]) for row in rows] == [
        ("guests from Farland", "Farland", "stated")
    ]

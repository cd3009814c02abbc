"""What pages say of a relation is true for every class that may have it, and of what is only planned."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from communique.api import open_newsroom
from communique.drawing.relations import TIES
from communique.publish.build import build
from communique.publish.words import Words, local_name, word_table
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.schemaorg import read_vocabulary
from communique.terms import CMQ, ORG, SCHEMA
from tests.conftest import MakeNewsroom, record_of
from tests.publications import built_once
from tests.test_forms_on_pages import text_of
from tests.test_words import page_of

BASE = "https://acts.example/id/"
SOURCE = """Harbour Bank to buy Sample Mill
Sampletown, March 3, 2031. Harbour Bank will buy Sample Mill. Ten books were donated to Reed School by Jo Sample.
The pupils of Reed School like books.
Ada Examplova plays at the concert, which is on May 5, 2031 at 7.30 p.m.
The concert is held in the Old Hall. It is organised by Reed School with contributions from Harbour Bank.
Max Model will attend the concert. Max Model is the author of Grey River, a painting.
The fair will last from May 7, 2031 until May 9, 2031. Rowers are members of the Reed Club, as is Max Model.
"""


def planned(name: str, **more: Any) -> dict[str, Any]:
    return {"id": f"event/{name}", "type": "Event", "name": name, "planned": True} | more


NODES: list[dict[str, Any]] = [
    {"id": "org/bank", "type": "Organization", "name": "Harbour Bank"},
    {"id": "org/mill", "type": "Organization", "name": "Sample Mill"},
    {"id": "org/school", "type": "Organization", "name": "Reed School"},
    {"id": "person/max", "type": "Person", "name": "Max Model"},
    {"id": "person/jo", "type": "Person", "name": "Jo Sample"},
    {"id": "person/ada", "type": "Person", "name": "Ada Examplova"},
    {"id": "this:purchase", "type": "schema:BuyAction", "name": "will buy Sample Mill", "agent": "org/bank",
     "schema:object": "org/mill", "evidence": "Harbour Bank will buy Sample Mill"},
    {"id": "this:gift", "type": "schema:DonateAction", "name": "Ten books were donated", "agent": "person/jo",
     "recipient": ["org/school", "this:pupils"],
     "evidence": {"*": "Ten books were donated to Reed School by Jo Sample", "recipient": {
         "org/school": "donated to Reed School",
         "this:pupils": {"inferred": "donated to Reed School", "why": "its pupils read its books"}}}},
    {"id": "this:pupils", "type": "Group", "name": "pupils of Reed School"},
    planned("concert", startDate="2031-05-05T19:30", performer="person/ada",
            location={"id": "place/hall", "type": "Place", "name": "Old Hall"}, organizer="org/school",
            contributor="org/bank", attendee="person/max",
            evidence={"organizer": "It is organised by Reed School",
                      "contributor": "with contributions from Harbour Bank",
                      "attendee": "Max Model will attend the concert"}),
    planned("fair", startDate="2031-05-07", endDate="2031-05-09"),
    {"id": "work/river", "type": "schema:Painting", "name": "Grey River", "author": "person/max",
     "evidence": {"author": "Max Model is the author of Grey River"}},
    {"id": "org/club", "type": "Organization", "name": "Reed Club", "schema:member": "person/max",
     "evidence": {"schema:member": "members of the Reed Club, as is Max Model"}},
]  # fmt: skip


@pytest.fixture(scope="session")
def acts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The publication of a release with actions, a planned concert and a painting."""

    def write(folder: Path) -> None:
        release = folder / "data" / "releases" / "mill"
        release.mkdir(parents=True)
        dataset = f"title: T\npublisher: P\nlicense: https://e.org/l\nbase: {BASE}\ninterface: [en, ru, kk]\n"
        (folder / "data" / "dataset.yaml").write_text(dataset, encoding="utf-8")
        (release / "source.txt").write_text(SOURCE, encoding="utf-8")
        root = {
            "id": "release/mill", "type": "PressRelease", "headline": "Harbour Bank to buy Sample Mill",
            "dateline": "Sampletown, March 3, 2031", "about": "event/concert",
            "mentions": ["event/fair", "this:purchase", "this:gift", "work/river", "org/club"],
        }  # fmt: skip
        record = {"@context": "context.jsonld", "graph": [root, *NODES]}
        (release / "record.yaml").write_text(json.dumps(record), encoding="utf-8")
        outcome = build(open_newsroom(folder / "data"), folder / "public", jobs=1)
        assert [f for f in outcome.findings if f.severity == "violation"] == []

    yield from built_once("acts", write, tmp_path_factory)


def terms_of_events() -> set[str]:
    """The local names of the terms that tie an event or an action, which may be only planned, to who or where."""
    vocabulary = read_vocabulary()

    def among(kinds: tuple[str, ...], *wide: str) -> bool:
        return any(vocabulary.is_a(kind, one) for kind in kinds for one in wide)

    found = {
        name
        for name, term in vocabulary.properties.items()
        if among(term.domains, "Event", "Action") and among(term.ranges, "Person", "Organization", "Place", "Audience")
    }
    return found | {local_name(CMQ + "supporter")}


HAPPENED = {
    "en": r"\b(gave|sent|held|wrote|spoke|made|\w+ed)\b(?! (by|at|here|in|to)\b)|\b(held|carried out|invited)\b",
    "ru": r"\b(?!\w+[аи]тел)\w+[аеиыя]л[аои]?(сь|ся)?\b",
    "kk": r"\b\w+([^аейи](ды|ді|ты|ті)|ған|ген|қан|кен)\b",
}
"""Words that say that something took place, in the past tense of each language."""


@pytest.mark.parametrize("tag", INTERFACE_LANGUAGES)
def test_no_label_of_an_event_or_an_action_says_that_it_took_place(tag: str) -> None:
    names = terms_of_events()
    assert {"organizer", "performer", "attendee", "agent", "recipient", "location", "supporter"} <= names
    table = word_table()
    labels = {
        key: texts[tag]
        for key, texts in table.items()
        if key[:2] in ("p.", "i.") and key[2:].partition(".")[0] in names and not key.endswith(".said")
    }
    labels |= {key: table[key][tag] for key in ("attended", "received", "addressed")}
    labels |= {f"pic.{word}": table[f"pic.{word}"][tag] for word in ("organised", "carried", "contributed", "held")}
    assert len(labels) > 20
    assert {key: label for key, label in labels.items() if re.search(HAPPENED[tag], label)} == {}
    assert all(re.search(HAPPENED[tag], said) for said in {
        "en": ("attended:", "gave:", "held here:"), "ru": ("пригласил:",), "kk": ("айтылды:", "өткізген іс-шарасы:"),
    }[tag])  # fmt: skip


def test_ties_of_a_picture_have_words_of_their_own_for_each_property() -> None:
    assert {SCHEMA + "performer", SCHEMA + "organizer", SCHEMA + "attendee"} <= set(TIES)
    assert Words("en")("pic.carried") == "performer"


def test_a_member_of_an_organisation_is_not_the_holder_of_a_role() -> None:
    words = Words("en")
    assert (words.property(SCHEMA + "member", "org", "people"), words.property(ORG + "member", "people", "people")) == (
        "member:",
        "held by:",
    )
    assert words.inverse(SCHEMA + "member", "org", "people") == "member of:"
    assert words.inverse(ORG + "member", "people", "people") == "role:"


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        (
            "release/mill/index.html",
            "will buy Sample Mill Where it says so: ¶ 1 kind: buy action Where it says so: ¶ 1",
        ),
        ("release/mill/index.html", "by: Harbour Bank"),
        ("release/mill/index.html", "recipient of: Ten books were donated"),
        ("release/mill/index.html", "performer: Ada Examplova"),
        ("release/mill/index.html", "author: Max Model"),
        ("release/mill/index.html", "member: Max Model"),
        ("release/mill/index.html", "attendance at: concert"),
        ("release/mill/index.html", "Recipients inferred pupils of Reed School"),
        ("release/mill/index.html", "What is planned"),
        ("release/mill/index.ru.html", "кто: Harbour Bank"),
        ("release/mill/index.ru.html", "Что запланировано"),
        ("release/mill/index.kk.html", "кім: Harbour Bank"),
        ("release/mill/index.kk.html", "Не жоспарланған"),
        ("org/bank/index.html", "action: will buy Sample Mill"),
        ("org/bank/index.html", "contributor to: concert"),
        ("org/school/index.html", "recipient of: Ten books were donated"),
        ("org/school/index.html", "organiser of: concert"),
        ("person/ada/index.html", "performer at: concert"),
        ("person/max/index.html", "author of: Grey River"),
        ("person/max/index.html", "member of: Reed Club"),
        ("place/hall/index.html", "location of: concert"),
    ],
)
def test_a_page_says_what_the_release_says_of_an_action_or_a_plan(acts: Path, page: str, shown: str) -> None:
    assert shown in text_of(acts, page).replace("\u00a0", " ")


@pytest.mark.parametrize(
    "name", ["release/mill", "org/bank", "org/school", "person/max", "person/ada", "event/concert"]
)
def test_nobody_is_said_to_have_invited_given_or_attended_what_is_planned(acts: Path, name: str) -> None:
    said = text_of(acts, f"{name}/index.html")
    assert (
        re.findall(r"\b(?:invited|sent|gave|attended|carried out|organised(?! by)|held here|What happened)\b", said)
        == []
    )


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("release/mill/index.html", "date: 5 May 2031, 19:30"),
        ("release/mill/index.html", "When 5 May 2031, 19:30"),
        ("release/mill/index.html", "start: 7 May 2031"),
        ("release/mill/index.html", "end: 9 May 2031"),
        ("release/mill/index.ru.html", "дата: 5 мая 2031 г., 19:30"),
        ("release/mill/index.kk.html", "күні: 2031 жылғы 5 мамыр, 19:30"),
        ("event/concert/index.html", "date: 5 May 2031, 19:30"),
        ("event/fair/index.html", "start: 7 May 2031"),
    ],
)
def test_a_time_of_day_is_shown_and_so_is_the_last_day(acts: Path, page: str, shown: str) -> None:
    assert shown in text_of(acts, page).replace("\u00a0", " ")


def test_a_time_in_the_answer_to_a_question_is_written_for_readers_and_for_programs(acts: Path) -> None:
    page = (acts / "queries/planned/index.html").read_text(encoding="utf-8")
    assert '<time datetime="2031-05-05T19:30:00">2031-05-05 19:30</time>' in page
    assert '<time datetime="2031-05-07">2031-05-07</time>' in page


def test_a_role_whose_dates_are_stated_is_not_said_to_be_undated(make_newsroom: MakeNewsroom) -> None:
    text = "Headline\nAda Examplova was a harbour pilot of Lowmarsh from 2009 to 2014. Max Model is mayor of Skelby.\n"
    role = {"title": "harbour pilot of Lowmarsh", "from": "2009", "until": "2014"}
    nodes = (
        {"id": "person/ada", "type": "Person", "name": "Ada Examplova", "role": role},
        {"id": "person/max", "type": "Person", "name": "Max Model", "role": {"title": "mayor of Skelby"}},
    )
    data = make_newsroom(json.dumps(record_of(*nodes)), text)
    (data / "dataset.yaml").write_text("title: T\npublisher: P\nlicense: https://e.org/l\n", encoding="utf-8")
    outcome = build(open_newsroom(data), data / "public", jobs=1)
    assert [f.message for f in outcome.findings if f.severity == "violation"] == []
    note = Words("en")("roles_note")
    assert "from 2009 , until 2014" in text_of(data / "public", "person/ada/index.html")
    assert note not in text_of(data / "public", "person/ada/index.html")
    assert note in text_of(data / "public", "person/max/index.html")


def test_the_summary_of_an_event_has_its_last_day_too(make_newsroom: MakeNewsroom) -> None:
    text = "Headline\nThe fair will last from May 7, 2031 until May 9, 2031.\n"
    fair = planned("fair", startDate="2031-05-07", endDate="2031-05-09")
    page = page_of(make_newsroom(json.dumps(record_of(fair, about="event/fair")), text))
    (when,) = [line for line in page.summary() if line.key == "when"]
    shown = [(row.label, value.text) for row in when.rows for value in row.values]
    assert shown == [("", "7 May 2031"), ("end:", "9 May 2031"), ("", "planned")]

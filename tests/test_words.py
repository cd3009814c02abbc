"""The words of the pages: labels that fit before any value and in both directions of a relation, and who speaks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, Quad

from communique.api import Newsroom, open_newsroom
from communique.export.grouped import group
from communique.export.order import Order
from communique.publish.build import build
from communique.publish.site.browser import row_forms
from communique.publish.site.pages import Pages
from communique.publish.site.release_page import AnnotatedRelease, ReleasePage
from communique.publish.site.scene import Scene
from communique.publish.site.speech import attribution, label_for_unnamed
from communique.publish.words import Words, local_name
from communique.read.dataset import INTERFACE_LANGUAGES
from communique.terms import CMQ, FOAF, OA, ORG, PREFIXES, RDF, SCHEMA, TYPE
from tests.conftest import ROOT, SLUG, MakeNewsroom, record_of
from tests.strict import skip_or_fail

TABLE: dict[str, dict[str, Any]] = json.loads((ROOT / "src/communique/publish/words.json").read_bytes())
LABELS = {key: texts for key, texts in TABLE.items() if key.startswith(("p.", "i."))}
OF_EVIDENCE = {CMQ + name for name in ("evidence", "basis", "evidenceSource", "formSource", "roleSource")}
"""Properties that tie facts to words; pages show them as links to the words, not as rows."""

SYMMETRIC = {"sameAs", "closeMatch", "exactMatch"}


@pytest.fixture(scope="module")
def archive() -> Newsroom:
    return open_newsroom(ROOT / "tests/cases/archive/data")


def properties(context: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Every property of a context, inner contexts included, and whether it joins nodes."""
    for key, value in context.items():
        term = value.get("@id", "") if isinstance(value, dict) else value
        prefix, _, local = str(term).partition(":")
        if not key.startswith("@") and prefix in PREFIXES and local[:1].islower():
            joins = isinstance(value, dict) and value.get("@type") == "@id"
            yield PREFIXES[prefix] + local, joins
        if isinstance(value, dict):
            yield from properties(value.get("@context") or {})


def lacking(found: set[tuple[str, bool]]) -> list[str]:
    """The properties that lack a label in a direction in which they can be read, except those of evidence."""
    own = {(iri, joins) for iri, joins in found if iri not in OF_EVIDENCE and not iri.startswith((OA, RDF))}
    needed = ((iri, way + local_name(iri)) for iri, joins in own for way in (("p.", "i.") if joins else ("p.",)))
    return sorted({iri for iri, key in needed if key not in TABLE})


def is_on_graphs(quad: Quad) -> bool:
    """Whether a quad tells where a graph comes from, or describes the dataset: pages say it in sentences."""
    subject = str(quad.subject)
    return "/graph/" in subject or "/dataset" in subject


def test_every_property_has_a_label_in_each_direction(real: Newsroom, archive: Newsroom) -> None:
    found = set(properties(json.loads((ROOT / "ontology/context.jsonld").read_bytes())["@context"]))
    assert len(found) > 80 and (SCHEMA + "organizer", True) in found
    for newsroom in (real, archive):
        shown = (q for q in newsroom.quads() if not is_on_graphs(q))
        found |= {(q.predicate.value, isinstance(q.object, NamedNode)) for q in shown}
    assert lacking(found) == []
    assert lacking({(SCHEMA + "telephone", True), (CMQ + "unknown", False)}) == [SCHEMA + "telephone", CMQ + "unknown"]


@pytest.mark.parametrize("tag", INTERFACE_LANGUAGES)
def test_a_label_stands_before_any_value_and_says_which_way_a_relation_runs(tag: str) -> None:
    assert [key for key, texts in LABELS.items() if not re.fullmatch(r"[^:]*[^\s:]:", texts[tag])] == []
    for key, texts in LABELS.items():
        other = TABLE.get("i." + key[2:]) if key.startswith("p.") else None
        assert other is None or key[2:] in SYMMETRIC or other[tag] != texts[tag], key


@pytest.mark.parametrize("tag", ["en", "ru", "kk"])
def test_a_picture_says_which_is_the_whole_and_which_the_place(tag: str) -> None:
    assert TABLE["pic.venue"][tag] not in (TABLE["pic.held"][tag], TABLE["pic.located"][tag])
    part = TABLE["pic.part"][tag]
    assert part == {"en": "part of", "ru": "входит в состав", "kk": "құрамына кіреді"}[tag], "subject first, then whole"


@pytest.mark.parametrize("tag", ["en", "ru", "kk"])
def test_an_event_that_features_a_work_is_not_said_to_present_it(tag: str) -> None:
    words = [TABLE[key][tag] for key in ("p.workFeatured", "i.workFeatured", "pic.presented")]
    assert [word for word in words if re.search("present|представл|таныстыр", word)] == []


@pytest.mark.parametrize("tag", ["ru", "kk"])
def test_no_label_is_left_in_english(tag: str) -> None:
    whole = {key: str(texts[tag]) for key, texts in TABLE.items() if not key.startswith("n.")}
    whole |= {key: " ".join(texts[tag].values()) for key, texts in TABLE.items() if key.startswith("n.")}
    latin = {key: text for key, text in whole.items() if re.search("[A-Za-z]{3}", text)}
    names = r"\{\w+\}|CSV|JSON(-LD)?|XML|SPARQL( 1\.1)?|SHA|GRAPH|IRI|JavaScript|WebAssembly|schema\.org|dataset\.\w+"
    names += r"|RDF 1\.2|page\.jsonld|Ctrl|Enter|Escape|Tab|Cookie|cookie|</html>|English|ISBN"
    assert {key: text for key, text in latin.items() if re.search("[A-Za-z]{3}", re.sub(names, "", text))} == {}


def test_a_day_before_what_was_so_on_it_has_its_kazakh_ending() -> None:
    words = Words("kk")
    said = [words("pic.roles-on", day=words.on_day(f"2015-{month:02}-29")) for month in (1, 4, 5, 12)]
    assert said == [
        f"2015 жылғы 29 {month} лауазымдар" for month in ("қаңтардағы", "сәуірдегі", "мамырдағы", "желтоқсандағы")
    ]
    assert [Words(tag).day("2015-05") for tag in ("en", "ru", "kk")] == ["May 2015", "май 2015 г.", "2015 жылғы мамыр"]
    assert [words.on_day(text) for text in ("2015", "2015-05", "x")] == ["2015", "2015 жылғы мамыр", "x"]


MONTHS = {
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru alone": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "kk on": "қаңтардағы ақпандағы наурыздағы сәуірдегі мамырдағы маусымдағы шілдедегі тамыздағы қыркүйектегі "
    "қазандағы қарашадағы желтоқсандағы",
}


def test_a_month_has_the_form_that_its_place_demands() -> None:
    """In a date, beside a year only, and in a day before a statement about that day."""
    ru, kk = Words("ru"), Words("kk")
    days, months = ([f"2015-{m:02}{day}" for m in range(1, 13)] for day in ("-09", ""))
    assert [ru.day(d) for d in days] == [f"9 {m} 2015 г." for m in MONTHS["ru"].split()]
    assert [ru.on_day(d) for d in days] == [ru.day(d) for d in days]
    assert [ru.day(d) for d in months] == [f"{m} 2015 г." for m in MONTHS["ru alone"].split()]
    assert [kk.day(d) for d in days] == [f"2015 жылғы 9 {m}" for m in MONTHS["kk"].split()]
    assert [kk.on_day(d) for d in days] == [f"2015 жылғы 9 {m}" for m in MONTHS["kk on"].split()]
    assert [kk.day(d) for d in months] == [f"2015 жылғы {m}" for m in MONTHS["kk"].split()]
    assert [Words("en").day(d) for d in (days[8], months[8])] == ["9 September 2015", "September 2015"]
    assert [Words("en").day(d) for d in ("0999-09-09", "2015-02-31")] == ["9 September 0999", "31 February 2015"]


def test_thousands_are_set_apart_as_in_each_language() -> None:
    numbers = {tag: [Words(tag).number(n) for n in (0, 999, 1000, 1234567)] for tag in INTERFACE_LANGUAGES}
    assert numbers["en"] == ["0", "999", "1,000", "1,234,567"]
    assert numbers["ru"] == numbers["kk"] == ["0", "999", "1\u00a0000", "1\u00a0234\u00a0567"]


COUNT_IN_JAVASCRIPT = """
import { Words } from "%s";
const { rows, language, numbers } = JSON.parse(process.argv[1]);
const words = new Words({ rows }, language);
console.log(JSON.stringify(numbers.map(n => words.count("rows", n))));
"""


@pytest.mark.parametrize("tag", INTERFACE_LANGUAGES)
def test_programs_in_the_browser_count_as_the_pages_do(tag: str) -> None:
    if shutil.which("node") is None:
        skip_or_fail("node is missing: apt-get install npm")
    numbers = [*range(130), 999, 1000, 1001, 1234567]
    handed = json.dumps({"rows": row_forms(Words(tag)), "language": tag, "numbers": numbers})
    program = COUNT_IN_JAVASCRIPT % (ROOT / "web" / "src" / "words.js").as_uri()
    command = ["node", "--input-type=module", "--eval", program, handed]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert json.loads(done.stdout) == [Words(tag).count("rows", n) for n in numbers]


# ---- who spoke, and how it is shown

TEXT = """Headline
Mr. Orda said that the bridge stands. His words were supported by Ms. Tal. Students noted that it is long.
The guild's report was written by NGOs. Drivers should be careful, a recommendation of carriers.
"It holds," said Mr. Orda. The bridge was built with the support of Bridge Fund. For more
call Ms. Tal, tel. +44 20 7946 0001
"""


def node(iri: str, cls: Any, evidence: Any, **more: Any) -> dict[str, Any]:
    return {"id": iri, "type": cls, "evidence": evidence} | more


NODES = [
    node("person/orda", "Person", "Mr. Orda said that", name="Orda", honorificPrefix="Mr."),
    node("person/tal", "Person", "supported by Ms. Tal", name="Tal", contactPoint="this:desk"),
    node("this:desk", "ContactPoint", "call Ms. Tal", name="Tal", telephone="+44 20 7946 0001"),
    node("org/fund", "Organization", "the support of Bridge Fund", name="Bridge Fund"),
    node("this:students", "Group", "Students noted", name="Students"),
    node("this:ngos", "Group", "by NGOs", name="NGOs"),
    node("this:carriers", "Group", "of carriers", name="carriers"),
    node(
        "this:said", "ReportedStatement", "Mr. Orda said that the bridge stands", creator="person/orda",
        reportingVerb="said", text="the bridge stands", referredToAs="His words",
    ),
    node(
        "this:agreed", "ReportedStatement", "His words were supported by Ms. Tal", creator="person/tal",
        reportingVerb="supported", about="this:said",
    ),
    node(
        "this:noted", "ReportedStatement", "Students noted that it is long", creator="this:students",
        reportingVerb="noted", text="it is long",
    ),
    node("this:quoted", "Quotation", '"It holds," said Mr. Orda', creator="person/orda", text="It holds,"),
    node("this:should", "PolicyRecommendation", "Drivers should be careful, a recommendation of carriers",
         creator="this:carriers", text="Drivers should be careful"),
    node("work/report", "Report", "The guild's report was written by NGOs", name="report", creator="this:ngos"),
    node("work/bridge", "CreativeWork", "The bridge was built with the support of Bridge Fund", name="bridge",
         supporter="org/fund"),
]  # fmt: skip


@pytest.fixture
def bridge(make_newsroom: MakeNewsroom) -> Path:
    return make_newsroom(json.dumps(record_of(*NODES) | {"@context": ["context.jsonld"]}), TEXT)


def page_of(data: Path, tag: str = "en") -> ReleasePage:
    newsroom = open_newsroom(data)
    written = next(iter(newsroom.folder.releases()))
    compiled = newsroom.compile(written)
    return ReleasePage(
        Pages(newsroom.dataset, tag),
        AnnotatedRelease(compiled, group(compiled.quads, newsroom.context), written.source),
        Order(newsroom.context),
    )


def html_of(page: ReleasePage) -> str:
    return page.pages.render(page.page(b"{}")).decode()


def test_only_those_who_speak_in_the_text_are_shown_as_speakers(bridge: Path) -> None:
    page = page_of(bridge)
    groups = next(section for section in page.sections if section.key == "groups")
    assert {heading.text: [a.title.text for a in articles] for heading, articles in groups.parts} == {
        "Spoke": ["Students"],
        "Spoken of": ["NGOs", "carriers"],
    }
    (recommended,) = next(s for s in page.sections if s.key == "recommendations").parts[0][1]
    assert recommended.speech is not None
    assert (recommended.speech.speakers, recommended.speech.heading) == ((), "Recommendation")
    assert [(r.label, [v.text for v in r.values]) for r in recommended.rows] == [
        ("kind:", ["recommendation"]),
        ("recommended by:", ["carriers"]),
    ]


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ("en", ["Reported statement (Mr. Orda, said): the bridge stands", "Quotation (Mr. Orda): “It holds,”"]),
        ("ru", ["Высказывание в пересказе (Mr. Orda, said): the bridge stands", "Цитата (Mr. Orda): «It holds,»"]),
        (
            "kk",
            ["Төлеу сөзбен берілген мәлімдеме (Mr. Orda, said): the bridge stands", "Дәйексөз (Mr. Orda): «It holds,»"],
        ),
    ],
)
def test_reported_speech_is_never_a_name_a_colon_and_words(bridge: Path, tag: str, told: list[str]) -> None:
    page = page_of(bridge, tag)
    lines = [article.speech.row.caption for article in page.articles() if article.speech]
    assert set(told) <= set(lines)
    html = html_of(page)
    assert "Orda: " not in html and "Tal: " not in html
    shown = re.search(r'<p class="sp">(?:(?!</p>).)*Mr\. Orda.*?</p>', html, re.DOTALL)
    assert shown is not None and Words(tag)("in_reported_speech") in shown[0]
    assert "verb::after" not in (ROOT / "src/communique/publish/site/static/style.css").read_text(encoding="utf-8")


def test_support_without_words_names_who_gave_it(bridge: Path) -> None:
    page = page_of(bridge)
    article = next(a for a in page.articles() if a.speech and not a.speech.words)
    assert article.speech is not None and article.speech.row.caption == "Tal supported"
    assert [(r.label, [v.text for v in r.values]) for r in article.rows] == [
        ("about:", ["Reported statement (Mr. Orda, said): the bridge stands"])
    ]
    assert [r.caption for r in article.rows] == [
        "Tal supported – about: Reported statement (Mr. Orda, said): the bridge stands"
    ]
    assert not article.speech.is_reported


def test_appreciation_by_an_inferred_agent_has_its_verb(make_newsroom: MakeNewsroom) -> None:
    group = node("this:guests", "Group", "guest of the evening", name="guest of the evening")
    liked = node(
        "this:liked",
        "ReportedStatement",
        {
            "*": "The guest of the evening appreciated the bridge",
            "creator": {"inferred": "The guest of the evening appreciated", "why": "one of several"},
        },
        creator="this:guests",
        reportingVerb="appreciated",
        about="work/bridge",
    )
    bridge = node("work/bridge", "CreativeWork", "appreciated the bridge", name="bridge")
    record = record_of(group, liked, bridge) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "Headline\nThe guest of the evening appreciated the bridge.\n"))
    (article,) = [a for a in page.articles() if a.speech]
    assert article.speech is not None and article.speech.verb is not None
    assert [(v.text, v.reason) for v in article.speech.speakers] == [("guest of the evening", "one of several")]
    assert (article.speech.heading, article.speech.verb.text) == ("", "appreciated")
    assert article.speech.row.caption == "guest of the evening (inferred) appreciated"
    assert ("by:", "one of several") in [(r.label, r.reason) for r in article.rows]
    assert [h.text for s in page.sections if s.key == "groups" for h, _ in s.parts] == ["Spoken of"]


def test_support_has_a_label_in_each_direction_and_language(bridge: Path) -> None:
    labels = {tag: [r.label for a in page_of(bridge, tag).articles() for r in a.rows] for tag in INTERFACE_LANGUAGES}
    assert "with the support of:" in labels["en"] and "supporter of:" in labels["en"]
    assert "при поддержке:" in labels["ru"] and "қолдаушы:" in labels["kk"]


def test_a_supporter_inferred_to_be_a_sponsor_is_once_in_the_summary(make_newsroom: MakeNewsroom) -> None:
    why = {"inferred": "with the support of Bridge Fund", "why": "support is read as money"}
    nodes = [
        node("event/fair", "Event", "The fair showed the report", name="fair", workFeatured="work/report"),
        node("org/fund", "Organization", "Bridge Fund", name="Bridge Fund"),
        node("work/report", "Report", {"*": "with the support of Bridge Fund", "name": "the report", "sponsor": why},
             name="report", supporter="org/fund", sponsor="org/fund"),
    ]  # fmt: skip
    record = record_of(*nodes, about="event/fair") | {"@context": ["context.jsonld"]}
    text = "Headline\nThe fair showed the report, made with the support of Bridge Fund.\n"
    page = page_of(make_newsroom(json.dumps(record), text))
    (line,) = [line for line in page.summary() if line.key == "report"]
    assert [(r.label, [v.text for v in r.values], r.reason) for r in line.rows] == [
        ("with the support of:", ["Bridge Fund"], "")
    ]


def test_a_statement_that_somebody_made_is_not_the_release_s_own(make_newsroom: MakeNewsroom) -> None:
    nodes = [
        node("person/orda", "Person", "Mr. Orda", name="Orda"),
        node("this:one", "Statement", "Mr. Orda holds that bridges last", creator="person/orda", text="bridges last",
             isPartOf="release/sample"),
        node("this:two", "Statement", "Bridges pay", text="Bridges pay", isPartOf="release/sample"),
    ]  # fmt: skip
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "Headline\nMr. Orda holds that bridges last. Bridges pay.\n"))
    assert [a.speech.row.caption for a in page.articles() if a.speech] == [
        "Reported statement (Orda): bridges last",
        "Statement of the release itself: Bridges pay",
    ]


def test_a_picture_shows_no_id_as_a_name(make_newsroom: MakeNewsroom) -> None:
    nodes = [
        node("this:opening-day-1", "Event", "opened by the guild", organizer="org/guild"),
        node("org/guild", "Organization", "the guild", name="guild"),
    ]
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    data = make_newsroom(json.dumps(record), "Headline\nIt was opened by the guild.\n")
    drawn = {
        tag: html_of(page_of(data, tag)).partition('<svg class="pic')[2].partition("</svg>")[0] for tag in ("en", "kk")
    }
    assert ">Event</text></a>" in drawn["en"] and ">Іс-шара</text></a>" in drawn["kk"]
    assert "opening day" not in drawn["en"] + drawn["kk"]


def test_a_contact_of_the_same_name_is_no_contact_of_herself(bridge: Path) -> None:
    person = next(a for a in page_of(bridge).articles() if a.iri.endswith("person/tal"))
    assert [(r.label, [v.text for v in r.values]) for r in person.rows] == [("contact:", ["details"])]


def test_agreement_without_words_is_not_listed_among_statements(site: Path) -> None:
    text = (site / "person/zhakupov.mia-kz/index.html").read_text(encoding="utf-8")
    parts = dict(re.findall(r"<h3[^>]*>([^<]*)</h3>(.*?)</section>", text, re.DOTALL))
    verbs = {head: re.findall(r'class="verb"[^>]*>(\w+)<', part) for head, part in parts.items()}
    assert verbs["Reported statements"] == ["stressed", "reported"] and verbs["Reported"] == ["supported"]


def test_no_id_is_shown_as_words(site: Path) -> None:
    text = (site / "person/zhakupov.mia-kz/index.html").read_text(encoding="utf-8")
    assert "statement sultanov 1" not in text and "recommendations of the report" not in text
    words = "the importance of the Special Report as the human trafficking is an actual problem for Kazakhstan"
    assert re.search(
        rf'#statement-sultanov-1"[^>]*>(<bdi>)?Reported statement \(Mr\. Sultanov, mentioned\): {words}<', text
    )


@pytest.mark.parametrize(
    ("classes", "called"),
    [
        ([ORG + "Membership"], "Должность"),
        ([SCHEMA + "ContactPoint"], "Контакт"),
        ([FOAF + "Group"], "Группа"),
        ([SCHEMA + "InviteAction"], "приглашение"),
        ([SCHEMA + "Legislation", SCHEMA + "CreativeWork"], "Правовой акт"),
        ([SCHEMA + "Event"], "Событие"),
        ([CMQ + "ReportedStatement"], "Высказывание, говорящий не назван"),
        ([CMQ + "PolicyRecommendation", SCHEMA + "Statement"], "Рекомендация"),
        ([], "Сущность"),
    ],
)
def test_a_node_without_a_name_is_labelled_by_its_kind(classes: list[str], called: str) -> None:
    base = "https://e.org/id/"
    one = NamedNode(f"{base}release/a#a-node-1")
    scene = Scene([Quad(one, NamedNode(TYPE), NamedNode(cls), NamedNode(f"{base}graph/a")) for cls in classes], base)
    assert label_for_unnamed(scene, Words("ru"), one.value) == called


def test_choices_are_words_and_no_addresses(site: Path) -> None:
    found: dict[str, str] = {}
    for path in site.glob("queries/*/index.html"):
        for field in re.findall(r"<select.*?</select>", path.read_text(encoding="utf-8"), re.DOTALL):
            found |= dict(re.findall(r'<option value="([^"]+)"[^>]*>(.*?)</option>', unescape(field)))
    assert len(found) > 60
    assert {value: text for value, text in found.items() if value == text or "#" in text or "://" in text} == {}
    assert found["with"] == "stated and inferred"
    assert found["http://schema.org/Person"] == "Person (schema:Person)"
    assert found[f"release/{SLUG}#group-women"] == "women"
    assert found[f"release/{SLUG}#role-sultanov.chr-kz-chr-kz"] == "Chairman (Mr. Sultanov)"
    assert found[f"release/{SLUG}#media-contact"] == "Contact (Anissa Kuanova)"
    long = found[f"release/{SLUG}#statement-abishev-2"]
    assert long.startswith("Reported statement (Mr. Abishev, stressed): the local") and long.endswith(" …")
    assert len(long) <= 92
    russian = (site / "queries/who-said-what/index.ru.html").read_text(encoding="utf-8")
    assert '<option value="only">только выводы читателя</option>' in russian


def test_nodes_inside_a_release_have_their_names_in_answers(site: Path) -> None:
    names = json.loads((site / "assets/names.json").read_bytes())["titles"] if (site / "assets").is_dir() else {}
    assert not names or names[f"release/{SLUG}#group-women"] == "women"
    text = (site / "queries/inferred-facts/index.html").read_text(encoding="utf-8")
    assert not re.search(r">(group|statement|role|recommendation)-[a-z0-9-]+</a>", text)


def test_a_group_that_is_its_own_audience_is_named_once(make_newsroom: MakeNewsroom) -> None:
    group = node("this:towns", "Audience", "towns should", audienceType="towns")
    record = record_of(group) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "Headline\nHe said that towns should act.\n"))
    (article,) = [a for a in page.articles() if a.iri.endswith("#towns")]
    assert article.rows == () and article.named is not None and article.named.evidence


def test_agreement_shown_elsewhere_keeps_who_agreed(make_newsroom: MakeNewsroom, tmp_path: Path) -> None:
    nodes = [
        node("person/orda", "Person", "Mr. Orda", name="Orda"),
        node("person/tal", "Person", "supported by Ms. Tal", name="Tal"),
        node("this:agreed", "ReportedStatement", "The plan was supported by Ms. Tal", creator="person/tal",
             reportingVerb="supported", about="work/plan", referredToAs="her support"),
        node("work/plan", "CreativeWork", "The plan", name="plan"),
        node("this:noted", "ReportedStatement", "Mr. Orda noted her support", creator="person/orda",
             reportingVerb="noted", text="her support", about="this:agreed"),
    ]  # fmt: skip
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    text = "Headline\nThe plan was supported by Ms. Tal. Mr. Orda noted her support.\n"
    data = make_newsroom(json.dumps(record), text)
    (data / "dataset.yaml").write_text("title: T\npublisher: P\nlicense: https://e.org/l\n", encoding="utf-8")
    outcome = build(open_newsroom(data), tmp_path / "public", jobs=1)
    assert [f.message for f in outcome.findings if f.severity == "violation"] == []
    page = (tmp_path / "public/person/orda/index.html").read_text(encoding="utf-8")
    assert "about: Tal supported" in page and "no speaker" not in page


# ---- statements, kinds, groups and lists


def inferred(quote: str, why: str) -> dict[str, str]:
    return {"inferred": quote, "why": why}


def test_words_inferred_to_be_reported_are_marked(make_newsroom: MakeNewsroom) -> None:
    quote = "We should build on"
    nodes = [
        node("person/orda", "Person", "Mr. Orda", name="Orda"),
        node("this:said", "ReportedStatement", "Mr. Orda said that it stands", creator="person/orda",
             reportingVerb="said", text="it stands"),
        node("this:ours", ["Statement", "ReportedStatement"],
             {"*": quote, "type": {"ReportedStatement": inferred(quote, "may be the release's own")}}, text=quote),
    ]  # fmt: skip
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    data = make_newsroom(json.dumps(record), "Headline\nMr. Orda said that it stands. We should build on.\n")
    text = re.sub(r"<[^>]+>", "", html_of(page_of(data)))
    assert text.count("(reported speech)") == 2
    assert re.search(r"Orda said \(reported speech\)\s*it stands", text)
    assert "(reported speech) inferred. Why: may be the release&#39;s own" in text
    assert "No speaker named (reported speech)" not in text
    assert "they may be the release’s own; that is marked" in text


def test_an_inferred_speaker_stands_above_the_words_marked_as_inferred(make_newsroom: MakeNewsroom) -> None:
    nodes = [
        node("person/orda", "Person", "Mr. Orda", name="Orda"),
        node("this:said", "Quotation", {"creator": inferred("the walls hold", "nobody else speaks")},
             creator="person/orda", text="the walls hold"),
        node("this:lone", "Quotation", "no roof", text="no roof yet"),
    ]  # fmt: skip
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    data = make_newsroom(json.dumps(record), "Headline\nMr. Orda came. “the walls hold”, “no roof yet”.\n")
    page = page_of(data)
    html = html_of(page)
    assert html.count("No speaker named") == 1  # of the other one
    assert re.search(r"Orda\s+inferred", re.sub(r"<[^>]+>", "", html))
    said = f"{page.compiled.iri}#said"
    assert attribution(page.scene, Words("en"), said) == "Quotation (Orda (inferred))"
    assert attribution(page.scene, Words("ru"), said) == "Цитата (Orda (вывод читателя))"


def test_an_inferred_class_is_shown_where_the_section_implies_it(make_newsroom: MakeNewsroom) -> None:
    nodes = [
        node("org/ring", "Organization",
             {"*": "members of the Ring", "type": inferred("members of the Ring", "it has members")}, name="Ring"),
        node("org/guild", "Organization", "the Guild", name="Guild"),
        node("org/club", ["Organization", "NGO"],
             {"*": "the Club", "type": {"NGO": inferred("the Club", "clubs are")}}, name="Club"),
    ]  # fmt: skip
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), "Headline\nmembers of the Ring, the Guild, the Club.\n"))
    kinds = {
        a.title.text: [(r.values[0].text, r.reason) for r in a.rows if r.label == "kind:"] for a in page.articles()
    }
    assert kinds["Ring"] == [("organisation", "it has members")] and kinds["Guild"] == []
    assert kinds["Club"] == [("non-governmental organisation", "clubs are")]


def test_a_group_inferred_to_be_addressed_is_under_a_marked_heading(make_newsroom: MakeNewsroom) -> None:
    said = {"*": "Mr. Orda said that drivers should wait", "audience": inferred("drivers should wait", "they should")}
    nodes = [
        node("person/orda", "Person", "Mr. Orda", name="Orda"),
        node("this:drivers", "Group", "drivers should", name="drivers"),
        node("this:guests", "Group", "guests were there", name="guests"),
        node("event/fair", "Event", "the fair", name="fair", attendee="this:guests"),
        node("this:said", "ReportedStatement", said, creator="person/orda", reportingVerb="said",
             text="drivers should wait", audience="this:drivers"),
    ]  # fmt: skip
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    text = "Headline\nMr. Orda said that drivers should wait. At the fair guests were there.\n"
    page = page_of(make_newsroom(json.dumps(record), text))
    (parts,) = [s.parts for s in page.sections if s.key == "groups"]
    assert [(h.text, h.reason) for h, _ in parts] == [("Attendance", ""), ("Audience", "they should")]
    (drivers,) = parts[1][1]
    assert [(r.label, r.reason, r.evidence) for r in drivers.rows] == [("audience of:", "they should", "")]
    assert 'Audience</bdi> <em class="tag">inferred</em>' in html_of(page)


def test_a_list_has_the_order_of_the_text_and_tells_a_group_from_a_topic(make_newsroom: MakeNewsroom) -> None:
    names, said = ("women", "children", "miners"), "Mr. Orda said that women, children and miners wait"
    nodes = [
        node("person/orda", "Person", "Mr. Orda", name="Orda"),
        *(node(f"this:{name}", "Group", name, name=name) for name in names),
        node("topic/miners", ["Concept", "DefinedTerm"], "miners", name="miners"),
        node("this:said", "ReportedStatement", {"*": said, "about": said},
             creator="person/orda", reportingVerb="said", text="women, children and miners wait",
             about=["topic/miners", "this:children", "this:miners", "this:women"]),
    ]  # fmt: skip
    record = record_of(*nodes) | {"@context": ["context.jsonld"]}
    page = page_of(make_newsroom(json.dumps(record), f"Headline\n{said}.\n"))
    (row,) = [r for a in page.articles() if a.speech for r in a.rows if r.label == "about:"]
    assert [v.text for v in row.values] == ["women", "children", "miners (group)", "miners (topic)"]


def test_words_shown_elsewhere_keep_their_speaker_and_verb(bridge: Path) -> None:
    page = page_of(bridge)
    assert page.maker.display_name(f"{page.compiled.iri}#should") == "Recommendation: Drivers should be careful"
    assert page.maker.display_name(f"{page.compiled.iri}#noted") == "Reported statement (Students, noted): it is long"


@pytest.mark.parametrize(
    ("more", "cited"),
    [
        ({"dateline": "Oskemen, 3 May 2016"}, "Press release. Dateline: Oskemen, 3 May 2016. https://"),
        ({"datePublished": "2016-05-04"}, "Press release. 4 May 2016. https://"),
        ({}, "Press release. https://"),
    ],
)
def test_a_release_is_cited_by_its_dateline_where_nobody_states_a_day_of_publication(
    make_newsroom: MakeNewsroom, more: dict[str, str], cited: str
) -> None:
    evidence = {"*": "Headline", "dateline": "Oskemen, 3 May 2016", "datePublished": "Published on 4 May 2016"}
    own = {name: quote for name, quote in evidence.items() if name == "*" or name in more}
    record = record_of(evidence=own, **more) | {"@context": ["context.jsonld"]}
    text = "Headline\nOskemen, 3 May 2016. It stands. Published on 4 May 2016.\n"
    assert f"Headline. {cited}" in page_of(make_newsroom(json.dumps(record), text))._citation()


# ---- what the page of an entity says


GUEST = """Headline
News: Mr. Orda said that bridges last. His words were supported by Ms. Tal, who stressed that they pay. Guests came
to the fair. The plan on bridges is old. For more call Ms. Tal, tel. +44 20 7946 0001
"""


@pytest.fixture(scope="module")
def guests(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built publication in which somebody supports, then speaks, and is the contact; with a fair, a plan, a genre."""
    data = tmp_path_factory.mktemp("guests") / "data"
    attended = {"this:guests": "Guests came", "person/tal": inferred("supported by Ms. Tal", "she spoke")}
    came = {"*": "the fair", "attendee": attended}
    nodes = [
        node("person/orda", "Person", "Mr. Orda", name="Orda", honorificPrefix="Mr."),
        node("person/tal", "Person", "supported by Ms. Tal", name="Tal",
             contactPoint="this:desk"),
        node("this:desk", "ContactPoint", {"*": "call Ms. Tal, tel. +44 20 7946 0001", "contactType": "For more call"},
             name="Tal",
             telephone="+44 20 7946 0001", contactType="more"),
        node("this:guests", "Group", "Guests came", name="guests"),
        node("event/fair", "Event", came, name="fair", attendee=["this:guests", "person/tal"]),
        node("work/plan", "CreativeWork", "The plan on bridges is old", name="plan", about="topic/bridges"),
        node("topic/bridges", ["Concept", "DefinedTerm"], "bridges last", name="bridges"),
        node("topic/news", ["Concept", "DefinedTerm"], "News:", name="news"),
        node("this:said", "ReportedStatement", "Mr. Orda said that bridges last", creator="person/orda",
             reportingVerb="said", text="bridges last", about="topic/bridges", referredToAs="His words"),
        node("this:agreed", "ReportedStatement", "His words were supported by Ms. Tal", creator="person/tal",
             reportingVerb="supported", about="this:said"),
        node("this:pays", "ReportedStatement", "Ms. Tal, who stressed that they pay", creator="person/tal",
             reportingVerb="stressed", text="they pay"),
    ]  # fmt: skip
    evidence = {"*": "Headline", "genre": "News:", "mediaContact": "For more call Ms. Tal"}
    record = record_of(*nodes, genre="topic/news", mediaContact="this:desk", evidence=evidence)
    folder = data / "releases" / "sample"
    folder.mkdir(parents=True)
    (folder / "record.yaml").write_text(json.dumps(record), encoding="utf-8")
    (folder / "source.txt").write_text(GUEST, encoding="utf-8")
    (data / "dataset.yaml").write_text("title: T\npublisher: P\nlicense: https://e.org/l\n", encoding="utf-8")
    outcome = build(open_newsroom(data), data.parent / "public", jobs=1)
    assert [f.message for f in outcome.findings if f.severity == "violation"] == []
    return data.parent / "public"


def read_as_text(page: Path) -> str:
    main = page.read_text(encoding="utf-8").partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def test_agreement_stands_before_the_words_that_follow_it_in_the_text(guests: Path) -> None:
    text = read_as_text(guests / "person/tal/index.html")
    assert text.index("Tal supported") < text.index("Tal stressed")
    assert "about: Reported statement (Mr. Orda, said): bridges last" in text


def test_the_page_of_a_contact_says_for_whom_and_how(guests: Path) -> None:
    text = read_as_text(guests / "person/tal/index.html")
    assert "telephone: +44 20 7946 0001" in text and "contact for: more" in text
    assert "contact for the media in: Headline" in text and "contact: details" not in text


def test_a_genre_has_the_release_whose_genre_it_is(guests: Path) -> None:
    assert "genre of: Headline" in read_as_text(guests / "topic/news/index.html")


def test_a_fact_without_words_of_its_own_leads_to_those_of_its_subject(guests: Path) -> None:
    text = read_as_text(guests / "topic/bridges/index.html")
    assert "subject of: plan Where it says so: ¶ 2" in text


def test_the_page_of_an_event_lists_who_attended_with_the_reasons(guests: Path) -> None:
    text = read_as_text(guests / "event/fair/index.html")
    assert "attendance: guests" in text
    assert re.search(r"attendance: Tal Where it says so: ¶.1 inferred Why: she spoke", text)


def test_names_in_lists_are_as_written_whatever_their_order(site: Path) -> None:
    text = (site / "person/index.html").read_text(encoding="utf-8")
    assert "Khadicha Abysheva" in text and "Abysheva, Khadicha" not in text
    assert text.index("Khadicha Abysheva") < text.index("Zulfiya Baysakova") < text.index("Nurbyubyu Kerimova")

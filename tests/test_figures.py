"""Figures of a record held against the text: what is said passes, what is said of something else does not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from communique.compile.compiler import Compiled, compile_release
from communique.context import read_context
from communique.read.release import build_release, read_release
from communique.terms import CMQ, SCHEMA
from tests.terms import value_of

BASE = "https://example.org/id/"
NODES = """
  - {id: org/mill, type: Organization, name: Example Mill}
  - {id: org/yard, type: Organization, name: Sample Yard}
  - {id: work/dam, type: CreativeWork, name: Sample Dam}
"""
TEXT = {
    "en": (
        "Sampletown, 3 February 2020. The Example Mill employs 84 people and has 12 offices. "
        "Sample Yard has 30 offices. "
        "The Sample Dam cost at least €2.5 million in 2019 and €3 million in 2020. "
        "At the Example Mill, 40 per cent of the apprentices are women. "
        "Between 5 and 7 % of the water at Sample Yard is lost. "
        "The Sample Dam saves two and a half million litres of water. "
        "Inspectors rated the quality of the Sample Dam as good. "
        "In 2017 the debt of Sample Yard rose from €4 million to €5 million. "
        "Sample Yard built 90 boats and 15 rafts in 2017, and 95 boats and 16 rafts in 2018. "
        "Example Mill had revenues of €8 million and losses of €7 million. "
        "Example Mill gave 250 meals and £40,000 to the town. "
        "Example Mill made a profit of €1 million and Sample Yard made a profit of €6 million."
    ),
}


def compiled(tmp_path: Any, figures: str, text: str, language: str = "en") -> Compiled:
    folder = tmp_path / "sample"
    folder.mkdir()
    nodes = "".join(line for line in NODES.splitlines(keepends=True) if _is_named(line, text))
    (folder / "source.txt").write_text(f"A headline\n\n{text}\n", encoding="utf-8")
    record = f"""
"@context": context.jsonld
graph:
  - id: release/sample
    type: PressRelease
    headline: A headline
    figures:
      - {figures}
{nodes}"""
    (folder / "record.yaml").write_text(record, encoding="utf-8")
    return compile_release(read_release(folder), read_context(), base=BASE, language=language)


def _is_named(line: str, text: str) -> bool:
    return "name" in line and line.partition("name: ")[2].strip(" }\n") in text


def values(result: Compiled) -> dict[str, str]:
    about = [q for q in result.facts if value_of(q.subject).endswith("#figure-1")]
    return {q.predicate.value.removeprefix(SCHEMA).removeprefix(CMQ): value_of(q.object) for q in about}


TRUE = [
    "{of: org/mill, what: people, value: 84}",
    "{of: org/mill, what: offices, value: 12}",
    "{of: org/yard, what: offices, value: \"30\"}",
    "{of: work/dam, what: cost, value: \"2.5 million\", unit: EUR, comparison: at least, at: \"2019\"}",
    "{of: work/dam, what: cost, value: at least 2.5 million euros, at: \"2019\"}",
    "{of: org/mill, what: women, value: 40 %}",
    "{of: org/mill, what: apprentices, value: \"40\", unit: per cent}",
    "{of: org/yard, what: water lost, value: 5-7 %}",
    "{of: work/dam, what: water, value: two and a half million litres}",
    "{of: work/dam, what: water, value: \"2500000\", unit: litres}",
    "{of: work/dam, what: quality, value: good}",
    "{of: org/mill, what: profit, value: 1 million, unit: €}",
    "{of: org/yard, what: profit, value: €6 million}",
    "{of: org/mill, what: revenues, value: €8 million}",
    "{of: org/mill, what: losses, value: €7 million}",
    "{of: org/yard, what: debt, value: €4 million}",
    "{of: org/yard, what: debt, value: €5 million, at: \"2017\"}",
    "{of: org/yard, what: rafts, value: 16, at: \"2018\"}",
    "{of: work/dam, what: cost, value: \"€3 million\", at: \"2020\", evidence: cost at least … €3 million in 2020}",
]  # fmt: skip


@pytest.mark.parametrize("figure", TRUE)
def test_a_figure_that_the_text_gives_has_evidence(figure, tmp_path):
    result = compiled(tmp_path, figure, TEXT["en"])
    assert [f.message for f in result.findings] == []
    node = f"{BASE}release/sample#figure-1"
    assert node in {value_of(q.subject) for q in result.evidence if q.predicate.value == CMQ + "evidence"}


FALSE = [
    ("a value of something else", "{of: org/mill, what: people, value: 12}"),
    ("a value that is not there", "{of: org/mill, what: people, value: 85}"),
    ("what another number counts", "{of: org/mill, what: offices, value: 84}"),
    ("of another organisation", "{of: org/yard, what: people, value: 84}"),
    ("of another organisation nearby", "{of: org/mill, what: offices, value: 30}"),
    ("a comparison left out", "{of: work/dam, what: cost, value: 2.5 million, unit: EUR, at: \"2019\"}"),
    ("another comparison", "{of: work/dam, what: cost, value: more than 2.5 million, unit: EUR}"),
    ("a comparison made up", "{of: org/mill, what: people, value: at least 84}"),
    ("another currency", "{of: work/dam, what: cost, value: at least 2.5 million, unit: USD}"),
    ("no currency", "{of: work/dam, what: cost, value: at least 2.5 million}"),
    ("another multiplier", "{of: work/dam, what: cost, value: at least 2.5 billion, unit: EUR}"),
    ("no multiplier", "{of: work/dam, what: cost, value: at least 2.5, unit: EUR}"),
    ("what another number of that year counts", "{of: org/yard, what: rafts, value: 95, at: \"2018\"}"),
    ("the number of another year", "{of: org/yard, what: boats, value: 90, at: \"2018\"}"),
    ("words nearer to another number", "{of: org/mill, what: revenues, value: €7 million}"),
    ("words nearer to the number after them", "{of: org/mill, what: losses, value: €8 million}"),
    ("money for what a mere number counts", "{of: org/mill, what: meals, value: £40000}"),
    ("another year", "{of: work/dam, what: cost, value: at least €2.5 million, at: \"2020\"}"),
    ("a year that is not there", "{of: org/mill, what: people, value: 84, at: \"2018\"}"),
    ("per cent left out", "{of: org/mill, what: apprentices, value: 40}"),
    ("per cent made up", "{of: org/mill, what: people, value: 84 %}"),
    ("another end of a range", "{of: org/yard, what: water, value: 5-8 %}"),
    ("one end of a range", "{of: org/yard, what: water, value: 7 %}"),
    ("another unit", "{of: work/dam, what: water, value: 2500000, unit: tonnes}"),
    ("another rating", "{of: work/dam, what: quality, value: bad}"),
    ("a rating of something else", "{of: org/mill, what: quality, value: good}"),
    ("the profit of the other", "{of: org/mill, what: profit, value: €6 million}"),
    ("the profit of the one", "{of: org/yard, what: profit, value: €1 million}"),
    ("what the text does not say", "{of: org/mill, what: cats, value: 84}"),
    ("a cost that is a profit", "{of: work/dam, what: cost, value: €6 million}"),
    ("a quote with another number", "{of: org/mill, what: people, value: 84, evidence: Sample Yard has 30 offices}"),
    ("a period that is not there", "{of: org/mill, what: people, value: 84, from: \"2010\", to: \"2014\"}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "figure"), FALSE)
def test_a_figure_that_the_text_does_not_give_is_one_finding(name, figure, tmp_path):
    result = compiled(tmp_path, figure, TEXT["en"])
    assert [f.code for f in result.findings if f.severity == "violation"] == ["not-grounded"]


OTHER_LANGUAGES = [
    ("de", "Example Mill beschäftigt 84 Menschen. Der Sample Dam kostete mindestens 2,5 Mio. Euro.",
     ["{of: org/mill, what: Menschen, value: 84}", "{of: work/dam, what: Kosten, value: \"mindestens 2,5 Mio. Euro\"}",
      "{of: work/dam, what: kostete, value: 2.5 million, comparison: at least, unit: EUR}"],
     ["{of: org/mill, what: Menschen, value: 48}", "{of: work/dam, what: kostete, value: 2.5 million, unit: EUR}",
      "{of: org/mill, what: kostete, value: \"mindestens 2,5 Mio. Euro\"}"]),
    ("fr", "Example Mill emploie 84 personnes. Sample Dam a coûté plus de 2,5 millions d’euros.",
     ["{of: org/mill, what: personnes, value: 84}", "{of: work/dam, what: coûté, value: more than 2500000 EUR}"],
     ["{of: work/dam, what: coûté, value: at least 2500000 EUR}", "{of: work/dam, what: personnes, value: 84}"]),
    ("ru", "На заводе Example Mill работают 84 человека. Плотина Sample Dam обошлась не менее чем в 2,5 млн евро.",
     ["{of: org/mill, what: человек, value: 84}"],
     ["{of: org/mill, what: человек, value: 48}", "{of: work/dam, what: плотина, value: \"2,5 млрд евро\"}"]),
    ("kk", "Example Mill зауытында 84 адам жұмыс істейді. Sample Dam бөгеті 2,5 млн теңге тұрды.",
     ["{of: org/mill, what: адам, value: 84}", "{of: work/dam, what: бөгеті, value: 2.5 million, unit: KZT}"],
     ["{of: org/mill, what: адам, value: 85}", "{of: work/dam, what: бөгеті, value: 2.5 million, unit: EUR}"]),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "true", "false"), OTHER_LANGUAGES, ids=lambda value: str(value)[:2])
def test_figures_are_held_against_texts_of_other_languages(language, text, true, false, tmp_path):
    for k, figure in enumerate([*true, *false]):
        folder = tmp_path / str(k)
        folder.mkdir()
        codes = [f.code for f in compiled(folder, figure, text, language).findings if f.severity == "violation"]
        assert (figure, codes) == (figure, [] if figure in true else ["not-grounded"])


@pytest.mark.parametrize(
    ("figure", "published"),
    [
        ("{of: org/mill, what: people, value: 84}", {"value": "84"}),
        ("{of: work/dam, what: cost, value: at least 2.5 million euros, at: \"2019\"}",
         {"minValue": "2500000", "comparison": "at least", "currency": "EUR", "observationDate": "2019"}),
        ("{of: org/yard, what: water lost, value: 5-7 %}",
         {"minValue": "5", "maxValue": "7", "unitCode": "P1", "unitText": "%"}),
        ("{of: work/dam, what: quality, value: good}", {"value": "good"}),
    ],
)  # fmt: skip
def test_a_figure_is_published_in_digits_and_a_bound_is_no_value(figure, published, tmp_path):
    result = values(compiled(tmp_path, figure, TEXT["en"]))
    kept = {key: value for key, value in result.items() if "#" not in key}
    assert {key: kept[key] for key in kept if key not in ("variableMeasured", "observationAbout")} == published


@pytest.mark.parametrize(
    ("value", "published"),
    [
        ("about 50", {"value": "about 50", "comparison": "about"}),
        ("almost 50", {"maxValue": "50", "comparison": "almost"}),
        ("up to 50", {"maxValue": "50", "comparison": "at most"}),
        ("fewer than 50", {"maxValue": "50", "comparison": "less than"}),
        ("over 50", {"minValue": "50", "comparison": "more than"}),
    ],
)
def test_no_comparison_is_published_as_an_exact_number(value, published, tmp_path):
    result = compiled(tmp_path, f"{{of: org/mill, what: boats, value: {value}}}", f"Example Mill has {value} boats.")
    assert [f.message for f in result.findings if f.severity == "violation"] == []
    kept = {key: text for key, text in values(result).items() if key in ("value", "minValue", "maxValue", "comparison")}
    assert kept == published
    assert not any(value_of(q.object) == "50" for q in result.facts if q.predicate.value == SCHEMA + "value")


def test_a_record_made_to_keep_the_checker_busy_stops_at_the_budget(tmp_path):
    text = "Example Mill has " + "84 boats and " * 20_000 + "one raft."
    figures = "{of: org/mill, what: rafts, value: 84}\n" + "      - {of: org/mill, what: rafts, value: 84}\n" * 300
    began = time.process_time()
    result = compiled(tmp_path, figures, text)
    assert "too-much-work" in {f.code for f in result.findings}
    assert time.process_time() - began < 60  # about five seconds


def test_figures_of_a_text_from_right_to_left_are_held_against_it(tmp_path):
    text = "يعمل في Example Mill 84 عاملا، وبلغت الإيرادات 2.5 EUR."
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    true, false = "{of: org/mill, what: عاملا, value: 84}", "{of: org/mill, what: عاملا, value: 48}"
    assert [f.message for f in compiled(tmp_path / "a", true, text, "ar").findings if f.severity == "violation"] == []
    codes = [f.code for f in compiled(tmp_path / "b", false, text, "ar").findings if f.severity == "violation"]
    assert codes == ["not-grounded"]


@pytest.mark.parametrize(
    ("figure", "text", "why"),
    [
        ("{of: org/yard, what: people, value: 84}", "Sample Yard opened. The payroll has 84 people.",
         "this sentence does not name the node"),
        ("{of: org/yard, what: people, value: 84}", "Sample Yard met Example Mill, which employs 84 people.",
         "nearer to the number: 'Example Mill' (org/mill)"),
        ("{of: org/mill, what: people, value: a quarter}", "“A quarter of the people left Example Mill,” he said.",
         "somebody says it between quotation marks"),
    ],
)  # fmt: skip
def test_a_finding_on_a_figure_says_what_else_the_words_say(figure, text, why, tmp_path):
    [found] = [f for f in compiled(tmp_path, figure, f"Sampletown, 3 February 2020. {text}").findings if f.why]
    assert found.code == "not-grounded"
    assert any(why in line for line in found.why), found.why


COST = "Modelton. Sample Yard opened in May. The investment was 9 million euros."


@pytest.mark.parametrize(
    ("evidence", "found"),
    [
        ("", True),
        (", evidence: {of: {why: the yard stands in the sentence before}}", False),
        (", evidence: [Sample Yard opened, The investment was 9 million euros]", False),
    ],
    ids=["nothing", "a mark", "words of both sentences"],
)
def test_a_cost_of_what_the_sentence_before_names_needs_a_mark_or_both_quotes(
    tmp_path: Any, evidence: str, found: bool
) -> None:
    figure = f"{{of: org/yard, what: investment, value: 9 million euros{evidence}}}"
    wrong = [f for f in compiled(tmp_path, figure, COST).findings if f.severity == "violation"]
    assert bool(wrong) is found
    assert all("a list, if they stand in two sentences" in (f.fix or "") for f in wrong)
    assert all("evidence: {of: {why: …}}" in (f.fix or "") for f in wrong)


GRANT = "Modelton. The Mock Fund gave a grant of 9 million euros. The Mock Fund has 12 members."


def test_the_amount_of_a_grant_is_its_amount_by_rule_and_a_number_of_it_is_not() -> None:
    figures = [{"what": "grant", "value": "9 million euros"}, {"what": "members", "value": "12", "of": "org/fund"}]
    grant = {"id": "this:grant", "type": "schema:MonetaryGrant", "name": "a grant", "figures": figures}
    graph = [
        {
            "id": "release/sample",
            "type": "PressRelease",
            "headline": "Modelton",
            "mentions": ["this:grant", "org/fund"],
        },
        {"id": "org/fund", "type": "Organization", "name": "Mock Fund"},
        grant,
    ]
    release = build_release("sample", GRANT, {"@context": "context.jsonld", "graph": graph}, Path("a"), 1)
    made = compile_release(release, read_context(), base=BASE)
    assert [f.message for f in made.findings if f.severity == "violation"] == []
    amounts = [value_of(q.object) for q in made.facts if q.predicate.value == SCHEMA + "amount"]
    assert [amount.rpartition("#")[2] for amount in amounts] == ["figure-grant-1"]

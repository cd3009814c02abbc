"""The canned questions, asked of the first real release."""

import pytest

REAL = {
    "speakers": [
        ("Sultanov", "Chairman", "org/chr-kz", 1616),
        ("Zhakupov", "Deputy Minister of Internal Affairs", "org/mia-kz", 1841),
        ("Bermet Moldobaeva", "Counter-Trafficking Program Coordinator for Central Asia", "org/iom", 2315),
        ("Abishev", "Secretary", "org/chr-kz", 2760),
        ("participants of the event", None, None, 3271),
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
    "reports": ("report", "published", "identifier", "date", "sponsor"),
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
        [r for r in real.query("what-happened").to_dicts() if r["part"] == "attended by"]
    )
    assert all(release.source[row["start"] : row["end"]] == row["quote"] for row in rows)
    assert {(row["basis"], row["reason"] is None) for row in rows} == {("stated", True), ("inferred", False)}

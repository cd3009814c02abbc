"""Headline and dateline in the layouts of agencies, wires, press offices and Markdown, in several scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from communique.api import open_newsroom
from communique.compile.skeleton import Newcomer, render_skeleton
from communique.findings import conforms
from communique.read.yamlld import read_yaml
from communique.text.datelines import dateline_at, is_place
from communique.text.openings import headlines_in
from communique.text.passages import Span
from tests.conftest import BASE

HEADLINES = {
    "en": "New bridge opened in Sampletown",
    "de": "Neue Brücke in Musterstadt eröffnet",
    "fr": "Un nouveau pont inauguré à Exempleville",
    "ru": "В Примерске открыт новый мост через реку",
    "kk": "Үлгіқалада жаңа көпір салтанатты түрде ашылды",
    "ar": "افتتاح جسر جديد في مدينة العينة",
}
BODIES = {
    "en": "The minister of works opened the bridge today and thanked the people who had built it.",
    "de": "Die Ministerin hat die Brücke heute eröffnet und allen gedankt, die sie gebaut haben.",
    "fr": "La ministre a inauguré le pont et a remercié toutes les personnes qui l’ont construit.",
    "ru": "Министр открыл мост и поблагодарил всех, кто строил его в течение трёх лет.",
    "kk": "Министр көпірді ашып, оны салған барлық адамдарға алғысын айтты.",
    "ar": "افتتحت الوزيرة الجسر اليوم وشكرت جميع من شاركوا في بنائه.",
}
PLACES = {
    "en": "Sampletown",
    "de": "Musterstadt",
    "fr": "Exempleville",
    "ru": "Примерск",
    "kk": "Үлгіқала",
    "ar": "العينة",
}
DAYS = {
    "en": "3 May 2031",
    "de": "3. Mai 2031",
    "fr": "3 mai 2031",
    "ru": "3 мая 2031",
    "kk": "2031 жылғы 3 мамыр",
    "ar": "٣ مايو ٢٠٣١",
}

DATELINES = [
    "{place}, {day} – ", "{place}, {day} — ", "{place}, {day}: ", "{place} ({day}) – ", "{place} – {day} – ",
    "{place} -- {day} -- ", "{place} / {day} / ", "{place}, {day} /SampleWire/ -- ", "{place} – (WIRE) – {day} – ",
    "{place} / Wire / {day} ", "{place}, {day} (SampleWire) – ", "({place}, {day}) ", "*{place}, {day}* – ",
    "**{place} – {day}** – ", "{place}, {day}\n",
]  # fmt: skip
"""Layouts of datelines; the day is in the layout of the language."""

OPENINGS = [
    "{headline}\n\n{dateline}{body}\n",
    "FOR IMMEDIATE RELEASE\n\n{headline}\n\n{dateline}{body}\n",
    "Press release\n{headline}\n{dateline}{body}\n{body}\n",
    "Home | News | Press\n{headline}\n{headline}\n{dateline}{body}\n",
    "# {headline}\n\n{dateline}{body}\n\n## Contact\n\npress@sample.example\n",
    "{headline}\n=======\n\n{dateline}{body}\n",
    "---\ntitle: {headline}\ndate: 2031-05-03\n---\n\n{dateline}{body}\n",
    '---\ntitle: "{headline}"\ntags: [a, b]\n---\n\n# {headline}\n\n{dateline}{body}\n',
    "Embargoed until: 3 May 2031\n24-7SampleWire\n{headline}\n\n{dateline}{body}\n",
    "May 3, 2031\nhttps://www.sample.example/news/12\n{headline}\n{dateline}{body}\n",
    "**{headline}**\n\n{dateline}{body}\n",
]


def expected_dateline(layout: str, language: str) -> str:
    """What a layout must give: from the place to the day, with the mark of the wire between them."""
    plain = layout.replace("*", "").rstrip("\n")
    end = plain.index("{day}") + len("{day}")
    end += plain[end : end + 1] == ")" and "({day}" in plain
    return plain[:end].lstrip("(").format(place=PLACES[language], day=DAYS[language])


LAYOUTS = [(OPENINGS[0], d) for d in DATELINES] + [(o, DATELINES[k % 4]) for k, o in enumerate(OPENINGS)]


@pytest.mark.parametrize("language", HEADLINES)
def test_headline_and_dateline_are_found_in_every_layout_and_the_record_passes_check(
    language: str, tmp_path: Path
) -> None:
    for k, (opening, layout) in enumerate(LAYOUTS):
        dateline = layout.format(place=PLACES[language], day=DAYS[language])
        text = opening.format(headline=HEADLINES[language], dateline=dateline, body=BODIES[language])
        record = render_skeleton(Newcomer(f"r{k}", text, language, BASE))
        node = (read_yaml(record.encode(), "r")[0] or {})["graph"][0]
        assert (node["headline"], node["dateline"]) == (HEADLINES[language], expected_dateline(layout, language)), text
        folder = tmp_path / "data" / "releases" / f"r{k}"
        folder.mkdir(parents=True)
        (folder / "source.txt").write_text(text, encoding="utf-8")
        (folder / "record.yaml").write_text(record, encoding="utf-8")
    (tmp_path / "data" / "dataset.yaml").write_text(f"title: T\nbase: {BASE}\n", encoding="utf-8")
    newsroom = open_newsroom(tmp_path / "data")
    checked = {release.slug: release.check() for release in newsroom}
    assert len(checked) == len(LAYOUTS) > 20
    assert {slug: found for slug, found in checked.items() if not conforms(found)} == {}


@pytest.mark.parametrize(
    ("line", "dateline"),
    [
        ("SAMPLETOWN, NY, May 3, 2031 /12-3SampleWire/ -- The", "SAMPLETOWN, NY, May 3, 2031"),
        ("ST. SAMPLE - (SampleWire) - May 3, 2031 - The", "ST. SAMPLE - (SampleWire) - May 3, 2031"),
        ("(SampleWire) - May 3, 2031 - The", "May 3, 2031"),
        ("SAMPLETOWN, TX -- May 3rd, 2031 -- The", "SAMPLETOWN, TX -- May 3rd, 2031"),
        ("New Sample City, Samplia, Aug. 3, 2031 – The", "New Sample City, Samplia, Aug. 3, 2031"),
        ("NEW SAMPLE CITY, Samplia August 3, 2031 — The", "NEW SAMPLE CITY, Samplia August 3, 2031"),
        ("St Sample’s, D.C. (S.wire) Tuesday May 6, 2031 The", "St Sample’s, D.C. (S.wire) Tuesday May 6, 2031"),
        ("Port-au-Sample (May 3, 2031) - The", "Port-au-Sample (May 3, 2031)"),
        ("Sample am Main, den 3. Mai 2031 – Die", "Sample am Main, den 3. Mai 2031"),
        ("Sampletown, TX. May 3, 2031", "Sampletown, TX. May 3, 2031"),
        ("Monday, 3 May 2031", "3 May 2031"),
        ("г. Примерск, 3 мая 2031 года – Мост", "г. Примерск, 3 мая 2031"),
        ("Примерск-на-Реке, 3 мая 2031 г. Мост", "Примерск-на-Реке, 3 мая 2031"),
        ("Release Date: May 3, 2031", None),
        ("On May 3, 2031, the bridge", None),
        ("On May 3, 2031 – a Saturday – the bridge", None),
        ("From May 3 through May 5, 2031 the bridge", None),
        ("The new bridge will open on May 3, 2031", None),
        ("New Bridge Set to Open on May 3, 2031", None),
        ("Bridge Day May 3, 2031 was sunny", None),
        ("Ada Examplova said on May 3, 2031: no", None),
        ("Sampletown, May 2031 – The", None),
        ("Am 3. Mai 2031 wurde die Brücke eröffnet", None),
        ("В Примерске, 3 мая 2031 года, открыт мост", None),
        ("The bridge was opened in Sampletown, " + "x" * 90 + ", May 3, 2031", None),
    ],
)  # fmt: skip
def test_a_line_begins_with_a_dateline_or_only_looks_so(line: str, dateline: str | None) -> None:
    language = "ru" if "мая" in line else "de" if "Mai" in line else "en"
    found = dateline_at(line, Span(0, len(line)), language)
    assert (found and line[slice(*found.span)]) == dateline


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("Spring\n\nSampletown, 3 May 2031 – The bridge was opened by her.\n", "Spring"),
        ("Bridge opened\nThe bridge was opened by the minister of works.\n", "Bridge opened"),
        ("Menu\nBridge opened in the town\nThe bridge was opened by the minister.\n", "Bridge opened in the town"),
        ("Press Release No. 12/2031\nBridge opened in the town\n", "Bridge opened in the town"),
        ("Press release 3 May 2031\nBridge opened in the town\n", "Bridge opened in the town"),
        ("MEDIA RELEASE: Bridge opened\n", "Bridge opened"),
        ("PRESSEMITTEILUNG\nBrücke in der Stadt eröffnet\n", "Brücke in der Stadt eröffnet"),
        ("Communiqué de presse – Un pont\n", "Un pont"),
        ("Пресс-релиз\nМост открыт\n", "Мост открыт"),
        ("Баспасөз релизі\nКөпір ашылды\n", "Көпір ашылды"),
        ("بيان صحفي\nافتتاح الجسر\n", "افتتاح الجسر"),
        ("3 May 2031, 10:00 CET\nBridge opened in the town\n", "Bridge opened in the town"),
        ("press@sample.example\n(SAMPLEWIRE)\nSW-2031/05\nBridge opened in the town\n", "Bridge opened in the town"),
        ("Published on 3 May 2031\nBridge opened in the town\n", "Bridge opened in the town"),
        ("News › Press › Bridge\nBridge opened in the town\n", "Bridge opened in the town"),
        ("The bridge was opened by her and all of us.\nMore.\n", "The bridge was opened by her and all of us."),
        ("Press Release No. 12/2031 of 3 May 2031\nBridge opened in the town\n", "Bridge opened in the town"),
        ("Press release of Sample Works of 3 May 2031\nBridge opened in the town\n", "Bridge opened in the town"),
        ("Press release: Bridge opened on 3 May 2031\nMore words here and there\n", "Bridge opened on 3 May 2031"),
        ("Press release of 3 May 2031 on the bridge\nMore\n", "Press release of 3 May 2031 on the bridge"),
        ("Press release of the works on bridges\nMore\n", "Press release of the works on bridges"),
        ("Pressemitteilung der Stadt vom 3. Mai 2031\n\nBrücke: Bau im Herbst\n", "Brücke: Bau im Herbst"),
        ("SAMPLETOWN, NY – 3 May 2031 – The bridge is open, she said. It is new.\n", "The bridge is open, she said"),
        ("Bridge opened on 3 May 2031\nSampletown, 3 May 2031 – It is open.\n", "Bridge opened on 3 May 2031"),
    ],
)  # fmt: skip
def test_the_likeliest_headline_is_no_label_no_navigation_no_date_and_no_address(text: str, headline: str) -> None:
    language = "kk" if "Көпір" in text else "ru" if "Мост" in text else "ar" if "بيان" in text else "en"
    language = "de" if "Brücke" in text else "fr" if "presse" in text else language
    first = headlines_in(text, language)[0]
    assert text[slice(*first)] == headline


@pytest.mark.parametrize("words", ["Rio de Sample", "Port-au-Sample, Samplia", "ST. SAMPLE, MO", "样本市", "العينة"])
def test_names_of_places_are_known_by_their_capital_letters(words: str) -> None:
    assert is_place(words)


@pytest.mark.parametrize(
    "words", ["", "the town", "Sample: town", "A 12", "Since Monday", "Sampletown opened", "X" * 65]
)
def test_other_words_are_no_name_of_a_place(words: str) -> None:
    assert not is_place(words)


@pytest.mark.parametrize("text", ["x", "Spring", "the bridge was opened by the minister of works today, it rained."])
def test_a_text_without_headline_and_dateline_still_begins(text: str) -> None:
    record, _ = read_yaml(render_skeleton(Newcomer("r", text + "\n", "en", BASE)).encode(), "r")
    assert record is not None
    assert record["graph"][0]["headline"] == text and "dateline" not in record["graph"][0]


def test_the_record_names_a_language_only_if_it_is_not_that_of_the_newsroom() -> None:
    own, other = (render_skeleton(Newcomer("r", "Bridge\n", "de", BASE, language)) for language in ("de", "en"))
    assert '"@context": context.jsonld\n' in own
    assert '"@context": [context.jsonld, {"@language": de}]\n' in other
    assert len(own.splitlines()) < 20

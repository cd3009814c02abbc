"""Quantities of a text: value, unit and comparison as en, de, fr, ru and kk write them, and what is no quantity."""

from __future__ import annotations

import time

import pytest

from communique.text.numbers import MOST, quantities_of, read_amount

SAMPLES = [
    # language, text, value (low..high for a range), unit, comparison
    ("en", "The works employ 84 people.", "84", "people", ""),
    ("en", "The dam cost €2.5 million in all.", "2500000", "EUR", ""),
    ("en", "They spent 2,500,000 euros on it.", "2500000", "EUR", ""),
    ("en", "The city gave US$1.2bn to the project.", "1200000000", "USD", ""),
    ("en", "A grant of £350k was awarded.", "350000", "GBP", ""),
    ("en", "At least 50 towns took part.", "50", "towns", "at least"),
    ("en", "More than two hundred and nine families moved.", "209", "families", "more than"),
    ("en", "Almost 3,000 visitors came.", "3000", "visitors", "almost"),
    ("en", "Some 40 per cent of the pupils stayed.", "40", "%", "about"),
    ("en", "Up to 15% of the water is lost.", "15", "%", "at most"),
    ("en", "Fewer than a dozen houses stood there.", "12", "houses", "less than"),
    ("en", "Between 5 and 7 million trees were planted.", "5000000..7000000", "trees", ""),
    ("en", "Growth of 5–7 % is expected.", "5..7", "%", ""),
    ("en", "Two and a half million litres were saved.", "2500000", "litres", ""),
    ("en", "Two thirds of the members voted.", "2/3", "", ""),
    ("en", "Half of the members voted.", "0.5", "", ""),
    ("en", "The level fell by −3.5 metres.", "-3.5", "metres", ""),
    ("en", "The fund has KZT 1,200,000,000.", "1200000000", "KZT", ""),
    ("en", "No fewer than 300 or more seats", "300", "", "at least"),
    ("en", "A total of ₹25,00,000 was paid.", "2500000", "INR", ""),
    ("en", "50 or more boats sailed.", "50", "boats", "at least"),
    ("en", "The price rose by 2½ percentage points.", "2.5", "percentage points", ""),
    ("de", "Das Werk beschäftigt 84 Menschen.", "84", "Menschen", ""),
    ("de", "Der Damm kostete 2,5 Mio. Euro.", "2500000", "EUR", ""),
    ("de", "Es kamen mehr als 1.200 Gäste.", "1200", "Gäste", "more than"),
    ("de", "Mindestens vierundachtzig Orte nahmen teil.", "84", "Orte", "at least"),
    ("de", "Rund 40 Prozent der Schüler blieben.", "40", "%", "about"),
    ("de", "Bis zu 15 % des Wassers gehen verloren.", "15", "%", "at most"),
    ("de", "Die Stiftung gab EUR 3.000.000,50 aus.", "3000000.5", "EUR", ""),
    ("de", "Zwischen 5 und 7 Milliarden Euro fehlen.", "5000000000..7000000000", "EUR", ""),
    ("de", "Zweieinhalb Millionen Bäume wurden gepflanzt.", "2500000", "Bäume", ""),
    ("de", "Ein Drittel der Mitglieder stimmte ab.", "1/3", "", ""),
    ("de", "Fast ein Dutzend Häuser standen dort.", "12", "Häuser", "almost"),
    ("de", "Weniger als 1'500 Franken wurden bezahlt.", "1500", "CHF", "less than"),
    ("fr", "L'usine emploie 84 personnes.", "84", "personnes", ""),
    ("fr", "Le barrage a coûté 2,5 millions d'euros.", "2500000", "EUR", ""),
    ("fr", "Plus de 1 200 visiteurs sont venus.", "1200", "visiteurs", "more than"),
    ("fr", "Au moins soixante-dix-sept villes ont participé.", "77", "villes", "at least"),
    ("fr", "Environ 40 pour cent des élèves sont restés.", "40", "%", "about"),
    ("fr", "Jusqu'à 15 % de l'eau est perdue.", "15", "%", "at most"),
    ("fr", "Près de 3 000 € ont été versés.", "3000", "EUR", "almost"),
    ("fr", "Entre 5 et 7 milliards d’euros manquent.", "5000000000..7000000000", "EUR", ""),
    ("fr", "Deux millions et demi de litres ont été économisés.", "2500000", "litres", ""),
    ("fr", "Moins d'une douzaine de maisons restaient.", "12", "maisons", "less than"),
    ("fr", "Deux tiers des membres ont voté.", "2/3", "", ""),
    ("fr", "Une soixantaine de personnes étaient là.", "60", "personnes", "about"),
    ("fr", "Plus d’une centaine de voix manquaient.", "100", "voix", "more than"),
    ("fr", "Le pont a coûté une dizaine de millions d’euros.", "10000000", "EUR", "about"),
    ("fr", "Trois centaines d’élèves sont venus.", "300", "élèves", "about"),
    ("ru", "На заводе работают 84 человека.", "84", "человека", ""),
    ("ru", "Пришли два десятка компаний.", "20", "компаний", "about"),
    ("ru", "Закрыты полтора десятка школ.", "15", "школ", "about"),
    ("ru", "Затоплено более двух десятков сёл.", "20", "сёл", "more than"),
    ("ru", "Плотина обошлась в 2,5 млн евро.", "2500000", "EUR", ""),
    ("ru", "Более 1 200 гостей приехали.", "1200", "гостей", "more than"),
    ("ru", "Не менее двадцати пяти городов участвовали.", "25", "городов", "at least"),
    ("ru", "Около 40 процентов учеников остались.", "40", "%", "about"),
    ("ru", "До 15 % воды теряется.", "15", "%", "at most"),
    ("ru", "Выделено 3 млрд 500 млн тенге.", "3500000000", "KZT", ""),
    ("ru", "От 5 до 7 млн рублей не хватает.", "5000000..7000000", "RUB", ""),
    ("ru", "Полтора миллиона деревьев посажено.", "1500000", "деревьев", ""),
    ("ru", "Два с половиной миллиона литров сохранено.", "2500000", "литров", ""),
    ("ru", "Почти половина членов голосовала.", "0.5", "", "almost"),
    ("ru", "Свыше 350 тыс. долларов США потрачено.", "350000", "USD", "more than"),
    ("kk", "Зауытта 84 адам жұмыс істейді.", "84", "адам", ""),
    ("kk", "Бөгет 2,5 млн теңге тұрды.", "2500000", "KZT", ""),
    ("kk", "Іс-шараға 50-ден астам қала қатысты.", "50", "қала", "more than"),
    ("kk", "Кемінде жиырма бес ауыл қатысты.", "25", "ауыл", "at least"),
    ("kk", "Шамамен 40 пайыз оқушы қалды.", "40", "%", "about"),
    ("kk", "Екі жарым миллион ағаш отырғызылды.", "2500000", "ағаш", ""),
    ("kk", "1 200 қонақ келді.", "1200", "қонақ", ""),
    ("kk", "Кем дегенде 300 орын бар.", "300", "орын", "at least"),
    ("en-IN", "The scheme covers 12,50,000 farmers.", "1250000", "farmers", ""),
    ("ar", "شارك ٢٥٠ شخصا في الحفل", "250", "شخصا", ""),
]  # fmt: skip


def shown(language: str, text: str) -> set[tuple[str, str, str]]:
    return {
        (f"{q.value}..{q.upper}" if q.upper else q.value, q.unit, q.comparison)
        for q in quantities_of(text, language).all
    }


@pytest.mark.parametrize(("language", "text", "value", "unit", "comparison"), SAMPLES)
def test_a_quantity_is_read_with_its_unit_and_comparison(language, text, value, unit, comparison):
    found = shown(language, text)
    units = {u for v, u, c in found if (v, c) == (value, comparison)}
    assert (value, comparison) in {(v, c) for v, _, c in found}
    assert unit in units or not unit
    assert len(found) == 1 or ".." in value


def test_there_are_samples_of_five_languages():
    assert len(SAMPLES) >= 60
    assert {s[0][:2] for s in SAMPLES} >= {"en", "de", "fr", "ru", "kk"}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "On 29 May 2015 and on 5 May they met."),
        ("en", "Call +44 20 7946 0201 or tel. 020 7946 0202."),
        ("en", "under Article 12 and Section 3, No. 7, Room 14"),
        ("en", "The 19th congress of the A4 COVID-19 group, version 1.2.3"),
        ("en", "The score was 3:2 at 14:30, the office is open 24/7."),
        ("en", "Resolution 1325, page 4"),
        ("en", "hundreds of people, thousands of trees, millions of stars"),
        ("en", "at 2.30 p.m. or 4 pm"),
        ("de", "Am 5. Mai 2015, § 12 Abs. 3, Nr. 7"),
        ("de", "um 14 Uhr"),
        ("fr", "Le 1er mai 2015, article 12, n° 7"),
        ("fr", "plusieurs dizaines de villages, des centaines d’élèves, placés en quarantaine"),
        ("ru", "29 мая 2015 г., статья 12, № 7, 5-й съезд"),
        ("ru", "сотни людей, десятки гостей, несколько сотен дел"),
        ("kk", "2015 жылғы 29 мамыр, № 7 бұйрық"),
    ],
)
def test_dates_telephones_articles_and_ordinals_are_no_quantities(language, text):
    assert [q for q in quantities_of(text, language).all if not q.is_year] == []


@pytest.mark.parametrize(
    ("language", "text", "value"),
    [
        ("en", "2,500 trees", "2500"),
        ("de", "2,500 Bäume", "2.5"),
        ("de", "2.500 Bäume", "2500"),
        ("en", "1,5 trees", "1.5"),
        ("en", "1.234.567,89 trees", "1234567.89"),
        ("de", "1,234,567.89 Bäume", "1234567.89"),
        ("ru", "2.500.000 деревьев", "2500000"),
        ("en", "1 234 567 trees", "1234567"),
        ("en", "1 234 567 trees", "1234567"),
        ("en", "٢٬٥٠٠٬٠٠٠٫٥ trees", "2500000.5"),
    ],
)
def test_the_separators_of_the_language_count_first_and_others_by_their_shape(language, text, value):
    assert [q.value for q in quantities_of(text, language).all] == [value]


def test_digits_that_can_be_read_in_two_ways_are_no_quantity():
    assert quantities_of("2.500 arbres", "fr").all == ()
    assert quantities_of("2.500 x", "x-none").all == ()


def test_a_part_of_a_number_is_never_a_quantity():
    for text in ("9,000 towns", "9 million towns", "one hundred and nine towns", "nine hundred towns", "9.5 towns"):
        assert "9" not in {q.value for q in quantities_of(text, "en").all}


def test_a_mere_one_and_a_fraction_are_marked_as_weak():
    one, half, three = (quantities_of(text, "en").all[0] for text in ("one town", "half the town", "three towns"))
    assert (one.is_weak, half.is_weak, three.is_weak) == (True, True, False)


def test_not_one_ten_is_no_ten():
    assert [(q.value, q.is_weak) for q in quantities_of("Не один десяток людей пришёл.", "ru").all] == [("1", True)]


def test_the_span_of_a_quantity_holds_comparison_and_unit():
    text = "It cost at least €2.5 million in 2019."
    found = next(q for q in quantities_of(text, "en").all if not q.is_year)
    assert text[slice(*found.span)] == "at least €2.5 million"


def test_a_change_from_one_value_to_another_gives_both():
    values = {q.value for q in quantities_of("It rose from 5 to 7 million euros.", "en").all if not q.upper}
    assert values == {"5000000", "7000000"}


@pytest.mark.parametrize(
    ("language", "written", "amount"),
    [
        ("en", "2.5 million", ("2500000", "", "", "", "")),
        ("en", "at least €2.5 million", ("2500000", "", "currency", "EUR", "at least")),
        ("en", "5–7 %", ("5", "7", "percent", "%", "")),
        ("en", "between 5 and 7", ("5", "7", "", "", "")),
        ("en", "84 people", ("84", "", "word", "people", "")),
        ("en", "2015", ("2015", "", "", "", "")),
        ("en", "a third", ("1/3", "", "", "", "")),
        ("de", "2,5 Mio. Euro", ("2500000", "", "currency", "EUR", "")),
        ("de", "2.5 million", ("2500000", "", "", "", "")),
        ("ru", "более 1 200", ("1200", "", "", "", "more than")),
        ("kk", "екі жарым миллион", ("2500000", "", "", "", "")),
        ("x-none", "2500000.50", ("2500000.5", "", "", "", "")),
    ],
)
def test_an_amount_is_read_as_an_author_writes_it(language, written, amount):
    read = read_amount(written, language)
    assert (read.value, read.upper, read.unit_kind, read.unit, read.comparison) == amount
    assert read.text == ""


@pytest.mark.parametrize(
    "written", ["good", "A+", "very high", "two out of three stars", "1.2.3", "better than 5 others"]
)
def test_what_is_no_number_is_a_rating_in_words(written):
    assert read_amount(written, "en").text == written


@pytest.mark.parametrize(
    "hostile",
    ["1" * 1_000_000, "1," * 500_000, "1 " * 500_000, "one " * 250_000, "1-" * 500_000, "€" * 1_000_000,
     "between 1 and " * 70_000, "at least " * 110_000, "1 234 " * 160_000, "und" * 300_000, "½" * 500_000],
)  # fmt: skip
def test_a_hostile_megabyte_takes_seconds_and_not_more(hostile):
    began = time.process_time()
    assert len(quantities_of(hostile, "en").all) <= MOST
    assert time.process_time() - began < 30  # about one second


def test_numbers_after_the_most_that_are_read_say_nothing():
    text = "2 towns, " * MOST + "3 towns"
    assert {q.value for q in quantities_of(text, "en").all} == {"2"}

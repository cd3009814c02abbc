"""A figure whose sentence names nobody is of what the paragraph speaks of; it is marked as inferred by that rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from communique.compile.compiler import Compiled, compile_release
from communique.compile.topic import TOPIC, WHY
from communique.context import read_context
from communique.read.release import read_release
from communique.terms import CMQ, SCHEMA, SKOS
from tests.terms import value_of

BASE = "https://example.org/id/"
MILL = {
    "en": "Example Mill",
    "de": "Mock Pumpen AG",
    "fr": "Moulins Témoins",
    "ru": "Пробный завод",
    "kk": "Үлгі зауыты",
}
RIVAL = {
    "en": "Sample Yard", "de": "Muster Werft GmbH", "fr": "Chantier Modèle", "ru": "Образцовая верфь",
    "kk": "Сынақ кемежайы",
}  # fmt: skip
PERSON = {"en": "Jo Sample", "de": "Jo Muster", "fr": "Jo Témoin", "ru": "Иван Пробный", "kk": "Асан Үлгілі"}
TOWN = {"en": "Mockton", "de": "Mockstadt", "fr": "Mockville", "ru": "Мокград", "kk": "Мокқала"}
OTHERS = {"org/rival": ("Organization", RIVAL), "person/jo": ("Person", PERSON), "place/town": ("City", TOWN)}


def compiled(tmp_path: Path, language: str, text: str, figure: str, more: str = "") -> Compiled:
    """A release with one figure of the mill; the other nodes stand in the record if the text names them."""
    folder = tmp_path / "sample"
    folder.mkdir()
    (folder / "source.txt").write_text(f"Headline\n\n{text}\n", encoding="utf-8")
    others = [
        f"  - {{id: {node}, type: {kind}, name: {names[language]}}}\n"
        for node, (kind, names) in OTHERS.items()
        if names[language] in text
    ]
    record = f"""
"@context": [context.jsonld, {{"@language": {language}}}]
graph:
  - id: release/sample
    type: PressRelease
    headline: Headline
  - id: org/mill
    type: Organization
    name: {MILL[language]}
    figures: {figure}
{"".join(others)}{more}"""
    (folder / "record.yaml").write_text(record, encoding="utf-8")
    return compile_release(read_release(folder), read_context(), base=BASE, language=language)


def refusals(result: Compiled) -> list[str]:
    return [f.message for f in result.findings if f.severity == "violation"]


TRUE = [
    ("en", "Example Mill made a profit of 3 million euros in 2030. Revenue rose by 7.3 per cent to 214 million euros.",
     "{what: Revenue, value: 214 million euros}"),
    ("en", "Example Mill made a profit of 3 million euros. That is 7 per cent more than a year earlier.",
     "{what: more, value: 7 per cent}"),
    ("en", "In 2030 Example Mill opened a shop in Mockton. Order intake fell by 2 per cent. "
     "The profit was 5 million euros.",
     "{what: profit, value: 5 million euros}"),
    ("de", "Die Mock Pumpen AG erzielte 2030 einen Gewinn von 3 Millionen Euro. "
     "Das sind 7,3 Prozent mehr als im Vorjahr.",
     '{what: mehr, value: "7,3 Prozent"}'),
    ("de", "Die Mock Pumpen AG erzielte einen Gewinn von 3 Millionen Euro. "
     "Der Auftragseingang ging dagegen um 2,1 Prozent auf 198,2 Millionen Euro zurück.",
     '{what: Auftragseingang, value: "198,2 Millionen Euro"}'),
    ("de", "Die Mock Pumpen AG eröffnete 2030 ein Büro. Der Jahresumsatz betrug 9 Millionen Euro.",
     "{what: Jahresumsatz, value: 9 Millionen Euro}"),
    ("fr", "Moulins Témoins a ouvert un atelier. Le chiffre d’affaires a progressé de 5 % à 12 millions d’euros.",
     "{what: chiffre d’affaires, value: 12 millions d’euros}"),
    ("fr", "Moulins Témoins a vendu 300 machines. Cela représente 5 % de plus qu’en 2029.", "{what: plus, value: 5 %}"),
    ("ru", "Пробный завод открыл цех в 2030 году. Выручка выросла на 5 % до 12 млн рублей.",
     "{what: Выручка, value: 12 млн рублей}"),
    ("ru", "Пробный завод открыл цех. Чистая прибыль составила 12 млн рублей.",
     "{what: прибыль, value: 12 млн рублей}"),
    ("kk", "Үлгі зауыты жаңа цех ашты. Таза пайдасы 12 миллион теңге болды.",
     "{what: пайдасы, value: 12 миллион теңге}"),
    ("kk", "Үлгі зауыты жаңа цех ашты. Түсім 37 миллион еуро болды.", "{what: Түсім, value: 37 миллион еуро}"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "figure"), TRUE)
def test_a_figure_is_of_the_subject_of_the_sentence_before(language, text, figure, tmp_path):
    result = compiled(tmp_path, language, text, figure)
    assert refusals(result) == []
    assert inferred(result) == ["org/mill"]
    assert [passages for why, passages in reasons(result) if why == WHY[TOPIC]] == [2]


def inferred(result: Compiled) -> list[str]:
    """The things whose figures somebody or a rule concluded to be theirs."""
    about = [quad.object for quad in result.inferred if quad.predicate.value == SCHEMA + "observationAbout"]
    return [str(node.value).removeprefix(BASE) for node in about if isinstance(node, NamedNode)]


def reasons(result: Compiled) -> list[tuple[str, int]]:
    """The reasons for inferred facts, each with the number of its passages."""
    notes = {q.subject: value_of(q.object) for q in result.evidence if q.predicate.value == SKOS + "editorialNote"}
    passages = [q.subject for q in result.evidence if q.predicate.value == CMQ + "evidence"]
    return [(why, passages.count(statement)) for statement, why in notes.items()]


P = "Example Mill opened a shop in 2030. "
FALSE = [
    # another thing in between, or as the subject
    ("en", "Example Mill and Sample Yard opened a shop. Revenue rose by 5 per cent.",
     "{what: Revenue rose, value: 5 per cent}"),
    ("en", P + "Sample Yard closed one. Revenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", "Sample Yard bought Example Mill. Revenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", "Example Mill bought Sample Yard. Revenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", "Jo Sample leads Example Mill. Revenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", "A rival of Example Mill opened a shop. Revenue rose by 5 per cent.",
     "{what: Revenue rose, value: 5 per cent}"),
    ("en", "Example Mill lost ground to a competitor. Revenue rose by 5 per cent.",
     "{what: Revenue rose, value: 5 per cent}"),
    ("en", "Example Mill belongs to its parent. The profit was 5 million euros.",
     "{what: profit, value: 5 million euros}"),
    ("en", P + "The parent is bigger. The profit was 5 million euros.", "{what: profit, value: 5 million euros}"),
    ("en", "According to Example Mill, prices fell. Revenue rose by 5 per cent.",
     "{what: Revenue rose, value: 5 per cent}"),
    # other words in the sentence itself
    ("en", P + "The market grew by 4 per cent.", "{what: market grew, value: 4 per cent}"),
    ("en", P + "Revenue of the market rose by 4 per cent.", "{what: Revenue rose, value: 4 per cent}"),
    ("en", P + "Revenue at the Invented Bakery rose by 4 per cent.", "{what: Revenue rose, value: 4 per cent}"),
    ("en", P + "The competitor's revenue rose by 4 per cent.", "{what: revenue rose, value: 4 per cent}"),
    ("en", P + "Revenue rose by 4 per cent at its competitor.", "{what: Revenue rose, value: 4 per cent}"),
    ("en", P + "Revenue rose and the competitor lost 4 per cent.", "{what: lost, value: 4 per cent}"),
    ("en", P + "Did revenue rise by 4 per cent?", "{what: revenue rise, value: 4 per cent}"),
    ("en", P + "The revenue did not rise by 4 per cent.", "{what: revenue rise, value: 4 per cent}"),
    # a cost or a size may be that of a thing which is not in the record
    ("en", P + "The cost was 5 million euros.", "{what: cost, value: 5 million euros}"),
    ("en", "Example Mill sells bread. The price is 5 euros.", "{what: price, value: 5 euros}"),
    ("en", "Example Mill sold a share in Invented Bakery. Revenue rose by 5 per cent.",
     "{what: Revenue rose, value: 5 per cent}"),
    ("en", "Example Mill has a new segment. Revenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("de", "Die Mock Pumpen AG eröffnete ein Büro. Die Baukosten betrugen 9 Millionen Euro.",
     "{what: Baukosten, value: 9 Millionen Euro}"),
    ("fr", "Moulins Témoins a ouvert un atelier. Le coût est de 4 millions d’euros.",
     "{what: coût, value: 4 millions d’euros}"),
    ("ru", "Пробный завод открыл цех. Стоимость составила 12 млн рублей.", "{what: Стоимость, value: 12 млн рублей}"),
    ("kk", "Үлгі зауыты жаңа цех ашты. Құны 37 миллион еуро болды.", "{what: Құны, value: 37 миллион еуро}"),
    # another clause in the sentence before
    ("en", "Example Mill says that 300 people live nearby. That is 5 per cent more.",
     "{what: more, value: 5 per cent}"),
    ("de", "Die Mock Pumpen AG sagt, dass 300 Menschen hier leben. Das sind 5 Prozent mehr.",
     "{what: mehr, value: 5 Prozent}"),
    ("ru", "Пробный завод сообщил, что цех закрыт. Выручка выросла на 4 %.", "{what: Выручка выросла, value: 4 %}"),
    # quotation, heading, list, paragraph, distance
    ("en", P + "“We are glad.” Revenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", P + "“Revenue rose by 5 per cent.”", "{what: Revenue rose, value: 5 per cent}"),
    ("en", P + "\n\nRevenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", P + "\n\nThe industry\nRevenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", P + "\n* Revenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", P + "Prices fell. Revenue rose by 5 per cent.", "{what: Revenue rose, value: 5 per cent}"),
    ("en", P + "That is 5 per cent more.", "{what: more, value: 5 per cent}"),
    ("en", "Example Mill opened a shop in Mockton, a town of 5,000. That is 5 per cent more.",
     "{what: more, value: 5 per cent}"),
    # the other languages
    ("de", "Die Mock Pumpen AG eröffnete ein Büro. Der Markt wuchs um 4 Prozent.",
     "{what: Markt wuchs, value: 4 Prozent}"),
    ("de", "Die Mock Pumpen AG eröffnete ein Büro. Der Umsatz der Konkurrenz stieg um 4 Prozent.",
     "{what: Umsatz stieg, value: 4 Prozent}"),
    ("de", "Die Mock Pumpen AG übernahm die Muster Werft GmbH. Der Umsatz stieg um 4 Prozent.",
     "{what: Umsatz stieg, value: 4 Prozent}"),
    ("de", "Die Mock Pumpen AG ist eine Tochter der Erfunden SE. Der Umsatz stieg um 4 Prozent.",
     "{what: Umsatz stieg, value: 4 Prozent}"),
    ("de", "Die Mock Pumpen AG verkaufte an die Erfunden GmbH. Der Umsatz stieg um 4 Prozent.",
     "{what: Umsatz stieg, value: 4 Prozent}"),
    ("de", "Die Mock Pumpen AG eröffnete ein Büro. „Wir freuen uns.“ Der Umsatz stieg um 4 Prozent.",
     "{what: Umsatz stieg, value: 4 Prozent}"),
    ("fr", "Moulins Témoins a ouvert un atelier. Le marché a progressé de 4 %.",
     "{what: marché progressé, value: 4 %}"),
    ("fr", "Moulins Témoins a ouvert un atelier. Le coût des travaux est estimé à 4 millions d’euros.",
     "{what: coût, value: 4 millions d’euros}"),
    ("fr", "Chantier Modèle a racheté Moulins Témoins. La valeur est estimée à 4 millions d’euros.",
     "{what: valeur, value: 4 millions d’euros}"),
    ("ru", "Пробный завод открыл цех. Рынок вырос на 4 %.", "{what: Рынок вырос, value: 4 %}"),
    ("ru", "Пробный завод открыл цех. Выручка конкурента выросла на 4 %.", "{what: Выручка выросла, value: 4 %}"),
    ("ru", "Образцовая верфь купила Пробный завод. Выручка выросла на 4 %.", "{what: Выручка выросла, value: 4 %}"),
    ("kk", "Үлгі зауыты жаңа цех ашты. Нарық 4 пайызға өсті.", "{what: Нарық өсті, value: 4 пайыз}"),
    ("kk", "Үлгі зауыты жаңа цех ашты. Бәсекелестің пайдасы 12 миллион теңге болды.",
     "{what: пайдасы, value: 12 миллион теңге}"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "figure"), FALSE)
def test_a_figure_that_may_be_of_another_is_refused(language, text, figure, tmp_path):
    refused = refusals(compiled(tmp_path, language, text, figure))
    assert len(refused) == 1, refused
    assert "figure of this node" in refused[0] or "no sentence says" in refused[0]


COST = (
    "Le projet Lirelle, porté par le Syndicat Modèle, prévoit une retenue. "
    "Son coût est estimé à 37 millions d’euros, dont 60 % payés par la Région Témoin."
)
DAM = """  - {id: project/lirelle, type: Project, name: projet Lirelle, OWN}
  - {id: org/syndicat, type: Organization, name: Syndicat Modèle}
  - {id: org/region, type: Organization, name: Région Témoin}
""".replace("OWN", "figures: {what: coût, value: 37 millions d’euros}")


def test_a_possessive_that_can_mean_two_things_means_the_subject(tmp_path: Path) -> None:
    text = COST + " Moulins Témoins compte trois salariés."
    figure = "{what: salariés, value: trois}"
    result = compiled(tmp_path, "fr", text, figure, DAM)
    assert refusals(result) == []
    assert inferred(result) == ["project/lirelle"]


def test_the_other_thing_that_a_possessive_can_mean_is_refused(tmp_path: Path) -> None:
    text = COST + " Moulins Témoins compte trois salariés."
    more = DAM.replace(", figures: {what: coût, value: 37 millions d’euros}", "").replace(
        "name: Syndicat Modèle", "name: Syndicat Modèle, figures: {what: coût, value: 37 millions d’euros}"
    )
    assert len(refusals(compiled(tmp_path, "fr", text, "{what: salariés, value: trois}", more))) == 1


def test_a_possessive_of_another_gender_is_refused(tmp_path: Path) -> None:
    text = "Die Mock Pumpen AG eröffnete ein Büro. Sein Preis betrug 9 Millionen Euro."
    assert len(refusals(compiled(tmp_path, "de", text, "{what: Preis, value: 9 Millionen Euro}"))) == 1

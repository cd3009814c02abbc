"""Which entities a name may stand for: scores in many scripts, and a match only where nothing is guessed."""

from __future__ import annotations

import pytest

from communique.serve.fulltext import FullText
from communique.serve.matching import NameQuery, Value, match
from communique.terms import SCHEMA
from tests.fulltexts import BASE, fulltext

FACTS = [
    ("person/jo-1", "name", "Jo Sample", ""),
    ("person/jo-1", "jobTitle", "Harbour Master", "en"),
    ("person/jo-2", "name", "Jo Sample", ""),
    ("person/zoe", "name", "Zoë Muster", ""),
    ("person/zoe", "alternateName", "Z. M.", ""),
    ("person/solovyov", "name", "Пётр Соловьёв", "ru"),
    ("person/ali", "name", "Құрманғазы Әлі", "kk"),
    ("person/layla", "name", "ليلى مثال", "ar"),
    ("place/tokyo", "name", "東京都", "zh"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> FullText:
    return fulltext(tmp_path_factory.mktemp("index"), FACTS, {})


def found(index: FullText, query: NameQuery) -> list[tuple[str, float, bool]]:
    with index.database() as database:
        candidates = match(database, BASE, query, lambda: None)
    return [(one.thing.iri.rpartition("/id/")[2], one.score, one.match) for one in candidates]


def test_of_namesakes_none_is_a_match(index: FullText) -> None:
    assert found(index, NameQuery("Jo Sample")) == [("person/jo-1", 100.0, False), ("person/jo-2", 100.0, False)]
    assert found(index, NameQuery("person/jo-1"))[0] == ("person/jo-1", 100.0, True)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Zoë Muster", ("person/zoe", 100.0, True)),
        ("Z. M.", ("person/zoe", 95.0, True)),
        ("Zoe Muster", ("person/zoe", 90.0, False)),
        ("Muster, Zoë", ("person/zoe", 85.0, False)),
        ("Z. Muster", ("person/zoe", 75.0, False)),
        ("Пётр Соловьёв", ("person/solovyov", 100.0, True)),
        ("Петр Соловьев", ("person/solovyov", 90.0, False)),
        ("құрманғазы әлі", ("person/ali", 100.0, True)),
        ("ليلى مثال", ("person/layla", 100.0, True)),
        ("東京都", ("place/tokyo", 100.0, True)),
    ],
)
def test_names_in_many_scripts(index: FullText, name: str, first: tuple[str, float, bool]) -> None:
    assert found(index, NameQuery(name))[0] == first


def test_a_limit_hides_no_namesake_from_the_decision(index: FullText) -> None:
    assert found(index, NameQuery("Jo Sample", limit=1)) == [("person/jo-1", 100.0, False)]


def test_a_name_of_nobody_has_no_candidate(index: FullText) -> None:
    assert found(index, NameQuery("Nemo Nobody")) == []
    assert found(index, NameQuery("…")) == []


def test_without_a_type_that_it_must_have_there_is_no_candidate(index: FullText) -> None:
    assert found(index, NameQuery("Zoë Muster", types=(SCHEMA + "Place",))) == []
    assert found(index, NameQuery("Zoë Muster", types=(SCHEMA + "Place",), strict="should")) == [
        ("person/zoe", 80.0, False)
    ]


@pytest.mark.parametrize("text", ["Harbour Master", "harbour master", "HARBOUR  MASTER"])
def test_a_text_that_only_one_namesake_has_tells_which(index: FullText, text: str) -> None:
    query = NameQuery("Jo Sample", properties=((SCHEMA + "jobTitle", (Value("Pilot"), Value(text))),))
    assert found(index, query) == [("person/jo-1", 100.0, True), ("person/jo-2", 80.0, False)]
    nobody = NameQuery("Jo Sample", properties=((SCHEMA + "jobTitle", (Value("Pilot"),)),))
    assert found(index, nobody) == [("person/jo-1", 80.0, False), ("person/jo-2", 80.0, False)]

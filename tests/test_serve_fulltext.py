"""The full-text index of the server: what is found by what, in which order, and that nothing typed breaks it."""

from __future__ import annotations

import shutil
import sqlite3
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.errors import StoreError
from communique.serve import storage
from communique.serve.folding import fold, words_of
from communique.serve.fulltext import FullText, SearchedWords
from communique.serve.indexing import NAME
from communique.serve.publication import open_publication
from communique.serve.refusal import HttpError
from communique.serve.storage import open_storage
from tests.fulltexts import find, fulltext, ids

FACTS = [
    ("person/mueller", "name", "Jürgen Müller-Muster", "de"),
    ("person/obrien", "name", "Sean O’Brien", ""),
    ("person/solovyov", "name", "Пётр Соловьёв", "ru"),
    ("person/iod", "name", "Фёдор Йодов", "ru"),
    ("person/kurmangazy", "name", "Құрманғазы Әлі", "kk"),
    ("place/tokyo", "name", "東京都", "ja"),
    ("place/tokyo", "name", "Tokyo", "en"),
    ("org/strasse", "name", "Institut der Straße", "de"),
    ("org/strasse", "alternateName", "IdS", "de"),
    ("org/strasse", "description", "keeps a list of every Tokyo street", "en"),
    ("org/ete", "name", "L’été indien", "fr"),
    ("topic/samples", "name", "samples", "en"),
    ("topic/samples", "name", "пробы", "ru"),
    ("release/one", "headline", "Samples in Tokyo", "en"),
]
TEXT = (
    "Samples in Tokyo\n\nMany words before it. 𝕏 "
    + "far " * 30
    + "the samples of Sean O'Brien "
    + "near " * 30
    + "end\n"
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> FullText:
    return fulltext(tmp_path_factory.mktemp("index"), FACTS, {"release/one": TEXT})


@pytest.fixture(scope="module")
def real(site: Path, tmp_path_factory: pytest.TempPathFactory) -> FullText:
    root = shutil.copytree(site, tmp_path_factory.mktemp("real") / "public")
    with open_storage(open_publication(root)) as place:
        return FullText(place / NAME, 5)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("muller", "person/mueller"),
        ("MÜLLER", "person/mueller"),
        ("mu\u0308ller", "person/mueller"),
        ("muster", "person/mueller"),
        ("Müller-Mus", "person/mueller"),
        ("O'Brien", "person/obrien"),
        ("o’bri", "person/obrien"),
        ("соловьев", "person/solovyov"),
        ("СОЛОВЬЁВ", "person/solovyov"),
        ("йодов", "person/iod"),
        ("и\u0306одов", "person/iod"),
        ("құрманғазы", "person/kurmangazy"),
        ("Әлі", "person/kurmangazy"),
        ("東京", "place/tokyo"),
        ("京", "place/tokyo"),
        ("strasse", "org/strasse"),
        ("STRASSE", "org/strasse"),
        ("ids", "org/strasse"),
        ("ete", "org/ete"),
        ("l'été", "org/ete"),
        ("indi\u00aden", "org/ete"),
        ("ｉｎｄｉｅｎ", "org/ete"),
    ],
)
def test_found(index: FullText, typed: str, found: str) -> None:
    assert found in ids(find(index, typed))


@pytest.mark.parametrize(
    "typed",
    [
        "иодов",
        "курмангазы",
        "али",
        "O Brian",
        "muster-müller",
        "京東",
        "mü ller",
        "üller",
        "sa",
        "mu ",
        "",
        " ",
        "-",
        '"',
    ],
)
def test_not_found(index: FullText, typed: str) -> None:
    assert find(index, typed).total == (2 if typed == "sa" else 0)


def test_the_last_word_is_a_beginning_and_a_short_one_before_must_be_whole(index: FullText) -> None:
    assert SearchedWords.of("in samp tok").match == '"in" "samp" * "tok" *'
    assert SearchedWords.of("in a ").match == '"in" "a"'
    assert SearchedWords.of("co-operation", whole=True).match == '"co operation"'
    assert ids(find(index, "samp tok", "en")) == ["release/one"]


def test_names_stand_above_texts(index: FullText) -> None:
    assert [(hit.thing.kind, hit.part) for hit in find(index, "tokyo").hits] == [
        ("place", "name"),
        ("release", "headline"),
        ("org", "description"),
    ]
    assert ids(find(index, "samples"))[0] == "topic/samples"


def test_kinds_and_pages(index: FullText) -> None:
    assert ids(find(index, "tokyo", "en", "org")) == ["org/strasse"]
    whole = ids(find(index, "tokyo"))
    pages = [index.find("tokyo", "en", (), n, 1) for n in range(4)]
    assert [ids(page) for page in pages] == [[one] for one in whole] + [[]]
    assert {page.total for page in pages} == {3}


def test_a_label_is_in_the_language_asked(index: FullText) -> None:
    hit = find(index, "samples", "ru").hits[0]
    assert (hit.thing.label("ru"), hit.thing.label("kk"), hit.thing.label("en")) == ("пробы", "samples", "samples")
    assert hit.passage == "samples"
    assert find(index, "ids").hits[0].thing.label("ru") == "Institut der Straße"


def test_the_words_around_and_their_place_in_the_text(index: FullText) -> None:
    hit = find(index, "obrien".replace("ob", "o'b"), "en", "release").hits[0]
    assert hit.offset is not None
    assert TEXT[hit.offset : hit.offset + len(hit.passage)] == hit.passage
    assert [hit.passage[a:z] for a, z in hit.marks] == ["O'Brien"]
    assert 20 <= len(hit.passage.split()) <= 26


def test_every_mark_holds_what_was_typed(real: FullText) -> None:
    for typed in ("traffick", "human rights", "Kaza", "№ 32-47.327", "қазақ"):
        hits = find(real, typed).hits
        assert hits, typed
        for hit in hits:
            assert hit.marks
            words = {word for phrase, _ in SearchedWords.of(typed).phrases for word in phrase}
            for start, end in hit.marks:
                assert any(word.text.startswith(tuple(words)) for word in words_of(hit.passage[start:end]))


def test_a_real_publication(real: FullText, site: Path) -> None:
    found = find(real, "the importance of the document").hits[0]
    assert (found.thing.kind, found.part) == ("statement", "statement")
    assert found.thing.day == "2015-05-29"
    assert found.thing.page == "release/2015-05-29-special-report-trafficking/index.html#statement-baysakova-1"
    assert [(name.rpartition("/")[2], inferred) for name, inferred in found.thing.speakers] == [
        ("zulfiya-baysakova", False)
    ]
    text = (site / "release/2015-05-29-special-report-trafficking/source.txt").read_text(encoding="utf-8")
    assert "the importance of the document" in text[found.thing.start : found.thing.end]
    for hit in find(real, "trafficking", "en", "release").hits:
        assert (site / hit.thing.page).is_file()


def test_what_has_a_page_is_found_by_its_name(real: FullText, site: Path) -> None:
    pages = {path.parent.relative_to(site).as_posix() for path in site.glob("*/*/index.ttl")}
    things = real.things([f"https://w3id.org/communique/id/{page}" for page in pages])
    assert len(things) == len(pages) > 30
    for thing in things.values():
        assert thing.iri in [hit.thing.iri for hit in find(real, thing.label("en")).hits]


@settings(max_examples=40)
@given(st.text(max_size=60) | st.text("\"*^:(){}-+'\\ \0anordNEAR東ё", max_size=80))
def test_nothing_that_is_typed_is_an_error(real: FullText, typed: str) -> None:
    assert find(real, typed).total >= 0


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "a " * 5000, '"' * 10_000, "NEAR(a b)", "name:x", "a\0b", "\ud800", "a OR b", "*"]
)
def test_long_and_hostile_texts(real: FullText, typed: str) -> None:
    assert find(real, typed).complete


def test_operators_are_words(index: FullText) -> None:
    assert find(index, "tokyo OR nothing").total == 0
    assert find(index, "NOT tokyo").total == 0
    assert SearchedWords.of('tokyo" OR "x x').match == '"tokyo" * "or" "x" "x" *'
    assert SearchedWords.of("x x x x").match == '"x" "x" *'


@given(st.text())
def test_words_stand_where_they_say(text: str) -> None:
    end = 0
    for word in words_of(text):
        assert end <= word.start < word.end
        assert fold(text[word.start : word.end]) == word.text
        assert not set(word.text) & set(' "*\0')
        end = word.end


def test_a_search_ends_in_time(tmp_path: Path) -> None:
    facts = [(f"org/o{n}", "description", f"a{n} ab abc " * 40, "en") for n in range(800)]
    index = fulltext(tmp_path, facts, seconds=0.0001)
    before = time.monotonic()
    with pytest.raises(HttpError, match="search_seconds") as no:
        find(index, "ab abc a")
    assert no.value.status == 422
    assert time.monotonic() - before < 0.5
    index._seconds = 5
    assert find(index, "a799").total == 1


def test_the_index_is_whole_or_not_there(archive_site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publication = open_publication(shutil.copytree(archive_site, tmp_path / "public"))

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(storage, "write_index", fail)
    with pytest.raises(StoreError, match="disk I/O"), open_storage(publication):
        pass
    assert not list((tmp_path / storage.NAME).glob("*/*"))
    monkeypatch.undo()
    with open_storage(publication) as place:
        file = place / NAME
        before = file.stat()
        index = FullText(file, 5)
        assert find(index, "placeholder").total
        with index.database() as database, pytest.raises(sqlite3.OperationalError, match="readonly"):
            database.execute("DELETE FROM texts")
        assert file.stat().st_mtime_ns == before.st_mtime_ns
        assert not list(place.glob(NAME + "-*"))

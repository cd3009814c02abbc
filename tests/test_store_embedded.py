"""The embedded store: named graphs that are exchanged whole, and questions with terms."""

import pyoxigraph as ox
import pytest

from communique.errors import QueryError, StoreError
from communique.store.embedded import is_vacant, open_embedded
from communique.store.store import Answer

A, B, P = (ox.NamedNode(f"https://e/{x}") for x in "abp")
G, H = "https://e/g", "https://e/h"
ALL = "SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?s ?o"


def quad(subject: ox.NamedNode, text: str, graph: str = G) -> ox.Quad:
    return ox.Quad(subject, P, ox.Literal(text), ox.NamedNode(graph))


def test_replacing_a_graph_leaves_the_others_alone():
    with open_embedded() as store:
        store.extend([quad(A, "old"), quad(B, "kept", H)])
        store.replace(G, [quad(A, 'new "\\u0022" \n }'), quad(B, "new")])
        assert store.query(ALL) == Answer(
            ("s", "o"), ((A, ox.Literal('new "\\u0022" \n }')), (B, ox.Literal("kept")), (B, ox.Literal("new")))
        )
        assert store.graphs() == (G, H)


def test_replacing_by_nothing_removes_the_graph():
    with open_embedded() as store:
        store.extend([quad(A, "old"), quad(B, "kept", H)])
        store.replace(G, [])
        assert store.query(ALL).rows == ((B, ox.Literal("kept")),)
        assert store.graphs() == (H,)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (quad(A, "x", H), "a quad of <https://e/h> cannot be put into <https://e/g>"),
        (
            ox.Quad(A, P, ox.BlankNode("b"), ox.NamedNode(G)),
            "a blank node cannot be put into <https://e/g>: give the node an IRI",
        ),
    ],
)
def test_a_refused_exchange_changes_nothing(wrong, message):
    with open_embedded() as store:
        store.replace(G, [quad(A, "old")])
        with pytest.raises(StoreError) as caught:
            store.replace(G, [quad(A, "new"), wrong])
        assert str(caught.value) == message
        assert store.query(ALL).rows == ((A, ox.Literal("old")),)


def test_a_term_stays_a_term():
    with open_embedded() as store:
        hostile = '"} . ?s ?p ?o . # \\u0022'
        store.extend([quad(A, hostile), quad(B, "other")])
        found = store.query("SELECT ?s ?o { GRAPH ?g { ?s ?p ?o } }", {"o": ox.Literal(hostile)})
        assert found == Answer(("s", "o"), ((A, ox.Literal(hostile)),))


def test_the_default_graph_is_the_union_only_on_demand():
    with open_embedded() as store:
        store.extend([quad(A, "x")])
        assert store.query("SELECT ?s { ?s ?p ?o }").rows == ()
        assert store.query("SELECT ?s { ?s ?p ?o }", union=True).rows == ((A,),)


@pytest.mark.parametrize("text", ["SELECT ?s {", "DELETE WHERE { ?s ?p ?o }", "ASK { }", "DESCRIBE <https://e/a>"])
def test_what_is_no_select_is_refused(text):
    with open_embedded() as store, pytest.raises(QueryError):
        store.query(text)


def test_a_term_for_a_variable_outside_the_projection_is_refused():
    with open_embedded() as store, pytest.raises(QueryError, match="projection"):
        store.query("SELECT ?s { GRAPH ?g { ?s ?p ?o } }", {"o": ox.Literal("x")})


def test_a_store_in_a_folder_is_there_again_and_can_be_read_by_two(tmp_path):
    with open_embedded(tmp_path / "store") as store:
        store.replace(G, [quad(A, "x")])
    with (
        open_embedded(tmp_path / "store", read_only=True) as one,
        open_embedded(tmp_path / "store", read_only=True) as two,
    ):
        assert one.query(ALL).rows == two.query(ALL).rows == ((A, ox.Literal("x")),)
        with pytest.raises(StoreError):
            one.replace(G, [])


def test_a_folder_that_is_written_to_cannot_be_opened_twice(tmp_path):
    with open_embedded(tmp_path / "store"), pytest.raises(StoreError, match="the store cannot be opened"):
        open_embedded(tmp_path / "store")


def test_a_store_that_is_not_there_cannot_be_read(tmp_path):
    with pytest.raises(StoreError) as caught:
        open_embedded(tmp_path / "store", read_only=True)
    assert str(caught.value) == f"{tmp_path / 'store'}: there is no store"
    assert list(tmp_path.iterdir()) == []


def test_a_closed_store_says_so():
    store = open_embedded()
    store.close()
    with pytest.raises(StoreError) as caught:
        store.graphs()
    assert str(caught.value) == "the store is closed"


def test_a_folder_of_other_files_is_no_store_and_stays_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    for read_only in (False, True):
        with pytest.raises(StoreError) as caught:
            open_embedded(tmp_path, read_only=read_only)
        assert str(caught.value) == (
            f"{tmp_path} holds no store but other files, such as notes.txt: give a new or empty folder"
        )
    assert [p.name for p in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(StoreError, match=r"notes\.txt cannot be a store: Not a directory"):
        open_embedded(tmp_path / "notes.txt")


def test_an_empty_folder_and_one_that_was_begun_become_a_store(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "begun").mkdir()
    for name in ("LOCK", "LOG", "000004.log", "MANIFEST-000005"):
        (tmp_path / "begun" / name).write_bytes(b"")
    assert is_vacant(tmp_path / "empty") and is_vacant(tmp_path / "begun") and is_vacant(tmp_path / "new")
    with open_embedded(tmp_path / "empty") as store:
        store.replace(G, [quad(A, "x")])
    assert not is_vacant(tmp_path / "empty")
    (tmp_path / "empty" / ".DS_Store").write_bytes(b"")  # what others leave beside a store is no harm
    assert not is_vacant(tmp_path / "empty")
    with pytest.raises(StoreError, match="there is no store"):
        open_embedded(tmp_path / "begun", read_only=True)


def test_a_damaged_store_is_refused_in_one_sentence(tmp_path):
    place = tmp_path / "store"
    with open_embedded(place) as store:
        store.extend([quad(A, "old")])
    (place / "CURRENT").write_bytes(b"nothing\n")
    with pytest.raises(StoreError, match="store: the store cannot be opened: Corruption"):
        open_embedded(place, read_only=True)

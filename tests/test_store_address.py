"""Where a store is, and that its password is never shown."""

import pytest

from communique.errors import StoreError
from communique.store.address import PASSWORD, USER, Address, Credentials, is_service, read_address, shown_address
from communique.store.open import open_store

READ = [
    ("http://localhost:7878", {}, Address("http://localhost:7878", Credentials())),
    ("http://localhost:7878/", {}, Address("http://localhost:7878", Credentials())),
    ("https://u:p%40ss@[::1]:1/ds?x=1", {}, Address("https://[::1]:1/ds?x=1", Credentials("u", "p@ss"))),
    ("http://h", {USER: "u", PASSWORD: "p"}, Address("http://h", Credentials("u", "p"))),
    ("http://h", {"COMMUNIQUE_STORE_TOKEN": "t"}, Address("http://h", Credentials(token="t"))),
    ("http://h/ds/?a=1#x", {}, Address("http://h/ds/?a=1", Credentials())),
    ("http://H/а b", {}, Address("http://h/%D0%B0%20b", Credentials())),
    ("http://u:a@b:c@h:1", {}, Address("http://h:1", Credentials("u", "a@b:c"))),
    ("http://u@h", {"COMMUNIQUE_STORE_TOKEN": "t"}, Address("http://h", Credentials("u"))),
]  # fmt: skip


@pytest.mark.parametrize(("where", "environment", "expected"), READ)
def test_an_address_is_told_apart_from_its_credentials(where, environment, expected):
    assert read_address(where, environment) == expected


@pytest.mark.parametrize(
    "where",
    [
        "ftp://h", "file:///etc/passwd", "http://", "http://u:secret@h:port/", "x://u:secret@h", "http://u:secret/x@h/",
        "http://u:12#secret@h", "http://u:12?secret@h", "http://u:secret@[h", "http://u:secret@h h/", "http://u:secret@h\\x",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_without_its_password(where):
    with pytest.raises(StoreError) as caught:
        read_address(where, {})
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_password_is_not_shown():
    address = read_address("http://dba:secret@localhost/sparql", {})
    assert "secret" not in repr(address) + str(address) + shown_address("http://dba:secret@localhost/sparql")


def test_a_folder_is_no_service(tmp_path):
    assert not is_service(str(tmp_path))
    with pytest.raises(StoreError, match="there is no store"):
        open_store(str(tmp_path / "nothing"))


@pytest.mark.parametrize(
    ("where", "hint"),
    [
        ("localhost:7878", "write http://localhost:7878 (or https)"),
        ("store.example:8890/sparql", "write http://store.example:8890/sparql (or https)"),
        ("[::1]:7878/x?y", "write http://[::1]:7878/x?y (or https)"),
        ("127.0.0.1:1", "write http://127.0.0.1:1 (or https)"),
        ("dba:secret@localhost:8890", "write http://localhost:8890 (or https)"),
        ("http:/localhost:7878", "write http://localhost:7878 (or https)"),
        ("HTTP:u:secret@host", "write http://host (or https)"),
        ("//host/sparql", "write http://host/sparql (or https)"),
        ("", "give a folder, or http://… or https://…"),
        (" \t", "give a folder, or http://… or https://…"),
    ],
)
def test_what_looks_like_a_host_is_no_folder(where, hint):
    for ask in (is_service, open_store, shown_address, lambda w: open_store(w, write=True)):
        with pytest.raises(StoreError) as caught:
            ask(where)
        assert hint in str(caught.value)
        assert "secret" not in str(caught.value)


def test_a_folder_of_such_a_name_is_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "localhost:7878").mkdir()
    assert not is_service("localhost:7878")
    assert not is_service("./other:7878") and not is_service("C:store") and not is_service("a/b:7878")


@pytest.mark.parametrize("token", ["se cret", "secret\nX: y", "sécret", "\x00secret"])
def test_a_token_that_cannot_be_sent_is_refused_unseen(token):
    with pytest.raises(StoreError, match="COMMUNIQUE_STORE_TOKEN holds a character that no token has") as caught:
        read_address("http://h", {"COMMUNIQUE_STORE_TOKEN": token})
    assert "secret" not in str(caught.value) and "cret" not in str(caught.value)


def test_a_secret_is_hidden_in_every_form():
    hidden = Credentials("u", "p/w", "").hidden
    assert hidden("p/w p%2Fw dTpwL3c= xp/wx") == "… … … xp/wx"
    assert Credentials(token="abc").hidden("Bearer abc, abcd") == "Bearer …, abcd"
    assert Credentials().hidden("as it is") == "as it is"


@pytest.mark.parametrize("name", [USER, PASSWORD])
def test_credentials_that_are_not_utf_8_are_refused_unseen(name):
    given = {USER: "dba", PASSWORD: "secret"} | {name: "hush\udcff"}
    with pytest.raises(StoreError, match=rf"^{name} holds bytes that are not UTF-8: set it again, in UTF-8$"):
        read_address("http://h", given)
    assert read_address("http://u:p@h", given).credentials == Credentials("u", "p"), "they are not asked"


@pytest.mark.parametrize(
    "where", ["http://u:secret\udcff@h/", "http://h/\udcff", "http://h\udcff/", "http://secret\udcff@h"]
)
def test_an_address_that_is_not_utf_8_is_refused_in_words_that_can_be_printed(where):
    for ask in (read_address, shown_address, open_store, lambda w: open_store(w, write=True)):
        with pytest.raises(StoreError, match="is not an address: it holds bytes that are not UTF-8") as caught:
            ask(where)
        assert "secret" not in str(caught.value)
        assert str(caught.value).encode()

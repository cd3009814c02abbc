"""Where a store is, and that its password is never shown."""

import pytest

from communique.errors import StoreError
from communique.store import open_store
from communique.store.address import PASSWORD, USER, Address, Credentials, is_service, read_address, shown_address

READ = [
    ("http://localhost:7878", {}, Address("http://localhost:7878", Credentials())),
    ("http://localhost:7878/", {}, Address("http://localhost:7878", Credentials())),
    ("https://u:p%40ss@[::1]:1/ds?x=1", {}, Address("https://[::1]:1/ds?x=1", Credentials("u", "p@ss"))),
    ("http://h", {USER: "u", PASSWORD: "p"}, Address("http://h", Credentials("u", "p"))),
    ("http://h", {"COMMUNIQUE_STORE_TOKEN": "t"}, Address("http://h", Credentials(token="t"))),
    ("http://u@h", {"COMMUNIQUE_STORE_TOKEN": "t"}, Address("http://h", Credentials("u"))),
]  # fmt: skip


@pytest.mark.parametrize(("where", "environment", "expected"), READ)
def test_an_address_is_told_apart_from_its_credentials(where, environment, expected):
    assert read_address(where, environment) == expected


@pytest.mark.parametrize(
    "where", ["ftp://h", "file:///etc/passwd", "http://", "http://u:secret@h:port/", "x://u:secret@h"]
)
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

"""Opens a store at an address or in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.store.store import Store


def open_store(where: str, *, write: bool = False) -> Store:
    """The store at an address or in a folder; with ``write``, a missing folder is created.

    User and password are in the address or in the environment, see `communique.store.address`. Raises `StoreError` if
    there is no store.
    """
    from pathlib import Path

    from communique.store.address import is_service, read_address
    from communique.store.embedded import open_embedded

    if not is_service(where):
        return open_embedded(Path(where), read_only=not write)
    from communique.store.discovery import open_remote

    return open_remote(read_address(where), write=write)

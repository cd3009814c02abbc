"""Addresses of folders that are not on this machine, such as ``s3://bucket/data``."""

from __future__ import annotations

from typing import Final, NamedTuple

from communique.errors import StorageError, hint

PACKAGES: Final = {
    "s3": "communique[remote]",
    "gs": "communique[remote] gcsfs",
    "hdfs": "communique[remote] pyarrow",
}
"""The schemes of addresses that are read and written, and the packages that each needs."""

_REFUSED: Final = {
    "file": "give the folder itself",
    "memory": "what is in the memory of one program is gone when it ends",
}


class StorageAddress(NamedTuple):
    """The address of a folder; ``path`` begins with the bucket or host, and has no slash at its end.

    >>> str(StorageAddress("s3", "bucket/data"))
    's3://bucket/data'
    """

    scheme: str
    path: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.path}"

    @property
    def parent(self) -> StorageAddress | None:
        """The folder that it is in; None for a whole bucket."""
        above, slash, _ = self.path.rpartition("/")
        return StorageAddress(self.scheme, above) if slash else None


def read_address(text: str) -> StorageAddress:
    """The address that a text is. Raises `StorageError` for one that is not read here, without repeating a password.

    >>> read_address("s3://bucket/data/")
    StorageAddress(scheme='s3', path='bucket/data')
    """
    scheme, _, path = text.partition("://")
    if "@" in path.partition("/")[0]:
        raise StorageError(f"an address of {scheme}:// must hold no user or password: put them into the environment")
    if scheme in _REFUSED:
        raise StorageError(f"{scheme}:// is not read: {_REFUSED[scheme]}")
    if scheme not in PACKAGES:
        raise StorageError(f"{scheme}:// is not read, {hint(scheme, tuple(PACKAGES))}")
    path = path.rstrip("/")
    if any(step in ("", ".", "..") or not step.isprintable() or "?" in step for step in path.split("/")):
        raise StorageError(f"{text!r} is not the address of a folder: write it as {scheme}://bucket/folder")
    return StorageAddress(scheme, path)

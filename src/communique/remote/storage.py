"""The files below an address: listed, read and written, each failure in one sentence that repeats no secret."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from communique.errors import CommuniqueError, StorageError
from communique.remote.address import PACKAGES, StorageAddress

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_SECRET: Final = re.compile("KEY|PASS|SECRET|TOKEN|CREDENTIAL", re.IGNORECASE)
_SHORTEST: Final = 6
"""The shortest value of an environment variable that is a secret and not, say, the name of a region."""
_TYPED: Final = {"s3": "ContentType", "gs": "content_type"}
"""How a storage is told the media type of a file."""
_LONGEST: Final = 300


class StoredFile(NamedTuple):
    """A file of a storage: its size in bytes, and a mark that another content or version does not have."""

    size: int
    mark: str


@dataclass(frozen=True, slots=True)
class Storage:
    """The files below an address; paths are relative to it, with ``/``."""

    address: StorageAddress
    files: AbstractFileSystem

    def list_files(self, path: str) -> dict[str, StoredFile]:
        """The files at and below a path, by their own; none if there is nothing.

        Raises `StorageError`, as all functions here, if the storage does not answer or refuses.
        """
        begin = f"{self._root}/"
        with self._in_one_sentence():
            try:
                found = self.files.find((begin + path).rstrip("/"), detail=True)
            except FileNotFoundError:
                raise StorageError(
                    f"there is no {self.address}: write the names of bucket and folder as they are"
                ) from None
        return {name.removeprefix(begin): _stored(info) for name, info in found.items() if name.startswith(begin)}

    def fetch(self, pairs: Sequence[tuple[str, Path]]) -> None:
        """Copy files to this machine, several at once; of one that is gone in the meantime, there may be no copy."""
        with self._in_one_sentence(), contextlib.suppress(FileNotFoundError):
            self.files.get([f"{self._root}/{path}" for path, _ in pairs], [str(place) for _, place in pairs])

    def read_beginning(self, path: str, size: int) -> bytes:
        """The first ``size`` bytes of a file; none if it is gone."""
        with self._in_one_sentence(), contextlib.suppress(FileNotFoundError):
            beginning: bytes = self.files.cat_file(f"{self._root}/{path}", end=size)
            return beginning
        return b""

    def read(self, path: str) -> bytes | None:
        """The content of a file; None if there is none."""
        with self._in_one_sentence(), contextlib.suppress(FileNotFoundError):
            body: bytes = self.files.cat_file(f"{self._root}/{path}")
            return body
        return None

    def write(self, path: str, body: bytes, kind: str = "") -> None:
        """Write a file of a media type."""
        with self._in_one_sentence():
            self.files.pipe_file(f"{self._root}/{path}", body, **self._typed(kind))

    def send(self, pairs: Sequence[tuple[Path, str]], kind: str = "") -> None:
        """Copy files of one media type from this machine, several at once."""
        with self._in_one_sentence():
            targets = [f"{self._root}/{path}" for _, path in pairs]
            self.files.put([str(place) for place, _ in pairs], targets, **self._typed(kind))

    def remove(self, paths: Sequence[str]) -> None:
        """Remove files, those that are there."""
        for path in paths:
            with self._in_one_sentence(), contextlib.suppress(FileNotFoundError):
                self.files.rm_file(f"{self._root}/{path}")

    def _typed(self, kind: str) -> dict[str, str]:
        return {_TYPED[self.address.scheme]: kind} if kind and self.address.scheme in _TYPED else {}

    @property
    def _root(self) -> str:
        root: str = self.files._strip_protocol(str(self.address))
        return root

    def _in_one_sentence(self) -> contextlib.AbstractContextManager[None]:
        return _in_one_sentence(self.address)


@contextlib.contextmanager
def _in_one_sentence(address: StorageAddress) -> Iterator[None]:
    """Turn errors into `StorageError`; that a file is not there may be none."""
    try:
        yield
    except (CommuniqueError, FileNotFoundError):
        raise
    except ImportError:
        packages = " ".join(f"'{package}'" for package in PACKAGES[address.scheme].split())
        raise StorageError(f"{address} needs packages that are missing: pip install {packages}") from None
    except Exception as error:  # each file system has errors of its own
        raise StorageError(f"{address}: {_why(error)}") from error


def open_storage(address: StorageAddress) -> Storage:
    """The files below an address. Raises `StorageError` if a package is missing."""
    with _in_one_sentence(address):
        import fsspec  # 0.1 s, and not needed for folders

        return Storage(address, fsspec.filesystem(address.scheme, use_listings_cache=False, skip_instance_cache=True))


def _stored(info: dict[str, object]) -> StoredFile:
    size = info.get("size")
    mark = repr(sorted((key, str(value)) for key, value in info.items()))
    return StoredFile(size if isinstance(size, int) else 0, hashlib.blake2b(mark.encode(), digest_size=16).hexdigest())


def _why(error: Exception) -> str:
    """What went wrong, in a few words."""
    if type(error).__name__ == "NoCredentialsError":
        return "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment"
    if isinstance(error, PermissionError):
        return f"access is refused ({_without_secrets(str(error))}): check the credentials in the environment"
    return _without_secrets(str(error)) or type(error).__name__


def _without_secrets(text: str) -> str:
    """The first line of a text, without the value of any environment variable that is named as a secret."""
    line = text.strip().split("\n")[0]
    for name, value in os.environ.items():
        if _SECRET.search(name) and len(value) >= _SHORTEST:
            line = line.replace(value, "***")
    return line[:_LONGEST]

"""One build of a publication, as the server knows it: its files with their hashes, and its entities.

A build is pinned by a descriptor of its folder, so that a request never mixes the files of two builds: if another build
takes its place meanwhile, a file is either still the old one or cannot be opened.
"""

from __future__ import annotations

import hashlib
import os
import stat
import weakref
from collections.abc import Mapping
from pathlib import Path
from posixpath import basename
from typing import Final, NamedTuple
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from communique.errors import OutputError
from communique.formats import FORMATS, TURTLE, Format
from communique.iris import own_iri, release_path
from communique.publish.hosting.negotiation import content_type, negotiated, suffix_types
from communique.publish.manifest import DUMP, NAME, parse_manifest, table_of
from communique.terms import FOAF, VOID

_TYPES: Final = suffix_types(FORMATS.values())
_DESCRIPTION: Final = f"void.{TURTLE.suffix}"
_URI_SPACE: Final = ox.NamedNode(VOID + "uriSpace")
_RELEASE: Final = release_path("")
_HOMEPAGE: Final = ox.NamedNode(FOAF + "homepage")

NEGOTIATED: Final[tuple[Format, ...]] = tuple(negotiated(FORMATS.values()))
"""The syntaxes that an entity is offered in, in the order that decides between equal ones."""


class ChangedError(OutputError):
    """A file of this build is not there any more: another build has taken its place."""


class PublishedFile(NamedTuple):
    """A file of the publication: its size in bytes, its SHA-256 (hex), its media type with charset."""

    path: str
    size: int
    digest: str
    media_type: str


class Publication:
    """The files of one build.

    ``version`` is the SHA-256 (hex) of its manifest, ``base`` the newsroom's base IRI, ``site`` its home page;
    ``homes`` are the paths on a host that these two have, each with a slash at both ends; ``folders`` are the paths of
    all releases and entities, ``releases`` the slugs of the former.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._folder = _open_folder(root)
        self._close = weakref.finalize(self, os.close, self._folder)
        self.mark = self._mark()
        data = self._read(NAME)
        manifest = parse_manifest(data, root)
        self.version = hashlib.sha256(data).hexdigest()
        self.files = dict(_files(table_of(manifest, "files")))
        self.files[NAME] = PublishedFile(NAME, len(data), self.version, content_type("json", _TYPES["json"]))
        self.graphs = frozenset(table_of(manifest, "graphs"))
        self.counts = table_of(manifest, "counts")
        self.base, self.site, self.homes = _addresses(self.read(self.files[_DESCRIPTION]))
        end = f"/{TURTLE.file}"
        self.folders = frozenset(path.removesuffix(end) for path in self.files if path.endswith(end))
        self.sorted_folders = sorted(self.folders)
        self.releases = frozenset(path.removeprefix(_RELEASE) for path in self.folders if path.startswith(_RELEASE))

    def open(self, file: PublishedFile) -> int:
        """A descriptor of a file of this very build. Raises `ChangedError` if it is not there any more."""
        descriptor = self._open(file.path)
        found = os.fstat(descriptor)
        if found.st_size != file.size or not stat.S_ISREG(found.st_mode):
            os.close(descriptor)
            raise ChangedError(f"{self.root / file.path} is not the file of the manifest")
        return descriptor

    def read(self, file: PublishedFile) -> bytes:
        """The bytes of a file. Raises `ChangedError` if it is not there any more."""
        with os.fdopen(self.open(file), "rb") as opened:
            return opened.read()

    @property
    def is_current(self) -> bool:
        """Whether the folder still holds this build."""
        try:
            found = (self.root / NAME).stat()
        except OSError:
            return True  # it is being replaced, or was removed: what is open can still be served
        return (found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size) == self.mark

    @property
    def dump(self) -> PublishedFile:
        """The file with all quads."""
        return self.files[DUMP]

    def is_folder(self, path: str) -> bool:
        """Whether a path, without a slash at its end, is that of an entity or another folder with a page."""
        return f"{path}/index.html" in self.files or self.has_graph(path)

    def path_below(self, path: str) -> str:
        """The path of a file that a request for ``path`` means: without a slash, and without the path of the site."""
        home = next((one for one in sorted(self.homes, key=len, reverse=True) if path.startswith(one)), "/")
        return path.removeprefix(home)

    def has_graph(self, path: str) -> bool:
        """Whether a path is that of a release or an entity."""
        return path in self.folders

    def _mark(self) -> tuple[int, int, int, int]:
        found = os.stat(NAME, dir_fd=self._folder)
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size

    def _read(self, path: str) -> bytes:
        with os.fdopen(self._open(path), "rb") as opened:
            return opened.read()

    def _open(self, path: str) -> int:
        try:
            return os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK, dir_fd=self._folder)
        except OSError as no:
            raise ChangedError(f"{self.root / path} cannot be read: {no.strerror}") from None


def open_publication(root: Path) -> Publication:
    """The publication in a folder. Raises `OutputError` if there is none."""
    try:
        return Publication(root)
    except (OSError, KeyError) as no:
        raise OutputError(f"{root} holds no publication: communique build makes one ({no})") from None


def _open_folder(root: Path) -> int:
    try:
        return os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as no:
        raise OutputError(f"{root} holds no publication: communique build makes one ({no.strerror})") from None


def _files(table: Mapping[str, object]) -> list[tuple[str, PublishedFile]]:
    found = []
    for path, row in table.items():
        assert isinstance(row, dict)  # `verify` looks at more
        suffix = basename(path).rpartition(".")[2]
        media_type = TURTLE.media_type if path == ".well-known/void" else _TYPES.get(suffix, "application/octet-stream")
        found.append(
            (path, PublishedFile(path, int(row["size"]), str(row["sha256"]), content_type(suffix, media_type)))
        )
    return found


def _addresses(void: bytes) -> tuple[str, str, tuple[str, ...]]:
    """The base IRI of the newsroom, which is the IRI space of its dataset; its home page; the paths of both."""
    triples = list(ox.parse(void, ox.RdfFormat.TURTLE))
    for subject, predicate, space, *_ in triples:
        base = str(getattr(space, "value", ""))
        if predicate == _URI_SPACE and isinstance(subject, ox.NamedNode) and subject.value == own_iri(base, "dataset"):
            pages = [q.object.value for q in triples if q.subject == subject and q.predicate == _HOMEPAGE]
            paths = (path for path in map(_path, (base, *pages)) if path.endswith("/"))
            return base, str((pages or [base])[0]), tuple(dict.fromkeys(paths))
    raise OutputError(f"{_DESCRIPTION} names no base IRI: build the publication again")


def _path(address: str) -> str:
    return unquote(urlsplit(address).path) or "/"

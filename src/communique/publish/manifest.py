"""The manifest of a publication: the hash of every file and named graph, and the check against them."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from io import BufferedReader
from itertools import groupby
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from communique import artefacts
from communique.errors import OutputError
from communique.export.canonical import graph_hash
from communique.formats import NQUADS
from communique.plaintext import is_text
from communique.publish.stage import inside

NAME: Final = "manifest.json"
DUMP: Final = NQUADS.dataset_file
"""The file in which `verify` looks for the named graphs; sorted, so that the quads of a graph are consecutive."""

_KIND: Final = "communique publication"
_HEAD: Final = f'{{\n "@type": "{_KIND}",'


def build_manifest(
    root: Path,
    *,
    graphs: Mapping[str, str],
    counts: Mapping[str, object],
    versions: Mapping[str, str],
    artefacts: Mapping[str, str] | None = None,
) -> dict[str, object]:
    """The manifest of the files below ``root``: SHA-256 (hex) and size in bytes of every file but the manifest itself.

    ``graphs`` maps the IRI of each named graph to its `graph_hash`, ``versions`` maps programs to their versions,
    ``artefacts`` are the `artefact_hashes`. Paths are relative, with ``/``. Raises `OutputError` if something below
    ``root`` is a link or a device, or has a name that is not UTF-8: such a publication could not be verified.
    """
    files: dict[str, dict[str, object]] = {}
    for path, mode in _walk(root):
        if not stat.S_ISREG(mode) or not is_text(path):
            raise OutputError(f"{path!r} cannot be published: only plain files with UTF-8 names")
        if path != NAME:
            files[path] = {"sha256": _file_hash(root / path), "size": (root / path).stat().st_size}
    return {
        "@type": _KIND,
        "artefacts": dict(artefacts or {}),
        "counts": dict(counts),
        "files": files,
        "graphs": dict(graphs),
        "versions": dict(versions),
    }


def render_manifest(manifest: Mapping[str, object]) -> bytes:
    """The manifest as JSON, keys sorted, one entry per line; the same manifest gives the same bytes."""
    return (json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write_manifest(root: Path, manifest: Mapping[str, object]) -> None:
    """Write ``manifest.json`` below ``root``; must be the last file of a publication to be written."""
    inside(root, NAME).write_bytes(render_manifest(manifest))


def is_publication(root: Path) -> bool:
    """Whether a folder holds a manifest of ours (and not, say, the manifest.json of a web application)."""
    try:
        with _open_plain(root / NAME) as file:
            return file.read(len(_HEAD)) == _HEAD.encode()
    except OSError:
        return False


def changed_files(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    """The paths, sorted, that two tables of files do not both have with the same hash.

    >>> changed_files({"a.html": 1, "b.html": 2}, {"b.html": 2, "c.html": 3})
    ['a.html', 'c.html']
    """
    return sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path))


def read_files(root: Path) -> Mapping[str, object]:
    """What the manifest of a publication says of each file, by its path; nothing if there is none, or a damaged one."""
    try:
        return table_of(_read_manifest(root), "files")
    except OutputError:
        return {}


def artefact_hashes(newsroom: Path | None = None) -> dict[str, str]:
    """SHA-256 (hex) of every file of the ontology, the shapes and the queries in use, by ``folder/path``.

    ``newsroom`` is the folder that holds ``data/``; see `communique.artefacts.folder`.

    >>> sorted(artefact_hashes())[:2]
    ['ontology/communique.ttl', 'ontology/context.jsonld']
    """
    hashes = {}
    for name in artefacts.NAMES:
        place = artefacts.folder(name, newsroom)
        for path in artefacts.files(place):
            hashes[f"{name}/{path.relative_to(place).as_posix()}"] = _file_hash(path)
    return hashes


def verify(root: Path) -> tuple[str, ...]:
    """What is wrong with a publication, one plain sentence each; nothing if it is whole and unchanged.

    Looks for files that are missing, changed or unexpected (hidden ones too), for links (never followed) and for named
    graphs that are missing from `DUMP` or differ from the manifest. Raises `OutputError` if there is no readable
    manifest, or if the disk gives an error.
    """
    manifest = _read_manifest(root)
    try:
        return tuple(_problems(root, table_of(manifest, "files"), table_of(manifest, "graphs")))
    except OSError as error:
        raise OutputError(f"cannot read {error.filename or root}: {error.strerror}") from error


def _problems(root: Path, files: Mapping[str, object], graphs: Mapping[str, object]) -> Iterator[str]:
    found = dict(_walk(root))
    for path, entry in sorted(files.items()):
        problem = _problem_of_entry(root, path, entry, found)
        if problem is not None:
            yield problem
    for path, mode in found.items():
        problem = _problem_of_extra(path, mode, files)
        if problem is not None:
            yield problem
    if graphs and stat.S_ISREG(found.get(DUMP, 0)):
        yield from _problems_of_graphs(root / DUMP, graphs)
    elif graphs:
        yield f"the named graphs cannot be checked: {DUMP} is missing"


def _read_manifest(root: Path) -> dict[str, object]:
    try:
        with _open_plain(root / NAME) as file:
            return parse_manifest(file.read(), root)
    except FileNotFoundError:
        raise OutputError(f"{root} is not a publication: it has no {NAME}") from None
    except OSError as error:
        raise OutputError(f"cannot read {root / NAME}: {error.strerror}") from None


def parse_manifest(data: bytes, root: Path) -> dict[str, object]:
    """The manifest of the publication in ``root``, from the bytes of its file. Raises `OutputError` if it is none."""
    try:
        manifest = json.loads(data)
    except (ValueError, RecursionError):
        raise OutputError(f"{root / NAME} is damaged: it is not JSON; build the publication again") from None
    if not isinstance(manifest, dict) or manifest.get("@type") != _KIND:
        raise OutputError(f"{root / NAME} is not the manifest of a publication of communique")
    return manifest


def table_of(manifest: Mapping[str, object], key: str) -> dict[str, object]:
    """A table of a manifest, such as "files". Raises `OutputError` if it has none."""
    table = manifest.get(key)
    if not isinstance(table, dict):
        raise OutputError(f'{NAME} is damaged: it has no table "{key}"; build the publication again')
    return table


def _problem_of_entry(root: Path, path: str, entry: object, found: Mapping[str, int]) -> str | None:
    """What is wrong with a file that the manifest names. Only paths that `_walk` returned are ever opened."""
    if path.startswith("/") or "\\" in path or any(part in ("", ".", "..") for part in path.split("/")):
        return f"the manifest names a path outside the publication: {path!r}"
    shown = _printable(path)
    if path not in found:
        return f"{shown} is missing"
    if not stat.S_ISREG(found[path]):
        return None  # reported with what is found and should not be there
    if not isinstance(entry, dict):
        return f"the manifest says neither size nor hash of {shown}"
    size = (root / path).lstat().st_size
    if size != entry.get("size"):
        return f"{shown} was changed: it has {size} bytes, not {entry.get('size')!r}"
    return None if _file_hash(root / path) == entry.get("sha256") else f"{shown} was changed: same size, other content"


def _problem_of_extra(path: str, mode: int, files: Mapping[str, object]) -> str | None:
    shown = _printable(path)
    if stat.S_ISLNK(mode):
        return f"{shown} is a link: a publication has none"
    if not stat.S_ISREG(mode):
        return f"{shown} is a pipe, a socket or a device: a publication has only files"
    if path == NAME or path in files:
        return None
    return f"{shown} does not belong to the publication: the manifest does not name it"


def _problems_of_graphs(dump: Path, graphs: Mapping[str, object]) -> list[str]:
    """Compare each named graph of a sorted N-Quads file with its hash; one graph is in memory at a time."""
    problems: list[str] = []
    seen: set[str] = set()
    try:
        for name, quads in groupby(ox.parse(path=str(dump), format=ox.RdfFormat.N_QUADS), key=lambda q: q.graph_name):
            iri = name.value if isinstance(name, ox.NamedNode) else str(name)
            if iri in seen:
                problems.append(f"{dump.name} is not sorted: the graph {iri} begins twice")
                break
            seen.add(iri)
            if iri not in graphs:
                problems.append(f"{dump.name} holds a graph that the manifest does not name: {iri}")
            elif graph_hash(quads) != graphs[iri]:
                problems.append(f"the graph {iri} is not what the manifest says")
        else:
            problems += [f"{dump.name} lacks the graph {_printable(iri)}" for iri in sorted(set(graphs) - seen)]
    except SyntaxError as error:
        problems.append(f"{dump.name} is not N-Quads: {error.msg}")
    return problems


def _walk(root: Path) -> Iterator[tuple[str, int]]:
    """Path (with ``/``) and mode of everything below ``root`` but folders, sorted; links are not followed."""
    pending = [""]
    found: list[tuple[str, int]] = []
    while pending:
        here = pending.pop()
        with os.scandir(root / here) as entries:
            for entry in entries:
                path = here + entry.name
                if entry.is_dir(follow_symlinks=False):
                    pending.append(path + "/")
                else:
                    found.append((path, entry.stat(follow_symlinks=False).st_mode))
    return iter(sorted(found))


def _printable(name: str) -> str:
    """A name as it is, or escaped if it holds characters that are not printable."""
    return name if name.isprintable() else repr(name)


def _open_plain(path: Path) -> BufferedReader:
    """Open a file for reading, unless it is a link."""
    return open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")  # noqa: PTH123  (a descriptor)


def _file_hash(path: Path) -> str:
    with _open_plain(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""A newsroom: the folder with the data, read release by release, as a stream."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any, Final

from communique.errors import NewsroomError, nearest
from communique.findings import Finding
from communique.iris import is_slug
from communique.read.dataset import Dataset, read_dataset
from communique.read.release import Release, build_release, read_file, read_json, read_release
from communique.read.yamlld import read_yaml
from communique.read.zstd import open_zstd

MAX_LINE: Final = 8 << 20
MAX_RATIO: Final = 200
ARCHIVES: Final = (".jsonl", ".jsonl.gz", ".jsonl.zst")


@dataclass(frozen=True, slots=True)
class Entities:
    """One file of the registry: its nodes as written, its bytes for positions, and what is wrong with it."""

    path: Path
    document: dict[str, Any] | None
    raw: bytes
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Newsroom:
    """A folder with ``dataset.yaml``, ``entities/`` and ``releases/``; only the dataset's description is held."""

    data: Path
    dataset: Dataset
    findings: tuple[Finding, ...]

    @property
    def root(self) -> Path:
        """The folder that holds ``data/`` and, if it has its own, ``ontology/``, ``shapes/`` and ``queries/``."""
        return self.data.resolve().parent

    def entities(self) -> Iterator[Entities]:
        """The files of the registry, in the order of their names."""
        for path in sorted((self.data / "entities").glob("*.yaml")):
            findings: list[Finding] = []
            raw, document = read_file(path, findings), None
            if raw is not None:
                document, findings = read_yaml(raw, str(path))
            yield Entities(path, document, raw or b"", tuple(findings))

    def folders(self) -> list[Path]:
        """The folders of releases, in the order of their names."""
        releases = self.data / "releases"
        return sorted(p for p in releases.glob("*") if p.is_dir() and not p.name.startswith("."))

    def archives(self) -> list[Path]:
        """The archives of releases (JSON lines, plain or compressed), in the order of their names."""
        return sorted(p for p in (self.data / "releases").glob("*") if p.name.endswith(ARCHIVES) and p.is_file())

    def releases(self, slugs: Collection[str] = ()) -> Iterator[Release]:
        """Every release, or those named, one after the other: folders first, then archives line by line.

        A release that cannot be read comes with findings and without a record. Raises `NewsroomError` for a name that
        is not there, before anything is read from folders, and for an archive that cannot be unpacked.
        """
        wanted, seen = set(slugs), set[str]()
        folders = self.folders()
        archives = self.archives()
        if wanted and not archives:
            self._refuse_unknown(wanted, {p.name for p in folders})
        for folder in folders:
            if not wanted or folder.name in wanted:
                seen.add(folder.name)
                yield read_release(folder)
        for archive in archives:
            for release in read_archive(archive):
                if not wanted or release.slug in wanted:
                    yield _once(release, seen)
        self._refuse_unknown(wanted, seen)

    def _refuse_unknown(self, wanted: set[str], known: set[str]) -> None:
        for slug in sorted(wanted - known):
            near = nearest(slug, known)
            hint = f", did you mean {near!r}?" if near else ""
            raise NewsroomError(f"there is no release {slug!r} in {self.data / 'releases'}{hint}")


def open_data(data: Path | str = "data") -> Newsroom:
    """The newsroom whose data lie in the folder ``data``. Raises `NewsroomError` if there is no such folder."""
    folder = Path(data)
    if not folder.is_dir():
        raise NewsroomError(f"there is no folder {str(data)!r}: name the newsroom's data folder with --data")
    if not (folder / "releases").is_dir() and not (folder / "dataset.yaml").is_file():
        inner = " (did you mean its folder data/?)" if (folder / "data").is_dir() else ""
        raise NewsroomError(f"{str(data)!r} is not the data folder of a newsroom: it has no releases/{inner}")
    dataset, findings = read_dataset(folder / "dataset.yaml")
    return Newsroom(folder, dataset, tuple(findings))


def read_archive(path: Path) -> Iterator[Release]:
    """The releases of an archive, one a line: ``{"slug": …, "source": …, "record": …}``.

    A line that cannot be used gives a release without a record, with the finding that says why. Raises
    `NewsroomError` where the archive cannot be unpacked or unpacks to more than 200 times its size.
    """
    budget = max(path.stat().st_size * MAX_RATIO, 64 << 20)
    with _open(path) as lines:
        number = 0
        while True:
            try:
                line = lines.readline(MAX_LINE + 1)
            except (OSError, EOFError, ValueError, zlib.error) as e:
                raise NewsroomError(f"{path}: cannot be unpacked after line {number}: {e}") from e
            if not line:
                return
            number += 1
            budget -= len(line)
            if budget < 0:
                raise NewsroomError(f"{path}: unpacks to more than {MAX_RATIO} times its size; it is not read further")
            if len(line) > MAX_LINE:
                raise NewsroomError(f"{path}: line {number} is longer than {MAX_LINE:,} bytes; split the archive")
            if line.strip():
                yield _release_of_line(path, number, line)


def _open(path: Path) -> IO[bytes]:
    if path.name.endswith(".gz"):
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if path.name.endswith(".zst"):
        return open_zstd(path)
    return path.open("rb")


def _release_of_line(path: Path, number: int, line: bytes) -> Release:
    try:
        item = read_json(line)
        slug, source, record = item["slug"], item["source"], item["record"]
        if not isinstance(slug, str) or not isinstance(source, str):
            raise TypeError("slug and source must be text")
        return build_release(slug, source, record, path, number)
    except (ValueError, KeyError, TypeError, RecursionError) as e:
        code = "duplicate-key" if "stands twice" in str(e) else "json-syntax"
        why = f"{e} is missing" if isinstance(e, KeyError) else str(e)
        finding = Finding(
            file=str(path), line=number, column=1, code=code, message=f"this line is not a release: {why}"
        )
        return Release(f"{path.name}:{number}", "", None, path, line=number, findings=(finding,))


def _once(release: Release, seen: set[str]) -> Release:
    """The release, refused if another one of this name has been read."""
    if release.slug in seen:
        message = f"a second release is named {release.slug!r}"
        twice = Finding(file=release.file, line=release.line, column=1, code="duplicate-slug", message=message)
        return replace(release, record=None, findings=(*release.findings, twice))
    if is_slug(release.slug):
        seen.add(release.slug)
    return release

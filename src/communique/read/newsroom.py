"""A newsroom: the folder with its data, whose releases are read one after the other, as a stream."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

from communique.errors import NewsroomError, hint
from communique.findings import MAX_SHOWN, NOWHERE, Finding, Position
from communique.folders import Entry, entry_at, list_folder
from communique.ids import is_slug
from communique.read.dataset import Dataset, read_dataset
from communique.read.files import read_file
from communique.read.guard import guarded
from communique.read.release import DuplicateKeyError, WrittenRelease, build_release, read_json, read_release, unusual
from communique.read.yamlld import read_yaml
from communique.read.zstd import open_zstd

MAX_LINE: Final = 8 << 20
MAX_RATIO: Final = 200
SHORT_LINE: Final = (
    64  # bytes; a shorter line counts as this long, so that an archive of line ends is not read for hours
)
ARCHIVES: Final = (".jsonl", ".jsonl.gz", ".jsonl.zst")


@dataclass(frozen=True, slots=True)
class EntityFile:
    """One file of the registry: its nodes as written, its bytes (to find positions), and the findings about it."""

    path: Path
    document: dict[str, object] | None
    raw: bytes
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class UnreadRelease:
    """The folder of a release; `read` gives the release, with findings and no record if it cannot be read."""

    folder: Path

    def read(self) -> WrittenRelease:
        """The release as it is written."""
        return guarded(self.folder / "record.yaml", partial(read_release, self.folder), partial(_broken, self.folder))


@dataclass(frozen=True, slots=True)
class NewsroomFolder:
    """A folder with ``dataset.yaml``, ``entities/`` and ``releases/``; only ``dataset.yaml`` is kept in memory."""

    data: Path
    dataset: Dataset
    findings: tuple[Finding, ...]

    @property
    def root(self) -> Path:
        """The folder that contains ``data/`` and, if it has its own, ``ontology/``, ``shapes/`` and ``queries/``."""
        return self.data.resolve().parent

    def entities(self) -> Iterator[EntityFile]:
        """The files of the registry, sorted by name. Raises `NewsroomError` if the folder cannot be read."""
        for path in self.entity_files():
            yield guarded(path, partial(_read_entities, path), partial(_broken_entities, path))

    def entity_files(self) -> list[Path]:
        """The paths of the files of the registry, sorted by name."""
        return [e.path for e in self._entries("entities") if e.path.suffix == ".yaml"]

    def folders(self) -> list[Path]:
        """The folders of releases, sorted by name. Raises `NewsroomError` if they cannot be listed."""
        return _folders(self._entries("releases"))

    def archives(self) -> list[Path]:
        """The archives of releases (JSON lines, plain or compressed), sorted by name."""
        return _archives(self._entries("releases"))

    def _entries(self, name: str) -> list[Entry]:
        """The entries of a folder of the data, without hidden ones; none if there is no such folder."""
        here = entry_at(self.data / name, NewsroomError)
        if here is None:
            return []
        if not here.is_folder:
            raise NewsroomError(f"{here.path} is {here.kind}, not a folder: put the folder itself there")
        return [e for e in list_folder(here.path, NewsroomError) if not e.path.name.startswith(".")]

    def releases(self, slugs: Collection[str] = ()) -> Iterator[WrittenRelease]:
        """All releases, or those with the given slugs, one after the other; raises what `waiting` raises."""
        return map(read_waiting, self.waiting(slugs))

    def waiting(self, slugs: Collection[str] = ()) -> Iterator[UnreadRelease | WrittenRelease]:
        """All releases, or those with the given slugs, one after the other: first from folders, then from archives.

        Those in folders are still to be read, which takes time, and may be read in another process.
        A release that cannot be read has findings and no record. Raises `NewsroomError` for a slug that does not exist
        (before anything is read, if there are no archives), for a folder that cannot be read, and for an archive that
        cannot be unpacked.
        """
        wanted, seen = set(slugs), set[str]()
        entries = self._entries("releases")
        folders, archives, others = _folders(entries), _archives(entries), _unusual(entries)
        if wanted and not archives:
            self._refuse_unknown(wanted, {p.name for p in folders} | {r.slug for r in others})
        for folder in folders:
            if not wanted or folder.name in wanted:
                seen.add(folder.name)
                yield UnreadRelease(folder)
        for release in others:
            if not wanted or release.slug in wanted:
                seen.add(release.slug)
                yield release
        for archive in archives:
            for release in read_archive(archive):
                if release.slug == archive.name:  # an archive that cannot be opened may contain any release
                    yield release
                    wanted &= seen
                elif not wanted or release.slug in wanted:
                    yield _refuse_duplicate(release, seen)
        self._refuse_unknown(wanted, seen)

    def count(self, slugs: Collection[str] = ()) -> int | None:
        """How many releases there are, or how many of those with the given slugs; None if only reading can tell."""
        if slugs:
            return len(set(slugs))
        return None if self.archives() else len(self.folders())

    def _refuse_unknown(self, wanted: set[str], known: set[str]) -> None:
        for slug in sorted(wanted - known):
            near = hint(slug, known, otherwise="")
            raise NewsroomError(
                f"there is no release {slug!r} in {self.data / 'releases'}" + (f", {near}" if near else "")
            )


def read_waiting(release: UnreadRelease | WrittenRelease) -> WrittenRelease:
    """The release, read now if it was not yet."""
    return release.read() if isinstance(release, UnreadRelease) else release


def given_up(release: UnreadRelease | WrittenRelease, message: str, fix: str) -> WrittenRelease:
    """The release without its record, because of a failure of the program that no guard could stop."""
    path, line = (release.folder, 0) if isinstance(release, UnreadRelease) else (release.path, release.line)
    found = WrittenRelease(path.name, "", None, path) if isinstance(release, UnreadRelease) else release
    place = Position(line, 1, 1) if line else NOWHERE
    why = Finding.at(found.file, place, "program-error", message, fix=fix)
    return replace(found, source="", record=None, raw=b"", page=None, findings=(why,))


def _folders(entries: list[Entry]) -> list[Path]:
    return [e.path for e in entries if e.is_folder]


def _archives(entries: list[Entry]) -> list[Path]:
    return [e.path for e in entries if e.is_file and e.path.name.endswith(ARCHIVES)]


def _unusual(entries: list[Entry]) -> list[WrittenRelease]:
    """Links, pipes and devices among the releases, each as a release that cannot be read."""
    odd = [e for e in entries if not e.is_folder and not e.is_file]
    return [WrittenRelease(e.path.name, "", None, e.path, findings=(unusual(e),)) for e in odd]


def _read_entities(path: Path) -> EntityFile:
    findings: list[Finding] = []
    raw, document = read_file(path, findings), None
    if raw is not None:
        document, findings = read_yaml(raw, str(path))
    return EntityFile(path, document, raw or b"", tuple(findings))


def _broken_entities(path: Path, why: Finding) -> EntityFile:
    return EntityFile(path, None, b"", (why,))


def _broken(path: Path, why: Finding) -> WrittenRelease:
    """A release that cannot be used: that of a folder, or that on the line of an archive given by ``why``."""
    name = f"{path.name}:{why.line}" if why.line else path.name
    return WrittenRelease(name, "", None, path, line=why.line, findings=(why,))


def _broken_line(path: Path, number: int, why: Finding) -> WrittenRelease:
    return _broken(path, replace(why, line=number, column=1))


def open_data(data: Path | str = "data") -> NewsroomFolder:
    """The newsroom with its data in the folder ``data``. Raises `NewsroomError` if there is no such folder."""
    folder = Path(data)
    if entry_at(folder, NewsroomError) is None:
        raise NewsroomError(f"there is no folder {str(data)!r}: name the newsroom's data folder with --data")
    names = {entry.path.name for entry in list_folder(folder, NewsroomError)}
    if not names & {"releases", "dataset.yaml"}:
        inner = " (did you mean its folder data/?)" if "data" in names else ""
        raise NewsroomError(f"{str(data)!r} is not the data folder of a newsroom: it has no releases/{inner}")
    dataset, findings = read_dataset(folder / "dataset.yaml")
    return NewsroomFolder(folder, dataset, tuple(findings))


def read_archive(path: Path) -> Iterator[WrittenRelease]:
    """The releases of an archive, one per line: ``{"slug": …, "source": …, "record": …}``.

    A line that cannot be used gives a release without a record, with a finding that says why. Of lines that are not
    releases at all only the first hundred are given, and then the number of the others. An archive that cannot be
    opened gives one release with the name of the archive. Raises `NewsroomError` if the archive cannot be unpacked or
    unpacks to more than 200 times its size.
    """
    odd = 0
    for release in _read_lines(path):
        odd += _is_no_release(release)
        if odd <= MAX_SHOWN or not _is_no_release(release):
            yield release
    if odd > MAX_SHOWN:
        more = f"{odd - MAX_SHOWN:,} more lines of this archive are not releases"
        yield _broken(path, Finding.of_file(path, "more-findings", more, value=str(odd - MAX_SHOWN)))


def _is_no_release(release: WrittenRelease) -> bool:
    """Whether a line was not a release at all; `_release_of_line` then uses file and line as its name."""
    return release.slug == f"{release.path.name}:{release.line}"


def _read_lines(path: Path) -> Iterator[WrittenRelease]:
    try:
        budget = max(path.stat().st_size * MAX_RATIO, 64 << 20)
        opened = _open(path)
    except OSError as e:
        yield _broken(path, Finding.of_file(path, "unreadable-file", f"{path.name} cannot be read: {e.strerror}"))
        return
    with opened as lines:
        number = 0
        while True:
            try:
                line = lines.readline(MAX_LINE + 1)
            except (OSError, EOFError, ValueError, zlib.error) as e:
                raise NewsroomError(f"{path}: cannot be unpacked after line {number}: {e}") from e
            if not line:
                return
            number += 1
            budget -= max(len(line), SHORT_LINE)
            if budget < 0:
                raise NewsroomError(f"{path}: unpacks to more than {MAX_RATIO} times its size; it is not read further")
            if len(line) > MAX_LINE:
                raise NewsroomError(f"{path}: line {number} is longer than {MAX_LINE:,} bytes; split the archive")
            if line.strip():
                read = partial(_release_of_line, path, number, line)
                yield guarded(path, read, partial(_broken_line, path, number))


def _open(path: Path) -> IO[bytes]:
    if path.name.endswith(".gz"):
        return gzip.open(path, "rb")  # type: ignore[return-value]
    if path.name.endswith(".zst"):
        return open_zstd(path)
    return path.open("rb")


def _release_of_line(path: Path, number: int, line: bytes) -> WrittenRelease:
    try:
        item: Any = read_json(line)
        slug, source, record = item["slug"], item["source"], item["record"]
        if not isinstance(slug, str) or not isinstance(source, str):
            raise TypeError("slug and source must be text")
        return build_release(slug, source, record, path, number)
    except (ValueError, KeyError, TypeError, RecursionError) as e:
        code = "duplicate-key" if isinstance(e, DuplicateKeyError) else "json-syntax"
        why = f"{e} is missing" if isinstance(e, KeyError) else str(e)
        message = f"this line is not a release: {why}"
        return _broken(path, Finding.at(path, Position(number, 1, 1), code, message))


def _refuse_duplicate(release: WrittenRelease, seen: set[str]) -> WrittenRelease:
    """The release, without its record and with a finding if a release of this name has been ``seen``."""
    if release.slug in seen:
        message = f"a second release is named {release.slug!r}"
        twice = Finding.at(release.file, Position(release.line, 1, 1), "duplicate-slug", message)
        return replace(release, record=None, findings=(*release.findings, twice))
    if is_slug(release.slug):
        seen.add(release.slug)
    return release

"""Releases checked and rendered by the workers of a Dask cluster, for a build on this machine.

Workers get all that they need with each task, the texts and records too, and send back what a build makes of each
release. So only this machine reads the data and writes the publication, and no worker needs a disk that all share or
the credentials of a storage. A task that a worker did not finish is run again by another one.
"""

from __future__ import annotations

import hashlib
import logging
import sys
import tempfile
import threading
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from communique import artefacts
from communique.errors import OutputError
from communique.publish.blocks import Waiting, split_blocks
from communique.publish.build import build_release
from communique.publish.kept.built import BuiltRelease
from communique.publish.kept.dependencies import VENDORED, files_of_program, versions
from communique.publish.kept.releases import Cache
from communique.publish.kept.sealed import add_part
from communique.publish.site.pages import all_pages
from communique.read.newsroom import read_waiting
from communique.read.release import WrittenRelease

if TYPE_CHECKING:
    from distributed import Client, Future

    from communique.api import Newsroom

CONNECT_SECONDS: Final = 10
"""How long a scheduler may take to answer, and its first worker to come."""
_DATA: Final = "data"


@dataclass(frozen=True, slots=True)
class Kit:
    """What a worker needs besides releases: the files that all releases depend on, by their paths in a newsroom.

    ``program`` is a hash of this program and the packages that it stands on.
    """

    program: str
    has_pages: bool
    files: tuple[tuple[str, bytes], ...]

    def open(self) -> Callable[[WrittenRelease], BuiltRelease]:
        """What makes the files of a release. Raises `OutputError` where the program is another one."""
        from communique.api import open_newsroom

        if self.program != program_hash():
            raise OutputError(
                "a worker runs another version of communique, of its packages or of Python than this command: "
                "install the same on all machines"
            )
        with tempfile.TemporaryDirectory(prefix="communique-") as folder:
            (Path(folder) / _DATA / "releases").mkdir(parents=True)
            for name, body in self.files:
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)
            newsroom = open_newsroom(Path(folder) / _DATA)
            pages = all_pages(newsroom.dataset) if self.has_pages else ()
            return partial(build_release, pages, newsroom.dataset, newsroom.core)


def pack_kit(newsroom: Newsroom, *, has_pages: bool) -> Kit:
    """The kit of a newsroom. Raises `OSError` if a file cannot be read."""
    root, data = newsroom.folder.root, newsroom.folder.data
    paths = [(f"{_DATA}/dataset.yaml", data / "dataset.yaml")] if (data / "dataset.yaml").is_file() else []
    paths += [(f"{_DATA}/entities/{path.name}", path) for path in newsroom.folder.entity_files() if path.is_file()]
    for name in artefacts.NAMES:
        place = artefacts.folder(name, root)
        paths += [(f"{name}/{path.relative_to(place).as_posix()}", path) for path in artefacts.files(place)]
    return Kit(program_hash(), has_pages, tuple((name, path.read_bytes()) for name, path in paths))


def program_hash() -> str:
    """A hash of this program, of the packages that can change what is published, and of the version of Python."""
    whole = hashlib.blake2b(digest_size=32)
    for part in (f"{sys.version_info[:2]}", *list(versions())[1:]):
        add_part(whole, part.encode())
    for place, path in files_of_program():
        name = path.relative_to(place)
        if VENDORED not in name.parts:
            add_part(whole, str(name).encode(errors="surrogateescape"))
            add_part(whole, path.read_bytes())
    return whole.hexdigest()


_opened: dict[Kit, Callable[[WrittenRelease], BuiltRelease]] = {}
_one_at_a_time: Final = threading.Lock()
"""A worker may have several threads, and the reference validator has state that they would share."""


def build_on_worker(kit: Kit, releases: list[WrittenRelease]) -> list[bytes]:
    """What a build makes of each release, as bytes; runs in a worker, which keeps the kit open for its next task."""
    with _one_at_a_time:
        if kit not in _opened:
            _opened.clear()
            _opened[kit] = kit.open()
        return [_opened[kit](release).to_bytes() for release in releases]


class _Block(NamedTuple):
    """Some releases, for each the name of its entry in the cache and what that holds, and the task for the rest."""

    releases: Waiting
    known: list[tuple[str, BuiltRelease | None]]
    task: Future | None


@dataclass(frozen=True, slots=True)
class Cluster:
    """The workers of a scheduler."""

    address: str
    client: Client

    def build_blocks(
        self, newsroom: Newsroom, cache: Cache | None, *, has_pages: bool
    ) -> Generator[list[tuple[str, BuiltRelease]], None, None]:
        """For each block of releases what is made of them, in order, with the names of their entries in the cache.

        Few blocks are under way at once. Raises `OutputError` if the cluster cannot do the work.
        """
        kit = pack_kit(newsroom, has_pages=has_pages)
        under_way: deque[_Block] = deque()
        with self._in_one_sentence():
            for releases in split_blocks(newsroom.folder.waiting()):
                under_way.append(self._send(kit, releases, cache))
                if len(under_way) > 2 * max(1, sum(self.client.nthreads().values())):
                    yield self._receive(under_way.popleft(), cache, newsroom.dataset.base)
            while under_way:
                yield self._receive(under_way.popleft(), cache, newsroom.dataset.base)

    def _send(self, kit: Kit, releases: Waiting, cache: Cache | None) -> _Block:
        known = [cache.find(release) if cache else ("", None) for release in releases]
        missing = [read_waiting(one) for one, (_, built) in zip(releases, known, strict=True) if built is None]
        task = self.client.submit(build_on_worker, kit, missing, pure=False) if missing else None
        return _Block(releases, known, task)

    def _receive(self, block: _Block, cache: Cache | None, base: str) -> list[tuple[str, BuiltRelease]]:
        made = iter(block.task.result() if block.task else ())
        found = []
        for release, (key, known) in zip(block.releases, block.known, strict=True):
            built = known or BuiltRelease.from_bytes(next(made), base)
            found.append((cache.keep(release, key, built) if cache and not known else key, built))
        return found

    @contextmanager
    def _in_one_sentence(self) -> Iterator[None]:
        from concurrent.futures import CancelledError

        from distributed import KilledWorker
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        try:
            yield
        except KilledWorker:
            raise OutputError(
                f"workers of {self.address} ended again and again on the same releases (the memory may not be enough); "
                "nothing was changed: give each worker more memory"
            ) from None
        except (CancelledError, FutureCancelledError, CommClosedError, TimeoutError):
            raise OutputError(f"the scheduler {self.address} has ended; nothing was changed: do it again") from None
        except ImportError as error:
            raise OutputError(
                f"a worker of {self.address} lacks a module ({error}): install the same on all machines"
            ) from None


@contextmanager
def open_cluster(address: str) -> Iterator[Cluster]:
    """The workers of the scheduler at an address; tasks that are not finished are cancelled at the end.

    Raises `OutputError` if dask.distributed is missing, no scheduler answers, or it has no worker.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from distributed import Client  # 0.5 s, and only a build on a cluster needs it
    except ImportError:
        raise OutputError("--engine dask needs packages that are missing: pip install 'communique[dask]'") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # messages of ours say what went wrong
    logging.getLogger("tornado").setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of versions: those that matter are compared by the workers
        try:
            client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError):
            raise OutputError(
                f"no Dask scheduler answers at {address}: start it with dask scheduler, or correct --scheduler"
            ) from None
        try:
            try:
                client.wait_for_workers(1, timeout=CONNECT_SECONDS)
            except TimeoutError:
                raise OutputError(f"{address} has no worker: start some with dask worker {address}") from None
            yield Cluster(address, client)
        finally:
            client.close()

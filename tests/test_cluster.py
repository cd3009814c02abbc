"""A build on a Dask cluster: the bytes of a local one, whatever becomes of the workers."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from communique.api import open_newsroom
from communique.cli import main
from communique.errors import CommuniqueError, OutputError
from communique.publish import blocks, cluster
from communique.publish.build import build
from communique.publish.cluster import Cluster, build_on_worker, open_cluster, pack_kit
from communique.publish.kept.releases import open_cache
from tests.conftest import ARCHIVE, DATA
from tests.engines import Server, free_port, running
from tests.markers import must_be_marked
from tests.strict import need

RELEASES = len(list((ARCHIVE / "releases").iterdir()))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Inline:
    """A client whose only worker is this process; it notes how many results were waited for when a task was sent."""

    def __init__(self) -> None:
        self.sent: list[list[str]] = []
        self.most = 0
        self.open = 0

    def nthreads(self) -> dict[str, int]:
        return {"one": 1}

    def submit(self, run: Any, kit: Any, releases: list[Any], *, pure: bool) -> Any:
        assert not pure  # else what failed once would not be done again
        self.sent.append([release.slug for release in releases])
        self.open += 1
        self.most = max(self.most, self.open)
        client, future = self, Future[list[bytes]]()
        future.set_result(run(kit, releases))

        class Counted:
            def result(self) -> list[bytes]:
                client.open -= 1
                return future.result()

        return Counted()


@pytest.fixture
def inline(monkeypatch: pytest.MonkeyPatch) -> Inline:
    need(["distributed"], "Dask is missing: pip install 'communique[dask]'")
    monkeypatch.setattr(blocks, "SIZES", (2,))
    return Inline()


@pytest.mark.slow
def test_blocks_come_in_order_and_few_are_under_way(inline: Inline, tmp_path: Path, archive_site: Path) -> None:
    build(open_newsroom(ARCHIVE), tmp_path / "public", jobs=1, elsewhere=Cluster("x", inline))
    assert contents(tmp_path / "public") == contents(archive_site)
    assert (len(inline.sent), inline.most) == ((RELEASES + 1) // 2, 3)
    assert [slug for sent in inline.sent for slug in sent] == sorted(p.name for p in (ARCHIVE / "releases").iterdir())


@pytest.mark.slow
def test_what_an_earlier_build_kept_is_not_sent_and_what_is_made_is_kept(inline: Inline, tmp_path: Path) -> None:
    shutil.copytree(ARCHIVE, tmp_path / "data")
    elsewhere = Cluster("x", inline)

    def run() -> list[str]:
        inline.sent.clear()
        build(open_newsroom(tmp_path / "data"), tmp_path / "public", jobs=1, site=False, keep=True, elsewhere=elsewhere)
        return [slug for sent in inline.sent for slug in sent]

    assert len(run()) == RELEASES
    assert run() == []
    slug = sorted(p.name for p in (ARCHIVE / "releases").iterdir())[3]
    source = tmp_path / "data" / "releases" / slug / "source.txt"
    source.write_bytes(source.read_bytes() + b"\n")
    assert run() == [slug]
    build(open_newsroom(tmp_path / "data"), tmp_path / "local", jobs=1, site=False)
    assert contents(tmp_path / "public") == contents(tmp_path / "local")


def test_a_release_that_is_changed_while_it_is_made_is_not_kept(inline: Inline, tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    newsroom = open_newsroom(tmp_path / "data")
    cache = open_cache(newsroom, has_pages=False)
    assert cache is not None
    (source,) = (tmp_path / "data" / "releases").glob("*/source.txt")
    submit = inline.submit

    def submit_and_edit(*arguments: Any, **more: Any) -> Any:
        made = submit(*arguments, **more)
        source.write_bytes(source.read_bytes() + b"\n")
        return made

    inline.submit = submit_and_edit  # type: ignore[method-assign]
    ((only,),) = Cluster("x", inline).build_blocks(newsroom, cache, has_pages=False)
    assert only[0] == ""
    assert cache.place.names() == []


def test_a_kit_has_what_all_releases_depend_on(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    shutil.copytree(DATA.parent / "shapes", tmp_path / "shapes")
    (tmp_path / "shapes" / "own.ttl").write_text("# ours\n")
    files = dict(pack_kit(open_newsroom(tmp_path / "data"), has_pages=True).files)
    assert files["shapes/own.ttl"] == b"# ours\n"
    assert files["data/dataset.yaml"] == (DATA / "dataset.yaml").read_bytes()
    assert {name for name in files if name.startswith("data/")} == {
        "data/dataset.yaml", *(f"data/entities/{path.name}" for path in (DATA / "entities").glob("*.yaml"))
    }  # fmt: skip
    assert any(name.startswith("ontology/") for name in files)
    assert any(name.startswith("queries/") for name in files)


def test_a_worker_with_another_program_is_refused() -> None:
    kit = replace(pack_kit(open_newsroom(DATA), has_pages=False), program="another")
    with pytest.raises(
        OutputError, match=r"^a worker runs another version of communique, of its packages or of Python"
    ):
        build_on_worker(kit, [])


def test_the_hash_of_the_program_depends_on_its_files_and_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    own = cluster.program_hash()
    assert own == cluster.program_hash()
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "versions", lambda: iter(["of Python, with its compiler", "rdflib 0"]))
        assert cluster.program_hash() != own
    with monkeypatch.context() as patch:
        patch.setattr(cluster, "files_of_program", lambda: iter([(Path(__file__).parent, Path(__file__))]))
        assert cluster.program_hash() != own


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (CancelledError(), "the scheduler tcp://x:1 has ended; nothing was changed: do it again"),
        (TimeoutError(), "the scheduler tcp://x:1 has ended; nothing was changed: do it again"),
        (
            ImportError("no communique"),
            "a worker of tcp://x:1 lacks a module (no communique): install",
        ),
        (OutputError("as it is"), "as it is"),
    ],
)
def test_what_a_cluster_cannot_do_is_told_in_one_sentence(inline: Inline, error: Exception, message: str) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    inline.submit = fail  # type: ignore[method-assign]
    with pytest.raises(OutputError) as caught:
        list(Cluster("tcp://x:1", inline).build_blocks(open_newsroom(DATA), None, has_pages=False))
    assert str(caught.value).startswith(message)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(OutputError, match=r"pip install 'communique\[dask\]'$"):
        open_cluster("tcp://127.0.0.1:1").__enter__()


@pytest.mark.parametrize("words", [["--engine", "dask"], ["--scheduler", "tcp://127.0.0.1:1"]])
def test_engine_and_scheduler_need_each_other(
    words: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["communique", "build", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert "--engine dask and --scheduler ADDRESS need each other: give both or none" in capsys.readouterr().err


# ---- a real scheduler and real workers


class Dask:
    """A scheduler on loopback, and workers, each a process."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.workers: list[subprocess.Popen[bytes]] = []

    def start_worker(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "dask", "worker", self.address, "--no-nanny", "--nthreads", "1"]
        with (self.folder / "workers.txt").open("ab") as log:
            where = ["--no-dashboard", "--local-directory", str(self.folder)]
            self.workers.append(subprocess.Popen([*command, *where], cwd=self.folder, stdout=log, stderr=log))
        return self.workers[-1]


@pytest.fixture
def dask(tmp_path: Path) -> Iterator[Dask]:
    need(["distributed"], "Dask is missing: pip install 'communique[dask]'")
    must_be_marked("stores", "a scheduler")
    port, web = free_port(), free_port()
    folder = tmp_path / "dask"
    folder.mkdir()
    command = [sys.executable, "-m", "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port)]
    server = Server([*command, "--dashboard-address", f"127.0.0.1:{web}"], folder, "", f"http://127.0.0.1:{web}/health")
    with running(server):
        made = Dask(folder, f"tcp://127.0.0.1:{port}")
        try:
            yield made
        finally:
            for worker in made.workers:
                worker.kill()
                worker.wait()


SOCKETS = pytest.mark.filterwarnings("ignore")
"""Sockets of the client are closed by its own threads, some after the test."""


@SOCKETS
@pytest.mark.stores
@pytest.mark.slow
@pytest.mark.enable_socket
def test_a_killed_worker_costs_only_time(
    dask: Dask, tmp_path: Path, archive_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "SIZES", (1,))
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 120)
    first, _ = dask.start_worker(), dask.start_worker()
    seen: list[object] = []

    def watch(items: Iterable[Any], label: str, total: int | None = None, **_: object) -> Iterator[Any]:
        for item in items:
            seen.append(item)
            if label == "releases" and len(seen) == 2:
                first.kill()
            yield item

    with open_cluster(dask.address) as found:
        build(open_newsroom(ARCHIVE), tmp_path / "public", jobs=1, watch=watch, elsewhere=found)
    assert contents(tmp_path / "public") == contents(archive_site)
    assert first.wait() == -9


@SOCKETS
@pytest.mark.stores
@pytest.mark.slow
@pytest.mark.enable_socket
def test_the_command_builds_the_first_release_on_a_cluster(dask: Dask, tmp_path: Path, publication: Path) -> None:
    with pytest.MonkeyPatch.context() as patch, contextlib.suppress(SystemExit):
        patch.setattr(cluster, "CONNECT_SECONDS", 1)
        with pytest.raises(OutputError, match=f"^{dask.address} has no worker: start some with dask worker"):
            open_cluster(dask.address).__enter__()
    dask.start_worker()
    where = ["--engine", "dask", "--scheduler", dask.address, "--data", str(DATA), "--no-cache"]
    command = [sys.executable, "-m", "communique", "build", *where, "--out", "public", "--quiet"]
    for _ in range(3):  # the worker may need longer to start than the command waits
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        if "has no worker" not in done.stderr:
            break
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert contents(tmp_path / "public") == contents(publication)


@SOCKETS
@pytest.mark.stores
@pytest.mark.enable_socket
def test_a_scheduler_that_does_not_answer_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    need(["distributed"], "Dask is missing: pip install 'communique[dask]'")
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    for address in (f"tcp://127.0.0.1:{free_port()}", "nonsense://x"):
        with pytest.raises(CommuniqueError) as caught:
            open_cluster(address).__enter__()
        assert str(caught.value).startswith(f"no Dask scheduler answers at {address}: start it with dask scheduler")

"""Data in S3: the same findings and the same publication as from a folder; only what has changed is copied."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from communique.cli import main
from communique.errors import StorageError
from communique.publish.manifest import verify
from communique.remote import mirror as mirror_module
from communique.remote.address import StorageAddress, read_address
from communique.remote.home import open_home
from communique.remote.mirror import Mirror
from communique.remote.storage import Storage, StoredFile, open_storage
from tests.conftest import ARCHIVE, DATA, SLUG
from tests.engines import free_port
from tests.s3 import SECRET, Bucket, moto
from tests.strict import need

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with moto(tmp_path_factory.mktemp("moto") / "server") as url:
        yield url


@pytest.fixture
def bucket(s3: str, tmp_path: Path) -> Bucket:
    return Bucket(f"b{time.time_ns()}", s3, tmp_path / "caches")


def communique(bucket: Bucket, *words: str | Path, **more: str) -> tuple[int, str, str]:
    """The exit code, the output and the messages of a command; none of them holds a secret."""
    done = subprocess.run(
        [sys.executable, "-m", "communique", *map(str, words)],
        cwd=bucket.caches.parent, capture_output=True, text=True, check=False,
        env={**os.environ, **bucket.environment, **more},
    )  # fmt: skip
    assert SECRET not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def copied(bucket: Bucket) -> dict[str, float]:
    """The files of the copy, and when each was written."""
    (home,) = (bucket.caches / "communique" / "storage").iterdir()
    newsroom = home / "newsroom"
    names = [p for p in newsroom.rglob("*") if p.is_file() and ".communique" not in p.parts]
    return {str(p.relative_to(newsroom)): p.stat().st_mtime_ns for p in names}


def test_data_in_s3_give_the_publication_of_the_same_folder(bucket: Bucket, archive_site: Path, tmp_path: Path) -> None:
    bucket.put_folder(ARCHIVE, "news/data")
    shutil.copytree(ARCHIVE, tmp_path / "here")
    address = bucket.address("news/data")
    code, out, err = communique(bucket, "build", "--data", address, "--out", "public")
    here = communique(bucket, "check", "--data", "here")[1]
    assert (code, out.strip()) == (0, here.replace("here/", f"{address}/").strip())
    assert contents(tmp_path / "public") == contents(archive_site)
    assert verify(tmp_path / "public") == ()
    assert str(bucket.caches) not in err


def test_only_what_has_changed_is_copied_and_what_is_gone_is_removed(bucket: Bucket, tmp_path: Path) -> None:
    bucket.put_folder(DATA, "data")
    bucket.put_folder(DATA / "releases" / SLUG, "data/releases/2020-01-01-second")
    build = ("build", "--no-site", "--jobs", "1", "--data", bucket.address("data"), "--out", "public")
    communique(bucket, *build)
    before = copied(bucket)
    for name in names(DATA / "releases" / SLUG):
        bucket.remove(f"data/releases/2020-01-01-second/{name}")
    source = (DATA / "releases" / SLUG / "source.txt").read_bytes() + b"\n"
    bucket.put(f"data/releases/{SLUG}/source.txt", source)
    assert communique(bucket, *build)[0] == 0
    after = copied(bucket)
    same = {name for name in before if before[name] == after.get(name)}
    assert (
        same
        == set(after) - {f"data/releases/{SLUG}/source.txt"}
        == {n for n in before if "second" not in n} - {f"data/releases/{SLUG}/source.txt"}
    )
    assert (tmp_path / "public" / "release" / SLUG / "source.txt").read_bytes() == source
    assert "nothing changed" in communique(bucket, *build)[2]
    assert copied(bucket) == after


def test_a_publication_goes_to_s3_and_the_next_build_writes_only_what_has_changed(
    bucket: Bucket, tmp_path: Path
) -> None:
    shutil.copytree(DATA, tmp_path / "data")
    build = ("build", "--no-site", "--jobs", "1", "--out", bucket.address("site"))
    code, _, err = communique(bucket, *build)
    assert (code, f"{bucket.address('site')}/manifest.json" in err, str(bucket.caches) in err) == (0, True, False)
    communique(bucket, "build", "--no-site", "--jobs", "1", "--out", "public")
    assert bucket.read("site") == contents(tmp_path / "public")
    info = bucket.files.info(f"{bucket.name}/site/dataset.ttl")
    assert info["ContentType"] == "text/turtle; charset=utf-8"
    assert communique(bucket, *build)[2].endswith(f"{bucket.address('site')} is as it was\n")
    bucket.remove("site/dataset.ttl")
    assert f"{bucket.address('site')}: files written: 1, removed: 0" in communique(bucket, *build)[2]
    assert bucket.read("site") == contents(tmp_path / "public")


class Memory:
    """A newsroom in the memory of this process, and the folder of its copy."""

    def __init__(self, folder: Path) -> None:
        need(["fsspec"], "S3 is missing: pip install 'communique[remote]'")
        from fsspec.implementations.memory import MemoryFileSystem

        self.files = MemoryFileSystem()
        self.above = f"{folder.name}{time.time_ns()}"
        self.address = StorageAddress("memory", f"{self.above}/data")
        self.mirror = Mirror(self.address, folder / "home")
        self.mirror.home.mkdir()

    def put(self, path: str, body: bytes) -> None:
        self.files.pipe_file(f"/{self.address.path}/{path}", body)

    def put_beside(self, path: str, body: bytes) -> None:
        self.files.pipe_file(f"/{self.above}/{path}", body)

    def copied(self) -> dict[str, bytes]:
        self.mirror.update()
        return contents(self.mirror.home / "newsroom")


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    made = Memory(tmp_path)
    made.put("dataset.yaml", b"title: T\n")
    made.put("releases/one/source.txt", b"One")
    made.put("releases/one/record.yaml", b"graph: []")
    return made


FIRST = {
    "data/dataset.yaml": b"title: T\n",
    "data/releases/one/source.txt": b"One",
    "data/releases/one/record.yaml": b"graph: []",
}


def test_only_what_is_read_is_copied(memory: Memory) -> None:
    read = {
        "entities/people.yaml": b"p",
        "releases/old.jsonl.gz": b"old",
        "releases/two/page.json": b"{}",
    }
    for path, body in read.items():
        memory.put(path, body)
    others = ("entities/.hidden.yaml", "entities/notes.txt", "entities/deep/a.yaml", "releases/README.md")
    for path in (*others, "releases/.git/source.txt", "releases/one/page.png", "releases/three/notes.txt", "x.yaml"):
        memory.put(path, b"unread")
    memory.put_beside("shapes/own.ttl", b"shape")
    memory.put_beside("queries/deep/own.rq", b"query")
    for path in ("shapes/README.md", "public/index.html", "shapes/.x/a.ttl", "dataset.yaml"):
        memory.put_beside(path, b"unread")
    beside = {"shapes/own.ttl": b"shape", "queries/deep/own.rq": b"query"}
    assert memory.copied() == FIRST | {f"data/{path}": body for path, body in read.items()} | beside
    folders = names(memory.mirror.data / "releases")
    assert folders == ["old.jsonl.gz", "one", "three", "two"]  # a folder without a record is a finding


def test_what_is_gone_is_removed_with_its_folders_and_nothing_else(memory: Memory) -> None:
    memory.put("releases/two/source.txt", b"Two")
    memory.put_beside("shapes/own.ttl", b"shape")
    memory.put_beside("ontology/context.jsonld", b"{}")
    memory.copied()
    hidden = memory.mirror.data.parent / ".communique"
    hidden.mkdir()
    (hidden / "cache").write_bytes(b"kept")
    memory.files.rm(f"/{memory.address.path}/releases/two", recursive=True)
    memory.files.rm(f"/{memory.above}/shapes", recursive=True)
    assert memory.copied() == FIRST | {"ontology/context.jsonld": b"{}", ".communique/cache": b"kept"}
    assert names(memory.mirror.data.parent) == [".communique", "data", "ontology"]
    assert names(memory.mirror.data / "releases") == ["one"]


def test_a_copy_that_was_changed_or_removed_here_is_made_again(memory: Memory) -> None:
    memory.copied()
    (memory.mirror.data / "releases" / "one" / "source.txt").write_bytes(b"Other words")
    (memory.mirror.data / "dataset.yaml").unlink()
    (memory.mirror.data / "stray.yaml").write_bytes(b"stray")
    assert memory.copied() == FIRST


def test_a_copy_that_is_interrupted_goes_on_where_it_stopped(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror_module, "BATCH", 1)
    fetched: list[str] = []
    fetch = Storage.fetch

    def fetch_few(storage: Storage, pairs: list[tuple[str, Path]]) -> None:
        if len(fetched) == 2:
            pairs[0][1].write_bytes(b"hal")
            raise KeyboardInterrupt
        fetched.extend(path for path, _ in pairs)
        fetch(storage, pairs)

    monkeypatch.setattr(Storage, "fetch", fetch_few)
    with pytest.raises(KeyboardInterrupt):
        memory.copied()
    with (memory.mirror.home / "notes.jsonl").open("ab") as notes:
        notes.write(b'["data/releases/one/sou')  # as if it had been killed while it wrote a note
    first, fetched[:] = list(fetched), []
    assert memory.copied() == FIRST
    assert sorted(first + fetched) == sorted(path.removeprefix("data/") for path in FIRST)
    assert names(memory.mirror.home) == ["newsroom", "notes.jsonl"]


def test_data_that_change_while_they_are_read_are_read_again(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch, times = Storage.fetch, iter(range(10))
    edits = {0: b"Longer words", 1: b"Last words"}

    def fetch_and_edit(storage: Storage, pairs: list[tuple[str, Path]]) -> None:
        number = next(times)
        if number == 0:
            memory.files.rm(f"/{memory.address.path}/releases/one/record.yaml")
        if number in edits:
            memory.put("releases/one/source.txt", edits[number])
        fetch(storage, pairs)

    monkeypatch.setattr(Storage, "fetch", fetch_and_edit)
    gone = {name: body for name, body in FIRST.items() if not name.endswith("record.yaml")}
    assert memory.copied() == gone | {"data/releases/one/source.txt": b"Last words"}


def test_data_that_change_all_the_time_are_refused(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    fetch, bodies = Storage.fetch, iter(range(100))

    def fetch_and_edit(storage: Storage, pairs: list[tuple[str, Path]]) -> None:
        fetch(storage, pairs)
        memory.put("releases/one/source.txt", b"x" * next(bodies))

    monkeypatch.setattr(Storage, "fetch", fetch_and_edit)
    with pytest.raises(StorageError, match=r"changes while it is read: do it again when nobody writes there$"):
        memory.copied()


def test_of_a_file_that_is_refused_only_so_much_is_copied(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mirror_module, "MAX_FILE", 5)
    memory.put("releases/one/source.txt", b"0123456789")
    memory.put("releases/old.jsonl", b"0123456789")  # an archive may be as large as it is
    made = memory.copied()
    assert (made["data/releases/one/source.txt"], made["data/releases/old.jsonl"]) == (b"012345", b"0123456789")
    written = (memory.mirror.data / "releases" / "one" / "source.txt").stat().st_mtime_ns
    memory.copied()
    assert (memory.mirror.data / "releases" / "one" / "source.txt").stat().st_mtime_ns == written


@pytest.mark.parametrize("path", ["releases//source.txt", "releases/a\0b/source.txt"])
def test_a_path_that_no_folder_can_have_is_refused(memory: Memory, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.copied()
    listed = {path: StoredFile(1, "mark")}
    monkeypatch.setattr(Storage, "list_files", lambda self, name: listed if path.startswith(name) else {})
    with pytest.raises(StorageError, match="cannot be the path of a file: rename it"):
        memory.copied()
    assert contents(memory.mirror.home / "newsroom") == FIRST


def test_a_path_never_leads_out_of_the_copy(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ["releases/../../../out/source.txt", "releases/../source.txt", "entities/..", "dataset.yaml"]
    listed = {path: StoredFile(1, "mark") for path in paths}
    monkeypatch.setattr(
        Storage, "list_files", lambda self, name: {p: f for p, f in listed.items() if p.startswith(name)}
    )
    monkeypatch.setattr(Storage, "fetch", lambda self, pairs: [place.write_bytes(b"x") for _, place in pairs])
    assert memory.copied() == {"data/dataset.yaml": b"x"}


def test_an_address_without_a_newsroom_leaves_the_copy_as_it_is(memory: Memory) -> None:
    memory.copied()
    memory.files.rm(f"/{memory.address.path}", recursive=True)
    memory.put_beside("shapes/own.ttl", b"shape")
    with pytest.raises(StorageError, match=f"^there is no newsroom at {memory.address}: name its data folder"):
        memory.copied()
    assert contents(memory.mirror.home / "newsroom") == FIRST


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file:///data", "file:// is not read: give the folder itself"),
        ("memory://data", "memory:// is not read: what is in the memory of one program is gone when it ends"),
        ("s3a://bucket/data", "s3a:// is not read, did you mean 's3'?"),
        ("http://news.example/data", "http:// is not read, known: s3, gs, hdfs"),
        ("simplecache::s3://bucket", "simplecache::s3:// is not read, known: s3, gs, hdfs"),
        ("s3://", "'s3://' is not the address of a folder: write it as s3://bucket/folder"),
        ("s3:///data", "'s3:///data' is not the address of a folder: write it as s3://bucket/folder"),
        ("s3://bucket/../x", "'s3://bucket/../x' is not the address of a folder: write it as s3://bucket/folder"),
        ("s3://bucket/a?b", "'s3://bucket/a?b' is not the address of a folder: write it as s3://bucket/folder"),
        ("s3://a:hidden@bucket/x", "an address of s3:// must hold no user or password: put them into the environment"),
    ],
)
def test_an_address_that_is_not_read_is_refused_in_one_sentence(text: str, message: str) -> None:
    with pytest.raises(StorageError) as caught:
        read_address(text)
    assert str(caught.value) == message


def test_a_storage_that_refuses_or_does_not_answer_is_told_in_one_sentence(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in bucket.environment.items():
        monkeypatch.setenv(name, value)

    def told(address: str) -> str:
        with pytest.raises(StorageError) as caught:
            open_storage(read_address(address)).list_files("releases")
        assert SECRET not in str(caught.value)
        return str(caught.value)

    missing = "s3://there-is-none/data"
    assert told(missing) == f"there is no {missing}: write the names of bucket and folder as they are"
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}/{SECRET}")
    assert "Could not connect to the endpoint" in told(bucket.address("data"))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(bucket.caches))
    wanted = "there are no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment"
    assert told(bucket.address("data")) == f"{bucket.address('data')}: {wanted}"


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(
        StorageError, match=r"^s3://b/x needs packages that are missing: pip install 'communique\[remote\]'$"
    ):
        open_storage(StorageAddress("s3", "b/x"))
    with pytest.raises(StorageError, match=r"pip install 'communique\[remote\]' 'gcsfs'$"):
        open_storage(StorageAddress("gs", "b/x"))


def test_two_commands_do_not_work_with_one_address_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    address = StorageAddress("s3", "bucket/data")
    with open_home(address) as home, open_home(StorageAddress("s3", "bucket/other")) as other:
        assert home != other
        with pytest.raises(
            StorageError, match=r"^another command is working with s3://bucket/data: wait for it to end$"
        ):
            open_home(address).__enter__()
    with open_home(address) as again:
        assert again == home
        assert home.stat().st_mode & 0o077 == 0


def test_a_folder_for_copies_that_cannot_be_made_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(StorageError, match=r"s3://b/x needs a folder on this machine: set XDG_CACHE_HOME$"):
        open_home(StorageAddress("s3", "b/x")).__enter__()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["check", "--data", "s3://b/x"], "only build reads data at an address: give a folder"),
        (
            ["build", "--data", "s3://b/x", "--watch"],
            "--watch works with folders of this machine: give none at an address",
        ),
        (["build", "--data", "file:///data"], "file:// is not read: give the folder itself"),
    ],
)
def test_a_command_that_cannot_use_an_address_says_so(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["communique", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, message in capsys.readouterr().err) == (2, True)

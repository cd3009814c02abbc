"""A server on loopback that answers as S3 does (moto), and buckets in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.engines import Server, free_port, running
from tests.strict import need

SECRET = "not-to-be-shown-anywhere"


class Bucket:
    """A bucket of its own; ``environment`` has what a user sets to reach it."""

    def __init__(self, name: str, url: str, caches: Path) -> None:
        self.name = name
        self.caches = caches
        self.environment = {
            "AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": "somebody", "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "eu-central-1", "XDG_CACHE_HOME": str(caches),
        }  # fmt: skip
        self.files = self.open()
        self.files.mkdir(name)

    def open(self) -> Any:
        import fsspec

        own = {"key": "somebody", "secret": SECRET, "endpoint_url": self.environment["AWS_ENDPOINT_URL"]}
        return fsspec.filesystem("s3", **own, use_listings_cache=False, skip_instance_cache=True)

    def address(self, path: str) -> str:
        return f"s3://{self.name}/{path}"

    def put(self, path: str, body: bytes) -> None:
        self.files.pipe_file(f"{self.name}/{path}", body)

    def put_folder(self, folder: Path, path: str) -> None:
        for file in folder.rglob("*"):
            if file.is_file():
                self.put(f"{path}/{file.relative_to(folder).as_posix()}", file.read_bytes())

    def remove(self, path: str) -> None:
        self.files.rm_file(f"{self.name}/{path}")

    def read(self, path: str) -> dict[str, bytes]:
        """All files below a path."""
        begin = f"{self.name}/{path}/"
        return {name.removeprefix(begin): self.files.cat_file(name) for name in self.files.find(begin)}


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """The address of a server without buckets."""
    need(["fsspec", "s3fs", "moto", "flask_cors"], "S3 is missing: pip install 'communique[remote,test]'")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    folder.mkdir()
    with running(Server(command, folder, url, url)):
        yield url

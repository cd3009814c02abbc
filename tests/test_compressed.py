"""Large files of the whole dataset are also offered compressed, and wherever they are offered, the copies are named."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from pathlib import Path

import pytest

from communique.api import open_newsroom
from communique.formats import DATASET_FILES
from communique.iris import part_iri
from communique.publish import compressed
from communique.publish.build import build
from communique.publish.compressed import LARGE, compress_large, compressed_copies
from communique.publish.kept.dependencies import versions
from communique.publish.manifest import verify
from tests.generated import BASE, write_generated
from tests.test_describe import values

LIMIT = 20_000
"""Some files of the tiny newsroom are larger than this, and some are not."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny newsroom, published as if its larger files were large."""
    folder = tmp_path_factory.mktemp("compressed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compressed, "LARGE", LIMIT)
        build(open_newsroom(write_generated(folder, 2)), folder / "public", jobs=1)
    return folder / "public"


def test_each_large_file_of_the_dataset_has_a_copy_that_says_the_same(published: Path) -> None:
    copies = {path.name for path in published.glob("*.gz")}
    large = {file.path for file in DATASET_FILES if (published / file.path).stat().st_size > LIMIT}
    assert copies == {f"{name}.gz" for name in large}
    assert "dataset.nq.gz" in copies and "dataset.stated.ttl.gz" not in copies
    for name in copies:
        assert gzip.decompress((published / name).read_bytes()) == (published / name.removesuffix(".gz")).read_bytes()
    assert verify(published) == ()


def test_the_manifest_names_what_compressed_them(published: Path) -> None:
    versions = json.loads((published / "manifest.json").read_bytes())["versions"]
    assert versions["zlib"] == zlib.ZLIB_RUNTIME_VERSION


def test_a_publication_is_made_anew_for_another_zlib() -> None:
    assert f"zlib {zlib.ZLIB_RUNTIME_VERSION}" in set(versions())


def test_small_files_have_no_copy(publication: Path) -> None:
    assert max(path.stat().st_size for path in publication.glob("dataset.*")) < LARGE
    assert list(publication.rglob("*.gz")) == []
    assert "zlib" not in json.loads((publication / "manifest.json").read_bytes())["versions"]


def test_a_copy_names_neither_time_nor_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compressed, "LARGE", 1)
    for file in DATASET_FILES:
        (tmp_path / file.path).write_bytes(b"<a> <b> <c> .\n" * 99)
    compress_large(tmp_path)
    for _, copy in compressed_copies(tmp_path):
        head = copy.read_bytes()[:10]
        assert head[:3] == b"\x1f\x8b\x08"
        assert head[3:8] == bytes(5)  # RFC 1952: no flags, no time


def test_pages_link_to_the_copies_with_their_size(published: Path) -> None:
    for name in ("index.html", "data.html"):
        html = (published / name).read_text(encoding="utf-8")
        assert '</a> (<a href="dataset.nq.gz">gzip, 0.1 MB</a>) <span>one line' in html
        assert "</b></a><span>" not in html
        assert "dataset.stated.ttl.gz" not in html


def test_the_catalogue_describes_the_copies(published: Path) -> None:
    turtle = (published / "catalog.ttl").read_bytes()
    about = part_iri(BASE)
    copy = part_iri(BASE, "nquads-gzip")
    assert copy in values(turtle, about, "dcat:distribution")
    assert part_iri(BASE, "stated-turtle-gzip") not in values(turtle, about, "dcat:distribution")
    body = (published / "dataset.nq.gz").read_bytes()
    assert values(turtle, copy, "dcat:byteSize") == [str(len(body))]
    assert values(turtle, copy + "-checksum", "spdx:checksumValue") == [hashlib.sha256(body).hexdigest()]
    assert values(turtle, copy, "dcat:downloadURL")[0].endswith("/dataset.nq.gz")
    assert [v.rpartition("/")[2] for v in values(turtle, copy, "dcat:compressFormat")] == ["gzip"]
    assert [v.rpartition("/")[2] for v in values(turtle, copy, "dcat:mediaType")] == ["n-quads"]
    assert values(turtle, part_iri(BASE, "nquads"), "dcat:compressFormat") == []

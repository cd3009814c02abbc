"""Compressed copies of the large files of the whole dataset."""

from __future__ import annotations

import gzip
import shutil
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from communique.formats import DATASET_FILES, DatasetFile
from communique.publish.stage import create, inside

LARGE: Final = 10_000_000
"""A file of more bytes is also offered compressed."""
SUFFIX: Final = ".gz"
"""What a compressed copy adds to the name of its file."""
MEDIA_TYPE: Final = "application/gzip"
"""The media type of a compressed copy (RFC 6713)."""
PROGRAM: Final = f"zlib {zlib.ZLIB_RUNTIME_VERSION}"
"""What compresses: another version may give other bytes for the same data."""


def compress_large(stage: Path) -> None:
    """Write a compressed copy (gzip, RFC 1952) beside each file of the whole dataset that is `LARGE`.

    The copies name no time and no file, so that the same `PROGRAM` gives the same bytes.
    """
    for file in DATASET_FILES:
        source = inside(stage, file.path)
        if source.stat().st_size > LARGE:
            with (
                source.open("rb") as whole,
                create(stage, file.path + SUFFIX) as out,
                gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=6, mtime=0) as small,
            ):
                shutil.copyfileobj(whole, small, 1 << 20)


def compressed_copies(stage: Path) -> Iterator[tuple[DatasetFile, Path]]:
    """The files that have a compressed copy, each with the path of the copy."""
    for file in DATASET_FILES:
        copy = stage / (file.path + SUFFIX)
        if copy.is_file():
            yield file, copy

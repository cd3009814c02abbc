"""Writing files into the stage of a publication: every path is inside the stage, and no file is written twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import BinaryIO, Final

from communique.errors import OutputError
from communique.formats import Format

_LONGEST: Final = 255
"""The longest file name that common file systems accept, in bytes."""


def inside(stage: Path, path: str) -> Path:
    """The file for a path of the publication, after its parent folders are made; ``path`` is relative, with ``/``.

    Raises `OutputError` for a path that could lead outside the stage on any system: with a step that is empty, ends in
    a dot (``.`` and ``..`` do) or a space, has more than 255 bytes, or holds a backslash, a colon, a percent sign, or a
    character that cannot be printed.
    """
    for step in path.split("/"):
        wrong = not step or any(c in '\\:%"<>|*?' or not c.isprintable() for c in step)
        if wrong or len(step.encode("utf-8", "surrogatepass")) > _LONGEST or step.endswith((".", " ")):
            raise OutputError(f"the publication cannot have a file {path[:200]!r}: it could lie outside its folder")
    place = stage / path
    place.parent.mkdir(parents=True, exist_ok=True)
    return place


_replaced: ContextVar[set[Path] | None] = ContextVar("replaced", default=None)


@contextmanager
def replacing() -> Iterator[None]:
    """Within this block, files that exist already are replaced once: they are left of a process that was killed."""
    before = _replaced.set(set())
    try:
        yield
    finally:
        _replaced.reset(before)


def create(stage: Path, path: str) -> BinaryIO:
    """A new file of the publication, open for writing. Raises `OutputError` if it exists."""
    place, replaced = inside(stage, path), _replaced.get()
    if replaced is not None and place not in replaced:
        replaced.add(place)
        place.unlink(missing_ok=True)  # not emptied: it may be a link to a file elsewhere
    try:
        return place.open("xb")
    except FileExistsError as error:
        raise OutputError(f"two parts of the publication want the file {path!r}: report this") from error


def put(stage: Path, path: str, body: bytes | str) -> None:
    """Write a new file of the publication; text as UTF-8. Raises `OutputError` if it exists."""
    with create(stage, path) as file:
        file.write(body.encode() if isinstance(body, str) else body)


def part_file(slug: str, fmt: Format) -> str:
    """The name, in the working folder, of the file with one release's part of the whole dataset."""
    return f"{slug}.{fmt.extension}"

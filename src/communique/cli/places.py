"""The folders that a command works with: those that the user names, or copies of those at an address in the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from communique.cli.program import is_address, progress
from communique.errors import CommuniqueError

if TYPE_CHECKING:
    from communique.watch import Watch


@dataclass(frozen=True, slots=True)
class CommandFolders:
    """A data folder and the folder of a publication on this machine; ``named`` has the address of each that is a copy.

    ``upload`` copies the publication to its address, and says what it did; "" if it has none.
    """

    data: Path
    out: Path
    named: tuple[tuple[str, str], ...]
    upload: Callable[[], str]

    def in_words(self, text: str) -> str:
        """A text that names addresses where it named copies."""
        for folder, address in self.named:
            text = text.replace(folder, address)
        return text


@contextmanager
def open_places(data: str, out: str, *, quiet: bool) -> Iterator[CommandFolders]:
    """The folders that two texts name; from an address of data, what has changed is copied to this machine first.

    Messages of errors name addresses, not copies.
    """
    named: list[tuple[str, str]] = []
    bar = partial(progress, quiet=quiet)
    try:
        with ExitStack() as homes:
            here, upload = Path(out), _nothing
            if is_address(out):
                here, upload = _target(homes, out, named, bar)
            source = _copy(homes, data, named, bar) if is_address(data) else Path(data)
            yield CommandFolders(source, here, tuple(named), upload)
    except CommuniqueError as no:
        no.args = (CommandFolders(Path(), Path(), tuple(named), _nothing).in_words(str(no)),)
        raise


def _nothing() -> str:
    return ""


def _target(homes: ExitStack, out: str, named: list[tuple[str, str]], bar: Watch) -> tuple[Path, Callable[[], str]]:
    """The folder of a publication that is copied to an address, and what copies it there."""
    from communique.publish.upload import upload
    from communique.remote.address import read_address
    from communique.remote.home import open_home
    from communique.remote.storage import open_storage

    address = read_address(out)
    here = homes.enter_context(open_home(address)) / "public"
    named.append((str(here), str(address)))
    storage = open_storage(address)
    storage.list_files("manifest.json")  # before hours of work
    return here, lambda: upload(here, storage, bar)


def _copy(homes: ExitStack, data: str, named: list[tuple[str, str]], bar: Watch) -> Path:
    """The copy of the data at an address."""
    from communique.remote.address import read_address
    from communique.remote.home import open_home
    from communique.remote.mirror import Mirror

    address = read_address(data)
    mirror = Mirror(address, homes.enter_context(open_home(address)))
    named += [(str(mirror.data), str(address)), (str(mirror.data.parent), str(address.parent))]
    mirror.update(bar)
    return mirror.data

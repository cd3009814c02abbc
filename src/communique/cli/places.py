"""The folders that a command works with: those that the user names, or copies of those at an address in the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from communique.cli.program import is_address, progress
from communique.errors import CommuniqueError


@dataclass(frozen=True, slots=True)
class CommandFolders:
    """A data folder on this machine; ``named`` has the address of each folder that is a copy."""

    data: Path
    named: tuple[tuple[str, str], ...]

    def in_words(self, text: str) -> str:
        """A text that names addresses where it named copies."""
        for folder, address in self.named:
            text = text.replace(folder, address)
        return text


@contextmanager
def open_places(data: str, *, quiet: bool) -> Iterator[CommandFolders]:
    """The data folder that a text names; from an address, what is new or changed is copied to this machine first.

    Messages of errors name addresses, not copies.
    """
    if not is_address(data):
        yield CommandFolders(Path(data), ())
        return
    from communique.remote.address import read_address
    from communique.remote.home import open_home
    from communique.remote.mirror import Mirror

    address = read_address(data)
    with open_home(address) as home:
        mirror = Mirror(address, home)
        named = ((str(mirror.data), str(address)), (str(mirror.data.parent), str(address.parent)))
        places = CommandFolders(mirror.data, named)
        try:
            mirror.update(partial(progress, quiet=quiet))
            yield places
        except CommuniqueError as no:
            no.args = (places.in_words(str(no)),)
            raise

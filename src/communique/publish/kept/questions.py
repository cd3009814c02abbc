"""The files of each question, kept for the next build, which uses them again if it would write the same.

An entry is a sealed file, named after a hash of all that a question is answered and shown with: this program, the
question, its answer, what its form offers, the language. What its page looks up besides, the titles of nodes, is noted
in the entry with what was found, and looked up again before it is used. The settings for programs in the browser, which
give the sizes of files and so change with each change of the data, are left out: see `QuestionPages.complete`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from communique.publish.kept.sealed import SealedFolder, add_part
from communique.publish.site.vendored import were_built

if TYPE_CHECKING:
    from communique.publish.site.questions import QuestionPages
    from communique.publish.site.titles import Read
    from communique.query.catalogue import Query

_PREFIX: Final = "question-"
_HASH: Final = 32
_LENGTH: Final = 8


@dataclass(slots=True)
class KeptQuestions:
    """The entries of the last build and of this one; ``shared`` is a hash of what all of them depend on."""

    place: SealedFolder
    shared: bytes
    used: set[str] = field(default_factory=set)
    _answers: dict[str, bytes] = field(default_factory=dict)
    """For each question the hash of all but the language; the same for all pages of a build."""

    def files(self, pages: QuestionPages, query: Query) -> Iterable[tuple[str, bytes]]:
        """The files of a question by path, as `QuestionPages.files` gives them."""
        name = self._name(pages, query)
        self.used.add(name)
        body = self.place.read(name)
        found = None if body is None else _read(body, pages)
        return self._make(name, pages, query) if found is None else found

    def _make(self, name: str, pages: QuestionPages, query: Query) -> list[tuple[str, bytes]]:
        """Make the files of a question, and keep them."""
        seen: dict[Read, str | None] = {}
        pages.titles.read = seen
        try:
            files = list(pages.files(query))
        finally:
            pages.titles.read = None
        header = {"read": [[*what, found] for what, found in seen.items()], "sizes": {p: len(b) for p, b in files}}
        head = json.dumps(header, separators=(",", ":")).encode()
        whole = b"".join([len(head).to_bytes(_LENGTH, "big"), head, *(body for _, body in files)])
        self.place.write(name, zlib.compress(whole, 1))
        return files

    def remove_others(self) -> None:
        """Remove the entries that were not asked for."""
        self.place.remove(lambda name: name in self.used or not name.startswith(_PREFIX))

    def _name(self, pages: QuestionPages, query: Query) -> str:
        """The name of the entry of a question."""
        if query.name not in self._answers:
            self._answers[query.name] = _hash_of_answer(pages, query)
        whole = blake2b(self.shared, digest_size=_HASH)
        for part in (pages.pages.suffix, json.dumps([bool(pages.programs), were_built()]), query.source):
            add_part(whole, part.encode(errors="surrogatepass"))
        add_part(whole, self._answers[query.name])
        return _PREFIX + whole.hexdigest()


def _hash_of_answer(pages: QuestionPages, query: Query) -> bytes:
    """A hash of the answer of a question, of the values it was asked with, and of what its form offers."""
    values, table = pages.answers.answer(query.name)
    whole = blake2b(digest_size=_HASH)
    offered = {parameter.name: pages.offered(parameter) for parameter in query.parameters}
    for part in map(json.dumps, (values, offered, table.is_graph, table.columns)):
        add_part(whole, part.encode())
    for row in table.rows:
        for term in row:
            add_part(whole, None if term is None else str(term).encode(errors="surrogatepass"))
    return whole.digest()


def _read(body: bytes, pages: QuestionPages) -> list[tuple[str, bytes]] | None:
    """The files of an entry; None if something that their page looked up has changed."""
    whole = zlib.decompress(body)
    at = _LENGTH + int.from_bytes(whole[:_LENGTH], "big")
    header = json.loads(whole[_LENGTH:at])
    if any(pages.titles.look_up((kind, name, part)) != found for kind, name, part, found in header["read"]):
        return None
    files = []
    for path, size in header["sizes"].items():
        files.append((path, whole[at : at + size]))
        at += size
    return files

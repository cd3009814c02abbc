"""What earlier builds made of each entity, kept beside the data, and whether it would be made the same again.

An entry holds the files and cards of an entity, and the look-ups that they were made from (`Trace`), in a sealed file
named after a hash of all this. A list (`State`) says which entry each entity has, and from which releases: the names
of their entries in the release cache. The next build compares the releases: those that came, went or changed touch some
look-ups, and an entry that has one of these is not used. The name of the list is a hash of all else that entities
depend on, as for releases. A list is written after the entries that it names; where one of these is missing or damaged,
or an old release is not kept any more, more is made anew.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import blake2b
from typing import Any, Final

from communique.errors import OutputError
from communique.formats import NQUADS
from communique.iris import source_path
from communique.publish.kept.built import BuiltRelease
from communique.publish.kept.releases import Cache
from communique.publish.kept.sealed import SealedFolder, add_part
from communique.publish.kept.texts import ReleaseTexts, touched_by_texts
from communique.publish.site.cards import CardName, CardNote, EntityCard, read_card
from communique.publish.stage import part_file
from communique.publish.traces import SIZE, touched_by_move, touched_by_quads

_ENTRY, _LIST = "entity-", "entities-"
_LENGTH: Final = 8
_HASH: Final = 32
_FEW: Final = 20
"""So many changed releases are always compared; of more than these not more than half of all."""
_BETWEEN: Final = 200
"""A list is written after so many entities, then after a fifth more each time: a killed build goes on from there."""


@dataclass(frozen=True, slots=True)
class BuiltEntity:
    """What a publication needs of an entity: its cards, one for each language, and its files by path."""

    cards: list[EntityCard]
    files: dict[str, bytes]

    def put(self, path: str, body: bytes | str) -> None:
        """Add a page. Raises `OutputError` if there is a file of that path."""
        if path in self.files:
            raise OutputError(f"two parts of the publication want the file {path!r}: report this")
        self.files[path] = body.encode() if isinstance(body, str) else body

    def to_bytes(self) -> bytes:
        """All of it as bytes: a header in JSON after its size, then the files."""
        sizes = {path: len(body) for path, body in self.files.items()}
        head = json.dumps({"cards": [asdict(card) for card in self.cards], "sizes": sizes}).encode()
        return b"".join([len(head).to_bytes(_LENGTH, "big"), head, *self.files.values()])

    @classmethod
    def from_bytes(cls, data: bytes) -> BuiltEntity:
        """What `to_bytes` wrote."""
        at = _LENGTH + int.from_bytes(data[:_LENGTH], "big")
        header, files = json.loads(data[_LENGTH:at]), dict[str, bytes]()
        for path, size in header["sizes"].items():
            files[path] = data[at : at + size]
            at += size
        return cls([_card(one) for one in header["cards"]], files)


def _card(value: dict[str, Any]) -> EntityCard:
    """The card that these fields in JSON are of."""
    names = tuple(CardName(*one) for one in value["names"])
    notes = tuple(CardNote(*one) for one in value["note"])
    return EntityCard(**{**value, "names": names, "note": notes, "also": tuple(value["also"])})


@dataclass(frozen=True, slots=True)
class KeptEntities:
    """The entries of entities; those made from a look-up in ``touched`` are not used."""

    place: SealedFolder
    shared: bytes
    touched: frozenset[bytes] = frozenset()

    def find(self, name: str) -> BuiltEntity | None:
        """The entry of that name; None if there is none, a damaged one, or one that a change touches."""
        body = self.place.read(name) if name else None
        if body is None:
            return None
        end = _LENGTH + int.from_bytes(body[:_LENGTH], "big")
        looked_up = (body[at : at + SIZE] for at in range(_LENGTH, end, SIZE))
        if self.touched and not self.touched.isdisjoint(looked_up):
            return None
        return BuiltEntity.from_bytes(zlib.decompress(body[end:]))

    def keep(self, iri: str, built: BuiltEntity, trace: bytes) -> str:
        """Keep an entry, if that is possible; its name."""
        body = len(trace).to_bytes(_LENGTH, "big") + trace + zlib.compress(built.to_bytes(), 1)
        whole = blake2b(self.shared, digest_size=_HASH)
        for part in (iri.encode(), body):
            add_part(whole, part)
        name = _ENTRY + whole.hexdigest()
        self.place.write(name, body)
        return name


@dataclass(slots=True)
class State:
    """Which entry each entity has, by IRI, and the names of the entries of the releases they are made from, by slug."""

    cache: Cache
    releases: Mapping[str, str] = field(default_factory=dict)
    entries: Mapping[str, str] = field(default_factory=dict)

    def follow(self, releases: Mapping[str, str]) -> KeptEntities:
        """What can be used of these entries for other releases, given by the names of their entries."""
        touched = self._touched(releases) if self.entries else set()
        if touched is None:
            self.entries, touched = {}, set()
        self.releases = releases
        return KeptEntities(self.cache.place, self.cache.shared, frozenset(touched))

    def _touched(self, releases: Mapping[str, str]) -> set[bytes] | None:
        """The look-ups touched by the step to these releases; None if that is not known, or too much."""
        slugs = {*self.releases, *releases}
        changed = {slug for slug in slugs if self.releases.get(slug) != releases.get(slug) or releases[slug] == ""}
        if len(changed) > max(_FEW, len(releases) // 2):
            return None
        touched: set[bytes] = set()
        for slug in changed:
            old, new = (self._read(of.get(slug)) for of in (self.releases, releases))
            if old is None or new is None:
                return None
            lines = [set(_lines(slug, one)) for one in (old, new)]
            touched.update(touched_by_quads(lines[0] ^ lines[1]))
            days = [one.entry and (one.entry.day or "") for one in (old, new)]
            touched.update(touched_by_texts(slug, *(_texts(slug, one) for one in (old, new))))
            touched.update([touched_by_move(slug)] if days[0] != days[1] else ())
        return touched

    def _read(self, key: str | None) -> BuiltRelease | None:
        """What is kept of a release: nothing in it if there is no such release, None if it is not kept."""
        return self.cache.read(key) if key is not None else self.cache.nothing()

    def write(self) -> None:
        """Write the list, if that is possible."""
        body = json.dumps({"releases": self.releases, "entries": self.entries}, separators=(",", ":"))
        self.cache.place.write(_name(self.cache), body.encode())

    def keep_only_these(self) -> None:
        """Write the list, and remove all other entries and lists."""
        self.write()
        wanted = {_name(self.cache), *self.entries.values()}
        self.cache.place.remove(lambda name: name in wanted or not name.startswith((_ENTRY, _LIST)))

    def go_on(self, kept: KeptEntities, made: Iterable[tuple[str, str]]) -> None:
        """Take the IRI of each entity and the name of its new entry; write the list from time to time.

        Meanwhile a list has the older entries too, but only if each of them can be used.
        """
        entries = {} if kept.touched else dict(self.entries)
        found: dict[str, str] = {}
        next_time = _BETWEEN
        for iri, name in made:
            found[iri] = name
            if len(found) >= next_time and not kept.touched:
                next_time += _BETWEEN + len(found) // 5
                State(self.cache, self.releases, entries | found).write()
        self.entries = found


def read_state(cache: Cache) -> State:
    """The list that the last build for these data has left; an empty one if there is none."""
    body = cache.place.read(_name(cache))
    return State(cache, **json.loads(body)) if body is not None else State(cache)


def _name(cache: Cache) -> str:
    return _LIST + cache.shared.hex()


def _lines(slug: str, built: BuiltRelease) -> Iterable[bytes]:
    """The quads of a release, as lines of N-Quads."""
    ending = "/" + part_file(slug, NQUADS)
    return (line for path, body in built.files.items() if path.endswith(ending) for line in body.splitlines(True))


def _texts(slug: str, built: BuiltRelease) -> ReleaseTexts:
    """What pages of entities can show of a release besides its quads."""
    cards = [read_card(body.decode()) for path, body in built.files.items() if path.endswith(".card.json")]
    return ReleaseTexts(built.files.get(source_path(slug), b"").decode(), cards)

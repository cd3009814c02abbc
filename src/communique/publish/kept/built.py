"""What a build makes of one release, and the same as bytes, so that the next build can take it from there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from communique.check.sums import Sums
from communique.errors import OutputError
from communique.findings import Finding
from communique.publish.counts import RunningCounts
from communique.publish.describe.listing import FeedEntry

_LINE: Final = "\x1e\n"  # between lines of a run, as in `runs.write_run`
_SUMS: Final = ("releases", "facts", "quoted", "inferred")
_SIZE: Final = 8


@dataclass(slots=True)
class BuiltRelease:
    """All that a publication needs of one release; ``entry`` and ``files`` only if it has no violation.

    ``files`` are the bytes of each file by its path in the stage, those of the working folder too; ``lines`` are those
    of a run.
    """

    tally: RunningCounts
    findings: list[Finding] = field(default_factory=list)
    sums: Sums = field(default_factory=Sums)
    graphs: dict[str, str] = field(default_factory=dict)
    entry: FeedEntry | None = None
    lines: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)

    def put(self, path: str, body: bytes | str) -> None:
        """Add a file; text as UTF-8. Raises `OutputError` if there is one of that path."""
        if path in self.files:
            raise OutputError(f"two parts of the publication want the file {path!r}: report this")
        self.files[path] = body.encode() if isinstance(body, str) else body

    def to_bytes(self) -> bytes:
        """All of it as bytes: a header in JSON after its size, then the lines and the files."""
        bodies = [_LINE.join(self.lines).encode(), *self.files.values()]
        header = {
            "tally": self.tally.as_state(),
            "findings": [asdict(finding) for finding in self.findings],
            "sums": sums_as_json(self.sums),
            "graphs": self.graphs,
            "entry": asdict(self.entry) if self.entry else None,
            "files": list(self.files),
            "sizes": [len(body) for body in bodies],
        }
        head = json.dumps(header, separators=(",", ":")).encode()
        return b"".join([len(head).to_bytes(_SIZE, "big"), head, *bodies])

    @classmethod
    def from_bytes(cls, data: bytes, base: str) -> BuiltRelease:
        """What `to_bytes` wrote; ``base`` is that of the dataset."""
        at = _SIZE + int.from_bytes(data[:_SIZE], "big")
        header = json.loads(data[_SIZE:at])
        bodies: list[bytes] = []
        for size in header["sizes"]:
            bodies.append(data[at : at + size])
            at += size
        return cls(
            tally=RunningCounts.from_state(base, header["tally"]),
            findings=[Finding.of_fields(finding) for finding in header["findings"]],
            sums=sums_from_json(header["sums"]),
            graphs=header["graphs"],
            entry=_entry(header["entry"]) if header["entry"] else None,
            lines=bodies[0].decode().split(_LINE) if bodies[0] else [],
            files=dict(zip(header["files"], bodies[1:], strict=True)),
        )


def sums_as_json(sums: Sums) -> dict[str, object]:
    """The sums as JSON, for `sums_from_json`."""
    entities = {kind: sorted(own) for kind, own in sums.entities.items()}
    return {name: getattr(sums, name) for name in _SUMS} | {"entities": entities, "named": sorted(sums.named)}


def sums_from_json(value: Mapping[str, Any]) -> Sums:
    """The sums that `sums_as_json` gave."""
    numbers = {name: value[name] for name in _SUMS}
    entities = {kind: set(own) for kind, own in value["entities"].items()}
    return Sums(**numbers, entities=entities, named=set(value["named"]))


def _entry(value: Mapping[str, Any]) -> FeedEntry:
    return FeedEntry(**{**value, "authors": tuple(value["authors"])})

"""The journal of loads into a store, written before and after each step, so that a load can resume after a crash."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from communique.errors import StoreError

STATE_HOME: Final = "XDG_STATE_HOME"


def journal_path(store: str, base: str) -> Path:
    """The file of the journal for a newsroom and a store, below ``$XDG_STATE_HOME`` or ``~/.local/state``.

    ``store`` is the store's address without credentials, or its folder; ``base`` is the newsroom's base IRI.
    """
    home = os.environ.get(STATE_HOME) or str(Path.home() / ".local" / "state")
    name = hashlib.sha256(f"{store}\n{base}".encode()).hexdigest()[:16]
    return Path(home) / "communique" / f"load-{name}.jsonl"


class Journal:
    """JSON Lines, each about one graph: it is being sent, it was verified in the store, or it was removed.

    Use it as a context manager; while it is open, no other load into that store can begin. `begin` returns when its
    line is on disk. A crash can cut off the last line, which is then ignored.
    """

    def __init__(self, path: Path, head: dict[str, str]) -> None:
        self.path, self._writing = path, threading.Lock()
        self._known: dict[str, str | None] = {}
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock = path.with_suffix(".lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._read()
            self._rewrite(head)
            self._file: IO[str] = path.open("a", encoding="utf-8", newline="\n")
        except BlockingIOError:
            self._lock.close()
            raise StoreError(f"another load into this store is under way ({path})") from None
        except OSError as no:
            raise StoreError(f"{path}: the journal cannot be written: {no.strerror}") from None

    def hash_of(self, graph: str) -> str | None:
        """The hash of that graph as it was verified in the store; None if its content is not known."""
        return self._known.get(graph)

    def is_ours(self, graph: str) -> bool:
        """Whether that graph was sent by a load of this newsroom, even an interrupted one."""
        return graph in self._known

    def begin(self, graph: str, digest: str, triples: int) -> None:
        """Record that a graph is about to be written: from now on its content is not known."""
        self._append({"state": "sending", "graph": graph, "hash": digest, "triples": triples}, sync=True)

    def end(self, graph: str, digest: str, triples: int) -> None:
        """Record that a graph was read back and holds what was sent."""
        self._append({"state": "loaded", "graph": graph, "hash": digest, "triples": triples})

    def forget(self, graph: str) -> None:
        """Record that a graph was removed."""
        self._append({"state": "removed", "graph": graph})

    def _append(self, entry: dict[str, object], *, sync: bool = False) -> None:
        with self._writing:
            self._apply(entry)
            try:
                self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                self._file.flush()
                if sync:
                    os.fdatasync(self._file.fileno())
            except OSError as no:
                raise StoreError(f"{self.path}: the journal cannot be written: {no.strerror}") from None

    def _apply(self, entry: dict[str, object]) -> None:
        """Update the state of a graph by one line."""
        graph, state = str(entry.get("graph")), entry.get("state")
        if state in ("sending", "loaded"):
            self._known[graph] = str(entry.get("hash")) if state == "loaded" else None
        elif state == "removed":
            self._known.pop(graph, None)

    def _read(self) -> None:
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if isinstance(entry, dict):
                self._apply(entry)

    def _rewrite(self, head: dict[str, str]) -> None:
        """Replace the file by one with a single line for each graph, which is first written under another name."""
        states = {True: "loaded", False: "sending"}
        known = ({"state": states[h is not None], "graph": g, "hash": h} for g, h in sorted(self._known.items()))
        new = self.path.with_suffix(".new")
        with new.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in (head, *known))
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)

    def close(self) -> None:
        """Close the file, so that another load can begin."""
        self._file.close()
        self._lock.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

"""What was brought into a store, on disk before and after each step, so that any crash can be mended."""

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
    """Where the journal of a newsroom's loads into a store lies: below ``$XDG_STATE_HOME`` or ``~/.local/state``.

    ``store`` is its address without credentials, or the path of its folder; ``base`` is the newsroom's base IRI.
    """
    home = os.environ.get(STATE_HOME) or str(Path.home() / ".local" / "state")
    name = hashlib.sha256(f"{store}\n{base}".encode()).hexdigest()[:16]
    return Path(home) / "communique" / f"load-{name}.jsonl"


class Journal:
    """Lines of JSON: a graph that is being sent, one that is in the store for certain, one that is gone.

    Use it as a context manager; as long as it is open, no other load into that store can begin. Each `begin` is on disk
    before it returns. A line cut by a crash is the last one, and is left out.
    """

    def __init__(self, path: Path, head: dict[str, str]) -> None:
        self.path, self._turn = path, threading.Lock()
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
        """The hash of what is in that graph for certain, since it was verified there; None if nothing is known."""
        return self._known.get(graph)

    def is_ours(self, graph: str) -> bool:
        """Whether that graph was sent by a load of this newsroom, also one that did not come to its end."""
        return graph in self._known

    def begin(self, graph: str, digest: str, triples: int) -> None:
        """A graph is about to be written: what it holds is unknown from now on."""
        self._say({"state": "sending", "graph": graph, "hash": digest, "triples": triples}, sync=True)

    def end(self, graph: str, digest: str, triples: int) -> None:
        """A graph holds what was sent: it was read back."""
        self._say({"state": "loaded", "graph": graph, "hash": digest, "triples": triples})

    def forget(self, graph: str) -> None:
        """A graph was removed."""
        self._say({"state": "removed", "graph": graph})

    def _say(self, entry: dict[str, object], *, sync: bool = False) -> None:
        with self._turn:
            self._take(entry)
            try:
                self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                self._file.flush()
                if sync:
                    os.fdatasync(self._file.fileno())
            except OSError as no:
                raise StoreError(f"{self.path}: the journal cannot be written: {no.strerror}") from None

    def _take(self, entry: dict[str, object]) -> None:
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
                self._take(entry)

    def _rewrite(self, head: dict[str, str]) -> None:
        """Begin again with one line for each graph: written beside and swapped in, so that nothing known is lost."""
        states = {True: "loaded", False: "sending"}
        known = ({"state": states[h is not None], "graph": g, "hash": h} for g, h in sorted(self._known.items()))
        beside = self.path.with_suffix(".new")
        with beside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in (head, *known))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)

    def close(self) -> None:
        """Let the next load begin."""
        self._file.close()
        self._lock.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

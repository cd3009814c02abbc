"""A dataset brought into a store, graph by graph: verified after each, resumable, and the same if done twice.

A graph that the store does not have is put in its place at once. One that replaces another is put aside, verified
there, and moved when all are right (where the store can move graphs), the graphs of one release in one request. No
status code is believed: a graph is there when the store gives back the triples that were sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any, Final

from communique.errors import StoreError
from communique.export.canonical import graph_hash
from communique.store import Store
from communique.store.journal import Journal

SENDERS: Final = 2
"""Graphs that are sent at the same time."""

LONG_LITERAL: Final = 40_000
"""Bytes of one line beyond which some stores fail (Virtuoso 7: HTTP 500 from 100 kB)."""

Watch = Callable[..., Iterator[Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """One named graph to be loaded: its N-Triples, how many, and its `graph_hash`."""

    graph: str
    body: bytes
    triples: int
    hash: str


@dataclass(slots=True)
class Outcome:
    """What a load did, or would do: IRIs of graphs by what became of them, and the triples that were sent."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    triples: int = 0

    def as_dict(self) -> dict[str, Any]:
        """All of it, for programs."""
        return asdict(self)

    def lines(self, dry_run: bool) -> Iterator[str]:
        """What a person should look at: the differences of a dry run, graphs of unknown origin, very long literals."""
        if dry_run:
            for kind in ("new", "changed", "removed"):
                yield from _first(f"{kind:8}", getattr(self, kind))
        for graph in self.unknown:
            yield f"unknown  {graph}: no load from here has put it there; --prune removes it"
        for graph in self.long:
            yield f"warning  {graph} has a literal of over {LONG_LITERAL:,} bytes, with which some stores fail"

    @property
    def sentence(self) -> str:
        """What became of the graphs, for a person."""
        kinds = (("new", self.new), ("changed", self.changed), ("same as before", self.same), ("removed", self.removed))
        told = ", ".join(f"{len(graphs):,} {kind}" for kind, graphs in kinds if graphs)
        return f"graphs: {told or 'none'}; triples sent: {self.triples:,}"


def _first(kind: str, graphs: list[str], most: int = 20) -> Iterator[str]:
    yield from (f"{kind} {graph}" for graph in sorted(graphs)[:most])
    if len(graphs) > most:
        yield f"{kind} … and {len(graphs) - most:,} more (all with --format json)"


@dataclass(slots=True)
class Loader:
    """Brings graphs of one newsroom into one store. ``base`` is the newsroom's base IRI; its graphs stand below it."""

    store: Store
    journal: Journal
    base: str
    dry_run: bool = False
    outcome: Outcome = field(default_factory=Outcome)
    _held: dict[str, int] = field(default_factory=dict)
    _aside: dict[str, Part] = field(default_factory=dict)
    _expected: dict[str, int] = field(default_factory=dict)

    def load(self, parts: Iterable[Part], *, prune: bool = False) -> Outcome:
        """Load all graphs, and remove those of withdrawn releases: below ``base``, not among ``parts``, sent by us.

        Others below ``base`` are told in ``unknown``, and removed only with ``prune``. With ``dry_run`` nothing is
        written. Raises `StoreError` as soon as the store fails; what it says counts what is safely loaded, and doing
        the same again goes on from there.
        """
        self._held = self.store.counts(self.base + "graph/") | self.store.counts(self._staging(""))
        try:
            self._send_all(parts)
            self._move_all()
            self._remove(prune)
            self._verify_all()
        except StoreError as no:
            raise StoreError(f"{no}; {self._so_far()}") from None
        return self.outcome

    def _so_far(self) -> str:
        done = len(self.outcome.new) + len(self.outcome.same) + len(self.outcome.changed) - len(self._aside)
        aside = f", {len(self._aside):,} stand aside and are not in use yet" if self._aside else ""
        return f"{done:,} graphs are loaded and verified{aside}: the same command goes on from there"

    # ---- one graph

    def _send_all(self, parts: Iterable[Part]) -> None:
        waiting: list[Future[tuple[Part, str]]] = []
        with ThreadPoolExecutor(SENDERS) as pool:
            try:
                for part in parts:
                    self._expected[part.graph] = part.triples
                    waiting.append(pool.submit(self._settle, part))
                    if len(waiting) > 2 * SENDERS:
                        self._note(*waiting.pop(0).result())
                while waiting:
                    self._note(*waiting.pop(0).result())
            except BaseException:
                pool.shutdown(cancel_futures=True)
                for future in waiting:  # what was under way is done or failed by now; the first failure is told
                    if future.done() and not future.cancelled() and future.exception() is None:
                        self._note(*future.result())
                raise

    def _note(self, part: Part, state: str) -> None:
        if state == "aside":
            self._aside[part.graph] = part
        kind = "changed" if state == "aside" else state
        getattr(self.outcome, kind).append(part.graph)
        if kind != "same":
            self.outcome.triples += part.triples
        if any(len(line) > LONG_LITERAL for line in part.body.split(b"\n")):
            self.outcome.long.append(part.graph)

    def _settle(self, part: Part) -> tuple[Part, str]:
        """The graph compared with what the store holds, and sent if it differs; new, changed, aside or same."""
        held = self._held.get(part.graph, 0)
        if held == part.triples and (self.journal.hash_of(part.graph) == part.hash or self._is_held(part.graph, part)):
            return part, "same"
        kind = "changed" if held else "new"
        if self.dry_run:
            return part, kind
        if not held or not self.store.moves:
            self._send(part, part.graph)
            return part, kind
        aside = self._staging(part.graph)
        if self.journal.hash_of(aside) != part.hash or self._held.get(aside, 0) != part.triples:
            self._send(part, aside)
        return part, "aside"

    def _send(self, part: Part, target: str) -> None:
        self.journal.begin(target, part.hash, part.triples)
        try:
            self.store.put(target, part.body)
        except StoreError:
            if self.store.moves and not self._held.get(target):
                self._give_up(target)
            raise
        back = self.store.fetch(target)
        if len(back) != part.triples or graph_hash(back) != part.hash:
            short = f"{len(set(back)):,} of {part.triples:,} triples" if len(back) != part.triples else "other words"
            raise StoreError(f"the store took the graph {target} and gives back {short}")
        self.journal.end(target, part.hash, part.triples)

    def _give_up(self, target: str) -> None:
        """Take away what a failed request may have left of a graph that was not there before."""
        try:
            self.store.remove(target)
        except StoreError as no:
            raise StoreError(f"the graph {target} may be incomplete in the store: {no}") from None

    def _is_held(self, graph: str, part: Part) -> bool:
        return graph_hash(self.store.fetch(graph)) == part.hash

    def _staging(self, graph: str) -> str:
        """Where a graph stands aside until it is moved."""
        return f"{self.base}staging/{graph.removeprefix(self.base + 'graph/')}"

    # ---- all graphs

    def _move_all(self) -> None:
        def release(graph: str) -> str:
            return graph.removeprefix(self.base + "graph/").partition("/")[0]

        for _, group in groupby(sorted(self._aside, key=lambda g: (release(g), g)), key=release):
            graphs = list(group)
            self._move([(self._staging(graph), graph) for graph in graphs])
            for graph in graphs:
                part = self._aside.pop(graph)
                self.journal.end(graph, part.hash, part.triples)

    def _move(self, pairs: list[tuple[str, str]]) -> None:
        for source, _ in pairs:
            self.journal.begin(source, "", 0)  # whatever happens now, it does not stand aside any more for certain
        try:
            self.store.move(pairs)
        except StoreError:
            # unknown means look: a request can be carried out without an answer
            for source, target in pairs:
                if not self._is_held(target, self._aside[target]):
                    if self._is_held(source, self._aside[target]):
                        self.store.move([(source, target)])
                    else:
                        self._send(self._aside[target], target)

    def _remove(self, prune: bool) -> None:
        gone = sorted(g for g in self._held if g.startswith(self.base + "graph/") and g not in self._expected)
        for graph in gone:
            if not prune and not self.journal.is_ours(graph):
                self.outcome.unknown.append(graph)
                continue
            if not self.dry_run:
                self.store.remove(graph)
                self.journal.forget(graph)
            self.outcome.removed.append(graph)
        if not self.dry_run:
            for graph in sorted(g for g in self.store.counts(self._staging(""))):
                self.store.remove(graph)
                self.journal.forget(graph)

    def _verify_all(self) -> None:
        """One look at the whole: every graph is there with all its triples, and those removed are gone."""
        if self.dry_run:
            return
        held = self.store.counts(self.base + "graph/")
        wrong = [g for g, n in self._expected.items() if held.get(g, 0) != n] + [
            g for g in self.outcome.removed if g in held
        ]
        if wrong:
            raise StoreError(
                f"{len(wrong):,} graphs are not as they were left, {wrong[0]} among them: does somebody else write?"
            )

"""A dataset brought into a store, graph by graph: verified after each, resumable, and the same if done twice.

A graph that the store does not have is put in its place at once. One that replaces another is put aside, verified
there, and moved when all are right (where the store can move graphs), the graphs of one release in one request. No
status code is believed: a graph is there when the store gives back the triples that were sent.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from itertools import groupby
from threading import Lock
from typing import Final

from communique.errors import StoreError
from communique.export.canonical import graph_hash
from communique.ids import REGISTRY, is_slug
from communique.iris import graph_iri, read_graph, read_staging, staging_iri
from communique.store.journal import Journal
from communique.store.store import Store

SENDERS: Final = 2
"""Graphs that are sent at the same time."""

LONG_LITERAL: Final = 40_000
"""Bytes of one line beyond which some stores fail (Virtuoso 7: HTTP 500 from 100 kB)."""


@dataclass(frozen=True, slots=True)
class GraphPart:
    """One named graph to be loaded: its N-Triples, how many, and its `graph_hash`."""

    graph: str
    body: bytes
    triples: int
    hash: str


@dataclass(slots=True)
class LoadOutcome:
    """What a load did, or would do: IRIs of graphs by what became of them, and the triples that were sent.

    ``repaired`` are those among ``changed`` that somebody else had changed in the store, ``kept`` those of releases
    that could not be read. ``wants_removals`` is the number that a load must be allowed to remove, 0 if it need not.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    long: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    triples: int = 0
    wants_removals: int = 0

    def sort(self) -> None:
        """Put the graphs of each kind in the order of their IRIs: they come in that of the store's answers."""
        for graphs in (self.new, self.changed, self.same, self.long, self.repaired):
            graphs.sort()

    def as_dict(self) -> dict[str, object]:
        """All of it, for programs."""
        return asdict(self)

    def lines(self, dry_run: bool) -> Iterator[str]:
        """What a person should look at: the differences of a dry run, graphs of unknown origin, very long literals."""
        if dry_run:
            for kind in ("new", "changed", "removed"):
                yield from _first(f"{kind:8}", getattr(self, kind))
            if self.wants_removals:
                yield f"refused  without --allow-removals {self.wants_removals}: too much would be removed"
        for graph in self.repaired:
            yield f"repaired {graph}: it was not as it was loaded"
        for graph in self.kept:
            yield f"kept     {graph}: its release cannot be read"
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


def _count(releases: int) -> str:
    return "1 release" if releases == 1 else f"{releases:,} releases"


def _first(kind: str, graphs: list[str], most: int = 20) -> Iterator[str]:
    yield from (f"{kind} {graph}" for graph in sorted(graphs)[:most])
    if len(graphs) > most:
        yield f"{kind} … and {len(graphs) - most:,} more (all with --format json)"


@dataclass(frozen=True, slots=True)
class Rules:
    """How to load.

    ``prune`` also removes graphs below the base that no load from here has put there; ``verify`` reads every graph
    back, also those that are the same by the journal. ``allow_removals`` is how many releases may be removed though
    they are more than a tenth of those in the store; ``unread`` are the names of releases whose graphs stay, since
    they could not be read: one that holds a colon can be any.
    """

    prune: bool = False
    verify: bool = False
    allow_removals: int = 0
    unread: frozenset[str] = frozenset()


@dataclass(slots=True)
class Loader:
    """Brings graphs of one newsroom into one store. ``base`` is the newsroom's base IRI; its graphs stand below it."""

    store: Store
    journal: Journal
    base: str
    dry_run: bool = False
    rules: Rules = Rules()
    outcome: LoadOutcome = field(default_factory=LoadOutcome)
    _held: dict[str, int] = field(default_factory=dict)
    _aside: dict[str, GraphPart] = field(default_factory=dict)
    _expected: dict[str, int] = field(default_factory=dict)
    _gone: list[str] = field(default_factory=list)
    _turn: Lock = field(default_factory=Lock)

    def load(self, parts: Iterable[GraphPart], names: Collection[str] | None = None) -> LoadOutcome:
        """Load all graphs, and remove those of withdrawn releases: below ``base``, not among ``parts``, sent by us.

        ``names`` are the IRIs of all ``parts``, where these come one by one. Others below ``base`` are told in
        ``unknown``. With ``dry_run`` nothing is written. Raises `StoreError` before anything is sent if too much would
        be removed, and as soon as the store fails; what it says counts what is safely loaded, and doing the same again
        goes on from there. KeyboardInterrupt says so too.
        """
        if names is None:
            parts = list(parts)
            names = [part.graph for part in parts]
        self._held = self.store.counts(graph_iri(self.base, "")) | self.store.counts(self._staging(""))
        self._plan_removals(set(names))
        try:
            self._send_all(parts)
            self._move_all()
            self._remove()
            self._verify_all()
        except StoreError as no:
            raise StoreError(f"{no}; {self._so_far()}") from None
        except KeyboardInterrupt:
            raise KeyboardInterrupt(f"interrupted; {self._so_far()}") from None
        self.outcome.sort()
        return self.outcome

    def _so_far(self) -> str:
        done = len(self.outcome.new) + len(self.outcome.same) + len(self.outcome.changed) - len(self._aside)
        aside = f", {len(self._aside):,} stand aside and are not in use yet" if self._aside else ""
        return f"{done:,} graphs are loaded and verified{aside}: the same command goes on from there"

    # ---- one graph

    def _send_all(self, parts: Iterable[GraphPart]) -> None:
        waiting: list[Future[None]] = []
        with ThreadPoolExecutor(SENDERS) as pool:
            try:
                for part in parts:
                    self._expected[part.graph] = part.triples
                    waiting.append(pool.submit(self._settle, part))
                    if len(waiting) > 2 * SENDERS:
                        waiting.pop(0).result()
                while waiting:
                    waiting.pop(0).result()
            except BaseException:
                pool.shutdown(cancel_futures=True)  # what is under way is done, and noted, or has failed
                raise

    def _settle(self, part: GraphPart) -> None:
        """Compare a graph with what the store holds, send it if it differs, and note what became of it."""
        held, known = self._held.get(part.graph, 0), self.journal.hash_of(part.graph) == part.hash
        trusted = known and not self.rules.verify
        if held == part.triples and (trusted or self._is_held(part.graph, part)):
            self._note(part, "same")
            return
        kind = "changed" if held else "new"
        aside = bool(held) and self.store.moves and not self.dry_run
        if not self.dry_run and not aside:
            self._send(part, part.graph)
        elif aside and not self._is_aside(part):
            self._send(part, self._staging(part.graph))
        with self._turn:
            if known:
                self.outcome.repaired.append(part.graph)
            if aside:
                self._aside[part.graph] = part
            self.outcome.triples += part.triples
            self._note(part, kind)

    def _note(self, part: GraphPart, kind: str) -> None:
        getattr(self.outcome, kind).append(part.graph)
        if any(len(line) > LONG_LITERAL for line in part.body.split(b"\n")):
            self.outcome.long.append(part.graph)

    def _is_aside(self, part: GraphPart) -> bool:
        """Whether an earlier load has put the graph aside, and did not come to moving it."""
        aside = self._staging(part.graph)
        return self.journal.hash_of(aside) == part.hash and self._held.get(aside, 0) == part.triples

    def _send(self, part: GraphPart, target: str) -> None:
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

    def _is_held(self, graph: str, part: GraphPart) -> bool:
        return graph_hash(self.store.fetch(graph)) == part.hash

    def _staging(self, graph: str) -> str:
        """Where a graph stands aside until it is moved."""
        return staging_iri(self.base, graph)

    # ---- all graphs

    def _move_all(self) -> None:
        for _, group in groupby(sorted(self._aside, key=lambda g: (self._release(g), g)), key=self._release):
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
            moved = False
        else:
            moved = not self.rules.verify
        if not moved:
            # unknown means look: a request can be carried out without an answer
            for source, target in pairs:
                if not self._is_held(target, self._aside[target]):
                    if self._is_held(source, self._aside[target]):
                        self.store.move([(source, target)])
                    else:
                        self._send(self._aside[target], target)

    # ---- what is removed

    def _plan_removals(self, names: set[str]) -> None:
        """Sort what the store holds beyond ``names`` into what goes, stays, and is unknown; refuse too much of it."""
        for graph in sorted(self._in_use() - names):
            if self._is_unread(graph):
                self.outcome.kept.append(graph)
            elif self.rules.prune or self.journal.is_ours(graph):
                self._gone.append(graph)
            else:
                self.outcome.unknown.append(graph)
        whole = {self._release(g) for g in self._in_use()}
        lost = sorted({self._release(g) for g in self._gone} - {self._release(g) for g in names})
        few = REGISTRY not in lost and len(lost) * 10 <= len(whole - {REGISTRY})
        if few or len(lost) <= self.rules.allow_removals:
            return
        self.outcome.wants_removals = len(lost)
        if not self.dry_run:
            names_lost = ["the registry" if name == REGISTRY else name for name in lost]
            shown = ", ".join(names_lost[:5]) + (f" and {len(lost) - 5:,} more" if len(lost) > 5 else "")
            number = _count(len(whole - {REGISTRY}))
            raise StoreError(
                f"this load would remove {shown} from the store, which holds {number}; nothing was sent: "
                f"give --allow-removals {len(lost)} if that is meant, and see --dry-run"
            )

    def _release(self, graph: str) -> str:
        """The name of the release that a graph belongs to, or that of the registry."""
        known = read_graph(graph, self.base)
        return known.slug if known else graph

    def _in_use(self) -> set[str]:
        """The graphs in the store, those apart that stand aside."""
        return {graph for graph in self._held if read_staging(graph, self.base) is None}

    def _is_unread(self, graph: str) -> bool:
        return self._release(graph) in self.rules.unread or not all(map(is_slug, self.rules.unread))

    def _remove(self) -> None:
        for graph in self._gone:
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
        held = self.store.counts(graph_iri(self.base, ""))
        wrong = [g for g, n in self._expected.items() if held.get(g, 0) != n] + [
            g for g in self.outcome.removed if g in held
        ]
        if wrong:
            raise StoreError(
                f"{len(wrong):,} graphs are not as they were left, {wrong[0]} among them: does somebody else write?"
            )

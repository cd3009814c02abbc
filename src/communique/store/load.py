"""Loads a dataset into a store, graph by graph; a load is verified, resumable and idempotent.

A graph that is new to the store is written to its own IRI at once. A graph that replaces another is staged, if the
store can move graphs: it is written under another IRI and verified there, and when all graphs are verified, it is
moved, together with the others of its release in one request. Status codes prove nothing: a graph counts as loaded when
the store returns what was sent.
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
from communique.ids import DATASET, REGISTRY, is_slug
from communique.iris import graph_iri, read_graph, read_staging, staging_iri
from communique.store.journal import Journal
from communique.store.store import Store

SENDERS: Final = 2
"""How many graphs are sent at the same time."""

LONG_LITERAL: Final = 40_000
"""Length of a line, in bytes, above which some stores fail (Virtuoso 7: HTTP 500 from 100 kB)."""


class OtherwiseError(StoreError):
    """The store gave back something else than it had accepted."""


@dataclass(frozen=True, slots=True)
class GraphPart:
    """One named graph to be loaded: its IRI, its N-Triples, the number of triples, and its `graph_hash`."""

    graph: str
    body: bytes
    triples: int
    hash: str


@dataclass(slots=True)
class LoadOutcome:
    """What a load did, or would do: the IRIs of graphs by outcome, and the number of triples sent.

    ``repaired`` are graphs that somebody else had changed in the store, and ``kept`` those of releases that could not
    be read. ``wants_removals`` is the number of releases that the load needs permission to remove, 0 if none.
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
        """Sort the lists of graphs, to which threads add IRIs in any order."""
        for graphs in (self.new, self.changed, self.same, self.long, self.repaired):
            graphs.sort()

    def as_dict(self) -> dict[str, object]:
        """The whole outcome, for JSON."""
        return asdict(self)

    def lines(self, dry_run: bool) -> Iterator[str]:
        """Lines for the user: the differences of a dry run, graphs of unknown origin, very long literals and so on."""
        if dry_run:
            for kind in ("new", "changed", "removed"):
                yield from _first(f"{kind:8}", getattr(self, kind))
            if self.wants_removals:
                yield f"refused  without --allow-removals {self.wants_removals}: too much would be removed"
        for graph in self.repaired:
            yield f"repaired {graph}: it no longer held what was loaded"
        for graph in self.kept:
            yield f"kept     {graph}: its release cannot be read"
        for graph in self.unknown:
            yield f"unknown  {graph}: no load from here has put it there; --prune removes it"
        for graph in self.long:
            yield f"warning  {graph} has a literal of over {LONG_LITERAL:,} bytes, with which some stores fail"

    @property
    def sentence(self) -> str:
        """One sentence for the user with the number of graphs by outcome."""
        kinds = (("new", self.new), ("changed", self.changed), ("same as before", self.same), ("removed", self.removed))
        numbers = ", ".join(f"{len(graphs):,} {kind}" for kind, graphs in kinds if graphs)
        return f"graphs: {numbers or 'none'}; triples sent: {self.triples:,}"


_OF_THE_NEWSROOM: Final = {REGISTRY: "the registry", DATASET: "the description of the dataset"}
"""Graphs that belong to no release, by name, as messages call them."""


def _releases(number: int) -> str:
    return "1 release" if number == 1 else f"{number:,} releases"


def _first(kind: str, graphs: list[str], most: int = 20) -> Iterator[str]:
    """One line for each of the first ``most`` graphs, and one with the number of the others."""
    yield from (f"{kind} {graph}" for graph in sorted(graphs)[:most])
    if len(graphs) > most:
        yield f"{kind} … and {len(graphs) - most:,} more (all with --format json)"


@dataclass(frozen=True, slots=True)
class Rules:
    """How to load.

    ``prune``: also remove graphs below the base IRI that were not put there by a load from here. ``verify``: read every
    graph back, even if the journal says that it is unchanged. ``allow_removals`` is how many releases may be removed
    even if they are more than a tenth of those in the store. ``unread`` are the names of releases that could not be
    read; their graphs are kept. If such a name is not a slug, it is not known which release it is, and all graphs are
    kept.
    """

    prune: bool = False
    verify: bool = False
    allow_removals: int = 0
    unread: frozenset[str] = frozenset()


@dataclass(slots=True)
class Loader:
    """Loads the graphs of one newsroom into one store. ``base`` is the newsroom's base IRI; all graphs are below it."""

    store: Store
    journal: Journal
    base: str
    dry_run: bool = False
    rules: Rules = Rules()
    outcome: LoadOutcome = field(default_factory=LoadOutcome)
    _stored: dict[str, int] = field(default_factory=dict)
    _staged: dict[str, GraphPart] = field(default_factory=dict)
    _expected: dict[str, int] = field(default_factory=dict)
    _removals: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def load(self, parts: Iterable[GraphPart], names: Collection[str] | None = None) -> LoadOutcome:
        """Load all graphs, and remove those of withdrawn releases: sent by an earlier load and not among ``parts``.

        ``names`` are the IRIs of all ``parts``, needed if ``parts`` can be iterated only once. Other graphs below
        ``base`` are listed in ``unknown``. With ``dry_run`` nothing is written. Raises `StoreError` before anything is
        sent if too much would be removed, and as soon as the store fails; the message, like that of the
        KeyboardInterrupt after Ctrl-C, says how many graphs are loaded, and that the same load resumes there.
        """
        if names is None:
            parts = list(parts)
            names = [part.graph for part in parts]
        self._stored = self.store.counts(graph_iri(self.base, "")) | self.store.counts(self._staging_iri(""))
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
        """What is loaded when a load ends early, as part of a sentence for the user."""
        done = len(self.outcome.new) + len(self.outcome.same) + len(self.outcome.changed) - len(self._staged)
        staged = f", {len(self._staged):,} are staged and not in use yet" if self._staged else ""
        return f"{done:,} graphs are loaded and verified{staged}: the same command goes on from there"

    # ---- one graph

    def _send_all(self, parts: Iterable[GraphPart]) -> None:
        """Load all graphs into the store, `SENDERS` at a time, then alone those that were spoiled by another."""
        spoiled: list[GraphPart] = []
        waiting: list[Future[GraphPart | None]] = []

        def finish_first() -> None:
            if (part := waiting.pop(0).result()) is not None:
                spoiled.append(part)

        with ThreadPoolExecutor(SENDERS) as pool:
            try:
                for part in parts:
                    self._expected[part.graph] = part.triples
                    waiting.append(pool.submit(self._try_graph, part))
                    if len(waiting) > 2 * SENDERS:
                        finish_first()
                while waiting:
                    finish_first()
            except BaseException:
                pool.shutdown(cancel_futures=True)  # waits for the graphs that are being sent
                raise
        for part in spoiled:
            self._load_graph(part)

    def _try_graph(self, part: GraphPart) -> GraphPart | None:
        """Load a graph beside others; gives it back if the store returned something else than was sent.

        Virtuoso 7 loses triples if two requests are the first to use the same term.
        """
        try:
            self._load_graph(part)
        except OtherwiseError:
            return part
        return None

    def _load_graph(self, part: GraphPart) -> None:
        """Compare a graph with what the store holds, send it if it differs, and record the outcome."""
        stored, known = self._stored.get(part.graph, 0), self.journal.hash_of(part.graph) == part.hash
        trusted = known and not self.rules.verify
        if stored == part.triples and (trusted or self._is_stored(part.graph, part)):
            self._record(part, "same")
            return
        kind = "changed" if stored else "new"
        stage = bool(stored) and self.store.moves and not self.dry_run
        if not self.dry_run and not stage:
            self._send(part, part.graph)
        elif stage and not self._is_staged(part):
            self._send(part, self._staging_iri(part.graph))
        with self._lock:
            if known:
                self.outcome.repaired.append(part.graph)
            if stage:
                self._staged[part.graph] = part
            self.outcome.triples += part.triples
            self._record(part, kind)

    def _record(self, part: GraphPart, kind: str) -> None:
        getattr(self.outcome, kind).append(part.graph)
        if any(len(line) > LONG_LITERAL for line in part.body.split(b"\n")):
            self.outcome.long.append(part.graph)

    def _is_staged(self, part: GraphPart) -> bool:
        """Whether an earlier load staged the graph and ended before it was moved."""
        at = self._staging_iri(part.graph)
        return self.journal.hash_of(at) == part.hash and self._stored.get(at, 0) == part.triples

    def _send(self, part: GraphPart, target: str) -> None:
        """Write a graph to the store under the IRI ``target`` and read it back. Raises `StoreError` if it differs."""
        self.journal.begin(target, part.hash, part.triples)
        try:
            self.store.put(target, part.body)
        except StoreError:
            if self.store.moves and not self._stored.get(target):
                self._clear(target)
            raise
        back = self.store.fetch(target)
        if len(back) != part.triples or graph_hash(back) != part.hash:
            short = f"{len(set(back)):,} of {part.triples:,} triples" if len(back) != part.triples else "other words"
            raise OtherwiseError(f"the store accepted the graph {target} and gives back {short}")
        self.journal.end(target, part.hash, part.triples)

    def _clear(self, target: str) -> None:
        """Remove what a failed request may have written of a graph that was not in the store before."""
        try:
            self.store.remove(target)
        except StoreError as no:
            raise StoreError(f"the graph {target} may be incomplete in the store: {no}") from None

    def _is_stored(self, graph: str, part: GraphPart) -> bool:
        """Whether the graph with the IRI ``graph`` holds what ``part`` says, by its hash."""
        return graph_hash(self.store.fetch(graph)) == part.hash

    def _staging_iri(self, graph: str) -> str:
        """The IRI under which a graph is staged."""
        return staging_iri(self.base, graph)

    # ---- all graphs

    def _move_all(self) -> None:
        """Move all staged graphs into place, release by release."""
        for _, group in groupby(sorted(self._staged, key=lambda g: (self._release(g), g)), key=self._release):
            graphs = list(group)
            self._move([(self._staging_iri(graph), graph) for graph in graphs])
            for graph in graphs:
                part = self._staged.pop(graph)
                self.journal.end(graph, part.hash, part.triples)

    def _move(self, pairs: list[tuple[str, str]]) -> None:
        for source, _ in pairs:
            self.journal.begin(source, "", 0)  # from now on it is not certain that it is staged
        try:
            self.store.move(pairs)
        except StoreError:
            moved = False
        else:
            moved = not self.rules.verify
        if not moved:
            # a request that failed may still have been carried out, so the graphs are read back
            for source, target in pairs:
                if not self._is_stored(target, self._staged[target]):
                    if self._is_stored(source, self._staged[target]):
                        self.store.move([(source, target)])
                    else:
                        self._send(self._staged[target], target)

    # ---- what is removed

    def _plan_removals(self, names: set[str]) -> None:
        """Sort the graphs outside ``names`` into removed, kept and unknown. Raises `StoreError` if too many go."""
        for graph in sorted(self._in_use() - names):
            if self._is_unread(graph):
                self.outcome.kept.append(graph)
            elif self.rules.prune or self.journal.is_ours(graph):
                self._removals.append(graph)
            else:
                self.outcome.unknown.append(graph)
        whole = {self._release(g) for g in self._in_use()}
        lost = sorted({self._release(g) for g in self._removals} - {self._release(g) for g in names})
        releases = whole - _OF_THE_NEWSROOM.keys()
        few = _OF_THE_NEWSROOM.keys().isdisjoint(lost) and len(lost) * 10 <= len(releases)
        if few or len(lost) <= self.rules.allow_removals:
            return
        self.outcome.wants_removals = len(lost)
        if not self.dry_run:
            names_lost = [_OF_THE_NEWSROOM.get(name, name) for name in lost]
            shown = ", ".join(names_lost[:5]) + (f" and {len(lost) - 5:,} more" if len(lost) > 5 else "")
            number = _releases(len(releases))
            raise StoreError(
                f"this load would remove {shown} from the store, which holds {number}; nothing was sent: "
                f"give --allow-removals {len(lost)} if that is meant, and see --dry-run"
            )

    def _release(self, graph: str) -> str:
        """The slug of the release that a graph belongs to, the name of one of the newsroom, or else the graph's IRI."""
        known = read_graph(graph, self.base)
        return known.slug if known else graph

    def _in_use(self) -> set[str]:
        """The graphs in the store, except those that are staged."""
        return {graph for graph in self._stored if read_staging(graph, self.base) is None}

    def _is_unread(self, graph: str) -> bool:
        return self._release(graph) in self.rules.unread or not all(map(is_slug, self.rules.unread))

    def _remove(self) -> None:
        """Remove the graphs in `_removals`, and all that are still staged."""
        for graph in self._removals:
            if not self.dry_run:
                self.store.remove(graph)
                self.journal.forget(graph)
            self.outcome.removed.append(graph)
        if not self.dry_run:
            for graph in sorted(g for g in self.store.counts(self._staging_iri(""))):
                self.store.remove(graph)
                self.journal.forget(graph)

    def _verify_all(self) -> None:
        """Count the triples of all graphs. Raises `StoreError` if one is wrong or a removed graph is still there."""
        if self.dry_run:
            return
        stored = self.store.counts(graph_iri(self.base, ""))
        short = [graph for graph, triples in self._expected.items() if stored.get(graph, 0) != triples]
        wrong = short + [graph for graph in self.outcome.removed if graph in stored]
        if wrong:
            raise StoreError(
                f"{len(wrong):,} graphs are not as they were left, {wrong[0]} among them: does somebody else write?"
            )

"""Sorted runs on disk and their merge: the whole dataset in order, without holding it in memory."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count, groupby
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import NamedNode, RdfFormat, parse

from communique.export.grouped import GroupedQuads
from communique.export.order import Pair, natural, sort_key, statement_key, types_of
from communique.iris import kind_of
from communique.kinds import rank_at
from communique.publish.counts import PARTS, part_of
from communique.terms import CMQ

_MARKS: Final = {part: part[0] for part in (*PARTS, "about")}
_PART_OF: Final = {mark: part for part, mark in _MARKS.items()}
_EVIDENCE: Final = CMQ + "evidence"
_IS_INFERRED: Final = (CMQ + "basis", NamedNode(CMQ + "inferred"))
_BREAK: Final = "\x1f"
_END: Final = "\x1e\n"

OPEN: Final = 100
"""The most runs that are open at once; many systems let a process open 256 files."""


class Block(NamedTuple):
    """All triples of one entity, by the part of the dataset that contains them: see `PARTS`."""

    subject: str
    parts: dict[str, set[Pair]]

    @property
    def pairs(self) -> set[Pair]:
        """Its distinct triples, from all parts."""
        return set().union(*self.parts.values())

    @property
    def facts(self) -> set[Pair]:
        """Those outside the evidence graphs, and what these say of an inference: the fact, and why."""
        mark = self.parts.get("evidence", set())
        reason = {pair for pair in mark if pair[0] != _EVIDENCE} if _IS_INFERRED in mark else set()
        return self._in(part for part in _MARKS if part != "evidence") | reason

    @property
    def stated(self) -> set[Pair]:
        """Those that a text, a web page or the registry states, without any inference."""
        return self._in(part for part in _MARKS if part not in ("evidence", "inferred"))

    def _in(self, parts: Iterable[str]) -> set[Pair]:
        return set().union(*(self.parts.get(part, set()) for part in parts))


def run_lines(quads: GroupedQuads, base: str) -> list[str]:
    """The lines of a run for the quads of a release, or of what belongs to none.

    An entity that is not local to a release is sorted by the kind in its IRI, so that its facts from all releases come
    together; a node local to a release is sorted by its classes.
    """
    keys = {subject: _key(subject, pairs, base) for subject, pairs in quads.pairs.items()}
    marks = {graph: _MARKS[part_of(graph, base)] for graph in {row[3] for row in quads.rows}}
    return [
        _BREAK.join((keys[subject], subject, marks[graph], triple[:-1].decode()))
        for (subject, _, _, graph), triple in zip(quads.rows, quads.triples, strict=True)
    ]


def write_run(path: Path, lines: Iterable[str]) -> None:
    """Write the lines of some releases as one sorted run."""
    with path.open("w", encoding="utf-8", newline="\n") as run:
        run.writelines(line + _END for line in sorted(lines))


def _key(subject: str, pairs: set[Pair], base: str) -> str:
    kind = kind_of(subject, base)
    rank, name = (rank_at(kind), natural(subject)) if kind else sort_key(subject, types_of(pairs))
    return f"{rank:02d} {statement_key(pairs)} {name}"


def merge_runs(paths: Iterable[Path]) -> Iterator[list[str]]:
    """The lines of each entity of all runs, in order; each entity comes once, with all its facts.

    If there are more than `OPEN` runs, some are merged into larger ones first, which take their place on the disk; so
    they can be merged again, by a process that takes the place of one that died.
    """
    runs = deque(paths)
    for number in count():
        if len(runs) <= OPEN:
            break
        merged = [runs.popleft() for _ in range(min(OPEN, len(runs) - OPEN + 1))]
        runs.append(_merge_into(merged[0].with_name(f"merged-{number:06d}.run"), merged))
    with _open_merged(runs) as lines:
        for _, own in groupby(lines, key=entity_of):
            yield list(own)


def _merge_into(path: Path, runs: Iterable[Path]) -> Path:
    """Write a larger run, if that was not done before, and remove those merged into it."""
    if not path.exists():
        half = path.with_suffix(".half")
        with _open_merged(runs) as lines, half.open("w", encoding="utf-8", newline="\n") as run:
            run.writelines(lines)
        half.replace(path)
    for merged in runs:
        merged.unlink(missing_ok=True)
    return path


@contextmanager
def _open_merged(paths: Iterable[Path]) -> Iterator[Iterator[str]]:
    """The lines of some runs, in order."""
    with ExitStack() as stack:
        yield heapq.merge(*(stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in paths))


def entity_of(line: str) -> str:
    """The part of a line that all lines of an entity share and no other line has: its sort key and its IRI."""
    key, subject, _ = line.split(_BREAK, 2)
    return key + _BREAK + subject


def read_block(lines: list[str]) -> Block:
    """The triples of one entity, given by its lines."""
    parts: dict[str, set[Pair]] = {}
    rows = [line[: -len(_END)].split(_BREAK) for line in lines]
    text = "\n".join(row[3] for row in rows)
    for row, quad in zip(rows, parse(text, format=RdfFormat.N_TRIPLES), strict=True):
        parts.setdefault(_PART_OF[row[2]], set()).add((quad.predicate.value, quad.object))
    return Block(rows[0][1], parts)

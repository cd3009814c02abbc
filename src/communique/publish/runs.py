"""Sorted runs on disk and their merge: the whole dataset in order, without holding it in memory."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from communique.export.order import Pair, graph_of, natural, sort_key, statement_key, subject_of
from communique.iris import kind_of
from communique.kinds import rank_at
from communique.publish.counts import PARTS, part_of
from communique.terms import CMQ, TYPE

_MARKS: Final = {part: part[0] for part in (*PARTS, "about")}
_PART_OF: Final = {mark: part for part, mark in _MARKS.items()}
_EVIDENCE: Final = CMQ + "evidence"
_IS_INFERRED: Final = (CMQ + "basis", NamedNode(CMQ + "inferred"))
_BREAK: Final = "\x1f"
_END: Final = "\x1e\n"


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


def write_run(path: Path, quads: Iterable[Quad], base: str) -> None:
    """Write the quads of some releases as one sorted run.

    An entity that is not local to a release is sorted by the kind in its IRI, so that its facts from all releases come
    together; a node local to a release is sorted by its classes.
    """
    by_subject: dict[str, list[Quad]] = {}
    for quad in quads:
        by_subject.setdefault(subject_of(quad), []).append(quad)
    lines = []
    for subject, found in by_subject.items():
        rank, name = _key(subject, found, base)
        pairs = [(q.predicate.value, q.object) for q in found if isinstance(q.object, NamedNode | Literal)]
        key = f"{rank:02d} {statement_key(pairs)} {name}"
        for quad in found:
            mark = _MARKS[part_of(graph_of(quad), base)]
            lines.append(_BREAK.join((key, subject, mark, f"{quad.subject} {quad.predicate} {quad.object} .")))
    lines.sort()
    with path.open("w", encoding="utf-8", newline="\n") as run:
        run.writelines(line + _END for line in lines)


def _key(subject: str, quads: list[Quad], base: str) -> tuple[int, str]:
    if kind := kind_of(subject, base):
        return rank_at(kind), natural(subject)
    classes = [q.object.value for q in quads if q.predicate.value == TYPE and isinstance(q.object, NamedNode)]
    return sort_key(subject, classes)


def merge_runs(paths: Iterable[Path]) -> Iterator[Block]:
    """The entities of all runs in order, each once, with all its facts."""
    with ExitStack() as stack:
        runs = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in paths]
        lines = heapq.merge(*(_lines(run) for run in runs))
        for (_, subject), group in groupby(lines, key=lambda parts: (parts[0], parts[1])):
            yield _block(subject, group)


def _lines(run: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    for line in run:
        key, subject, mark, triple = line[: -len(_END)].split(_BREAK)
        yield key, subject, mark, triple


def _block(subject: str, group: Iterable[tuple[str, str, str, str]]) -> Block:
    parts: dict[str, set[Pair]] = {}
    rows = list(group)
    text = "\n".join(row[3] for row in rows)
    for row, quad in zip(rows, parse(text, format=RdfFormat.N_TRIPLES), strict=True):
        parts.setdefault(_PART_OF[row[2]], set()).add((quad.predicate.value, quad.object))
    return Block(subject, parts)

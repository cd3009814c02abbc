"""Look-ups in the store of a publication under way: each is made once, noted each time, and few are kept."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from communique.export.order import plain
from communique.publish import lookups
from communique.publish.lookups import LookUps
from communique.publish.traces import Trace

E = "https://example.org/"
A, B, P, Q, G, H = (NamedNode(E + name) for name in "abpqgh")
QUADS = [
    Quad(A, P, B, G),
    Quad(A, P, B, H),
    Quad(A, P, Literal("one", language="en"), G),
    Quad(A, Q, Literal("one"), G),
    Quad(B, P, A, H),
    Quad(B, Q, Literal(""), H),
]


class Counting:
    """A store that notes what it is asked."""

    def __init__(self, quads: list[Quad] = QUADS) -> None:
        self.store, self.asked = Store(), list[tuple[Any, ...]]()
        self.store.extend(quads)

    def quads_for_pattern(self, *pattern: Any) -> Any:
        self.asked.append(pattern)
        return self.store.quads_for_pattern(*pattern)


def look_ups(counting: Counting, trace: Trace | None = None, **more: int) -> LookUps:
    store: Any = counting
    return LookUps(store, trace, **more)


PATTERNS = [*product(("", A.value, B.value), ("", P.value, Q.value), (None, A, B, Literal("one"), Literal("")))]


@pytest.mark.parametrize("is_node_known", [False, True])
def test_the_rows_are_those_of_the_quads_that_match(is_node_known: bool) -> None:
    for subject, predicate, value in PATTERNS:
        asked = look_ups(Counting())
        if is_node_known:
            assert len(asked.rows(A.value)) == 4
        node, iri = (NamedNode(name) if name else None for name in (subject, predicate))
        found = [*plain(asked._store.quads_for_pattern(node, iri, value))]
        assert sorted(asked.rows(subject, predicate, value), key=str) == sorted(found, key=str)


def test_the_same_is_asked_once() -> None:
    counting = Counting()
    asked = look_ups(counting)
    first = [asked.rows(*pattern) for pattern in PATTERNS]
    number = len(counting.asked)
    assert [asked.rows(*pattern) for pattern in PATTERNS] == first
    assert len(counting.asked) == number <= len(PATTERNS)


def test_of_a_node_of_which_all_is_known_nothing_more_is_asked_unless_that_is_very_much(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counting = Counting()
    asked = look_ups(counting)
    assert len(asked.rows(A.value)) == 4 and len(asked.rows(A.value, Q.value)) == 1
    assert asked.rows(A.value, E + "other") == ()
    assert len(counting.asked) == 1
    monkeypatch.setattr(lookups, "_MANY", 4)
    assert len(asked.rows(A.value, P.value)) == 3
    assert len(counting.asked) == 2


def test_a_look_up_is_noted_each_time_however_it_is_answered() -> None:
    trace = Trace()
    asked = look_ups(Counting(), trace)
    asked.rows(A.value, P.value)
    one = trace.take()
    asked.rows(A.value)
    trace.take()
    asked.rows(A.value, P.value)
    assert trace.take() == one != b""
    asked.rows(A.value, Q.value)
    two = trace.take()
    look_ups(Counting(), trace).rows(A.value, Q.value)
    assert trace.take() == two != one


def test_what_is_kept_is_bounded_and_what_was_asked_last_stays() -> None:
    names = [f"{E}{n}" for n in range(100)]
    counting = Counting([Quad(NamedNode(name), P, Literal(str(n)), G) for name in names for n in range(3)])
    asked = look_ups(counting, kept=40)
    for name in names:
        asked.rows(name)
        asked.rows(names[0])
        kept = [*asked._new.values(), *asked._old.values()]
        assert sum(1 + len(rows) for rows, _ in kept) <= 2 * (40 + 4)
    assert len(counting.asked) == len(names)
    asked.rows(names[1])
    assert len(counting.asked) == len(names) + 1

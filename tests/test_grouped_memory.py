"""Grouped quads are given back as soon as nobody uses them: in a long build nothing waits for a collection."""

from __future__ import annotations

import gc
import weakref

from pyoxigraph import NamedNode, Quad

from communique.context import read_context
from communique.export.grouped import group


def test_grouped_quads_are_no_cycle() -> None:
    a, p, g = (NamedNode(f"https://example.org/{name}") for name in "apg")
    gc.collect()
    gc.disable()
    try:
        whole = group([Quad(a, p, a, g)], read_context())
        part = whole.within([g.value])
        assert list(part.entities) == list(whole.graphs[g.value]) == [a.value]
        seen = weakref.ref(whole), weakref.ref(part)
        del whole, part
        assert [one() for one in seen] == [None, None]
    finally:
        gc.enable()

"""Which tests the quick suite leaves out, and how they are known.

A test that opens a browser or starts a server is known by the fixture or the parameter that does so; one that starts a
server by itself is marked by hand, and so is a slow one. `must_be_marked` is called where a browser or a server
starts, so that a mark cannot be forgotten; slow tests without a mark are named at the end of a run.
"""

from __future__ import annotations

import resource
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests import engines, servers

MARKERS = ("slow", "browser", "stores")
"""The markers, in the order in which the quick suite leaves them out; what they mean stands in ``pyproject.toml``."""

FIXTURES = {"browser": "browser", "server": "stores", "jena": "stores", "persistent": "stores"}
"""Fixtures that start something, and the marker of a test that uses them."""

STARTED = {*engines.SERVERS, *servers.SERVERS}
"""Names of what starts as a server, as they stand in parameters."""

SLOW = 1.0
"""Seconds of processor time from which a test is slow."""

_TAKEN = "processor seconds"
_running: list[pytest.Item] = []


def markers_of(fixtures: tuple[str, ...], parameters: tuple[Any, ...]) -> Iterator[str]:
    """The markers of a test with these fixtures and values of parameters; one may come twice.

    >>> list(markers_of(("tmp_path", "browser"), ()))
    ['browser']
    >>> list(markers_of((), ("folder",))), list(markers_of((), (("virtuoso", "real"), 1)))
    ([], ['stores'])
    """
    yield from (FIXTURES[name] for name in fixtures if name in FIXTURES)
    for value in parameters:
        if STARTED & {part for part in (value if isinstance(value, tuple) else (value,)) if isinstance(part, str)}:
            yield "stores"


def mark(item: pytest.Item) -> None:
    """Give a test the markers by which it is known."""
    spec = getattr(item, "callspec", None)
    for name in markers_of(tuple(getattr(item, "fixturenames", ())), tuple(spec.params.values()) if spec else ()):
        item.add_marker(name)


def running(item: pytest.Item | None) -> None:
    """Say which test runs from now on, if any."""
    _running[:] = [item] if item else []


def must_be_marked(name: str, what: str) -> None:
    """Fail the test that runs, if it has no marker of that name though it starts ``what``."""
    for item in _running:
        if item.get_closest_marker(name) is None:
            pytest.fail(f"{item.nodeid} starts {what}: mark it with @pytest.mark.{name}", pytrace=False)


def processor_seconds() -> float:
    """Processor time of this process and of those that it started and that have ended."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def note_time(item: pytest.Item, seconds: float) -> None:
    """Note what a test took, if it is slow and the quick suite does not leave it out."""
    if seconds > SLOW and not any(item.get_closest_marker(name) for name in MARKERS):
        item.user_properties.append((_TAKEN, round(seconds, 1)))


def unmarked(reports: Iterable[Any]) -> list[str]:
    """A line for each report of a slow test without a mark, the slowest first."""
    found = [
        (dict(report.user_properties).get(_TAKEN, 0.0), report.nodeid) for report in reports if report.when == "call"
    ]
    return [f"{seconds:6.1f} s {name}" for seconds, name in sorted(found, reverse=True) if seconds]

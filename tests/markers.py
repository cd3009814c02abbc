"""Which tests the quick suite leaves out, and how they get their markers.

A test that opens a browser or starts a server is recognised by the fixture or parameter that does so; one that starts a
server itself is marked by hand, and so is a slow one. `must_be_marked` is called where a browser or a server starts, so
that no marker can be forgotten; slow tests without a marker are listed at the end of a run.
"""

from __future__ import annotations

import resource
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from tests import engines, servers

MARKERS = ("slow", "browser", "stores")
"""The markers, in the order in which the quick suite leaves them out; ``pyproject.toml`` says what they mean."""

FIXTURES = {
    "browser": "browser",
    "server": "stores",
    "jena": "stores",
    "persistent": "stores",
    "bucket": "stores",
    "crowded_site": "slow",
}
"""Fixtures that start a browser, server or engine or build for long, and the marker of a test that uses them."""

PARAMETERS = {**dict.fromkeys((*engines.SERVERS, *servers.SERVERS), "stores"), "crowded_site": "slow"}
"""Names of servers and of a large publication, as they are given in parameters, and the marker of a test with one."""

SLOW = 1.0
"""Seconds of processor time above which a test is slow."""

_TAKEN = "processor seconds"
_running_test: list[pytest.Item] = []


def markers_of(fixtures: tuple[str, ...], parameters: tuple[Any, ...]) -> Iterator[str]:
    """The markers of a test with these fixtures and parameter values; one may occur twice.

    >>> list(markers_of(("tmp_path", "browser"), ()))
    ['browser']
    >>> list(markers_of((), ("folder",))), list(markers_of((), (("virtuoso", "real"), 1)))
    ([], ['stores'])
    >>> list(markers_of((), ("crowded_site",)))
    ['slow']
    """
    yield from (FIXTURES[name] for name in fixtures if name in FIXTURES)
    for value in parameters:
        parts = value if isinstance(value, tuple) else (value,)
        yield from (PARAMETERS[part] for part in parts if isinstance(part, str) and part in PARAMETERS)


def add_markers(item: pytest.Item) -> None:
    """Add the markers that follow from the fixtures and parameters of a test."""
    spec = getattr(item, "callspec", None)
    for name in markers_of(tuple(getattr(item, "fixturenames", ())), tuple(spec.params.values()) if spec else ()):
        item.add_marker(name)


def set_running_test(item: pytest.Item | None) -> None:
    """Set the test that is running from now on, or None."""
    _running_test[:] = [item] if item else []


def must_be_marked(name: str, what: str) -> None:
    """Fail the running test if it starts ``what`` without the marker ``name``."""
    for item in _running_test:
        if item.get_closest_marker(name) is None:
            pytest.fail(f"{item.nodeid} starts {what}: mark it with @pytest.mark.{name}", pytrace=False)


def processor_seconds() -> float:
    """Processor seconds of this process and of its child processes that have ended."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def note_time(item: pytest.Item, seconds: float) -> None:
    """Record the time of a test, if it is slow and the quick suite does not leave it out."""
    if seconds > SLOW and not any(item.get_closest_marker(name) for name in MARKERS):
        item.user_properties.append((_TAKEN, round(seconds, 1)))


def unmarked_slow_tests(reports: Iterable[Any]) -> list[str]:
    """A line for each report of a slow test without a marker, the slowest first."""
    times = [
        (dict(report.user_properties).get(_TAKEN, 0.0), report.nodeid) for report in reports if report.when == "call"
    ]
    return [f"{seconds:6.1f} s {name}" for seconds, name in sorted(times, reverse=True) if seconds]

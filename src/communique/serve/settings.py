"""The settings of the server: one table, read by the command line, the environment, a file and the documentation."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

from communique.errors import CommuniqueError, hint

PREFIX: Final = "COMMUNIQUE_SERVE_"
"""What the name of a setting begins with in the environment, where it is in upper case."""

KiB: Final = 1024
MiB: Final = 1024 * KiB


class SettingError(CommuniqueError):
    """A setting is unknown, is no number, or is outside its limits."""


def _row(default: float, least: float, most: float, unit: str, meaning: str) -> Any:
    return field(default=default, metadata={"least": least, "most": most, "unit": unit, "meaning": meaning})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The values of all settings; each has a unit, a meaning and limits, which `SETTINGS` lists.

    >>> Settings().query_seconds
    5.0
    """

    query_seconds: float = _row(5.0, 0.01, 3600, "s", "most time for one query, waiting not included")
    query_url_bytes: int = _row(8 * KiB, 64, MiB, "bytes", "longest query in an address (GET)")
    query_body_bytes: int = _row(64 * KiB, 64, 16 * MiB, "bytes", "longest body of a request (POST)")
    query_depth: int = _row(64, 1, 200, "levels", "deepest nesting of brackets in a query")
    query_repeats: int = _row(500, 1, 2000, "times", "longest chain of operators in a query")
    result_rows: int = _row(100_000, 1, 10_000_000, "rows", "most rows or triples of an answer")
    result_bytes: int = _row(32 * MiB, KiB, 1024 * MiB, "bytes", "longest answer")
    worker_bytes: int = _row(1024 * MiB, 64 * MiB, 1024 * 1024 * MiB, "bytes", "memory of a worker above its store")
    search_seconds: float = _row(1.0, 0.01, 60, "s", "most time for one search in names and texts")
    workers: int = _row(0, 0, 64, "processes", "workers that answer queries; 0: one for each core, at most 8")
    queue: int = _row(64, 0, 10_000, "requests", "most requests that wait for a worker")
    queue_client: int = _row(8, 1, 10_000, "requests", "most requests of one client that wait for a worker")
    head_seconds: float = _row(5.0, 0.1, 3600, "s", "most time for the head of a request to arrive")
    body_seconds: float = _row(10.0, 0.1, 3600, "s", "most time for the body of a request to arrive")
    idle_seconds: float = _row(65.0, 1, 3600, "s", "most time that a connection is kept between two requests")
    connections: int = _row(1024, 1, 100_000, "connections", "most connections at a time")
    cache_bytes: int = _row(64 * MiB, 0, 64 * 1024 * MiB, "bytes", "memory for what is often asked for")
    stop_seconds: float = _row(10.0, 0.1, 3600, "s", "most time for open requests when the server is stopped")


class Setting(NamedTuple):
    """A row of the table: a setting, the default, the limits, the unit and the meaning."""

    name: str
    default: float
    least: float
    most: float
    unit: str
    meaning: str

    @property
    def variable(self) -> str:
        """Its name in the environment."""
        return PREFIX + self.name.upper()

    def read(self, text: str, where: str) -> float:
        """The value that a text gives. Raises `SettingError`, which says ``where`` it was given."""
        kind = type(self.default)
        try:
            value: float = kind(text)
        except ValueError:
            form = "a whole number" if kind is int else "a number"
            raise SettingError(f"{where}: {self.name} must be {form}, not {text!r}") from None
        if not self.least <= value <= self.most:
            limits = f"{self.least:,} to {self.most:,} {self.unit}"
            raise SettingError(f"{where}: {self.name} must be {limits}, not {value:,}")
        return value


def _settings() -> Iterable[Setting]:
    for one in fields(Settings):
        assert one.default is not MISSING
        yield Setting(name=one.name, default=one.default, **one.metadata)


SETTINGS: Final[dict[str, Setting]] = {one.name: one for one in _settings()}
"""Every setting by name."""


def read_settings(
    given: Iterable[str] = (), environment: Mapping[str, str] | None = None, file: Path | None = None
) -> Settings:
    """The settings: ``NAME=VALUE`` as given on the command line, else from the environment, a file (TOML), the default.

    Raises `SettingError` for an unknown name or a wrong value, and says where it stands.

    >>> read_settings(["query_seconds=2"], {"COMMUNIQUE_SERVE_WORKERS": "3"}).workers
    3
    """
    values: dict[str, float] = {}
    if file is not None:
        for name, value in _read_file(file).items():
            values[name] = _named(name, str(file)).read(str(value), str(file))
    for variable, text in sorted((os.environ if environment is None else environment).items()):
        if variable.startswith(PREFIX):
            name = variable.removeprefix(PREFIX).lower()
            values[name] = _named(name, f"the variable {variable}").read(text, f"the variable {variable}")
    for words in given:
        name, equals, text = words.partition("=")
        if not equals:
            raise SettingError(f"--set {words}: write NAME=VALUE")
        values[name] = _named(name, "--set").read(text, "--set")
    return Settings(**values)  # type: ignore[arg-type]  # each value has been read by the type of its default


def _read_file(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as no:
        raise SettingError(f"{file}: no TOML: {no}") from None
    except OSError as no:
        raise SettingError(f"{file} cannot be read: {no.strerror}") from None


def _named(name: str, where: str) -> Setting:
    if name not in SETTINGS:
        raise SettingError(f"{where}: unknown setting {name!r}, {hint(name, SETTINGS)}")
    return SETTINGS[name]

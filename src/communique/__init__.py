"""Press releases as linked data: every fact tied to the words that say it.

>>> import communique
>>> newsroom = communique.open_newsroom("data")
>>> release = newsroom["2015-05-29-special-report-trafficking"]
>>> release.check()
[]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from communique.api import Newsroom, Release, open_newsroom

__all__ = ["Newsroom", "Release", "__version__", "open_newsroom"]

__version__: str


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version  # 20 ms

        return version("communique")
    if name in __all__:
        from communique import api  # pyoxigraph and PyYAML: only when asked for

        return getattr(api, name)
    raise AttributeError(f"module 'communique' has no attribute {name!r}")

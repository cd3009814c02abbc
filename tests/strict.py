"""The strict run, in which no program may be missing and nothing is skipped: ``.ci/run`` sets a variable for it.

In any other run, other people's CI included, a test whose program is missing is skipped and says what to install.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.util import find_spec
from typing import NoReturn

import pytest

VARIABLE = "COMMUNIQUE_STRICT"
STRICT = os.environ.get(VARIABLE) == "1"


def skip_or_fail(how: str) -> NoReturn:
    """Skip a test whose program is missing, or fail it in the strict run; ``how`` says what to install."""
    if STRICT:
        pytest.fail(how)
    pytest.skip(how)


def need(packages: Iterable[str], how: str) -> None:
    """Skip a test for which one of these packages is missing, or fail it in the strict run; ``how`` as above."""
    if not all(map(find_spec, packages)):
        skip_or_fail(how)

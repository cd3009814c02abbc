"""Whether everything must be there: ``.ci/run`` sets a variable of ours, and then nothing may be skipped.

Elsewhere, also in other people's CI, a test whose program is missing is skipped and says what to install.
"""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

VARIABLE = "COMMUNIQUE_STRICT"
STRICT = os.environ.get(VARIABLE) == "1"


def missing(how: str) -> NoReturn:
    """End a test for want of something: ``how`` says what to install."""
    if STRICT:
        pytest.fail(how)
    pytest.skip(how)

"""The work that one release may take."""

from __future__ import annotations

import pytest

from communique.text.work import Work, WorkSpentError


def test_all_steps_can_be_spent_and_no_more() -> None:
    work = Work(10)
    work.spend(4)
    work.spend(6)
    assert work.left == 0
    with pytest.raises(WorkSpentError):
        work.spend(1)


def test_work_that_is_spent_stays_spent() -> None:
    work = Work(3)
    for _ in range(2):
        with pytest.raises(WorkSpentError):
            work.spend(4)

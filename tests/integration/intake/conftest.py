"""What all tests of intake need."""

from __future__ import annotations

import pytest

from tests.support.services import InProcess


@pytest.fixture(autouse=True)
def helpers_begin_anew(intake: InProcess) -> None:
    """The tests of a file share a day, and together open more cases for others than one person may."""
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE helper SET on_day = 0")

"""What the tests of documents say at the end of a run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.pdfa import JUDGE

JUDGED = pytest.StashKey[bool]()


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> None:
    """For tests that judge files as PDF/A: the summary of the run names the judge."""
    request.config.stash[JUDGED] = True


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.stash.get(JUDGED, False):
        terminalreporter.write_line(f"PDF/A: judged by {JUDGE}")

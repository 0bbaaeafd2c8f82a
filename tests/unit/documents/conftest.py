"""What the tests of documents say at the end of a run."""

from __future__ import annotations

import pytest

from tests.support.pdfa import JUDGE
from tests.support.side_by_side import tell


@pytest.fixture
def judged(request: pytest.FixtureRequest) -> None:
    """For tests that judge files as PDF/A: the summary of the run names the judge."""
    tell(request.config, "PDF/A", f"judged by {JUDGE}")

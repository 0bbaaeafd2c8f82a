"""A simulator for each test, with somebody who hears its webhooks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.simulated import Trial, simulated


@pytest.fixture
def trial() -> Iterator[Trial]:
    with simulated() as running:
        yield running

"""An office, its service, and a case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.integration.notify.story import Story, publish
from tests.support.services import InProcess

MORNING = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


@pytest.fixture
def story(notify: InProcess) -> Story:
    notify.clock.at = MORNING
    publish(notify)
    notify.work()
    return Story(notify)

"""The documents service with an office and its catalogue known to it."""

from __future__ import annotations

import pytest

from tests.integration.documents import story
from tests.support.services import InProcess


@pytest.fixture(scope="module")
def desk(documents: InProcess) -> InProcess:
    """Documents, after intake told it of the office and its four services."""
    story.office(documents)
    story.catalogue(documents)
    story.no_leaflets(documents)
    return documents

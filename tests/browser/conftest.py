"""One browser and one whole stack for all pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from deploy.local.stack import Stack
from tests.browser.looking import chromium
from tests.support.playing import whole_stack


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack]:
    with whole_stack("browser") as running:
        yield running


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running

"""Whoever comes for the first time, on a slow network: small pages that are there within a second."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from deploy.local.stack import Stack
from tests.browser.looking import PHONE, person

FIRST_PAGES = (
    "/",
    "/layanan/16.71.10.1001",
    "/layanan/16.71.10.1001/KTP",
    "/lacak",
    "/periksa",
    "/masuk",
    "/angka/16.71.10.1001",
)
MOST_BYTES = 60_000
MOST_MS = 1_000
# A phone with 3G: 1.6 Mbit/s down, 0.75 up, 300 ms for each way there and back.
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 200_000, "uploadThroughput": 93_750}
TRIES = 8
"""The machine that runs the test is busy with other things as well: the quickest counts."""

_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"


@pytest.mark.parametrize("path", FIRST_PAGES)
def test_a_first_page_is_small_and_readable_within_a_second_on_a_slow_network(
    stack: Stack, browser: Browser, path: str
) -> None:
    painted = []
    while not painted or (painted[-1] >= MOST_MS and len(painted) < TRIES):
        size, milliseconds = _visit(browser, stack.base_url + path)
        painted.append(milliseconds)
        assert size < MOST_BYTES
    assert min(painted) < MOST_MS


def _visit(browser: Browser, url: str) -> tuple[int, float]:
    """Bytes of all that came, and milliseconds until something could be read; with nothing kept from before."""
    with person(browser, PHONE) as browsing:
        page = browsing.new_page()
        network = browsing.new_cdp_session(page)
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", SLOW)
        sizes: list[int] = []
        page.on("response", lambda answer: sizes.append(len(answer.body()) + len(str(answer.headers))))
        page.goto(url)
        page.wait_for_load_state("networkidle")
        assert len(sizes) >= 3, "the page, its style and its script"
        page.wait_for_function(_PAINTED)
        return sum(sizes), float(page.evaluate(_PAINTED))

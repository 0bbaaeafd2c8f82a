"""A page that waits for something to be made is loaded again by itself, and not for ever."""

from __future__ import annotations

import time

from playwright.sync_api import Browser, Route

from kit.pages import _files
from tests.browser.looking import PHONE, person

HERE = "https://kelurahan.example/menunggu"
TRIES = 20
_PAGE = """<!doctype html><title>Menunggu</title><p data-again="0.01"><a href="/menunggu">Muat ulang</a></p>
<script src="/pages.js"></script>"""


def test_what_is_stuck_is_not_asked_for_without_end(browser: Browser) -> None:
    loads: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url != HERE:
            return route.fulfill(body=_files()["pages.js"].content, content_type="text/javascript")
        loads.append(route.request.url)
        return route.fulfill(body=_PAGE, content_type="text/html")

    with person(browser, PHONE) as browsing:
        browsing.route("**/*", answer)
        page = browsing.new_page()
        page.goto(HERE)
        until = time.monotonic() + 15
        while len(loads) <= TRIES and time.monotonic() < until:
            page.wait_for_timeout(50)
        page.wait_for_timeout(500)
        assert len(loads) == 1 + TRIES
        page.get_by_role("link", name="Muat ulang").click()
        page.wait_for_timeout(500)
        assert len(loads) == 2 + TRIES

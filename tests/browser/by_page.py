"""The demo, in which RT heads and neighbours answer on the pages of their links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from deploy.demo import cast, papers
from deploy.demo.client import Person
from deploy.demo.play import Demo
from deploy.local.stack import Stack
from tests.browser.looking import SMALL, look, person


class ByPage(Person):
    """Somebody with a link: what the demo sends to the API he does on the page."""

    def __init__(self, base_url: str, browser: Browser) -> None:
        super().__init__(base_url)
        self._browser = browser
        self.seen: set[str] = set()

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        link = re.fullmatch(r"/v1/links/([^/]+)/decision", path)
        if link is None:
            return super().post(path, body)
        with person(self._browser, SMALL) as browsing:
            page = browsing.new_page()
            page.goto(f"{self.base_url}/t/{link[1]}")
            kind = self.get(f"/v1/links/{link[1]}")["kind"]
            self._look_once(page, kind)
            answer(page, body or {})
            page.wait_for_load_state()
            self._look_once(page, f"{kind}-answered")
            return self.get(f"/v1/links/{link[1]}")

    def _look_once(self, page: Page, name: str) -> None:
        if name not in self.seen:
            self.seen.add(name)
            look(page, f"link-{name}")


def answer(page: Page, body: dict[str, Any]) -> None:
    """What the API is told, with fingers."""
    for number, _ in enumerate(body.get("verdicts", [])):
        page.locator(f'input[name="verdicts-{number}-verdict"][value="genuine"]').check()
    for number, neighbour in enumerate(body.get("witnesses", [])):
        for field in ("name", "phone", "address"):
            if neighbour.get(field):
                page.locator(f'[name="witnesses-{number}-{field}"]').fill(neighbour[field])
        if neighbour.get("absent"):
            page.locator(f'[name="witnesses-{number}-absent"]').check()
    if "decision" in body:
        page.locator(f'input[name="decision"][value="{body["decision"]}"]').check()
    page.get_by_role("button", name=re.compile("^(Kirim|Send)")).click()


def play_by_page(stack: Stack, browser: Browser) -> tuple[Demo, ByPage]:
    photos = papers.make_all(cast.photographs(), Path(".local") / "papers")
    key = stack.token_key_file.read_text("ascii")
    demo = Demo(stack.base_url, key, photos, list(cast.STORIES), lambda _step: None)
    pages = ByPage(stack.base_url, browser)
    demo.anyone = pages
    demo.play()
    return demo, pages

"""A browser as people have it, and what is looked at on every page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from deploy.local.stack import Stack
from deploy.token import token_for
from kit.pages.session import ACCESS_COOKIE

SMALL, PHONE, DESK = (320, 568), (360, 740), (1280, 800)
PICTURES = os.environ.get("PAGES_OUT")
"""Where to, if pictures of the pages are wanted."""
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # of what is right, nothing is collected
}
_PICTURES_ARE_THERE = """() => Promise.all([...document.images].filter(one => one.checkVisibility()).map(one => {
    one.loading = "eager";  // not only when it is near
    return one.decode().catch(() => null);
}))"""
# As root in a container, and without asking anybody for anything.
_CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

_broken: list[str] = []
"""Answers that no page should have."""


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=_CHROMIUM)
        yield browser
        browser.close()


def person(browser: Browser, size: tuple[int, int], *, language: str = "id-ID", **more: Any) -> BrowserContext:
    """Somebody's browser, with nothing in it yet."""
    width, height = size
    made = browser.new_context(viewport={"width": width, "height": height}, locale=language, **more)
    made.set_default_timeout(15_000)
    made.on(
        "response", lambda answer: _broken.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
    )
    return made


def signed_in(browsing: BrowserContext, stack: Stack, role: str, **claims: Any) -> BrowserContext:
    """Somebody of this role, come in already."""
    token = token_for(stack.token_key_file.read_text("ascii"), role, **claims)
    cookie = {"name": ACCESS_COOKIE, "value": token, "url": stack.base_url.replace("http:", "https:"), "secure": True}
    browsing.add_cookies([cookie | {"httpOnly": True, "sameSite": "Lax"}])  # type: ignore[list-item]
    return browsing


def look(page: Page, name: str) -> None:
    """That axe finds nothing on the page, that it is as wide as the screen, and runs without errors; where they are
    wanted, its pictures."""
    assert _broken == [], _broken
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.wait_for_load_state()
    page.evaluate(_PICTURES_ARE_THERE)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate("rules => axe.run(rules).then(results => results.violations)", RULES)
    told = [f"{one['id']}: {one['help']}: {[node['html'][:200] for node in one['nodes']]}" for one in found]
    assert told == [], f"{name}: " + "\n".join(told)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than the screen"
    if PICTURES:
        _draw(page, Path(PICTURES), name, width)


def _draw(page: Page, pictures: Path, name: str, width: int) -> None:
    """For the documentation: on a desk what is looked at on a phone as well, and the other way round."""
    folder = pictures / _story()
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    size = page.viewport_size
    assert size is not None
    width, height = PHONE if size["width"] == DESK[0] else DESK
    if (folder / f"{name}-{width}.png").exists():
        return
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width}"
    page.set_viewport_size(size)


def _story() -> str:
    """What the file is called whose test is running."""
    return Path(os.environ["PYTEST_CURRENT_TEST"].partition("::")[0]).stem.removeprefix("test_")

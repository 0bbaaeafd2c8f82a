"""The page behind the link of a conversation: its button lets somebody in, once; used up, it says where a new one is to
be had."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.browser.looking import PHONE, SMALL, look, person, signed_in

pytestmark = pytest.mark.timeout(300)

NUMBER = "0812-7100-0171"


def link(stack: Stack) -> str:
    """The newest link of a case that a conversation opened."""
    administrator = Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "administrator"))

    def told(template: str) -> str | None:
        found = administrator.post("/v1/messages/search", {"phone": NUMBER})["items"]
        return next((one["text"] for one in found if one["template"] == template), None)

    for said, template in (
        ("ktp", "talk_whom"), ("1", "talk_name"), ("Cek Ujuk binti H. Senen, RT 23", "talk_reason"),
        ("baru", "talk_pages"),
    ):  # fmt: skip
        administrator.post("/v1/messages/incoming", {"phone": NUMBER, "text": said})
        text = wait_for(lambda template=template: told(template), f"the answer {template!r}")  # type: ignore[misc]
    found = re.search(r"https?://\S+(/masuk/tautan/\S+)", text)
    assert found is not None, text
    return stack.base_url + found[1]


def press(page: Page) -> None:
    page.locator("form[action*='/masuk/tautan/'] button").click()
    page.wait_for_load_state()


def test_the_link_shows_whom_it_lets_in_and_lets_him_in_once(stack: Stack, browser: Browser) -> None:
    address = link(stack)
    with person(browser, PHONE) as somebody_else:
        page = signed_in(somebody_else, stack, "applicant", sub="applicant:another").new_page()
        page.goto(address)
        look(page, "somebody-else-is-signed-in")
        press(page)
        look(page, "box-to-be-ticked")
        assert page.locator("[name=ganti]").count() == 1 and "/masuk/tautan/" in page.url
    with person(browser, SMALL) as browsing:
        page = browsing.new_page()
        page.goto(address)
        assert "Cek" in page.inner_text("main") and NUMBER[-3:] in page.inner_text("main")
        look(page, "button")
        press(page)
        assert "/saya/" in page.url
        look(page, "what-the-case-lacks")
    with person(browser, PHONE) as later:
        page = later.new_page()
        page.goto(address)
        look(page, "used-up")
        assert page.locator("form[action*='/masuk/tautan/']").count() == 0

"""An administrator looks how other systems take what they are told, tries one and stops it."""

from __future__ import annotations

from playwright.sync_api import Browser

from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.browser.looking import DESK, PHONE, look, person, signed_in

NOBODY = "http://127.0.0.1:9/acara"


def test_an_administrator_tries_stops_and_resumes_a_system_that_does_not_answer(stack: Stack, browser: Browser) -> None:
    machine = Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "subscriptions.manage"))
    made = machine.post("/v1/subscriptions", {"url": NOBODY, "types": ["*"], "description": "Dasbor layanan kota"})
    try:
        for size in (PHONE, DESK):
            with signed_in(person(browser, size), stack, "administrator") as browsing:
                page = browsing.new_page()
                page.goto(f"{stack.base_url}/notify/langganan")
                look(page, "other-systems")
                page.get_by_role("link", name="Dasbor layanan kota").click()
                page.get_by_role("button", name="Kirim percobaan").click()
                assert page.get_by_role("status").is_visible()
                tried = f"/v1/subscriptions/{made['id']}/deliveries"
                wait_for(lambda: machine.get(tried)["items"] or None, "the log")  # noqa: B023
                page.reload()
                assert "tidak tersambung" in page.get_by_role("main").inner_text()
                look(page, "other-system")
                page.get_by_role("button", name="Hentikan sementara").click()
                look(page, "other-system-stopped")
                page.get_by_role("button", name="Coba kirim lagi sekarang").click()
                assert page.get_by_role("button", name="Hentikan sementara").is_visible()
    finally:
        machine.post(f"/v1/subscriptions/{made['id']}/suspend")

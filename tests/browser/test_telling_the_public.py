"""What the public is told: a lurah writes an announcement, looks at it and sends it; an officer finds the leaflets."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page

from deploy.demo.client import wait_for
from deploy.local.stack import Stack
from tests.browser.looking import DESK, PHONE, look, person, signed_in

SEND = re.compile(r"Kirim \d+ pesan")


def test_a_lurah_tells_the_heads_of_the_rt_something(stack: Stack, browser: Browser) -> None:
    for size in (PHONE, DESK):
        with signed_in(person(browser, size), stack, "lurah") as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/notify/pengumuman")
            page.get_by_role("link", name="Tulis pengumuman").click()
            page.get_by_role("button", name="Simpan dan lihat").click()
            assert page.get_by_role("alert").is_visible()
            look(page, "announcement-wrong")
            page.locator("#title").fill("Kerja bakti RW 005")
            page.locator("#text").fill("Minggu, 16 Agustus, pukul 07.00 di lapangan RW.\nBawa sapu dan cangkul.")
            look(page, "announcement-new")
            page.get_by_role("button", name="Simpan dan lihat").click()
            shown_later(page, page.locator("figure img"))
            shown_later(page, page.get_by_role("button", name=SEND))
            look(page, "announcement-draft")
            page.get_by_role("button", name=SEND).click()
            shown_later(page, page.get_by_role("heading", name="Sampai di mana"))
            look(page, "announcement-sent")
            page.get_by_role("link", name="Kembali ke daftar pengumuman").click()
            look(page, "announcements")


def test_an_officer_finds_what_to_hang_up_and_to_share(stack: Stack, browser: Browser) -> None:
    for size in (PHONE, DESK):
        with signed_in(person(browser, size), stack, "officer") as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/documents/lembar-layanan")
            shown_later(page, page.get_by_role("link", name="Gambar untuk WhatsApp").first)
            look(page, "leaflets")


def shown_later(page: Page, what: Locator) -> None:
    """It is there once a job has made it: the page says to ask again."""

    def there() -> bool:
        page.reload()
        return what.count() > 0

    wait_for(there, "what a job makes")

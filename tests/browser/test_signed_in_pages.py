"""Pages that one signs in to, from a browser."""

from __future__ import annotations

import re

from playwright.sync_api import Browser

from deploy.local.stack import Stack
from tests.browser.looking import DESK, PHONE, look, person, signed_in
from tests.e2e.test_signing_in import code_sent_to

PHONE_NUMBER = "0812-7100-0099"


def test_a_resident_signs_in_by_code_on_a_phone(stack: Stack, browser: Browser) -> None:
    with person(browser, PHONE) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/")
        look(page, "front")
        page.get_by_role("link", name="Masuk").click()
        look(page, "sign-in")
        page.get_by_role("button", name="Kirim kode").click()
        assert page.get_by_label("Nomor HP").get_attribute("aria-invalid") == "true"
        look(page, "sign-in-wrong")
        page.get_by_label("Kelurahan").select_option(label="Bukit Sangkal")
        page.get_by_label("Nomor HP").fill(PHONE_NUMBER)
        page.get_by_role("button", name="Kirim kode").click()
        look(page, "sign-in-code")
        page.get_by_label("Kode").fill("12 34")
        page.get_by_role("button", name="Masuk").click()
        assert page.get_by_role("alert").is_visible() and page.get_by_label("Kode").input_value() == "12 34"
        look(page, "sign-in-code-wrong")
        page.get_by_label("Kode").fill(code_sent_to(stack, PHONE_NUMBER))
        page.get_by_role("button", name="Masuk").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Permohonan saya"
        look(page, "own")
        page.go_back()
        page.goto(f"{stack.base_url}/saya")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")  # past the way to the content
        page.keyboard.press("Enter")
        look(page, "own-menu")
        page.get_by_role("button", name="Keluar").click()
        page.goto(f"{stack.base_url}/saya")
        assert re.search(r"/masuk\?ke=", page.url)


def test_what_a_service_needs_is_read_without_signing_in(stack: Stack, browser: Browser) -> None:
    with person(browser, PHONE) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/")
        page.get_by_role("link", name="Kelurahan Bukit Sangkal").click()
        look(page, "services")
        page.get_by_role("link", name="Pengantar KTP-el").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Pengantar KTP-el"
        assert "Kartu Keluarga" in page.get_by_role("main").inner_text()
        look(page, "service")


def test_staff_sign_in_and_the_queue_on_phone_and_desk(stack: Stack, browser: Browser) -> None:
    for size in (PHONE, DESK):
        with signed_in(person(browser, size), stack, "officer") as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/masuk/petugas")
            look(page, "sign-in-staff")
            page.goto(f"{stack.base_url}/intake/antrean")
            assert page.get_by_role("heading", level=1).inner_text() == "Antrean"
            page.get_by_label("Tahap").select_option(label="Selesai")
            page.get_by_role("button", name="Tampilkan").click()
            assert "status=completed" in page.url
            look(page, "queue")

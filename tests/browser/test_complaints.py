"""Complaints, from a small phone to the desk and back; the camat's of what is about a lurah."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from deploy.local.stack import Stack
from tests.browser.looking import DESK, PHONE, SMALL, look, person, signed_in
from tests.support import files as pictures
from tests.support.tokens import BUKIT_SANGKAL

pytestmark = pytest.mark.timeout(300)

STORY = "Loket baru dibuka pukul sembilan, padahal tertulis setengah delapan."
FILING = f"/keluhan?kelurahan={BUKIT_SANGKAL}&layanan=KK"
KECAMATAN = "16.71.10"


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def filed(page: Page, stack: Stack, about: str = "office") -> tuple[str, str]:
    """An anonymous complaint by the page; its ticket and secret."""
    page.goto(f"{stack.base_url}{FILING}")
    page.get_by_label("Keluhan: ada yang tidak benar").check()
    page.get_by_label("Ceritakan").fill(STORY)
    page.get_by_label("Tentang siapa?").select_option(about)
    page.get_by_label("Tanpa nama").check()
    page.get_by_role("button", name="Kirim").click()
    assert heading(page) == "Sudah terkirim"
    ticket, secret = page.locator("dd strong").all_inner_texts()[:2]
    return ticket, secret


def test_a_complaint_is_filed_on_a_small_phone_without_script_and_followed(stack: Stack, browser: Browser) -> None:
    with person(browser, SMALL, java_script_enabled=False) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/")
        page.get_by_role("link", name="Keluhan, usulan, pertanyaan").click()
        assert heading(page) == "Keluhan, usulan, pertanyaan"
        ticket, secret = filed(page, stack)
        assert secret not in page.url
    with person(browser, SMALL) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/keluhan")
        look(page, "complaint-office")
        page.goto(f"{stack.base_url}{FILING}")
        look(page, "complaint-new")
        page.get_by_label("Ceritakan").fill(STORY)
        page.get_by_role("button", name="Kirim").click()
        assert "Jenis" in page.get_by_role("alert").inner_text()
        assert page.get_by_label("Ceritakan").input_value() == STORY
        look(page, "complaint-wrong")
        page.goto(f"{stack.base_url}/keluhan/cari")
        look(page, "complaint-find")
        page.get_by_label("Nomor tiket").fill(ticket.lower())
        page.get_by_role("button", name="Lihat").click()
        assert STORY not in page.get_by_role("main").inner_text()
        look(page, "complaint-status")
        page.get_by_label("Kunci").fill("00000-00000")
        page.get_by_role("button", name="Baca dan lanjutkan").click()
        assert (
            "tidak cocok" in page.get_by_role("alert").inner_text() or "kunci" in page.get_by_role("alert").inner_text()
        )
        look(page, "complaint-secret-wrong")
        page.get_by_label("Kunci").fill(secret)
        page.get_by_role("button", name="Baca dan lanjutkan").click()
        assert STORY in page.get_by_role("main").inner_text()
        page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": pictures.jpeg(800, 600)})
        page.get_by_role("button", name="Kirim foto").click()
        look(page, "complaint-whole")


def test_the_desk_handles_it_and_its_answer_is_read(stack: Stack, browser: Browser) -> None:
    with person(browser, PHONE) as browsing:
        page = browsing.new_page()
        ticket, _ = filed(page, stack)
        look(page, "complaint-ticket")
        for size in (SMALL, DESK):
            with signed_in(person(browser, size), stack, "officer", sub="officer:yanti") as office:
                desk = office.new_page()
                desk.goto(f"{stack.base_url}/intake/keluhan")
                look(desk, "desk-complaints")
                desk.get_by_role("link", name=ticket).click()
                look(desk, "desk-complaint")
                desk.goto(f"{stack.base_url}/intake/hari-ini")
                look(desk, "desk-today-complaints")
        with signed_in(person(browser, DESK), stack, "officer", sub="officer:yanti") as office:
            desk = office.new_page()
            desk.goto(f"{stack.base_url}/intake/keluhan")
            desk.get_by_role("link", name=ticket).click()
            desk.get_by_role("button", name="Mulai tangani").click()
            look(desk, "desk-complaint-checked")
            for step in ("Minta keterangan", "Serahkan", "Ubah kelas", "Tutup tanpa jawaban"):
                desk.get_by_role("link", name=step).click()
                look(desk, f"desk-complaint-{step.split()[0].lower()}")
            desk.get_by_role("button", name="Tutup", exact=True).click()
            look(desk, "desk-complaint-wrong")
            desk.get_by_role("link", name="Jawab", exact=True).click()
            desk.get_by_label("Jawaban").fill("Loket kini dibuka pukul 07.30. Mohon maaf.")
            desk.get_by_role("button", name="Kirim jawaban").click()
        page.goto(f"{stack.base_url}/keluhan/{ticket}")
        assert "Mohon maaf" in page.get_by_role("main").inner_text()
        look(page, "complaint-answered")
        page.get_by_text("Belum. Saya keberatan").click()
        page.get_by_role("button", name="Buka lagi").click()
        assert page.get_by_role("alert").is_visible()
        look(page, "complaint-objecting")
        page.get_by_role("button", name="Ya, saya puas").click()
        assert heading(page) == "Ditutup"
        look(page, "complaint-closed")


def test_what_is_about_the_lurah_is_the_camats(stack: Stack, browser: Browser) -> None:
    with person(browser, PHONE) as browsing:
        ticket, _ = filed(browsing.new_page(), stack, "lurah")
    with signed_in(person(browser, DESK), stack, "camat", kelurahan=KECAMATAN) as above:
        page = above.new_page()
        page.goto(f"{stack.base_url}/intake/keluhan")
        look(page, "camat-complaints")
        page.get_by_role("link", name=ticket).click()
        assert STORY in page.get_by_role("main").inner_text()
        look(page, "camat-complaint")
    with signed_in(person(browser, DESK), stack, "lurah", sub="lurah:halimah") as office:
        page = office.new_page()
        page.goto(f"{stack.base_url}/intake/keluhan")
        assert ticket not in page.get_by_role("main").inner_text()
        page.goto(f"{stack.base_url}/intake/layanan/KK")
        assert "Apa yang dikeluhkan orang" in page.get_by_role("main").inner_text()
        look(page, "sop-complaints")

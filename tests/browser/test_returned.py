"""A case comes back: its person sees on a phone what is wrong with which item, mends it, and sends it anew. Then the
case ends, and her data go; what stays says so to her and to the office."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.browser.looking import DESK, PHONE, look, person, signed_in
from tests.support.playing import photographs

pytestmark = pytest.mark.timeout(300)

ROBIAH, NAME = "applicant:robiah", "Robiah binti Mat Solihin"
WRONG = {"KK": "Tulisan tidak terbaca", "PAS_FOTO": "Foto terpotong"}


@pytest.fixture(scope="module")
def case(stack: Stack) -> str:
    """Submitted, with its photos: its id."""
    key = stack.token_key_file.read_text("ascii")
    robiah = Person(stack.base_url, token_for(key, "applicant", sub=ROBIAH))
    officer = Person(stack.base_url, token_for(key, "officer"))
    applicant = {
        "name": NAME, "nik": "1671105503560191", "birth_place": "Palembang", "birth_date": "1956-03-15", "sex": "P",
        "address": "Lorong Kenanga Nomor 4", "rt": "023", "rw": "005",
    }  # fmt: skip
    body: dict[str, Any] = {
        "service": "KTP", "reason": "new", "applicant": applicant, "contact": {"name": NAME, "phone": "0812-7100-0092"},
    }  # fmt: skip
    made = str(robiah.post("/v1/applications", body)["id"])
    here = f"/v1/applications/{made}"
    officer.post(f"{here}/introduction/waiver", {"reason": "Dikenal di loket"})
    for kind in WRONG:
        robiah.upload(f"{here}/files", kind, photographs()[f"rohana-{kind}"], "image/jpeg")
    wait_for(lambda: all(one["status"] == "ready" for one in robiah.get(here)["files"]) or None, "the photos are seen")
    robiah.post(f"{here}/submission")
    return made


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def return_both(page: Page, stack: Stack, case: str) -> None:
    page.goto(f"{stack.base_url}/intake/permohonan/{case}/kembalikan")
    press(page, "Kembalikan")
    expect(page.get_by_role("alert")).to_be_visible()
    assert "Centang yang perlu diperbaiki." in page.get_by_role("alert").inner_text()
    look(page, "case-return-wrong")
    for name, kind in (("Kartu Keluarga", "KK"), ("Pas foto", "PAS_FOTO")):
        item = page.get_by_role("group", name=name)
        item.get_by_role("checkbox", name=name).check()
        item.get_by_label("Yang salah").fill(WRONG[kind])
    press(page, "Kembalikan")
    expect(page.get_by_role("status")).to_have_text("Permohonan dikembalikan kepada pemohon.")
    page.goto(f"{stack.base_url}/intake/permohonan/{case}")
    look(page, "case-returned")


def mend(page: Page, name: str, photo: Any) -> None:
    page.locator("li", has_text=name).get_by_role("link", name="Perbaiki").click()
    if name == "Pas foto":
        look(page, "photo-returned")
    page.get_by_label("foto").set_input_files(photo)
    with page.expect_navigation():
        page.get_by_role("button", name="Kirim foto").click()
    expect(page.get_by_role("heading", name="Sudah tersimpan")).to_be_visible()


def sent_again(page: Page) -> bool:
    """A photo that is still being looked at keeps it back for a moment."""
    press(page, "Kirim lagi")
    return page.get_by_role("heading", level=1).inner_text() == "Dikirim"


def test_what_came_back_is_mended_and_sent_anew(stack: Stack, browser: Browser, case: str) -> None:
    with (
        signed_in(person(browser, DESK), stack, "officer") as desk,
        signed_in(person(browser, PHONE), stack, "applicant", sub=ROBIAH) as phone,
    ):
        office, page = desk.new_page(), phone.new_page()
        return_both(office, stack, case)
        address = f"{stack.base_url}/saya/{case}"
        page.goto(f"{stack.base_url}/saya")
        assert "Perlu dilengkapi. Menunggu Anda" in page.get_by_role("main").inner_text()
        look(page, "own-returned")
        page.get_by_role("link", name="Lihat PGT").click()
        shown = page.get_by_role("main").inner_text()
        assert all(words in shown for words in WRONG.values())
        look(page, "returned")
        for name, kind in (("Kartu Keluarga", "KK"), ("Pas foto", "PAS_FOTO")):
            page.goto(address)
            mend(page, name, photographs()[f"rohana-{kind}"])
        page.goto(address)
        page.get_by_role("link", name="Periksa dan kirim lagi").click()
        look(page, "check-again")
        wait_for(lambda: sent_again(page) or None, "the new photos are looked at")
        look(page, "sent-again")
        office.reload()
        expect(office.get_by_role("button", name="Terima", exact=True)).to_be_visible()


def test_data_of_an_ended_case_go_and_the_proof_stays(stack: Stack, browser: Browser, case: str) -> None:
    address = f"{stack.base_url}/saya/{case}"
    with (
        signed_in(person(browser, PHONE), stack, "applicant", sub=ROBIAH) as phone,
        signed_in(person(browser, DESK), stack, "officer") as desk,
    ):
        page, office = phone.new_page(), desk.new_page()
        page.goto(f"{address}/batal")
        press(page, "Ya, batalkan")
        look(page, "case-withdrawn")
        page.goto(f"{address}/data")
        look(page, "own-data-ended")
        press(page, "Hapus data permohonan ini")
        look(page, "erasure-asked")
        done = page.get_by_text("Penghapusan selesai")
        wait_for(lambda: page.goto(f"{address}/data") and done.count() or None, "the erasure", within=60)
        look(page, "erased")
        office.goto(f"{stack.base_url}/intake/permintaan/{case}")
        expect(office.get_by_text("Penghapusan selesai")).to_be_visible()
        look(office, "erased-for-the-office")
        office.goto(f"{stack.base_url}/intake/permohonan/{case}")
        expect(office.get_by_role("heading", level=1)).to_have_text("Penghapusan data")
        assert NAME not in office.content()
        page.goto(f"{stack.base_url}/saya")
        assert NAME not in page.content()
        look(page, "own-after-erasure")

"""Somebody is helped: a helper applies for her, she agrees with a code on her own phone, and ends the help when she
wants to: with her login, with a code, or at the counter."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.browser.looking import DESK, PHONE, SMALL, look, person, signed_in
from tests.e2e.test_signing_in import code_sent_to

pytestmark = pytest.mark.timeout(300)

HELPER, HELPER_NAME, HELPER_NUMBER = "applicant:nuraini", "Nur'aini binti Kgs. Abdul Malik", "0812-7100-0061"
HELPED = "Cek Nang binti H. Senen"
NUMBER, SECOND_NUMBER, THIRD_NUMBER = "0812-7100-0062", "0812-7100-0063", "0812-7100-0064"
"""The phones of those who are helped, each in a case of her own."""


def caller(stack: Stack, role: str, **claims: Any) -> Person:
    return Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), role, **claims))


def sent(stack: Stack, number: str, template: str, words: str) -> str:
    """The code behind these words, in the newest message of this kind to the phone."""
    administrator = caller(stack, "administrator")

    def text() -> str | None:
        found = administrator.post("/v1/messages/search", {"phone": number})["items"]
        return next((one["text"] for one in found if one["template"] == template), None)

    told = re.search(f"{words}: ([0-9]+)", wait_for(text, f"the message {template!r}"))
    assert told is not None
    return told[1]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_have_text(words)


def opened(stack: Stack, number: int) -> dict[str, Any]:
    """A case that the helper opened for somebody else, over HTTP."""
    applicant = {"name": HELPED, "nik": f"16711052045801{number:02d}", "rt": "023", "rw": "005"}
    contact = {"name": HELPER_NAME, "phone": HELPER_NUMBER}
    body = {
        "service": "KTP", "reason": "damaged", "applicant": applicant, "contact": contact,
        "helper": contact | {"relation": "tetangga"},
    }  # fmt: skip
    made: dict[str, Any] = caller(stack, "applicant", sub=HELPER).post("/v1/applications", body)
    return made


def apply_for_another(page: Page, stack: Stack) -> str:
    """From the service's page to the first question; the case's address."""
    page.goto(f"{stack.base_url}/ajukan/16.71.10.1001/KTP")
    page.get_by_label("Rusak").check()
    page.get_by_label("Saya membantu orang lain").check()
    press(page, "Mulai")
    look(page, "helper-start")
    page.get_by_label("Nama lengkap").fill(HELPED)
    page.get_by_label("Nomor HP Anda").fill(HELPER_NUMBER)
    press(page, "Simpan dan lanjut")
    expect(page.get_by_role("alert")).to_be_visible()
    assert page.get_by_label("Nama lengkap").input_value() == HELPED
    look(page, "helper-start-wrong")
    for label, typed in (("NIK", "1671105204580162"), ("RT", "23"), ("RW", "5")):
        page.get_by_label(label, exact=True).fill(typed)
    page.get_by_label("Nama Anda").fill(HELPER_NAME)
    page.get_by_label("Hubungan Anda dengan pemohon").fill("anak")
    press(page, "Simpan dan lanjut")
    found = re.match(r".*/saya/[0-9a-f-]+", page.url)
    assert found is not None
    return found[0]


def test_she_agrees_on_her_own_phone_and_goes_on_alone(stack: Stack, browser: Browser) -> None:
    with signed_in(person(browser, PHONE), stack, "applicant", sub=HELPER) as helping, person(browser, SMALL) as hers:
        helper, page = helping.new_page(), hers.new_page()
        address = apply_for_another(helper, stack)
        helper.goto(f"{address}/persetujuan")
        look(helper, "agreement")
        helper.get_by_label("Nomor HP pemohon").fill("0812")
        press(helper, "Kirim kode")
        assert helper.get_by_label("Nomor HP pemohon").input_value() == "0812"
        look(helper, "agreement-wrong")
        helper.get_by_label("Nomor HP pemohon").fill(NUMBER)
        press(helper, "Kirim kode")
        look(helper, "agreement-asked")
        helper.goto(address)
        tracking_code = helper.locator("dt", has_text="Kode lacak").locator("+ dd").inner_text()

        sign_in(page, stack, "/saya/setuju")
        look(page, "agree")
        page.get_by_label("Kode lacak").fill(tracking_code)
        page.get_by_label("Kode", exact=True).fill("000000")
        page.get_by_label("Ke HP saya").check()
        press(page, "Saya setuju")
        assert page.get_by_label("Kode lacak").input_value() == tracking_code
        assert page.get_by_label("Ke HP saya").is_checked()
        look(page, "agree-wrong")
        page.get_by_label("Kode", exact=True).fill(sent(stack, NUMBER, "consent_code", "Kode persetujuan"))
        press(page, "Saya setuju")
        told(page, "Persetujuan Anda tercatat.")
        look(page, "case-helped")
        helper.goto(f"{address}/persetujuan")
        assert "Persetujuan sudah tercatat." in helper.get_by_role("main").inner_text()
        look(helper, "agreement-there")

        page.get_by_role("link", name="Saya tidak mau dibantu lagi").click()
        look(page, "helper-out")
        press(page, "Akhiri bantuan")
        told(page, "Pendamping tidak lagi mengurus permohonan ini.")
        page.goto(f"{stack.base_url}/saya")
        look(page, "own-after-help")
        gone = helper.goto(address)
        assert gone is not None and gone.status == 404
        look(helper, "case-of-another")


def sign_in(page: Page, stack: Stack, where: str) -> None:
    page.goto(f"{stack.base_url}{where}")
    page.get_by_label("Kelurahan").select_option(label="Bukit Sangkal")
    page.get_by_label("Nomor HP").fill(NUMBER)
    press(page, "Kirim kode")
    page.get_by_label("Kode").fill(code_sent_to(stack, NUMBER))
    press(page, "Masuk")


def test_she_told_her_code_and_ends_the_help_with_another_one(stack: Stack, browser: Browser) -> None:
    case = opened(stack, 63)
    address = f"{stack.base_url}/saya/{case['id']}"
    with (
        signed_in(person(browser, PHONE), stack, "applicant", sub=HELPER) as helping,
        signed_in(person(browser, PHONE), stack, "applicant", sub="applicant:cek-nang") as hers,
    ):
        helper, page = helping.new_page(), hers.new_page()
        helper.goto(f"{address}/persetujuan")
        helper.get_by_label("Nomor HP pemohon").fill(SECOND_NUMBER)
        press(helper, "Kirim kode")
        helper.get_by_label("Kode dari pemohon").fill(sent(stack, SECOND_NUMBER, "consent_code", "Kode persetujuan"))
        helper.get_by_label("Ke HP Anda").check()
        press(helper, "Catat persetujuan")
        told(helper, "Persetujuan tercatat.")

        page.goto(f"{stack.base_url}/saya/tanpa-pendamping")
        look(page, "revoke")
        page.get_by_label("Kode lacak").first.fill(case["tracking_code"])
        page.get_by_label("Nomor HP").fill(SECOND_NUMBER)
        press(page, "Kirim kode")
        told(page, "Bila nomornya cocok, kode sudah dikirim.")
        page.get_by_label("Kode lacak").last.fill(case["tracking_code"])
        page.get_by_label("Kode", exact=True).fill("000000")
        press(page, "Akhiri bantuan")
        look(page, "revoke-wrong")
        code = sent(stack, SECOND_NUMBER, "consent_revocation_code", "Kode cabut")
        page.get_by_label("Kode", exact=True).fill(code)
        press(page, "Akhiri bantuan")
        told(page, "Pendamping tidak lagi mengurus permohonan ini.")
        assert page.url == address


def test_an_officer_ends_the_help_and_she_takes_her_case_over(stack: Stack, browser: Browser) -> None:
    case = opened(stack, 64)
    with (
        signed_in(person(browser, DESK), stack, "officer") as desk,
        signed_in(person(browser, PHONE), stack, "applicant", sub="applicant:cek-nang-di-loket") as hers,
    ):
        office, page = desk.new_page(), hers.new_page()
        office.goto(f"{stack.base_url}/intake/permohonan/{case['id']}/akhiri-bantuan")
        look(office, "case-help-ends")
        office.get_by_label("Nomor HP pemohon sendiri, bila ada").fill(THIRD_NUMBER)
        press(office, "Akhiri bantuan")
        told(office, "Bantuan pendamping diakhiri.")

        page.goto(f"{stack.base_url}/saya/ambil")
        look(page, "claim")
        page.get_by_label("Kode lacak").fill(case["tracking_code"])
        page.get_by_label("Kode ambil").fill("00000000")
        press(page, "Ambil alih")
        assert page.get_by_label("Kode lacak").input_value() == case["tracking_code"]
        look(page, "claim-wrong")
        page.get_by_label("Kode ambil").fill(sent(stack, THIRD_NUMBER, "consent_revoked", "Kode ambil"))
        press(page, "Ambil alih")
        told(page, "Permohonan ini sekarang ada pada Anda.")
        look(page, "case-taken-over")

"""Pages that need no login: links, tracking, checking a letter."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from deploy.demo.client import wait_for
from deploy.demo.play import Case, Demo
from deploy.local.stack import Stack
from tests.browser.by_page import ByPage, play_by_page
from tests.browser.looking import DESK, PHONE, SMALL, look, person, signed_in

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def played(stack: Stack, browser: Browser) -> tuple[Demo, ByPage]:
    return play_by_page(stack, browser)


def letters(demo: Demo, case: Case) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = demo.officer.get("/v1/letters", application_id=case.id)["items"]
    return [letter for letter in found if letter["status"] == "issued"]


def on_phone_and_desk(browser: Browser, url: str, name: str) -> None:
    for size in (PHONE, DESK):
        with person(browser, size) as browsing:
            page = browsing.new_page()
            page.goto(url)
            look(page, name)


def test_heads_and_neighbours_answer_everything_on_a_screen_of_320(played: tuple[Demo, ByPage]) -> None:
    demo, pages = played
    assert all(demo.officer.get(f"/v1/applications/{case.id}")["status"] == "completed" for case in demo.cases)
    assert pages.seen >= {
        "introduction", "introduction-answered", "attestation", "attestation-answered", "statement",
        "statement-answered",
    }  # fmt: skip


def test_a_case_is_tracked_by_its_code(played: tuple[Demo, ByPage], stack: Stack, browser: Browser) -> None:
    case = played[0].cases[0]
    on_phone_and_desk(browser, f"{stack.base_url}/lacak/{case.tracking_code}", "track")
    with person(browser, PHONE) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/lacak")
        look(page, "track-form")
        page.get_by_label("Kode lacak").fill("PGT-00000-00000")
        page.get_by_role("button", name="Lacak").click()
        assert page.get_by_role("alert").inner_text().startswith("Kode tidak ditemukan")
        assert page.get_by_label("Kode lacak").input_value() == "PGT-00000-00000"
        look(page, "track-unknown")
        page.get_by_label("Kode lacak").fill(case.tracking_code.lower())
        page.get_by_role("button", name="Lacak").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Selesai"


def test_a_letter_shows_at_a_glance_whether_it_is_valid(
    played: tuple[Demo, ByPage], stack: Stack, browser: Browser
) -> None:
    demo = played[0]
    letter = letters(demo, demo.cases[1])[0]
    on_phone_and_desk(browser, letter["check_url"], "check-valid")
    on_phone_and_desk(browser, f"{stack.base_url}/periksa/ABCDEFGHJKMNPQRSTVWX", "check-unknown")


def test_a_pdf_is_checked_by_handing_it_in(played: tuple[Demo, ByPage], stack: Stack, browser: Browser) -> None:
    demo = played[0]
    letter = letters(demo, demo.cases[1])[0]
    pdf = demo.officer.download(f"/v1/letters/{letter['id']}/content")
    with person(browser, PHONE) as browsing:
        page = browsing.new_page()
        for content, name, heading in (
            (pdf, "check-file-genuine", "Asli"),
            (pdf + b"\n% changed\n", "check-file-changed", "Sudah berubah"),
            (b"not a PDF at all", "check-file-refused", "Periksa surat"),
        ):
            page.goto(f"{stack.base_url}/periksa")
            page.set_input_files("#file", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": content})
            page.get_by_role("button", name="Periksa berkas").click()
            assert page.get_by_role("heading", level=1).inner_text() == heading
            look(page, name)


def survey_link(demo: Demo, case: Case) -> str:
    """Where the person of a finished case is asked, as the message says."""

    def sent() -> str | None:
        found = demo.administrator.get("/v1/messages", application_id=case.id)["items"]
        texts = [str(one["text"]) for one in found if one["template"] == "survey_invitation"]
        return next((word for text in texts for word in text.split() if "/survei/" in word), None)

    return wait_for(sent, "the invitation to the survey")


def test_the_survey_is_answered_on_a_screen_of_320_and_read_at_the_desk(
    played: tuple[Demo, ByPage], stack: Stack, browser: Browser
) -> None:
    demo = played[0]
    links = [survey_link(demo, case) for case in demo.cases[:2]]
    with person(browser, DESK) as browsing:
        page = browsing.new_page()
        page.goto(links[1])
        look(page, "survey")
    with person(browser, SMALL) as browsing:
        page = browsing.new_page()
        page.goto(links[0])
        look(page, "survey")
        questions = page.get_by_role("group")
        for number in range(8):
            questions.nth(number).get_by_role("radio").first.check()
        page.get_by_label("Saran atau keluhan").fill("Petugasnya ramah.")
        page.get_by_role("button", name="Kirim jawaban").click()
        assert "Penanganan pengaduan" in page.get_by_role("alert").inner_text()
        assert page.get_by_label("Saran atau keluhan").input_value() == "Petugasnya ramah."
        look(page, "survey-wrong")
        questions.nth(8).get_by_role("radio").first.check()
        page.get_by_role("button", name="Kirim jawaban").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Terima kasih"
        look(page, "survey-thanks")
        page.goto(f"{stack.base_url}/survei/tidak-ada")
        look(page, "survey-unknown")
    for size in (SMALL, DESK):
        with signed_in(person(browser, size), stack, "officer", sub="officer:yanti") as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/intake/survei")
            look(page, "survey-index")
            page.get_by_role("link", name="Saran dan keluhan dari survei").click()
            assert "Petugasnya ramah." in page.get_by_role("main").inner_text()
            look(page, "survey-comments")


def test_english_and_large_type_are_chosen_and_kept(stack: Stack, browser: Browser) -> None:
    with person(browser, PHONE) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/periksa")
        page.get_by_role("link", name="English").click()
        page.get_by_role("link", name="Large type").click()
        page.goto(f"{stack.base_url}/lacak")
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.locator("html").get_attribute("class") == "large"
        look(page, "track-form-english-large")

"""A lurah's morning, who signs twenty letters and sends one back, and what the officer's desk does with letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from deploy.demo import certificates
from deploy.local.stack import Stack
from tests.browser.letters_waiting import NAMES, letters_wait
from tests.browser.looking import DESK, PHONE, look, person, signed_in

pytestmark = pytest.mark.timeout(300)
SENT_BACK = NAMES[20]
_P12 = {"name": "lurah.p12", "mimeType": "application/x-pkcs12"}


@pytest.fixture(scope="module")
def cases(stack: Stack) -> list[str]:
    return letters_wait(stack)


@pytest.fixture
def lurah(stack: Stack, browser: Browser) -> Iterator[Page]:
    with signed_in(person(browser, PHONE), stack, "lurah") as browsing:
        yield browsing.new_page()


@pytest.fixture
def officer(stack: Stack, browser: Browser) -> Iterator[Page]:
    with signed_in(person(browser, DESK), stack, "officer") as browsing:
        yield browsing.new_page()


def seen(page: Page, url: str, name: str) -> None:
    page.goto(url)
    looked_at_on_both(page, name)


def looked_at_on_both(page: Page, name: str) -> None:
    """On a phone and at a desk."""
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        look(page, name)


def test_a_lurah_signs_twenty_letters_and_sends_one_back(stack: Stack, lurah: Page, cases: list[str]) -> None:
    lurah.goto(f"{stack.base_url}/documents/tanda-tangan")
    _keep_certificate(lurah)
    _send_back(lurah, stack)
    lurah.goto(f"{stack.base_url}/documents/tanda-tangan")
    waiting = lurah.get_by_role("listitem").filter(has_text=NAMES[0])
    waiting.get_by_text("Lihat draf").click()
    picture = waiting.get_by_role("img")
    expect(picture).to_be_visible()
    picture.evaluate("image => image.decode()")
    looked_at_on_both(lurah, "sign")
    lurah.get_by_role("link", name="Centang semua").click()
    ticked = lurah.locator('input[name="surat"]:checked')
    for name in NAMES[:20]:
        expect(lurah.get_by_role("checkbox", name=name)).to_be_checked()
    for other in lurah.get_by_role("listitem").filter(has_not_text=re.compile("|".join(NAMES[:20]))).all():
        for box in other.locator('input[name="surat"]').all():
            box.uncheck()  # of another story on this stack
    assert ticked.count() == 20
    lurah.locator("#passphrase").fill("bukan ini")
    lurah.get_by_role("button", name="Tanda tangani").click()
    assert lurah.get_by_role("alert").inner_text().startswith("Frasa sandi tidak cocok")
    assert ticked.count() == 20 and lurah.locator("#passphrase").input_value() == ""
    look(lurah, "sign-wrong")
    lurah.locator("#passphrase").fill(certificates.PASSPHRASE)
    lurah.get_by_role("button", name="Tanda tangani").dblclick()
    expect(lurah.get_by_role("heading", level=1)).to_have_text("Hasil tanda tangan", timeout=60_000)
    expect(lurah.get_by_role("status")).to_have_text("20 dari 20 surat sudah terbit.")
    looked_at_on_both(lurah, "signed")
    lurah.goto(f"{stack.base_url}/documents/tanda-tangan")
    assert lurah.get_by_role("checkbox", name=NAMES[0]).count() == 0
    look(lurah, "sign-nothing")


def _keep_certificate(lurah: Page) -> None:
    """A wrong passphrase first."""
    lurah.get_by_role("link", name="Simpan sertifikat").click()
    file = _P12 | {"buffer": certificates.signer("Lurah Contoh", days=(-30, 365))}
    lurah.locator("#passphrase").fill("salah")
    lurah.set_input_files("#file", file)  # type: ignore[arg-type]
    lurah.get_by_role("button", name="Simpan sertifikat").click()
    assert lurah.get_by_role("alert").inner_text().startswith("Frasa sandi tidak cocok")
    look(lurah, "certificate-wrong")
    lurah.locator("#passphrase").fill(certificates.PASSPHRASE)
    lurah.set_input_files("#file", file)  # type: ignore[arg-type]
    lurah.get_by_role("button", name="Simpan sertifikat").click()
    assert lurah.get_by_text("Lurah Contoh").first.is_visible()
    looked_at_on_both(lurah, "certificate")


def _send_back(lurah: Page, stack: Stack) -> None:
    """Without a reason first."""
    lurah.goto(f"{stack.base_url}/documents/tanda-tangan")
    lurah.get_by_role("link", name=SENT_BACK).click()
    lurah.get_by_text("Kembalikan ke petugas").click()
    lurah.get_by_role("button", name="Kembalikan").click()
    assert lurah.get_by_label("Alasan").get_attribute("aria-invalid") == "true"
    look(lurah, "letter-wrong")
    lurah.get_by_label("Alasan").fill("Nomor rumahnya belum benar")
    lurah.get_by_role("button", name="Kembalikan").click()
    assert lurah.get_by_role("status").first.inner_text() == "Surat dikembalikan kepada petugas."
    looked_at_on_both(lurah, "letter-sent-back")


def test_the_officers_desk(stack: Stack, officer: Page, cases: list[str]) -> None:
    base = f"{stack.base_url}/documents"
    seen(officer, f"{base}/surat?status=issued&limit=5", "letters")
    seen(officer, f"{base}/surat?permohonan={cases[0]}", "letters-of-case")
    officer.get_by_role("heading", level=2).get_by_role("link").first.click()
    look(officer, "letter")
    officer.goto(f"{base}/surat?permohonan={cases[0]}")
    officer.get_by_role("link", name="Berkas untuk dicetak").click()
    look(officer, "bundle-form")
    officer.get_by_role("button", name="Buat berkas").click()
    expect(officer.get_by_text("Berkas siap")).to_be_visible(timeout=20_000)  # the page loads itself again
    look(officer, "bundle")
    with officer.expect_download() as download:
        officer.get_by_role("link", name="Unduh PDF").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")
    _take_number(officer, base)
    seen(officer, f"{base}/buku/2026?limit=10", "book")
    seen(officer, f"{base}/buku/2026/seri", "series")
    seen(officer, f"{base}/serah-terima?limit=5", "handovers")
    officer.goto(f"{base}/serah-terima?permohonan={cases[0]}")
    officer.get_by_role("link", name=NAMES[0]).click()
    looked_at_on_both(officer, "handover")
    for what in ("Catat penerima", "Serahkan kepada pengantar"):
        officer.get_by_role("link", name=what).click()
        look(officer, f"handover-{what.split()[0].lower()}")
        officer.get_by_role("link", name="Kembali", exact=True).click()


def _take_number(officer: Page, base: str) -> None:
    """Without the classification first, which this office's numbers show."""
    officer.goto(f"{base}/nomor")
    officer.get_by_label("Jenis surat").fill("Surat undangan")
    officer.get_by_label("Kepada").fill("Ketua RT 023 RW 005")
    officer.get_by_label("Perihal").fill("Rapat kebersihan lingkungan")
    officer.get_by_role("button", name="Ambil nomor").click()
    assert officer.get_by_label("Klasifikasi").get_attribute("aria-invalid") == "true"
    assert officer.get_by_label("Kepada").input_value() == "Ketua RT 023 RW 005"
    look(officer, "number-wrong")
    officer.get_by_label("Klasifikasi").fill("005")
    officer.get_by_role("button", name="Ambil nomor").click()
    assert officer.get_by_role("heading", level=1).inner_text().startswith("005/")
    looked_at_on_both(officer, "number")


def test_the_texts_of_letters(stack: Stack, lurah: Page) -> None:
    base = f"{stack.base_url}/documents/templat"
    seen(lurah, base, "templates")
    lurah.goto(f"{base}/business_place")
    lurah.get_by_text("Lihat contoh").click()
    lurah.get_by_role("img").evaluate("image => image.decode()")
    lurah.get_by_label("Paragraf kantor").fill("Satu.\n\n{entah} dua.")
    lurah.get_by_role("button", name="Simpan rancangan").click()
    assert lurah.get_by_label("Paragraf kantor").input_value() == "Satu.\n\n{entah} dua."
    looked_at_on_both(lurah, "template-wrong")
    lurah.get_by_label("Paragraf kantor").fill("Satu.\n\nDua.")
    lurah.get_by_role("button", name="Simpan rancangan").click()
    assert lurah.get_by_role("button", name="Terbitkan rancangan").is_visible()
    lurah.get_by_role("button", name="Buang rancangan").click()
    assert lurah.get_by_role("button", name="Terbitkan rancangan").count() == 0
    seen(lurah, f"{base}/lambang", "emblem")


def test_a_pdf_may_be_dropped_anywhere_on_the_page(stack: Stack, browser: Browser) -> None:
    with person(browser, DESK) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/periksa")
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.items.add(new File(["%PDF-1.7 contoh"], "surat.pdf", {type: "application/pdf"}));
              const told = {dataTransfer: data, bubbles: true, cancelable: true};
              if (document.body.dispatchEvent(new DragEvent("dragover", told))) throw new Error("not taken");
              document.body.dispatchEvent(new DragEvent("drop", told));
            }"""
        )
        assert page.locator("#file").evaluate("field => field.files[0].name") == "surat.pdf"
        page.get_by_role("button", name="Periksa berkas").click()
        expect(page.get_by_role("alert")).to_contain_text("Bukan PDF yang utuh")

"""A resident's day on a phone: he signs in by code, applies with camera files on a bad line, and his case is sent."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageFilter
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect

from deploy.demo import cast, certificates, papers
from deploy.demo.client import wait_for
from deploy.local.stack import Stack
from kit.pages.session import ACCESS_COOKIE, REFRESH_COOKIE
from tests.browser.looking import DESK, PHONE, SMALL, look, person, signed_in
from tests.e2e.test_signing_in import code_sent_to

pytestmark = pytest.mark.timeout(300)

NUMBER = "0812-7100-0055"
NAME = "Rohana binti H. Zainuddin"


@pytest.fixture(scope="module")
def photos() -> dict[str, Path]:
    """What the camera of somebody with a worn card takes."""
    story = next(one for one in cast.STORIES if one.name == "rohana")
    return {kind: papers.make(spec, Path(".local") / "papers") for kind, spec in story.papers.items()}


def file(content: bytes) -> FilePayload:
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": content}


def blurred(photo: Path) -> bytes:
    out = io.BytesIO()
    with Image.open(photo) as picture:
        picture.draft("RGB", (1000, 750))
        picture.filter(ImageFilter.GaussianBlur(8)).save(out, "JPEG")
    return out.getvalue()


def dark(photo: Path) -> bytes:
    out = io.BytesIO()
    with Image.open(photo) as picture:
        picture.draft("RGB", (1000, 750))
        picture.point(lambda value: value // 8).save(out, "JPEG")
    return out.getvalue()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def new_code(stack: Stack, before: list[str]) -> str | None:
    """The code of a message that was not there before."""
    code = code_sent_to(stack, NUMBER)
    return None if code in before else code


def code_typed(page: Page, stack: Stack, before: list[str]) -> None:
    page.get_by_label("Nomor HP").fill(NUMBER)
    press(page, "Kirim kode")
    before.append(wait_for(lambda: new_code(stack, before), "another code"))
    page.get_by_label("Kode").fill(before[-1])
    press(page, "Masuk")


def without_cookies(browsing: BrowserContext, *names: str) -> None:
    """Some cookies are gone, as when they are too old."""
    for name in names:
        browsing.clear_cookies(name=name)


def begin(page: Page, stack: Stack, codes: list[str]) -> None:
    """From the front page to a draft."""
    page.goto(f"{stack.base_url}/")
    page.get_by_role("link", name="Kelurahan Bukit Sangkal").click()
    page.get_by_role("link", name="Pengantar KTP-el").click()
    page.get_by_role("link", name="Ajukan", exact=True).click()
    code_typed(page, stack, codes)
    assert heading(page) == "Pengantar KTP-el"
    look(page, "apply")
    page.get_by_label("Untuk saya sendiri").check()
    press(page, "Mulai")
    assert "Perlu diperbaiki" in page.title()
    page.get_by_label("Rusak").check()
    press(page, "Mulai")
    look(page, "apply-start")
    page.get_by_label("Nama lengkap").fill(NAME)
    page.get_by_label("NIK", exact=True).fill("1671105204")
    page.get_by_label("RT", exact=True).fill("23")
    page.get_by_label("RW", exact=True).fill("5")
    press(page, "Simpan dan lanjut")
    assert page.get_by_label("Nama lengkap").input_value() == NAME
    assert page.get_by_label("NIK", exact=True).get_attribute("aria-invalid") == "true"
    look(page, "apply-wrong")
    page.get_by_label("NIK", exact=True).fill("1671105204550055")
    press(page, "Simpan dan lanjut")


def answer(page: Page, browsing: BrowserContext, stack: Stack, codes: list[str]) -> None:
    """The questions: a day that there is not, back and forth, and a session that ends in the middle, twice."""
    assert heading(page) == "Kapan dan di mana pemohon lahir?"
    page.get_by_label("Tempat lahir").fill("Palembang")
    page.get_by_label("Hari").fill("31")
    page.get_by_label("Bulan").fill("2")
    page.get_by_label("Tahun").fill("1955")
    page.get_by_label("Perempuan").check()
    press(page, "Simpan dan lanjut")
    assert page.get_by_label("Hari").input_value() == "31" and page.get_by_label("Perempuan").is_checked()
    look(page, "question-wrong")
    page.get_by_label("Hari").fill("12")
    page.get_by_label("Bulan").fill("4")
    without_cookies(browsing, ACCESS_COOKIE)
    press(page, "Simpan dan lanjut")
    assert heading(page) == "Di mana pemohon tinggal?"
    page.go_back()
    page.reload()
    assert page.get_by_label("Hari").input_value() == "12"
    page.go_forward()
    page.get_by_label("Alamat").fill("Jalan Sukabangun Lorong Melati Nomor 12")
    look(page, "question")
    without_cookies(browsing, ACCESS_COOKIE, REFRESH_COOKIE)
    press(page, "Simpan dan lanjut")
    assert "isian Anda tetap ada" in page.get_by_role("alert").inner_text()
    look(page, "session-ended")
    page.get_by_label("Kelurahan").select_option(label="Bukit Sangkal")
    code_typed(page, stack, codes)
    press(page, "Kirim")
    assert heading(page) == "Ke mana kami mengirim kabar?"
    press(page, "Simpan dan lanjut")


def ask_the_head(page: Page) -> None:
    assert heading(page) == "Surat pengantar RT"
    look(page, "introduction")
    page.get_by_role("link", name="Sudah punya surat kertas? Foto suratnya.").click()


def send_photo(page: Page, photo: FilePayload | Path) -> None:
    page.get_by_label(re.compile("^(Ambil atau pilih|Ganti) foto")).set_input_files(photo)
    page.get_by_role("button", name="Kirim foto").click()
    expect(page.get_by_role("heading", name="Sudah tersimpan")).to_be_visible()


def photograph(page: Page, browsing: BrowserContext, photos: dict[str, Path]) -> None:
    """A blurred one is found, a broken one refused; then the line goes, and comes back."""
    look(page, "photo")
    choose = page.get_by_label("Ambil atau pilih foto")
    choose.set_input_files(file(blurred(photos["KK"])))
    expect(page.get_by_text("Foto tampak kabur")).to_be_visible()
    look(page, "photo-blurred")
    choose.set_input_files(file(dark(photos["KK"])))
    expect(page.get_by_text("Foto tampak gelap")).to_be_visible()
    choose.set_input_files(file(photos["KK"].read_bytes()[:-5000]))
    page.get_by_role("button", name="Kirim foto").click()
    expect(page.get_by_role("alert")).to_contain_text("Foto terpotong")
    look(page, "photo-refused")
    sent = lost(page, times=2)
    choose.set_input_files(photos["KK"])
    expect(page.locator("[data-advice]")).to_be_empty()
    page.get_by_role("button", name="Kirim foto").click()
    expect(page.get_by_text("Sambungan terputus")).to_be_visible()
    look(page, "photo-lost")
    expect(page.get_by_role("heading", name="Sudah tersimpan")).to_be_visible()
    assert len(sent) == 3
    page.get_by_role("link", name="Lanjut", exact=True).click()
    without_cookies(browsing, ACCESS_COOKIE)  # the photo is sent on with a new one
    for kind in ("KTP_LAMA", "PAS_FOTO"):
        send_photo(page, photos[kind])
        if kind == "PAS_FOTO":
            page.reload()
            look(page, "photo-there")
        page.get_by_role("link", name="Lanjut", exact=True).click()


def lost(page: Page, times: int) -> list[str]:
    """The next photos get lost on the way."""
    tried: list[str] = []

    def away(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        tried.append(route.request.url)
        return route.abort("connectionreset") if len(tried) <= times else route.continue_()

    page.route(re.compile("/foto/"), away)
    return tried


def test_a_resident_applies_with_a_phone_on_a_bad_line(stack: Stack, browser: Browser, photos: dict[str, Path]) -> None:
    with person(browser, PHONE) as browsing:
        page = browsing.new_page()
        codes: list[str] = []
        begin(page, stack, codes)
        answer(page, browsing, stack, codes)
        ask_the_head(page)
        send_photo(page, file(photos["KK"].read_bytes()))
        page.get_by_role("link", name="Lanjut", exact=True).click()
        photograph(page, browsing, photos)
        assert heading(page) == "Periksa jawaban Anda"
        look(page, "check-answers")
        page.goto(f"{stack.base_url}/saya")
        look(page, "own-draft")
        page.get_by_role("link", name="Lanjutkan").click()
        page.get_by_role("link", name=re.compile("^Ubah ?: Alamat$")).click()
        page.get_by_label("Alamat").fill("Jalan Sukabangun Nomor 14")
        press(page, "Simpan")
        assert "Jalan Sukabangun Nomor 14" in page.get_by_role("main").inner_text()
        wait_for(lambda: sent_by_two_taps(page) or None, "the photos are looked at")
        assert "Dijanjikan selesai" in page.get_by_role("main").inner_text()
        look(page, "case")
        page.go_back()
        page.goto(f"{stack.base_url}/saya")
        assert page.get_by_role("heading", level=2).count() == 1
        look(page, "own")
        rest_of_the_pages(page, stack)


def sent_by_two_taps(page: Page) -> bool:
    """Sends, unless that was done; whether the case has gone."""
    button = page.get_by_role("button", name="Kirim permohonan")
    if button.is_visible():
        button.dblclick()
        page.wait_for_load_state()
    return heading(page) == "Dikirim"


def rest_of_the_pages(page: Page, stack: Stack) -> None:
    """What one may see of oneself, on phone and desk."""
    page.get_by_role("link", name=re.compile("^Lihat PGT")).click()
    address = page.url
    pages = {
        "permissions": f"{address}/izin", "own-data": f"{address}/data", "readers": f"{address}/data/pembaca",
        "withdraw": f"{address}/batal", "check-sent": f"{address}/periksa", "case": address,
        "account": f"{stack.base_url}/saya/akun", "account-leave": f"{stack.base_url}/saya/akun/hapus",
    }  # fmt: skip
    for size, names in ((PHONE, [*pages][:4] + [*pages][6:]), (DESK, ["own-data", "check-sent", "case"])):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for name in names:
            page.goto(pages[name])
            look(page, name)


OTHER, OTHER_NUMBER = "Nyimas Aisyah binti Mat Amin", "0812-7100-0057"
"""Whose case goes all the way."""


def test_camera_files_from_a_phone_become_a_letter_that_anyone_can_check(
    stack: Stack, browser: Browser, photos: dict[str, Path]
) -> None:
    with person(browser, PHONE) as phone, signed_in(person(browser, SMALL), stack, "rt_head") as head:
        page, tasks = phone.new_page(), head.new_page()
        address = ask_for_an_introduction(page, stack)
        answer_task(tasks, stack, "Permohonan pengantar RT", "Kirim keputusan", 'input[value="grant"]')
        page.goto(f"{address}/foto/KK")
        for kind in ("KK", "KTP_LAMA", "PAS_FOTO"):
            send_photo(page, photos[kind])
            page.get_by_role("link", name="Lanjut", exact=True).click()
        wait_for(lambda: sent(page) or None, "the photos are looked at")
        with signed_in(person(browser, DESK), stack, "officer") as desk:
            receive(desk.new_page(), stack)
        genuine = '[name^="verdicts-"][value="genuine"]'
        answer_task(tasks, stack, "Periksa dokumen warga", "Kirim penilaian", genuine)
        with signed_in(person(browser, DESK), stack, "lurah", sub="lurah:kisah") as desk:
            sign(desk.new_page(), stack)
        read_the_letter(page, stack, address.rpartition("/")[2])


def ask_for_an_introduction(page: Page, stack: Stack) -> str:
    """From the service's page to the question that goes to the RT head; the case's address."""
    page.goto(f"{stack.base_url}/ajukan/16.71.10.1001/KTP")
    page.get_by_label("Nomor HP").fill(OTHER_NUMBER)
    press(page, "Kirim kode")
    page.get_by_label("Kode").fill(code_sent_to(stack, OTHER_NUMBER))
    press(page, "Masuk")
    page.get_by_label("Untuk saya sendiri").check()
    page.get_by_label("Rusak").check()
    press(page, "Mulai")
    for label, typed in (("Nama lengkap", OTHER), ("NIK", "1671105204550057"), ("RT", "23"), ("RW", "5")):
        page.get_by_label(label, exact=True).fill(typed)
    press(page, "Simpan dan lanjut")
    for label, typed in (("Tempat lahir", "Palembang"), ("Hari", "12"), ("Bulan", "4"), ("Tahun", "1955")):
        page.get_by_label(label).fill(typed)
    page.get_by_label("Perempuan").check()
    press(page, "Simpan dan lanjut")
    page.get_by_label("Alamat").fill("Jalan Sukabangun Lorong Kenanga Nomor 9")
    press(page, "Simpan dan lanjut")
    press(page, "Simpan dan lanjut")
    page.get_by_label("Untuk keperluan apa?").fill("Penggantian KTP-el karena rusak")
    press(page, "Minta pengantar")
    return page.url.rpartition("/saya/")[0] + "/saya/" + page.url.rpartition("/saya/")[2].partition("/")[0]


def sent(page: Page) -> bool:
    """Told that the photos are still being looked at, he waits a moment and sends it once more."""
    press(page, "Kirim permohonan")
    return heading(page) == "Dikirim"


def answer_task(tasks: Page, stack: Stack, name: str, button: str, chosen: str) -> None:
    """The RT head's answer on the small screen, once the question has arrived."""
    link = tasks.get_by_role("link", name=f"{name}: {OTHER}")
    wait_for(lambda: tasks.goto(f"{stack.base_url}/verification/tugas") and link.count() or None, f"the task {name!r}")
    link.click()
    for one in tasks.locator(chosen).all():
        one.check()
    press(tasks, button)
    expect(tasks.get_by_role("status")).to_have_text("Tersimpan. Terima kasih.")


def receive(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/intake/antrean?waiting_for=officer")
    page.get_by_role("link", name=OTHER).click()
    press(page, "Terima")
    expect(page.get_by_text("Diterima, sedang diperiksa")).to_be_visible()


def sign(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/documents/sertifikat")
    page.locator("#passphrase").fill(certificates.PASSPHRASE)
    made = certificates.signer("Lurah Contoh", days=(-30, 365))
    page.set_input_files("#file", {"name": "lurah.p12", "mimeType": "application/x-pkcs12", "buffer": made})
    press(page, "Simpan sertifikat")
    box = page.get_by_role("checkbox", name=OTHER)
    waiting = f"{stack.base_url}/documents/tanda-tangan"
    wait_for(lambda: page.goto(waiting) and box.count() or None, "the draft")
    box.check()
    page.locator("#passphrase").fill(certificates.PASSPHRASE)
    press(page, "Tanda tangani yang dicentang")
    expect(page.get_by_role("status")).to_have_text("1 dari 1 surat sudah terbit.")


def look_at_both_sizes(page: Page, name: str) -> None:
    for width, height in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": height})
        look(page, name)


def read_the_letter(page: Page, stack: Stack, case: str) -> None:
    """By its person; then by anyone, who has its code or its PDF."""
    page.goto(f"{stack.base_url}/documents/surat?permohonan={case}")
    look_at_both_sizes(page, "letter")
    letter = page.get_by_role("listitem").filter(has_text="Surat Pengantar KTP-el")
    with page.expect_download() as download:
        letter.get_by_role("link", name=re.compile("^Unduh PDF")).click()
    letter.locator('a[href*="/periksa/"]').click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Berlaku")
    look_at_both_sizes(page, "letter-checked")
    page.goto(f"{stack.base_url}/periksa")
    page.set_input_files("#file", download.value.path())
    press(page, "Periksa berkas")
    expect(page.get_by_role("heading", level=1)).to_have_text("Asli")

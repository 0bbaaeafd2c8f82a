"""An officer's morning: ten cases from the queue to the last one, by keyboard alone."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Browser, Page

from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.browser.looking import DESK, PHONE, look, person, signed_in
from tests.support.playing import photographs

pytestmark = pytest.mark.timeout(300)

KAWAT = "091"
"""An RT of their own, so that the morning's queue has these cases and no others."""
NAMES = (
    "Siti Maimunah binti H. Zainuddin", "M. Yusuf", "Nyimas Halimah", "Kgs. Abdul Rozak", "Masayu Fatimah",
    "R.M. Ridwan", "Cek Ida", "Zainal Abidin bin H. Cek Umar", "Robiah <script>alert(1)</script>", "Mat Solihin",
)  # fmt: skip
YANTI = "officer:yanti"
MOST_TABS = 120

_FOCUSED = """() => {
    const one = document.activeElement;
    return (one.labels?.length ? one.labels[0].innerText : one.innerText || '').trim();
}"""


class Morning:
    """The officer's ten cases, opened at the counter the day before, and how they stand."""

    def __init__(self, stack: Stack) -> None:
        key = stack.token_key_file.read_text("ascii")
        self.officer = Person(stack.base_url, token_for(key, "officer", sub=YANTI))
        self._photos = photographs()
        self.ids = [self._opened(number) for number in range(len(NAMES))]
        with ThreadPoolExecutor(4) as several:
            list(several.map(self._send_photos, range(len(NAMES))))

    def _opened(self, number: int) -> str:
        """In this order they stand in the queue."""
        applicant = {
            "name": NAMES[number], "nik": f"16711055035561{number:02d}", "birth_place": "Palembang",
            "birth_date": "1955-03-15", "sex": "P", "address": f"Lorong Kawat Nomor {number + 1}", "rt": KAWAT,
            "rw": "005",
        }  # fmt: skip
        body = {
            "service": "KTP", "reason": "new", "applicant": applicant,
            "contact": {"name": NAMES[number], "phone": "0812-7100-0091"},
        }  # fmt: skip
        return str(self.officer.post("/v1/applications", body)["id"])

    def _send_photos(self, number: int) -> None:
        """Submitted, but the last one, of which a photo is missing. The family card is photographed in two of them."""
        here, known = f"/v1/applications/{self.ids[number]}", {"reason": "Dikenal di loket"}
        self.officer.post(f"{here}/introduction/waiver", known)
        if number in (0, 6):
            self._send(here, "KK")
        else:
            self.officer.post(f"{here}/requirements/KK/waiver", known)
        if number < len(NAMES) - 1:
            self._send(here, "PAS_FOTO")
            wait_for(lambda: all(one["status"] == "ready" for one in self.officer.get(here)["files"]), "photos seen")
            self.officer.post(f"{here}/submission")

    def _send(self, here: str, code: str) -> None:
        self.officer.upload(f"{here}/files", code, self._photos[f"rohana-{code}"], "image/jpeg")

    def statuses(self) -> list[str]:
        return [self.officer.get(f"/v1/applications/{case}")["status"] for case in self.ids]


@pytest.fixture(scope="module")
def morning(stack: Stack) -> Morning:
    return Morning(stack)


@pytest.fixture
def desk(stack: Stack, browser: Browser) -> Iterator[Page]:
    with signed_in(person(browser, DESK), stack, "officer", sub=YANTI) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/intake/hari-ini")
        yield page


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until what has this name has the focus."""
    for _ in range(MOST_TABS):
        if page.evaluate(_FOCUSED) == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name} is not reached by Tab on {page.url}")


def enter(page: Page, name: str) -> None:
    """Goes there by Tab and presses Enter; the next page is there."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def onward(page: Page) -> None:
    """To the next case: after something was done the focus is there already."""
    assert page.evaluate(_FOCUSED) == "Berikutnya"
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_ten_cases_by_keyboard_alone(morning: Morning, desk: Page) -> None:
    page = desk
    look(page, "today")
    enter(page, "Antrean")
    tab_to(page, "RT")
    page.keyboard.type(KAWAT)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    look(page, "officer-queue")
    enter(page, NAMES[0])
    for number in range(6):
        assert page.get_by_role("heading", level=1).inner_text() == NAMES[number]
        enter(page, "Terima")
        assert "Permohonan diterima." in page.get_by_role("status").inner_text()
        onward(page)
    for number in (6, 7):
        assert page.get_by_role("heading", level=1).inner_text() == NAMES[number]
        enter(page, "Kembalikan")
        page.keyboard.press("Space")  # the first item has the focus
        tab_to(page, "Yang salah")
        page.keyboard.type("Tulisan tidak terbaca")
        if number == 6:
            tab_to(page, "Pas foto")
            page.keyboard.press("Space")
            tab_to(page, "Yang salah")
            page.keyboard.type("Foto terpotong")
            look(page, "case-return")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "Permohonan dikembalikan" in page.get_by_role("status").inner_text()
        onward(page)
    assert page.get_by_role("heading", level=1).inner_text() == NAMES[8]
    enter(page, "Tolak")
    page.keyboard.press("Tab")
    enter(page, "Tolak permohonan")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    look(page, "case-reject-wrong")
    tab_to(page, "Mengapa ditolak?")
    page.keyboard.type("Bukan penduduk kelurahan ini")
    enter(page, "Tolak permohonan")
    enter(page, "Antrean")  # the last one is a draft, and no queue of the office's
    tab_to(page, "Tahap")
    page.keyboard.type("Belum")
    enter(page, "Tampilkan")
    enter(page, NAMES[9])
    enter(page, "Tanpa satu syarat")
    tab_to(page, "Pas foto")
    page.keyboard.press("Space")
    tab_to(page, "Mengapa tidak perlu?")
    page.keyboard.type("Foto diambil di loket")
    enter(page, "Jangan minta syarat ini")
    enter(page, "Kirim")
    assert morning.statuses() == ["received"] * 6 + ["returned"] * 2 + ["rejected", "submitted"]


def test_two_officers_on_one_case(morning: Morning, desk: Page, stack: Stack, browser: Browser) -> None:
    address = f"{stack.base_url}/intake/permohonan/{morning.ids[0]}"
    desk.goto(address)
    with signed_in(person(browser, PHONE), stack, "officer", sub="officer:budi") as browsing:
        other = browsing.new_page()
        other.goto(address)
        other.get_by_label("Pekerjaan").fill("Pedagang")
        other.get_by_role("button", name="Simpan").click()
        assert "Tersimpan." in other.get_by_role("status").inner_text()
        look(other, "case")
    desk.get_by_label("Agama").fill("Islam")
    desk.get_by_role("button", name="Simpan").click()
    assert "Sudah diubah orang lain" in desk.get_by_role("alert").inner_text()
    assert desk.get_by_label("Pekerjaan").input_value() == "Pedagang"
    assert desk.get_by_text("Anda mengetik: Islam").is_visible()
    look(desk, "case-overtaken")


def test_scans_are_turned_and_made_larger_one_at_a_time(morning: Morning, desk: Page, stack: Stack) -> None:
    desk.goto(f"{stack.base_url}/intake/permohonan/{morning.ids[0]}")
    assert desk.locator(".paper:visible").count() == 1
    desk.get_by_role("link", name="Pas foto").click()
    desk.get_by_role("button", name="Putar").click()
    desk.get_by_role("button", name="Perbesar").click()
    frame = desk.locator(".paper:visible .frame")
    assert frame.get_attribute("class") == "frame size-1 turn-1"
    frame.locator("img").evaluate("one => one.decode()")
    look(desk, "case")


def test_wrong_input_at_the_counter_keeps_what_was_typed(morning: Morning, stack: Stack, browser: Browser) -> None:
    with signed_in(person(browser, PHONE), stack, "officer", sub=YANTI) as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/intake/loket")
        page.get_by_label("Alamat").fill("Lorong Kawat Nomor 77")
        page.get_by_role("button", name="Buka permohonan").click()
        assert page.get_by_role("alert").is_visible()
        assert page.get_by_label("Alamat").input_value() == "Lorong Kawat Nomor 77"
        look(page, "counter-wrong")


def test_a_case_at_the_counter_takes_less_than_two_minutes(morning: Morning, stack: Stack, browser: Browser) -> None:
    photos = photographs()
    with signed_in(person(browser, DESK), stack, "officer", sub=YANTI) as browsing:
        page = browsing.new_page()
        began = time.monotonic()
        page.goto(f"{stack.base_url}/intake/loket")
        page.get_by_label("NIK di KTP").fill("1671105503556100")
        page.get_by_role("button", name="Isi dari NIK").click()
        assert page.get_by_label("Nama lengkap").input_value() == NAMES[0]
        page.get_by_label("Layanan").select_option("KK/damaged")
        look(page, "counter")
        page.get_by_role("button", name="Buka permohonan").click()
        for paper in ("Surat pengantar RT", "Kartu Keluarga lama"):
            page.get_by_label(f"Tambah berkas: {paper}").set_input_files(photos["rohana-PAS_FOTO"])
            page.get_by_role("button", name=re.compile(f"Unggah ?: {paper}")).click()
            assert "sedang diperiksa" in page.get_by_role("status").inner_text()
        look(page, "case-counter")
        submit(page)
        assert time.monotonic() - began < 120
        assert "Permohonan dikirim." in page.get_by_role("status").inner_text()


def submit(page: Page) -> None:
    """A photo that is still being looked at keeps a case back for a moment, and the page says so."""
    for _ in range(120):
        page.get_by_role("button", name="Kirim", exact=True).click()
        if not page.get_by_role("alert").is_visible():
            return
        assert "Foto sedang diperiksa" in page.get_by_role("alert").inner_text()
        page.wait_for_timeout(250)
    raise AssertionError("the photos were never looked at")


def test_what_people_wrote_is_read_and_marked_as_answered(stack: Stack, browser: Browser) -> None:
    key = stack.token_key_file.read_text("ascii")
    wrote = {"phone": "+6281271000391", "text": "bantuan"}
    Person(stack.base_url, token_for(key, "administrator")).post("/v1/messages/incoming", wrote)
    officer = Person(stack.base_url, token_for(key, "officer", sub=YANTI))
    found = wait_for(lambda: officer.get("/v1/conversations")["items"], "the message")
    for size in (PHONE, DESK):
        with signed_in(person(browser, size), stack, "officer", sub=YANTI) as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/intake/pesan-warga")
            look(page, "written")
            page.goto(f"{stack.base_url}/intake/pesan-warga/{found[-1]['id']}")
            look(page, "written-one")
            if size == DESK:
                page.get_by_role("button", name="Sudah dijawab").click()
                assert "sudah dijawab" in page.get_by_role("status").inner_text()


def test_a_case_is_found_and_requests_are_answered(morning: Morning, stack: Stack, browser: Browser) -> None:
    case = morning.ids[1]
    morning.officer.post(f"/v1/applications/{case}/corrections", {"words": "Nama ayah saya salah tulis."})
    for size in (PHONE, DESK):
        with signed_in(person(browser, size), stack, "officer", sub=YANTI) as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/intake/cari")
            page.get_by_label("NIK").fill("1671105503556101")
            page.get_by_role("button", name="Cari").click()
            look(page, "search")
            assert page.get_by_role("link", name=NAMES[1]).is_visible()
            page.goto(f"{stack.base_url}/intake/permintaan")
            look(page, "requests")
            page.goto(f"{stack.base_url}/intake/permintaan/{case}")
            look(page, "corrections")
            if size == PHONE:
                page.goto(f"{stack.base_url}/intake/hari-ini")
                look(page, "today")
                page.goto(f"{stack.base_url}/intake/antrean")
                look(page, "officer-queue")

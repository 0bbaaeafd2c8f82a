"""An administrator's day, and the figures of whoever reads them: lurah and camat."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg2
import pyotp
import pytest
from playwright.sync_api import Browser, Page

from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.token import token_for
from intake.offices import shipped_office
from tests.browser.looking import DESK, PHONE, SMALL, look, person, signed_in
from tests.support.tokens import BUKIT_SANGKAL

pytestmark = pytest.mark.timeout(300)

KECAMATAN, NEIGHBOUR = "16.71.10", "16.71.10.1003"
PASSWORD = "perahu hijau di bawah jembatan"


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def heading(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def on_phone(page: Page, name: str) -> None:
    """Looked at on a phone, for once."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    look(page, name)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


@pytest.fixture
def administrator(stack: Stack, browser: Browser) -> Iterator[Page]:
    with signed_in(person(browser, DESK), stack, "administrator") as browsing:
        yield browsing.new_page()


def test_somebody_is_invited_accepts_and_signs_in(administrator: Page, stack: Stack, browser: Browser) -> None:
    page = administrator
    page.goto(f"{stack.base_url}/intake/pegawai/undang")
    page.get_by_label("Nama", exact=True).fill("Nyimas Halimah, A.Md.")
    press(page, "Undang")
    assert page.get_by_label("Nama", exact=True).input_value() == "Nyimas Halimah, A.Md."
    look(page, "staff-invite-wrong")
    page.get_by_label("Nama pengguna").fill("halimah")
    page.get_by_label("Petugas").check()
    press(page, "Undang")
    assert heading(page) == "Undangan siap"
    look(page, "staff-invited")
    link = page.get_by_text("/masuk/undangan#").inner_text()
    with person(browser, PHONE) as browsing:
        accept(browsing.new_page(), f"{stack.base_url}/masuk/undangan#{link.partition('#')[2]}", stack)
    page.goto(f"{stack.base_url}/intake/pegawai")
    look(page, "staff")
    page.get_by_role("link", name="Nyimas Halimah").click()
    page.get_by_text("Tutup akun", exact=True).click()
    look(page, "staff-person")


def accept(page: Page, link: str, stack: Stack) -> None:
    page.goto(link)
    assert page.get_by_label("Kode undangan").input_value() and "#" not in page.url
    look(page, "invitation")
    press(page, "Lanjutkan")
    app = pyotp.TOTP(page.locator("#kunci").inner_text())
    page.get_by_label("Kata sandi").fill("halimah12345")
    page.get_by_label("Kode aplikasi autentikator").fill(app.now())
    press(page, "Terima undangan")
    assert page.get_by_role("alert").inner_text().startswith("Kata sandi terlalu mudah ditebak")
    look(page, "invitation-accept-wrong")
    page.locator("#password").fill(PASSWORD)
    page.get_by_label("Kode aplikasi autentikator").fill(app.now())
    press(page, "Terima undangan")
    assert "Undangan diterima." in page.get_by_role("status").inner_text()
    page.get_by_label("Kantor").select_option(label="Kelurahan Bukit Sangkal")
    page.get_by_label("Nama pengguna").fill("halimah")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_label("Kode aplikasi autentikator").fill(app.at(time.time() + 30))  # each code counts once
    press(page, "Masuk")
    page.goto(f"{stack.base_url}/intake/antrean")
    assert heading(page) == "Antrean"
    page.get_by_text("Menu", exact=True).click()
    look(page, "menu")
    page.get_by_role("link", name="Kata sandi").click()
    look(page, "password")


def test_another_system_gets_a_key(administrator: Page, stack: Stack) -> None:
    page = administrator
    page.goto(f"{stack.base_url}/intake/pegawai/mesin")
    page.get_by_label("Nama", exact=True).fill("Dasbor Kota")
    press(page, "Tambah")
    assert page.get_by_label("Nama", exact=True).input_value() == "Dasbor Kota"
    page.get_by_label("Membaca laporan").check()
    press(page, "Tambah")
    look(page, "machine-key")
    page.get_by_role("link", name="Sudah saya catat").click()
    look(page, "machine")


def test_a_day_on_which_the_office_is_closed(administrator: Page, stack: Stack) -> None:
    page = administrator
    page.goto(f"{stack.base_url}/intake/kalender")
    closing = page.locator('form[action="/intake/kalender/tutup"]')
    closing.get_by_label("Alasan").fill("Pelantikan")
    closing.get_by_role("button", name="Tambah").click()
    assert closing.get_by_label("Alasan").input_value() == "Pelantikan"
    closing.get_by_label("Hari pertama").fill("2026-12-08")
    closing.get_by_role("button", name="Tambah").click()
    assert "Pelantikan (kantor tutup)" in page.get_by_role("main").inner_text()
    on_phone(page, "calendar")
    page.get_by_role("button", name="Hapus Pelantikan").click()
    assert "Pelantikan" not in page.get_by_role("main").inner_text()


def test_the_offices_data_are_changed_part_by_part(administrator: Page, stack: Stack) -> None:
    page = administrator
    page.goto(f"{stack.base_url}/intake/kantor")
    on_phone(page, "office")
    page.goto(f"{stack.base_url}/intake/kantor/pejabat")
    look(page, "office-pejabat")
    page.goto(f"{stack.base_url}/intake/kantor/alamat")
    page.get_by_label("Jalan dan nomor").fill("")
    page.get_by_label("Telepon").fill("0711-000000")
    press(page, "Simpan")
    assert page.get_by_label("Telepon").input_value() == "0711-000000"
    look(page, "office-alamat-wrong")
    page.get_by_label("Jalan dan nomor").fill("Jalan Contoh Nomor 1 (alamat rekaan)")
    press(page, "Simpan")
    assert "0711-000000" in page.get_by_role("main").inner_text()


def test_a_service_is_drafted_compared_tried_and_published(administrator: Page, stack: Stack) -> None:
    page = administrator
    page.goto(f"{stack.base_url}/intake/layanan")
    look(page, "sops")
    page.get_by_role("link", name="Pengantar KTP-el").click()
    press(page, "Mulai rancangan baru")
    page.get_by_role("link", name="Ubah", exact=True).click()
    page.get_by_label("Hari kerja").fill("x")
    press(page, "Simpan rancangan")
    assert page.get_by_label("Hari kerja").input_value() == "x"
    look(page, "sop-edit-wrong")
    page.get_by_label("Hari kerja").fill("2")
    press(page, "Simpan rancangan")
    assert "Hari kerja diubah." in page.get_by_role("main").inner_text()
    look(page, "sop-draft")
    on_phone(page, "sop-draft")
    page.get_by_role("button", name="Coba").click()
    look(page, "sop-try")
    page.go_back()
    page.get_by_role("link", name="Ubah seluruh dokumen").click()
    look(page, "sop-document")
    page.go_back()
    page.get_by_role("link", name="Terbitkan…").click()
    page.get_by_label("Berlaku mulai").fill("2027-03-01")
    look(page, "sop-publish")
    press(page, "Ya, terbitkan")
    assert "Versi baru diterbitkan." in page.get_by_role("status").inner_text()
    look(page, "sop")
    page.get_by_role("link", name="Bandingkan dengan versi 1").click()
    look(page, "sop-compare")


# --- figures ----------------------------------------------------------------------------------------------------------


def line(cases: int, met: int, hours: float) -> dict[str, Any]:
    return {"cases": cases, "met": met, "median": hours, "p90": 2 * hours}


def figures(submitted: int, late: int) -> dict[str, Any]:
    """A month as it is counted: made up."""
    done = submitted - submitted // 8
    step = {name: part for name, part in line(done, 0, 2.5).items() if name != "met"}
    counts = {"submitted": submitted, "completed": done, "rejected": submitted // 12, "withdrawn": 1, "expired": 0}
    return counts | {
        "on_time": {"cases": done, "met": done - late},
        "steps": dict.fromkeys(("receive", "verify", "produce", "hand-over"), step),
        "introduction": line(submitted, submitted - late, 3.5),
        "days": {"cases": done, "median": 2.0, "p90": 3.0},
        "filed": 6,
    }


COMPLAINTS = {
    "filed": {"complaint": 7, "question": 5},
    "answered": {"complaint": line(6, 5, 4.0), "request": line(5, 5, 1.0)},
    "ended": {"no_objection": 5, "satisfied": 6},
}


@pytest.fixture(scope="module")
def counted(stack: Stack) -> str:
    """Fourteen months of two offices, up to the one that it is; its name."""
    key = stack.token_key_file.read_text("ascii")
    office = json.loads(json.dumps(shipped_office(BUKIT_SANGKAL))) | {"code": NEIGHBOUR, "name": "Kalidoni"}
    Person(stack.base_url, token_for(key, "administrator", kelurahan=NEIGHBOUR)).put(f"/v1/offices/{NEIGHBOUR}", office)
    now = date.fromisoformat(Person(stack.base_url).get("/v1/clock")["now"][:10])
    with psycopg2.connect(stack.superuser_url("intake")) as connection, connection.cursor() as cursor:
        for back in range(14):
            number = now.year * 12 + now.month - 1 - back
            for place, code in enumerate((BUKIT_SANGKAL, NEIGHBOUR)):
                kk, ktp = figures(24 + (7 * back) % 11 + 9 * place, back % 4), figures(31 + (5 * back) % 13, back % 3)
                both = figures(kk["submitted"] + ktp["submitted"], back % 4 + back % 3 + place)
                data = {"total": both | {"filed": 12, "complaints": COMPLAINTS},
                        "services": {"KK": kk, "KTP": ktp}}  # fmt: skip
                cursor.execute(
                    "INSERT INTO figure_month (kelurahan, month, data, computed_at) VALUES (%s, %s, %s, now())"
                    " ON CONFLICT (kelurahan, month) DO UPDATE SET data = EXCLUDED.data",
                    [code, date(number // 12, number % 12 + 1, 1), json.dumps(data)],
                )
    return f"{now:%Y-%m}"


def test_a_lurah_reads_the_months_figures_on_desk_and_phone_and_on_paper(
    counted: str, stack: Stack, browser: Browser
) -> None:
    for size in (DESK, PHONE):
        with signed_in(person(browser, size), stack, "lurah") as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/intake/laporan")
            assert page.url.endswith(f"/intake/laporan/{counted}")
            assert page.locator("svg[role=img]").count() == 4
            look(page, "report")
            page.get_by_role("link", name="Bulan sebelumnya").click()
            assert page.get_by_role("link", name="Bulan berikutnya").count() == 1
            page.goto(f"{stack.base_url}/intake/laporan/{counted}")
            page.emulate_media(media="print")
            assert not page.get_by_role("link", name="Bulan sebelumnya").is_visible()


def test_a_camat_sees_the_offices_side_by_side_and_looks_into_one(counted: str, stack: Stack, browser: Browser) -> None:
    for size in (DESK, PHONE):
        with signed_in(person(browser, size), stack, "camat", kelurahan=KECAMATAN) as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/intake/laporan/{counted}")
            look(page, "reports")
            page.get_by_role("link", name="Kalidoni").first.click()
            assert "Kelurahan Kalidoni" in page.get_by_role("main").inner_text()
            page.get_by_role("link", name="Semua kelurahan").click()
            assert heading(page).startswith("Laporan")


def test_everybody_reads_what_an_office_promised_and_did(counted: str, stack: Stack, browser: Browser) -> None:
    for size in (SMALL, PHONE, DESK):
        with person(browser, size) as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/layanan/{BUKIT_SANGKAL}")
            page.get_by_role("link", name="Angka pelayanan").click()
            assert heading(page).startswith("Angka pelayanan")
            assert "Dijanjikan" in page.get_by_role("main").inner_text()
            look(page, "public-figures")
            assert page.get_by_role("link", name="Bulan berikutnya").count() == 0, "the month that it is is not over"
            page.get_by_role("link", name="Bulan sebelumnya").click()
            assert page.get_by_role("link", name="Bulan berikutnya").count() == 1

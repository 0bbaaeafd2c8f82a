"""A head's day on the smallest screen; then an administrator's table of heads, and a message that failed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg2
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deploy.demo import cast, papers
from deploy.demo.client import Person, wait_for
from deploy.demo.story import Story
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.browser.looking import DESK, PHONE, SMALL, look, person, signed_in
from tests.e2e.test_signing_in import code_sent_to

HEAD_PHONE = "0812 0000 0023"
"""Of the head of RT 023 RW 005 in the sample data."""
MAT: Story = next(story for story in cast.STORIES if story.name == "mat")
WHO = {**MAT.applicant, "name": "Cik Amah binti Cek Mat", "nik": "1671104908810003", "sex": "P"}


class Counter:
    """An officer who takes in a case at the counter, by the API."""

    def __init__(self, stack: Stack) -> None:
        self.officer = Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "officer"))
        details = {name: value for name, value in MAT.details.items() if name != "witnesses"}
        contact = {"name": WHO["name"], "phone": "0812 7100 0301"}
        body = {"service": "SITU", "applicant": WHO, "contact": contact, "details": details}
        self.at = f"/v1/applications/{self.officer.post('/v1/applications', body)['id']}"
        self.officer.post(f"{self.at}/introduction", {"purpose": "Surat keterangan tempat usaha"})

    def hand_in(self) -> None:
        """The photographs, the consent that neighbours see it, and the receipt."""
        made = papers.make_all(
            {MAT.paper_key(code): spec for code, spec in MAT.papers.items()}, Path(".local") / "papers"
        )
        for code, spec in MAT.papers.items():
            self.officer.upload(f"{self.at}/files", code, made[MAT.paper_key(code)], papers.content_type(spec))
        self._until(lambda case: all(file["status"] == "ready" for file in case["files"]), "photos looked at")
        [asked] = [one for one in self.officer.get(f"{self.at}/consents")["items"] if one["kind"] == "neighbours"]
        given = {"given": True, "text_version": asked["asked_version"]}
        self.officer.put(f"{self.at}/consents/neighbours", given)
        self._until(lambda case: case["introduction"]["status"] == "granted", "introduction granted")
        self.officer.post(f"{self.at}/submission")
        self.officer.post(f"{self.at}/receipt")

    def _until(self, holds: Any, what: str) -> None:
        wait_for(lambda: holds(self.officer.get(self.at)) or None, what)


@pytest.fixture(scope="module")
def counter(stack: Stack) -> Counter:
    return Counter(stack)


def come_in(browsing: BrowserContext, stack: Stack) -> Page:
    page = browsing.new_page()
    page.goto(f"{stack.base_url}/masuk")
    page.get_by_label("Kelurahan").select_option(label="Bukit Sangkal")
    page.get_by_label("Nomor HP").fill(HEAD_PHONE)
    page.get_by_role("button", name="Kirim kode").click()
    page.get_by_label("Kode").fill(code_sent_to(stack, HEAD_PHONE))
    page.get_by_role("button", name="Masuk").click()
    return page


def open_task(page: Page, stack: Stack, name: str) -> None:
    """The task about Cik Amah, once it has arrived."""
    link = page.get_by_role("link", name=f"{name}: {WHO['name']}")

    def there() -> bool | None:
        page.goto(f"{stack.base_url}/verification/tugas")
        return link.count() > 0 or None

    wait_for(there, f"the task {name!r}")
    link.first.click()


def said(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_have_text(words)


def test_a_head_answers_what_he_is_asked_on_a_small_phone(counter: Counter, stack: Stack, browser: Browser) -> None:
    with person(browser, SMALL) as browsing:
        page = come_in(browsing, stack)
        expect(page.get_by_role("heading", level=1)).to_have_text("Tugas Anda")
        open_task(page, stack, "Permohonan pengantar RT")
        look(page, "head-introduction")
        page.get_by_label("Saya menolak").check()
        page.get_by_text("Alasan, bila menolak").click()
        page.get_by_label("Penjelasan singkat").fill("Belum pernah bertemu")
        page.get_by_role("button", name="Kirim keputusan").click()
        assert page.get_by_role("alert").is_visible()
        assert page.get_by_label("Penjelasan singkat").input_value() == "Belum pernah bertemu"
        assert page.get_by_label("Saya menolak").is_checked()
        look(page, "head-introduction-wrong")
        page.get_by_label("Ya, saya beri pengantar").check()
        page.get_by_role("button", name="Kirim keputusan").click()
        said(page, "Tersimpan. Terima kasih.")

        counter.hand_in()
        open_task(page, stack, "Periksa dokumen warga")
        look(page, "head-attestation")
        page.locator('[name="verdicts-0-verdict"][value="genuine"]').check()
        page.locator('[name="verdicts-1-verdict"][value="doubtful"]').check()
        page.get_by_role("button", name="Kirim penilaian").click()
        assert page.locator('[name="verdicts-1-verdict"][value="doubtful"]').is_checked()
        look(page, "head-attestation-wrong")
        page.locator('[name="verdicts-1-verdict"][value="genuine"]').check()
        for number in range(4):
            if number == 3:
                page.locator(f'[name="witnesses-{number}-absent"]').check()
                continue
            page.locator(f'[name="witnesses-{number}-name"]').fill(f"Tetangga {number}")
            page.locator(f'[name="witnesses-{number}-phone"]').fill(f"0812 7100 031{number}")
        page.get_by_role("button", name="Kirim penilaian").click()
        said(page, "Tersimpan. Terima kasih.")
        look(page, "head-attestation-judged")

        page.goto(f"{stack.base_url}/verification/tugas")
        look(page, "head-tasks")
        page.get_by_role("link", name="Saya sedang tidak di tempat").click()
        page.get_by_role("button", name="Simpan").click()
        assert page.get_by_role("group", name="Sampai tanggal").get_attribute("aria-invalid") == "true"
        type_day(page, "Sampai tanggal", Person(stack.base_url).get("/v1/clock")["now"][:10])
        page.get_by_role("button", name="Simpan").click()
        said(page, "Tersimpan. Selamat jalan.")
        look(page, "head-away")
        page.get_by_role("button", name="Saya sudah kembali").click()
        said(page, "Tersimpan. Selamat bertugas kembali.")

        page.get_by_role("link", name="Kembali ke daftar tugas").click()
        page.get_by_role("link", name="Beri pengantar untuk warga").click()
        page.get_by_label("Nama warga").fill("Nyimas Contoh")
        page.get_by_role("button", name="Beri pengantar").click()
        assert page.get_by_label("Nama warga").input_value() == "Nyimas Contoh"
        look(page, "head-introduce-wrong")
        page.get_by_label("Nomor HP warga").fill("0812 7100 0399")
        page.get_by_label("Keperluan").fill("Mengurus Kartu Keluarga")
        page.get_by_role("button", name="Beri pengantar").click()
        said(page, "Pengantar sudah tercatat. Warga diberi tahu lewat pesan.")
        look(page, "head-introduced")


def test_an_officer_sees_what_heads_and_neighbours_were_asked(counter: Counter, stack: Stack, browser: Browser) -> None:
    case = counter.at.rpartition("/")[2]
    for size in (PHONE, DESK):
        with signed_in(person(browser, size), stack, "officer") as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/verification/tugas?permohonan={case}")
            look(page, "officer-tasks-of-case")
            page.get_by_role("link", name="Periksa dokumen warga").click()
            look(page, "officer-attestation")
            page.get_by_role("link", name="Catat jawaban Tetangga 0").click()
            look(page, "officer-statement")
            page.get_by_label("Benar, saya tidak keberatan").check()
            page.get_by_role("button", name="Kirim jawaban").click()
            said(page, "Tersimpan. Terima kasih.")
            page.goto(f"{stack.base_url}/verification/tugas")
            look(page, "officer-tasks")


def test_an_administrator_reads_what_is_wrong_with_a_table_and_mends_it(stack: Stack, browser: Browser) -> None:
    right = "rw,rt,role,name,phone,from_date\n009,091,rt_head,Marzuki Contoh,0812 7100 0391,2026-01-01\n"
    wrong = right + "009,x,rt_head,Komar Contoh,0812 7100 0392,2026-01-01\n009,093,ketua,Nangcik Contoh,12,kemarin\n"
    with signed_in(person(browser, DESK), stack, "administrator") as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/verification/wilayah?rw=009")
        look(page, "places")
        page.get_by_role("link", name="Impor tabel").click()
        look(page, "import")
        send_table(page, wrong)
        rows = page.locator("#laporan tbody tr").all_inner_texts()
        assert [row.split()[:2] for row in rows] == [["3", "rt"], ["4", "role"], ["4", "phone"], ["4", "from_date"]]
        look(page, "import-wrong")
        send_table(page, right)
        assert "Akan ditambahkan" in page.locator("#laporan").inner_text()
        look(page, "import-looked-at")
        page.get_by_label("Periksa saja").uncheck()
        send_table(page, right)
        said(page, "Tabel tersimpan: 1 baris baru, 0 berubah, 0 sudah ada.")
        page.goto(f"{stack.base_url}/verification/wilayah/009/091")
        look(page, "place")
        page.get_by_role("link", name="Marzuki Contoh").click()
        look(page, "holder")
        type_day(page, "Hari terakhir menjabat", "2025-12-")
        page.get_by_role("button", name="Simpan masa jabatan").click()
        assert page.get_by_role("group", name="Hari terakhir menjabat").get_attribute("aria-invalid") == "true"
        look(page, "holder-wrong")
        page.goto(f"{stack.base_url}/verification/pejabat?rw=009")
        look(page, "holders")
        page.get_by_role("link", name="Tambah ketua atau wakil").click()
        page.get_by_role("button", name="Simpan").click()
        look(page, "holder-new-wrong")
    with signed_in(person(browser, PHONE), stack, "administrator") as browsing:
        page = browsing.new_page()
        for address, name in (
            ("wilayah?rw=009", "places"), ("wilayah/impor", "import"), ("wilayah/009/091", "place"),
            ("pejabat?rw=009", "holders"), ("pejabat/baru", "holder-new"),
        ):  # fmt: skip
            page.goto(f"{stack.base_url}/verification/{address}")
            look(page, name)


def type_day(page: Page, legend: str, day: str) -> None:
    fields = page.get_by_role("group", name=legend)
    for label, part in zip(("Tahun", "Bulan", "Hari"), day.split("-"), strict=True):
        fields.get_by_label(label).fill(part)


def send_table(page: Page, text: str) -> None:
    page.set_input_files("#file", {"name": "wilayah.csv", "mimeType": "text/csv", "buffer": text.encode()})
    page.get_by_role("button", name="Kirim tabel").click()


def test_an_officer_sends_a_message_that_failed_once_more(counter: Counter, stack: Stack, browser: Browser) -> None:
    case = counter.at.rpartition("/")[2]
    fail_one(stack, case)
    for size in (PHONE, DESK):
        with signed_in(person(browser, size), stack, "officer") as browsing:
            page = browsing.new_page()
            page.goto(f"{stack.base_url}/notify/pesan")
            look(page, "messages-failed" if size == PHONE else "messages-none-failed")
            page.goto(f"{stack.base_url}/notify/pesan?permohonan={case}")
            look(page, "messages-of-case")
            if size == PHONE:
                page.goto(f"{stack.base_url}/notify/pesan")
                page.locator("main section.card a").first.click()
                look(page, "message-failed")
                page.get_by_role("button", name="Kirim lagi").click()
                said(page, "Pesan akan dikirim lagi.")
    with signed_in(person(browser, PHONE), stack, "administrator") as browsing:
        page = browsing.new_page()
        page.goto(f"{stack.base_url}/notify/pesan/cari")
        page.get_by_label("Nomor HP").fill("12")
        page.get_by_role("button", name="Cari").click()
        look(page, "message-search-wrong")
        page.get_by_label("Nomor HP").fill("0812 7100 0301")
        page.get_by_role("button", name="Cari").click()
        assert page.locator("main section.card").count() > 0
        look(page, "message-search")


def fail_one(stack: Stack, case: str) -> None:
    """As the worker does when the channel will not take it: the mailbox takes everything."""
    connection = psycopg2.connect(stack.database_url("notify", "owner"))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', '*', true)")
        cursor.execute(
            "UPDATE message SET status = 'failed', failure = 'nomor tidak dikenal', attempts = 12 WHERE id ="
            " (SELECT id FROM message WHERE application_id = %s ORDER BY number DESC LIMIT 1)",
            [case],
        )
        assert cursor.rowcount == 1
    connection.close()

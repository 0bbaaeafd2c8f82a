"""Pages that one signs in to, from a browser."""

from __future__ import annotations

import re

import psycopg2
from playwright.sync_api import Browser

from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.token import token_for
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


def test_an_officer_sees_whom_the_office_answers_itself_and_what_a_number_of_ours_lacks(
    stack: Stack, browser: Browser
) -> None:
    _as_a_channel_left_it(stack)
    try:
        for size in (PHONE, DESK):
            with signed_in(person(browser, size), stack, "officer") as browsing:
                page = browsing.new_page()
                page.goto(f"{stack.base_url}/notify/pesan")
                said = page.get_by_role("main").inner_text()
                assert "sedang tertahan" in said and "Rp" in said
                look(page, "messages-held-back")
                page.get_by_role("link", name="Percakapan dan STOP").click()
                look(page, "contacts-none" if size == DESK else "contacts-answered")
                if size == PHONE:
                    page.get_by_role("button", name="Biarkan sistem menjawab lagi").click()
                    assert page.get_by_role("status").is_visible()
                page.get_by_label("Tampilkan siapa").select_option(label="Tidak mau pesan WhatsApp")
                page.get_by_role("button", name="Tampilkan").click()
                look(page, "contacts-stopped")
    finally:
        _in_notify(stack, "DELETE FROM outage; DELETE FROM message_cost WHERE sender = 'contoh'")


def _as_a_channel_left_it(stack: Stack) -> None:
    """Nothing goes out from a number of the office's, which has paid for messages; somebody is answered by hand, and
    somebody said STOP."""
    administrator = Person(stack.base_url, token_for(stack.token_key_file.read_text("ascii"), "administrator"))
    for phone, words in (("+6281271000492", "STOP"), ("+6281271000491", "Halo")):
        administrator.post("/v1/messages/incoming", {"phone": phone, "text": words})
    _in_notify(
        stack,
        "UPDATE contact SET answered_until = '2030-01-01' WHERE id = (SELECT id FROM contact"
        " ORDER BY id DESC LIMIT 1);"
        "INSERT INTO outage (kelurahan, channel, sender, parked, reason, probe_at) VALUES ('16.71.10.1001', 'whatsapp',"
        " 'contoh', true, 'WhatsApp 190', now());"
        "INSERT INTO message_cost (kelurahan, day, channel, sender, category, messages, price)"
        " SELECT '16.71.10.1001', month, 'whatsapp', 'contoh', 'utility', 12, 4284"
        " FROM generate_series('2026-01-01'::timestamp, '2029-12-01', '1 month') AS month",  # whatever its clock says
    )


def _in_notify(stack: Stack, sql: str) -> None:
    connection = psycopg2.connect(stack.database_url("notify", "owner"))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', '*', true)")
        cursor.execute(sql)
    connection.close()

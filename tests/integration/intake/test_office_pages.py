"""The office's data and its calendar on pages: what a form does not have stays as it is; nobody overwrites another."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from html import unescape
from re import DOTALL, findall
from typing import Any

import pytest

from contracts.starting import whatsapp_link
from intake.offices import shipped_office
from tests.integration.intake.by_page import at_desk, form_to
from tests.support.browsing import Browser, Form
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

OFFICE, CALENDAR = "/intake/kantor", "/intake/kalender"


@pytest.fixture(autouse=True)
def as_shipped(intake: InProcess) -> Iterator[None]:
    yield
    shipped = copy.deepcopy(dict(shipped_office(BUKIT_SANGKAL)))
    assert intake.call("PUT", f"/v1/offices/{BUKIT_SANGKAL}", "administrator", json=shipped).status_code == 200
    intake.work()


@pytest.fixture
def administrator(intake: InProcess) -> Browser:
    return at_desk(intake, "administrator")


def office(intake: InProcess) -> dict[str, Any]:
    found: dict[str, Any] = intake.call("GET", f"/v1/offices/{BUKIT_SANGKAL}").json
    return found


def part(who: Browser, slug: str) -> Form:
    shown = who.open(f"{OFFICE}/{slug}")
    assert shown.status_code == 200
    return form_to(shown.text, f"{OFFICE}/{slug}")


@pytest.mark.parametrize("slug", ["alamat", "pejabat", "surat", "aturan", "simpan"])
def test_a_part_that_is_sent_as_it_stands_changes_nothing(intake: InProcess, administrator: Browser, slug: str) -> None:
    before = office(intake)
    page = administrator.open(f"{OFFICE}/{slug}").text
    sent = administrator.send(part(administrator, slug), as_it_stands(page))
    assert sent.status_code == 303, sent.text
    assert said(office(intake)) == said(before)


def said(data: Any) -> Any:
    """The data without what is null, which says as much as what is not there."""
    if isinstance(data, dict):
        return {name: said(value) for name, value in data.items() if value is not None}
    return [said(one) for one in data] if isinstance(data, list) else data


def test_the_way_of_signing_that_is_usual_stands_first(intake: InProcess, administrator: Browser) -> None:
    page = administrator.open(f"{OFFICE}/surat").text
    sent = as_it_stands(page) | {"signing-methods-first": "by_hand"}
    assert administrator.send(form_to(page, f"{OFFICE}/surat"), sent).status_code == 303
    assert office(intake)["signing"]["methods"] == ["by_hand", "certificate"]


def test_an_office_may_have_no_courier(intake: InProcess, administrator: Browser) -> None:
    page = administrator.open(f"{OFFICE}/aturan").text
    sent = as_it_stands(page) | {"courier-name": ""}
    assert administrator.send(form_to(page, f"{OFFICE}/aturan"), sent).status_code == 303
    assert office(intake).get("courier") is None


def as_it_stands(page: str) -> dict[str, Any]:
    """What browsers send besides inputs: areas of text, and what is chosen of a list."""
    areas = findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>(.*?)</textarea>', page, DOTALL)
    found: dict[str, Any] = {name: unescape(text) for name, text in areas}
    for name, options in findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page, DOTALL):
        values = findall(r'<option value="([^"]*)"( selected)?>', options)
        found[name] = next((value for value, chosen in values if chosen), values[0][0])
    if "signing-methods" in page:
        found["signing-methods"] = findall(r'name="signing-methods" value="([^"]+)" checked', page)
    return found


def test_an_address_is_changed_and_what_is_empty_is_asked_for(intake: InProcess, administrator: Browser) -> None:
    form = part(administrator, "alamat")
    zone = {"zone": "Asia/Jakarta"}
    wrong = administrator.send(form, zone | {"address-street": "", "name": "Bukit <b>"})
    assert wrong.status_code == 422 and 'href="#address-street"' in wrong.text and "Harus diisi." in wrong.text
    assert ("name", "Bukit <b>") in form_to(wrong.text, f"{OFFICE}/alamat").fields and "<b>" not in wrong.text
    assert administrator.send(form, zone | {"address-street": "Jalan Mawar Nomor 9"}).status_code == 303
    assert office(intake)["address"]["street"] == "Jalan Mawar Nomor 9"
    assert "Jalan Mawar Nomor 9" in administrator.open(OFFICE).text


def test_of_two_who_change_the_office_the_second_is_told(intake: InProcess, administrator: Browser) -> None:
    zone = {"zone": "Asia/Jakarta"}
    mine, hers = part(administrator, "alamat"), part(administrator, "alamat")
    assert administrator.send(mine, zone | {"address-street": "Jalan Satu"}).status_code == 303
    late = administrator.send(hers, zone | {"address-street": "Jalan Dua"})
    assert late.status_code == 412 and "Jalan Dua" in late.text and "Sudah diubah orang lain" in late.text
    assert office(intake)["address"]["street"] == "Jalan Satu"


def test_a_second_tap_is_not_somebody_else(intake: InProcess, administrator: Browser) -> None:
    form, sent = part(administrator, "alamat"), {"zone": "Asia/Jakarta", "address-street": "Jalan Tiga"}
    assert [administrator.send(form, sent).status_code for _ in range(2)] == [303, 303]


def test_an_official_is_added_and_a_term_that_overlaps_is_told_at_its_field(
    intake: InProcess, administrator: Browser
) -> None:
    page = administrator.open(f"{OFFICE}/pejabat").text
    sent = as_it_stands(page) | {
        "officials-3-role": "lurah", "officials-3-name": "Drs. Kgs. Umar", "officials-3-from": "2027-01-01",
        "officials-3-position": "Lurah Bukit Sangkal",
    }  # fmt: skip
    form = form_to(page, f"{OFFICE}/pejabat")
    wrong = administrator.send(form, sent)
    assert wrong.status_code == 422 and 'href="#officials-3-from"' in wrong.text and "bertumpang tindih" in wrong.text
    done = administrator.send(form, sent | {"officials-0-to": "2026-12-31"})
    assert done.status_code == 303, done.text
    assert [one["name"] for one in office(intake)["officials"]][-1] == "Drs. Kgs. Umar"


def test_a_number_that_is_none_is_told(administrator: Browser) -> None:
    wrong = administrator.send(
        part(administrator, "aturan"), {"helpers-daily_limit": "lima", "courier-payer": "applicant"}
    )
    assert wrong.status_code == 422 and "Isi dengan angka." in wrong.text
    assert ("helpers-daily_limit", "lima") in form_to(wrong.text, f"{OFFICE}/aturan").fields


def test_there_is_no_other_part(administrator: Browser) -> None:
    assert administrator.open(f"{OFFICE}/rahasia").status_code == 404


# --- the calendar -----------------------------------------------------------------------------------------------------


def add(who: Browser, kind: str, **typed: str) -> Any:
    form = form_to(who.open(CALENDAR).text, f"{CALENDAR}/{kind}")
    return who.send(form, {f"{kind}-{name}": value for name, value in typed.items()})


def test_a_closure_stands_among_the_days_off_and_moves_promises(intake: InProcess, administrator: Browser) -> None:
    today = intake.clock.now().date()
    before = administrator.open(CALENDAR).text
    sent = add(administrator, "tutup", name="Banjir <b>", first_day=str(today), last_day=f"{today.year + 1}-01-15")
    assert sent.status_code == 303, sent.text
    after = administrator.go_on(sent).text
    assert "Banjir &lt;b&gt; (kantor tutup)" in after and "Banjir" not in before
    assert f"Januari {today.year + 1}, pukul 16.00" in after.partition("Janji untuk")[2]
    closures = office(intake)["calendar"]["closures"]
    assert [one["name"] for one in closures] == ["Banjir <b>"]
    taken = administrator.send(form_to(after, f"{CALENDAR}/tutup/0/hapus"), {})
    assert taken.status_code == 303 and office(intake)["calendar"]["closures"] == []


def test_a_closure_of_one_day_and_one_without_an_end(intake: InProcess, administrator: Browser) -> None:
    assert add(administrator, "tutup", name="Pindah kantor", first_day="2027-03-01").status_code == 303
    assert add(administrator, "tamu", name="Perbaikan loket", first_day="2027-03-01", open="true").status_code == 303
    calendar = office(intake)["calendar"]
    assert calendar["closures"][0]["last_day"] == "2027-03-01"
    assert calendar["closed_to_visitors"][0]["last_day"] is None


def test_a_holiday_of_the_office_is_added(intake: InProcess, administrator: Browser) -> None:
    day = "2026-12-28"
    assert add(administrator, "libur", name="Cuti bersama", date=day, cuti_bersama="true").status_code == 303
    assert office(intake)["calendar"]["holidays_added"] == [{"name": "Cuti bersama", "date": day, "cuti_bersama": True}]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "", "first_day": "2027-03-01"}, "tutup-name"),
        ({"name": "Libur", "first_day": ""}, "tutup-first_day"),
        ({"name": "Libur", "first_day": "besok"}, "tutup-first_day"),
        ({"name": "Libur", "first_day": "2027-02-30"}, "tutup-first_day"),
        ({"name": "Libur", "first_day": "2027-03-05", "last_day": "2027-03-01"}, "tutup-first_day"),
    ],
)
def test_what_is_wrong_with_a_closure_is_told_at_its_field(
    administrator: Browser, typed: dict[str, str], field: str
) -> None:
    wrong = add(administrator, "tutup", **typed)
    assert wrong.status_code == 422 and f'href="#{field}"' in wrong.text, wrong.text
    kept = form_to(wrong.text, f"{CALENDAR}/tutup").fields
    assert all((f"tutup-{name}", value) in kept for name, value in typed.items())


def test_another_offices_administrator_changes_his_own(intake: InProcess) -> None:
    other = at_desk(intake, "administrator", tenant="16.71.10.1999")
    assert other.open(OFFICE).status_code == 404
    assert other.open(CALENDAR).status_code == 404


# --- the number that leaflets print -----------------------------------------------------------------------------------


def test_with_a_whatsapp_number_a_service_is_begun_there_and_without_one_on_its_page(
    intake: InProcess, administrator: Browser
) -> None:
    service = f"/layanan/{BUKIT_SANGKAL}/KTP"
    assert "wa.me" not in administrator.open(service).text
    page = administrator.open(f"{OFFICE}/alamat").text
    typed = as_it_stands(page) | {"address-whatsapp": "0812-3456-7890"}
    assert administrator.send(part(administrator, "alamat"), typed).status_code == 303
    assert office(intake)["address"]["whatsapp"] == "0812-3456-7890"
    [told] = intake.told("office.changed", latest=1)
    assert told["data"]["office"]["address"]["whatsapp"] == "0812-3456-7890"
    shown = unescape(administrator.open(service).text)
    assert whatsapp_link("0812-3456-7890", "Pengantar KTP-el") in shown
    for kind in ("picture", "notice", "sop"):
        assert f'href="/v1/leaflets/{BUKIT_SANGKAL}/KTP/{kind}"' in shown


def test_a_landline_is_no_whatsapp_number(intake: InProcess, administrator: Browser) -> None:
    page = administrator.open(f"{OFFICE}/alamat").text
    typed = as_it_stands(page) | {"address-whatsapp": "0711 353535"}
    refused = administrator.send(part(administrator, "alamat"), typed)
    assert refused.status_code == 422 and "Tulis nomor HP, seperti 0812-3456-7890." in refused.text
    data = copy.deepcopy(dict(shipped_office(BUKIT_SANGKAL)))
    data["address"]["whatsapp"] = "0711 353535"
    answer = intake.call("PUT", f"/v1/offices/{BUKIT_SANGKAL}", "administrator", json=data)
    assert answer.status_code == 422 and "address" in answer.json["errors"]["json"]

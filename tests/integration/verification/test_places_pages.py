"""Pages of neighbourhoods and who heads them: a table with its report, a term, days away, sheets for enrolling."""

from __future__ import annotations

import csv
import io
import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from kit.pages.forms import CSRF_COOKIE
from kit.pages.session import ACCESS_COOKIE
from tests.integration.verification.test_task_pages import form_to, plain
from tests.support.browsing import HERE, HTML, Browser, Form, day_typed, signed_in
from tests.support.services import InProcess
from tests.support.tokens import KALIDONI
from tests.support.verification import publish_office
from verification.usecases import importing

pytestmark = pytest.mark.timeout(120)

PLACES, HOLDERS = "/verification/wilayah", "/verification/pejabat"
HEADER = "rw,rt,role,name,phone,from_date"
_rws = itertools.count(701)


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> None:
    publish_office(verification)


@pytest.fixture
def admin(verification: InProcess) -> Browser:
    return signed_in(verification, "administrator")


@pytest.fixture
def rw() -> str:
    return str(next(_rws))


def table(*lines: str) -> bytes:
    return "\r\n".join([HEADER, *lines, ""]).encode()


def hand_in(browser: Browser, content: bytes, **typed: str) -> Any:
    return send_table(browser, import_form(browser) | typed, content)


def import_form(browser: Browser) -> dict[str, str]:
    form = form_to(browser.open(f"{PLACES}/impor").text, f"{PLACES}/impor")
    return {name: value for name, value in form.fields if name not in ("file", "dry_run")}


def send_table(browser: Browser, fields: dict[str, str], content: bytes) -> Any:
    data = {**fields, "file": (io.BytesIO(content), "wilayah.csv")}
    return browser.client.post(
        f"{PLACES}/impor", data=data, content_type="multipart/form-data", headers=HTML | HERE,
        base_url="https://kelurahan.example",
    )  # fmt: skip


def there(verification: InProcess, rw: str) -> int:
    return len(verification.rows("SELECT 1 FROM neighbourhood WHERE rw = %s", [rw]))


# --- neighbourhoods -------------------------------------------------------------------------------------------------


def test_an_rt_is_added_and_the_list_says_that_nobody_decides_there(
    verification: InProcess, admin: Browser, rw: str
) -> None:
    form = form_to(admin.open(PLACES).text, PLACES)
    sent = admin.send(form, {"rw": rw, "rt": "RT 7"})
    assert (sent.status_code, sent.headers["Location"]) == (303, f"{PLACES}/{rw}/007")
    assert "Belum ada; petugas yang memutuskan" in admin.go_on(sent).text
    assert f"{PLACES}/{rw}/007" in admin.open(f"{PLACES}?rw={rw}").text
    wrong = admin.send(form, {"rw": rw, "rt": "tujuh"})
    assert wrong.status_code == 422 and 'href="#rt"' in wrong.text and 'value="tujuh"' in wrong.text


def test_an_rt_that_is_not_there_or_in_another_office_is_not_found(verification: InProcess, admin: Browser) -> None:
    assert admin.open(f"{PLACES}/005/023").status_code == 200
    assert admin.open(f"{PLACES}/998/001").status_code == 404
    elsewhere = signed_in(verification, "administrator", tenant=KALIDONI)
    assert elsewhere.open(f"{PLACES}/005/023").status_code == 404


def test_an_officer_looks_and_is_offered_no_change(verification: InProcess) -> None:
    officer = signed_in(verification, "officer")
    for path in (PLACES, f"{PLACES}/005/023", HOLDERS):
        text = officer.open(path).text
        assert "M. Yusuf Effendi" in text or path == HOLDERS
        assert "/impor" not in text and "/baru" not in text and "/undangan" not in text
    assert officer.open(f"{PLACES}/impor").status_code == 403


# --- a table --------------------------------------------------------------------------------------------------------


def test_each_wrong_line_is_named_with_its_column_and_nothing_is_kept(
    verification: InProcess, admin: Browser, rw: str
) -> None:
    wrong = hand_in(
        admin,
        table(
            f"{rw},1,rt_head,Marzuki,0812000{rw}01,2026-01-01",
            f"{rw},x,rt_head,Komar,0812000{rw}02,2026-01-01",
            f"{rw},3,rt_head,<b>Nangcik,12,2026-01-01",
        ),
    )
    assert wrong.status_code == 422 and "<b>" not in wrong.text
    text = plain(wrong.text)
    assert '<td>3</td><th scope="row">rt</th> <td>RT ditulis sebagai angka' in text
    assert '<td>4</td><th scope="row">phone</th> <td>Nomor HP tidak benar' in text
    assert there(verification, rw) == 0


def test_a_table_is_looked_at_first_and_kept_when_that_is_wanted(
    verification: InProcess, admin: Browser, rw: str
) -> None:
    content = table(f"{rw},1,rt_head,Marzuki,0812000{rw}01,2026-01-01", f"{rw},2,,,,")
    looked = hand_in(admin, content, dry_run="true")
    assert looked.status_code == 200 and looked.text.count("Akan ditambahkan") == 2
    assert there(verification, rw) == 0
    kept = hand_in(admin, content)
    assert (kept.status_code, kept.headers["Location"]) == (303, PLACES)
    assert "2 baris baru, 0 berubah, 0 sudah ada" in admin.go_on(kept).text
    assert there(verification, rw) == 2
    assert "Sudah ada; tidak berubah" in hand_in(admin, content, dry_run="true").text


def test_a_table_that_is_sent_twice_at_one_instant_is_imported_once_and_both_are_told_so(
    verification: InProcess, admin: Browser, rw: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    under_way, real = Event(), importing.import_table
    imports: list[Any] = []

    def slow(*args: Any, **kwargs: Any) -> Any:
        imports.append(args)
        under_way.set()
        time.sleep(1.0)  # the second tap comes meanwhile
        return real(*args, **kwargs)

    monkeypatch.setattr(importing, "import_table", slow)
    fields, content, second_tap = import_form(admin), table(f"{rw},1,,,,", f"{rw},2,,,,"), same_browser(admin)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(send_table, admin, fields, content)
        assert under_way.wait(10)
        second = send_table(second_tap, fields, content)
    for answer, somebody in ((first.result(), admin), (second, second_tap)):
        assert (answer.status_code, answer.headers.get("Location")) == (303, PLACES), answer.text
        assert "2 baris baru, 0 berubah, 0 sudah ada" in somebody.go_on(answer).text
    assert len(imports) == 1 and there(verification, rw) == 2


def same_browser(somebody: Browser) -> Browser:
    """For a second request beside the first; one client sends one after the other."""
    made = Browser(somebody.client.application.test_client())
    for name in (ACCESS_COOKIE, CSRF_COOKIE):
        made.client.set_cookie(name, somebody.cookie(name) or "", domain="kelurahan.example", secure=True)
    return made


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 422, "Baris pertama harus menyebut kolom"), (b"\xff\xfe", 422, "UTF-8"),
        (b"rw,rt\r\n1,2\r\n", 422, "Baris pertama harus menyebut kolom"), (b"x" * 1_000_001, 413, "terlalu besar"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_such_table_says_what_to_do(admin: Browser, content: bytes, status: int, said: str) -> None:
    wrong = hand_in(admin, content)
    assert wrong.status_code == status and said in wrong.text and "<form" in wrong.text


def test_a_table_from_another_site_is_not_taken(verification: InProcess, admin: Browser, rw: str) -> None:
    assert hand_in(admin, table(f"{rw},1,,,,"), csrf="guessed").status_code == 403
    assert there(verification, rw) == 0


def test_what_is_downloaded_can_be_handed_in_again(admin: Browser) -> None:
    file = admin.open(f"{PLACES}/ekspor")
    assert "attachment" in file.headers["Content-Disposition"] and file.mimetype == "text/csv"
    assert list(csv.DictReader(io.StringIO(file.text)))
    assert "Akan" not in hand_in(admin, file.data, dry_run="true").text


# --- who heads them -------------------------------------------------------------------------------------------------


def entered(admin: Browser, rw: str, **typed: str) -> Any:
    form = form_to(admin.open(f"{HOLDERS}/baru?rw={rw}&rt=001").text, f"{HOLDERS}/baru")
    assert ("rw", rw) in form.fields
    person = {"role": "rt_head", "name": "Marzuki", "phone": f"0812000{rw}01"} | day_typed("from_date", "2026-01-01")
    return admin.send(form, person | typed)


@pytest.fixture
def holder(admin: Browser, rw: str) -> str:
    """Where the head of a new RT is shown."""
    admin.send(form_to(admin.open(PLACES).text, PLACES), {"rw": rw, "rt": "1"})
    sent = entered(admin, rw)
    assert sent.status_code == 303, sent.text
    return str(sent.headers["Location"])


def test_somebody_takes_office_and_is_shown(admin: Browser, holder: str, rw: str) -> None:
    text = plain(admin.open(holder).text)
    assert "Marzuki" in text and "Sejak Kamis, 1 Januari 2026" in text and "belum dipastikan" in text
    assert "Marzuki" in admin.open(f"{PLACES}/{rw}/001").text
    taken = entered(admin, rw, name="Komar <i>", phone=f"0812000{rw}02")
    assert taken.status_code == 409 and "Jabatan sudah terisi" in taken.text and "<i>" not in taken.text
    assert ("name", "Komar <i>") in form_to(taken.text, f"{HOLDERS}/baru").fields


def test_what_is_missing_of_an_officeholder_is_named_and_the_rest_is_kept(admin: Browser, rw: str) -> None:
    half = day_typed("to_date", "2026--31")
    wrong = entered(admin, rw, phone="12", role="", **day_typed("from_date", ""), **half)
    assert wrong.status_code == 422
    assert all(f'href="#{name}"' in wrong.text for name in ("phone", "from_date", "to_date", "role"))
    assert half.items() <= dict(form_to(wrong.text, f"{HOLDERS}/baru").fields).items()
    assert ("name", "Marzuki") in form_to(wrong.text, f"{HOLDERS}/baru").fields


def test_a_term_is_ended_and_whoever_looked_at_an_older_state_is_told(admin: Browser, holder: str) -> None:
    old = form_to(admin.open(holder).text, f"{holder}/masa")
    assert admin.send(old, day_typed("to_date", "2026-12-31")).status_code == 303
    assert "sampai Kamis, 31 Desember 2026" in plain(admin.open(holder).text)
    again = {name: value for name, value in old.fields if name != "once"}
    late = admin.post(f"{holder}/masa", again | day_typed("to_date", "2027-12-31") | {"once": "another-tap"})
    assert late.status_code == 412 and "Sudah diubah orang lain" in late.text
    assert ("to_date-tahun", "2027") in form_to(late.text, f"{holder}/masa").fields


@pytest.mark.parametrize("typed", ["2025-01-01", "2027--31", "2027-02-31", ""])
def test_a_last_day_that_is_none_or_half_typed_changes_nothing(admin: Browser, holder: str, typed: str) -> None:
    admin.send(form_to(admin.open(holder).text, f"{holder}/masa"), day_typed("to_date", "2026-12-31"))
    wrong = admin.send(form_to(admin.open(holder).text, f"{holder}/masa"), day_typed("to_date", typed))
    assert wrong.status_code == 422 and 'href="#to_date"' in wrong.text
    assert "sampai Kamis, 31 Desember 2026" in plain(admin.open(holder).text)


def test_a_term_is_opened_again_by_its_own_button_alone(admin: Browser, holder: str) -> None:
    assert 'name="buka"' not in admin.open(holder).text
    admin.send(form_to(admin.open(holder).text, f"{holder}/masa"), day_typed("to_date", "2026-12-31"))
    shown = admin.open(holder).text
    opened = admin.send(form_to(shown, f"{holder}/masa"), {"buka": "ya"})
    assert 'name="buka"' in shown and opened.status_code == 303
    text = plain(admin.go_on(opened).text)
    assert "Masa jabatan dibuka lagi." in text and "31 Desember 2026" not in text


def test_an_officer_says_for_him_that_he_is_away_and_back(verification: InProcess, holder: str) -> None:
    officer = signed_in(verification, "officer")
    form = form_to(officer.open(holder).text, f"{holder}/cuti")
    until = f"{verification.clock.now():%Y-%m-%d}"
    half = officer.send(form, day_typed("from", "2026-08-") | day_typed("until", until))
    assert half.status_code == 422 and 'href="#from"' in half.text
    assert officer.send(form, day_typed("until", until)).status_code == 303
    shown = officer.open(holder).text
    assert "Sudah kembali" in shown and f"{holder}/masa" not in shown
    assert officer.send(form_to(shown, f"{holder}/cuti"), {"kembali": "ya"}).status_code == 303
    assert "Sudah kembali" not in officer.open(holder).text


def test_an_officeholder_of_another_office_is_not_there(verification: InProcess, holder: str) -> None:
    elsewhere = signed_in(verification, "administrator", tenant=KALIDONI)
    assert elsewhere.open(holder).status_code == 404


def test_sheets_are_printed_for_the_rt_that_is_shown(admin: Browser, holder: str, rw: str) -> None:
    form: Form = form_to(admin.open(f"{HOLDERS}?rw={rw}&rt=001").text, f"{HOLDERS}/undangan")
    sheets = admin.send(form, {})
    assert sheets.status_code == 200 and sheets.text.count("Lembar pendaftaran nomor HP") == 1
    assert "Marzuki" in sheets.text and sheets.headers["Cache-Control"] == "no-store"
    assert ACCESS_COOKIE not in sheets.text

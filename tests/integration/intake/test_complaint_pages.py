"""Pages of complaints: what was typed stays, the secret is in no address, and nobody reads another's."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from tests.integration.intake.cast import ROHANA, YUSUF
from tests.integration.intake.test_complaints import CAMAT, WORDS, at_desk, friday, new_officer
from tests.support import files as pictures
from tests.support.browsing import Browser, browser, forms_of, signed_in
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

__all__ = ["friday"]

TYPED = {"kelurahan": BUKIT_SANGKAL, "kind": "complaint", "text": WORDS, "confidentiality": "anonymous"}


def filing(somebody: Browser, **typed: str) -> Any:
    page = somebody.open(f"/keluhan?kelurahan={BUKIT_SANGKAL}").text
    form = next(one for one in forms_of(page) if one.action == "/keluhan")
    return somebody.send(form, TYPED | typed)


def filed(somebody: Browser, **typed: str) -> str:
    """The ticket."""
    answer = filing(somebody, **typed)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).split("/")[2]


def act(somebody: Browser, ticket: str, what: str, **typed: Any) -> Any:
    page = somebody.open(f"/keluhan/{ticket}")
    form = next(one for one in forms_of(page.text) if one.action == f"/keluhan/{ticket}/{what}")
    return somebody.send(form, typed)


def test_ticket_and_secret_are_shown_at_once_and_the_secret_is_in_no_address(intake: InProcess) -> None:
    somebody = browser(intake)
    answer = filing(somebody)
    shown = somebody.open(answer.headers["Location"])
    ticket = answer.headers["Location"].split("/")[2]
    assert ticket in shown.text and shown.headers["Cache-Control"] == "no-store"
    secret = shown.text.split("Kunci</dt><dd>")[1].split(">")[1].split("<")[0]
    assert secret not in answer.headers["Location"] + str(answer.headers.getlist("Set-Cookie"))
    other = browser(intake)
    assert other.open(f"/keluhan/{ticket}/tiket").status_code == 303
    alone = other.open(f"/keluhan/{ticket}").text
    assert WORDS not in alone and "Nur&#39;aini" not in alone and "Sudah masuk" in alone
    assert other.send(forms_of(alone)[0], {"secret": secret}).status_code == 303
    assert "Nur&#39;aini" in other.open(f"/keluhan/{ticket}").text


def test_what_was_typed_stays_when_something_is_missing(intake: InProcess) -> None:
    refused = filing(browser(intake), confidentiality="open", tracking_code="PGT-00000-00000", name="")
    assert refused.status_code == 422
    assert "Nur&#39;aini" in refused.text and 'value="PGT-00000-00000"' in refused.text
    named = filing(browser(intake), name="Siti")
    assert named.status_code == 422 and "tanpa nama tidak menyimpan" in named.text.lower()


def test_a_wrong_secret_is_told_beside_the_field(intake: InProcess) -> None:
    ticket = filed(browser(intake))
    other = browser(intake)
    form = forms_of(other.open(f"/keluhan/{ticket}").text)[0]
    for typed in ("", "00000-00000"):
        refused = other.send(form, {"secret": typed})
        assert refused.status_code == 422 and "secret-salah" in refused.text
    assert other.open("/keluhan/ADU-00000-00000").status_code == 404


def test_looking_at_a_ticket_often_locks_nobody_out(intake: InProcess) -> None:
    somebody = browser(intake)
    ticket = filed(somebody)
    strangers = (browser(intake), signed_in(intake, "applicant", **YUSUF))
    assert all(one.open(f"/keluhan/{ticket}").status_code == 200 for one in strangers for _ in range(12))
    assert "Nur&#39;aini" in somebody.open(f"/keluhan/{ticket}").text


def test_a_login_reads_its_own_and_no_others(intake: InProcess) -> None:
    ticket = filed(signed_in(intake, "applicant", **ROHANA), confidentiality="open", name="Rohana")
    assert "Nur&#39;aini" in signed_in(intake, "applicant", **ROHANA).open(f"/keluhan/{ticket}").text
    assert "Nur&#39;aini" not in signed_in(intake, "applicant", **YUSUF).open(f"/keluhan/{ticket}").text


def test_photos_are_sent_and_seen_again_by_whoever_filed_it(intake: InProcess) -> None:
    somebody = browser(intake)
    ticket = filed(somebody)
    page = somebody.open(f"/keluhan/{ticket}")
    form = next(one for one in forms_of(page.text) if one.action.endswith("/foto"))
    sent = somebody.send(form, {"file": (BytesIO(pictures.jpeg()), "foto.jpg")})
    assert sent.status_code == 303, sent.text
    intake.work()
    address = next(
        part
        for part in somebody.open(f"/keluhan/{ticket}").text.split('"')
        if part.startswith(f"/keluhan/{ticket}/foto/")
    )
    assert somebody.open(address).mimetype == "image/jpeg"
    assert browser(intake).open(address).status_code == 404
    refused = somebody.send(form, {"file": (BytesIO(b"no picture"), "foto.jpg")})
    assert refused.status_code == 415 and "Foto" in refused.text


def test_all_that_may_be_done_later(intake: InProcess) -> None:
    somebody = browser(intake)
    ticket = filed(somebody)
    assert act(somebody, ticket, "tambah", text="").status_code == 422
    assert act(somebody, ticket, "tambah", text="Tanggal 18.").status_code == 303
    [row] = intake.rows("SELECT id FROM complaint WHERE ticket = %s", [ticket])
    made = {"id": str(row["id"])}
    for what, sent in (("check", {"complaint_class": "complaint"}), ("answer", {"text": "Sudah kami tegur."})):
        at_desk(intake, made, what, **sent)
    assert "Sudah kami tegur." in somebody.open(f"/keluhan/{ticket}").text
    assert act(somebody, ticket, "keberatan", text="Masih tutup.").status_code == 303
    assert act(somebody, ticket, "cabut").status_code == 303
    assert act(somebody, ticket, "hapus").status_code == 303
    intake.work()
    left = somebody.open(f"/keluhan/{ticket}")
    assert left.status_code == 200 and "Nur&#39;aini" not in left.text and "Dicabut pengirim" in left.text


def test_a_browser_that_is_left_shows_nothing_more(intake: InProcess) -> None:
    somebody = browser(intake)
    ticket = filed(somebody)
    assert act(somebody, ticket, "tutup-halaman").status_code == 303
    assert "Nur&#39;aini" not in somebody.open(f"/keluhan/{ticket}").text


def desk_act(somebody: Browser, complaint_id: str, what: str, **typed: str) -> Any:
    page = somebody.open(f"/intake/keluhan/{complaint_id}/{what}")
    form = next(one for one in forms_of(page.text) if one.action.endswith(f"/{what}"))
    return somebody.send(form, typed)


@pytest.fixture
def complaint(intake: InProcess) -> tuple[str, str]:
    ticket = filed(browser(intake))
    [row] = intake.rows("SELECT id FROM complaint WHERE ticket = %s", [ticket])
    return str(row["id"]), ticket


def test_the_desk_checks_passes_on_and_answers(intake: InProcess, complaint: tuple[str, str]) -> None:
    complaint_id, ticket = complaint
    officer = signed_in(intake, "officer")
    assert ticket in officer.open("/intake/keluhan?kind=complaint").text
    assert officer.open("/intake/keluhan?kind=x").status_code == 422
    refused = desk_act(officer, complaint_id, "tutup", text="Bukan urusan kami.", result="")
    assert refused.status_code == 422 and "Bukan urusan kami." in refused.text
    passed = desk_act(officer, complaint_id, "periksa", complaint_class="complaint", about="lurah")
    assert passed.headers["Location"].endswith("/intake/keluhan")
    assert officer.open(f"/intake/keluhan/{complaint_id}").status_code == 404
    camat = signed_in(intake, "camat", **CAMAT)
    assert ticket in camat.open("/intake/keluhan").text
    assert desk_act(camat, complaint_id, "jawab", text="Sudah kami panggil.").status_code == 303
    assert intake.rows("SELECT status FROM complaint WHERE id = %s", [complaint_id]) == [{"status": "answered"}]


def test_whom_it_is_about_is_named_seen_and_taken_back(intake: InProcess, complaint: tuple[str, str]) -> None:
    complaint_id, _ = complaint
    lurah = signed_in(intake, "lurah")
    whom = new_officer(intake)

    def about() -> str | None:
        [row] = intake.rows("SELECT about_staff::text FROM complaint WHERE id = %s", [complaint_id])
        return row["about_staff"]

    assert desk_act(lurah, complaint_id, "periksa", complaint_class="complaint", about_staff=whom).status_code == 303
    assert about() == whom
    assert desk_act(lurah, complaint_id, "kelas", complaint_class="supervisory", reason="Berat.").status_code == 303
    assert about() == whom, "the form has him chosen"
    intake.rows("UPDATE account SET state = 'closed' WHERE id = %s RETURNING id", [whom])
    assert desk_act(lurah, complaint_id, "kelas", complaint_class="complaint", reason="Ringan.").status_code == 303
    assert about() == whom, "also where he has left"
    taken = desk_act(lurah, complaint_id, "kelas", complaint_class="complaint", reason="Bukan dia.", about_staff="")
    assert taken.status_code == 303 and about() is None


def test_each_action_has_its_form(intake: InProcess, complaint: tuple[str, str]) -> None:
    complaint_id, _ = complaint
    officer = signed_in(intake, "officer")

    def shown(*acts: str) -> list[str]:
        pages = {act: officer.open(f"/intake/keluhan/{complaint_id}/{act}").text for act in acts}
        return [act for act, text in pages.items() if any(one.action.endswith(f"/{act}") for one in forms_of(text))]

    assert shown("periksa", "tanya", "serahkan", "tutup", "jawab", "kelas") == ["periksa", "tanya", "serahkan", "tutup"]
    at_desk(intake, {"id": complaint_id}, "check", complaint_class="complaint")
    assert shown("periksa", "jawab", "tanya", "serahkan", "kelas", "tutup") == [
        "jawab", "tanya", "serahkan", "kelas", "tutup",
    ]  # fmt: skip
    assert officer.open(f"/intake/keluhan/{complaint_id}/lain").status_code == 404


def test_who_acts_on_what_has_moved_on_is_told_so(intake: InProcess, complaint: tuple[str, str]) -> None:
    complaint_id, _ = complaint
    officer = signed_in(intake, "officer")
    page = officer.open(f"/intake/keluhan/{complaint_id}/periksa")
    form = next(one for one in forms_of(page.text) if one.action.endswith("/periksa"))
    at_desk(intake, {"id": complaint_id}, "check", complaint_class="complaint")
    assert officer.send(form, {"complaint_class": "supervisory"}).status_code == 412


def test_the_day_and_the_sop_show_what_there_is(intake: InProcess) -> None:
    filed(browser(intake), service="KK", step="receive")
    assert "/intake/keluhan" in signed_in(intake, "officer").open("/intake/hari-ini").text
    shown = signed_in(intake, "lurah").open("/intake/layanan/KK").text
    assert "Penerimaan berkas" in shown and "service=KK&amp;step=receive" in shown

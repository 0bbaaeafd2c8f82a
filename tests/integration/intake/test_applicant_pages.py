"""Pages of an applicant: a draft from the first answers, one question on a page, photos, the check, the sending, and
what one may see of oneself."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from intake.offices import shipped_office
from kit.ids import new_id
from kit.pages.forms import CSRF_COOKIE
from kit.pages.session import ACCESS_COOKIE
from tests.access import intake_world as at
from tests.integration.intake import cast
from tests.integration.intake.test_consent import messages
from tests.integration.intake.test_erasure import answer_of
from tests.integration.intake.test_record import OTHERS, provide
from tests.integration.intake.test_sign_in_pages import come_in
from tests.integration.intake.test_sops import a_code, published, sop
from tests.support import files as pictures
from tests.support.browsing import HERE, HTML, Browser, Form, browser, forms_of
from tests.support.late import keys_with
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI, token

START = f"/ajukan/{BUKIT_SANGKAL}/KTP/mulai?alasan=damaged&untuk=sendiri"


@pytest.fixture(autouse=True)
def nobody_was_here(intake: InProcess) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")


def signed_in(intake: InProcess, sub: str | None = None, tenant: str = BUKIT_SANGKAL) -> Browser:
    """Somebody with a token of his own."""
    made = browser(intake)
    made.client.set_cookie(
        ACCESS_COOKIE, token("applicant", sub=sub or str(new_id()), tenant=tenant), domain="kelurahan.example",
        secure=True,
    )  # fmt: skip
    return made


@pytest.fixture
def somebody(intake: InProcess) -> Browser:
    return signed_in(intake)


def main_form(answer: Any) -> Form:
    """The form of the page itself, which comes after the one that signs out."""
    return next(form for form in forms_of(answer.text) if form.action != "/keluar")


def person(**more: str) -> dict[str, str]:
    known = cast.applicant()
    about = {f"applicant-{name}": known[name] for name in ("name", "nik", "rt", "rw")}
    return about | {"contact-phone": "0812-7100-0071"} | more


def draft(somebody: Browser, **more: str) -> str:
    """A draft's address."""
    sent = somebody.send(main_form(somebody.open(START)), person(**more))
    assert sent.status_code == 303, sent.text
    return str(sent.headers["Location"]).removesuffix("/lanjut")


def upload(somebody: Browser, address: str, content: bytes, **fields: str) -> Any:
    hidden = dict(main_form(somebody.open(address)).fields)
    data = {name: value for name, value in hidden.items() if name != "file"} | fields
    return somebody.client.post(
        address, data=data | {"file": (io.BytesIO(content), "foto saya.jpg")}, headers=HTML | HERE,
        base_url="https://kelurahan.example", content_type="multipart/form-data",
    )  # fmt: skip


def complete(intake: InProcess, somebody: Browser) -> str:
    """A draft that lacks nothing."""
    address = draft(somebody)
    answers = {
        "lahir": {"applicant-birth_place": "Palembang", "applicant-birth_date-hari": "5",
                  "applicant-birth_date-bulan": "3", "applicant-birth_date-tahun": "1955", "applicant-sex": "P"},
        "alamat": {"applicant-address": "Jalan Sukabangun Nomor 12"},
    }  # fmt: skip
    for code, typed in answers.items():
        assert somebody.send(main_form(somebody.open(f"{address}/isi/{code}")), typed).status_code == 303
    for number, requirement in enumerate(("KK", "KTP_LAMA", "PAS_FOTO", "PENGANTAR_RT")):
        sent = upload(somebody, f"{address}/foto/{requirement}", pictures.jpeg(64 + number, 48))
        assert sent.status_code == 303, sent.text
    intake.work()
    return address


def case_of(intake: InProcess, address: str) -> dict[str, Any]:
    return cast.show(intake, address.rpartition("/")[2])


def only_ids_are_kept(intake: InProcess, caller: str, under: str = "/") -> list[str]:
    """The forms of pages of which answers are kept; none with more than an id."""
    rows = intake.rows(
        "SELECT route, headers, body FROM idempotency WHERE caller = %s AND split_part(route, ' ', 2) LIKE %s",
        [caller, f"{under}%"],
    )
    for row in rows:
        kept = json.loads(intake.deps.data_keys.open(row["body"], "answer"))
        assert (set(kept) <= {"id"}, row["headers"]) == (True, {}), row["route"]
    return [str(row["route"]) for row in rows]


# --- beginning --------------------------------------------------------------------------------------------------------


def test_a_stranger_signs_in_first_and_comes_back_to_the_service(intake: InProcess) -> None:
    stranger = browser(intake)
    address = f"/ajukan/{BUKIT_SANGKAL}/KTP"
    assert address in stranger.open(f"/layanan/{BUKIT_SANGKAL}/KTP").text
    assert stranger.go_on(stranger.open(address)).headers["Location"].startswith("/masuk?ke=%2Fajukan")
    came = come_in(intake, stranger, f"0812{new_id().int % 10**8:08d}", address)
    assert came.headers["Location"] == address
    shown = stranger.open(address)
    assert shown.status_code == 200 and "Siapkan dahulu" in shown.text


def test_the_office_of_the_service_is_chosen_already_at_the_sign_in(intake: InProcess) -> None:
    shown = browser(intake).open("/masuk", query_string={"ke": f"/ajukan/{BUKIT_SANGKAL}/KTP"})
    assert f'value="{BUKIT_SANGKAL}" selected' in shown.text


def test_who_is_signed_in_elsewhere_is_told_where_to_sign_in(intake: InProcess) -> None:
    new = dict(shipped_office(BUKIT_SANGKAL)) | {"code": KALIDONI, "name": "Kalidoni"}
    assert intake.call("PUT", f"/v1/offices/{KALIDONI}", "administrator", who={"tenant": KALIDONI}, json=new).json
    elsewhere = signed_in(intake, tenant=KALIDONI)
    for address in (f"/ajukan/{BUKIT_SANGKAL}/KTP", START):
        shown = elsewhere.open(address)
        assert "Anda masuk di kelurahan lain" in shown.text and forms_of(shown.text)[1:] == []
    form = main_form(signed_in(intake).open(START))
    before = intake.rows("SELECT count(*) AS n FROM application")
    elsewhere.client.set_cookie(CSRF_COOKIE, dict(form.fields)["csrf"], domain="kelurahan.example", secure=True)
    refused = elsewhere.send(form, person())
    assert refused.status_code == 403 and "Anda masuk di kelurahan lain" in refused.text
    assert intake.rows("SELECT count(*) AS n FROM application") == before


def test_a_reason_that_was_not_chosen_is_asked_for_before_the_person_is(somebody: Browser) -> None:
    shown = somebody.open(f"/ajukan/{BUKIT_SANGKAL}/KTP/mulai?untuk=sendiri")
    assert 'href="#alasan"' in shown.text and 'id="untuk-sendiri" name="untuk" value="sendiri" checked' in shown.text


def test_the_first_answers_open_a_draft_and_it_goes_on_at_the_next_question(
    intake: InProcess, somebody: Browser
) -> None:
    address = draft(somebody)
    assert somebody.open(f"{address}/lanjut").headers["Location"] == f"{address}/isi/lahir"
    shown = somebody.open("/saya").text
    assert f"{address}/lanjut" in shown and "Lanjutkan" in shown
    assert case_of(intake, address)["reason"] == "damaged"


def test_what_is_wrong_with_the_first_answers_stands_beside_them_and_nothing_is_lost(somebody: Browser) -> None:
    wrong = somebody.send(main_form(somebody.open(START)), person(**{"applicant-nik": "12", "applicant-name": ""}))
    assert wrong.status_code == 422
    assert 'href="#applicant-name"' in wrong.text and "Harus diisi." in wrong.text
    wrong = somebody.send(main_form(wrong), person(**{"applicant-nik": "12", "applicant-name": "Ani <b>"}))
    assert wrong.status_code == 422 and 'href="#applicant-nik"' in wrong.text
    kept = dict(main_form(wrong).fields)
    assert (kept["applicant-name"], kept["applicant-nik"], kept["alasan"]) == ("Ani <b>", "12", "damaged")
    assert "Ani <b>" not in wrong.text


def test_two_taps_open_one_draft(intake: InProcess, somebody: Browser) -> None:
    form, about = main_form(somebody.open(START)), person()
    places = {somebody.send(form, about).headers["Location"] for _ in range(2)}
    assert len(places) == 1
    nik = about["applicant-nik"]
    [found] = intake.call("POST", "/v1/applications/search", "officer", json={"nik": nik}).json["items"]
    assert found["status"] == "draft"


def test_a_second_case_for_the_same_is_opened_only_when_it_is_meant(somebody: Browser) -> None:
    about = person()
    first = somebody.send(main_form(somebody.open(START)), about).headers["Location"]
    told = somebody.send(main_form(somebody.open(START)), about)
    assert told.status_code == 409 and first.removesuffix("/lanjut") in told.text
    assert "intended_duplicate" not in told.text and "centang di bawah" in told.text
    assert somebody.send(main_form(told), about | {"lagi": "true"}).status_code == 303


def test_a_helper_names_himself_and_the_case_waits_for_the_applicants_word(
    intake: InProcess, somebody: Browser
) -> None:
    start = somebody.open(START.replace("sendiri", "orang-lain"))
    about = person(**{"helper-name": "Nur'aini", "helper-phone": "0812-7100-0072"})
    wrong = somebody.send(main_form(start), about)
    assert wrong.status_code == 422 and 'href="#helper-relation"' in wrong.text and "#contact" not in wrong.text
    sent = somebody.send(main_form(wrong), about | {"helper-relation": "tetangga"})
    address = sent.headers["Location"].removesuffix("/lanjut")
    shown = somebody.open(f"{address}/persetujuan")
    assert "harus setuju" in shown.text
    assert somebody.send(main_form(shown), {"phone": "0812-7100-0071"}).status_code == 303
    asked = somebody.open(f"{address}/persetujuan")
    form = next(form for form in forms_of(asked.text) if form.action.endswith("/persetujuan"))
    wrong = somebody.send(form, {"code": "000000"})
    assert wrong.status_code == 422 and 'href="#code"' in wrong.text
    sent = messages(intake, "consent_code", address.rpartition("/")[2])[-1]
    code = sent["person"]["values"]["code"]
    assert somebody.send(form, {"code": code, "messages_to": "helper"}).status_code == 303
    assert case_of(intake, address)["consent"]["status"] == "code"
    assert "/izin" in somebody.open(f"{draft(somebody)}/periksa").text
    assert "/izin" not in somebody.open(f"{address}/periksa").text, "what the applicant allows is not the helper's"


# --- answers ----------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_at_once_and_the_next_question_follows(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)
    shown = somebody.open(f"{address}/isi/lahir")
    assert "Pertanyaan 3 dari" in shown.text
    typed = {"applicant-birth_place": "Palembang", "applicant-birth_date-hari": "5", "applicant-birth_date-bulan": "3",
             "applicant-birth_date-tahun": "1955", "applicant-sex": "P"}  # fmt: skip
    sent = somebody.send(main_form(shown), typed)
    assert sent.headers["Location"] == f"{address}/isi/alamat"
    known = case_of(intake, address)["applicant"]
    assert (known["birth_place"], known["birth_date"], known["sex"]) == ("Palembang", "1955-03-05", "P")


def test_a_day_that_there_is_not_is_told_at_its_field_and_stays(somebody: Browser) -> None:
    address = draft(somebody)
    typed = {"applicant-birth_date-hari": "31", "applicant-birth_date-bulan": "2", "applicant-birth_date-tahun": "1955"}
    wrong = somebody.send(main_form(somebody.open(f"{address}/isi/lahir")), typed)
    assert wrong.status_code == 422 and 'href="#applicant-birth_date"' in wrong.text
    assert ("applicant-birth_date-hari", "31") in main_form(wrong).fields


def test_an_answer_from_an_old_page_overwrites_nothing(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)
    old = main_form(somebody.open(f"{address}/isi/alamat"))
    fresh = main_form(somebody.open(f"{address}/isi/alamat"))
    assert somebody.send(fresh, {"applicant-address": "Jalan Baru 1"}).status_code == 303
    late = somebody.send(old, {"applicant-address": "Jalan Lama 2"})
    assert late.status_code == 412 and "sudah berubah" in late.text and "Jalan Lama 2" in late.text
    assert case_of(intake, address)["applicant"]["address"] == "Jalan Baru 1"
    assert somebody.send(main_form(late), {"applicant-address": "Jalan Lama 2"}).status_code == 303


def test_values_of_an_earlier_case_are_offered_and_filled_in_only_when_taken(
    intake: InProcess, somebody: Browser
) -> None:
    first = complete(intake, somebody)
    assert somebody.send(check_form(somebody, first), {}).status_code == 303
    nik = case_of(intake, first)["applicant"]["nik"]
    again = somebody.open(f"/ajukan/{BUKIT_SANGKAL}/KK/mulai?alasan=lost&untuk=sendiri")
    address = somebody.send(main_form(again), person(**{"applicant-nik": nik})).headers["Location"]
    address = address.removesuffix("/lanjut")
    offered = somebody.open(f"{address}/isi/alamat")
    assert "Jalan Sukabangun Nomor 12" in offered.text and case_of(intake, address)["applicant"].get("address") is None
    assert ">Jalan Sukabangun Nomor 12</textarea>" not in offered.text
    assert ">Jalan Sukabangun Nomor 12</textarea>" in somebody.open(f"{address}/isi/alamat?isikan=1").text


@pytest.mark.parametrize(("service", "reason"), [("NIKAH", ""), ("SITU", ""), ("KK", "changed"), ("KTP", "lost")])
def test_the_way_leads_through_pages_that_open_and_ends_at_the_check(
    somebody: Browser, service: str, reason: str
) -> None:
    start = somebody.open(f"/ajukan/{BUKIT_SANGKAL}/{service}/mulai?alasan={reason}&untuk=sendiri")
    address = somebody.send(main_form(start), person()).headers["Location"].removesuffix("/lanjut")
    place, seen = f"{address}/isi/pemohon", list[str]()
    while not place.endswith("/periksa"):
        shown = somebody.open(place)
        assert shown.status_code == 200, place
        assert place not in seen
        seen.append(place)
        if "/isi/" in place:
            known = {"applicant-rt": "023", "applicant-rw": "005"} if place.endswith("/alamat") else {}
            place = somebody.send(main_form(shown), known).headers["Location"]
        else:
            place = (
                shown.text.rpartition('">Lewati dahulu')[0].rpartition('href="')[2] or f"{address}/foto/PENGANTAR_RT"
            )
    assert [one for one in seen if "/foto/" in one]


def test_a_choice_decides_what_is_asked_for_next(intake: InProcess, somebody: Browser) -> None:
    code = a_code()
    published(intake, code, sop("DOMISILI"))
    start = somebody.open(f"/ajukan/{BUKIT_SANGKAL}/{code}/mulai?untuk=sendiri")
    address = somebody.send(main_form(start), person()).headers["Location"].removesuffix("/lanjut")
    proof = f"{address}/foto/BUKTI_TINGGAL"
    for choice, there in (("here", False), ("elsewhere", True)):
        form = main_form(somebody.open(f"{address}/isi/rincian-1"))
        assert somebody.send(form, {"details-card_address": choice}).status_code == 303
        assert (somebody.open(proof).status_code == 200) is there
    wrong = somebody.send(main_form(somebody.open(f"{address}/isi/rincian-1")), {"details-card_address": "nowhere"})
    assert wrong.status_code == 422 and 'href="#details-card_address"' in wrong.text


def test_rows_of_a_list_are_kept_without_the_empty_ones(intake: InProcess, somebody: Browser) -> None:
    start = somebody.open(f"/ajukan/{BUKIT_SANGKAL}/KK/mulai?alasan=changed&untuk=sendiri")
    address = somebody.send(main_form(start), person()).headers["Location"].removesuffix("/lanjut")
    question = somebody.open(f"{address}/isi/rincian-1")
    typed = {
        "details-changes-0-element": " ",
        "details-changes-1-element": "pendidikan",
        "details-changes-1-after": "S1",
    }
    assert somebody.send(main_form(question), typed).status_code == 303
    assert case_of(intake, address)["details"]["changes"] == [{"element": "pendidikan", "after": "S1"}]


def test_a_name_with_a_script_in_it_is_text_everywhere(somebody: Browser) -> None:
    address = draft(somebody, **{"applicant-name": "Ani <script>alert(1)</script>"})
    for page in ("", "/isi/pemohon", "/periksa", "/batal", "/data", "/data/pembaca", "/izin", "/pengantar"):
        shown = somebody.open(f"{address}{page}")
        assert shown.status_code == 200, page
        assert "<script>alert" not in shown.text
    assert "&lt;script&gt;" in somebody.open(f"{address}/periksa").text


# --- photos -----------------------------------------------------------------------------------------------------------


def test_a_photo_is_kept_shown_and_replaced(intake: InProcess, somebody: Browser) -> None:
    address = f"{draft(somebody)}/foto/KK"
    assert "Tanpa pantulan lampu" in somebody.open(address).text
    assert upload(somebody, address, pictures.jpeg()).headers["Location"] == address
    assert "sedang diperiksa" in somebody.open(address).text
    intake.work()
    shown = somebody.open(address)
    link = shown.text.partition('class="thumb" src="')[2].partition('"')[0]
    seen = somebody.open(link)
    assert seen.status_code == 200 and seen.mimetype == "image/jpeg"
    assert seen.headers["Content-Disposition"].startswith("inline") and seen.headers["Cache-Control"] == "no-store"
    seen.close()
    assert intake.audit("file.read")[-1]["object"] == link.rpartition("/")[2]
    assert intake.rows("SELECT 1 FROM file_link WHERE file_id = %s", [link.rpartition("/")[2]]) == []
    assert signed_in(intake).open(link).status_code == 404
    assert "Ganti foto" in shown.text and upload(somebody, address, pictures.jpeg(64, 48)).status_code == 303


def test_the_same_photo_again_is_the_same_file(intake: InProcess, somebody: Browser) -> None:
    case = draft(somebody)
    for _ in range(2):
        assert upload(somebody, f"{case}/foto/KK", pictures.jpeg()).status_code == 303
    listed = intake.call("GET", f"/v1/applications/{case.rpartition('/')[2]}/files", "officer").json["items"]
    assert [row["requirement"] for row in listed] == ["KK"]


def test_a_script_is_told_where_to_go(somebody: Browser) -> None:
    address = f"{draft(somebody)}/foto/KK"
    hidden = dict(main_form(somebody.open(address)).fields)
    sent = somebody.client.post(
        address, data=hidden | {"file": (io.BytesIO(pictures.jpeg()), "a.jpg")}, base_url="https://kelurahan.example",
        headers=HTML | HERE | {"X-By-Script": "1"},
    )  # fmt: skip
    assert (sent.status_code, sent.headers["Location"]) == (204, address)


@pytest.mark.parametrize(("content", "status", "said"), [
    (pictures.jpeg()[:-200], 422, "Foto terpotong"), (b"GIF89a" + b"\0" * 99, 415, "Jenis berkas"), (b"", 422, ""),
])  # fmt: skip
def test_what_cannot_be_used_is_refused_with_what_to_do_and_not_kept(
    intake: InProcess, somebody: Browser, content: bytes, status: int, said: str
) -> None:
    case = draft(somebody)
    refused = upload(somebody, f"{case}/foto/KK", content)
    assert refused.status_code == status and said in refused.text and 'role="alert"' in refused.text
    assert case_of(intake, case)["files"] == []


def test_a_photo_from_another_sites_form_is_not_kept(intake: InProcess, somebody: Browser) -> None:
    case = draft(somebody)
    assert upload(somebody, f"{case}/foto/KK", pictures.jpeg(), csrf="guessed").status_code == 403
    assert case_of(intake, case)["files"] == []
    assert upload(somebody, f"{case}/foto/KK", pictures.jpeg()).status_code == 303


def test_a_photo_of_a_case_that_was_sent_while_it_came_is_refused_and_taken_away(
    intake: InProcess, somebody: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = complete(intake, somebody)
    form = check_form(somebody, case)
    put, kept = intake.deps.objects.put, keys_with(intake, case.rpartition("/")[2])

    def late(*given: Any) -> None:
        monkeypatch.undo()
        assert somebody.send(form, {}).status_code == 303
        put(*given)

    monkeypatch.setattr(intake.deps.objects, "put", late)
    assert upload(somebody, f"{case}/foto/KK", pictures.jpeg(80, 60)).status_code == 409
    assert len(keys_with(intake, case.rpartition("/")[2])) == len(kept) + 1
    assert "remove_file" in intake.work()
    assert keys_with(intake, case.rpartition("/")[2]) == kept


def test_what_the_service_does_not_ask_for_has_no_page(somebody: Browser) -> None:
    assert somebody.open(f"{draft(somebody)}/foto/SURAT_KEHILANGAN").status_code == 404


# --- checking and sending ---------------------------------------------------------------------------------------------


def check_form(somebody: Browser, address: str) -> Form:
    return next(form for form in forms_of(somebody.open(f"{address}/periksa").text) if form.action.endswith("/kirim"))


def test_what_is_missing_is_linked_and_cannot_be_sent(somebody: Browser) -> None:
    address = draft(somebody)
    shown = somebody.open(f"{address}/periksa").text
    for place in ("isi/lahir", "isi/alamat", "foto/KK", "pengantar"):
        assert f'<li><a href="{address}/{place}">' in shown
    assert f"{address}/kirim" not in shown


def test_a_complete_case_is_sent_once_however_often_one_taps(intake: InProcess, somebody: Browser) -> None:
    address = complete(intake, somebody)
    form = check_form(somebody, address)
    assert [somebody.send(form, {}).headers["Location"] for _ in range(2)] == [address, address]
    shown = somebody.open(address)
    assert "Dijanjikan selesai" in shown.text and "Menunggu petugas kelurahan." in shown.text
    told = [one["type"] for one in cast.events_of(intake, address.rpartition("/")[2])]
    assert told.count("application.submitted") == 1


def test_what_is_sent_is_what_was_seen(intake: InProcess, somebody: Browser) -> None:
    address = complete(intake, somebody)
    form = check_form(somebody, address)
    somebody.send(main_form(somebody.open(f"{address}/isi/alamat")), {"applicant-address": "Jalan 2"})
    late = somebody.send(form, {})
    assert late.status_code == 412 and "Jalan 2" in late.text and "sudah berubah" in late.text
    assert case_of(intake, address)["status"] == "draft"
    again = next(one for one in forms_of(late.text) if one.action.endswith("/kirim"))
    assert somebody.send(again, {}).status_code == 303


def test_an_answer_is_mended_from_the_check_and_back_to_it(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)
    assert f"{address}/isi/alamat?ke=periksa" in somebody.open(f"{address}/periksa").text
    sent = somebody.send(main_form(somebody.open(f"{address}/isi/alamat?ke=periksa")), {"applicant-address": "Jalan 1"})
    assert sent.headers["Location"] == f"{address}/periksa"


def test_a_returned_case_says_why_and_leads_to_exactly_that_page(intake: InProcess, somebody: Browser) -> None:
    address = complete(intake, somebody)
    somebody.send(check_form(somebody, address), {})
    items = {"items": [{"requirement": "KK", "problem": "Tulisan tidak terbaca"}]}
    cast.step(intake, address.rpartition("/")[2], "return", sent=items)
    shown = somebody.open(address).text
    assert "Tulisan tidak terbaca" in shown
    assert f'href="{address}/foto/KK"' in shown
    assert upload(somebody, f"{address}/foto/KK", pictures.jpeg(70, 50)).status_code == 303
    intake.work()
    assert somebody.send(check_form(somebody, address), {}).headers["Location"] == address
    assert case_of(intake, address)["status"] == "submitted"


def test_a_field_that_an_officer_returns_gets_a_page_of_its_own(intake: InProcess, somebody: Browser) -> None:
    address = complete(intake, somebody)
    assert somebody.open(f"{address}/isi/diminta").status_code == 404
    somebody.send(check_form(somebody, address), {})
    items = {"items": [{"requirement": "religion", "problem": "Tidak terbaca pada KK"}]}
    cast.step(intake, address.rpartition("/")[2], "return", sent=items)
    assert f'href="{address}/isi/diminta"' in somebody.open(address).text
    sent = somebody.send(main_form(somebody.open(f"{address}/isi/diminta")), {"applicant-religion": "Islam"})
    assert sent.status_code == 303 and case_of(intake, address)["applicant"]["religion"] == "Islam"


def test_withdrawing_asks_first_and_then_is_final(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)
    asked = somebody.open(f"{address}/batal")
    assert case_of(intake, address)["status"] == "draft"
    assert somebody.send(main_form(asked), {"reason": "Tidak jadi"}).status_code == 303
    assert "Dibatalkan pemohon" in somebody.open(address).text
    assert somebody.open(f"{address}/batal").status_code == 403


def test_the_rt_head_is_asked_from_the_page(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)
    form = main_form(somebody.open(f"{address}/pengantar"))
    empty = somebody.send(form, {"purpose": ""})
    assert empty.status_code == 422 and 'href="#purpose"' in empty.text
    assert somebody.send(main_form(empty), {"purpose": "Penggantian KTP-el"}).status_code == 303
    assert case_of(intake, address)["introduction"]["status"] == "requested"
    assert "sudah ditanya" in somebody.open(f"{address}/pengantar").text


# --- whose it is ------------------------------------------------------------------------------------------------------

PAGES = ("", "/lanjut", "/isi/lahir", "/foto/KK", "/pengantar", "/izin", "/periksa", "/batal", "/data", "/data/pembaca")


def test_anothers_case_is_not_found_on_any_page_and_the_attempt_is_kept(intake: InProcess, somebody: Browser) -> None:
    address, other = draft(somebody), signed_in(intake, "orang-lain")
    for place in PAGES:
        assert somebody.open(f"{address}{place}").status_code in (200, 303)
        assert other.open(f"{address}{place}").status_code == 404, place
    kept = intake.rows("SELECT route FROM refused_access WHERE caller = 'orang-lain'")
    assert len(kept) >= len(PAGES)


def test_a_person_of_another_office_finds_nothing(intake: InProcess, somebody: Browser) -> None:
    address, other = draft(somebody), signed_in(intake, "sama", KALIDONI)
    assert {other.open(f"{address}{place}").status_code for place in PAGES} == {404}


# --- codes of messages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "codes", "status"),
    [("ambil", at.codes_to_claim, None), ("setuju", at.codes_to_agree, "code"),
     ("tanpa-pendamping", at.codes_to_revoke, "revoked")],
)  # fmt: skip
def test_a_code_of_a_message_opens_the_case_and_a_wrong_one_is_told_at_its_field(
    intake: InProcess, somebody: Browser, place: str, codes: Any, status: str | None
) -> None:
    sent = codes(intake)
    form = forms_of(somebody.open(f"/saya/{place}").text)[-1]
    code = sent["code"]
    wrong = somebody.send(form, sent | {"code": f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"})
    assert wrong.status_code == 422 and 'href="#code"' in wrong.text
    assert ("tracking_code", sent["tracking_code"]) in forms_of(wrong.text)[-1].fields
    came = somebody.send(forms_of(wrong.text)[-1], sent)
    assert came.status_code == 303 and somebody.open(came.headers["Location"]).status_code == 200
    if status:
        assert case_of(intake, came.headers["Location"])["consent"]["status"] == status


def test_who_is_helped_ends_it_with_the_own_login(intake: InProcess) -> None:
    case = at.agreed_by(intake, "dia-sendiri")
    himself = signed_in(intake, "dia-sendiri")
    address = f"/saya/{case['id']}"
    assert f"{address}/pendamping" in himself.open(address).text
    assert himself.send(main_form(himself.open(f"{address}/pendamping")), {}).headers["Location"] == address
    assert case_of(intake, address)["consent"]["status"] == "revoked"
    assert himself.open(f"{address}/pendamping").status_code == 403


# --- one's own data ---------------------------------------------------------------------------------------------------


def test_permissions_are_given_and_withdrawn_one_by_one(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)

    def say(given: str) -> str:
        form = next(one for one in forms_of(somebody.open(f"{address}/izin").text) if one.action.endswith("/messages"))
        assert somebody.send(form, {"given": given}).status_code == 303
        path = f"{cast.path(address.rpartition('/')[2])}/consents"
        items = intake.call("GET", path, "officer").json["items"]
        return str(next(one for one in items if one["kind"] == "messages")["state"])

    assert [say("true"), say("false")] == ["given", "withdrawn"]


def test_who_read_a_case_is_shown_with_role_and_office(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)
    assert "Siapa yang membaca" in somebody.open(f"{address}/data").text
    assert "Belum ada." in somebody.open(f"{address}/data/pembaca").text


def test_a_copy_a_correction_and_the_end_are_asked_for(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)

    def send(path: str, **typed: str) -> Any:
        shown = somebody.open(f"{address}/data")
        return somebody.send(next(one for one in forms_of(shown.text) if one.action.endswith(path)), typed)

    assert send("/salinan").status_code == 303
    assert "sedang disiapkan" in somebody.open(f"{address}/data").text
    assert send("/perbaikan", words="").status_code == 422
    assert send("/perbaikan", words="Nama ayah saya salah.").status_code == 303
    assert "Nama ayah saya salah." in somebody.open(f"{address}/data").text
    assert not [one for one in forms_of(somebody.open(f"{address}/data").text) if one.action.endswith("/penghapusan")]
    somebody.send(main_form(somebody.open(f"{address}/batal")), {})
    assert send("/penghapusan").headers["Location"] == f"{address}/data"
    assert "sedang berjalan" in somebody.open(f"{address}/data").text


def test_the_proof_of_an_erasure_stands_where_the_case_was(intake: InProcess, somebody: Browser) -> None:
    address = draft(somebody)
    case = address.rpartition("/")[2]
    somebody.send(main_form(somebody.open(f"{address}/batal")), {})
    shown = somebody.open(f"{address}/data")
    somebody.send(next(one for one in forms_of(shown.text) if one.action.endswith("/penghapusan")), {})
    assert "erase_case" in intake.work()
    assert somebody.go_on(somebody.open(address)).status_code == 200
    under_way = somebody.open(f"{address}/data").text
    assert "sedang berjalan" in under_way and "Permohonan dan berkas" in under_way
    for service in OTHERS:
        assert answer_of(intake, case, service)
    proof = somebody.open(f"{address}/data").text
    for words in ("Penghapusan selesai", "Rancangan surat dan bundel", "Pemeriksaan oleh", "Arsip negara"):
        assert words in proof
    assert signed_in(intake).open(f"{address}/data").status_code == 404
    assert somebody.open(f"{address}/izin").status_code == 410


def test_what_is_kept_of_a_pages_forms_is_no_more_than_where_they_led_to(intake: InProcess) -> None:
    person = str(new_id())
    somebody = signed_in(intake, person)
    address = complete(intake, somebody)
    somebody.send(main_form(somebody.open(f"{address}/isi/alamat")), {"applicant-address": "Jalan Rahasia 1"})

    def send(page: str, end: str, **typed: str) -> Any:
        shown = somebody.open(f"{address}/{page}")
        sent = somebody.send(next(one for one in forms_of(shown.text) if one.action.endswith(end)), typed)
        assert sent.status_code == 303, sent.text
        return sent

    send("izin", "/messages", given="true")
    send("data", "/perbaikan", words="Nama ayah saya salah.")
    send("batal", "/batal", reason="Pindah")
    send("data", "/salinan")
    for service in OTHERS:
        provide(intake, address.rpartition("/")[2], service)
    intake.work()
    assert "/record/content?link=" in send("data", "/unduh").headers["Location"]
    send("data", "/penghapusan")
    assert "erase_case" in intake.work()
    kept = only_ids_are_kept(intake, person)
    assert {route.rpartition("/")[2] for route in kept} >= {"mulai", "alamat", "messages", "perbaikan", "batal",
                                                            "salinan", "penghapusan"}  # fmt: skip


def test_one_signs_out_elsewhere_and_stays_here(intake: InProcess) -> None:
    phone = f"0812{new_id().int % 10**8:08d}"
    here, there = browser(intake), browser(intake)
    come_in(intake, here, phone)
    come_in(intake, there, phone)
    shown = here.open("/saya/akun")
    assert "Perangkat ini" in shown.text
    [other] = [one for one in forms_of(shown.text) if one.action.endswith("/akhiri")]
    assert [here.send(other, {}).headers["Location"] for _ in range(2)] == ["/saya/akun", "/saya/akun"]
    assert intake.rows("SELECT 1 FROM refused_access WHERE object = %s", [other.action.split("/")[-2]]) == []
    assert here.open("/saya/akun").status_code == 200
    assert [one for one in forms_of(here.open("/saya/akun").text) if one.action.endswith("/akhiri")] == []
    everywhere = next(one for one in forms_of(here.open("/saya/akun").text) if one.action.endswith("/keluar-semua"))
    assert here.send(everywhere, {}).headers["Location"] == "/masuk"
    assert here.open("/saya/akun").status_code == 303


def test_an_account_with_an_open_case_does_not_go_and_without_one_does(intake: InProcess) -> None:
    someone = browser(intake)
    come_in(intake, someone, f"0812{new_id().int % 10**8:08d}")
    address = draft(someone)
    refused = someone.send(main_form(someone.open("/saya/akun/hapus")), {})
    assert refused.status_code == 409 and 'role="alert"' in refused.text
    someone.send(main_form(someone.open(f"{address}/batal")), {})
    assert someone.send(main_form(someone.open("/saya/akun/hapus")), {}).headers["Location"] == "/"
    assert someone.open("/saya").status_code == 303

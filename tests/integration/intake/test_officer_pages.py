"""The officer's pages: a case on one screen, what may be done with it, the counter, the day, and requests."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest

from intake.offices import shipped_office
from kit.ids import new_id
from tests.integration.intake import cast
from tests.integration.intake.test_applicant_pages import only_ids_are_kept
from tests.integration.intake.test_consent import HELPER
from tests.integration.intake.test_files import send
from tests.support import files as pictures
from tests.support.browsing import HERE, HTML, Browser, Form, forms_of, signed_in
from tests.support.late import keys_with
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

FRIDAY = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def friday(intake: InProcess) -> Iterator[None]:
    intake.clock.at = FRIDAY
    yield
    intake.clock.at = FRIDAY


@pytest.fixture
def yanti(intake: InProcess) -> Browser:
    return signed_in(intake, "officer", sub="officer:yanti")


def at(case: Any, *more: str) -> str:
    return "/".join(["/intake/permohonan", str(case["id"]), *more])


def form_to(text: str, action: str) -> Form:
    [found] = [one for one in forms_of(text) if where(one) == action and one.method == "post"]
    return found


def where(form: Form) -> str:
    return form.action.split("?")[0]


def take(somebody: Browser, case: Any, step: str, typed: dict[str, Any] | None = None) -> Any:
    """The form of a step, as it stands on its page, sent."""
    shown = somebody.open(at(case, step))
    assert shown.status_code == 200, shown.text
    return somebody.send(form_to(shown.text, at(case, step)), typed or {})


def main_of(answer: Any) -> str:
    text = answer.text.partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))


# --- a case on one screen -------------------------------------------------------------------------------------------


def test_just_those_actions_are_there_that_the_case_allows(intake: InProcess, yanti: Browser) -> None:
    draft, submitted = cast.opened(intake), cast.submitted(intake)
    actions = {where(form) for form in forms_of(yanti.open(at(submitted)).text)}
    assert at(submitted, "terima") in actions and at(submitted, "kirim") not in actions
    assert f'href="{at(submitted, "kembalikan")}?' in yanti.open(at(submitted)).text
    actions = {where(form) for form in forms_of(yanti.open(at(draft)).text)}
    assert at(draft, "terima") not in actions and at(draft, "kirim") not in actions  # its papers are missing
    assert f'href="{at(draft, "kembalikan")}?' not in yanti.open(at(draft)).text


def test_the_lurah_looks_and_changes_nothing(intake: InProcess) -> None:
    case, lurah = cast.submitted(intake), signed_in(intake, "lurah", sub="lurah:bs")
    shown = lurah.open(at(case))
    assert shown.status_code == 200
    assert {form.action for form in forms_of(shown.text)} == {"/keluar"}
    own = form_to(signed_in(intake, "officer").open(at(case)).text, at(case, "terima"))
    assert lurah.send(own, {}).status_code == 403
    assert cast.show(intake, case["id"])["status"] == "submitted"


def test_another_offices_case_is_not_found_and_the_attempt_is_kept(intake: InProcess) -> None:
    case, other = cast.submitted(intake), signed_in(intake, "officer", sub="officer:other", tenant=KALIDONI)
    for answer in (other.open(at(case)), other.open(at(case, "tolak"))):
        assert answer.status_code == 404 and "Tidak ditemukan" in answer.text
    kept = intake.rows("SELECT 1 FROM refused_access WHERE caller = 'officer:other'")
    assert len(kept) == 2


def test_who_opens_a_case_is_on_record(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    yanti.open(at(case))
    row = intake.audit("application.read")[-1]
    assert (row["caller"], row["about"]) == ("officer:yanti", [case["id"]])


def test_a_name_with_a_script_is_only_a_name(intake: InProcess, yanti: Browser) -> None:
    bad = "<script>alert(1)</script>"
    case = cast.submitted(intake, applicant=cast.applicant(name=bad))
    for path in (at(case), at(case, "tolak"), "/intake/hari-ini", "/intake/antrean"):
        text = yanti.open(path).text
        assert bad not in text
    assert "&lt;script&gt;" in yanti.open(at(case)).text


def test_every_step_and_line_of_the_history_has_words(intake: InProcess, yanti: Browser) -> None:
    case = cast.issued(intake)
    text = main_of(yanti.open(at(case)))
    for word in ("Permohonan dibuka", "Diterima", "Surat terbit", "Berkas"):
        assert word in text


def test_no_case_is_kept_in_the_answers_to_an_officers_forms(intake: InProcess) -> None:
    sub = f"officer:{new_id()}"
    officer = signed_in(intake, "officer", sub=sub)
    case = cast.submitted(intake)
    here = f"/intake/permintaan/{case['id']}"
    form = form_to(officer.open(at(case)).text, at(case, "data"))
    officer.send(form, {"applicant-sex": "P", "reason": "lost", "applicant-religion": "Islam"})
    officer.send(form_to(officer.open(here).text, here), {"words": "Nama ibu salah."})
    officer.send(form_to(officer.open(here).text, f"{here}/persetujuan/courier"), {"given": "true"})
    take(officer, case, "batalkan")
    officer.send(form_to(officer.open(here).text, f"{here}/penghapusan"), {})
    officer.send(counter_form(officer), typed_at_counter())
    assert len(only_ids_are_kept(intake, sub)) == 6


# --- what is typed beside the scans ---------------------------------------------------------------------------------


def test_only_what_was_typed_otherwise_is_changed_and_it_is_known_who_read_it_where(
    intake: InProcess, yanti: Browser
) -> None:
    case = cast.submitted(intake)
    file_id = str(cast.show(intake, case["id"])["files"][0]["file_id"])
    form = form_to(yanti.open(at(case)).text, at(case, "data"))
    typed = {"applicant-kk_number": "1671101204080017", "applicant-sex": "P", "reason": "lost", "read_from": file_id}
    sent = yanti.send(form, typed)
    assert sent.status_code == 303, sent.text
    shown = cast.show(intake, case["id"])
    assert shown["applicant"]["kk_number"] == "1671101204080017"
    assert shown["provenance"]["kk_number"]["source"] == "officer"
    assert shown["provenance"]["kk_number"]["file_id"] == file_id
    assert {shown["provenance"][name]["source"] for name in ("name", "nik", "address", "sex")} == {"applicant"}
    assert "Tersimpan." in yanti.open(at(case)).text


def test_a_form_in_which_nothing_changed_changes_nothing(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    form = form_to(yanti.open(at(case)).text, at(case, "data"))
    assert yanti.send(form, {"applicant-sex": "P", "reason": "lost"}).status_code == 303
    assert cast.show(intake, case["id"])["version"] == case["version"]


def test_rows_are_typed_row_by_row_and_one_that_is_emptied_goes(intake: InProcess, yanti: Browser) -> None:
    case, name = cast.submitted(intake), "details-family_members"

    def type_in(**cells: str) -> Any:
        form = form_to(yanti.open(at(case)).text, at(case, "data"))
        kept = {"applicant-sex": "P", "reason": "lost"}
        return yanti.send(form, kept | {f"{name}-{cell.replace('__', '-')}": value for cell, value in cells.items()})

    assert type_in(**{"0__name": "Ahmad", "0__relation": "Anak"}).status_code == 303
    assert type_in(**{"1__name": "Halimah"}).status_code == 303
    rows = cast.show(intake, case["id"])["details"]["family_members"]
    assert rows == [{"name": "Ahmad", "relation": "Anak"}, {"name": "Halimah"}]
    assert type_in(**{"0__name": "", "0__relation": " "}).status_code == 303
    assert cast.show(intake, case["id"])["details"]["family_members"] == [{"name": "Halimah"}]


def test_wrong_input_says_where_and_what_was_typed_stays(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    form = form_to(yanti.open(at(case)).text, at(case, "data"))
    typed = {"applicant-nik": "123", "applicant-kk_number": "1671101204080017", "applicant-sex": "P"}
    wrong = yanti.send(form, typed | {"applicant-rt": ""})
    assert wrong.status_code == 422
    assert '<a href="#applicant-nik">NIK: NIK tidak benar' in wrong.text or 'href="#applicant-rt"' in wrong.text
    assert 'value="123"' in wrong.text and 'value="1671101204080017"' in wrong.text
    again = yanti.send(form_to(wrong.text, at(case, "data")), {"applicant-nik": case["applicant"]["nik"],
                       "applicant-rt": "023", "applicant-sex": "P"})  # fmt: skip
    assert again.status_code == 303, again.text
    assert cast.show(intake, case["id"])["applicant"]["kk_number"] == "1671101204080017"


def test_the_second_of_two_officers_is_told_and_overwrites_nothing(intake: InProcess, yanti: Browser) -> None:
    case, budi = cast.submitted(intake), signed_in(intake, "officer", sub="officer:budi")
    first = form_to(yanti.open(at(case)).text, at(case, "data"))
    second = form_to(budi.open(at(case)).text, at(case, "data"))
    kept = {"applicant-sex": "P", "reason": "lost"}
    assert yanti.send(first, kept | {"applicant-occupation": "Pedagang"}).status_code == 303
    told = budi.send(second, kept | {"applicant-religion": "Islam"})
    assert told.status_code == 412 and "Sudah diubah orang lain" in told.text
    assert "Anda mengetik: Islam" in main_of(told) and 'value="Pedagang"' in told.text
    again = budi.send(form_to(told.text, at(case, "data")), kept | {"applicant-religion": "Islam"})
    assert again.status_code == 303
    applicant = cast.show(intake, case["id"])["applicant"]
    assert (applicant["occupation"], applicant["religion"]) == ("Pedagang", "Islam")


# --- steps ----------------------------------------------------------------------------------------------------------


def test_a_case_is_received_and_two_taps_do_it_once(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    form = form_to(yanti.open(at(case)).text, at(case, "terima"))
    for _tap in range(2):
        answer = yanti.send(form, {})
        assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (303, at(case))
    assert "Permohonan diterima." in yanti.open(at(case)).text
    events = [line["event"] for line in cast.lines_of(intake, case["id"])]
    assert events.count("received") == 1


def test_who_sees_an_older_state_is_told_before_he_acts_on_it(intake: InProcess, yanti: Browser) -> None:
    case, budi = cast.submitted(intake), signed_in(intake, "officer", sub="officer:budi")
    form = form_to(budi.open(at(case)).text, at(case, "terima"))
    assert take(yanti, case, "tolak", {"reason": "Bukan penduduk"}).status_code == 303
    told = budi.send(form, {})
    assert told.status_code == 412 and "Ditolak" in main_of(told)
    assert cast.show(intake, case["id"])["status"] == "rejected"


def test_items_are_returned_one_by_one_with_a_note_for_each(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    empty = take(yanti, case, "kembalikan")
    assert empty.status_code == 422
    typed = {"items-0-requirement": "PENGANTAR_RT", "items-0-problem": "Foto terpotong", "items-0-note": "Foto ulang"}
    without = take(yanti, case, "kembalikan", typed | {"items-1-requirement": "SURAT_KEHILANGAN"})
    assert without.status_code == 422 and 'id="items-1-problem-salah"' in without.text
    assert 'value="Foto ulang"' in without.text
    done = take(yanti, case, "kembalikan", typed | {"items-90-requirement": "kk_number", "items-90-problem": "Salah"})
    assert done.status_code == 303, done.text
    shown = cast.show(intake, case["id"])
    assert shown["status"] == "returned"
    assert [(one["requirement"], one["problem"]) for one in shown["returned_items"]] == [
        ("PENGANTAR_RT", "Foto terpotong"), ("kk_number", "Salah"),
    ]  # fmt: skip


def test_a_requirement_is_waived_with_a_reason(intake: InProcess, yanti: Browser) -> None:
    case = cast.opened(intake)
    none = take(yanti, case, "tanpa-syarat", {"reason": "Dikenal"})
    assert none.status_code == 422 and 'href="#requirement"' in none.text and "Dikenal" in none.text
    sent = {"requirement": "SURAT_KEHILANGAN", "reason": "Sudah dilihat di loket"}
    assert take(yanti, case, "tanpa-syarat", sent).status_code == 303
    [waived] = [one for one in cast.show(intake, case["id"])["requirements"] if one["code"] == "SURAT_KEHILANGAN"]
    assert (waived["state"], waived["note"]) == ("waived", "Sudah dilihat di loket")


@pytest.mark.parametrize(
    ("step", "typed", "status"),
    [("tolak", {"reason": "Bukan penduduk"}, "rejected"), ("batalkan", {}, "withdrawn")],
)
def test_a_case_is_ended_with_a_reason(
    intake: InProcess, yanti: Browser, step: str, typed: dict[str, str], status: str
) -> None:
    case = cast.submitted(intake)
    assert take(yanti, case, step, typed).status_code == 303
    assert cast.show(intake, case["id"])["status"] == status


def test_nothing_is_rejected_without_a_reason(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    answer = take(yanti, case, "tolak", {"reason": ""})
    assert answer.status_code == 422 and '<a href="#reason">Alasan: Harus diisi.</a>' in answer.text
    assert cast.show(intake, case["id"])["status"] == "submitted"


def test_what_an_rt_head_doubted_is_weighed(intake: InProcess, yanti: Browser) -> None:
    case = cast.received(intake)
    cast.verdict(intake, case["id"], passed=False)
    assert "Ketua RT meragukan berkas." in main_of(yanti.open(at(case, "loloskan")))
    assert take(yanti, case, "loloskan", {"reason": "Aslinya sudah dilihat"}).status_code == 303
    assert cast.show(intake, case["id"])["status"] == "verified"


def test_an_original_that_was_seen_brings_the_case_back(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    typed = {"items-1-requirement": "SURAT_KEHILANGAN", "items-1-problem": "Ragu", "items-1-original": "true"}
    assert take(yanti, case, "kembalikan", typed).status_code == 303
    assert take(yanti, case, "asli").status_code == 422
    assert take(yanti, case, "asli", {"requirements": "SURAT_KEHILANGAN"}).status_code == 303
    assert cast.show(intake, case["id"])["status"] == "received"


def test_consent_to_being_helped_is_noted_and_ended(intake: InProcess, yanti: Browser) -> None:
    case = cast.opened(intake, helper=HELPER)
    assert take(yanti, case, "persetujuan").status_code == 422
    assert take(yanti, case, "persetujuan", {"method": "in_person"}).status_code == 303
    assert cast.show(intake, case["id"])["consent"]["status"] == "in_person"
    assert take(yanti, case, "akhiri-bantuan", {"phone": "0812-7100-0077"}).status_code == 303
    assert cast.show(intake, case["id"])["helper"]["revoked"] is True


def test_an_unknown_step_is_no_page(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    assert yanti.open(at(case, "hapus")).status_code == 404
    assert yanti.open(at(case, "data")).status_code == 200


# --- the next one ---------------------------------------------------------------------------------------------------


def test_the_next_case_is_that_of_the_queue_one_came_from(intake: InProcess, yanti: Browser) -> None:
    rt = {"rt": "091"}
    cases = [cast.submitted(intake, applicant=cast.applicant(**rt)) for _ in range(3)]
    queue = "?rt=091&waiting_for=officer"
    listed = re.findall(r'href="/intake/permohonan/([^"?]+)\?([^"]*)"', yanti.open(f"/intake/antrean{queue}").text)
    assert [case for case, _ in listed] == [case["id"] for case in cases]
    for here, following in zip(cases, [*cases[1:], cases[0]], strict=True):
        page = yanti.open(f"{at(here)}{queue}").text
        assert f'href="{at(following)}?rt=091&amp;waiting_for=officer"' in page
    form = form_to(yanti.open(f"{at(cases[1])}{queue}").text, at(cases[1], "terima"))
    after = yanti.send(form, {}).headers["Location"].removesuffix("#berikutnya")
    assert after.startswith(f"{at(cases[1])}?rt=091&waiting_for=officer&")
    assert f'href="{at(cases[2])}?rt=091' in yanti.open(after).text
    shown = yanti.open(f"{at(cases[2], 'kembalikan')}?rt=091").text
    typed = {"items-0-requirement": "PENGANTAR_RT", "items-0-problem": "Buram"}
    after = (
        yanti.send(form_to(shown, at(cases[2], "kembalikan")), typed).headers["Location"].removesuffix("#berikutnya")
    )
    later = cast.submitted(intake, applicant=cast.applicant(**rt))
    assert f'href="{at(later)}?rt=091' in yanti.open(after).text  # though what was returned stands elsewhere now
    alone = yanti.open(f"{at(cases[0])}?rt=092")
    assert ">Berikutnya<" not in alone.text


def test_a_wrong_filter_says_so_and_stays(yanti: Browser) -> None:
    shown = yanti.open("/intake/antrean?rt=abc&service=KK")
    assert shown.status_code == 422 and '<a href="#rt">RT: ' in shown.text and 'value="abc"' in shown.text


# --- scans ----------------------------------------------------------------------------------------------------------


def test_scans_are_shown_with_the_readers_name_and_each_reading_is_on_record(intake: InProcess, yanti: Browser) -> None:
    case = cast.opened(intake)
    file_id = send(intake, case["id"], pictures.jpeg(), "SURAT_KEHILANGAN").json["file_id"]
    intake.work()
    assert f'src="{at(case, "berkas", file_id)}"' in yanti.open(at(case)).text
    scan = yanti.open(at(case, "berkas", file_id))
    assert (scan.status_code, scan.mimetype) == (200, "image/jpeg")
    assert scan.headers["Content-Disposition"].startswith("inline") and scan.headers["Cache-Control"] == "no-store"
    row = intake.audit("file.read")[-1]
    assert (row["caller"], row["about"], row["object"]) == ("officer:yanti", [case["id"]], file_id)
    assert row["details"]["watermark"] is True
    scan.close()


def test_scans_are_added_at_the_counter_and_the_case_is_submitted(intake: InProcess, yanti: Browser) -> None:
    case = cast.opened(intake)
    for number, code in enumerate(("PENGANTAR_RT", "SURAT_KEHILANGAN")):
        shown = yanti.open(at(case)).text
        [form] = [one for one in forms_of(shown) if where(one) == at(case, "berkas") and ("requirement", code) in
                  one.fields]  # fmt: skip
        fields = {name: value for name, value in form.fields if name != "file"}
        photo = (io.BytesIO(pictures.jpeg(64 + number, 48)), "foto.jpg")
        sent = yanti.client.post(
            form.action, data=fields | {"file": photo}, headers=HTML | HERE, base_url="https://kelurahan.example",
            content_type="multipart/form-data",
        )  # fmt: skip
        assert sent.status_code == 303, sent.text
    assert "once" not in fields, "the same bytes again are the same file"
    intake.work()
    assert take(yanti, case, "kirim").status_code == 303
    assert cast.show(intake, case["id"])["status"] == "submitted"


def test_a_file_that_is_no_picture_is_refused_on_the_page_with_what_to_do(intake: InProcess, yanti: Browser) -> None:
    case = cast.opened(intake)
    [form, *_] = [one for one in forms_of(yanti.open(at(case)).text) if where(one) == at(case, "berkas")]
    fields = {name: value for name, value in form.fields if name != "file"}
    sent = yanti.client.post(
        form.action, data=fields | {"file": (io.BytesIO(b"text"), "a.jpg")}, headers=HTML | HERE,
        base_url="https://kelurahan.example", content_type="multipart/form-data",
    )  # fmt: skip
    assert 400 <= sent.status_code < 500 and 'role="alert"' in sent.text
    forged = yanti.client.post(
        form.action, data=fields | {"csrf": "x", "file": (io.BytesIO(pictures.jpeg()), "a.jpg")}, headers=HTML | HERE,
        base_url="https://kelurahan.example", content_type="multipart/form-data",
    )  # fmt: skip
    assert forged.status_code == 403
    assert cast.show(intake, case["id"])["files"] == []


def test_a_scan_that_the_case_does_not_take_is_refused_before_it_is_stored(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    own = {name: value for name, value in form_to(yanti.open(at(case)).text, at(case, "terima")).fields
           if name in ("csrf", "dari")}  # fmt: skip
    kept = keys_with(intake, case["id"])
    for requirement, status in (("SURAT_KEHILANGAN", 409), ("", 422)):
        sent = yanti.client.post(
            at(case, "berkas"), data=own | {"requirement": requirement, "file": (io.BytesIO(pictures.jpeg()), "a.jpg")},
            headers=HTML | HERE, base_url="https://kelurahan.example", content_type="multipart/form-data",
        )  # fmt: skip
        assert sent.status_code == status and 'role="alert"' in sent.text
    assert keys_with(intake, case["id"]) == kept


# --- the counter ----------------------------------------------------------------------------------------------------


def counter_form(somebody: Browser) -> Form:
    return form_to(somebody.open("/intake/loket").text, "/intake/loket")


def typed_at_counter(**more: str) -> dict[str, str]:
    person = cast.applicant()
    typed = {f"applicant-{name}": str(value) for name, value in person.items()}
    return typed | {"service": "KK/lost", "contact-phone": "0812-7100-0072"} | more


def test_a_case_is_opened_at_the_counter(intake: InProcess, yanti: Browser) -> None:
    opened = yanti.send(counter_form(yanti), typed_at_counter())
    assert opened.status_code == 303, opened.text
    case = cast.show(intake, opened.headers["Location"].rpartition("/")[2])
    assert (case["channel"], case["service"], case["reason"], case["status"]) == ("counter", "KK", "lost", "draft")
    assert case["contact"] == {"name": case["applicant"]["name"], "phone": "+6281271000072"}


def test_wrong_input_at_the_counter_says_where_and_stays(intake: InProcess, yanti: Browser) -> None:
    wrong = yanti.send(counter_form(yanti), typed_at_counter(**{"applicant-nik": "12", "service": ""}))
    assert wrong.status_code == 422 and 'href="#service"' in wrong.text
    assert "Jalan Sukabangun Lorong Melati Nomor 12" in wrong.text and 'value="12"' in wrong.text


def test_the_nik_fills_in_birth_date_and_sex_and_what_is_known(intake: InProcess, yanti: Browser) -> None:
    form = form_to(yanti.open("/intake/loket").text, "/intake/loket/nik")
    new = yanti.send(form, {"nik": "1671105206700009"})
    assert new.status_code == 200 and 'value="1970-06-12"' in new.text and '<option value="P" selected>' in new.text
    earlier = cast.submitted(intake)
    known = yanti.send(form, {"nik": earlier["applicant"]["nik"]})
    assert earlier["applicant"]["name"] in known.text and earlier["tracking_code"] in known.text
    assert intake.audit("application.read")[-1]["about"] == [earlier["id"]]


def test_the_counter_of_another_office_knows_nothing_of_the_person(intake: InProcess) -> None:
    new = dict(shipped_office(BUKIT_SANGKAL)) | {"code": KALIDONI, "name": "Kalidoni"}
    made = intake.call("PUT", f"/v1/offices/{KALIDONI}", "administrator", who={"tenant": KALIDONI}, json=new)
    assert made.status_code == 200, made.text
    earlier, other = cast.submitted(intake), signed_in(intake, "officer", sub="officer:other", tenant=KALIDONI)
    form = form_to(other.open("/intake/loket").text, "/intake/loket/nik")
    shown = other.send(form, {"nik": earlier["applicant"]["nik"]})
    assert shown.status_code == 200
    assert earlier["tracking_code"] not in shown.text and earlier["applicant"]["name"] not in shown.text


def test_a_second_case_for_the_same_names_the_first_and_can_be_meant(intake: InProcess, yanti: Browser) -> None:
    typed = typed_at_counter()
    first = yanti.send(counter_form(yanti), typed).headers["Location"]
    again = yanti.send(counter_form(yanti), typed)
    assert again.status_code == 409 and f'href="{first}"' in again.text
    meant = yanti.send(form_to(again.text, "/intake/loket"), typed | {"intended_duplicate": "true"})
    assert meant.status_code == 303 and meant.headers["Location"] != first


# --- finding, the day, requests -------------------------------------------------------------------------------------


def test_a_case_is_found_by_what_people_name(intake: InProcess, yanti: Browser) -> None:
    case = cast.received(intake)
    form = form_to(yanti.open("/intake/cari").text, "/intake/cari")
    for typed in (
        {"tracking_code": case["tracking_code"].lower()},
        {"agenda_number": case["agenda_number"]},
        {"nik": case["applicant"]["nik"]},
        {"nik": case["applicant"]["nik"], "phone": "0812 7100 0072"},
    ):
        assert f'href="{at(case)}"' in yanti.send(form, typed).text, typed
    assert "Tidak ada yang cocok" in yanti.send(form, {"nik": "1671105503559999"}).text
    nothing = yanti.send(form, {})
    assert nothing.status_code == 422 and "Sebutkan kode, nomor, NIK atau nomor HP." in nothing.text
    wrong = yanti.send(form, {"phone": "abc"})
    assert wrong.status_code == 422 and 'value="abc"' in wrong.text


def test_the_day_shows_what_is_late_due_and_silent(intake: InProcess, yanti: Browser) -> None:
    intake.clock.at = FRIDAY - timedelta(days=2)  # before the other tests' cases
    case, returned = cast.submitted(intake), cast.submitted(intake)
    assert take(yanti, returned, "kembalikan", {"items-0-requirement": "PENGANTAR_RT", "items-0-problem": "Buram"})
    promised = datetime.fromisoformat(case["promised_at"])
    day = yanti.open("/intake/hari-ini").text
    assert f'href="{at(case)}?waiting_for=officer"' in day and "step=receive" in day
    intake.clock.at = promised - timedelta(hours=1)
    assert f'href="{at(case)}?due={promised:%Y-%m-%d}"' in yanti.open("/intake/hari-ini").text
    assert case["tracking_code"] in yanti.open(f"/intake/antrean?due={promised:%Y-%m-%d}").text
    assert case["tracking_code"] not in yanti.open(f"/intake/antrean?due={promised + timedelta(days=1):%Y-%m-%d}").text
    intake.clock.at = promised + timedelta(minutes=1)
    assert f'href="{at(case)}?late=true"' in yanti.open("/intake/hari-ini").text
    assert returned["tracking_code"] not in yanti.open("/intake/antrean?silent=true").text
    intake.clock.at = FRIDAY + timedelta(days=8)
    assert returned["tracking_code"] in yanti.open("/intake/antrean?silent=true").text


def test_corrections_are_answered_with_a_note(intake: InProcess, yanti: Browser) -> None:
    case = cast.opened(intake)
    asked = intake.call(
        "POST", cast.path(case["id"], "corrections"), "applicant", who=cast.ROHANA, json={"words": "Nama salah."}
    )  # fmt: skip
    here = f"/intake/permintaan/{case['id']}"
    assert here in yanti.open("/intake/permintaan").text
    one = f"{here}/{asked.json['correction_id']}"
    refused = yanti.send(form_to(yanti.open(here).text, one), {"outcome": "refused"})
    assert refused.status_code == 422 and "Sebutkan alasannya." in refused.text
    done = yanti.send(form_to(refused.text, one), {"outcome": "refused", "note": "Sudah sesuai KK."})
    assert done.status_code == 303
    assert "Sudah sesuai KK." in yanti.open(here).text
    assert here not in yanti.open("/intake/permintaan").text


def test_what_a_person_says_at_the_counter_is_noted(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    here = f"/intake/permintaan/{case['id']}"
    empty = yanti.send(form_to(yanti.open(here).text, here), {"words": ""})
    assert empty.status_code == 422 and 'id="words-salah"' in empty.text
    assert yanti.send(form_to(empty.text, here), {"words": "Nama ibu salah."}).status_code == 303
    assert "Nama ibu salah." in yanti.open(here).text
    courier = f"{here}/persetujuan/courier"
    agreed = yanti.send(form_to(yanti.open(here).text, courier), {"given": "true"})
    assert agreed.status_code == 303
    known = intake.call("GET", cast.path(case["id"], "consents"), "officer").json["items"]
    assert {one["kind"]: one["state"] for one in known}["courier"] == "given"
    assert yanti.post(f"{here}/persetujuan/other", {}).status_code == 404


def test_an_erasure_is_asked_for_once_the_case_has_ended(intake: InProcess, yanti: Browser) -> None:
    case = cast.submitted(intake)
    here = f"/intake/permintaan/{case['id']}"
    still = yanti.send(form_to(yanti.open(here).text, f"{here}/penghapusan"), {})
    assert still.status_code == 409 and 'role="alert"' in still.text
    assert take(yanti, case, "batalkan").status_code == 303
    asked = yanti.send(form_to(yanti.open(here).text, f"{here}/penghapusan"), {})
    assert asked.status_code == 303 and "Permintaan dicatat." in yanti.open("/intake/permintaan").text
    assert intake.call("GET", cast.path(case["id"], "erasure"), "officer").json["state"] == "requested"

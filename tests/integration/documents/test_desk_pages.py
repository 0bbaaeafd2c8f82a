"""An officer's desk on pages: bundles, numbers, the book, hand-overs, and the texts of letters."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from documents.store import people
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.integration.documents.test_emblems import picture
from tests.integration.documents.test_handovers import code_of
from tests.support.browsing import HERE, HTML, Browser, Form, forms_of, signed_in
from tests.support.services import InProcess
from tests.support.tokens import KALIDONI


@pytest.fixture(autouse=True)
def office(desk: InProcess) -> None:
    story.office(desk, courier={"name": "Kurir Contoh", "price": 12000, "payer": "applicant"})


@pytest.fixture
def officer(desk: InProcess) -> Browser:
    return signed_in(desk, "officer")


@pytest.fixture
def lurah(desk: InProcess) -> Browser:
    return signed_in(desk, "lurah")


def form_of(page: Any, action: str) -> Form:
    return next(form for form in forms_of(page.text) if form.action == action)


def actions(page: Any) -> set[str]:
    return {form.action for form in forms_of(page.text)}


# --- bundles ----------------------------------------------------------------------------------------------------------


def test_a_bundle_is_asked_for_made_and_downloaded_once_for_two_taps(desk: InProcess, officer: Browser) -> None:
    case = Case(desk).issued()
    form = form_of(officer.open(f"/documents/berkas?permohonan={case.id}"), "/documents/berkas")
    asked = [officer.send(form, {}) for _ in range(2)]
    assert [one.status_code for one in asked] == [303, 303]
    assert asked[0].headers["Location"] == asked[1].headers["Location"]
    making = officer.go_on(asked[0])
    assert "Berkas sedang dibuat" in making.text and "data-again" in making.text
    desk.work()
    assert "Berkas siap" in officer.go_on(asked[0]).text
    assert officer.open(f"{asked[0].headers['Location']}/pdf").data.startswith(b"%PDF-")
    assert signed_in(desk, "officer", tenant=KALIDONI).go_on(asked[0]).status_code == 404


def test_a_bundle_of_a_case_that_is_not_the_offices_is_not_asked_for(desk: InProcess) -> None:
    case = Case(desk).issued()
    stranger = signed_in(desk, "officer", tenant=KALIDONI)
    assert stranger.open(f"/documents/berkas?permohonan={case.id}").status_code == 404
    assert signed_in(desk, "officer").open("/documents/berkas").status_code == 422


# --- numbers and the book ---------------------------------------------------------------------------------------------

LETTER = {"kind": "Surat undangan", "classification": "005", "addressee": "Ketua RT <b>023</b>", "subject": "Rapat"}


def test_a_number_is_taken_once_shown_and_voided(desk: InProcess, officer: Browser) -> None:
    form = form_of(officer.open("/documents/nomor"), "/documents/nomor")
    empty = officer.send(form, {"kind": "Surat undangan"})
    assert empty.status_code == 422 and 'href="#addressee"' in empty.text
    assert ("kind", "Surat undangan") in form_of(empty, "/documents/nomor").fields
    taken = [officer.send(form, LETTER) for _ in range(2)]
    assert [one.status_code for one in taken] == [303, 303]
    assert taken[0].headers["Location"] == taken[1].headers["Location"]
    where = taken[0].headers["Location"]
    shown = officer.open(where)
    assert "Ketua RT &lt;b&gt;023&lt;/b&gt;" in shown.text
    assert officer.send(form_of(shown, f"{where}/batalkan"), {"reason": ""}).status_code == 422
    assert officer.send(form_of(shown, f"{where}/batalkan"), {"reason": "Batal rapat"}).status_code == 303
    assert "Batal rapat" in officer.open(where).text
    late = officer.send(form_of(shown, f"{where}/batalkan"), {"reason": "Lagi", "once": "another"})
    assert late.status_code == 412


def test_the_book_is_read_with_filters_in_the_address_and_as_table_and_pdf(desk: InProcess, officer: Browser) -> None:
    case = Case(desk).issued()
    number = case.letter()["number"]
    assert officer.open("/documents/buku").headers["Location"] == "/documents/buku/2026"
    shown = officer.open("/documents/buku/2026?state=issued&limit=200")
    assert number in shown.text and "Rohana" in shown.text and "state=issued" in shown.text
    assert officer.open("/documents/buku/2026?state=nonsense").status_code == 422
    assert number in officer.open(f"/documents/buku/2026/csv?number={number}").text
    assert officer.open(f"/documents/buku/2026/pdf?number={number}").data.startswith(b"%PDF-")
    assert number not in signed_in(desk, "officer", tenant=KALIDONI).open("/documents/buku/2026").text


def test_the_lurah_goes_on_from_the_paper_book_and_the_officer_only_looks(
    desk: InProcess, officer: Browser, lurah: Browser
) -> None:
    where = "/documents/buku/2026/seri"
    assert (
        where not in actions(officer.open(f"{where}?seri=kk_introduction")) and officer.open(where).status_code == 200
    )
    Case(desk).issued()
    shown = lurah.open(f"{where}?seri=office")
    form = next(one for one in forms_of(shown.text) if one.method == "post" and one.action == where)
    for wrong in ("", "dua", "-1", "9" * 5000, "1" * 10, "²"):
        told = lurah.send(form, {"last": wrong})
        assert told.status_code == 422 and 'id="last-salah"' in told.text, wrong
    last = int(dict(form.fields)["versi"])
    assert lurah.send(form, {"last": str(last + 7)}).status_code == 303
    assert f"Nomor {last + 1} sampai {last + 7} ada di buku kertas" in lurah.open(where).text
    assert lurah.send(form, {"last": str(last + 9), "once": "another"}).status_code == 412
    assert signed_in(desk, "administrator").open(where).status_code == 200


# --- hand-overs -------------------------------------------------------------------------------------------------------


def handover_of(desk: InProcess, case: Case) -> str:
    answer = desk.call("GET", f"/v1/handovers?application_id={case.id}", "officer")
    return f"/documents/serah-terima/{answer.json['items'][-1]['id']}"


def act(somebody: Browser, where: str, what: str, typed: dict[str, str]) -> Any:
    return somebody.send(form_of(somebody.open(f"{where}?untuk={what}"), f"{where}/{what}"), typed)


def test_papers_are_sent_not_met_and_received_with_the_recipients_code(desk: InProcess, officer: Browser) -> None:
    case = Case(desk).issued()
    where = handover_of(desk, case)
    assert "Rohana" in officer.open(f"/documents/serah-terima?permohonan={case.id}").text
    for price in ("9" * 5000, "seribu"):
        told = act(officer, where, "kirim", {"method": "courier", "price": price})
        assert told.status_code == 422 and 'id="price-salah"' in told.text
    assert act(officer, where, "kirim", {"method": "courier"}).status_code == 303
    assert act(officer, where, "tidak-bertemu", {"reason": ""}).status_code == 422
    assert act(officer, where, "tidak-bertemu", {"reason": "Rumah kosong"}).status_code == 303
    assert "Rumah kosong" in officer.open(where).text
    code = code_of(case)
    other = "000000" if code != "000000" else "111111"
    wrong = act(officer, where, "selesai", {"received_by": "Siti", "code": other})
    assert wrong.status_code == 422 and 'id="code-salah"' in wrong.text
    assert ("received_by", "Siti") in form_of(wrong, f"{where}/selesai").fields
    [row] = desk.rows("SELECT code_tries FROM handover WHERE id = %s", [where.rpartition("/")[2]])
    assert row["code_tries"] == 1
    done = form_of(officer.open(f"{where}?untuk=selesai"), f"{where}/selesai")
    assert [officer.send(done, {"received_by": "Siti", "code": code}).status_code for _ in range(2)] == [303, 303]
    assert "Surat sudah diterima" in officer.open(where).text


def test_a_case_that_is_erased_while_the_list_is_made_has_no_name_there(
    desk: InProcess, officer: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = handover_of(desk, Case(desk).issued())
    monkeypatch.setattr(people, "read_many", lambda *_: {})
    shown = officer.open("/documents/serah-terima?status=ready")
    assert shown.status_code == 200 and "Rohana" not in shown.text
    assert "Surat siap diterima" in officer.open(where).text


def test_papers_that_come_back_are_fetched_by_somebody_with_a_letter_of_authority(
    desk: InProcess, officer: Browser
) -> None:
    where = handover_of(desk, Case(desk).issued())
    assert (
        act(officer, where, "kirim", {"courier": "Pak Darmawan", "price": "9000", "payer": "office"}).status_code == 303
    )
    assert act(officer, where, "kembali", {"reason": "Tiga kali tidak bertemu"}).status_code == 303
    without = act(officer, where, "selesai", {"method": "pickup", "received_by": "Siti", "relation": "tetangga"})
    assert without.status_code == 422 and 'id="authority-salah"' in without.text
    got = {"method": "pickup", "received_by": "Siti", "relation": "tetangga", "authority": "seen"}
    assert act(officer, where, "selesai", got).status_code == 303


def test_an_applicant_chooses_how_to_receive_the_papers_and_does_nothing_else(desk: InProcess) -> None:
    where = handover_of(desk, Case(desk).issued())
    owner = signed_in(desk, "applicant")
    shown = owner.open(where)
    assert "untuk=pilihan" in shown.text and "untuk=selesai" not in shown.text
    assert act(owner, where, "pilihan", {"method": "courier"}).status_code == 303
    assert "Diantar kurir: Kurir Contoh, Rp12.000, dibayar pemohon" in owner.open(where).text
    form = form_of(owner.open(f"{where}?untuk=pilihan"), f"{where}/pilihan")
    sent = dict(form.fields) | {"method": "pickup", "received_by": "Siti"}
    assert owner.post(f"{where}/selesai", sent).status_code == 403
    assert signed_in(desk, "applicant", sub="applicant-2").open(where).status_code == 404
    assert signed_in(desk, "signer").open(where).status_code == 403


# --- texts ------------------------------------------------------------------------------------------------------------

TEXTS = "/documents/templat/business_place"


def test_texts_are_drafted_looked_at_published_and_given_up(desk: InProcess, officer: Browser, lurah: Browser) -> None:
    form = form_of(lurah.open(TEXTS), TEXTS)
    typed = {
        "closing": "Demikian {name}.", "copies": "Camat Kalidoni\r\n\r\nArsip", "clauses": "Satu.\n\nDua <b>tebal</b>.",
        "letterhead-lines": "PEMERINTAH KOTA\nKELURAHAN", "letterhead-address": "Jalan Contoh 1", "validity_days": "60",
        "free_paragraph": "true",
    }  # fmt: skip
    assert lurah.send(form, typed).status_code == 303
    [row] = desk.rows("SELECT data FROM office_template WHERE kind = 'business_place' AND status = 'draft'")
    assert row["data"] == {
        "closing": "Demikian {name}.", "copies": ["Camat Kalidoni", "Arsip"],
        "clauses": ["Satu.", "Dua <b>tebal</b>."], "validity_days": 60,
        "letterhead": {"lines": ["PEMERINTAH KOTA", "KELURAHAN"], "address": "Jalan Contoh 1"},
    }  # fmt: skip
    shown = lurah.open(TEXTS)
    assert "Dua &lt;b&gt;tebal&lt;/b&gt;." in shown.text and "<b>tebal" not in shown.text
    assert officer.open(f"{TEXTS}/contoh").data.startswith(b"%PDF-")
    assert officer.open(f"{TEXTS}/contoh/gambar").mimetype == "image/webp"
    assert TEXTS not in actions(officer.open(TEXTS)) and f"{TEXTS}/terbitkan" not in actions(officer.open(TEXTS))
    stale = lurah.send(form, typed | {"once": "another"})
    assert stale.status_code == 412
    assert lurah.send(form_of(shown, f"{TEXTS}/terbitkan"), {}).status_code == 303
    assert "Naskah kantor, versi" in officer.open("/documents/templat").text
    assert lurah.send(form_of(lurah.open(TEXTS), TEXTS), typed | {"closing": "Lain."}).status_code == 303
    assert lurah.send(form_of(lurah.open(TEXTS), f"{TEXTS}/buang"), {}).status_code == 303
    assert "Ada rancangan" not in lurah.open(TEXTS).text


def test_what_cannot_be_in_a_text_is_told_beside_its_box(lurah: Browser) -> None:
    form = form_of(lurah.open(TEXTS), TEXTS)
    for days in ("banyak", "9" * 5000):
        told = lurah.send(form, {"clauses": "Baik.\n\n{entah} apa.", "validity_days": days})
        assert told.status_code == 422 and 'id="validity_days-salah"' in told.text
    empty = {"letterhead-address": "", "validity_days": "", "once": "another"}
    told = lurah.send(form, empty | {"clauses": "Baik.\n\n{entah} apa."})
    assert told.status_code == 422
    assert 'id="clauses-salah"' in told.text and "2: {entah} tidak dikenal di sini." in told.text
    assert "{entah} apa." in told.text


def test_an_emblem_is_sent_seen_and_removed(lurah: Browser, officer: Browser) -> None:
    where = "/documents/templat/lambang"
    form = form_of(lurah.open(where), where)
    for content, status in ((b"no picture", 422), (picture(), 303)):
        fields = {name: value for name, value in form.fields if name != "file"}
        sent = lurah.client.post(
            where, headers=HTML | HERE, base_url="https://kelurahan.example",
            data=fields | {"file": (BytesIO(content), "lambang.png")},
        )  # fmt: skip
        assert sent.status_code == status, sent.text
    assert officer.open(f"{where}/gambar").data.startswith(b"\x89PNG")
    assert where not in actions(officer.open(where))
    assert lurah.send(form_of(lurah.open(where), f"{where}/hapus"), {}).status_code == 303
    assert officer.open(f"{where}/gambar").status_code == 404

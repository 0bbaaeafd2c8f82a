"""Signing on a page: what was read is signed, many at once; what cannot be signed says why and stays ticked."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest

from deploy.demo import certificates
from documents.signing import pades
from documents.store import turns
from documents.usecases import signing
from kit.ids import new_id
from kit.pages.forms import CSRF_COOKIE
from kit.pages.session import ACCESS_COOKIE
from kit.paging import encode_cursor
from kit.rates import Rate
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.browsing import HERE, HTML, Browser, Form, browser, forms_of, signed_in
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

WAITING = "/documents/tanda-tangan"
MANY = 20


@pytest.fixture(autouse=True)
def nothing_waits(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "PREPARED_WITHIN", 0.1)  # no worker prepares sheets beside a request here
    story.office(desk)
    with desk.deps.db.transaction("*") as tx:
        tx.execute("UPDATE letter SET status = 'cancelled' WHERE status IN ('drafted', 'numbered')")


@pytest.fixture
def lurah(desk: InProcess) -> Browser:
    return signed_in(desk, "lurah", sub=f"lurah-{new_id()}")


def waiting(desk: InProcess, many: int = 1, **more: Any) -> list[Case]:
    found = [Case(desk, **more).verified(work=False) for _ in range(many)]
    for _ in range(many):
        desk.work()
    return found


def form_of(page: Any, action: str = WAITING) -> Form:
    assert page.status_code in (200, 409, 422), page.text
    return next(form for form in forms_of(page.text) if form.action == action)


def boxes(page: Any) -> list[str]:
    return re.findall(r'name="surat" value="([^"]+)"', page.text)


def ticked(page: Any) -> list[str]:
    return re.findall(r'name="surat" value="([^"]+)" checked', page.text)


def sign(lurah: Browser, page: Any, **more: Any) -> Any:
    return lurah.send(form_of(page), {"surat": boxes(page)} | more)


def keep_certificate(lurah: Browser, passphrase: str = certificates.PASSPHRASE, file: bytes | None = None) -> Any:
    fields = dict(form_of(lurah.open("/documents/sertifikat"), "/documents/sertifikat").fields)
    sent = fields | {"passphrase": passphrase}
    sent.pop("file", None)
    return lurah.client.post(
        "/documents/sertifikat", headers=HTML | HERE, base_url="https://kelurahan.example",
        data=sent | {"file": (BytesIO(file or certificates.signer()), "lurah.p12")},
    )  # fmt: skip


def test_twenty_drafts_are_signed_at_once_with_one_passphrase(
    desk: InProcess, lurah: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "PREPARED_WITHIN", 30)
    story.office(desk, signing={"methods": ["certificate"]})
    assert keep_certificate(lurah).status_code == 303
    cases = waiting(desk, MANY)
    page = lurah.open(WAITING)
    assert len(boxes(page)) == MANY and ticked(page) == []
    assert len(ticked(lurah.open(f"{WAITING}?semua=1"))) == MANY
    with ThreadPoolExecutor(1) as meanwhile:
        asked = meanwhile.submit(sign, lurah, page, passphrase=certificates.PASSPHRASE)
        while not asked.done():
            desk.work()
            time.sleep(0.05)
    done = asked.result()
    assert done.status_code == 303
    shown = lurah.go_on(done)
    assert f"{MANY} dari {MANY} surat sudah terbit" in shown.text and "data-again" not in shown.text
    assert all(case.letter()["status"] == "issued" for case in cases)
    assert boxes(lurah.open(WAITING)) == []


def test_letters_that_are_made_ready_are_waited_for_on_the_page(desk: InProcess, lurah: Browser) -> None:
    story.office(desk, signing={"methods": ["approval"]})
    waiting(desk, 2)
    done = sign(lurah, lurah.open(WAITING))
    making = lurah.go_on(done)
    assert "0 dari 2 surat sudah terbit" in making.text and "data-again" in making.text
    desk.work()
    assert "2 dari 2 surat sudah terbit" in lurah.go_on(done).text


def test_letters_whose_turn_did_not_come_are_told_as_not_signed_and_stay_ticked(
    desk: InProcess, lurah: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.office(desk, signing={"methods": ["certificate"]})
    assert keep_certificate(lurah).status_code == 303
    cases = waiting(desk, 2)
    monkeypatch.setattr(signing, "LONG_ENOUGH", -1)
    told = sign(lurah, lurah.open(WAITING), passphrase=certificates.PASSPHRASE)
    assert told.status_code == 409 and "0 dari 2 surat berhasil" in told.text
    assert told.text.count("Waktunya habis sebelum giliran surat ini.") == 4  # on top and beside each
    assert {case.letter()["status"] for case in cases} == {"numbered"}
    assert ticked(told) == boxes(told) == [case.letter()["id"] for case in cases]
    result = lurah.open(f"{WAITING}/hasil?surat={cases[0].letter()['id']}")
    assert "data-again" not in result.text and "sedang disiapkan" not in result.text
    monkeypatch.undo()
    desk.work()
    assert sign(lurah, told, passphrase=certificates.PASSPHRASE).status_code == 303
    assert {case.letter()["status"] for case in cases} == {"issued"}


def test_a_letter_that_somebody_else_decided_on_waits_for_him_alone(
    desk: InProcess, lurah: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.office(desk, signing={"methods": ["certificate"]})
    assert keep_certificate(lurah).status_code == 303
    decided, other = waiting(desk, 2)
    page = lurah.open(WAITING)
    told = lurah.send(form_of(page), {"surat": boxes(page)[:1], "passphrase": certificates.PASSPHRASE})
    assert told.status_code == 409 and decided.letter()["status"] == "numbered"
    assert len(ticked(lurah.open(f"{WAITING}?semua=1"))) == 2
    [only] = ticked(signed_in(desk, "signer").open(f"{WAITING}?semua=1"))
    assert only.startswith(other.letter()["id"])


def test_a_wrong_passphrase_signs_nothing_is_not_shown_again_and_keeps_the_ticks(
    desk: InProcess, lurah: Browser
) -> None:
    story.office(desk, signing={"methods": ["certificate"]})
    assert keep_certificate(lurah).status_code == 303
    cases = waiting(desk, 2)
    page = lurah.open(WAITING)
    chosen = boxes(page)[:1]
    wrong = lurah.send(form_of(page), {"surat": chosen, "passphrase": "bukan ini kuncinya"})
    assert wrong.status_code == 422 and "Frasa sandi tidak cocok" in wrong.text
    assert "bukan ini kuncinya" not in wrong.text and ticked(wrong) == chosen
    assert 'href="#passphrase"' in wrong.text and 'id="passphrase-salah"' in wrong.text
    assert all(case.letter()["status"] == "drafted" for case in cases)


def test_what_is_wrong_on_a_later_page_is_told_on_that_page(desk: InProcess, lurah: Browser) -> None:
    first, second = waiting(desk, 2)
    where = f"{WAITING}?lanjut={encode_cursor(first.letter()['id'])}"
    page = lurah.open(where)
    assert len(boxes(page)) == 1 and boxes(page)[0].startswith(second.letter()["id"])
    told = sign(lurah, page, method="nonsense")
    assert told.status_code == 422 and ticked(told) == boxes(told) == boxes(page)
    assert ticked(lurah.open(f"{where}&semua=1")) == boxes(page)
    assert lurah.open(f"{WAITING}?lanjut=nonsense").status_code == 422


def test_what_was_not_read_is_not_signed_says_so_and_hinders_no_other(desk: InProcess, lurah: Browser) -> None:
    story.office(desk, signing={"methods": ["by_hand"]})
    changed, other = waiting(desk, 2)
    page = lurah.open(WAITING)
    changed.applicant["address"] = "Jalan <script>alert(1)</script>"
    changed.tell("changed")
    desk.work()
    told = sign(lurah, page)
    assert told.status_code == 409
    assert "1 dari 2 surat berhasil" in told.text and "Isi draf sudah berubah" in told.text
    assert f'id="surat-{changed.letter()["id"]}-salah"' in told.text
    assert other.letter()["status"] == "numbered" and changed.letter()["status"] == "drafted"
    assert sign(lurah, lurah.open(WAITING)).status_code == 303


def test_two_taps_take_one_number_and_the_second_is_told_the_same(desk: InProcess, lurah: Browser) -> None:
    [case] = waiting(desk)
    page = lurah.open(WAITING)
    form, sent = form_of(page), {"surat": boxes(page), "method": "approval"}
    answers = [lurah.send(form, sent) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    desk.work()
    assert len(case.told("letter.issued")) == 1


def test_two_taps_at_once_sign_once_and_both_are_told_the_same(
    desk: InProcess, lurah: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.office(desk, signing={"methods": ["certificate"]})
    assert keep_certificate(lurah).status_code == 303
    [case] = waiting(desk)
    assert sign(lurah, lurah.open(WAITING), passphrase=certificates.PASSPHRASE).status_code == 409  # no sheet yet
    desk.work()
    page = lurah.open(WAITING)
    form, sent = form_of(page), {"surat": boxes(page), "passphrase": certificates.PASSPHRASE}
    begun = []

    def slowly(*args: Any, **more: Any) -> bytes:
        begun.append(args)
        time.sleep(1)
        return sign_pdf(*args, **more)

    sign_pdf = pades.sign
    monkeypatch.setattr(pades, "sign", slowly)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda tapping: tapping.send(form, sent), (lurah, the_same(desk, lurah))))
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(begun) == len(case.told("letter.issued")) == 1
    signed = [row for row in desk.audit() if row["object"] == case.letter()["id"] and row["details"].get("signed")]
    assert len(signed) == 1


def the_same(desk: InProcess, somebody: Browser) -> Browser:
    """His browser once more, with the same cookies."""
    twin = browser(desk)
    for name in (ACCESS_COOKIE, CSRF_COOKIE):
        twin.client.set_cookie(name, str(somebody.cookie(name)), domain="kelurahan.example", secure=True)
    return twin


def test_a_second_tap_does_not_wait_without_end(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    story.office(desk, signing={"methods": ["approval"]})
    [case] = waiting(desk)
    lurah = signed_in(desk, "lurah", sub="lurah-tapping")
    page = lurah.open(WAITING)
    form = form_of(page)
    monkeypatch.setattr(signing, "LONG_ENOUGH", 0)
    name = f"sign:{BUKIT_SANGKAL}:lurah-tapping:{dict(form.fields)['once']}"
    with turns.turn(desk.deps.db, name, 0):
        told = lurah.send(form, {"surat": boxes(page)})
    assert told.status_code == 409 and "Permintaan yang sama sedang dikerjakan" in told.text
    assert case.letter()["status"] == "drafted"
    assert lurah.send(form, {"surat": boxes(page)}).status_code == 303


def test_nothing_ticked_is_told_beside_the_letters(desk: InProcess, lurah: Browser) -> None:
    waiting(desk)
    told = lurah.send(form_of(lurah.open(WAITING)), {"method": "approval"})
    assert told.status_code == 422 and 'href="#letters"' in told.text


def test_a_letter_of_another_office_is_not_signed(desk: InProcess, lurah: Browser) -> None:
    story.office(desk, KALIDONI)
    story.catalogue(desk, KALIDONI)
    [mine] = waiting(desk)
    [theirs] = waiting(desk, tenant=KALIDONI)
    page = lurah.open(WAITING)
    foreign = f"{theirs.letter()['id']}.{theirs.letter()['preview_sha256']}"
    assert foreign not in boxes(page)
    assert lurah.send(form_of(page), {"surat": [foreign], "method": "approval"}).status_code == 404
    assert theirs.letter()["status"] == mine.letter()["status"] == "drafted"


def test_a_form_that_no_page_of_ours_has_sent_signs_nothing(desk: InProcess, lurah: Browser) -> None:
    [case] = waiting(desk)
    page = lurah.open(WAITING)
    assert sign(lurah, page, csrf="guessed", method="approval").status_code == 403
    assert case.letter()["status"] == "drafted"


def test_a_name_with_a_script_in_it_is_text(desk: InProcess, lurah: Browser) -> None:
    waiting(desk, applicant=story.ROHANA | {"name": "Rohana <script>alert(1)</script>"})
    page = lurah.open(WAITING)
    assert "<script>alert" not in page.text and "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text


def test_for_the_bsre_the_nik_is_asked_as_well_and_a_letter_that_lacks_it_keeps_waiting(
    desk: InProcess, lurah: Browser
) -> None:
    story.office(desk, signing={"methods": ["bsre"]})
    [case] = waiting(desk)
    page = lurah.open(WAITING)
    assert 'name="nik"' in page.text
    told = sign(lurah, page, nik="12", passphrase="empat kata yang panjang")
    assert told.status_code == 422 and 'id="nik-salah"' in told.text and case.letter()["status"] == "drafted"
    told = sign(lurah, page, nik="1671105503550001", passphrase="empat kata yang panjang", method="nonsense")
    assert told.status_code == 422 and "1671105503550001" not in told.text and "empat kata" not in told.text
    told = sign(lurah, page, passphrase="empat kata yang panjang")
    assert told.status_code == 409 and "0 dari 1 surat berhasil" in told.text and "NIK Anda" in told.text
    assert boxes(told) == [case.letter()["id"]] and case.letter()["status"] == "numbered"


def test_an_officer_signs_nothing(desk: InProcess) -> None:
    assert signed_in(desk, "officer").open(WAITING).status_code == 403


# --- the certificate --------------------------------------------------------------------------------------------------


def test_a_certificate_is_kept_shown_and_removed(lurah: Browser) -> None:
    assert "Belum ada sertifikat" in lurah.open("/documents/sertifikat").text
    done = keep_certificate(lurah)
    assert done.status_code == 303
    shown = lurah.go_on(done)
    assert "Sertifikat tersimpan." in shown.text and "BEGIN CERTIFICATE" in shown.text
    assert "PRIVATE KEY" not in shown.text
    taps = [lurah.send(form_of(shown, "/documents/sertifikat/hapus"), {}) for _ in range(2)]
    assert [one.status_code for one in taps] == [303, 303]
    assert "Belum ada sertifikat" in lurah.open("/documents/sertifikat").text


@pytest.mark.parametrize(
    ("passphrase", "file", "said"),
    [
        ("salah", None, "Frasa sandi tidak cocok"), ("", None, "Harus diisi."),
        (certificates.PASSPHRASE, b"no certificate", "Frasa sandi tidak cocok"),
    ],
)  # fmt: skip
def test_what_is_no_certificate_says_what_to_do(lurah: Browser, passphrase: str, file: bytes | None, said: str) -> None:
    told = keep_certificate(lurah, passphrase, file)
    assert told.status_code == 422 and said in told.text
    assert "Belum ada sertifikat" in lurah.open("/documents/sertifikat").text


# --- the letter's own page --------------------------------------------------------------------------------------------


def letter_page(somebody: Browser, case: Case) -> Any:
    return somebody.open(f"/documents/surat/{case.letter()['id']}")


def test_a_draft_is_sent_back_with_a_reason_and_the_officer_reads_it(desk: InProcess, lurah: Browser) -> None:
    [case] = waiting(desk)
    where = f"/documents/surat/{case.letter()['id']}"
    form = form_of(letter_page(lurah, case), f"{where}/kembalikan")
    empty = lurah.send(form, {"reason": " "})
    assert empty.status_code == 422 and 'href="#reason"' in empty.text
    assert lurah.send(form, {"reason": "Alamat <b>usaha</b> belum lengkap"}).status_code == 303
    assert case.letter()["status"] == "sent_back"
    officer = signed_in(desk, "officer")
    shown = letter_page(officer, case)
    assert "Alamat &lt;b&gt;usaha&lt;/b&gt; belum lengkap" in shown.text
    assert officer.send(form_of(shown, f"{where}/susun-ulang"), {}).status_code == 303
    desk.work()
    assert case.letter()["status"] == "drafted"


def test_what_somebody_else_changed_meanwhile_is_not_written_over(desk: InProcess, lurah: Browser) -> None:
    [case] = waiting(desk)
    where = f"/documents/surat/{case.letter()['id']}"
    form = form_of(letter_page(lurah, case), f"{where}/kembalikan")
    officer = signed_in(desk, "officer")
    assert officer.send(form_of(letter_page(officer, case), f"{where}/paraf"), {}).status_code == 303
    told = lurah.send(form, {"reason": "Belum lengkap"})
    assert told.status_code == 412 and "Belum lengkap" in told.text
    again = form_of_any(told, f"{where}/kembalikan")
    assert lurah.send(again, {"reason": "Belum lengkap"}).status_code == 303


def form_of_any(page: Any, action: str) -> Form:
    return next(form for form in forms_of(page.text) if form.action == action)


def test_a_button_that_may_not_be_used_is_not_there(desk: InProcess, lurah: Browser) -> None:
    [case] = waiting(desk)
    for role, may in (
        ("lurah", {"kembalikan", "susun-ulang"}), ("officer", {"paraf", "paragraf", "susun-ulang"}),
        ("signer", {"kembalikan"}), ("applicant", set()),
    ):  # fmt: skip
        shown = letter_page(signed_in(desk, role), case)
        assert shown.status_code == 200
        acts = {form.action.rpartition("/")[2] for form in forms_of(shown.text)} - {"keluar"}
        assert acts == may, role


def test_a_sheet_signed_by_hand_comes_back_as_a_scan_and_the_letter_is_issued(desk: InProcess, lurah: Browser) -> None:
    story.office(desk, signing={"methods": ["by_hand"]})
    [case] = waiting(desk)
    assert sign(lurah, lurah.open(WAITING)).status_code == 303
    desk.work()
    officer = signed_in(desk, "officer")
    where = f"/documents/surat/{case.letter()['id']}"
    shown = officer.open(where)
    assert officer.open(f"{where}/lembar").mimetype == "application/pdf"
    form = form_of(shown, f"{where}/pindai")
    for content, status in ((b"no picture", 422), (officer.open(f"{where}/lembar").data, 303)):
        fields = {name: value for name, value in form.fields if name != "file"}
        sent = officer.client.post(
            form.action, headers=HTML | HERE, base_url="https://kelurahan.example",
            data=fields | {"file": (BytesIO(content), "pindai.pdf")},
        )  # fmt: skip
        assert sent.status_code == status, sent.text
    assert case.letter()["status"] == "issued"


def test_a_void_letter_is_closed_to_its_owner_and_says_why_to_the_office(desk: InProcess, lurah: Browser) -> None:
    case = Case(desk).issued()
    where = f"/documents/surat/{case.letter()['id']}"
    owner = signed_in(desk, "applicant")
    assert owner.open(f"{where}/pdf").mimetype == "application/pdf"
    form = form_of(lurah.open(where), f"{where}/batalkan")
    assert lurah.send(form, {"reason": "Salah nama ayah"}).status_code == 303
    assert "Salah nama ayah" in lurah.open(where).text
    shown = owner.open(where)
    assert "Salah nama ayah" not in shown.text and "Batal" in shown.text
    assert owner.open(f"{where}/pdf").status_code == 409


def test_letters_are_looked_at_as_pictures_by_those_who_may(desk: InProcess) -> None:
    [case] = waiting(desk)
    picture = f"/documents/surat/{case.letter()['id']}/draf/gambar"
    for role in ("lurah", "officer", "signer", "applicant"):
        shown = signed_in(desk, role).open(picture)
        assert (shown.status_code, shown.mimetype) == (200, "image/webp"), role
        assert shown.data[8:12] == b"WEBP"
        again = signed_in(desk, role).open(picture, headers={"If-None-Match": shown.headers["ETag"]})
        assert again.status_code == 304
    kept = {"If-None-Match": shown.headers["ETag"]}  # who knows it learns nothing, not even that it is still right
    for headers in ({}, kept):
        assert signed_in(desk, "applicant", sub="applicant-2").open(picture, headers=headers).status_code == 404
        assert signed_in(desk, "officer", tenant=KALIDONI).open(picture, headers=headers).status_code == 404


def test_strangers_have_so_many_pictures_drawn_and_the_office_as_many_as_it_needs(
    desk: InProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    [case] = waiting(desk)
    where = f"/documents/surat/{case.letter()['id']}/draf"
    monkeypatch.setattr(desk.app.extensions["gate"].strangers, "_by_caller", Rate("caller", 2, 60))
    owner = signed_in(desk, "applicant", stranger=True)
    shown = [owner.open(f"{where}/gambar") for _ in range(3)]
    assert [one.status_code for one in shown] == [200, 200, 429] and "Retry-After" in shown[2].headers
    assert owner.open(f"{where}/gambar", headers={"If-None-Match": shown[0].headers["ETag"]}).status_code == 304
    assert owner.open(where).mimetype == "application/pdf"
    officer = signed_in(desk, "officer")
    assert [officer.open(f"{where}/gambar").status_code for _ in range(3)] == [200, 200, 200]


def test_an_applicant_sees_the_letters_of_his_case_and_what_follows(desk: InProcess) -> None:
    case = Case(desk).issued()
    owner = signed_in(desk, "applicant")
    shown = owner.open(f"/documents/surat?permohonan={case.id}")
    assert case.letter()["number"] in shown.text and case.letter()["check_url"] in shown.text
    assert "Bawa ke Disdukcapil." in shown.text and "/documents/serah-terima/" in shown.text
    assert (
        signed_in(desk, "applicant", sub="applicant-2").open(f"/documents/surat?permohonan={case.id}").status_code
        == 404
    )
    assert owner.open("/documents/surat").status_code == 404


def test_the_offices_list_has_its_filters_in_the_address(desk: InProcess) -> None:
    [case] = waiting(desk)
    officer = signed_in(desk, "officer")
    shown = officer.open("/documents/surat?status=drafted")
    assert case.letter()["id"] in shown.text and 'value="drafted" selected' in shown.text
    other = officer.open("/documents/surat?status=drafted&kind=n1")
    assert case.letter()["id"] not in other.text and 'value="n1" selected' in other.text
    assert officer.open("/documents/surat?status=nonsense").status_code == 422

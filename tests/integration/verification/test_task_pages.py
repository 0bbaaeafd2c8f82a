"""The pages of heads who are signed in: their tasks, their days away, an introduction of their own accord."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from contracts import contract
from tests.integration.verification.test_attestations import judge, said
from tests.support.browsing import Browser, Form, day_typed, forms_of, signed_in
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI
from tests.support.verification import (
    APPLICANT,
    CONTACT,
    HEAD,
    OTHER_HEAD,
    RW_HEAD,
    a_case,
    a_file,
    ask,
    link_token,
    only,
    publish_office,
    receive,
    task_of,
    told_of,
)

pytestmark = pytest.mark.timeout(120)

TASKS = "/verification/tugas"
MONDAY = datetime(2026, 9, 7, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def office(verification: InProcess) -> Iterator[None]:
    before, verification.clock.at = verification.clock.at, MONDAY
    publish_office(verification)
    _tell_office(verification)
    yield
    with verification.deps.db.transaction("*") as tx:
        tx.execute("UPDATE task SET nudge_at = NULL")
    verification.clock.at = before


def _tell_office(verification: InProcess, **more: Any) -> None:
    """The office with its hours."""
    calendar = contract("office.changed").example["office"]["calendar"]
    office = {
        "kelurahan": BUKIT_SANGKAL, "name": "Bukit Sangkal", "kecamatan": "Kalidoni", "kota": "Palembang",
        "province": "Sumatera Selatan", "zone": "Asia/Jakarta", "office": {"calendar": calendar, **more},
    }  # fmt: skip
    verification.feed("office.changed", office, subject=BUKIT_SANGKAL)


@pytest.fixture
def head(verification: InProcess) -> Browser:
    return signed_in(verification, "rt_head", **HEAD)


def address(verification: InProcess, request: dict[str, Any]) -> str:
    return f"{TASKS}/{task_of(verification, request['application_id'])['id']}"


def form_to(text: str, action: str) -> Form:
    return next(form for form in forms_of(text) if form.action == action)


def plain(text: str) -> str:
    return " ".join(text.split())


# --- the list -------------------------------------------------------------------------------------------------------


def test_who_was_asked_first_stands_first_with_until_when_he_is_waited_for(
    verification: InProcess, head: Browser
) -> None:
    first = ask(verification, person={"applicant": APPLICANT | {"name": "Warga Pertama"}, "contact": CONTACT})
    verification.clock.at = datetime(2026, 9, 7, 3, 0, tzinfo=UTC)
    second = ask(verification, person={"applicant": APPLICANT | {"name": "Warga Kedua"}, "contact": CONTACT})
    text = plain(head.open(TASKS).text)
    assert text.index("Warga Pertama") < text.index("Warga Kedua")
    assert "Ditunggu sampai Rabu, 9 September 2026, pukul 07.30." in text
    for asked in (first, second):
        assert address(verification, asked) in text
        form = form_to(head.open(address(verification, asked)).text, address(verification, asked))
        head.send(form, {"decision": "refuse", "reason": "not_resident"})
    assert address(verification, first) not in head.open(TASKS).text


def test_long_lists_go_on(verification: InProcess, head: Browser) -> None:
    asked = [ask(verification) for _ in range(51)]
    shown = head.open(TASKS).text
    assert address(verification, asked[-1]) not in shown
    further = shown.partition('href="/verification/tugas?lanjut=')[2].partition('"')[0]
    rest = head.open(f"{TASKS}?lanjut={further}").text
    assert address(verification, asked[-1]) in rest and address(verification, asked[0]) not in rest
    assert head.open(f"{TASKS}?lanjut=salah").status_code == 422


def test_an_officer_sees_what_was_asked_about_one_case(verification: InProcess) -> None:
    asked, other = ask(verification), ask(verification)
    officer = signed_in(verification, "officer")
    text = officer.open(f"{TASKS}?permohonan={asked['application_id']}").text
    assert address(verification, asked) in text and address(verification, other) not in text
    assert officer.open(f"{TASKS}?permohonan=bukan").status_code == 422


# --- one task -------------------------------------------------------------------------------------------------------


def test_he_decides_on_the_screen_that_his_link_shows(verification: InProcess, head: Browser) -> None:
    asked = ask(verification)
    at = address(verification, asked)
    by_link = head.open(f"/t/{link_token(verification, asked['application_id'])}").text
    signed = head.open(at).text
    assert [name for name, _ in form_to(by_link, f"/t/{link_token(verification, asked['application_id'])}").fields] == [
        name for name, _ in form_to(signed, at).fields
    ]
    sent = head.send(form_to(signed, at), {"decision": "grant", "purpose": "Mengurus KK"})
    assert (sent.status_code, sent.headers["Location"]) == (303, at)
    assert "Pengantar Anda sudah tercatat." in head.go_on(sent).text
    assert only(verification, "introduction.granted", introduction_id=asked["introduction_id"])["purpose"] == (
        "Mengurus KK"
    )


def test_a_refusal_without_a_reason_says_so_and_keeps_what_was_typed(verification: InProcess, head: Browser) -> None:
    at = address(verification, ask(verification))
    wrong = head.send(form_to(head.open(at).text, at), {"decision": "refuse", "note": "Sudah <pindah>"})
    assert wrong.status_code == 422 and "Sudah &lt;pindah&gt;" in wrong.text
    assert 'href="#reason"' in wrong.text and 'value="refuse" checked' in wrong.text


def test_two_taps_decide_once(verification: InProcess, head: Browser) -> None:
    asked = ask(verification)
    at = address(verification, asked)
    form = form_to(head.open(at).text, at)
    assert [head.send(form, {"decision": "grant"}).status_code for _ in range(2)] == [303, 303]
    only(verification, "introduction.granted", introduction_id=asked["introduction_id"])


def test_a_form_of_another_site_decides_nothing(verification: InProcess, head: Browser) -> None:
    asked = ask(verification)
    at = address(verification, asked)
    form = form_to(head.open(at).text, at)
    assert head.send(form, {"decision": "grant"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert told_of(verification, "introduction.granted", introduction_id=asked["introduction_id"]) == []


@pytest.mark.parametrize("who", [OTHER_HEAD, HEAD | {"tenant": KALIDONI}])
def test_a_task_of_another_rt_or_office_is_not_there_and_the_attempt_is_on_record(
    verification: InProcess, who: dict[str, Any]
) -> None:
    at = address(verification, ask(verification))
    before = len(verification.rows("SELECT 1 FROM refused_access"))
    assert signed_in(verification, "rt_head", **who).open(at).status_code == 404
    assert len(verification.rows("SELECT 1 FROM refused_access")) == before + 1


def test_who_may_look_and_not_decide_is_shown_no_form(verification: InProcess) -> None:
    at = address(verification, ask(verification))
    for role, claims in (("rw_head", RW_HEAD), ("officer", {})):
        shown = signed_in(verification, role, **claims).open(at)
        assert shown.status_code == 200 and APPLICANT["name"] in shown.text
        assert not [form for form in forms_of(shown.text) if form.action == at]


def test_an_rw_head_acknowledges_what_the_rt_head_has_granted(verification: InProcess, head: Browser) -> None:
    _tell_office(verification, rw_acknowledges=True)
    asked = ask(verification)
    at = address(verification, asked)
    assert head.send(form_to(head.open(at).text, at), {"decision": "grant"}).status_code == 303
    waiting = head.open(at).text
    assert "sekarang menunggu Ketua RW" in waiting and at not in [form.action for form in forms_of(waiting)]
    rw_head = signed_in(verification, "rw_head", **RW_HEAD)
    assert rw_head.send(form_to(rw_head.open(at).text, at), {"decision": "acknowledge"}).status_code == 303
    only(verification, "introduction.granted", introduction_id=asked["introduction_id"])


def test_a_name_with_a_script_in_it_is_text(verification: InProcess, head: Browser) -> None:
    person = {"applicant": APPLICANT | {"name": "Rohana <script>alert(1)</script>"}, "contact": CONTACT}
    at = address(verification, ask(verification, person=person))
    for path in (at, TASKS):
        assert "<script>alert(1)" not in head.open(path).text


def test_originals_that_he_asked_for_can_be_ticked_off_by_link_and_signed_in(
    verification: InProcess, head: Browser
) -> None:
    for by_link in (True, False):
        file = a_file("KTP")
        case = receive(verification, file)
        assert judge(verification, case, said(file, "bring_original")).status_code == 200
        at = f"/t/{link_token(verification, case['application_id'])}" if by_link else address(verification, case)
        sent = head.send(form_to(head.open(at).text, f"{at}/asli"), {"file_ids": file["file_id"]})
        assert sent.status_code == 303
        only(verification, "original.seen", application_id=case["application_id"])
        assert f"{at}/asli" not in head.open(at).text


# --- neighbours -----------------------------------------------------------------------------------------------------


@pytest.fixture
def case(verification: InProcess) -> dict[str, Any]:
    """A case whose service wants neighbours heard on two sides."""
    sides = [{"code": side, "name": {"id": side, "en": side}} for side in ("front", "back")]
    sop = {
        "name": {"id": "Keterangan usaha", "en": "Business"},
        "requirements": [{"code": "KTP", "name": {"id": "KTP-el", "en": "Identity card"}}],
        "witnesses": {"positions": sides, "quorum": 1},
    }
    published = {
        "kelurahan": BUKIT_SANGKAL, "service": "SITU", "version": 1, "effective_from": "2026-01-01", "name": "SITU",
        "sop": sop,
    }  # fmt: skip
    verification.feed("sop.published", published, subject=f"{BUKIT_SANGKAL}/SITU")
    case = a_case(verification, "received", service="SITU", files=[a_file("KTP")])
    case["received_at"] = verification.clock.now().isoformat()
    person = {"applicant": APPLICANT, "contact": CONTACT, "helper": None, "details": {}}
    verification.feed("application.received", case | {"person": person}, subject=case["application_id"])
    return case


def attestation(verification: InProcess, case: dict[str, Any]) -> str:
    [row] = verification.rows(
        "SELECT id FROM task WHERE application_id = %s AND kind = 'attestation'", [case["application_id"]]
    )
    return f"{TASKS}/{row['id']}"


def named(verification: InProcess, case: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    rows = verification.rows(
        "SELECT position, outcome FROM task WHERE application_id = %s AND kind = 'statement' ORDER BY id",
        [case["application_id"]],
    )
    return [(row["position"], row["outcome"]) for row in rows]


def test_with_his_verdicts_he_names_neighbours_and_where_nobody_lives(
    verification: InProcess, head: Browser, case: dict[str, Any]
) -> None:
    at = attestation(verification, case)
    form = form_to(head.open(at).text, at)
    without = head.send(form, {"verdicts-0-verdict": "genuine"})
    assert without.status_code == 422 and 'value="genuine" checked' in without.text
    front = {"witnesses-0-name": "Tukiman", "witnesses-0-address": "Jalan Contoh 25", "witnesses-0-phone": "12"}
    wrong = head.send(form, {"verdicts-0-verdict": "genuine", "witnesses-1-absent": "true", **front})
    assert wrong.status_code == 422 and 'href="#witnesses-0-phone"' in wrong.text and "Tukiman" in wrong.text
    again = form_to(wrong.text, at)
    sent = head.send(again, {"verdicts-0-verdict": "genuine", "witnesses-0-phone": "0812 0000 0931"})
    assert sent.status_code == 303
    assert named(verification, case) == [("front", None), ("back", "absent")]


def test_he_has_another_neighbour_asked_by_link_and_signed_in(
    verification: InProcess, head: Browser, case: dict[str, Any]
) -> None:
    link = f"/t/{link_token(verification, case['application_id'])}"
    for number, at in enumerate((attestation(verification, case), link)):
        form = form_to(head.open(at).text, f"{at}/tetangga")
        typed = {"witnesses-90-name": f"Tetangga {number}", "witnesses-90-phone": f"0812 0000 095{number}"}
        wrong = head.send(form, typed)
        assert wrong.status_code == 422 and f"Tetangga {number}" in wrong.text
        assert 'id="witnesses-90-position-salah"' in wrong.text
        assert head.send(form, typed | {"witnesses-90-relation": "Tetangga depan"}).status_code == 303
    assert named(verification, case) == [(None, None), (None, None)]


def test_an_officer_has_neighbours_asked_and_records_what_he_was_told(
    verification: InProcess, case: dict[str, Any]
) -> None:
    officer = signed_in(verification, "officer")
    at = attestation(verification, case)
    form = form_to(officer.open(at).text, f"{at}/tetangga")
    assert officer.send(form, {"witnesses-0-name": "Tukiman"}).status_code == 303
    shown = officer.open(at).text
    assert "Tukiman" in shown and CONTACT["phone"] not in shown
    [row] = verification.rows(
        "SELECT id FROM task WHERE application_id = %s AND kind = 'statement'", [case["application_id"]]
    )
    question = f"{TASKS}/{row['id']}"
    assert question in shown and question in officer.open(f"{TASKS}?jenis=statement").text
    sent = officer.send(form_to(officer.open(question).text, question), {"decision": "confirm"})
    assert sent.status_code == 303
    assert named(verification, case) == [("front", "confirmed")]
    assert question not in officer.open(f"{TASKS}?jenis=statement").text
    assert "Membenarkan" in officer.open(at).text
    head = signed_in(verification, "rt_head", **HEAD)
    assert head.open(question).status_code == 404
    assert "Membenarkan" not in head.open(at).text


# --- away -----------------------------------------------------------------------------------------------------------


def days(verification: InProcess) -> list[tuple[str, str]]:
    rows = verification.rows(
        "SELECT away_from, away_until FROM officeholder WHERE kelurahan = %s AND rw = '005' AND rt = '023'"
        " AND role = 'rt_head'",
        [BUKIT_SANGKAL],
    )
    return [(str(row["away_from"]), str(row["away_until"])) for row in rows]


def test_he_says_until_when_he_is_away_and_that_he_is_back(verification: InProcess, head: Browser) -> None:
    shown = head.open("/verification/cuti")
    away, *_ = [form for form in forms_of(shown.text) if form.action == "/verification/cuti"]
    assert head.send(away, day_typed("from", "") | day_typed("until", "2026-9-10")).status_code == 303
    assert days(verification) == [("2026-09-07", "2026-09-10")]
    shown = head.open("/verification/cuti").text
    assert "dari Senin, 7 September 2026 sampai Kamis, 10 September 2026" in plain(shown)
    back, *_ = [form for form in forms_of(shown) if form.action == "/verification/cuti"]
    assert head.send(back, {"kembali": "ya"}).status_code == 303
    assert days(verification) == [("None", "None")]


@pytest.mark.parametrize(
    ("first", "until", "said"),
    [
        ("", "", "Harus diisi."), ("", "2026--10", 'href="#until"'), ("2026-09-", "2026-09-10", 'href="#from"'),
        ("2026-09-12", "2026-09-10", "Tanggal kembali sebelum tanggal pergi."),
    ],
)  # fmt: skip
def test_days_that_cannot_be_or_are_half_typed_are_told_beside_the_field(
    verification: InProcess, head: Browser, first: str, until: str, said: str
) -> None:
    away, *_ = [form for form in forms_of(head.open("/verification/cuti").text) if form.action == "/verification/cuti"]
    typed = day_typed("from", first) | day_typed("until", until)
    wrong = head.send(away, typed)
    assert wrong.status_code == 422 and said in wrong.text
    kept = [dict(form.fields) for form in forms_of(wrong.text) if form.action == "/verification/cuti"][-1]
    assert typed.items() <= kept.items()
    assert days(verification) == [("None", "None")]


def test_the_page_names_who_is_asked_instead(verification: InProcess, head: Browser) -> None:
    assert "yang ditanya: Yanto Hasbullah (Wakil ketua RT)" in plain(head.open("/verification/cuti").text)
    rw_head = signed_in(verification, "rw_head", **RW_HEAD)
    assert "petugas kelurahan yang memutuskan" in rw_head.open("/verification/cuti").text


# --- an introduction of his own accord ------------------------------------------------------------------------------

TYPED = {"name": "Nyimas Contoh", "phone": "0812 0000 0923", "purpose": "Mengurus KK", "service": "KK"}


def test_he_introduces_a_resident_who_gets_a_code(verification: InProcess, head: Browser) -> None:
    form = form_to(head.open("/verification/pengantar").text, "/verification/pengantar")
    answers = [head.send(form, TYPED) for _ in range(2)]
    assert [one.status_code for one in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    shown = head.go_on(answers[0]).text
    assert "Pengantar Anda sudah tercatat." in shown and "Nyimas Contoh" in shown


def test_what_is_missing_for_an_introduction_is_named_and_the_rest_is_kept(
    verification: InProcess, head: Browser
) -> None:
    form = form_to(head.open("/verification/pengantar").text, "/verification/pengantar")
    wrong = head.send(form, TYPED | {"phone": "12", "purpose": " "})
    assert wrong.status_code == 422
    assert 'href="#phone"' in wrong.text and 'href="#purpose"' in wrong.text
    assert ("name", "Nyimas Contoh") in form_to(wrong.text, "/verification/pengantar").fields


def test_a_head_of_an_rw_introduces_nobody(verification: InProcess) -> None:
    assert signed_in(verification, "rw_head", **RW_HEAD).open("/verification/pengantar").status_code == 403

"""What will be printed is shown to the applicant once, before it is signed."""

from __future__ import annotations

from typing import Any

import pytest

from documents.usecases import showing
from documents.usecases.telling import tell_drafted
from kit import jobs
from kit.db import EVERY_TENANT
from tests.integration.documents import story
from tests.integration.documents.story import Case
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from tests.unit.documents.pdf import text_of


def rows_of(told: dict[str, Any], letter: int = 0) -> dict[str, str]:
    return {row["label"]: row["value"] for row in told["person"]["letters"][letter]["rows"]}


def test_the_drafts_of_a_case_are_told_with_what_will_be_printed(desk: InProcess) -> None:
    case = Case(desk).verified()
    (told,) = case.told("letter.drafted")
    letter = case.letter()
    assert [(str(one["letter_id"]), one["kind"]) for one in told["letters"]] == [(letter["id"], "kk_introduction")]
    assert told["correctable_until"] == "signing"
    assert told["person"]["letters"][0]["title"] == "Surat Pengantar Kartu Keluarga"
    rows = rows_of(told)
    assert rows["NIK"] == "1671105503550001" and rows["Alasan permohonan"] == "Kartu Keluarga hilang"
    draft = text_of(desk.call("GET", f"/v1/letters/{letter['id']}/preview", "officer").data)
    assert all("".join(f"{label}:{value}".split()) in draft for label, value in rows.items() if "Surat" not in label)


def test_the_outbox_has_no_name_in_the_clear(desk: InProcess) -> None:
    case = Case(desk).verified()
    (row,) = desk.rows(
        "SELECT to_jsonb(o)::text AS row FROM outbox o WHERE type = 'letter.drafted' AND subject = %s", [str(case.id)]
    )
    assert "Rohana" not in row["row"] and "1671105503550001" not in row["row"] and "person" in row["row"]


def test_two_letters_of_one_case_are_told_at_once_when_both_are_drawn_up(desk: InProcess) -> None:
    two = [{"kind": "kk_introduction"}, {"kind": "ktp_introduction"}]
    sop_of(desk, "DUA", letters=two, forms=[{"kind": "f102"}])
    case = Case(desk, "DUA").verified(work=False)
    while case.told("letter.drafted") == []:
        assert {one["status"] for one in case.letters(form=False)} != {"drafted"}
        work_once(desk)
    assert {one["status"] for one in case.letters(form=False)} == {"drafted"}
    desk.work()
    (told,) = case.told("letter.drafted")
    assert [one["kind"] for one in told["letters"]] == ["kk_introduction", "ktp_introduction"]
    titles = [one["title"] for one in told["person"]["letters"]]
    assert titles == ["Surat Pengantar Kartu Keluarga", "Surat Pengantar KTP-el"]


def test_what_is_drafted_again_is_not_told_again(desk: InProcess) -> None:
    case = Case(desk).verified()
    before = case.letter()["preview_sha256"]
    case.applicant = story.ROHANA | {"name": "Rohana binti Zainuddin"}
    case.tell("changed")
    desk.work()
    assert case.letter()["preview_sha256"] != before
    again = desk.call("POST", f"/v1/letters/{case.letter()['id']}/draft", "officer")
    assert again.status_code == 200
    desk.work()
    assert len(case.told("letter.drafted")) == 1


def test_a_replacement_of_a_void_letter_is_not_told_again(desk: InProcess) -> None:
    case = Case(desk).issued()
    voided = desk.call("POST", f"/v1/letters/{case.letter()['id']}/void", "lurah", json={"reason": "Salah nama ayah"})
    assert voided.status_code == 200
    desk.work()
    assert case.letter()["status"] == "drafted" and len(case.told("letter.drafted")) == 1


def test_a_draft_that_lacks_something_is_told_once_it_is_complete(desk: InProcess) -> None:
    case = Case(desk, "NIKAH", details={"mother_name": "Nur'aini", "partner_name": "Dewi Kartika"}).verified()
    assert case.letter()["incomplete"] and case.told("letter.drafted") == []
    case.details = story.DETAILS["NIKAH"]
    case.tell("changed")
    desk.work()
    (told,) = case.told("letter.drafted")
    rows = told["person"]["letters"][0]["rows"]
    father = rows.index({"label": "adalah benar anak dari perkawinan seorang pria", "value": ""}) + 1
    assert rows[father] == {"label": "Nama lengkap dan alias", "value": "H. Cek Mat"}


def test_a_letter_that_is_not_wanted_any_more_is_not_waited_for(desk: InProcess) -> None:
    only_then = {"kind": "n1", "when": {"abroad": ["yes"]}}
    sop_of(desk, "DUA-BILA", letters=[{"kind": "ktp_introduction"}, only_then])
    case = Case(desk, "DUA-BILA", details={"abroad": "yes"}).verified()
    assert {one["kind"] for one in case.letters()} == {"ktp_introduction", "n1"}
    assert case.told("letter.drafted") == [], "the second lacks the parents' names"
    case.details = {"abroad": "no"}
    case.tell("changed")
    (told,) = case.told("letter.drafted")
    assert [one["kind"] for one in told["letters"]] == ["ktp_introduction"]


def test_a_case_without_letters_tells_nothing(desk: InProcess) -> None:
    sop_of(desk, "FORM", forms=[{"kind": "f102"}])
    case = Case(desk, "FORM").verified()
    assert {one["kind"] for one in case.letters()} == {"f102"} and case.told("letter.drafted") == []


def test_what_a_crash_took_back_is_told_once(desk: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(desk).verified(work=False)

    def tell_and_crash(*args: Any) -> None:
        tell_drafted(*args)
        raise RuntimeError("the process is gone")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(showing, "tell_drafted", tell_and_crash)
        desk.work()
    assert case.told("letter.drafted") == []
    with desk.deps.db.transaction(EVERY_TENANT) as tx:
        tx.execute("UPDATE job SET leased_until = clock_timestamp() WHERE state = 'running'")
    assert jobs.release_expired(desk.deps.db) == 1
    desk.work()
    assert len(case.told("letter.drafted")) == 1


@pytest.mark.parametrize(
    ("role", "who", "status"),
    [
        ("officer", {}, 200),
        ("applicant", {"sub": "applicant-rohana"}, 200),
        ("applicant", {"sub": "somebody-else"}, 404),
        ("applicant", {"sub": "applicant-rohana", "tenant": "16.71.10.1002"}, 404),
        ("rt_head", {"rt": "023", "rw": "005"}, 403),
        ("administrator", {}, 403),
    ],
)
def test_who_looks_at_a_draft(desk: InProcess, role: str, who: dict[str, str], status: int) -> None:
    case = Case(desk, owner="applicant-rohana").verified()
    answer = desk.call("GET", f"/v1/letters/{case.letter()['id']}/preview", role, who=who)
    assert answer.status_code == status
    if status == 200:
        text = text_of(answer.data)
        assert "DRAF" in text and "Nomor:diberikansaatsuratditerbitkan" in text


def test_after_the_decision_there_is_no_draft_to_look_at(desk: InProcess) -> None:
    case = Case(desk, owner="applicant-rohana").issued()
    answer = desk.call(
        "GET", f"/v1/letters/{case.letter()['id']}/preview", "applicant", who={"sub": "applicant-rohana"}
    )
    assert answer.status_code == 409


def sop_of(desk: InProcess, code: str, **more: Any) -> None:
    """A service that asks for other letters."""
    nothing: dict[str, Any] = {"letters": [], "forms": [], "reasons": [], "fields": []}
    data = {
        "kelurahan": BUKIT_SANGKAL, "service": code, "version": 1, "effective_from": "2026-01-01", "name": code,
        "sop": {"service": code, "version": 1, "name": {"id": code, "en": code}} | nothing | more,
    }  # fmt: skip
    desk.feed("sop.published", data, subject=f"{BUKIT_SANGKAL}/{code}")


def work_once(desk: InProcess) -> None:
    job = jobs.claim(desk.deps.db, desk.service.jobs)
    assert job is not None, "nothing is left to do"
    desk.service.jobs[job.kind].work(desk.deps, job)

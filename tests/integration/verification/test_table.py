"""Neighbourhoods and their heads as a table: taken whole or not at all, and as often as one likes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL
from verification.store import heads

pytestmark = pytest.mark.timeout(120)
HEADER = "rw,rt,role,name,phone,from_date,to_date,nik,kk_number"


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *lines, ""]).encode()


def send(verification: InProcess, content: bytes, query: str = "", role: str = "administrator", **more: Any) -> Any:
    return verification.call(
        "POST",
        f"/v1/neighbourhoods/import{query}",
        role,
        data=content,
        content_type=more.pop("kind", "text/csv"),
        **more,
    )


def results(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.get_json()["errors"]
    return [line["result"] for line in answer.get_json()["items"]]


def places(verification: InProcess, rw: str) -> dict[str, bool]:
    answer = verification.call("GET", f"/v1/neighbourhoods?rw={rw}", "officer").get_json()
    return {place["rt"]: place["headed"] for place in answer["items"]}


def test_a_table_is_entered_and_the_same_again_changes_nothing(verification: InProcess) -> None:
    content = table(
        'RW.61,RT 1,rt_head,"Nur\'aini, S.Pd.",0812-0000-6101,2026-01-01,,1671105708700061,',
        "061,1,substitute,Cek Mat,081200006102,2026-01-01,2026-12-31,,",
        "61,2,,,,,,,",
        "61,,rw_head,H. Umar Hasan,081200006100,2026-01-01,,,",
    )
    assert results(send(verification, content)) == ["added"] * 4
    assert places(verification, "061") == {"001": True, "002": True}  # 002 by the head of the RW
    told = len(verification.told())
    assert results(send(verification, content)) == ["unchanged"] * 4
    assert len(verification.told()) == told


def test_a_wrong_line_keeps_everything_out_and_each_is_named(verification: InProcess) -> None:
    answer = send(
        verification,
        table(
            "062,1,rt_head,Marzuki,081200006201,2026-01-01,,,",
            "062,x,rt_head,Marzuki,081200006202,2026-01-01,,,",
            "062,3,chief,Marzuki,12,yesterday,,123,",
            "062,4,rw_head,Marzuki,081200006204,2026-01-01,,,",
            "062,1,rt_head,Komar,081200006205,2026-02-01,,,",
        ),
    )
    problem = answer.get_json()
    assert (answer.status_code, problem["type"]) == (422, "urn:problem:table-wrong")
    wrong = {line: set(fields) for line, fields in problem["errors"]["lines"].items()}
    assert wrong["3"] == {"rt"}
    assert wrong["4"] == {"role", "phone", "from_date", "nik"}
    assert places(verification, "062") == {}


def test_what_only_shows_against_the_record_is_named_too(verification: InProcess) -> None:
    assert results(send(verification, table("063,1,rt_head,Marzuki,081200006301,2026-01-01,,,"))) == ["added"]
    answer = send(
        verification,
        table(
            "063,1,rt_head,Komar,081200006302,2026-03-01,,,",
            "063,1,rt_head,Marzuki HS,081200006301,2026-01-01,,,",
            "063,1,rw_head,Umar,081200006303,2026-01-01,,,",
            "063,2,rt_head,Umar,081200006304,2026-05-01,2026-04-01,,",
            "064,,rw_head,Umar,081200006305,2026-01-01,,,",
        ),
    )
    wrong = {line: set(fields) for line, fields in answer.get_json()["errors"]["lines"].items()}
    assert wrong == {"2": {"from_date"}, "3": {"name"}, "4": {"rt"}, "5": {"to_date"}, "6": {"rw"}}
    assert set(places(verification, "063")) == {"001"}


def test_a_dry_run_says_what_would_happen_and_writes_nothing(verification: InProcess) -> None:
    content = table("065,1,rt_head,Marzuki,081200006501,2026-01-01,,,")
    told = len(verification.told())
    assert results(send(verification, content, "?dry_run=true")) == ["added"]
    assert (places(verification, "065"), len(verification.told())) == ({}, told)


def test_an_ended_term_makes_room_for_the_next_head(verification: InProcess) -> None:
    first = "066,1,rt_head,Marzuki,081200006601,2026-01-01,{},,"
    assert results(send(verification, table(first.format("")))) == ["added"]
    both = table(first.format("2026-06-30"), "066,1,rt_head,Komar,081200006602,2026-07-01,,,")
    assert results(send(verification, both)) == ["changed", "added"]


def test_what_was_exported_is_imported_unchanged(verification: InProcess) -> None:
    content = table("067,1,rt_head,=Marzuki,081200006701,2026-01-01,,,", "067,2,,,,,,,")
    assert results(send(verification, content)) == ["added", "added"]
    exported = verification.call("GET", "/v1/neighbourhoods/export", "administrator")
    assert exported.content_type == "text/csv; charset=utf-8"
    text = exported.get_data(as_text=True)
    assert "'=Marzuki" in text  # a spreadsheet must not take it for a formula
    assert set(results(send(verification, exported.get_data()))) == {"unchanged"}


def test_a_spreadsheets_semicolons_mark_and_spelling_are_read(verification: InProcess) -> None:
    header = "kelurahan;RW;RT;Role;Name;Phone;From_date"
    content = "\ufeff".encode() + table(
        "16.71.10.1001;068;1;rt_head;Marzuki;081200006801;2026-01-01", ";;;;;;", header=header
    )
    assert results(send(verification, content)) == ["added"]


def test_another_kelurahans_lines_are_refused(verification: InProcess) -> None:
    answer = send(
        verification,
        table("Sako,069,1,rt_head,Marzuki,081200006901,2026-01-01", header="kelurahan,rw,rt,role,name,phone,from_date"),
    )
    assert set(answer.get_json()["errors"]["lines"]["2"]) == {"kelurahan"}


@pytest.mark.parametrize(
    "content",
    [b"", b"a,b\r\n1,2", table("1,2", header="rw,rt"), b"\xff\xfe\x00", table(header=HEADER + ",surprise"),
     table("068,2,rt_head,Marzuki,081200006802,2026-01-01,,,,more")],
)  # fmt: skip
def test_what_is_no_table_is_refused(verification: InProcess, content: bytes) -> None:
    answer = send(verification, content)
    assert answer.status_code == 422
    assert answer.get_json()["type"] in ("urn:problem:table-unreadable", "urn:problem:table-wrong")


def test_it_is_the_administrators_and_bounded(verification: InProcess) -> None:
    content = table("068,3,,,,,,,")
    assert send(verification, content, role="officer").status_code == 403
    assert verification.call("GET", "/v1/neighbourhoods/export", "officer").status_code == 403
    assert send(verification, content, kind="application/json").status_code == 415
    assert send(verification, table("x" * 1_000_001)).status_code == 413


def test_a_number_that_a_head_confirmed_stays_when_the_same_table_comes_again(verification: InProcess) -> None:
    lines = (
        "166,1,rt_head,Pak Enrol,081200006601,2026-01-01,,,", "166,1,substitute,Bu Wakil,081200006602,2026-01-01,,,",
    )  # fmt: skip
    assert results(send(verification, table(*lines))) == ["added"] * 2
    with verification.deps.db.transaction("*") as tx:
        for holder in heads.holders_of(tx, verification.deps.data_keys, BUKIT_SANGKAL, ["166"]):
            now = verification.clock.now()
            heads.confirm_phone(tx, verification.deps.data_keys, holder, f"{holder.phone[:-2]}99", now)
    more = (*lines, "166,2,rt_head,Pak Baru,081200006603,2026-01-01,,,")
    assert results(send(verification, table(*more))) == ["unchanged", "unchanged", "added"]


def test_two_who_send_the_first_table_at_one_instant_enter_each_head_once(verification: InProcess) -> None:
    content = table("167,1,rt_head,Pak Satu,081200006701,2026-01-01,,,")
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: results(send(verification, content)), range(2)))
    assert sorted(both) == [["added"], ["unchanged"]]
    assert len(verification.rows("SELECT 1 FROM officeholder WHERE rw = '167'")) == 1

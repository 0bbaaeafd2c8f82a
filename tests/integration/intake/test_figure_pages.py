"""Figures on pages: the same as the API's, for the same people; offices side by side for whoever is above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from intake.domain import figures as rules
from intake.domain.survey_index import MINIMUM
from intake.usecases import figures
from intake.usecases.reports import moved
from tests.integration.intake import cast
from tests.integration.intake.by_page import at_desk
from tests.integration.intake.test_reports import a_case, at, later, monday, year  # noqa: F401
from tests.integration.intake.test_survey import fill
from tests.support.browsing import HTML
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

KECAMATAN, CITY = "16.71.10", "16.71"


@pytest.fixture
def month(intake: InProcess, year: int) -> Iterator[str]:  # noqa: F811
    """A month with one case that was in time and one that is late."""
    day = monday(year)
    a_case(intake, day)
    intake.clock.at = later(day, 2, "13:00")
    cast.submitted(intake)
    intake.clock.at = at(f"{moved(at(f'{day}T00:00').date().replace(day=1), 1)}T09:00")
    figures.roll_up(intake.deps)
    yield day[:7]


def rows(text: str) -> list[list[str]]:
    """What the cells of the tables say."""
    found = re.findall(r"<tr.*?</tr>", text, re.DOTALL)
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL)]
        for row in found
    ]


def test_a_month_of_the_office_is_a_table_and_plots_with_the_same_figures(intake: InProcess, month: str) -> None:
    shown = at_desk(intake, "lurah").open(f"/intake/laporan/{month}")
    assert shown.status_code == 200
    assert ["Semua", "2", "1", "0", "0", "0", "100 %", "3", "3"] in rows(shown.text)
    assert ["Memeriksa", "1", "6", "6"] in rows(shown.text)
    assert shown.text.count('role="img"') == 4 and shown.text.count("<title id=") == 4
    assert "style=" not in shown.text


def test_who_reads_what_is_late_sees_the_queue_where_he_has_one(intake: InProcess, month: str) -> None:
    link = "/intake/antrean?late=true&amp;waiting_for=officer"
    assert link in at_desk(intake, "lurah").open(f"/intake/laporan/{month}").text
    administrator = at_desk(intake, "administrator").open(f"/intake/laporan/{month}").text
    assert link not in administrator and 'href="/lacak/PGT-' in administrator


def test_offices_of_a_kecamatan_stand_side_by_side(intake: InProcess, month: str) -> None:
    shown = at_desk(intake, "camat", tenant=KECAMATAN).open(f"/intake/laporan/{month}")
    names = {row[0]: row for row in rows(shown.text) if len(row) == 7}
    assert names["Bukit Sangkal"][1:4] == ["2", "1", "100 %"] and "Petugas" in names["Bukit Sangkal"][6]
    assert f"/intake/laporan/{month}?kelurahan={BUKIT_SANGKAL}#terlambat" in shown.text
    of_city = at_desk(intake, "city", tenant=CITY).open(f"/intake/laporan/{month}")
    assert ["Bukit Sangkal", "Kalidoni", "2", "1", "100 %"] in [row[:5] for row in rows(of_city.text)]


@pytest.mark.parametrize(("answers", "told", "written"), [
    (MINIMUM - 1, (False, None, None), "–"), (MINIMUM, (True, "100.00", MINIMUM), "100,00 (sangat baik)"),
])  # fmt: skip
def test_side_by_side_the_survey_of_a_month_says_what_everybody_may_know(
    intake: InProcess, answers: int, told: tuple[Any, ...], written: str
) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM survey_count WHERE month = '2022-02-01'")
    fill(intake, answers, "2022-02-01")
    found = intake.call("GET", "/v1/reports/2022-02/offices", "camat", who={"sub": "camat", "tenant": KECAMATAN}).json
    [survey] = [one["survey"] for one in found["offices"] if one["kelurahan"] == BUKIT_SANGKAL]
    assert (survey["enough"], survey["index"], survey["answers"]) == told
    shown = at_desk(intake, "camat", tenant=KECAMATAN).open("/intake/laporan/2022-02")
    assert [row[5] for row in rows(shown.text) if row[0] == "Bukit Sangkal" and len(row) == 7] == [written]


def test_a_camat_looks_into_an_office_of_his_and_into_no_other(intake: InProcess, month: str) -> None:
    where = f"/intake/laporan/{month}?kelurahan={BUKIT_SANGKAL}"
    assert at_desk(intake, "camat", tenant=KECAMATAN).open(where).status_code == 200
    before = intake.rows("SELECT count(*) AS n FROM refused_access")[0]["n"]
    assert at_desk(intake, "camat", tenant="16.71.09").open(where).status_code == 404
    assert at_desk(intake, "lurah", tenant=KALIDONI).open(where).status_code == 404
    assert intake.rows("SELECT count(*) AS n FROM refused_access")[0]["n"] == before + 2


def test_a_kecamatan_without_offices_has_a_page_that_says_so(intake: InProcess) -> None:
    camat = at_desk(intake, "camat", tenant="16.71.09")
    shown = camat.go_on(camat.open("/intake/laporan"))
    assert shown.status_code == 200 and "Belum ada kelurahan di sini." in shown.text


@pytest.mark.parametrize("month", ["2026-13", "26-08", "2026-08x"])
def test_what_is_no_month_is_not_found(intake: InProcess, month: str) -> None:
    assert at_desk(intake, "lurah").open(f"/intake/laporan/{month}").status_code == 404


def test_one_goes_from_month_to_month_and_not_into_the_future(intake: InProcess, month: str) -> None:
    lurah = at_desk(intake, "lurah")
    sent: Any = lurah.open("/intake/laporan")
    now = sent.headers["Location"].rpartition("/")[2]
    assert now > month
    assert f'href="/intake/laporan/{now}" rel="next"' in lurah.open(f"/intake/laporan/{month}").text
    shown = lurah.go_on(sent).text
    assert 'rel="next"' not in shown and f'href="/intake/laporan/{month}" rel="prev"' in shown


def test_side_by_side_is_there_for_programs_too_and_only_for_whoever_is_above(intake: InProcess, month: str) -> None:
    where = f"/v1/reports/{month}/offices"
    found = intake.call("GET", where, "camat", who={"sub": "camat", "tenant": KECAMATAN}).json
    [office] = [one for one in found["offices"] if one["kelurahan"] == BUKIT_SANGKAL]
    assert (office["total"]["submitted"], office["total"]["days"]["median"]) == (2, 3.0)
    assert found["month"] == month and len(found["trend"]) == len(office["trend"]) == 12
    assert found["trend"][-1] == {"month": month, "submitted": 2, "completed": 1, "on_time": {"cases": 1, "met": 1}}
    assert {one["office"] for one in found["late"]} == {"Bukit Sangkal"} and found["late"][0]["with"] == "officer"
    assert intake.call("GET", where, "city", who={"sub": "city", "tenant": CITY}).json["place"] == "Palembang"
    machine = intake.call("GET", where, "reports.read", who={"sub": "machine:kota", "tenant": CITY})
    assert [one["kelurahan"] for one in machine.json["offices"]] == [BUKIT_SANGKAL]
    other = intake.call("GET", where, "camat", who={"sub": "camat", "tenant": "16.71.09"})
    assert other.json["offices"] == [] and other.json["late"] == []
    assert intake.call("GET", where, "lurah").status_code == 403


def complaint(month: str, **more: Any) -> rules.ComplaintFacts:
    """Filed on the tenth of a month."""
    known = {"kelurahan": BUKIT_SANGKAL, "kind": "complaint", "complaint_class": None, "service": "KK",
             "complaint_id": uuid4(), "filed_at": at(f"{month}-10T09:00")}  # fmt: skip
    return rules.ComplaintFacts(**known | more)


def test_complaints_are_counted_as_they_stand_after_each_change(intake: InProcess, month: str) -> None:
    def noted(facts: rules.ComplaintFacts) -> dict[str, Any]:
        for _ in range(2):  # the same again is no news
            with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
                figures.note_complaint(intake.deps, tx, facts)
        assert figures.roll_up(intake.deps) < 3 and figures.roll_up(intake.deps) == 0
        answer = intake.call("GET", f"/v1/reports/{month}", "officer").json
        [kk] = [one for one in answer["services"] if one["service"] == "KK"]
        assert kk["filed"] == answer["total"]["filed"]
        return dict(answer["total"]["complaints"])

    filed = complaint(month)
    assert noted(filed) == {"filed": {"complaint": 1}, "answered": {}, "ended": {}}
    answered_at = at(f"{month}-20T09:00")
    answered = replace(filed, complaint_class="light", answered_at=answered_at, days=3, in_time=False)
    assert noted(answered)["answered"] == {"light": {"cases": 1, "met": 0, "median": 3.0, "p90": 3.0}}
    ended = noted(replace(answered, ended_at=at(f"{month}-22T09:00"), result="satisfied"))
    assert ended["ended"] == {"satisfied": 1}
    assert noted(filed)["answered"] == {}, "reopened it is not answered any more"
    again = replace(answered, answered_at=at(f"{month}-27T23:30"), days=8, ended_at=at(f"{month}-28T09:00"))
    assert noted(replace(again, result="no_objection"))["ended"] == {"no_objection": 1}


def test_everybody_reads_a_month_that_is_over_as_a_page_and_programs_at_the_same_address(
    intake: InProcess, month: str
) -> None:
    for kind in ("complaint", "complaint", "complaint", "wish", "question"):
        with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
            figures.note_complaint(intake.deps, tx, complaint(month, kind=kind))
    figures.roll_up(intake.deps)
    shown = intake.call("GET", f"/angka/{BUKIT_SANGKAL}/{month}", headers=HTML)
    assert shown.status_code == 200 and shown.mimetype == "text/html"
    text = " ".join(re.sub(r"<[^>]+>", " ", shown.text).split())
    assert "Permohonan diajukan terlalu sedikit untuk ditampilkan" in text
    assert "Kenyataannya terlalu sedikit untuk ditampilkan" in text and "Dijanjikan 3 hari kerja" in text
    assert "Keluhan, usulan dan pertanyaan masuk 5" in text
    assert "Surat pengantar Kartu Keluarga" in text and "PGT-" not in text
    assert "style=" not in shown.text
    plain = intake.call("GET", f"/angka/{BUKIT_SANGKAL}/{month}").json
    assert plain == intake.call("GET", f"/v1/offices/{BUKIT_SANGKAL}/reports/{month}").json
    assert plain["total"]["filed"] == 5 and plain["total"]["complaints"]["filed"] == {
        "complaint": None, "question": None, "wish": None
    }  # fmt: skip
    last = intake.call("GET", f"/angka/{BUKIT_SANGKAL}").json
    assert last == plain, "by itself it is the last month that is over"


@pytest.mark.parametrize("address", ["16.71.10.9999", "x", f"{BUKIT_SANGKAL}/2026-13", f"{BUKIT_SANGKAL}/2099-01"])
def test_of_what_is_not_there_no_figures_are_shown(intake: InProcess, address: str) -> None:
    assert intake.call("GET", f"/angka/{BUKIT_SANGKAL}").status_code == 200
    assert intake.call("GET", f"/angka/{address}").status_code == 404
    assert intake.call("GET", f"/angka/{address}", headers=HTML).status_code == 404

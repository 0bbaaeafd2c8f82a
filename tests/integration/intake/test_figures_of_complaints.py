"""Complaints and the survey in an office's figures: noted with each change, the same when they are noted once more."""

from __future__ import annotations

import copy
from datetime import UTC, date, datetime
from typing import Any

from intake.domain.measuring import SUBMITTED, Line
from intake.offices import shipped_office
from intake.store import figures as store
from intake.usecases import figures, surveys
from intake.usecases.figures import roll_up
from intake.usecases.offices import all_terms, put_office
from intake.usecases.refiguring import refigure
from kit.ids import new_id
from tests.integration.intake.cast import YANTI
from tests.integration.intake.test_complaints import (  # noqa: F401
    at,
    at_desk,
    body,
    by_ticket,
    checked,
    filed,
    friday,
)
from tests.integration.intake.test_survey import invited
from tests.support.browsing import HTML
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

LINES = "SELECT subject_id, what, service, part, month, amount, met FROM figure WHERE month IS NOT NULL ORDER BY 1, 2"


def counted(intake: InProcess) -> dict[str, Any]:
    figures.roll_up(intake.deps)
    answer = intake.call("GET", "/v1/reports/2026-08", "officer", who=YANTI)
    return dict(answer.json["total"]["complaints"]) | {"all": answer.json["total"]["filed"]}


def test_a_complaint_is_in_the_figures_as_it_stands(intake: InProcess) -> None:
    before = counted(intake)
    made = checked(intake, service="KK")
    filed(intake, body(kind="question"))
    assert counted(intake)["all"] == before["all"] + 2
    intake.clock.at = at("2026-08-19T10:00")
    at_desk(intake, made, "answer", text="Sudah diperbaiki")
    assert counted(intake)["answered"]["complaint"] == {"cases": 1, "met": 1, "median": 3.0, "p90": 3.0}
    by_ticket(intake, made, "satisfaction")
    assert counted(intake)["ended"] == {"satisfied": 1}
    lines = intake.rows(LINES)
    assert refigure(intake.deps, BUKIT_SANGKAL).lines == 0 and intake.rows(LINES) == lines
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM figure WHERE what LIKE 'complaint-%%'", [])
    refigure(intake.deps, BUKIT_SANGKAL)
    assert intake.rows(LINES) == lines


def test_everybody_reads_the_index_of_the_year_beside_the_figures(intake: InProcess) -> None:
    def public() -> tuple[Any, str]:
        shown = intake.call("GET", f"/angka/{BUKIT_SANGKAL}/2026-08", headers=HTML).text
        return intake.call("GET", f"/angka/{BUKIT_SANGKAL}/2026-08").json["survey"]["total"], shown

    intake.clock.at = at("2026-09-01T09:00")
    found, page = public()
    assert found["index"] is None and "Belum cukup jawaban" in page
    intake.clock.at = at("2026-08-20T09:00")
    for _ in range(30):
        _, token = invited(intake)
        with intake.deps.db.transaction("*") as tx:
            row = surveys.store.by_token(tx, surveys.hash_of(token))
            tx.use_tenant(BUKIT_SANGKAL)
            surveys.answer(intake.deps, tx, row, surveys.Given((4,) * 9, None), "link")
    intake.clock.at = at("2026-09-01T09:00")
    found, page = public()
    assert (found["index"], found["band"]) == ("100.00", "A") and "100,00 (sangat baik)" in page


def _shown(intake: InProcess, first: date) -> int:
    [row] = intake.rows(
        "SELECT data FROM figure_month WHERE kelurahan = %s AND month = %s", [BUKIT_SANGKAL, first]
    )  # fmt: skip
    return int(row["data"]["total"]["submitted"])


def test_a_month_that_a_line_has_left_is_counted_anew_whatever_came_between(intake: InProcess) -> None:
    subject, here, there = new_id(), date(2041, 1, 1), date(2041, 2, 1)
    at = datetime(2041, 1, 31, 3, tzinfo=UTC)

    def put(amount: int, month: date) -> None:
        with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
            store.put(tx, BUKIT_SANGKAL, subject, "KTP", Line(SUBMITTED, at, amount), month)

    put(1, here)
    roll_up(intake.deps)
    put(2, here)
    put(3, there)
    roll_up(intake.deps)
    assert (_shown(intake, here), _shown(intake, there)) == (0, 1)


def test_what_the_release_before_has_counted_in_its_own_shape_is_counted_once_more(intake: InProcess) -> None:
    subject, month = new_id(), date(2041, 5, 1)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        store.put(tx, BUKIT_SANGKAL, subject, "KTP", Line(SUBMITTED, datetime(2041, 5, 2, tzinfo=UTC)), month)
    roll_up(intake.deps)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        old = {"total": {"submitted": 1}, "services": {}}
        tx.execute("UPDATE figure_month SET data = %s WHERE month = %s", [old, month])
    roll_up(intake.deps)
    [row] = intake.rows("SELECT data FROM figure_month WHERE month = %s", [month])
    assert row["data"]["total"]["days"] == {"cases": 0, "median": None, "p90": None}


def test_measured_again_every_month_is_counted_and_it_is_said_which_lines_of_complaints_were_wrong(
    intake: InProcess,
) -> None:
    filed(intake, body())
    refigure(intake.deps, BUKIT_SANGKAL)
    [row] = intake.rows(
        "SELECT month, data FROM figure_month WHERE kelurahan = %s ORDER BY month LIMIT 1", [BUKIT_SANGKAL]
    )
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute("UPDATE figure_month SET data = data || %s WHERE month = %s", [{"total": {}}, row["month"]])
        tx.execute("UPDATE figure SET part = 'wish' WHERE what = 'complaint-filed' AND part <> 'wish'")
        wrong = tx.value("SELECT count(*) FROM figure WHERE part = 'wish'")
    assert wrong and refigure(intake.deps, BUKIT_SANGKAL).lines == wrong
    assert intake.rows("SELECT data FROM figure_month WHERE month = %s", [row["month"]]) == [{"data": row["data"]}]


def test_a_calendar_that_the_release_before_has_changed_is_known_from_then_on(intake: InProcess) -> None:
    code, changed = "16.71.77.1001", datetime(2042, 3, 4, 5, tzinfo=UTC)
    data = copy.deepcopy(dict(shipped_office(BUKIT_SANGKAL))) | {"code": code}
    with intake.deps.db.transaction(code) as tx:
        put_office(intake.deps, tx, data)
    data["targets"] = {"introduction_days": 4}
    with intake.deps.db.transaction(code) as tx:
        tx.execute(
            "UPDATE office SET data = %s, version = version + 1, changed_at = %s WHERE kelurahan = %s",
            [data, changed, code],
        )
    refigure(intake.deps, code)
    with intake.deps.db.transaction(code) as tx:
        assert [(one.introduction_days, one.since) for one in all_terms(intake.deps, tx, code)][0] == (4, changed)
        put_office(intake.deps, tx, data)
        assert len(all_terms(intake.deps, tx, code)) == 2

"""Complaints and the survey in an office's figures: noted with each change, the same when they are noted once more."""

from __future__ import annotations

from typing import Any

from intake.usecases import figures, surveys
from intake.usecases.refiguring import refigure
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
    for _ in range(30):
        _, token = invited(intake)
        with intake.deps.db.transaction("*") as tx:
            row = surveys.store.by_token(tx, surveys.hash_of(token))
            tx.use_tenant(BUKIT_SANGKAL)
            surveys.answer(intake.deps, tx, row, surveys.Given((4,) * 9, None), "link")
    found, page = public()
    assert (found["index"], found["band"]) == ("100.00", "A") and "100,00 (sangat baik)" in page

"""What is published equals what anybody would compute who went through all timelines: of random cases in three zones,
over ends of days, months and a year, holidays, and a calendar that changes on the way."""

from __future__ import annotations

import copy
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from intake.offices import shipped_office
from intake.usecases import figures
from intake.usecases.offices import put_office
from intake.usecases.refiguring import refigure
from tests.integration.intake.by_force import Office, Times, months, shown
from tests.integration.intake.walks import Walks
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

OFFICES = {
    "31.74.05.1001": ZoneInfo("Asia/Jakarta"), "73.71.05.1001": ZoneInfo("Asia/Makassar"),
    "91.71.02.1001": ZoneInfo("Asia/Jayapura"),
}  # fmt: skip
OPENED, CHANGED = datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 13, 4, 30, tzinfo=UTC)


def office_data(code: str, *, changed: bool) -> dict[str, Any]:
    data = copy.deepcopy(dict(shipped_office(BUKIT_SANGKAL))) | {"code": code, "name": code, "zone": str(OFFICES[code])}
    if changed:  # shorter days, a flood of two days, and more time for RT heads
        data["calendar"]["hours"]["wednesday"] = {"opens": "09:00", "closes": "15:00"}
        data["calendar"]["closures"] = [{"name": "Banjir", "first_day": "2027-01-14", "last_day": "2027-01-15"}]
        data["targets"] = {"introduction_days": 2}
    return data


def open_offices(intake: InProcess) -> dict[str, Office]:
    made = {}
    for code, zone in OFFICES.items():
        times = []
        for at, changed in ((OPENED, False), (CHANGED, True)):
            intake.clock.at = at
            data = office_data(code, changed=changed)
            with intake.deps.db.transaction(code) as tx:
                put_office(intake.deps, tx, data)
            times.append(Times(at, zone, data["calendar"], (data.get("targets") or {}).get("introduction_days", 1)))
        made[code] = Office(times)
    return made


@pytest.fixture(scope="module", params=[200, pytest.param(10_000, marks=[pytest.mark.fuzz, pytest.mark.timeout(3600)])])
def offices(request: pytest.FixtureRequest, intake: InProcess) -> Iterator[dict[str, Office]]:
    made = open_offices(intake)
    with intake.deps.db.transaction("*") as tx:
        for name in ("figure", "figure_month"):
            tx.execute(f"DELETE FROM {name}")
    Walks(intake, OFFICES, seed=request.param).go(request.param)
    yield made


def by_force(intake: InProcess, code: str, office: Office) -> dict[date, dict[str, dict[str, Any]]]:
    rows = intake.rows(
        "SELECT t.application_id, a.service, (s.data ->> 'days')::int AS days, t.at, t.status, t.event, t.note"
        " FROM timeline t JOIN application a ON a.id = t.application_id JOIN sop s ON s.kelurahan = a.kelurahan"
        " AND s.service = a.service AND s.version = a.sop_version WHERE t.kelurahan = %s ORDER BY t.id",
        [code],
    )
    lines = defaultdict(list)
    for row in rows:
        lines[row["application_id"]].append(row)
    cases = [(of_case[0]["service"], office.facts(of_case, of_case[0]["days"])) for of_case in lines.values()]
    return {
        month: {service: shown(facts) for service, facts in services.items()}
        for month, services in months(cases).items()
    }


def reported(intake: InProcess, code: str, month: date) -> dict[str, dict[str, Any]]:
    answer = intake.call("GET", f"/v1/reports/{month:%Y-%m}", "officer", who={"sub": "y", "tenant": code})
    assert answer.status_code == 200, answer.json
    return {one.get("service", ""): only(one) for one in (answer.json["total"], *answer.json["services"])}


def only(figures_of: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in figures_of.items() if name not in ("service", "complaints", "filed")}


def test_what_is_reported_equals_what_the_timelines_say(intake: InProcess, offices: dict[str, Office]) -> None:
    seen = set()
    for code, office in offices.items():
        expected = by_force(intake, code, office)
        counted = {row["month"] for row in intake.rows("SELECT month FROM figure_month WHERE kelurahan = %s", [code])}
        assert counted >= expected.keys() and len(expected) >= 3
        for month in counted:
            found = reported(intake, code, month)
            assert found == expected.get(month, {"": shown({})}), (code, month)
            seen |= {step for step, part in found[""]["steps"].items() if part["cases"]}
            seen |= {
                name for name in ("completed", "rejected", "withdrawn", "expired", "introduction") if found[""][name]
            }
    assert len(seen) == 9, "each step and each end came about"


def test_what_everybody_sees_is_the_same_or_nothing(intake: InProcess, offices: dict[str, Office]) -> None:
    intake.clock.at = datetime(2028, 1, 1, tzinfo=UTC)
    told = 0
    for code, office in offices.items():
        for month, expected in by_force(intake, code, office).items():
            answer = intake.call("GET", f"/v1/offices/{code}/reports/{month:%Y-%m}").json
            for one in (answer["total"], *answer["services"]):
                known = expected.get(one.get("service", ""), shown({}))
                told += same_or_nothing(only(one) | {"offered": None}, known | {"offered": None})
    assert told > 50


def same_or_nothing(found: Any, known: Any) -> int:
    """How many numbers were told."""
    if isinstance(found, dict):
        return sum(same_or_nothing(found[name], known[name]) for name in found)
    assert found is None or found == known
    return 0 if found is None else 1


def test_measured_again_from_the_timelines_nothing_differs_and_what_went_wrong_is_mended(
    intake: InProcess, offices: dict[str, Office]
) -> None:
    code = "91.71.02.1001"
    lines = (
        "SELECT subject_id, what, service, part, month, amount, met FROM figure WHERE kelurahan = %s"
        " AND month IS NOT NULL ORDER BY 1, 2"
    )
    measures = (
        "SELECT id, spent, status_since, introduction_requested_at FROM application WHERE kelurahan = %s ORDER BY id"
    )
    kept = "SELECT month, data FROM figure_month WHERE kelurahan = %s ORDER BY month"
    before = [intake.rows(sql, [code]) for sql in (lines, measures, kept)]
    again = refigure(intake.deps, code)
    assert (again.lines, again.cases) == (0, len(before[1])) and again.cases > 50
    assert [intake.rows(sql, [code]) for sql in (lines, measures, kept)] == before
    with intake.deps.db.transaction(code) as tx:
        spoilt = tx.execute(
            "UPDATE figure SET amount = amount + 7, month = '2026-11-01', counted = false WHERE what = 'verify'"
        )
        spoilt += tx.execute("DELETE FROM figure WHERE what = 'promise'")
    figures.roll_up(intake.deps)
    assert intake.rows(kept, [code]) != before[2]
    assert refigure(intake.deps, code).lines == spoilt
    assert [intake.rows(sql, [code]) for sql in (lines, measures)] == before[:2]
    after = [row for row in intake.rows(kept, [code]) if row["month"] != date(2026, 11, 1)]
    assert json.dumps(after, default=str) == json.dumps(before[2], default=str)
    with intake.deps.db.transaction(code) as tx:
        for name in ("figure", "figure_month"):
            tx.execute(f"DELETE FROM {name} WHERE kelurahan = %s", [code])
    refigure(intake.deps, code)
    assert [intake.rows(sql, [code]) for sql in (lines, measures, kept)] == before, "from nothing, too"

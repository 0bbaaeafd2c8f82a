"""Reports by office and month: how many, in time or not, how long each step took, and what is late now with whom."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.usecases import figures
from intake.usecases.upkeep import catch_up
from tests.integration.intake import cast
from tests.integration.intake.cast import ROHANA, YANTI, handed_over, letter, path, produced, put_file, step, verdict
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

_years = itertools.count(2031)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


@pytest.fixture
def year(intake: InProcess) -> Iterator[int]:
    """A year that no other test counts in, from its first Monday in July on."""
    before = intake.clock.at
    yield next(_years)
    intake.clock.at = before


def monday(year: int) -> str:
    """The second Monday of July: no national holiday is near."""
    first = datetime(year, 7, 8)
    return f"{year}-07-{8 + (7 - first.weekday()) % 7:02d}"


def later(day: str, days: int, time: str) -> datetime:
    return at(f"{day[:8]}{int(day[8:]) + days:02d}T{time}")


def report(intake: InProcess, month: str, role: str | None = "officer", **more: Any) -> dict[str, Any]:
    figures.roll_up(intake.deps)
    where = f"/v1/reports/{month}" if role else f"/v1/offices/{BUKIT_SANGKAL}/reports/{month}"
    answer = intake.call("GET", where, role, **({"who": YANTI} | more if role else {}))
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def a_case(intake: InProcess, day: str) -> str:
    """Submitted on Monday 9:00, received 11:00, verified on Tuesday 8:30, issued on Wednesday 10:00, fetched 12:00."""
    intake.clock.at = later(day, 0, "09:00")
    case_id = str(cast.submitted(intake)["id"])
    intake.clock.at = later(day, 0, "11:00")
    step(intake, case_id, "receipt")
    intake.clock.at = later(day, 1, "08:30")
    verdict(intake, case_id)
    intake.clock.at = later(day, 2, "10:00")
    letter(intake, case_id)
    produced(intake, case_id)
    intake.clock.at = later(day, 2, "12:00")
    handed_over(intake, case_id)
    return case_id


def test_a_month_has_its_cases_their_promises_and_the_working_hours_of_each_step(intake: InProcess, year: int) -> None:
    day = monday(year)
    a_case(intake, day)
    shown = report(intake, day[:7])
    assert (shown["total"]["submitted"], shown["total"]["completed"], shown["total"]["rejected"]) == (1, 1, 0)
    assert shown["total"]["on_time"] == {"cases": 1, "met": 1}
    assert {name: part["median"] for name, part in shown["total"]["steps"].items()} == {
        "receive": 2.0,
        "verify": 6.0,  # Monday 11:00–16:00 and Tuesday 7:30–8:30
        "produce": 10.0,  # Tuesday 8:30–16:00 and Wednesday 7:30–10:00
        "hand-over": 2.0,
    }
    assert [(one["service"], one["completed"]) for one in shown["services"]] == [("KK", 1)]


def test_an_event_that_comes_twice_is_counted_once(intake: InProcess, year: int) -> None:
    day = monday(year)
    case_id = a_case(intake, day)
    produced(intake, case_id)
    handed_over(intake, case_id)
    total = report(intake, day[:7])["total"]
    assert (total["completed"], total["on_time"]["cases"], total["steps"]["produce"]["cases"]) == (1, 1, 1)


def test_time_with_the_applicant_belongs_to_no_step(intake: InProcess, year: int) -> None:
    day = monday(year)
    intake.clock.at = later(day, 0, "09:00")
    case_id = str(cast.submitted(intake)["id"])
    intake.clock.at = later(day, 0, "10:00")
    items = [{"requirement": "SURAT_KEHILANGAN", "problem": "Tidak terbaca"}]
    step(intake, case_id, "return", sent={"items": items})
    intake.clock.at = later(day, 2, "10:00")
    put_file(intake, case_id, "SURAT_KEHILANGAN")
    step(intake, case_id, "resubmission", "applicant")
    intake.clock.at = later(day, 2, "10:30")
    step(intake, case_id, "receipt")
    total = report(intake, day[:7])["total"]
    assert total["submitted"] == 1
    assert total["steps"]["receive"] == {"cases": 1, "median": 1.5, "p90": 1.5}


def test_a_letter_that_comes_after_its_promise_is_not_on_time_and_counts_where_it_was_issued(
    intake: InProcess, year: int
) -> None:
    intake.clock.at = at(f"{year}-07-30T09:00")
    case_id = str(cast.received(intake)["id"])
    intake.clock.at = at(f"{year}-08-15T09:00")
    verdict(intake, case_id)
    letter(intake, case_id)
    produced(intake, case_id)
    assert report(intake, f"{year}-07")["total"]["on_time"] == {"cases": 0, "met": 0}
    assert report(intake, f"{year}-08")["total"]["on_time"] == {"cases": 1, "met": 0}


def test_what_is_issued_anew_in_another_month_is_taken_out_of_the_first(intake: InProcess, year: int) -> None:
    day = monday(year)
    intake.clock.at = later(day, 0, "09:00")
    case_id = str(cast.issued(intake)["id"])
    first = cast.show(intake, case_id)["letters"][0]["letter_id"]
    assert report(intake, day[:7])["total"]["on_time"]["cases"] == 1
    intake.clock.at = at(f"{year}-08-20T09:00")
    cast.voided(intake, case_id, first)
    produced(intake, case_id)
    assert report(intake, day[:7])["total"]["on_time"]["cases"] == 0
    assert report(intake, f"{year}-08")["total"]["on_time"] == {"cases": 1, "met": 0}


def test_what_moved_twice_before_it_was_counted_again_is_nowhere_but_in_its_last_month(
    intake: InProcess, year: int
) -> None:
    day = monday(year)
    intake.clock.at = later(day, 0, "09:00")
    case_id = str(cast.issued(intake)["id"])
    assert report(intake, day[:7])["total"]["days"]["cases"] == 1
    [issued] = cast.show(intake, case_id)["letters"]
    letter_id = issued["letter_id"]
    for month in ("08", "09"):
        intake.clock.at = at(f"{year}-{month}-20T09:00")
        cast.voided(intake, case_id, letter_id)
        letter_id = letter(intake, case_id)
        produced(intake, case_id)
    found = [report(intake, f"{year}-{month}")["total"]["days"]["cases"] for month in ("07", "08", "09")]
    assert found == [0, 0, 1]


def test_the_wait_for_the_rt_head_has_its_target_and_who_met_it(intake: InProcess, year: int) -> None:
    day = monday(year)
    for waits in ("within", "beyond"):
        intake.clock.at = later(day, 0, "09:00")
        case = cast.opened(intake)
        asked = step(intake, case["id"], "introduction", "applicant", {"purpose": "Mengurus KK"})
        intake.clock.at = later(day, 1 if waits == "within" else 2, "10:00")
        [told] = [one for one in intake.told("introduction.requested") if one["data"]["application_id"].hex ==
                  case["id"].replace("-", "")]  # fmt: skip
        assert asked["introduction"]["status"] == "requested"
        cast.granted(intake, case["id"], told["subject"])
    shown = report(intake, day[:7])
    assert shown["introduction_target_days"] == 1
    assert shown["total"]["introduction"] == {"cases": 2, "met": 1, "median": 9.5, "p90": 18.0}
    catalogue = intake.call("GET", f"/v1/services/KK?kelurahan={BUKIT_SANGKAL}").json
    assert catalogue["introduction_days"] == 1


def test_what_is_late_now_is_shown_with_whose_turn_it_is_and_without_names(intake: InProcess, year: int) -> None:
    day = monday(year)
    intake.clock.at = later(day, 0, "09:00")
    case = cast.received(intake)
    intake.clock.at = later(day, 8, "09:00")
    shown = report(intake, day[:7])
    [line] = [one for one in shown["late"] if one["tracking_code"] == case["tracking_code"]]
    assert (line["step"], line["with"], line["rt"]) == ("verify", "rt_head", "023")
    assert shown["late_now"]["with"]["rt_head"] >= 1
    text = str(shown)
    assert case["applicant"]["name"] not in text and case["applicant"]["nik"] not in text
    step(intake, case["id"], "rejection", sent={"reason": "Selesai"})


def test_everybody_sees_the_figures_of_a_month_that_is_over_without_codes_and_small_groups(
    intake: InProcess, year: int
) -> None:
    day = monday(year)
    a_case(intake, day)
    figures.roll_up(intake.deps)
    where = f"/v1/offices/{BUKIT_SANGKAL}/reports/{day[:7]}"
    intake.clock.at = at(f"{year}-07-31T23:59")
    early = intake.call("GET", where)
    assert (early.status_code, early.json["type"]) == (404, "urn:problem:month-not-over")
    assert f"1 Agustus {year}" in early.json["detail"]
    intake.clock.at = at(f"{year}-08-01T00:00")
    shown = report(intake, day[:7], role=None)
    assert (shown["total"]["submitted"], shown["total"]["steps"]["receive"]["median"]) == (None, None)
    assert shown["total"]["rejected"] == 0
    assert "PGT-" not in str(shown) and not {"late", "late_now"} & set(shown)
    for _ in range(4):
        a_case(intake, day)
    intake.clock.at = at(f"{year}-08-01T00:00")
    shown = report(intake, day[:7], role=None)
    assert (shown["total"]["submitted"], shown["total"]["on_time"]) == (5, {"cases": 5, "met": 5})
    assert shown["total"]["steps"]["receive"] == {"cases": 5, "median": 2.0, "p90": 2.0}
    assert shown["total"]["days"] == {"cases": 5, "median": 3.0, "p90": 3.0}
    [kk] = [one for one in shown["services"] if one["service"] == "KK"]
    assert (kk["submitted"], kk["offered"]["days"]) == (5, 3)
    assert {one["service"] for one in shown["services"]} >= {"KK", "KTP", "NIKAH", "SITU"}
    assert [one["submitted"] for one in shown["trend"]] == [*[0] * 11, 5]


def test_months_are_counted_with_a_jump_of_the_clock_and_by_nobody_twice(intake: InProcess, year: int) -> None:
    day = monday(year)
    a_case(intake, day)
    catch_up(intake.deps)
    assert figures.roll_up(intake.deps) == 0
    answer = intake.call("GET", f"/v1/reports/{day[:7]}", "lurah", who={"sub": "lurah"})
    assert answer.json["total"]["completed"] == 1


def test_another_office_sees_its_own_and_an_applicant_none(intake: InProcess, year: int) -> None:
    day = monday(year)
    a_case(intake, day)
    figures.roll_up(intake.deps)
    other = intake.call("GET", f"/v1/reports/{day[:7]}", "officer", who=YANTI | {"tenant": KALIDONI})
    assert other.status_code == 404 or other.json["total"]["completed"] == 0
    assert intake.call("GET", f"/v1/reports/{day[:7]}", "applicant", who=ROHANA).status_code == 403
    for month in ("2026-13", "2026", "x"):
        assert intake.call("GET", f"/v1/reports/{month}", "officer", who=YANTI).status_code == 404
    assert intake.call("GET", f"/v1/offices/{KALIDONI}/reports/{day[:7]}").status_code == 404


def test_an_office_that_cannot_be_one_is_refused_before_anything_is_looked_for(intake: InProcess, year: int) -> None:
    address = f"/v1/reports/{year}-08?kelurahan="
    assert intake.call("GET", f"{address}{BUKIT_SANGKAL}", "officer").status_code == 200
    assert intake.call("GET", f"{address}%00", "officer").status_code == 422


def test_a_case_that_is_withdrawn_counts_in_the_month_of_its_end(intake: InProcess, year: int) -> None:
    day = monday(year)
    intake.clock.at = later(day, 0, "09:00")
    case = cast.submitted(intake)
    intake.clock.at = at(f"{year}-08-20T09:00")
    assert intake.call("POST", path(case["id"], "withdrawal"), "applicant", who=ROHANA, json={}).status_code == 200
    assert report(intake, day[:7])["total"]["withdrawn"] == 0
    assert report(intake, f"{year}-08")["total"]["withdrawn"] == 1


def test_a_line_that_the_release_before_writes_is_counted_with_the_others(intake: InProcess, year: int) -> None:
    """Its table is a view by now: while both releases run, nothing is lost."""
    day = monday(year)
    case_id = a_case(intake, day)
    before = (
        "INSERT INTO figure_line (kelurahan, application_id, what, service, month, minutes, met)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (application_id, what) DO UPDATE SET"
        " was_month = CASE WHEN figure_line.month <> EXCLUDED.month THEN figure_line.month"
        " ELSE figure_line.was_month END, month = EXCLUDED.month, minutes = EXCLUDED.minutes, met = EXCLUDED.met,"
        " counted = false"
    )
    for what, minutes in (("verify", 600), ("rejected", None)):
        with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
            tx.execute(before, [BUKIT_SANGKAL, case_id, what, "KK", f"{day[:7]}-01", minutes, None])
    total = report(intake, day[:7])["total"]
    assert (total["steps"]["verify"]["median"], total["rejected"], total["completed"]) == (10.0, 1, 1)

"""Cases of a period for other systems: what the feed tells and no more, however many, for who may read the offices."""

from __future__ import annotations

import csv
import gzip
import io
import json
import time
import tracemalloc
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.feed import PublicCase
from contracts.reach import WITHIN
from intake.domain.accounts import SCOPES
from intake.usecases import exporting
from kit import exports
from kit.problems import Unavailable
from tests.integration.intake import cast
from tests.integration.intake.test_complaints import body, filed
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI, bearer

ADDRESS = "/v1/applications/export"
CITY = {"tenant": "16.71", "sub": "machine:city"}
SANDBOX = "99.99.99.9999"

_ROWS = """
INSERT INTO application (id, kelurahan, tracking_code, service, sop_version, status, channel, owner, rw, rt, person_id,
    erased_at, opened_at, changed_at, due_at, submitted_at)
SELECT gen_random_uuid(), %(kelurahan)s, %(mark)s || n, 'KK', 1, 'completed', 'http', 'somebody', '005', '023', NULL,
    now(), %(at)s, %(at)s, %(at)s, %(at)s + n %% 86000 * interval '1 second'
FROM generate_series(1, %(most)s) n
"""
"""Cases of which only the line is left: what an export shows of them is the same."""


def lines(intake: InProcess, day: date, many: int, kelurahan: str = BUKIT_SANGKAL) -> None:
    at = datetime.fromisoformat(f"{day}T00:00:00+07:00")
    with intake.deps.db.transaction("*") as tx:
        tx.execute(_ROWS, {"kelurahan": kelurahan, "mark": f"{kelurahan}/{day}/", "at": at, "most": many})


def office(intake: InProcess, code: str) -> None:
    with intake.deps.db.transaction("*") as tx:
        tx.execute(
            "INSERT INTO office (kelurahan, data, changed_at) SELECT %s, data || jsonb_build_object('code', %s::text),"
            " changed_at FROM office WHERE kelurahan = %s ON CONFLICT DO NOTHING",
            [code, code, BUKIT_SANGKAL],
        )


@pytest.fixture(scope="module", autouse=True)
def offices(intake: InProcess) -> None:
    for code in (KALIDONI, "16.71.09.1001", SANDBOX, "16.72.01.1001"):
        office(intake, code)


def ask(intake: InProcess, first: str, last: str, who: dict[str, Any] = CITY, accept: str = "", **query: Any) -> Any:
    headers = {"Accept": accept} if accept else {}
    query = {"from": first, "to": last} | query
    return intake.call("GET", ADDRESS, "cases.read", who=who, headers=headers, query_string=query)


def rows(answer: Any) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_case_is_told_as_the_feed_tells_it_and_nobody_in_it(intake: InProcess) -> None:
    case = cast.submitted(intake)
    cast.step(intake, case["id"], "receipt")
    day = intake.clock.at.date().isoformat()
    [row] = [row for row in rows(ask(intake, day, day)) if row["application_id"] == case["id"]]
    assert row.keys() == {*PublicCase().fields, "cursor"}
    assert (row["kelurahan"], row["service"], row["status"], row["step"]) == (BUKIT_SANGKAL, "KK", "received", "verify")
    whole = ask(intake, day, day).text + ask(intake, day, day, accept="text/csv").text
    for personal in ("Siti Maimunah", "16711055", "0812", "Sukabangun", case["tracking_code"], "rohana"):
        assert personal not in whole


def test_the_days_are_the_offices_own_both_included(intake: InProcess) -> None:
    for day in (date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)):
        lines(intake, day, 2)
    found = [row["submitted_at"][:16] for row in rows(ask(intake, "2024-02-29", "2024-02-29"))]
    assert len(found) == 2 and all(at.startswith("2024-02-28T17:00") for at in found), "midnight in Palembang"


def test_the_same_as_csv_in_which_nothing_is_computed(intake: InProcess) -> None:
    lines(intake, date(2024, 4, 1), 3)
    with intake.deps.db.transaction("*") as tx:
        tx.execute(
            "UPDATE application SET service = '=1+1' WHERE tracking_code = %s", [f"{BUKIT_SANGKAL}/2024-04-01/1"]
        )
    answer = ask(intake, "2024-04-01", "2024-04-01", accept="text/csv")
    assert (
        answer.mimetype == "text/csv"
        and "permohonan-2024-04-01-2024-04-01.csv" in answer.headers["Content-Disposition"]
    )
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert tuple(table[0]) == exporting.COLUMNS and [row["service"] for row in table] == ["'=1+1", "KK", "KK"]
    as_json = rows(ask(intake, "2024-04-01", "2024-04-01"))
    assert [row["application_id"] for row in table] == [row["application_id"] for row in as_json]


def test_what_is_asked_for_in_another_form_is_refused(intake: InProcess) -> None:
    assert ask(intake, "2024-04-01", "2024-04-01", accept="application/xml").status_code == 406
    for accept in ("application/x-ndjson", "application/jsonl", "*/*", "text/csv;q=0.5, application/x-ndjson"):
        assert ask(intake, "2024-04-01", "2024-04-01", accept=accept).mimetype == "application/x-ndjson"


def test_it_comes_packed_for_who_asks(intake: InProcess) -> None:
    query = {"from": "2024-04-01", "to": "2024-04-01"}
    plain = intake.call("GET", ADDRESS, "cases.read", who=CITY, query_string=query)
    packed = intake.call(
        "GET", ADDRESS, "cases.read", who=CITY, query_string=query, headers={"Accept-Encoding": "gzip"}
    )
    assert packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.data) == plain.data


def test_an_answer_that_broke_off_goes_on_after_the_last_row(intake: InProcess) -> None:
    for office in (KALIDONI, BUKIT_SANGKAL):
        lines(intake, date(2024, 5, 1), 700, office)
    whole = rows(ask(intake, "2024-05-01", "2024-05-01"))
    assert [row["kelurahan"] for row in whole] == [BUKIT_SANGKAL] * 700 + [KALIDONI] * 700
    assert len({row["application_id"] for row in whole}) == 1400
    for seen in (1, 499, 500, 501, 699, 700, 701, 1399):
        rest = rows(ask(intake, "2024-05-01", "2024-05-01", cursor=whole[seen - 1]["cursor"]))
        assert rest == whole[seen:]
    assert rows(ask(intake, "2024-05-01", "2024-05-01", cursor=whole[-1]["cursor"])) == []
    assert ask(intake, "2024-05-01", "2024-05-01", cursor="none").status_code == 422


def test_what_is_no_code_of_a_place_is_said_to_be_none(intake: InProcess) -> None:
    for wrong in ("Kalidoni", "16.71.1", "16.71.10.1001\0", "*", ""):
        assert ask(intake, "2024-05-01", "2024-05-01", kelurahan=[wrong]).status_code == 422, wrong


@pytest.mark.parametrize(
    ("first", "last"), [("2024-05-02", "2024-05-01"), ("2024-01-01", "2025-01-01"), ("2024-02-30", "2024-03-01")]
)
def test_a_period_is_days_in_order_and_a_year_at_most(intake: InProcess, first: str, last: str) -> None:
    assert ask(intake, first, last).status_code == 422
    assert ask(intake, "2024-01-01", "2024-12-31").status_code == 200


def test_a_machine_reads_what_is_below_its_place_and_was_left_to_it(intake: InProcess) -> None:
    day, all_of_them = date(2024, 6, 1), (BUKIT_SANGKAL, KALIDONI, "16.71.09.1001", SANDBOX, "16.72.01.1001")
    for code in all_of_them:
        lines(intake, day, 1, code)

    def seen(who: dict[str, Any], **query: Any) -> list[str]:
        return [row["kelurahan"] for row in rows(ask(intake, str(day), str(day), {"sub": "m"} | who, **query))]

    assert seen({"tenant": "16.71"}) == ["16.71.09.1001", BUKIT_SANGKAL, KALIDONI], "no sandbox among real offices"
    assert seen({"tenant": "16.71.10"}) == [BUKIT_SANGKAL, KALIDONI]
    assert seen({"tenant": KALIDONI}) == [KALIDONI]
    assert seen({"tenant": SANDBOX}) == [SANDBOX]
    assert seen({"tenant": "16.71", WITHIN: [KALIDONI]}) == [KALIDONI]
    assert seen({"tenant": "16.71"}, kelurahan=[KALIDONI]) == [KALIDONI]
    assert seen({"tenant": "16.71"}, kelurahan=["16.71.10"]) == [BUKIT_SANGKAL, KALIDONI]
    for who, asked in (
        ({"tenant": KALIDONI}, BUKIT_SANGKAL),
        ({"tenant": "16.71.10"}, "16.71.09.1001"),
        ({"tenant": "16.71"}, SANDBOX),
        ({"tenant": "16.71", WITHIN: [KALIDONI]}, BUKIT_SANGKAL),
    ):
        refused = ask(intake, str(day), str(day), {"sub": "m-refused"} | who, kelurahan=[asked])
        assert refused.status_code == 404
        [kept] = intake.rows("SELECT object FROM refused_access WHERE caller = 'm-refused' ORDER BY at DESC LIMIT 1")
        assert kept["object"] == asked


def test_only_the_scope_lets_it_be_read(intake: InProcess) -> None:
    query = {"from": "2024-06-01", "to": "2024-06-01"}
    for role in (*(SCOPES - {"cases.read"}), "officer", "lurah", "city", "camat"):
        assert intake.call("GET", ADDRESS, role, query_string=query).status_code == 403, role
    assert intake.call("GET", ADDRESS, query_string=query).status_code == 401
    assert intake.call("GET", ADDRESS, "cases.read", query_string=query).status_code == 200


def _slowly(intake: InProcess, day: date, many: int) -> None:
    """Reads piece by piece; between two of them nothing is open, and no more is held than a few."""
    lines(intake, day, many)
    rows_seen, pieces = 0, 0
    answer = intake.app.test_client().open(
        ADDRESS, query_string={"from": str(day), "to": str(day)}, buffered=False,
        headers=intake_headers(),
    )  # fmt: skip
    assert answer.status_code == 200
    tracemalloc.start()
    try:
        for piece in answer.response:
            rows_seen, pieces = rows_seen + piece.count(b"\n"), pieces + 1
            held = intake.rows(
                "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                " AND state LIKE 'idle in transaction%%'"
            )
            assert held == []
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        answer.close()
    assert rows_seen == many and pieces >= many / 500
    assert peak < 8_000_000, "what is held does not grow with the rows"


def intake_headers() -> dict[str, str]:
    return bearer("cases.read", **CITY)


def test_a_slow_reader_holds_no_transaction_and_no_memory(intake: InProcess) -> None:
    _slowly(intake, date(2023, 1, 10), 2_500)


@pytest.mark.faults
def test_fifty_thousand_rows_take_no_more_memory_than_some(intake: InProcess) -> None:
    _slowly(intake, date(2023, 2, 10), 50_000)


def test_so_many_at_once_and_a_place_is_free_again_when_one_ends(intake: InProcess) -> None:
    lines(intake, date(2023, 3, 10), 10)
    client, query = intake.app.test_client(), {"from": "2023-03-10", "to": "2023-03-10"}

    def begin(sub: str) -> Any:
        headers = bearer("cases.read", **CITY | {"sub": sub})
        return client.open(ADDRESS, buffered=False, query_string=query, headers=headers)

    own = [begin("machine:slow") for _ in range(exports.OF_ONE)]
    refused = begin("machine:slow")
    assert refused.status_code == 429 and refused.headers["Retry-After"] == "30"
    others = [begin(f"machine:{number // 2}") for number in range(exports.AT_ONCE - exports.OF_ONE)]
    assert {one.status_code for one in others} == {200}, "nobody is kept from his by another's"
    assert begin("machine:late").status_code == 429
    own.pop().close()  # who goes away in the middle frees it as well
    last = begin("machine:late")
    assert last.status_code == 200
    for one in (*own, *others, last):
        one.close()
    assert begin("machine:slow").status_code == 200


@pytest.mark.parametrize("form", [exports.CSV, exports.NDJSON])
def test_where_nothing_can_be_read_200_is_not_said(intake: InProcess, monkeypatch: Any, form: str) -> None:
    def fails(*_any: Any, **_more: Any) -> Any:
        raise Unavailable
        yield

    monkeypatch.setattr(exporting, "cases", fails)
    assert ask(intake, "2023-03-10", "2023-03-10", accept=form).status_code == 503


def test_where_there_is_nothing_a_csv_still_has_its_head(intake: InProcess) -> None:
    answer = ask(intake, "2022-01-01", "2022-01-02", accept=exports.CSV)
    assert answer.status_code == 200 and answer.text.splitlines() == [",".join(exporting.COLUMNS)]


def test_who_reads_too_slowly_is_cut_off_and_who_is_quick_is_not(intake: InProcess, monkeypatch: Any) -> None:
    lines(intake, date(2023, 5, 10), 1_500)
    monkeypatch.setattr(exports, "STALLED", 0.2)
    query, client = {"from": "2023-05-10", "to": "2023-05-10"}, intake.app.test_client()
    monkeypatch.setattr(exports, "LEAST", 10_000_000)
    answer = client.open(ADDRESS, buffered=False, query_string=query, headers=intake_headers())
    with pytest.raises(exports.TookTooLong):
        for _piece in answer.response:
            time.sleep(0.3)
    answer.close()
    monkeypatch.setattr(exports, "LEAST", 4_000)
    assert len(rows(ask(intake, "2023-05-10", "2023-05-10"))) == 1_500


def test_who_takes_hours_is_cut_off_in_a_way_that_is_seen(intake: InProcess, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "LONGEST", -1.0)
    lines(intake, date(2023, 4, 10), 1_000)
    client = intake.app.test_client()
    answer = client.open(
        ADDRESS, buffered=False, query_string={"from": "2023-04-10", "to": "2023-04-10"}, headers=intake_headers()
    )
    with pytest.raises(exports.TookTooLong):
        b"".join(answer.response)
    answer.close()
    monkeypatch.setattr(exports, "LONGEST", timedelta(hours=1).total_seconds())
    assert len(rows(ask(intake, "2023-04-10", "2023-04-10"))) == 1_000


@pytest.mark.parametrize(
    ("path", "outside"),
    [("/v1/reports/2026-08/offices", 200), (f"/v1/reports/2026-08?kelurahan={BUKIT_SANGKAL}", 404),
     (f"/v1/complaints/tally?kelurahan={BUKIT_SANGKAL}", 404),
     ("/v1/complaints/export?from=2026-08-01&to=2026-08-31", 200)],
)  # fmt: skip
def test_a_machine_reads_the_offices_that_it_was_let_in_for_and_no_other(
    intake: InProcess, path: str, outside: int
) -> None:
    filed(intake, body())
    scope = "complaints.read" if "complaints" in path else "reports.read"
    answer = intake.call("GET", path, scope, who=CITY | {WITHIN: ["16.71.09"]})
    assert answer.status_code == outside and BUKIT_SANGKAL not in answer.text and "ADU-" not in answer.text
    answer = intake.call("GET", path, scope, who=CITY | {WITHIN: ["16.71.10"]})
    assert answer.status_code == 200 and BUKIT_SANGKAL in answer.text

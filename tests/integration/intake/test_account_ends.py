"""A backup brings back whoever was shut out after it was taken; the ledger shuts him out again, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg2
import pytest

from contracts import ledger
from intake import erasures
from kit.ids import new_id
from tests.integration.intake.test_signing_in import (
    PASSWORD,
    by_key,
    by_password,
    call,
    claims,
    employ,
    invite,
    machine,
    nobody_was_here,
    phone,
    signed_in,
)
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

__all__ = ["nobody_was_here", "phone"]

_OF = {
    "people": "id = (SELECT person_id FROM account WHERE id = %(id)s)",
    "account": "id = %(id)s",
    "machine_key": "account_id = %(id)s",
}


def as_owner(intake: InProcess, *statements: str, **values: Any) -> None:
    connection = psycopg2.connect(intake.settings.database_owner_url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SET app.tenant = '*'")
            for statement in statements:
                cursor.execute(statement, values)
    finally:
        connection.close()


def back_up(intake: InProcess, account: str) -> Callable[[], None]:
    """What puts the account back as it is now, with nothing known of what ended since: what a restore does."""
    kept = {table: f"kept_{table}_{new_id().hex}" for table in _OF}
    as_owner(
        intake,
        *(f"CREATE TABLE {kept[table]} AS SELECT * FROM {table} WHERE {which}" for table, which in _OF.items()),
        id=account,
    )

    def put_back() -> None:
        as_owner(
            intake,
            "DELETE FROM account_end",
            "DELETE FROM session WHERE account_id = %(id)s",
            *(f"DELETE FROM {table} WHERE id IN (SELECT id FROM {kept[table]})" for table in reversed(_OF)),
            *(f"INSERT INTO {table} SELECT * FROM {kept[table]}" for table in _OF),
            id=account,
        )

    return put_back


def written(intake: InProcess) -> str:
    return "".join(ledger.ended(erasures.listed(intake.deps.db)))


def of(text: str, account: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in ledger.lines_of(text)]
    return [line for line in lines if line.get("account_id") == account]


def replay(intake: InProcess, text: str, account: str) -> tuple[int, list[str]]:
    lines = "".join(ledger.ended(json.dumps(line) for line in of(text, account)))
    return erasures.end_again(intake.deps, erasures.read(lines).ends)


def put(intake: InProcess, who: dict[str, Any], *roles: str) -> None:
    body = {"name": "Nyimas Halimah", "roles": list(roles)}
    assert intake.call("PUT", f"/v1/staff/{who['id']}", "administrator", json=body).status_code == 200


def test_an_account_that_was_closed_is_closed_again(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    put_back = back_up(intake, who["id"])
    assert intake.call("DELETE", f"/v1/staff/{who['id']}", "administrator").status_code == 204
    text = written(intake)
    put_back()
    assert by_password(intake, who).status_code == 201, "the backup has brought him back"
    assert replay(intake, text, who["id"]) == (1, [])
    assert by_password(intake, who).status_code == 401
    [row] = intake.audit("process.work")[-1:]
    assert (row["object"], row["caller"], row["details"]["ended"]) == (who["id"], "restore", "closed")
    assert replay(intake, text, who["id"]) == (0, []), "done twice it does no more"
    assert [line["kind"] for line in of(written(intake), who["id"])] == ["closed"], "the next restore knows it too"


def test_a_role_that_was_taken_away_goes_again_and_the_others_stay(intake: InProcess) -> None:
    who = employ(intake, ["lurah", "officer"])
    put_back = back_up(intake, who["id"])
    put(intake, who, "officer")
    text = written(intake)
    put_back()
    assert by_password(intake, who).json["roles"] == ["lurah", "officer"]
    assert replay(intake, text, who["id"]) == (1, [])
    assert by_password(intake, who).json["roles"] == ["officer"]
    put(intake, who, "lurah", "officer")
    assert replay(intake, text, who["id"]) == (0, []), "what he was given since stays his"
    assert by_password(intake, who).json["roles"] == ["lurah", "officer"]


def test_a_role_that_somebody_has_again_was_not_taken_away(intake: InProcess) -> None:
    who = employ(intake, ["lurah", "officer"])
    put(intake, who, "officer")
    assert [line["roles"] for line in of(written(intake), who["id"])] == [["lurah"]]
    put(intake, who, "lurah", "officer")
    assert of(written(intake), who["id"]) == []


def test_whoever_was_invited_again_does_not_come_in_with_the_password_of_before(intake: InProcess) -> None:
    who = employ(intake, ["officer"])
    put_back = back_up(intake, who["id"])
    assert intake.call("POST", f"/v1/staff/{who['id']}/invitation", "administrator", json={}).status_code < 300
    text = written(intake)
    put_back()
    assert by_password(intake, who).status_code == 201
    assert replay(intake, text, who["id"]) == (1, [])
    assert by_password(intake, who).status_code == 401
    assert intake.call("POST", f"/v1/staff/{who['id']}/invitation", "administrator", json={}).status_code < 300
    assert replay(intake, text, who["id"]) == (0, []), "the new invitation holds"


def test_what_a_restricted_machine_may_again_is_not_lost(intake: InProcess) -> None:
    made = machine(intake, within=[BUKIT_SANGKAL])
    for scopes in (["cases.read"], ["cases.read", *made["scopes"]]):
        body = {"scopes": scopes, "within": [BUKIT_SANGKAL], "quota": {}}
        assert intake.call("PUT", f"/v1/staff/machines/{made['id']}", "administrator", json=body).status_code == 200
    assert of(written(intake), made["id"]) == []


def test_a_machines_key_that_was_ended_counts_no_more_and_its_newer_one_does(intake: InProcess) -> None:
    made = machine(intake)
    path = f"/v1/staff/machines/{made['id']}/keys"
    newer = intake.call("POST", path, "administrator", json={}).json
    first, _second = sorted(newer["keys"], key=lambda key: key["made_at"])
    put_back = back_up(intake, made["id"])
    assert intake.call("DELETE", f"{path}/{first['id']}", "administrator").status_code == 204
    text = written(intake)
    put_back()
    assert by_key(intake, made).status_code == 201
    assert replay(intake, text, made["id"]) == (1, [])
    assert (by_key(intake, made).status_code, by_key(intake, newer).status_code) == (401, 201)
    assert replay(intake, text, made["id"]) == (0, [])


def test_an_account_that_was_given_up_goes_again_with_its_phone(intake: InProcess, phone: str) -> None:
    tokens = signed_in(intake, phone)
    account = claims(tokens)["sub"]
    [row] = intake.rows("SELECT person_id FROM account WHERE id = %s", [account])
    put_back = back_up(intake, account)
    assert call(intake, "DELETE", "/v1/auth/account", tokens["access_token"]).status_code == 204
    text = written(intake)
    put_back()
    assert replay(intake, text, account) == (1, [])
    assert intake.rows("SELECT 1 AS one FROM account WHERE id = %s", [account]) == []
    assert intake.rows("SELECT 1 AS one FROM people WHERE id = %s", [row["person_id"]]) == []
    assert replay(intake, text, account) == (0, [])


def test_an_office_that_is_left_without_an_administrator_is_named(intake: InProcess) -> None:
    there = {"tenant": KALIDONI}
    one = employ(intake, ["administrator"], **there)
    put_back = back_up(intake, one["id"])
    successor = employ(intake, ["administrator"], **there)
    assert intake.call("DELETE", f"/v1/staff/{one['id']}", "administrator", who=there).status_code == 204
    text = written(intake)
    put_back()
    as_owner(intake, "UPDATE account SET state = 'closed' WHERE id = %(id)s", id=successor["id"])  # came later
    assert replay(intake, text, one["id"]) == (1, [KALIDONI])
    assert by_password(intake, one).status_code == 401


def test_what_the_backup_does_not_know_is_kept_for_the_next_one(intake: InProcess) -> None:
    stranger = str(new_id())
    line = {"kind": "closed", "id": str(new_id()), "account_id": stranger, "kelurahan": KALIDONI,
            "at": "2026-08-14T08:00:00+07:00"}  # fmt: skip
    text = "".join(ledger.ended([json.dumps(line)]))
    assert replay(intake, text, stranger) == (0, [])
    assert [one["id"] for one in of(written(intake), stranger)] == [line["id"]]


def test_lines_name_nobody_and_only_what_ended_since(intake: InProcess, phone: str) -> None:
    who, tokens = employ(intake, ["officer"]), signed_in(intake, phone)
    intake.call("DELETE", f"/v1/staff/{who['id']}", "administrator")
    call(intake, "DELETE", "/v1/auth/account", tokens["access_token"])
    text = written(intake)
    for secret in (phone, phone[3:], who["username"], "Halimah", PASSWORD, who["secret"]):
        assert secret not in text
    assert {frozenset(line) for line in of(text, who["id"])} == {
        frozenset({"kind", "id", "account_id", "kelurahan", "at"})
    }
    later = intake.clock.at.replace(year=2027)
    assert [line for line in erasures.listed(intake.deps.db, later) if who["id"] in line] == []


@pytest.mark.parametrize(
    "wrong", [{"kind": "deleted"}, {"kind": "roles"}, {"kind": "closed", "roles": ["officer"]}, {"at": "yesterday"}]
)
def test_a_line_that_is_none_of_ours_is_refused_before_anything_is_done(wrong: dict[str, Any]) -> None:
    line = {"kind": "closed", "id": str(new_id()), "account_id": str(new_id()), "kelurahan": KALIDONI,
            "at": "2026-08-14T08:00:00+07:00"}  # fmt: skip
    assert len(erasures.read("".join(ledger.ended([json.dumps(line)]))).ends) == 1
    with pytest.raises(erasures.BadLine, match="line 1"):
        erasures.read("".join(ledger.ended([json.dumps(line | wrong)])))


def test_an_invitation_that_was_never_accepted_ends_with_its_next_one(intake: InProcess) -> None:
    made = invite(intake, ["officer"]).json
    put_back = back_up(intake, made["id"])
    intake.call("POST", f"/v1/staff/{made['id']}/invitation", "administrator", json={})
    text = written(intake)
    put_back()
    shown = call(intake, "POST", "/v1/auth/invitations", json={"invitation": made["invitation"]})
    assert shown.status_code == 200
    assert replay(intake, text, made["id"]) == (1, [])
    assert call(intake, "POST", "/v1/auth/invitations", json={"invitation": made["invitation"]}).status_code == 404

"""When an office opens, those who work there hear once what the day has: figures, nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from intake.usecases import openings, staff
from notify.texts import render
from tests.integration.intake.cast import submitted
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

PHONE = "+6281200000711"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+07:00").astimezone(UTC)


@pytest.fixture(autouse=True)
def tuesday(intake: InProcess) -> Iterator[None]:
    """A week in which nobody was told anything yet; hours are 07:30 to 16:00."""
    intake.clock.at = at("2026-09-08T06:00")
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM opening")
        tx.execute("UPDATE account SET state = 'closed' WHERE kind = 'staff'")
    yield
    intake.clock.at = at("2026-08-14T09:00")


def works(intake: InProcess, username: str, *roles: str, phone: str | None = PHONE, active: bool = True) -> str:
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        account, _ = staff.invite(intake.deps, tx, f"Pegawai {username}", username, roles, "test", phone)
        if active:
            tx.execute("UPDATE account SET state = 'active' WHERE id = %s", [account.id])
    return str(account.id)


def told(intake: InProcess, text: str) -> list[dict[str, Any]]:
    """What the timer says at that time."""
    intake.clock.at = at(text)
    before = len(intake.told("message.requested"))
    openings.tell_openings(intake.deps)
    return [one["data"] for one in intake.told("message.requested")[before:]]


def test_officer_and_lurah_hear_the_figures_once_when_the_office_opens(intake: InProcess) -> None:
    intake.clock.at = at("2026-09-04T09:00")
    submitted(intake)
    works(intake, "open-1", "officer")
    works(intake, "open-2", "lurah", "signer", phone="+6281200000712")
    works(intake, "open-3", "administrator", phone="+6281200000713")
    works(intake, "open-4", "officer", phone=None)
    works(intake, "open-5", "officer", phone="+6281200000715", active=False)
    assert told(intake, "2026-09-08T07:29") == []
    messages = told(intake, "2026-09-08T07:30")
    assert {one["person"]["to"]["phone"] for one in messages} == {PHONE, "+6281200000712"}
    assert {one["message_class"] for one in messages} == {"notice"}
    text = render("staff_opening", "id", {"name": "x", **messages[0]["person"]["values"]})
    assert "/intake/hari-ini" in text and "Harus selesai hari ini: 1\n" in text and "Terlambat" not in text
    assert "Siti" not in text
    assert told(intake, "2026-09-08T07:31") == []
    assert len(told(intake, "2026-09-09T08:00")) == 2


def test_a_day_off_and_a_late_start_say_nothing(intake: InProcess) -> None:
    submitted(intake)
    works(intake, "open-6", "officer")
    assert told(intake, "2026-09-12T07:30") == []  # a Saturday
    assert told(intake, "2026-09-14T09:31") == []  # two hours after the opening they have seen it themselves
    assert len(told(intake, "2026-09-15T09:29")) == 1


def test_nothing_to_do_is_not_told(intake: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    works(intake, "open-7", "officer")
    monkeypatch.setattr(openings.store, "count_queue", lambda *_: 0)
    assert told(intake, "2026-09-08T07:30") == []


def test_whose_number_was_taken_away_is_told_nothing_any_more(intake: InProcess) -> None:
    submitted(intake)
    account = works(intake, "open-8", "officer")
    shown = intake.call("GET", f"/v1/staff/{account}", "administrator").get_json()
    assert shown["phone"] == PHONE
    body = {"name": shown["name"], "roles": ["officer"]}
    changed = intake.call("PUT", f"/v1/staff/{account}", "administrator", json=body).get_json()
    assert changed["phone"] == PHONE  # not sent, left alone
    changed = intake.call("PUT", f"/v1/staff/{account}", "administrator", json=body | {"phone": "0812 0000 0719"})
    assert changed.get_json()["phone"] == "+6281200000719"
    intake.call("PUT", f"/v1/staff/{account}", "administrator", json=body | {"phone": None})
    assert told(intake, "2026-09-08T07:30") == []


def test_a_number_that_is_none_is_refused(intake: InProcess) -> None:
    body = {"name": "Pegawai", "username": "open-9", "roles": ["officer"], "phone": "0711 351122"}
    assert intake.call("POST", "/v1/staff", "administrator", json=body).status_code == 422

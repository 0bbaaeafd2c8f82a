"""What intake keeps of other services' state: the newest, whatever order it comes in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts import EVENTS
from intake.consumers import HANDLERS
from intake.usecases.facts import NoSuchCase
from tests.integration.intake import cast
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL


def test_the_handlers_are_those_of_the_contracts() -> None:
    assert set(HANDLERS) == {name for name, event in EVENTS.items() if "intake" in event.consumers}


def test_an_event_about_a_case_that_is_not_here_is_permanent(intake: InProcess) -> None:
    for tell in (cast.verdict, cast.produced, cast.sent_back, cast.handed_over):
        with pytest.raises(NoSuchCase):
            tell(intake, uuid4())


def test_a_repeated_event_has_no_second_effect(intake: InProcess) -> None:
    case = cast.verified(intake)
    event = intake.make_event(
        "production.done",
        {
            "application_id": case["id"],
            "kelurahan": BUKIT_SANGKAL,
            "letters": [],
            "done_at": intake.clock.now().isoformat(),
        },
        subject=case["id"],
    )
    assert intake.apply(event)
    assert not intake.apply(event)
    assert [e["type"] for e in cast.events_of(intake, case["id"])].count("application.issued") == 1


def test_the_newest_state_of_a_hand_over_is_kept(intake: InProcess) -> None:
    case, handover_id = cast.issued(intake), uuid4()
    cast.handed_over(intake, case["id"], "failed", handover_id, sequence=3)
    cast.handed_over(intake, case["id"], "dispatched", handover_id, sequence=2)
    rows = intake.rows("SELECT status FROM case_handover WHERE handover_id = %s", [handover_id])
    assert [row["status"] for row in rows] == ["failed"]
    assert cast.lines_of(intake, case["id"])[-1]["event"] == "handover_failed"


def test_a_hand_over_told_again_adds_no_line(intake: InProcess) -> None:
    case, handover_id = cast.issued(intake), uuid4()
    cast.handed_over(intake, case["id"], "done", handover_id, sequence=2)
    lines = cast.lines_of(intake, case["id"])
    cast.handed_over(intake, case["id"], "done", handover_id, sequence=3)
    assert cast.lines_of(intake, case["id"]) == lines
    cast.handed_over(intake, case["id"], "done", handover_id, sequence=4)
    assert cast.show(intake, case["id"])["status"] == "completed"


def test_the_newest_state_of_neighbourhoods_and_tasks_is_kept(intake: InProcess) -> None:
    place, task = uuid4(), uuid4()

    def neighbourhood(headed: bool, sequence: int) -> None:
        data = {"neighbourhood_id": str(place), "kelurahan": BUKIT_SANGKAL, "rw": "005", "rt": "023", "headed": headed}
        intake.feed("neighbourhood.changed", data, subject=place, sequence=sequence)

    def attestation(status: str, sequence: int) -> None:
        data = {
            "task_id": str(task), "application_id": str(uuid4()), "kelurahan": BUKIT_SANGKAL, "kind": "attestation",
            "status": status, "opened_at": intake.clock.now().isoformat(),
        }  # fmt: skip
        intake.feed("task.changed", data, subject=task, sequence=sequence)

    neighbourhood(True, 2)
    neighbourhood(False, 1)
    attestation("done", 2)
    attestation("open", 1)
    assert intake.rows("SELECT headed FROM neighbourhood WHERE id = %s", [place])[0]["headed"] is True
    assert intake.rows("SELECT status FROM task WHERE id = %s", [task])[0]["status"] == "done"


def test_what_became_of_a_message(intake: InProcess) -> None:
    message_id = uuid4()

    def tell(kind: str) -> None:
        data = {
            "message_id": str(message_id), "kelurahan": BUKIT_SANGKAL, "requested_by": "intake", "channel": "mailbox",
            "at": (intake.clock.now() + timedelta(seconds=1)).isoformat(),
        }  # fmt: skip
        intake.feed(kind, data, subject=message_id)

    for kind, delivered in [("message.failed", False), ("message.delivered", True), ("message.failed", True)]:
        tell(kind)
        row = intake.rows("SELECT delivered FROM message_outcome WHERE message_id = %s", [message_id])[0]
        assert row["delivered"] is delivered


def test_what_somebody_wrote_is_kept_sealed(intake: InProcess) -> None:
    message_id = uuid4()
    said: dict[str, Any] = {"from": {"name": "Cek Mat", "phone": "+6281271000099"}, "text": "Kapan KK saya jadi?"}
    data = {
        "message_id": str(message_id), "kelurahan": BUKIT_SANGKAL, "channel": "mailbox", "recipient": "intake",
        "received_at": intake.clock.now().isoformat(), "person": said,
    }  # fmt: skip
    intake.feed("message.received", data, subject=message_id)
    row = intake.rows(
        "SELECT p.id, p.sealed FROM incoming_message m JOIN people p ON p.id = m.person_id WHERE m.id = %s",
        [message_id],
    )[0]
    assert "Cek Mat" not in row["sealed"]
    assert intake.deps.data_keys.open(row["sealed"], f"person:{row['id']}") == said

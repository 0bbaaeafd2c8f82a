"""Made-up people, and the shortest ways to bring a case where a test wants it."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import UUID, uuid4

from kit.ids import new_id
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

ROHANA = {"sub": "rohana"}
YUSUF = {"sub": "yusuf"}
YANTI = {"sub": "officer:yanti"}

_serial = itertools.count(1)


def applicant(**more: Any) -> dict[str, Any]:
    """Somebody new each time: one open case per person and service."""
    return {
        "name": "Siti Maimunah binti H. Zainuddin",
        "nik": f"167110550355{next(_serial):04d}",
        "birth_place": "Palembang",
        "birth_date": "1955-03-15",
        "sex": "P",
        "address": "Jalan Sukabangun Lorong Melati Nomor 12",
        "rt": "RT.23",
        "rw": "5",
    } | more


def body(**more: Any) -> dict[str, Any]:
    """A request for a lost family card."""
    contact = {"name": "Nur'aini", "phone": "0812-7100-0072"}
    return {"service": "KK", "reason": "lost", "applicant": applicant(), "contact": contact} | more


def path(application_id: Any, *more: str) -> str:
    return "/".join(["/v1/applications", str(application_id), *more])


def opened(intake: InProcess, who: dict[str, str] = ROHANA, **more: Any) -> dict[str, Any]:
    """A draft."""
    response = intake.call("POST", "/v1/applications", "applicant", who=who, json=body(**more))
    assert response.status_code == 201, response.json
    found: dict[str, Any] = response.json
    return found


def step(
    intake: InProcess, application_id: Any, name: str, role: str = "officer", sent: Any = None, **more: Any
) -> dict[str, Any]:
    """One step of the procedure, which has to succeed."""
    who = more.pop("who", ROHANA if role == "applicant" else YANTI)
    response = intake.call("POST", path(application_id, name), role, who=who, json=sent or {}, **more)
    assert response.status_code == 200, response.json
    found: dict[str, Any] = response.json
    return found


def put_file(intake: InProcess, application_id: Any, requirement: str, state: str = "ready") -> UUID:
    """A file as if it had been sent and looked at."""
    file_id = new_id()
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        tx.execute(
            "UPDATE file SET state = 'superseded' WHERE application_id = %s AND requirement = %s",
            [application_id, requirement],
        )
        tx.execute(
            "INSERT INTO file (id, kelurahan, application_id, requirement, sha256, size, type, key, state,"
            " uploaded_at, uploaded_by) VALUES (%s, %s, %s, %s, %s, 1000, 'image/jpeg', %s, %s, %s, 'rohana')",
            [file_id, BUKIT_SANGKAL, application_id, requirement, uuid4().hex * 2, f"original/{file_id}", state,
             intake.clock.now()],
        )  # fmt: skip
    return file_id


def submitted(intake: InProcess, **more: Any) -> dict[str, Any]:
    """With a photographed introduction and the police letter."""
    draft = opened(intake, **more)
    put_file(intake, draft["id"], "PENGANTAR_RT")
    put_file(intake, draft["id"], "SURAT_KEHILANGAN")
    if more.get("helper"):
        step(intake, draft["id"], "consent", sent={"method": "in_person"})
    return step(intake, draft["id"], "submission", "applicant")


def received(intake: InProcess, **more: Any) -> dict[str, Any]:
    return step(intake, submitted(intake, **more)["id"], "receipt")


def verified(intake: InProcess, **more: Any) -> dict[str, Any]:
    case = received(intake, **more)
    verdict(intake, case["id"])
    return show(intake, case["id"])


def issued(intake: InProcess, **more: Any) -> dict[str, Any]:
    case = verified(intake, **more)
    letter(intake, case["id"])
    produced(intake, case["id"])
    return show(intake, case["id"])


def show(intake: InProcess, application_id: Any, role: str = "officer", who: Any = YANTI) -> dict[str, Any]:
    response = intake.call("GET", path(application_id), role, who=who)
    assert response.status_code == 200, response.json
    found: dict[str, Any] = response.json
    return found


def events_of(intake: InProcess, application_id: Any) -> list[dict[str, Any]]:
    """What was told with this case as its subject."""
    return [event for event in intake.told() if event["subject"] == str(application_id)]


def lines_of(intake: InProcess, application_id: Any) -> list[dict[str, Any]]:
    response = intake.call("GET", path(application_id, "timeline"), "officer", who=YANTI)
    found: list[dict[str, Any]] = response.json["items"]
    return found


# --- what other services tell -------------------------------------------------------------------------


def _place() -> dict[str, Any]:
    return {"kelurahan": BUKIT_SANGKAL, "rw": "005", "rt": "023"}


def granted(intake: InProcess, application_id: Any, introduction_id: Any, **more: Any) -> bool:
    data = _place() | {
        "introduction_id": introduction_id, "application_id": application_id, "service": "KK",
        "purpose": "Pengurusan Kartu Keluarga", "granted_at": intake.clock.now(), "valid_until": "2026-09-13",
        "officeholder_id": uuid4(), "acting_as": "rt_head", "person": {"rt_head": {"name": "Marzuki HS"}},
    }  # fmt: skip
    return intake.feed("introduction.granted", _text(data | more), subject=introduction_id)


def refused(intake: InProcess, application_id: Any, introduction_id: Any) -> bool:
    data = _place() | {
        "introduction_id": introduction_id, "application_id": application_id, "reason": "unknown_person",
        "refused_at": intake.clock.now(), "officeholder_id": uuid4(),
    }  # fmt: skip
    return intake.feed("introduction.refused", _text(data), subject=introduction_id)


def verdict(intake: InProcess, application_id: Any, passed: bool = True, **more: Any) -> bool:
    task_id = uuid4()
    data = _place() | {
        "task_id": task_id, "application_id": application_id, "decided_at": intake.clock.now(),
        "officeholder_id": uuid4(), "reason": None if passed else "doubtful",
    }  # fmt: skip
    kind = "verification.passed" if passed else "verification.failed"
    return intake.feed(kind, _text(data | more), subject=task_id)


def letter(intake: InProcess, application_id: Any, letter_id: Any = None, **more: Any) -> UUID:
    letter_id = letter_id or uuid4()
    file = {"bucket": "documents-letters", "key": "a", "sha256": "0" * 64, "size": 9, "type": "application/pdf"}
    data = {
        "letter_id": letter_id, "application_id": application_id, "kelurahan": BUKIT_SANGKAL, "kind": "kk_introduction",
        "number": "400.12.2.1/001/KEL-BS/VIII/2026", "dated": "2026-08-19", "issued_at": intake.clock.now(),
        "issued_by": "lurah:bukit-sangkal", "check_url": "http://127.0.0.1/periksa/7K3M", "file": file,
    }  # fmt: skip
    intake.feed("letter.issued", _text(data | more), subject=letter_id)
    return UUID(str(letter_id))


def voided(intake: InProcess, application_id: Any, letter_id: Any) -> bool:
    data = {
        "letter_id": letter_id, "application_id": application_id, "kelurahan": BUKIT_SANGKAL, "kind": "kk_introduction",
        "number": "400.12.2.1/001/KEL-BS/VIII/2026", "voided_at": intake.clock.now(), "voided_by": "lurah",
        "reason": "withdrawn",
    }  # fmt: skip
    return intake.feed("letter.voided", _text(data), subject=letter_id)


def produced(intake: InProcess, application_id: Any) -> bool:
    data = {
        "application_id": application_id, "kelurahan": BUKIT_SANGKAL, "letters": [], "done_at": intake.clock.now()
    }  # fmt: skip
    return intake.feed("production.done", _text(data), subject=application_id)


def sent_back(intake: InProcess, application_id: Any) -> bool:
    data = {
        "application_id": application_id, "kelurahan": BUKIT_SANGKAL, "letter_id": uuid4(), "reason": "Nama keliru",
        "sent_back_at": intake.clock.now(),
    }  # fmt: skip
    return intake.feed("production.sent_back", _text(data), subject=application_id)


def handed_over(
    intake: InProcess, application_id: Any, status: str = "done", handover_id: Any = None, **more: Any
) -> bool:
    handover_id = handover_id or uuid4()
    data = {
        "handover_id": handover_id, "application_id": application_id, "kelurahan": BUKIT_SANGKAL, "status": status,
        "method": "pickup", "at": intake.clock.now(),
    }  # fmt: skip
    return intake.feed(f"handover.{status}", _text(data), subject=handover_id, **more)


def _text(data: dict[str, Any]) -> dict[str, Any]:
    """As it comes over the wire: ids and instants are text."""
    plain = {}
    for name, value in data.items():
        if hasattr(value, "isoformat"):
            plain[name] = value.isoformat()
        else:
            plain[name] = str(value) if isinstance(value, UUID) else value
    return plain

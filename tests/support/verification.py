"""The cast and the events of verification's tests. Everybody is made up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

HEAD = {"sub": "head-023", "rt": "023", "rw": "005"}
OTHER_HEAD = {"sub": "head-024", "rt": "024", "rw": "005"}
RW_HEAD = {"sub": "head-rw-005", "rw": "005"}
CONTACT = {"name": "Rohana", "phone": "+6281200000901"}
APPLICANT = {
    "name": "Siti Maimunah binti H. Zainuddin", "nik": "1671105705550001", "address": "Jalan Contoh Nomor 23",
    "rt": "023", "rw": "005",
}  # fmt: skip


def publish_office(verification: InProcess) -> None:
    """The office and one service of its catalogue."""
    office = {
        "kelurahan": BUKIT_SANGKAL, "name": "Bukit Sangkal", "kecamatan": "Kalidoni", "kota": "Palembang",
        "province": "Sumatera Selatan", "zone": "Asia/Jakarta", "office": {},
    }  # fmt: skip
    sop = {
        "name": {"id": "Surat pengantar Kartu Keluarga", "en": "Introduction for a family card"},
        "requirements": [
            {"code": "KK_LAMA", "name": {"id": "Kartu Keluarga lama", "en": "Old family card"}},
            {"code": "KTP", "name": {"id": "KTP-el", "en": "Identity card"}},
        ],
    }
    published = {
        "kelurahan": BUKIT_SANGKAL, "service": "KK", "version": 1, "effective_from": "2026-01-01",
        "name": "Surat pengantar Kartu Keluarga", "sop": sop,
    }  # fmt: skip
    verification.feed("office.changed", office, subject=BUKIT_SANGKAL)
    verification.feed("sop.published", published, subject=f"{BUKIT_SANGKAL}/KK")


def a_request(verification: InProcess, **more: Any) -> dict[str, Any]:
    """The data of an introduction.requested."""
    return {
        "introduction_id": str(uuid4()), "application_id": str(uuid4()), "kelurahan": BUKIT_SANGKAL, "rw": "005",
        "rt": "023", "service": "KK", "purpose": "Mengurus Kartu Keluarga baru", "tracking_code": "PGT-7K3M9-XW2RB",
        "requested_at": verification.clock.now().isoformat(), "owner": "applicant-1",
        "person": {"applicant": APPLICANT, "contact": CONTACT, "helper": None},
    } | more  # fmt: skip


def ask(verification: InProcess, **more: Any) -> dict[str, Any]:
    """The applicant asks for the introduction."""
    request = a_request(verification, **more)
    verification.feed("introduction.requested", request, subject=request["introduction_id"])
    return request


def a_file(requirement: str = "KK_LAMA", sha256: str | None = None, **more: Any) -> dict[str, Any]:
    digest = sha256 or uuid4().hex * 2
    return {
        "file_id": str(uuid4()), "requirement": requirement, "sha256": digest, "size": 400_000, "type": "image/jpeg",
    } | more  # fmt: skip


def a_case(verification: InProcess, status: str, **more: Any) -> dict[str, Any]:
    """The data of an application.* event."""
    now = verification.clock.now().isoformat()
    return {
        "application_id": str(uuid4()), "tracking_code": "PGT-7K3M9-XW2RB", "kelurahan": BUKIT_SANGKAL, "rw": "005",
        "rt": "023", "service": "KK", "sop_version": 1, "reason": "lost", "status": status, "channel": "http",
        "owner": "applicant-1", "opened_at": now, "changed_at": now, "submitted_at": now,
        "agenda_number": "14/2026", "consents": {"neighbours": True},
    } | more  # fmt: skip


def case_told(verification: InProcess, change: str, case: dict[str, Any], **more: Any) -> bool:
    """Intake tells of a case; of one that is received, with a grant for each file. Time moves on a second."""
    verification.clock.at += timedelta(seconds=1)
    now = verification.clock.now().isoformat()
    if change == "received":
        case["received_at"] = now
    state = case | {"changed_at": now}
    person: dict[str, Any] = {"applicant": APPLICANT, "contact": CONTACT, "helper": None, "details": {}}
    if change in ("received", "submitted"):
        person["grants"] = {file["file_id"]: f"grant-{file['file_id'][:8]}" for file in case.get("files", [])}
    return verification.feed(
        f"application.{change}", state | {"person": person}, subject=case["application_id"], **more
    )


def receive(verification: InProcess, *files: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A case is received with these files."""
    case = a_case(verification, "received", files=list(files), **more)
    case_told(verification, "received", case)
    return case


def told_of(verification: InProcess, event_type: str, **about: Any) -> list[dict[str, Any]]:
    """The data of the events of this type with these values, oldest first."""
    return [
        row["data"]
        for row in verification.told(event_type)
        if all(str(row["data"].get(name)) == str(value) for name, value in about.items())
    ]


def only(verification: InProcess, event_type: str, **about: Any) -> dict[str, Any]:
    """The one event of this type with these values."""
    found = told_of(verification, event_type, **about)
    assert len(found) == 1, f"{len(found)} {event_type}"
    return found[0]


def link_token(verification: InProcess, application_id: Any) -> str:
    """The token of the newest link that was sent about a case."""
    sent = told_of(verification, "message.requested", application_id=application_id)
    return str(sent[-1]["person"]["values"]["link"].rpartition("/")[2])


def task_of(verification: InProcess, application_id: Any) -> dict[str, Any]:
    """The newest task of a case, as its row is."""
    return verification.rows(
        "SELECT * FROM task WHERE application_id = %s ORDER BY id DESC LIMIT 1", [UUID(str(application_id))]
    )[0]

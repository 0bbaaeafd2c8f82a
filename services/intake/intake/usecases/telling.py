"""What intake tells others of a case: always its whole state."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.telling import tell
from intake.deps import Deps
from intake.domain.case import Application
from intake.domain.grants import make_grant
from intake.store import files
from kit.db import Row, Tx
from kit.ids import new_id

_PLAIN = (
    "tracking_code", "kelurahan", "rw", "rt", "service", "sop_version", "reason", "status", "channel", "owner",
    "opened_at", "changed_at", "submitted_at", "received_at", "promised_at", "agenda_number",
    "introduction_id", "returned_items", "decision_reason", "consents",
)  # fmt: skip
_OURS = ("consent", "provenance")
"""Parts of a person that nobody else needs."""
_WITH_GRANTS = ("application.submitted", "application.received")


def tell_application(deps: Deps, tx: Tx, app: Application, event: str, current: Sequence[Row] | None = None) -> None:
    """Puts `event` into the outbox with the state of the case. `current` are its files, if they are known already;
    grants to read them go with those events that open somebody's task."""
    if current is None:
        current = files.current(tx, app.id)
    person = {name: value for name, value in app.person.items() if name not in _OURS}
    if event in _WITH_GRANTS:
        person["grants"] = _grants(deps, app, current)
    tell(
        tx, deps.event_keys, event, subject=app.id, tenant=app.kelurahan, time=app.changed_at,
        data=_state(app, current, deps.settings.s3_bucket), person=person,
    )  # fmt: skip


def _state(app: Application, current: Sequence[Row], bucket: str) -> dict[str, Any]:
    state: dict[str, Any] = {name: getattr(app, name) for name in _PLAIN}
    return state | {
        "application_id": app.id,
        "files": _files(current, bucket),
    }


def request_introduction(deps: Deps, tx: Tx, app: Application, purpose: str) -> None:
    """The RT head shall be asked. He is shown what was sent so far, and may judge it at once."""
    current = [row for row in files.current(tx, app.id) if row["state"] == "ready"]
    person = {name: app.person.get(name) for name in ("applicant", "contact", "helper")}
    tell(
        tx, deps.event_keys, "introduction.requested", subject=app.introduction_id, tenant=app.kelurahan,
        time=app.changed_at,
        data={
            "introduction_id": app.introduction_id, "application_id": app.id, "kelurahan": app.kelurahan,
            "rw": app.rw, "rt": app.rt, "service": app.service, "purpose": purpose,
            "tracking_code": app.tracking_code, "requested_at": app.changed_at, "owner": app.owner,
            "files": _files(current, deps.settings.s3_bucket),
        },
        person=person | {"grants": _grants(deps, app, current)},
    )  # fmt: skip


def _grants(deps: Deps, app: Application, current: Sequence[Row]) -> dict[str, str]:
    """Of what can be seen: a file that nobody has looked at yet, or scanned, is in nobody's link."""
    return {
        str(row["id"]): make_grant(deps.grants, row["id"], app.id, app.rw, app.rt, app.round)
        for row in current
        if row["state"] == "ready"
    }


def _files(current: Sequence[Row], bucket: str) -> list[dict[str, Any]]:
    return [
        {"file_id": row["id"], "bucket": bucket}
        | {name: row[name] for name in ("requirement", "sha256", "size", "type", "original_seen")}
        | {name: row.get(name) for name in ("view_key", "view_type")}
        for row in current
    ]


def request_message(
    deps: Deps,
    tx: Tx,
    app: Application,
    template: str,
    values: dict[str, Any],
    *,
    message_class: str = "code",
    to: dict[str, Any] | None = None,
    expires_at: datetime | None = None,
) -> UUID | None:
    """A link, code or notice for the case's contact, or for somebody else; its id. None, and for nobody, where there is
    neither a phone nor somebody who wrote before."""
    to = to or app.person.get("contact") or {}
    if not to.get("phone") and not to.get("contact_id"):
        return None
    message_id = new_id()
    tell(
        tx, deps.event_keys, "message.requested", subject=message_id, tenant=app.kelurahan, time=app.changed_at,
        data={
            "message_id": message_id, "kelurahan": app.kelurahan, "template": template, "message_class": message_class,
            "application_id": app.id, "tracking_code": app.tracking_code, "expires_at": expires_at,
            "contact_id": to.get("contact_id"),
        },
        person={"to": to, "values": values},
    )  # fmt: skip
    return message_id

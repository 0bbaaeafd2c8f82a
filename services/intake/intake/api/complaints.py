"""`/v1/complaints` for whoever files one: without an account by ticket and secret, or with the login that filed it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Response, g, request

from intake.deps import Deps
from intake.domain.complaints.complaint import ANONYMOUS, Complaint
from intake.schemas.complaints import (
    BySecret,
    ComplaintBrief,
    ComplaintOut,
    FiledOut,
    NewComplaint,
    PhotoForm,
    PhotoOut,
    Reopening,
    StatusOut,
    Supplied,
)
from intake.usecases.complaining import filing, finding, following, limits, photos, reading
from kit import audit
from kit.answers import Answer, answer, check_if_match, deps, etag, once
from kit.auth import Caller, public
from kit.db import Tx
from kit.openapi import refusals
from kit.uploads import UploadLimits, received_file
from kit.web import Resource

STRANGER = "stranger"
Seen = TypeVar("Seen")
DEAR = 3
"""A complaint counts for so many requests of an address: a village's whole school may stand behind one."""

blp = Resource(
    "complaints", __name__, url_prefix="/v1/complaints", description="Complaints, wishes and questions of everybody"
)


@blp.post("")
@public(cost=DEAR)
@blp.arguments(NewComplaint)
@blp.response(201, FiledOut)
@refusals(blp, 401, 404, 409, 415, 422, 429)
def file_complaint(body: dict[str, Any]) -> Response:
    """File a complaint, wish or question

    By anybody, with an account or without, as many as there are. The ticket is there at once; the secret beside it is
    told this once, and by it the answer is read. With `anonymous` neither a name, a number nor the login is kept."""
    return filed(body, "http")


def filed(body: dict[str, Any], channel: str) -> Response:
    """The new complaint of this request: its ticket and its secret, once per Idempotency-Key. Raises what
    `filing.file` raises, TooManyRequests."""
    parts = deps()
    if body["confidentiality"] == ANONYMOUS:
        g.caller = None  # nothing of this request may say who it was, the audit neither
    who = _caller()

    def work(tx: Tx) -> Answer:
        limits.count_filed(parts, tx, body.get("phone"))
        made = filing.file(parts, tx, body, who, channel=channel)
        _about(made.complaint)
        shown = {"id": made.complaint.id, "ticket": made.complaint.ticket, "secret": made.secret, "status": "filed"}
        due = reading.status_of(parts, tx, made.complaint)["check_due_at"]
        return answer(FiledOut, shown | {"check_due_at": due}, 201, Location=_address(made.complaint))

    return once(parts.db, parts.data_keys, who or STRANGER, body["kelurahan"], body, work)


@blp.get("/tickets/<ticket>")
@public
@blp.response(200, StatusOut)
@refusals(blp, 401, 404)
def show_status(ticket: str) -> dict[str, Any]:
    """How a complaint stands

    For anybody with the ticket, in any spelling: by when it is checked and answered, and how it ended. What was written
    takes the secret (`POST …/view`)."""
    return reading.status(deps(), ticket)


@blp.post("/tickets/<ticket>/view")
@public
@blp.arguments(BySecret)
@blp.response(200, ComplaintOut)
@refusals(blp, 401, 404, 415, 422, 429)
@audit.changes_nothing
@audit.shows("complaint")
def view_complaint(body: dict[str, Any], ticket: str) -> Any:
    """Read a complaint and its answer

    By its secret, in the body since it does not belong into an address; or by the login that filed it."""
    found = seen(ticket, body, reading.for_filer)
    return found, 200, {"ETag": etag(found["version"])}


def seen(ticket: str, body: dict[str, Any], read: Callable[[Deps, Tx, Complaint], Seen]) -> Seen:
    """What whoever filed it may read of it, by its secret or his login. Raises TicketUnknown, SecretRefused,
    TooManyRequests."""
    parts = deps()
    with limits.counting_wrong(parts, ticket), parts.db.transaction(finding.office_of_ticket(parts, ticket)) as tx:
        found = finding.of_filer(parts, tx, ticket, body.get("secret"), _by(body), lock=False)
        _about(found)
        return read(parts, tx, found)


@blp.post("/tickets/<ticket>/supplements")
@public
@blp.arguments(Supplied)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 404, 409, 412, 415, 422, 429)
def supply(body: dict[str, Any], ticket: str) -> Response:
    """Add something

    What was asked for, within ten working days, or whatever there is to add."""
    return changed(ticket, body, lambda parts, tx, found: following.supply(parts, tx, found, body["text"]))


@blp.post("/tickets/<ticket>/satisfaction")
@public
@blp.arguments(BySecret)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 404, 409, 412, 415, 422, 429)
def be_satisfied(body: dict[str, Any], ticket: str) -> Response:
    """Be content with the answer

    It is closed at once, and not after ten working days."""
    return changed(ticket, body, following.satisfied)


@blp.post("/tickets/<ticket>/reopening")
@public
@blp.arguments(Reopening)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 404, 409, 412, 415, 422, 429)
def reopen(body: dict[str, Any], ticket: str) -> Response:
    """Object to the answer

    Within ten working days of it, or of the day on which the office closed it."""
    return changed(ticket, body, lambda parts, tx, found: following.reopen(parts, tx, found, body["text"]))


@blp.post("/tickets/<ticket>/withdrawal")
@public
@blp.arguments(BySecret)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 404, 409, 412, 415, 422, 429)
def withdraw(body: dict[str, Any], ticket: str) -> Response:
    """Withdraw a complaint"""
    return changed(ticket, body, following.withdraw)


@blp.post("/tickets/<ticket>/erasure")
@public
@blp.arguments(BySecret)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 404, 409, 412, 415, 422, 429)
def erase(body: dict[str, Any], ticket: str) -> Response:
    """Have one's data erased

    Of a closed one: who filed it, what was written, and the photos, in all parts of the system. That there was one, and
    how it ended, stays."""
    return changed(ticket, body, following.erase, erases=True)


@blp.post("/tickets/<ticket>/photos")
@public(cost=DEAR)
@blp.doc(
    requestBody={
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": [name for name, field in PhotoForm().fields.items() if field.required],
                    "properties": {
                        "secret": {"type": "string", "example": "4H7KM-Q2WXZ"},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
)
@blp.response(201, PhotoOut)
@refusals(blp, 401, 404, 409, 413, 415, 422, 429)
def add_photo(ticket: str) -> Response:
    """Send a photo of it

    One per request, five in all: JPEG, PNG, WebP, HEIC or PDF, judged by its bytes. The field `secret` stands before
    the file."""
    return taken(ticket)


def taken(
    ticket: str, check: Callable[[Mapping[str, str]], None] = lambda _fields: None, known: str | None = None
) -> Response:
    """The photo in this request, taken; `check` is handed the fields beside it before anything is done with it, and
    `known` is the secret where a page has it already. What came to be no photo goes again."""
    parts = deps()
    kelurahan = finding.office_of_ticket(parts, ticket)
    with received_file(request, UploadLimits(file=parts.settings.upload_limit), parts.spool) as upload:
        check(upload.fields)
        secret = known or upload.fields.get("secret")
        who = _by({"secret": secret})
        with limits.counting_wrong(parts, ticket), parts.db.transaction(kelurahan) as tx:
            found = finding.of_filer(parts, tx, ticket, secret, who, lock=False)
            photos.check(tx, found, upload.sha256)
        stored = photos.put(parts, kelurahan, found.id, upload)

    def work(tx: Tx) -> Answer:
        locked = finding.of_filer(parts, tx, ticket, secret, who, lock=True)
        _about(locked)
        return answer(PhotoOut, reading.photo(parts, tx, locked, photos.record(parts, tx, locked, stored)), 201)

    return once(parts.db, parts.data_keys, who or STRANGER, kelurahan, {"sha256": stored["sha256"]}, work)


Act = Callable[[Deps, Tx, Complaint], None]


def changed(ticket: str, body: dict[str, Any], act: Act, *, erases: bool = False) -> Response:
    """Does something to a complaint for whoever filed it, once per Idempotency-Key; `erases` says that this is its
    erasure. Raises what `act` raises, TicketUnknown, SecretRefused, TooManyRequests."""
    parts, who = deps(), _by(body)
    kelurahan = finding.office_of_ticket(parts, ticket)

    def work(tx: Tx) -> Answer:
        found = finding.of_filer(parts, tx, ticket, body.get("secret"), who, lock=True, erases=erases)
        _about(found)
        check_if_match(found.state.version)
        act(parts, tx, found)
        return answer(ComplaintBrief, reading.line_for_filer(parts, tx, found), version=found.state.version)

    with limits.counting_wrong(parts, ticket):
        return once(parts.db, parts.data_keys, who or STRANGER, kelurahan, body, work)


def _by(body: dict[str, Any]) -> Caller | None:
    """The login, where no secret is given: whoever has that says no more of himself."""
    if body.get("secret"):
        g.caller = None
    return _caller()


def _caller() -> Caller | None:
    found: Caller | None = g.get("caller")
    return found


def _about(complaint: Complaint) -> None:
    """Whose it is stands in the audit by the complaint alone."""
    who = _caller()
    reader = None if who else "filer"
    audit.concerns(f"complaint:{complaint.id}", tenant=complaint.kelurahan, reader=reader, role=reader,
                   object_id=complaint.id)  # fmt: skip


def _address(complaint: Complaint) -> str:
    return f"/v1/complaints/tickets/{complaint.ticket}"

"""`/v1/complaints` for those who handle them: the office, and the camat and the city once one has come up to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from flask import Response

from contracts.bulk import PeriodQuery
from intake.api.base import on_record, recording
from intake.deps import Deps
from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.handling import STAFF as HANDLERS
from intake.domain.complaints.history import By
from intake.domain.errors import NotYours
from intake.schemas.complaints import (
    Answering,
    Asking,
    Assignment,
    Check,
    Closing,
    ComplaintBrief,
    ComplaintOut,
    ComplaintPage,
    ComplaintQuery,
    Reclass,
    TallyOut,
    TallyQuery,
)
from intake.usecases.complaining import exporting, finding, handling, photos, reading
from kit import audit
from kit.access import recorded
from kit.answers import Answer, answer, check_if_match, deps, etag, once
from kit.auth import allow, caller
from kit.db import Row, Tx
from kit.downloads import attachment
from kit.exports import CSV, NDJSON, send_rows
from kit.openapi import refusals
from kit.web import Resource

Seen = TypeVar("Seen")
_BYTES = {"type": "string", "format": "binary"}

blp = Resource(
    "complaints-desk", __name__, url_prefix="/v1/complaints", description="Complaints at the desk of who handles them"
)


@blp.get("")
@allow("applicant", *HANDLERS)
@blp.arguments(ComplaintQuery, location="query")
@blp.response(200, ComplaintPage)
@refusals(blp, 401, 403, 422)
@audit.shows_nobody("no names, and nothing that was written")
def list_complaints(query: dict[str, Any]) -> dict[str, Any]:
    """List complaints

    Those who handle them see what is theirs to handle, by when it is due: without `status` what lies with the office.
    The camat and the city see what has come up to them. Everybody else sees what the own login filed, newest first."""
    who = caller()
    return reading.desk(deps(), who, query) if who.has(*HANDLERS) else reading.own(deps(), who, query)


@blp.get("/tally")
@allow(*HANDLERS, "administrator", "complaints.read")
@blp.arguments(TallyQuery, location="query")
@blp.response(200, TallyOut)
@refusals(blp, 401, 403, 404, 422)
@audit.shows_nobody("numbers")
def show_tally(query: dict[str, Any]) -> dict[str, Any]:
    """What people complain about

    By service and step, of the last year: beside a SOP it shows what does not go well there."""
    try:
        return reading.tally(deps(), caller(), query["kelurahan"] or caller().tenant, query["service"])
    except NotYours as error:
        raise on_record(error) from error


@blp.get("/export")
@allow("camat", "city", "complaints.read")
@blp.arguments(PeriodQuery, location="query")
@blp.response(200, {"type": "string"}, content_type=NDJSON)
@blp.alt_response(200, schema={"type": "string"}, content_type=CSV)
@refusals(blp, 401, 403, 404, 406, 422)
@audit.shows_nobody("no names, and nothing that was written")
def export(query: dict[str, Any]) -> Response:
    """Complaints of a period, in LAPOR's classes

    Those that were filed in it, as lines of JSON (`application/x-ndjson`) or CSV (`text/csv`), by `Accept`, gzipped on
    request: of the caller's office, or of all below the kecamatan or city, office after office. An answer that broke
    off goes on with the `cursor` of the last row. `lapor_class` is pengaduan, aspirasi or permintaan informasi."""
    with recorded(",".join(query["kelurahan"])):
        batches = exporting.rows(deps(), caller(), query)
    return send_rows(exporting.COLUMNS, batches, f"pengaduan-{query['first']}-{query['last']}")


@blp.get("/<uuid:complaint_id>")
@allow(*HANDLERS)
@blp.response(200, ComplaintOut)
@refusals(blp, 401, 403, 404)
@audit.shows("complaint")
def show_complaint(complaint_id: UUID) -> Any:
    """Show a complaint

    With what this caller may do now (`actions`). Who filed it is shown only where that is open."""
    found = seen(complaint_id, reading.for_handler)
    return found, 200, {"ETag": etag(found["version"])}


def seen(complaint_id: UUID, read: Callable[[Deps, Tx, Complaint], Seen]) -> Seen:
    """What the caller, who handles it, may read of it. Raises NotFound."""
    parts, who = deps(), caller()
    with recording(), parts.db.transaction(finding.office_of(parts, who, complaint_id)) as tx:
        found, _by = finding.of_handler(parts, tx, who, complaint_id, lock=False)
        _about(found)
        return read(parts, tx, found)


@blp.get("/<uuid:complaint_id>/photos/<uuid:file_id>")
@allow(*HANDLERS)
@blp.response(200, _BYTES, content_type="image/*")
@refusals(blp, 401, 403, 404)
@audit.shows("complaint")
def read_photo(complaint_id: UUID, file_id: UUID) -> Response:
    """Read a photo

    The viewing copy, upright and without where it was taken."""
    return sent(seen(complaint_id, lambda _parts, tx, found: photos.readable(tx, found, file_id)))


def sent(row: Row) -> Response:
    """A photo's viewing copy on its way."""
    parts = deps()
    response = Response(
        parts.objects.get(parts.settings.s3_bucket, row["key"]), mimetype=row["type"], direct_passthrough=True
    )
    response.headers["Content-Length"] = str(row["size"])
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(attachment(f"photo{'.pdf' if row['type'] == 'application/pdf' else '.jpg'}"))
    return response


@blp.post("/<uuid:complaint_id>/check")
@allow(*HANDLERS)
@blp.arguments(Check)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def check(body: dict[str, Any], complaint_id: UUID) -> Response:
    """Check a complaint

    Within three working days: what it is, and so by when it is answered. Whoever finds that it is about somebody else
    passes it on by that (`about`)."""
    return changed(complaint_id, body, lambda parts, tx, found, by: handling.check(parts, tx, found, by, body))


@blp.post("/<uuid:complaint_id>/class")
@allow(*HANDLERS)
@blp.arguments(Reclass)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def reclass(body: dict[str, Any], complaint_id: UUID) -> Response:
    """Put a complaint into another class

    Its time counts from the check, in the new class."""
    return changed(complaint_id, body, lambda parts, tx, found, by: handling.reclass(parts, tx, found, by, body))


@blp.post("/<uuid:complaint_id>/assignment")
@allow(*HANDLERS)
@blp.arguments(Assignment)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def assign(body: dict[str, Any], complaint_id: UUID) -> Response:
    """Give a complaint to somebody

    Of the office's staff, who may handle it."""
    account = body["account_id"]
    return changed(complaint_id, body, lambda parts, tx, found, by: handling.assign(parts, tx, found, by, account))


@blp.post("/<uuid:complaint_id>/questions")
@allow(*HANDLERS)
@blp.arguments(Asking)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def ask(body: dict[str, Any], complaint_id: UUID) -> Response:
    """Ask for more

    Its time rests meanwhile; when nothing comes for ten working days it closes."""
    return changed(complaint_id, body, lambda parts, tx, found, by: handling.ask(parts, tx, found, by, body["text"]))


@blp.post("/<uuid:complaint_id>/answer")
@allow(*HANDLERS)
@blp.arguments(Answering)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def give_answer(body: dict[str, Any], complaint_id: UUID) -> Response:
    """Answer a complaint

    Whoever filed it is content, or reopens it within ten working days; then it closes by itself."""
    text = body["text"]
    return changed(complaint_id, body, lambda parts, tx, found, by: handling.answer(parts, tx, found, by, text))


@blp.post("/<uuid:complaint_id>/closing")
@allow(*HANDLERS)
@blp.arguments(Closing)
@blp.response(200, ComplaintBrief)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def close(body: dict[str, Any], complaint_id: UUID) -> Response:
    """Close a complaint without an answer

    With the reason, which can be objected to as an answer can."""
    why = (body["result"], body["text"])
    return changed(complaint_id, body, lambda parts, tx, found, by: handling.close(parts, tx, found, by, *why))


Act = Callable[[Deps, Tx, Complaint, By], None]


def changed(complaint_id: UUID, body: dict[str, Any], act: Act) -> Response:
    """Does something to a complaint that the caller handles, once per Idempotency-Key. Raises NotFound, and what `act`
    raises."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        found, by = finding.of_handler(parts, tx, who, complaint_id, lock=True)
        _about(found)
        check_if_match(found.state.version)
        act(parts, tx, found, by)
        return answer(ComplaintBrief, reading.line_for_handler(parts, tx, found), version=found.state.version)

    with recording():
        return once(parts.db, parts.data_keys, who, finding.office_of(parts, who, complaint_id), body, work)


def _about(complaint: Complaint) -> None:
    audit.concerns(f"complaint:{complaint.id}", tenant=complaint.kelurahan)

"""The steps of a case, one address each. All answer with the case as it is then."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import in_case
from intake.api.examples import APPLICATION, SUBMITTED
from intake.schemas.applications import IntroductionRequest, OriginalsSeen, ReasonGiven, Return, Withdrawal
from intake.schemas.base import Nothing
from intake.schemas.cases import ApplicationOut
from intake.usecases import procedure
from kit.auth import allow
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("procedure", __name__, url_prefix="/v1/applications", description="The steps of a case")


@blp.post("/<uuid:application_id>/introduction")
@allow("applicant", "officer")
@blp.arguments(IntroductionRequest, example={"purpose": "Pengurusan Kartu Keluarga karena hilang"})
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def request_introduction(body: dict[str, Any], application_id: UUID) -> Response:
    """Ask the RT head for the introduction

    He is told on his phone and answers there. Look at the case again: `introduction.status` tells his answer."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: procedure.request_introduction(parts, tx, app, actor, body["purpose"]),
        Retry_After="5",
    )


@blp.post("/<uuid:application_id>/introduction/waiver")
@allow("officer")
@blp.arguments(ReasonGiven, example={"reason": "Ketua RT sedang sakit, pemohon dikenal petugas"})
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def waive_introduction(body: dict[str, Any], application_id: UUID) -> Response:
    """Do without the introduction

    It is this office's rule, not national law: an officer may waive it and says why."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: procedure.waive_introduction(parts, tx, app, actor, body["reason"]),
    )


@blp.post("/<uuid:application_id>/requirements/<code>/waiver")
@allow("officer")
@blp.arguments(ReasonGiven, example={"reason": "Surat sudah dilihat di loket, pemohon dikenal petugas"})
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def waive_requirement(body: dict[str, Any], application_id: UUID, code: str) -> Response:
    """Do without a requirement

    An officer may, and says why; it is in the timeline."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: procedure.waive_requirement(parts, tx, app, actor, code, body["reason"]),
    )


@blp.post("/<uuid:application_id>/submission")
@allow("applicant", "officer")
@blp.arguments(Nothing, example={})
@blp.response(200, ApplicationOut, example=SUBMITTED)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def submit(body: dict[str, Any], application_id: UUID) -> Response:
    """Submit a case

    The clock begins, and `promised_at` says when the result is there. What is still missing is 422 `incomplete`
    with the list `missing`; a photo that is still being looked at is 409 `files-being-checked` for a moment."""
    return in_case(application_id, body, procedure.submit)


@blp.post("/<uuid:application_id>/resubmission")
@allow("applicant", "officer")
@blp.arguments(Nothing, example={})
@blp.response(200, ApplicationOut, example=SUBMITTED)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def resubmit(body: dict[str, Any], application_id: UUID) -> Response:
    """Submit a returned case again

    It keeps its agenda number; the days that it lay with the applicant do not count."""
    return in_case(application_id, body, procedure.resubmit)


@blp.post("/<uuid:application_id>/receipt")
@allow("officer")
@blp.arguments(Nothing, example={})
@blp.response(200, ApplicationOut, example=SUBMITTED | {"status": "received", "agenda_number": "0001/2026"})
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def receive(body: dict[str, Any], application_id: UUID) -> Response:
    """Receive a case

    All is there: it gets the office's next agenda number, and the RT head is asked about the documents."""
    return in_case(application_id, body, procedure.receive)


@blp.post("/<uuid:application_id>/return")
@allow("officer")
@blp.arguments(Return, example={"items": [{"requirement": "SURAT_KEHILANGAN", "problem": "Tulisan tidak terbaca"}]})
@blp.response(200, ApplicationOut, example=SUBMITTED | {"status": "returned", "promised_at": None})
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def give_back(body: dict[str, Any], application_id: UUID) -> Response:
    """Return a case to its applicant

    Saying what is wrong with which item. The clock rests until it is submitted again."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: procedure.give_back(parts, tx, app, actor, body["items"]),
    )


@blp.post("/<uuid:application_id>/originals")
@allow("officer")
@blp.arguments(OriginalsSeen, example={"requirements": ["SURAT_KEHILANGAN"]})
@blp.response(200, ApplicationOut, example=SUBMITTED | {"status": "received", "agenda_number": "0001/2026"})
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def show_originals(body: dict[str, Any], application_id: UUID) -> Response:
    """Record that originals were seen

    They count as genuine. A case that was returned for nothing else goes straight back to `received`."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: procedure.show_originals(parts, tx, app, actor, body["requirements"]),
    )


@blp.post("/<uuid:application_id>/rejection")
@allow("officer")
@blp.arguments(ReasonGiven, example={"reason": "Pemohon bukan penduduk kelurahan ini"})
@blp.response(200, ApplicationOut, example=SUBMITTED | {"status": "rejected"})
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def reject(body: dict[str, Any], application_id: UUID) -> Response:
    """Reject a case

    It ends, with the reason. The reason is told to the applicant and kept; name nobody in it."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: procedure.reject(parts, tx, app, actor, body["reason"]),
    )


@blp.post("/<uuid:application_id>/withdrawal")
@allow("applicant", "officer")
@blp.arguments(Withdrawal, example={"reason": "Kartu Keluarga sudah ditemukan"})
@blp.response(200, ApplicationOut, example=SUBMITTED | {"status": "withdrawn"})
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def withdraw(body: dict[str, Any], application_id: UUID) -> Response:
    """Withdraw a case

    Until its letters are issued. What was numbered already is made void, visibly."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: procedure.withdraw(parts, tx, app, actor, body.get("reason")),
    )


@blp.post("/<uuid:application_id>/attestation-override")
@allow("officer")
@blp.arguments(ReasonGiven, example={"reason": "Dokumen asli sudah dilihat di loket"})
@blp.response(200, ApplicationOut, example=SUBMITTED | {"status": "verified"})
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def override_attestation(body: dict[str, Any], application_id: UUID) -> Response:
    """Pass a case that the RT head doubted

    Only after his verdict, and with the reason."""
    return in_case(
        application_id,
        body,
        lambda parts, tx, app, actor: procedure.override_attestation(parts, tx, app, actor, body["reason"]),
    )

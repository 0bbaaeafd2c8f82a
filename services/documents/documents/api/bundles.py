"""`/v1/bundles`: everything of a case in one PDF, to be printed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from documents.api.common import HAVE_IT, deps, send_pdf
from documents.schemas.bundles import BundleOut, NewBundle
from documents.usecases import bundles as usecase
from documents.usecases import reading
from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource

bundles = Resource("bundles", __name__, url_prefix="/v1/bundles", description="A case as one PDF, to be printed.")

_EXAMPLE = {"application_id": "019ab6c0-11aa-7b22-8d33-2e4f5a6b7c8d"}


@bundles.post("")
@allow("officer", "lurah")
@bundles.arguments(NewBundle, example=_EXAMPLE)
@refusals(bundles, 400, 401, 403, 404, 409, 415, 422, 503)
@bundles.response(202, BundleOut)
def ask(body: dict[str, Any]) -> Response:
    """Ask for the bundle of a case

    Cover sheet with checklist, the scans upright on A4, and the letters. Poll its address; for a case that has not
    changed it is the one that there is."""
    reading.check_case_of_office(deps(), caller(), body["application_id"])

    def work(tx: Tx) -> Answer:
        bundle = usecase.ask(deps(), tx, body["application_id"])
        return answers.answer(BundleOut, bundle, 202, Location=f"/v1/bundles/{bundle.id}", Retry_After="1")

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@bundles.get("/<uuid:bundle_id>")
@allow("officer", "lurah")
@refusals(bundles, 401, 403, 404, 503)
@bundles.response(200, BundleOut)
def get_bundle(bundle_id: UUID) -> Any:
    """How a bundle stands"""
    with recorded(bundle_id), deps().db.transaction(caller().tenant) as tx:
        return usecase.found(tx, bundle_id)


@bundles.get("/<uuid:bundle_id>/content")
@allow("officer", "lurah")
@refusals(bundles, 401, 403, 404, 409, 503)
@bundles.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@bundles.alt_response(304, description=HAVE_IT)
@audit.shows("bundle")
def get_content(bundle_id: UUID) -> Response:
    """The PDF"""
    with recorded(bundle_id), deps().db.transaction(caller().tenant) as tx:
        bundle = usecase.found(tx, bundle_id)
    audit.concerns(bundle.application_id)
    return send_pdf(usecase.open_content(deps(), bundle), bundle.sha256 or "", f"berkas-{bundle.id}.pdf")

"""`/v1/templates`: the layouts, and what an office puts into them."""

from __future__ import annotations

from typing import Any

from flask import Response

from documents.api.common import deps
from documents.schemas.templates import TemplateData, TemplateDetail, TemplateDraftOut, TemplateList, VersionOut
from documents.usecases import templates as usecase
from kit import answers, audit
from kit.answers import Answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource

templates = Resource(
    "templates", __name__, url_prefix="/v1/templates", description="The layouts of letters and forms, and their texts."
)

WRITING = ("administrator", "lurah")
READING = ("officer", *WRITING)
_EXAMPLE = {"clauses": ["{name} adalah warga {village}."], "copies": ["Camat Kalidoni"]}
_LISTED = {
    "kind": "n1", "title": "Pengantar Nikah", "form": False, "version": "1f0c9a2b3d4e5f60", "office_version": None,
    "has_draft": False, "parts": ["copies"],
}  # fmt: skip


@templates.get("")
@allow(*READING)
@refusals(templates, 401, 403)
@templates.response(200, TemplateList, example={"items": [_LISTED]})
def list_templates() -> dict[str, Any]:
    """The layouts and their versions

    A version changes whenever the look of the layout may have changed."""
    return {"items": usecase.layouts(deps(), caller().tenant)}


@templates.get("/<kind>")
@allow(*READING)
@refusals(templates, 401, 403, 404)
@templates.response(200, TemplateDetail)
def get_template(kind: str) -> Any:
    """One layout, with the office's texts

    All published versions and the draft; `parts` and `placeholders` say what can be written. The ETag is the
    draft's."""
    found = usecase.layout(deps(), caller().tenant, kind)
    return found, 200, {"ETag": answers.etag(found["draft"]["revision"] if found["draft"] else usecase.NO_DRAFT)}


@templates.put("/<kind>/draft")
@allow(*WRITING)
@templates.arguments(TemplateData, example=_EXAMPLE)
@refusals(templates, 400, 401, 403, 404, 409, 412, 415, 422)
@templates.response(200, TemplateDraftOut)
def write_draft(body: dict[str, Any], kind: str) -> Response:
    """Write the draft, as a whole

    What is left out is the layout's own. 422 `template-not-usable` names each place that cannot be: an unknown or
    broken placeholder, a part that this letter has not, words for a model that is set nationally."""
    usecase.check_kind(kind)

    def work(tx: Tx) -> Answer:
        row = usecase.write_draft(deps(), tx, kind, body, caller().subject, answers.check_if_match)
        return answers.answer(TemplateDraftOut, row, version=row["revision"])

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@templates.delete("/<kind>/draft")
@allow(*WRITING)
@refusals(templates, 401, 403, 404, 409, 412)
@templates.response(204)
def discard_draft(kind: str) -> None:
    """Give the draft up"""
    usecase.check_kind(kind)
    with deps().db.transaction(caller().tenant) as tx:
        usecase.discard(tx, kind, answers.check_if_match)
        audit.changed(tx, status=204, object_id=kind)


@templates.post("/<kind>/preview")
@allow(*READING)
@refusals(templates, 401, 403, 404, 422, 503)
@templates.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
@audit.changes_nothing
@audit.shows_nobody("a letter for a made-up person")
def preview(kind: str) -> Response:
    """A letter for a made-up person, as PDF

    With the draft's texts, or those in force where there is no draft. Marked CONTOH and DRAF, without number or QR
    code."""
    usecase.check_kind(kind)
    pdf = usecase.preview(deps(), caller().tenant, kind)
    named = {"Content-Disposition": f'inline; filename="contoh-{kind.replace("_", "-")}.pdf"'}
    return Response(pdf, mimetype="application/pdf", headers=named)


@templates.post("/<kind>/publish")
@allow(*WRITING)
@refusals(templates, 401, 403, 404, 409, 412, 422, 503)
@templates.response(200, VersionOut)
def publish(kind: str) -> Response:
    """Publish the draft

    It is tried on a made-up person first. From then on it is in force: letters that wait for the lurah are drawn up
    again with it, those that have their number keep what they were decided with."""
    usecase.check_kind(kind)
    tried = usecase.try_draft(deps(), caller().tenant, kind)

    def work(tx: Tx) -> Answer:
        row = usecase.publish(deps(), tx, kind, tried, caller().subject, answers.check_if_match)
        return answers.answer(VersionOut, row)

    return once(deps().db, deps().data_keys, caller(), caller().tenant, {}, work)

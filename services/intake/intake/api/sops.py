"""`/v1/services/…`: SOPs as the office writes them. What the public reads of them is in `catalogue`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response

from intake.domain.errors import NoSuchService
from intake.domain.sops import Difference, compare, problems
from intake.schemas.base import SERVICE_CODE
from intake.schemas.sops import (
    ChangeList,
    Comparison,
    DraftChange,
    DraftList,
    DraftOut,
    DryRun,
    DryRunOut,
    NewDraft,
    Publication,
    PublishedOut,
    Retirement,
    VersionList,
)
from intake.store import sops as store
from intake.usecases import sops
from kit import audit
from kit.access import recorded
from kit.answers import Answer, answer, check_if_match, deps, etag, once
from kit.auth import allow, caller
from kit.db import Row, Tx
from kit.language import language
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("sops", __name__, url_prefix="/v1/services", description="SOPs: drafts, versions, their comparison")

SERVICE = re.compile(SERVICE_CODE)
_PUBLICATION = {"effective_from": "2026-09-01"}


def _view(row: Row) -> dict[str, Any]:
    wrong = [{"where": one.where, "said": one.words.in_language(language())} for one in problems(row["data"])]
    return row | {"sop": row["data"], "problems": wrong}


def _told(differences: Sequence[Difference]) -> dict[str, Any]:
    return {"items": [vars(one) | {"said": one.words.in_language(language())} for one in differences]}


@blp.get("/drafts")
@allow(*sops.READING)
@blp.response(200, DraftList)
@refusals(blp, 401, 403)
def list_drafts() -> dict[str, Any]:
    """Drafts of the office"""
    with deps().db.transaction(caller().tenant) as tx:
        return {"items": [_view(row) for row in store.drafts(tx, caller().tenant)]}


@blp.post("/<code>/drafts")
@allow(*sops.CHANGING)
@blp.arguments(NewDraft, example={})
@blp.response(201, DraftOut)
@refusals(blp, 400, 401, 403, 404, 409, 415, 422)
def begin_draft(body: dict[str, Any], code: str) -> Response:
    """Begin a draft

    From the newest version, or as given: that is how an office gets a service of its own. A service has one draft at a
    time."""
    code = _code(code)

    def work(tx: Tx) -> Answer:
        row = sops.begin(deps(), tx, caller(), code, body["sop"])
        return answer(DraftOut, _view(row), 201, version=row["version"], Location=f"/v1/services/drafts/{row['id']}")

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


def _code(code: str) -> str:
    if not SERVICE.match(code):
        raise NoSuchService
    return code


@blp.get("/drafts/<uuid:draft_id>")
@allow(*sops.READING)
@blp.response(200, DraftOut)
@refusals(blp, 401, 403, 404)
def get_draft(draft_id: UUID) -> Any:
    """Show a draft

    With what keeps it from being published."""
    with recorded(draft_id), deps().db.transaction(caller().tenant) as tx:
        row = sops.found(tx, draft_id)
    return _view(row), 200, {"ETag": etag(row["version"])}


@blp.put("/drafts/<uuid:draft_id>")
@allow(*sops.CHANGING)
@blp.arguments(DraftChange)
@blp.response(200, DraftOut)
@refusals(blp, 400, 401, 403, 404, 412, 415, 422)
def change_draft(body: dict[str, Any], draft_id: UUID) -> Response:
    """Write a draft anew"""
    with recorded(draft_id), deps().db.transaction(caller().tenant) as tx:
        row = sops.edit(deps(), tx, caller(), draft_id, body["sop"], check_if_match)
        made = answer(DraftOut, _view(row), version=row["version"])
        audit.changed(tx)
    return made.response()


@blp.delete("/drafts/<uuid:draft_id>")
@allow(*sops.CHANGING)
@blp.response(204)
@refusals(blp, 401, 403, 404, 412)
def discard_draft(draft_id: UUID) -> None:
    """Give a draft up"""
    with recorded(draft_id), deps().db.transaction(caller().tenant) as tx:
        sops.discard(deps(), tx, caller(), draft_id, check_if_match)
        audit.changed(tx, status=204)


@blp.get("/drafts/<uuid:draft_id>/comparison")
@allow(*sops.READING)
@blp.response(200, Comparison)
@refusals(blp, 401, 403, 404)
def compare_draft(draft_id: UUID) -> dict[str, Any]:
    """What a draft changes in the version that it is based on"""
    with recorded(draft_id), deps().db.transaction(caller().tenant) as tx:
        return _told(sops.changed_by(tx, sops.found(tx, draft_id)))


@blp.post("/drafts/<uuid:draft_id>/dry-run")
@allow(*sops.READING)
@blp.arguments(DryRun, example={"last": 50})
@blp.response(200, DryRunOut)
@refusals(blp, 400, 401, 403, 404, 415, 422)
@audit.changes_nothing
@audit.shows_nobody("codes of cases, and what each would have needed")
def try_draft(body: dict[str, Any], draft_id: UUID) -> dict[str, Any]:
    """Try a draft on past cases

    Which of the last cases would have needed something else. Nothing is changed."""
    with recorded(draft_id), deps().db.transaction(caller().tenant) as tx:
        return sops.dry_run(deps(), tx, sops.found(tx, draft_id), body["last"])


@blp.post("/drafts/<uuid:draft_id>/publication")
@allow(*sops.CHANGING)
@blp.arguments(Publication, example=_PUBLICATION)
@blp.response(201, PublishedOut)
@refusals(blp, 400, 401, 403, 404, 409, 412, 415, 422)
def publish_draft(body: dict[str, Any], draft_id: UUID) -> Response:
    """Publish a draft

    New cases begin with it from its day on; a case that runs keeps the version that it began with. 422
    `sop-not-publishable` names everything that is in the way."""

    def work(tx: Tx) -> Answer:
        data = sops.publish(deps(), tx, caller(), draft_id, body["effective_from"], check_if_match)
        return answer(PublishedOut, data, 201, Location=f"/v1/services/{data['service']}/versions/{data['version']}")

    with recorded(draft_id):
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@blp.get("/<code>/versions")
@allow(*sops.READING)
@blp.response(200, VersionList)
@refusals(blp, 401, 403, 404)
def list_versions(code: str) -> dict[str, Any]:
    """Published versions of a service"""
    with deps().db.transaction(caller().tenant) as tx:
        return {"items": sops.listed(deps(), tx, caller().tenant, _code(code))}


@blp.get("/<code>/versions/<int:number>")
@allow(*sops.READING)
@blp.response(200, PublishedOut)
@refusals(blp, 401, 403, 404)
def get_version(code: str, number: int) -> dict[str, Any]:
    """One published version"""
    with deps().db.transaction(caller().tenant) as tx:
        return sops.version(tx, caller().tenant, _code(code), number)


@blp.get("/<code>/versions/<int:number>/comparison/<int:other>")
@allow(*sops.READING)
@blp.response(200, Comparison)
@refusals(blp, 401, 403, 404)
def compare_versions(code: str, number: int, other: int) -> dict[str, Any]:
    """In what a later version differs from an earlier one"""
    code = _code(code)
    with deps().db.transaction(caller().tenant) as tx:
        before, after = (sops.version(tx, caller().tenant, code, one) for one in (number, other))
    return _told(compare(before, after))


@blp.post("/<code>/retirement")
@allow(*sops.CHANGING)
@blp.arguments(Retirement, example={"from_date": "2026-09-01"})
@blp.response(200, VersionList)
@refusals(blp, 400, 401, 403, 404, 409, 415, 422)
def retire(body: dict[str, Any], code: str) -> Response:
    """Offer a service no more

    Cases that run go on. Publishing a new version offers it again."""
    code = _code(code)

    def work(tx: Tx) -> Answer:
        return answer(VersionList, {"items": sops.retire(deps(), tx, caller(), code, body["from_date"])})

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@blp.get("/<code>/changes")
@allow(*sops.READING)
@blp.response(200, ChangeList)
@refusals(blp, 401, 403, 404)
def list_changes(code: str) -> dict[str, Any]:
    """Who changed what of a service, and when"""
    with deps().db.transaction(caller().tenant) as tx:
        return {"items": store.changes(tx, caller().tenant, _code(code))}

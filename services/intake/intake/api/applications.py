"""Cases: opened, found, corrected, taken over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response

from intake.api.base import in_case, on_record
from intake.api.examples import APPLICATION, NEW, TIMELINE
from intake.domain.case import Actor
from intake.domain.errors import ClaimRefused, NotYours
from intake.schemas.applications import ApplicationChange, ApplicationQuery, Claim, LookUp, NewApplication
from intake.schemas.cases import ApplicationOut, QueuePage, SuggestionsOut, TimelineOut
from intake.usecases import applications, claims, listing, reading, suggesting
from kit import audit
from kit.answers import Answer, answer, deps, etag, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.web import Resource

blp = Resource(
    "applications", __name__, url_prefix="/v1/applications", description="Cases from the first photo to the hand-over"
)


@blp.post("")
@allow("applicant", "officer")
@blp.arguments(NewApplication, example=NEW)
@blp.response(201, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 415, 422, 429)
def open_application(body: dict[str, Any]) -> Response:
    """Open a case

    For oneself, as a helper for somebody (with `helper`; that person agrees in a request of its own), or at the
    counter by an officer. A helper opens so many a day as the office allows: 429 `too-many-cases` with `Retry-After`.
    The person may have one open case per service: another is 409 `duplicate-application` with the `first` one's
    address, unless it is an `intended_duplicate`."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        app = applications.open_application(parts, tx, who, body)
        audit.concerns(app.id)
        actor = Actor.towards(who.subject, who.roles, app)
        shown = reading.view(parts, tx, app, actor, fresh=True)
        return answer(ApplicationOut, shown, 201, version=app.version, Location=f"/v1/applications/{app.id}")

    with applications.naming_the_first(parts, who.tenant):
        return once(parts.db, parts.data_keys, who, who.tenant, body, work)


@blp.get("")
@allow("applicant", "officer", "lurah")
@blp.arguments(ApplicationQuery, location="query")
@blp.response(200, QueuePage)
@refusals(blp, 401, 403, 422)
@audit.shows("application", purpose="list")
def list_applications(query: dict[str, Any]) -> dict[str, Any]:
    """List cases

    Officers and the lurah see the office's queue by promised date: without `status` what lies in the office, else
    all of that status. Everybody else sees their own cases, newest first."""
    cases = listing.listed(deps(), caller(), query)
    audit.concerns(*(one["id"] for one in cases["items"]))
    return cases


@blp.post("/search")
@allow("officer", "lurah")
@blp.arguments(LookUp, example={"phone": "0812-7100-0071"})
@blp.response(200, QueuePage)
@refusals(blp, 401, 403, 404, 415, 422)
@audit.changes_nothing
@audit.shows("application", purpose="search")
def look_up(body: dict[str, Any]) -> dict[str, Any]:
    """Find cases by what people name

    Tracking code, agenda number, the applicant's NIK or the contact's phone number: in the body, since none of them
    belongs into an address. The newest first, at most fifty."""
    cases = listing.found(deps(), caller(), body)
    audit.concerns(*(one["id"] for one in cases))
    return {"items": cases, "next_cursor": None}


@blp.get("/<uuid:application_id>")
@allow("applicant", "officer", "lurah")
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404)
@audit.shows("application")
def get_application(application_id: UUID) -> Any:
    """Show a case

    With what this caller may do now (`actions`), what is missing, whose turn it is, and by when it is promised."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            app, actor = reading.find(parts, tx, who, application_id)
            return reading.view(parts, tx, app, actor), 200, {"ETag": etag(app.version)}
    except NotYours as error:
        raise on_record(error) from error


@blp.patch("/<uuid:application_id>")
@allow("applicant", "officer")
@blp.arguments(ApplicationChange, example={"details": {"remarks": "Dibantu tetangga"}})
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 412, 415, 422)
def change_application(body: dict[str, Any], application_id: UUID) -> Response:
    """Correct a case

    An officer who types what a scan shows names it in `read_from`; who gave each value is kept (`provenance`).
    Its owner while it is a draft or returned, an officer until the letters are issued. Only what is sent changes;
    null removes a value."""
    with applications.naming_the_first(deps(), caller().tenant):
        return in_case(
            application_id,
            body,
            lambda parts, tx, app, actor: applications.change(parts, tx, app, actor, caller().subject, body),
        )


@blp.get("/<uuid:application_id>/suggestions")
@allow("applicant", "officer")
@blp.response(200, SuggestionsOut)
@refusals(blp, 401, 403, 404)
@audit.shows("application")
def list_suggestions(application_id: UUID) -> dict[str, Any]:
    """Values of the person's other cases

    While this one may be corrected by the caller. An officer sees all of the office; a person those of the own login;
    a helper nothing before the applicant agreed. Nothing is filled in: take a value over with PATCH."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            app, actor = reading.find(parts, tx, who, application_id)
            return {"items": suggesting.offered(parts, tx, app, actor, who.subject)}
    except NotYours as error:
        raise on_record(error) from error


@blp.get("/<uuid:application_id>/timeline")
@allow("applicant", "officer", "lurah")
@blp.response(200, TimelineOut, example=TIMELINE)
@refusals(blp, 401, 403, 404)
@audit.shows_nobody("roles, and accounts of the office's staff")
def get_timeline(application_id: UUID) -> dict[str, Any]:
    """What happened to a case

    Oldest first, in office time, with the role of whoever did it and, of the office's staff, who."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            app, actor = reading.find(parts, tx, who, application_id)
            return {"items": reading.lines(parts, tx, app, actor)}
    except NotYours as error:
        raise on_record(error) from error


@blp.post("/claims")
@allow("applicant")
@blp.arguments(Claim, example={"tracking_code": "PGT-7K3M9-XW2RB", "code": "40719253"})
@blp.response(200, ApplicationOut, example=APPLICATION)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def claim_application(body: dict[str, Any]) -> Response:
    """Take over a case that waits for the person whose it is

    A draft that an RT head's introduction opened, or a case in which the applicant wants no help any more.

    With the codes of the message that went to the applicant's phone. After five wrong codes the draft cannot be
    taken over any more."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        app = claims.claim(parts, tx, who, body["tracking_code"], body["code"])
        audit.concerns(app.id)
        actor = Actor.towards(who.subject, who.roles, app)
        return answer(ApplicationOut, reading.view(parts, tx, app, actor), 200, version=app.version)

    try:
        return once(parts.db, parts.data_keys, who, who.tenant, body, work)
    except ClaimRefused as refused:
        claims.count_wrong_claim(parts, who, refused)
        raise

"""`/v1/announcements`: what the office tells many at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, check_if_match, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.downloads import send_stored
from kit.openapi import refusals
from kit.paging import PageQuery
from kit.web import Resource
from notify import announcement_schemas as shapes
from notify.api import announcement_examples as examples
from notify.api.common import deps
from notify.domain.announcements import Announcement
from notify.schemas import Nothing
from notify.usecases import announcing
from notify.usecases.announcing import SENDERS, WRITERS

blp = Resource("announcements", __name__, url_prefix="/v1/announcements", description="What many are told at once.")

_CHANGES = (400, 401, 403, 404, 409, 412, 415, 422, 503)
_FILE = {"type": "string", "format": "binary"}


@blp.get("")
@allow(*WRITERS)
@blp.arguments(PageQuery, location="query")
@refusals(blp, 401, 403, 422, 503)
@blp.response(200, shapes.AnnouncementPage, example=examples.ANNOUNCEMENTS)
@audit.shows_nobody("announcements to everybody")
def list_announcements(query: dict[str, Any]) -> dict[str, Any]:
    """Announcements of the office, newest first"""
    with deps().db.transaction(caller().tenant) as tx:
        return announcing.listed(deps(), tx, query)


@blp.post("")
@allow(*WRITERS)
@blp.arguments(shapes.AnnouncementIn, example=examples.ANNOUNCEMENT_IN)
@refusals(blp, 400, 401, 403, 409, 415, 422, 503)
@blp.response(201, shapes.AnnouncementOut, example=examples.WRITTEN)
def write_announcement(body: dict[str, Any]) -> Response:
    """Write an announcement

    A draft: nothing goes out. Its picture and what it takes are there some seconds later."""

    def work(tx: Tx) -> Answer:
        made = announcing.make(deps(), tx, caller(), body)
        return _answer(tx, made, 201, Location=f"/v1/announcements/{made.id}", Retry_After="3")

    return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


@blp.get("/<uuid:announcement_id>")
@allow(*WRITERS)
@refusals(blp, 401, 403, 404, 503)
@blp.response(200, shapes.AnnouncementOut, example=examples.ANNOUNCEMENT)
@audit.shows_nobody("an announcement to everybody")
def get_announcement(announcement_id: UUID) -> Any:
    """One announcement, what it takes and how far it is"""
    with recorded(announcement_id), deps().db.transaction(caller().tenant) as tx:
        found = announcing.find(deps(), tx, announcement_id)
        return announcing.shown(deps(), tx, found), 200, {"ETag": answers.etag(found.version)}


@blp.put("/<uuid:announcement_id>")
@allow(*WRITERS)
@blp.arguments(shapes.AnnouncementIn, example=examples.ANNOUNCEMENT_IN)
@refusals(blp, *_CHANGES)
@blp.response(200, shapes.AnnouncementOut, example=examples.WRITTEN)
def rewrite_announcement(body: dict[str, Any], announcement_id: UUID) -> Response:
    """Write a draft anew

    Its picture is made again, and what it takes is worked out again."""
    return _changed(
        announcement_id, body, lambda tx: announcing.change(deps(), tx, announcement_id, body, check_if_match)
    )


@blp.get("/<uuid:announcement_id>/picture")
@allow(*WRITERS)
@refusals(blp, 401, 403, 404, 503)
@blp.response(200, _FILE, content_type="image/png")
@blp.alt_response(304, description="The same that the caller has already (`If-None-Match`).")
@audit.shows_nobody("an announcement to everybody")
def get_picture(announcement_id: UUID) -> Response:
    """Its picture

    1080 by 1350 pixels, in the office's letterhead; 404 until it was made."""
    with recorded(announcement_id):
        return picture_of(announcement_id)


def picture_of(announcement_id: UUID) -> Response:
    """The file, for whoever is signed in. Raises NotFound, StoreUnavailable."""
    stored, sha256 = announcing.picture(deps(), announcement_id, caller().tenant)
    name = {"Content-Disposition": 'inline; filename="pengumuman.png"', "Cache-Control": "private, no-cache"}
    return send_stored(stored, sha256, "image/png", name)


@blp.post("/<uuid:announcement_id>/send")
@allow(*SENDERS)
@blp.arguments(Nothing, example={})
@refusals(blp, *_CHANGES)
@blp.response(200, shapes.AnnouncementOut, example=examples.GOING_OUT)
def send_announcement(body: dict[str, Any], announcement_id: UUID) -> Response:
    """Send it

    To each person once, however often it is asked for; at night its messages wait until morning."""
    return _changed(
        announcement_id, body, lambda tx: announcing.send(deps(), tx, caller(), announcement_id, check_if_match)
    )


@blp.post("/<uuid:announcement_id>/stop")
@allow(*WRITERS)
@blp.arguments(Nothing, example={})
@refusals(blp, *_CHANGES)
@blp.response(200, shapes.AnnouncementOut, example=examples.STOPPED)
def stop_announcement(body: dict[str, Any], announcement_id: UUID) -> Response:
    """Stop it

    What waits is not sent any more. What is on its way at this moment may still arrive."""
    return _changed(announcement_id, body, lambda tx: announcing.stop(deps(), tx, announcement_id, check_if_match))


def _changed(announcement_id: UUID, body: dict[str, Any], act: Callable[[Tx], Announcement]) -> Response:
    with recorded(announcement_id):
        return once(
            deps().db, deps().data_keys, caller(), caller().tenant, body, lambda tx: _answer(tx, act(tx), 200)
        )  # fmt: skip


def _answer(tx: Tx, one: Announcement, status: int, **headers: str) -> Answer:
    made = announcing.shown(deps(), tx, one)
    return answers.answer(shapes.AnnouncementOut, made, status, version=one.version, **headers)

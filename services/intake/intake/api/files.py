"""Files of a case: one per request, judged by its bytes before it is stored, read by those who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Response, request

from intake.api.base import on_record
from intake.domain.accesses import Held, role_of
from intake.domain.case import Actor, Application
from intake.domain.errors import NotYours
from intake.pictures.view import mark_view
from intake.schemas.base import Nothing
from intake.schemas.files import ContentQuery, FileForm, FileList, FileOut, LinkOut
from intake.store import applications as cases
from intake.store import files as store
from intake.usecases import files, reading, uploads
from kit import audit
from kit.answers import Answer, answer, asked_once, deps, once
from kit.auth import allow, caller, public
from kit.db import EVERY_TENANT, Row, Tx
from kit.downloads import attachment
from kit.openapi import refusals
from kit.problems import NotFound
from kit.uploads import UploadLimits, received_file
from kit.web import Resource

_ROLE = {"grant": "rt_head"}
_BYTES = {"type": "string", "format": "binary"}

blp = Resource(
    "files", __name__, url_prefix="/v1/applications/<uuid:application_id>/files", description="Files of a case"
)


@blp.post("")
@allow("applicant", "officer")
@blp.doc(
    requestBody={
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": list(FileForm().fields),
                    "properties": {
                        "requirement": {"type": "string", "example": "KTP"},
                        "file": {"type": "string", "format": "binary"},
                    },
                }
            }
        },
    }
)
@blp.response(201, FileOut)
@refusals(blp, 401, 403, 404, 409, 413, 415, 422)
def add_file(application_id: UUID) -> Response:
    """Send a photo or scan

    One file per request: JPEG, PNG, WebP, HEIC or PDF, judged by its bytes. The same bytes again are the same file;
    other bytes for the same requirement replace it, and the old one is kept. What cannot be used is refused with the
    reason before anything is stored."""
    return taken(application_id)


def taken(
    application_id: UUID, check: Callable[[Mapping[str, str]], None] = lambda _fields: None, wanted: str | None = None
) -> Response:
    """The file in this request, taken: for the requirement `wanted`, else for the one that a field beside it names.
    `check` is handed the fields before anything is done with it. What cannot be a file of the case any more, once its
    bytes are stored, is left to be removed."""
    parts, who = deps(), caller()
    limits = UploadLimits(file=parts.settings.upload_limit)
    with received_file(request, limits, parts.spool) as upload:
        check(upload.fields)
        requirement = upload.fields.get("requirement", "") if wanted is None else wanted
        try:
            uploads.check(parts, who, application_id, requirement, repeated=asked_once() is not None)
        except NotYours as error:
            raise on_record(error) from error
        stored = uploads.store(parts, application_id, requirement, upload)

    def work(tx: Tx) -> Answer:
        made = uploads.record(parts, tx, who, application_id, requirement, stored)
        return answer(FileOut, made, 201, Location=f"{request.path}/{made['file_id']}")

    asked = {"requirement": requirement, "sha256": stored["sha256"]}
    try:
        return once(parts.db, parts.data_keys, who, who.tenant, asked, work)
    except uploads.REFUSED as error:
        uploads.leave(parts, who, stored)
        if isinstance(error, NotYours):
            raise on_record(error) from error
        raise


@blp.get("")
@allow("applicant", "officer", "lurah")
@blp.response(200, FileList)
@refusals(blp, 401, 403, 404)
def list_files(application_id: UUID) -> dict[str, Any]:
    """All files of a case

    Superseded and rejected ones too."""
    return {"items": [uploads.shown(row) for row in _of_case(application_id)]}


@blp.get("/<uuid:file_id>")
@allow("applicant", "officer", "lurah")
@blp.response(200, FileOut)
@refusals(blp, 401, 403, 404)
def get_file(application_id: UUID, file_id: UUID) -> dict[str, Any]:
    """One file

    Ask again while it is `checking`."""
    for row in _of_case(application_id):
        if row["id"] == file_id:
            return uploads.shown(row)
    raise on_record(NotYours(file_id))


def _of_case(application_id: UUID) -> list[Row]:
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            reading.find(parts, tx, who, application_id)
            return store.of_case(tx, application_id)
    except NotYours as error:
        raise on_record(error) from error


@blp.post("/<uuid:file_id>/links")
@allow("applicant", "officer", "lurah")
@blp.arguments(Nothing, example={})
@blp.response(201, LinkOut)
@refusals(blp, 401, 403, 404, 409, 415, 422)
def make_link(body: dict[str, Any], application_id: UUID, file_id: UUID) -> Response:
    """Make a short-lived link to a file

    For a browser or an app that cannot send a token. It is bound to whoever asks for it, and each use is on record."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        app, _actor = reading.find(parts, tx, who, application_id)
        files.readable(tx, app, file_id, "original")
        return answer(LinkOut, files.make_link(parts, tx, app, file_id, who.subject), 201)

    try:
        return once(parts.db, parts.data_keys, who, who.tenant, body, work)
    except NotYours as error:
        raise on_record(error) from error


@blp.delete("/<uuid:file_id>/links/<uuid:link_id>")
@allow("applicant", "officer", "lurah")
@blp.response(204)
@refusals(blp, 401, 403, 404)
def revoke_link(application_id: UUID, file_id: UUID, link_id: UUID) -> None:
    """Revoke a link

    From now on it opens nothing."""
    parts, who = deps(), caller()
    try:
        with parts.db.transaction(who.tenant) as tx:
            reading.find(parts, tx, who, application_id)
            if not store.revoke_link(tx, link_id, file_id):
                raise NotYours(link_id)
            audit.changed(tx, status=204)
    except NotYours as error:
        raise on_record(error) from error


@blp.get("/<uuid:file_id>/content")
@public
@blp.arguments(ContentQuery, location="query")
@blp.response(200, _BYTES, content_type="image/*")
@blp.doc(responses={200: {"content": {"image/*": {"schema": _BYTES}, "application/pdf": {"schema": _BYTES}}}})
@refusals(blp, 401, 404, 422)
@audit.shows("file")
def read_content(query: dict[str, Any], application_id: UUID, file_id: UUID) -> Response:
    """Read a file

    By the caller's role (the case's owner and the office), by a link made for a reader, or by the grant in the RT
    head's link while his question is open. Each reading is on record. The office and the RT head get the viewing copy
    with a watermark that names reader, case and day; the office without it, and the original, with `purpose=print`."""
    return sent(*opened(query, application_id, file_id))


def sent(row: Row, mark: str | None) -> Response:
    """The copy on its way, with `mark` across it."""
    response = _marked(row, mark) if mark else _as_it_is(row)
    response.headers.update(attachment(f"{row['requirement'].lower()}{_ending(row['type'])}"))
    return response


def _as_it_is(row: Row) -> Response:
    parts = deps()
    content = parts.objects.get(parts.settings.s3_bucket, row["key"])
    response = Response(content, mimetype=row["type"], direct_passthrough=True)
    response.headers["Content-Length"] = str(row["size"])
    return response


def _marked(row: Row, text: str) -> Response:
    """A copy of the reader's own, which is gone when it was sent; nobody keeps it for another (`no-store`)."""
    parts = deps()
    with parts.spool.open() as clean:
        parts.objects.download(parts.settings.s3_bucket, row["key"], clean)
        clean.seek(0)
        copy = mark_view(clean, row["type"], text, parts.spool)
    response = Response(iter(lambda: copy.stream.read(65536), b""), mimetype=copy.media_type)
    response.call_on_close(copy.close)
    response.headers["Content-Length"] = str(copy.size)
    response.headers["Cache-Control"] = "no-store"
    return response


def opened(query: dict[str, Any], application_id: UUID, file_id: UUID) -> tuple[Row, str | None]:
    """The copy to read and what is to be written across it, after the right to it was found and the reading was
    recorded."""
    parts = deps()
    stranger = query["grant"] or query["link"]
    tenant = EVERY_TENANT if stranger else caller().tenant
    try:
        with parts.db.transaction(tenant) as tx:
            app, reader, via = _right(tx, query, application_id, file_id)
            row = files.readable(tx, app, file_id, query["copy"])
            mark = files.watermark(parts, tx, app, reader, _role(app, reader, via), query)
            audit.concerns(
                app.id, tenant=app.kelurahan, reader=reader, role=_ROLE.get(via), purpose=query["purpose"], via=via,
                copy=query["copy"], watermark=mark is not None,
            )  # fmt: skip
            store.record_access(tx, app.kelurahan, file_id, reader, via, query["copy"], parts.clock.now())
            return row, mark
    except NotYours as error:
        if stranger:  # nobody is signed in whose attempt it would be
            raise
        raise on_record(error) from error


def _role(app: Application, reader: str, via: str) -> str | None:
    """As what he reads; None for the person whose case it is."""
    roles = ["rt_head"] if via == "grant" else sorted(caller().roles) if via == "role" else []
    return role_of(reader, roles, Held(app.kelurahan, app.owner, app.resident, app.helper))


def _right(tx: Tx, query: dict[str, Any], application_id: UUID, file_id: UUID) -> tuple[Application, str, str]:
    """The case, who reads, and by which right. The tenant of a link or grant is not known before it is read."""
    parts = deps()
    if not query["grant"] and not query["link"]:
        app, _actor = _his(tx, application_id)
        return app, caller().subject, "role"
    found = cases.get(tx, parts.data_keys, application_id)
    if found is None:
        raise NotFound
    if query["link"]:
        return found, files.reader_by_link(tx, query["link"], file_id), "link"
    if query["copy"] == "original":  # the original has the place where it was taken
        raise NotFound
    return found, files.reader_by_grant(parts, found, query["grant"], file_id), "grant"


def _his(tx: Tx, application_id: UUID) -> tuple[Application, Actor]:
    who = caller()
    if not who.has("applicant", "officer", "lurah"):
        raise NotYours(application_id)
    return reading.find(deps(), tx, who, application_id)


def _ending(media_type: str) -> str:
    return {"image/jpeg": ".jpg", "application/pdf": ".pdf"}.get(media_type, f".{media_type.split('/')[1]}")

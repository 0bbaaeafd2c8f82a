"""`/v1/templates/emblem`: the picture on the letterhead."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from documents.api.common import deps
from documents.api.templates import READING, WRITING, templates
from documents.emblems import LARGEST_FILE, read_emblem
from documents.schemas.templates import EmblemOut
from documents.usecases import emblems as usecase
from kit import audit
from kit.answers import Answer, answer, once
from kit.auth import allow, caller
from kit.db import Tx
from kit.openapi import refusals
from kit.uploads import UploadLimits, received_file

_FORM = {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}


@templates.put("/emblem")
@allow(*WRITING)
@templates.doc(requestBody={"required": True, "content": {"multipart/form-data": {"schema": _FORM}}})
@refusals(templates, 400, 401, 403, 409, 413, 415, 422, 503)
@templates.response(200, EmblemOut)
def put_emblem() -> Response:
    """Send the emblem

    A PNG or JPEG of at most 512 KB, no side longer than 2000 pixels; it is drawn anew, so that nothing but the picture
    is kept. Letters that wait for the lurah are drawn up again. Until then letters show a neutral drawing."""
    with received_file(request, UploadLimits(file=LARGEST_FILE), deps().spool) as upload:
        sent = upload.sha256
        picture = read_emblem(upload.stream)
    kept = usecase.keep(deps(), caller().tenant, picture)

    def work(tx: Tx) -> Answer:
        return answer(EmblemOut, usecase.put(deps(), tx, picture, kept, caller().subject))

    return once(deps().db, deps().data_keys, caller(), caller().tenant, {"file": sent}, work)


@templates.get("/emblem")
@allow(*READING)
@refusals(templates, 401, 403, 404)
@templates.response(200, EmblemOut)
def get_emblem() -> Any:
    """What is known of the emblem"""
    with deps().db.transaction(caller().tenant) as tx:
        return usecase.found(tx)


@templates.delete("/emblem")
@allow(*WRITING)
@refusals(templates, 401, 403, 404)
@templates.response(204)
def delete_emblem() -> None:
    """Take the emblem away

    Letters show the neutral drawing again; those that have their number keep what they were decided with."""
    with deps().db.transaction(caller().tenant) as tx:
        usecase.drop(tx)
        audit.changed(tx, status=204)

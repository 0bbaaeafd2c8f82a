"""`/v1/whatsapp`: what the channels' servers send us."""

from __future__ import annotations

import hmac
from typing import Any

from flask import Response, current_app, request

from kit import audit
from kit.auth import public
from kit.metrics import WEBHOOKS
from kit.openapi import refusals
from kit.problems import Forbidden, NotFound
from kit.rates import Rate
from kit.web import Resource
from notify.api import examples
from notify.api.common import deps
from notify.domain.errors import WrongSignature
from notify.schemas import Handshake, Kept
from notify.usecases import webhooks

blp = Resource("whatsapp", __name__, url_prefix="/v1/whatsapp", description="What WhatsApp's servers send us.")

CLOUD_API, WAHA = "whatsapp", "waha"
MOST = 3_000_000
"""Bytes of a request."""
FORGED = Rate("forged", 60, 60)
"""Wrong signatures of one address in a minute; right ones are not counted."""

_RAW = {"application/json": {"schema": {"type": "object"}, "example": examples.WEBHOOK}}
_RAW_OF_WAHA = {"application/json": {"schema": {"type": "object"}, "example": examples.WAHA_WEBHOOK}}


@blp.get("/webhook")
@public
@blp.arguments(Handshake, location="query")
@refusals(blp, 403, 404, 422, 503)
@blp.response(200, {"type": "string"}, content_type="text/plain", example="1158201444")
def handshake(query: dict[str, Any]) -> Response:
    """Answers WhatsApp's question whether this address is ours

    It is asked once, where the address is registered."""
    wanted, given = deps().settings.whatsapp_verify_token, query["token"]
    if not wanted:
        raise NotFound
    if query["mode"] != "subscribe" or not hmac.compare_digest(wanted.encode(), given.encode()):
        raise Forbidden
    return Response(query["challenge"], mimetype="text/plain")


@blp.post("/webhook")
@public(cost=0)
@blp.doc(requestBody={"required": True, "content": _RAW})
@refusals(blp, 400, 401, 404, 413, 503)
@blp.response(200, Kept, example={"found": 1})
@audit.changes_nothing
@audit.shows_nobody("a number")
def receive() -> dict[str, Any]:
    """Takes what WhatsApp sends: messages of people, and receipts of ours

    Signed with the app's secret over the bytes as they are (`X-Hub-Signature-256`); without that nothing is read and
    nothing kept. What comes is committed before the answer, and done after it; the request itself is the record."""
    signature = request.headers.get("X-Hub-Signature-256", "")
    return _received(CLOUD_API, deps().settings.whatsapp_app_secret, signature, "sha256")


@blp.post("/waha")
@public(cost=0)
@blp.doc(requestBody={"required": True, "content": _RAW_OF_WAHA})
@refusals(blp, 400, 401, 404, 413, 503)
@blp.response(200, Kept, example={"found": 1})
@audit.changes_nothing
@audit.shows_nobody("a number")
def receive_from_waha() -> dict[str, Any]:
    """Takes what WAHA sends: messages of people, receipts of ours, whether a phone is connected

    Signed with the session's key over the bytes as they are (`X-Webhook-Hmac`, SHA-512); else as above."""
    signature = f"sha512={request.headers.get('X-Webhook-Hmac', '')}"
    return _received(WAHA, deps().settings.waha_hmac_key, signature, "sha512")


def _received(channel: str, secret: str, signature: str, algorithm: str) -> dict[str, Any]:
    """Keeps the request, if it is signed. Raises NotFound where the channel is not used, WrongSignature."""
    if not secret:
        raise NotFound
    request.max_content_length = MOST
    body = request.get_data(cache=False)
    if not webhooks.signed(secret, body, signature, algorithm):
        WEBHOOKS.labels(channel, "refused").inc()
        current_app.extensions["gate"].strangers.check(request, FORGED)
        raise WrongSignature
    return {"found": webhooks.keep(deps(), channel, body)}

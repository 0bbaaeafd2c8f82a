"""What a business calls: messages, media, message templates. With a version in front, or without."""

from __future__ import annotations

import hashlib
import hmac
import random
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from deploy.whatsapp_simulator import accepting
from deploy.whatsapp_simulator.errors import GraphError, invalid, missing
from deploy.whatsapp_simulator.simulator import Simulator
from deploy.whatsapp_simulator.templates import Template
from deploy.whatsapp_simulator.world import Media

graph = Blueprint("graph", __name__)

URL_LIVES = 300
"""Seconds that the address of a file is good for."""

LARGEST = {
    "image/jpeg": 5_000_000,
    "image/png": 5_000_000,
    "image/webp": 500_000,
    "audio/aac": 16_000_000,
    "audio/amr": 16_000_000,
    "audio/mpeg": 16_000_000,
    "audio/mp4": 16_000_000,
    "audio/ogg": 16_000_000,
    "video/mp4": 16_000_000,
    "video/3gpp": 16_000_000,
    "text/plain": 100_000_000,
    "application/pdf": 100_000_000,
    "application/msword": 100_000_000,
    "application/vnd.ms-excel": 100_000_000,
    "application/vnd.ms-powerpoint": 100_000_000,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 100_000_000,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 100_000_000,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": 100_000_000,
}
"""Bytes of a file that a business hands in, by its type."""

View = Callable[..., Any]


def simulator() -> Simulator:
    """Of this process."""
    found: Simulator = current_app.extensions["simulator"]
    return found


def called(view: View) -> View:
    """Late, away or without a right token where that is so."""

    @wraps(view)
    def checked(*arguments: Any, **named: Any) -> Any:
        sim = simulator()
        if sim.switches.latency:
            time.sleep(random.uniform(0, sim.switches.latency))
        if sim.switches.outage:
            raise GraphError(2, "Temporary due to downtime or due to being overloaded.")
        if not _knows_token(sim.settings.token):
            raise GraphError(190, "Error validating access token.")
        return view(*arguments, **named)

    return checked


def _knows_token(token: str) -> bool:
    """In the header that Meta reads, or in one of a provider."""
    given = [value.removeprefix("Bearer ") for _, value in request.headers]
    return any(hmac.compare_digest(value.encode(), token.encode()) for value in given)


@graph.errorhandler(GraphError)
def refused(error: GraphError) -> tuple[Response, int]:
    return jsonify(error.envelope()), error.status


def _own(number_id: str) -> Simulator:
    sim = simulator()
    if number_id not in sim.settings.numbers:
        raise _unknown(number_id)
    return sim


def _unknown(what: str) -> GraphError:
    return GraphError(100, f"Object with ID '{what}' does not exist or cannot be loaded.", subcode=33)


@graph.post("/<number_id>/messages")
@graph.post("/<version>/<number_id>/messages")
@called
def send(number_id: str, version: str = "") -> Any:
    """A message to a user, or that one of his was read."""
    sim = _own(number_id)
    body: Any = request.get_json(force=True, silent=True)
    if isinstance(body, dict) and body.get("status") == "read":
        return _was_read(sim, str(body.get("message_id") or ""))
    user, message = accepting.take(sim, number_id, body)
    with sim.world.lock:
        unanswered = sim.switches.unanswered > 0
        sim.switches.unanswered -= unanswered
    if unanswered:
        time.sleep(sim.switches.hang)
    contact = {"input": body.get("to") or body.get("recipient"), "user_id": user.user_id}
    known = {} if user.hides and not body.get("to") else {"wa_id": user.phone}
    taken = {"id": message.id} | ({"message_status": "accepted"} if message.template else {})
    return jsonify({"messaging_product": "whatsapp", "contacts": [contact | known], "messages": [taken]})


def _was_read(sim: Simulator, message_id: str) -> Any:
    if not any(user.message(message_id) for user in sim.world.users):
        raise invalid("message_id", "no message with this id")
    return jsonify({"success": True})


@graph.post("/<number_id>/media")
@graph.post("/<version>/<number_id>/media")
@called
def upload(number_id: str, version: str = "") -> Any:
    """A file that messages can name by its id."""
    sim = _own(number_id)
    if request.form.get("messaging_product") != "whatsapp":
        raise GraphError(100, "The parameter messaging_product is required, and is whatsapp.")
    file = request.files.get("file")
    if file is None:
        raise missing("file")
    kind = request.form.get("type") or file.mimetype
    if kind not in LARGEST:
        raise GraphError(100, f"Param file must be a file with one of the following types: {', '.join(LARGEST)}")
    content = file.read()
    if not 0 < len(content) <= LARGEST[kind]:
        raise GraphError(131053, f"A file of this type has 1 to {LARGEST[kind]} bytes.")
    return jsonify({"id": sim.world.keep(content, kind, file.filename or "").id})


@graph.get("/<media_id>")
@graph.get("/<version>/<media_id>")
@called
def look_up(media_id: str, version: str = "") -> Any:
    """Where a file is for the next five minutes."""
    sim = simulator()
    media = _media(sim, media_id)
    found = {
        "messaging_product": "whatsapp",
        "url": media_url(sim, media),
        "mime_type": media.type,
        "sha256": media.sha256.hex(),
        "file_size": len(media.content),
        "id": media.id,
    }
    return jsonify(found)


@graph.delete("/<media_id>")
@graph.delete("/<version>/<media_id>")
@called
def forget(media_id: str, version: str = "") -> Any:
    """A file is not wanted any more."""
    if not simulator().world.forget_media(media_id):
        raise _unknown(media_id)
    return jsonify({"success": True})


@graph.get("/whatsapp_business/attachments/<media_id>")
@called
def download(media_id: str) -> Any:
    """The file itself, by an address that is not too old."""
    sim = simulator()
    media = _media(sim, media_id)
    expires = request.args.get("ext", "")
    if not hmac.compare_digest(_sealed(sim, media_id, expires), request.args.get("hash", "")):
        raise GraphError(100, "URL signature mismatch")
    if int(expires) < time.time():
        raise GraphError(131052, "The address of this file has expired.")
    content = media.content if not sim.switches.media_damaged else media.content[::-1]
    return Response(content, content_type=media.type)


def media_url(sim: Simulator, media: Media) -> str:
    """The address of a file, for a while."""
    expires = str(int(time.time()) + URL_LIVES)
    sealed = _sealed(sim, media.id, expires)
    return f"{sim.settings.own_url}/whatsapp_business/attachments/{media.id}?ext={expires}&hash={sealed}"


def _sealed(sim: Simulator, media_id: str, expires: str) -> str:
    return hmac.new(sim.settings.app_secret.encode(), f"{media_id} {expires}".encode(), hashlib.sha256).hexdigest()


def _media(sim: Simulator, media_id: str) -> Media:
    media = sim.world.media(media_id)
    if media is None or sim.switches.media_gone:
        raise _unknown(media_id)
    return media


@graph.post("/<account_id>/message_templates")
@graph.post("/<version>/<account_id>/message_templates")
@called
def hand_in(account_id: str, version: str = "") -> Any:
    """A template to be approved, which it is at once."""
    sim = simulator()
    if account_id != sim.settings.account_id:
        raise _unknown(account_id)
    template = sim.hand_in(request.get_json(force=True, silent=True) or {})
    return jsonify({"id": template.id, "status": "APPROVED", "category": template.category})


@graph.get("/<account_id>/message_templates")
@graph.get("/<version>/<account_id>/message_templates")
@called
def listed(account_id: str, version: str = "") -> Any:
    """All of them, on one page."""
    sim = simulator()
    if account_id != sim.settings.account_id:
        raise _unknown(account_id)
    return jsonify({"data": [_described(one) for one in sim.templates.values()], "paging": {}})


def _described(template: Template) -> dict[str, Any]:
    parts: list[dict[str, Any]] = [{"type": "BODY", "text": template.body}]
    if template.buttons:
        replies = [{"type": "QUICK_REPLY", "text": title} for title in template.buttons]
        parts.append({"type": "BUTTONS", "buttons": replies})
    return {
        "id": template.id, "name": template.name, "language": template.language, "category": template.category,
        "status": "APPROVED", "components": parts,
    }  # fmt: skip

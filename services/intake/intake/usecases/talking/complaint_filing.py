"""A complaint that was told by chat becomes one: by the use case that a page calls, with its photos."""

from __future__ import annotations

from typing import Any

from intake.domain.complaints.complaint import ANONYMOUS
from intake.domain.conversation.turns import Turn
from intake.usecases.complaining import filing, limits
from intake.usecases.talking import complaint_photos
from intake.usecases.talking.scene import Scene


def file(at: Scene, draft: dict[str, Any]) -> Turn | None:
    """Files it. Whoever says how he is reached is told of his ticket by notice; of an anonymous one here, once. Raises
    what `filing.file` raises, TooManyRequests: then nothing was done."""
    nameless = draft["confidentiality"] == ANONYMOUS
    who = None if nameless else at.caller()
    with at.tx.attempt():
        limits.count_by_chat(at.deps, at.tx, at.conversation.contact_id, None if nameless else at.talk.phone)
        made = filing.file(at.deps, at.tx, _body(at, draft), who, channel="whatsapp")
        complaint_photos.ask(at, made.complaint.id, draft.get("photos", ()))
    if not nameless:
        return None
    link = f"{at.deps.settings.public_url}/keluhan/{made.complaint.ticket}"
    values = {"ticket": made.complaint.ticket, "code": made.secret, "address": link}
    return Turn("talk_complaint_ticket", values, question=False)


def _body(at: Scene, draft: dict[str, Any]) -> dict[str, Any]:
    """As the API takes it. An anonymous one is about no case of his, by which he would be known."""
    body = {
        "kind": draft["kind"], "text": draft["text"], "about": draft.get("about", "office"),
        "confidentiality": draft["confidentiality"], "language": at.language,
    }  # fmt: skip
    if draft["confidentiality"] == ANONYMOUS:
        return body
    app = next((one for one in at.cases() if str(one.id) == draft.get("case")), None)
    return body | {
        "name": at.talk.name or None, "phone": at.talk.phone, "contact_id": str(at.conversation.contact_id),
        "tracking_code": app.tracking_code if app else None,
    }  # fmt: skip

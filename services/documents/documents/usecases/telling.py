"""What documents tells others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from contracts.telling import tell
from documents.deps import Deps
from documents.domain.handovers import Handover
from documents.domain.letters import Letter
from documents.store import letters
from kit.db import Tx
from kit.ids import new_id

PDF = "application/pdf"


def check_url(deps: Deps, letter: Letter) -> str | None:
    """The address in the QR code; none before the letter is issued."""
    if letter.token is None or letter.issued_at is None:
        return None
    return printed_url(deps, letter)


def printed_url(deps: Deps, letter: Letter) -> str:
    """The address as it is printed while the letter is on its way to be issued."""
    return f"{deps.settings.public_url}/periksa/{letter.token}"


def tell_drafted(deps: Deps, tx: Tx, drafts: list[Letter], printed: list[dict[str, Any]]) -> None:
    """`printed` is what the drafts of a case say: title and rows of each."""
    one = drafts[0]
    data = {
        "application_id": one.application_id,
        "kelurahan": one.kelurahan,
        "letters": [{"letter_id": letter.id, "kind": letter.kind} for letter in drafts],
        "drafted_at": deps.clock.now(),
        "correctable_until": "signing",
    }
    _tell(deps, tx, "letter.drafted", one, one.application_id, data, {"letters": printed})


def tell_issued(deps: Deps, tx: Tx, letter: Letter, person: dict[str, Any]) -> None:
    """`person` is whom the letter is about: name and contact."""
    file = {"bucket": letter.bucket, "key": letter.key, "sha256": letter.sha256, "size": letter.size, "type": PDF}
    named = ("application_id", "introduction_id", "kelurahan", "kind", "number", "dated", "issued_at")
    data = {name: getattr(letter, name) for name in named} | {
        "letter_id": letter.id,
        "issued_by": letter.decided_by,
        "check_url": printed_url(deps, letter),
        "file": file,
    }
    _tell(deps, tx, "letter.issued", letter, letter.id, data, person)


def tell_voided(deps: Deps, tx: Tx, letter: Letter) -> None:
    """Names the case only for a letter that the case lacks now: the RT head's introduction has done its work."""
    named = ("kelurahan", "kind", "number", "voided_at", "voided_by")
    data = {name: getattr(letter, name) for name in named} | {
        "letter_id": letter.id,
        "application_id": None if letter.introduces else letter.application_id,
        "reason": letter.void_reason,
    }
    _tell(deps, tx, "letter.voided", letter, letter.id, data)


def tell_done(deps: Deps, tx: Tx, current: list[Letter]) -> None:
    """All letters and forms of a case are there."""
    one = current[0]
    data = {
        "application_id": one.application_id,
        "kelurahan": one.kelurahan,
        "letters": [
            {"letter_id": letter.id, "kind": letter.kind, "number": letter.number}
            for letter in current
            if not letter.form
        ],
        "forms": [letter.kind for letter in current if letter.form],
        "done_at": deps.clock.now(),
    }
    _tell(deps, tx, "production.done", one, one.application_id, data)


def tell_sent_back(deps: Deps, tx: Tx, letter: Letter) -> None:
    data = {
        "application_id": letter.application_id,
        "kelurahan": letter.kelurahan,
        "letter_id": letter.id,
        "reason": letter.sent_back_reason,
        "sent_back_at": deps.clock.now(),
    }
    _tell(deps, tx, "production.sent_back", letter, letter.application_id, data)


def tell_handover(deps: Deps, tx: Tx, handover: Handover) -> None:
    """The state of a hand-over, under the name of its status; of one that is ready also which letters are."""
    named = ("application_id", "kelurahan", "status", "method", "at", "by", "reason")
    data = {name: getattr(handover, name) for name in named} | {
        "handover_id": handover.id,
        "letters": _ready_letters(tx, handover) if handover.status == "ready" else [],
    }
    person = {"contact": handover.person.get("contact") or {}}
    _tell(deps, tx, f"handover.{handover.status}", handover, handover.id, data, person)


def _ready_letters(tx: Tx, handover: Handover) -> list[UUID]:
    """What was told as issued: no forms, and not the RT head's introduction, which others were told of."""
    found = letters.of_case_or_introduction(tx, handover.application_id, None)
    return [one.id for one in found if one.status == "issued" and not one.form and not one.introduces]


def request_code(deps: Deps, tx: Tx, handover: Handover, code: str) -> None:
    """Asks notify to send the recipient his code, with who brings the papers, and what that costs whom."""
    contact = handover.person.get("contact") or {}
    if not contact.get("phone"):
        return
    message_id = new_id()
    template = "rt_head_brings" if handover.method == "rt_head" else f"courier_{handover.payer}_pays"
    data = {
        "message_id": message_id, "kelurahan": handover.kelurahan, "template": template,
        "message_class": "code", "application_id": handover.application_id,
    }  # fmt: skip
    values = {"courier": handover.person["courier"], "price": f"{handover.price:,}".replace(",", "."), "code": code}
    _tell(deps, tx, "message.requested", handover, message_id, data, {"to": contact, "values": values})


def _tell(
    deps: Deps, tx: Tx, event: str, of: Letter | Handover, subject: Any, data: dict[str, Any],
    person: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    tell(
        tx, deps.event_keys, event, subject=subject, tenant=of.kelurahan, time=deps.clock.now(), data=data,
        person=person,
    )  # fmt: skip

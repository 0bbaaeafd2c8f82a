"""When all that a case needs is there, and the hand-over that follows."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from uuid import UUID

from documents.deps import Deps
from documents.domain.cases import Application
from documents.domain.errors import NotWithCourier, WrongCode
from documents.domain.handovers import MOST_CODE_TRIES, Handover
from documents.domain.letters import is_complete
from documents.store import handovers, letters
from documents.usecases.telling import request_code, tell_done, tell_handover
from kit.db import Tx
from kit.ids import new_id


def finish_if_complete(deps: Deps, tx: Tx, application: Application) -> None:
    """With the last letter issued (or form drawn up) production is done and the papers are ready; `application` is
    locked, so that the last two letters of a case cannot both think that they are not the last."""
    current = [one for one in letters.of_case(tx, application.id) if one.status not in ("void", "cancelled")]
    if not is_complete(current) or handovers.open_of_case(tx, deps.data_keys, application.id) is not None:
        return
    for letter in current:
        if letter.form and letter.may("hand_out"):
            letter.do("hand_out")
            letter.preview_key = None
            letter.issued_at = deps.clock.now()
            letters.save(tx, letter)
    tell_done(deps, tx, current)
    _make_ready(deps, tx, application)


def _make_ready(deps: Deps, tx: Tx, application: Application) -> None:
    at = deps.clock.now()
    handover = Handover(
        id=new_id(),
        kelurahan=application.kelurahan,
        application_id=application.id,
        status="ready",
        method="pickup",
        ready_at=at,
        at=at,
        person_id=new_id(),
        person={"contact": application.contact},
    )
    handovers.add(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)


def dispatch(deps: Deps, tx: Tx, handover: Handover, courier: str, price: int, payer: str, by: str) -> None:
    """A courier takes the papers; who is to receive them gets a code. Raises HandoverClosed."""
    handover.do("dispatch", deps.clock.now())
    code = f"{secrets.randbelow(10**6):06d}"
    handover.method, handover.by, handover.price, handover.payer = "courier", by, price, payer
    handover.code_hash, handover.code_tries, handover.attempts = _code_hash(handover, code), 0, 0
    handover.person, handover.reason = handover.person | {"courier": courier}, None
    handovers.save(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)
    request_code(deps, tx, handover, code)


def record_attempt(deps: Deps, tx: Tx, handover: Handover, reason: str, by: str) -> None:
    """The courier met nobody; the papers are still with him. Raises NotWithCourier."""
    _with_courier(handover)
    handover.do("try", deps.clock.now())
    handover.attempts, handover.reason, handover.by = handover.attempts + 1, reason, by
    handovers.save(tx, deps.data_keys, handover)


def bring_back(deps: Deps, tx: Tx, handover: Handover, reason: str, by: str) -> None:
    """The papers are at the office again, and the code is worth nothing any more. Raises NotWithCourier."""
    _with_courier(handover)
    handover.do("bring_back", deps.clock.now())
    handover.method, handover.reason, handover.by, handover.code_hash = "pickup", reason, by, None
    handovers.save(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)


def complete_handover(
    deps: Deps,
    tx: Tx,
    handover: Handover,
    method: str,
    received_by: str,
    relation: str | None,
    code: str | None,
    by: str,
) -> None:
    """Somebody has received the papers; from a courier only with the recipient's code. Raises HandoverClosed,
    NotWithCourier, WrongCode."""
    closed = handover.status not in ("ready", "dispatched")
    if not closed and (method == "courier") != (handover.status == "dispatched"):
        raise NotWithCourier
    if handover.status == "dispatched":
        _check_code(handover, code)
    handover.do("complete", deps.clock.now())
    handover.method, handover.by, handover.code_hash = method, by, None
    handover.person = handover.person | {"received_by": received_by, "relation": relation}
    handovers.save(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)


def count_wrong_code(deps: Deps, kelurahan: str, handover_id: UUID) -> None:
    """In a transaction of its own, since the request that was refused leaves nothing else."""
    with deps.db.transaction(kelurahan) as tx:
        handovers.count_wrong_code(tx, handover_id)


def _with_courier(handover: Handover) -> None:
    if handover.status == "ready":
        raise NotWithCourier


def _check_code(handover: Handover, code: str | None) -> None:
    spent = handover.code_tries >= MOST_CODE_TRIES or handover.code_hash is None
    if spent or not hmac.compare_digest(handover.code_hash or b"", _code_hash(handover, code or "")):
        raise WrongCode


def _code_hash(handover: Handover, code: str) -> bytes:
    """Slow on purpose: six digits would be found at once from a plain hash."""
    return hashlib.scrypt(code.encode(), salt=handover.id.bytes, n=2**12, r=8, p=1, dklen=32)

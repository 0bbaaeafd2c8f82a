"""Handing the papers over: chosen, carried, received."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from contracts.calendar import OfficeCalendar
from contracts.consent import COURIER, withdrawn
from contracts.sop import LETTER_OF_AUTHORITY, RECEIPT
from documents.deps import Deps
from documents.domain.cases import Application
from documents.domain.errors import (
    AuthorityNeeded,
    CarrierUnknown,
    CourierWithdrawn,
    HandoverClosed,
    NotOffered,
    NotWithCourier,
    PhotoNotHere,
    PriceNotAsShown,
    WrongCode,
)
from documents.domain.handovers import CARRIED, MOST_CODE_TRIES, Handover, Option, options
from documents.domain.numbers import letter_date
from documents.store import copies, handovers
from documents.usecases.reading import STAFF
from documents.usecases.telling import request_code, tell_handover
from kit.auth import Caller
from kit.db import Tx


def offered(deps: Deps, tx: Tx, application: Application) -> list[Option]:
    """The ways in which the papers of this case can be received; no courier for who wants none."""
    office = copies.office(tx, application.kelurahan) or {}
    today = letter_date(deps.clock.now(), office.get("zone", "Asia/Jakarta"))
    head = copies.head_of(tx, deps.data_keys, application.kelurahan, application.rw, application.rt, today)
    visitors = True
    if office.get("calendar"):
        visitors = OfficeCalendar.from_data(office["zone"], office["calendar"]).receives_visitors(today)
    found = options(office, (head or {}).get("name"), receives_visitors=visitors)
    return [one for one in found if one.method != "courier" or not withdrawn(application.consents, COURIER)]


def next_step(tx: Tx, application: Application) -> Mapping[str, str]:
    """Where to go with the papers, in the SOP's words."""
    sop = copies.sop(tx, application) or {}
    return dict(sop.get("next_step") or {})


def view(handover: Handover, who: Caller) -> dict[str, Any]:
    """A hand-over; who carries and receives it is shown to the office only."""
    office = who.has(*STAFF)
    sealed = ("received_by", "relation", "courier", "authority")
    return vars(handover) | {name: handover.person.get(name) if office else None for name in sealed}


def detail(deps: Deps, tx: Tx, handover: Handover, case: Application, who: Caller) -> dict[str, Any]:
    """With what can be chosen, what was, and where to go next."""
    return view(handover, who) | {
        "options": offered(deps, tx, case) if handover.status == "ready" else [],
        "chosen": handover.person.get("chosen"),
        "next_step": next_step(tx, case),
    }


def choose(deps: Deps, tx: Tx, handover: Handover, application: Application, method: str) -> None:
    """The applicant has seen what each way costs, and chooses. Raises HandoverClosed, NotOffered."""
    if handover.status != "ready":
        raise HandoverClosed
    option = next((one for one in offered(deps, tx, application) if one.method == method), None)
    if option is None:
        raise NotOffered
    chosen = {name: getattr(option, name) for name in ("method", "carrier", "price", "payer")}
    if handover.person.get("chosen") != chosen:
        handover.person = handover.person | {"chosen": chosen}
        handovers.save(tx, deps.data_keys, handover)


def dispatch(
    deps: Deps, tx: Tx, handover: Handover, application: Application, given: Mapping[str, Any], by: str
) -> None:
    """Somebody carries the papers; who is to receive them gets a code. Raises HandoverClosed, CarrierUnknown,
    PriceNotAsShown, CourierWithdrawn."""
    option = _carrier(deps, tx, handover, application, given)
    handover.do("dispatch", deps.clock.now())
    code = f"{secrets.randbelow(10**6):06d}"
    handover.method, handover.by, handover.price, handover.payer = option.method, by, option.price, option.payer
    handover.code_hash, handover.code_tries, handover.attempts = _code_hash(handover, code), 0, 0
    known = {"courier": option.carrier, "papers_before": application.papers}
    handover.person, handover.reason = handover.person | known, None
    handovers.save(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)
    request_code(deps, tx, handover, code)


def _carrier(deps: Deps, tx: Tx, handover: Handover, application: Application, given: Mapping[str, Any]) -> Option:
    chosen = handover.person.get("chosen") or {}
    method = given["method"] or (chosen["method"] if chosen.get("method") in CARRIED else "courier")
    shown = next((one for one in offered(deps, tx, application) if one.method == method), None)
    if method == "courier" and withdrawn(application.consents, COURIER):
        raise CourierWithdrawn
    if method == "rt_head":
        if shown is None:
            raise CarrierUnknown
        return shown
    known = {**(_priced(shown) if shown else {}), **{name: given[name] for name in given if given[name] is not None}}
    if not known.get("courier") or known.get("price") is None or not known.get("payer"):
        raise CarrierUnknown
    agreed = chosen["price"] or 0 if chosen.get("payer") == "applicant" else 0
    if chosen and known["payer"] == "applicant" and known["price"] > agreed:
        raise PriceNotAsShown
    return Option("courier", known["courier"], known["price"], known["payer"])


def _priced(option: Option) -> dict[str, Any]:
    return {"courier": option.carrier, "price": option.price, "payer": option.payer}


def record_attempt(deps: Deps, tx: Tx, handover: Handover, reason: str, by: str) -> None:
    """Nobody was met; the papers are still with who carries them. Raises NotWithCourier."""
    _is_carried(handover)
    handover.do("try", deps.clock.now())
    handover.attempts, handover.reason, handover.by = handover.attempts + 1, reason, by
    handovers.save(tx, deps.data_keys, handover)


def bring_back(deps: Deps, tx: Tx, handover: Handover, reason: str, by: str) -> None:
    """The papers are at the office again, and the code is worth nothing any more. Raises NotWithCourier."""
    _is_carried(handover)
    handover.do("bring_back", deps.clock.now())
    handover.method, handover.reason, handover.by, handover.code_hash = "pickup", reason, by, None
    handovers.save(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)


def complete(
    deps: Deps, tx: Tx, handover: Handover, application: Application, given: Mapping[str, Any], by: str
) -> None:
    """Somebody has received the papers: carried ones with his code or a photo of the receipt, fetched ones himself or
    who has his letter of authority. Raises HandoverClosed, NotWithCourier, WrongCode, AuthorityNeeded, PhotoNotHere."""
    if handover.status in ("ready", "dispatched"):
        _check(handover, application, given)
    handover.do("complete", deps.clock.now())
    handover.method, handover.by, handover.code_hash = given["method"], by, None
    kept = {name: given[name] for name in ("received_by", "relation", "authority")}
    handover.person = handover.person | kept
    handovers.save(tx, deps.data_keys, handover)
    tell_handover(deps, tx, handover)


def _check(handover: Handover, application: Application, given: Mapping[str, Any]) -> None:
    carried = handover.status == "dispatched"
    if carried != (given["method"] in CARRIED) or (carried and given["method"] != handover.method):
        raise NotWithCourier
    if carried and not given["receipt"]:
        _check_code(handover, given["code"])
    elif carried:
        _check_photo(handover, application, RECEIPT)
    elif given["method"] == "pickup" and given["relation"]:
        if given["authority"] is None:
            raise AuthorityNeeded
        if given["authority"] == "photo":
            _check_photo(handover, application, LETTER_OF_AUTHORITY)


def _check_photo(handover: Handover, application: Application, requirement: str) -> None:
    """A photo that was there before the papers left says nothing of this hand-over."""
    before = handover.person.get("papers_before") or {}
    if application.papers.get(requirement) in (None, before.get(requirement)):
        raise PhotoNotHere(headers={"Retry-After": "1"})


@contextmanager
def counting_wrong_codes(deps: Deps, kelurahan: str, handover_id: UUID) -> Iterator[None]:
    """A wrong code is counted in a transaction of its own, since the request that was refused leaves nothing else."""
    try:
        yield
    except WrongCode:
        with deps.db.transaction(kelurahan) as tx:
            handovers.count_wrong_code(tx, handover_id)
        raise


def _is_carried(handover: Handover) -> None:
    if handover.status == "ready":
        raise NotWithCourier


def _check_code(handover: Handover, code: str | None) -> None:
    spent = handover.code_tries >= MOST_CODE_TRIES or handover.code_hash is None
    if spent or not hmac.compare_digest(handover.code_hash or b"", _code_hash(handover, code or "")):
        raise WrongCode


def _code_hash(handover: Handover, code: str) -> bytes:
    """Slow on purpose: six digits would be found at once from a plain hash."""
    return hashlib.scrypt(code.encode(), salt=handover.id.bytes, n=2**12, r=8, p=1, dklen=32)

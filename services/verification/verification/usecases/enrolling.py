"""Heads enrol by themselves: a code on paper, sent from the phone that is to be theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from contracts.enrolment import VALID, new_code, printed
from kit.db import Tx
from verification.deps import Deps
from verification.domain.dates import day_at
from verification.domain.heads import Officeholder
from verification.store import copies, enrolments, heads, messages
from verification.store import tasks as store
from verification.usecases import asking
from verification.usecases.telling import tell_holder, today
from verification.usecases.writing import Sender, answer


@dataclass(frozen=True)
class Sheet:
    """What is printed for one head."""

    holder: Officeholder
    code: str
    last_day: date


def print_codes(deps: Deps, tx: Tx, kelurahan: str, rw: str | None, rt: str | None) -> list[Sheet]:
    """A code for each head, substitute and RW head in office there who has not confirmed his number: the same as was
    printed before, while it counts, else a new one."""
    day, now = today(deps, tx, kelurahan), deps.clock.now()
    places = sorted({place.rw for place in heads.locked_neighbourhoods(tx, kelurahan, rw)})
    serving = [
        holder for holder in heads.holders_of(tx, deps.data_keys, kelurahan, places)
        if holder.serves(day) and holder.phone_confirmed_at is None and (rt is None or holder.rt == rt)
    ]  # fmt: skip
    serving.sort(key=lambda holder: (holder.rw, holder.rt or "", holder.role, str(holder.id)))
    there = enrolments.open_ones(tx, deps.data_keys, [holder.id for holder in serving], now)
    sheets = []
    for holder in serving:
        one = there.get(holder.id) or enrolments.add(tx, deps.data_keys, kelurahan, holder.id, new_code(), now + VALID)
        sheets.append(Sheet(holder, printed(one.code), day_at(one.expires_at, copies.zone(tx, kelurahan))))
    return sheets


def enrol(deps: Deps, tx: Tx, kelurahan: str, sender: Sender, code: str) -> Officeholder | None:
    """Somebody sent a code from his phone: from now on that number is the officeholder's. Links that went to another
    number end, and what is open with him is sent anew. The sender is answered in any case. None when the code does not
    count."""
    holder_id = enrolments.whose(tx, deps.data_keys, code, deps.clock.now())
    holder = heads.holder(tx, deps.data_keys, holder_id, lock=True) if holder_id else None
    serves = holder is not None and holder.serves(today(deps, tx, kelurahan))
    if holder is None or not serves or not enrolments.take(tx, deps.data_keys, code, deps.clock.now()):
        answer(deps, tx, kelurahan, sender, "enrolment_unknown", {})
        return None
    before, now = holder.phone, deps.clock.now()
    heads.confirm_phone(tx, deps.data_keys, holder, sender.person["phone"], now)
    holder = replace(holder, phone=sender.person["phone"], phone_confirmed_at=now, version=holder.version + 1)
    tell_holder(deps, tx, holder)
    place = {"rt": holder.rt or "", "rw": holder.rw, "head_name": holder.name}
    answer(deps, tx, kelurahan, sender, "enrolled", place)
    if before != holder.phone:
        _send_anew(deps, tx, holder)
    return holder


def _send_anew(deps: Deps, tx: Tx, holder: Officeholder) -> None:
    messages.end_links_of(tx, holder.id)
    for task in store.open_with(tx, holder.id):
        asking.send_link(deps, tx, task, holder)

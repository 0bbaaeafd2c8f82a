"""A request of a channel's server: kept as it came, before it is answered; what is in it is done by jobs."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

import structlog

from kit import jobs
from kit.db import EVERY_TENANT, Tx
from kit.metrics import WEBHOOKS
from notify.deps import Deps
from notify.domain import cloud_api, waha
from notify.domain.incoming import NO_OFFICE, Echo, Item, Session, Status
from notify.store import arrivals
from notify.store.arrivals import Found

TAKE, TAKE_STATUS = "take_arrivals", "take_status"

PARSERS: Mapping[str, Callable[[Any, datetime], list[Item]]] = {
    "whatsapp": cloud_api.parsed,
    "waha": waha.parsed,
}
"""By channel: all that is in a request, whatever it is. They raise nothing, and find the same each time."""

UNKNOWN_NUMBER, UNKNOWN_SENDER = "unknown_number", "unknown_sender"
"""Why something is set aside at once: it came to a number that none of the settings names, or from nobody."""

log = structlog.get_logger()


def signed(secret: str, body: bytes, signature: str, algorithm: str = "sha256") -> bool:
    """Whether `<algorithm>=<hex>` signs exactly these bytes. Takes as long whatever is wrong."""
    wanted = f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"
    return hmac.compare_digest(wanted.encode(), signature.strip().encode("utf-8", errors="replace"))


def read(channel: str, body: str, received_at: datetime) -> list[Item] | None:
    """What is in a request; None when it is no JSON."""
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return PARSERS[channel](payload, received_at)


def keep(deps: Deps, channel: str, body: bytes) -> int:
    """Keeps a request whose signature was right, with a job for each line of things in it; how many things. Committed
    when this returns. What is no JSON is kept all the same."""
    text = body.decode("utf-8", errors="backslashreplace")
    items = read(channel, text, deps.clock.now())
    found = [_found(deps, channel, item) for item in items or ()]
    offices = {one.kelurahan for one in found}
    with deps.db.transaction(EVERY_TENANT) as tx:
        arrivals.keep(tx, deps.data_keys, channel, offices.pop() if len(offices) == 1 else NO_OFFICE, text, found)
        asked = {one.line: (one, item) for one, item in zip(found, items or (), strict=True) if one.reason is None}
        for line, (one, item) in sorted(
            asked.items(), key=itemgetter(0)
        ):  # of two requests neither waits for a line that the other has
            ask(tx, one.kelurahan, line, TAKE_STATUS if isinstance(item, Status) else TAKE)
    _count(channel, items, found)
    return len(found)


def ask(tx: Tx, kelurahan: str, line: str, kind: str) -> None:
    """The job that does what is in a line; one for each."""
    jobs.add(tx, kind, kelurahan, {"line": line}, key=line)


def _found(deps: Deps, channel: str, item: Item) -> Found:
    offices = deps.settings.offices[channel].get(item.number_id, ())
    kelurahan = offices[0] if len(offices) == 1 else NO_OFFICE
    if isinstance(item, Status):
        return Found(kelurahan, _mark(deps, channel, item.provider_id))
    if isinstance(item, Session):
        return Found(kelurahan, _mark(deps, channel, item.number_id), None, None if offices else UNKNOWN_NUMBER)
    phone, user_id = (item.to_phone, item.to_user_id) if isinstance(item, Echo) else (item.phone, item.user_id)
    line = line_of(deps, channel, item.number_id, phone, user_id)
    mark = sender_mark(deps, phone, user_id)
    if not offices:
        return Found(kelurahan, line, mark, UNKNOWN_NUMBER)
    return Found(kelurahan, line, mark, None if phone or user_id else UNKNOWN_SENDER)


def sender_mark(deps: Deps, phone: str | None, user_id: str | None) -> bytes | None:
    """By what the request of somebody is found when he is erased: his number, else what the channel calls him."""
    if phone:
        return deps.own_key.blind_index(phone, "phone")
    return deps.own_key.blind_index(user_id, "user") if user_id else None


def line_of(deps: Deps, channel: str, number_id: str, phone: str | None, user_id: str | None) -> str:
    """What somebody sends to a number of ours is done one after the other."""
    return _mark(deps, channel, number_id, user_id or phone or "")


def _mark(deps: Deps, *parts: str) -> str:
    return deps.own_key.blind_index("\0".join(parts), "line").hex()


def _count(channel: str, items: list[Item] | None, found: list[Found]) -> None:
    if items is None:
        log.warning("a signed request that is no JSON was kept", channel=channel)
    for reason in sorted({one.reason for one in found if one.reason}):
        log.error("something that came in was set aside", channel=channel, reason=reason)
    WEBHOOKS.labels(channel, "malformed" if items is None else "kept").inc()

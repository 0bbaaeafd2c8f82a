"""When an office opens, those who work there are told what the day has: due today, to be signed, late. Figures and a
way to the page, nobody's name; nothing where there is nothing.

Whoever has given a number is told; who wants no such message takes the number away. An office that could not be told
within two hours of its opening is left alone until the next one: by then they have seen it themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from contracts.calendar import WorkingDay
from contracts.telling import tell
from intake.deps import Deps
from intake.domain.accounts import Account
from intake.domain.complaints.handling import listed_for
from intake.known import Office
from intake.store import accounts, complaints, openings
from intake.store import applications as store
from intake.usecases import listing
from intake.usecases.desk import MOST, OF_LURAH
from intake.usecases.offices import office
from kit.db import EVERY_TENANT, Tx
from kit.due import each_by_itself
from kit.ids import new_id

TOLD = ("lurah", "officer", "signer")
"""Roles that are told."""
WITHIN = timedelta(hours=2)


def tell_openings(deps: Deps) -> int:
    """Tells those of every office that has opened and was not told today; how many people."""
    now, total = deps.clock.now(), 0
    with deps.db.transaction(EVERY_TENANT) as tx:
        waiting = [
            found.code for row in openings.every(tx)
            if (found := office(deps, tx, row["kelurahan"], row["version"]))
            and _opened(found, now) and row["day"] != found.today(now)
        ]  # fmt: skip
    for kelurahan in waiting:
        mine = each_by_itself("those of an office were not told of their day", kelurahan=kelurahan)
        with mine, deps.db.transaction(kelurahan) as tx:
            total += _tell_office(deps, tx, office(deps, tx, kelurahan), now)
    return total


def _opened(found: Office, now: datetime) -> bool:
    day = found.calendar.day(found.today(now))
    return isinstance(day, WorkingDay) and day.opens <= now < min(day.opens + WITHIN, day.closes)


def _tell_office(deps: Deps, tx: Tx, found: Office, now: datetime) -> int:
    """All of an office in one transaction with the mark that they were told: once a day, whoever dies on the way."""
    if not openings.take(tx, found.code, found.today(now)):
        return 0
    figures, told = _figures(tx, found, now), 0
    for account in accounts.active_staff(tx, deps.data_keys, TOLD):
        his = figures | {"complaints": _said(_complaints(tx, found, account, now))}
        if account.person.get("phone") and any(his.values()):
            _tell(deps, tx, found, account, his, now)
            told += 1
    return told


def _figures(tx: Tx, found: Office, now: datetime) -> dict[str, str]:
    """How many, counted no further than to MOST; nothing for none."""
    lists: dict[str, dict[str, Any]] = {"due": {"due": found.today(now)}, "signature": OF_LURAH, "late": {"late": True}}
    counted = {
        name: store.count_queue(tx, listing.in_office_time(found, query), MOST, now) for name, query in lists.items()
    }
    return {name: _said(number) for name, number in counted.items()}


def _complaints(tx: Tx, found: Office, account: Account, now: datetime) -> int:
    """How many late ones are his to handle: of others he is not told that there are any."""
    return complaints.late(tx, found.code, now, MOST, listed_for(account.roles), str(account.id))


def _said(number: int) -> str:
    return "" if not number else str(number) if number <= MOST else f"{MOST}+"


def _tell(deps: Deps, tx: Tx, found: Office, account: Account, figures: dict[str, str], now: datetime) -> None:
    message_id = new_id()
    tell(
        tx, deps.event_keys, "message.requested", subject=message_id, tenant=found.code, time=now,
        data={
            "message_id": message_id, "kelurahan": found.code, "template": "staff_opening", "message_class": "notice",
            "expires_at": found.calendar.closing(found.today(now)),
        },
        person={
            "to": {"name": account.person["name"], "phone": account.person["phone"]},
            "values": figures | {
                "office_name": found.data["name"], "link": f"{deps.settings.public_url}/intake/hari-ini",
            },
        },
    )  # fmt: skip

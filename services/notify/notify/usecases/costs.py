"""What messages cost an office: counted as they go, against a budget, and shown."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from kit.db import EVERY_TENANT, Tx
from notify import metrics
from notify.deps import Deps
from notify.domain.copies import Office
from notify.domain.messages import Message
from notify.domain.policy import Category, month_of, passed
from notify.store import copies, costs

log = structlog.get_logger()


def count(deps: Deps, tx: Tx, message: Message) -> None:
    """One more went out, as what the message's category says. The first to pass a mark of the budget says so."""
    category: Category = message.category or "none"  # type: ignore[assignment]  # as `category_of` gave it
    sender, day = message.sender or "", today(deps, copies.office(tx, message.kelurahan))
    first, beyond = month_of(day)
    before = costs.service_messages(tx, message.channel, sender, first, beyond) if category == "service" else 0
    price = deps.settings.prices.price(category, before)
    costs.count(tx, message.kelurahan, day, message.channel, sender, category, price)
    metrics.SENT.labels(message.channel, category).inc()
    if price and deps.settings.whatsapp_budget:
        spent = costs.price(tx, message.kelurahan, first, beyond)
        mark = passed(spent - price, spent, deps.settings.whatsapp_budget)
        if mark is not None:
            log.warning("the budget for messages", kelurahan=message.kelurahan, percent=mark)


def went(deps: Deps, tx: Tx, message: Message) -> None:
    """It is known that the attempt that was underway went out, by its answer or by a receipt that was quicker: it is
    counted by whichever comes first. The message is locked, and saved by the caller."""
    if message.underway is not None:
        message.underway = None
        count(deps, tx, message)


def today(deps: Deps, office: Office | None) -> date:
    """The office's day."""
    return deps.clock.now().astimezone(ZoneInfo(office.zone if office else "Asia/Jakarta")).date()


def of_month(deps: Deps, tx: Tx, kelurahan: str, month: date | None) -> dict[str, Any]:
    """What an office's messages of a month cost, by day; of this month where none is named."""
    first, beyond = month_of(month or today(deps, copies.office(tx, kelurahan)))
    days = costs.by_day(tx, kelurahan, first, beyond)
    price, budget = sum(row["price"] for row in days), deps.settings.whatsapp_budget
    return {
        "month": first.strftime("%Y-%m"), "messages": sum(row["messages"] for row in days), "price": price,
        "budget": budget or None, "percent": price * 100 // budget if budget else None, "days": days,
    }  # fmt: skip


def measure(deps: Deps) -> None:
    """Sets the gauge of what is used up of each office's budget."""
    budget = deps.settings.whatsapp_budget
    if not budget:
        return
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = costs.of_offices(tx, *month_of(today(deps, None)))
    for row in found:
        metrics.BUDGET_USED.labels(row["kelurahan"]).set(row["price"] / budget)

"""`/notify/langganan`: other systems that are told what happens, how each stands, and what became of what it got."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Blueprint, Response, request

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, check_if_match, once
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.paging import PageQuery
from kit.problems import Words
from notify import subscription_schemas as shapes
from notify.api.common import deps
from notify.domain.subscriptions import Subscription
from notify.pages.common import by_clock
from notify.store import copies
from notify.usecases import showing_subscriptions as showing
from notify.usecases import subscriptions
from notify.usecases.subscriptions import ADMINISTRATORS

SUBSCRIPTIONS = "/notify/langganan"

subscription_pages = Blueprint("subscription-pages", __name__, url_prefix=SUBSCRIPTIONS)

_TIMES = ("failing_since", "next_attempt_at", "secret_until", "created_at")
_FILTERS = {"hasil": "outcome", "lanjut": "cursor"}
_TESTED = Words(
    "Acara percobaan dikirim; hasilnya segera tampak di catatan.", "A test goes out; the log will show what came of it."
)
_RESUMED = Words("Pengiriman dicoba lagi sekarang.", "It is tried again now.")
_PAUSED = Words("Pengiriman dihentikan sementara.", "Nothing is sent for now.")


@subscription_pages.get("")
@allow(*ADMINISTRATORS)
@audit.shows_nobody("other systems")
def show_subscriptions() -> Response:
    """All of the office, kecamatan or city."""
    query = forms.load(PageQuery(), {"cursor": request.args["lanjut"]} if request.args.get("lanjut") else {})
    with deps().db.transaction(caller().tenant) as tx:
        found = showing.listed(deps(), tx, caller(), query)
        shown, place = by_clock(tx, found["items"], *_TIMES), _place(tx)
    return page(
        "subscriptions.html", subscriptions=[_named(one) for one in shown], further=found["next_cursor"], **place
    )


@subscription_pages.get("/<uuid:subscription_id>")
@allow(*ADMINISTRATORS)
@audit.shows_nobody("another system")
def show_subscription(subscription_id: UUID, filled: Filled = NOTHING) -> Response:
    """One, with its log."""
    given = {name: request.args[word] for word, name in _FILTERS.items() if request.args.get(word)}
    query = forms.load(shapes.AttemptsQuery(), given)
    with recorded(subscription_id), deps().db.transaction(caller().tenant) as tx:
        found = subscriptions.find(deps(), tx, caller(), subscription_id)
        log = showing.log(deps(), tx, caller(), subscription_id, query)
        [shown] = by_clock(tx, [showing.shown(deps(), tx, found)], *_TIMES)
        attempts, place = by_clock(tx, log["items"], "at"), _place(tx)
    return page(
        "subscription.html", one=_named(shown), attempts=attempts, further=log["next_cursor"],
        outcome=query["outcome"] or "", filled=filled, **place,
    )  # fmt: skip


@subscription_pages.post("/<uuid:subscription_id>/uji")
@allow(*ADMINISTRATORS)
@forms.keeps(show_subscription)
def test(subscription_id: UUID) -> Any:
    """Sends a made-up event."""
    typed = forms.typed()

    def work(tx: Tx) -> Answer:
        event_id = subscriptions.test(deps(), tx, caller(), subscription_id)
        return answers.answer(shapes.Asked, {"event_id": event_id}, 202)

    with recorded(subscription_id):
        once(deps().db, deps().data_keys, caller(), caller().tenant, dict(typed), work)
    return forms.done(f"{SUBSCRIPTIONS}/{subscription_id}", _TESTED)


@subscription_pages.post("/<uuid:subscription_id>/jalankan")
@allow(*ADMINISTRATORS)
@forms.keeps(show_subscription)
def resume(subscription_id: UUID) -> Any:
    """Goes on sending, whatever had stopped it."""
    return _changed(
        subscription_id, _RESUMED,
        lambda tx: subscriptions.resume(deps(), tx, caller(), subscription_id, check_if_match),
    )  # fmt: skip


@subscription_pages.post("/<uuid:subscription_id>/hentikan")
@allow(*ADMINISTRATORS)
@forms.keeps(show_subscription)
def pause(subscription_id: UUID) -> Any:
    """Sends nothing for now."""
    return _changed(
        subscription_id, _PAUSED,
        lambda tx: subscriptions.pause(deps(), tx, caller(), subscription_id, check_if_match),
    )  # fmt: skip


def _changed(subscription_id: UUID, words: Words, act: Callable[[Tx], Subscription]) -> Response:
    typed = forms.typed()

    def work(tx: Tx) -> Answer:
        made = act(tx)
        return answers.answer(shapes.SubscriptionOut, showing.shown(deps(), tx, made), version=made.version)

    with recorded(subscription_id):
        once(deps().db, deps().data_keys, caller(), caller().tenant, dict(typed), work)
    return forms.done(f"{SUBSCRIPTIONS}/{subscription_id}", words)


def _named(one: dict[str, Any]) -> dict[str, Any]:
    """With what it is called by: its description, else its host."""
    return one | {"name": one["description"] or urlsplit(one["url"]).hostname}


def _place(tx: Tx) -> dict[str, Any]:
    """Whose they are: a kelurahan by its name, what is above it by its code."""
    office = copies.office(tx, caller().tenant)
    return {"kelurahan": office.name if office else None, "code": caller().tenant}

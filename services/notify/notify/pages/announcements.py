"""`/notify/pengumuman`: what the office tells many at once: written, looked at as a phone shows it, sent, and
followed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

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
from notify import announcement_schemas as shapes
from notify.api.announcements import picture_of
from notify.api.common import deps
from notify.domain.announcements import MOST_TEXT, MOST_TITLE, Announcement
from notify.domain.words import rupiah
from notify.pages.common import by_clock, office_name
from notify.store import copies
from notify.usecases import announcing
from notify.usecases.announcing import SENDERS, WRITERS
from notify.usecases.costs import today

ANNOUNCEMENTS = "/notify/pengumuman"

announcement_pages = Blueprint("announcement-pages", __name__, url_prefix=ANNOUNCEMENTS)

_TIMES = ("created_at", "sent_at", "stopped_at")
_WRITTEN = Words("Draf disimpan. Periksa dahulu sebelum dikirim.", "The draft is kept. Look at it before it is sent.")
_SENT = Words("Pengumuman mulai dikirim.", "The announcement goes out now.")
_STOPPED = Words("Pengumuman dihentikan.", "The announcement was stopped.")


@announcement_pages.get("")
@allow(*WRITERS)
@audit.shows_nobody("announcements to everybody")
def show_announcements() -> Response:
    """All of the office, the newest first."""
    query = forms.load(PageQuery(), {"cursor": request.args["lanjut"]} if request.args.get("lanjut") else {})
    with deps().db.transaction(caller().tenant) as tx:
        found = announcing.listed(deps(), tx, query)
        shown, name = by_clock(tx, found["items"], *_TIMES), office_name(tx)
    return page("announcements.html", announcements=shown, further=found["next_cursor"], name=name)


@announcement_pages.get("/baru")
@allow(*WRITERS)
@audit.shows_nobody("a form")
def show_form(filled: Filled = NOTHING) -> Response:
    """Where one is written."""
    with deps().db.transaction(caller().tenant) as tx:
        return _form(tx, None, filled)


@announcement_pages.post("/baru")
@allow(*WRITERS)
@forms.keeps(show_form)
def write() -> Any:
    """Keeps a draft."""
    body = _typed(forms.typed())
    made: list[UUID] = []

    def work(tx: Tx) -> Answer:
        one = announcing.make(deps(), tx, caller(), body)
        made.append(one.id)
        return _answer(tx, one, 201)

    response = once(deps().db, deps().data_keys, caller(), caller().tenant, _plain(body), work)
    return forms.done(f"{ANNOUNCEMENTS}/{made[0] if made else response.get_json()['id']}", _WRITTEN)


@announcement_pages.get("/<uuid:announcement_id>")
@allow(*WRITERS)
@audit.shows_nobody("an announcement to everybody")
def show_announcement(announcement_id: UUID, filled: Filled = NOTHING) -> Response:
    """One: as a phone shows it, what it takes, how far it is."""
    with recorded(announcement_id), deps().db.transaction(caller().tenant) as tx:
        found = announcing.find(deps(), tx, announcement_id)
        [shown] = by_clock(tx, [announcing.shown(deps(), tx, found)], *_TIMES)
        money, name = announcing.budget(deps(), tx), office_name(tx)
    return page(
        "announcement.html", one=shown, filled=filled, name=name, money=_money(shown, money),
        sends=caller().has(*SENDERS), ready=found.estimate is not None and not found.waits_for_picture,
    )  # fmt: skip


@announcement_pages.get("/<uuid:announcement_id>/gambar")
@allow(*WRITERS)
@audit.shows_nobody("an announcement to everybody")
def show_picture(announcement_id: UUID) -> Response:
    """Its picture."""
    with recorded(announcement_id):
        return picture_of(announcement_id)


@announcement_pages.get("/<uuid:announcement_id>/ubah")
@allow(*WRITERS)
@audit.shows_nobody("an announcement to everybody")
def show_change(announcement_id: UUID, filled: Filled = NOTHING) -> Response:
    """Where a draft is written anew."""
    with recorded(announcement_id), deps().db.transaction(caller().tenant) as tx:
        return _form(tx, announcing.find(deps(), tx, announcement_id), filled)


@announcement_pages.post("/<uuid:announcement_id>/ubah")
@allow(*WRITERS)
@forms.keeps(show_change)
def change(announcement_id: UUID) -> Any:
    """Keeps the draft as it is now."""
    body = _typed(forms.typed())
    return _changed(
        announcement_id, _plain(body), _WRITTEN,
        lambda tx: announcing.change(deps(), tx, announcement_id, body, check_if_match),
    )  # fmt: skip


@announcement_pages.post("/<uuid:announcement_id>/kirim")
@allow(*SENDERS)
@forms.keeps(show_announcement)
def send(announcement_id: UUID) -> Any:
    """It goes out."""
    return _changed(
        announcement_id, dict(forms.typed()), _SENT,
        lambda tx: announcing.send(deps(), tx, caller(), announcement_id, check_if_match),
    )  # fmt: skip


@announcement_pages.post("/<uuid:announcement_id>/hentikan")
@allow(*WRITERS)
@forms.keeps(show_announcement)
def stop(announcement_id: UUID) -> Any:
    """No more of it goes out."""
    return _changed(
        announcement_id, dict(forms.typed()), _STOPPED,
        lambda tx: announcing.stop(deps(), tx, announcement_id, check_if_match),
    )  # fmt: skip


def _changed(
    announcement_id: UUID, asked: Mapping[str, Any], words: Words, act: Callable[[Tx], Announcement]
) -> Response:
    with recorded(announcement_id):
        once(
            deps().db, deps().data_keys, caller(), caller().tenant, asked, lambda tx: _answer(tx, act(tx), 200)
        )  # fmt: skip
    return forms.done(f"{ANNOUNCEMENTS}/{announcement_id}", words)


def _answer(tx: Tx, one: Announcement, status: int) -> Answer:
    return answers.answer(shapes.AnnouncementOut, announcing.shown(deps(), tx, one), status, version=one.version)


def _form(tx: Tx, one: Announcement | None, filled: Filled) -> Response:
    places = copies.places(tx, caller().tenant, today(deps(), copies.office(tx, caller().tenant)))
    chosen = [_value(place) for place in (one.places if one and one.places else ())]
    return page(
        "announcement_form.html", one=one, filled=filled, name=office_name(tx), rts=_choices(places), chosen=chosen,
        most_title=MOST_TITLE, most_text=MOST_TEXT,
    )  # fmt: skip


def _choices(places: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each RW with all of its RTs, then those one by one."""
    found: list[tuple[str, str]] = []
    for rw, rt in places:
        if (rw, f"RW {rw}") not in found:
            found.append((rw, f"RW {rw}"))
        found.append((f"{rw}-{rt}", f"RT {rt} RW {rw}"))
    return found


def _value(place: Mapping[str, str | None]) -> str:
    return f"{place['rw']}-{place['rt']}" if place["rt"] else str(place["rw"])


def _typed(typed: MultiDict[str, str]) -> dict[str, Any]:
    """The form by the API's schema. No RT chosen is all of them."""
    places = [dict(zip(("rw", "rt"), chosen.split("-", 1), strict=False)) for chosen in typed.getlist("places")]
    written = {name: typed.get(name, "").replace("\r\n", "\n") for name in ("title", "text", "audience")}
    said: dict[str, Any] = {name: words for name, words in written.items() if words.strip()}
    day = forms.day(typed, "until")
    said |= {"places": places or None, "until": day, "with_picture": typed.get("with_picture") == "true"}
    body: dict[str, Any] = forms.load(shapes.AnnouncementIn(), said)
    return body


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    return dict(body) | {"until": body["until"].isoformat() if body["until"] else None}


def _money(one: Mapping[str, Any], money: Mapping[str, Any]) -> dict[str, Any]:
    """Written out, and whether it is more than what is left of the budget."""
    price = (one["estimate"] or {}).get("price", 0)
    left = money["budget"] - money["spent"] if money["budget"] else None
    return {
        "price": rupiah(price), "free": not price, "spent": rupiah(money["spent"]),
        "budget": rupiah(money["budget"]) if money["budget"] else None, "too_much": left is not None and price > left,
    }  # fmt: skip

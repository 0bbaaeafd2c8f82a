"""`/notify/kontak`: whom the office answers itself, who wants no messages on WhatsApp and has to be called, and who
wants to be told announcements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from kit import answers, audit
from kit.access import recorded
from kit.answers import Answer, once
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words
from notify.api.common import deps
from notify.pages.common import by_clock, office_name
from notify.schemas import ContactOut, ContactsQuery
from notify.usecases import agreeing, answering

CONTACTS = "/notify/kontak"

contact_pages = Blueprint("contact-pages", __name__, url_prefix=CONTACTS)

_FILTERS = {"keadaan": "state", "lanjut": "cursor"}
_ENDED = Words("Ia tidak dikirimi pengumuman lagi.", "No more announcements go to this person.")
_LEFT = Words("Percakapan dengannya dilanjutkan oleh sistem.", "The system goes on with the conversation.")


@contact_pages.get("")
@allow("officer", "administrator")
@audit.shows("contact", purpose="list")
def show_contacts(filled: Filled = NOTHING) -> Response:
    """Those whom the office answers itself, until another choice is made."""
    given = {name: request.args[word] for word, name in _FILTERS.items() if request.args.get(word)}
    query = forms.load(ContactsQuery(), given)
    with deps().db.transaction(caller().tenant) as tx:
        found = answering.listed(deps(), tx, query)
        shown, name = by_clock(tx, found["items"], "answered_until"), office_name(tx)
    audit.concerns(*(f"contact:{one['id']}" for one in shown))
    return page(
        "contacts.html", contacts=shown, further=found["next_cursor"], state=query["state"], name=name, filled=filled
    )


@contact_pages.post("/<uuid:contact_id>/lanjut")
@allow("officer", "administrator")
@forms.keeps(show_contacts)
def leave_to_us(contact_id: UUID) -> Any:
    """Nobody of the office answers him any more; the conversation goes on."""
    typed = forms.typed()

    def work(tx: Tx) -> Answer:
        contact = answering.resume(deps(), tx, contact_id, answers.check_if_match)
        return answers.answer(ContactOut, answering.shown(contact), version=contact.version)

    with recorded(contact_id):
        once(deps().db, deps().data_keys, caller(), caller().tenant, dict(typed), work)
    return forms.done(CONTACTS, _LEFT)


@contact_pages.post("/<uuid:contact_id>/tanpa-pengumuman")
@allow("officer", "administrator")
@forms.keeps(show_contacts)
def end_announcements(contact_id: UUID) -> Any:
    """He told the office that he wants no more announcements."""
    typed = forms.typed()

    def work(tx: Tx) -> Answer:
        contact = agreeing.end(deps(), tx, contact_id, answers.check_if_match)
        return answers.answer(ContactOut, answering.shown(contact), version=contact.version)

    with recorded(contact_id):
        once(deps().db, deps().data_keys, caller(), caller().tenant, dict(typed), work)
    return forms.done(f"{CONTACTS}?keadaan=announced", _ENDED)

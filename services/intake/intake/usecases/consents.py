"""A person agrees to messages, a courier, or what neighbours see, or wants it no more: told to all with the case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from contracts.consent import MESSAGES, withdrawn
from intake.deps import Deps
from intake.domain.applications import OWNER, RESIDENT
from intake.domain.case import Actor, Application
from intake.domain.consents import check_text, current, reached_only_by_phone, standing
from intake.store import applications
from intake.store import consent_words as store
from intake.usecases.offices import office
from intake.usecases.records import check_himself
from intake.usecases.telling import tell_application
from kit.db import Tx


def say(
    deps: Deps, tx: Tx, app: Application, actor: Actor, kind: str, word: dict[str, Any], at: datetime | None = None
) -> None:
    """His word, by himself or an officer who heard it, said now or at another time. The same again changes nothing.
    Raises OnlyHimself, OldText."""
    check_himself(actor)
    check_text(kind, word["given"], word["text_version"])
    known = store.last_of(tx, app.id).get(kind)
    if known and (known["given"], known["text_version"]) == (word["given"], word["text_version"]):
        return
    app.changed_at = max(app.changed_at, deps.clock.now())
    app.consents = app.consents | {kind: word["given"]}
    store.add(tx, app.kelurahan, app.id, kind, word, at or app.changed_at, actor.word)
    applications.save(tx, app, actor, "consent_given" if word["given"] else "consent_withdrawn", kind)
    tell_application(deps, tx, app, "application.changed")


_HIMSELF = Actor(frozenset({OWNER, RESIDENT}), "applicant")


def contact_changed(deps: Deps, tx: Tx, told: dict[str, Any]) -> None:
    """The contact of a case wrote STOP, or MULAI after it: on his open cases that is his word about messages, so that
    an officer sees that he has to be called. Where he is written to otherwise too, the rest goes on as it did. What he
    said later stands, in whatever order it comes."""
    phone, wanted, at = (told["person"] or {}).get("phone"), told["wanted"], told["changed_at"]
    for app in applications.lock_of_contact(tx, deps.data_keys, told["kelurahan"], phone, told["contact_id"]):
        last = store.last_of(tx, app.id).get(MESSAGES)
        if not reached_only_by_phone(app.person) or (last is not None and last["at"] >= at):
            continue
        if withdrawn(app.consents, MESSAGES) is wanted:
            word = {"given": wanted, "text_version": current(MESSAGES)}
            say(deps, tx, app, _HIMSELF, MESSAGES, word, at)


def view(deps: Deps, tx: Tx, app: Application) -> dict[str, Any]:
    """Each kind as it stands, with the text, in office time."""
    zone = office(deps, tx, app.kelurahan, app.office_version).zone
    items = standing(store.last_of(tx, app.id))
    return {
        "application_id": app.id,
        "items": [one | {"at": one["at"].astimezone(zone) if one["at"] else None} for one in items],
    }

"""`/verification/cuti`: "I am away until", for the head of an RT or RW."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from kit import audit
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words
from verification.api.common import deps
from verification.pages.days import typed_days
from verification.schemas.heads import Absence
from verification.store import copies
from verification.usecases import heads

ABSENCE = "/verification/cuti"

absence_pages = Blueprint("absence-pages", __name__, url_prefix=ABSENCE)

_AWAY = Words("Tersimpan. Selamat jalan.", "Saved. Have a good journey.")
_BACK = Words("Tersimpan. Selamat bertugas kembali.", "Saved. Welcome back.")


@absence_pages.get("")
@allow("rt_head", "rw_head")
@audit.shows("officeholder")
def show_absence(filled: Filled = NOTHING) -> Response:
    """His own days away, and who decides meanwhile."""
    with deps().db.transaction(caller().tenant) as tx:
        own = heads.own_office(deps(), tx, caller())
        instead = heads.stand_in(deps(), tx, own)
        name = copies.office_name(tx, own.kelurahan) or own.kelurahan
    audit.concerns(*(f"officeholder:{one.id}" for one in (own, instead) if one))
    return page("absence.html", filled=filled, own=own, instead=instead, name=name)


@absence_pages.post("")
@allow("rt_head", "rw_head")
@forms.keeps(show_absence)
def set_absence() -> Any:
    """He is away from one day to another, or back."""
    typed = forms.typed()
    back = "kembali" in typed
    body = forms.load(Absence(), {"until": None} if back else typed_days(typed, "from", "until"))
    with deps().db.transaction(caller().tenant) as tx:
        holder = heads.set_own_absence(deps(), tx, caller(), body["first"], body["until"])
        audit.changed(tx, holder)
    return forms.done(ABSENCE, _BACK if back else _AWAY)

"""`/intake/keluhan/<id>`: one complaint with what was written, and what may be done with it now. Each action has its
own address under it, where its form stands open; the one that its turn asks for stands open by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, abort
from marshmallow import Schema

from intake.api.complaints_desk import HANDLERS, changed, seen, sent
from intake.deps import Deps
from intake.domain.complaints.classes import CLASSES_OF, WORKING_DAYS
from intake.domain.complaints.complaint import Complaint
from intake.domain.complaints.history import By
from intake.domain.complaints.states import OF_OFFICE
from intake.pages.desk.complaints import complaint_desk_pages
from intake.pages.offices import own_page
from intake.pages.scan import within_page
from intake.schemas.complaints import Answering, Asking, Assignment, Check, Closing, Reclass
from intake.usecases.complaining import finding, handling, photos, reading
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.db import Tx
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words

ADDRESS = "/intake/keluhan"


@dataclass(frozen=True)
class Act:
    """How a form becomes a change: what it is called in `actions`, the schema that reads it, the use case, and what is
    said when it is done."""

    action: str
    schema: type[Schema]
    act: Callable[[Deps, Tx, Complaint, By, dict[str, Any]], None]
    said: Words


ACTS = {
    "periksa": Act("check", Check, handling.check, Words("Sudah diperiksa; waktunya berjalan.", "It is checked.")),
    "jawab": Act(
        "answer", Answering,
        lambda deps, tx, found, by, body: handling.answer(deps, tx, found, by, body["text"]),
        Words("Jawaban terkirim.", "The answer is sent."),
    ),
    "tanya": Act(
        "ask", Asking, lambda deps, tx, found, by, body: handling.ask(deps, tx, found, by, body["text"]),
        Words("Pertanyaan terkirim.", "The question is sent."),
    ),
    "serahkan": Act(
        "assign", Assignment,
        lambda deps, tx, found, by, body: handling.assign(deps, tx, found, by, body["account_id"]),
        Words("Sudah diserahkan.", "It is given to somebody."),
    ),
    "kelas": Act("reclass", Reclass, handling.reclass, Words("Kelasnya diubah.", "The class was changed.")),
    "tutup": Act(
        "close", Closing,
        lambda deps, tx, found, by, body: handling.close(deps, tx, found, by, body["result"], body["text"]),
        Words("Pengaduan ditutup.", "It is closed."),
    ),
}  # fmt: skip
"""By the word in the address; the first that may be done stands open."""


@complaint_desk_pages.get("/<uuid:complaint_id>")
@allow(*HANDLERS)
@audit.shows("complaint")
def show_one(complaint_id: UUID) -> Response:
    """All of it; who filed it only where that is open."""
    return _page(complaint_id, "", NOTHING)


@complaint_desk_pages.get("/<uuid:complaint_id>/<act>")
@allow(*HANDLERS)
@audit.shows("complaint")
def show_act(complaint_id: UUID, act: str) -> Response:
    """The same with the form of one action open."""
    return _page(complaint_id, _known(act), NOTHING)


@audit.shows("complaint")
def _again(complaint_id: UUID, act: str, filled: Filled = NOTHING) -> Response:
    return _page(complaint_id, act, filled)


@complaint_desk_pages.post("/<uuid:complaint_id>/<act>")
@allow(*HANDLERS)
@forms.keeps(_again)
def act_at_desk(complaint_id: UUID, act: str) -> Response:
    """Does it, once, unless the complaint is another by now than was seen. Who has passed it on by that is led back to
    his list."""
    chosen = ACTS[_known(act)]
    body = forms.load(chosen.schema(), _said(forms.typed()))
    changed(complaint_id, body, lambda parts, tx, found, by: chosen.act(parts, tx, found, by, body))
    return forms.done(ADDRESS if _is_passed_on(complaint_id) else f"{ADDRESS}/{complaint_id}", chosen.said)


@complaint_desk_pages.get("/<uuid:complaint_id>/foto/<uuid:file_id>")
@allow(*HANDLERS)
@audit.shows("complaint")
def show_photo_at_desk(complaint_id: UUID, file_id: UUID) -> Response:
    """A photo, within the page."""
    return within_page(sent(seen(complaint_id, lambda _parts, tx, found: photos.readable(tx, found, file_id))))


def _page(complaint_id: UUID, act: str, filled: Filled) -> Response:
    def read(parts: Deps, tx: Tx, found: Complaint) -> dict[str, Any]:
        return reading.for_handler(parts, tx, found) | {
            "handlers": [(str(one.id), _name(one)) for one in handling.who_may_handle(parts, tx, found)],
            "staff": [(str(one.id), _name(one)) for one in handling.could_be_about(parts, tx, found)],
        }  # fmt: skip

    one = seen(complaint_id, read)
    may = [name for name, each in ACTS.items() if each.action in one["actions"]]
    return own_page(
        "desk/complaint.html", one=one, filled=filled, address=f"{ADDRESS}/{complaint_id}", may=may,
        act=act if act in may else next(iter(may), ""), classes=CLASSES_OF[one["kind"]], days=WORKING_DAYS,
        results=OF_OFFICE, mine=caller().subject, above=one["kelurahan"] != caller().tenant,
    )  # fmt: skip


def _said(typed: Mapping[str, str]) -> dict[str, str | None]:
    """What was filled in. The list of the staff shows whom it is about: nobody chosen there takes it back."""
    said: dict[str, str | None] = {"about_staff": None} if "about_staff" in typed else {}
    return said | {name: value.strip() for name, value in typed.items() if value.strip()}


def _name(account: Any) -> str:
    return str(account.person.get("name") or account.id)


def _is_passed_on(complaint_id: UUID) -> bool:
    """Whether it is another's to handle now."""
    return not finding.handles(deps(), caller(), complaint_id)


def _known(act: str) -> str:
    if act not in ACTS:
        abort(404)
    return act

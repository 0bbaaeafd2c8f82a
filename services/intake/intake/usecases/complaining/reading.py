"""Complaints as their readers see them: anybody with the ticket, whoever filed it, and those who handle it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from contracts.complaining import ABOUT, KINDS, STEPS
from contracts.reach import reach_of
from intake.deps import Deps
from intake.domain.accounts import is_office
from intake.domain.complaints.complaint import Complaint, actions_for
from intake.domain.complaints.handling import listed_for, told_of
from intake.domain.complaints.states import CLOSED, FILER, HANDLER, IN_OFFICE
from intake.domain.errors import NotYours
from intake.known import Office
from intake.store import complaints as store
from intake.store import files
from intake.usecases.complaining.finding import TicketUnknown, ticket_of
from intake.usecases.offices import office, within
from kit.auth import Caller
from kit.db import EVERY_TENANT, Row, Tx
from kit.paging import page, position

MOST_TALLIED = 5000
TALLIED = timedelta(days=365)
_TIMES = ("filed_at", "changed_at", "check_due_at", "checked_at", "answer_due_at", "answered_at", "closes_at",
          "reopen_until", "closed_at")  # fmt: skip
_STATUS = ("kind", "status", "level", "service", "step", "result")
_PUBLIC_TIMES = ("filed_at", "check_due_at", "checked_at", "answer_due_at", "answered_at", "closes_at", "closed_at")
_LISTED = ("kind", "complaint_class", "about", "status", "level", "service", "step", "confidentiality", "channel",
           "reopened", "result", "version")  # fmt: skip


def status(deps: Deps, ticket: str) -> dict[str, Any]:
    """What anybody who knows the ticket sees: how it stands, and nothing that was written. Raises TicketUnknown. The
    office is not known beforehand, so that the transaction sees every office."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        found = store.by_ticket(tx, deps.data_keys, ticket_of(ticket))
        if found is None:
            raise TicketUnknown
        return status_of(deps, tx, found)


def status_of(deps: Deps, tx: Tx, complaint: Complaint) -> dict[str, Any]:
    """The same of one that was found."""
    return _named(complaint, office(deps, tx, complaint.kelurahan), _STATUS, _PUBLIC_TIMES)


def for_filer(deps: Deps, tx: Tx, complaint: Complaint) -> dict[str, Any]:
    """All of it for whoever filed it: what was asked and answered, and what he may do now."""
    place = office(deps, tx, complaint.kelurahan)
    return _whole(deps, tx, complaint, place, FILER) | {
        "person": _person(complaint), "history": history(deps, tx, complaint, place, staff=False),
    }  # fmt: skip


def for_handler(deps: Deps, tx: Tx, complaint: Complaint) -> dict[str, Any]:
    """All of it for who handles it: who filed it only where that is open."""
    place = office(deps, tx, complaint.kelurahan)
    return _whole(deps, tx, complaint, place, HANDLER) | {
        "person": _person(complaint) if complaint.state.confidentiality == "open" else None,
        "history": history(deps, tx, complaint, place, staff=True),
    }  # fmt: skip


def history(deps: Deps, tx: Tx, complaint: Complaint, place: Office, *, staff: bool) -> list[dict[str, Any]]:
    """What happened, oldest first, in office time: by which role, and for the office by whom. The office's reasons for
    a class are its own."""
    shown = []
    for entry in store.history(tx, deps.data_keys, complaint.id):
        own = entry.change in ("reclassed", "assigned")
        if own and not staff:
            continue
        shown.append({
            "number": entry.number, "at": entry.at.astimezone(place.zone), "change": entry.change,
            "by": entry.by.role, "by_staff": entry.by.staff if staff else None, "words": entry.words,
        })  # fmt: skip
    return shown


def desk(deps: Deps, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of what the caller handles, by when it is due: of his office; of a kecamatan or city what has come up to
    it from those below. Raises Unprocessable for a cursor that is none."""
    with deps.db.transaction(_tenant(who)) as tx:
        places = {one.code: one for one in within(deps, tx, reach_of(who))}
        chosen = _chosen(deps, who, list(places), query)
        after = position(query["cursor"], datetime.fromisoformat, UUID)
        found = store.desk(tx, deps.data_keys, chosen, after, query["limit"])
    shown = page(found, query["limit"], lambda one: (one.state.ordered_at.isoformat(), one.id))
    now = deps.clock.now()
    return shown | {"items": [entry(one, places[one.kelurahan], now, HANDLER) for one in shown["items"]]}


def waiting(deps: Deps, tx: Tx, who: Caller, most: int) -> dict[str, Any]:
    """{open, late} of the caller's own office that are his to handle: how many, {number, more} counted no further than
    to `most`."""

    def counted(query: dict[str, Any]) -> dict[str, Any]:
        number = store.count_desk(tx, _chosen(deps, who, [tx.tenant], query), most)
        return {"number": min(number, most), "more": number > most}

    return {"open": counted({}), "late": counted({"late": True})}


def _chosen(deps: Deps, who: Caller, codes: list[str], query: dict[str, Any]) -> dict[str, Any]:
    return {name: query.get(name) for name in ("status", "service", "step", "application_id", "kind")} | {
        "codes": codes, "about": listed_for(who.roles), "account": who.subject,
        "assigned_to": who.subject if query.get("mine") else None, "late": query.get("late", False),
        "now": deps.clock.now(),
    }  # fmt: skip


def own(deps: Deps, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """A page of what the caller's login filed, the newest first. Raises Unprocessable for a cursor that is none."""
    with deps.db.transaction(who.tenant) as tx:
        place = office(deps, tx, who.tenant)
        after = position(query["cursor"], UUID)
        found = store.of_owner(tx, deps.data_keys, who.tenant, who.subject, after, query["limit"])
    shown = page(found, query["limit"], lambda one: (one.id,))
    now = deps.clock.now()
    return shown | {"items": [entry(one, place, now, FILER) for one in shown["items"]]}


def entry(complaint: Complaint, place: Office, now: datetime, by: str) -> dict[str, Any]:
    """A line of a list, without what was written. Who handles it is shown its case only where who filed it is open: by
    the case his name would be found."""
    state, is_open = complaint.state, complaint.state.confidentiality == "open"
    return _named(complaint, place, _LISTED, _TIMES) | {
        "id": complaint.id, "application_id": state.application_id if by == FILER or is_open else None,
        "assigned_to": state.assigned_to if by == HANDLER else None,
        "about_staff": state.about_staff if by == HANDLER else None, "actions": actions_for(state, by, now),
        "due_at": _local(state.due_at, place),
        "late": state.status in IN_OFFICE and state.due_at is not None and state.due_at < now,
    }  # fmt: skip


def for_record(deps: Deps, tx: Tx, application_id: UUID, owners: set[str], phones: set[str]) -> list[dict[str, Any]]:
    """What the person of a case filed about it, by one of his logins or numbers: other people's is not his."""
    found = store.of_case(tx, deps.data_keys, application_id)
    his = [one for one in found if one.owner in owners or one.person.get("phone") in phones]
    return [for_filer(deps, tx, one) for one in his]


def line_for_filer(deps: Deps, tx: Tx, complaint: Complaint) -> dict[str, Any]:
    """How it stands, and what whoever filed it may do now."""
    return entry(complaint, office(deps, tx, complaint.kelurahan), deps.clock.now(), FILER)


def line_for_handler(deps: Deps, tx: Tx, complaint: Complaint) -> dict[str, Any]:
    """How it stands, and what who handles it may do now."""
    return entry(complaint, office(deps, tx, complaint.kelurahan), deps.clock.now(), HANDLER)


def photo(deps: Deps, tx: Tx, complaint: Complaint, row: Row) -> dict[str, Any]:
    """A photo as its readers see it."""
    return _photo(row, office(deps, tx, complaint.kelurahan))


def tally(deps: Deps, who: Caller, kelurahan: str, service: str | None) -> dict[str, Any]:
    """What people complain about at an office by service and step, of the last year; for its staff, and those above,
    of each as far as it is not about him or somebody above him.
    Raises NotYours, OfficeUnknown."""
    if not reach_of(who).covers(kelurahan) or not is_office(kelurahan):
        raise NotYours(kelurahan)
    with deps.db.transaction(kelurahan) as tx:
        office(deps, tx, kelurahan)
        rows = store.tally(tx, kelurahan, service, deps.clock.now() - TALLIED, MOST_TALLIED, known_to(who))
    return {"items": rows, "kelurahan": kelurahan, "most": MOST_TALLIED}


def known_to(who: Caller) -> list[str]:
    """Whom those complaints are about that he may know of: for the city's own systems all."""
    return list(ABOUT) if who.has("complaints.read") else told_of(who.roles)


def by_step(tallied: list[Row]) -> list[dict[str, Any]]:
    """{step, kind: number of each, open} of what `tally` counted, in the order of the procedure; `step` is None for
    what is about none."""
    found = []
    for step in (*STEPS, None):
        rows = [row for row in tallied if row["step"] == step]
        if rows:
            kinds = {kind: sum(row["number"] for row in rows if row["kind"] == kind) for kind in KINDS}
            still_open = sum(row["number"] for row in rows if row["status"] != CLOSED)
            found.append({"step": step, "open": still_open} | kinds)
    return found


def _whole(deps: Deps, tx: Tx, complaint: Complaint, place: Office, by: str) -> dict[str, Any]:
    shown = entry(complaint, place, deps.clock.now(), by)
    return shown | {"photos": [_photo(row, place) for row in files.of_complaint(tx, complaint.id)]}


def _photo(row: Row, place: Office) -> dict[str, Any]:
    plain = {name: row[name] for name in ("type", "size", "sha256", "reason")}
    return plain | {
        "file_id": row["id"], "status": row["state"], "uploaded_at": row["uploaded_at"].astimezone(place.zone),
    }  # fmt: skip


def _named(complaint: Complaint, place: Office, plain: tuple[str, ...], times: tuple[str, ...]) -> dict[str, Any]:
    state = complaint.state
    return (
        {"ticket": complaint.ticket, "kelurahan": complaint.kelurahan, "office": place.data["name"]}
        | {name: getattr(state, name) for name in plain}
        | {name: _local(getattr(state, name), place) for name in times}
    )


def _person(complaint: Complaint) -> dict[str, Any] | None:
    said = {name: complaint.person.get(name) for name in ("name", "phone", "language")}
    return said if complaint.person else None


def _local(at: datetime | None, place: Office) -> datetime | None:
    return at.astimezone(place.zone) if at else None


def _tenant(who: Caller) -> str:
    """His office; a kecamatan or city has none of its own, and looks into those below it."""
    return who.tenant if is_office(who.tenant) else EVERY_TENANT

"""What an officer has before him: a case with all that belongs to it, and the day."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from intake.deps import Deps
from intake.known import Office
from intake.store import applications as store
from intake.usecases import listing, reading, requests, suggesting
from intake.usecases.complaining import reading as complaints
from intake.usecases.offices import office, sop
from kit.auth import Caller
from kit.db import Tx

MOST = 50
"""So far a list is counted."""
FIRST = 5
"""So many lines of it are shown."""

ON_TURN = {"waiting_for": "officer"}
OF_LURAH = {"waiting_for": "lurah"}


def case(deps: Deps, who: Caller, application_id: UUID, query: dict[str, Any], place: str | None) -> dict[str, Any]:
    """A case on one screen: as the API shows it, its service, history, what other cases of the person say, and what
    comes next in the queue that was chosen: after `place`, where it stood before something was done with it. Raises
    NotYours, CaseErased."""
    with deps.db.transaction(who.tenant) as tx:
        app, actor = reading.find(deps, tx, who, application_id)
        place = place or listing.place_of(app)
        on_turn = ON_TURN if who.has("officer") else OF_LURAH  # of whoever has chosen no queue
        return {
            "case": reading.view(deps, tx, app, actor),
            "service": sop(deps, tx, app.kelurahan, app.service, app.sop_version),
            "lines": reading.lines(deps, tx, app, actor),
            "suggestions": suggesting.offered(deps, tx, app, actor, who.subject),
            "place": place,
            "following": listing.following(deps, tx, app, query or on_turn, place),
            "name": office(deps, tx, app.kelurahan).data["name"],
        }


def today(deps: Deps, who: Caller) -> dict[str, Any]:
    """The day: how many cases wait for what, counted no further than to MOST, and the first of each."""
    now = deps.clock.now()
    with deps.db.transaction(who.tenant) as tx:
        found = office(deps, tx, who.tenant)
        lists: dict[str, dict[str, Any]] = {
            "late": {"late": True},
            "due": {"due": found.today(now)},
            "receive": {"step": "receive"},
            "officer": ON_TURN,
            "lurah": OF_LURAH,
            "silent": {"silent": True},
        }
        return {
            "name": found.data["name"],
            "now": now.astimezone(found.zone),
            "lists": {code: _beginning(deps, tx, found, who, query) for code, query in lists.items()},
            "complaints": complaints.waiting(deps, tx, who, MOST),
            "requests": requests.listed(deps, tx, None, FIRST)["items"],
        }


def _beginning(deps: Deps, tx: Tx, found: Office, who: Caller, query: dict[str, Any]) -> dict[str, Any]:
    """{query, number, more, items} of a queue."""
    now, chosen = deps.clock.now(), listing.in_office_time(found, query)
    number = store.count_queue(tx, chosen, MOST, now)
    cases = store.queue(tx, deps.data_keys, chosen, None, FIRST, now)[:FIRST] if number else []
    items = reading.entries(deps, tx, cases, who, found, now)
    return {"query": query, "number": min(number, MOST), "more": number > MOST, "items": items}

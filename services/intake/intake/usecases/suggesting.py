"""What a person's other cases say, offered to whoever may see it."""

from __future__ import annotations

from typing import Any

from intake.deps import Deps
from intake.domain import suggestions as rules
from intake.domain.applications import NotAllowedNow, check_change
from intake.domain.case import Actor, Application
from intake.store import applications as store
from intake.usecases.offices import office, sop
from kit.db import Tx

MOST_CASES = 10


def offered(deps: Deps, tx: Tx, app: Application, actor: Actor, subject: str) -> list[dict[str, Any]]:
    """Values for the fields of this case, as long as this caller may correct it."""
    try:
        check_change("edit", app.status, actor.roles)
    except NotAllowedNow:
        return []
    others = store.of_person(tx, deps.data_keys, app, rules.OFFERED, MOST_CASES)
    seen = [one for one in others if rules.may_see(app, actor, subject, one)]
    service = sop(deps, tx, app.kelurahan, app.service, app.sop_version)
    zone = office(deps, tx, app.kelurahan, app.office_version).zone
    return [
        {
            "part": one.part, "field": one.field, "value": one.value, "tracking_code": one.tracking_code,
            "at": one.at.astimezone(zone),
        }
        for one in rules.suggestions(app, service, seen)
    ]  # fmt: skip

"""The survey after a finished case: an invitation, one answer, and the index that is published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from contracts.consent import MESSAGES, withdrawn
from contracts.surveying import INVITATION
from intake.deps import Deps
from intake.domain import survey as rules
from intake.domain import survey_index as index
from intake.domain.case import Application
from intake.domain.survey import Given
from intake.store import surveys as store
from intake.usecases.offices import office, sop
from intake.usecases.telling import request_message
from intake.usecases.tokens import hash_of, new_secret
from kit.db import EVERY_TENANT, Row, Tx
from kit.paging import page, position

PATH = "/survei"
_LOCALES = {"id": "id_ID", "en": "en_GB"}


def invite(deps: Deps, tx: Tx, app: Application) -> None:
    """Asks the contact of a case that has just ended, once, where he may be messaged. The case is locked."""
    to = app.person.get("contact") or {}
    if withdrawn(app.consents, MESSAGES) or store.is_invited(tx, app.id):
        return
    found = office(deps, tx, app.kelurahan)
    at, token = deps.clock.now(), new_secret()
    expires_at = at + rules.HOLDS
    language = "en" if to.get("language") == "en" else "id"
    values = {
        "service_name": sop(deps, tx, app.kelurahan, app.service, app.sop_version)["name"][language],
        "office_name": found.data["name"], "link": f"{deps.settings.public_url}{PATH}/{token}",
        "until": str(format_date(expires_at.astimezone(found.zone).date(), "d MMMM y", locale=_LOCALES[language])),
        "elements": ", ".join(element.name.in_language(language).lower() for element in rules.ELEMENTS),
    }  # fmt: skip
    message_id = request_message(deps, tx, app, INVITATION, values, message_class="notice", expires_at=expires_at)
    if message_id is None:
        return
    row = {
        "application_id": app.id, "kelurahan": app.kelurahan, "service": app.service, "token_hash": hash_of(token),
        "contact_id": UUID(to["contact_id"]) if to.get("contact_id") else None, "message_id": message_id,
        "invited_at": at, "expires_at": expires_at,
    }  # fmt: skip
    store.invite(tx, row, _month(at, found.zone))


def find(deps: Deps, token: str) -> Row:
    """The survey of a link. Raises NoSurvey."""
    with deps.db.transaction(EVERY_TENANT) as tx:
        row = store.by_token(tx, hash_of(token))
    if row is None:
        raise rules.NoSurvey
    return row


def look(deps: Deps, row: Row) -> dict[str, Any]:
    """What the reader of a link is shown: {state, office, service, expires_at}; `state` is open, answered or over."""
    with deps.db.transaction(row["kelurahan"]) as tx:
        found = office(deps, tx, row["kelurahan"])
        name = service_name(deps, tx, row)
    return {
        "state": "answered" if row["answered_at"] else "over" if is_over(deps, row) else "open",
        "office": found.data["name"], "service": row["service"], "service_name": name,
        "expires_at": row["expires_at"].astimezone(found.zone),
    }  # fmt: skip


def is_over(deps: Deps, row: Row) -> bool:
    return bool(row["expires_at"] <= deps.clock.now())


def service_name(deps: Deps, tx: Tx, row: Row) -> dict[str, str]:
    """{id, en}, as the version says that the case went by."""
    version = store.sop_version(tx, row["application_id"])
    name: dict[str, str] = sop(deps, tx, row["kelurahan"], row["service"], version)["name"]
    return name


def answer(deps: Deps, tx: Tx, row: Row, given: Given, way: str) -> None:
    """The one answer of a case. Raises SurveyOver, Answered, NoSurvey."""
    if row["answered_at"] is None and is_over(deps, row):
        raise rules.SurveyOver
    found, at = office(deps, tx, row["kelurahan"]), deps.clock.now()
    kept = store.answer(tx, deps.data_keys, row, given.scores, given.comment, way, at, _month(at, found.zone))
    if not kept:
        raise rules.Answered if store.is_invited(tx, row["application_id"]) else rules.NoSurvey


def _month(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date().replace(day=1)


# --- the index --------------------------------------------------------------------------------------------------------


def index_of(deps: Deps, tx: Tx, kelurahan: str, period: str | None, *, public: bool) -> dict[str, Any]:
    """Index, means and number of answers of an office: of a month (`2026-11`; without one the last that is over), all
    services together and each, or of a year (`2026`), all together. Index and means are those of periods that are over,
    for the office as for everybody. Raises OfficeUnknown, NoSuchPeriod."""
    today = office(deps, tx, kelurahan).today(deps.clock.now())
    named = period or f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    first, last = rules.months_of(named)
    parts = index.tallies(store.counts(tx, [kelurahan], first, last), store.asked(tx, [kelurahan], first, last))
    whole, over = index.together(parts.values()), rules.is_past(last, today)
    told, shown = over and whole.answers >= index.MINIMUM, index.enough(parts) if over else set()
    if first != last:
        told, shown = told and index.year_told(store.answers_by_month(tx, kelurahan, first, last)), set()
    return {
        "kelurahan": kelurahan,
        "period": named,
        "over": over,
        "minimum": index.MINIMUM,
        "total": index.figures(whole, shown=told, public=public),
        "services": [
            {"service": code} | index.figures(part, shown=code in shown, public=public)
            for code, part in sorted(parts.items())
        ],
    }


def side_by_side(tx: Tx, todays: Mapping[str, date], month: date) -> dict[str, dict[str, Any]]:
    """Index, means and number of answers of each of these offices (which have their own `today`) in a month, of all
    services together, as everybody may know them."""
    counts, asked = store.counts(tx, list(todays), month, month), store.asked(tx, list(todays), month, month)

    def of(kelurahan: str, today: date) -> dict[str, Any]:
        his = ([row for row in rows if row["kelurahan"] == kelurahan] for rows in (counts, asked))
        whole = index.together(index.tallies(*his).values())
        told = rules.is_past(month, today) and whole.answers >= index.MINIMUM
        return index.figures(whole, shown=told, public=True)

    return {kelurahan: of(kelurahan, today) for kelurahan, today in todays.items()}


def comments(deps: Deps, tx: Tx, query: dict[str, Any]) -> tuple[dict[str, Any], list[UUID]]:
    """A page of what people wrote besides, the newest month first, with month and service and nothing that leads to
    the case; and the cases, for the record of who read them. Raises Unprocessable for a cursor that is none."""
    after = position(query["cursor"], UUID)
    rows = store.comments(tx, deps.data_keys, after[0] if after else None, query["limit"])
    zone = office(deps, tx, tx.tenant).zone
    shown = page(rows, query["limit"], lambda row: (row["id"],))
    cases = [row["application_id"] for row in shown["items"]]
    lines = [
        {name: row[name] for name in ("service", "comment")} | {"month": f"{_month(row['answered_at'], zone):%Y-%m}"}
        for row in shown["items"]
    ]
    return shown | {"items": lines}, cases

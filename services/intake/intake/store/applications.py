"""Cases, and the people in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg2.errors
from psycopg2.extras import Json

from intake.domain.applications import (
    ENDED,
    IN_OFFICE,
    SILENT,
    STATUSES,
    STEPS,
    UNDER_WAY,
    DuplicateApplication,
)
from intake.domain.case import Actor, Application
from intake.domain.measuring import Course
from kit.db import Row, Tx
from kit.due import Due
from kit.sealed import Keyring

_COLUMNS = [f.name for f in fields(Application) if f.name not in ("person", "office_version")]
_JSON = {"deadlines", "pauses", "returned_items", "waived", "spent", "consents"}
_FIXED = {"id", "kelurahan", "tracking_code", "channel", "person_id", "opened_at", "version", "helper", "helper_id"}
_CHANGING = [name for name in _COLUMNS if name not in _FIXED]

_SELECT = f"""
SELECT {", ".join(f"a.{name}" for name in _COLUMNS)}, p.sealed, o.version AS office_version
FROM application a JOIN people p ON p.id = a.person_id JOIN office o ON o.kelurahan = a.kelurahan
"""

# A case, its person and the first line of its timeline, unless the person has an open case for the service; then
# the answer names that one.
_INSERT = f"""
WITH first AS (
    SELECT id FROM application WHERE %(nik_index)s::bytea IS NOT NULL AND NOT %(intended_duplicate)s
        AND kelurahan = %(kelurahan)s AND service = %(service)s AND nik_index = %(nik_index)s
        AND status NOT IN {tuple(sorted(ENDED))} LIMIT 1
), person AS (
    INSERT INTO people (id, kelurahan, nik_index, sealed)
    SELECT %(person_id)s, %(kelurahan)s, %(nik_index)s, %(sealed)s WHERE NOT EXISTS (SELECT FROM first)
), opened AS (
    INSERT INTO application ({", ".join(_COLUMNS)}, due_at)
    SELECT {", ".join(f"%({name})s" for name in _COLUMNS)}, %(due_at)s WHERE NOT EXISTS (SELECT FROM first)
), line AS (
    INSERT INTO timeline (kelurahan, application_id, at, status, event, by_role, by_staff, note)
    SELECT %(kelurahan)s, %(id)s, %(opened_at)s, %(status)s, 'opened', %(by_role)s, %(by_staff)s, %(note)s
    WHERE NOT EXISTS (SELECT FROM first)
)
SELECT id FROM first
"""

_UPDATE = f"""
WITH line AS (
    INSERT INTO timeline (kelurahan, application_id, at, status, event, by_role, by_staff, note)
    VALUES (%(kelurahan)s, %(id)s, %(changed_at)s, %(status)s, %(event)s, %(by_role)s, %(by_staff)s, %(note)s)
)
UPDATE application SET {", ".join(f"{name} = %({name})s" for name in _CHANGING)}, due_at = %(due_at)s,
    version = version + 1
WHERE id = %(id)s RETURNING version
"""


def person_context(person_id: UUID) -> str:
    """What a sealed person is bound to."""
    return f"person:{person_id}"


def add(tx: Tx, keys: Keyring, app: Application, actor: Actor, note: str | None = None) -> None:
    """A new case with its person and the first line of its timeline, in one statement.
    Raises DuplicateApplication when the person has an open one for the same service."""
    sealed = keys.seal(app.person, person_context(app.person_id))
    gather(tx, keys, app)
    with _one_open_case(app):
        first = tx.value(_INSERT, _params(app, actor) | {"sealed": sealed, "note": note})
    if first is not None:
        raise DuplicateApplication().named(first)


def gather(tx: Tx, keys: Keyring, app: Application) -> None:
    """While keys change, a person's other cases may still have the older key's index, and one that was opened a moment
    ago by a process that has not noticed. All get the index that this case has, so that the unique index sees them."""
    nik = app.person["applicant"].get("nik")
    indexes = keys.blind_indexes(nik, "nik") if nik else []
    if len(indexes) < 2:
        return
    # Whoever does this with the other key first knows both, and takes the same lock.
    lock = int.from_bytes(min(indexes)[:8], "big", signed=True)
    tx.later("SELECT pg_advisory_xact_lock(%s)", [lock])
    tx.later(
        "UPDATE application SET nik_index = %s WHERE kelurahan = %s AND nik_index = ANY(%s)",
        [app.nik_index, app.kelurahan, [one for one in indexes if one != app.nik_index]],
    )


def save(tx: Tx, app: Application, actor: Actor, event: str, note: str | None = None) -> None:
    """Writes the case with a line of its timeline, in one statement. Raises DuplicateApplication."""
    with _one_open_case(app):
        app.version = int(tx.value(_UPDATE, _params(app, actor) | {"event": event, "note": note}))


def open_case(tx: Tx, service: str, nik_index: bytes) -> UUID | None:
    """The person's open case for a service, if it is the one that there may be."""
    found: UUID | None = tx.value(
        "SELECT id FROM application WHERE kelurahan = %s AND service = %s AND nik_index = %s AND NOT intended_duplicate"
        f" AND status NOT IN {tuple(sorted(ENDED))} LIMIT 1",
        [tx.tenant, service, nik_index],
    )
    return found


def save_person(tx: Tx, keys: Keyring, app: Application) -> None:
    tx.execute(
        "UPDATE people SET sealed = %s, nik_index = %s WHERE id = %s",
        [keys.seal(app.person, person_context(app.person_id)), app.nik_index, app.person_id],
    )


def get(tx: Tx, keys: Keyring, application_id: UUID) -> Application | None:
    row = tx.one(f"{_SELECT} WHERE a.id = %s", [application_id])
    return _from_row(row, keys) if row else None


def lock(tx: Tx, keys: Keyring, application_id: UUID) -> Application | None:
    """The case for a change: whoever comes second waits and then sees what the first did. Its person is locked with it:
    of a row that is only joined he would see what stood there before he waited."""
    row = tx.one(f"{_SELECT} WHERE a.id = %s FOR UPDATE OF a, p", [application_id])
    return _from_row(row, keys) if row else None


def by_code(tx: Tx, keys: Keyring, code: str) -> Application | None:
    row = tx.one(f"{_SELECT} WHERE a.tracking_code = %s", [code])
    return _from_row(row, keys) if row else None


def lock_by_code(tx: Tx, keys: Keyring, code: str) -> Application | None:
    row = tx.one(f"{_SELECT} WHERE a.tracking_code = %s FOR UPDATE OF a, p", [code])
    return _from_row(row, keys) if row else None


def count_claim(tx: Tx, code: str, most: int) -> None:
    """One more wrong claim code; after so many the claim is closed."""
    tx.execute(
        "UPDATE application SET claim_attempts = claim_attempts + 1,"
        " claim_hash = CASE WHEN claim_attempts + 1 >= %s THEN NULL ELSE claim_hash END WHERE tracking_code = %s",
        [most, code],
    )


def last_of_service(tx: Tx, keys: Keyring, kelurahan: str, service: str, limit: int) -> list[Application]:
    """The last cases of a service, the newest first."""
    rows = tx.all(
        f"{_SELECT} WHERE a.kelurahan = %s AND a.service = %s ORDER BY a.id DESC LIMIT %s", [kelurahan, service, limit]
    )
    return [_from_row(row, keys) for row in rows]


_OPEN = tuple(status for status in STATUSES if status not in ENDED)
# The same as `domain.applications.waiting_for` says of a line in a list; `application_turn` is an index over it.
_TURN = """CASE a.status
    WHEN 'draft' THEN CASE WHEN a.introduction <> 'requested' THEN 'applicant'
        WHEN a.introduction_note = 'no_answer' THEN 'officer' ELSE 'rt_head' END
    WHEN 'returned' THEN 'applicant'
    WHEN 'received' THEN CASE a.verification WHEN 'failed' THEN 'officer' WHEN 'witnesses' THEN 'witness'
        ELSE 'rt_head' END
    WHEN 'verified' THEN CASE WHEN a.sent_back_reason IS NULL THEN 'lurah' ELSE 'officer' END
    WHEN 'submitted' THEN 'officer' WHEN 'issued' THEN 'officer' END"""


def look_up(tx: Tx, keys: Keyring, by: dict[str, Any], limit: int) -> list[Application]:
    """The office's cases with all of these values of indexed columns (any of a list's), the newest first."""
    conditions = " AND ".join(
        f"a.{name} = ANY(%({name})s)" if isinstance(value, list) else f"a.{name} = %({name})s"
        for name, value in by.items()
    )
    rows = tx.all(
        f"{_SELECT} WHERE a.kelurahan = %(office)s AND {conditions} ORDER BY a.id DESC LIMIT %(limit)s",
        by | {"office": tx.tenant, "limit": limit},
    )
    return [_from_row(row, keys) for row in rows]


def of_person(tx: Tx, keys: Keyring, app: Application, statuses: Collection[str], limit: int) -> list[Application]:
    """Other cases of the same person in the office, the newest first."""
    nik = app.person["applicant"].get("nik")
    if not nik:
        return []
    rows = tx.all(
        f"{_SELECT} WHERE a.kelurahan = %s AND a.nik_index = ANY(%s) AND a.id <> %s AND a.status = ANY(%s)"
        " ORDER BY a.id DESC LIMIT %s",
        [app.kelurahan, keys.blind_indexes(nik, "nik"), app.id, list(statuses), limit],
    )
    return [_from_row(row, keys) for row in rows]


def lock_of_contact(tx: Tx, keys: Keyring, kelurahan: str, phone: str | None, contact_id: UUID) -> list[Application]:
    """The open cases whose messages go to a number, or to who writes to us, locked, the oldest first."""
    rows = tx.all(
        f"{_SELECT} WHERE a.kelurahan = %s AND a.status IN {_OPEN} AND (a.phone_index = ANY(%s) OR a.id = ANY("
        "SELECT unnest(c.cases) FROM conversation c WHERE c.kelurahan = a.kelurahan AND c.contact_id = %s))"
        " ORDER BY a.id FOR UPDATE OF a, p",
        [kelurahan, keys.blind_indexes(phone, "phone") if phone else [], contact_id],
    )
    found = [_from_row(row, keys) for row in rows]
    return [app for app in found if _goes_to(app.person.get("contact") or {}, phone, contact_id)]


def _goes_to(contact: Mapping[str, Any], phone: str | None, contact_id: UUID) -> bool:
    """He may talk about a case whose messages go to somebody else."""
    return (phone is not None and contact.get("phone") == phone) or contact.get("contact_id") == str(contact_id)


def queue(
    tx: Tx, keys: Keyring, chosen: dict[str, Any], after: list[Any] | None, limit: int, now: datetime
) -> list[Application]:
    """The office's cases by due date, `limit + 1` of them; without a status those that lie in the office."""
    conditions, params = _of_queue(tx.tenant, chosen, now)
    if after:
        conditions.append("(a.due_at, a.id) > (%(at)s::timestamptz, %(id)s::uuid)")
        params |= {"at": after[0], "id": after[1]}
    order = "ORDER BY a.due_at, a.id LIMIT %(limit)s"
    # Each place by itself, in the order of its index, and no further than is shown: however many lie there.
    found = " UNION ALL ".join(
        f"(SELECT a.* FROM application a WHERE {' AND '.join([*conditions, place])} {order})"
        for place in _places(chosen)
    )
    sql = _SELECT.replace("FROM application a", f"FROM ({found}) a") + order
    return [_from_row(row, keys) for row in tx.all(sql, params | {"limit": limit + 1})]


def count_queue(tx: Tx, chosen: dict[str, Any], most: int, now: datetime) -> int:
    """How many there are of these, counted no further than to one more than `most`."""
    conditions, params = _of_queue(tx.tenant, chosen, now)
    found = " UNION ALL ".join(
        f"(SELECT 1 FROM application a WHERE {' AND '.join([*conditions, place])} LIMIT %(limit)s)"
        for place in _places(chosen)
    )
    sql = f"SELECT count(*) FROM (SELECT FROM ({found}) each LIMIT %(limit)s) found"
    return int(tx.value(sql, params | {"limit": most + 1}))


def _places(chosen: dict[str, Any]) -> list[str]:
    """Where the cases of this queue can be, as conditions that exclude each other."""
    turn = chosen.get("waiting_for")
    wanted: list[Collection[str]] = []
    wanted += [[chosen["status"]]] if chosen.get("status") else []
    wanted += [[status for status, step in STEPS.items() if step == chosen["step"]]] if chosen.get("step") else []
    wanted += [IN_OFFICE] if chosen.get("late") else []
    wanted += [UNDER_WAY] if chosen.get("due") else []
    wanted += [["returned"]] if chosen.get("silent") else []
    if not any(chosen.get(name) for name in ("status", "waiting_for", "helper", "silent")):
        wanted.append(IN_OFFICE)
    places = tuple(status for status in STATUSES if all(status in each for each in wanted))
    if turn:
        within = f" AND a.status = ANY('{{{','.join(places)}}}')" if wanted else ""
        return [f"a.status IN {_OPEN} AND {_TURN} = '{turn}'{within}"]
    if not wanted:
        return ["true"]
    if set(places) == set(IN_OFFICE):
        return [f"a.status IN {IN_OFFICE}"]  # which has an index of its own
    return [f"a.status = '{place}'" for place in places] or ["false"]


def _of_queue(tenant: str, chosen: dict[str, Any], now: datetime) -> tuple[list[str], dict[str, Any]]:
    """What a case of this queue fulfils wherever it is, and the values in it."""
    conditions = ["a.kelurahan = %(kelurahan)s"]
    params: dict[str, Any] = {"kelurahan": tenant, "now": now}
    for name in ("service", "rt"):
        if chosen.get(name):
            conditions.append(f"a.{name} = %({name})s")
            params[name] = chosen[name]
    if chosen.get("helper"):
        conditions.append("a.helper_id = %(helper)s")
        params["helper"] = chosen["helper"]
    if chosen.get("late"):
        conditions.append("a.due_at < %(now)s")
    if chosen.get("due"):
        conditions.append("a.due_at >= %(due_from)s AND a.due_at < %(due_to)s")
        params["due_from"], params["due_to"] = chosen["due"]
    if chosen.get("silent"):
        conditions.append("a.changed_at < %(silent_since)s")
        params["silent_since"] = now - SILENT
    return conditions, params


def late(tx: Tx, now: datetime, limit: int) -> list[Row]:
    """{tracking_code, service, status, rt, promised_at, with} of the office's cases whose promised date has passed, the
    longest first. When it is issued the promise is kept: who does not fetch his letter is not late."""
    return tx.all(
        f"SELECT a.tracking_code, a.service, a.status, a.rt, a.promised_at, {_TURN} AS with FROM application a"
        " WHERE a.kelurahan = %(kelurahan)s AND a.due_at < %(now)s"
        f" AND a.status IN {UNDER_WAY} ORDER BY a.due_at, a.id LIMIT %(limit)s",
        {"kelurahan": tx.tenant, "now": now, "limit": limit},
    )


def late_within(tx: Tx, offices: list[str], now: datetime, limit: int) -> list[Row]:
    """The same of several offices, each with its `kelurahan`."""
    return tx.all(
        f"SELECT a.kelurahan, a.tracking_code, a.service, a.status, a.rt, a.promised_at, {_TURN} AS with"
        " FROM application a WHERE a.kelurahan = ANY(%(offices)s) AND a.due_at < %(now)s"
        f" AND a.status IN {UNDER_WAY} ORDER BY a.due_at, a.id LIMIT %(limit)s",
        {"offices": offices, "now": now, "limit": limit},
    )


def late_by_office(tx: Tx, offices: list[str], now: datetime) -> dict[str, dict[str, int]]:
    """How many of the same, by office and by whose turn it is."""
    rows = tx.all(
        f"SELECT a.kelurahan, {_TURN} AS turn, count(*) AS cases FROM application a"
        " WHERE a.kelurahan = ANY(%(offices)s) AND a.due_at < %(now)s"
        f" AND a.status IN {UNDER_WAY} GROUP BY 1, 2",
        {"offices": offices, "now": now},
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["kelurahan"], {})[row["turn"]] = row["cases"]
    return found


def of_owner(
    tx: Tx, keys: Keyring, owner: str, chosen: dict[str, Any], after: list[Any] | None, limit: int
) -> list[Application]:
    """A person's own cases, newest first, `limit + 1` of them."""
    conditions = ["a.kelurahan = %(kelurahan)s", "(a.owner = %(owner)s OR a.resident = %(owner)s)"]
    params: dict[str, Any] = {"kelurahan": tx.tenant, "owner": owner, "limit": limit + 1}
    for name in ("status", "service"):
        if chosen.get(name):
            conditions.append(f"a.{name} = %({name})s")
            params[name] = chosen[name]
    if after:
        conditions.append("a.id < %(after)s::uuid")
        params["after"] = after[0]
    sql = f"{_SELECT} WHERE {' AND '.join(conditions)} ORDER BY a.id DESC LIMIT %(limit)s"
    return [_from_row(row, keys) for row in tx.all(sql, params)]


def touch(tx: Tx, app: Application, now: datetime) -> None:
    """Something that belongs to the case has changed: it is not idle, and its ETag is another."""
    app.changed_at = now
    app.version = int(
        tx.value(
            "UPDATE application SET changed_at = %s, version = version + 1 WHERE id = %s RETURNING version",
            [now, app.id],
        )
    )


def batch(tx: Tx, keys: Keyring, after: UUID | None, limit: int) -> list[Application]:
    """All visible cases in the order of their ids, a batch at a time (to tell their state again)."""
    rows = tx.all(
        f"{_SELECT} WHERE %(after)s::uuid IS NULL OR a.id > %(after)s::uuid ORDER BY a.id LIMIT %(limit)s"
        " FOR UPDATE OF a, p",
        {"after": after, "limit": limit},
    )
    return [_from_row(row, keys) for row in rows]


def lock_running(tx: Tx, keys: Keyring, kelurahan: str, after: UUID | None, limit: int) -> list[Application]:
    """The office's cases whose clock runs or rests, a batch at a time, for a new date."""
    rows = tx.all(
        f"{_SELECT} WHERE a.kelurahan = %(kelurahan)s AND a.submitted_at IS NOT NULL"
        " AND a.status IN ('submitted', 'received', 'returned', 'verified')"
        " AND (%(after)s::uuid IS NULL OR a.id > %(after)s::uuid) ORDER BY a.id LIMIT %(limit)s FOR UPDATE OF a, p",
        {"kelurahan": kelurahan, "after": after, "limit": limit},
    )
    return [_from_row(row, keys) for row in rows]


def lock_measured(tx: Tx, after: UUID | None, limit: int) -> list[Row]:
    """{id, service, sop_version, spent, status_since, introduction_requested_at} of the office's cases that still have
    their timeline, a batch at a time, locked: nothing is measured of them meanwhile."""
    return tx.all(
        "SELECT id, service, sop_version, spent, status_since, introduction_requested_at FROM application"
        " WHERE kelurahan = %(kelurahan)s AND erased_at IS NULL AND (%(after)s::uuid IS NULL OR id > %(after)s::uuid)"
        " ORDER BY id LIMIT %(limit)s FOR UPDATE",
        {"kelurahan": tx.tenant, "after": after, "limit": limit},
    )


def save_measured(tx: Tx, application_id: UUID, course: Course) -> None:
    """How far its figures are; nothing that its readers see."""
    tx.later(
        "UPDATE application SET spent = %s, status_since = %s, introduction_requested_at = %s WHERE id = %s",
        [course.spent, course.since, course.asked_at, application_id],
    )


_UNTOLD = "(a.idle_told_at IS NULL OR a.idle_told_at < a.changed_at)"


def idle(tx: Tx, before: datetime, after: Due | None, limit: int, *, untold: bool = False) -> list[Due]:
    """Drafts and returned cases that nobody touched since `before`, with since when; the longest first. `untold`:
    whose person was not told yet."""
    at, application_id = after or (None, None)
    rows = tx.all(
        "SELECT a.changed_at, a.id FROM application a WHERE a.status IN ('draft', 'returned')"
        f" AND a.changed_at < %(before)s{f' AND {_UNTOLD}' if untold else ''}"
        " AND (%(at)s::timestamptz IS NULL OR (a.changed_at, a.id) > (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY a.changed_at, a.id LIMIT %(limit)s",
        {"before": before, "at": at, "id": application_id, "limit": limit},
    )
    return [(row["changed_at"], row["id"]) for row in rows]


def lock_idle(
    tx: Tx, keys: Keyring, application_id: UUID, before: datetime, *, untold: bool = False
) -> Application | None:
    """One of these, locked; None when it is none any more, or somebody works on it now."""
    row = tx.one(
        f"{_SELECT} WHERE a.id = %s AND a.status IN ('draft', 'returned') AND a.changed_at < %s"
        f"{f' AND {_UNTOLD}' if untold else ''} FOR UPDATE OF a, p SKIP LOCKED",
        [application_id, before],
    )
    return _from_row(row, keys) if row else None


def idle_told(tx: Tx, app: Application, at: datetime) -> None:
    tx.later("UPDATE application SET idle_told_at = %s WHERE id = %s", [at, app.id])


def due_for_warning(tx: Tx, now: datetime, after: Due | None, limit: int) -> list[Due]:
    """Cases of which a deadline is to be told now, with since when; the earliest first."""
    at, application_id = after or (None, None)
    rows = tx.all(
        "SELECT next_warning_at, id FROM application WHERE next_warning_at <= %(now)s"
        " AND (%(at)s::timestamptz IS NULL OR (next_warning_at, id) > (%(at)s::timestamptz, %(id)s::uuid))"
        " ORDER BY next_warning_at, id LIMIT %(limit)s",
        {"now": now, "at": at, "id": application_id, "limit": limit},
    )
    return [(row["next_warning_at"], row["id"]) for row in rows]


def save_warning(tx: Tx, app: Application) -> None:
    """How far the case's deadlines were told; nothing that its readers see."""
    tx.later(
        "UPDATE application SET warned_at = %s, next_warning_at = %s WHERE id = %s",
        [app.warned_at, app.next_warning_at, app.id],
    )


def next_agenda(tx: Tx, kelurahan: str, year: int) -> int:
    """The next number of the office's year; the series' row lock keeps it gapless."""
    return int(
        tx.value(
            "INSERT INTO agenda_series (kelurahan, year, last) VALUES (%s, %s, 1) ON CONFLICT (kelurahan, year)"
            " DO UPDATE SET last = agenda_series.last + 1 RETURNING last",
            [kelurahan, year],
        )
    )


@contextmanager
def _one_open_case(app: Application) -> Iterator[None]:
    """Two requests at once cannot both open a case: the index tells the second one. Which the first is can be asked
    in another transaction only: this one is lost."""
    try:
        yield
    except psycopg2.errors.UniqueViolation as error:
        if error.diag.constraint_name != "application_one_open":
            raise
        duplicate = DuplicateApplication()
        duplicate.of = (app.service, app.nik_index) if app.nik_index else None
        raise duplicate from error


def _params(app: Application, actor: Actor) -> dict[str, Any]:
    params: dict[str, Any] = {name: getattr(app, name) for name in _COLUMNS}
    for name in _JSON:
        params[name] = Json(params[name])
    return params | {"due_at": app.due_at, "by_role": actor.word, "by_staff": actor.staff}


def _from_row(row: Row, keys: Keyring) -> Application:
    person = keys.open(row.pop("sealed"), person_context(row["person_id"]))
    for name in ("nik_index", "phone_index", "claim_hash"):
        row[name] = None if row[name] is None else bytes(row[name])
    return Application(**row, person=person)

"""Commands over the audit: does the chain hold, and whose data did somebody touch. They print ids and codes only."""

from __future__ import annotations

import argparse
import json
from datetime import datetime
from typing import Any

from kit import chain
from kit.clock import FollowingClock
from kit.db import EVERY_TENANT, Database, Row
from kit.settings import Settings

_TOUCHED = """
SELECT tenant, case_id, CASE WHEN case_id IS NULL THEN object END AS object, kind,
    coalesce(details->>'did', 'changed') AS did, caller, count(*) AS times, min(at) AS first, max(at) AS last
FROM audit LEFT JOIN LATERAL unnest(about) AS case_id ON true
WHERE (%(caller)s::text IS NULL OR caller = %(caller)s) AND (%(session)s::text IS NULL OR session = %(session)s)
  AND (%(token)s::text IS NULL OR token = %(token)s) AND (%(tenant)s::text IS NULL OR tenant = %(tenant)s)
  AND (%(from_)s::timestamptz IS NULL OR at >= %(from_)s) AND (%(to)s::timestamptz IS NULL OR at < %(to)s)
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY first
"""


def verify_audit(service: Any, settings: Settings, arguments: list[str]) -> int:
    """`verify-audit [--office CODE]… [--head CODE:POSITION:HASH]…`: walks the chains; the heads, to be kept elsewhere.
    1 when a link is broken."""
    parser = argparse.ArgumentParser(prog=f"{service.name} verify-audit", description=verify_audit.__doc__)
    parser.add_argument("--office", action="append", help="only this office's chain")
    parser.add_argument("--head", action="append", type=_head, default=[], help="a head that was printed before")
    given = parser.parse_args(arguments[1:])
    kept = dict(given.head)
    db = Database(settings.database_url, pool_size=1, timeout=60)
    broken = False
    for tenant in given.office or sorted({*chain.chains(db), *kept}):
        found = chain.verify(db, tenant, kept.get(tenant))
        broken = broken or found.broken is not None
        _say(f"{service.name} {'BROKEN' if found.broken else 'holds'} {tenant}:{found.position}:{found.head}")
        if found.broken:
            _say(f"{service.name} {tenant}: {found.broken}")
    left = chain.tail(db)
    _say(f"{service.name} not sealed yet: {left.rows}, the oldest {left.seconds:g} s")
    return 1 if broken else 0


def touched(service: Any, settings: Settings, arguments: list[str]) -> int:
    """`touched [--caller S] [--session S] [--token JTI] [--office CODE] [--from T] [--to T]`: a JSON line for each
    case, kind of data and caller; `touched --whose ID…` says whose these cases are, where this service knows it."""
    parser = argparse.ArgumentParser(prog=f"{service.name} touched", description=touched.__doc__)
    for name in ("caller", "session", "token", "office"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--from", dest="from_", type=_moment, help="from this moment on, with its offset")
    parser.add_argument("--to", type=_moment, help="before this moment")
    parser.add_argument("--whose", nargs="+", metavar="ID")
    given = parser.parse_args(arguments[1:])
    db = Database(settings.database_url, pool_size=2, timeout=60)
    if given.whose:
        return _say_whose(service, settings, db, given.whose)
    if not (given.caller or given.session or given.token or given.from_):
        parser.error("name a caller, a session, a token or a beginning")
    asked = {name: value for name, value in vars(given).items() if name not in ("office", "whose")}
    with db.transaction(EVERY_TENANT) as tx:
        rows = tx.all(_TOUCHED, asked | {"tenant": given.office})
    for row in rows:
        _say(json.dumps({"service": service.name} | _plain(row)))
    return 0


def _say_whose(service: Any, settings: Settings, db: Database, ids: list[str]) -> int:
    if service.whose is None:
        return 0
    deps = service.build(settings, db, FollowingClock(db))
    try:
        with db.transaction(EVERY_TENANT) as tx:
            for case_id, known in service.whose(deps, tx, ids).items():
                _say(json.dumps({"case_id": case_id} | known))
    finally:
        deps.close()
    return 0


def _plain(row: Row) -> Row:
    return row | {"first": row["first"].isoformat(), "last": row["last"].isoformat()}


def _head(text: str) -> tuple[str, tuple[int, str]]:
    try:
        tenant, position, hashed = text.rsplit(":", 2)
        return tenant, (int(position), bytes.fromhex(hashed).hex())
    except ValueError as error:
        raise argparse.ArgumentTypeError("a head is CODE:POSITION:HASH, as verify-audit prints it") from error


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a moment is 2026-08-14T08:00:00+07:00") from error
    if moment.tzinfo is None:
        raise argparse.ArgumentTypeError("a moment needs its offset, such as +07:00")
    return moment


def _say(line: str) -> None:
    print(line)  # noqa: T201

"""Attempts at what is not the caller's are answered with 404 and kept on record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import request

from kit.answers import deps
from kit.auth import Caller, caller
from kit.db import Database
from kit.problems import NotFound


def refuse(db: Database, who: Caller, route: str, object_id: object) -> NotFound:
    """Records the attempt in a transaction of its own; the NotFound to raise."""
    with db.transaction(who.tenant) as tx:
        tx.execute(
            "INSERT INTO refused_access (caller, tenant, route, object) VALUES (%s, %s, %s, %s)",
            [who.subject, who.tenant, route, str(object_id)],
        )
    return NotFound()


@contextmanager
def recorded(object_id: object) -> Iterator[None]:
    """Within a request: what turns out not to be the caller's is kept on record; he is told that there is nothing."""
    try:
        yield
    except NotFound as error:
        raise refuse(deps().db, caller(), f"{request.method} {request.url_rule}", object_id) from error

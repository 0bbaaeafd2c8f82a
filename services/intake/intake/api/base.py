"""What the views of intake share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Response, request

from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.domain.errors import NotYours
from intake.schemas.cases import ApplicationOut
from intake.usecases import reading
from kit.access import refuse
from kit.answers import Answer, answer, check_if_match, deps, once
from kit.auth import caller
from kit.db import Tx

Act = Callable[[Deps, Tx, Application, Actor], None]


def in_case(application_id: UUID, body: Any, act: Act, **headers: str) -> Response:
    """Does something to a case in one transaction, once per Idempotency-Key, and shows the case after it."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Any:
        app, actor = reading.find_for_change(parts, tx, who, application_id)
        check_if_match(app.version)
        act(parts, tx, app, actor)
        shown = reading.view(parts, tx, app, actor)
        return answer(ApplicationOut, shown, 200, version=app.version, **headers)

    try:
        return once(parts.db, parts.data_keys, who, who.tenant, body, work)
    except NotYours as error:
        raise on_record(error) from error


def in_office(body: Any, work: Callable[[Tx], Answer]) -> Response:
    """Does something at the caller's office in one transaction, once per Idempotency-Key."""
    try:
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)
    except NotYours as error:
        raise on_record(error) from error


def on_record(error: NotYours) -> Exception:
    """The 404 to raise; the attempt is kept."""
    return refuse(deps().db, caller(), f"{request.method} {request.url_rule}", error.object_id)

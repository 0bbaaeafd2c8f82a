"""What the views of intake share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Response, request

from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.domain.errors import NotYours
from intake.schemas.cases import ApplicationOut
from intake.usecases import applications, reading
from kit import audit
from kit.access import refuse
from kit.answers import Answer, answer, check_if_match, deps, once
from kit.auth import caller
from kit.db import Tx

Act = Callable[[Deps, Tx, Application, Actor], None]
Work = Callable[[Tx, Application, Actor], Answer]


def in_case(application_id: UUID, body: Any, act: Act, **headers: str) -> Response:
    """Does something to a case in one transaction, once per Idempotency-Key, and shows the case after it."""

    def work(tx: Tx, app: Application, actor: Actor) -> Answer:
        check_if_match(app.version)
        act(deps(), tx, app, actor)
        return answer(ApplicationOut, reading.view(deps(), tx, app, actor), 200, version=app.version, **headers)

    return within_case(application_id, body, work)


def change_case(application_id: UUID, body: Any, act: Act) -> Response:
    """The same for a page, which shows the case at its own address: nothing of it is in the answer."""

    def work(tx: Tx, app: Application, actor: Actor) -> Answer:
        check_if_match(app.version)
        act(deps(), tx, app, actor)
        return only_id(app.id)

    return within_case(application_id, body, work)


def open_case(body: dict[str, Any]) -> str:
    """Opens a case for a page, once for each form; its id. Raises what `applications.open_application` raises."""
    parts, who = deps(), caller()

    def work(tx: Tx) -> Answer:
        app = applications.open_application(parts, tx, who, body)
        audit.concerns(app.id)
        return only_id(app.id, 201)

    with applications.naming_the_first(parts, who.tenant):
        return str(once(parts.db, parts.data_keys, who, who.tenant, body, work).get_json()["id"])


def within_case(application_id: UUID, body: Any, work: Work) -> Response:
    """Work in the caller's case, locked, once per Idempotency-Key. Raises NotFound, and what `work` raises."""
    parts, who = deps(), caller()

    def locked(tx: Tx) -> Answer:
        return work(tx, *reading.find_for_change(parts, tx, who, application_id))

    with recording():
        return once(parts.db, parts.data_keys, who, who.tenant, body, locked)


def in_office(body: Any, work: Callable[[Tx], Answer]) -> Response:
    """Does something at the caller's office in one transaction, once per Idempotency-Key."""
    with recording():
        return once(deps().db, deps().data_keys, caller(), caller().tenant, body, work)


def only_id(object_id: UUID, status: int = 200) -> Answer:
    """What is kept of a page's form: where it led to. An answer with more would outlive an erasure, or the help of who
    got it, by the time that answers are kept."""
    return Answer(status, {"id": str(object_id)})


@contextmanager
def recording() -> Iterator[None]:
    """What is not the caller's is 404, and the attempt is kept."""
    try:
        yield
    except NotYours as error:
        raise on_record(error) from error


def on_record(error: NotYours) -> Exception:
    """The 404 to raise; the attempt is kept."""
    return refuse(deps().db, caller(), f"{request.method} {request.url_rule}", error.object_id)

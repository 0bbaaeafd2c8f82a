"""The audit: who changed or read what, for which case, when. Rows are only ever added; `kit.chain` seals them.

    once(…)                              writes one row for every request that changes something, in its transaction
    audit.changed(tx)                    the same for a change that takes another way
    @audit.shows("letter")               the answer shows a person's data: one row, committed before the answer goes out
    @audit.shows_nobody("why")           it does not, though its shape or its media type could
    audit.concerns(letter.case)          whose data this request is about, where neither address nor answer say so

A row has ids and codes, nothing of a person. `about` has the ids of the cases whose data were touched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

import structlog
from flask import Response, current_app, g, request

from kit import trace
from kit.auth import Caller
from kit.db import EVERY_TENANT, Tx

READ, CHANGED = "read", "changed"
CASE = "application_id"
"""By this name addresses and answers of all services say which case something belongs to."""

_NO_TENANT = "-"  # nobody's office: a stranger's request that is about none
_SAFE = ("GET", "HEAD", "OPTIONS")
_ADD = """
INSERT INTO audit (tenant, caller, roles, session, token, action, kind, object, about, purpose, request, details)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

log = structlog.get_logger()

View = TypeVar("View", bound=Callable[..., Any])


class NotAudited(RuntimeError):
    """A mistake of ours: a person's data were about to be shown, and nobody could have said whose they are."""


@dataclass
class _Noted:
    """What a request said of itself before its row is written."""

    about: list[str] | None = None
    tenant: str | None = None
    reader: tuple[str, tuple[str, ...]] | None = None
    object_id: str | None = None
    purpose: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    written: bool = False


def concerns(*about: object, tenant: str | None = None, reader: str | None = None, role: str | None = None,
             object_id: object = None, purpose: str | None = None, **details: Any) -> None:  # fmt: skip
    """Whose data the request is about (ids of cases; none: it is known to be about nobody's), and what else its row is
    to say: the office, and who reads, where no token says it; `details` are codes and numbers, nothing personal."""
    noted = _noted()
    noted.about = [*(noted.about or []), *(str(one) for one in about if one is not None)]
    noted.tenant = tenant or noted.tenant
    noted.reader = (reader, (role,) if role else ()) if reader else noted.reader
    noted.object_id = str(object_id) if object_id is not None else noted.object_id
    noted.purpose = purpose or noted.purpose
    noted.details |= details


def changed(tx: Tx, shown: Any = None, *, status: int = 200, who: Caller | str | None = None, **details: Any) -> None:
    """The row of a request that changes something, in the transaction of its effect. `shown` is its answer; `who` is
    the caller where no request says so."""
    endpoint = (request.endpoint if request else None) or "process.work"
    _write(tx, endpoint, endpoint.partition(".")[0], shown, who, {"did": CHANGED, "status": status} | details)


def shows(kind: str, *, purpose: str | None = None) -> Callable[[View], View]:
    """The view's answer has a person's data unmasked, or a file of his: the reading is on record before it goes out.
    Raises NotAudited when it is not known whose data they are. `purpose`: why, where that is not the one case."""

    def decorate(view: View) -> View:
        @wraps(view)
        def watched(*args: Any, **kwargs: Any) -> Any:
            answered = view(*args, **kwargs)
            try:
                _record_reading(kind, purpose, answered)
            except BaseException:
                if isinstance(answered, Response):
                    answered.close()  # a file that was opened to be streamed
                raise
            return answered

        watched.shows = kind  # type: ignore[attr-defined]
        return watched  # type: ignore[return-value]

    return decorate


def shows_nobody(why: str) -> Callable[[View], View]:
    """Says why an answer, for all that its shape could tell, has no person's data unmasked."""

    def decorate(view: View) -> View:
        view.shows_nobody = why  # type: ignore[attr-defined]
        return view

    return decorate


def changes_nothing(view: View) -> View:
    """A POST that only asks."""
    view.audited_by = "nothing"  # type: ignore[attr-defined]
    return view


def by_each(view: View) -> View:
    """Several things in a transaction each: each writes its row, and where nothing was done there is none."""
    view.audited_by = "each"  # type: ignore[attr-defined]
    return view


def nothing_done() -> None:
    """A form was not taken, and its sender is sent on all the same (303): there is no change to write down."""
    _noted().written = True


def complete(response: Response) -> Response:
    """After a request: a change that went through without its row gets one now, and an error in the log, since it
    belonged into the change's own transaction."""
    if request.method in _SAFE or not _went_through(response) or _noted().written or request.url_rule is None:
        return response
    if hasattr(current_app.view_functions[request.endpoint or ""], "audited_by"):
        return response
    log.error("a change was audited late", route=str(request.url_rule))
    with current_app.extensions["deps"].db.transaction(EVERY_TENANT) as tx:
        changed(tx, status=response.status_code, late=True)
    return response


def _went_through(response: Response) -> bool:
    """Whether something was done: a page's form is answered with another page (303)."""
    return response.status_code < 300 or response.status_code == 303


def _record_reading(kind: str, purpose: str | None, answered: Any) -> None:
    body, status = answered, 200
    if isinstance(answered, tuple):
        body, status = answered[0], answered[1]
    if isinstance(body, Response):
        status = body.status_code
    if status >= 300 and status != 304:
        return
    noted = _noted()
    if _about(body) is None:
        raise NotAudited(f"{request.endpoint}: whose data are these?")
    noted.purpose = noted.purpose or purpose
    with current_app.extensions["deps"].db.transaction(EVERY_TENANT) as tx:
        _write(tx, f"{kind}.{READ}", kind, body, None, {"did": READ, "status": status})


def _write(tx: Tx, action: str, kind: str, shown: Any, who: Caller | str | None, details: dict[str, Any]) -> None:
    noted = _noted()
    caller, roles, claims = _reader(who)
    about = list(dict.fromkeys(_about(shown) or []))
    tx.later(
        _ADD,
        [
            _tenant(tx), caller, list(roles), claims.get("sid"), claims.get("jti"), action, kind,
            noted.object_id or _object(shown), about, noted.purpose or (about[0] if len(about) == 1 else None),
            trace.trace_id(), _route() | noted.details | details,
        ],
    )  # fmt: skip
    noted.written = True


def _noted() -> _Noted:
    if not request:
        return _Noted()  # a use case that is not called by a request has nothing to note
    if "audited" not in g:
        g.audited = _Noted()
    noted: _Noted = g.audited
    return noted


def _reader(who: Caller | str | None) -> tuple[str, Iterable[str], Mapping[str, Any]]:
    """Subject, roles and claims: of the token, else what the view noted, else nobody that we know."""
    found = (g.get("caller") if request else None) or who
    if isinstance(found, Caller):
        return found.subject, sorted(found.roles), found.claims
    if noted := _noted().reader:
        return noted[0], noted[1], {}
    return found or "anybody", (), {}


def _tenant(tx: Tx) -> str:
    if tx.tenant != EVERY_TENANT:
        return tx.tenant
    who = g.get("caller") if request else None
    return _noted().tenant or (who.tenant if who else _NO_TENANT)


def _route() -> dict[str, Any]:
    return {"route": f"{request.method} {request.url_rule}"} if request else {}


def _arguments() -> Mapping[str, Any]:
    """What the address names."""
    return (request.view_args if request else None) or {}


def _object(shown: Any) -> str | None:
    """The innermost id of the address, else the id of what is shown."""
    ids = [str(value) for value in _arguments().values() if isinstance(value, UUID)]
    found = ids[-1] if ids else _value(shown, "id")
    return None if found is None else str(found)


def _about(shown: Any) -> list[str] | None:
    """The cases: as the view said, else as the address or what is shown say; None when nothing does."""
    noted = _noted().about
    if noted is not None:
        return noted
    if named := _arguments().get(CASE):
        return [str(named)]
    items = _value(shown, "items")
    if isinstance(items, list):
        return [str(case) for case in (_value(item, CASE) for item in items) if case is not None]
    case = _value(shown, CASE)
    return None if case is None else [str(case)]


def _value(shown: Any, name: str) -> Any:
    if isinstance(shown, Mapping):
        return shown.get(name)
    return None if isinstance(shown, Response | str | list) else getattr(shown, name, None)

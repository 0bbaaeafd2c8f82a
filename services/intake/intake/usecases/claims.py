"""A case that waits for the person whose it is: he takes it over with the codes that came to his phone."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from intake.deps import Deps
from intake.domain.applications import ENDED
from intake.domain.case import Actor, Application
from intake.domain.errors import ClaimRefused
from intake.domain.identity import IdentityError, normalise_tracking_code
from intake.store import applications as store
from intake.usecases.telling import tell_application
from kit.auth import Caller
from kit.db import Tx

MOST_CLAIM_ATTEMPTS = 5
NO_OWNER = "unclaimed"
"""The owner of a case that nobody has taken over yet; no caller's subject."""


def new_claim_code() -> str:
    """Eight digits, for one message."""
    return f"{secrets.randbelow(10**8):08d}"


def claim(deps: Deps, tx: Tx, caller: Caller, tracking_code: str, code: str) -> Application:
    """The resident takes over the draft that the RT head's introduction opened, or the case in which he wants no help
    any more. Raises ClaimRefused."""
    try:
        tracking_code = normalise_tracking_code(tracking_code)
    except IdentityError as error:
        raise ClaimRefused from error
    app = store.lock_by_code(tx, deps.data_keys, tracking_code)
    if app is None or app.claim_hash is None or app.status in ENDED:
        raise ClaimRefused
    if caller.subject == app.helper:  # he has no part in it any more, and no tries
        raise ClaimRefused
    if not hmac.compare_digest(app.claim_hash, claim_hash(app, code)):
        raise ClaimRefused(tracking_code)
    app.owner, app.claim_hash = caller.subject, None
    if app.helper is not None:
        app.resident = caller.subject
    app.changed_at = deps.clock.now()
    store.save(tx, app, Actor.towards(caller.subject, caller.roles, app), "claimed")
    tell_application(deps, tx, app, "application.changed")
    return app


def count_wrong_claim(deps: Deps, caller: Caller, refused: ClaimRefused) -> None:
    """In a transaction of its own: after a few wrong codes the draft cannot be taken over any more."""
    if refused.tracking_code:
        with deps.db.transaction(caller.tenant) as tx:
            store.count_claim(tx, refused.tracking_code, MOST_CLAIM_ATTEMPTS)


def claim_hash(app: Application, code: str) -> bytes:
    """Slow on purpose: eight digits would be found at once from a plain hash."""
    return hashlib.scrypt(code.encode(), salt=app.id.bytes, n=2**12, r=8, p=1, dklen=32)

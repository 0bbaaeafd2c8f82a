"""What somebody who has come in is handed: an access token of five minutes, and a refresh token for the next one."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.reach import WITHIN
from intake.deps import Deps
from intake.domain.accounts import ACCESS, APPLICANT, MACHINE, PERSON, SESSIONS, Account, Post, Session, claims_of
from intake.domain.errors import OfficeUnknown
from intake.store import accounts, sessions
from intake.usecases.offices import office
from kit import audit
from kit.auth import EPOCH, QUOTA, STRANGER
from kit.db import Tx
from kit.ids import new_id


@dataclass(frozen=True)
class Tokens:
    """`expires_in` is in seconds. A machine has no refresh token: it asks again with its key."""

    access_token: str
    expires_in: int
    refresh_token: str | None
    session_id: UUID | None
    roles: list[str]
    account_id: UUID
    kelurahan: str


def new_secret() -> str:
    """256 bits for an URL or a header."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> bytes:
    """A plain hash will do: the secret is random and long."""
    return hashlib.sha256(secret.encode()).digest()


def begin_session(deps: Deps, tx: Tx, account: Account, device: str) -> Tokens:
    """A new session, with its first tokens."""
    now, lasts = datetime.now(UTC), SESSIONS[account.kind]
    session = Session(
        new_id(), account.id, account.kelurahan, device, now, now, now + lasts.rests, now + lasts.ends, None
    )
    refresh_token = new_secret()
    sessions.add(tx, session, hash_of(refresh_token))
    audit.changed(tx, status=201, who=str(account.id), began=str(session.id))
    return issue(deps, tx, account, session, refresh_token)


def issue(deps: Deps, tx: Tx, account: Account, session: Session | None, refresh_token: str | None) -> Tokens:
    """An access token with the roles that the account has at this moment. It ends with the session, and with a term
    that ends earlier. The account was read before its posts are: where these change, its epoch does."""
    posts = posts_of(deps, tx, account) if account.kind == PERSON else []
    roles, claims, term_ends = claims_of(account.roles, posts)
    lasts = ACCESS
    if term_ends is not None:
        lasts = min(lasts, term_ends - deps.clock.now())
    if session is not None:
        lasts = min(lasts, session.ends_at - datetime.now(UTC))
    seconds = max(1, int(lasts.total_seconds()))
    return Tokens(
        _access_token(deps, account, session, roles, claims, seconds), seconds, refresh_token,
        session.id if session else None, roles, account.id, account.kelurahan,
    )  # fmt: skip


def _access_token(deps: Deps, account: Account, session: Session | None, roles: list[str], claims: dict[str, str],
                  seconds: int) -> str:  # fmt: skip
    issued = datetime.now(UTC).timestamp()  # with its fraction: one made right after an end is none of before it
    said: dict[str, Any] = {
        "sub": str(account.id), "roles": roles, "tenant": account.kelurahan, "iat": issued,
        "exp": int(issued) + seconds, "jti": str(new_id()), EPOCH: account.epoch,
    }  # fmt: skip
    if roles == [APPLICANT]:
        said[STRANGER] = True
    if account.kind == MACHINE:
        said[QUOTA] = account.quota
        if account.within:
            said[WITHIN] = account.within
    return deps.tokens.sign(said | claims | ({"sid": str(session.id)} if session else {}))


def posts_of(deps: Deps, tx: Tx, account: Account) -> list[Post]:
    """The RTs and RWs that whoever has this phone heads today, office time."""
    if not account.person.get("phone"):  # he writes by a channel that does not tell it
        return []
    known = accounts.known_by(deps.fingerprints, PERSON, account.person["phone"])
    rows = accounts.posts_of(tx, known)
    if not rows:
        return []
    try:
        zone = office(deps, tx, account.kelurahan).zone
    except OfficeUnknown:
        return []
    today = deps.clock.now().astimezone(zone).date()
    return [
        Post(row["role"], row["rw"], row["rt"], _end_of(row["to_date"], zone))
        for row in rows
        if row["role"] in ("rt_head", "rw_head")
        and row["from_date"] <= today
        and (row["to_date"] is None or today <= row["to_date"])
    ]


def _end_of(day: Any, zone: ZoneInfo) -> datetime | None:
    return None if day is None else datetime.combine(day + timedelta(days=1), time(), zone)

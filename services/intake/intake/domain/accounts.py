"""Accounts: who may have which role, how long a session lasts, which passwords are good enough."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

PERSON, STAFF, MACHINE = KINDS = ("person", "staff", "machine")
INVITED, ACTIVE, CLOSED = ("invited", "active", "closed")
APPLICANT = "applicant"
HEADS = {"rt_head": "rt_head", "rw_head": "rw_head"}
"""The roles that an officeholder's own phone has; a substitute is asked by links."""

OFFICE_ROLES = frozenset({"officer", "signer", "lurah", "administrator"})
ADMINISTRATORS = frozenset({"administrator", "area_administrator"})
"""Of an office, which is a role in all services; of a kecamatan or city, who looks after accounts there and no more."""
ROLES_OF_LEVEL = {
    4: OFFICE_ROLES, 3: frozenset({"camat", "area_administrator"}), 2: frozenset({"city", "area_administrator"}),
}  # fmt: skip
"""By the parts of the code: of a kelurahan (16.71.10.1001), a kecamatan (16.71.10), a city (16.71)."""
SCOPES = frozenset({"reports.read", "complaints.read"})
"""What a machine may be let do."""

ACCESS = timedelta(minutes=5)
CODE = timedelta(minutes=5)
CODE_TRIES = 5
"""Of one code, by the id that whoever asked for it was handed."""
INVITATION = timedelta(hours=72)
AT_PROVIDER = timedelta(minutes=10)
"""How long somebody may take who was sent to the identity provider."""
GRACE = timedelta(seconds=20)
"""An answer with a new refresh token may get lost on its way: so long the former one is taken once more."""
KEY = timedelta(days=365)
OVERLAP = timedelta(days=7)
"""How long a machine's former key still counts once there is a new one."""

_LEVEL = re.compile(r"\d\d\.\d\d(\.\d\d(\.\d{4})?)?")


@dataclass(frozen=True)
class Lasts:
    """How long a session goes on without being used, and in all."""

    rests: timedelta
    ends: timedelta


SESSIONS = {
    PERSON: Lasts(timedelta(days=30), timedelta(days=180)),
    STAFF: Lasts(timedelta(hours=2), timedelta(hours=12)),
}


@dataclass
class Account:
    """Somebody who may come in. `person` is what is sealed: name, and phone, or user name with TOTP secret or
    the issuer by whom he comes."""

    id: UUID
    kelurahan: str
    kind: str
    person_id: UUID
    roles: list[str]
    state: str
    password_hash: str | None
    totp_step: int
    invitation_until: datetime | None
    made_at: datetime
    made_by: str
    version: int
    person: dict[str, Any] = field(default_factory=dict)
    epoch: int = 0
    """Counts what ended its tokens, such as other roles: each token names the epoch that it was made in."""

    @property
    def by_provider(self) -> bool:
        """Whether the identity provider says who this is, and which roles he has."""
        return "issuer" in self.person


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in on one device."""

    id: UUID
    account_id: UUID
    kelurahan: str
    device: str
    began_at: datetime
    used_at: datetime
    rests_until: datetime
    ends_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Post:
    """An RT or RW that somebody heads, until the end of a day if that is known."""

    role: str
    rw: str
    rt: str | None
    ends_at: datetime | None


def roles_at(code: str) -> frozenset[str]:
    """The roles that staff of this office, kecamatan or city can have. Raises ValueError for no such code."""
    if not _LEVEL.fullmatch(code):
        raise ValueError("no code of a kelurahan, kecamatan or city")
    return ROLES_OF_LEVEL[code.count(".") + 1]


def is_within(kelurahan: str, code: str) -> bool:
    """Whether an office is this one, or below this kecamatan or city."""
    return kelurahan == code or kelurahan.startswith(f"{code}.")


def is_office(code: str) -> bool:
    """Whether this is a kelurahan's code, and not that of a kecamatan or city."""
    return bool(_LEVEL.fullmatch(code)) and code.count(".") == 3


def claims_of(roles: Iterable[str], posts: Iterable[Post]) -> tuple[list[str], dict[str, str], datetime | None]:
    """(roles, claims, the end of the first of his terms) of somebody with these posts. Of two posts with the same role
    the first counts; whoever heads an RT and its RW acts for the RT, and for the RW by the links that he is sent."""
    found, claims, ends = list(roles), dict[str, str](), None
    for post in sorted(posts, key=lambda post: (post.role, post.rw, post.rt or "")):
        if post.role in found or (post.role == "rw_head" and "rt_head" in found):
            continue
        found.append(post.role)
        claims |= {"rw": post.rw} | ({"rt": post.rt} if post.rt else {})
        ends = min(filter(None, (ends, post.ends_at)), default=None)
    return found, claims, ends


def device_of(user_agent: str) -> str:
    """What a person would call the device, and nothing that tells it from others of its kind."""
    known = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "Mac"),
             ("Linux", "Linux"))  # fmt: skip
    return next((name for sign, name in known if sign in user_agent), "lain")


def username_of(text: str) -> str:
    """As it is compared: small letters, without spaces around it."""
    return text.strip().casefold()

"""Passwords (argon2id) and the six digits of an authenticator app (RFC 6238)."""

from __future__ import annotations

import threading
import time
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from intake.domain.accounts import Account
from intake.domain.sign_in_errors import PasswordTooWeak
from intake.store import accounts
from kit.db import Tx

SHORTEST, LONGEST = 12, 128
_STEP = 30
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""19 MiB and two rounds: what OWASP's password storage cheat sheet asks for at least."""
_AT_ONCE = threading.BoundedSemaphore(4)
"""So many hashes at once per process: a crowd of sign-ins takes time, not all the memory."""


def hashed(password: str, *, but: tuple[str, ...] = ()) -> str:
    """`but` are words that must not be all there is to it: the user name, for one. Raises PasswordTooWeak."""
    _check(password, but)
    with _AT_ONCE:
        return _HASHER.hash(password)


def is_right(password: str, kept: str | None) -> bool:
    """Takes as long where nothing is kept."""
    with _AT_ONCE:
        try:
            return _HASHER.verify(kept or _nobodys(), password) and kept is not None
        except VerificationError:
            return False


def hashed_anew(password: str, kept: str | None) -> str | None:
    """A hash with today's settings, where the one that is kept has others."""
    if kept is None or not _HASHER.check_needs_rehash(kept):
        return None
    with _AT_ONCE:
        return _HASHER.hash(password)


def new_totp_secret() -> str:
    return pyotp.random_base32()


def totp_uri(secret: str, username: str, office_name: str) -> str:
    """What an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=f"Pengantar {office_name}")


def take_totp(tx: Tx, account: Account, code: str) -> bool:
    """Whether this is the app's code of now, or of half a minute before or after; each counts once."""
    secret = account.person.get("totp")
    if not secret:
        return False
    totp, step = pyotp.TOTP(secret), int(time.time()) // _STEP
    for near in (step, step - 1, step + 1):
        if pyotp.utils.strings_equal(code.replace(" ", ""), totp.generate_otp(near)):
            return accounts.take_totp_step(tx, account.id, near)
    return False


def _check(password: str, but: tuple[str, ...]) -> None:
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordTooWeak
    rest = password.casefold()
    for word in but:
        if len(word) > 2:
            rest = rest.replace(word.casefold(), "")
    if len(set(rest)) < 6:  # the same few signs again and again, or little but the name
        raise PasswordTooWeak
    from zxcvbn import zxcvbn

    if zxcvbn(password[:72], user_inputs=list(but))["score"] < 3:
        raise PasswordTooWeak


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")

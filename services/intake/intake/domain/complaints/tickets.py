"""What somebody who filed a complaint is handed: a ticket, which everybody may see the status of, and a secret code,
by which alone the rest of it is seen and gone on with where there is no account."""

from __future__ import annotations

from collections.abc import Callable

from intake.domain.identity import new_tracking_code, normalise_tracking_code

PREFIX = "ADU"
_SECRET = "KUNCI"


def new_ticket(randbits: Callable[[int], int]) -> str:
    """Such as `ADU-7K3M9-XW2RB`; its last sign checks the others."""
    return new_tracking_code(randbits, PREFIX)


def normalise_ticket(text: str) -> str:
    """As it was given out, from how somebody typed it. Raises IdentityError."""
    return normalise_tracking_code(text, PREFIX)


def new_secret(randbits: Callable[[int], int]) -> str:
    """Such as `7K3M9-XW2RB`."""
    return new_tracking_code(randbits, _SECRET).removeprefix(f"{_SECRET}-")


def normalise_secret(text: str) -> str:
    """As it was given out. Raises IdentityError."""
    return normalise_tracking_code(text, _SECRET).removeprefix(f"{_SECRET}-")

"""Who touched a case, in the words that its person reads. His own doing is not listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from intake.domain.accounts import SCOPES

_WORDS = ("lurah", "signer", "officer", "administrator", "camat", "city", "rw_head", "rt_head", "witness")
"""The first that a reader's token has is how he is shown."""

BY_SURVEY = "survey:"
"""Whoever answers by the link that was sent to the case's own contact."""


@dataclass(frozen=True)
class Held:
    """The logins of a case: whose it is, whoever goes on with it, and whoever opened it for somebody else."""

    kelurahan: str
    owner: str
    resident: str | None
    helper: str | None


def role_of(reader: str, roles: Sequence[str], held: Held) -> str | None:
    """As what somebody touched the case; None for the person himself. A helper's login holds the case as the owner's,
    and is a helper's all the same."""
    for word in _WORDS:
        if word in roles:
            return word
    if not SCOPES.isdisjoint(roles):
        return "machine"
    if reader == held.resident or reader.startswith(BY_SURVEY):
        return None
    if reader == held.helper:
        return "helper"
    if reader == held.owner:
        return None
    return "other" if roles else "officer"  # by a file link, which only the person and the office can make

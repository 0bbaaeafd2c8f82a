"""Tokens that count no more although their time is not up: by their session, their account's epoch, or their time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from kit import ended
from kit.auth import Caller
from kit.db import EVERY_TENANT, Database
from kit.problems import Unauthorized
from tests.support.tokens import BUKIT_SANGKAL

AT = datetime.now(UTC).replace(microsecond=300_000)
SECOND = int(AT.timestamp())
EARLIER, LATER = SECOND - 60, SECOND + 60

Counts = Callable[..., bool]


@pytest.fixture
def account() -> str:
    return str(uuid4())


@pytest.fixture
def counts(db: Database, account: str) -> Counts:
    """Whether a token of the account with these claims is taken."""
    known = ended.EndedAccess(db, every=0)

    def look(**claims: Any) -> bool:
        try:
            known.check(Caller(account, frozenset({"officer"}), BUKIT_SANGKAL, claims))
        except Unauthorized:
            return False
        return True

    return look


def end(db: Database, key: str, at: datetime = AT, epoch: int | None = None) -> None:
    with db.transaction(EVERY_TENANT) as tx:
        ended.keep(tx, key, at, epoch)


def test_roles_that_were_read_before_the_end_do_not_count_however_late_they_were_signed(
    db: Database, account: str, counts: Counts
) -> None:
    end(db, ended.account_key(account), epoch=3)
    for issued in (EARLIER, SECOND, AT.timestamp(), SECOND + 0.9, LATER):
        assert not counts(iat=issued, epoch=2), issued
    assert counts(iat=SECOND + 0.300001, epoch=3), "the next one does, in the same second"
    assert counts(iat=LATER, epoch=3) and counts(iat=LATER, epoch=4)


@pytest.mark.parametrize(("of_end", "of_token"), [(None, 0), (3, None), (None, None)])
def test_what_the_release_before_made_is_judged_by_its_time(
    db: Database, account: str, counts: Counts, of_end: int | None, of_token: int | None
) -> None:
    end(db, ended.account_key(account), epoch=of_end)
    named = {} if of_token is None else {"epoch": of_token}
    assert [counts(iat=at, **named) for at in (EARLIER, SECOND, SECOND + 1)] == [False, False, True]


def test_ends_that_are_heard_out_of_order_leave_the_last_one(db: Database, account: str, counts: Counts) -> None:
    end(db, ended.account_key(account), AT, epoch=3)
    end(db, ended.account_key(account), AT - timedelta(seconds=9), epoch=2)
    end(db, ended.account_key(account), AT - timedelta(seconds=5))
    assert not counts(iat=LATER, epoch=2) and not counts(iat=SECOND, epoch=3) and counts(iat=LATER, epoch=3)


def test_an_ended_session_never_goes_on(db: Database, counts: Counts) -> None:
    session = str(uuid4())
    end(db, ended.session_key(session))
    assert not any(counts(iat=at, sid=session) for at in (EARLIER, SECOND, LATER))
    assert counts(iat=EARLIER, sid=str(uuid4())) and counts(iat=EARLIER)

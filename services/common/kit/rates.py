"""How often somebody may do something: counted in the database, so that all workers count together.

    check(db, keys, Rate("code-to-phone", most=5, within=3600), phone)

The generic cell rate algorithm (ITU-T I.371) with one row per key: `most` at once, then evenly spread. Keys are kept as
keyed fingerprints, so that the table tells nobody who was here. Machine time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kit.db import EVERY_TENANT, Database, Tx
from kit.own_key import OwnKey
from kit.problems import TooManyRequests

_TAKE = """
INSERT INTO rate AS r (key, full_at) VALUES (%(key)s, clock_timestamp() + %(cost)s * interval '1 second')
ON CONFLICT (key) DO UPDATE
    SET full_at = greatest(r.full_at, clock_timestamp()) + %(cost)s * interval '1 second'
    WHERE greatest(r.full_at, clock_timestamp()) + %(cost)s * interval '1 second'
        <= clock_timestamp() + %(within)s * interval '1 second'
RETURNING extract(epoch FROM full_at - clock_timestamp())
"""
_STANDS = "SELECT extract(epoch FROM full_at - clock_timestamp()) FROM rate WHERE key = %(key)s"
# Beyond the limit too, but never so far that it would have to be waited for longer than the time that it is about.
_CHARGE = """
INSERT INTO rate AS r (key, full_at)
VALUES (%(key)s, clock_timestamp() + least(%(cost)s, 2 * %(within)s) * interval '1 second')
ON CONFLICT (key) DO UPDATE SET full_at = least(
    greatest(r.full_at, clock_timestamp()) + %(cost)s * interval '1 second',
    clock_timestamp() + 2 * %(within)s * interval '1 second')
"""
_WAIT = """
SELECT extract(epoch FROM full_at - clock_timestamp()) + %(cost)s - %(within)s FROM rate WHERE key = %(key)s
"""


@dataclass(frozen=True)
class Rate:
    """At most `most` of `name` by one key at once, refilled evenly `within` so many seconds."""

    name: str
    most: float
    within: float


@dataclass(frozen=True)
class Standing:
    """How much of a rate is `left` at this moment, in how many seconds all of it is there again, and how many to `wait`
    before one more is let through; 0 where it is."""

    left: float
    full_in: float
    wait: float


def check(db: Database, keys: OwnKey, rate: Rate, who: str, cost: float = 1) -> None:
    """Counts one more (or `cost` more) in a transaction of its own. Raises TooManyRequests, which counts nothing."""
    check_all(db, keys, [(rate, who)], cost)


def check_all(db: Database, keys: OwnKey, rates: Sequence[tuple[Rate, str]], cost: float = 1) -> None:
    """The same of several at once: where one of them refuses none is used up. Name them in the same order everywhere.
    Raises TooManyRequests."""
    with db.transaction(EVERY_TENANT) as tx:
        for rate, who in rates:
            wait = take(tx, keys, rate, who, cost)
            if wait is not None:
                raise TooManyRequests(wait)


def look(db: Database, keys: OwnKey, rate: Rate, who: str) -> None:
    """Counts nothing. Raises TooManyRequests where `check` would."""
    given = _given(keys, rate, who, 1)
    with db.transaction(EVERY_TENANT) as tx:
        wait = float(tx.value(_WAIT, given) or 0)
    if wait > 0:
        raise TooManyRequests(wait)


def take(tx: Tx, keys: OwnKey, rate: Rate, who: str, cost: float = 1) -> float | None:
    """Counts within a transaction. None, or after how many seconds it may go on."""
    given = _given(keys, rate, who, cost)
    if tx.value(_TAKE, given) is not None:
        return None
    return float(tx.value(_WAIT, given) or 0)


def counted(tx: Tx, keys: OwnKey, rate: Rate, who: str) -> Standing:
    """Counts one more within a transaction, if it is let through; how it stands then."""
    full_in = tx.value(_TAKE, _given(keys, rate, who, 1))
    if full_in is None:
        return standing(tx, keys, rate, who)
    return _standing(rate, float(full_in), counts=False)


def standing(tx: Tx, keys: OwnKey, rate: Rate, who: str) -> Standing:
    """Counts nothing."""
    return _standing(rate, float(tx.value(_STANDS, _given(keys, rate, who, 1)) or 0), counts=True)


def charge(tx: Tx, keys: OwnKey, rate: Rate, who: str, cost: float) -> None:
    """Counts what was used already, beyond what is let through as well: it is to be waited for afterwards, no longer
    than `within`."""
    given = _given(keys, rate, who, 1) | {"cost": cost * rate.within / rate.most}
    tx.later(_CHARGE, given)


def _standing(rate: Rate, full_in: float, *, counts: bool) -> Standing:
    """`counts`: whether one more is still to be let through, so that there may be something to wait for."""
    full_in = max(0.0, full_in)
    left = (rate.within - full_in) * rate.most / rate.within
    wait = max(0.0, full_in + rate.within / rate.most - rate.within) if counts else 0.0
    return Standing(max(0.0, left), full_in, wait)


def forget(tx: Tx, keys: OwnKey, rate: Rate, who: str) -> None:
    """As if he had done nothing of it so far."""
    tx.execute("DELETE FROM rate WHERE key = %s", [_given(keys, rate, who, 1)["key"]])


def _given(keys: OwnKey, rate: Rate, who: str, cost: float) -> dict[str, object]:
    return {
        "key": keys.blind_index(who, f"rate:{rate.name}"),
        "cost": min(cost, rate.most) * rate.within / rate.most,
        "within": rate.within,
    }

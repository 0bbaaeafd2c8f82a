"""Accounts, the codes on their way to phones, and machines' keys. Times are the machine's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from intake.domain.accounts import ADMINISTRATORS, CODE_TRIES, Account
from intake.store.applications import person_context
from kit.db import Row, Tx
from kit.ids import new_id
from kit.own_key import OwnKey
from kit.sealed import Keyring

_ROLES = "CASE WHEN a.within = '{}' THEN a.roles ELSE a.scopes END AS roles"
_COLUMNS = ", ".join(
    _ROLES if one.name == "roles" else f"a.{one.name}" for one in fields(Account) if one.name != "person"
)
_SELECT = f"SELECT {_COLUMNS}, p.sealed FROM account a JOIN people p ON p.id = a.person_id"


def known_by(fingerprints: OwnKey, kind: str, name: str) -> bytes:
    """The fingerprint by which a phone number or a user name is found again."""
    return fingerprints.blind_index(name, f"account:{kind}")


def known_by_provider(fingerprints: OwnKey, issuer: str, subject: str) -> bytes:
    """The fingerprint of whoever comes by the identity provider: never that of a user name."""
    return fingerprints.blind_index(f"{issuer}\0{subject}", "account:provider")


def add(tx: Tx, keys: Keyring, account: Account, known: bytes, invitation_hash: bytes | None = None) -> bool:
    """False where there is one with this phone or name already."""
    sealed = keys.seal(account.person, person_context(account.person_id))
    row = tx.one(
        "WITH made AS (INSERT INTO people (id, kelurahan, sealed) VALUES (%(person_id)s, %(kelurahan)s, %(sealed)s)"
        " RETURNING id) INSERT INTO account (id, kelurahan, kind, known_by, person_id, roles, state, invitation_hash,"
        " invitation_until, made_at, made_by, within, scopes, quota) SELECT %(id)s, %(kelurahan)s, %(kind)s, %(known)s,"
        " made.id, %(roles)s, %(state)s, %(invitation_hash)s, %(invitation_until)s, %(made_at)s, %(made_by)s,"
        " %(within)s, %(scopes)s, %(quota)s FROM made ON CONFLICT (kelurahan, kind, known_by) DO NOTHING RETURNING id",
        {name: getattr(account, name) for name in ("id", "kelurahan", "kind", "person_id", "state",
                                                   "invitation_until", "made_at", "made_by", "within", "quota")}
        | _roles(account) | {"sealed": sealed, "known": known, "invitation_hash": invitation_hash},
    )  # fmt: skip
    if row is None:
        tx.execute("DELETE FROM people WHERE id = %s", [account.person_id])
    return row is not None


def _roles(account: Account) -> dict[str, list[str]]:
    """Where they lie: those of a restricted machine apart, since the release before knows no restriction."""
    return {"roles": [], "scopes": account.roles} if account.within else {"roles": account.roles, "scopes": []}


def get(tx: Tx, keys: Keyring, account_id: UUID, *, lock: bool = False) -> Account | None:
    locked = " FOR UPDATE OF a, p" if lock else ""
    return _account(keys, tx.one(f"{_SELECT} WHERE a.id = %s{locked}", [account_id]))


def known(tx: Tx, keys: Keyring, kind: str, known: bytes) -> Account | None:
    """By the fingerprint of phone or name, within the transaction's office."""
    return _account(
        keys, tx.one(f"{_SELECT} WHERE a.kelurahan = %s AND a.kind = %s AND a.known_by = %s", [tx.tenant, kind, known])
    )


def of_everywhere(tx: Tx, keys: Keyring, kind: str, known: bytes) -> list[Account]:
    """The same in all offices, locked in order."""
    rows = tx.all(f"{_SELECT} WHERE a.kind = %s AND a.known_by = %s ORDER BY a.id FOR UPDATE OF a, p", [kind, known])
    return [found for row in rows if (found := _account(keys, row))]


def invited(tx: Tx, keys: Keyring, invitation_hash: bytes) -> Account | None:
    """Whose invitation this is, of any office, locked; None once it has expired or was accepted."""
    row = tx.one(
        f"{_SELECT} WHERE a.invitation_hash = %s AND a.invitation_until > clock_timestamp() FOR UPDATE OF a, p",
        [invitation_hash],
    )
    return _account(keys, row)


def listed(tx: Tx, keys: Keyring, kind: str, after: UUID | None, limit: int) -> list[Account]:
    """Those of the office, the oldest first, `limit + 1` of them."""
    rows = tx.all(
        f"{_SELECT} WHERE a.kelurahan = %(office)s AND a.kind = %(kind)s AND (%(after)s::uuid IS NULL"
        " OR a.id > %(after)s) ORDER BY a.id LIMIT %(limit)s",
        {"office": tx.tenant, "kind": kind, "after": after, "limit": limit + 1},
    )
    return [found for row in rows if (found := _account(keys, row))]


def active_staff(tx: Tx, keys: Keyring, roles: Sequence[str]) -> list[Account]:
    """Who works at the office in one of these roles and can sign in, the oldest first."""
    rows = tx.all(
        f"{_SELECT} WHERE a.kelurahan = %s AND a.kind = 'staff' AND a.state = 'active' AND a.roles && %s ORDER BY a.id",
        [tx.tenant, sorted(roles)],
    )
    return [found for row in rows if (found := _account(keys, row))]


def save(tx: Tx, keys: Keyring, account: Account, **invitation: bytes | None) -> None:
    """A locked account as it is now; an invitation stays what it was unless `invitation_hash` is given."""
    account.version += 1
    held = ", invitation_hash = %(invitation_hash)s" if invitation else ""
    tx.execute(
        "UPDATE account SET roles = %(roles)s, scopes = %(scopes)s, state = %(state)s,"
        " password_hash = %(password_hash)s, totp_step = %(totp_step)s, invitation_until = %(invitation_until)s,"
        f" within = %(within)s, quota = %(quota)s, version = %(version)s{held} WHERE id = %(id)s",
        {name: getattr(account, name) for name in ("id", "state", "password_hash", "totp_step", "within", "quota",
                                                   "invitation_until", "version")} | _roles(account) | invitation,
    )  # fmt: skip
    tx.execute(
        "UPDATE people SET sealed = %s WHERE id = %s",
        [keys.seal(account.person, person_context(account.person_id)), account.person_id],
    )


def rename(tx: Tx, account_id: UUID, known: bytes) -> None:
    """Found by another fingerprint from now on, which nobody else has."""
    tx.execute("UPDATE account SET known_by = %s WHERE id = %s", [known, account_id])


def take_totp_step(tx: Tx, account_id: UUID, step: int) -> bool:
    """Each code of the app counts once. False for one that was used, or an older one."""
    return bool(
        tx.execute("UPDATE account SET totp_step = %s WHERE id = %s AND totp_step < %s", [step, account_id, step])
    )


def keep_hash(tx: Tx, account_id: UUID, password_hash: str) -> None:
    tx.later("UPDATE account SET password_hash = %s WHERE id = %s", [password_hash, account_id])


def forget(tx: Tx, account: Account) -> None:
    """A person's account goes, with his phone and the codes on their way there. It has no sessions any more."""
    tx.later(
        "DELETE FROM sent_code c USING account a WHERE a.id = %s AND c.kelurahan = a.kelurahan"
        " AND c.known_by = a.known_by",
        [account.id],
    )
    tx.later("DELETE FROM account WHERE id = %s", [account.id])
    tx.later("DELETE FROM people WHERE id = %s", [account.person_id])


def lock_administrators(tx: Tx) -> list[UUID]:
    """Active administrators of the office, locked in order."""
    rows = tx.all(
        "SELECT id FROM account WHERE kelurahan = %s AND kind = 'staff' AND state = 'active'"
        " AND roles && %s ORDER BY id FOR UPDATE",
        [tx.tenant, sorted(ADMINISTRATORS)],
    )
    return [row["id"] for row in rows]


def put_code(tx: Tx, id_hash: bytes, known: bytes, code_hash: bytes, holds: timedelta) -> None:
    """Beside those that were sent before: each holds for whoever asked for it."""
    tx.execute(
        "INSERT INTO sent_code (id_hash, kelurahan, known_by, code_hash, expires_at)"
        " VALUES (%s, %s, %s, %s, clock_timestamp() + %s)",
        [id_hash, tx.tenant, known, code_hash, holds],
    )


def take_code_try(tx: Tx, id_hash: bytes, known: bytes) -> bytes | None:
    """Counts a try, then says what to compare with; None when there is nothing, or not any more."""
    found = tx.value(
        "UPDATE sent_code SET tries = tries + 1 WHERE id_hash = %s AND kelurahan = %s AND known_by = %s AND tries < %s"
        " AND expires_at > clock_timestamp() RETURNING code_hash",
        [id_hash, tx.tenant, known, CODE_TRIES],
    )
    return None if found is None else bytes(found)


def drop_code(tx: Tx, id_hash: bytes) -> bool:
    """The code was right: it counts once. False where somebody was faster."""
    return bool(tx.execute("DELETE FROM sent_code WHERE id_hash = %s", [id_hash]))


def prune_codes(tx: Tx) -> None:
    """Forgets codes whose time is up; those of the release before too."""
    tx.later("DELETE FROM sent_code WHERE expires_at < clock_timestamp()")
    tx.later("DELETE FROM sign_in_code WHERE expires_at < clock_timestamp()")


def end_epoch(tx: Tx, account_id: UUID) -> int:
    """What the account's tokens say until now counts no more; the epoch that begins."""
    return int(tx.value("UPDATE account SET epoch = epoch + 1 WHERE id = %s RETURNING epoch", [account_id]))


def add_key(tx: Tx, account_id: UUID, key_hash: bytes, at: datetime, ends_at: datetime, overlap: timedelta) -> UUID:
    """Another key of a machine; those before it end after the overlap, or earlier if they would anyway."""
    key_id = new_id()
    tx.execute("UPDATE machine_key SET ends_at = least(ends_at, %s) WHERE account_id = %s", [at + overlap, account_id])
    tx.execute(
        "INSERT INTO machine_key (id, account_id, kelurahan, key_hash, made_at, ends_at)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        [key_id, account_id, tx.tenant, key_hash, at, ends_at],
    )
    return key_id


def end_key(tx: Tx, account_id: UUID, key_id: UUID, at: datetime) -> bool:
    """Ends a key at once. False where there is none that counts."""
    return bool(
        tx.execute(
            "UPDATE machine_key SET ends_at = %(at)s WHERE id = %(id)s AND account_id = %(account)s"
            " AND ends_at > %(at)s",
            {"id": key_id, "account": account_id, "at": at},
        )
    )


def keys_of(tx: Tx, account_ids: list[UUID]) -> list[Row]:
    """{id, account_id, made_at, ends_at, used_at} of keys that still count."""
    return tx.all(
        "SELECT id, account_id, made_at, ends_at, used_at FROM machine_key WHERE account_id = ANY(%s::uuid[])"
        " AND ends_at > clock_timestamp() ORDER BY made_at",
        [account_ids],
    )


def account_of_key(tx: Tx, account_id: UUID, key_hash: bytes) -> bool:
    """Whether this key of the machine counts now; that it was used is noted, to the hour."""
    found: Any = tx.one(
        "SELECT id, used_at IS NULL OR used_at < clock_timestamp() - interval '1 hour' AS note FROM machine_key"
        " WHERE key_hash = %s AND account_id = %s AND ends_at > clock_timestamp()",
        [key_hash, account_id],
    )
    if found and found["note"]:
        tx.later("UPDATE machine_key SET used_at = clock_timestamp() WHERE id = %s", [found["id"]])
    return found is not None


def keep_officeholder(tx: Tx, data: dict[str, Any], known: bytes | None, sequence: int) -> list[bytes]:
    """Who heads what; the fingerprints of the phones whose roles may be others now. Empty where nothing is new."""
    before = tx.one(
        "SELECT known_by, rw, rt, role, from_date, to_date, sequence FROM officeholder WHERE officeholder_id = %s"
        " FOR UPDATE",
        [data["officeholder_id"]],
    )
    if before is not None and before["sequence"] >= sequence:
        return []
    now = {name: data[name] for name in ("rw", "rt", "role", "from_date", "to_date")}
    tx.execute(
        "INSERT INTO officeholder (officeholder_id, kelurahan, rw, rt, role, from_date, to_date, known_by, sequence)"
        " VALUES (%(officeholder_id)s, %(kelurahan)s, %(rw)s, %(rt)s, %(role)s, %(from_date)s, %(to_date)s, %(known)s,"
        " %(sequence)s) ON CONFLICT (officeholder_id) DO UPDATE SET rw = excluded.rw, rt = excluded.rt,"
        " role = excluded.role, from_date = excluded.from_date, to_date = excluded.to_date,"
        " known_by = excluded.known_by, sequence = excluded.sequence WHERE officeholder.sequence < excluded.sequence",
        {"officeholder_id": data["officeholder_id"], "kelurahan": data["kelurahan"], "known": known,
         "sequence": sequence} | now,
    )  # fmt: skip
    was = None if before is None or before["known_by"] is None else bytes(before["known_by"])
    if before is not None and was == known and all(before[name] == value for name, value in now.items()):
        return []
    return [one for one in {was, known} if one is not None]


def keep_name(tx: Tx, keys: Keyring, data: dict[str, Any], sequence: int) -> None:
    """The name of whoever heads an RT, for people who know him and not its number; its row of `people` goes by the
    officeholder's id. Nothing where something newer is known."""
    name = (data.get("person") or {}).get("name")
    if data["role"] == "rt_head" and name:
        held = data["officeholder_id"]
        tx.execute(
            "INSERT INTO people (id, kelurahan, sealed) SELECT %(id)s, %(kelurahan)s, %(sealed)s WHERE EXISTS"
            " (SELECT FROM officeholder WHERE officeholder_id = %(id)s AND sequence = %(sequence)s)"
            " ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed",
            {"id": held, "kelurahan": data["kelurahan"], "sequence": sequence,
             "sealed": keys.seal({"name": name}, person_context(held))},
        )  # fmt: skip


def heads(tx: Tx, keys: Keyring, today: date) -> list[tuple[str, str, str]]:
    """(rt, rw, name) of those who head an RT of the office today."""
    rows = tx.all(
        "SELECT o.rt, o.rw, o.officeholder_id, p.sealed FROM officeholder o JOIN people p ON p.id = o.officeholder_id"
        " WHERE o.kelurahan = %(office)s AND o.role = 'rt_head' AND o.from_date <= %(today)s"
        " AND (o.to_date IS NULL OR o.to_date >= %(today)s) ORDER BY o.rt, o.rw",
        {"office": tx.tenant, "today": today},
    )
    return [
        (row["rt"], row["rw"], keys.open(row["sealed"], person_context(row["officeholder_id"]))["name"]) for row in rows
    ]


def forget_names(tx: Tx, kelurahan: str, before: datetime, most: int) -> int:
    """Of those whose term has ended before; how many."""
    return tx.execute(
        "DELETE FROM people WHERE id IN (SELECT p.id FROM officeholder o JOIN people p ON p.id = o.officeholder_id"
        " WHERE o.kelurahan = %s AND o.to_date < %s LIMIT %s)",
        [kelurahan, before, most],
    )


def hold_posts(tx: Tx, known: bytes) -> None:
    """Who heads what stays until the end of the transaction that made the account of this phone: a change that could
    not see the account yet waits, and finds it."""
    tx.execute("SELECT 1 FROM officeholder WHERE kelurahan = %s AND known_by = %s FOR SHARE", [tx.tenant, known])


def posts_of(tx: Tx, known: bytes) -> list[Row]:
    """{role, rw, rt, from_date, to_date} of all terms of whoever has this phone."""
    return tx.all(
        "SELECT role, rw, rt, from_date, to_date FROM officeholder WHERE kelurahan = %s AND known_by = %s",
        [tx.tenant, known],
    )


def _account(keys: Keyring, row: Row | None) -> Account | None:
    if row is None:
        return None
    sealed = row.pop("sealed")
    return Account(**row, person=keys.open(sealed, person_context(row["person_id"])))

"""Answers to requests that change something: the same request again gets the same answer.

A POST may carry an `Idempotency-Key`. The answer is kept in the transaction of its effect, sealed, for 48 hours:

    same key, same request          the first answer again (`Idempotency-Replayed: true`)
    same key, another request       422
    same key, still running         409; the claim is a lock that ends with its transaction, whatever ends that

The fingerprint is over the parsed fields and the hashes of files, since a repeated multipart body has a new boundary.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Response, current_app, g, request
from marshmallow import Schema

from kit import audit
from kit.auth import Caller
from kit.db import Database, Tx
from kit.problems import Conflict, PreconditionFailed, Unprocessable, Words
from kit.sealed import Keyring

# Two statements in one round trip: the second one's snapshot is taken when the claim is held, so that it sees what
# whoever held it before us has committed.
_CLAIM = """
SELECT set_config('app.claimed', pg_try_advisory_xact_lock(%(lock)s)::text, true);
SELECT current_setting('app.claimed')::bool AS claimed, kept.fingerprint, kept.status, kept.headers, kept.body
FROM (VALUES (1)) AS always LEFT JOIN idempotency AS kept
    ON kept.caller = %(caller)s AND kept.route = %(route)s AND kept.key = %(key)s
"""


WAITS = 5.0
"""Seconds for the answer to the first of two taps."""


class StillRunning(Conflict):
    slug = "idempotency-key-in-use"
    title = Words("Permintaan yang sama sedang dikerjakan", "The same request is still running")
    detail = Words("Tunggu sebentar, lalu kirim lagi hal yang sama.", "Wait a moment, then send the same again.")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class KeyReused(Unprocessable):
    slug = "idempotency-key-reused"
    title = Words("Kunci sudah dipakai untuk permintaan lain", "The key belongs to another request")
    detail = Words("Pakai Idempotency-Key yang baru.", "Use a new Idempotency-Key.")


class BadKey(Unprocessable):
    slug = "idempotency-key-invalid"
    title = Words("Kunci tidak dapat dipakai", "The key is not usable")
    detail = Words(
        "Idempotency-Key: 1 sampai 128 huruf dan angka.",
        "Idempotency-Key: 1 to 128 visible ASCII characters.",
    )


class Answer:
    """What a request that changes something is answered: dumped before the commit, sent after it."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        self.status = status
        self.shown = body
        self.body = json.dumps(body, ensure_ascii=False, default=str)
        self.headers = headers or {}

    def response(self) -> Response:
        return Response(self.body, self.status, self.headers, mimetype="application/json")


def answer(schema: type[Schema], obj: Any, status: int = 200, *, version: int | None = None, **headers: str) -> Answer:
    """An answer in the shape of `schema`, with the ETag of the row's version; a header's `_` is written `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if version is not None:
        named["ETag"] = etag(version)
    return Answer(status, _instance(schema).dump(obj), named)


@cache
def _instance(schema: type[Schema]) -> Schema:
    """Making a schema costs more than dumping with it, and it keeps nothing of what it dumps."""
    return schema()


def asked_once() -> str | None:
    """The key by which this request is done once: of a page's form its own, else the header's."""
    found: str | None = g.get("idempotency_key") or request.headers.get("Idempotency-Key")
    return found


def once(db: Database, keys: Keyring, who: Caller | str, tenant: str, request_fields: Any,
         work: Callable[[Tx], Answer], *, route: str | None = None) -> Response:  # fmt: skip
    """Does `work` in one transaction, once per Idempotency-Key. `request_fields` is what the caller asked for;
    `route` stands for the address where that holds a secret, which must not be kept. Its row in the audit is part of
    that transaction; an answer that is given again has shown the data again. A page's form waits for its first tap;
    who sends the header is told to. Raises StillRunning, KeyReused, BadKey."""
    until = time.monotonic() + (WAITS if g.get("idempotency_key") else 0)
    while True:
        try:
            return _once(db, keys, who, tenant, request_fields, work, route)
        except StillRunning:
            if time.monotonic() >= until:
                raise
            time.sleep(0.1)


def _once(db: Database, keys: Keyring, who: Caller | str, tenant: str, request_fields: Any,
          work: Callable[[Tx], Answer], route: str | None) -> Response:  # fmt: skip
    key = asked_once()
    if key is None:
        with db.transaction(tenant) as tx:
            made = work(tx)
            audit.changed(tx, made.shown, status=made.status, who=who)
        return made.response()
    if not 1 <= len(key) <= 128 or not all(33 <= ord(sign) <= 126 for sign in key):
        raise BadKey
    subject = who if isinstance(who, str) else who.subject
    route = route or f"{request.method} {request.path}"
    asked = json.dumps(request_fields, sort_keys=True, default=str, separators=(",", ":"))
    with db.transaction(tenant) as tx:
        kept = _kept(tx, keys, subject, route, key, asked)
        if kept is not None:
            audit.changed(tx, kept.get_json(), status=kept.status_code, who=who, replayed=True)
            return kept
        made = work(tx)
        audit.changed(tx, made.shown, status=made.status, who=who)
        _keep(tx, keys, subject, route, key, asked, made)
    return made.response()


def _kept(tx: Tx, keys: Keyring, subject: str, route: str, key: str, asked: str) -> Response | None:
    lock = int.from_bytes(hashlib.sha256(f"{subject}\0{route}\0{key}".encode()).digest()[:8], "big", signed=True)
    row = tx.one(_CLAIM, {"lock": lock, "caller": subject, "route": route, "key": key})
    if row is None or not row["claimed"]:
        raise StillRunning
    if row["fingerprint"] is None:
        return None
    if not keys.same(row["fingerprint"], asked, "request"):
        raise KeyReused
    response = Response(keys.open(row["body"], "answer"), row["status"], row["headers"], mimetype="application/json")
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _keep(tx: Tx, keys: Keyring, subject: str, route: str, key: str, asked: str, made: Answer) -> None:
    tx.later(
        "INSERT INTO idempotency (caller, route, key, fingerprint, status, headers, body)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        # Keyed: what was asked may be short enough to be guessed from a plain hash.
        [
            subject, route, key, keys.fingerprint(asked, "request"), made.status, made.headers,
            keys.seal(made.body, "answer"),
        ],
    )  # fmt: skip


def forget_answers(tx: Tx, subject: str, address: str) -> None:
    """Whoever lost his right to see something gets no kept answers about it either: those of the address, of what
    lies under it, and the one that made it."""
    tx.later(
        "DELETE FROM idempotency WHERE caller = %(caller)s AND (split_part(route, ' ', 2) = %(address)s"
        " OR split_part(route, ' ', 2) LIKE %(under)s OR headers->>'Location' = %(address)s)",
        {"caller": subject, "address": address, "under": f"{address}/%"},
    )


def etag(version: int) -> str:
    """The ETag of a row's version."""
    return f'"{version}"'


def check_if_match(version: int) -> None:
    """Honours `If-Match`, or the version that a page's form was made from, when it is sent. Raises PreconditionFailed
    when the row is not that version any more."""
    seen = g.get("version_seen")
    if (request.if_match and not request.if_match.contains(str(version))) or (seen and seen != str(version)):
        raise PreconditionFailed


def deps() -> Any:
    """The service's parts, as its `app.py` put them together."""
    return current_app.extensions["deps"]

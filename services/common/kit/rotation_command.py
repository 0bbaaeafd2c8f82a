"""`python -m <service> rotate-keys seal|left`: one service's part in a change of keys, while it runs.

seal    seals all that the service keeps with the first key of its rings; may be killed and begun again
left    says, as JSON, how much still needs an older key: of its data keys, and of the event keys
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from pika.exceptions import AMQPError

from kit.bus import dead, topology
from kit.bus.dead import DeadLetter
from kit.clock import FixedClock
from kit.db import Database
from kit.errors import Permanent, Retryable
from kit.rotation import Rows, left_in_store, seal_objects
from kit.sealed import Keyring, key_of
from kit.service import Service
from kit.settings import Settings


def rotate_keys(service: Service, settings: Settings, arguments: list[str]) -> int:
    """The exit code: 0 when all went through, 1 when it has to be begun again, 2 for a wrong command."""
    verb = (arguments[1:2] or [""])[0]
    if verb not in ("seal", "left"):
        _say("rotate-keys seal | left")
        return 2
    db = Database(settings.database_url, pool_size=2)
    try:
        deps = service.build(settings, db, FixedClock(datetime.now(UTC)))
        if verb == "seal":
            seal(service, deps, settings.amqp_url)
        else:
            _say(json.dumps(left(service, deps, settings.amqp_url), sort_keys=True))
        return 0
    except (Retryable, Permanent, AMQPError, OSError) as error:
        reason = getattr(error, "reason", "the broker does not answer")
        _say(f"{service.name} stopped: {type(error).__name__}: {reason}. What is done is done: begin again.")
        return 1
    finally:
        db.close()


def seal(service: Service, deps: Any, amqp_url: str) -> None:
    """Everything with the current keys. Raises Unavailable when a part is away, CannotOpen, Damaged."""
    _say(f"{service.name}: sealing with {deps.data_keys.current}, for others with {deps.event_keys.current}")
    _rows(service, deps).seal()
    count = dead.rewrite(amqp_url, service.name, lambda letter: _sealed_anew(deps.event_keys, letter))
    _say(f"  dead letters: {count} sealed anew")
    for store, bucket, spool in service.holdings.buckets(deps):
        seal_objects(store, bucket, spool, _say)


def left(service: Service, deps: Any, amqp_url: str) -> dict[str, dict[str, Any]]:
    """{"data": …, "event": …}, each by what needs an older key, and "current": the ids of the keys that seal here. What
    waits in queues cannot be looked at without disturbing its order, so all of it counts."""
    rows = _rows(service, deps).left()
    event = {"outbox.data": rows.pop("outbox.data", 0)}
    for store, bucket, _spool in service.holdings.buckets(deps):
        event[f"objects of {bucket}"] = left_in_store(store, bucket, deps.event_keys)
    event["dead letters"] = sum(
        _person(letter) is not None and key_of(str(_person(letter))) != deps.event_keys.current
        for letter in dead.letters(amqp_url, service.name)
    )
    event["messages in the queue"] = topology.waiting(amqp_url, service.name)
    current = {"data": deps.data_keys.current, "event": deps.event_keys.current}
    return {
        "data": dict(rows), "event": {name: count for name, count in event.items() if count}, "current": current,
    }  # fmt: skip


def _rows(service: Service, deps: Any) -> Rows:
    return Rows(deps.db, deps.data_keys, deps.event_keys, service.holdings, _say)


def _sealed_anew(keys: Keyring, letter: DeadLetter) -> bytes | None:
    person = _person(letter)
    sealed = person and keys.reseal(person, f"event:{letter.type}:{letter.subject}")
    if not sealed:
        return None
    return json.dumps(letter.body | {"data": letter.body["data"] | {"person": sealed}}, ensure_ascii=False).encode()


def _person(letter: DeadLetter) -> str | None:
    data = letter.body.get("data")
    person = data.get("person") if isinstance(data, dict) else None
    return person if isinstance(person, str) else None


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201

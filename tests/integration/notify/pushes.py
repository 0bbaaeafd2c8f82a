"""What the tests of pushing share: a subscription, events in the feed, turns of the worker, and a clock that waits for
nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from contracts import contract
from contracts.telling import read
from kit.db import EVERY_TENANT
from notify.domain.feed import envelope
from notify.domain.subscriptions import Subscription
from notify.store import feed
from notify.store import subscriptions as store
from notify.usecases import feeding, pushing
from tests.integration.notify.story import KELURAHAN
from tests.support.receiver import Receiver
from tests.support.services import InProcess, StoppedClock

ENV = {"PUSH_ALLOWED": "127.0.0.1", "PUSH_TIMEOUT": "1"}
_sequences: dict[str, Iterator[int]] = {}


class Pushing:
    """A notify whose machine clock is moved by hand."""

    def __init__(self, notify: InProcess) -> None:
        self.notify, self.deps = notify, notify.deps
        self.clock = StoppedClock(datetime.now(UTC))
        self.deps.machine = self.clock

    def subscribe(self, receiver: Receiver, role: str = "subscriptions.manage", **more: Any) -> str:
        """A new subscription of the office's machine; the receiver knows its secret. Its id."""
        who = {"sub": "mesin-kota", "tenant": more.pop("tenant", KELURAHAN)}
        body = {"url": receiver.url, "types": ["*"]} | more
        made = self.notify.call("POST", "/v1/subscriptions", role, who=who, json=body)
        assert made.status_code == 201, made.text
        receiver.secrets = [made.json["secret"]]
        return str(made.json["id"])

    def call(self, method: str, path: str, **more: Any) -> Any:
        return self.notify.call(
            method, f"/v1/subscriptions{path}", "subscriptions.manage",
            who={"sub": "mesin-kota", "tenant": more.pop("tenant", KELURAHAN)}, **more,
        )  # fmt: skip

    def happens(self, case: str, event_type: str = "application.changed", kelurahan: str = KELURAHAN) -> str:
        """The next event of a case, with its place in the feed; its id."""
        example = contract(event_type).example | {"application_id": case, "kelurahan": kelurahan}
        sequence = next(_sequences.setdefault(case, count(1)))
        event = self.notify.make_event(event_type, example, subject=case, tenant=kelurahan, sequence=sequence)
        with self.deps.db.transaction(kelurahan) as tx:
            feed.arrive(tx, event, envelope(read(self.deps.event_keys, event)))
        feeding.give_positions(self.deps)
        return str(event.id)

    def turns(self, most: int = 60) -> None:
        """As the worker would, until nothing more can be done at this moment."""
        for _ in range(most):
            pushing.hand_out(self.deps)
            if not self.notify.work():
                return
        raise AssertionError("there is no end to the turns")

    def later(self, **by: float) -> None:
        self.clock.at += timedelta(**by)

    def stands(self, subscription_id: str) -> Subscription:
        with self.deps.db.transaction(EVERY_TENANT) as tx:
            found = store.get(tx, self.deps.data_keys, subscription_id)  # type: ignore[arg-type]
        assert found is not None
        return found

    def log(self, subscription_id: str, **query: str) -> list[dict[str, Any]]:
        """The log, oldest first."""
        found = self.call("GET", f"/{subscription_id}/deliveries", query_string={"limit": "200"} | query)
        assert found.status_code == 200, found.text
        return list(reversed(found.json["items"]))


def cases(number: int) -> list[str]:
    return [str(uuid4()) for _ in range(number)]

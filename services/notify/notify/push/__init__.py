"""The way out to other systems: one request for each event, signed, short, and never where we are led on to."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from typing import Any

from kit.outgoing import Failed, Limits, NotReached, Outgoing, Refused, TooLarge, TooSlow
from notify.domain.pushing import LANES, Item, Outcome, Outcomes
from notify.domain.signatures import headers
from notify.domain.subscriptions import Subscription

LARGEST_ANSWER = 65_536
"""Bytes of an answer that are read, and forgotten: only its status counts."""
BEGIN_WITHIN = 20.0
"""Seconds in which a round begins attempts: what is left over has its turn after others."""
_MEDIA_TYPE = "application/cloudevents+json; charset=utf-8"


class Pusher:
    """Sends events. `within` seconds, all that one attempt may take. What can go wrong is an Outcome, none raises."""

    def __init__(self, outgoing: Outgoing, within: float) -> None:
        self._outgoing, self._limits = outgoing, Limits(within=within, largest=LARGEST_ANSWER)

    def send_all(self, to: Subscription, items: Sequence[Item]) -> Outcomes:
        """Sends them, a few cases side by side and each case in order. A case stops at the first that fails, and all of
        it as soon as the receiver itself fails: what has no outcome then was not sent."""
        lanes: dict[str, list[Item]] = {}
        for item in items:
            lanes.setdefault(item.case, []).append(item)
        outcomes, over, until = Outcomes(), Event(), time.monotonic() + BEGIN_WITHIN

        def run(lane: list[Item]) -> None:
            for item in lane:
                if over.is_set() or time.monotonic() >= until:
                    return
                outcome = self.send(to, item)
                outcomes[item.key] = outcome
                if outcome.of_receiver:
                    over.set()
                if not outcome.delivered:
                    return

        if len(lanes) == 1:
            run(next(iter(lanes.values())))
        elif lanes:
            with ThreadPoolExecutor(LANES, thread_name_prefix="push") as threads:
                list(threads.map(run, lanes.values()))
        return outcomes

    def send(self, to: Subscription, item: Item) -> Outcome:
        """One attempt. The signature has the time that it is: the receiver compares it with its own clock."""
        at, began = datetime.now(UTC), time.monotonic()
        body = json.dumps(item.event, ensure_ascii=False, separators=(",", ":")).encode()
        head = headers(to.secrets, str(item.event_id), at, body) | {"Content-Type": _MEDIA_TYPE}
        status, reason, wait = None, None, None
        try:
            answer = self._outgoing.send("POST", to.url, self._limits, body=body, headers=head)
            status = answer.status
            reason = None if 200 <= status < 300 else f"answer {status}"
            wait = _seconds(answer.headers.get("Retry-After"))
        except Failed as error:
            reason = _reason(error)
        return Outcome(datetime.now(UTC), round((time.monotonic() - began) * 1000), status, reason, wait)


def _reason(error: Failed) -> str:
    """A code that the log shows; nothing that the receiver said."""
    kinds = ((Refused, "address"), (NotReached, "unreached"), (TooSlow, "slow"), (TooLarge, "large"))
    return next((code for kind, code in kinds if isinstance(error, kind)), "broken")


def _seconds(given: Any) -> float | None:
    """`Retry-After` in seconds; a date is not read."""
    return float(given) if isinstance(given, str) and given.isdecimal() and len(given) <= 9 else None

"""Webhooks on their way to the business: signed over their bytes, batched, late, twice, in any order, and tried again
with growing gaps until they are taken."""

from __future__ import annotations

import hashlib
import heapq
import hmac
import itertools
import json
import logging
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import urllib3

from deploy.whatsapp_simulator.payloads import Event
from deploy.whatsapp_simulator.settings import Settings
from deploy.whatsapp_simulator.switches import Switches

log = logging.getLogger(__name__)

MOST_WAITING = 50_000
MOST_REMEMBERED = 500
WITHIN = 10.0
GATHERED_FOR = 0.15
GIVEN_UP_AFTER = 7 * 24 * 3600.0
LONGEST_GAP = 300.0


class HandshakeFailed(Exception):
    """The address did not answer the challenge; the text says what it answered."""


@dataclass
class Delivery:
    """One webhook: its bytes stay the same however often it is sent. `statuses` are what it was answered with."""

    body: bytes
    events: Sequence[Event]
    born: float
    statuses: list[int] = field(default_factory=list)
    url: str = ""

    @property
    def done(self) -> bool:
        return 200 in self.statuses


class Deliveries:
    """`put` from any thread; one thread of its own sends, one webhook after the other."""

    def __init__(self, settings: Settings, switches: Switches) -> None:
        self._settings = settings
        self._switches = switches
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=WITHIN), retries=False)
        self._changed = threading.Condition()
        self._order = itertools.count()
        self._events: list[tuple[float, int, Event]] = []
        self._deliveries: list[tuple[float, int, Delivery]] = []
        self._under_way = 0
        self._url = settings.webhook_url
        self._shaken = False
        self._ended = False
        self._random = random.Random()
        self.remembered: deque[Delivery] = deque(maxlen=MOST_REMEMBERED)

    # ---- from other threads

    def put(self, event: Event, after: float = 0.0) -> None:
        """An event to be told, in so many seconds."""
        late = self._random.uniform(0, self._switches.latency) if self._switches.latency else 0.0
        with self._changed:
            if len(self._events) + len(self._deliveries) >= MOST_WAITING:
                log.warning("too many webhooks wait: one is dropped")
                return
            heapq.heappush(self._events, (time.monotonic() + after + late, next(self._order), event))
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """Events and webhooks that were not taken yet."""
        with self._changed:
            return len(self._events) + len(self._deliveries) + self._under_way

    @property
    def webhook(self) -> dict[str, Any]:
        """Where webhooks go, and whether that address has shaken hands."""
        return {"url": self._url, "verified": self._shaken}

    def register(self, url: str, verify_token: str | None = None) -> None:
        """Another address, once it answered the challenge. Raises HandshakeFailed."""
        self._shake_hands(url, self._settings.verify_token if verify_token is None else verify_token)
        with self._changed:
            self._url, self._shaken = url, True
            self._changed.notify()

    def start(self) -> None:
        """Begin to send."""
        threading.Thread(target=self._run, name="webhooks", daemon=True).start()

    def stop(self) -> None:
        """Send no more."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    # ---- the thread

    def _run(self) -> None:
        gap = 0.3
        while not self._ended:
            if self._url and not self._shaken:
                gap = self._try_to_register(gap)
                continue
            with self._changed:
                pause = self._until_next()
                if pause > 0:
                    self._changed.wait(pause)
                    continue
                self._gather()
                due = self._take_due()
                self._under_way = len(due)
            for delivery in due:
                self._send(delivery)
                with self._changed:
                    self._under_way -= 1

    def _try_to_register(self, gap: float) -> float:
        """The first handshake: the business may not be there yet."""
        try:
            self.register(self._url)
            return 0.3
        except HandshakeFailed as error:
            log.info("no handshake yet: %s", error)
            with self._changed:
                self._changed.wait(gap)
            return min(gap * 1.5, 5.0)

    def _until_next(self) -> float:
        """Seconds until there is something to do."""
        if not self._url or self._switches.outage:
            return 0.2
        due = [self._events[0][0] + self._patience] if self._events else []
        due += [self._deliveries[0][0]] if self._deliveries else []
        return min(due) - time.monotonic() if due else 60.0

    @property
    def _patience(self) -> float:
        """Seconds that an event waits for others to come along."""
        return GATHERED_FOR if self._switches.batch > 1 else 0.0

    def _gather(self) -> None:
        """Makes webhooks of the events that are due, each with as many as may go together."""
        most, now = max(1, self._switches.batch), time.monotonic()
        due: list[Event] = []
        if self._events and self._events[0][0] + self._patience <= now:
            while self._events and self._events[0][0] <= now:
                due.append(heapq.heappop(self._events)[2])
        if self._switches.reorder:
            self._random.shuffle(due)
        while due:
            together = self._random.randint(1, most)
            self._plan(due[:together])
            due = due[together:]

    def _plan(self, events: Sequence[Event]) -> None:
        body = written(envelope(self._settings.account_id, events, self._random), self._random)
        delivery = Delivery(body, events, time.monotonic(), url=self._url)
        self.remembered.append(delivery)
        for again in range(1 + self._switches.duplicates):
            late = self._random.uniform(0, 0.5) if again or self._switches.reorder else 0.0
            heapq.heappush(self._deliveries, (time.monotonic() + late, next(self._order), delivery))

    def _take_due(self) -> list[Delivery]:
        found = []
        while self._deliveries and self._deliveries[0][0] <= time.monotonic():
            found.append(heapq.heappop(self._deliveries)[2])
        return found

    def _send(self, delivery: Delivery) -> None:
        status = self._post(delivery)
        delivery.statuses.append(status)
        if status == 200:
            for event in delivery.events:
                if event.taken is not None:
                    event.taken()
            return
        if time.monotonic() - delivery.born > GIVEN_UP_AFTER:
            log.warning("a webhook was not taken for a week: it is given up")
            return
        gap = min(self._switches.first_retry * 2 ** (len(delivery.statuses) - 1), LONGEST_GAP)
        with self._changed:
            due = time.monotonic() + gap * self._random.uniform(0.8, 1.2)
            heapq.heappush(self._deliveries, (due, next(self._order), delivery))

    def _post(self, delivery: Delivery) -> int:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "facebookexternalua",
            "X-Hub-Signature-256": signature(self._settings.app_secret, delivery.body),
        }
        try:
            answer = self._http.request("POST", self._url, body=delivery.body, headers=headers, redirect=False)
        except urllib3.exceptions.HTTPError:
            return 0
        return answer.status

    def _shake_hands(self, url: str, verify_token: str) -> None:
        challenge = str(secrets.randbelow(10**10))
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            answer = self._http.request("GET", url, fields=query, redirect=False)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise HandshakeFailed(f"no answer: {type(error).__name__}") from error
        if answer.status != 200 or answer.data.decode("utf-8", "replace") != challenge:
            raise HandshakeFailed(f"the challenge was answered with {answer.status}")


def signature(app_secret: str, body: bytes) -> str:
    """What stands in X-Hub-Signature-256."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def envelope(account_id: str, events: Sequence[Event], chance: random.Random) -> dict[str, Any]:
    """One webhook of several events: in one list of messages, in several changes, or in several entries."""
    entries: list[dict[str, Any]] = []
    for event in events:
        change = {"field": event.field, "value": event.value}
        last = entries[-1]["changes"][-1] if entries else None
        way = chance.choice(("list", "change", "entry"))
        if last is not None and way == "list" and _alike(last, change):
            _join(last["value"], event.value)
        elif entries and way != "entry":
            entries[-1]["changes"].append(change)
        else:
            entries.append({"id": account_id, "time": int(time.time()), "changes": [change]})
    return {"object": "whatsapp_business_account", "entry": entries}


def _alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether both are of one number and one kind."""
    kinds = [sorted(change["value"].keys() - {"contacts"}) for change in (one, other)]
    numbers = [change["value"]["metadata"] for change in (one, other)]
    return one["field"] == other["field"] and kinds[0] == kinds[1] and numbers[0] == numbers[1]


def _join(value: dict[str, Any], more: dict[str, Any]) -> None:
    for name, items in more.items():
        if isinstance(items, list):
            known = value.get(name, [])
            value[name] = [*known, *(one for one in items if one not in known)]


def written(value: Any, chance: random.Random) -> bytes:
    """The bytes of a body, as they come: with escapes and without spaces, or plain with odd ones. Who signs anything
    but these very bytes is found out."""
    style: Callable[[Any], str] = chance.choice((_escaped, _spaced))
    return style(value).encode("utf-8")


def _escaped(value: Any) -> str:
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").replace("@", "\\u0040")


def _spaced(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(" , ", " :  ")) + "\n"

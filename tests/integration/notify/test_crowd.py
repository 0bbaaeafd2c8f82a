"""Very many webhooks at once, three times each, out of order, in batches, with nonsense and forgeries between: each
real message has its effect once, receipts never go back, and nobody waits for somebody whose message is stuck."""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from kit import jobs
from kit.errors import Retryable
from notify.domain.messages import RANKS
from notify.domain.provider_ids import hashed
from notify.usecases import incoming
from tests.integration.notify.story import Story, publish
from tests.integration.notify.whatsapp import count, deliver, texts
from tests.support import whatsapp
from tests.support.services import InProcess
from tests.support.whatsapp import change, payload, status, text

SEED = 20_260_814
WORKERS = 4
STUCK = "6281271999999"
"""Whose message is not done until everybody else's is."""


@dataclass
class Crowd:
    """`deliveries` in the order in which they come: bytes and signature, and whether they are to be taken."""

    deliveries: list[tuple[bytes, str, int]] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    statuses: dict[str, str] = field(default_factory=dict)


def crowd(total: int, wamids: list[str], dice: random.Random) -> Crowd:
    """So many deliveries, a third of them different; one in ten is no JSON, or forged."""
    made, items, different = Crowd(), list[dict[str, Any]](), total // 3
    receipts = [(wamid, said) for wamid in wamids for said in ("sent", "delivered", "read")[: dice.randint(1, 3)]]
    dice.shuffle(receipts)
    for wamid, said in receipts:
        if RANKS[said] > RANKS[made.statuses.get(wamid, "sent")]:
            made.statuses[wamid] = said
    for number in range(different):
        if number % 10 == 9:
            made.deliveries += [_bad(number, dice)] * 3
            continue
        for _ in range(dice.randint(1, 6)):
            sender = STUCK if number == 0 else f"6281271{dice.randrange(different):06d}"
            said = f"pesan {len(made.wanted)} é 🙏"
            made.wanted.append(said)
            items.append(text(said, sender))
        some = [receipts.pop() for _ in range(min(len(receipts), dice.randint(0, 3)))] if number else []
        parts = [change(*items, statuses=[status(*one) for one in some] or None)]
        if len(items) > 2:
            parts = [change(*items[:1]), change(*items[1:], statuses=[status(*one) for one in some] or None)]
        body = whatsapp.encoded(payload(*parts))
        made.deliveries += [(body, whatsapp.signature(body), 200)] * 3
        items.clear()
    while receipts:
        body = whatsapp.encoded(payload(change(statuses=[status(*receipts.pop())])))
        made.deliveries += [(body, whatsapp.signature(body), 200)] * 3
    dice.shuffle(made.deliveries)
    return made


def _bad(number: int, dice: random.Random) -> tuple[bytes, str, int]:
    body = whatsapp.encoded(payload(change(text(f"palsu {number}"))))
    which = dice.randrange(3)
    if which == 0:
        return body, whatsapp.signature(body, "another"), 401
    if which == 1:
        place = dice.randrange(len(body))
        return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :], whatsapp.signature(body), 401
    harmed = body[: dice.randrange(len(body) // 2)]
    return harmed, whatsapp.signature(harmed), 200


@contextmanager
def working(notify: InProcess) -> Iterator[None]:
    """Several workers at once."""
    ended = threading.Event()

    def work(_number: int) -> None:
        while not ended.is_set():
            job = jobs.claim(notify.deps.db, notify.service.jobs)
            if job is None:
                time.sleep(0.02)
                continue
            try:
                notify.service.jobs[job.kind].work(notify.deps, job)
            except Retryable as error:
                jobs.put_back(notify.deps.db, job, error.reason, after=0)

    with ThreadPoolExecutor(WORKERS) as pool:
        running = [pool.submit(work, number) for number in range(WORKERS)]
        try:
            yield
        finally:
            ended.set()
            for one in running:
                one.result()


@contextmanager
def watched(notify: InProcess) -> Iterator[list[str]]:
    """Messages whose status went back while it was looked at."""
    back: list[str] = []
    ended, last = threading.Event(), dict[Any, int]()

    def look() -> None:
        while not ended.wait(0.05):
            for row in notify.rows("SELECT id, status FROM message"):
                rank = RANKS[row["status"]]
                if rank < last.get(row["id"], 0):
                    back.append(str(row["id"]))
                last[row["id"]] = rank

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield back
    finally:
        ended.set()
        thread.join()


def until(notify: InProcess, wanted: int, within: float) -> None:
    """Waits until so many things are left to be done."""
    ends = time.monotonic() + within
    while True:
        [row] = notify.rows("SELECT count(*) AS n FROM arrival WHERE state = 'waits'")
        if row["n"] == wanted:
            return
        assert time.monotonic() < ends, f"{row['n']} are left"
        time.sleep(0.1)


@pytest.fixture
def sent(notify: InProcess) -> list[str]:
    """What the channel calls messages of ours."""
    publish(notify)
    notify.work(most=1000)
    found = []
    for number in range(20):
        message_id, wamid = Story(notify).ask(), f"wamid.ours.{number}"
        notify.work()
        notify.rows(
            "UPDATE message SET channel = 'whatsapp', provider_id = %s, status = 'sent' WHERE id = %s RETURNING id",
            [hashed(wamid), message_id],
        )
        found.append(wamid)
    return found


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("total", [300, pytest.param(10_000, marks=pytest.mark.fuzz)])
def test_each_of_very_many_has_its_effect_once(
    notify: InProcess, sent: list[str], total: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = crowd(total, sent, random.Random(SEED))
    whole, others_done = incoming.take, threading.Event()
    began = {"texts": len(texts(notify)), "stuck": 0}

    def take(deps: Any, tx: Any, channel: str, kelurahan: str, one: Any) -> Any:
        if one.phone == f"+{STUCK}" and not others_done.is_set():
            began["stuck"] += 1
            others_done.wait(within)
        return whole(deps, tx, channel, kelurahan, one)

    monkeypatch.setattr(incoming, "take", take)
    stuck = sum(1 for one in made.wanted if one in _of(made, STUCK))
    within, start = max(120.0, total / 5), time.monotonic()
    with watched(notify) as back, working(notify):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda one: _deliver(notify, one), made.deliveries))
        delivered = time.monotonic() - start
        until(notify, 3 * stuck, within)
        assert began["stuck"] >= 1, "somebody's message was stuck all the while"
        others_done.set()
        until(notify, 0, within)
    assert answers == [wanted for _body, _signature, wanted in made.deliveries]
    assert Counter(texts(notify)[began["texts"] :]) == Counter(made.wanted), "each once, and no forged one"
    assert back == []
    states = {
        row["provider_id"]: row["status"] for row in notify.rows("SELECT * FROM message WHERE channel = 'whatsapp'")
    }
    assert states == {hashed(wamid): made.statuses.get(wamid, "sent") for wamid in sent}
    assert count(notify, "job") == 0
    sys.stderr.write(
        f"{len(made.deliveries)} deliveries in {delivered:.1f} s, {len(made.wanted)} messages done in"
        f" {time.monotonic() - start:.1f} s\n"
    )


def _deliver(notify: InProcess, one: tuple[bytes, str, int]) -> int:
    return int(deliver(notify, one[0], **{"X-Hub-Signature-256": one[1]}).status_code)


def _of(made: Crowd, phone: str) -> set[str]:
    """What somebody wrote."""
    return {
        message["text"]["body"]
        for body, _signature, wanted in made.deliveries
        if wanted == 200 and phone.encode() in body
        for entry in _read(body)["entry"]
        for part in entry["changes"]
        for message in part["value"].get("messages", [])
        if message["from"] == phone
    }


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return {"entry": []}

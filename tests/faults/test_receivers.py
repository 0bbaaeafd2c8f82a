"""Other systems that hang, are away, answer slowly or refuse everything, while the demo is played: it takes as long as
without them, and who is well gets everything once, in order, and nothing of a person."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.client import Person
from deploy.local.stack import Stack
from deploy.token import token_for
from tests.support.canaries import leaks
from tests.support.eventually import eventually
from tests.support.playing import photographs, play, whole_stack
from tests.support.receiver import Receiver, receiving

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1800)]

AS_FAST = 1.25
"""The demo waits for many things at full and half seconds, and no two runs on a shared machine are the same."""


def test_the_demo_takes_as_long_with_bad_receivers_as_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photographs()  # made once, and no part of what is timed
    with whole_stack("faults") as stack:
        alone = _timed(stack, tmp_path / "alone", monkeypatch)
    with whole_stack("faults") as stack, _bad_receivers(stack), receiving(delay=0.2) as well:
        machine = _subscribe(stack, well)
        beside = _timed(stack, tmp_path / "beside", monkeypatch)
        eventually(lambda: _all_there(machine), within=60)
    print(f"the demo: {alone:.1f} s alone, {beside:.1f} s beside bad receivers, {len(well.seen)} events to a good one")  # noqa: T201
    assert beside <= alone * AS_FAST
    assert well.wrong == [] and len(set(well.ids)) == len(well.ids)
    assert _in_order(well.seen) and sorted(_ends(well.seen).values()) == ["completed"] * 4
    assert leaks(json.dumps(well.seen, ensure_ascii=False)) == []


def _timed(stack: Stack, out: Path, monkeypatch: pytest.MonkeyPatch) -> float:
    began = time.monotonic()
    with monkeypatch.context() as patch:
        assert len(play(stack, out, patch)) == 4
    return time.monotonic() - began


@contextmanager
def _bad_receivers(stack: Stack) -> Iterator[None]:
    with ExitStack() as all_of_them:
        bad = [Receiver(hangs=True), Receiver(hangs=True), Receiver(answers=500), Receiver(answers=400)]
        bad += [Receiver(delay=3.0), Receiver()]
        for one in bad:
            all_of_them.callback(one.up().down)
            _subscribe(stack, one)
        bad[-1].down()
        yield


def _subscribe(stack: Stack, receiver: Receiver) -> Person:
    """Of a machine of its own, at the office."""
    key = stack.token_key_file.read_text("ascii")
    machine = Person(stack.base_url, token_for(key, "subscriptions.manage", sub=f"mesin-{receiver.port}"))
    receiver.secrets = [machine.client.subscriptions.create(receiver.url, ["*"], after=0)["secret"]]
    return machine


def _all_there(machine: Person) -> bool:
    [one] = machine.client.subscriptions.list()
    return bool(one["behind"] == 0 and one["held"] == 0)


def _in_order(seen: list[dict[str, Any]]) -> bool:
    of_case = defaultdict[str, list[int]](list)
    for event in seen:
        of_case[event["subject"]].append(event["sequence"])
    return all(found == sorted(found) for found in of_case.values())


def _ends(seen: list[dict[str, Any]]) -> dict[str, str]:
    """How each case stood last."""
    return {event["subject"]: event["data"]["status"] for event in seen if event["type"].startswith("application.")}

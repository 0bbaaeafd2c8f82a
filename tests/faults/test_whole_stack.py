"""`make faults`: the demo while its parts are killed, stopped and frozen. Every case still completes, nothing twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.faults.faults import freezing, killing, stopping
from tests.support.outcome import SERVICES, assert_all_is_well
from tests.support.playing import play, whole_stack

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

CALLS = 150
SEED = 20260814


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_killed_at_ten_moments(
    service: str, role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each moment in a run of its own would take an hour; here the ten fall into one run, one after another."""
    moments = sorted(random.Random(f"{SEED}{service}{role}").sample(range(5, CALLS, 12), 10))
    with whole_stack("faults") as stack:
        acts = {moment: killing(stack, service, role, pause=1) for moment in moments}
        assert_all_is_well(stack, play(stack, tmp_path, monkeypatch, acts))


@pytest.mark.parametrize("part", ["rabbitmq", "postgres", "objects"])
def test_a_part_that_is_away_for_thirty_seconds(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with whole_stack("faults") as stack:
        assert_all_is_well(stack, play(stack, tmp_path, monkeypatch, {30: stopping(stack, part, 30)}))


@pytest.mark.parametrize("part", ["rabbitmq", "postgres", "objects"])
def test_a_part_that_is_frozen_for_ninety_seconds(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with whole_stack("faults") as stack:
        assert_all_is_well(stack, play(stack, tmp_path, monkeypatch, {30: freezing(stack, part, 90)}))

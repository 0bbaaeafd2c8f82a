"""`make faults`: the demo while its parts are killed, stopped and frozen. Every case still completes, nothing twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from deploy.local.stack import Stack
from tests.faults.faults import freezing, killing, stopping
from tests.support.followed import followed
from tests.support.outcome import SERVICES, assert_all_is_well
from tests.support.playing import DEEDS, Act, play, whole_stack

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

SEED = 20260814
MOMENTS = 10
MIDDLE = 20  # of the first day: applications open, photos on their way, the others not begun
PARTS = ("rabbitmq", "postgres", "objects")


def ten_kills(stack: Stack, service: str, role: str) -> dict[int, Act]:
    """Ten deeds of the demo beside which the process dies, how far into them, and for how long it is away."""
    chance = random.Random(f"{SEED} {service} {role}")
    deeds = sorted(chance.sample(range(1, DEEDS + 1), MOMENTS))
    return {
        deed: killing(stack, service, role, after=chance.random() ** 2 / 2, away=chance.uniform(1, 3)) for deed in deeds
    }


@pytest.mark.parametrize("role", ["web", "worker"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_killed_at_ten_moments(
    service: str, role: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All ten in one run: that is harder than ten runs, and takes a tenth of their time."""
    with whole_stack("faults") as stack:
        with followed(stack, tmp_path):
            cases = play(stack, tmp_path, monkeypatch, ten_kills(stack, service, role))
        assert_all_is_well(stack, cases)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_away_for_thirty_seconds(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with whole_stack("faults") as stack:
        with followed(stack, tmp_path):
            cases = play(stack, tmp_path, monkeypatch, {MIDDLE: stopping(stack, part, 30)})
        assert_all_is_well(stack, cases)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_frozen_for_ninety_seconds(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with whole_stack("faults") as stack:
        assert_all_is_well(stack, play(stack, tmp_path, monkeypatch, {MIDDLE: freezing(stack, part, 90)}))

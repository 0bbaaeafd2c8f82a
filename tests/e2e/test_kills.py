"""The small version of the fault tests: each process killed once while cases are under way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.faults import killing
from tests.support.outcome import SERVICES, assert_all_is_well
from tests.support.playing import play, whole_stack


def test_each_process_killed_once_on_the_way_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with whole_stack("e2e_kills") as stack:
        victims = [(service, role) for service in SERVICES for role in ("worker", "web")]
        acts = {8 + 14 * number: killing(stack, *victim) for number, victim in enumerate(victims)}
        assert_all_is_well(stack, play(stack, tmp_path, monkeypatch, acts))

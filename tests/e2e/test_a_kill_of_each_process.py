"""The small version of the fault tests: each process killed once while cases are under way, and a consumer of the feed
again and again.

By its name it comes first in its folder, so that its stack is gone when the one that the others share is started.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.faults import killing
from tests.support.canaries import assert_nothing_personal
from tests.support.followed import followed
from tests.support.outcome import SERVICES, assert_all_is_well
from tests.support.playing import DEEDS, play, whole_stack


def test_each_process_killed_once_on_the_way_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    victims = [(service, role) for role in ("worker", "web") for service in SERVICES]
    deeds = range(3, DEEDS, DEEDS // len(victims))
    with whole_stack("e2e_kills") as stack:
        acts = {deed: killing(stack, *victim) for deed, victim in zip(deeds, victims, strict=False)}
        assert len(acts) == len(victims)
        with followed(stack, tmp_path):
            cases = play(stack, tmp_path, monkeypatch, acts)
        assert_all_is_well(stack, cases)
        assert_nothing_personal(stack, cases)

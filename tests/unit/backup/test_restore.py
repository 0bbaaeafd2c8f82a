"""What a restore takes for data that are in its way."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from deploy.backup import attempt, restore
from deploy.setup.buckets import BUCKETS


@pytest.mark.parametrize(("names", "found"), [("original/1\n", False), ("original/1\noriginal/2\n", True), ("", False)])
def test_what_a_restore_that_was_cut_off_has_added_is_in_nobodys_way(
    names: str, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begun again into an installation that is empty it would else ask for --replace."""
    monkeypatch.setattr(attempt, "noted", lambda *_: {"original/1": "mark"})
    there = cast(Any, SimpleNamespace(objects=lambda *_: SimpleNamespace(run=lambda: names)))
    assert restore._buckets_with_objects(there) == (list(BUCKETS.values()) if found else [])

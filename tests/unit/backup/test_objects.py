"""What of a bucket is the installation's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from deploy.backup import objects
from deploy.setup.buckets import PROBE


def test_what_only_tries_the_store_is_no_object_of_anybody() -> None:
    """It made a restore say that there are data, when a slow store had put it after it was removed."""
    there = [SimpleNamespace(object_name=name) for name in (PROBE, "original/1")]
    store = cast(Any, SimpleNamespace(list_objects=lambda **_: there))
    assert list(objects.names(store, "intake-files")) == ["original/1"]

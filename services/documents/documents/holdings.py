"""All that documents seals, for the change of keys. A test compares it with the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.objects import ObjectStore
from kit.rotation import Holdings, SealedColumn
from kit.spool import Spool


def _buckets(deps: Any) -> Sequence[tuple[ObjectStore, str, Spool]]:
    return [(deps.objects, deps.settings.s3_bucket, deps.spool)]


HOLDINGS = Holdings(columns=(SealedColumn("people", "sealed", "person:{id}"),), buckets=_buckets)

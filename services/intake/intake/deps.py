"""The parts that intake's use cases are handed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from intake.known import Known
from kit import service
from kit.clock import Clock
from kit.db import Database
from kit.objects import ObjectStore
from kit.own_key import OwnKey
from kit.service import keyrings
from kit.spool import Spool


@dataclass
class Deps(service.Deps):
    """The object store and disk for files in work, what signs RT heads' grants, and what this process has read of
    offices and catalogues."""

    objects: ObjectStore
    spool: Spool
    grants: OwnKey
    known: Known = field(default_factory=Known)


def build(settings: Any, db: Database, clock: Clock) -> Deps:
    """From `intake.settings.Settings`. Connects to nothing yet."""
    data_keys, event_keys = keyrings(settings)
    objects = ObjectStore(settings.s3_endpoint_url, settings.s3_access_key, settings.s3_secret_key, keys=event_keys)
    return Deps(
        settings, db, clock, data_keys, event_keys, objects, Spool(settings.spool_dir), OwnKey(db, data_keys, "grant")
    )

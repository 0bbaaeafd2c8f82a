"""The parts that the use cases of documents are handed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from documents.inspection import Inspector, Painter
from documents.rendering import Renderer
from kit import service
from kit.clock import Clock
from kit.db import Database
from kit.objects import ObjectStore
from kit.service import keyrings
from kit.spool import Spool


@dataclass
class Deps(service.Deps):
    """`objects` holds drafts and letters; `renderer` has no child before its first document; `spool` is for bundles in
    the making and what strangers send, which `inspector` looks into; `painter` draws letters for pages."""

    objects: ObjectStore
    renderer: Renderer
    spool: Spool
    inspector: Inspector
    painter: Painter

    def close(self) -> None:
        self.renderer.close()


def build(settings: Any, db: Database, clock: Clock) -> Deps:
    """Connects to nothing and starts nothing yet."""
    data_keys, event_keys = keyrings(settings)
    objects = ObjectStore(settings.s3_endpoint_url, settings.s3_access_key, settings.s3_secret_key, keys=event_keys)

    def picture(key: str) -> bytes:
        with objects.get(settings.s3_bucket, key) as stored:
            return b"".join(stored)

    renderer = Renderer(settings.render_processes, settings.render_timeout, picture)
    return Deps(
        settings, db, clock, data_keys, event_keys, objects, renderer, Spool(settings.spool_dir), Inspector(), Painter()
    )

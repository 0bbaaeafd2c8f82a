"""The emblem of an office's letterhead. A picture in the store stays: letters that have their number may name it."""

from __future__ import annotations

import hashlib
from io import BytesIO

from documents.deps import Deps
from documents.emblems import Picture
from documents.store import office_templates as store
from documents.usecases import leaflets, redrafting
from kit.db import Row, Tx
from kit.problems import NotFound

PNG = "image/png"


def keep(deps: Deps, tenant: str, picture: Picture) -> tuple[str, str]:
    """Stores the picture under its hash: (key, hash). Raises StoreUnavailable."""
    sha256 = hashlib.sha256(picture.png).hexdigest()
    key = f"{tenant}/emblems/{sha256}.png"
    deps.objects.put(deps.settings.s3_bucket, key, BytesIO(picture.png), len(picture.png), PNG, sha256)
    return key, sha256


def put(deps: Deps, tx: Tx, picture: Picture, kept: tuple[str, str], by: str) -> Row:
    """The picture is the emblem from now on; what waits for the lurah is drawn up again with it."""
    key, sha256 = kept
    before = store.emblem(tx, tx.tenant)
    if before is None or before["sha256"] != sha256:
        given = {"key": key, "sha256": sha256, "size": len(picture.png), "by": by, "at": deps.clock.now()}
        store.put_emblem(tx, given | {"width": picture.width, "height": picture.height})
        redrafting.ask(tx, tx.tenant)
        leaflets.ask(tx, tx.tenant)
    return found(tx)


def found(tx: Tx) -> Row:
    """Raises NotFound where the office has none of its own."""
    row = store.emblem(tx, tx.tenant)
    if row is None:
        raise NotFound
    return row


def drop(tx: Tx) -> None:
    """Letters show the neutral drawing again. Raises NotFound."""
    if not store.drop_emblem(tx):
        raise NotFound
    redrafting.ask(tx, tx.tenant)
    leaflets.ask(tx, tx.tenant)

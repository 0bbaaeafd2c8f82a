"""How a case stands, for anybody who has its tracking code. `/lacak/{code}`, which is printed, is among the pages."""

from __future__ import annotations

from typing import Any

from intake.schemas.cases import TrackOut
from intake.usecases import reading
from kit.answers import deps
from kit.auth import public
from kit.db import EVERY_TENANT
from kit.openapi import refusals
from kit.web import Resource

blp = Resource("track", __name__, description="How a case stands, by its tracking code")


@blp.get("/v1/track/<code>")
@public
@blp.response(200, TrackOut)
@refusals(blp, 404)
def track(code: str) -> dict[str, Any]:
    """Track a case

    By its code in any spelling: small letters, spaces, O for 0. Names nobody."""
    return tracked(code)


def tracked(code: str) -> dict[str, Any]:
    """How the case of this code stands. Raises CodeUnknown."""
    parts = deps()
    with parts.db.transaction(EVERY_TENANT) as tx:
        return reading.track(parts, tx, code)

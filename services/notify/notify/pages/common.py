"""What several pages share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from kit.auth import caller
from kit.db import Tx
from notify.store import copies


def by_clock(tx: Tx, rows: Sequence[Mapping[str, Any]], *times: str) -> list[dict[str, Any]]:
    """With these times by the office's clock."""
    office = copies.office(tx, caller().tenant)
    zone = ZoneInfo(office.zone if office else "Asia/Jakarta")
    return [{**one, **{name: one[name].astimezone(zone) if one[name] else None for name in times}} for one in rows]


def office_name(tx: Tx) -> str:
    office = copies.office(tx, caller().tenant)
    return office.name if office else caller().tenant

"""Days that were typed in three fields. A browser's own field for a date sends nothing while the date is half typed,
and nothing has a meaning here: from today, or without an end."""

from __future__ import annotations

from collections.abc import Mapping

from kit.pages import forms


def typed_days(typed: Mapping[str, str], *names: str) -> dict[str, str]:
    """Those of these days of which anything was typed, for the schema."""
    days = {name: forms.day(typed, name) for name in names}
    return {name: day for name, day in days.items() if day is not None}

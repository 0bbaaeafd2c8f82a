"""Days as they are asked for: `YYYY-MM-DD`, as the description says, and nothing else that ISO 8601 has.

Python reads weeks (`2026-W33-5`) and days without hyphens as well; what one service would read so another, or a
person, might not.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from marshmallow import fields

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Day(fields.Date):
    """A date in a request."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        found: date = super()._deserialize(value, attr, data, **more)
        return found

"""The code on the sheet of an RT: sent once from the head's own phone, it says which number is his.

Eight of 30 signs that are not taken for one another, so that nobody guesses one: 6.6 × 10¹¹.
"""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
VALID = timedelta(days=30)
WORD = "DAFTAR"

_SENT = re.compile(rf"^\W*{WORD}\W+(?:RT\W+|RW\W+)?((?:[{SIGNS}][\s-]*){{8}})\W*$", re.IGNORECASE)


def new_code() -> str:
    """Eight signs, without the stroke that is printed in the middle."""
    return "".join(secrets.choice(SIGNS) for _ in range(8))


def printed(code: str) -> str:
    """As it is on the sheet: in two halves."""
    return f"{code[:4]}-{code[4:]}"


def code_in(text: str) -> str | None:
    """The code of a message such as `DAFTAR K7M3-XW2R`, however it is spaced; None for a message about something
    else."""
    found = _SENT.match(text)
    return re.sub(r"[\s-]", "", found[1]).upper() if found else None

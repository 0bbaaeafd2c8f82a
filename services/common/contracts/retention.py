"""For how many days after its end a case is kept: the office says so, or these defaults hold. What is meant to last
(issued letters, lines of registers, the audit) stays for the archive's own schedule (jadwal retensi arsip, UU 43/2009).

completed   a year: a letter is corrected, voided or complained about within that, and none of ours is valid longer
rejected    half a year: a decision is objected to within 21 working days (UU 30/2014 Art. 77) and taken to court within
            90 days (UU 5/1986 Art. 55), and the office answers with the file
withdrawn   three months: people change their minds once more
expired     the same, of what was submitted and not taken up again
draft       a month: nobody has received anything
messages    three months, of what belongs to no case: free text, codes, greetings
complaint   a year after it was closed: it is answered for to the camat, the city and the ombudsman within that
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

DAYS: Mapping[str, int] = {
    "completed": 365, "rejected": 180, "withdrawn": 90, "expired": 90, "draft": 30, "messages": 90,
    "complaint": 365,
}  # fmt: skip
LONGEST = 3650
STAYS = ("letters", "registers", "figures", "audit", "erasure")
"""What stays of an erased case: issued letters, lines of registers (agenda, letters), figures without names, the audit,
and the proof itself."""


def kept_for(office: Mapping[str, Any] | None, what: str) -> timedelta:
    """How long the office keeps cases of this outcome, or messages of none."""
    said = (office or {}).get("retention") or {}
    return timedelta(days=int(said.get(what, DAYS[what])))

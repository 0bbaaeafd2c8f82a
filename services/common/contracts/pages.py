"""Where people go from any page, by what they are: one menu for the pages of all services."""

from __future__ import annotations

from kit.pages import Entry
from kit.problems import Words

_OFFICE = frozenset({"officer", "lurah"})

MENU = (
    Entry("/saya", Words("Permohonan saya", "My applications"), frozenset({"applicant", "rt_head", "rw_head"})),
    Entry("/intake/hari-ini", Words("Hari ini", "Today"), _OFFICE),
    Entry("/intake/antrean", Words("Antrean", "Queue"), _OFFICE),
    Entry("/intake/loket", Words("Loket", "Counter"), frozenset({"officer"})),
    Entry("/intake/cari", Words("Cari", "Find"), _OFFICE),
)

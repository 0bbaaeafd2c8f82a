"""Where people go from any page, by what they are: one menu for the pages of all services."""

from __future__ import annotations

from kit.pages import Entry
from kit.problems import Words

_PEOPLE = frozenset({"applicant", "rt_head", "rw_head"})
_OFFICE = frozenset({"officer", "lurah"})

MENU = (
    Entry("/saya", Words("Permohonan saya", "My applications"), _PEOPLE),
    Entry("/saya/akun", Words("Akun saya", "My account"), _PEOPLE),
    Entry("/intake/antrean", Words("Antrean", "Queue"), _OFFICE),
)

"""Where people go from any page, by what they are: one menu for the pages of all services. The first entry that is
somebody's is where he lands after the sign-in."""

from __future__ import annotations

from kit.pages import Entry
from kit.problems import Words

_HEADS = frozenset({"rt_head", "rw_head"})
_OFFICE = frozenset({"officer", "lurah"})

MENU = (
    Entry("/intake/antrean", Words("Antrean", "Queue"), _OFFICE),
    Entry("/verification/tugas", Words("Tugas RT/RW", "RT/RW tasks"), _HEADS | {"officer"}),
    Entry("/verification/wilayah", Words("Wilayah", "Places"), frozenset({"administrator", "officer"})),
    Entry("/notify/pesan", Words("Pesan", "Messages"), frozenset({"administrator", "officer"})),
    Entry("/saya", Words("Permohonan saya", "My applications"), _HEADS | {"applicant"}),
)

"""Where people go from any page, by what they are: one menu for the pages of all services."""

from __future__ import annotations

from kit.pages import Entry
from kit.problems import Words

_OFFICE = frozenset({"officer", "lurah"})

MENU = (
    Entry("/saya", Words("Permohonan saya", "My applications"), frozenset({"applicant", "rt_head", "rw_head"})),
    Entry("/intake/antrean", Words("Antrean", "Queue"), _OFFICE),
    Entry(
        "/intake/laporan",
        Words("Laporan", "Figures"),
        frozenset({"officer", "lurah", "administrator", "camat", "city"}),
    ),
    Entry("/intake/pegawai", Words("Pegawai", "Staff"), frozenset({"administrator", "area_administrator"})),
    Entry("/intake/layanan", Words("Layanan", "Services"), frozenset({"officer", "lurah", "administrator"})),
    Entry("/intake/kantor", Words("Kantor", "Office"), frozenset({"administrator"})),
    Entry("/intake/kalender", Words("Kalender", "Calendar"), frozenset({"administrator"})),
    Entry(
        "/masuk/sandi",
        Words("Kata sandi", "Password"),
        frozenset({"officer", "signer", "lurah", "administrator", "camat", "city", "area_administrator"}),
    ),
)

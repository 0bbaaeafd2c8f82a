"""Where people go from any page, by what they are: one menu for the pages of all services. The first entry that is
somebody's is where he lands after the sign-in. What stands here is what people go to often, not all they may see."""

from __future__ import annotations

from kit.pages import Entry
from kit.problems import Words

_PEOPLE = frozenset({"applicant", "rt_head", "rw_head"})
_HEADS = frozenset({"rt_head", "rw_head"})
_OFFICER, _LURAH, _SIGNER = frozenset({"officer"}), frozenset({"lurah"}), frozenset({"signer"})
_ADMINISTRATOR, _AREA = frozenset({"administrator"}), frozenset({"area_administrator"})
_ABOVE = frozenset({"camat", "city"})
_OFFICE = _OFFICER | _LURAH
_STAFF = _OFFICE | _SIGNER | _ADMINISTRATOR | _AREA | _ABOVE

MENU = (
    Entry("/documents/tanda-tangan", Words("Tanda tangan", "To sign"), _LURAH | _SIGNER),
    Entry("/intake/hari-ini", Words("Hari ini", "Today"), _OFFICE),
    Entry("/intake/antrean", Words("Antrean", "Queue"), _OFFICE),
    Entry("/intake/loket", Words("Loket", "Counter"), _OFFICER),
    Entry("/intake/pesan-warga", Words("Pesan warga", "From people"), _OFFICE),
    Entry("/intake/keluhan", Words("Keluhan", "Complaints"), _OFFICE),
    Entry("/intake/cari", Words("Cari", "Find"), _OFFICE),
    Entry("/verification/tugas", Words("Tugas RT/RW", "RT/RW tasks"), _HEADS | _OFFICER),
    Entry("/documents/surat", Words("Surat", "Letters"), _OFFICE | _SIGNER),
    Entry("/intake/laporan", Words("Laporan", "Figures"), _OFFICE | _ADMINISTRATOR | _ABOVE),
    Entry("/intake/keluhan", Words("Keluhan", "Complaints"), _ABOVE),
    Entry("/intake/survei", Words("Survei", "Survey"), _OFFICE | _ADMINISTRATOR),
    Entry("/intake/pegawai", Words("Pegawai", "Staff"), _ADMINISTRATOR | _AREA),
    Entry("/verification/wilayah", Words("Wilayah", "Places"), _ADMINISTRATOR),
    Entry("/intake/layanan", Words("Layanan", "Services"), _LURAH | _ADMINISTRATOR),
    Entry("/documents/lembar-layanan", Words("Lembar layanan", "Leaflets"), _OFFICE | _ADMINISTRATOR),
    Entry("/documents/templat", Words("Naskah surat", "Texts of letters"), _ADMINISTRATOR),
    Entry("/intake/kantor", Words("Kantor", "Office"), _ADMINISTRATOR),
    Entry("/notify/pesan", Words("Pesan", "Messages"), _ADMINISTRATOR | _OFFICER),
    Entry("/notify/pengumuman", Words("Pengumuman", "Announcements"), _OFFICE | _ADMINISTRATOR),
    Entry("/notify/langganan", Words("Sistem lain", "Other systems"), _ADMINISTRATOR | _AREA),
    Entry("/saya", Words("Permohonan saya", "My applications"), _PEOPLE),
    Entry("/saya/akun", Words("Akun saya", "My account"), _PEOPLE),
    Entry("/masuk/sandi", Words("Kata sandi", "Password"), _STAFF),
)

"""What of a case goes when it is erased, what stays and why, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.retention import STAYS
from kit.problems import Conflict, Forbidden, Problem, Words

WITHIN = timedelta(hours=72)
"""3 × 24 hours: UU PDP 27/2022."""

TOLD_BEFORE = timedelta(days=7)
"""So long before its time is over the person of a case is told that its data will go, and can still take them along. As
long nothing goes by its age while nobody knows what became of the message: somebody can still see to it."""
TOLD_AT_LEAST = timedelta(days=1)
"""Told late, because nobody could tell him earlier, he has this long, counted from when the message reached him or did
not: it rests at night, and goes with the case."""

# A case's outcome to where it ended, and whether it had been submitted.
OUTCOMES: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "completed": (("completed",), True),
    "rejected": (("rejected",), True),
    "withdrawn": (("withdrawn",), True),
    "expired": (("expired",), True),
    "draft": (("withdrawn", "expired"), False),
}

OF_INTRODUCTIONS: Mapping[str | None, str] = {"granted": "completed", "refused": "rejected", None: "withdrawn"}
"""As what an introduction that became no case is kept, by its outcome."""

GOES: Mapping[str, Words] = {
    "scans": Words("Foto dan berkas yang dikirim, dengan salinan lihatnya", "Scans and photos, with viewing copies"),
    "person": Words("Nama, NIK, KK, alamat, nomor HP, dan isian lain", "Name, NIK, KK, address, phone, other entries"),
    "messages": Words("Pesan ke dan dari Anda tentang permohonan ini", "Messages to and from you about this case"),
    "questions": Words("Pertanyaan kepada ketua RT dan tetangga, dan jawabannya", "What RT head and neighbours said"),
    "working": Words(
        "Rancangan, formulir, bundel cetak, catatan penyerahan", "Drafts, forms, bundles, hand-over notes"
    ),
    "survey": Words("Jawaban survei dan sarannya; angka tanpa nama tetap", "Survey answers and comment; counts stay"),
    "timeline": Words("Riwayat permohonan dan catatan petugas", "The timeline and officers' notes"),
}

KEPT: Mapping[str, tuple[Words, Words]] = {
    "letters": (
        Words("Surat yang sudah diterbitkan", "Letters that were issued"),
        Words("Arsip negara: disimpan menurut jadwal retensi arsip (UU 43/2009); keasliannya dapat terus diperiksa.",
              "State archives: kept for the archive's schedule (UU 43/2009); they can still be checked."),
    ),
    "registers": (
        Words("Baris buku agenda dan buku register surat", "Lines of the agenda and of the register of letters"),
        Words("Nomor tidak boleh berlubang; bukunya arsip.", "Numbers leave no gap; the books are archives."),
    ),
    "figures": (
        Words("Angka laporan tanpa nama", "Figures of reports, without names"),
        Words("Tidak menunjuk siapa pun.", "They point at nobody."),
    ),
    "audit": (
        Words("Catatan siapa membaca atau mengubah apa", "The record of who read or changed what"),
        Words("Bukti pelindungan data (UU PDP 27/2022); hanya kode, tanpa isi.",
              "Evidence of data protection (UU PDP 27/2022); codes only, no content."),
    ),
    "erasure": (
        Words("Bukti penghapusan ini", "The proof of this erasure"),
        Words("Agar penghapusan dapat dibuktikan dan diulang setelah pemulihan cadangan; tanpa data pribadi.",
              "So that it can be proven, and repeated after a restore; without personal data."),
    ),
}  # fmt: skip
"""Of `contracts.retention.STAYS` each: what it is, and why it stays."""
assert tuple(KEPT) == STAYS


@dataclass(frozen=True)
class Line:
    """What there is of a case, erased or not: whose it is, and where it ended."""

    id: object
    kelurahan: str
    status: str
    owner: str
    resident: str | None
    helper: str | None
    ended_at: datetime
    submitted_at: datetime | None
    erased_at: datetime | None

    def is_of(self, subject: str) -> bool:
        """Whether this login is the person's own; a helper's is not."""
        return subject == self.resident or (subject == self.owner and subject != self.helper)


def outcome_of(status: str, submitted_at: datetime | None) -> str | None:
    """How the case ended, in the words of the office's retention; None while it is open."""
    for outcome, (statuses, submitted) in OUTCOMES.items():
        if status in statuses and submitted == (submitted_at is not None):
            return outcome
    return None


class StillOpen(Conflict):
    """An open case needs its data."""

    slug = "case-still-open"
    title = Words("Permohonan masih berjalan", "The case is still open")
    detail = Words(
        "Datanya masih diperlukan. Tarik dahulu permohonan ini (withdrawal), lalu minta penghapusan.",
        "Its data are still needed. Withdraw the case first, then ask for the erasure.",
    )


class OnlyHimself(Forbidden):
    """Somebody else's data are not a helper's to erase or to take away."""

    slug = "only-the-person"
    title = Words("Hanya pemohon sendiri", "Only the applicant")
    detail = Words(
        "Hanya pemohon sendiri, atau petugas atas permintaannya, yang dapat meminta ini.",
        "Only the applicant, or an officer on his request, can ask for this.",
    )


class CasesOpen(Conflict):
    """An account is needed as long as its case goes on."""

    slug = "cases-still-open"
    title = Words("Masih ada permohonan yang berjalan", "There are open cases")
    detail = Words(
        "Tunggu sampai selesai, atau tarik dahulu permohonan Anda dan permohonan yang Anda bantu.",
        "Wait until they have ended, or withdraw them first, those that you help with too.",
    )


class OnlyPeople(Forbidden):
    """Accounts of staff and machines are the office's."""

    slug = "account-of-the-office"
    title = Words("Akun ini milik kantor", "The account is the office's")
    detail = Words("Minta administrator menutup akun ini.", "Ask an administrator to close it.")


class CaseErased(Problem):
    """The case's data are gone; what stayed is told at `/erasure`."""

    status, slug = 410, "case-erased"
    title = Words("Data permohonan sudah dihapus", "The case's data were erased")
    detail = Words(
        "Data permohonan ini sudah dihapus. Bukti penghapusannya dan yang tetap disimpan masih dapat dibaca.",
        "This case's data were erased. The proof (its `erasure`) and what stays can still be read.",
    )

"""What can be refused, and the sentence for it."""

from __future__ import annotations

from kit.problems import Conflict, Forbidden, Unprocessable, Words


class TaskClosed(Conflict):
    """It was decided otherwise before, or the case moved on."""

    slug = "task-closed"
    title = Words("Pertanyaan ini sudah ditutup", "This question is closed")
    detail = Words(
        "Sudah dijawab, atau permohonannya sudah berubah. Tidak ada yang perlu dilakukan lagi.",
        "It was answered already, or the case has moved on. There is nothing left to do.",
    )


class OriginalNotWanted(Conflict):
    """The original of this file was not asked for, or somebody judged anew since."""

    slug = "original-not-wanted"
    title = Words("Dokumen asli ini tidak diminta", "This original is not asked for")
    detail = Words(
        "Buka lagi tugas ini: yang diminta disebut di sana.", "Open the task again: it names those that are asked for."
    )


class NotInOffice(Forbidden):
    """Somebody else decides for the RT today."""

    slug = "not-in-office"
    title = Words("Bukan Anda yang memutuskan", "Somebody else decides")
    detail = Words(
        "Hari ini RT ini diwakili orang lain. Hubungi kelurahan bila keliru.",
        "Somebody else speaks for this RT today. Tell the office if that is wrong.",
    )


class ConcernsYou(Forbidden):
    """He is the applicant, or lives in the applicant's household."""

    slug = "concerns-you"
    title = Words("Menyangkut Anda sendiri", "This concerns yourself")
    detail = Words(
        "Untuk diri sendiri dan keluarga serumah, wakil atau ketua RW yang memutuskan.",
        "About yourself and your household your substitute or the RW head decides.",
    )


class PositionsOpen(Unprocessable):
    """The SOP wants neighbours asked on sides of which he said nothing; `positions` names them."""

    slug = "positions-open"
    title = Words("Tetangga belum disebut", "Neighbours are not named yet")
    detail = Words(
        "Sebutkan tetangga di tiap sisi, atau nyatakan tidak ada tetangga di sisi itu.",
        "Name a neighbour on each side, or state that nobody lives there.",
    )


class NeighboursNotAgreed(Conflict):
    """The applicant has not said that neighbours may see his name and purpose, or has taken it back."""

    slug = "neighbours-not-agreed"
    title = Words("Pemohon belum setuju tetangga ditanya", "The applicant has not agreed to neighbours being asked")
    detail = Words(
        "Tetangga ditanya hanya setelah pemohon setuju; atau kirim tanpa nama tetangga, lalu petugas yang memutuskan.",
        "Neighbours are asked only once he agrees; or send it without naming any, and an officer decides.",
    )


class WitnessesNotWanted(Conflict):
    """The case is not being verified now."""

    slug = "witnesses-not-wanted"
    title = Words("Tetangga tidak ditanya sekarang", "Neighbours are not asked now")
    detail = Words(
        "Tetangga ditanya selama permohonan diperiksa; sekarang tidak.",
        "Neighbours are asked while a case is being verified; it is not now.",
    )


class WitnessUnsuitable(Unprocessable):
    """Some of those named cannot be asked; the errors say why."""

    slug = "witness-unsuitable"
    title = Words("Ada tetangga yang tidak dapat ditanya", "Somebody named cannot be asked")


class NoNeighbourhood(Forbidden):
    """The token names no RT, or one that the office does not know."""

    slug = "no-neighbourhood"
    title = Words("RT tidak dikenal", "Unknown RT")
    detail = Words(
        "RT pada akun Anda belum terdaftar di kelurahan.", "The RT of your account is not registered at the office."
    )


class OfficeTaken(Conflict):
    """An RT or RW has one head at a time."""

    slug = "office-taken"
    title = Words("Jabatan sudah terisi", "The office is held already")
    detail = Words(
        "Ada ketua lain pada tanggal itu. Akhiri dahulu masa jabatannya.",
        "Somebody else heads it on one of these days. End that term first.",
    )


class UnknownNeighbourhood(Unprocessable):
    """An officeholder of an RT or RW that is not there."""

    detail = Words("RT atau RW itu belum terdaftar.", "That RT or RW is not registered.")

    def __init__(self, field: str) -> None:
        super().__init__(errors={"json": {field: [self.detail]}})


class TableUnreadable(Unprocessable):
    """The file is no such table; nothing was taken from it."""

    slug = "table-unreadable"
    title = Words("Tabel tidak dapat dibaca", "The table could not be read")


class TableWrong(Unprocessable):
    """Some lines are wrong; `errors.lines` says which and why, and nothing was taken."""

    slug = "table-wrong"
    title = Words("Ada baris yang belum benar", "Some lines are not right")
    detail = Words("Tidak ada yang disimpan. Perbaiki baris yang disebut.", "Nothing was kept. Mend the lines named.")

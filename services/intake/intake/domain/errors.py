"""Intake's errors that do not belong to one case's procedure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from babel.dates import format_date

from kit.problems import Conflict, Forbidden, NotFound, Unprocessable, Words


class NotYours(NotFound):
    """There is no such thing for this caller: it does not exist, or it is another's. The attempt is recorded."""

    def __init__(self, object_id: object) -> None:
        super().__init__()
        self.object_id = object_id


class OfficeUnknown(NotFound):
    """No office of that code is kept here."""

    slug = "office-unknown"
    title = Words("Kelurahan belum terdaftar", "This kelurahan is not served here")
    detail = Words("Periksa kode kelurahan.", "Check the code of the kelurahan.")


class ServiceUnknown(Unprocessable):
    """The office's catalogue has no such service today."""

    slug = "service-unknown"
    title = Words("Layanan tidak ada", "There is no such service")
    detail = Words("Lihat daftar layanan di /v1/services.", "See the list at /v1/services.")


class NoSuchService(NotFound):
    """The office's catalogue has no service of that code today."""

    slug = "service-not-found"
    title = Words("Layanan tidak ada", "There is no such service")
    detail = Words("Lihat daftar layanan di /v1/services.", "See the list at /v1/services.")


class NoSuchVersion(NotFound):
    """The service has no published version of that number."""

    slug = "version-not-found"
    title = Words("Versi tidak ada", "There is no such version")
    detail = Words("Lihat daftar versi layanan ini.", "See the list of this service's versions.")


class NoSuchMonth(NotFound):
    """Months are written `2026-08`."""

    slug = "month-not-found"
    title = Words("Bulan tidak dikenal", "There is no such month")
    detail = Words("Bulan ditulis 2026-08.", "Write the month as 2026-08.")


class MonthNotOver(NotFound):
    """A month's figures are for everybody once it is over: of one that grows each new case could be told."""

    slug = "month-not-over"
    title = Words("Bulan ini belum selesai", "The month is not over")

    def __init__(self, from_day: date) -> None:
        super().__init__(
            Words(
                f"Angkanya terbit {format_date(from_day, 'd MMMM y', locale='id')}.",
                f"Its figures are published on {format_date(from_day, 'd MMMM y', locale='en')}.",
            )
        )


class DraftExists(Conflict):
    """A service has one draft at a time."""

    slug = "draft-exists"
    title = Words("Sudah ada rancangan", "There is a draft already")
    detail = Words("Lanjutkan rancangan yang ada, atau hapus dahulu.", "Go on with that draft, or give it up first.")


class NotPublishable(Unprocessable):
    """Something in the draft cannot be; `errors.sop` names each place."""

    slug = "sop-not-publishable"
    title = Words("Rancangan belum dapat diterbitkan", "The draft cannot be published yet")
    detail = Words("Perbaiki bagian yang disebut.", "Mend the parts that are named.")


class PastDay(Unprocessable):
    """A day that has passed."""

    slug = "day-passed"
    title = Words("Tanggal sudah lewat", "That day has passed")
    detail = Words("Pilih hari ini atau sesudahnya.", "Choose today or a later day.")


class OriginalToPrint(Unprocessable):
    """The office asked for an original and did not say that it is for the file."""

    slug = "original-only-to-print"
    title = Words("Berkas asli hanya untuk dicetak", "The original is for printing only")
    detail = Words(
        "Tambahkan purpose=print bila untuk berkas kantor (dicatat), atau buka salinan lihat.",
        "Add purpose=print if it is for the office's file (it is on record), or open the viewing copy.",
    )


class RequirementUnknown(Unprocessable):
    """The service does not ask for that."""

    slug = "requirement-unknown"
    title = Words("Syarat tidak dikenal", "Unknown requirement")
    detail = Words("Layanan ini tidak meminta berkas tersebut.", "This service does not ask for that.")


class UnusableOffice(Unprocessable):
    """The office's data make no calendar, its numbers cannot be formatted, or it is open who signs."""

    slug = "office-unusable"
    title = Words("Data kantor belum benar", "The office's data are not usable")

    def __init__(self, path: str, why: Words | None = None) -> None:
        said = Words(f"Periksa bagian {path}.", f"Check {path}.")
        if why is not None:
            said = Words(f"{said.id} {why.id}", f"{said.en} {why.en}")
        super().__init__(said, more={"path": path})


class ClockBackwards(Conflict):
    """Somebody would move the clock back."""

    slug = "clock-backwards"
    title = Words("Jam tidak dapat dimundurkan", "The clock is never moved back")
    detail = Words("Pilih waktu sesudah waktu sekarang.", "Choose a time after the present one.")


class ClockFixed(Forbidden):
    """In production business time is the machine's."""

    slug = "clock-fixed"
    title = Words("Jam tidak dapat diubah", "The clock cannot be moved")
    detail = Words("Di sistem sungguhan jam tidak diubah.", "In production nobody moves the clock.")


class ClaimRefused(NotFound):
    """Tracking code and claim code do not go together, or nobody has to take that case over."""

    slug = "claim-refused"
    title = Words("Kode tidak cocok", "The codes do not match")
    detail = Words("Periksa kode lacak dan kode ambil.", "Check the tracking code and the claim code.")

    def __init__(self, tracking_code: str | None = None) -> None:
        super().__init__()
        self.tracking_code = tracking_code


class OriginalNotWanted(Unprocessable):
    """Nobody is waiting for that original."""

    slug = "original-not-wanted"
    title = Words("Dokumen asli ini tidak diminta", "This original is not asked for")
    detail = Words("Lihat `returned_items` yang bertanda `original`.", "See the `returned_items` marked `original`.")


class OriginalsUnseen(Conflict):
    """The case was returned for an original that nobody has seen yet."""

    slug = "original-wanted"
    title = Words("Dokumen asli perlu ditunjukkan", "An original has to be shown")

    def __init__(self, codes: Sequence[str]) -> None:
        names = ", ".join(codes)
        super().__init__(
            Words(
                f"Tunjukkan aslinya di kantor kelurahan atau kepada ketua RT: {names}. Atau kirim foto baru.",
                f"Show the original at the office or to the RT head: {names}. Or send a new photo.",
            ),
            more={"originals": list(codes)},
        )


class ClosedToVisitors(Conflict):
    """People are not asked to come while the office is closed to them."""

    slug = "closed-to-visitors"
    title = Words("Kantor sedang tidak menerima kunjungan", "The office is closed to visitors")
    detail = Words("Dokumen asli tidak dapat diminta sekarang.", "Originals cannot be asked for now.")

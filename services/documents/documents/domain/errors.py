"""What the office cannot do with a letter or a hand-over, and why."""

from __future__ import annotations

from collections.abc import Iterable

from kit.problems import Conflict, NotFound, Unprocessable, Words


class NotDrafted(Conflict):
    slug = "not-drafted"
    title = Words("Draf belum siap untuk diputuskan", "There is no draft to decide on")
    detail = Words("Muat ulang surat ini; keadaannya sudah berubah.", "Load the letter again; its state has changed.")


class PreviewChanged(Conflict):
    slug = "preview-changed"
    title = Words("Isi draf sudah berubah", "The draft has changed")
    detail = Words("Baca draf yang baru, lalu putuskan lagi.", "Read the new draft, then decide again.")


class Incomplete(Conflict):
    slug = "letter-incomplete"
    title = Words("Data surat belum lengkap", "The letter lacks data")
    detail = Words("Lengkapi isian yang disebut sebelum surat ditandatangani.", "Fill the fields named before signing.")

    def __init__(self, fields: Iterable[str]) -> None:
        super().__init__(more={"incomplete": list(fields)})


class CaseNotVerified(Conflict):
    slug = "case-not-verified"
    title = Words("Permohonan belum atau tidak lagi terverifikasi", "The case is not verified")
    detail = Words(
        "Surat hanya terbit untuk permohonan yang terverifikasi.", "Letters are issued for verified cases only."
    )


class NotIssued(Conflict):
    slug = "not-issued"
    title = Words("Surat belum terbit", "The letter is not issued yet")
    detail = Words("Coba lagi sebentar lagi.", "Please try again in a moment.")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class LetterVoid(Conflict):
    slug = "letter-void"
    title = Words("Surat sudah dibatalkan", "The letter is void")
    detail = Words("Surat ini tidak berlaku lagi.", "This letter is not valid any more.")


class NothingToVoid(Conflict):
    slug = "nothing-to-void"
    title = Words("Tidak ada yang dapat dibatalkan", "There is nothing to void")
    detail = Words(
        "Hanya surat yang sudah bernomor dapat dibatalkan.", "Only a letter that has a number can be voided."
    )


class BadNumberFormat(Conflict):
    slug = "number-format-unusable"
    title = Words("Format nomor surat belum benar", "The office's number format is not usable")
    detail = Words("Perbaiki format nomor pada data kantor.", "Mend the number format in the office's data.")


class BundleNotReady(Conflict):
    slug = "bundle-not-ready"
    title = Words("Berkas cetak belum siap", "The bundle is not ready yet")
    detail = Words("Tunggu sebentar, lalu ulangi.", "Wait a moment, and repeat this.")


class HandoverClosed(Conflict):
    slug = "handover-closed"
    title = Words("Penyerahan sudah selesai atau dibatalkan", "This hand-over is over")
    detail = Words("Muat ulang daftar penyerahan.", "Load the list of hand-overs again.")


class NotWithCourier(Conflict):
    slug = "not-with-courier"
    title = Words("Surat tidak sedang dibawa kurir", "No courier has the papers")
    detail = Words(
        "Catat dahulu kurirnya; setelah dibawa kurir, penyerahan selesai dengan kode penerima.",
        "Record the courier first; from then on the recipient's code completes it.",
    )


class NotOffered(Unprocessable):
    slug = "handover-not-offered"
    title = Words("Cara ini tidak tersedia", "This way is not offered")
    detail = Words("Pilih dari `options`.", "Choose one of `options`.")


class PriceNotAsShown(Unprocessable):
    slug = "price-not-as-shown"
    title = Words("Biaya lebih dari yang disetujui", "This costs more than was agreed to")
    detail = Words(
        "Pemohon memilih kurir dengan biaya yang ditunjukkan. Tanyakan dahulu, lalu pilih lagi.",
        "The applicant chose a courier at the price that was shown. Ask first, and choose again.",
    )


class CarrierUnknown(Unprocessable):
    slug = "carrier-unknown"
    title = Words("Pembawa surat belum disebut", "Nobody is named who carries the papers")
    detail = Words(
        "Sebutkan kurir, biaya dan pembayarnya, atau pilih ketua RT bila ada yang menjabat.",
        "Name the courier, the price and who pays, or choose the RT head where one is in office.",
    )


class AuthorityNeeded(Unprocessable):
    slug = "authority-needed"
    title = Words("Surat kuasa diperlukan", "A letter of authority is needed")
    detail = Words(
        "Yang mengambil bukan pemohon: catat `authority` (`seen` bila surat kuasa dilihat, `photo` bila difoto).",
        "Somebody else than the applicant: give `authority` (`seen` when you saw the letter, `photo` for its photo).",
    )


class PhotoNotHere(Conflict):
    slug = "photo-not-here"
    title = Words("Fotonya belum ada", "The photograph is not here")
    detail = Words(
        "Kirim dahulu fotonya sebagai TANDA_TERIMA atau SURAT_KUASA pada permohonan ini; bila baru dikirim, ulangi.",
        "Send it first as TANDA_TERIMA or SURAT_KUASA of this application; if you just did, repeat this.",
    )


class WrongCode(Unprocessable):
    slug = "recipient-code-wrong"
    title = Words("Kode penerima tidak cocok", "This is not the recipient's code")
    detail = Words(
        "Minta penerima membacakan kode dari pesannya. Setelah lima kali salah, bawa kembali ke kantor.",
        "Ask the recipient for the code in the message. After five wrong ones bring the papers back to the office.",
    )


class CheckUnknown(NotFound):
    slug = "check-unknown"
    title = Words("Surat tidak dikenal", "Unknown letter")
    detail = Words(
        "Tidak ada surat dengan kode ini. Jangan terima surat yang memuatnya sebelum bertanya ke kelurahan.",
        "There is no letter with this code. Ask the kelurahan before you accept a paper that shows it.",
    )

    def __init__(self) -> None:
        super().__init__(more={"result": "unknown"})

"""What the office cannot do with a letter or a hand-over, and why."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kit.problems import Conflict, NotFound, TooManyRequests, Unavailable, Unprocessable, Words

SIGNER = "office.lurah"
"""What a letter lacks whose day finds nobody in office."""


class NotDrafted(Conflict):
    slug = "not-drafted"
    title = Words("Draf belum siap untuk diputuskan", "There is no draft to decide on")
    detail = Words("Muat ulang surat ini; keadaannya sudah berubah.", "Load the letter again; its state has changed.")


class PreviewChanged(Conflict):
    slug = "preview-changed"
    title = Words("Isi draf sudah berubah", "The draft has changed")
    detail = Words("Baca draf yang baru, lalu putuskan lagi.", "Read the new draft, then decide again.")


class NoSigner(Conflict):
    """Nobody of the office is in office on the letter's date."""

    slug = "no-signer"
    title = Words("Tidak ada pejabat yang dapat menandatangani", "Nobody is in office who could sign")
    detail = Words(
        "Pada tanggal surat tidak ada yang menjabat. Catat pada data kantor lurah, Plt. atau Plh. lurah, sekretaris"
        " (a.n.) atau kepala seksi (u.b.) dengan masa jabatannya; draf lalu disusun ulang.",
        "On the letter's date nobody holds the post. Record in the office's data a lurah, an acting one, a secretary"
        " (a.n.) or a head of section (u.b.) with the term; drafts are then drawn up again.",
    )

    def __init__(self, day: date) -> None:
        super().__init__(more={"date": day.isoformat()})


class SignerChanged(Conflict):
    slug = "signer-changed"
    title = Words("Penanda tangan sudah berganti", "Somebody else signs now")
    detail = Words(
        "Pada tanggal surat ini pejabat lain yang menandatangani. Buat draf baru, baca, lalu putuskan.",
        "On this letter's date another official signs. Draw the draft up again, read it, then decide.",
    )


class Incomplete(Conflict):
    slug = "letter-incomplete"
    title = Words("Data surat belum lengkap", "The letter lacks data")
    detail = Words("Lengkapi isian yang disebut sebelum surat ditandatangani.", "Fill the fields named before signing.")

    def __init__(self, fields: Iterable[str]) -> None:
        lacking = list(fields)
        super().__init__(NoSigner.detail if lacking == [SIGNER] else None, more={"incomplete": lacking})


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


class MethodNotUsed(Conflict):
    slug = "signing-method-not-used"
    title = Words("Cara tanda tangan ini tidak dipakai kantor", "The office does not sign this way")
    detail = Words("Pilih salah satu dari `methods`.", "Choose one of `methods`.")

    def __init__(self, methods: Iterable[str]) -> None:
        super().__init__(more={"methods": list(methods)})


class Initials(Conflict):
    slug = "initials-needed"
    title = Words("Draf belum diparaf", "The draft has no initials yet")
    detail = Words("Minta petugas memarafnya dahulu.", "Ask an officer to initial it first.")


class NothingUnknown(Conflict):
    slug = "nothing-unknown"
    title = Words("Hasil tanda tangan surat ini tidak sedang diragukan", "Nothing is unknown about this signature")
    detail = Words("Muat ulang surat ini; keadaannya sudah berubah.", "Load the letter again; its state has changed.")


class NotToBeSigned(Conflict):
    slug = "not-to-be-signed"
    title = Words("Surat ini tidak sedang menunggu tanda tangan", "This letter does not wait for a signature")
    detail = Words("Muat ulang surat ini; keadaannya sudah berubah.", "Load the letter again; its state has changed.")


class NotPrepared(Conflict):
    slug = "not-prepared"
    title = Words("Lembarnya sedang disiapkan", "The sheet is being prepared")
    detail = Words("Coba lagi sebentar lagi.", "Please try again in a moment.")

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class NoCertificate(Conflict):
    slug = "no-certificate"
    title = Words("Sertifikat Anda belum ada di sini", "Your certificate is not here yet")
    detail = Words("Simpan dahulu berkas sertifikat (.p12) Anda.", "Keep your certificate file (.p12) here first.")


class CertificateExpired(Conflict):
    slug = "certificate-expired"
    title = Words("Sertifikat tidak sedang berlaku", "The certificate is not valid now")
    detail = Words("Perpanjang sertifikat, lalu simpan yang baru.", "Renew it, and keep the new one here.")


class CertificateUnusable(Unprocessable):
    slug = "certificate-unusable"
    title = Words("Sertifikat ini tidak dapat dipakai", "This certificate is not usable")
    detail = Words(
        "Kirim berkas PKCS#12 yang berisi kunci (RSA 2048 atau EC P-256 ke atas) dan sertifikat untuk tanda tangan.",
        "Send a PKCS#12 file with a key (RSA 2048 or EC P-256, or stronger) and a certificate meant for signatures.",
    )


class PassphraseWrong(Unprocessable):
    slug = "passphrase-wrong"
    title = Words("Frasa sandi tidak cocok", "The passphrase is wrong")
    detail = Words(
        "Ketik lagi. Setelah lima kali salah, sertifikat terkunci lima belas menit.",
        "Type it again. After five wrong ones the certificate is locked for fifteen minutes.",
    )


class PassphraseNeeded(Unprocessable):
    slug = "passphrase-needed"
    title = Words("Frasa sandi diperlukan", "A passphrase is needed")
    detail = Words(
        "Ketik frasa sandi Anda (`passphrase`); untuk BSrE juga NIK Anda (`nik`).",
        "Type your passphrase (`passphrase`); for the BSrE your NIK (`nik`) too.",
    )


class CertificateLocked(TooManyRequests):
    slug = "certificate-locked"
    title = Words("Sertifikat terkunci sementara", "The certificate is locked for a while")
    detail = Words(
        "Terlalu sering salah. Coba lagi lima belas menit kemudian.", "Too many wrong tries. Try again in a quarter."
    )


class SignerServiceAway(Unavailable):
    slug = "signing-service-away"
    title = Words("Layanan tanda tangan tidak dapat dihubungi", "The signing service cannot be reached")
    detail = Words("Surat tetap bernomor; tanda tangani lagi nanti.", "The letter keeps its number; sign it later.")


class ScanRefused(Unprocessable):
    slug = "scan-unreadable"
    title = Words("Pindaian tidak dapat dibaca", "The scan cannot be read")
    detail = Words(
        "Kirim PDF (paling banyak 20 halaman) atau foto JPEG atau PNG dari surat yang sudah ditandatangani dan dicap.",
        "Send a PDF (at most 20 pages) or a JPEG or PNG photo of the letter, signed and stamped.",
    )


class ScanOfAnother(Unprocessable):
    slug = "scan-of-another-letter"
    title = Words("Pindaian ini surat yang lain", "This is a scan of another letter")
    detail = Words(
        "Kode QR pada pindaian milik surat lain. Periksa lembarnya, lalu kirim pindaian surat ini.",
        "The scan shows another letter's QR code. Check the sheet, then send the scan of this letter.",
    )


class BadNumberFormat(Conflict):
    slug = "number-format-unusable"
    title = Words("Format nomor surat belum benar", "The office's number format is not usable")
    detail = Words("Perbaiki format nomor pada data kantor.", "Mend the number format in the office's data.")


class NumberTwice(Conflict):
    """Two series of an office write their numbers alike."""

    slug = "number-taken"
    title = Words("Nomor ini sudah dipakai surat lain", "Another letter has this number")
    detail = Words(
        "Ubah format nomor kantor agar tiap seri berbeda, atau tetapkan nomor terakhir seri ini lebih tinggi.",
        "Change the office's number format so that series differ, or set this series' last number higher.",
    )

    def __init__(self, series: str, number: str) -> None:
        super().__init__(more={"series": series, "number": number})


class YearNotOpen(Conflict):
    slug = "register-year-not-open"
    title = Words("Buku tahun itu tidak terbuka", "The book of that year is not open")
    detail = Words(
        "Nomor hanya diambil dari buku tahun berjalan. Buku yang sudah ditutup hanya menerima pembatalan.",
        "Numbers are taken from the book of the present year only. A closed book takes nothing but voids.",
    )

    def __init__(self, open_year: int) -> None:
        super().__init__(more={"open_year": open_year})


class BehindTheBook(Conflict):
    slug = "register-goes-up-only"
    title = Words("Buku sudah melewati nomor itu", "The book is past that number")
    detail = Words(
        "Nomor terakhir hanya dapat dinaikkan. Sebutkan nomor yang tidak lebih kecil dari `last`.",
        "The last number only goes up. Give one that is not below `last`.",
    )

    def __init__(self, last: int) -> None:
        super().__init__(more={"last": last})


class BookTooLong(Unprocessable):
    slug = "register-too-long"
    title = Words("Terlalu banyak baris untuk satu PDF", "Too many lines for one PDF")

    def __init__(self, most: int) -> None:
        said = Words(
            f"Satu PDF memuat paling banyak {most} baris: pilih bulan, tanggal atau seri, atau ambil CSV-nya.",
            f"One PDF takes at most {most} lines: choose a month, dates or a series, or take the CSV.",
        )
        super().__init__(said, more={"most": most})


class BundleNotReady(Conflict):
    slug = "bundle-not-ready"
    title = Words("Berkas cetak belum siap", "The bundle is not ready yet")
    detail = Words("Tunggu sebentar, lalu ulangi.", "Wait a moment, and repeat this.")


class LeafletNotReady(NotFound):
    slug = "leaflet-not-ready"
    title = Words("Lembar layanan sedang dibuat", "The leaflet is being made")
    detail = Words("Coba lagi sebentar lagi.", "Try again in a moment.")


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


class CourierWithdrawn(Conflict):
    """The applicant does not want a courier to get his name, address and number."""

    slug = "courier-consent-withdrawn"
    title = Words("Pemohon tidak setuju dikirim kurir", "The applicant does not agree to a courier")
    detail = Words(
        "Serahkan surat di kantor, lewat ketua RT, atau digital; kurir hanya bila pemohon setuju lagi.",
        "Hand the letters over at the office, by the RT head or digitally; by courier only once he agrees again.",
    )


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
        "Yang mengambil bukan pemohon: catat surat kuasanya (`authority`), dilihat (`seen`) atau difoto (`photo`).",
        "Somebody else than the applicant: record the letter (`authority`), that you saw it (`seen`) or its `photo`.",
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


class TemplateNotUsable(Unprocessable):
    slug = "template-not-usable"
    title = Words("Naskah surat belum dapat dipakai", "These texts cannot be used")
    detail = Words("Perbaiki bagian yang disebut, lalu kirim lagi.", "Mend the parts named, and send it again.")


class TemplateNotPrintable(Unprocessable):
    slug = "template-not-printable"
    title = Words("Naskah surat tidak dapat dicetak", "These texts cannot be printed")
    detail = Words(
        "Ganti huruf yang tidak dikenal, atau persingkat naskahnya.", "Replace unknown characters, or shorten the text."
    )


class NoTemplateDraft(Conflict):
    slug = "no-template-draft"
    title = Words("Belum ada rancangan naskah", "There is no draft of these texts")
    detail = Words("Simpan dahulu rancangannya, lalu terbitkan.", "Write the draft first, then publish it.")


class ParagraphNotTaken(Conflict):
    slug = "paragraph-not-taken"
    title = Words("Surat ini tidak memuat paragraf tambahan", "This letter takes no paragraph of its own")
    detail = Words(
        "Surat pengantar RT, formulir dan model nasional tidak dapat ditambah; kantor juga dapat menutupnya.",
        "The RT head's letter, forms and national models take none, and an office may allow none.",
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

"""What can be refused, and the sentence for it."""

from __future__ import annotations

from kit.problems import Conflict, Gone, Unauthorized, Words


class NothingToRetry(Conflict):
    """Only a message that failed is sent again."""

    slug = "message-not-failed"
    title = Words("Pesan ini tidak gagal", "This message has not failed")
    detail = Words("Hanya pesan yang gagal yang dapat dikirim ulang.", "Only a message that failed can be sent again.")


class NoMailbox(Conflict):
    """People's messages come by the channel itself."""

    slug = "no-mailbox"
    title = Words("Kotak pesan tidak dipakai di sini", "There is no mailbox here")
    detail = Words(
        "Pesan masuk hanya dapat dicatat bila saluran kirim adalah kotak pesan.",
        "Messages can be entered by hand only where the channel is the mailbox.",
    )


class WrongSignature(Unauthorized):
    """A request that its sender has not signed."""

    slug = "signature-wrong"
    title = Words("Tanda tangan kiriman tidak benar", "The signature is not right")
    detail = Words(
        "Kiriman ini tidak disimpan. Periksa WHATSAPP_APP_SECRET.",
        "Nothing was kept. Check WHATSAPP_APP_SECRET.",
    )


class TooManySubscriptions(Conflict):
    """Each one costs a request for every event."""

    slug = "subscriptions-many"
    title = Words("Langganan sudah terlalu banyak", "There are too many subscriptions")
    detail = Words(
        "Paling banyak 20 langganan untuk satu kantor, kecamatan, atau kota. Akhiri yang tidak dipakai lagi.",
        "There are at most 20 for an office, kecamatan or city. End those that nobody uses any more.",
    )


class WithoutPlaces(Conflict):
    """Who made it may read none of them any more."""

    slug = "subscription-without-places"
    title = Words("Langganan ini tidak punya wilayah", "This subscription has no places")
    detail = Words(
        "Pemiliknya tidak berwenang lagi atas wilayahnya. Tetapkan wilayah (PATCH dengan `places`), lalu jalankan lagi;"
        " atau akhiri langganan ini.",
        "Its owner may not read its places any more. Name some (PATCH with `places`), then resume it; or end it.",
    )


class ReplayRuns(Conflict):
    """One period after another."""

    slug = "replay-runs"
    title = Words("Pengiriman ulang sedang berjalan", "Something is being sent again already")
    detail = Words("Tunggu sampai yang berjalan selesai.", "Wait until what goes out again has gone out.")


class NothingToReplay(Conflict):
    """The period is empty, is kept no more, or its turn is still to come."""

    slug = "nothing-to-replay"
    title = Words("Tidak ada yang dapat dikirim ulang", "There is nothing to send again")
    detail = Words(
        "Dari masa itu tidak ada acara yang masih disimpan dan sudah lewat gilirannya.",
        "No event of that period is still kept and had its turn before.",
    )


class PositionGone(Gone):
    """The feed begins later by now; `oldest` and `newest` say where."""

    slug = "feed-position-gone"
    title = Words("Posisi itu sudah tidak disimpan", "That position is not kept any more")
    detail = Words(
        "Catat `newest`, ambil seluruh data sekali lagi, lalu lanjutkan dengan `after` = `newest` yang dicatat.",
        "Note `newest`, fetch all data once more, then go on with `after` = the `newest` that you noted.",
    )


class PositionUnknown(Conflict):
    """The feed is not there yet, or not any more: it was put back to an earlier state."""

    slug = "feed-position-unknown"
    title = Words("Posisi itu belum ada", "There is no such position yet")
    detail = Words(
        "Data layanan ini pernah dipulihkan. Catat `newest`, ambil seluruh data sekali lagi, lalu lanjutkan dari sana.",
        "This service was restored from a backup. Note `newest`, fetch all data once more, then go on from there.",
    )


class AnnouncementNotDraft(Conflict):
    """What went out, or goes out now, is not written anew and not sent again."""

    slug = "announcement-not-draft"
    title = Words("Pengumuman ini sudah dikirim", "This announcement was sent")
    detail = Words("Buat pengumuman baru bila ada yang berubah.", "Write a new one if something has changed.")


class AnnouncementNotReady(Conflict):
    """Its picture or what it takes is not there yet."""

    slug = "announcement-not-ready"
    title = Words("Pengumuman ini belum siap dikirim", "This announcement is not ready to be sent")
    detail = Words(
        "Gambar dan jumlah pesannya masih disiapkan; muat ulang sebentar lagi. Bila gambarnya tidak dapat dibuat, ubah"
        " tulisannya atau kirim tanpa gambar.",
        "Its picture and the number of messages are being worked out; look again in a moment. If the picture cannot be"
        " made, write it otherwise or send it without.",
    )


class AnnouncementOver(Conflict):
    """Its last day has passed."""

    slug = "announcement-over"
    title = Words("Masa berlakunya sudah lewat", "Its last day has passed")
    detail = Words("Ubah tanggal berlakunya, lalu kirim.", "Change its last day, then send it.")


class AnnouncementForNobody(Conflict):
    """There is nobody to be written to."""

    slug = "announcement-for-nobody"
    title = Words("Tidak ada penerimanya", "There is nobody to send it to")
    detail = Words(
        "Di RT yang dipilih tidak ada ketua RT dengan nomor HP, dan tidak ada warga yang setuju menerima pengumuman.",
        "In the RTs that you chose no head has a number, and nobody agreed to be told.",
    )


class AnnouncementNotRunning(Conflict):
    """There is nothing to stop."""

    slug = "announcement-not-running"
    title = Words("Pengumuman ini tidak sedang dikirim", "This announcement is not being sent")
    detail = Words("Yang sudah terkirim tidak dapat ditarik.", "What was sent cannot be taken back.")

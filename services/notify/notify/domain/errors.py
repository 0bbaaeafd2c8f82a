"""What can be refused, and the sentence for it."""

from __future__ import annotations

from kit.problems import Conflict, Unauthorized, Words


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

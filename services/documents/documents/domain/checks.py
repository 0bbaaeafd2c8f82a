"""The code on a letter by which anyone can check it, and what a stranger is told."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

# Without I, L, O and U: nothing to confuse when a person types it.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 26
_MISREAD = str.maketrans("ILO", "110", "-– ")

VALID = (
    "Surat ini terdaftar dan berlaku. Cocokkan nomor, tanggal dan nama pada lembar yang Anda pegang dengan data ini."
)
LAPSED = "Surat ini terdaftar, tetapi masa berlakunya sudah lewat. Mintalah surat yang baru."
REPLACED = "Surat ini sudah DIGANTI dengan surat lain dan tidak berlaku lagi. Periksa surat penggantinya."
TRIAL = "CONTOH: surat ini dibuat untuk menguji sistem dan TIDAK BERLAKU. Jangan terima surat ini."
VOID = "Surat ini pernah terdaftar, tetapi sudah DIBATALKAN dan tidak berlaku. Jangan terima surat ini."


SIGNED: Mapping[str, str] = {
    "approval": "Disetujui secara elektronik di sistem kelurahan, tanpa tanda tangan elektronik (TTE).",
    "by_hand": "Ditandatangani dengan tangan dan dicap; berkasnya adalah pindaian lembar itu.",
    "certificate": "Ditandatangani secara elektronik, TTE tidak tersertifikasi.",
    "certified": "Ditandatangani secara elektronik, TTE tersertifikasi.",
}


def signed_how(method: str, certified: bool) -> str:
    """The sentence about a letter's signature."""
    return SIGNED["certified" if certified else "certificate" if method == "bsre" else method]


def new_token() -> str:
    """130 random bits as 26 letters and digits."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def read_token(text: str) -> str | None:
    """The token as it is stored, from what a person may have typed; None for what cannot be one."""
    token = text.upper().translate(_MISREAD)
    return token if len(token) == LENGTH and set(token) <= set(_ALPHABET) else None


def mask_name(name: str) -> str:
    """Enough to compare with the paper, too little to learn a name: `Siti Maimunah binti H. Zainuddin` is
    `S*** M*** binti H*** Z***`."""
    return " ".join(word if word.lower() in ("bin", "binti") else word[0] + "***" for word in name.split())

"""Whole sentences that decide something, and signs that one does not.

Only a sentence of which every word is known decides: `setuju, orangnya baik`. A question, a `nanti dulu`, a `tapi`, a
yes beside a no are read as nothing: whoever wrote it is asked again, by digits.
"""

from __future__ import annotations

import re
import unicodedata

from contracts import written


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CONSENT = _words("setuju setujui menyetujui menyetujuinya disetujui beri berikan acc silakan silahkan izinkan")
"""Words that say by themselves what they agree to."""
_CONSENT_KNOWN = _words("mengetahui diketahui")
_YES = _words(
    "ya iya y yes yup yaa iyaa ok oke okee okay okey baik baiklah betul benar bener siap sip memang sekali adanya"
)
_SURE = _YES - _words("memang sekali adanya")
_POLITE = _words("pak bu bapak ibu kak mas mbak min admin sih dong lah deh aja saja kok")
_OF_HIMSELF = _words("saya kami sudah udah sdh itu ini dia beliau untuk kepada diberi")
_NOT = r"(?:tidak|tdk|tak|gak|nggak|enggak|ngga|ga|ndak|dak|bukan|jangan|belum|blm)"
_NEGATED = re.compile(rf"\b{_NOT}\b")
_THANKS = re.compile(r"\b(?:terima ?kasih|trima kasih|makasih|trims)\b")
_TAILS = re.compile(
    r"\b(?:orangnya baik|orang baik|(?:memang |benar )?warga (?:saya|kami|sini)|saya kenal(?: baik)?(?: orangnya)?"
    r"|(?:sudah )?kenal baik)\b"
)
_LEADING = rf"(?:(?:{'|'.join(sorted(_POLITE))}|maaf|mohon|saya|kami|terpaksa|harus)\s+)*"
_REFUSING = re.compile(
    rf"^{_LEADING}(?:(?:saya |kami )?(?:tolak|ditolak|menolak)"
    r"|(?:tidak|tdk|tak|gak|nggak|enggak|ngga|ga|ndak) (?:saya |kami )?(?:setuju|setujui|boleh|beri|izinkan)"
    r"|jangan (?:diberi|disetujui))\b"
)
_NO = re.compile(rf"^{_LEADING}(?:tidak|tdk|tak|gak|nggak|enggak|ngga|ga|ndak|no|nope|jangan)(?: tidak)*$")
_ASKING = re.compile(
    r"\b(?:apa|apakah|siapa|mana|dimana|kapan|kenapa|knp|mengapa|bagaimana|gimana|gmn|berapa|bisakah|bolehkah|benarkah"
    r"|nanti|ntar|dulu|dulunya|besok|bsk|lusa|kalau|kalo|klo|jika|bila|asal|asalkan|mungkin|cek|periksa|tanya|tanyakan"
    r"|waktu|tunggu|sebentar|bentar|lihat|liat)\b"
)
_MARKS = frozenset("?؟⁇⁈")
_TURNS = re.compile(r"\b(?:tapi|tetapi|tp|namun|kecuali|selain|melainkan)\b")
_AGREEING = re.compile(r"\b(?:setuju|setujui|disetujui|iya|ok|oke|boleh|silakan|silahkan|acc|benar|betul)\b")
_BACK = re.compile(
    r"\b(?:salah|keliru|ke) ?(?:pencet|tekan|ketik|tulis|kirim|pilih|klik)\w*"
    rf"|\b(?:kepencet|ketekan|eh|ralat|batal\w*)\b|\b{_NOT} jadi\b|\bmaksud saya\b|\bmaaf,? salah\b"
)


def asks(text: str) -> bool:
    """Whether it is a question, puts the matter off, or has a condition."""
    shown = text[: written.LONGEST]
    return bool(_MARKS & set(unicodedata.normalize("NFKC", shown) + shown)) or bool(_ASKING.search(written.plain(text)))


def is_question(text: str) -> bool:
    """Whether it has a question mark."""
    shown = text[: written.LONGEST]
    return bool(_MARKS & set(unicodedata.normalize("NFKC", shown) + shown))


def turns(said: str) -> bool:
    """Whether it says something and then takes a part of it out: `semua kecuali KTP`."""
    return bool(_TURNS.search(said))


def agrees(text: str, *, consent: bool = False, acknowledging: bool = False) -> bool:
    """Whether somebody says yes and nothing besides. `consent`: what gives leave counts as well, with what is usually
    said beside it; `acknowledging`: `mengetahui` too."""
    if is_question(text):
        return False
    said = written.plain(text)
    bare = _THANKS.sub(" ", said)
    strong = (_CONSENT if consent else _words("setuju")) | (_CONSENT_KNOWN if acknowledging else frozenset())
    may = _words("boleh") if consent else frozenset()
    found = bare.split()
    if any(word in strong for word in found):
        left, known = _TAILS.sub(" ", bare).split(), strong | may | _YES | _POLITE | _OF_HIMSELF
    elif any(word in may for word in found):
        left, known = _TAILS.sub(" ", bare).split(), may | _YES | _POLITE
    else:
        left, known = bare.split(), _YES | _POLITE
        if bare.split() != said.split():  # `baik, terima kasih` ends a talk, and gives no leave
            return False
    return any(word in strong | may | _SURE for word in left) and all(word in known for word in left)


def refuses(text: str) -> bool:
    """Whether somebody refuses in so many words: with an explicit word, no negation before it, and no yes beside."""
    said = written.plain(text)
    if asks(text) or turns(said) or takes_back(text):
        return False
    if _NO.match(" ".join(word for word in said.split() if word not in _POLITE)):
        return True
    found = _REFUSING.match(said)
    if found is None:
        return False
    after = said[found.end() :]
    return not _AGREEING.search(after) and not re.search(rf"\b{_NOT} (?:saya )?(?:di|men)?tolak\b", after)


def takes_back(text: str) -> bool:
    """Whether somebody says that what he did before was a slip: `maaf salah pencet`."""
    return bool(_BACK.search(written.plain(text)))


def gives_no_reason(text: str) -> bool:
    """Whether what stands where a reason was asked for is none: he takes it back, agrees, or asks something."""
    said = written.plain(text)
    bare = [word for word in said.split() if word not in _POLITE | _words("maaf saya kami")]
    yes = bool(bare) and bare[0] in _SURE | _CONSENT | _words("boleh")
    consents = re.sub(rf"\b{_NOT} (?:saya |kami )?(?:setuju\w*|disetujui)", " ", said)
    return is_question(text) or takes_back(text) or yes or bool(re.search(r"\b(?:di)?setuju", consents))


def negated(said: str, before: int) -> bool:
    """Whether a word that says no stands before that place of a plain text."""
    return bool(_NEGATED.search(said[:before]))


GENUINE_WORDS = _words("asli semua semuanya seluruhnya dokumen berkas dokumennya berkasnya")


def all_genuine(text: str) -> bool:
    """Whether somebody says that all documents are genuine, and nothing besides: `semuanya asli`, `ya`."""
    said = [word for word in written.words(text) if word not in GENUINE_WORDS]
    if agrees(text):
        return True
    whole = "asli" in written.words(text) and all(word in _YES | _POLITE | _words("sudah itu setuju") for word in said)
    return whole and not is_question(text)

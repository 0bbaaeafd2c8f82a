"""What people write, made comparable: emoji, odd spaces and digits of other scripts are no difference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from contracts import written

plain = written.one_line
"""One line as a person would copy it."""

_PLEASE = frozenset({"tolong", "mohon", "minta", "coba", "please", "maaf"})
_TAILS = frozenset({"ya", "dong", "deh", "nih", "lah", "pak", "bu", "kak", "min", "mas", "mbak", "please", "dulu"})
_ASKED_BACK = frozenset({"send", "anyway", "cancel"})
"""What no question does: `kirim?` sends nothing."""
_ADDRESS = frozenset({"pak", "bu", "kak", "min", "dik", "mas", "mbak"})

_UNKNOWN = re.compile(
    r"^(saya )?((tidak|tdk|gak|ga|enggak|nggak|dak|kurang|belum|ndak) (tahu|tau|tau ya|ingat|hafal|hapal)|lupa"
    r"|entah|don'?t know|not sure|i forgot)\b"
)
_NONE = re.compile(r"^(tidak|tdk|gak|ga|nggak|dak|belum) (ada|punya)\b|^(kosong|none|nihil|-)$")
_LATER = re.compile(r"^(nanti|lewati|lewat|skip|later|belum sempat|besok)\b")
_NUMBERS = {
    "satu": 1, "dua": 2, "duo": 2, "tiga": 3, "tigo": 3, "empat": 4, "lima": 5, "limo": 5, "enam": 6, "tujuh": 7,
    "delapan": 8, "sembilan": 9, "sepuluh": 10, "pertama": 1, "kedua": 2, "ketiga": 3, "keempat": 4, "kelima": 5,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
}  # fmt: skip
_DIGITS = re.compile(
    r"^(?:no|nomor|nomer|pilih|pilihan|angka|yang|ke|number)?[\s.\-]*(\d{1,2})\s*(?:ya|aja|saja|kak|pak|bu)?$"
)

COMMANDS: Mapping[str, frozenset[str]] = {
    "cancel": frozenset({"batal", "batalkan", "cancel", "gak jadi", "tidak jadi", "ga jadi", "nggak jadi", "dak jadi"}),
    "menu": frozenset({"menu", "layanan", "mulai lagi", "mulai ulang", "dari awal", "start over"}),
    "repeat": frozenset({"ulangi", "ulang", "repeat", "ulangi lagi"}),
    "help": frozenset({
        "bantuan", "tolong", "help", "petugas", "minta bantuan", "tolong bantu", "bicara dengan petugas",
        "minta tolong", "hubungi petugas", "operator", "admin", "bicara dengan orang", "talk to a person",
    }),
    "complaint": frozenset({"keluhan", "komplain", "pengaduan", "aduan", "mengadu", "complaint"}),
    "wish": frozenset({"saran", "usul", "usulan", "masukan", "mau usul", "beri saran", "suggestion"}),
    "question": frozenset({"tanya", "bertanya", "mau tanya", "mau bertanya", "ingin bertanya", "pertanyaan"}),
    "report": frozenset({"lapor", "melapor", "mau lapor", "mau melapor", "laporan"}),
    "link": frozenset({"tautan", "link", "minta tautan", "minta link", "tautan baru", "link baru"}),
    "anyway": frozenset({"kirim saja", "kirim aja", "pakai saja", "pakai aja", "tetap kirim", "send anyway"}),
    "send": frozenset({"kirim", "kirimkan", "kirim sekarang", "send", "submit"}),
    "go_on": frozenset({"lanjut", "lanjutkan", "teruskan", "terus", "go on", "continue"}),
    "change": frozenset({"ubah", "ganti", "koreksi", "perbaiki", "ada yang salah", "change"}),
    "english": frozenset({"english", "in english", "bahasa inggris"}),
    "indonesian": frozenset({"bahasa indonesia", "indonesia", "indonesian"}),
    "greeting": frozenset({
        "halo", "hallo", "hai", "hi", "hello", "hei", "helo", "p", "permisi", "assalamualaikum", "assalamu alaikum",
        "selamat pagi", "selamat siang", "selamat sore", "selamat malam", "pagi", "siang", "sore", "malam", "tes",
        "test", "mulai", "start", "asalamualaikum", "asslamualaikum", "assalamu'alaikum", "ass wr wb", "salam",
        "halo min", "halo pak", "halo bu",
    }),
    "thanks": frozenset({
        "terima kasih", "makasih", "terimakasih", "thanks", "thank you", "tks", "mksh", "trims", "suwun", "mokasih",
        "terima kasih banyak", "baik terima kasih", "ok terima kasih", "oke terima kasih",
    }),
}  # fmt: skip
"""Words that are understood everywhere, whatever was asked."""

_STATUS = re.compile(
    r"\b(status|sampai (di ?)?mana|sampe (di ?)?mana|kapan (jadi|selesai|siap|bisa diambil)|sudah (jadi|selesai)\b.*\?"
    r"|(sudah|udah|dah) (jadi|selesai|siap) (belum|apa belum)|perkembangan|progres|progress|how far)\b"
    r"|sudah (jadi|selesai|siap) ?(belum|\?)"
)


def said(text: str) -> str:
    """The same in small letters, without signs around it."""
    return re.sub(r"^[\W_]+|[^\w?]+$", "", plain(text).casefold())


def command(text: str) -> str | None:
    """What is meant everywhere by these words, if it is that."""
    words, bare = said(text).rstrip("?! "), _bare(text)
    for name, known in COMMANDS.items():
        if words in known or bare in known:
            return None if "?" in text and name in _ASKED_BACK else name
    return "status" if len(words) <= 80 and _STATUS.search(said(text)) else None


def _bare(text: str) -> str:
    """Without what makes a word polite: `tolong ulangi`, `menu dong`, `kirim saja ya pak`."""
    words = written.words(text)
    while len(words) > 1 and words[0] in _PLEASE:
        words = words[1:]
    while len(words) > 1 and words[-1] in _TAILS:
        words = words[:-1]
    return " ".join(words)


def is_unknown(text: str) -> bool:
    """`tidak tahu` and its like."""
    return _UNKNOWN.search(said(text)) is not None


def is_none(text: str) -> bool:
    """`tidak ada`, `tidak punya`."""
    return _NONE.search(said(text)) is not None


def is_later(text: str) -> bool:
    """`nanti`, `lewati`, and what somebody has not got."""
    return is_none(text) or _LATER.search(said(text)) is not None


def number(text: str) -> int | None:
    """A digit as an answer: `2`, `no. 2`, `dua`, `yang kedua`."""
    words = said(text)
    if found := _DIGITS.match(words):
        return int(found[1])
    return _NUMBERS.get(words.removeprefix("yang ").removeprefix("nomor ").removeprefix("no "))


def chosen(text: str, pressed: str | None, options: Iterable[tuple[str, Iterable[str]]]) -> str | None:
    """Of options (id, words for it) the one that was pressed, numbered, or named: whole, or as the only one that the
    words speak of."""
    known = list(options)
    ids = [one for one, _ in known]
    if pressed in ids:
        return pressed
    place = number(text)
    if place is not None:
        return ids[place - 1] if 1 <= place <= len(ids) else None
    words = said(text).rstrip("?")
    if not words:
        return None
    names = [(one, [said(name) for name in named if name]) for one, named in known]
    whole = [one for one, named in names if words in named]
    if whole:
        return whole[0]
    spoken = [one for one, named in names if any(_within(name, words) for name in named)]
    if len(spoken) != 1 and len(words) > 3:
        spoken = [one for one, named in names if any(_within(words, name) for name in named)]
    return spoken[0] if len(spoken) == 1 else None


def decided(text: str, pressed: str | None, options: Iterable[tuple[str, Iterable[str]]]) -> str | None:
    """The same where it cannot be undone, or is easily misheard: the button, the digit alone, or an option's words and
    nothing besides but `pak` or `bu`. A question decides nothing."""
    known = list(options)
    ids = [one for one, _ in known]
    if pressed in ids:
        return pressed
    if "?" in text:
        return None
    place = number(text)
    if place is not None:
        return ids[place - 1] if 1 <= place <= len(ids) else None
    words = _without_address(written.words(text))
    found = [one for one, named in known if any(words == written.words(name) for name in named if name)]
    return found[0] if len(found) == 1 else None


def _without_address(words: list[str]) -> list[str]:
    while len(words) > 1 and words[-1] in _ADDRESS:
        words = words[:-1]
    return words


def all_chosen(text: str, options: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    """Several in one answer, in their order: `KK, KTP`, `1 3 2`."""
    known = list(options)
    if (one := chosen(text, None, known)) is not None:
        return [one]
    parts = [part for part in re.split(r"[,;/\n]| dan | terus | lalu |\s+(?=\d)", text) if part.strip()]
    found = [chosen(part, None, known) for part in parts]
    return [one for one in found if one is not None] if found and all(found) and len(set(found)) == len(found) else []


def _within(name: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) is not None

"""What people write, read as they mean it: words, yes and no, digits, numbers of RT and RW, phone numbers.

Nothing here raises, whatever is written: what cannot be read is None or empty, and whoever asked asks again. Days are
in `written_days`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

import phonenumbers

from contracts.phones import normalise_phone
from contracts.places import IdentityError, normalise_rt, normalise_rw

LONGEST = 4096
"""Signs that are read of one message; nobody answers a question with more."""

# Signs that are an answer, before everything that is no letter is taken away.
_SIGNS = dict.fromkeys("👍👌✅✔☑", " ya ") | dict.fromkeys("👎❌✖", " tidak ")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _set("ya iya y yes yup ok oke okay okey baik boleh setuju betul benar bener siap sip mau lanjut jadi")
_NO = _set("tidak tak tdk nggak enggak gak ga engga ngga g no nope bukan jangan ndak dak dag belum")
_FILLERS = _set(
    "pak bu bapak ibu kak mas mbak min admin saya kami sudah udah itu ini sih dong lah deh aja saja kok kan sekali"
    " terima kasih makasih"
)
_COUNTED = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh")
_NUMERALS = {word: place for place, word in enumerate(_COUNTED)} | {"pertama": 1, "kedua": 2, "ketiga": 3}
_ALL = _set("semua semuanya seluruhnya all")
_JOINING = _set("dan sama serta and nomor no angka pilihan pilih yang")


def plain(text: str) -> str:
    """The letters and digits of a text in small letters, single blanks between its words: no emoji, no stops, no
    signs that cannot be seen. `1️⃣` is 1, a thumb up or down is `ya` or `tidak`, `setujuuuu` is `setuju`."""
    shown = text[:LONGEST]
    for sign, word in _SIGNS.items():
        shown = shown.replace(sign, word)
    flat = unicodedata.normalize("NFKC", shown).casefold()
    letters = "".join(sign if sign.isalnum() else "" if _unseen(sign) else " " for sign in flat)
    return " ".join(re.sub(r"([^\W\d_])\1{2,}", r"\1", letters).split())


def one_line(text: str) -> str:
    """One line as a person would copy it: NFKC, digits of any script as ours, no emoji, controls or double spaces."""
    return " ".join("".join(_kept(sign) for sign in unicodedata.normalize("NFKC", text[:LONGEST])).split())


def _kept(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.digit(sign))
    if kind in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    if kind in ("So", "Sk", "Cf", "Cs", "Co", "Cn", "Me") or sign in "\ufe0f\ufe0e":
        return "" if kind == "Cf" else " " if kind == "So" else ""
    return sign


def _unseen(sign: str) -> bool:
    """Accents that stand alone, joiners, choosers of a picture: nothing that parts two words."""
    return unicodedata.category(sign) in ("Mn", "Me", "Cf", "Cc") and not sign.isspace() and sign not in "\x0b\x0c"


def words(text: str) -> list[str]:
    """The words of a text, as `plain` gives them."""
    return plain(text).split()


def first_word(text: str) -> str:
    """The first word of a text, or nothing."""
    return next(iter(words(text)), "")


def yes_or_no(text: str) -> bool | None:
    """Whether somebody says yes or no and nothing besides; None for anything else. `ya pak` is yes, `tidak setuju`
    is no, `ya tapi alamatnya salah` is neither."""
    said = [word for word in words(text) if word not in _FILLERS]
    if not said or any(word not in _YES | _NO for word in said):
        return None
    return not any(word in _NO for word in said)


def numbers(text: str, most: int) -> list[int] | None:
    """The numbers of a choice, each once and in order: `1 dan 3`, `1,3`, `satu & tiga`, `no 2`, `1-3`, `semua`. None
    where anything else is written or a number is not between 1 and `most`."""
    flat = re.sub(r"\b(\d{1,2})\s*(?:-|–|s/?d|sampai)\s*(\d{1,2})\b", _span, text[:LONGEST])
    said = [word for word in words(flat) if word not in _JOINING]
    if not said:
        return None
    if all(word in _ALL for word in said):
        return list(range(1, most + 1))
    found = [_number(word) for word in said]
    chosen = sorted({number for number in found if number is not None and 1 <= number <= most})
    return chosen if None not in found and len(chosen) == len(set(found)) else None


def _span(found: re.Match[str]) -> str:
    first, last = int(found[1]), int(found[2])
    return " ".join(str(number) for number in range(first, last + 1)) if first <= last else found[0]


def _number(word: str) -> int | None:
    if word.isdecimal() and word.isascii() and len(word) <= 2:
        return int(word)
    return _NUMERALS.get(word)


def number(text: str, most: int) -> int | None:
    """The one number of a choice, between 1 and `most`; None for anything else."""
    found = numbers(text, most)
    return found[0] if found and len(found) == 1 and not _ALL & set(words(text)) else None


def choice(text: str, titles: Mapping[str, Sequence[str]]) -> str | None:
    """Which of some options was meant: by its number in their order, or by what it is called, whole or as the only one
    that begins like that. `titles`: of each option its names."""
    codes = list(titles)
    if (found := number(text, len(codes))) is not None:
        return codes[found - 1]
    said = plain(text)
    if not said:
        return None
    named = {code: [plain(title) for title in names] for code, names in titles.items()}
    whole = [code for code, names in named.items() if said in names]
    begun = [code for code, names in named.items() if any(name.startswith(f"{said} ") for name in names)]
    found_ones = whole or begun
    return found_ones[0] if len(found_ones) == 1 else None


_RT = re.compile(r"\brt[\s.:/-]*0*(\d{1,3})(?!\d)", re.IGNORECASE | re.ASCII)
_RW = re.compile(r"(?<![a-z])rw[\s.:/-]*0*(\d{1,3})(?!\d)", re.IGNORECASE | re.ASCII)
_BOTH = re.compile(r"\brt\s*/?\s*rw[\s.:]*0*(\d{1,3})(?:\s*[/-]\s*|\s+)0*(\d{1,3})(?!\d)", re.IGNORECASE | re.ASCII)
_PAIR = re.compile(r"\D{0,3}(\d{1,3})\s*[/-]\s*(\d{1,3})\D{0,3}", re.ASCII)


def rt_and_rw(text: str) -> tuple[str | None, str | None]:
    """The RT and RW that are named, as three digits: `RT.23/RW 5`, `rt 023 rw 005`, `RT/RW 23/5`, `23/5`; None for what
    is not."""
    shown = text[:LONGEST]
    if (both := _BOTH.search(shown) or _PAIR.fullmatch(shown.strip())) is not None:
        return _place(normalise_rt, both[1]), _place(normalise_rw, both[2])
    rt, rw = _RT.search(shown), _RW.search(shown)
    return (_place(normalise_rt, rt[1]) if rt else None), (_place(normalise_rw, rw[1]) if rw else None)


def place_begins(text: str) -> int | None:
    """Where in a text its RT or RW begins; None where neither word is in it."""
    found = [one.start() for one in (form.search(text[:LONGEST]) for form in (_BOTH, _RT, _RW)) if one]
    return min(found, default=None)


def _place(read: Callable[[str], str], digits: str) -> str | None:
    try:
        return read(digits)
    except IdentityError:
        return None


def phone(text: str) -> str | None:
    """The first mobile number that stands in a text, as E.164: alone or between words."""
    found = phone_at(text)
    return found[0] if found else None


def phone_at(text: str) -> tuple[str, int, int] | None:
    """The first mobile number in a text with where it begins and ends there."""
    shown = text[:LONGEST]
    for found in phonenumbers.PhoneNumberMatcher(shown, "ID"):
        try:
            return normalise_phone(found.raw_string), found.start, found.end
        except ValueError:
            continue
    try:
        return normalise_phone(shown), 0, len(shown)
    except ValueError:
        return None

"""Names, places, dates and numbers as people write them: `RT.23/RW 5`, `tgl 7 mei 95`, `0812-3456-7890`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from contracts import written, written_days
from intake.domain.catalogue import is_plain
from intake.domain.conversation.words import command, plain, said

LONGEST_NAME = 120
_BEFORE_A_NAME = re.compile(
    r"^(?:nama(?:nya)?(?:\s+(?:saya|lengkap|pemohon|lengkapnya|ibu|bapak))*|saya|aku|atas nama|a\.?n\.?|my name is"
    r"|name)"
    r"(?:\s+(?:adalah|ialah|itu))?\s*[:=,-]?\s+",
    re.IGNORECASE,
)
_AT_THE_END = re.compile(r"[\s,;]+(\d{1,3}(?:\s*[/\-]\s*\d{1,3})?)$")


_NO_NAMES = frozenset(
    written.words(
        "ya iya yo yes y ok oke okay baik siap sip boleh bisa tidak tdk tak gak ga nggak enggak dak ndak belum"
        " bukan no tahu tau ingat hafal nanti besok lupa entah sebentar bentar tunggu dulu sabar saya aku sendiri"
        " diri kami orang lain lainnya itu ini apa siapa mana kapan kenapa mengapa bagaimana gimana mau minta"
        " tolong bantu pak bu bapak ibu kak min admin mas mbak dong deh lah sih kok kan juga sama sudah udah masih"
        " lagi ada punya ke di dari yang untuk buat terima kasih makasih maaf permisi halo hai later wait not know"
        " what who sorry"
    )
)


@dataclass(frozen=True)
class Place:
    """RT and RW as far as they were said."""

    rt: str | None = None
    rw: str | None = None


def name(text: str) -> str | None:
    """A person's name; None for what can be none."""
    found = plain(text).strip(" .,;:-\"'")
    for _ in range(2):
        found = _BEFORE_A_NAME.sub("", found).strip(" .,;:-")
    if no_name(found):
        return None
    letters = sum(sign.isalpha() for sign in found)
    if letters < 2 or len(found) > LONGEST_NAME or "?" in found or not is_plain(found):
        return None
    return None if any(sign.isdigit() for sign in found) or len(found.split()) > 12 else found


def no_name(text: str) -> bool:
    """Whether these are words that people put in a name's place: `sebentar ya`, `tidak tahu`, `oke`."""
    return command(text) is not None or set(written.words(text)) <= _NO_NAMES


def place(text: str) -> Place:
    """RT and RW of `RT.23/RW 5`, `rt 023`, `23/5`, `RT/RW 023/005`, or a number alone, which is an RT."""
    words = said(text)
    rt, rw = written.rt_and_rw(words)
    if rt is None and rw is None and (alone := re.fullmatch(r"0*(\d{1,3})", words)):
        rt, _ = written.rt_and_rw(f"rt {alone[1]}")
    return Place(rt, rw)


def name_and_place(text: str) -> tuple[str | None, Place]:
    """Both in one answer: `Siti Maimunah, RT 23`."""
    words = plain(text)
    cut = written.place_begins(words)
    if cut is None and (found := _AT_THE_END.search(words)) is not None:  # `Siti Maimunah, 23/5`
        return name(words[: found.start()]), place(found[1])
    if cut is None:
        return name(words), Place()
    before = re.sub(r"(?i)[\s,;.]*\b(?:tinggal|warga|alamat|di|dari)?\s*(?:di)?\s*$", "", words[:cut])
    return name(before), place(words[cut:])


def day(text: str, today: date) -> str | None:
    """A date as the wire writes it, with its year."""
    found = written_days.dated(said(text), today)
    return found.isoformat() if found else None


def sixteen(text: str) -> str | None:
    """The digits of a NIK or KK number, however they are spaced."""
    found = re.sub(r"[\s.\-]", "", plain(text))
    hit = re.search(r"(?<!\d)\d{16}(?!\d)", found)
    return hit[0] if hit else None


# --- a correction of something said before ----------------------------------------------------------------------------

_CORRECTING = re.compile(
    r"^(?:maaf|eh|oh|ups|aduh)?[\s,.]*(?:ubah|ganti|koreksi|perbaiki|betulkan|ralat|salah|keliru|bukan|change|wrong)"
    r"(?:nya)?[\s,.:]*(?:maaf|itu|itu salah|saya)?[\s,.:]*(.*)$",
    re.IGNORECASE,
)
FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("birth_place", ("tempat lahir",)), ("birth_date", ("tanggal lahir", "tgl lahir")), ("name", ("nama", "name")),
    ("sex", ("jenis kelamin",)), ("address", ("alamat", "address")), ("nik", ("nik",)), ("rt", ("rt",)),
    ("rw", ("rw",)), ("reason", ("alasan", "reason")), ("service", ("layanan", "service")),
    ("whom", ("untuk siapa", "pemohon")),
)  # fmt: skip
"""What can be corrected in words, the longer names first."""


def correction(text: str) -> tuple[str, str] | None:
    """(field, what follows) of `salah, namanya Siti`, `ubah nama`, `ganti RT 24`; None for anything else."""
    found = _CORRECTING.match(plain(text))
    rest = found[1].strip() if found else ""
    low = rest.casefold()
    for code, names in FIELDS:
        for named in names:
            if hit := re.match(
                rf"{named}(?:\s*(?:nya|ku|saya))?\b[\s:=,.\-]*(?:jadi|menjadi|yang benar|seharusnya|to)?", low
            ):
                after = rest[hit.end() :].strip(" .:,=-")
                return code, f"{code} {after}" if code in ("rt", "rw") and after else after
    return None

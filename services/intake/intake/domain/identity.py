"""The numbers people are known by: NIK, KK number, RT and RW, and the tracking code of a case.

    NIK   1671 10   57 05 95   0003        KK   1671 10   14 02 19   0004
          region    birth      serial           region    recorded   serial
                    (women: day + 40)

Hard rules raise an `IdentityError` with a machine code and never with the number itself, since messages end
in logs. Soft ones are warnings: Dukcapil gives a NIK once and renumbers nobody when the birth date, the
district or the family's address changes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from contracts.places import IdentityError, normalise_rt, normalise_rw

__all__ = [
    "IdentityError", "KkNumber", "Nik", "Sex", "kk_warnings", "mask", "new_tracking_code", "nik_warnings",
    "normalise_rt", "normalise_rw", "normalise_tracking_code", "parse_kk_number", "parse_nik", "region_plausible",
]  # fmt: skip

# Kemendagri codes of the 38 provinces; 92 to 96 are Papua's divisions.
PROVINCES = frozenset(
    f"{number}"
    for first, last in ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 96))
    for number in range(first, last + 1)
)
_SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")  # not \d, which takes the digits of every script


class Sex(StrEnum):
    """As the NIK tells it."""

    MALE = "male"
    FEMALE = "female"


@dataclass(frozen=True, slots=True)
class Nik:
    """A well-formed NIK and what it says of its holder. Its repr is masked."""

    number: str = field(repr=False)
    region: str = field(repr=False)
    birth_date: date = field(repr=False)
    sex: Sex = field(repr=False)
    serial: str


@dataclass(frozen=True, slots=True)
class KkNumber:
    """A well-formed KK number; `recorded_on` is None where its date cannot be read. Its repr is masked."""

    number: str = field(repr=False)
    region: str = field(repr=False)
    recorded_on: date | None = field(repr=False)
    serial: str


def parse_nik(text: str, *, today: date) -> Nik:
    """Read a NIK. The century is the latest that does not put the birth into the future."""
    region, day, month, year, serial = _parts(text, "nik")
    if serial == "0000":
        raise IdentityError("nik-serial")
    sex = Sex.FEMALE if day > 40 else Sex.MALE
    day = day - 40 if sex is Sex.FEMALE else day
    if not 1 <= day <= 31:
        raise IdentityError("nik-day")
    if not 1 <= month <= 12:
        raise IdentityError("nik-month")
    try:
        birth_date = date(_latest_year(day, month, year, today), month, day)
    except ValueError:
        # Without the cause: nothing of the number may travel on in a traceback.
        raise IdentityError("nik-date") from None
    return Nik(text, region, birth_date, sex, serial)


def nik_warnings(
    nik: Nik, declared_birth_date: date | None = None, declared_sex: Sex | None = None, home_region: str = ""
) -> tuple[str, ...]:
    """What an officer should look at, as codes; nothing here is a reason to refuse.

    `home_region` is the office's city without dots (`1671`). Birth dates are compared without the century,
    which a NIK does not have: who is past one hundred is no mistake.
    """
    found = {
        "nik-birth-date-differs": declared_birth_date is not None
        and f"{declared_birth_date:%d%m%y}" != f"{nik.birth_date:%d%m%y}",
        "nik-sex-differs": declared_sex is not None and declared_sex is not nik.sex,
        "nik-region-unknown": not region_plausible(nik.region),
        "nik-region-elsewhere": not nik.region.startswith(home_region),
    }
    return tuple(code for code, applies in found.items() if applies)


def region_plausible(region: str) -> bool:
    """Whether six digits can name a kecamatan: in a kabupaten (01 to 49) or kota (71 to 79), and not 00.

    Districts are merged and split all the time, so this knows the shape of the codes and no list of them,
    except for Palembang's own eighteen kecamatan.
    """
    regency, district = int(region[2:4]), int(region[4:6])
    if region.startswith("1671"):
        return 1 <= district <= 18
    return (1 <= regency <= 49 or 71 <= regency <= 79) and district != 0


def parse_kk_number(text: str, *, today: date) -> KkNumber:
    """Read the number of a family card. A date that makes no sense is a warning, see `kk_warnings`."""
    region, day, month, year, serial = _parts(text, "kk")
    try:
        recorded_on = date(_latest_year(day, month, year, today), month, day)
    except ValueError:
        recorded_on = None
    return KkNumber(text, region, recorded_on, serial)


def kk_warnings(kk: KkNumber, nik: Nik | None = None) -> tuple[str, ...]:
    """What an officer should look at: a date that cannot be, or the person's NIK written in its place."""
    found = {
        "kk-date-unreadable": kk.recorded_on is None,
        "kk-serial-zero": kk.serial == "0000",
        "kk-equals-nik": nik is not None and nik.number == kk.number,
    }
    return tuple(code for code, applies in found.items() if applies)


def mask(number: str) -> str:
    """All but the last four characters as stars. The first twelve of a NIK give away birth date and sex."""
    shown = number[-4:] if len(number) >= 8 else ""
    return "*" * (len(number) - len(shown)) + shown


def _parts(text: str, kind: str) -> tuple[str, int, int, int, str]:
    if not isinstance(text, str):  # a JSON number has already lost its leading zeros
        raise IdentityError(f"{kind}-not-text")
    if not _SIXTEEN_DIGITS.fullmatch(text):
        raise IdentityError(f"{kind}-sixteen-digits")
    if text[:2] not in PROVINCES:
        raise IdentityError(f"{kind}-province")
    return text[:6], int(text[6:8]), int(text[8:10]), int(text[10:12]), text[12:]


def _latest_year(day: int, month: int, year: int, today: date) -> int:
    this_century = today.year - today.year % 100 + year
    in_future = (this_century, month, day) > (today.year, today.month, today.day)
    return this_century - 100 if in_future else this_century


# Digits and consonants. No vowels, so that no code is a word; no L, S or U, which are read as 1, 5 and V.
TRACKING_ALPHABET = "0123456789BCDFGHJKMNPQRTVWXYZ"
TRACKING_PREFIX = "PGT"
_BASE = len(TRACKING_ALPHABET)  # 29, a prime: the weighted sum then catches each slip and each swap
_SYMBOLS = 9  # before the check character: 1.4e13 codes
_READ_AS = str.maketrans("OILSU", "0115V")
_LONGEST_INPUT = 64


def new_tracking_code(randbits: Callable[[int], int], prefix: str = TRACKING_PREFIX) -> str:
    """A code such as `PGT-7K3M9-XW2RB`, from a source of random bits such as `secrets.randbits`."""
    rest = randbits(128) % _BASE**_SYMBOLS  # 84 bits more than needed, so that no code is likelier
    values = []
    for _ in range(_SYMBOLS):
        rest, value = divmod(rest, _BASE)
        values.append(value)
    values.append(-_weighted_sum(values) % _BASE)
    return _grouped("".join(TRACKING_ALPHABET[value] for value in values), prefix)


def normalise_tracking_code(text: str, prefix: str = TRACKING_PREFIX) -> str:
    """The code as it was given out, from how somebody typed it: small letters, spaces and dashes of any kind,
    with or without `PGT`, O for 0, I or L for 1, S for 5, U for V."""
    if len(text) > _LONGEST_INPUT:
        raise IdentityError("tracking-code-shape")
    kept = "".join(c for c in text if unicodedata.category(c) not in {"Pd", "Zs", "Cc", "Cf"})
    symbols = kept.upper().removeprefix(prefix) if len(kept) > _SYMBOLS + 1 else kept.upper()
    symbols = symbols.translate(_READ_AS)
    if len(symbols) != _SYMBOLS + 1 or not set(symbols) <= set(TRACKING_ALPHABET):
        raise IdentityError("tracking-code-shape")
    values = [TRACKING_ALPHABET.index(symbol) for symbol in symbols]
    if _weighted_sum(values) % _BASE:
        raise IdentityError("tracking-code-check")
    return _grouped(symbols, prefix)


def _weighted_sum(values: list[int]) -> int:
    """Each place has a weight of its own, ten for the first; the check character, last, has one."""
    return sum((_SYMBOLS + 1 - place) * value for place, value in enumerate(values))


def _grouped(symbols: str, prefix: str) -> str:
    return f"{prefix}-{symbols[:5]}-{symbols[5:]}"

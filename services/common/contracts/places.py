"""How places are named, on the wire and in every database: RT and RW as three digits with leading zeros, and when
two spellings mean the same kelurahan."""

from __future__ import annotations

import re
import unicodedata


class IdentityError(ValueError):
    """A number that cannot be one; `code` says why, and neither repeats it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def normalise_rt(text: str) -> str:
    """RT as three digits: `23`, `023`, `RT.23` and `rt 023` are all `023`. Raises IdentityError."""
    return _neighbourhood_number(text, "rt")


def normalise_rw(text: str) -> str:
    """RW as three digits, read like an RT. Raises IdentityError."""
    return _neighbourhood_number(text, "rw")


def _neighbourhood_number(text: str, kind: str) -> str:
    found = re.fullmatch(rf"\s*(?:{kind})?[\s.:/-]*([0-9]{{1,3}})\s*", text, re.IGNORECASE | re.ASCII)
    if found is None or int(found[1]) == 0:
        raise IdentityError(f"{kind}-number")
    return found[1].zfill(3)


def same_kelurahan(one: str, other: str) -> bool:
    """`Bukitsangkal`, `Kel. Bukit Sangkal` and `BUKIT SANGKAL` are one kelurahan."""
    return _letters(one) == _letters(other) != ""


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    bare = re.sub(r"^\s*(?:kelurahan\b|kel\b\.?)", "", plain)
    return "".join(sign for sign in bare if sign.isalnum())


def is_below(code: str, top: str) -> bool:
    """Whether a place (by the code of a kelurahan, kecamatan or city) is this one, or lies in it."""
    return code == top or code.startswith(f"{top}.")

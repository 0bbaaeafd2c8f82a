"""A helper applies for somebody: how that person agreed, and what holds while he has not. His last word counts.

none          nothing was said yet: the case can be filled in and not submitted
code          a code went to his own phone, and came back
signed_photo  he signed a sheet, which is among the case's files and is verified with them
rt_head_word  the RT head says that he agrees
in_person     an officer heard it from himself
denied        the RT head says that he does not: no paper says otherwise
revoked       he wants no help any more: the helper is out, and he goes on himself
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from contracts.consent import CONSENT_PAPER
from kit.problems import Conflict, NotFound, TooManyRequests, Unprocessable, Words

CONSENT = "CONSENT"
"""What is missing from a helper's case while nobody agreed."""

NONE, CODE, PHOTO, RT_HEAD, IN_PERSON, REVOKED = "none", "code", "signed_photo", "rt_head_word", "in_person", "revoked"
DENIED = "denied"
AGREED = (CODE, RT_HEAD, IN_PERSON)
HEARD = (RT_HEAD, IN_PERSON)
"""Ways that an officer records."""

AGREE, REVOKE = "agree", "revoke"
MOST_TRIES = 5
MOST_SENT = 5
CODE_HOLDS = timedelta(hours=24)
BETWEEN_CODES = timedelta(seconds=60)

TO_DO = Words(
    "Pemohon harus setuju dibantu: minta kode persetujuan ke HP-nya, kirim foto surat persetujuan yang ditandatangani"
    f" ({CONSENT_PAPER}), atau mintalah ketua RT atau petugas mencatatnya.",
    "The applicant has to agree to being helped: ask for a code to the applicant's own phone, send a photo of the"
    f" signed consent ({CONSENT_PAPER}), or let the RT head or an officer record it.",
)


class NoHelper(Conflict):
    """Nobody helps in this case."""

    slug = "no-helper"
    title = Words("Permohonan ini tanpa pendamping", "Nobody helps in this case")
    detail = Words("Persetujuan hanya untuk permohonan lewat pendamping.", "Consent belongs to a helper's case.")


class OwnPhoneWanted(Unprocessable):
    """The code has to go to the applicant's own phone."""

    slug = "own-phone-wanted"
    title = Words("Perlu nomor HP pemohon sendiri", "The applicant's own phone is needed")
    detail = Words(
        "Ini nomor HP pendamping. Tulis nomor HP pemohon, atau pilih cara persetujuan lain.",
        "This is the helper's number. Give the applicant's own, or choose another way to agree.",
    )


class ConsentCodeRefused(NotFound):
    """The code is wrong, too old, used, or was tried too often."""

    slug = "consent-code-refused"
    title = Words("Kode tidak cocok", "The code does not match")
    detail = Words(
        f"Periksa kodenya. Sesudah {MOST_TRIES} kali salah atau 24 jam, minta kode baru.",
        f"Check the code. After {MOST_TRIES} wrong ones, or 24 hours, ask for a new one.",
    )


class ContactChosen(Conflict):
    """The applicant chose where messages go: the helper does not change it."""

    slug = "contact-chosen"
    title = Words("Pemohon sudah memilih tujuan pesan", "The applicant chose where messages go")
    detail = Words("Hanya pemohon atau petugas yang mengubahnya.", "Only the applicant or an officer changes it.")


class TooManyCases(TooManyRequests):
    """The helper has opened as many cases today as one may."""

    slug = "too-many-cases"
    title = Words("Batas harian pendamping tercapai", "The helper's daily limit is reached")

    def __init__(self, most: int, seconds: float) -> None:
        super().__init__(
            seconds,
            Words(
                f"Pendamping membuka paling banyak {most} permohonan sehari. Lanjutkan besok, atau lewat loket.",
                f"A helper opens at most {most} cases a day. Go on tomorrow, or at the counter.",
            ),
        )


def helper_of(person: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Who helps now; nobody once the person wanted no help any more."""
    helper: Mapping[str, Any] | None = person.get("helper")
    return helper if helper and not helper.get("revoked") else None


def own_phone(person: Mapping[str, Any]) -> str | None:
    """The person's own phone as far as it was told when he agreed: never the helper's."""
    found: str | None = (person.get("consent") or {}).get("phone")
    return found


def standing(recorded: str, person: Mapping[str, Any], requirements: Collection[str]) -> str:
    """How the person agreed, as things are: a paper counts as long as it is among the case's files."""
    if recorded == NONE and helper_of(person) and CONSENT_PAPER in requirements:
        return PHOTO
    return recorded


def missing(recorded: str, person: Mapping[str, Any], requirements: Collection[str]) -> list[str]:
    """What a helper's case lacks before it can be submitted."""
    if helper_of(person) is None or standing(recorded, person, requirements) not in (NONE, DENIED):
        return []
    return [CONSENT]


def check_own(person: Mapping[str, Any], phone: str) -> None:
    """Raises OwnPhoneWanted for the helper's number."""
    if phone == (person.get("helper") or {}).get("phone"):
        raise OwnPhoneWanted(errors={"json": {"phone": [OwnPhoneWanted.detail]}})


def choose_contact(person: dict[str, Any], choice: str | None) -> None:
    """Messages go where the person chose: to his own phone, or to the helper's. Raises OwnPhoneWanted."""
    if choice is None:
        return
    if choice == "helper":
        helper = person["helper"]
        person["contact"] = {"name": helper["name"], "phone": helper["phone"]}
    else:
        to_own_phone(person)
    person["consent"] = (person.get("consent") or {}) | {"messages_to": choice}


def to_own_phone(person: dict[str, Any]) -> None:
    """Raises OwnPhoneWanted when it is not known."""
    phone = own_phone(person)
    if phone is None:
        raise OwnPhoneWanted(Words("Tulis nomor HP pemohon.", "Give the applicant's own phone number."))
    person["contact"] = {"name": person["applicant"]["name"], "phone": phone}


def end_help(person: dict[str, Any]) -> None:
    """The helper is out, and stays known as who helped once. Messages no longer go to him."""
    person["helper"] = dict(person["helper"]) | {"revoked": True}
    if (person.get("contact") or {}).get("phone") == person["helper"]["phone"]:
        person["contact"] = {"name": person["applicant"]["name"]}
    if own_phone(person):
        to_own_phone(person)


def resume_help(person: dict[str, Any]) -> None:
    """He agrees again."""
    person["helper"] = {name: value for name, value in person["helper"].items() if name != "revoked"}

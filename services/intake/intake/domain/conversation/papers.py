"""Which paper a photo is of, by its caption or by what somebody answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from contracts.consent import CONSENT_PAPER, CONSENT_PAPER_NAME
from contracts.sop import applies
from intake.domain.conversation.synonyms import spoken_of
from intake.domain.conversation.turns import Choice
from intake.domain.conversation.words import said
from kit.problems import Words

_CALLED: Mapping[str, tuple[str, ...]] = {
    "KK": ("kk", "kartu keluarga"), "KK_LAMA": ("kk", "kk lama", "kartu keluarga"),
    "KTP": ("ktp", "e-ktp", "ektp"), "KTP_LAMA": ("ktp", "ktp lama", "e-ktp"),
    "PAS_FOTO": ("pas foto", "pasfoto", "foto diri", "selfie", "foto saya", "foto"),
    "SURAT_KEHILANGAN": ("surat kehilangan", "surat hilang", "polisi", "surat polisi", "kehilangan"),
    "SKP": ("surat pindah", "pindah", "skp", "skpwni"),
    "PENGANTAR_RT": ("pengantar", "surat pengantar", "surat rt", "pengantar rt"),
    CONSENT_PAPER: ("persetujuan", "surat persetujuan"),
}  # fmt: skip

_ANY_PHOTO = frozenset({"foto", "foto saya"})


def choices(sop: Mapping[str, Any], reason: str | None, given: Mapping[str, Any], missing: Sequence[str],
            *, helped: bool) -> list[Choice]:  # fmt: skip
    """The papers that a case takes, those that it lacks first."""
    wanted = [one for one in sop["requirements"] if applies(one, reason, given)]
    wanted.sort(key=lambda one: (one["code"] not in missing, one["kind"] != "file"))
    found = [_choice(one["code"], one["name"]) for one in wanted]
    return [*found, _choice(CONSENT_PAPER, CONSENT_PAPER_NAME)] if helped else found


def _choice(code: str, name: Mapping[str, str]) -> Choice:
    return Choice(code, Words(name["id"], name["en"]), (code, *_CALLED.get(code, ())))


def by_caption(caption: str, known: Sequence[Choice]) -> str | None:
    """What a caption speaks of, if it is one paper."""
    return spoken_of(caption, [(one.id, one.named) for one in known]) if caption.strip() else None


def _names_a_paper(caption: str) -> bool:
    """Whether it speaks of some paper, even if it is none of the case's, or of several."""
    spoken = f" {said(caption)} "
    return any(f" {name} " in spoken for names in _CALLED.values() for name in names if name not in _ANY_PHOTO)


def sort(photos: Sequence[dict[str, Any]], known: Sequence[Choice], missing: Collection[str]) -> None:
    """Gives each photo its paper where that is clear: by its caption; and the only one without words is what was asked
    for when it came, or the only paper that is missing."""
    for photo in photos:
        if not photo.get("code"):
            photo["code"] = by_caption(str(photo.get("caption") or ""), known)
    open_ones = [photo for photo in photos if not photo["code"]]
    if len(open_ones) != 1 or open_ones[0].get("unsure") or _names_a_paper(str(open_ones[0].get("caption") or "")):
        return
    asked = open_ones[0].get("asked")
    taken = {photo["code"] for photo in photos}
    left = [code for code in missing if code not in taken]
    if asked and asked in {one.id for one in known} and asked not in taken:
        open_ones[0]["code"] = asked
    elif len(left) == 1:
        open_ones[0]["code"] = left[0]

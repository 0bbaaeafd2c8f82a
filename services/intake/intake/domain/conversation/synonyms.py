"""Words by which people call services and reasons of the shipped catalogue; an office's own go by their names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from intake.domain.conversation.words import said

_SERVICES: Mapping[str, tuple[str, ...]] = {
    "KK": ("kk", "kartu keluarga", "family card"),
    "KTP": ("ktp", "e-ktp", "ektp", "ktp-el", "kartu tanda penduduk", "identity card"),
    "NIKAH": ("nikah", "menikah", "kawin", "pernikahan", "na", "n1", "marriage", "wedding"),
    "SITU": ("usaha", "situ", "sku", "tempat usaha", "dagang", "warung", "toko", "business", "surat usaha"),
}
_REASONS: Mapping[str, tuple[str, ...]] = {
    "new": ("baru", "buat baru", "bikin baru", "pertama", "pertama kali", "belum punya", "new"),
    "lost": ("hilang", "kehilangan", "ilang", "lost"),
    "damaged": ("rusak", "patah", "robek", "sobek", "damaged"),
    "changed": ("ubah", "berubah", "ubah data", "perubahan", "ganti data", "ganti", "perbaikan data", "changed"),
    "moved_in": ("pindah", "pindahan", "pindah datang", "baru pindah", "moved"),
}


def of_service(sop: Mapping[str, Any]) -> tuple[str, ...]:
    return (sop["service"], *_SERVICES.get(sop["service"], ()))


def of_reason(code: str) -> tuple[str, ...]:
    return _REASONS.get(code, ())


def spoken_of(text: str, known: Iterable[tuple[str, tuple[str, ...]]]) -> str | None:
    """Which of these somebody speaks of in a sentence, if it is one: `mau urus KTP yang hilang`."""
    words = f" {said(text)} "
    found = {code for code, names in known if any(f" {said(one)} " in words for one in names if one)}
    return found.pop() if len(found) == 1 else None

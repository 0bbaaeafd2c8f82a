"""What each sample shows: a paper that nobody has, with bars where data would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Layout = Literal["letter", "table", "card", "portrait"]


@dataclass(frozen=True)
class Paper:
    """`layout`: a letter with its lines, a wide sheet with a table, a card, or somebody's face; `stamped`: whether a
    stamp belongs on it; `hint`: what makes a good photo of it, in a few words."""

    name: str
    title: str
    layout: Layout
    hint: str
    stamped: bool = False


_WHOLE = "Seluruh kertas terlihat  ·  tegak  ·  tanpa pantulan"
_STAMP = "Nomor, tanggal dan cap terbaca  ·  tegak  ·  tanpa pantulan"

PAPERS: tuple[Paper, ...] = (
    Paper("introduction", "SURAT PENGANTAR RT", "letter", _STAMP, stamped=True),
    Paper("family_card", "KARTU KELUARGA", "table", _WHOLE),
    Paper("identity_card", "KARTU TANDA PENDUDUK", "card", "Keempat sudut terlihat  ·  tegak  ·  tanpa pantulan"),
    Paper("portrait", "PAS FOTO", "portrait", "Wajah menghadap kamera  ·  latar polos  ·  terang"),
    Paper("moving_certificate", "SURAT KETERANGAN PINDAH", "letter", _WHOLE, stamped=True),
    Paper("police_report", "SURAT KETERANGAN HILANG", "letter", _STAMP, stamped=True),
    Paper("consent", "SURAT PERSETUJUAN", "letter", _WHOLE),
    Paper("sheet", "BERKAS", "letter", _WHOLE),
)

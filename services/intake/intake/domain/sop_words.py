"""What the parts of a SOP are called by people; in the document they have the names of `schemas.sops`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kit.problems import Words

PARTS = {
    "name": Words("Nama layanan", "Name of the service"),
    "days": Words("Hari kerja", "Working days"),
    "cost": Words("Biaya", "Cost"),
    "product": Words("Hasil", "Result"),
    "procedure": Words("Tata cara", "Procedure"),
    "next_step": Words("Langkah berikutnya", "Next step"),
    "complaint": Words("Keluhan", "Complaints"),
    "legal_basis": Words("Dasar hukum", "Legal basis"),
    "witnesses": Words("Pernyataan tetangga", "Neighbours' statements"),
    "steps": Words("Langkah pemeriksaan", "Steps"),
    "reasons": Words("Alasan", "Reason"),
    "requirements": Words("Syarat", "Requirement"),
    "fields": Words("Isian", "Field"),
    "letters": Words("Surat", "Letter"),
    "forms": Words("Formulir", "Form"),
}
ITEMS = {
    "name": Words("Nama", "Name"),
    "code": Words("Kode", "Code"),
    "kind": Words("Macam", "Kind"),
    "type": Words("Bentuk isian", "Type"),
    "source": Words("Diisi oleh", "Filled in by"),
    "required": Words("Wajib", "Required"),
    "optional": Words("Boleh tidak ada", "Not needed"),
    "reasons": Words("Hanya untuk alasan", "Only for the reasons"),
    "when": Words("Hanya bila", "Only if"),
    "photo_hint": Words("Petunjuk foto", "Hint for the photo"),
    "choices": Words("Pilihan", "Choices"),
    "columns": Words("Kolom", "Columns"),
    "classification": Words("Kode klasifikasi", "Classification"),
    "valid_days": Words("Berlaku (hari)", "Valid for (days)"),
    "title": Words("Judul", "Title"),
    "text": Words("Isi", "Text"),
    "rows": Words("Baris data", "Rows"),
    "about": Words("Data pemohon", "The applicant's data"),
    "copies": Words("Tembusan", "Copies to"),
    "positions": Words("Sisi", "Sides"),
    "quorum": Words("Paling sedikit setuju", "At least so many confirm"),
    "question": Words("Pertanyaan", "Question"),
}
"""What stands in an item of a list."""
VALUES = {
    ("kind", "file"): Words("berkas", "file"),
    ("kind", "introduction"): Words("pengantar RT", "RT introduction"),
    ("kind", "kk_introduction"): Words("surat pengantar KK", "introduction for a family card"),
    ("kind", "ktp_introduction"): Words("surat pengantar KTP-el", "introduction for an identity card"),
    ("kind", "n1"): Words("surat pengantar nikah (N1)", "introduction to marry (N1)"),
    ("kind", "marriage_statement"): Words("surat keterangan nikah", "statement for a marriage"),
    ("kind", "n6"): Words("surat keterangan kematian suami atau istri (N6)", "statement of a spouse's death (N6)"),
    ("kind", "business_place"): Words("surat keterangan tempat usaha", "statement of a place of business"),
    ("kind", "keterangan"): Words("surat keterangan", "statement"),
    ("kind", "f101"): Words("F-1.01", "F-1.01"),
    ("kind", "f102"): Words("F-1.02", "F-1.02"),
    ("kind", "f106"): Words("F-1.06", "F-1.06"),
    ("kind", "n2"): Words("N2", "N2"),
    ("kind", "n4"): Words("N4", "N4"),
    ("kind", "n5"): Words("N5", "N5"),
    ("source", "applicant"): Words("pemohon", "the applicant"),
    ("source", "rt_head"): Words("ketua RT", "the RT head"),
    ("source", "officer"): Words("petugas", "an officer"),
    ("type", "text"): Words("teks", "text"),
    ("type", "date"): Words("tanggal", "day"),
    ("type", "number"): Words("angka", "number"),
    ("type", "choice"): Words("pilihan", "choice"),
    ("type", "rows"): Words("daftar", "list"),
    ("steps", "receive"): Words("terima", "receive"),
    ("steps", "verify"): Words("periksa", "verify"),
    ("steps", "produce"): Words("buat surat", "produce"),
}
"""What stands for one of several."""


def named(part: str, code: str | None = None, item: Any = None) -> Words:
    """A part of a SOP, or one item of it: by its own name where it has one (`item`), else by its code."""
    what = PARTS.get(part, Words(part, part))
    if code is None:
        return what
    own = _own_name(item) or _of_kind(code)
    return Words(f"{what.id} “{own.id}”", f"{what.en} “{own.en}”")


def place(where: str, sop: Mapping[str, Any]) -> Words:
    """The words for a place such as `letters.n1` of this SOP."""
    part, _, code = where.partition(".")
    return item_of(sop, part, code) if code else named(part)


def item_of(sop: Mapping[str, Any], part: str, code: str) -> Words:
    """One item of a list of this SOP, by its own name."""
    found = (one for one in sop.get(part, ()) if code in (one.get("code"), one.get("kind")))
    return named(part, code, next(found, None))


def key(name: str) -> Words:
    """What the name of a value inside an item says; one's own code stays as it is."""
    return ITEMS.get(name, Words(name, name))


def value(name: str, said: str) -> Words:
    """What a value says that is one of several."""
    return VALUES.get((name, said), Words(said, said))


def _own_name(item: Any) -> Words | None:
    own = (item.get("name") or item.get("title")) if isinstance(item, Mapping) else None
    return Words(own["id"], own["en"]) if isinstance(own, Mapping) and {"id", "en"} <= own.keys() else None


def _of_kind(code: str) -> Words:
    """A letter or form that has no title of its own; behind its code stand the reasons that it is for."""
    kind, _, reasons = code.partition(" ")
    said = value("kind", kind)
    return Words(f"{said.id} {reasons}".rstrip(), f"{said.en} {reasons}".rstrip())

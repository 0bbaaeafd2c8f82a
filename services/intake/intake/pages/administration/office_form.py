"""The parts of an office's data that forms write: which fields each has, and how what was typed becomes the data that
the API takes. What a form does not have stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from contracts.calendar import ZONES
from contracts.numbering import SERIES
from contracts.retention import DAYS
from contracts.signing import METHODS, USUAL
from kit.pages import forms
from kit.problems import Words

TEXT, LINES, NUMBER, YES, ONE, MANY, PEOPLE = "text", "lines", "number", "yes", "one", "many", "people"


@dataclass(frozen=True)
class Field:
    """`name` is the place in the data, its parts joined with "-": so the API's errors find it."""

    name: str
    words: Words
    kind: str = TEXT
    hint: Words = Words("", "")
    choices: tuple[tuple[str, Words], ...] = ()
    usual: Any = None
    """What counts where the office has said nothing."""
    only_with: str = ""
    """The field without which this one says nothing."""

    @property
    def path(self) -> list[str]:
        return self.name.split("-")


@dataclass(frozen=True)
class Section:
    """What is changed on one page."""

    slug: str
    words: Words
    fields: tuple[Field, ...] = field(default_factory=tuple)


_SIGNED = {
    "approval": Words("Persetujuan dengan kode QR", "Approval with a QR code"),
    "by_hand": Words("Tanda tangan basah", "By hand"),
    "certificate": Words("Sertifikat kelurahan", "Certificate of the office"),
    "bsre": Words("Tanda tangan elektronik BSrE", "Electronic signature of BSrE"),
}
_SERIES = {
    "office": Words("Satu urutan untuk semua surat", "One series for all letters"),
    "classification": Words("Satu urutan per klasifikasi", "One series per classification"),
    "kind": Words("Satu urutan per jenis surat", "One series per kind of letter"),
}
_KEPT = {
    "completed": Words("Selesai", "Completed"),
    "rejected": Words("Ditolak", "Rejected"),
    "withdrawn": Words("Dibatalkan", "Withdrawn"),
    "expired": Words("Kedaluwarsa", "Expired"),
    "draft": Words("Tidak pernah dikirim", "Never submitted"),
    "messages": Words("Pesan tanpa permohonan", "Messages of no case"),
    "complaint": Words("Pengaduan yang ditutup", "Complaints that were closed"),
}
OFFICIAL = (
    Field(
        "role", Words("Tugas", "Task"), ONE,
        choices=(
            ("lurah", Words("Lurah", "Lurah")), ("secretary", Words("Sekretaris", "Secretary")),
            ("section_head", Words("Kepala seksi", "Head of section")), ("officer", Words("Petugas", "Officer")),
        ),
    ),
    Field("name", Words("Nama dengan gelar", "Name with titles")),
    Field("position", Words("Jabatan pada surat", "Position, as on letters")),
    Field("rank", Words("Pangkat", "Rank")),
    Field("nip", Words("NIP", "NIP")),
    Field(
        "acting", Words("Pelaksana", "Acting"), ONE,
        choices=(("", Words("Bukan", "No")), ("plt", Words("Plt.", "Plt.")), ("plh", Words("Plh.", "Plh."))),
    ),
    Field("from", Words("Sejak", "From"), hint=Words("Contoh: 2026-01-01.", "For instance: 2026-01-01.")),
    Field("to", Words("Sampai", "To")),
)  # fmt: skip

SECTIONS = (
    Section(
        "alamat", Words("Nama dan alamat", "Name and address"),
        (
            Field("name", Words("Nama kelurahan", "Name of the kelurahan")),
            Field("kecamatan", Words("Kecamatan", "Kecamatan")),
            Field("kota", Words("Kota atau kabupaten", "City or kabupaten")),
            Field("province", Words("Provinsi", "Province")),
            Field("zone", Words("Zona waktu", "Time zone"), ONE,
                  choices=tuple((one, Words(one, one)) for one in ZONES)),
            Field("address-street", Words("Jalan dan nomor", "Street and number")),
            Field("address-postal_code", Words("Kode pos", "Postal code")),
            Field("address-phone", Words("Telepon", "Telephone")),
            Field(
                "address-whatsapp", Words("Nomor WhatsApp untuk permohonan", "WhatsApp number for applications"),
                hint=Words("Nomor ini dan kode QR-nya dicetak pada lembar layanan.",
                           "Leaflets print this number and its QR code."),
            ),
            Field("address-email", Words("Surel", "Mail address")),
            Field("address-website", Words("Situs", "Web site")),
        ),
    ),
    Section("pejabat", Words("Pejabat dan penanda tangan", "Officials and signers"), (
        Field("officials", Words("Pejabat", "Officials"), PEOPLE),
    )),
    Section(
        "surat", Words("Surat dan nomor", "Letters and numbers"),
        (
            Field("letterhead-lines", Words("Baris kop surat", "Lines of the letterhead"), LINES),
            Field("letterhead-address", Words("Alamat pada kop", "Address of the letterhead")),
            Field("registers-code", Words("Kode kelurahan pada nomor", "Mark of the office in numbers")),
            Field(
                "registers-number_format", Words("Bentuk nomor surat", "How a number is written"),
                hint=Words("Contoh: {klasifikasi}/{nomor:03d}/{kode}/{bulan_romawi}/{tahun}.",
                           "For instance: {klasifikasi}/{nomor:03d}/{kode}/{bulan_romawi}/{tahun}."),
            ),
            Field("registers-series", Words("Urutan nomor", "Series of numbers"), ONE,
                  choices=tuple((one, _SERIES.get(one, Words(one, one))) for one in SERIES), usual=SERIES[0]),
            Field("signing-methods", Words("Cara menandatangani", "How letters are signed"), MANY,
                  choices=tuple((one, _SIGNED[one]) for one in METHODS), usual=list(USUAL)),
            Field("signing-initials", Words("Petugas memaraf dahulu", "An officer initials first"), YES),
            Field("paper", Words("Kertas", "Paper"), ONE,
                  choices=(("f4", Words("F4", "F4")), ("a4", Words("A4", "A4"))), usual="f4"),
            Field("copies", Words("Tembusan, satu per baris", "Copies to, one per line"), LINES),
        ),
    ),
    Section(
        "aturan", Words("Aturan", "Rules"),
        (
            Field("targets-introduction_days", Words("Target jawaban Ketua RT, hari kerja",
                  "Target for answers of RT heads, working days"), NUMBER, usual=1),
            Field("rw_acknowledges", Words("Ketua RW mengetahui pengantar", "RW heads acknowledge introductions"), YES),
            Field("helpers-daily_limit", Words("Permohonan sehari oleh seorang pembantu",
                  "Cases a day that one helper may open"), NUMBER, usual=5),
            Field("helpers-rt_head_daily_limit", Words("Permohonan sehari oleh Ketua RT atau RW",
                  "Cases a day that an RT or RW head may open"), NUMBER, usual=20),
            Field("courier-name", Words("Kurir", "Courier"), hint=Words("Kosongkan bila tidak ada.",
                  "Leave it empty if there is none.")),
            Field("courier-price", Words("Biaya kurir, rupiah", "Price of the courier, rupiah"), NUMBER,
                  only_with="courier-name"),
            Field("courier-payer", Words("Kurir dibayar", "The courier is paid by"), ONE, choices=(
                ("applicant", Words("Pemohon", "The applicant")), ("office", Words("Kelurahan", "The office"))),
                only_with="courier-name"),
        ),
    ),
    Section(
        "simpan", Words("Lama penyimpanan, hari", "Days for which data are kept"),
        tuple(Field(f"retention-{what}", _KEPT[what], NUMBER, usual=days) for what, days in DAYS.items()),
    ),
)  # fmt: skip

_NEEDED = ("address",)
"""Parts that no office can do without: left empty, what they lack is told at its fields."""


def section(slug: str) -> Section | None:
    return next((one for one in SECTIONS if one.slug == slug), None)


def value_of(data: Mapping[str, Any], one: Field) -> Any:
    """What stands in the data; None where nothing does."""
    found: Any = data
    for part in one.path:
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def written(data: Mapping[str, Any], part: Section, typed: MultiDict[str, str]) -> dict[str, Any]:
    """The office's data with what was typed; what was left empty is left out."""
    made = deepcopy(dict(data))
    for one in part.fields:
        *groups, name = one.path
        place = made
        for group in groups:
            if not isinstance(place.get(group), dict):
                place[group] = {}
            place = place[group]
        value, before = _value(one, typed, place.get(name)), place.pop(name, None)
        unsaid = before is None and value == (one.usual if one.usual is not None else False)
        if value not in (None, "", []) and not unsaid:
            place[name] = value
    return {name: value for name, value in made.items() if value != {} or name in _NEEDED}


def _value(one: Field, typed: MultiDict[str, str], before: Any) -> Any:
    if one.only_with and not typed.get(one.only_with, "").strip():
        return None
    text = typed.get(one.name, "").strip()
    if one.kind == LINES:
        return [line.strip() for line in text.splitlines() if line.strip()]
    if one.kind == NUMBER:
        return int(text) if text.isdecimal() and len(text) < 10 else text
    if one.kind == YES:
        return text == "true"
    if one.kind == MANY:  # the usual one first, the others in the order that they had
        first, order = typed.get(f"{one.name}-first"), list(before or one.usual)
        return sorted(
            typed.getlist(one.name),
            key=lambda each: (each != first, order.index(each) if each in order else len(order)),
        )
    if one.kind == PEOPLE:
        return forms.nested(typed, "role").get("officials", [])
    return text

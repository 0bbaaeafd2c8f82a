"""What a letter says of people, as rows of label and value: the same words in the same order as the layout prints
them. A row without a value is a heading; one without a label is a sentence.

    shown("kk_introduction", frozen) -> [Row("Nama lengkap", "Rohana"), Row("NIK", "1671…"), …]
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from documents.render.data import Row

Frozen = Mapping[str, Any]
Rows = Iterator[tuple[str, str]]

_NOT_BRIEF = frozenset({"kk_number", "head_of_family", "marital_status", "education"})


def shown(kind: str, frozen: Frozen) -> list[Row]:
    """The rows of a letter's draft; the rows that the letter leaves out are left out."""
    return [Row(label=label, value=value) for label, value in (*SHOWN[kind](frozen), *_clauses(frozen))]


def _some(rows: Iterable[tuple[str, str]]) -> Rows:
    """An empty row is left out."""
    return ((label, value) for label, value in rows if value)


def _dashed(rows: Rows) -> Rows:
    return ((label, value or "-") for label, value in rows)


def _joined(*parts: str, by: str = ", ") -> str:
    return by.join(part for part in parts if part)


def _rt_rw(of: Frozen) -> str:
    return _joined(of["rt"] and f"RT {of['rt']}", of["rw"] and f"RW {of['rw']}", by=" ")


def _born(who: Frozen) -> str:
    return _joined(who["birth_place"], who["birth_date"])


def _home(person: Frozen) -> str:
    return _joined(person["address"], _rt_rw(person), person["area"])


def _identity(frozen: Frozen) -> Rows:
    """Who it is about, without what only Disdukcapil needs."""
    yield from _some(_identity_rows(frozen, _NOT_BRIEF))


def _full_identity(frozen: Frozen) -> Rows:
    yield from _some(_identity_rows(frozen))


def _identity_rows(frozen: Frozen, left_out: frozenset[str] = frozenset()) -> Rows:
    """An office's own choice of rows comes first."""
    person = frozen["person"]
    known = {
        "name": ("Nama lengkap", person["name"]),
        "nik": ("NIK", person["nik"]),
        "kk_number": ("Nomor KK", person["family_card"]),
        "head_of_family": ("Nama kepala keluarga", person["family_head"]),
        "birth": ("Tempat, tanggal lahir", _joined(_born(person), person["age"] and f"({person['age']})", by=" ")),
        "sex": ("Jenis kelamin", person["sex"]),
        "nationality": ("Kewarganegaraan", person["nationality"]),
        "religion": ("Agama", person["religion"]),
        "marital_status": ("Status perkawinan", person["marital_status"]),
        "education": ("Pendidikan", person["education"]),
        "occupation": ("Pekerjaan", person["occupation"]),
        "address": ("Alamat", _home(person)),
    }
    chosen = (frozen.get("texts") or {}).get("rows") or [row for row in known if row not in left_out]
    yield from (known[row] for row in chosen)


def _clauses(frozen: Frozen) -> Rows:
    """The office's own paragraphs, and what an officer adds to this letter."""
    texts = frozen.get("texts") or {"clauses": [], "paragraph": ""}
    for one in (*texts["clauses"], texts["paragraph"]):
        if one:
            yield "", one


def _family_card(frozen: Frozen) -> Rows:
    yield from _full_identity(frozen)
    members = frozen["members"]
    yield from _some(
        (
            ("Alasan permohonan", frozen["reason"]),
            ("Nomor KK semula", frozen["old_family_card"]),
            ("Jumlah anggota", f"{len(members)} orang" if members else ""),
            ("Keterangan lain", frozen["remarks"]),
        )
    )
    for number, member in enumerate(members, start=1):
        yield str(number), _joined(member["nik"], member["name"], member["relation"])
    yield "Surat ini adalah pengantar kepada", frozen["destination"]


def _identity_card(frozen: Frozen) -> Rows:
    yield from _full_identity(frozen)
    yield from _some((("Alasan permohonan", frozen["reason"]), ("Keterangan lain", frozen["remarks"])))
    yield "Surat ini adalah pengantar kepada", frozen["destination"]


def _marriage(frozen: Frozen) -> Rows:
    """Model N1 keeps its rows: an empty one has a dash."""
    yield from _dashed(_marriage_rows(frozen["person"], frozen))
    yield "adalah benar anak dari perkawinan seorang pria", ""
    yield from _dashed(_parent_rows(frozen["father"]))
    yield "dengan seorang wanita", ""
    yield from _dashed(_parent_rows(frozen["mother"]))


def _marriage_rows(person: Frozen, frozen: Frozen) -> Rows:
    yield "Nama", person["name"]
    yield "NIK", person["nik"]
    yield "Jenis kelamin", person["sex"]
    yield "Tempat dan tanggal lahir", _born(person)
    yield "Kewarganegaraan", person["nationality"]
    yield "Agama", person["religion"]
    yield "Pekerjaan", person["occupation"]
    yield "Pendidikan terakhir", person["education"]
    yield "Bin/binti", frozen["lineage"]
    yield "Alamat", _home(person)
    yield "Status perkawinan", person["marital_status"]
    yield "Nama istri/suami terdahulu", frozen["former_spouse"]


def _parent_rows(parent: Frozen) -> Rows:
    yield "Nama lengkap dan alias", parent["name"]
    yield "NIK", parent["nik"]
    yield "Tempat dan tanggal lahir", _born(parent)
    yield "Kewarganegaraan", parent["nationality"]
    yield "Agama", parent["religion"]
    yield "Pekerjaan", parent["occupation"]
    yield "Alamat", parent["address"]


def _individual(one: Frozen) -> Rows:
    """As a model names somebody: an empty row has a dash."""
    yield "Nama lengkap dan alias", one["name"]
    yield one["binding"], one["lineage"]
    yield "Nomor Induk Kependudukan", one["nik"]
    yield "Tempat dan tanggal lahir", _born(one)
    yield "Kewarganegaraan", one["nationality"]
    yield "Agama", one["religion"]
    yield "Pekerjaan", one["occupation"]
    yield "Alamat", one["address"]


def _death_of_spouse(frozen: Frozen) -> Rows:
    yield from _dashed(_individual(frozen["deceased"]))
    died = f"telah meninggal dunia pada tanggal {frozen['died_on']}"
    yield "", _joined(died, frozen["died_at"], by=" di ")
    yield f"adalah {frozen['role']} dari", ""
    yield from _dashed(_individual(frozen["survivor"]))


def _marriage_statement(frozen: Frozen) -> Rows:
    yield "Kepada Yth.", frozen["destination"]
    yield from _full_identity(frozen)
    yield from _some(
        (
            ("Nama ayah", frozen["father"]),
            ("Nama ibu", frozen["mother"]),
            ("Suami/istri terdahulu", frozen["former_spouse"]),
        )
    )
    yield "hendak melangsungkan perkawinan menurut agama atau kepercayaannya dengan", ""
    yield from _some(_partner_rows(frozen["partner"], frozen))


def _partner_rows(partner: Frozen, frozen: Frozen) -> Rows:
    yield "Nama lengkap", partner["name"]
    yield "NIK", partner["nik"]
    yield "Tempat, tanggal lahir", _born(partner)
    yield "Kewarganegaraan", partner["nationality"]
    yield "Agama", partner["religion"]
    yield "Pekerjaan", partner["occupation"]
    yield "Alamat", partner["address"]
    yield "Hari dan tanggal", frozen["day"]
    yield "Tempat perkawinan", frozen["venue"]
    yield "Keterangan lain", frozen["remarks"]


def _business_place(frozen: Frozen) -> Rows:
    yield from _identity(frozen)
    yield from _some(_business_rows(frozen["business"]))
    yield from _some([("Keterangan lain", frozen["remarks"])])
    if frozen["neighbours"]:
        yield "Pernyataan tetangga di sekitar tempat usaha", ""
    for one in frozen["neighbours"]:
        yield one["position"], _joined(one["name"], one["address"], one["statement"], one["date"])


def _business_rows(business: Frozen) -> Rows:
    yield "Nama usaha", business["name"]
    yield "Jenis usaha", business["type"]
    yield "Alamat usaha", _joined(business["address"], _rt_rw(business))
    yield "Status tempat", business["tenure"]
    yield "Luas tempat", business["area"]
    yield "Berdiri sejak", business["since"]
    yield "Jumlah karyawan", business["employees"]
    yield "Penanggung jawab", business["responsible"]


def _statement(frozen: Frozen) -> Rows:
    """A letter in the SOP's own words; with `about`, the person only reports it."""
    about = frozen["about"]
    yield from _listed(about) if about else _identity(frozen)
    for sentence in frozen["text"]:
        yield "", sentence
    yield from _listed(frozen["rows"])
    if about:
        yield "Keterangan ini diberikan berdasarkan laporan dari", ""
        yield from _identity(frozen)


def _listed(rows: list[Frozen]) -> Rows:
    yield from _some((row["label"], row["value"]) for row in rows)


SHOWN: Mapping[str, Callable[[Frozen], Rows]] = {
    "kk_introduction": _family_card,
    "ktp_introduction": _identity_card,
    "n1": _marriage,
    "n6": _death_of_spouse,
    "marriage_statement": _marriage_statement,
    "business_place": _business_place,
    "keterangan": _statement,
}

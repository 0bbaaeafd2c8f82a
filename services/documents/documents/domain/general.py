"""The letter whose title and words the SOP has: `keterangan`.

title   of the letter                                text   its paragraphs, `{field}` standing for a value
about   the fields by which somebody else than the applicant is named (a deceased), who then reports it
rows    the fields that are listed below
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.sop import APPLICANT, GENERAL, applies, fields_of, filled
from documents.domain import words
from documents.domain.cases import Case
from documents.domain.parts import Given
from documents.render import data as layout
from documents.render.data import Row

LABELS: Mapping[str, str] = {
    "name": "Nama lengkap", "nik": "NIK", "kk_number": "Nomor KK", "head_of_family": "Nama kepala keluarga",
    "birth_place": "Tempat lahir", "birth_date": "Tanggal lahir", "sex": "Jenis kelamin",
    "nationality": "Kewarganegaraan", "religion": "Agama", "marital_status": "Status perkawinan",
    "education": "Pendidikan", "occupation": "Pekerjaan", "address": "Alamat", "rt": "RT", "rw": "RW",
}  # fmt: skip
"""Of what is known of every applicant; the SOP has the names of its own fields."""


def letter_of(case: Case) -> Mapping[str, Any]:
    """The SOP's own words for the letter in this case; empty where it has none."""
    application = case.application
    given = Given(case).values
    entries = [entry for entry in case.sop.get("letters") or () if entry["kind"] == GENERAL]
    return next((entry for entry in entries if applies(entry, application.reason, given)), {})


def statement(case: Case, given: Given, official: dict[str, Any]) -> layout.Statement:
    """The letter, filled in; a value that is not known is an empty text."""
    entry = letter_of(case)
    fields = {field["code"]: field for field in case.sop.get("fields") or ()}
    values = {code: _value(given, code, fields) for code in fields_of(entry)}
    return layout.Statement(
        **official,
        title=words.words_of({"name": entry.get("title") or {}}) or "Surat Keterangan",
        about=tuple(_row(code, values, fields) for code in entry.get("about", ())),
        rows=tuple(_row(code, values, fields) for code in entry.get("rows", ())),
        text=tuple(filled(text["id"], values) for text in entry.get("text", ())),
    )


def _value(given: Given, code: str, fields: Mapping[str, Mapping[str, Any]]) -> str:
    kind = "date" if code == "birth_date" else fields.get(code, {}).get("type")
    if kind == "date":
        return given.date(code)
    if code == "sex" and code not in fields:
        return words.sex(given.text(code))
    return given.text(code)


def _row(code: str, values: Mapping[str, str], fields: Mapping[str, Mapping[str, Any]]) -> Row:
    label = LABELS.get(code) if code in APPLICANT and code not in fields else words.words_of(fields.get(code, {}))
    return Row(label=label or code, value=values[code])

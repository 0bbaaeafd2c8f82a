"""Disdukcapil's forms besides F-1.02: the family's data (F-1.01) and what changes in them (F-1.06)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from documents.domain import words
from documents.domain.cases import Case
from documents.domain.parts import Given
from documents.domain.words import text
from documents.render import registration as layout
from documents.render.data import Document, Person

_DATES = ("birth_date", "marriage_date")
_SAME = (
    "name", "nik", "sex", "birth_place", "birth_date", "nationality", "religion", "marital_status", "education",
    "occupation",
)  # fmt: skip


def family_biodata(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Form F-1.01."""
    person: Person = shared["person"]
    return layout.FamilyBiodata(
        **shared,
        head=given.text("head_of_family"),
        postal_code=text((case.office.get("address") or {}).get("postal_code")),
        phone=_own_phone(case),
        areas=tuple(_areas(case.office)),
        members=tuple(_member(row, person) for row in given.rows("family_members")),
    )


def _own_phone(case: Case) -> str:
    """The applicant's; a helper's is not his."""
    helper = case.application.person.get("helper")
    return "" if helper and not helper.get("revoked") else words.local_phone(case.application.contact.get("phone"))


def _areas(office: Mapping[str, Any]) -> Iterator[layout.Area]:
    codes = [*text(office.get("code")).split("."), "", "", "", ""]
    named = (("Provinsi", "province"), ("Kabupaten/Kota", "kota"), ("Kecamatan", "kecamatan"), ("Kelurahan", "name"))
    for (kind, name), code in zip(named, codes, strict=False):
        yield layout.Area(kind=kind, code=code, name=text(office.get(name)))


def _member(row: Mapping[str, Any], person: Person) -> layout.Member:
    """A row of the table; in the applicant's own, what is known of the applicant."""
    told = {field.name: text(row.get(field.name)) for field in fields(layout.Member)}
    told["sex"], told["nationality"] = words.sex(told["sex"]), words.nationality(told["nationality"])
    told |= {name: words.date_text(told[name]) for name in _DATES if told[name]}
    if person.nik and told["nik"] == person.nik:
        told |= {name: getattr(person, name) for name in _SAME if not told[name]}
    return layout.Member(**told)


def data_change(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Form F-1.06. A change that names nobody is the applicant's own."""
    person: Person = shared["person"]
    family = {text(row.get("nik")): row for row in given.rows("family_members")}
    people: dict[str, layout.Changed] = {}
    changes = []
    for row in given.rows("changes"):
        nik, name = text(row.get("nik")), text(row.get("name"))
        if not nik and name in ("", person.name):
            nik, name = person.nik, person.name
        known = family.get(nik, {})
        whom = layout.Changed(name=name or text(known.get("name")), nik=nik, relation=text(known.get("relation")))
        people.setdefault(nik or name, whom)
        plain = {part: text(row.get(part)) for part in ("element", "before", "after", "basis")}
        changes.append(layout.Change(number=str(list(people).index(nik or name) + 1), **plain))
    return layout.DataChange(**shared, people=tuple(people.values()), changes=tuple(changes))

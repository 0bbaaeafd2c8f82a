"""The parts that letters share, made from the office's data and the people's: printed texts, ready for the layout."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from contracts.sop import applies
from documents.domain import words
from documents.domain.cases import Case, Rest
from documents.domain.words import text
from documents.render.data import Approval, Office, Paper, Person, Reference


def office_part(office: Mapping[str, Any]) -> Office:
    """The letterhead."""
    address = office.get("address") or {}
    reached = (("Telepon", "phone"), ("Pos-el", "email"), ("Laman", "website"))
    head = office.get("letterhead") or {}
    return Office(
        village=words.with_kind("Kelurahan", office["name"]),
        district=words.with_kind("Kecamatan", office["kecamatan"]),
        city=words.with_kind("Kota", office["kota"]),
        address=text(head.get("address")) or _address(office),
        contact=" · ".join(f"{word} {text(address[name])}" for word, name in reached if address.get(name)),
    )


def _address(office: Mapping[str, Any]) -> str:
    address = office.get("address") or {}
    parts = [
        address.get("street"),
        f"{text(office['kota'])} {text(address.get('postal_code'))}",
        office.get("province"),
    ]
    return ", ".join(text(part) for part in parts if text(part))


def place_of(office: Mapping[str, Any]) -> str:
    """Where letters are dated: the city's name without its kind."""
    return text(office["kota"]).removeprefix("Kota ").removeprefix("Kabupaten ")


def paper_of(office: Mapping[str, Any]) -> Paper:
    """What the office prints on."""
    return "a4" if office.get("paper") == "a4" else "f4"


def copies_of(case: Case, kind: str) -> tuple[str, ...]:
    """Who gets a copy (tembusan): what the SOP says of this letter, else what the office has for all its letters."""
    application = case.application
    entries = (entry for entry in case.sop.get("letters") or () if entry["kind"] == kind)
    found = (one for one in entries if applies(one, application.reason, application.given))
    entry: Mapping[str, Any] = next(found, {})
    own = entry.get("copies")
    return tuple(text(one) for one in (case.office.get("copies") or () if own is None else own) if text(one))


def area_of(office: Mapping[str, Any]) -> str:
    part = office_part(office)
    return f"{part.village}, {part.district}, {part.city}"


def disdukcapil(case: Case) -> str:
    """Who issues cards and records marriages."""
    return f"Dinas Kependudukan dan Pencatatan Sipil {words.with_kind('Kota', case.office['kota'])}"


def person_part(applicant: Mapping[str, Any], office: Mapping[str, Any], today: date) -> Person:
    """The identity table; what is not known stays empty."""
    born = words.read_date(applicant.get("birth_date"))
    plain = {name: text(applicant.get(name)) for name in _SAME_NAME}
    return Person(
        **plain,
        family_card=text(applicant.get("kk_number")),
        family_head=text(applicant.get("head_of_family")),
        birth_date=words.long_date(born),
        age=words.age(born, today),
        sex=words.sex(applicant.get("sex")),
        nationality=words.nationality(applicant.get("nationality")),
        area=area_of(office),
    )


_SAME_NAME = (
    "name", "nik", "birth_place", "religion", "marital_status", "education", "occupation", "address", "rt", "rw",
)  # fmt: skip


def home_of(person: Person) -> str:
    """The whole address on one line."""
    where = [f"{kind} {number}" for kind, number in (("RT", person.rt), ("RW", person.rw)) if number]
    return ", ".join(part for part in (person.address, " ".join(where), person.area) if part)


def reference_part(rests_on: Rest | None) -> Reference | None:
    if rests_on is None:
        return None
    return Reference(
        issuer=f"Ketua RT {rests_on.rt} RW {rests_on.rw}",
        number=rests_on.number,
        date=words.long_date(rests_on.dated),
    )


def approval_part(name: str, role: str, at: str) -> Approval:
    return Approval(name=name, role=role, at=at)


class Given:
    """The values of a case's fields as they are printed: what the SOP asks besides, and the applicant's own."""

    def __init__(self, case: Case) -> None:
        self.values: Mapping[str, Any] = case.application.given
        self._fields = {entry["code"]: entry for entry in case.sop.get("fields") or ()}

    def text(self, code: str) -> str:
        """The value as text; of a choice its words."""
        value = self.values.get(code)
        for choice in self._fields.get(code, {}).get("choices") or ():
            if isinstance(choice, Mapping) and choice.get("code") == value:
                return words.words_of(choice)
        return text(value)

    def worded(self) -> dict[str, Any]:
        """All values, choices in their words."""
        return {**self.values, **{code: self.text(code) for code in self._fields if self._fields[code].get("choices")}}

    def date(self, code: str) -> str:
        return words.date_text(self.values.get(code))

    def rows(self, code: str) -> list[Mapping[str, Any]]:
        """The rows of a table; what is no row is left out."""
        value = self.values.get(code)
        return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []

"""What the layouts of Disdukcapil's forms need besides F-1.02, which `data` has."""

from dataclasses import dataclass
from typing import ClassVar

from documents.render.data import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of the country with its code: `Kecamatan`, `10`, `Kalidoni`."""

    kind: str
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One of the family in F-1.01; what nobody knows yet stays empty to be written."""

    name: str = ""
    nik: str = ""
    sex: str = ""
    birth_place: str = ""
    birth_date: str = ""
    nationality: str = ""
    birth_certificate: str = ""
    blood_type: str = ""
    religion: str = ""
    marital_status: str = ""
    marriage_certificate: str = ""
    marriage_date: str = ""
    relation: str = ""
    education: str = ""
    occupation: str = ""
    father_nik: str = ""
    father_name: str = ""
    mother_nik: str = ""
    mother_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyBiodata(Document):
    """Form F-1.01, on its side."""

    kind: ClassVar[str] = "f101"

    head: str
    postal_code: str = ""
    phone: str = ""
    email: str = ""
    areas: tuple[Area, ...]
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Whose data change; `relation` as on the family card."""

    name: str
    nik: str = ""
    relation: str = ""
    remarks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One element: what it was, what it becomes, and by which paper. `number` says whose, in the order of `people`."""

    number: str
    element: str
    before: str = ""
    after: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataChange(Document):
    """Form F-1.06: the applicant states which data change."""

    kind: ClassVar[str] = "f106"

    people: tuple[Changed, ...] = ()
    changes: tuple[Change, ...] = ()

"""Letters and forms of a marriage besides Models N1 and N2: who is named on them, and from which fields.

The partner is data, wherever he or she lives: `partner_name`, `partner_nik` and so on; of the former spouse
`former_spouse` and `former_spouse_nik` and so on.
"""

from __future__ import annotations

from typing import Any

from documents.domain import words
from documents.domain.cases import Case
from documents.domain.parts import Given, disdukcapil, home_of
from documents.render import marriage as layout
from documents.render.data import Document, Person

_PLAIN = ("nik", "birth_place", "religion", "occupation", "address")
_BINDING = {True: "Bin", False: "Binti"}


def death_of_spouse(case: Case, given: Given, official: dict[str, Any]) -> Document:
    """Model N6."""
    own = is_man(official["person"])
    return layout.DeathOfSpouse(
        **official,
        role="istri" if own else "suami",
        deceased=_of_fields(given, "former_spouse", man=not own, name="former_spouse"),
        died_on=given.date("former_spouse_died_on"),
        died_at=given.text("former_spouse_died_at"),
        survivor=_applicant(given, official["person"]),
    )


def marriage_statement(case: Case, given: Given, official: dict[str, Any]) -> Document:
    """Surat keterangan untuk nikah."""
    return layout.MarriageStatement(
        **official,
        destination=given.text("destination") or disdukcapil(case),
        father=given.text("father_name"),
        mother=given.text("mother_name"),
        former_spouse=given.text("former_spouse"),
        partner=_of_fields(given, "partner", man=not is_man(official["person"])),
        day=words.weekday_date(words.read_date(given.values.get("wedding_date"))),
        venue=given.text("wedding_place"),
        dispensation=needs_dispensation(given),
        remarks=given.text("remarks"),
    )


def needs_dispensation(given: Given) -> bool:
    """Whether one of the couple is too young to marry without a court's leave."""
    return given.values.get("under_19") == "yes"


def couples_consent(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Form N4."""
    own = _applicant(given, shared["person"])
    man = is_man(shared["person"])
    partner = _of_fields(given, "partner", man=not man)
    return layout.CouplesConsent(**shared, groom=own if man else partner, bride=partner if man else own)


def parents_permission(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Form N5."""
    return layout.ParentsPermission(
        **shared,
        father=_of_fields(given, "father", man=True),
        mother=_of_fields(given, "mother", man=False),
        child=_applicant(given, shared["person"]),
        partner=_of_fields(given, "partner", man=not is_man(shared["person"])),
    )


def is_man(person: Person) -> bool:
    return person.sex != "Perempuan"


def lineage_of(given: Given) -> str:
    """The applicant's father after bin or binti."""
    return given.text("lineage") or given.text("father_name")


def _applicant(given: Given, person: Person) -> layout.Individual:
    return layout.Individual(
        name=person.name,
        lineage=lineage_of(given),
        binding=_BINDING[is_man(person)],
        nik=person.nik,
        birth_place=person.birth_place,
        birth_date=person.birth_date,
        nationality=person.nationality,
        religion=person.religion,
        occupation=person.occupation,
        address=home_of(person),
    )


def _of_fields(given: Given, who: str, *, man: bool, name: str = "") -> layout.Individual:
    return layout.Individual(
        **{part: given.text(f"{who}_{part}") for part in _PLAIN},
        name=given.text(name or f"{who}_name"),
        lineage=given.text(f"{who}_lineage"),
        binding=_BINDING[man],
        birth_date=given.date(f"{who}_birth_date"),
        nationality=words.nationality(given.text(f"{who}_nationality")),
    )

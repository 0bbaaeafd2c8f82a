"""Which of a case's data goes where on which letter: one function per kind, named in a table.

A letter composed here is a draft without number and date; `finish` puts in what the decision took.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from contracts.sandbox import is_sandbox
from documents.domain import parts, registration, wedding, words
from documents.domain.cases import Case, Introduction
from documents.domain.forms import event_registration, marriage_request
from documents.domain.general import statement
from documents.domain.parts import Given
from documents.domain.signers import signer_of
from documents.domain.words import text
from documents.render import data as layout
from documents.render.data import Approval, Document

Composer = Callable[[Case, Given, dict[str, Any]], Document]

ROLES = {
    "rt_head": "Ketua RT",
    "substitute": "Pelaksana tugas Ketua RT",
    "rw_head": "Ketua RW selaku pelaksana tugas Ketua RT",
}


def compose(kind: str, case: Case) -> Document:
    """The draft of a letter, or the form, of this kind. Raises KeyError for a kind that there is not."""
    composer = COMPOSERS[kind]
    given = Given(case)
    who = {"rt": case.application.rt, "rw": case.application.rw, **given.worded()}
    shared: dict[str, Any] = {
        "office": parts.office_part(case.office),
        "person": parts.person_part(who, case.office, case.today),
        "place": parts.place_of(case.office),
        "paper": parts.paper_of(case.office),
        "sample": case.sample,
        "trial": is_sandbox(case.office.get("code")),
    }
    document = composer(case, given, shared)
    if isinstance(document, layout.OfficeLetter):
        return replace(document, copies=parts.copies_of(case, kind))
    return document


def compose_introduction(introduction: Introduction, office: Mapping[str, Any], today: date, sample: bool) -> Document:
    """The RT head's letter; he decided already, so it lacks only its number."""
    person = introduction.person
    head = text((person.get("rt_head") or {}).get("name"))
    own = {"rt": introduction.rt, "rw": introduction.rw, **(person.get("applicant") or {})}
    return layout.Introduction(
        office=parts.office_part(office),
        person=parts.person_part(own, office, today),
        place=parts.place_of(office),
        paper=parts.paper_of(office),
        sample=sample,
        trial=is_sandbox(office.get("code")),
        draft=True,
        rt=introduction.rt,
        rw=introduction.rw,
        purpose=text(introduction.purpose),
        head=head,
        role=ROLES.get(introduction.acting_as or "", ROLES["rt_head"]),
        acknowledged=_acknowledged(introduction, office),
    )


def _acknowledged(introduction: Introduction, office: Mapping[str, Any]) -> Approval | None:
    """The word of the head of the RW, where the office asks for it and he gave it."""
    rw_head = introduction.person.get("rw_head")
    if not rw_head:
        return None
    at = words.long_time(datetime.fromisoformat(rw_head["at"]), office["zone"])
    return Approval(name=text(rw_head["name"]), role=f"Ketua RW {introduction.rw}", at=at)


def _official(case: Case, given: Given, shared: dict[str, Any]) -> dict[str, Any]:
    """What all letters of the office have."""
    return shared | {
        "draft": True,
        "signer": signer_of(case.office, case.today),
        "reference": parts.reference_part(case.rests_on),
    }


def reason_text(case: Case) -> str:
    """The reason of the case in the SOP's words."""
    code = case.application.reason
    entries: list[Mapping[str, Any]] = case.sop.get("reasons") or []
    found = next((entry for entry in entries if entry.get("code") == code), None)
    return words.words_of(found) or text(code) or words.words_of(case.sop)


def family_card(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Surat pengantar KK."""
    members = tuple(
        layout.FamilyMember(nik=text(row.get("nik")), name=text(row.get("name")), relation=text(row.get("relation")))
        for row in given.rows("family_members")
    )
    return layout.FamilyCardIntroduction(
        **_official(case, given, shared),
        destination=given.text("destination") or parts.disdukcapil(case),
        reason=reason_text(case),
        old_family_card=given.text("old_kk_number") or given.text("kk_number"),
        members=members,
        remarks=given.text("remarks"),
    )


def identity_card(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Surat pengantar KTP-el."""
    return layout.IdentityCardIntroduction(
        **_official(case, given, shared),
        destination=given.text("destination") or parts.disdukcapil(case),
        reason=reason_text(case),
        remarks=given.text("remarks"),
    )


def marriage(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Model N1."""
    status = marriage_status(shared["person"].sex, shared["person"].marital_status)
    official = _official(case, given, shared)
    official["person"] = layout.Person(**{**_fields_of(shared["person"]), "marital_status": status})
    return layout.MarriageIntroduction(
        **official,
        lineage=given.text("lineage") or given.text("father_name"),
        former_spouse=given.text("former_spouse"),
        father=_parent(given, "father"),
        mother=_parent(given, "mother"),
        dispensation=wedding.needs_dispensation(given),
    )


def _fields_of(person: layout.Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in layout.Person.__dataclass_fields__}


def _parent(given: Given, which: str) -> layout.Parent:
    plain = ("name", "nik", "birth_place", "religion", "occupation", "address")
    return layout.Parent(
        **{name: given.text(f"{which}_{name}") for name in plain},
        birth_date=given.date(f"{which}_birth_date"),
        nationality=words.nationality(given.text(f"{which}_nationality")),
    )


def marriage_status(sex: str, status: str) -> str:
    """The word of N1's row 11 for what the family card says; one that is there already stays."""
    man = sex == "Laki-laki"
    plain = status.lower()
    if plain.startswith("belum"):
        return "Jejaka" if man else "Perawan"
    if plain.startswith("cerai"):
        return "Duda" if man else "Janda"
    if plain.startswith("kawin") and man:
        return "Beristri"
    return status


def death_of_spouse(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Model N6."""
    return wedding.death_of_spouse(case, given, _official(case, given, shared))


def marriage_statement(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Instead of N1 for those who do not marry before a KUA."""
    return wedding.marriage_statement(case, given, _official(case, given, shared))


def business_place(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Surat keterangan tempat usaha."""
    plain = ("type", "address", "rt", "rw", "tenure", "area", "since", "employees", "responsible")
    own = {name: given.text(f"business_{name}") for name in plain}
    own["responsible"] = own["responsible"] or shared["person"].name
    neighbours = tuple(
        layout.Neighbour(
            **{name: text(row.get(name)) for name in ("position", "name", "address", "statement")},
            date=words.date_text(row.get("date")),
        )
        for row in given.rows("neighbours")
    )
    return layout.BusinessPlaceLetter(
        **_official(case, given, shared),
        business=layout.Business(name=given.text("business_name"), **own),
        neighbours=neighbours,
        remarks=given.text("remarks"),
    )


def general(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """A letter in the SOP's own words."""
    return statement(case, given, _official(case, given, shared))


COMPOSERS: Mapping[str, Composer] = {
    "kk_introduction": family_card,
    "ktp_introduction": identity_card,
    "n1": marriage,
    "n6": death_of_spouse,
    "marriage_statement": marriage_statement,
    "business_place": business_place,
    "keterangan": general,
    "f102": event_registration,
    "f101": registration.family_biodata,
    "f106": registration.data_change,
    "n2": marriage_request,
    "n4": wedding.couples_consent,
    "n5": wedding.parents_permission,
}


def preview_hash(frozen: Mapping[str, Any], template: str) -> str:
    """What a decision names: it changes with any printed word and with the layout."""
    told = json.dumps({"data": frozen, "template": template}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def finish(
    frozen: Mapping[str, Any], *, number: str, dated: date, valid_until: date | None, check_url: str,
    approval: Approval, signature: Mapping[str, Any],
) -> dict[str, Any]:  # fmt: skip
    """The issued letter's data: the draft that was decided on, with what the decision took."""
    return {
        **frozen,
        "draft": False,
        "number": number,
        "date": words.long_date(dated),
        "valid_until": words.long_date(valid_until),
        "check": {"url": check_url},
        "approval": {"name": approval.name, "role": approval.role, "at": approval.at},
        "signature": dict(signature),
    }


def approval_of(frozen: Mapping[str, Any], at: str) -> Approval:
    """Who approved a letter with this data: the RT head his own, the office's signer all others."""
    if "head" in frozen:
        role = f"{frozen['role']} {frozen['rt']} RW {frozen['rw']}"
        return parts.approval_part(frozen["head"], role, at)
    signer = frozen["signer"]
    return parts.approval_part(signer["name"], signer["position"], at)

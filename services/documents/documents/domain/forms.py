"""Forms that are filled in for others to sign. They carry no date: who signs writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from documents.domain import words
from documents.domain.cases import Case
from documents.domain.parts import Given
from documents.render import data as layout
from documents.render.data import Document

# (service, reason) -> the boxes of F-1.02 to tick
_REQUESTS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("KK", "new"): ("kk.new.family",),
    ("KK", "split"): ("kk.new.split",),
    ("KK", "moved_in"): ("kk.new.move",),
    ("KK", "changed"): ("kk.change.element",),
    ("KK", "lost"): ("kk.lost",),
    ("KK", "damaged"): ("kk.damaged",),
    ("KTP", "new"): ("ktp.new",),
    ("KTP", "moved_in"): ("ktp.move",),
    ("KTP", "changed"): ("change.ktp",),
    ("KTP", "lost"): ("ktp.lost",),
    ("KTP", "damaged"): ("ktp.damaged",),
}

# requirement that the case has a file for -> the attachment of F-1.02 to tick
_ATTACHMENTS: Mapping[str, str] = {
    "KK_LAMA": "old_kk",
    "SKP": "moving",
    "SURAT_KEHILANGAN": "police",
}

_WEDDING_PAPERS = (
    "Surat pengantar nikah dari kelurahan (N1)",
    "Persetujuan calon pengantin (N4)",
    "Fotokopi KTP-el",
    "Fotokopi akta kelahiran",
    "Fotokopi Kartu Keluarga",
    "Pas foto 2 × 3 dan 4 × 6 berlatar belakang biru",
)


def event_registration(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Form F-1.02."""
    application = case.application
    ticked = {_ATTACHMENTS[code] for code in application.requirements if code in _ATTACHMENTS}
    helper = application.person.get("helper")
    helped = bool(helper and not helper.get("revoked"))
    return layout.EventRegistration(
        **shared,
        requests=_REQUESTS.get((application.service, application.reason or ""), ()),
        attachments=tuple(sorted(ticked)),
        phone="" if helped else words.local_phone(application.contact.get("phone")),
    )


def marriage_request(case: Case, given: Given, shared: dict[str, Any]) -> Document:
    """Form N2, to the head of the KUA."""
    own = _with_lineage(shared["person"].name, given.text("lineage") or given.text("father_name"), shared["person"].sex)
    man = shared["person"].sex != "Perempuan"
    partner = _with_lineage(
        given.text("partner_name"), given.text("partner_lineage"), "Perempuan" if man else "Laki-laki"
    )
    return layout.MarriageRequest(
        **shared,
        recipient=f"Kepala KUA {words.with_kind('Kecamatan', case.office['kecamatan'])}",
        groom=own if man else partner,
        bride=partner if man else own,
        day=words.weekday_date(words.read_date(given.values.get("wedding_date"))),
        time=given.text("wedding_time"),
        venue=given.text("wedding_place"),
        dowry=given.text("dowry"),
        attachments=_WEDDING_PAPERS,
    )


def _with_lineage(name: str, father: str, sex: str) -> str:
    """`M. Yusuf Effendi bin Effendi`; a name that has its lineage already stays as it is."""
    if not name or not father or {"bin", "binti"} & set(name.lower().split()):
        return name
    return f"{name} {'binti' if sex == 'Perempuan' else 'bin'} {father}"

"""A made-up person and his cases, for whom an office's texts are tried."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from documents.domain.cases import Application, Case, Introduction, Rest
from documents.domain.composing import compose, compose_introduction
from documents.render.data import Document
from documents.render.data import Introduction as IntroductionLetter

_NOBODY = UUID(int=0)
_AT = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)

PERSON: dict[str, Any] = {
    "name": "Siti Contoh binti Fulan", "nik": "1671100000000000", "kk_number": "1671100000000001",
    "head_of_family": "Fulan Contoh", "birth_place": "Palembang", "birth_date": "1990-01-02", "sex": "P",
    "nationality": "WNI", "religion": "Islam", "marital_status": "Kawin", "education": "SLTA/sederajat",
    "occupation": "Wiraswasta", "address": "Jalan Contoh Nomor 7", "rt": "001", "rw": "001",
}  # fmt: skip

_DETAILS: dict[str, Any] = {
    "business_name": "Warung Contoh", "business_type": "Warung makan", "business_address": "Jalan Contoh Nomor 8",
    "father_name": "Fulan Contoh", "mother_name": "Fulanah Contoh",
}  # fmt: skip

_SOP: dict[str, Any] = {
    "name": {"id": "Layanan contoh"},
    "reasons": [{"code": "sample", "name": {"id": "Contoh alasan permohonan"}}],
    "letters": [
        {
            "kind": "keterangan",
            "title": {"id": "Surat Keterangan Contoh"},
            "text": [{"id": "Isi surat menurut layanannya berdiri di sini."}],
        }
    ],
}


def sample_document(kind: str, office: Mapping[str, Any], today: date) -> Document:
    """A draft of this kind for a made-up person, marked CONTOH."""
    if kind == IntroductionLetter.kind:
        return compose_introduction(_introduction(office), office, today, sample=True)
    return compose(kind, _case(office, today))


def _case(office: Mapping[str, Any], today: date) -> Case:
    application = Application(
        id=_NOBODY, kelurahan=str(office.get("code", "")), sequence=1, tracking_code="CONTOH", service="CONTOH",
        sop_version=1, reason="sample", status="verified", owner="", rw="001", rt="001", introduction_id=None,
        requirements=[], person_id=_NOBODY, changed_at=_AT, person={"applicant": PERSON, "details": _DETAILS},
    )  # fmt: skip
    rests_on = Rest(rw="001", rt="001", number="000/RT.001/RW.001/CONTOH", dated=today)
    return Case(office=office, sop=_SOP, application=application, rests_on=rests_on, today=today, sample=True)


def _introduction(office: Mapping[str, Any]) -> Introduction:
    return Introduction(
        id=_NOBODY, kelurahan=str(office.get("code", "")), status="granted", application_id=None, rw="001", rt="001",
        service=None, purpose="Contoh keperluan", owner=None, granted_at=_AT, valid_until=None, acting_as="rt_head",
        officeholder_id=None, person_id=_NOBODY, person={"applicant": PERSON, "rt_head": {"name": "Ketua Contoh"}},
    )  # fmt: skip

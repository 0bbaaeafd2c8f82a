"""A case as documents hears of it: made-up people of Palembang, events in the order in which they come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from kit.ids import new_id
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

OFFICE: dict[str, Any] = {
    "code": BUKIT_SANGKAL,
    "name": "Bukit Sangkal",
    "kecamatan": "Kalidoni",
    "kota": "Palembang",
    "province": "Sumatera Selatan",
    "zone": "Asia/Jakarta",
    "made_up": ["address", "officials"],
    "address": {
        "street": "Jalan Contoh Nomor 1",
        "postal_code": "30114",
        "phone": None,
        "email": None,
        "website": None,
    },
    "letterhead": {"address": "Jalan Contoh Nomor 1, Palembang, Provinsi Sumatera Selatan, Kode Pos 30114"},
    "registers": {
        "code": "KEL-BS",
        "number_format": "{classification}/{number:03d}/{register}/{month_roman}/{year}",
    },
    "signing": {"methods": ["approval", "by_hand", "certificate", "bsre"]},
    "officials": [
        {
            "role": "lurah",
            "name": "Hj. Rusmala Dewi, S.Sos., M.Si.",
            "position": "Lurah Bukit Sangkal",
            "rank": "Pembina (IV/a)",
            "nip": "197800002005002001",
        }
    ],
}

_LOST = {"code": "lost", "name": {"id": "Kartu Keluarga hilang", "en": "Family card lost"}}
_WIDOW = {"code": "widow", "name": {"id": "Cerai mati", "en": "Widowed"}}

SOPS: dict[str, dict[str, Any]] = {
    "KK": {
        "next_step": {"id": "Bawa ke Disdukcapil.", "en": "Take it to Disdukcapil."},
        "letters": [{"kind": "kk_introduction", "classification": "400.12.2.1"}],
        "forms": [{"kind": "f102"}],
        "reasons": [_LOST],
        "fields": [
            {"code": "family_members", "type": "rows", "source": "applicant", "required": False, "reasons": None},
            {"code": "marital_status", "type": "choice", "required": False, "reasons": None, "choices": [_WIDOW]},
        ],
    },
    "KTP": {
        "letters": [{"kind": "ktp_introduction", "classification": "400.12.2.1"}],
        "forms": [{"kind": "f102"}],
        "reasons": [{"code": "lost", "name": {"id": "KTP-el hilang", "en": "Card lost"}}],
        "fields": [],
    },
    "NIKAH": {
        "letters": [{"kind": "n1", "classification": "400.12.3.2"}],
        "forms": [{"kind": "n2"}],
        "reasons": [],
        "fields": [{"code": "father_name", "type": "text", "source": "applicant", "required": True, "reasons": None}],
    },
    "SITU": {
        "letters": [{"kind": "business_place", "classification": "500.2.2.4"}],
        "forms": [],
        "reasons": [],
        "fields": [{"code": "business_name", "type": "text", "required": True, "reasons": None}],
    },
}

ROHANA: dict[str, Any] = {
    "name": "Rohana",
    "nik": "1671105503550001",
    "kk_number": "1671101204080017",
    "birth_place": "Palembang",
    "birth_date": "1955-03-15",
    "sex": "P",
    "nationality": "WNI",
    "religion": "Islam",
    "marital_status": "Cerai mati",
    "occupation": "Mengurus rumah tangga",
    "address": "Jalan Sukabangun Lorong Melati Nomor 12",
    "rt": "023",
    "rw": "005",
}

CONTACT = {"name": "Siti Maimunah binti H. Zainuddin", "phone": "+6281200000071"}

DETAILS: dict[str, dict[str, Any]] = {
    "NIKAH": {"father_name": "H. Cek Mat", "mother_name": "Nur'aini", "partner_name": "Dewi Kartika"},
    "SITU": {
        "business_name": "Warung Cek Mat",
        "business_type": "Warung makan",
        "business_address": "Jalan Sukabangun Nomor 88",
    },
}


@dataclass
class Case:
    """One case; `tell` feeds its state after a transition."""

    service: InProcess
    code: str = "KK"
    id: UUID = field(default_factory=new_id)
    owner: str = "applicant-1"
    tenant: str = BUKIT_SANGKAL
    introduction_id: UUID | None = None
    applicant: dict[str, Any] = field(default_factory=lambda: dict(ROHANA))
    details: dict[str, Any] | None = None
    status: str = "draft"

    def state(self, **more: Any) -> dict[str, Any]:
        now = self.service.clock.now().isoformat()
        introduction = self.introduction_id and str(self.introduction_id)
        details = DETAILS.get(self.code, {}) if self.details is None else self.details
        person = {"applicant": self.applicant, "contact": CONTACT, "helper": CONTACT, "details": details}
        return {
            "application_id": str(self.id), "tracking_code": "BS-7K3M", "kelurahan": self.tenant,
            "rw": "005", "rt": "023",
            "service": self.code, "sop_version": 1, "reason": "lost", "status": self.status, "channel": "http",
            "owner": self.owner, "opened_at": now, "changed_at": now, "files": [], "returned_items": [],
            "introduction_id": introduction, "person": person,
        } | more  # fmt: skip

    def tell(self, change: str, status: str | None = None, **more: Any) -> Case:
        self.status = status or (self.status if change == "changed" else change)
        self.service.feed(f"application.{change}", self.state(**more), subject=self.id, tenant=self.tenant)
        return self

    def grant(self, **more: Any) -> UUID:
        """The RT head's introduction for this case."""
        self.introduction_id = new_id()
        grant(self.service, introduction_id=self.introduction_id, application_id=self.id, **more)
        return self.introduction_id

    def verified(self, *, work: bool = True) -> Case:
        self.tell("verified")
        if work:
            self.service.work()
        return self

    def letters(self, **where: Any) -> list[dict[str, Any]]:
        """Its letters and forms as an officer lists them."""
        answer = self.service.call("GET", f"/v1/letters?application_id={self.id}", "officer", who=self.staff)
        assert answer.status_code == 200, answer.text
        return [item for item in answer.json["items"] if all(item[name] == value for name, value in where.items())]

    def letter(self) -> dict[str, Any]:
        """The newest letter of the office."""
        return [item for item in self.letters(form=False) if item["kind"] != "introduction"][-1]

    @property
    def staff(self) -> dict[str, Any]:
        return {"tenant": self.tenant}

    def decide(self, letter: dict[str, Any] | None = None, **headers: str) -> Any:
        """The lurah signs the draft as it is shown."""
        letter = letter or self.letter()
        return self.service.call(
            "POST", f"/v1/letters/{letter['id']}/decision", "lurah", who=self.staff, headers=headers,
            json={"decision": "issue", "preview_sha256": letter["preview_sha256"] or "0" * 64},
        )  # fmt: skip

    def issued(self) -> Case:
        """Verified, drafted, signed and issued."""
        self.verified()
        assert self.decide().status_code == 200
        self.service.work()
        return self

    def told(self, event_type: str) -> list[dict[str, Any]]:
        """What documents told about this case, oldest first."""
        return [
            event["data"] for event in self.service.told(event_type)
            if str(event["data"].get("application_id")) == str(self.id)
        ]  # fmt: skip


def office(service: InProcess, tenant: str = BUKIT_SANGKAL, **changed: Any) -> None:
    """The office, as intake tells it."""
    data = OFFICE | {"code": tenant} | changed
    head = {name: data[name] for name in ("name", "kecamatan", "kota", "province", "zone")}
    service.feed("office.changed", head | {"kelurahan": tenant, "office": data}, subject=tenant, tenant=tenant)


def catalogue(service: InProcess, tenant: str = BUKIT_SANGKAL) -> None:
    """All four services, version 1."""
    for code, sop in SOPS.items():
        data = {
            "kelurahan": tenant, "service": code, "version": 1, "effective_from": "2026-01-01", "name": code,
            "sop": {"service": code, "version": 1, "name": {"id": code, "en": code}} | sop,
        }  # fmt: skip
        service.feed("sop.published", data, subject=f"{tenant}/{code}", tenant=tenant)


def no_leaflets(service: InProcess) -> None:
    """What is about letters does not wait until those of all services are drawn."""
    with service.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM job WHERE kind = 'make_leaflets'")


def grant(service: InProcess, *, introduction_id: UUID, application_id: UUID | None = None, **more: Any) -> None:
    """The RT head of RT 023 RW 005 introduces Rohana."""
    data = {
        "introduction_id": str(introduction_id), "application_id": application_id and str(application_id),
        "kelurahan": BUKIT_SANGKAL, "rw": "005", "rt": "023", "service": "KK",
        "purpose": "Pengurusan Kartu Keluarga karena hilang", "granted_at": service.clock.now().isoformat(),
        "valid_until": "2026-09-13", "officeholder_id": str(new_id()), "acting_as": "rt_head", "owner": "applicant-1",
        "person": {"applicant": ROHANA, "contact": CONTACT, "rt_head": {"name": "Marzuki HS"}},
    } | more  # fmt: skip
    service.feed("introduction.granted", data, subject=introduction_id)

"""A service that nobody programmed: an office writes it over HTTP, a case of it runs, and its letter can be checked."""

from __future__ import annotations

import base64
from typing import Any

import pypdfium2
import pytest

from deploy.demo import certificates
from deploy.demo.client import Person, wait_for
from deploy.local.stack import Stack
from deploy.token import token_for

pytestmark = pytest.mark.timeout(300)


def words(indonesian: str, english: str = "in English") -> dict[str, str]:
    return {"id": indonesian, "en": english}


SOP: dict[str, Any] = {
    "name": words("Surat keterangan pedagang pasar"),
    "days": 3,
    "cost": words("Gratis"),
    "product": words("Surat keterangan pedagang pasar"),
    "procedure": [words("Pemohon mengirim foto KTP-el.")],
    "next_step": words("Serahkan kepada pengelola pasar."),
    "complaint": words("Sampaikan kepada petugas kelurahan."),
    "legal_basis": ["Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik"],
    "requirements": [
        {"code": "KTP", "kind": "file", "name": words("KTP-el"), "photo_hint": words("Foto aslinya."), "optional": True}
    ],
    "fields": [
        {"code": "stall", "name": words("Nomor kios"), "type": "text", "source": "applicant", "required": True},
        {"code": "since", "name": words("Berdagang sejak"), "type": "date", "source": "applicant", "required": True},
    ],
    "letters": [
        {
            "kind": "keterangan",
            "classification": "500.2.2.4",
            "title": words("Surat Keterangan Pedagang Pasar"),
            "text": [words("benar berdagang di kios {stall} sejak {since}.")],
            "rows": ["stall"],
            "valid_days": 30,
        }
    ],
}
BUYER = {
    "name": "Cek Ayu", "nik": "1671104507800021", "birth_place": "Palembang", "birth_date": "1980-07-05", "sex": "P",
    "address": "Jalan Pasar Bukit Nomor 11", "rt": "023", "rw": "005",
}  # fmt: skip


def test_a_service_is_added_without_code(stack: Stack, cases: list[dict[str, Any]]) -> None:
    key = stack.token_key_file.read_text("ascii")
    lurah, officer = (Person(stack.base_url, token_for(key, role)) for role in ("lurah", "officer"))
    draft = lurah.post("/v1/services/PASAR/drafts", {"sop": SOP})
    assert draft["problems"] == []
    lurah.post(f"/v1/services/drafts/{draft['id']}/publication", {})
    case = officer.post(
        "/v1/applications",
        {
            "service": "PASAR", "applicant": BUYER, "details": {"stall": "B-12", "since": "2019-03-01"},
            "contact": {"name": "Cek Ayu", "phone": "0812 7100 0955"},
        },
    )  # fmt: skip
    where = f"/v1/applications/{case['id']}"
    officer.post(f"{where}/submission")
    officer.post(f"{where}/receipt")
    letter = wait_for(lambda: _drafted(lurah, case["id"]), "the letter is drafted")
    order = {"letter_id": letter["id"], "preview_sha256": letter["preview_sha256"]}
    pkcs12 = base64.b64encode(certificates.signer("Lurah Contoh", days=(-3650, 3650))).decode()
    lurah.put("/v1/signatures/certificate", {"pkcs12": pkcs12, "passphrase": certificates.PASSPHRASE})
    lurah.post("/v1/signatures", {"letters": [order], "passphrase": certificates.PASSPHRASE})
    issued = wait_for(lambda: _issued(lurah, letter["id"]), "the letter is issued")
    text = _text(officer.download(f"/v1/letters/{letter['id']}/content"))
    assert "SURAT KETERANGAN PEDAGANG PASAR" in text
    assert "benar berdagang di kios B-12 sejak 1 Maret 2019." in text
    assert issued["number"] in text
    assert officer.get(issued["check_url"])["result"] == "valid"


def _drafted(lurah: Person, case_id: str) -> dict[str, Any] | None:
    found = lurah.get("/v1/letters", application_id=case_id)["items"]
    return next((one for one in found if one["status"] == "drafted"), None)


def _issued(lurah: Person, letter_id: str) -> dict[str, Any] | None:
    found: dict[str, Any] = lurah.get(f"/v1/letters/{letter_id}")
    return found if found["status"] == "issued" else None


def _text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return " ".join(document[0].get_textpage().get_text_range().split())

"""Examples for the API's description; all people are made up."""

from __future__ import annotations

from typing import Any

_HASH = "9f2c" * 16

LETTER: dict[str, Any] = {
    "id": "019ab6c1-2f00-7a10-9c3e-5d1c8a7b2e01",
    "application_id": "019ab6c0-11aa-7b22-8d33-2e4f5a6b7c8d",
    "introduction_id": None,
    "kind": "kk_introduction",
    "form": False,
    "status": "issued",
    "incomplete": [],
    "problem": None,
    "method": "certificate",
    "certified": False,
    "prepared": False,
    "initialled_by": None,
    "replaces": None,
    "number": "400.12.2.1/123/KEL-BS/VIII/2026",
    "dated": "2026-08-19",
    "valid_until": "2026-09-18",
    "preview_sha256": _HASH,
    "sha256": _HASH,
    "size": 48213,
    "check_url": "https://layanan.example/periksa/7K3MQ9X2VZ5TB8RDW4HC0N6PJS",
    "sent_back_reason": None,
    "decided_by": "lurah-1",
    "decided_at": "2026-08-19T03:12:00+00:00",
    "issued_at": "2026-08-19T03:12:01+00:00",
    "voided_at": None,
    "voided_by": None,
    "void_reason": None,
    "created_at": "2026-08-18T02:00:00+00:00",
    "version": 4,
}

LETTERS = {"items": [LETTER], "next_cursor": None}

NUMBERED = LETTER | {
    "status": "numbered", "sha256": None, "size": None, "check_url": None, "issued_at": None, "version": 3,
}  # fmt: skip

DRAFTING = NUMBERED | {
    "status": "drafting", "method": None, "certified": None,
    "number": None, "dated": None, "valid_until": None, "decided_by": None, "decided_at": None,
    "version": 2,
}  # fmt: skip

VOID = LETTER | {
    "status": "void", "voided_at": "2026-08-20T02:30:00+00:00", "voided_by": "lurah-1",
    "void_reason": "Salah nama ayah",
    "version": 5,
}  # fmt: skip

DECISION = {"decision": "issue", "preview_sha256": _HASH}

INITIALS = {"preview_sha256": _HASH}

OUTCOME = {"outcome": "not_signed"}

SIGNING = {"letters": [{"letter_id": LETTER["id"], "preview_sha256": _HASH}], "passphrase": "empat kata yang panjang"}

SIGNED = {"items": [{"letter": LETTER, "problem": None}]}

KEEPING = {"pkcs12": "MIIKXAIBAzCC", "passphrase": "empat kata yang panjang"}

CERTIFICATE = {
    "subject": "Kelurahan Bukit Sangkal", "issuer": "Kelurahan Bukit Sangkal", "certified": False, "sha256": _HASH,
    "not_before": "2026-01-01T00:00:00+00:00", "not_after": "2028-01-01T00:00:00+00:00",
    "kept_at": "2026-08-01T02:00:00+00:00", "pem": "-----BEGIN CERTIFICATE-----",
}  # fmt: skip

VOIDING = {"reason": "Salah nama ayah"}

CHECK = {
    "result": "valid",
    "statement": "Surat ini terdaftar dan berlaku. Cocokkan nomor, tanggal dan nama pada lembar yang Anda pegang.",
    "kind": "kk_introduction",
    "title": "Surat Pengantar Kartu Keluarga",
    "number": LETTER["number"],
    "dated": "2026-08-19",
    "valid_until": "2026-09-18",
    "office": "Kelurahan Bukit Sangkal, Kecamatan Kalidoni, Kota Palembang",
    "signer": "Hj. Rusmala Dewi, S.Sos., M.Si.",
    "signature": {
        "method": "certificate",
        "certified": False,
        "statement": "Ditandatangani secara elektronik, TTE tidak tersertifikasi.",
    },
    "name": "R***",
    "sha256": _HASH,
    "issued_at": "2026-08-19T03:12:01+00:00",
}

CHECKED_FILE = {
    "result": "genuine",
    "statement": f"Berkas ini sama persis dengan yang kami terbitkan. {CHECK['statement']}",
    "found": ["our_bytes"],
    "sha256": _HASH,
    "letter": CHECK,
}

BOOK = {
    "items": [
        {
            "series": "office",
            "year": 2026,
            "n": 123,
            "number": LETTER["number"],
            "kind": "kk_introduction",
            "dated": "2026-08-19",
            "state": "issued",
            "addressee": "Rohana",
            "subject": "Surat Pengantar Kartu Keluarga",
            "letter_id": LETTER["id"],
            "outside_id": None,
            "application_id": LETTER["application_id"],
            "decided_by": "lurah-1",
            "taken_at": "2026-08-19T03:12:00+00:00",
            "issued_at": "2026-08-19T03:12:01+00:00",
            "voided_at": None,
            "voided_by": None,
            "void_reason": None,
        }
    ],
    "next_cursor": None,
}

BOOK_TABLE = (
    "seri,urut,nomor,tanggal,jenis,kepada,perihal,keadaan,diambil_oleh,diambil_pada,terbit_pada,batal_pada,batal_oleh,"
    "alasan_batal\r\noffice,123,400.12.2.1/123/KEL-BS/VIII/2026,2026-08-19,kk_introduction,Rohana,"
    "Surat Pengantar Kartu Keluarga,issued,lurah-1,2026-08-19T10:12:00+07:00,2026-08-19T10:12:01+07:00,,,\r\n"
)

REGISTER = {
    "series": "office",
    "year": 2026,
    "last": 122,
    "starts": [{"before": 0, "last": 122, "set_at": "2026-08-03T01:00:00+00:00", "set_by": "lurah-1"}],
}

NEW_NUMBER = {
    "kind": "Surat undangan",
    "classification": "005",
    "addressee": "Ketua RT 023 RW 005",
    "subject": "Rapat kebersihan lingkungan",
}

NUMBER = NEW_NUMBER | {
    "id": "019ab6c4-55ee-7f66-8a77-9b8c7d6e5f4a",
    "series": "office",
    "year": 2026,
    "n": 124,
    "number": "005/124/KEL-BS/VIII/2026",
    "dated": "2026-08-19",
    "state": "elsewhere",
    "taken_at": "2026-08-19T03:15:00+00:00",
    "taken_by": "officer-1",
    "voided_at": None,
    "voided_by": None,
    "void_reason": None,
    "version": 1,
}

TEMPLATES = {"items": [{"kind": "n1", "title": "Pengantar Nikah", "form": False, "version": "1f0c9a2b3d4e5f60"}]}

HANDOVER: dict[str, Any] = {
    "id": "019ab6c2-33cc-7d44-8e55-6f7a8b9c0d1e",
    "application_id": LETTER["application_id"],
    "status": "done",
    "method": "pickup",
    "ready_at": "2026-08-19T03:12:01+00:00",
    "at": "2026-08-20T03:00:00+00:00",
    "by": "officer-1",
    "reason": None,
    "received_by": "Siti Maimunah binti H. Zainuddin",
    "relation": "tetangga",
    "courier": None,
    "price": None,
    "payer": None,
    "attempts": 0,
    "authority": "seen",
    "version": 2,
}
DISPATCHED: dict[str, Any] = HANDOVER | {
    "status": "dispatched", "method": "courier", "received_by": None, "relation": None,
    "courier": "Kurir Contoh, Pak Darmawan", "price": 12000, "payer": "applicant",
}  # fmt: skip

_COURIER: dict[str, Any] = {
    "method": "courier", "carrier": "Kurir Contoh", "price": 12000, "payer": "applicant"
}  # fmt: skip
DETAIL: dict[str, Any] = HANDOVER | {
    "status": "ready", "received_by": None, "relation": None, "authority": None, "by": None,
    "options": [{"method": "pickup", "carrier": None, "price": None, "payer": None}, _COURIER], "chosen": _COURIER,
    "next_step": {"id": "Bawa surat ini ke Disdukcapil.", "en": "Take it to Disdukcapil."},
}  # fmt: skip
HANDOVERS = {"items": [HANDOVER], "next_cursor": None}

COMPLETION = {
    "method": "pickup", "received_by": HANDOVER["received_by"], "relation": "tetangga", "authority": "seen",
}  # fmt: skip

"""Made-up cases for the documentation."""

from __future__ import annotations

from typing import Any

ID = "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31"

NEW: dict[str, Any] = {
    "service": "KK",
    "reason": "lost",
    "applicant": {
        "name": "Rohana",
        "nik": "1671105503550001",
        "birth_place": "Palembang",
        "birth_date": "1955-03-15",
        "sex": "P",
        "address": "Jalan Sukabangun Lorong Melati Nomor 12",
        "rt": "23",
        "rw": "5",
    },
    "contact": {"name": "Nur'aini", "phone": "0812-7100-0072"},
    "helper": {"name": "Nur'aini", "phone": "081271000072", "relation": "tetangga"},
    "details": {"remarks": "Warga lanjut usia, dibantu tetangga"},
}

APPLICATION: dict[str, Any] = {
    "id": ID,
    "tracking_code": "PGT-7K3M9-XW2RB",
    "kelurahan": "16.71.10.1001",
    "service": "KK",
    "service_name": {"id": "Pengantar Kartu Keluarga", "en": "Introduction for a family card"},
    "sop_version": 1,
    "reason": "lost",
    "status": "draft",
    "channel": "http",
    "rt": "023",
    "rw": "005",
    "applicant": NEW["applicant"] | {"rt": "023", "rw": "005"},
    "contact": {"name": "Nur'aini", "phone": "+6281271000072"},
    "helper": NEW["helper"] | {"phone": "+6281271000072"},
    "consent": {"status": "code", "at": "2026-08-14T08:20:00+07:00", "messages_to": "helper", "to_do": None},
    "details": NEW["details"],
    "missing": ["PENGANTAR_RT", "SURAT_KEHILANGAN"],
    "missing_fields": ["kk_number"],
    "warnings": [],
    "waiting_for": "applicant",
    "promised_at": None,
    "agenda_number": None,
    "actions": ["withdraw", "edit", "request-introduction", "add-file"],
    "introduction": {"id": None, "status": "none"},
    "files": [],
    "letters": [],
    "version": 1,
    "links": {"self": f"/v1/applications/{ID}", "files": f"/v1/applications/{ID}/files"},
}

SUBMITTED: dict[str, Any] = APPLICATION | {
    "status": "submitted",
    "missing": [],
    "waiting_for": "officer",
    "submitted_at": "2026-08-14T09:00:00+07:00",
    "promised_at": "2026-08-19T16:00:00+07:00",
    "deadlines": {
        "receive": "2026-08-14T16:30:00+07:00",
        "verify": "2026-08-18T16:00:00+07:00",
        "produce": "2026-08-19T16:00:00+07:00",
    },
    "actions": ["withdraw"],
    "version": 4,
}

TIMELINE: dict[str, Any] = {
    "items": [
        {"at": "2026-08-14T08:01:00+07:00", "status": "draft", "event": "opened", "by": "applicant"},
        {"at": "2026-08-14T09:00:00+07:00", "status": "submitted", "event": "submitted", "by": "applicant"},
        {
            "at": "2026-08-14T09:20:00+07:00",
            "status": "received",
            "event": "received",
            "by": "officer",
            "by_staff": "officer:yanti",
            "note": "0001/2026",
        },
    ]
}

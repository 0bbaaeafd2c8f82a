"""Examples for the documentation. All people are made up."""

from __future__ import annotations

from typing import Any

_TASK_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e9f"
_HOLDER_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e10"
_FILE_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e20"
_CASE_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e30"

NEIGHBOURHOOD: dict[str, Any] = {
    "id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e01", "rw": "005", "rt": "023", "headed": True,
    "decides": {"officeholder_id": _HOLDER_ID, "role": "rt_head", "name": "M. Yusuf Effendi"},
    "made_up": True, "version": 1,
}  # fmt: skip
NEIGHBOURHOODS = {"items": [NEIGHBOURHOOD], "next_cursor": None}

NEW_OFFICEHOLDER: dict[str, Any] = {
    "role": "rt_head", "rw": "005", "rt": "023", "name": "M. Yusuf Effendi", "phone": "0812 0000 0023",
    "from_date": "2026-01-01",
}  # fmt: skip
MASTER_DATA = {
    "neighbourhoods": [{"kelurahan": "16.71.10.1001", "rw": "005", "rt": "024"}],
    "officeholders": [NEW_OFFICEHOLDER | {"kelurahan": "16.71.10.1001"}],
}
MASTER_DATA_REPORT = {
    "dry_run": False,
    "counts": {"added": 2, "changed": 0, "unchanged": 0, "wrong": 0},
    "items": [
        {"list": name, "index": 0, "kelurahan": "16.71.10.1001", "result": "added", "errors": {}}
        for name in ("neighbourhoods", "officeholders")
    ],
}
OFFICEHOLDER = NEW_OFFICEHOLDER | {
    "id": _HOLDER_ID, "phone": "+6281200000023", "to_date": None, "made_up": True, "version": 1,
    "away_from": None, "away_until": None, "phone_confirmed_at": None, "stopped_at": None,
}  # fmt: skip
OFFICEHOLDERS = {"items": [OFFICEHOLDER], "next_cursor": None}
ABSENCE = {"from": "2026-08-20", "until": "2026-09-03"}
TERM_CHANGE = {"to_date": "2026-12-31"}

NEW_INTRODUCTION = {
    "name": "Siti Maimunah binti H. Zainuddin", "phone": "0812 0000 0923", "purpose": "Mengurus Kartu Keluarga baru",
    "service": "KK",
}  # fmt: skip
GRANT = {"decision": "grant"}
VERDICTS = {"verdicts": [{"file_id": _FILE_ID, "verdict": "genuine"}]}
WITNESSES = {
    "witnesses": [
        {"position": "left", "name": "Tukiman", "phone": "0812 0000 0931", "address": "Jalan Contoh Nomor 25"},
        {"position": "back", "absent": True},
    ]
}
DECISIONS = {
    "introduction": {"value": GRANT},
    "attestation": {"value": VERDICTS},
    "attestation with neighbours": {"value": VERDICTS | WITNESSES},
    "statement": {"value": {"decision": "confirm"}},
}

_BASE: dict[str, Any] = {
    "kind": "introduction", "status": "open", "rw": "005", "rt": "023", "service": "KK",
    "service_name": "Surat pengantar Kartu Keluarga", "purpose": "Mengurus Kartu Keluarga baru",
    "tracking_code": "PGT-7K3M9-XW2RB",
    "applicant": {"name": "Siti Maimunah binti H. Zainuddin", "address": "Jalan Contoh Nomor 23"},
    "files": [], "decisions": ["grant", "refuse"],
    "refusal_reasons": [{"code": "not_resident", "name": "Bukan warga RT ini"}],
    "outcome": None, "reason": None, "valid_until": None, "opened_at": "2026-08-14T01:00:00+00:00", "closed_at": None,
}  # fmt: skip
TASK = _BASE | {
    "id": _TASK_ID, "application_id": _CASE_ID, "introduction_id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e40",
    "headed": True, "contact": {"name": "Siti Maimunah binti H. Zainuddin", "phone": "+6281200000923"},
    "asked": {"officeholder_id": _HOLDER_ID, "name": "M. Yusuf Effendi", "role": "rt_head"}, "note": None,
    "messages": [], "version": 1,
}  # fmt: skip
TASKS = {"items": [TASK], "next_cursor": None}
DECIDED = TASK | {
    "status": "done", "decisions": [], "refusal_reasons": [], "outcome": "granted", "valid_until": "2026-09-14",
    "closed_at": "2026-08-14T03:10:00+00:00", "version": 2,
}  # fmt: skip
LINK = _BASE | {"office_name": "Bukit Sangkal"}
LINK_DECIDED = LINK | {
    "status": "done", "decisions": [], "refusal_reasons": [], "outcome": "granted", "valid_until": "2026-09-14",
    "closed_at": "2026-08-14T03:10:00+00:00", "tracking_code": None, "purpose": None, "applicant": None,
}  # fmt: skip

TABLE = (
    "rw,rt,role,name,phone,from_date,to_date\r\n"
    "005,023,rt_head,M. Yusuf Effendi,0812 0000 0023,2026-01-01,\r\n"
    "005,,rw_head,H. Umar Hasan,0812 0000 0501,2026-01-01,\r\n"
)
IMPORTED = {"dry_run": False, "items": [{"line": 2, "result": "added"}, {"line": 3, "result": "unchanged"}]}

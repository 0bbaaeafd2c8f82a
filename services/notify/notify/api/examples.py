"""Examples for the documentation. All people are made up."""

from __future__ import annotations

from typing import Any

MESSAGE: dict[str, Any] = {
    "id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e08", "application_id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e00",
    "template": "submitted", "message_class": "notice", "channel": "mailbox", "to": "S••• M••• +62812•••••072",
    "text": "Halo Siti Maimunah,\n\npermohonan Pengantar Kartu Keluarga sudah kami terima.\n"
    "Kode lacak: PGT-7K3M9-XW2RB\nPaling lambat selesai: Rabu, 19 Agustus 2026\n",
    "status": "delivered", "attempts": 1, "requested_by": None, "created_at": "2026-08-14T02:00:00+00:00",
    "expires_at": None, "waits_until": None, "settled_at": "2026-08-14T02:00:01+00:00", "failure": None, "version": 2,
}  # fmt: skip
MESSAGES = {"items": [MESSAGE], "next_cursor": None}
FAILED_AGAIN = MESSAGE | {"status": "accepted", "attempts": 12, "settled_at": None, "version": 15}
COSTS = {
    "month": "2026-08", "messages": 12, "price": 4284, "budget": 500000, "percent": 0,
    "days": [{"day": "2026-08-14", "channel": "whatsapp", "category": "utility", "messages": 12, "price": 4284}],
}  # fmt: skip
SEARCH = {"phone": "0812 7100 0072"}
INCOMING = {"phone": "0812 7100 0072", "text": "Kapan surat saya siap?"}
TAKEN_IN = {
    "id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e09", "recipient": "intake", "channel": "mailbox",
    "received_at": "2026-08-14T03:00:00+00:00",
}  # fmt: skip
RECEIVED = {
    "items": [{
        "id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e09", "received_at": "2026-08-14T03:00:00+00:00", "channel": "whatsapp",
        "sender": "S••• M••• +62812•••••072", "kind": "text", "text": "Kapan surat saya siap?", "recipient": "office",
        "replies_to": None, "has_file": False, "problem": None,
    }],
    "next_cursor": None,
}  # fmt: skip
WEBHOOK: dict[str, Any] = {
    "object": "whatsapp_business_account",
    "entry": [{
        "id": "102290129340398",
        "changes": [{
            "field": "messages",
            "value": {
                "messaging_product": "whatsapp",
                "metadata": {"display_phone_number": "628127100001", "phone_number_id": "106540352242922"},
                "contacts": [{"profile": {"name": "Siti Maimunah"}, "wa_id": "6281271000072", "user_id": "ID.1a2b3c"}],
                "messages": [{
                    "from": "6281271000072", "id": "wamid.CONTOH", "timestamp": "1786676400", "type": "text",
                    "text": {"body": "Kapan surat saya siap?"},
                }],
            },
        }],
    }],
}  # fmt: skip
WAHA_WEBHOOK: dict[str, Any] = {
    "event": "message", "session": "sukabangun", "engine": "NOWEB",
    "payload": {
        "id": "false_6281271000072@c.us_3EB0CONTOH", "timestamp": 1786676400, "from": "6281271000072@c.us",
        "fromMe": False, "source": "app", "body": "Kapan surat saya siap?", "hasMedia": False,
    },
}  # fmt: skip
CONTACT: dict[str, Any] = {
    "id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e0a", "channel": "whatsapp", "who": "S••• M••• +62812•••••072",
    "answered_until": "2026-08-14T14:00:00+00:00", "version": 3,
}  # fmt: skip
CONTACTS = {"items": [CONTACT], "next_cursor": None}
LEFT_TO_US = CONTACT | {"answered_until": None, "version": 4}
EVENTS: list[dict[str, Any]] = [{
    "specversion": "1.0", "id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e0b", "source": "/intake",
    "type": "application.received", "subject": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e00",
    "time": "2026-08-14T03:00:00+00:00", "datacontenttype": "application/json", "dataversion": 1,
    "kelurahan": "16.71.10.1001", "sequence": 3, "position": 4711,
    "data": {
        "application_id": "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e00", "kelurahan": "16.71.10.1001", "service": "KK",
        "sop_version": 1, "status": "received", "step": "verify", "result": None,
        "opened_at": "2026-08-14T01:50:00+00:00", "submitted_at": "2026-08-14T02:00:00+00:00",
        "received_at": "2026-08-14T03:00:00+00:00", "promised_at": "2026-08-19T09:00:00+00:00",
        "changed_at": "2026-08-14T03:00:00+00:00", "ended_at": None,
    },
}]  # fmt: skip
EVENT_HEADERS = {
    "Next-Position": {"description": "`after` of the next request.", "schema": {"type": "integer"}},
    "Newest-Position": {
        "description": "The last position that was given, of any office.",
        "schema": {"type": "integer"},
    },
    "Link": {"description": "The next request (`rel=next`).", "schema": {"type": "string"}},
}
POSITIONS = {"oldest": 1, "newest": 4711}

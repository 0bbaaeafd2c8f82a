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

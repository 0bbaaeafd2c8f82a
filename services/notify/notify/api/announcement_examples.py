"""Examples of announcements."""

from __future__ import annotations

from typing import Any

ANNOUNCEMENT_IN: dict[str, Any] = {
    "title": "Kerja bakti hari Minggu",
    "text": "Minggu, 23 Agustus 2026, pukul 07.00, di sepanjang Jalan Mawar.\nBawa cangkul atau sapu.",
    "until": "2026-08-23", "audience": "heads", "places": [{"rw": "005", "rt": None}], "with_picture": True,
}  # fmt: skip
_ID = "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8f01"
ANNOUNCEMENT: dict[str, Any] = ANNOUNCEMENT_IN | {
    "id": _ID, "status": "draft", "picture": f"/v1/announcements/{_ID}/picture", "problem": None,
    "estimate": {"heads": 8, "agreed": 0, "messages": 8, "price": 4696}, "counts": None,
    "previews": [{"to": "heads", "text": "Pengumuman Kelurahan Bukit Sangkal\n\n*Kerja bakti hari Minggu*\n\n…"}],
    "settled": False, "created_at": "2026-08-14T02:00:00+00:00", "sent_at": None, "stopped_at": None, "version": 2,
}  # fmt: skip
WRITTEN = ANNOUNCEMENT | {"picture": None, "estimate": None, "version": 1}
GOING_OUT = ANNOUNCEMENT | {"status": "sending", "sent_at": "2026-08-14T02:10:00+00:00", "version": 3}
STOPPED = GOING_OUT | {
    "status": "stopped", "stopped_at": "2026-08-14T02:11:00+00:00", "version": 4,
    "counts": {"queued": 0, "sent": 1, "delivered": 3, "failed": 0, "left_out": 4},
}  # fmt: skip
ANNOUNCEMENTS = {"items": [ANNOUNCEMENT], "next_cursor": None}

"""What WhatsApp sends, signed as it signs it; and a server that has the files that people sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

SECRET, VERIFY = "rahasia-aplikasi-contoh", "kata-sandi-jabat-tangan"
WAHA_KEY, SESSION = "kunci-hmac-contoh", "sukabangun"
NUMBER, SHARED, UNKNOWN = "106540352242922", "206540352242922", "306540352242922"
"""Numbers of ours: Bukit Sangkal's, one that it shares with Kalidoni, and one that nobody has set."""
ENV = {
    "WHATSAPP_TOKEN": "token-contoh", "WHATSAPP_APP_SECRET": SECRET, "WHATSAPP_VERIFY_TOKEN": VERIFY,
    "WHATSAPP_NUMBERS": f"{NUMBER}={BUKIT_SANGKAL},{SHARED}={BUKIT_SANGKAL}+{KALIDONI}",
    "WAHA_HMAC_KEY": WAHA_KEY, "WAHA_SESSIONS": f"{SESSION}={BUKIT_SANGKAL}",
}  # fmt: skip

_numbers = count(1)


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signature_of_waha(body: bytes, key: str = WAHA_KEY) -> str:
    return hmac.new(key.encode(), body, hashlib.sha512).hexdigest()


def new_wamid() -> str:
    return f"wamid.HBgNNjI4MTI3MTAwMDA3MhUCABIY{next(_numbers):012d}"


def text(body: str, phone: str | None = "6281271000072", **more: Any) -> dict[str, Any]:
    """A message with words in it."""
    return message("text", {"body": body}, phone, **more)


def message(kind: str, content: Any, phone: str | None = "6281271000072", **more: Any) -> dict[str, Any]:
    known = {"from": phone} if phone else {}
    return known | {"id": new_wamid(), "timestamp": "1786676400", "type": kind, kind: content} | more


def status(wamid: str, said: str, **more: Any) -> dict[str, Any]:
    return {"id": wamid, "status": said, "timestamp": "1786676400", "recipient_id": "6281271000072"} | more


def change(
    *messages: dict[str, Any], statuses: list[dict[str, Any]] | None = None, number: str = NUMBER,
    contacts: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """One change, with a contact for each who writes."""
    if contacts is None:
        phones = dict.fromkeys(one["from"] for one in messages if "from" in one)
        contacts = [{"profile": {"name": "Siti Maimunah"}, "wa_id": phone} for phone in phones]
    value: dict[str, Any] = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "628127100001", "phone_number_id": number},
    }
    if messages:
        value |= {"contacts": contacts, "messages": list(messages)}
    if statuses:
        value["statuses"] = statuses
    return {"field": "messages", "value": value}


def payload(*changes: dict[str, Any]) -> dict[str, Any]:
    return {"object": "whatsapp_business_account", "entry": [{"id": "102290129340398", "changes": list(changes)}]}


def encoded(told: Any) -> bytes:
    """The bytes of a request; signs beyond ASCII as Meta writes them."""
    return json.dumps(told, ensure_ascii=False).encode()


@dataclass
class Files:
    """A channel's server of files in a test's own process: `kept` by id; `fails` are answers that come first."""

    kept: dict[str, bytes] = field(default_factory=dict)
    fails: list[Exception] = field(default_factory=list)
    asked: int = 0

    def fetch(self, media: Any) -> Any:
        """As `notify.media.Fetcher`."""
        from notify.media import NotHere
        from notify.media.checking import checked

        self.asked += 1
        if self.fails:
            raise self.fails.pop(0)
        if media["id"] not in self.kept:
            raise NotHere("gone", again=True)
        return checked(self.kept[media["id"]], media["type"], media["sha256"], media["size"])


def photos(many: int) -> Iterator[dict[str, Any]]:
    """As many photos as somebody sends at once."""
    for number in range(many):
        content = f"foto {number}".encode()
        told = {"id": f"media-{number}", "mime_type": "image/jpeg", "sha256": hashlib.sha256(content).hexdigest()}
        yield message("image", told)

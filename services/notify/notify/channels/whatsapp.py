"""WhatsApp by the Cloud API, or by a provider that speaks like it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from contracts.messages import Rules
from kit import outgoing
from kit.ids import new_id
from kit.objects import ObjectStore, StoreUnavailable
from kit.outgoing import Answer, Limits, NotReached, OutcomeUnknown, Refused
from notify.channels import Capability, Channel, Outgoing, Receipt
from notify.domain.channels import Offices, number_of, token_header
from notify.domain.failures import PAIR_GAP, NotSent, Unclear, remedy_of
from notify.domain.fitting import Limits as Fits
from notify.domain.policy import AUTHENTICATION

_MESSAGE = Limits(within=30, largest=65_536)
_UPLOAD = Limits(within=90, largest=65_536)
_CHOOSE: Mapping[str, str] = {"id": "Pilih", "en": "Choose"}
_PICTURES = frozenset({"image/jpeg", "image/png"})
_MOST_OF_A_PICTURE = 5_000_000
_LINE = "\r\n"


class WhatsApp(Channel):
    """`numbers` says which number speaks for whom; `header` is where the token goes."""

    name = "whatsapp"
    capabilities: frozenset[Capability] = frozenset({"text", "buttons", "list", "document", "template", "chat"})
    limits = Fits()
    gap = PAIR_GAP

    def __init__(
        self, http: outgoing.Outgoing, objects: ObjectStore, url: str, token: str, header: str, numbers: Offices,
        rules: Rules, per_second: float,
    ) -> None:  # fmt: skip
        self._http, self._objects, self._url, self._numbers = http, objects, url.rstrip("/"), numbers
        self._headers = token_header(header, token)
        self.rules, self.per_second = rules, per_second

    def sender(self, kelurahan: str, written_to: str | None = None) -> str | None:
        return number_of(self._numbers, kelurahan, written_to)

    def offices(self, kelurahan: str, sender: str) -> Sequence[str]:
        return self._numbers.get(sender, (kelurahan,))

    def reaches(self, person: Mapping[str, Any]) -> bool:
        return bool(person.get("phone") or person.get("user_id"))

    def send(self, message: Outgoing) -> Receipt:
        media = self._uploaded(message) if message.kind in ("file", "template") and message.file else None
        body = _addressed(message) | _content(message, media)
        try:
            answer = self._http.send(
                "POST", f"{self._url}/{message.sender}/messages", _MESSAGE, body=json.dumps(body).encode(),
                headers=self._headers | {"Content-Type": "application/json"},
            )  # fmt: skip
        except OutcomeUnknown as error:
            raise Unclear(error.reason) from error
        except (NotReached, Refused) as error:
            raise NotSent("retry", error.reason) from error
        return _receipt(answer)

    def _uploaded(self, message: Outgoing) -> str:
        """The id that the file has there now. What became of an upload that got lost matters to nobody."""
        file = message.file or {}
        boundary = new_id().hex
        head, tail = _around(file, boundary)
        try:
            with self._objects.get(file["bucket"], file["key"]) as stored:
                answer = self._http.send(
                    "POST", f"{self._url}/{message.sender}/media", _UPLOAD,
                    body=_form(head, stored, tail),
                    headers=self._headers | {
                        "Content-Type": f"multipart/form-data; boundary={boundary}",
                        "Content-Length": str(len(head) + stored.stat.size + len(tail)),
                    },
                )  # fmt: skip
        except StoreUnavailable as error:
            raise NotSent("retry", "the file is not at hand") from error
        except outgoing.Failed as error:
            raise NotSent("retry", error.reason) from error
        media = _told(answer).get("id")
        if answer.status != 200 or not isinstance(media, str):
            raise _failed(answer)
        return media


def _addressed(message: Outgoing) -> dict[str, Any]:
    """A number, where we know it: some kinds of messages are not let through to anybody else."""
    to = {"to": message.phone.lstrip("+")} if message.phone else {"recipient": message.user_id}
    return {
        "messaging_product": "whatsapp", "recipient_type": "individual", "biz_opaque_callback_data": message.mark,
    } | to  # fmt: skip


def _content(message: Outgoing, media: str | None) -> dict[str, Any]:
    if message.kind == "template":
        return {"type": "template", "template": _template(message, media)}
    if message.kind == "file":
        return _file(message, media)
    if message.kind in ("buttons", "list"):
        action = _buttons(message) if message.kind == "buttons" else _list(message)
        kind = "button" if message.kind == "buttons" else "list"
        return {
            "type": "interactive",
            "interactive": {"type": kind, "body": {"text": message.text}, "action": action},
        }
    return {"type": "text", "text": {"body": message.text, "preview_url": False}}


def _buttons(message: Outgoing) -> dict[str, Any]:
    return {
        "buttons": [{"type": "reply", "reply": {"id": one.id, "title": one.title}} for one in message.options]
    }  # fmt: skip


def _list(message: Outgoing) -> dict[str, Any]:
    rows = [
        {"id": one.id, "title": one.title} | ({"description": one.description} if one.description else {})
        for one in message.options
    ]
    choose = _CHOOSE[message.language]
    return {"button": choose, "sections": [{"title": choose, "rows": rows}]}


def _file(message: Outgoing, media: str | None) -> dict[str, Any]:
    file, caption = message.file or {}, {"caption": message.text} if message.text else {}
    if file.get("type") in _PICTURES and file.get("size", 0) <= _MOST_OF_A_PICTURE:
        return {"type": "image", "image": {"id": media} | caption}
    return {"type": "document", "document": {"id": media, "filename": file.get("name") or "berkas"} | caption}


def _template(message: Outgoing, media: str | None) -> dict[str, Any]:
    given = [{"type": "text", "text": one} for one in message.parameters]
    components: list[dict[str, Any]] = [{"type": "body", "parameters": given}] if given else []
    if media is not None:
        picture = {"type": "image", "image": {"id": media}}
        components.insert(0, {"type": "header", "parameters": [picture]})
    if message.template in AUTHENTICATION:
        code = [{"type": "text", "text": str(message.values.get("code") or "")}]
        components = [
            {"type": "body", "parameters": code},
            {"type": "button", "sub_type": "url", "index": "0", "parameters": code},
        ]
    return {"name": message.template_name, "language": {"code": message.language}, "components": components}


def _receipt(answer: Answer) -> Receipt:
    """What they call the message. A yes without that is none that we can rely on, nor is a time-out further on."""
    if 200 <= answer.status < 300:
        try:
            return Receipt("sent", str(_told(answer)["messages"][0]["id"]))
        except (KeyError, IndexError, TypeError) as error:
            raise Unclear("an answer that names no message") from error
    raise _failed(answer)


def _failed(answer: Answer) -> NotSent | Unclear:
    error = _told(answer).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    if not isinstance(code, int):
        if answer.status in (502, 504):
            return Unclear(f"a server on the way answered {answer.status}")
        return NotSent(remedy_of(None, answer.status), f"HTTP {answer.status}")
    return NotSent(remedy_of(code, answer.status), f"WhatsApp {code}")


def _told(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _around(file: Mapping[str, Any], boundary: str) -> tuple[bytes, bytes]:
    """What stands before and after the bytes of a file in a form."""
    name = "".join(letter for letter in file.get("name") or "berkas" if letter.isalnum() or letter in "-_.")
    fields = [("messaging_product", "whatsapp"), ("type", file["type"])]
    head = "".join(
        f'--{boundary}{_LINE}Content-Disposition: form-data; name="{key}"{_LINE}{_LINE}{value}{_LINE}'
        for key, value in fields
    ) + (
        f'--{boundary}{_LINE}Content-Disposition: form-data; name="file"; filename="{name}"{_LINE}'
        f"Content-Type: {file['type']}{_LINE}{_LINE}"
    )
    return head.encode(), f"{_LINE}--{boundary}--{_LINE}".encode()


def _form(head: bytes, stored: Iterable[bytes], tail: bytes) -> Iterator[bytes]:
    yield head
    yield from stored
    yield tail

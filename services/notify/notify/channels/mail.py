"""E-mail: plain text to whoever gave an address, with a small file beside it."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Any

from contracts.messages import Rules
from kit import mail
from kit.objects import ObjectStore
from notify.channels import Capability, Channel, Limits, Outgoing, Receipt
from notify.channels.files import whole
from notify.domain.failures import NotSent, Remedy, Unclear

_SUBJECT: Mapping[str, str] = {"id": "Kabar dari Kelurahan {office}", "en": "News from Kelurahan {office}"}
_NO_OFFICE: Mapping[str, str] = {"id": "Kabar dari kelurahan", "en": "News from the kelurahan"}
_CODE: Mapping[str, str] = {"id": "Kode Anda", "en": "Your code"}
_REMEDIES: Mapping[type[mail.Failed], Remedy] = {
    mail.Later: "retry",
    mail.NoSuchReader: "elsewhere",
    mail.NotTaken: "wrong",
    mail.NotUs: "park",
}


class Mail(Channel):
    """`sender` is an address, or a name and the address in <>."""

    name = "email"
    capabilities: frozenset[Capability] = frozenset({"text", "document"})
    limits = Limits(text=100_000, under_a_file=100_000, file=5_000_000)

    def __init__(self, server: mail.MailServer, objects: ObjectStore, sender: str, rules: Rules) -> None:
        self._server, self._objects, self._from = server, objects, sender
        self.rules = rules

    def reaches(self, person: Mapping[str, Any]) -> bool:
        return bool(person.get("email"))

    def send(self, message: Outgoing) -> Receipt:
        made = self._made(message)
        try:
            self._server.send(made, parseaddr(self._from)[1], message.email or "")
        except mail.OutcomeUnknown as error:
            raise Unclear(error.reason) from error
        except mail.Failed as error:
            raise NotSent(_REMEDIES[type(error)], error.reason) from error
        return Receipt("sent", made["Message-ID"])

    def _made(self, message: Outgoing) -> EmailMessage:
        """The same message tried again has the same name, by which readers' programs show it once."""
        made = EmailMessage()
        made["From"], made["To"] = self._from, message.email
        made["Subject"] = _subject(message)
        made["Date"] = formatdate()  # by the machine's clock: readers' servers refuse mail from another day
        made["Message-ID"] = f"<{message.id}.{message.kind}@{parseaddr(self._from)[1].rpartition('@')[2]}>"
        made["Auto-Submitted"] = "auto-generated"
        made["Content-Language"] = message.language
        made.set_content(message.text)
        if message.kind == "file" and message.file:
            kind, _, sort = message.file["type"].partition("/")
            name, content = message.file.get("name") or "berkas", whole(self._objects, message.file)
            made.add_attachment(content, maintype=kind, subtype=sort, filename=name)
        return made


def _subject(message: Outgoing) -> str:
    """Names the office and the service, never a person. Mail programs show the beginning only."""
    if message.message_class == "code":
        return _CODE[message.language]
    office, service = (
        " ".join(str(message.values.get(name) or "").split())[:80] for name in ("office_name", "service_name")
    )
    news = _SUBJECT[message.language].format(office=office) if office else _NO_OFFICE[message.language]
    return f"{service}: {news}" if service else news

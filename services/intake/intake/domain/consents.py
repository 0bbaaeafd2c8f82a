"""What is asked of a person apart from his letter's legal basis: a text for each kind, in versions. A text that was
shown to anybody is never changed: another wording is another version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from contracts.consent import COURIER, KINDS, MESSAGES, NEIGHBOURS
from kit.problems import Unprocessable, Words

TEXTS: Mapping[str, tuple[Words, ...]] = {
    MESSAGES: (
        Words(
            "Saya setuju menerima pesan tentang permohonan ini lewat WhatsApp di nomor yang saya berikan. WhatsApp"
            " mengolah nomor saya dan isi pesannya.",
            "I agree to messages about this case by WhatsApp, to the number that I gave. WhatsApp processes my number"
            " and what the messages say.",
        ),
    ),
    COURIER: (
        Words(
            "Saya setuju kurir diberi nama, alamat, dan nomor saya untuk mengantar surat.",
            "I agree that a courier gets my name, address and number to bring the letters.",
        ),
    ),
    NEIGHBOURS: (
        Words(
            "Saya setuju tetangga yang ditanya melihat nama, RT, dan keperluan saya.",
            "I agree that neighbours who are asked see my name, RT and purpose.",
        ),
    ),
}
"""By kind; the first is version 1, the last is what is asked today."""
assert tuple(TEXTS) == KINDS


class OldText(Unprocessable):
    """He agreed to something that is not asked any more."""

    slug = "consent-text-not-current"
    title = Words("Teks persetujuan sudah berganti", "The text has changed")
    detail = Words("Tunjukkan teks yang berlaku, lalu kirim versinya.", "Show the current text and send its version.")


def current(kind: str) -> int:
    """The version that is asked today."""
    return len(TEXTS[kind])


def check_text(kind: str, given: bool, version: int) -> None:
    """Agreeing is to today's text; withdrawing is possible whatever was agreed to. Raises OldText."""
    if version not in range(1, current(kind) + 1) or (given and version != current(kind)):
        raise OldText(errors={"json": {"text_version": [OldText.detail]}})


def reached_only_by_phone(person: Mapping[str, Any]) -> bool:
    """Whether the person's own number is the only way to him: what he says on it is then said of all messages. A
    helper's number is not his, and by mail he is still told."""
    contact, helper = person.get("contact") or {}, person.get("helper") or {}
    return not contact.get("email") and (not helper or contact.get("phone") != helper.get("phone"))


def standing(words: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Each kind as it stands: `words` has the last word of those of which something was said."""
    shown = []
    for kind in KINDS:
        said = words.get(kind)
        version = said["text_version"] if said else current(kind)
        shown.append(
            {
                "kind": kind,
                "state": "unsaid" if said is None else "given" if said["given"] else "withdrawn",
                "text_version": version,
                "text": TEXTS[kind][version - 1]._asdict(),
                "asked_version": current(kind),
                "at": said["at"] if said else None,
                "by": said["by_role"] if said else None,
            }
        )
    return shown

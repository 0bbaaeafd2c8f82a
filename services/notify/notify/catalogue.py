"""Every message with an example in it: `python -m notify.catalogue` writes `docs/messages.md`, and what is handed in to
WhatsApp for approval, `docs/whatsapp-templates.json`.

The examples are those of the events' contracts, worded by the same table that words the real ones, so that the page
shows what people get and not what was meant.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts import contract
from notify.catalogue_heads import CODE, NAMES, OF_HEADS, PUBLIC_URL
from notify.domain import complaints, policy
from notify.domain.copies import Case, Letter, Office, Recipient, Sop
from notify.domain.notices import ONLY_WHEN_ASKED, Facts, notice_for
from notify.domain.policy import (
    AUTHENTICATION,
    CONVERSATION,
    FOR_EVERYBODY,
    approved_body,
    approved_name,
    parameters,
)
from notify.talk_examples import TALKS
from notify.texts import LANGUAGES, render, source, templates

PAGE = Path("docs") / "messages.md"
APPROVALS = Path("docs") / "whatsapp-templates.json"
_HEAD = """# Messages to people

What people are sent, in Indonesian and in English, filled with the example of each event; all people are made up.
Made from `services/notify/notify/messages/` by `python -m notify.catalogue`; do not edit. A line whose values are all
empty is left out."""


@dataclass(frozen=True)
class Told:
    """A notice by the event that it is told on: `data` changes the event's example, `status` is the case's by then."""

    event: str
    status: str
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A message that a service asks for, and what it fills it with."""

    service: str
    about: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Complained:
    """A notice to whoever filed a complaint: by the event that it is told on, and what changes its example."""

    event: str
    data: Mapping[str, Any] = field(default_factory=dict)
    text: str | None = None


_ABOUT_A_TASK = NAMES | {"name": "Nur'aini", "tracking_code": CODE, "rt": "023", "rw": "005"}
_HELPED = NAMES | {
    "name": "Siti Maimunah binti H. Zainuddin", "helper_name": "Nur'aini", "tracking_code": CODE,
}  # fmt: skip
_OFFICE = {"office_name": "Bukit Sangkal", "office_phone": "0711 000000"}
_ANNOUNCED = {
    "office_name": "Bukit Sangkal", "title": "Kerja bakti hari Minggu",
    "text": ["Minggu, 23 Agustus 2026, pukul 07.00, di sepanjang Jalan Mawar.", "Bawa cangkul atau sapu."],
    "until": "Berlaku sampai Minggu, 23 Agustus 2026.",
}  # fmt: skip
_COURIER = {"name": "Nur'aini", "courier": "Kurir Contoh, Pak Darmawan", "price": "12.000", "code": "482913"}

EXAMPLES: Mapping[str, Told | Asked | Complained] = {
    "task_handed_on": Asked("verification", "a question that goes to the next one", _ABOUT_A_TASK),
    "task_with_officer": Asked("verification", "a question that nobody answered", _ABOUT_A_TASK),
    "expires_soon": Asked("intake", "a case that nobody has touched for 23 days", _ABOUT_A_TASK),
    "erased_soon": Asked(
        "intake", "a case whose time is over in seven days", _ABOUT_A_TASK | {"erased_on": "14-08-2027"}
    ),
    "channel_stopped": Asked("notify", "somebody who sent STOP", _OFFICE),
    "announcement": Asked("notify", "an announcement of the office, to who agreed to be told", _ANNOUNCED),
    "announcement_for_head": Asked("notify", "an announcement of the office, to an RT head", _ANNOUNCED),
    "channel_info_ask": Asked("notify", "somebody who wrote INFO", _OFFICE),
    "channel_info_agreed": Asked("notify", "somebody who wrote INFO YA", _OFFICE | {"place": "RT 023 RW 005"}),
    "channel_info_ended": Asked("notify", "somebody who wrote INFO STOP", _OFFICE),
    "channel_resumed": Asked("notify", "somebody who sent MULAI after STOP", _OFFICE),
    "channel_office_chosen": Asked(
        "notify", "somebody who has said which office he means", {"office_name": "Bukit Sangkal"}
    ),
    "channel_which_office": Asked(
        "notify", "somebody who writes to a number of several offices",
        {"options": ["1. Bukit Sangkal", "2. Kalidoni"]},
    ),
    "courier_applicant_pays": Asked("documents", "papers that a courier brings", _COURIER),
    "courier_office_pays": Asked("documents", "papers that a courier brings at the office's cost", _COURIER),
    "rt_head_brings": Asked("documents", "papers that the RT head brings", _COURIER | {"courier": "M. Yusuf Effendi"}),
    "sign_in_code": Asked(
        "intake", "somebody who wants to sign in, to his phone", {"office_name": "Bukit Sangkal", "code": "482913"}
    ),
    "consent_code": Asked(
        "intake",
        "a case that a helper opened, to the applicant's own phone",
        _HELPED | {"relation": "tetangga", "code": "482913"},
    ),
    "consent_revocation_code": Asked(
        "intake", "a consent that its giver wants to end, to the applicant's own phone", _HELPED | {"code": "482913"}
    ),
    "consent_revoked": Asked(
        "intake", "a consent that has ended, to the applicant's own phone", _HELPED | {"claim_code": "40719253"}
    ),
    "help_ended": Asked("intake", "a consent that has ended, to the helper", _HELPED | {"name": "Nur'aini"}),
    "consent_given": Asked("intake", "a consent that was recorded, to the applicant's own phone", _HELPED),
    "draft_opened": Asked(
        "intake",
        "a case that the RT head's own introduction opened",
        NAMES
        | {
            "name": "Nur'aini", "rt_head_name": "M. Yusuf Effendi", "tracking_code": CODE, "claim_code": "482913",
            "purpose": "Pengurusan Kartu Keluarga",
        },
    ),
    "channel_file_left_out": Asked("notify", "a file that a channel does not take", {}),
    "channel_further_letter": Asked(
        "notify", "the second letter of a case and each after it, in a chat", {"file_name": "surat-400.12.2.1-002.pdf"}
    ),
    "complaint_filed": Complained("complaint.filed"),
    "complaint_more": Complained("complaint.more_requested"),
    "complaint_answered": Complained("complaint.answered"),
    "complaint_closed": Complained(
        "complaint.closed", {"result": "not_ours", "actor": "lurah"}, "Lampu jalan ditangani Dinas Perhubungan."
    ),
    "complaint_silent": Complained("complaint.closed"),
    "enrolment_unknown": Asked("verification", "a code that does not count", NAMES),
    **{name: Asked("verification", about, values) for name, (about, values) in OF_HEADS.items()},
    "staff_opening": Asked(
        "intake", "an office that opens, to those who work there",
        NAMES | {"name": "Nyimas Halimah", "due": "4", "signature": "2", "late": "", "complaints": "1",
                 "link": f"{PUBLIC_URL}/intake/hari-ini"},
    ),
    "survey_invitation": Asked(
        "intake", "a case that has been completed", NAMES | {
            "name": "Nur'aini", "link": f"{PUBLIC_URL}/survei/Xq2hT3vK8pWq5ZrN2cYx7LmD4sFb9GjA6UehT3vK8pW",
            "until": "2 September 2026",
            "elements": "persyaratan, cara pelayanan, waktu, biaya, hasil pelayanan, kemampuan petugas, sikap petugas,"
                        " sarana dan prasarana, penanganan pengaduan",
        },
    ),
    "expired": Told("application.expired", "expired"),
    "introduction_granted": Told("introduction.granted", "draft"),
    "introduction_refused": Told("introduction.refused", "draft"),
    "letter_drafted": Told("letter.drafted", "verified"),
    "letter_voided": Told("letter.voided", "verified"),
    "letter_voided_ended": Told("letter.voided", "withdrawn", {"reason": "application_withdrawn"}),
    "letters_ready_courier": Told("handover.ready", "issued", {"method": "courier"}),
    "letters_ready_digital": Told("handover.ready", "issued", {"method": "digital"}),
    "letters_ready_pickup": Told("handover.ready", "issued"),
    "handed_over": Told("handover.done", "completed"),
    "promise_missed": Told("deadline.missed", "verified"),
    "rejected": Told("application.rejected", "rejected"),
    "resubmitted": Told("application.resubmitted", "submitted"),
    "returned": Told("application.returned", "returned"),
    "submitted": Told("application.submitted", "submitted"),
    "withdrawn": Told("application.withdrawn", "withdrawn"),
    **{template: Asked("intake", *told) for template, told in TALKS.items()},
}  # fmt: skip


def values_of(template: str, language: str) -> Mapping[str, Any]:
    """What fills a template in its example. Raises KeyError for a template without one, ValueError when the table
    words that event otherwise."""
    example = EXAMPLES[template]
    if isinstance(example, Asked):
        return example.values
    if isinstance(example, Complained):
        return _of_complaint(example, template, language)
    found = notice_for(example.event, _facts(example, language))
    if found is None or found[0] != template:
        raise ValueError(f"{example.event} is told as {found and found[0]}, not as {template}")
    return found[1]


def _of_complaint(told: Complained, template: str, language: str) -> Mapping[str, Any]:
    data = _loaded(told.event) | dict(told.data)
    to, office = data["person"]["to"], contract("office.changed").example
    data["person"] = data["person"] | ({"text": told.text} if told.text else {})
    place = Office.from_event(office["name"], office["zone"], office["office"])
    facts = complaints.Facts(data, place, Recipient(to["name"], to["phone"], language), PUBLIC_URL)
    found = complaints.notice_for(told.event, facts)
    if found is None or found[0] != template:
        raise ValueError(f"{told.event} is told as {found and found[0]}, not as {template}")
    return found[1]


def example(template: str, language: str) -> str:
    """A message as somebody would get it."""
    return render(template, language, values_of(template, language))


def page() -> str:
    """All messages as a page of the documentation."""
    parts = [_HEAD]
    for template in templates():
        parts += [f"## {template}", _about(EXAMPLES[template])]
        parts += [f"```text\n{example(template, language)}```" for language in LANGUAGES]
    return "\n\n".join(parts) + "\n"


def _about(told: Told | Asked | Complained) -> str:
    if isinstance(told, Asked):
        return f"Asked for by {told.service}: {told.about}."
    return f"Told on `{told.event}`."


def _facts(told: Told, language: str) -> Facts:
    data = _loaded(told.event) | dict(told.data)
    case, sop = _case(told.status), contract("sop.published").example
    office = contract("office.changed").example
    letter = contract("letter.issued").example
    contact = case.person["contact"]
    return Facts(
        data=data,
        case=case,
        office=Office.from_event(office["name"], office["zone"], office["office"]),
        sop=Sop.from_event(sop["name"], sop["sop"]),
        letters=(Letter(letter["number"], letter["check_url"]),),
        to=Recipient(contact["name"], contact["phone"], language),
        now=datetime.fromisoformat(contract("handover.ready").example["at"]),
        public_url=PUBLIC_URL,
    )


def _case(status: str) -> Case:
    told = contract("application.opened").example
    return Case(
        UUID(told["application_id"]), told["kelurahan"], told["tracking_code"], told["service"], told["sop_version"],
        status, told["owner"], told["person"],
    )  # fmt: skip


def _loaded(event_type: str) -> dict[str, Any]:
    """An event's example as its handler gets it: checked, typed, `person` open."""
    plain = dict(contract(event_type).example)
    person = plain.pop("person", None)
    return dict(contract(event_type).schema().load(plain)) | {"person": person}


def approvals() -> str:
    """What is handed in to WhatsApp for approval, as its API takes it: each text that goes out when nobody wrote for a
    day, in each language."""
    named = [name for name in templates() if not name.startswith(CONVERSATION) and name not in ONLY_WHEN_ASKED]
    found = [
        _approval(template, language, pictured=pictured)
        for template in named
        for language in LANGUAGES
        for pictured in ((False, True) if template in FOR_EVERYBODY else (False,))
    ]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _approval(template: str, language: str, *, pictured: bool) -> dict[str, Any]:
    """Of one with a picture the example is put in when it is handed in: it has to be uploaded there first."""
    words = source(template, language)
    body: dict[str, Any] = {"type": "BODY", "text": approved_body(words, language)}
    if given := parameters(words, language, values_of(template, language)):
        body["example"] = {"body_text": [given]}
    category = policy.category_of(template, "template", frozenset({"template"})).upper()
    components = _CODE_ONLY if template in AUTHENTICATION else [*([_PICTURE] if pictured else []), body]
    name = approved_name(template, words, language, pictured=pictured)
    return {"name": name, "language": language, "category": category, "components": components}


_PICTURE = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["…"]}}
_CODE_ONLY = [
    {"type": "BODY", "add_security_recommendation": True},
    {"type": "FOOTER", "code_expiration_minutes": 5},
    {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
]
"""WhatsApp words these itself."""


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    APPROVALS.write_text(approvals(), "utf-8")

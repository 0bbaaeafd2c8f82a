"""What the applicant is told without having asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from contracts import contract
from kit.errors import Retryable
from notify.usecases.notices import LETTERS_WITHIN
from tests.integration.notify.story import PHONE, Story

QUIET = (
    "application.opened", "application.changed", "application.received",
    "application.verified", "application.issued", "application.completed", "verification.passed",
    "verification.failed", "letter.issued", "production.done", "production.sent_back", "handover.dispatched",
    "handover.failed",
)  # fmt: skip
SAID = {
    "application.submitted": ("submitted", ["PGT-7K3M9-XW2RB", "Rabu, 19 Agustus 2026", "Gratis"]),
    "application.returned": (
        "returned",
        ["- Kartu Keluarga lama: Tulisan tidak terbaca (Foto ulang di tempat terang)"],
    ),
    "application.resubmitted": ("resubmitted", ["Paling lambat selesai: Rabu, 19 Agustus 2026"]),
    "application.rejected": (
        "rejected",
        ["Alasan: Bukan warga Kelurahan Bukit Sangkal", "Cara menyampaikan keluhan: ", "lapor.go.id"],
    ),
    "application.withdrawn": ("withdrawn", ["Alasan: Pindah ke kota lain"]),
    "application.expired": ("expired", ["PGT-7K3M9-XW2RB"]),
    "introduction.granted": ("introduction_granted", ["RT 023/RW 005", "M. Yusuf Effendi", "Sabtu, 12 September 2026"]),
    "introduction.refused": ("introduction_refused", ["datanya belum lengkap", "sebutkan nomor rumah"]),
    "letter.drafted": (
        "letter_drafted",
        [
            "Surat Pengantar Kartu Keluarga\n- Nama lengkap: Rohana\n- NIK: ••••••••••••0001\n",
            "PGT-7K3M9-XW2RB",
            "beri tahu petugas Kelurahan Bukit Sangkal sebelum surat ditandatangani",
        ],
    ),
    "deadline.missed": (
        "promise_missed",
        [
            "pada Rabu, 19 Agustus 2026 seperti yang kami janjikan",
            "Perkiraan baru: paling lambat Jumat, 21 Agustus 2026",
        ],
    ),
    "handover.done": ("handed_over", ["Langkah berikutnya", "Disdukcapil Kota Palembang", "LAPOR"]),
    "handover.ready": (
        "letters_ready_pickup",
        ["Jalan Contoh Nomor 1", "Jam buka: Senin–Kamis 07.30–16.00", "Disdukcapil Kota Palembang"],
    ),
}


@pytest.mark.parametrize("event_type", SAID)
def test_what_is_told(story: Story, event_type: str) -> None:
    if not event_type.startswith("application"):
        story.tell("application.opened")
    story.tell(event_type)
    story.notify.work()
    (message,) = story.sent()
    template, parts = SAID[event_type]
    assert (message["template"], message["status"], message["attempts"]) == (template, "delivered", 1)
    assert message["text"].startswith("Halo Siti Maimunah binti H. Zainuddin,")
    assert all(part in message["text"] for part in parts), message["text"]
    assert story.outcomes("message.delivered") == []


@pytest.mark.parametrize("event_type", QUIET)
def test_what_is_not_told(story: Story, event_type: str) -> None:
    if not event_type.startswith("application"):
        story.tell("application.opened")
    story.tell(event_type)
    assert story.sent() == []


def test_the_letters_are_named_when_they_are_ready(story: Story) -> None:
    story.tell("application.issued")
    story.tell("letter.issued")
    story.tell("handover.ready")
    assert "- 400.12.2.1/001/KEL-BS/VIII/2026: https://layanan.contoh.id/periksa/" in story.sent()[0]["text"]


def test_that_papers_are_ready_is_told_when_their_letters_are_here(story: Story) -> None:
    story.tell("application.issued")
    now = story.notify.clock.at.isoformat()
    with pytest.raises(Retryable):
        story.tell("handover.ready", letters=[story.letter], at=now)
    assert story.sent() == []
    story.tell("letter.issued")
    story.tell("handover.ready", at=now)
    assert "- 400.12.2.1/001/KEL-BS/VIII/2026: https://layanan.contoh.id/periksa/" in story.sent()[0]["text"]


def test_a_letter_that_never_arrives_does_not_keep_back_that_papers_are_ready(story: Story) -> None:
    story.tell("application.issued")
    long_ago = (story.notify.clock.at - LETTERS_WITHIN).isoformat()
    story.tell("handover.ready", letters=[str(uuid4())], at=long_ago)
    assert [message["template"] for message in story.sent()] == ["letters_ready_pickup"]


@pytest.mark.parametrize(
    ("method", "template"), [("digital", "letters_ready_digital"), ("courier", "letters_ready_courier")]
)
def test_how_the_papers_come(story: Story, method: str, template: str) -> None:
    story.tell("application.issued")
    story.tell("handover.ready", method=method)
    assert [message["template"] for message in story.sent()] == [template]


def test_nobody_is_sent_to_an_office_that_is_closed_to_visitors(story: Story) -> None:
    office = contract("office.changed").example
    closed = [{"name": "Pandemi", "first_day": "2026-08-01", "last_day": "2026-08-31"}]
    office["office"]["calendar"]["closed_to_visitors"] = closed
    story.notify.feed("office.changed", office, subject=office["kelurahan"])
    story.tell("application.issued")
    story.tell("handover.ready")
    assert [message["template"] for message in story.sent()] == ["letters_ready_digital"]


def test_what_will_be_printed_is_said_as_it_stands_on_each_letter(story: Story) -> None:
    rows = [
        {"label": "Nama", "value": "Nur'aini & Co <i> $name"},
        {"label": "dengan seorang wanita", "value": ""},
        {"label": "", "value": "telah pindah.\nTelepon: 0800"},
    ]
    letters = [{"title": "Pengantar Nikah", "rows": rows}, {"title": "Surat Keterangan", "rows": []}]
    story.tell("application.verified")
    story.tell("letter.drafted", person={"letters": letters})
    (message,) = story.sent()
    lines = message["text"].splitlines()
    begin = lines.index("Pengantar Nikah")
    assert lines[begin + 1 : begin + 5] == [
        "- Nama: Nur'aini & Co <i> $name",
        "dengan seorang wanita:",
        "- telah pindah. Telepon: 0800",
        "Surat Keterangan",
    ]


def test_of_the_numbers_on_a_letter_a_phone_shows_the_end(story: Story) -> None:
    story.tell("application.verified")
    story.tell("letter.drafted")
    (message,) = story.sent()
    assert "- NIK: ••••••••••••0001" in message["text"] and "- Nomor KK: ••••••••••••0017" in message["text"]
    assert "1671105503550001" not in message["text"]


def test_what_is_longer_than_a_message_is_left_to_the_office(story: Story) -> None:
    rows = [{"label": "", "value": f"{n} {'kalimat ' * 20}"} for n in range(100)]
    story.tell("application.verified")
    story.tell("letter.drafted", person={"letters": [{"title": "Surat Keterangan", "rows": rows}]})
    (message,) = story.sent()
    assert 3000 < len(message["text"]) < 4096
    assert "… selebihnya dapat ditanyakan ke kantor kelurahan." in message["text"] and "- 0 kalimat" in message["text"]
    assert "Kode lacak:" in message["text"]


def test_what_will_be_printed_is_told_to_the_helper_where_the_contact_has_no_phone(story: Story) -> None:
    person = story.example("application.submitted")["person"]
    story.tell("application.verified", person=person | {"contact": {"name": "Rohana"}})
    story.tell("letter.drafted")
    (message,) = story.sent()
    assert message["template"] == "letter_drafted" and message["text"].startswith("Halo Nur'aini,")


def test_drafts_of_a_case_that_has_ended_are_shown_to_nobody(story: Story) -> None:
    story.tell("application.withdrawn")
    story.tell("letter.drafted")
    assert [message["template"] for message in story.sent()] == ["withdrawn"]


def test_a_letter_that_left_the_office_is_called_back(story: Story) -> None:
    story.tell("application.issued")
    story.tell("letter.issued")
    story.tell("letter.voided")
    (message,) = story.sent()
    assert message["template"] == "letter_voided"
    assert "400.12.2.1/001/KEL-BS/VIII/2026" in message["text"]
    assert "Salah menulis alamat" in message["text"]
    story.tell("handover.ready")
    assert "periksa/" not in story.sent()[1]["text"], "what is void is not shown as ready"


def test_a_letter_of_an_ended_case_is_not_replaced(story: Story) -> None:
    story.tell("application.withdrawn")
    story.tell("letter.issued")
    story.tell("letter.voided", reason="application_withdrawn")
    message = story.sent()[1]
    assert message["template"] == "letter_voided_ended"
    assert "Alasan: permohonan ditarik" in message["text"]


def test_a_letter_that_was_never_issued_is_nobodys(story: Story) -> None:
    story.tell("application.issued")
    story.tell("letter.voided")
    assert story.sent() == []


def test_the_rt_heads_own_introduction_is_told_by_whoever_opens_the_case(story: Story) -> None:
    story.tell("introduction.granted", application_id=None)
    assert story.sent() == []


def test_a_promise_that_was_overtaken_by_the_receipt_is_still_told(story: Story) -> None:
    story.tell("application.received", sequence=5)
    story.tell("application.submitted", sequence=4)
    assert [message["template"] for message in story.sent()] == ["submitted"]


def test_a_return_that_is_over_is_not_told(story: Story) -> None:
    story.tell("application.resubmitted", sequence=5)
    story.tell("application.returned", sequence=4)
    assert [message["template"] for message in story.sent()] == ["resubmitted"]


def test_the_same_is_not_said_twice_within_a_day(story: Story) -> None:
    story.tell("application.returned")
    story.notify.clock.at += timedelta(hours=23, minutes=59)
    story.tell("application.returned")
    assert len(story.sent()) == 1
    story.tell("application.returned", returned_items=[{"requirement": "KK", "problem": "Buram", "note": None}])
    assert len(story.sent()) == 2
    story.notify.clock.at += timedelta(minutes=1)
    story.tell("application.returned")
    assert len(story.sent()) == 3


def test_a_promise_that_moved_is_told(story: Story) -> None:
    story.tell("application.submitted")
    story.tell("application.returned")
    story.tell("application.resubmitted", promised_at="2026-08-21T16:30:00+07:00")
    assert "Paling lambat selesai: Jumat, 21 Agustus 2026" in story.sent()[2]["text"]


@pytest.mark.parametrize("changes", [{"level": "lurah"}, {"expected_at": None}])
def test_what_is_late_inside_the_office_is_not_told_to_the_applicant(story: Story, changes: dict[str, Any]) -> None:
    story.tell("application.submitted")
    story.tell("deadline.missed", **changes)
    assert [message["template"] for message in story.sent()] == ["submitted"]


def test_an_office_with_a_telephone_names_it(story: Story) -> None:
    office = contract("office.changed").example
    office["office"]["address"]["phone"] = "(0711) 000000"
    story.notify.feed("office.changed", office, subject=office["kelurahan"])
    story.tell("application.rejected")
    assert "Telepon: (0711) 000000" in story.sent()[0]["text"].splitlines()


def test_what_people_wrote_stays_as_it_is(story: Story) -> None:
    person = story.example("application.submitted")["person"]
    contact = {"name": "Nur'aini & Co <i>", "phone": PHONE}
    story.tell("application.submitted", person=person | {"contact": contact})
    assert story.sent()[0]["text"].startswith("Halo Nur'aini & Co <i>,")


def test_the_helper_is_told_where_the_contact_has_no_phone(story: Story) -> None:
    person = story.example("application.submitted")["person"]
    story.tell("application.submitted", person=person | {"contact": {"name": "Rohana"}})
    (message,) = story.sent()
    assert message["text"].startswith("Halo Nur'aini,")


def test_where_nobody_can_be_reached_nothing_is_sent(story: Story) -> None:
    person = story.example("application.submitted")["person"]
    story.tell("application.submitted", person=person | {"contact": {"name": "Rohana"}, "helper": None})
    assert story.sent() == []


def test_what_has_not_arrived_is_waited_for(story: Story) -> None:
    with pytest.raises(Retryable):
        story.tell("introduction.granted")
    with pytest.raises(Retryable):
        story.tell("application.submitted", service="BARU")
    assert story.sent() == []
    story.tell("application.submitted")
    assert len(story.sent()) == 1


def test_no_personal_data_stand_open(story: Story) -> None:
    story.tell("application.submitted")
    tables: list[dict[str, Any]] = []
    for table in ("people", "message", "application", "outbox"):
        tables += story.notify.rows(f"SELECT to_jsonb(t) AS row FROM {table} t")
    everything = str(tables)
    assert "Maimunah" not in everything
    assert "81271000072" not in everything


def test_all_examples_of_the_contracts_are_taken(story: Story) -> None:
    story.tell("application.opened")
    for event_type, kind in sorted(contract_events().items()):
        if "notify" in kind.consumers and event_type not in ("clock.changed", "erasure.requested"):
            story.tell(event_type)


def contract_events() -> dict[str, Any]:
    from contracts import EVENTS

    return EVENTS


def test_a_hand_over_told_again_after_days_says_nothing(story: Story) -> None:
    story.tell("application.verified")
    story.tell("handover.ready")
    sent = len(story.sent())
    story.notify.clock.at += timedelta(days=3)
    story.tell("handover.ready")
    assert len(story.sent()) == sent == 1


def test_a_letter_that_was_void_before_it_was_known_as_issued_is_never_listed(story: Story) -> None:
    story.tell("letter.voided")
    story.tell("letter.issued")
    assert story.notify.rows("SELECT void FROM letter WHERE id = %s", [story.letter]) == [{"void": True}]

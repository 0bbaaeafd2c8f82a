"""How far a message came, when it may go, and who sees what of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from contracts import EVENTS
from notify.domain import complaints
from notify.domain.copies import Case, Office
from notify.domain.errors import NothingToRetry
from notify.domain.messages import RANKS, Message, masked_name, masked_phone, masked_text, rests_until
from notify.domain.notices import NOTICES
from notify.domain.words import hours_line, item_lines, local_date, long_date, reason

NOW = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)
JAKARTA, JAYAPURA = "Asia/Jakarta", "Asia/Jayapura"


def a_message(status: str = "accepted") -> Message:
    return Message(uuid4(), "16.71.10.1001", None, "submitted", "notice", "mailbox", status, 0, uuid4(), None, NOW)


@pytest.mark.parametrize("before", RANKS)
@pytest.mark.parametrize("after", RANKS)
def test_a_status_moves_forward_only(before: str, after: str) -> None:
    message = a_message(before)
    assert message.advance(after, NOW) == (RANKS[after] > RANKS[before])
    assert message.status == (after if RANKS[after] > RANKS[before] else before)


@pytest.mark.parametrize("status", sorted(set(RANKS) - {"failed"}))
def test_only_what_failed_is_sent_again(status: str) -> None:
    with pytest.raises(NothingToRetry):
        a_message(status).try_again()
    failed = a_message("failed")
    failed.try_again()
    assert failed.pending


@pytest.mark.parametrize(
    ("utc", "zone", "until"),
    [
        ("2026-08-13T22:59:59", JAKARTA, "2026-08-13T23:00:00"),
        ("2026-08-13T23:00:00", JAKARTA, None),
        ("2026-08-14T13:29:59", JAKARTA, None),
        ("2026-08-14T13:30:00", JAKARTA, "2026-08-14T23:00:00"),
        ("2026-08-14T17:00:00", JAKARTA, "2026-08-14T23:00:00"),
        ("2026-08-14T13:29:59", JAYAPURA, "2026-08-14T21:00:00"),
    ],
)
def test_notices_rest_at_night_by_the_offices_hours(utc: str, zone: str, until: str | None) -> None:
    found = rests_until(datetime.fromisoformat(utc + "+00:00"), zone)
    assert found == (None if until is None else datetime.fromisoformat(until + "+00:00"))


def test_what_ends_at_this_instant_has_ended() -> None:
    message = a_message()
    assert not message.expired(NOW)
    message.expires_at = NOW
    assert message.expired(NOW)
    message.expires_at = NOW + timedelta(seconds=1)
    assert not message.expired(NOW)


def test_masks() -> None:
    assert masked_phone("+6281271000072") == "+62812•••••072"
    assert masked_name("Siti Maimunah binti H. Zainuddin") == "S••• M••• b••• H••• Z•••"
    assert (
        masked_text("Buka:\nhttps://x.id/t/abc-_9\nKode ambil: 12\n", {"claim_code": "12"})
        == "Buka:\nhttps://x.id/t/…\nKode ambil: ••••\n"
    )
    assert (
        masked_text("diteruskan: https://x.id/masuk/tautan/abc-_9 ya", {})
        == "diteruskan: https://x.id/masuk/tautan/… ya"
    )
    assert masked_text("https://x.id/lain/abc-_9", {"link": "https://x.id/lain/abc-_9"}) == "••••"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("NIK: 1671105503550001", "NIK: ••••••••••••0001"),
        ("(1671105503550001)", "(••••••••••••0001)"),
        ("Nomor 16711055035500012345", "Nomor 16711055035500012345"),
        ("Telepon: 081271000072", "Telepon: 081271000072"),
    ],
)
def test_of_a_nik_only_the_end_is_shown(text: str, shown: str) -> None:
    assert masked_text(text, {}) == shown


def test_dates_are_written_out() -> None:
    assert long_date(date(2026, 8, 19)) == "Rabu, 19 Agustus 2026"
    assert long_date(date(2026, 8, 19), "en") == "Wednesday, 19 August 2026"
    assert local_date(datetime(2026, 8, 19, 17, 30, tzinfo=UTC), JAKARTA, "id") == "Kamis, 20 Agustus 2026"
    assert local_date(None, JAKARTA, "id") == ""


def test_what_is_wrong_is_said_per_item() -> None:
    items: list[dict[str, str | None]]
    items = [{"requirement": "KTP", "problem": "Tulisan tidak terbaca", "note": "Foto ulang"},
             {"requirement": "SKP", "problem": "Belum ada", "note": None}]  # fmt: skip
    office = Office("Bukit Sangkal", JAKARTA, "Jalan Contoh 1")
    assert item_lines(items, {"KTP": {"id": "KTP-el", "en": "Identity card"}}, office, NOW, "id") == [
        "- KTP-el: Tulisan tidak terbaca (Foto ulang)", "- SKP: Belum ada",
    ]  # fmt: skip


def test_an_original_is_asked_for_with_address_and_hours() -> None:
    week = {"monday": ("07:30", "16:00"), "tuesday": ("07:30", "16:00")}
    office = Office("Bukit Sangkal", JAKARTA, "Jalan Contoh 1", usual_hours=week)
    items = [{"requirement": "KTP", "problem": "-", "note": None, "original": True}]
    assert item_lines(items, {"KTP": {"id": "KTP-el"}}, office, NOW, "id") == [
        (
            "- KTP-el: tunjukkan aslinya kepada ketua RT, atau di kantor kelurahan,"
            " Jalan Contoh 1 (Senin–Selasa 07.30–16.00)"
        )
    ]


def test_a_reason_that_is_not_on_the_list_is_said_as_given() -> None:
    assert reason({"a": {"id": "satu"}}, "a", "en") == "satu"
    assert reason({}, "Salah alamat", "id") == "Salah alamat"


@pytest.mark.parametrize(
    ("person", "phone"),
    [
        ({"contact": {"name": "Rohana", "phone": "+6281"}, "helper": {"name": "Cek Mat", "phone": "+6282"}}, "+6281"),
        ({"contact": {"name": "Rohana"}, "helper": {"name": "Cek Mat", "phone": "+6282"}}, "+6282"),
        ({"contact": {"name": "Rohana"}, "helper": None}, None),
        ({}, None),
    ],
)
def test_the_helper_is_told_where_the_contact_has_no_phone(person: dict[str, object], phone: str | None) -> None:
    to = Case(uuid4(), "k", "PGT", "KK", 1, "draft", "a", person).recipient
    assert (to.phone if to else None) == phone


def test_an_office_may_be_closed_to_visitors() -> None:
    office = Office("Bukit Sangkal", JAKARTA, "", ((date(2026, 8, 14), date(2026, 8, 20)),))
    assert not office.receives_visitors(NOW)
    assert office.receives_visitors(datetime(2026, 8, 20, 17, 0, tzinfo=UTC))
    assert not office.receives_visitors(datetime(2026, 8, 13, 17, 0, tzinfo=UTC))


WEEK = {day: {"opens": "07:30", "closes": "16:00"} for day in ("monday", "tuesday", "wednesday", "thursday")}
USUAL = WEEK | {"friday": {"opens": "07:30", "closes": "16:30"}}
SEASON = {"first_day": "2026-02-19", "last_day": "2026-03-20",
          "hours": {"monday": {"opens": "08:00", "closes": "15:00"}, "tuesday": None}}  # fmt: skip


@pytest.mark.parametrize(
    ("utc", "said"),
    [
        ("2026-08-14T02:00:00", "Senin–Kamis 07.30–16.00, Jumat 07.30–16.30"),
        ("2026-02-18T16:59:59", "Senin–Kamis 07.30–16.00, Jumat 07.30–16.30"),
        ("2026-02-18T17:00:00", "Senin 08.00–15.00"),
        ("2026-03-20T17:00:00", "Senin–Kamis 07.30–16.00, Jumat 07.30–16.30"),
    ],
)
def test_the_offices_hours_are_those_of_the_season(utc: str, said: str) -> None:
    office = Office.from_event("Bukit Sangkal", JAKARTA, {"calendar": {"hours": USUAL, "hours_exceptions": [SEASON]}})
    assert hours_line(office.hours(datetime.fromisoformat(utc + "+00:00")), "id") == said


def test_hours_that_are_not_in_a_row_are_said_apart() -> None:
    hours = {"monday": ("08:00", "12:00"), "wednesday": ("08:00", "12:00"), "saturday": ("09:00", "11:00")}
    assert hours_line(hours, "en") == "Monday 08:00–12:00, Wednesday 08:00–12:00, Saturday 09:00–11:00"
    assert hours_line({}, "id") == ""


def test_the_table_speaks_of_every_event_of_a_case() -> None:
    others = {
        "access.changed",
        "announcement.pictured",
        "erasure.requested",
        "record.requested",
        "message.requested",
        "office.changed",
        "sop.published",
        "clock.changed",
        "officeholder.changed",
    }
    heard = {name for name, kind in EVENTS.items() if "notify" in kind.consumers}
    assert set(NOTICES) | set(complaints.NOTICES) == heard - others

"""Everything in a request of the Cloud API is found, whatever stands beside it, and nothing in it makes us fall."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.messages import KINDS
from notify.domain.cloud_api import parsed
from notify.domain.incoming import Echo, Media, Moved, Sent, Status
from tests.support.whatsapp import NUMBER, change, message, payload, status, text

NOW = datetime(2026, 8, 14, 3, 0, tzinfo=UTC)
AT = datetime.fromtimestamp(1786676400, UTC)
PHONE = "+6281271000072"


def sent(*messages: dict[str, Any], **more: Any) -> list[Any]:
    return parsed(payload(change(*messages, **more)), NOW)


def one(told: dict[str, Any], **more: Any) -> Sent:
    [found] = sent(told, **more)
    assert isinstance(found, Sent)
    return found


def test_words_with_all_that_is_known_of_who_wrote_them() -> None:
    told = text("Halo é 🙏 @kelurahan", from_user_id="ID.1a2b3c", context={"from": "628127100001", "id": "wamid.ours"})
    found = one(told)
    assert found == Sent(
        provider_id=told["id"], number_id=NUMBER, at=AT, phone=PHONE, user_id="ID.1a2b3c", name="Siti Maimunah",
        kind="text", text="Halo é 🙏 @kelurahan", replies_to="wamid.ours",
    )  # fmt: skip


def test_who_hides_his_number_is_known_by_his_user_id() -> None:
    contacts = [{"profile": {"name": "Siti"}, "user_id": "ID.9z"}]
    for told in (text("Halo", None, from_user_id="ID.9z"), text("Halo", None)):
        found = one(told, contacts=contacts)
        assert (found.phone, found.user_id, found.name) == (None, "ID.9z", "Siti")


def test_a_contact_without_user_id_or_number_loses_no_message() -> None:
    for contacts in ([], [{}], [{"profile": {}}], [{"wa_id": "6281271000072"}], [None], "x"):
        assert one(text("Halo"), contacts=contacts).phone == PHONE  # type: ignore[arg-type]


def test_of_several_people_each_message_gets_its_own() -> None:
    contacts = [
        {"profile": {"name": "Siti"}, "wa_id": "6281271000072", "user_id": "ID.1"},
        {"profile": {"name": "Yusuf"}, "wa_id": "6281200000023"},
    ]
    found = sent(text("a", "6281200000023"), text("b"), contacts=contacts)
    assert [(one.name, one.user_id) for one in found] == [("Yusuf", None), ("Siti", "ID.1")]


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("interactive", {"type": "list_reply", "list_reply": {"id": "KK", "title": "Kartu Keluarga"}},
         ("choice", "Kartu Keluarga", "KK")),
        ("interactive", {"type": "button_reply", "button_reply": {"id": "ya", "title": "Ya"}}, ("choice", "Ya", "ya")),
        ("interactive", {"type": "nfm_reply", "nfm_reply": {"body": "Terkirim"}}, ("other", "Terkirim", None)),
        ("button", {"payload": "setuju", "text": "Setuju"}, ("choice", "Setuju", "setuju")),
        ("button", {"text": "Setuju"}, ("text", "Setuju", None)),
        ("location", {"latitude": -2.95, "longitude": 104.78, "name": "Rumah", "address": "Lr. Contoh"},
         ("location", "Rumah\nLr. Contoh\n-2.950000, 104.780000", None)),
        ("location", {"latitude": "x"}, ("location", "", None)),
        ("reaction", {"message_id": "wamid.ours", "emoji": "👍"}, ("other", "👍", None)),
        ("contacts", [{"name": {"formatted_name": "Bu Nur"}, "phones": [{"phone": "0812 1"}]}],
         ("other", "Bu Nur 0812 1", None)),
        ("unsupported", {}, ("other", "", None)),
        ("order", {"product_items": []}, ("other", "", None)),
        ("type_of_next_year", {"body": "x"}, ("other", "", None)),
    ],
)  # fmt: skip
def test_what_is_said_by_each_type(kind: str, content: Any, expected: tuple[str, str, str | None]) -> None:
    found = one(message(kind, content))
    assert (found.kind, found.text, found.choice) == expected
    assert found.kind in KINDS


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("image", "photo"), ("document", "document"), ("audio", "voice"), ("video", "other"), ("sticker", "other")],
)
def test_files_with_captions(kind: str, expected: str) -> None:
    told = {"id": "media-1", "mime_type": "image/jpeg", "sha256": "ab", "caption": "KK lama", "filename": "kk.jpg"}
    found = one(message(kind, told))
    assert (found.kind, found.text) == (expected, "KK lama")
    assert found.media == Media("media-1", "image/jpeg", "ab", None, "kk.jpg")


def test_an_album_is_as_many_files() -> None:
    found = sent(*(message("image", {"id": f"m{n}", "mime_type": "image/jpeg"}) for n in range(6)))
    assert [one.media.id for one in found] == [f"m{n}" for n in range(6)]


def test_somebody_whose_number_or_id_changed() -> None:
    number = {"type": "user_changed_number", "body": "…", "wa_id": "6281200000099"}
    assert sent(message("system", number), contacts=[]) == [Moved(NUMBER, AT, PHONE, None, "+6281200000099", None)]
    called = {"type": "user_changed_user_id", "user_id": "ID.new"}
    found = sent(message("system", called, from_user_id="ID.old"), contacts=[])
    assert found == [Moved(NUMBER, AT, PHONE, "ID.old", None, "ID.new")]


def test_receipts_with_and_without_what_is_beside_them() -> None:
    failed = status("w2", "failed", errors=[{"code": 131047, "title": "Re-engagement message"}])
    statuses = [status("w1", "delivered"), failed, {"id": "w3", "status": "read"}, {"id": "w4", "status": "warm"}, {}]
    found = parsed(payload(change(statuses=statuses)), NOW)
    assert found == [
        Status("w1", NUMBER, "delivered", AT), Status("w2", NUMBER, "failed", AT, "131047"),
        Status("w3", NUMBER, "read", NOW),
    ]  # fmt: skip


def test_what_the_office_wrote_from_its_phone() -> None:
    value = {"metadata": {"phone_number_id": NUMBER}, "message_echoes": [
        {"from": "628127100001", "to": "6281271000072", "id": "wamid.e", "timestamp": "1786676400", "type": "text",
         "text": {"body": "/bot"}},
        {"to_user_id": "ID.9z"}, {},
    ]}  # fmt: skip
    found = parsed(payload({"field": "smb_message_echoes", "value": value}), NOW)
    assert found == [Echo(NUMBER, PHONE, None, AT, "/bot", "wamid.e"), Echo(NUMBER, None, "ID.9z", NOW)]


def test_two_messages_two_changes_two_entries_and_receipts_between() -> None:
    told = payload(change(text("1"), text("2")), change(text("3"), statuses=[status("w", "read")]))
    told["entry"] += payload(change(text("4")))["entry"]
    found = [one.text if isinstance(one, Sent) else one.status for one in parsed(told, NOW)]  # type: ignore[union-attr]
    assert found == ["1", "2", "3", "read", "4"]


def test_signs_that_no_other_system_takes_are_left_out() -> None:
    assert one(text("a\x00b\u202ec\ud83dd\n\te🙏")).text == "abcd\n\te🙏"


def test_a_message_without_a_name_is_the_same_each_time() -> None:
    told = text("Halo")
    del told["id"]
    other = told | {"text": {"body": "Halo lagi"}}
    first, again, another = one(told), one(told), one(other)
    assert first.provider_id == again.provider_id != another.provider_id


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
KEYS = st.sampled_from([
    "entry", "changes", "value", "messages", "statuses", "contacts", "metadata", "phone_number_id", "from", "id",
    "type",
    "text", "image", "interactive", "list_reply", "system", "timestamp", "context", "message_echoes", "to", "wa_id",
    "errors", "status", "profile", "user_id", "contacts", "location", "reaction", "mime_type", "sha256", "code",
])  # fmt: skip
LIKELY = st.recursive(
    st.none()
    | st.integers()
    | st.sampled_from(["text", "image", "system", "interactive", "contacts", "read", "62812"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=60,
)


@settings(max_examples=300, deadline=None)
@given(ANY | LIKELY)
def test_no_json_makes_it_fall(told: Any) -> None:
    json.dumps([vars(one) | {"at": None, "media": None} for one in parsed(told, NOW)])


@settings(max_examples=300, deadline=None)
@given(LIKELY, st.sampled_from(["messages", "statuses", "contacts", "metadata", "message_echoes"]))
def test_nothing_in_the_place_of_a_part_makes_it_fall(told: Any, part: str) -> None:
    value = change(text("Halo"), statuses=[status("w", "read")])["value"] | {part: told}
    found = parsed(payload({"field": "messages", "value": value}), NOW)
    assert part == "messages" or any(isinstance(one, Sent) for one in found)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_each_message_is_found_wherever_it_is_put(data: Any) -> None:
    """However many messages, in however many entries and changes, with whatever is not known around them."""
    wanted, entries, number = [], [], 0
    for _ in range(data.draw(st.integers(1, 4))):
        changes = []
        for _ in range(data.draw(st.integers(0, 3))):
            messages: list[Any] = []
            for _ in range(data.draw(st.integers(0, 4))):
                number += 1
                junk = data.draw(st.dictionaries(st.text(min_size=9, max_size=12), ANY, max_size=2))
                messages.append(junk | {"id": f"wamid.{number}", "from": "6281271000072", "type": "text"})
                wanted.append(f"wamid.{number}")
            junk = data.draw(st.dictionaries(st.text(min_size=11, max_size=13), ANY, max_size=2))
            changes.append({"field": "messages", "value": junk | {"messages": messages}})
            changes += data.draw(st.lists(st.none() | st.just({}) | st.just({"value": []}), max_size=1))
        entries.append({"id": "x", "changes": changes})
        entries += data.draw(st.lists(st.none() | st.just("x") | st.just({"changes": None}), max_size=1))
    assert [one.provider_id for one in parsed({"entry": entries}, NOW) if isinstance(one, Sent)] == wanted

"""What WAHA sends is read whatever engine wrote it, and what is not for us is passed over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.domain.incoming import Echo, Sent, Session, Status
from notify.domain.waha import address_of, name_of, parsed, place_of

NOW = datetime(2026, 8, 14, 2, 0, tzinfo=UTC)


def event(kind: str, payload: Any, session: str = "sukabangun") -> dict[str, Any]:
    return {"event": kind, "session": session, "engine": "NOWEB", "payload": payload}


def message(**more: Any) -> dict[str, Any]:
    return {
        "id": "false_6281271000072@c.us_3EB0AAAA", "timestamp": 1786672800, "from": "6281271000072@c.us",
        "fromMe": False, "source": "app", "body": "halo", "hasMedia": False, "_data": {"notifyName": "Rohana"},
    } | more  # fmt: skip


def sent(**more: Any) -> Sent:
    [one] = parsed(event("message", message(**more)), NOW)
    assert isinstance(one, Sent)
    return one


def test_words_come_with_who_wrote_them_and_when() -> None:
    one = sent()
    assert (one.provider_id, one.number_id, one.phone, one.user_id) == (
        "3EB0AAAA", "sukabangun", "+6281271000072", None,
    )  # fmt: skip
    assert (one.kind, one.text, one.name) == ("text", "halo", "Rohana")
    assert one.at == datetime.fromtimestamp(1786672800, UTC)


def test_who_has_no_number_is_known_by_his_name_there_and_by_his_number_where_it_is_told() -> None:
    lid = {"id": "false_172078351257794@lid_3EB0AAAB", "from": "172078351257794@lid"}
    assert (sent(**lid).phone, sent(**lid).user_id) == (None, "172078351257794@lid")
    told = sent(**lid, _data={"key": {"senderPn": "6281271000072@s.whatsapp.net"}, "pushName": "Rohana"})
    assert (told.phone, told.user_id, told.name) == ("+6281271000072", "172078351257794@lid", "Rohana")
    other = sent(**lid, _data={"Info": {"SenderAlt": "6281271000072:12@s.whatsapp.net", "PushName": "Rohana"}})
    assert (other.phone, other.name) == ("+6281271000072", "Rohana")


def test_a_photo_lies_at_waha_whatever_host_it_names() -> None:
    media = {"url": "http://localhost:3000/api/files/sukabangun/3EB0.jpeg", "mimetype": "image/jpeg", "filename": None}
    one = sent(hasMedia=True, media=media, body="KTP saya")
    assert one.kind == "photo" and one.text == "KTP saya" and one.media is not None
    assert (one.media.url, one.media.type, one.media.name) == ("/api/files/sukabangun/3EB0.jpeg", "image/jpeg", "")
    assert place_of("http://evil.example/api/files/../../etc/passwd") is None
    assert place_of("http://evil.example/x") is None


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("audio/ogg; codecs=opus", "voice"), ("application/pdf", "document"), ("video/mp4", "other"),
     ("image/webp", "other"), ("image/png", "photo")],
)  # fmt: skip
def test_a_file_is_of_the_kind_that_its_type_says(type_: str, kind: str) -> None:
    one = sent(hasMedia=True, media={"url": "http://x/api/files/a", "mimetype": type_})
    assert one.kind == kind and one.media is not None and one.media.type == type_.partition(";")[0]


def test_a_file_that_was_not_fetched_is_still_told_of() -> None:
    one = sent(hasMedia=True, media=None, body="")
    assert one.media is not None and one.media.url is None


def test_a_place_and_an_answer_to_a_message_of_ours() -> None:
    where = sent(body="", location={"latitude": "-2.93", "longitude": 104.77, "name": "Rumah"})
    assert (where.kind, where.text) == ("location", "Rumah\n-2.930000, 104.770000")
    assert sent(replyTo={"id": "true_6281271000072@c.us_3EB0BBBB"}).replies_to == "3EB0BBBB"
    assert sent(replyTo={"id": "3EB0BBBB"}).replies_to == "3EB0BBBB"


def test_a_place_and_an_address_that_are_none_are_passed_over() -> None:
    far = {"latitude": 10**400, "longitude": 1}
    assert sent(body="", location=far).text == ""
    media = sent(hasMedia=True, media={"mimetype": "image/jpeg", "url": "http://[::1/api/files/a.jpg"}).media
    assert media is not None and media.url is None


@pytest.mark.parametrize("chat", ["120363@g.us", "status@broadcast", "123@newsletter", "", "6281271000072"])
def test_groups_and_channels_are_not_for_us(chat: str) -> None:
    told = message(id=f"false_{chat}_3EB0AAAA", **{"from": chat})
    assert parsed(event("message", told), NOW) == []


def test_what_the_office_wrote_from_its_phone_is_an_echo_and_what_we_sent_is_nothing() -> None:
    own = message(id="true_6281271000072@c.us_3EB0CCCC", fromMe=True, body="/bot", to="6281271000072@c.us")
    own["from"] = "62711@c.us"
    [echo] = parsed(event("message.any", own), NOW)
    assert isinstance(echo, Echo) and (echo.to_phone, echo.text, echo.provider_id) == (
        "+6281271000072", "/bot", "3EB0CCCC",
    )  # fmt: skip
    assert parsed(event("message.any", own | {"source": "api"}), NOW) == []
    assert parsed(event("message.any", own | {"id": "true_1@g.us_3EB0CCCC"}), NOW) == []


@pytest.mark.parametrize(
    ("ack", "status"),
    [({"ackName": "DEVICE"}, "delivered"), ({"ack": 3}, "read"), ({"ack": 4, "ackName": "PLAYED"}, "read"),
     ({"ack": -1}, "failed"), ({"ackName": "SERVER", "ack": 1}, "sent")],
)  # fmt: skip
def test_an_ack_says_how_far_a_message_of_ours_came(ack: dict[str, Any], status: str) -> None:
    told = {"id": "true_6281271000072@c.us_3EB0DDDD", "fromMe": True} | ack
    assert parsed(event("message.ack", told), NOW) == [Status("3EB0DDDD", "sukabangun", status, NOW)]
    assert parsed(event("message.ack", told | {"fromMe": False}), NOW) == []


def test_a_message_that_waits_says_nothing_yet() -> None:
    assert (
        parsed(event("message.ack", {"id": "true_6281@c.us_A", "fromMe": True, "ack": 0, "ackName": "PENDING"}), NOW)
        == []
    )


@pytest.mark.parametrize(
    ("status", "state"),
    [("WORKING", "works"), ("FAILED", "out"), ("STOPPED", "out"), ("SCAN_QR_CODE", "out"), ("STARTING", "changing")],
)
def test_a_session_works_or_does_not(status: str, state: str) -> None:
    [one] = parsed(event("session.status", {"status": status}), NOW)
    assert isinstance(one, Session) and (one.number_id, one.state) == ("sukabangun", state)


@pytest.mark.parametrize(
    "answer",
    [{"id": "true_62@c.us_3EB0EEEE"}, {"id": {"_serialized": "true_62@c.us_3EB0EEEE"}}, {"key": {"id": "3EB0EEEE"}},
     {"_data": {"id": {"fromMe": True, "id": "3EB0EEEE"}}}, {"id": "3EB0EEEE"}],
)  # fmt: skip
def test_what_was_sent_is_called_the_same_by_every_engine(answer: Any) -> None:
    assert name_of(answer) == "3EB0EEEE"


def test_an_answer_that_names_nothing_names_nothing() -> None:
    assert [name_of(one) for one in ({}, [], None, {"id": 3.5}, {"key": "x"})] == [""] * 5


def test_somebodys_address() -> None:
    assert address_of("+6281271000072", "1@lid") == "6281271000072@c.us"
    assert address_of(None, "1@lid") == "1@lid"
    assert address_of(None, "ID.1a2b") is None and address_of(None, None) is None


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(message())), inner, max_size=5),
    max_leaves=12,
)


@given(st.sampled_from(["message", "message.any", "message.ack", "session.status", "other"]), _ANYTHING)
def test_nothing_that_comes_raises(kind: str, payload: Any) -> None:
    parsed(event(kind, payload), NOW)
    parsed(payload, NOW)

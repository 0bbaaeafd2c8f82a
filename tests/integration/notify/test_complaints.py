"""Whoever filed a complaint is told of his ticket, of what is asked, of the answer and of the end; of nothing else."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from contracts import contract
from contracts.complaining import AGAIN, CHANGES
from notify.domain.complaints import NOTICES
from tests.integration.notify.story import Story

SAID: dict[str, tuple[str, list[str]]] = {
    "complaint.filed": ("complaint_filed", ["Nomor tiket: ADU-7K3M9-XW2RB", "paling lambat Senin, 24 Agustus 2026"]),
    "complaint.more_requested": (
        "complaint_more", ["Yang kami tanyakan: Pada tanggal berapa Ibu datang", "Jumat, 4 September 2026"],
    ),
    "complaint.answered": ("complaint_answered", ["Jawaban: Loket kini dibuka", "sampai Rabu, 9 September 2026"]),
    "complaint.closed": ("complaint_silent", ["keterangan tambahan belum kami terima"]),
}  # fmt: skip
QUIET = sorted(f"complaint.{change}" for change in (*CHANGES, AGAIN) if f"complaint.{change}" not in SAID)


def told(story: Story, event_type: str, **changes: Any) -> list[dict[str, Any]]:
    """What is said of this event, to whom it is about."""
    complaint = str(uuid4())
    data = {**contract(event_type).example, "complaint_id": complaint} | changes
    story.notify.feed(event_type, data, subject=complaint)
    story.notify.work()
    story.case = complaint
    return story.sent()


@pytest.mark.parametrize("event_type", SAID)
def test_what_is_told(story: Story, event_type: str) -> None:
    [message] = told(story, event_type)
    template, parts = SAID[event_type]
    assert (message["template"], message["status"]) == (template, "delivered")
    assert all(part in message["text"] for part in parts), message["text"]


@pytest.mark.parametrize("event_type", QUIET)
def test_what_is_not_told(story: Story, event_type: str) -> None:
    assert NOTICES[event_type] == ()
    assert told(story, event_type) == []


def test_who_said_nothing_of_how_he_is_reached_is_not_told(story: Story) -> None:
    assert told(story, "complaint.answered", confidentiality="anonymous", person={"to": None, "text": "Ya."}) == []


@pytest.mark.parametrize(("result", "template"), [("not_ours", ["complaint_closed"]), ("no_objection", []),
                                                  ("withdrawn", [])])  # fmt: skip
def test_of_its_end_he_hears_what_he_did_not_do_himself(story: Story, result: str, template: list[str]) -> None:
    assert [one["template"] for one in told(story, "complaint.closed", result=result)] == template


def test_what_was_said_goes_with_the_complaint_and_news_of_it_stay_out(story: Story) -> None:
    assert told(story, "complaint.filed")
    erasure = contract("erasure.requested").example | {"application_id": story.case, "introduction_id": None}
    story.notify.feed("erasure.requested", erasure, subject=f"erasure:{story.case}")
    story.notify.work()
    assert story.sent() == []
    late = {**contract("complaint.answered").example, "complaint_id": story.case}
    story.notify.feed("complaint.answered", late, subject=story.case)
    story.notify.work()
    assert story.sent() == []


def test_a_complaint_about_an_erased_case_is_still_answered(story: Story) -> None:
    case = contract("complaint.answered").example["application_id"]
    erasure = contract("erasure.requested").example | {"application_id": case, "introduction_id": None}
    story.notify.feed("erasure.requested", erasure, subject=f"erasure:{case}")
    story.notify.work()
    assert [one["template"] for one in told(story, "complaint.answered")] == ["complaint_answered"]


@pytest.mark.parametrize("confidentiality", ["open", "confidential"])
@pytest.mark.parametrize("about", ["office", "officer", "lurah", "camat"])
def test_the_office_is_not_told_that_somebody_was_written_about_a_complaint(
    story: Story, about: str, confidentiality: str
) -> None:
    [message] = told(story, "complaint.filed", about=about, confidentiality=confidentiality)
    notify, number = story.notify, contract("complaint.filed").example["person"]["to"]["phone"]
    assert story.sent("officer") == [] and message["text"] not in notify.call("GET", "/v1/messages", "officer").text
    for path in ("", "/retry"):
        refused = notify.call("POST" if path else "GET", f"/v1/messages/{message['id']}{path}", "officer",
                              **({"json": {}} if path else {}))  # fmt: skip
        assert refused.status_code == 404
    assert notify.call("POST", "/v1/messages/search", "officer", json={"phone": number}).status_code == 403


def test_where_messages_are_not_made_for_being_read_no_administrator_sees_them_either(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    [message] = told(story, "complaint.filed")
    number = contract("complaint.filed").example["person"]["to"]["phone"]
    search = {"json": {"phone": number}}
    assert message["id"] in story.notify.call("POST", "/v1/messages/search", "administrator", **search).text
    monkeypatch.setattr(story.notify.deps.channel, "capabilities", frozenset({"text"}))
    assert story.sent() == []
    assert message["id"] not in story.notify.call("POST", "/v1/messages/search", "administrator", **search).text
    assert story.notify.call("GET", f"/v1/messages/{message['id']}", "administrator").status_code == 404

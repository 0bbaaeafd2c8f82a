"""What a conversation costs, and that nothing in it stops one."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intake.domain.conversation.state import Talk
from intake.store import applications
from intake.usecases import surveys
from notify.domain.notices import NOTICES
from tests.integration.intake.test_talking import case_of, finish, new_number, opened, the_neighbourhood
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone
from tests.support.tokens import BUKIT_SANGKAL

__all__ = ["the_neighbourhood"]

MOST = 9
OF_A_STRAIGHT_CASE = (
    "application.opened", "application.changed", "introduction.granted", "application.submitted",
    "application.received", "verification.passed", "application.verified", "letter.drafted", "letter.issued",
    "production.done", "application.issued", "handover.ready", "application.completed",
)  # fmt: skip
"""What is told of a case that nobody returns and whose letter is opened on the phone; each may be a notice, and some of
those go to a chat."""


def test_a_straight_case_by_link_takes_nine_messages_at_the_most(intake: InProcess) -> None:
    phone = Phone(intake, number=new_number())
    opened(phone)
    finish(intake, case_of(intake, phone))
    phone.quiet()
    notices = [event for event in OF_A_STRAIGHT_CASE if any(one.in_chat for one in NOTICES[event])]
    assert len(phone.heard) == 5
    case = case_of(intake, phone)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        app = applications.lock(tx, intake.deps.data_keys, case)
        assert app is not None
        surveys.invite(intake.deps, tx, app)  # as its end does
    besides = [
        one["data"]["template"]
        for one in intake.told("message.requested")
        if one["data"]["application_id"] == case and one["data"]["message_class"] != "answer"
    ]
    assert besides == ["survey_invitation"]
    assert len(phone.heard) + len(notices) + len(besides) <= MOST, (phone.heard, notices)


_PHRASES = st.sampled_from([
    "halo", "2", "1", "ktp", "KK hilang", "Siti Maimunah, RT 23", "RT.24/RW 5", "tidak tahu", "baru", "batal", "menu",
    "ulangi", "bantuan", "status", "kirim", "kirim saja", "ubah", "salah, namanya Tukiman", "lanjut", "tautan", "ya",
    "tidak", "nanti", "keluhan", "1671105503550001", "7 mei 95", "0812-3456-7890", "PGT-7K3M9-XW2RB", "english", "🙏",
    "", "orang lain", "Nur'aini, tetangga", "9", "0", "RT", "RT 999", "\u202egnp", "a" * 5000,
])  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=st.lists(st.one_of(_PHRASES, st.text(max_size=60)), min_size=1, max_size=12), chat=st.booleans())
def test_whatever_somebody_writes_is_kept_and_the_conversation_goes_on(
    intake: InProcess, said: list[str], chat: bool
) -> None:
    phone = Phone(intake, number=new_number(), rules=dict(CHAT) if chat else dict(Phone(intake).rules))
    for text in said:
        clean = text.replace("\x00", "").encode("utf-8", "ignore").decode()
        assert len(phone.sends(clean)) <= 1, clean
    kept = intake.rows("SELECT count(*) AS n FROM incoming_message WHERE contact_id = %s", [phone.contact])
    complained = any(one["template"].startswith("talk_complaint") for one in phone.heard)
    assert kept[0]["n"] == len(said) or complained, "the words of a complaint stand with the complaint"
    assert phone.sends("bantuan")[-1]["template"] == "talk_help"
    turn = phone.sends("menu")[-1]
    if turn["template"].startswith("talk_complaint"):  # what was told is not sent yet
        phone.sends("batal")
        turn = phone.sends("menu")[-1]
    assert turn["template"] in ("talk_menu", "talk_service")


@given(kept=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda one: st.dictionaries(
    st.sampled_from([*Talk().to_keep(), "more"]), one | st.lists(one, max_size=3), max_size=5)))  # fmt: skip
def test_whatever_was_kept_can_be_gone_on_from(kept: Any) -> None:
    talk = Talk.from_kept(kept)
    assert Talk.from_kept(talk.to_keep()) == talk


def test_turns_are_what_notify_takes_and_words(intake: InProcess, notify: InProcess) -> None:
    phone = Phone(intake, number=new_number())
    for text in ("halo", "zzz", "2", "1", "Siti Maimunah, RT 23", "baru", "status", "bantuan", "menu", "batal"):
        phone.sends(text)
    for event in intake.told("message.requested"):
        if event["data"]["contact_id"] == phone.contact:
            plain = {name: _plain(value) for name, value in event["data"].items()}
            assert notify.feed("message.requested", plain, subject=event["subject"], source="intake")
    rows = notify.rows("SELECT template FROM message WHERE requested_by = 'intake' ORDER BY id")
    assert [row["template"] for row in rows] == [one["template"] for one in phone.heard]
    assert [one["expires_at"] is not None for one in phone.heard[:3]] == [True, True, True], "questions stay open"


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, str | dict) else str(value)

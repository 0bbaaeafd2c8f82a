"""What is kept of a conversation goes with its case, with its account, or by its age."""

from __future__ import annotations

from datetime import timedelta

from intake.store import conversations
from intake.usecases import erasing
from tests.integration.intake.test_talking import (
    case_of,
    case_row,
    new_number,
    opened,
    page_of_print,
    the_neighbourhood,
)
from tests.support.services import InProcess
from tests.support.talking import CHAT, Phone
from tests.support.tokens import BUKIT_SANGKAL

__all__ = ["the_neighbourhood"]

_LEFT = (
    "SELECT (SELECT count(*) FROM conversation WHERE contact_id = %(contact)s) AS talks,"
    " (SELECT count(*) FROM incoming_message WHERE contact_id = %(contact)s) AS messages,"
    " (SELECT count(*) FROM sign_in_link WHERE application_id = %(case)s) AS links"
)


def test_an_erased_case_takes_its_conversation_its_messages_and_its_links(intake: InProcess) -> None:
    phone, other = Phone(intake, number=new_number()), Phone(intake, number=new_number())
    opened(phone)
    opened(other)
    case = case_of(intake, phone)
    phone.plays("""
        > batal
        < talk_withdraw: Siti
        > ya
        <
    """)
    names = {"contact": phone.contact, "case": case}
    assert min(intake.rows(_LEFT, names)[0].values()) > 0
    intake.clock.at += timedelta(days=91)
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE conversation SET changed_at = %s", [intake.clock.now()])
        tx.execute("UPDATE incoming_message SET received_at = %s", [intake.clock.now()])
    erasing.erase_over(intake.deps)
    intake.clock.at += timedelta(days=8)
    erasing.erase_over(intake.deps)
    intake.work()
    assert intake.rows(_LEFT, names) == [{"talks": 0, "messages": 0, "links": 0}]
    kept = intake.rows(_LEFT, {"contact": other.contact, "case": case_of(intake, other)})[0]
    assert kept["talks"] == 1 and kept["messages"] > 0
    assert phone.sends("halo")[0]["template"] == "talk_service", "who writes again begins anew"


def test_a_conversation_that_nobody_took_up_again_goes_by_its_age(intake: InProcess) -> None:
    phone = Phone(intake, number=new_number())
    phone.sends("halo")
    person = intake.rows("SELECT person_id FROM conversation WHERE contact_id = %s", [phone.contact])[0]["person_id"]
    erasing.erase_over(intake.deps)
    assert intake.rows("SELECT 1 AS one FROM people WHERE id = %s", [person])
    intake.clock.at += timedelta(days=91)
    erasing.erase_over(intake.deps)
    assert intake.rows("SELECT 1 AS one FROM people WHERE id = %s", [person]) == []


def test_of_a_conversation_about_two_cases_goes_what_it_has_of_the_erased_one(intake: InProcess) -> None:
    phone = Phone(intake, number=new_number(), rules=dict(CHAT))
    opened(phone)
    first = case_of(intake, phone)
    phone.photo("kk punya Rohana", page_of_print(blur=8))
    phone.quiet()
    for text in ("menu", "baru", "kk", "1", "Siti Maimunah, RT 23", "rusak"):
        phone.sends(text)
    phone.photo("kk saya", page_of_print(blur=8))
    phone.quiet()
    second = case_of(intake, phone)
    with intake.deps.db.transaction("*") as tx:
        tx.execute(
            "UPDATE application SET status = 'withdrawn', status_since = %s WHERE id = %s", [intake.clock.now(), first]
        )
    _erased(intake, phone)
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        kept = conversations.lock(tx, intake.deps.data_keys, BUKIT_SANGKAL, phone.contact, intake.clock.now())
    assert case_row(intake, first)["person_id"] is None, "the first case is erased"
    assert kept.cases == [second]
    assert str(first) not in str(kept.talk.to_keep()) and "Rohana" not in str(kept.talk.to_keep())
    assert [one["caption"] for one in kept.talk.photos] == ["kk saya"]


def _erased(intake: InProcess, phone: Phone) -> None:
    intake.clock.at += timedelta(days=91)
    with intake.deps.db.transaction("*") as tx:
        tx.execute("UPDATE conversation SET changed_at = %s", [intake.clock.now()])
    erasing.erase_over(intake.deps)
    intake.clock.at += timedelta(days=8)
    erasing.erase_over(intake.deps)
    intake.work()


def test_an_account_that_is_given_up_takes_what_its_contact_wrote_about_no_case(intake: InProcess) -> None:
    phone, other = Phone(intake, number=new_number()), Phone(intake, number=new_number())
    for one in (phone, other):
        opened(one)
        one.plays("""
            > batal
            < talk_withdraw: Siti
            > ya
            <
            > halo
            < talk_service: 1.
        """)
    owner = case_row(intake, case_of(intake, phone))["owner"]
    counted = "SELECT count(*) AS n FROM incoming_message WHERE contact_id = %s AND application_id IS NULL"
    assert intake.rows(counted, [phone.contact])[0]["n"] > 0
    assert intake.call("DELETE", "/v1/auth/account", "applicant", who={"sub": owner}).status_code == 204
    assert intake.rows(counted, [phone.contact])[0]["n"] == 0
    assert intake.rows(counted, [other.contact])[0]["n"] > 0

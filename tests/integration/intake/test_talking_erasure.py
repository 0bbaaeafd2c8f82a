"""What is kept of a conversation goes with its case, with its account, or by its age."""

from __future__ import annotations

from datetime import timedelta

from intake.usecases import erasing
from tests.integration.intake.test_talking import case_of, new_number, opened, the_neighbourhood
from tests.support.services import InProcess
from tests.support.talking import Phone

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

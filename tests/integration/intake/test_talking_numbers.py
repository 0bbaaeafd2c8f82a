"""Numbers change hands: a login, its cases and its links stay with whom they belong to."""

from __future__ import annotations

from typing import Any

from intake.domain.accounts import ACTIVE, APPLICANT, PERSON, Account
from intake.store import accounts
from kit.ids import new_id
from tests.integration.intake import cast
from tests.integration.intake.test_talking import case_of, case_row, link_of, new_number, opened, the_neighbourhood
from tests.support.browsing import browser, forms_of
from tests.support.services import InProcess
from tests.support.talking import Phone
from tests.support.tokens import BUKIT_SANGKAL

__all__ = ["the_neighbourhood"]


def login_by(intake: InProcess, number: str) -> Any:
    """Whom a code to this number lets in."""
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        known = accounts.known_by(intake.deps.fingerprints, PERSON, number)
        found = accounts.known(tx, intake.deps.data_keys, PERSON, known)
    return str(found.id) if found else None


def test_who_gets_a_number_anew_gets_nothing_of_who_had_it_before(intake: InProcess) -> None:
    number = new_number()
    before, after = Phone(intake, number=number), Phone(intake, number=number, name="Budi")
    address = link_of(opened(before))
    owner = case_row(intake, case_of(intake, before))["owner"]
    assert login_by(intake, number) == owner
    assert after.sends("status")[-1]["template"] == "talk_note", "Siti's case is not told to Budi"
    assert login_by(intake, number) != owner
    assert browser(intake).open(address).status_code == 404, "links of before count no more"
    opened(after)
    assert login_by(intake, number) == case_row(intake, case_of(intake, after))["owner"] != owner


def test_who_lost_his_number_goes_on_with_his_case_and_has_its_pages_by_the_next_one(intake: InProcess) -> None:
    number = new_number()
    siti, budi = Phone(intake, number=number), Phone(intake, number=number, name="Budi")
    opened(siti)
    owner = case_row(intake, case_of(intake, siti))["owner"]
    opened(budi)
    siti.number = None
    assert siti.sends("status")[-1]["template"] == "talk_status"
    assert login_by(intake, number) == case_row(intake, case_of(intake, budi))["owner"]
    siti.number = new_number()
    assert siti.sends("status")[-1]["template"] == "talk_status"
    assert login_by(intake, siti.number) == owner


def test_a_login_follows_its_contact_to_another_number_and_its_sessions_end(intake: InProcess) -> None:
    siti = Phone(intake, number=new_number())
    address, old = link_of(opened(siti)), str(siti.number)
    owner = case_row(intake, case_of(intake, siti))["owner"]
    somebody = browser(intake)
    assert somebody.send(forms_of(somebody.open(address).text)[0], {}).status_code == 303
    siti.number = new_number()
    siti.sends("status")
    assert (login_by(intake, old), login_by(intake, siti.number)) == (None, owner)
    assert intake.rows("SELECT 1 FROM session WHERE account_id = %s AND ended_at IS NULL", [owner]) == []


def test_a_login_that_pages_made_for_the_new_number_stays_apart(intake: InProcess) -> None:
    siti, other = Phone(intake, number=new_number()), new_number()
    opened(siti)
    owner = case_row(intake, case_of(intake, siti))["owner"]
    with intake.deps.db.transaction(BUKIT_SANGKAL) as tx:
        by_pages = Account(
            new_id(), BUKIT_SANGKAL, PERSON, new_id(), [APPLICANT], ACTIVE, None, 0, None, intake.clock.now(), "self",
            1, {"name": "", "phone": other},
        )  # fmt: skip
        accounts.add(tx, intake.deps.data_keys, by_pages, accounts.known_by(intake.deps.fingerprints, PERSON, other))
    siti.number = other
    assert siti.sends("status")[-1]["template"] == "talk_status"
    assert login_by(intake, other) == str(by_pages.id) != owner


def test_who_has_no_number_any_more_is_not_asked_by_the_one_that_he_had(intake: InProcess) -> None:
    siti = Phone(intake, number=new_number())
    siti.sends("halo")
    siti.number = None
    opened(siti)
    contact = intake.told("application.opened")[-1]["data"]["person"]["contact"]
    assert contact == {"name": "Siti Maimunah", "contact_id": str(siti.contact)}


def test_a_number_that_a_helper_only_says_is_his_is_not_written_to(intake: InProcess) -> None:
    helper = Phone(intake, number=None)
    said = new_number()
    for text in ("kk hilang", "2", "Tukiman, RT 23", "Nur'aini, tetangga", said):
        helper.sends(text)
    contact = intake.told("application.opened")[-1]["data"]["person"]["contact"]
    assert contact == {"name": "Nur'aini", "contact_id": str(helper.contact)}
    assert cast.show(intake, case_of(intake, helper))["helper"]["phone"] == said


# --- links ------------------------------------------------------------------------------------------------------------


def test_one_link_of_an_account_counts_at_a_time(intake: InProcess) -> None:
    siti = Phone(intake, number=new_number())
    first = link_of(opened(siti))
    second = link_of(siti.sends("tautan")[0])
    assert browser(intake).open(first).status_code == 404
    assert browser(intake).open(second).status_code == 200


def test_ending_all_sessions_ends_the_link_too(intake: InProcess) -> None:
    siti = Phone(intake, number=new_number())
    used = browser(intake)
    used.send(forms_of(used.open(link_of(opened(siti))).text)[0], {})
    address = link_of(siti.sends("tautan")[0])
    assert browser(intake).open(address).status_code == 200
    owner = case_row(intake, case_of(intake, siti))["owner"]
    assert intake.call("DELETE", "/v1/auth/sessions", "applicant", who={"sub": owner}).status_code == 204
    assert browser(intake).open(address).status_code == 404


def test_a_link_says_whose_it_is_and_asks_before_somebody_else_is_signed_out(intake: InProcess) -> None:
    siti, budi = Phone(intake, number=new_number()), Phone(intake, number=new_number())
    shared = browser(intake)
    address = link_of(opened(siti))
    shown = shared.open(address).text
    assert f"untuk Siti, pemilik nomor HP yang berakhir dengan {str(siti.number)[-3:]}" in shown
    assert str(siti.number)[-4:] not in shown and "Maimunah" not in shown and "ganti" not in shown
    assert shared.send(forms_of(shown)[0], {}).status_code == 303
    other = link_of(opened(budi))
    form = forms_of(shared.open(other).text)[0]
    refused = shared.send(form, {})
    assert refused.status_code == 422 and "Centang kotak ini" in refused.text
    assert shared.send(form, {"ganti": "true"}).status_code == 303, "the link was not used up"
    own = forms_of(shared.open(link_of(budi.sends("tautan")[0])).text)[0]
    assert shared.send(own, {}).status_code == 303, "his own session is nobody else's"

"""One person stays one contact, whatever becomes of his number and of what a channel calls him."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from notify.store import contacts as store
from notify.usecases import contacts
from tests.integration.notify.story import KELURAHAN
from tests.support.eventually import eventually
from tests.support.services import InProcess

PHONE, OTHER = "+6281271000072", "+6281271000073"
USER, ANOTHER = "ID.1a2b3c", "ID.9z8y7x"


def whose(notify: InProcess, phone: str | None, user_id: str | None = None, name: str = "") -> UUID:
    with notify.deps.db.transaction(KELURAHAN) as tx:
        return contacts.whose(notify.deps, tx, KELURAHAN, "mailbox", phone=phone, user_id=user_id, name=name).id


def test_the_same_number_is_the_same_contact(notify: InProcess) -> None:
    assert whose(notify, PHONE) == whose(notify, PHONE) != whose(notify, OTHER)


def test_who_is_known_by_his_number_is_known_by_his_name_at_the_channel_from_then_on(notify: InProcess) -> None:
    first = whose(notify, PHONE)
    assert whose(notify, PHONE, USER) == first
    assert whose(notify, None, USER) == first


def test_a_new_number_changes_nothing_for_who_is_known(notify: InProcess) -> None:
    first = whose(notify, PHONE, USER)
    assert whose(notify, OTHER, USER) == first == whose(notify, OTHER)


def test_a_number_that_was_given_out_anew_is_another_person(notify: InProcess) -> None:
    first = whose(notify, PHONE, USER)
    second = whose(notify, PHONE, ANOTHER)
    assert first != second == whose(notify, PHONE)
    assert whose(notify, None, USER) == first


def test_two_first_messages_at_once_are_one_contact(notify: InProcess) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _n: whose(notify, PHONE, USER), range(8)))
    assert len(found) == 1


def test_what_one_message_tells_of_a_person_outlasts_another_that_waited_for_it(notify: InProcess) -> None:
    phone, user = "+6281271000074", "ID.5t6u7v"
    first = whose(notify, phone)
    with ThreadPoolExecutor(1) as pool:
        with notify.deps.db.transaction(KELURAHAN) as tx:
            contacts.whose(notify.deps, tx, KELURAHAN, "mailbox", phone=phone, name="Yanti")
            second = pool.submit(whose, notify, phone, user)
            eventually(lambda: waiting(notify))
        assert second.result(timeout=10) == first
    with notify.deps.db.transaction(KELURAHAN) as tx:
        known = store.get(tx, notify.deps.data_keys, first)
    assert known is not None and known.person == {"name": "Yanti", "phone": phone, "user_id": user}


def waiting(notify: InProcess) -> bool:
    """Whether somebody waits for a row."""
    with notify.deps.db.transaction(KELURAHAN) as tx:
        return bool(tx.value("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"))

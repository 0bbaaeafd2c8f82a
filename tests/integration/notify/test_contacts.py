"""One person stays one contact, whatever becomes of his number and of what a channel calls him."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from notify.domain.contacts import Contact
from notify.domain.incoming import Moved, Sent
from notify.store import contacts as store
from notify.usecases import consents, contacts, incoming
from tests.integration.notify.story import KELURAHAN
from tests.support.eventually import eventually
from tests.support.services import InProcess
from tests.support.whatsapp import NUMBER

PHONE, OTHER = "+6281271000072", "+6281271000073"
NOW = datetime.now(UTC) - timedelta(hours=2)  # servers of channels have the machine's time
USER, ANOTHER = "ID.1a2b3c", "ID.9z8y7x"


def whose(notify: InProcess, phone: str | None, user_id: str | None = None, name: str = "") -> UUID:
    with notify.deps.db.transaction(KELURAHAN) as tx:
        return contacts.whose(notify.deps, tx, KELURAHAN, "mailbox", phone=phone, user_id=user_id, name=name).id


def known(notify: InProcess, user_id: str) -> Contact:
    with notify.deps.db.transaction(KELURAHAN) as tx:
        found = store.by_user(tx, notify.deps.data_keys, KELURAHAN, user_id)
    assert found is not None
    return found


def take(notify: InProcess, sent: Sent) -> None:
    with notify.deps.db.transaction(KELURAHAN) as tx:
        incoming.take(notify.deps, tx, "whatsapp", KELURAHAN, sent)


def move(notify: InProcess, **told: str | None) -> None:
    with notify.deps.db.transaction(KELURAHAN) as tx:
        contacts.moved(notify.deps, tx, KELURAHAN, Moved(NUMBER, NOW, **{"phone": None, "user_id": None} | told))


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


def test_what_comes_twice_or_late_does_not_bring_back_what_was_true_then(notify: InProcess) -> None:
    user = f"ID.{uuid4().hex}"
    first = Sent(f"wamid.{user}", NUMBER, NOW, PHONE, user, "Siti", "text", "satu")
    take(notify, first)
    move(notify, phone=PHONE, user_id=user, new_phone=OTHER)
    take(notify, first)
    assert known(notify, user).phone == OTHER
    take(notify, replace(first, provider_id=f"wamid.2.{user}", at=NOW - timedelta(hours=1), name="Nama lama"))
    assert (known(notify, user).phone, known(notify, user).name) == (OTHER, "Siti")
    take(
        notify,
        replace(first, provider_id=f"wamid.3.{user}", phone=OTHER, at=NOW + timedelta(minutes=1), name="Maimunah"),
    )
    assert known(notify, user).name == "Maimunah"


def test_a_late_message_keeps_the_window_as_old_as_it_is(notify: InProcess) -> None:
    user = f"ID.{uuid4().hex}"
    late = Sent(f"wamid.{user}", NUMBER, NOW - timedelta(hours=30), None, user, "", "text", "lama")
    take(notify, late)
    with notify.deps.db.transaction(KELURAHAN) as tx:
        ago = store.since_he_wrote(tx, known(notify, user).id)
    assert ago is not None and ago >= timedelta(hours=30)
    assert known(notify, user).number_id == NUMBER


def test_who_is_called_otherwise_and_tells_no_number_has_the_old_one_no_more(notify: InProcess) -> None:
    user = f"ID.{uuid4().hex}"
    whose(notify, PHONE, user)
    move(notify, user_id=user, new_user_id=f"{user}x")
    assert known(notify, f"{user}x").phone is None


def test_his_stop_moves_with_him(notify: InProcess) -> None:
    user = f"ID.{uuid4().hex}"
    take(notify, Sent(f"wamid.{user}", NUMBER, NOW, PHONE, user, "Siti", "text", "STOP"))
    move(notify, user_id=user, new_user_id=f"{user}x")
    with notify.deps.db.transaction(KELURAHAN) as tx:
        assert consents.stopped(notify.deps, tx, KELURAHAN, "whatsapp", None, f"{user}x")
        assert not consents.stopped(notify.deps, tx, KELURAHAN, "whatsapp", None, f"{user}y")


def test_another_channels_name_for_who_has_the_number_is_his_too(notify: InProcess) -> None:
    first = whose(notify, "+6281271000074", "123@lid")
    assert whose(notify, "+6281271000074", "ID.4d5e") == first

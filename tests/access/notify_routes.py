"""notify: messages to people and from them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from contracts import contract
from notify.store import feed
from notify.usecases import feeding
from tests.access import announcement_routes, subscription_routes
from tests.access.calls import OBJECT, PUBLIC, SCOPE, Call, Table, Target, World, route, sent_by_page
from tests.access.common_routes import common
from tests.access.people import EVERYBODY, ROHANA, Person
from tests.integration.notify.test_messages import Refusing, fail_for_good
from tests.support import whatsapp
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

_numbers = count(1)


def world(notify: InProcess) -> World:
    """Two offices, and a message to everybody about a case of his own."""
    made = World(notify)
    for tenant in {person.kelurahan for person in EVERYBODY}:
        office, sop = contract("office.changed").example, contract("sop.published").example
        notify.feed("office.changed", office | {"kelurahan": tenant}, subject=tenant, tenant=tenant)
        notify.feed("sop.published", sop | {"kelurahan": tenant}, subject=f"{tenant}/KK", tenant=tenant)
    subscription_routes.known(notify)
    made.kept["messages"] = {person: _message(notify, person) for person in EVERYBODY}
    _heads_and_senders(notify)
    made.kept["incoming"] = {person: _wrote(notify, person) for person in EVERYBODY}
    made.kept["contacts"] = {person: _answered(notify, wrote) for person, wrote in made.kept["incoming"].items()}
    made.kept["told"] = {person: (_told_of(notify, person),) for person in EVERYBODY}
    feeding.give_positions(notify.deps)
    notify.work()
    for person, (message_id, _application_id) in made.kept["messages"].items():
        read = notify.call("GET", f"/v1/messages/{message_id}", "officer", who={"tenant": person.kelurahan})
        assert read.status_code == 200, read.text
    return made


def _message(notify: InProcess, person: Person) -> tuple[str, str]:
    """A code that came with a draft: the message's id, and its case's."""
    message_id, application_id = str(uuid4()), str(uuid4())
    values = {
        "tracking_code": "PGT-7K3M9-XW2RB", "claim_code": "482913", "service_name": "Pengantar KK",
        "office_name": "Bukit Sangkal", "rt_head_name": f"ketua dari {person.name}",
    }  # fmt: skip
    data = contract("message.requested").example | {
        "message_id": message_id, "kelurahan": person.kelurahan, "application_id": application_id,
        "template": "draft_opened", "message_class": "code", "expires_at": None,
        "person": {"to": person.contact, "values": values},
    }  # fmt: skip
    notify.feed("message.requested", data, subject=message_id, tenant=person.kelurahan, source="intake")
    return message_id, application_id


def _told_of(notify: InProcess, person: Person) -> str:
    """A case of which other systems are told: its id."""
    case = str(uuid4())
    data = contract("application.opened").example | {"application_id": case, "kelurahan": person.kelurahan}
    notify.feed("application.opened", data, subject=case, tenant=person.kelurahan)
    with notify.deps.db.transaction(person.kelurahan) as tx:  # one that waits for its forerunner
        event = notify.make_event("application.changed", data, subject=case, tenant=person.kelurahan, sequence=9)
        feed.arrive(tx, event, None)
    return case


def _heads_and_senders(notify: InProcess) -> None:
    """Who heads an RT of each office, and somebody who has said which of two he means, and STOP."""
    example = contract("officeholder.changed").example
    for tenant in {person.kelurahan for person in EVERYBODY}:
        holder = example | {"officeholder_id": str(uuid4()), "kelurahan": tenant}
        notify.feed("officeholder.changed", holder, subject=holder["officeholder_id"], tenant=tenant)
    said = [whatsapp.text(words, "6281271999998") for words in ("Halo", "1", "stop")]
    body = whatsapp.encoded(whatsapp.payload(whatsapp.change(*said, number=whatsapp.SHARED)))
    signed = {"X-Hub-Signature-256": whatsapp.signature(body)}
    assert notify.call("POST", "/v1/whatsapp/webhook", data=body, headers=signed).status_code == 200


def _wrote(notify: InProcess, person: Person) -> tuple[str, ...]:
    """Something that everybody wrote to his office."""
    body = {"phone": person.phone, "text": "Kapan surat saya siap?"}
    answer = notify.call("POST", "/v1/messages/incoming", "administrator", who={"tenant": person.kelurahan}, json=body)
    assert answer.status_code == 201, answer.text
    return (answer.json["id"],)


def _answered(notify: InProcess, incoming: tuple[str, ...]) -> str:
    """The contact who wrote it: his office answers him itself."""
    [row] = notify.rows(
        "UPDATE contact SET answered_until = %s WHERE id = (SELECT contact_id FROM incoming WHERE id = %s)"
        " RETURNING id",
        [notify.clock.now() + timedelta(days=3650), incoming[0]],
    )
    return str(row["id"])


def _marks(world: World) -> dict[Person, tuple[str, ...]]:
    return {person: (message_id, person.name) for person, (message_id, _) in world.kept["messages"].items()}


def _one(world: World) -> Call:
    return Call({"message_id": world.kept["messages"][ROHANA][0]})


def _failed(world: World) -> Call:
    """A message that its channel did not take."""
    notify: Any = world.service
    notify.work()
    usual, refusing = notify.deps.channel, Refusing()
    notify.deps.channels[usual.name] = refusing
    try:
        message_id, _ = _message(notify, ROHANA)
        fail_for_good(notify)
    finally:
        notify.deps.channels[usual.name] = usual
    return Call({"message_id": message_id}, json={})


def _failed_on_page(world: World) -> Call:
    call = _failed(world)
    [row] = world.service.rows("SELECT version FROM message WHERE id = %s", [call.ids["message_id"]])
    return replace(call, json=None, page=True, **sent_by_page({"versi": str(row["version"])}))


def _of_case(world: World) -> Call:
    """The messages of Rohana's case, by its id in the query."""
    message_id, application_id = world.kept["messages"][ROHANA]
    return Call(query=f"?application_id={application_id}", marks={ROHANA: (message_id,)})


def _search(person: Person) -> Any:
    def make(world: World) -> Call:
        marks = {one: marks for one, marks in _marks(world).items() if one is person}
        return Call(json={"phone": person.phone}, marks=marks)

    return make


def _on_page(make: Any, **fields: str) -> Any:
    """The same by a page's form."""
    return lambda world: replace(make(world), json=None, page=True, **sent_by_page(fields))


def _shown(make: Any) -> Any:
    """The same as a page that is read."""
    return lambda world: replace(make(world), page=True)


def _spaced(phone: str) -> str:
    """Otherwise than it is kept: what a caller typed himself stands on the page again."""
    return f"{phone[:6]} {phone[6:9]} {phone[9:]}"


def _case_on_page(world: World) -> Call:
    call = _of_case(world)
    return replace(call, query=call.query.replace("application_id", "permohonan"))


def _written(world: World) -> Call:
    """What was written to each office, by its id."""
    return Call(query="?limit=100", marks=world.kept["incoming"])


def _contacts(world: World) -> Call:
    """Whom each office answers itself, by his id."""
    return Call(query="?limit=100", marks={one: (found,) for one, found in world.kept["contacts"].items()})


def _contact(world: World) -> Call:
    """Somebody else of Rohana's office each time: who is left to us is on no list any more."""
    notify: Any = world.service
    body = {"phone": f"+6281299{next(_numbers):06d}", "text": "Halo"}
    answer = notify.call("POST", "/v1/messages/incoming", "administrator", who={"tenant": ROHANA.kelurahan}, json=body)
    return Call({"contact_id": _answered(notify, (answer.json["id"],))}, json={})


def _waha(_world: World) -> Call:
    body = whatsapp.encoded({"event": "session.status", "session": whatsapp.SESSION, "payload": {"status": "WORKING"}})
    return Call(raw=(body, "application/json"), headers={"X-Webhook-Hmac": whatsapp.signature_of_waha(body)})


def _handshake(_world: World) -> Call:
    asked = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": whatsapp.VERIFY}
    return Call(query=f"?{urlencode(asked)}")


def _webhook(_world: World) -> Call:
    body = whatsapp.encoded(whatsapp.payload(whatsapp.change(whatsapp.text("Halo"))))
    signed = {"X-Hub-Signature-256": whatsapp.signature(body)}
    return Call(raw=(body, "application/json"), headers=signed)


def _feed(world: World) -> Call:
    """What happened in everybody's case."""
    return Call(query="?limit=500", marks=world.kept["told"])


def _feed_of_office(world: World) -> Call:
    marks = {person: told for person, told in world.kept["told"].items() if person.kelurahan == BUKIT_SANGKAL}
    return Call(query=f"?limit=500&kelurahan={BUKIT_SANGKAL}", marks=marks)


_PAGES: Table = {
    "GET /notify/pesan": route(
        SCOPE, _shown(lambda world: Call(query="?keadaan=semua", marks=_marks(world))), _shown(_case_on_page)
    ),
    "GET /notify/pesan/<uuid:message_id>": route(OBJECT, _shown(_one)),
    "POST /notify/pesan/<uuid:message_id>/ulang": route(OBJECT, _failed_on_page),
    "GET /notify/kontak": route(SCOPE, _shown(_contacts)),
    "POST /notify/kontak/<uuid:contact_id>/lanjut": route(OBJECT, _on_page(_contact)),
    "POST /notify/kontak/<uuid:contact_id>/tanpa-pengumuman": route(OBJECT, _on_page(_contact)),
    "GET /notify/pesan/cari": route(SCOPE, lambda _world: Call(page=True)),
    "POST /notify/pesan/cari": route(SCOPE, _on_page(_search(ROHANA), phone=_spaced(ROHANA.phone))),
}

TABLE: Table = (
    common("notify")
    | _PAGES
    | subscription_routes.TABLE
    | announcement_routes.TABLE
    | {
        "GET /v1/messages": route(SCOPE, lambda world: Call(query="?limit=100", marks=_marks(world)), _of_case),
        "GET /v1/messages/<uuid:message_id>": route(OBJECT, _one),
        "POST /v1/messages/<uuid:message_id>/retry": route(OBJECT, _failed),
        "GET /v1/messages/costs": route(SCOPE, lambda _world: Call(query="?month=2026-08")),
        "POST /v1/messages/search": route(SCOPE, _search(ROHANA)),
        "GET /v1/messages/incoming": route(SCOPE, _written),
        "GET /v1/whatsapp/webhook": route(PUBLIC, _handshake),
        "POST /v1/whatsapp/webhook": route(PUBLIC, _webhook),
        "POST /v1/whatsapp/waha": route(PUBLIC, _waha),
        "GET /v1/events": route(SCOPE, _feed, Target(_feed_of_office, kind=OBJECT)),
        "GET /v1/events/positions": route(SCOPE, lambda _world: Call()),
        "GET /v1/contacts": route(SCOPE, _contacts),
        "POST /v1/contacts/<uuid:contact_id>/resume": route(OBJECT, _contact),
        "POST /v1/contacts/<uuid:contact_id>/end-announcements": route(OBJECT, _contact),
        "POST /v1/messages/incoming": route(
            SCOPE, lambda _world: Call(json={"phone": ROHANA.phone, "text": "Kapan surat saya siap?"})
        ),
    }
)

"""intake: complaints, for whoever filed one and for those who handle it."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

from intake.store import complaints as store
from tests.access.calls import OBJECT, PUBLIC, SCOPE, Call, Make, Table, World, only, route
from tests.access.people import ROHANA, STRANGER, Person
from tests.integration.intake.test_complaints import anonymous, body, by_ticket, filed, photo
from tests.support import files as pictures
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

PATH = "/v1/complaints"
ONE, TICKET = f"{PATH}/<uuid:complaint_id>", f"{PATH}/tickets/<ticket>"
DESKS = {"office": ("officer", "lurah"), "lurah": ("camat",), "camat": ("city",)}
"""Whose doing it is about, and who then handles it."""
_PHOTO = pictures.jpeg()


def _filed(intake: InProcess, about: str = "office", person: Person = ROHANA) -> dict[str, Any]:
    """Those above the office are not told who filed it, nor is anybody of another."""
    said = "open" if about == "office" else "confidential"
    with intake.deps.db.transaction("*") as tx:
        tx.execute("DELETE FROM rate")
    sent = body(
        about=about, confidentiality=said, name=person.name, phone=person.phone, kelurahan=person.kelurahan,
        text="Loket tutup.",
    )  # fmt: skip
    return filed(intake, sent)


def _checked(intake: InProcess, about: str = "office") -> dict[str, Any]:
    made, role = _filed(intake, about), DESKS[about][0]
    tenant = {"camat": "16.71.10", "city": "16.71"}.get(role, BUKIT_SANGKAL)
    answer = intake.call(
        "POST", f"{PATH}/{made['id']}/check", role, who={"tenant": tenant}, json={"complaint_class": "complaint"}
    )
    assert answer.status_code == 200, answer.text
    return made


def _answered(intake: InProcess) -> dict[str, Any]:
    made = _checked(intake)
    answer = intake.call("POST", f"{PATH}/{made['id']}/answer", "officer", json={"text": "Sudah."})
    assert answer.status_code == 200, answer.text
    return made


def _closed(intake: InProcess) -> dict[str, Any]:
    made = _filed(intake)
    by_ticket(intake, made, "withdrawal")
    return made


def _desk(state: Any, sent: Any = None) -> list[Any]:
    """A target for each desk, with what it handles."""

    def make(about: str) -> Make:
        return lambda world: Call({"complaint_id": state(world.service, about)["id"]}, json=sent)

    return [only(make(about), *roles) for about, roles in DESKS.items()]


def _assigned(world: World) -> Call:
    made, account = _checked(world.service), world.kept["accounts"][BUKIT_SANGKAL]["officer"]
    return Call({"complaint_id": made["id"]}, json={"account_id": account})


def _photo_of(world: World) -> Call:
    made = _filed(world.service)
    file_id = photo(world.service, made, _PHOTO).json["file_id"]
    world.service.work()
    return Call({"complaint_id": made["id"], "file_id": file_id})


def _by_secret(state: Any, **sent: Any) -> Make:
    def make(world: World) -> Call:
        made = state(world.service)
        return Call(
            {"ticket": made["ticket"]}, json={"secret": made["secret"]} | sent,
            names=(made["ticket"], made["secret"]), about=ROHANA,
        )  # fmt: skip

    return make


def _status(world: World) -> Call:
    ticket = _filed(world.service)["ticket"]
    return Call({"ticket": ticket}, names=(ticket,))


def _new_photo(world: World) -> Call:
    made = _filed(world.service)

    def form() -> dict[str, Any]:
        return {"secret": made["secret"], "file": (io.BytesIO(_PHOTO), "foto.jpg")}

    return Call({"ticket": made["ticket"]}, form=form, names=(made["ticket"],))


def _listed(world: World) -> Call:
    marks = {person: (_filed(world.service, person=person)["ticket"],) for person in (ROHANA, STRANGER)}
    return Call(query="?limit=200", marks=marks)


def _own(world: World) -> Call:
    """What the own login filed."""
    with world.service.deps.db.transaction("*") as tx:
        marks = {}
        for person in (ROHANA, STRANGER):
            made = _filed(world.service, person=person)
            found = store.lock(tx, world.service.deps.data_keys, UUID(made["id"]))
            assert found is not None
            tx.execute("UPDATE complaint SET owner = %s WHERE id = %s", [person.sub, found.id])
            marks[person] = (made["ticket"],)
    return Call(query="?limit=200", marks=marks)


def _above(about: str) -> Make:
    """What has come up to a kecamatan or city, from everywhere below it."""

    def make(world: World) -> Call:
        marks = {person: (_filed(world.service, about, person)["ticket"],) for person in (ROHANA, STRANGER)}
        return Call(query="?limit=200", marks=marks)

    return make


def _exported(world: World) -> Call:
    marks = {person: (_filed(world.service, person=person)["ticket"],) for person in (ROHANA, STRANGER)}
    day = f"{world.service.clock.at:%Y-%m-%d}"
    return Call(query=f"?from={day}&to={day}", marks=marks)


def _tally(_world: World) -> Call:
    return Call(query=f"?kelurahan={BUKIT_SANGKAL}", names=(BUKIT_SANGKAL,))


def _own_tally(_world: World) -> Call:
    return Call()


_CLASS = {"complaint_class": "complaint"}
TABLE: Table = {
    f"POST {PATH}": route(PUBLIC, lambda _world: Call(json=anonymous())),
    f"GET {PATH}": route(
        SCOPE, only(_own, "applicant", apart=True), only(_listed, "officer", "lurah", apart=True),
        only(_above("lurah"), "camat", apart=True), only(_above("camat"), "city", apart=True),
    ),
    f"GET {PATH}/export": route(SCOPE, _exported),
    f"GET {PATH}/tally": route(OBJECT, _tally, only(_own_tally, "officer", "lurah", "administrator", kind=SCOPE)),
    f"GET {TICKET}": route(PUBLIC, _status),
    f"POST {TICKET}/view": route(PUBLIC, _by_secret(_answered)),
    f"POST {TICKET}/supplements": route(PUBLIC, _by_secret(_checked, text="Tanggal 18.")),
    f"POST {TICKET}/satisfaction": route(PUBLIC, _by_secret(_answered)),
    f"POST {TICKET}/reopening": route(PUBLIC, _by_secret(_answered, text="Belum.")),
    f"POST {TICKET}/withdrawal": route(PUBLIC, _by_secret(_checked)),
    f"POST {TICKET}/erasure": route(PUBLIC, _by_secret(_closed)),
    f"POST {TICKET}/photos": route(PUBLIC, _new_photo),
    f"GET {ONE}": route(OBJECT, *_desk(_filed)),
    f"GET {ONE}/photos/<uuid:file_id>": route(OBJECT, only(_photo_of, "officer", "lurah")),
    f"POST {ONE}/check": route(OBJECT, *_desk(_filed, _CLASS)),
    f"POST {ONE}/class": route(OBJECT, *_desk(_checked, _CLASS | {"reason": "Perlu diperiksa."})),
    f"POST {ONE}/assignment": route(OBJECT, only(_assigned, "officer", "lurah")),
    f"POST {ONE}/questions": route(OBJECT, *_desk(_filed, {"text": "Kapan?"})),
    f"POST {ONE}/answer": route(OBJECT, *_desk(_checked, {"text": "Sudah."})),
    f"POST {ONE}/closing": route(OBJECT, *_desk(_filed, {"result": "duplicate", "text": "Sudah ada."})),
}  # fmt: skip

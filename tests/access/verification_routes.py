"""verification: neighbourhoods, who heads them, and what they are asked."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

from tests.access import verification_page_routes
from tests.access.calls import OBJECT, PUBLIC, SCOPE, Call, Make, Table, World, only, plain, route, sent_by_page
from tests.access.common_routes import common
from tests.access.people import EVERYBODY, ROHANA, STRANGER, Person
from tests.support.services import InProcess
from tests.support.talking_heads import Phone
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI
from tests.support.verification import a_case, a_file, a_request, link_token, task_of

_SIDES = [{"code": side, "name": {"id": side, "en": side}} for side in ("front", "back")]
_NEIGHBOUR = {"position": "front", "name": "Tukiman", "phone": "0812 0000 0931", "address": "Jalan Contoh Nomor 25"}
_HEADLESS = "098"
"""An RT of Rohana's RW without a head: the RW's decides there."""
_rts = itertools.count(101)


def world(verification: InProcess) -> World:
    """Two offices with heads, and an open question about everybody."""
    made = World(verification)
    for tenant in (BUKIT_SANGKAL, KALIDONI):
        _office(verification, tenant)
    _register(verification, "006", "023")
    _register(verification, "005", _HEADLESS)
    _register(verification, "005", "023", KALIDONI)
    _enter(verification, "005", "023", f"Ketua {STRANGER.name}", STRANGER.phone, KALIDONI)
    made.kept["asked"] = {person: _introduction(verification, person) for person in EVERYBODY}
    for tenant in (BUKIT_SANGKAL, KALIDONI):
        Phone(verification, STRANGER.phone).writes("Bagaimana caranya?", tenant=tenant)
    return made


def _office(verification: InProcess, tenant: str) -> None:
    office = {
        "kelurahan": tenant, "name": "Kelurahan Contoh", "kecamatan": "Kalidoni", "kota": "Palembang",
        "province": "Sumatera Selatan", "zone": "Asia/Jakarta", "office": {},
    }  # fmt: skip
    sop = {
        "name": {"id": "Surat pengantar Kartu Keluarga", "en": "Introduction for a family card"},
        "requirements": [{"code": "KTP", "name": {"id": "KTP-el", "en": "Identity card"}}],
    }
    verification.feed("office.changed", office, subject=tenant, tenant=tenant)
    for code, more in (("KK", {}), ("SITU", {"witnesses": {"positions": _SIDES, "quorum": 1}})):
        published = {
            "kelurahan": tenant, "service": code, "version": 1, "effective_from": "2026-01-01", "name": code,
            "sop": sop | more,
        }  # fmt: skip
        verification.feed("sop.published", published, subject=f"{tenant}/{code}", tenant=tenant)


def _register(verification: InProcess, rw: str, rt: str, tenant: str = BUKIT_SANGKAL) -> None:
    address = f"/v1/neighbourhoods/{rw}/{rt}"
    answer = verification.call("PUT", address, "administrator", who={"tenant": tenant}, json={})
    assert answer.status_code in (200, 201), answer.text


def _enter(
    verification: InProcess, rw: str, rt: str, name: str, phone: str, tenant: str = BUKIT_SANGKAL
) -> dict[str, Any]:
    sent = {"role": "rt_head", "rw": rw, "rt": rt, "name": name, "phone": phone, "from_date": "2026-01-01"}
    answer = verification.call("POST", "/v1/officeholders", "administrator", who={"tenant": tenant}, json=sent)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


# --- questions ------------------------------------------------------------------------------------------------------


def _people(person: Person) -> dict[str, Any]:
    applicant = {
        "name": person.name, "nik": person.nik, "address": person.street, "rt": person.rt, "rw": person.rw
    }  # fmt: skip
    return {"applicant": applicant, "contact": person.contact, "helper": None}


def _introduction(verification: InProcess, person: Person, rt: str | None = None) -> dict[str, Any]:
    """He asks the head of his RT; the task."""
    asked = a_request(
        verification, kelurahan=person.kelurahan, rw=person.rw, rt=rt or person.rt, owner=person.sub,
        person=_people(person),
    )  # fmt: skip
    subject = asked["introduction_id"]
    verification.feed("introduction.requested", asked, subject=subject, tenant=person.kelurahan)
    return task_of(verification, asked["application_id"])


def _attestation(world: World, rt: str = ROHANA.rt, service: str = "SITU") -> tuple[dict[str, Any], str]:
    """Rohana's case is received: the task about her one document, and that document's id."""
    verification, file = world.service, a_file("KTP")
    case = a_case(verification, "received", service=service, rt=rt, files=[file], owner=ROHANA.sub)
    case["received_at"] = verification.clock.now().isoformat()
    person = _people(ROHANA) | {"details": {}, "grants": {file["file_id"]: "contoh-izin-baca"}}
    verification.feed("application.received", case | {"person": person}, subject=case["application_id"])
    return task_of(verification, case["application_id"]), str(file["file_id"])


def _granted(rt: str = ROHANA.rt) -> Make:
    return lambda world: Call(
        {"task_id": _introduction(world.service, ROHANA, rt)["id"]}, json={"decision": "grant"}
    )  # fmt: skip


def _statement(world: World) -> Call:
    """A neighbour without a phone: an officer records what he was told."""
    task, _file = _attestation(world)
    named = {"witnesses": [{name: value for name, value in _NEIGHBOUR.items() if name != "phone"}]}
    answer = world.service.call("POST", f"/v1/tasks/{task['id']}/witnesses", "officer", json=named)
    assert answer.status_code == 200, answer.text
    [row] = world.service.rows(
        "SELECT id FROM task WHERE application_id = %s AND kind = 'statement'", [task["application_id"]]
    )
    return Call({"task_id": row["id"]}, json={"decision": "confirm"})


def _witnesses(rt: str = ROHANA.rt) -> Make:
    return lambda world: Call({"task_id": _attestation(world, rt)[0]["id"]}, json={"witnesses": [_NEIGHBOUR]})


def _wanted(world: World, rt: str = ROHANA.rt) -> tuple[dict[str, Any], str]:
    """The head wants to see the original."""
    task, file_id = _attestation(world, rt, service="KK")
    sent = {"verdicts": [{"file_id": file_id, "verdict": "bring_original"}]}
    token = link_token(world.service, task["application_id"])
    answer = world.service.call("POST", f"/v1/links/{token}/decision", json=sent)
    assert answer.status_code == 200, answer.text
    return task, file_id


def _originals(rt: str = ROHANA.rt) -> Make:
    def make(world: World) -> Call:
        task, file_id = _wanted(world, rt)
        return Call({"task_id": task["id"]}, json={"file_ids": [file_id]})

    return make


# --- links ----------------------------------------------------------------------------------------------------------


def _by_link(world: World, task: dict[str, Any], sent: Any = None) -> Call:
    token = link_token(world.service, task["application_id"])
    return Call({"token": token}, json=sent, names=(token,), about=ROHANA)


def _link(world: World) -> Call:
    return _by_link(world, world.kept["asked"][ROHANA])


def _decision_by_link(world: World) -> Call:
    return _by_link(world, _introduction(world.service, ROHANA), {"decision": "grant"})


def _on_page(call: Call, **fields: str) -> Call:
    return replace(call, json=None, **sent_by_page(fields))


def _decision_on_page(world: World) -> Call:
    return _on_page(_by_link(world, _introduction(world.service, ROHANA)), decision="grant", purpose="Mengurus KK")


def _originals_on_page(world: World) -> Call:
    task, file_id = _wanted(world)
    return _on_page(_by_link(world, task), file_ids=file_id)


def _witnesses_on_page(world: World) -> Call:
    named = {f"witnesses-0-{name}": value for name, value in _NEIGHBOUR.items()}
    return _on_page(_by_link(world, _attestation(world)[0]), **named)


def _originals_by_link(world: World) -> Call:
    task, file_id = _wanted(world)
    return _by_link(world, task, {"file_ids": [file_id]})


def _witnesses_by_link(world: World) -> Call:
    return _by_link(world, _attestation(world)[0], {"witnesses": [_NEIGHBOUR]})


# --- neighbourhoods and who heads them ------------------------------------------------------------------------------


def _ids(world: World, table: str) -> dict[Person, tuple[str, ...]]:
    """What there is of RT 023 of RW 005 here, and in the other office."""
    return {
        person: tuple(
            str(row["id"])
            for row in world.service.rows(
                f"SELECT id FROM {table} WHERE kelurahan = %s AND rw = '005' AND rt = '023'", [person.kelurahan]
            )
        )
        for person in (ROHANA, STRANGER)
    }


def _listed(table: str) -> Make:
    return lambda world: Call(query="?rw=005&limit=100", marks=_ids(world, table))


def _names(query: str = "") -> Make:
    return lambda _world: Call(query=query, marks={ROHANA: ("M. Yusuf Effendi",), STRANGER: (STRANGER.name,)})


def _new_rt(world: World) -> str:
    rt = str(next(_rts))
    for tenant in (BUKIT_SANGKAL, KALIDONI):
        _register(world.service, "005", rt, tenant)
    return rt


def _new_holder(world: World) -> Call:
    rt = _new_rt(world)
    return Call(json={
        "role": "rt_head", "rw": "005", "rt": rt, "name": "Ketua Contoh", "phone": f"+6281200005{rt}",
        "from_date": "2026-01-01",
    })  # fmt: skip


def _holder(sent: Any) -> Make:
    def make(world: World) -> Call:
        rt = _new_rt(world)
        holder = _enter(world.service, "005", rt, "Ketua Contoh", f"+6281200005{rt}")
        return Call({"officeholder_id": holder["id"]}, json=sent)

    return make


def _table(world: World) -> Call:
    text = f"rw,rt,role,name,phone,from_date\r\n005,{next(_rts)},,,,\r\n"
    return Call(raw=(text.encode(), "text/csv"))


def _master_data(_world: World) -> Call:
    sent = {"kelurahan": BUKIT_SANGKAL, "rw": "005", "rt": str(next(_rts))}
    return Call(json={"neighbourhoods": [sent]}, names=(BUKIT_SANGKAL,))


def _asked(world: World) -> Call:
    marks = {person: (str(task["id"]), person.name) for person, task in world.kept["asked"].items()}
    return Call(query="?limit=100", marks=marks)


_INTRODUCED = {
    "name": "Nyimas Contoh", "phone": "0812 0000 0923", "purpose": "Mengurus Kartu Keluarga baru", "service": "KK"
}  # fmt: skip

_PAGES = verification_page_routes.table(
    {
        "asked": _asked, "task": lambda world: Call({"task_id": world.kept["asked"][ROHANA]["id"]}),
        "granted": lambda rt=ROHANA.rt: _granted(rt), "statement": _statement, "headless": _HEADLESS,
        "witnesses": lambda rt=ROHANA.rt: _witnesses(rt), "originals": _originals, "rt": ROHANA.rt,
        "introduced": _INTRODUCED, "names": _names(), "new_holder": _new_holder, "holder": _holder(None),
    }
)  # fmt: skip

TABLE: Table = common("verification") | _PAGES | {
    "GET /t/<token>": route(PUBLIC, _link),
    "POST /t/<token>": route(PUBLIC, _decision_on_page),
    "POST /t/<token>/asli": route(PUBLIC, _originals_on_page),
    "POST /t/<token>/tetangga": route(PUBLIC, _witnesses_on_page),
    "GET /v1/links/<token>": route(PUBLIC, _link),
    "POST /v1/links/<token>/decision": route(PUBLIC, _decision_by_link),
    "POST /v1/links/<token>/originals": route(PUBLIC, _originals_by_link),
    "POST /v1/links/<token>/witnesses": route(PUBLIC, _witnesses_by_link),
    "GET /v1/neighbourhoods": route(SCOPE, _listed("neighbourhood")),
    "GET /v1/neighbourhoods/export": route(SCOPE, _names()),
    "POST /v1/neighbourhoods/import": route(SCOPE, _table),
    "PUT /v1/neighbourhoods/<rw>/<rt>": route(SCOPE, plain(rw="005", rt="023")),
    "PUT /v1/officeholders/masterdata": route(OBJECT, _master_data),
    "GET /v1/officeholders": route(SCOPE, _listed("officeholder")),
    "POST /v1/officeholders": route(SCOPE, _new_holder),
    "PATCH /v1/officeholders/<uuid:officeholder_id>": route(OBJECT, _holder({"to_date": "2026-12-31"})),
    "PUT /v1/officeholders/<uuid:officeholder_id>/absence": route(OBJECT, _holder({"until": None})),
    "POST /v1/officeholders/enrolments": route(SCOPE, _names("?rw=005&rt=023")),
    "PUT /v1/officeholders/own/absence": route(SCOPE, lambda _world: Call(json={"until": None})),
    "GET /v1/tasks": route(SCOPE, _asked),
    "POST /v1/tasks": route(SCOPE, lambda _world: Call(json=_INTRODUCED)),
    "GET /v1/tasks/<uuid:task_id>": route(
        OBJECT, lambda world: Call({"task_id": world.kept["asked"][ROHANA]["id"]})
    ),
    "POST /v1/tasks/<uuid:task_id>/decision": route(
        OBJECT, only(_granted(), "rt_head"), only(_granted(_HEADLESS), "rw_head"), only(_statement, "officer")
    ),
    "POST /v1/tasks/<uuid:task_id>/originals": route(
        OBJECT, only(_originals(), "rt_head"), only(_originals(_HEADLESS), "rw_head")
    ),
    "POST /v1/tasks/<uuid:task_id>/witnesses": route(
        OBJECT, only(_witnesses(), "rt_head", "officer"), only(_witnesses(_HEADLESS), "rw_head", "officer")
    ),
}  # fmt: skip

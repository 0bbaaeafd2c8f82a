"""intake: pages of administrators and of whoever reads figures. Who they are for is what the API says of the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contracts.retention import DAYS
from intake.pages.administration.office_form import SECTIONS
from kit.ids import new_id
from tests.access import sign_in_world as at
from tests.access.calls import OBJECT, PUBLIC, SCOPE, Call, Make, Table, Target, World, only, plain, route, sent_by_page
from tests.access.intake_world import OWN_SERVICE
from tests.access.people import ROHANA
from tests.access.sign_in_routes import ADMINISTRATORS, STAFF
from tests.integration.intake.test_sops import drafted, sop
from tests.support.browsing import signed_in
from tests.support.page_forms import read
from tests.support.tokens import BUKIT_SANGKAL


def _on_page(ids: Mapping[str, Any], fields: Mapping[str, Any] | None) -> Call:
    """A page, or what its form sends."""
    return Call(ids, page=True, **({} if fields is None else sent_by_page(fields)))


def _shown(_world: World) -> Call:
    return Call(page=True)


# --- figures ----------------------------------------------------------------------------------------------------------


def _report(world: World) -> Call:
    """When the promises of both offices are past."""
    world.service.clock.at = max(world.service.clock.at, datetime(2026, 8, 28, 2, 0, tzinfo=UTC))
    late = {person: (case["tracking_code"],) for person, case in world.kept["late"].items()}
    return Call({"month": "2026-08"}, marks=late, page=True)


def _report_of_office(world: World) -> Call:
    mark = {ROHANA: (world.kept["late"][ROHANA]["tracking_code"],)}
    return replace(_report(world), query=f"?kelurahan={BUKIT_SANGKAL}", names=(BUKIT_SANGKAL,), marks=mark)


# --- staff and machines: each for its own administrator, as with the API ----------------------------------------------


def _at_both(make: Callable[[World, str, str], Call], *, apart: bool = False) -> list[Target]:
    def of(tenant: str, role: str) -> Make:
        return lambda world: make(world, tenant, role)

    return [only(of(*place), who, apart=apart) for who, place in ADMINISTRATORS.items()]


def _version(world: World, account_id: UUID) -> int:
    return int(world.service.rows("SELECT version FROM account WHERE id = %s", [account_id])[0]["version"])


def _list(kind: str) -> list[Target]:
    def make(world: World, tenant: str, role: str) -> Call:
        made = at.account(world.service, role, tenant) if kind == "staff" else at.machine_with_key(
            world.service, tenant
        )[0]  # fmt: skip
        return Call(query="?limit=200", private=(str(made.id),), page=True)

    return _at_both(make, apart=True)


def _invite(_world: World, _tenant: str, role: str) -> Call:
    return _on_page({}, {"name": "Nyimas Halimah", "username": f"u{new_id().hex[-12:]}", "roles": role})


def _person(fields: Mapping[str, Any] | None = None) -> list[Target]:
    def make(world: World, tenant: str, role: str) -> Call:
        made = at.account(world.service, role, tenant)
        sent = None if fields is None else {"roles": role, "versi": _version(world, made.id)} | fields
        return _on_page({"account_id": made.id}, sent)

    return _at_both(make)


def _new_machine(_world: World, _tenant: str, _role: str) -> Call:
    return _on_page({}, {"name": f"Dasbor {new_id()}", "scopes": "reports.read"})


def _machine(fields: Mapping[str, Any] | None = None, *, key: bool = False) -> list[Target]:
    def make(world: World, tenant: str, _role: str) -> Call:
        made = at.machine_with_key(world.service, tenant)[0]
        ids = {"account_id": made.id} | ({"key_id": at.key_of(world.service, made)} if key else {})
        return _on_page(ids, None if fields is None else {"versi": _version(world, made.id)} | fields)

    return _at_both(make)


# --- the office: its administrator's own, whoever else asks sees and changes his ---


def _office(part: str | None = None, fields: Mapping[str, Any] | None = None, **ids: Any) -> Make:
    """Its version is the caller's office's own, which the matrix does not change between two calls of this."""

    def make(world: World) -> Call:
        rows = world.service.rows("SELECT version FROM office WHERE kelurahan = %s", [BUKIT_SANGKAL])
        sent = None if fields is None else {"versi": rows[0]["version"]} | fields
        return _on_page(({"part": part} if part else {}) | ids, sent)

    return make


def _as_shown(part: str) -> Make:
    """A part of the office as its page shows it, sent as it stands."""

    def make(world: World) -> Call:
        address = f"/intake/kantor/{part}"
        text = signed_in(world.service, "administrator").open(address).text
        form = read(text).form_of(address)
        assert form is not None
        kept = {one.name: one.value for one in form.fields if one.chosen and one.kind != "button"}
        return _office(part, kept)(world)

    return make


_CLOSED = {"tutup-name": "Banjir", "tutup-first_day": "2030-03-01"}
_KEPT = {f"retention-{what}": days for what, days in DAYS.items()}


# --- services ---------------------------------------------------------------------------------------------------------


def _service(fields: Mapping[str, Any] | None = None, **ids: Any) -> Make:
    return lambda _world: _on_page({"code": OWN_SERVICE} | ids, fields)


def _draft(fields: Callable[[dict[str, Any]], Mapping[str, Any]] | None = None) -> Make:
    """A draft of the office's, made anew; what its form sends."""

    def make(world: World) -> Call:
        draft = drafted(world.service, f"HAL_{new_id().hex[-8:].upper()}", sop("DOMISILI"))
        sent = None if fields is None else {"versi": draft["version"]} | fields(draft["sop"])
        return _on_page({"draft_id": draft["id"]}, sent)

    return make


def _form(document: dict[str, Any]) -> dict[str, Any]:
    """The form of a draft, with one working day more."""
    made = {"sop-days": document["days"] + 1, "sop-legal_basis": "\n".join(document["legal_basis"])}
    for name in ("name", "cost", "product", "next_step", "complaint"):
        made |= {f"sop-{name}-{code}": document[name][code] for code in ("id", "en")}
    for number, step in enumerate(document["procedure"]):
        made |= {f"procedure-{number}-{code}": step[code] for code in ("id", "en")}
    for number, one in enumerate(document["requirements"]):
        made |= {f"requirements-{number}-{name}": one[name] for name in ("code", "kind")}
        for name in ("name", "photo_hint"):
            made |= {f"requirements-{number}-{name}-{code}": one[name][code] for code in ("id", "en")}
    return made


# --- the invited, and one's own password ------------------------------------------------------------------------------


def _invitation(world: World) -> Call:
    _who, invitation = at.invited(world.service)
    return Call(**sent_by_page({"invitation": invitation}))


def _acceptance(world: World) -> Call:
    who, invitation = at.invited(world.service)
    call = Call(**sent_by_page({"password": at.PASSWORD, "totp": at.code_of_app(who)}))
    cookies = f"{call.headers['Cookie']}; __Secure-invited={invitation}"
    return replace(call, headers={**call.headers, "Cookie": cookies})


def _password(role: str) -> Make:
    def make(world: World) -> Call:
        who = at.signed_in(world.service, role)
        sent = {"current": at.PASSWORD, "totp": at.code_of_app(who.account), "password": at.NEXT_PASSWORD}
        return replace(_on_page({}, sent), token=who.token)

    return make


PEOPLE, MACHINES = "/intake/pegawai", "/intake/pegawai/mesin"
DRAFT = "/intake/layanan/rancangan/<uuid:draft_id>"

TABLE: Table = {
    "GET /intake/laporan": route(SCOPE, _shown),
    "GET /intake/laporan/<month>": route(
        OBJECT, _report_of_office, only(_report, "officer", "lurah", "administrator", kind=SCOPE, apart=True)
    ),
    f"GET {PEOPLE}": route(SCOPE, *_list("staff")),
    f"GET {PEOPLE}/undang": route(SCOPE, _shown),
    f"POST {PEOPLE}/undang": route(SCOPE, *_at_both(_invite, apart=True)),
    f"GET {PEOPLE}/<uuid:account_id>": route(OBJECT, *_person()),
    f"POST {PEOPLE}/<uuid:account_id>": route(OBJECT, *_person({"name": "Kms. Saleh"})),
    f"POST {PEOPLE}/<uuid:account_id>/undangan": route(OBJECT, *_person({})),
    f"POST {PEOPLE}/<uuid:account_id>/tutup": route(OBJECT, *_person({})),
    f"GET {MACHINES}": route(SCOPE, *_list("machine")),
    f"POST {MACHINES}": route(SCOPE, *_at_both(_new_machine, apart=True)),
    f"GET {MACHINES}/<uuid:account_id>": route(OBJECT, *_machine()),
    f"POST {MACHINES}/<uuid:account_id>": route(OBJECT, *_machine({"scopes": "reports.read"})),
    f"POST {MACHINES}/<uuid:account_id>/kunci": route(OBJECT, *_machine({})),
    f"POST {MACHINES}/<uuid:account_id>/kunci/<uuid:key_id>/akhiri": route(OBJECT, *_machine({}, key=True)),
    f"POST {MACHINES}/<uuid:account_id>/tutup": route(OBJECT, *_machine({})),
    "GET /intake/kantor": route(SCOPE, _office()),
    "GET /intake/kantor/<part>": route(SCOPE, _office("alamat")),
    "POST /intake/kantor/<part>": route(
        SCOPE, _office("simpan", _KEPT), *(_as_shown(one.slug) for one in SECTIONS if one.slug != "simpan")
    ),
    "GET /intake/kalender": route(SCOPE, _office()),
    "POST /intake/kalender/<any(tutup, libur, tamu):part>": route(SCOPE, _office("tutup", _CLOSED)),
    "POST /intake/kalender/<any(tutup, libur, tamu):part>/<int:place>/hapus": route(
        SCOPE, _office("libur", {}, place=99)
    ),
    "GET /intake/layanan": route(SCOPE, _shown),
    "GET /intake/layanan/<code>": route(SCOPE, _service()),
    "GET /intake/layanan/<code>/beda/<int:number>/<int:other>": route(SCOPE, _service(number=1, other=2)),
    "POST /intake/layanan/<code>/rancangan": route(SCOPE, _service({})),
    "POST /intake/layanan/<code>/henti": route(SCOPE, _service({"from_date": "2026-12-01"})),
    f"GET {DRAFT}": route(OBJECT, _draft()),
    f"GET {DRAFT}/coba": route(OBJECT, _draft()),
    f"GET {DRAFT}/terbitkan": route(OBJECT, _draft()),
    f"POST {DRAFT}/terbitkan": route(OBJECT, _draft(lambda _document: {})),
    f"GET {DRAFT}/ubah": route(OBJECT, _draft()),
    f"POST {DRAFT}/ubah": route(OBJECT, _draft(_form)),
    f"GET {DRAFT}/dokumen": route(OBJECT, _draft()),
    f"POST {DRAFT}/dokumen": route(OBJECT, _draft(lambda document: {"dokumen": json.dumps(document)})),
    f"POST {DRAFT}/buang": route(OBJECT, _draft(lambda _document: {})),
    "GET /masuk/undangan": route(PUBLIC, plain()),
    "POST /masuk/undangan": route(PUBLIC, _invitation),
    "GET /masuk/undangan/terima": route(PUBLIC, plain()),
    "POST /masuk/undangan/terima": route(PUBLIC, _acceptance),
    "GET /masuk/sandi": route(SCOPE, _shown),
    "POST /masuk/sandi": route(OBJECT, *(only(_password(role), role) for role in STAFF), told=401),
}  # fmt: skip

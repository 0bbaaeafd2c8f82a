"""intake: signing in and out, staff and machines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import parse_qs, urlsplit

from kit.ids import new_id
from kit.pages.session import REFRESH_COOKIE
from tests.access import sign_in_world as at
from tests.access.calls import OBJECT, PUBLIC, SCOPE, Call, Make, Table, Target, World, only, plain, route, sent_by_page
from tests.access.people import KECAMATAN, ROHANA, STRANGER
from tests.access.sign_in_world import SignedIn
from tests.support.tokens import BUKIT_SANGKAL

STAFF = ("officer", "signer", "lurah", "administrator", "camat", "city", "area_administrator")
EVERYBODY = (*at.PEOPLE, *STAFF)

# --- coming in: what lets somebody in is guessed, one part after the other --------------------------------------------


def _code_wanted(_world: World) -> Call:
    return Call(json={"kelurahan": BUKIT_SANGKAL, "phone": at.new_phone()}, names=(BUKIT_SANGKAL,))


def _by_code(world: World) -> Call:
    sent = at.phone_with_code(world.service)
    return Call(json=sent, names=(sent["phone"], sent["code_id"], sent["code"]))


def _on_page(fields: Mapping[str, object]) -> Call:
    return Call(**sent_by_page({name: str(value) for name, value in fields.items()}))


def _code_wanted_on_page(_world: World) -> Call:
    return _on_page({"kelurahan": BUKIT_SANGKAL, "phone": at.new_phone()})


def _by_code_on_page(world: World) -> Call:
    return _on_page(at.phone_with_code(world.service))


def _by_password_on_page(world: World) -> Call:
    who = at.account(world.service, "officer")
    sent = {"username": who.person["username"], "password": at.PASSWORD, "totp": at.code_of_app(who)}
    return _on_page(sent | {"office": who.kelurahan})


def _goes_on(world: World) -> Call:
    refresh_token = at.signed_in(world.service, "applicant").refresh_token
    return Call(query="?ke=/saya", headers={"Cookie": f"{REFRESH_COOKIE}={refresh_token}"})


def _goes_on_with_form(world: World) -> Call:
    call, page = _goes_on(world), sent_by_page({})
    cookies = f"{call.headers['Cookie']}; {page['headers']['Cookie']}"
    return Call(query=call.query, raw=page["raw"], headers=page["headers"] | {"Cookie": cookies})


def _sign_out(who: SignedIn) -> Call:
    return Call(token=who.token, page=True, **sent_by_page({}))


def _by_password(world: World) -> Call:
    who = at.account(world.service, "officer")
    sent = {"username": who.person["username"], "password": at.PASSWORD, "totp": at.code_of_app(who)}
    return Call(json=sent | {"office": who.kelurahan}, names=tuple(sent.values()))


def _by_key(world: World) -> Call:
    machine, key = at.machine_with_key(world.service)
    return Call(json={"client_id": str(machine.id), "client_secret": key}, names=(str(machine.id), key))


def _refresh(world: World) -> Call:
    refresh_token = at.signed_in(world.service, "applicant").refresh_token
    return Call(json={"refresh_token": refresh_token}, names=(refresh_token,))


def _to_provider(world: World) -> Call:
    at.city(world)
    return Call()


def _from_provider(world: World) -> Call:
    way_back, cookie = at.came_back(world)
    state = parse_qs(urlsplit(way_back).query)["state"][0]
    return Call(query=f"?{urlsplit(way_back).query}", headers={"Cookie": cookie}, names=(state,))


def _invitation(world: World) -> Call:
    _who, invitation = at.invited(world.service)
    return Call(json={"invitation": invitation}, names=(invitation,))


def _acceptance(world: World) -> Call:
    who, invitation = at.invited(world.service)
    sent = {"invitation": invitation, "password": at.PASSWORD, "totp": at.code_of_app(who)}
    return Call(json=sent, names=(invitation,))


# --- one's own sessions: each role has its own, and nobody else has a way to them -------------------------------------


def _each(make: Callable[[SignedIn], Call], roles: Iterable[str] = EVERYBODY, *, apart: bool = False) -> list[Target]:
    """The same for somebody of each role. `apart`: others may send it too, and see or end what is theirs."""

    def of(role: str) -> Make:
        return lambda world: make(at.signed_in(world.service, role))

    return [only(of(role), role, apart=apart) for role in roles]


def _sessions(who: SignedIn) -> Call:
    return Call(token=who.token, private=(who.session_id,))


def _all_sessions(who: SignedIn) -> Call:
    return Call(token=who.token)


def _session(who: SignedIn) -> Call:
    return Call({"session_id": who.session_id}, token=who.token)


def _password(who: SignedIn) -> Call:
    sent = {"current": at.PASSWORD, "totp": at.code_of_app(who.account)}
    return Call(json=sent | {"password": at.NEXT_PASSWORD}, names=tuple(sent.values()), token=who.token)


# --- staff and machines -----------------------------------------------------------------------------------------------


def _listed(kind: str) -> Make:
    """The first of each office, who is on the first page."""

    def make(world: World) -> Call:
        marks = {person: (world.kept["accounts"][person.kelurahan][kind],) for person in (ROHANA, STRANGER)}
        return Call(query="?limit=100", marks=marks)

    return make


# Who looks after accounts, where, and a role that he may give there.
ADMINISTRATORS = {"administrator": (BUKIT_SANGKAL, "officer"), "area_administrator": (KECAMATAN, "camat")}


def _at_both(make: Callable[[World, str, str], Call], *, apart: bool = False) -> list[Target]:
    """The same at the office and at the kecamatan above it, each for its own administrator."""

    def of(tenant: str, role: str) -> Make:
        return lambda world: make(world, tenant, role)

    return [only(of(*place), who, apart=apart) for who, place in ADMINISTRATORS.items()]


def _lists(kind: str) -> list[Target]:
    def above(world: World) -> Call:
        if kind == "officer":
            made = at.account(world.service, "camat", KECAMATAN)
        else:
            made = at.machine_with_key(world.service, KECAMATAN)[0]
        return Call(query="?limit=100", private=(str(made.id),))

    return [only(_listed(kind), "administrator", apart=True), only(above, "area_administrator", apart=True)]


def _new_staff(_world: World, _tenant: str, role: str) -> Call:
    return Call(json={"name": "Nyimas Halimah", "username": f"u{new_id().hex[-12:]}", "roles": [role]})


def _staff(sent: bool | None = None) -> list[Target]:
    """`sent`: None has no body, False an empty one, True a change."""

    def make(world: World, tenant: str, role: str) -> Call:
        body = None if sent is None else {"name": "Kms. Saleh", "roles": [role]} if sent else {}
        return Call({"account_id": at.account(world.service, role, tenant).id}, json=body)

    return _at_both(make)


def _new_machine(_world: World, _tenant: str, _role: str) -> Call:
    return Call(json={"name": f"Dasbor {new_id()}", "scopes": ["reports.read"]})


def _machine(world: World, tenant: str, _role: str) -> Call:
    return Call({"account_id": at.machine_with_key(world.service, tenant)[0].id}, json={})


def _machine_changed(world: World, tenant: str, _role: str) -> Call:
    return Call({"account_id": at.machine_with_key(world.service, tenant)[0].id}, json={"scopes": ["reports.read"]})


def _key(world: World, tenant: str, _role: str) -> Call:
    machine, _secret = at.machine_with_key(world.service, tenant)
    return Call({"account_id": machine.id, "key_id": at.key_of(world.service, machine)})


TABLE: Table = {
    "GET /masuk": route(PUBLIC, plain()),
    "POST /masuk": route(PUBLIC, _by_code_on_page),
    "GET /masuk/kode": route(PUBLIC, plain()),
    "POST /masuk/kode": route(PUBLIC, _code_wanted_on_page),
    "GET /masuk/petugas": route(PUBLIC, plain()),
    "POST /masuk/petugas": route(PUBLIC, _by_password_on_page),
    "GET /masuk/lanjut": route(PUBLIC, _goes_on, once=True),
    "POST /masuk/lanjut": route(PUBLIC, _goes_on_with_form),
    "POST /keluar": route(SCOPE, *_each(_sign_out, apart=True)),
    # Wrong codes and passwords are counted, so that they are not kept as attempts besides.
    "POST /v1/auth/codes": route(PUBLIC, _code_wanted),
    "POST /v1/auth/sessions": route(PUBLIC, _by_code, told=401, tries=("sent_code",)),
    "POST /v1/auth/sessions/staff": route(PUBLIC, _by_password, told=401),
    "POST /v1/auth/machines": route(PUBLIC, _by_key, told=401),
    "POST /v1/auth/refresh": route(PUBLIC, _refresh, told=401),
    "POST /v1/auth/invitations": route(PUBLIC, _invitation),
    "POST /v1/auth/invitations/acceptance": route(PUBLIC, _acceptance),
    "GET /v1/auth/oidc": route(PUBLIC, _to_provider),
    "GET /v1/auth/oidc/callback": route(PUBLIC, _from_provider, told=401, once=True),
    "GET /v1/auth/keys": route(PUBLIC, plain()),
    "GET /v1/auth/sessions": route(SCOPE, *_each(_sessions, apart=True)),
    "DELETE /v1/auth/sessions": route(SCOPE, *_each(_all_sessions, apart=True)),
    "DELETE /v1/auth/sessions/<uuid:session_id>": route(OBJECT, *_each(_session)),
    "DELETE /v1/auth/sessions/current": route(OBJECT, *_each(_all_sessions)),
    "PUT /v1/auth/password": route(OBJECT, *_each(_password, STAFF), told=401),
    "GET /v1/staff": route(SCOPE, *_lists("officer")),
    "POST /v1/staff": route(SCOPE, *_at_both(_new_staff, apart=True)),
    "GET /v1/staff/<uuid:account_id>": route(OBJECT, *_staff()),
    "PUT /v1/staff/<uuid:account_id>": route(OBJECT, *_staff(True)),
    "DELETE /v1/staff/<uuid:account_id>": route(OBJECT, *_staff()),
    "POST /v1/staff/<uuid:account_id>/invitation": route(OBJECT, *_staff(False)),
    "GET /v1/staff/machines": route(SCOPE, *_lists("machine")),
    "POST /v1/staff/machines": route(SCOPE, *_at_both(_new_machine, apart=True)),
    "PUT /v1/staff/machines/<uuid:account_id>": route(OBJECT, *_at_both(_machine_changed)),
    "POST /v1/staff/machines/<uuid:account_id>/keys": route(OBJECT, *_at_both(_machine)),
    "DELETE /v1/staff/machines/<uuid:account_id>/keys/<uuid:key_id>": route(OBJECT, *_at_both(_key)),
}  # fmt: skip

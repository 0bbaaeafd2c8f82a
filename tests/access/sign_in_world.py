"""intake's sign-in in the world of the matrix: accounts of every role, their sessions, and the secrets that let in."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

import pyotp

from contracts import contract
from intake.domain.accounts import ACTIVE, APPLICANT, PERSON, STAFF, Account
from intake.domain.provider_roles import parsed
from intake.provider.client import Client, Provider
from intake.store import accounts
from intake.usecases import passwords, staff
from intake.usecases.tokens import begin_session
from kit.ids import new_id
from tests.access.calls import World
from tests.access.people import CAST
from tests.access.tokens import end_before_now, look_anew
from tests.support import oidc
from tests.support.oidc import OFFICER, Person, StandIn
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

PASSWORD, NEXT_PASSWORD = "perahu hijau di bawah jembatan", "empat kuda makan jagung rebus"
PEOPLE = ("applicant", "rt_head", "rw_head")
"""Roles of who comes in by phone: what they head is said by verification, not by the account."""


@dataclass(frozen=True)
class SignedIn:
    """Somebody with an account and a session."""

    account: Account
    session_id: str
    refresh_token: str

    @property
    def token(self) -> dict[str, str]:
        """What an access token says of it."""
        return {"sub": str(self.account.id), "sid": self.session_id}


def people(intake: InProcess) -> dict[str, dict[str, str]]:
    """A row of each kind at both offices; who works there and which machine asks there, by office."""
    made = {}
    for tenant in (BUKIT_SANGKAL, KALIDONI):
        officer, (machine, _key) = account(intake, "officer", tenant), machine_with_key(intake, tenant)
        made[tenant] = {"officer": str(officer.id), "machine": str(machine.id)}
        _refresh(intake, signed_in(intake, "officer", tenant))
        _send_code(intake, tenant)
        _head(intake, tenant)
    return made


def account(intake: InProcess, role: str, tenant: str = BUKIT_SANGKAL) -> Account:
    """An account that comes in with PASSWORD. All that it had before now counts no more."""
    at, kind = datetime.now(UTC), PERSON if role in PEOPLE else STAFF
    roles = [APPLICANT] if kind == PERSON else [role]
    name = new_phone() if kind == PERSON else f"u{new_id().hex[-12:]}"
    person = {"name": "Nyimas Halimah", "phone": name} if kind == PERSON else {
        "name": "Nyimas Halimah", "username": name, "totp": passwords.new_totp_secret()
    }  # fmt: skip
    made = Account(new_id(), tenant, kind, new_id(), roles, ACTIVE, None, 0, None, at, "administrator", 1, person)
    with intake.deps.db.transaction(tenant) as tx:
        known = accounts.known_by(intake.deps.fingerprints, kind, name)
        assert accounts.add(tx, intake.deps.data_keys, made, known)
        made.password_hash = _hash() if kind == STAFF else None
        accounts.save(tx, intake.deps.data_keys, made)
        tx.execute("DELETE FROM rate")  # nobody signs in as often as the matrix does
        end_before_now(tx, str(made.id))
    look_anew(intake)
    return made


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD)


def new_phone() -> str:
    return f"+62812{new_id().int % 10**8:08d}"


def signed_in(intake: InProcess, role: str, tenant: str | None = None) -> SignedIn:
    """Somebody of this role, at his own office."""
    who = account(intake, role, tenant or CAST[role].own.get("tenant", BUKIT_SANGKAL))
    with intake.deps.db.transaction(who.kelurahan) as tx:
        tokens = begin_session(intake.deps, tx, who, "Android")
    return SignedIn(who, str(tokens.session_id), str(tokens.refresh_token))


def code_of_app(who: Account) -> str:
    """What the authenticator app shows now."""
    return pyotp.TOTP(who.person["totp"]).now()


def city(world: World) -> StandIn:
    """The identity provider, which answers until the tests end."""
    if "city" not in world.kept:
        running = world.kept["city"] = StandIn()
        threading.Thread(target=running.serve_forever, daemon=True).start()
        rule = {"claim": ["groups"], "values": {OFFICER: {"office": BUKIT_SANGKAL, "roles": ["officer"]}}}
        back = "http://127.0.0.1:8080/v1/auth/oidc/callback"
        client = Client(running.issuer, oidc.CLIENT, oidc.SECRET, ("RS256",), parsed(json.dumps(rule)), back)
        world.service.deps.provider = Provider(client)
    found: StandIn = world.kept["city"]
    return found


def came_back(world: World) -> tuple[str, str]:
    """The address that the provider sends somebody's browser to, and the browser's cookie."""
    provider = city(world)
    answer = world.service.call("GET", "/v1/auth/oidc")
    assert answer.status_code == 303, answer.text
    way_back = provider.browse(answer.headers["Location"], Person(str(new_id())))
    return way_back, answer.headers["Set-Cookie"].partition(";")[0]


def invited(intake: InProcess, tenant: str = BUKIT_SANGKAL) -> tuple[Account, str]:
    """Somebody who has not accepted yet, and the invitation."""
    with intake.deps.db.transaction(tenant) as tx:
        return staff.invite(
            intake.deps, tx, "Nyimas Halimah", f"u{new_id().hex[-12:]}", ["officer"], "administrator"
        )  # fmt: skip


def machine_with_key(intake: InProcess, tenant: str = BUKIT_SANGKAL) -> tuple[Account, str]:
    with intake.deps.db.transaction(tenant) as tx:
        return staff.add_machine(intake.deps, tx, f"Dasbor {new_id()}", ["reports.read"], "administrator")


def key_of(intake: InProcess, machine: Account) -> UUID:
    with intake.deps.db.transaction(machine.kelurahan) as tx:
        [key] = accounts.keys_of(tx, [machine.id])
    found: UUID = key["id"]
    return found


def phone_with_code(intake: InProcess, tenant: str = BUKIT_SANGKAL) -> dict[str, Any]:
    """Somebody's phone, the code that came to it, and the id that it counts with."""
    phone, code_id = _send_code(intake, tenant)
    [told] = intake.told("message.requested", latest=1)
    assert told["data"]["person"]["to"]["phone"] == phone
    code = str(told["data"]["person"]["values"]["code"])
    return {"kelurahan": tenant, "phone": phone, "code_id": code_id, "code": code}


def _send_code(intake: InProcess, tenant: str) -> tuple[str, str]:
    phone = new_phone()
    answer = intake.call("POST", "/v1/auth/codes", json={"kelurahan": tenant, "phone": phone})
    assert answer.status_code == 202, answer.text
    return phone, str(answer.json["code_id"])


def _refresh(intake: InProcess, who: SignedIn) -> None:
    answer = intake.call("POST", "/v1/auth/refresh", json={"refresh_token": who.refresh_token})
    assert answer.status_code == 200, answer.text


def _head(intake: InProcess, tenant: str) -> None:
    """Verification says who heads an RT."""
    head = contract("officeholder.changed").example | {"officeholder_id": str(new_id()), "kelurahan": tenant}
    head["person"] = {"name": "M. Yusuf Effendi", "phone": new_phone()}
    intake.feed("officeholder.changed", head, subject=head["officeholder_id"], tenant=tenant)

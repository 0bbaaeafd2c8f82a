"""The office in which other systems are tried: made once, with some made-up cases, and machines are let in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from contracts.sandbox import CODE
from intake.deps import Deps
from intake.domain.accounts import APPLICANT, SCOPES
from intake.offices import shipped_office
from intake.store import applications as cases
from intake.store import offices
from intake.usecases import applications, staff
from intake.usecases.offices import put_office
from kit import audit
from kit.auth import Caller
from kit.db import Tx

_LIKE = "16.71.10.1001"
_PLACE = "CONTOH"
STREET = "Jalan Contoh Nomor 1"


def office() -> dict[str, Any]:
    """The office's data: like the shipped one's, and nothing in them is anybody's."""
    like: dict[str, Any] = dict(shipped_office(_LIKE))
    return like | {
        "code": CODE, "name": _PLACE, "kecamatan": _PLACE, "kota": _PLACE, "province": _PLACE, "made_up": ["all"],
        "address": like["address"] | {"street": STREET, "postal_code": "00000"},
        "letterhead": {
            "lines": ["KELURAHAN CONTOH", "UNTUK UJI COBA SISTEM"], "address": f"{STREET} (rekaan)", "emblem": None,
        },
        "registers": like["registers"] | {"code": "CONTOH"},
        "officials": [
            {"role": "lurah", "name": "Lurah Contoh", "position": "Lurah CONTOH", "rank": None, "nip": None},
            {"role": "officer", "name": "Petugas Contoh", "position": "Petugas Loket", "rank": None, "nip": None},
        ],
    }  # fmt: skip


def prepare(deps: Deps, tx: Tx) -> None:
    """The office is there from now on, as it ships; nothing is done where it is."""
    if offices.get(tx, CODE) is None:
        put_office(deps, tx, office())


def let_in(deps: Deps, name: str, bodies: Iterable[dict[str, Any]]) -> tuple[str, str]:
    """(client_id, client_secret) of another machine, which may do here all that machines may; cases like `bodies`
    are opened where there are none. Raises OfficeUnknown where the office was not made, NameTaken."""
    with deps.db.transaction(CODE) as tx:
        if not cases.batch(tx, deps.data_keys, None, 1):
            _open_cases(deps, tx, bodies)
        account, key = staff.add_machine(deps, tx, name, SCOPES, "operator")
        audit.changed(tx, status=201, who="operator", made=str(account.id))
    return str(account.id), key


def _open_cases(deps: Deps, tx: Tx, bodies: Iterable[dict[str, Any]]) -> None:
    for number, body in enumerate(bodies, 1):
        who = Caller(f"sandbox:{number}", frozenset({APPLICANT}), CODE, {})
        applications.open_application(deps, tx, who, body)

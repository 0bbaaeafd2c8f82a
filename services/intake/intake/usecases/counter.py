"""Somebody stands at the counter: what his NIK says, and what the office knows of him already."""

from __future__ import annotations

from typing import Any

from intake.deps import Deps
from intake.domain.identity import Sex, parse_nik
from intake.domain.people import accept_nik
from intake.domain.suggestions import OF_APPLICANT, OFFERED
from intake.store import applications as store
from intake.usecases.offices import office
from kit.db import Tx

MOST_CASES = 10
_NAMED = ("name", "rt", "rw", *OF_APPLICANT)


def known_of(deps: Deps, tx: Tx, nik: str) -> dict[str, Any]:
    """{applicant, contact, cases}: birth date and sex as the NIK has them, and over them what the newest of the
    person's cases says. Raises NotAccepted."""
    today = office(deps, tx, tx.tenant).today(deps.clock.now())
    number = parse_nik(accept_nik(nik, today), today=today)
    applicant: dict[str, Any] = {
        "nik": number.number,
        "birth_date": number.birth_date.isoformat(),
        "sex": "L" if number.sex is Sex.MALE else "P",
    }
    wanted = {"nik_index": deps.data_keys.blind_indexes(number.number, "nik")}
    found = store.look_up(tx, deps.data_keys, wanted, MOST_CASES)
    earlier = [one for one in found if one.status in OFFERED]
    contact: dict[str, Any] = {}
    if earlier:
        person = earlier[0].person
        applicant |= {name: person["applicant"][name] for name in _NAMED if person["applicant"].get(name)}
        contact = {} if person.get("helper") else dict(person.get("contact") or {})
    return {"applicant": applicant, "contact": contact, "cases": found}

"""Values of a person's other cases, offered for a new one; nothing is filled in unasked.

an officer       of all of the person's cases in the office
the person       of those that are on his login as his own
a helper         of all, where an officer or the RT head heard the person agree; where a code came back from the
                 person's phone, of those that know this phone as the person's. A paper that nobody has verified
                 yet opens nothing, nor does a NIK: whoever types one is not therefore that person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intake.domain.applications import HELPER, OFFICER, RESIDENT
from intake.domain.case import Actor, Application
from intake.domain.catalogue import wrong_value
from intake.domain.consent import CODE, HEARD, helper_of, own_phone
from intake.domain.provenance import by_field

OFFERED = frozenset({"submitted", "returned", "received", "verified", "issued", "completed", "withdrawn", "expired"})
"""Where a case is whose values are offered: no draft, which nobody looked at, and no rejected one."""
OF_APPLICANT = (
    "kk_number", "head_of_family", "birth_place", "birth_date", "sex", "nationality", "religion", "marital_status",
    "education", "occupation", "address",
)  # fmt: skip
_OF_THE_CASE = frozenset({"remarks"})


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that may be taken over: `part` and `field` say where it belongs in a correction."""

    part: str
    field: str
    value: Any
    tracking_code: str
    at: datetime


def may_see(case: Application, actor: Actor, subject: str, earlier: Application) -> bool:
    """Whether this caller may see what the person's earlier case says."""
    if OFFICER in actor.roles:
        return True
    if HELPER in actor.roles:
        return _agreed(case, earlier)
    return RESIDENT in actor.roles and RESIDENT in earlier.held_by(subject)


def _agreed(case: Application, earlier: Application) -> bool:
    if case.consent in HEARD:
        return True
    phone = own_phone(case.person)
    if case.consent != CODE or phone is None:
        return False
    known = {own_phone(earlier.person)}
    if helper_of(earlier.person) is None:
        known.add((earlier.person.get("contact") or {}).get("phone"))
    return phone in known


def suggestions(case: Application, sop: Mapping[str, Any], earlier: Sequence[Application]) -> list[Suggestion]:
    """What the earlier cases, newest first, say otherwise or besides. Of each field the newest."""
    fields = {field["code"]: field for field in sop["fields"]}
    found: dict[str, Suggestion] = {}
    for one in earlier:
        given = by_field(one.person.get("provenance") or [])
        for part, code, value in _values(one, fields):
            if code not in found:
                at = given.get(code, {}).get("at") or one.changed_at
                found[code] = Suggestion(part, code, value, one.tracking_code, at)
    return [one for one in found.values() if case.given.get(one.field) != one.value]


def _values(one: Application, fields: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, str, Any]]:
    """Those that the service of the new case has a place for."""
    applicant, details = one.person.get("applicant", {}), one.person.get("details", {})
    own = [("applicant", code, applicant[code]) for code in OF_APPLICANT if applicant.get(code)]
    others = [
        ("details", code, value)
        for code, value in details.items()
        if code in fields and code not in _OF_THE_CASE and fields[code]["source"] != "rt_head"
        if value and wrong_value(fields[code], value) is None
    ]
    return own + others

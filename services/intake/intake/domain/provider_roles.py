"""What the claims of the city's identity provider give here: one rule of the operator's, `OIDC_ROLES`.

    {"claim": ["groups"],
     "values": {"pengantar-loket-bukit-sangkal": {"office": "16.71.10.1001", "roles": ["officer"]},
                "pengantar-camat-kalidoni":      {"office": "16.71.10",      "roles": ["camat"]}}}

`claim` is the way to the value, one name for each step; there stands a text or a list of them. Values that the rule
does not list are groups of other systems and give nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from intake.domain.accounts import roles_at
from intake.domain.sign_in_errors import NoRoleHere, SeveralOffices

_STEPS = 8


@dataclass(frozen=True)
class Given:
    """Roles in one kelurahan, kecamatan or city."""

    office: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class RoleRule:
    """`claim` leads to what somebody has; `values` says what each of it gives."""

    claim: tuple[str, ...]
    values: Mapping[str, Given]

    def given(self, claims: Mapping[str, Any]) -> Given:
        """All roles that the claims give together. Raises NoRoleHere, and SeveralOffices since a session is of one."""
        found = [self.values[value] for value in _values(claims, self.claim) if value in self.values]
        if not found:
            raise NoRoleHere
        offices = sorted({one.office for one in found})
        if len(offices) > 1:
            raise SeveralOffices(offices)
        return Given(offices[0], tuple(sorted({role for one in found for role in one.roles})))


def parsed(text: str) -> RoleRule:
    """The rule of the setting. Raises ValueError, which says where it is wrong."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("is not JSON") from error
    if not isinstance(said, dict) or said.keys() != {"claim", "values"}:
        raise ValueError("must be an object with claim and values")
    claim, values = said["claim"], said["values"]
    if not _texts(claim) or len(claim) > _STEPS:
        raise ValueError('claim: must be a list of names, such as ["groups"]')
    if not isinstance(values, dict) or not values:
        raise ValueError("values: must be an object, with a key for each value of the claim")
    return RoleRule(tuple(claim), {value: _given(value, what) for value, what in values.items()})


def _given(value: str, what: Any) -> Given:
    if not isinstance(what, dict) or what.keys() != {"office", "roles"} or not isinstance(what["office"], str):
        raise ValueError(f"{value}: must have office and roles")
    try:
        known = roles_at(what["office"])
    except ValueError as error:
        raise ValueError(f"{value}: {what['office']} is {error}") from error
    if not _texts(what["roles"]) or not known.issuperset(what["roles"]):
        raise ValueError(f"{value}: roles of {what['office']} are {', '.join(sorted(known))}")
    return Given(what["office"], tuple(sorted(set(what["roles"]))))


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one for one in value)


def _values(claims: Mapping[str, Any], way: Iterable[str]) -> list[str]:
    """The texts at the end of the way; none where it leads nowhere."""
    there: Any = claims
    for step in way:
        there = there.get(step) if isinstance(there, Mapping) else None
    several = there if isinstance(there, list) else [there]
    return [one for one in several if isinstance(one, str)]

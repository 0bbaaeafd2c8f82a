"""Who calls, and whose the things are: every role towards Rohana's case in Bukit Sangkal.

A new role is one line in CAST: who of that role the thing belongs to, and who of it it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from tests.support.tokens import BUKIT_SANGKAL, KALIDONI

OWN = "own"
OTHER_OFFICE = "another office's"
KECAMATAN, CITY = "16.71.10", "16.71"
"""Those that Bukit Sangkal lies in."""

Claims = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody whose data must not turn up where they have no business. All are made up."""

    sub: str
    name: str
    nik: str
    phone: str
    street: str
    kelurahan: str = BUKIT_SANGKAL
    rw: str = "005"
    rt: str = "023"

    @property
    def canaries(self) -> set[str]:
        """What tells who it is, in each spelling that an answer may have."""
        return {self.name, self.nik, self.street, self.phone.removeprefix("+62")}

    @property
    def contact(self) -> dict[str, str]:
        return {"name": self.name, "phone": self.phone}


ROHANA = Person(
    "rohana", "Rohana binti H. Cek Umar", "1671105503559001", "+6281271009001", "Lorong Melati Nomor 9001",
)  # fmt: skip
NEIGHBOUR = Person(
    "fatimah", "Fatimah binti Kgs. Hasan", "1671105503559002", "+6281271009002", "Lorong Kenanga Nomor 9002", rt="024",
)  # fmt: skip
ACROSS = Person(
    "masayu", "Masayu Halimah", "1671105503559003", "+6281271009003", "Lorong Cempaka Nomor 9003", rw="006",
)  # fmt: skip
STRANGER = Person(
    "zubaidah", "Zubaidah binti Nang Uju", "1671105503559004", "+6281271009004", "Lorong Seruni Nomor 9004", KALIDONI,
)  # fmt: skip
EVERYBODY = (ROHANA, NEIGHBOUR, ACROSS, STRANGER)


@dataclass(frozen=True)
class Role:
    """How a caller of a role stands to Rohana's things: the claims of whose they are, and of those whose not;
    `elsewhere` is what they say of one whose office has nothing to do with hers."""

    own: Claims = field(default_factory=dict)
    others: dict[str, Claims] = field(default_factory=dict)
    elsewhere: Claims = field(default_factory=lambda: {"tenant": KALIDONI})


_OUTSIDE: dict[str, Claims] = {
    "an office's outside `within`": {"tenant": CITY, "within": ["16.71.09"], "sub": "mesin-terbatas"}
}
"""Of a machine of the city that was let in for another kecamatan only."""
_OTHER_RTS = {"another RT's": {"rw": "005", "rt": "024"}, "the same RT of another RW's": {"rw": "006", "rt": "023"}}

CAST: dict[str, Role] = {
    "applicant": Role(
        {"sub": ROHANA.sub}, {"another person's": {"sub": NEIGHBOUR.sub}}, {"tenant": KALIDONI, "sub": STRANGER.sub}
    ),
    "rt_head": Role({"rw": "005", "rt": "023"}, _OTHER_RTS),
    "rw_head": Role({"rw": "005"}, {"another RW's": {"rw": "006"}}),
    "officer": Role(),
    "signer": Role(),
    "lurah": Role(),
    "administrator": Role(),
    "camat": Role({"tenant": KECAMATAN}, elsewhere={"tenant": "16.71.09"}),
    "city": Role({"tenant": CITY}, elsewhere={"tenant": "16.72"}),
    "area_administrator": Role({"tenant": KECAMATAN}, elsewhere={"tenant": "16.71.09"}),
    # A machine's role is what it may do; one may be held to some of the offices below its place.
    "reports.read": Role({"tenant": CITY}, _OUTSIDE, {"tenant": "16.71.09"}),
    "cases.read": Role({"tenant": CITY}, _OUTSIDE, {"tenant": "16.71.09"}),
    "letters.read": Role({"tenant": CITY}, _OUTSIDE, {"tenant": "16.71.09"}),
    "events.read": Role({"tenant": CITY}, _OUTSIDE, {"tenant": "16.71.09"}),
    "complaints.read": Role({"tenant": CITY}, _OUTSIDE, {"tenant": "16.71.09"}),
    "masterdata.write": Role({"tenant": CITY}, _OUTSIDE, {"tenant": "16.71.09"}),
    "subscriptions.manage": Role(
        {"tenant": CITY, "sub": "mesin-kota"},
        {"another machine's": {"tenant": CITY, "sub": "mesin-lain"}} | _OUTSIDE,
        {"tenant": "16.72", "sub": "mesin-linggau"},
    ),
    # A new role: its line goes here.
}

WATCHERS = ("camat", "city", "reports.read", "cases.read", "letters.read", "events.read", "complaints.read")


@dataclass(frozen=True)
class Caller:
    """One caller of a role. `claims` has sub and tenant, and what the role brings besides."""

    role: str
    relation: str
    claims: Claims

    @property
    def sub(self) -> str:
        return str(self.claims["sub"])

    @property
    def tenant(self) -> str:
        return str(self.claims["tenant"])

    @property
    def own(self) -> bool:
        return self.relation == OWN

    @property
    def roles(self) -> tuple[str, ...]:
        return (self.role,)

    @property
    def parts(self) -> tuple[Caller, ...]:
        return (self,)

    def __str__(self) -> str:
        return self.role if self.own else f"{self.role} ({self.relation})"

    def may_know(self, person: Person) -> bool:
        """Whether this person's data may ever be shown to this caller: the rule that every answer is held against."""
        if self.tenant != person.kelurahan:
            return False
        if self.role == "applicant":
            return self.sub == person.sub
        place = {"rw": person.rw, "rt": person.rt}
        return all(self.claims.get(name, value) == value for name, value in place.items())

    def may_count(self, person: Person) -> bool:
        """Whether this person's case may turn up in what the caller is shown: for whoever watches over offices those of
        all below him, and never whose they are."""
        places = self.claims.get("within", [self.tenant])
        above = self.role in WATCHERS and any(person.kelurahan.startswith(f"{place}.") for place in places)
        return above or self.may_know(person)


def callers_of(role: str) -> Iterator[Caller]:
    """Everybody of a role: whose it is first, then the others of the office, then one of another office."""
    cast = CAST[role]
    yield _caller(role, OWN, cast.own)
    for relation, claims in cast.others.items():
        yield _caller(role, relation, claims)
    yield _caller(role, OTHER_OFFICE, cast.own | cast.elsewhere)


def _caller(role: str, relation: str, claims: Claims) -> Caller:
    place = "-".join(str(claims[name]) for name in ("tenant", "rw", "rt") if name in claims)
    return Caller(role, relation, {"sub": f"{role}:{place}", "tenant": BUKIT_SANGKAL} | claims)


@dataclass(frozen=True)
class Pair:
    """Somebody who has two roles at once, in one token. What he may is what each of `parts` alone may, and no more: a
    token is of one office, so that both are of that."""

    parts: tuple[Caller, ...]
    roles: tuple[str, ...]
    claims: Claims

    @property
    def sub(self) -> str:
        return str(self.claims["sub"])

    @property
    def tenant(self) -> str:
        return str(self.claims["tenant"])

    def within(self, roles: frozenset[str]) -> Pair:
        """For a route that lets in these roles alone, the other part gives him nothing."""
        return replace(self, parts=tuple(part for part in self.parts if part.role in roles))

    def may_know(self, person: Person) -> bool:
        return any(part.may_know(person) for part in self.parts)

    def may_count(self, person: Person) -> bool:
        return any(part.may_count(person) for part in self.parts)

    def __str__(self) -> str:
        return f"{' and '.join(self.roles)}, as {' and '.join(map(str, self.parts)) or 'neither'}"


def _one(role: str, relation: str = OWN) -> Caller:
    return next(caller for caller in callers_of(role) if caller.relation == relation)


def _pair(one: Caller, other: Caller) -> Pair:
    """A person has his own `sub`; the places of both are in the token."""
    assert one.tenant == other.tenant
    sub = one.sub if one.role == "applicant" else f"{one.sub}+{other.sub}"
    return Pair((one, other), (one.role, other.role), {**other.claims, **one.claims, "sub": sub})


PAIRS = (
    _pair(_one("applicant"), _one("rt_head", "another RT's")),
    _pair(_one("applicant", "another person's"), _one("rt_head")),
    _pair(_one("applicant", OTHER_OFFICE), _one("rt_head", OTHER_OFFICE)),
    _pair(_one("applicant"), _one("rw_head", "another RW's")),
    _pair(_one("applicant", "another person's"), _one("rw_head")),
    _pair(_one("officer", OTHER_OFFICE), _one("rt_head", OTHER_OFFICE)),
    _pair(_one("officer"), _one("signer")),
    _pair(_one("lurah"), _one("administrator")),
    _pair(_one("lurah", OTHER_OFFICE), _one("administrator", OTHER_OFFICE)),
    _pair(_one("camat"), _one("area_administrator")),
    _pair(_one("camat", OTHER_OFFICE), _one("area_administrator", OTHER_OFFICE)),
)
"""People with their posts, and staff with two tasks. No account has those of both, and a token is of one office: an
officer who heads an RT is one of another office, where his RT has the number of Rohana's."""

"""What the table of routes is made of: how a right request looks, and whose the thing is that it names."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from kit.ids import new_id
from kit.pages.session import ACCESS_COOKIE
from tests.access.people import Person
from tests.support.services import InProcess

OBJECT = "object"
"""It names something: another's is not found, and the attempt is on record."""
SCOPE = "scope"
"""It is about the caller's own office, RT or person: everybody of the role may call it, and sees only his own."""
SECRET = "secret"
"""Whoever is signed in at the office and knows the secret may: a code that came by message, a certificate's place."""
PUBLIC = "public"
"""Anybody may, with a token or without; what it names is a secret, or nobody's."""
SYSTEM = "system"
"""It is about the whole system and no office: everybody of the role may."""


_PLACE = re.compile(r"<(?:[^<>:]*:)?(\w+)>")


@dataclass(frozen=True)
class Call:
    """One request: values of the rule's places, query, and a body. `form` makes a multipart body anew each time.

    `marks` says what of whom a list shows; `names` are the ids and secrets by which the request finds its object:
    with another one in the place of any of them nothing is found. `about`: whom a secret's holder sees; `handed`: whose
    paper is handed to an archive, which is shown nobody anywhere else. `token`: what
    the token of whose it is says besides, his account and session; `private`: what nobody but him is shown."""

    ids: Mapping[str, Any] = field(default_factory=dict)
    query: str = ""
    json: Any = None
    form: Callable[[], dict[str, Any]] | None = None
    raw: tuple[bytes, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    marks: Mapping[Person, tuple[str, ...]] = field(default_factory=dict)
    about: Person | None = None
    handed: Person | None = None
    token: Mapping[str, Any] = field(default_factory=dict)
    private: tuple[str, ...] = ()
    page: bool = False
    """A page for who is signed in: his token comes as a cookie, and who has none is sent for one."""

    def send(self, service: InProcess, method: str, rule: str, headers: Mapping[str, str]) -> Any:
        more: dict[str, Any] = {}
        if self.json is not None:
            more["json"] = self.json
        if self.form is not None:
            more |= {"data": self.form(), "content_type": "multipart/form-data"}
        if self.raw is not None:
            more |= {"data": self.raw[0], "content_type": self.raw[1]}
        headers = _as_cookie(self.headers, headers) if self.page else headers
        return service.call(method, self.path(rule) + self.query, headers={**self.headers, **headers}, **more)

    def path(self, rule: str) -> str:
        """The address: each `<…:name>` of the rule is its value."""
        return _PLACE.sub(lambda found: quote(str(self.ids[found[1]])), rule)

    def guesses(self) -> Iterator[tuple[str, Call]]:
        """The same request with one of its names guessed."""
        named = {str(value) for value in self.ids.values() if _is_id(value)} | set(self.names)
        for name in sorted(named):
            yield name, self._with(name, str(new_id()) if _is_id(name) else _another(name))

    def forgeries(self) -> Iterator[tuple[str, Call]]:
        """The same form as another site would have a browser send it."""
        yield "without the mark of our page", replace(self, headers={**self.headers, "Cookie": "__Host-csrf=another"})
        yield "of another site", replace(self, headers={**self.headers, "Sec-Fetch-Site": "cross-site"})
        yield "of another host", replace(self, headers={**self.headers, "Origin": "https://another.example"})

    def _with(self, name: str, guess: str) -> Call:
        ids = {key: guess if str(value) == name else value for key, value in self.ids.items()}
        body = json.loads(json.dumps(self.json, default=str).replace(name, guess))
        raw = self.raw and (self.raw[0].replace(name.encode(), guess.encode()), self.raw[1])
        return replace(self, ids=ids, query=self.query.replace(name, guess), json=body, raw=raw)


def _is_id(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def _another(secret: str) -> str:
    """A secret of the same shape that is not it."""
    return "".join(_next(sign) for sign in secret)


def _next(sign: str) -> str:
    if sign.isdigit():
        return str((int(sign) + 3) % 10)
    if not sign.isalpha():
        return sign
    alphabet = "ABCDEFGHJKMNPQRSTVWXYZ"
    return alphabet[(alphabet.find(sign.upper()) + 5) % len(alphabet)]


def _as_cookie(own: Mapping[str, str], headers: Mapping[str, str]) -> dict[str, str]:
    """The token as a browser sends it, beside the cookies that are there."""
    token = headers.get("Authorization", "").removeprefix("Bearer ")
    cookies = [own.get("Cookie", ""), f"{ACCESS_COOKIE}={token}" if token else ""]
    return {"Cookie": "; ".join(filter(None, cookies)), "Accept": "text/html"}


def sent_by_page(fields: Mapping[str, str]) -> dict[str, Any]:
    """What a form of one of our pages sends, as parts of a Call."""
    own = {"csrf": "a-page-of-ours", "dari": "/"}
    return {
        "raw": (urlencode({**fields, **own}).encode(), "application/x-www-form-urlencoded"),
        "headers": {"Cookie": "__Host-csrf=a-page-of-ours", "Accept": "text/html"},
    }


@dataclass
class World:
    """What a service knows in the matrix: its people's cases; `kept` has what the service's own part puts there."""

    service: InProcess
    kept: dict[str, Any] = field(default_factory=dict)


Make = Callable[[World], Call]


@dataclass(frozen=True)
class Target:
    """Something to aim at, made anew for each caller who may. `roles`: who may of those that the route lets in (None:
    all of them); the others of them are told that it is not theirs to do."""

    make: Make
    roles: frozenset[str] | None = None
    kind: str | None = None
    """Where one address has several ways in, the kind of this one."""
    apart: bool = False
    """The other roles have a way of their own, and nothing is said of them here."""
    access: frozenset[str] | None = None
    """Who may by this way, where the route itself is everybody's."""


@dataclass(frozen=True)
class Route:
    """A line of the table."""

    kind: str
    targets: tuple[Target, ...]
    told: int = 404
    """What others are told, and who guesses: 403 where it is no secret that the thing exists, 401 where a secret is
    what lets in."""
    on_record: bool = True
    """Whether attempts at what is not the caller's are kept; where not, the table says why."""
    tries: tuple[str, ...] = ()
    """Tables in which a refused attempt counts as a try."""
    once: bool = False
    """A GET that uses up what it names."""


def route(kind: str, *makes: Make | Target, **more: Any) -> Route:
    """A line of the table, from what makes its requests."""
    return Route(kind, tuple(make if isinstance(make, Target) else Target(make) for make in makes), **more)


def only(make: Make, *roles: str, **more: Any) -> Target:
    """A target that is these roles' alone."""
    return Target(make, frozenset(roles), **more)


def plain(**ids: Any) -> Make:
    """A request that wants nothing but its address."""
    return lambda _world: Call(ids)


Table = dict[str, Route]

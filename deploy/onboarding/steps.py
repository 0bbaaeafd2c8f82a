"""What brings an office to what its file says: each step looks first, and does only what is missing."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import requests

from deploy.onboarding.reading import Mistake, OfficeFile
from deploy.running_system import System
from intake.schemas.staff import StaffIn

WAITS = 60.0
"""Seconds until a new office is known to the service that keeps its registers."""

_NOT_YET = (404, 503)
"""What a service answers that has not heard of the office."""
_OF_DICTS = ("key", "value")
"""Between the name of an entry and what is wrong with it, descriptions of mistakes say which of both is meant."""

Done = Iterator[str]
"""What was done, or would be, line by line; nothing where all is as the file says."""


@dataclass(frozen=True)
class Setup:
    """One office that is set up. `dry_run`: nothing is written."""

    system: System
    file: OfficeFile
    dry_run: bool

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.system.ask(method, path, "administrator", self.file.code, **more)

    @property
    def dry(self) -> dict[str, str]:
        return {"dry_run": "true"} if self.dry_run else {}


def office(setup: Setup) -> Done:
    """The office itself: names, letterhead, numbers, officials, calendar."""
    answer = setup.ask("PUT", "/v1/masterdata", params=setup.dry, json={"offices": [setup.file.part("office")]})
    _check(setup, answer, lambda errors: _places(errors.get("offices", {}).get("0", errors), ("office",)))
    [item] = answer.json()["items"]
    if item["errors"]:
        said = [
            setup.file.said(("office", *path.replace("[", ".").replace("]", "").split(".")), " ".join(words))
            for path, words in item["errors"].items()
        ]
        raise Mistake(*said)
    if item["result"] != "unchanged":
        yield f"{item['result']}: {', '.join(item['changed'])}"


def registers(setup: Setup) -> Done:
    """Where registers go on from paper; what has gone further meanwhile stays there."""
    wanted = setup.file.part("registers") or {}
    if not wanted:
        return
    year = _today(setup).year
    for series, last in wanted.items():
        where = f"/v1/registers/{year}/series/{series}"
        answer = _known(setup, where, ("registers", series))
        if answer is None:
            yield f"{series}: would go on after {last}"
        elif answer.json()["last"] < last:
            if not setup.dry_run:
                _check(setup, setup.ask("PUT", where, json={"last": last}), lambda _errors: [(("registers",), _errors)])
            yield f"{series}: {year} goes on after {last}"


def neighbourhoods(setup: Setup) -> Done:
    """RTs and who heads them: a list in the file, or a table beside it."""
    wanted = setup.file.part("neighbourhoods")
    if isinstance(wanted, str):
        yield from _table(setup, wanted)
    elif wanted:
        yield from _list(setup, wanted)


def staff(setup: Setup) -> Done:
    """Who works here: the missing are invited, other names and roles are taken over, nobody is closed out."""
    wanted = setup.file.part("staff") or []
    known = {one["username"].casefold(): one for one in _all(setup, "/v1/staff")} if wanted else {}
    for at, one in enumerate(wanted):
        found = known.get(str(one["username"]).casefold())
        if found is None:
            yield _invited(setup, at, one)
        elif found["state"] == "closed":
            raise Mistake(setup.file.said(("staff", at), "this account was closed; take another user name"))
        elif (found["name"], sorted(found["roles"])) != (one["name"], sorted(one["roles"])):
            if not setup.dry_run:
                sent = {"name": one["name"], "roles": one["roles"]}
                answer = setup.ask("PUT", f"/v1/staff/{found['id']}", json=sent)
                _check(setup, answer, lambda errors, at=at: _places(errors, ("staff", at)))  # type: ignore[misc]
            yield f"{one['username']}: {one['name']}, {', '.join(one['roles'])}"


def services(setup: Setup) -> Done:
    """What the office offers; the others of its catalogue are offered no more from today on."""
    wanted = setup.file.part("services")
    if wanted is None:
        return
    answer = setup.ask("GET", f"/v1/services?kelurahan={setup.file.code}")
    if answer.status_code == 404 and setup.dry_run:
        return  # a new office begins with the shipped ones
    offered = {one["service"] for one in answer.json()["items"]}
    if gone := [one for one in wanted if one not in offered]:
        said = "is not offered here; publish a version of it on the page of services first"
        raise Mistake(*(setup.file.said(("services", wanted.index(one)), f"{one} {said}") for one in gone))
    for code in sorted(offered - set(wanted)):
        if not setup.dry_run:
            _check(
                setup, setup.ask("POST", f"/v1/services/{code}/retirement", json={}), lambda _e: [(("services",), _e)]
            )
        yield f"{code} is offered no more"


STEPS: Mapping[str, Callable[[Setup], Done]] = {
    "office": office, "services": services, "registers": registers, "neighbourhoods": neighbourhoods, "staff": staff,
}  # fmt: skip


def mistakes_of_staff(file: OfficeFile) -> list[str]:
    """What is wrong about people who are to be invited, before anybody is."""
    shape, said = StaffIn(), list[str]()
    for at, one in enumerate(file.part("staff") or []):
        for place, words in _places(shape.validate(one), ("staff", at)):
            said.append(file.said(place, str(words)))
    return said


def _invited(setup: Setup, at: int, one: Mapping[str, Any]) -> str:
    """The invitation is shown this once; asked for again within two days, it is the same one."""
    if setup.dry_run:
        return f"{one['username']} would be invited"
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{setup.file.code}/{one['username']}/{sorted(one.items())}"))
    answer = setup.ask("POST", "/v1/staff", json=dict(one), key=key)
    _check(setup, answer, lambda errors: _places(errors, ("staff", at)))
    body = answer.json()
    return f"{one['username']} is invited until {body['invitation_until']}, by this secret: {body['invitation']}"


def _list(setup: Setup, wanted: Sequence[Mapping[str, Any]]) -> Done:
    lists: dict[str, list[dict[str, Any]]] = {"neighbourhoods": [], "officeholders": []}
    at: dict[tuple[str, int], int] = {}
    for number, one in enumerate(wanted):
        name = "officeholders" if "role" in one else "neighbourhoods"
        at[name, len(lists[name])] = number
        lists[name].append({**one, "kelurahan": setup.file.code})
    answer = setup.ask("PUT", "/v1/officeholders/masterdata", params=setup.dry, json=lists)

    def places(errors: Mapping[str, Any]) -> Iterator[tuple[tuple[object, ...], Any]]:
        for name, items in errors.items():
            for index, wrong in items.items():
                yield from _places(wrong, ("neighbourhoods", at[name, int(index)]))

    _check(setup, answer, places)
    items = answer.json()["items"]
    if wrong := [item for item in items if item["errors"]]:
        raise Mistake(*(
            setup.file.said(("neighbourhoods", at[item["list"], item["index"]], field), " ".join(words))
            for item in wrong for field, words in item["errors"].items()
        ))  # fmt: skip
    counts = answer.json()["counts"]
    if told := [f"{counts[result]} {result}" for result in ("added", "changed") if counts[result]]:
        yield ", ".join(told)


def _table(setup: Setup, name: str) -> Done:
    path = setup.file.path.parent / name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Mistake(setup.file.said(("neighbourhoods",), f"{name} cannot be read: {error.strerror}")) from error
    answer = setup.ask(
        "POST", "/v1/neighbourhoods/import", params=setup.dry, data=content, headers={"Content-Type": "text/csv"}
    )
    if answer.status_code != 200:
        wrong = answer.json().get("errors", {}).get("lines", {})
        said = [f"{name}, line {line}: {_words(words)}" for line, words in wrong.items()]
        raise Mistake(*(said or [f"{name}: {answer.json().get('detail', answer.status_code)}"]))
    results = [item["result"] for item in answer.json()["items"]]
    if told := [f"{results.count(one)} {one}" for one in ("added", "changed") if one in results]:
        yield ", ".join(told)


def _known(setup: Setup, where: str, place: tuple[str, ...]) -> requests.Response | None:
    """A register as soon as its service has heard of the office; None where only a look is taken at a new one."""
    until = time.monotonic() + WAITS
    while (answer := setup.ask("GET", where)).status_code in _NOT_YET:
        if setup.dry_run:
            return None
        if time.monotonic() > until:
            raise Mistake(setup.file.said(place, "there is no such register in the office"))
        time.sleep(0.5)
    _check(setup, answer, lambda errors: [(place, errors)])
    return answer


def _today(setup: Setup) -> datetime:
    """By the clock of the system, in the office's zone."""
    now = datetime.fromisoformat(setup.ask("GET", "/v1/clock").json()["now"])
    known = setup.ask("GET", f"/v1/offices/{setup.file.code}")
    office = known.json() if known.status_code == 200 else setup.file.part("office")
    return now.astimezone(ZoneInfo(office.get("zone", "Asia/Jakarta")))


def _all(setup: Setup, path: str) -> Iterator[dict[str, Any]]:
    cursor: str | None = ""
    while cursor is not None:
        page = setup.ask("GET", path, params={"limit": "100"} | ({"cursor": cursor} if cursor else {})).json()
        yield from page["items"]
        cursor = page["next_cursor"]


Places = Callable[[Mapping[str, Any]], Any]


def _check(setup: Setup, answer: requests.Response, places: Places) -> None:
    """Raises Mistake where the answer is a refusal, with the lines that it is about."""
    if answer.status_code < 300:
        return
    body = answer.json()
    wrong = body.get("errors", {}).get("json", {})
    said = [setup.file.said(place, _words(words)) for place, words in (places(wrong) if wrong else ())]
    raise Mistake(*(said or [f"{body.get('title')}: {body.get('detail')}"]))


def _places(errors: Any, place: tuple[object, ...]) -> Iterator[tuple[tuple[object, ...], Any]]:
    """Each place with what is said of it."""
    if not isinstance(errors, Mapping):
        yield place, _words(errors)
        return
    for name, wrong in errors.items():
        within = name in _OF_DICTS and isinstance(wrong, Mapping | list)
        yield from _places(wrong, place if within else (*place, name))


def _words(said: Any) -> str:
    if isinstance(said, Mapping):
        return "; ".join(f"{name}: {_words(words)}" for name, words in said.items())
    if isinstance(said, list):
        return " ".join(_words(one) for one in said)
    return str(getattr(said, "en", said))

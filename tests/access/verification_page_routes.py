"""Pages of verification that one signs in to: what heads are asked, their days away, what they begin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.access.calls import OBJECT, SCOPE, Call, Make, Table, World, only, route, sent_by_page


def on_page(call: Call, **fields: str) -> Call:
    """The same by a page's form."""
    sent = sent_by_page(fields)
    return replace(call, json=None, page=True, **sent)


def shown(make: Make) -> Make:
    """The same as a page that is read."""
    return lambda world: replace(make(world), page=True)


def formed(make: Make, fields: Mapping[str, str]) -> Make:
    return lambda world: on_page(make(world), **fields)


_JUDGED = {"decision": "grant"}
_NAMED = {
    "witnesses-90-relation": "Tetangga depan",
    "witnesses-90-name": "Tukiman",
    "witnesses-90-phone": "0812 0000 0931",
}


def table(kept: Mapping[str, Any]) -> Table:
    """`kept`: how the API's own requests are made, by name."""
    granted, statement, witnesses = kept["granted"], kept["statement"], kept["witnesses"]
    headless = kept["headless"]

    def originals(rt: str) -> Make:
        def make(world: World) -> Call:
            call = kept["originals"](rt)(world)
            return on_page(call, file_ids=call.json["file_ids"][0])

        return make

    at = "/verification/tugas"
    return {
        f"GET {at}": route(SCOPE, shown(kept["asked"])),
        f"GET {at}/<uuid:task_id>": route(OBJECT, shown(kept["task"])),
        f"POST {at}/<uuid:task_id>": route(
            OBJECT, only(formed(granted(), _JUDGED), "rt_head"), only(formed(granted(headless), _JUDGED), "rw_head"),
            only(formed(statement, {"decision": "confirm"}), "officer"),
        ),
        f"POST {at}/<uuid:task_id>/asli": route(
            OBJECT, only(originals(kept["rt"]), "rt_head"), only(originals(headless), "rw_head")
        ),
        f"POST {at}/<uuid:task_id>/tetangga": route(
            OBJECT, only(formed(witnesses(), _NAMED), "rt_head", "officer"),
            only(formed(witnesses(headless), _NAMED), "rw_head", "officer"),
        ),
        "GET /verification/cuti": route(SCOPE, lambda _world: Call(page=True)),
        "POST /verification/cuti": route(SCOPE, lambda _world: on_page(Call(), kembali="ya")),
        "GET /verification/pengantar": route(SCOPE, lambda _world: Call(page=True)),
        "POST /verification/pengantar": route(SCOPE, lambda _world: on_page(Call(), **kept["introduced"])),
    }  # fmt: skip

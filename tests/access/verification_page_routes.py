"""Pages of verification that one signs in to: what heads are asked, their days away, what they begin."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

from tests.access.calls import OBJECT, SCOPE, Call, Make, Table, World, only, route, sent_by_page
from tests.support.browsing import day_typed


def on_page(call: Call, **fields: str) -> Call:
    """The same by a page's form."""
    sent = sent_by_page(fields)
    return replace(call, json=None, page=True, **sent)


def shown(make: Make) -> Make:
    """The same as a page that is read."""
    return lambda world: replace(make(world), page=True)


def formed(make: Make, fields: Mapping[str, str]) -> Make:
    return lambda world: on_page(make(world), **fields)


_RTS = itertools.count(201)
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
    } | _of_heads(kept)  # fmt: skip


def _of_heads(kept: Mapping[str, Any]) -> Table:
    """Neighbourhoods and who heads them."""
    places, holders, holder, names = "/verification/wilayah", "/verification/pejabat", kept["holder"], kept["names"]
    of_023 = {"rw": "005", "rt": "023"}

    def new_holder(world: World) -> Call:
        typed = dict(kept["new_holder"](world).json)
        return on_page(Call(), **day_typed("from_date", typed.pop("from_date")), **typed)

    return {
        f"GET {places}": route(SCOPE, lambda _world: Call(query="?rw=005", page=True)),
        f"POST {places}": route(SCOPE, lambda _world: on_page(Call(), **of_023)),
        f"GET {places}/<rw>/<rt>": route(SCOPE, shown(lambda world: replace(names(world), ids=of_023))),
        f"GET {places}/impor": route(SCOPE, lambda _world: Call(page=True)),
        f"POST {places}/impor": route(SCOPE, _table),
        f"GET {places}/ekspor": route(SCOPE, shown(names)),
        f"GET {holders}": route(SCOPE, shown(lambda world: replace(names(world), query="?rw=005&rt=023"))),
        f"GET {holders}/baru": route(SCOPE, lambda _world: Call(page=True)),
        f"POST {holders}/baru": route(SCOPE, new_holder),
        f"GET {holders}/<uuid:officeholder_id>": route(OBJECT, shown(holder)),
        f"POST {holders}/<uuid:officeholder_id>/masa": route(
            OBJECT, formed(holder, day_typed("to_date", "2026-12-31") | {"versi": "1"})
        ),
        f"POST {holders}/<uuid:officeholder_id>/cuti": route(OBJECT, formed(holder, {"kembali": "ya", "versi": "1"})),
        f"POST {holders}/undangan": route(
            SCOPE, lambda world: replace(on_page(Call(), **of_023), marks=names(world).marks)
        ),
    }  # fmt: skip


def _table(world: World) -> Call:
    text = f"rw,rt,role,name,phone,from_date\r\n005,{next(_RTS)},,,,\r\n"
    own = {"csrf": "a-page-of-ours", "dari": "/"}
    return Call(
        form=lambda: own | {"file": (BytesIO(text.encode()), "wilayah.csv")}, page=True,
        headers={"Cookie": "__Host-csrf=a-page-of-ours", "Accept": "text/html"},
    )  # fmt: skip

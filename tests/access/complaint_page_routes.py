"""Pages of complaints: to file one, to follow it by its ticket, and the desk."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from intake.pages.complaints.holding import _COOKIE
from tests.access import complaint_routes as api
from tests.access.calls import OBJECT, PUBLIC, SCOPE, Call, Make, Table, World, only, route, sent_by_page
from tests.access.people import ROHANA
from tests.integration.intake.test_complaints import photo
from tests.support import files as pictures
from tests.support.tokens import BUKIT_SANGKAL

DESK, TICKET = "/intake/keluhan", "/keluhan/<ticket>"
ONE = f"{DESK}/<uuid:complaint_id>"
_PHOTO = pictures.jpeg()


def _cookies(world: World, made: dict[str, Any]) -> dict[str, str]:
    """What the browser of whoever filed it sends."""
    sealed = world.service.deps.data_keys.seal({"ticket": made["ticket"], "secret": made["secret"]}, _COOKIE)
    return {"Cookie": f"__Host-csrf=a-page-of-ours; {_COOKIE}={sealed}", "Accept": "text/html"}


def _of(state: Callable[..., dict[str, Any]], **ids: str) -> Make:
    def make(world: World) -> Call:
        made = state(world.service)
        return Call({"ticket": made["ticket"]} | ids, headers=_cookies(world, made), about=ROHANA)

    return make


def _sent(state: Callable[..., dict[str, Any]], act: str | None = None, **fields: str) -> Make:
    def make(world: World) -> Call:
        made = state(world.service)
        form = sent_by_page(fields | ({"secret": made["secret"]} if act == "" else {}))
        if act != "":  # the secret is typed where the browser does not have it
            form["headers"] = _cookies(world, made)
        ids = {"ticket": made["ticket"]} | ({"act": act} if act else {})
        return Call(ids, names=(made["ticket"],), about=ROHANA, **form)

    return make


def _alone(world: World) -> Call:
    """As anybody sees it who has the ticket."""
    return Call({"ticket": api._filed(world.service)["ticket"]}, headers={"Accept": "text/html"})


def _filing(_world: World) -> Call:
    typed = {"kelurahan": BUKIT_SANGKAL, "kind": "complaint", "text": "Loket tutup.", "confidentiality": "anonymous"}
    return Call(**sent_by_page(typed))


def _page(query: str = "") -> Make:
    return lambda _world: Call(query=query, headers={"Accept": "text/html"})


def _photo_sent(world: World) -> Call:
    made = api._filed(world.service)

    def form() -> dict[str, Any]:
        return {"csrf": "a-page-of-ours", "file": (io.BytesIO(_PHOTO), "foto.jpg")}

    return Call({"ticket": made["ticket"]}, form=form, headers=_cookies(world, made), names=(made["ticket"],))


def _photo_shown(world: World) -> Call:
    made = api._filed(world.service)
    file_id = photo(world.service, made, _PHOTO).json["file_id"]
    world.service.work()
    return Call({"ticket": made["ticket"], "file_id": file_id}, headers=_cookies(world, made))


def _desk(state: Any, act: str | None = None, **fields: str) -> list[Any]:
    """A target for each desk, with what it handles."""

    def make(about: str) -> Make:
        def call(world: World) -> Call:
            ids = {"complaint_id": state(world.service, about)["id"]} | ({"act": act} if act else {})
            return Call(ids, page=True, **(sent_by_page(fields) if fields else {}))

        return call

    return [only(make(about), *roles) for about, roles in api.DESKS.items()]


def _assigning(world: World) -> Call:
    made, account = api._checked(world.service), world.kept["accounts"][BUKIT_SANGKAL]["officer"]
    ids = {"complaint_id": made["id"], "act": "serahkan"}
    return Call(ids, page=True, **sent_by_page({"account_id": str(account)}))


def _photo_at_desk(world: World) -> Call:
    call = api._photo_of(world)
    return Call(call.ids, page=True)


def _listed(make: Make) -> Make:
    def call(world: World) -> Call:
        found = make(world)
        return Call(query=found.query, marks=found.marks, page=True)

    return call


_WHY = {"complaint_class": "complaint", "reason": "Perlu diperiksa."}
TABLE: Table = {
    "GET /keluhan": route(PUBLIC, _page(f"?kelurahan={BUKIT_SANGKAL}")),
    "POST /keluhan": route(PUBLIC, _filing),
    "GET /keluhan/cari": route(PUBLIC, _page()),
    f"GET {TICKET}": route(PUBLIC, _of(api._answered), _alone),
    f"POST {TICKET}": route(PUBLIC, _sent(api._answered, "")),
    f"GET {TICKET}/tiket": route(PUBLIC, _of(api._filed)),
    f"POST {TICKET}/tutup-halaman": route(PUBLIC, _sent(api._filed)),
    f"POST {TICKET}/foto": route(PUBLIC, _photo_sent),
    f"GET {TICKET}/foto/<uuid:file_id>": route(PUBLIC, _photo_shown),
    f"POST {TICKET}/<act>": route(
        PUBLIC,
        _sent(api._checked, "tambah", text="Tanggal 18."),
        _sent(api._answered, "keberatan", text="Belum."),
        _sent(api._answered, "puas"),
        _sent(api._checked, "cabut"),
        _sent(api._closed, "hapus"),
    ),
    f"GET {DESK}": route(
        SCOPE, only(_listed(api._listed), "officer", "lurah", apart=True),
        only(_listed(api._above("lurah")), "camat", apart=True), only(_listed(api._above("camat")), "city", apart=True),
    ),
    f"GET {ONE}": route(OBJECT, *_desk(api._filed)),
    f"GET {ONE}/<act>": route(OBJECT, *_desk(api._checked, "jawab")),
    f"POST {ONE}/<act>": route(
        OBJECT,
        *_desk(api._filed, "periksa", complaint_class="complaint"),
        *_desk(api._checked, "jawab", text="Sudah."),
        *_desk(api._filed, "tanya", text="Kapan?"),
        *_desk(api._checked, "kelas", **_WHY),
        *_desk(api._filed, "tutup", result="duplicate", text="Sudah ada."),
        only(_assigning, "officer", "lurah"),
    ),
    f"GET {ONE}/foto/<uuid:file_id>": route(OBJECT, only(_photo_at_desk, "officer", "lurah")),
}  # fmt: skip

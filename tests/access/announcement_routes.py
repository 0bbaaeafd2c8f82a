"""notify: announcements. Each is its office's, and whoever works there sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from kit.ids import new_id
from notify.domain.announcements import Announcement
from notify.store import announcements as store
from tests.access.calls import OBJECT, SCOPE, Call, Make, Table, World, route, sent_by_page
from tests.support.tokens import BUKIT_SANGKAL

PAGES = "/notify/pengumuman"
BODY = {"title": "Kerja bakti", "text": "Minggu pagi.", "with_picture": False}
_TYPED = {"title": "Kerja bakti", "text": "Minggu pagi.", "audience": "heads"}
_KEY = "akses/pengumuman.png"


def _made(world: World, status: str) -> Announcement:
    """One of Rohana's office, ready for the next thing; its picture lies in our own bucket."""
    deps = world.service.deps
    file = world.kept.get("picture") or world.service.handed_by("documents", _KEY, b"\x89PNG\r\n", "image/png")
    world.kept["picture"] = file
    with deps.db.transaction(BUKIT_SANGKAL) as tx:
        one = Announcement(
            new_id(), BUKIT_SANGKAL, "heads", None, None, True, status, "s", datetime.now(UTC),
            {"title": "Kerja bakti", "text": "Minggu pagi."}, picture=file,
            estimate={"heads": 1, "agreed": 0, "messages": 1, "price": 0},
        )  # fmt: skip
        store.add(tx, deps.data_keys, one)
    return one


def _one(
    status: str = "draft", body: Mapping[str, Any] | None = None, *, page: bool = False,
    typed: Mapping[str, str] | None = None,
) -> Make:  # fmt: skip
    def make(world: World) -> Call:
        one = _made(world, status)
        fields = sent_by_page({**typed, "versi": str(one.version)}) if typed is not None else {}
        return Call({"announcement_id": one.id}, json=body, page=page or typed is not None, **fields)

    return make


def _listed(*, page: bool = False) -> Make:
    def make(world: World) -> Call:
        one = _made(world, "draft")
        return Call(private=(str(one.id),), page=page)

    return make


def _new(_world: World) -> Call:
    return Call(json=BODY)


def _new_on_page(_world: World) -> Call:
    return Call(page=True, **sent_by_page(_TYPED))


_FORM: Callable[[World], Call] = lambda _world: Call(page=True)  # noqa: E731

TABLE: Table = {
    "GET /v1/announcements": route(SCOPE, _listed()),
    "POST /v1/announcements": route(SCOPE, _new),
    "GET /v1/announcements/<uuid:announcement_id>": route(OBJECT, _one()),
    "PUT /v1/announcements/<uuid:announcement_id>": route(OBJECT, _one(body=BODY)),
    "GET /v1/announcements/<uuid:announcement_id>/picture": route(OBJECT, _one()),
    "POST /v1/announcements/<uuid:announcement_id>/send": route(OBJECT, _one(body={})),
    "POST /v1/announcements/<uuid:announcement_id>/stop": route(OBJECT, _one("sending", {})),
    f"GET {PAGES}": route(SCOPE, _listed(page=True)),
    f"GET {PAGES}/baru": route(SCOPE, _FORM),
    f"POST {PAGES}/baru": route(SCOPE, _new_on_page),
    f"GET {PAGES}/<uuid:announcement_id>": route(OBJECT, _one(page=True)),
    f"GET {PAGES}/<uuid:announcement_id>/gambar": route(OBJECT, _one(page=True)),
    f"GET {PAGES}/<uuid:announcement_id>/ubah": route(OBJECT, _one(page=True)),
    f"POST {PAGES}/<uuid:announcement_id>/ubah": route(OBJECT, _one(typed=_TYPED)),
    f"POST {PAGES}/<uuid:announcement_id>/kirim": route(OBJECT, _one(typed={})),
    f"POST {PAGES}/<uuid:announcement_id>/hentikan": route(OBJECT, _one("sending", typed={})),
}

"""intake: the pages of an officer's desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.access import intake_world as at
from tests.access.calls import OBJECT, SCOPE, Call, Make, Table, World, route, sent_by_page
from tests.access.people import ROHANA, STRANGER
from tests.integration.intake import cast
from tests.support.services import InProcess

CASE = "/intake/permohonan/<uuid:application_id>"
REQUESTS = "/intake/permintaan"
WRITTEN = "/intake/pesan-warga"
_BECAUSE = {"reason": "Dikenal di loket"}
_RETURN = {"items-0-requirement": "SURAT_KEHILANGAN", "items-0-problem": "Tulisan tidak terbaca"}


def _page(**more: Any) -> Make:
    return lambda _world: Call(page=True, **more)


def _case(**ids: str) -> Make:
    return lambda world: Call({"application_id": world.kept["cases"][ROHANA]["id"], **ids}, page=True)


def _day(world: World) -> Call:
    """When the promises of both offices are past: what is late stands on it."""
    world.service.clock.at = max(world.service.clock.at, datetime(2026, 8, 28, 2, 0, tzinfo=UTC))
    return Call(page=True, marks={ROHANA: (world.kept["late"][ROHANA]["tracking_code"],)})


def _scan(world: World) -> Call:
    ids = {"application_id": world.kept["cases"][ROHANA]["id"], "file_id": world.kept["file"]}
    return Call(ids, page=True)


def _in(state: Callable[[InProcess], dict[str, Any]], step: str, **typed: str) -> Make:
    """A case that is where this step begins, and what the form of the step sends."""
    return lambda world: Call({"application_id": state(world.service)["id"], "step": step}, page=True,
                              **sent_by_page(typed))  # fmt: skip


def _correcting(world: World) -> Call:
    case = at.opened(world.service)
    return Call({"application_id": case["id"]}, page=True, **sent_by_page({"details-remarks": "Dibantu tetangga"}))


def _adding(world: World) -> Call:
    own = {"csrf": "a-page-of-ours", "dari": "/"}
    headers = {"Cookie": "__Host-csrf=a-page-of-ours", "Accept": "text/html"}
    case = at.opened(world.service)
    return Call({"application_id": case["id"]}, page=True, form=lambda: own | at.photo_form(), headers=headers)


def _searching(world: World) -> Call:
    case = world.kept["cases"][ROHANA]
    sent = sent_by_page({"tracking_code": case["tracking_code"]})
    return Call(page=True, marks={ROHANA: (case["id"],)}, **sent)


def _opening(_world: World) -> Call:
    body = cast.body()
    typed = {f"applicant-{name}": value for name, value in body["applicant"].items()}
    typed |= {f"contact-{name}": value for name, value in body["contact"].items()}
    return Call(page=True, **sent_by_page(typed | {"service": "KK/lost"}))


def _by_nik(_world: World) -> Call:
    """Nobody's, since the form shows again what was typed; whom else it shows is in test_officer_pages."""
    return Call(page=True, **sent_by_page({"nik": "1671105503559990"}))


def _answering(world: World) -> Call:
    case, correction = at.to_correct(world.service)
    ids = {"application_id": case, "correction_id": correction}
    return Call(ids, page=True, **sent_by_page({"outcome": "done"}))


def _asking(world: World) -> Call:
    case = at.opened(world.service)
    return Call({"application_id": case["id"]}, page=True, **sent_by_page({"words": "Nama ayah salah tulis."}))


def _consenting(world: World) -> Call:
    ids = {"application_id": at.opened(world.service)["id"], "kind": "courier"}
    return Call(ids, page=True, **sent_by_page({"given": "true", "text_version": "1"}))


def _erasing(world: World) -> Call:
    return Call({"application_id": at.withdrawn(world.service)["id"]}, page=True, **sent_by_page({}))


def _written_by_people(world: World) -> Call:
    return Call(page=True, marks={person: (at.written(world.service, person),) for person in (ROHANA, STRANGER)})


def _comments(world: World) -> Call:
    return Call(page=True, marks={person: (at.commented(world.service, person),) for person in (ROHANA, STRANGER)})


def _message(world: World) -> Call:
    return Call({"message_id": at.written(world.service, ROHANA)}, page=True)


def _answered(world: World) -> Call:
    return Call({"message_id": at.written(world.service, ROHANA)}, page=True, **sent_by_page({}))


TABLE: Table = {
    "GET /intake/hari-ini": route(SCOPE, _day),
    "GET /intake/cari": route(SCOPE, _page()),
    "POST /intake/cari": route(SCOPE, _searching),
    "GET /intake/loket": route(SCOPE, _page()),
    "POST /intake/loket": route(SCOPE, _opening),
    "POST /intake/loket/nik": route(SCOPE, _by_nik),
    f"GET {REQUESTS}": route(SCOPE, _page()),
    f"GET {REQUESTS}/<uuid:application_id>": route(OBJECT, _case()),
    f"POST {REQUESTS}/<uuid:application_id>/<uuid:correction_id>": route(OBJECT, _answering),
    f"POST {REQUESTS}/<uuid:application_id>": route(OBJECT, _asking),
    f"POST {REQUESTS}/<uuid:application_id>/persetujuan/<kind>": route(OBJECT, _consenting),
    f"POST {REQUESTS}/<uuid:application_id>/penghapusan": route(OBJECT, _erasing),
    f"GET {WRITTEN}": route(SCOPE, _written_by_people),
    f"GET {WRITTEN}/<uuid:message_id>": route(OBJECT, _message),
    f"POST {WRITTEN}/<uuid:message_id>": route(OBJECT, _answered),
    f"GET {WRITTEN}/<uuid:message_id>/berkas": route(OBJECT, _message),
    "GET /intake/survei": route(SCOPE, _page()),
    "GET /intake/survei/saran": route(SCOPE, _comments),
    f"GET {CASE}": route(OBJECT, _case()),
    f"GET {CASE}/<step>": route(OBJECT, _case(step="tolak")),
    f"POST {CASE}/<step>": route(
        OBJECT,
        _in(at.submitted, "terima"),
        _in(at.with_papers, "kirim"),
        _in(at.returned, "kirim-ulang"),
        _in(at.submitted, "kembalikan", **_RETURN),
        _in(at.submitted, "tolak", **_BECAUSE),
        _in(at.submitted, "batalkan"),
        _in(at.opened, "tanpa-syarat", requirement="SURAT_KEHILANGAN", **_BECAUSE),
        _in(at.opened, "tanpa-pengantar", **_BECAUSE),
        _in(at.opened, "minta-pengantar", purpose="Pengurusan Kartu Keluarga"),
        _in(at.doubted, "loloskan", **_BECAUSE),
        _in(at.original_wanted, "asli", requirements="SURAT_KEHILANGAN"),
        _in(at.by_nuraini, "persetujuan", method="in_person"),
        _in(lambda intake: at.agreed_by(intake, "somebody-else"), "akhiri-bantuan"),
    ),
    f"GET {CASE}/data": route(OBJECT, _case()),
    f"POST {CASE}/data": route(OBJECT, _correcting),
    f"GET {CASE}/berkas": route(OBJECT, _case()),
    f"POST {CASE}/berkas": route(OBJECT, _adding),
    f"GET {CASE}/berkas/<uuid:file_id>": route(OBJECT, _scan),
}

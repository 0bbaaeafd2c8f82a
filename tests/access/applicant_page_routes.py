"""intake: the pages of an applicant."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from tests.access import intake_world as at
from tests.access import sign_in_world as signed
from tests.access.calls import OBJECT, SCOPE, SECRET, Call, Make, Table, Target, World, only, route, sent_by_page
from tests.access.people import ROHANA
from tests.access.sign_in_world import SignedIn
from tests.integration.intake import cast
from tests.integration.intake.test_consent import OWN
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

CASE = "/saya/<uuid:application_id>"
SERVICE = {"kelurahan": BUKIT_SANGKAL, "service": "KK"}
PEOPLE = ("applicant", "rt_head", "rw_head")


def _page(query: str = "", **ids: str) -> Make:
    return lambda world: Call({"application_id": world.kept["cases"][ROHANA]["id"], **ids}, query, page=True)


def _sent(state: Callable[[InProcess], dict[str, Any]], fields: Mapping[str, str] | None = None, **ids: str) -> Make:
    """A case that is where this form begins, and what is typed into it."""
    made = sent_by_page(fields or {})
    return lambda world: Call({"application_id": state(world.service)["id"], **ids}, page=True, **made)


def _started(_world: World) -> Call:
    """Somebody else each time: one open case for a person and service."""
    known = cast.applicant()
    about = {f"applicant-{name}": str(known[name]) for name in ("name", "nik", "rt", "rw")}
    typed = about | {"contact-phone": "0812-7100-0071", "alasan": "lost", "untuk": "sendiri"}
    return Call(SERVICE, page=True, **sent_by_page(typed))


def _agreeing(world: World) -> Call:
    case, code = at.helped_with_code(world.service)
    return Call({"application_id": case["id"]}, page=True, **sent_by_page({"code": code}))


def _helped(world: World) -> Call:
    return Call({"application_id": at.helped(world.service)["id"]}, page=True)


def _agreed(world: World) -> Call:
    return Call({"application_id": at.agreed_by(world.service, ROHANA.sub)["id"]}, page=True)


def _photo_kept(world: World) -> Call:
    return Call({"application_id": world.kept["cases"][ROHANA]["id"], "file_id": world.kept["file"]}, page=True)


def _photo(world: World) -> Call:
    """The form as a browser sends it: the fields first, then the file."""
    case = at.opened(world.service)
    form = {**at.photo_form(), "csrf": "a-page-of-ours"}
    del form["requirement"]
    body, kind = _multipart(form)
    headers = sent_by_page({})["headers"]
    ids = {"application_id": case["id"], "requirement": "SURAT_KEHILANGAN"}
    return Call(ids, raw=(body, kind), headers=headers, page=True)


def _multipart(form: Mapping[str, Any]) -> tuple[bytes, str]:
    content, name = form["file"]
    mark = "--a-mark-between"
    lines = [
        mark, 'Content-Disposition: form-data; name="csrf"', "", form["csrf"],
        mark, f'Content-Disposition: form-data; name="file"; filename="{name}"', "Content-Type: image/jpeg", "", "",
    ]  # fmt: skip
    body = "\r\n".join(lines).encode() + content.read() + f"\r\n{mark}--\r\n".encode()
    return body, "multipart/form-data; boundary=a-mark-between"


def _codes(make: Callable[[InProcess], dict[str, str]], **more: str) -> Make:
    def codes(world: World) -> Call:
        return Call(page=True, **sent_by_page(make(world.service) | more))

    return codes


def _revocation_code(world: World) -> Call:
    case = at.agreed_by(world.service, "somebody-else")
    return Call(page=True, **sent_by_page({"tracking_code": case["tracking_code"], "phone": OWN}))


def _each(make: Callable[[SignedIn], Call], roles: Iterable[str] = PEOPLE, *, apart: bool = False) -> list[Target]:
    def of(role: str) -> Make:
        return lambda world: make(signed.signed_in(world.service, role))

    return [only(of(role), role, apart=apart) for role in roles]


def _account(who: SignedIn) -> Call:
    """The form that ends it is there for other sessions only, so that nothing of them is named."""
    return Call(token=who.token, page=True)


def _account_form(who: SignedIn) -> Call:
    return replace(_account(who), **sent_by_page({}))


def _session(who: SignedIn) -> Call:
    return replace(_account_form(who), ids={"session_id": who.session_id})


TABLE: Table = {
    "GET /ajukan": route(SCOPE, lambda _world: Call(page=True)),
    "GET /ajukan/<kelurahan>/<service>": route(SCOPE, lambda _world: Call(SERVICE, page=True)),
    "GET /ajukan/<kelurahan>/<service>/mulai": route(
        SCOPE, lambda _world: Call(SERVICE, "?alasan=lost&untuk=sendiri", page=True)
    ),
    "POST /ajukan/<kelurahan>/<service>/mulai": route(SCOPE, _started),
    f"GET {CASE}": route(OBJECT, _page()),
    f"GET {CASE}/lanjut": route(OBJECT, _page()),
    f"GET {CASE}/isi/<code>": route(OBJECT, _page(code="alamat")),
    f"POST {CASE}/isi/<code>": route(
        OBJECT,
        _sent(at.opened, {"applicant-address": "Jalan 1", "applicant-rt": "023", "applicant-rw": "005"}, code="alamat"),
    ),
    f"GET {CASE}/foto/<requirement>": route(OBJECT, _page(requirement="SURAT_KEHILANGAN")),
    f"POST {CASE}/foto/<requirement>": route(OBJECT, _photo),
    f"GET {CASE}/foto/berkas/<uuid:file_id>": route(OBJECT, _photo_kept),
    f"GET {CASE}/pengantar": route(OBJECT, _page()),
    f"POST {CASE}/pengantar": route(OBJECT, _sent(at.opened, {"purpose": "Pengurusan Kartu Keluarga"})),
    f"GET {CASE}/persetujuan": route(OBJECT, _helped),
    f"POST {CASE}/persetujuan/kode": route(OBJECT, _sent(at.helped, {"phone": OWN})),
    # Wrong codes are counted with the case.
    f"POST {CASE}/persetujuan": route(OBJECT, _agreeing),
    f"GET {CASE}/izin": route(OBJECT, _page()),
    f"POST {CASE}/izin/<kind>": route(
        OBJECT, _sent(at.opened, {"given": "true", "text_version": "1"}, kind="courier")
    ),
    f"GET {CASE}/periksa": route(OBJECT, _page()),
    f"POST {CASE}/kirim": route(OBJECT, _sent(at.with_papers)),
    f"GET {CASE}/batal": route(OBJECT, _page()),
    f"POST {CASE}/batal": route(OBJECT, _sent(at.opened)),
    f"GET {CASE}/data": route(OBJECT, _page()),
    f"GET {CASE}/data/pembaca": route(OBJECT, _page()),
    f"POST {CASE}/data/salinan": route(OBJECT, _sent(at.opened)),
    f"POST {CASE}/data/salinan/unduh": route(OBJECT, _sent(at.recorded)),
    f"POST {CASE}/data/perbaikan": route(OBJECT, _sent(at.opened, {"words": "Nama ayah saya salah tulis."})),
    f"POST {CASE}/data/penghapusan": route(OBJECT, _sent(at.withdrawn)),
    # Wrong codes are told at their field, and counted with the case.
    "GET /saya/ambil": route(SCOPE, lambda _world: Call(page=True)),
    "POST /saya/ambil": route(SECRET, _codes(at.codes_to_claim), told=422, on_record=False, tries=("application",)),
    "GET /saya/setuju": route(SCOPE, lambda _world: Call(page=True)),
    "POST /saya/setuju": route(SECRET, _codes(at.codes_to_agree), told=422, on_record=False, tries=("consent_code",)),
    "GET /saya/tanpa-pendamping": route(SCOPE, lambda _world: Call(page=True)),
    "POST /saya/tanpa-pendamping/kode": route(SCOPE, _revocation_code),
    "POST /saya/tanpa-pendamping": route(
        SECRET, _codes(at.codes_to_revoke), told=422, on_record=False, tries=("consent_code",)
    ),
    f"GET {CASE}/pendamping": route(OBJECT, _agreed),
    f"POST {CASE}/pendamping": route(OBJECT, _sent(lambda intake: at.agreed_by(intake, ROHANA.sub))),
    "GET /saya/akun": route(SCOPE, *_each(_account, apart=True)),
    "POST /saya/akun/sesi/<uuid:session_id>/akhiri": route(OBJECT, *_each(_session)),
    "POST /saya/akun/keluar-semua": route(SCOPE, *_each(_account_form, apart=True)),
    "GET /saya/akun/hapus": route(SCOPE, *_each(_account, apart=True)),
    "POST /saya/akun/hapus": route(SCOPE, *_each(_account_form, apart=True)),
}  # fmt: skip

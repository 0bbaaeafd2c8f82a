"""documents: its pages for who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from deploy.demo import certificates
from tests.access import documents_world as at
from tests.access.calls import OBJECT, SCOPE, Call, Make, Table, World, only, route, sent_by_page
from tests.access.people import ROHANA
from tests.integration.documents.story import Case

_LETTER = "/documents/surat/<uuid:letter_id>"
_SIGNERS = ("lurah", "signer")
_STAFF = ("officer", *_SIGNERS)


def page(**more: Any) -> Call:
    return Call(page=True, **more)


def form(ids: dict[str, Any], fields: dict[str, str], **more: Any) -> Call:
    """A form of ours as it is sent."""
    return Call(ids, page=True, **sent_by_page(fields), **more)


def file_form(ids: dict[str, Any], fields: dict[str, str], file: Callable[[], tuple[BytesIO, str]]) -> Call:
    """One with a file."""
    sent = sent_by_page({})
    own = {"csrf": "a-page-of-ours", "dari": "/"}
    return Call(ids, page=True, headers=sent["headers"], form=lambda: {**fields, **own, "file": file()})


# --- letters ----------------------------------------------------------------------------------------------------------


def _found(world: World, find: Callable[[World], Any]) -> dict[str, Any]:
    """A letter, or the newest one of a case, as it is now."""
    found = find(world)
    if isinstance(found, Case):
        return found.letter()
    letter_id = found["id"] if isinstance(found, dict) else found
    answer = world.service.call("GET", f"/v1/letters/{letter_id}", "officer")
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def letter(find: Callable[[World], Any], **more: str) -> Make:
    return lambda world: page(ids={"letter_id": _found(world, find)["id"], **more})


def acts(find: Callable[[World], Any], *names: str, **fields: str) -> Make:
    """A form about a letter as it is; `names` are fields that say what it is."""

    def make(world: World) -> Call:
        it = _found(world, find)
        sent = {"version": str(it["version"])} | {name: it[name] for name in names} | fields
        return form({"letter_id": it["id"]}, sent)

    return make


def _sheet(world: World) -> dict[str, Any]:
    return at.numbered(world, "by_hand")


def _scan(world: World) -> Call:
    it = _sheet(world)
    return file_form({"letter_id": it["id"]}, {"version": str(it["version"])}, lambda: at.photo_form()["file"])


def _letters_listed(world: World) -> Call:
    marks = {}
    for person, case in world.kept["cases"].items():
        rows = world.service.rows("SELECT id FROM letter WHERE application_id = %s", [case.id])
        marks[person] = tuple(str(row["id"]) for row in rows)
    return page(query="?limit=100", marks=marks)


def _letters_of_case(world: World) -> Call:
    case = at.known(world)
    rows = world.service.rows("SELECT id FROM letter WHERE application_id = %s", [case.id])
    name = str(case.id)
    return page(query=f"?permohonan={name}", marks={ROHANA: tuple(str(row["id"]) for row in rows)}, names=(name,))


def _of_case_for_staff(make: Make) -> Make:
    """The same for the office, which sees an empty list where it has no such case."""
    return lambda world: page(query=make(world).query, marks=make(world).marks)


def _to_sign(world: World) -> Call:
    at.keep_certificates(world)
    it = at.numbered(world, "certificate", at.own("lurah"))
    return form({}, {"surat": it["id"], "passphrase": certificates.PASSPHRASE}, names=(it["id"],))


def _signed(world: World) -> Call:
    it = at.issued(world).letter()
    return page(query=f"?surat={it['id']}", names=(it["id"],))


def _waiting(world: World) -> Call:
    at.drafted(world)
    return page()


# --- the certificate --------------------------------------------------------------------------------------------------


def _keeping(_world: World) -> Call:
    fields = {"passphrase": certificates.PASSPHRASE}
    return file_form({}, fields, lambda: (BytesIO(certificates.signer()), "lurah.p12"))


def _dropping(world: World) -> Call:
    at.keep_certificates(world)
    return form({}, {})


def _certificate(world: World) -> Call:
    at.keep_certificates(world)
    return page()


_LETTERS = (
    only(letter(at.known), *_STAFF, "applicant"),
    only(letter(at.introduction), *_STAFF, "applicant", "rt_head"),
)

PAGES: Table = {
    "GET /documents/surat": route(
        SCOPE,
        only(_letters_listed, *_STAFF),
        only(_of_case_for_staff(_letters_of_case), *_STAFF, apart=True),
        only(_letters_of_case, "applicant", apart=True, kind=OBJECT),
    ),
    f"GET {_LETTER}": route(OBJECT, *_LETTERS),
    f"GET {_LETTER}/pdf": route(OBJECT, *_LETTERS),
    f"GET {_LETTER}/draf": route(OBJECT, letter(at.drafted)),
    f"GET {_LETTER}/lembar": route(OBJECT, letter(_sheet)),
    f"GET {_LETTER}/pdf/gambar": route(OBJECT, *_LETTERS),
    f"GET {_LETTER}/draf/gambar": route(OBJECT, letter(at.drafted)),
    f"GET {_LETTER}/lembar/gambar": route(OBJECT, letter(_sheet)),
    f"POST {_LETTER}/kembalikan": route(OBJECT, acts(at.drafted, reason="Alamat belum lengkap")),
    f"POST {_LETTER}/paraf": route(OBJECT, acts(at.drafted, "preview_sha256")),
    f"POST {_LETTER}/susun-ulang": route(OBJECT, acts(at.drafted)),
    f"POST {_LETTER}/paragraf": route(OBJECT, acts(at.drafted, text="Yang bersangkutan sedang dirawat.")),
    f"POST {_LETTER}/pindai": route(OBJECT, _scan),
    f"POST {_LETTER}/hasil": route(OBJECT, acts(at.unknown, outcome="not_signed")),
    f"POST {_LETTER}/batalkan": route(OBJECT, acts(at.issued, reason="Salah nama ayah")),
    "GET /documents/tanda-tangan": route(SCOPE, _waiting),
    "POST /documents/tanda-tangan": route(OBJECT, _to_sign),
    "GET /documents/tanda-tangan/hasil": route(OBJECT, _signed),
    "GET /documents/sertifikat": route(SCOPE, _certificate),
    "POST /documents/sertifikat": route(SCOPE, _keeping),
    "POST /documents/sertifikat/hapus": route(SCOPE, _dropping),
}

"""documents: its pages for who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

from deploy.demo import certificates
from tests.access import documents_world as at
from tests.access.calls import OBJECT, SCOPE, Call, Make, Table, World, only, route, sent_by_page
from tests.access.people import ROHANA, Person
from tests.integration.documents.story import Case

_LETTER = "/documents/surat/<uuid:letter_id>"
_HANDOVER = "/documents/serah-terima/<uuid:handover_id>"
_BOOK = "/documents/buku/<int(min=1900, max=9999):year>"
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
        sent = {"versi": str(it["version"])} | {name: it[name] for name in names} | fields
        return form({"letter_id": it["id"]}, sent)

    return make


def _sheet(world: World) -> dict[str, Any]:
    return at.numbered(world, "by_hand")


def _scan(world: World) -> Call:
    it = _sheet(world)
    return file_form({"letter_id": it["id"]}, {"versi": str(it["version"])}, lambda: at.photo_form()["file"])


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


# --- the desk ---------------------------------------------------------------------------------------------------------


def _new_bundle(world: World) -> Call:
    case = str(at.known(world).id)
    return form({}, {"permohonan": case}, names=(case,))


def _bundle_form(world: World) -> Call:
    case = str(at.known(world).id)
    return page(query=f"?permohonan={case}", names=(case,))


def _bundle(world: World) -> Call:
    return page(ids={"bundle_id": at.bundle(world)})


def _book(world: World) -> Call:
    marks: dict[Person, tuple[str, ...]] = {person: (person.name,) for person in world.kept["cases"]}
    return page(ids={"year": 2026}, marks=marks)


def _going_on(world: World) -> Call:
    found = world.service.call("GET", "/v1/registers/2026/series/office", "lurah")
    last = found.json["last"]
    return form({"year": 2026}, {"series": "office", "versi": str(last), "last": str(last + 1)})


def _number(world: World) -> Call:
    return page(ids={"number_id": at.number_elsewhere(world)})


def _voiding(world: World) -> Call:
    return form({"number_id": at.number_elsewhere(world)}, {"versi": "1", "reason": "Batal rapat"})


# --- hand-overs -------------------------------------------------------------------------------------------------------


def _handovers_listed(world: World) -> Call:
    marks = {}
    for person, case in world.kept["cases"].items():
        rows = world.service.rows("SELECT id FROM handover WHERE application_id = %s", [case.id])
        marks[person] = tuple(str(row["id"]) for row in rows)
    return page(query="?limit=100", marks=marks)


def _handovers_of_case(world: World) -> Call:
    case = at.known(world)
    rows = world.service.rows("SELECT id FROM handover WHERE application_id = %s", [case.id])
    name = str(case.id)
    return page(query=f"?permohonan={name}", marks={ROHANA: tuple(str(row["id"]) for row in rows)}, names=(name,))


def _handover(world: World) -> Call:
    return page(ids={"handover_id": at.handover(world, at.known(world))})


def handing(find: Callable[[World], str], **fields: str) -> Make:
    """A form about a hand-over as it is."""

    def make(world: World) -> Call:
        found = find(world)
        [row] = world.service.rows("SELECT version FROM handover WHERE id = %s", [found])
        return form({"handover_id": found}, {"versi": str(row["version"])} | fields)

    return make


# --- texts ------------------------------------------------------------------------------------------------------------


def _kind(**more: Any) -> Make:
    return lambda _world: page(ids={"kind": at.WRITTEN}, **more)


def _revision(world: World) -> str:
    found = world.service.call("GET", f"/v1/templates/{at.WRITTEN}", "lurah").json
    return str(found["draft"]["revision"] if found["draft"] else 0)


def _texts(_world: World) -> Call:
    return page(ids={"kind": at.WRITTEN}, marks={person: (words,) for person, words in at.SECRET_WORDS.items()})


def _writing(world: World) -> Call:
    return form({"kind": at.WRITTEN}, {"versi": _revision(world), "closing": "Demikian."})


def _written(world: World) -> Call:
    at.write(world.service)
    return form({"kind": at.WRITTEN}, {"versi": _revision(world)})


def _emblem(world: World) -> Call:
    at.put_emblem(world)
    return page()


def _emblem_away(world: World) -> Call:
    at.put_emblem(world)
    return form({}, {})


def _emblem_sent(_world: World) -> Call:
    return file_form({}, {}, lambda: at.emblem_form()["file"])


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
    # The desk.
    "GET /documents/berkas": route(OBJECT, _bundle_form),
    "POST /documents/berkas": route(OBJECT, _new_bundle),
    "GET /documents/berkas/<uuid:bundle_id>": route(OBJECT, _bundle),
    "GET /documents/berkas/<uuid:bundle_id>/pdf": route(OBJECT, _bundle),
    "GET /documents/nomor": route(SCOPE, lambda _world: page()),
    "POST /documents/nomor": route(SCOPE, lambda _world: form({}, at.new_number())),
    "GET /documents/nomor/<uuid:number_id>": route(OBJECT, _number),
    "POST /documents/nomor/<uuid:number_id>/batalkan": route(OBJECT, _voiding),
    "GET /documents/buku": route(SCOPE, lambda _world: page()),
    f"GET {_BOOK}": route(SCOPE, _book),
    f"GET {_BOOK}/csv": route(SCOPE, _book),
    f"GET {_BOOK}/pdf": route(SCOPE, _book),
    f"GET {_BOOK}/seri": route(SCOPE, lambda _world: page(ids={"year": 2026})),
    f"POST {_BOOK}/seri": route(SCOPE, _going_on),
    # Hand-overs.
    "GET /documents/serah-terima": route(
        SCOPE,
        only(_handovers_listed, "officer", "lurah"),
        only(_of_case_for_staff(_handovers_of_case), "officer", "lurah", apart=True),
        only(_handovers_of_case, "applicant", apart=True, kind=OBJECT),
    ),
    f"GET {_HANDOVER}": route(OBJECT, _handover),
    f"POST {_HANDOVER}/pilihan": route(OBJECT, handing(at.ready, method="pickup")),
    f"POST {_HANDOVER}/kirim": route(OBJECT, handing(at.ready, courier="Kurir", price="12000", payer="applicant")),
    f"POST {_HANDOVER}/tidak-bertemu": route(OBJECT, handing(at.dispatched, reason="Rumah kosong")),
    f"POST {_HANDOVER}/kembali": route(OBJECT, handing(at.dispatched, reason="Rumah kosong")),
    f"POST {_HANDOVER}/selesai": route(
        OBJECT, handing(at.ready, method="pickup", received_by="Siti", relation="tetangga", authority="seen")
    ),
    # What the public sees of its services.
    "GET /documents/lembar-layanan": route(SCOPE, lambda _world: page()),
    # What the office writes.
    "GET /documents/templat": route(SCOPE, lambda _world: page()),
    "GET /documents/templat/<kind>": route(SCOPE, _texts),
    "POST /documents/templat/<kind>": route(SCOPE, _writing),
    "POST /documents/templat/<kind>/terbitkan": route(SCOPE, _written),
    "POST /documents/templat/<kind>/buang": route(SCOPE, _written),
    "GET /documents/templat/<kind>/contoh": route(SCOPE, _kind()),
    "GET /documents/templat/<kind>/contoh/gambar": route(SCOPE, _kind()),
    "GET /documents/templat/lambang": route(SCOPE, _emblem),
    "POST /documents/templat/lambang": route(SCOPE, _emblem_sent),
    "POST /documents/templat/lambang/hapus": route(SCOPE, _emblem_away),
    "GET /documents/templat/lambang/gambar": route(SCOPE, _emblem),
}

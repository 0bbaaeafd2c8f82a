"""documents: letters, registers, checks, hand-overs, and what an office writes."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from deploy.demo import certificates
from tests.access import documents_world as at
from tests.access.calls import OBJECT, PUBLIC, SCOPE, Call, Make, Table, World, only, plain, route
from tests.access.common_routes import common
from tests.access.documents_page_routes import PAGES
from tests.access.people import ROHANA, Person
from tests.integration.documents.story import Case
from tests.integration.documents.test_handovers import RECEIVED
from tests.support.tokens import BUKIT_SANGKAL

world = at.world

LETTER = "/v1/letters/<uuid:letter_id>"
HANDOVER = "/v1/handovers/<uuid:handover_id>"
BOOK = "/v1/registers/<int(min=1900, max=9999):year>"
SIGNERS = ("lurah", "signer")
STAFF = ("officer", *SIGNERS)
_BECAUSE = {"reason": "Salah nama ayah"}

# --- letters ----------------------------------------------------------------------------------------------------------


def _letter(find: Callable[[World], Any], sent: Any = None) -> Make:
    """A letter, or the newest one of a case, and what the address takes."""

    def make(world: World) -> Call:
        found = find(world)
        letter = found.letter() if isinstance(found, Case) else found
        return Call({"letter_id": letter["id"] if isinstance(letter, dict) else letter}, json=sent)

    return make


def _draft(**sent: Any) -> Make:
    """A draft, named by the hash of what was read."""

    def make(world: World) -> Call:
        letter = at.drafted(world).letter()
        return Call({"letter_id": letter["id"]}, json=sent | {"preview_sha256": letter["preview_sha256"]})

    return make


def _sheet(world: World) -> dict[str, Any]:
    return at.numbered(world, "by_hand")


def _scan(world: World) -> Call:
    return Call({"letter_id": _sheet(world)["id"]}, form=at.photo_form)


def _to_sign(world: World) -> Call:
    """A letter that is to be signed with the caller's own certificate."""
    at.keep_certificates(world)
    letter = at.numbered(world, "certificate", at.own("lurah"))
    sent = {"letters": [{"letter_id": letter["id"]}], "passphrase": certificates.PASSPHRASE}
    return Call(json=sent, names=(letter["id"],))


def _certificate(world: World) -> Call:
    at.keep_certificates(world)
    return Call()


def _listed(table: str) -> Make:
    """Everything of the office, a hundred at a time."""

    def make(world: World) -> Call:
        marks = {}
        for person, case in world.kept["cases"].items():
            rows = world.service.rows(f"SELECT id FROM {table} WHERE application_id = %s", [case.id])
            marks[person] = tuple(str(row["id"]) for row in rows)
        return Call(query="?limit=100", marks=marks)

    return make


def _of_case(table: str) -> Make:
    """Those of Rohana's case, by its id in the query."""

    def make(world: World) -> Call:
        case = at.known(world)
        rows = world.service.rows(f"SELECT id FROM {table} WHERE application_id = %s", [case.id])
        name = str(case.id)
        return Call(
            query=f"?application_id={name}", marks={ROHANA: tuple(str(row["id"]) for row in rows)}, names=(name,)
        )

    return make


def _of_case_for_staff(table: str) -> Make:
    """The same for the office, which sees an empty list where it has no such case."""
    of_case = _of_case(table)
    return lambda world: Call(query=of_case(world).query, marks=of_case(world).marks)


def _archived(world: World) -> Call:
    """A letter, of which an archive of several offices says whose it is."""
    found = at.known(world).letter()["id"]
    return Call({"letter_id": found}, query=f"?kelurahan={BUKIT_SANGKAL}", names=(BUKIT_SANGKAL,), handed=ROHANA)


def _by_number(world: World) -> Call:
    letter = at.known(world).letter()
    query = urlencode({"number": letter["number"], "year": 2026, "kelurahan": BUKIT_SANGKAL})
    return Call(query=f"?{query}", names=(BUKIT_SANGKAL,), marks={ROHANA: (letter["id"],)})


def _export(world: World) -> Call:
    mark = {ROHANA: (at.known(world).letter()["id"],)}
    return Call(query=f"?from=2026-08-01&to=2026-08-31&kelurahan={BUKIT_SANGKAL}", names=(BUKIT_SANGKAL,), marks=mark)


# --- hand-overs and bundles -------------------------------------------------------------------------------------------


def _handover(find: Callable[[World], str], sent: Any = None) -> Make:
    return lambda world: Call({"handover_id": find(world)}, json=sent)


def _known_handover(world: World) -> str:
    return at.handover(world, at.known(world))


def _new_bundle(world: World) -> Call:
    case = str(at.known(world).id)
    return Call(json={"application_id": case}, names=(case,))


def _bundle(world: World) -> Call:
    return Call({"bundle_id": at.bundle(world)})


# --- the public check -------------------------------------------------------------------------------------------------


def _check(world: World) -> Call:
    token = at.token_of(world)
    return Call({"token": token}, names=(token,))


def _leaflets(world: World) -> Call:
    return Call({"kelurahan": at.leaflets(world)})


def _leaflet(world: World) -> Call:
    return Call({"kelurahan": at.leaflets(world), "service": "KK"})


def _check_file(world: World) -> Call:
    pdf = at.content(world)
    return Call(form=lambda: {"file": (BytesIO(pdf), "surat.pdf")})


# --- registers --------------------------------------------------------------------------------------------------------


def _book(world: World) -> Call:
    marks: dict[Person, tuple[str, ...]] = {person: (person.name,) for person in world.kept["cases"]}
    return Call({"year": 2026}, marks=marks)


def _series(world: World) -> Call:
    """Goes on after the next number."""
    found = world.service.call("GET", "/v1/registers/2026/series/office", "lurah")
    return Call({"year": 2026, "series": "office"}, json={"last": found.json["last"] + 1})


def _number(sent: Any = None) -> Make:
    return lambda world: Call({"number_id": at.number_elsewhere(world)}, json=sent)


# --- what the office writes -------------------------------------------------------------------------------------------


def _written(world: World) -> Call:
    at.write(world.service)
    return Call({"kind": at.WRITTEN})


def _texts(_world: World) -> Call:
    return Call({"kind": at.WRITTEN}, marks={person: (words,) for person, words in at.SECRET_WORDS.items()})


def _emblem(world: World) -> Call:
    at.put_emblem(world)
    return Call()


# The office's letters are not the RT head's; his own is.
_LETTERS = (
    only(_letter(at.known), *STAFF, "applicant"),
    only(_letter(at.introduction), *STAFF, "applicant", "rt_head"),
)

TABLE: Table = common("documents") | PAGES | {
    # For anyone.
    "GET /periksa": route(PUBLIC, plain()),
    "POST /periksa": route(PUBLIC, _check_file),
    "GET /periksa/<token>": route(PUBLIC, _check),
    "GET /v1/checks/<token>": route(PUBLIC, _check),
    "POST /v1/checks": route(PUBLIC, _check_file),
    "GET /v1/leaflets/<kelurahan>": route(PUBLIC, _leaflets),
    "GET /v1/leaflets/<kelurahan>/<service>/picture": route(PUBLIC, _leaflet),
    "GET /v1/leaflets/<kelurahan>/<service>/notice": route(PUBLIC, _leaflet),
    "GET /v1/leaflets/<kelurahan>/<service>/sop": route(PUBLIC, _leaflet),
    # Letters.
    "GET /v1/letters": route(
        SCOPE,
        only(_listed("letter"), *STAFF),
        only(_of_case_for_staff("letter"), *STAFF, apart=True),
        only(_of_case("letter"), "applicant", apart=True, kind=OBJECT),
    ),
    f"GET {LETTER}": route(OBJECT, *_LETTERS),
    f"GET {LETTER}/content": route(OBJECT, *_LETTERS, only(_archived, "letters.read", apart=True)),
    "GET /v1/letters/by-number": route(OBJECT, _by_number),
    "GET /v1/letters/export": route(OBJECT, _export),
    f"GET {LETTER}/preview": route(OBJECT, _letter(at.drafted)),
    f"GET {LETTER}/paragraph": route(OBJECT, _letter(at.drafted)),
    f"GET {LETTER}/sheet": route(OBJECT, _letter(_sheet)),
    f"PUT {LETTER}/paragraph": route(OBJECT, _letter(at.drafted, {"text": "Yang bersangkutan sedang dirawat."})),
    f"POST {LETTER}/initials": route(OBJECT, _draft()),
    f"POST {LETTER}/decision": route(OBJECT, _draft(decision="issue")),
    f"POST {LETTER}/draft": route(OBJECT, _letter(at.drafted)),
    f"POST {LETTER}/scan": route(OBJECT, _scan),
    f"POST {LETTER}/outcome": route(OBJECT, _letter(at.unknown, {"outcome": "not_signed"})),
    f"POST {LETTER}/void": route(OBJECT, _letter(at.issued, _BECAUSE)),
    # Signing.
    "POST /v1/signatures": route(OBJECT, _to_sign),
    "GET /v1/signatures/certificate": route(SCOPE, _certificate),
    "PUT /v1/signatures/certificate": route(SCOPE, lambda _world: Call(json=at.pkcs12())),
    "DELETE /v1/signatures/certificate": route(SCOPE, _certificate),
    # Hand-overs and bundles.
    "GET /v1/handovers": route(
        SCOPE,
        only(_listed("handover"), "officer", "lurah"),
        only(_of_case_for_staff("handover"), "officer", "lurah", apart=True),
        only(_of_case("handover"), "applicant", apart=True, kind=OBJECT),
    ),
    f"GET {HANDOVER}": route(OBJECT, _handover(_known_handover)),
    f"POST {HANDOVER}/choice": route(OBJECT, _handover(at.ready, {"method": "pickup"})),
    f"POST {HANDOVER}/completion": route(OBJECT, _handover(at.ready, RECEIVED)),
    f"POST {HANDOVER}/dispatch": route(OBJECT, _handover(at.ready, at.COURIER)),
    f"POST {HANDOVER}/attempts": route(OBJECT, _handover(at.dispatched, _BECAUSE)),
    f"POST {HANDOVER}/return": route(OBJECT, _handover(at.dispatched, _BECAUSE)),
    "POST /v1/bundles": route(OBJECT, _new_bundle),
    "GET /v1/bundles/<uuid:bundle_id>": route(OBJECT, _bundle),
    "GET /v1/bundles/<uuid:bundle_id>/content": route(OBJECT, _bundle),
    # The book of numbers.
    f"GET {BOOK}": route(SCOPE, _book),
    f"GET {BOOK}/csv": route(SCOPE, _book),
    f"GET {BOOK}/pdf": route(SCOPE, _book),
    f"GET {BOOK}/series": route(SCOPE, plain(year=2026)),
    f"GET {BOOK}/series/<path:series>": route(SCOPE, plain(year=2026, series="office")),
    f"PUT {BOOK}/series/<path:series>": route(SCOPE, _series),
    "POST /v1/registers/numbers": route(SCOPE, lambda _world: Call(json=at.new_number())),
    "GET /v1/registers/numbers/<uuid:number_id>": route(OBJECT, _number()),
    "POST /v1/registers/numbers/<uuid:number_id>/void": route(OBJECT, _number(_BECAUSE)),
    # What the office writes.
    "GET /v1/templates": route(SCOPE, plain()),
    "GET /v1/templates/<kind>": route(SCOPE, _texts),
    "PUT /v1/templates/<kind>/draft": route(
        SCOPE, lambda _world: Call({"kind": at.WRITTEN}, json={"closing": "Demikian."})
    ),
    "DELETE /v1/templates/<kind>/draft": route(SCOPE, _written),
    "POST /v1/templates/<kind>/preview": route(SCOPE, plain(kind=at.WRITTEN)),
    "POST /v1/templates/<kind>/publish": route(SCOPE, _written),
    "GET /v1/templates/emblem": route(SCOPE, _emblem),
    "PUT /v1/templates/emblem": route(SCOPE, lambda _world: Call(form=at.emblem_form)),
    "DELETE /v1/templates/emblem": route(SCOPE, _emblem),
}  # fmt: skip

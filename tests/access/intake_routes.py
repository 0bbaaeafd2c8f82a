"""intake: cases and their files, offices and their services, reports."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from intake import samples
from intake.offices import shipped_office
from intake.usecases.talking import links
from tests.access import (
    administrator_page_routes,
    applicant_page_routes,
    complaint_page_routes,
    complaint_routes,
    officer_page_routes,
    sign_in_routes,
    sign_in_world,
)
from tests.access import intake_world as at
from tests.access.calls import (
    OBJECT,
    PUBLIC,
    SCOPE,
    SECRET,
    SYSTEM,
    Call,
    Make,
    Table,
    Target,
    World,
    only,
    plain,
    route,
    sent_by_page,
)
from tests.access.common_routes import common
from tests.access.people import ROHANA, STRANGER
from tests.integration.intake import cast
from tests.integration.intake.test_consent import OWN
from tests.integration.intake.test_sops import drafted, sop
from tests.support.services import InProcess
from tests.support.tokens import BUKIT_SANGKAL

world = at.world

CASE = "/v1/applications/<uuid:application_id>"
FILE = f"{CASE}/files/<uuid:file_id>"
READERS = frozenset({"applicant", "officer", "lurah"})
OFFICE = {"kelurahan": BUKIT_SANGKAL}
_numbers = itertools.count(1)

# --- cases ----------------------------------------------------------------------------------------------------------


def _case(world: World) -> Call:
    return Call({"application_id": world.kept["cases"][ROHANA]["id"]})


def _in(state: Callable[[InProcess], dict[str, Any]], sent: Any = None, **ids: str) -> Make:
    """A case that is where this step begins, and what the step takes."""
    body = {} if sent is None else sent
    return lambda world: Call({"application_id": state(world.service)["id"], **ids}, json=body)


def _cases(world: World) -> Call:
    marks = {person: (case["id"], person.name) for person, case in world.kept["cases"].items()}
    return Call(query="?status=draft&limit=100", marks=marks)


def _queue_page(world: World) -> Call:
    marks = {person: (case["tracking_code"], person.name) for person, case in world.kept["cases"].items()}
    return Call(query="?status=draft&limit=100", marks=marks, page=True)


def _own_page(_world: World) -> Call:
    """Whose cases it shows is in test_sign_in_pages: by whose account it is, whatever his roles."""
    return Call(page=True)


def _look_up(world: World) -> Call:
    marks = {ROHANA: (world.kept["cases"][ROHANA]["id"],)}
    return Call(json={"nik": ROHANA.nik}, marks=marks)


def _helpers(_world: World) -> Call:
    return Call(query="?limit=100", marks={person: (person.name,) for person in (ROHANA, STRANGER)})


# --- conversations --------------------------------------------------------------------------------------------------


def _messages(world: World) -> Call:
    marks = {person: (at.written(world.service, person), person.name) for person in (ROHANA, STRANGER)}
    return Call(query="?limit=200", marks=marks)


def _message(world: World) -> Call:
    return Call({"message_id": at.written(world.service, ROHANA)})


def _answered_message(world: World) -> Call:
    return Call({"message_id": at.written(world.service, ROHANA)}, json={})


def _secret(world: World) -> str:
    who = sign_in_world.signed_in(world.service, "applicant")
    with world.service.deps.db.transaction(BUKIT_SANGKAL) as tx:
        case = UUID(world.kept["cases"][ROHANA]["id"])
        return links.make(world.service.deps, tx, BUKIT_SANGKAL, who.account.id, case).rpartition("/")[2]


def _link_of_talk(world: World) -> Call:
    secret = _secret(world)
    return Call({"secret": secret}, names=(secret,))


def _link_taken(world: World) -> Call:
    secret = _secret(world)
    return Call({"secret": secret}, names=(secret,), **sent_by_page({}))


# --- the survey -----------------------------------------------------------------------------------------------------


def _survey(world: World) -> Call:
    token = at.surveyed(world.service)
    return Call({"token": token}, names=(token,))


def _survey_answered(world: World) -> Call:
    token = at.surveyed(world.service)
    return Call({"token": token}, json={"answers": at.all_fours(), "comment": "Petugasnya ramah."}, names=(token,))


def _survey_page_answered(world: World) -> Call:
    token = at.surveyed(world.service)
    typed = {f"answers-{code}": str(score) for code, score in at.all_fours().items()}
    return Call({"token": token}, names=(token,), **sent_by_page(typed | {"comment": "Petugasnya ramah."}))


def _comments(world: World) -> Call:
    marks = {person: (at.commented(world.service, person),) for person in (ROHANA, STRANGER)}
    return Call(query="?limit=200", marks=marks)


def _tracked(world: World) -> Call:
    code = world.kept["cases"][ROHANA]["tracking_code"]
    return Call({"code": code}, names=(code,))


def _codes(make: Callable[[InProcess], dict[str, str]], **more: str) -> Make:
    def codes(world: World) -> Call:
        sent = make(world.service)
        return Call(json=sent | more, names=tuple(sent.values()))

    return codes


def _agreeing(world: World) -> Call:
    case, code = at.helped_with_code(world.service)
    return Call({"application_id": case["id"]}, json={"method": "code", "code": code})


def _revocation_code(world: World) -> Call:
    case = at.agreed_by(world.service, "somebody-else")
    return Call(json={"tracking_code": case["tracking_code"], "phone": OWN})


# --- files ----------------------------------------------------------------------------------------------------------


def _file(world: World) -> Call:
    return Call({"application_id": world.kept["cases"][ROHANA]["id"], "file_id": world.kept["file"]})


def _file_link(world: World) -> Call:
    return Call(_file(world).ids, json={})


def _made_link(world: World) -> dict[str, Any]:
    case, file_id = world.kept["cases"][ROHANA]["id"], world.kept["file"]
    answer = world.service.call(
        "POST", f"/v1/applications/{case}/files/{file_id}/links", "applicant", who=at.RESIDENT, json={}
    )
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def _link_to_end(world: World) -> Call:
    return Call({**_file(world).ids, "link_id": _made_link(world)["link_id"]})


def _by_link(world: World) -> Call:
    link = _made_link(world)["url"].partition("?link=")[2]
    return Call(_file(world).ids, query=f"?link={link}", names=(link,))


def _by_grant(world: World) -> Call:
    application_id, file_id, grant = at.granted(world.service)
    return Call({"application_id": application_id, "file_id": file_id}, query=f"?grant={grant}", names=(grant,))


def _record(world: World) -> Call:
    case = at.recorded(world.service)["id"]
    answer = world.service.call("POST", f"/v1/applications/{case}/record/links", "applicant", who=at.RESIDENT, json={})
    assert answer.status_code == 201, answer.text
    link = answer.json["url"].partition("?link=")[2]
    return Call({"application_id": case}, query=f"?link={link}", names=(link,))


def _correction(world: World) -> Call:
    case, correction = at.to_correct(world.service)
    return Call({"application_id": case, "correction_id": correction}, json={"outcome": "done"})


def _requests(world: World) -> Call:
    case, _correction_id = at.to_correct(world.service)
    return Call(query="?limit=200", marks={ROHANA: (case,)})


def _upload(world: World) -> Call:
    return Call({"application_id": at.opened(world.service)["id"]}, form=at.photo_form)


# --- offices, services, reports -------------------------------------------------------------------------------------


def _office(_world: World) -> Call:
    return Call(OFFICE, json=deepcopy(dict(shipped_office(BUKIT_SANGKAL))))


def _master_data(_world: World) -> Call:
    sent = {"code": BUKIT_SANGKAL, "courier": {"name": f"Kurir {next(_numbers)}", "price": 12000, "payer": "applicant"}}
    return Call(json={"offices": [sent]}, names=(BUKIT_SANGKAL,))


def _clock(_world: World) -> Call:
    ahead = datetime.now(UTC) + timedelta(minutes=next(_numbers))
    return Call(json={"now": ahead.isoformat()})


def _report(world: World) -> Call:
    """When the promises of both offices are past."""
    world.service.clock.at = max(world.service.clock.at, datetime(2026, 8, 28, 2, 0, tzinfo=UTC))
    late = {person: (case["tracking_code"],) for person, case in world.kept["late"].items()}
    return Call({"month": "2026-08"}, marks=late)


def _report_of_office(world: World) -> Call:
    """The office is named; it is below whoever asks, or his own."""
    mark = {ROHANA: (world.kept["late"][ROHANA]["tracking_code"],)}
    return replace(_report(world), query=f"?kelurahan={BUKIT_SANGKAL}", names=(BUKIT_SANGKAL,), marks=mark)


def _export(world: World) -> Call:
    """Of an office below whoever asks."""
    mark = {ROHANA: (world.kept["late"][ROHANA]["id"],)}
    return Call(query=f"?from=2026-08-01&to=2026-08-31&kelurahan={BUKIT_SANGKAL}", names=(BUKIT_SANGKAL,), marks=mark)


def _drafts(world: World) -> Call:
    return Call(marks={ROHANA: (world.kept["draft"]["id"],)})


def _draft(sent: Any = None) -> Make:
    """A draft of the office's, to be changed or given up."""

    def make(world: World) -> Call:
        draft = drafted(world.service, f"BARU_{next(_numbers)}", sop("DOMISILI"))
        return Call({"draft_id": draft["id"]}, json=sent)

    return make


def _known_draft(world: World) -> Call:
    return Call({"draft_id": world.kept["draft"]["id"]})


def _new_draft(_world: World) -> Call:
    return Call({"code": f"BARU_{next(_numbers)}"}, json={"sop": sop("DOMISILI")})


_OWN_SERVICE = {"code": at.OWN_SERVICE}
_BECAUSE = {"reason": "Dikenal di loket"}
_RETURN = {"items": [{"requirement": "SURAT_KEHILANGAN", "problem": "Tulisan tidak terbaca"}]}

_COMPLAINTS: Table = complaint_routes.TABLE | complaint_page_routes.TABLE
_PAGES: Table = applicant_page_routes.TABLE | officer_page_routes.TABLE | administrator_page_routes.TABLE
TABLE: Table = common("intake") | sign_in_routes.TABLE | _COMPLAINTS | _PAGES | {
    "GET /": route(PUBLIC, plain()),
    "GET /saya/contoh/<mark>/<name>.png": route(PUBLIC, plain(mark=samples.named("sheet").mark, name="sheet")),
    "GET /layanan/<kelurahan>": route(PUBLIC, plain(kelurahan=BUKIT_SANGKAL)),
    "GET /layanan/<kelurahan>/privasi": route(PUBLIC, plain(kelurahan=BUKIT_SANGKAL)),
    "GET /layanan/<kelurahan>/<code>": route(PUBLIC, plain(kelurahan=BUKIT_SANGKAL, code="KTP")),
    "GET /saya": route(SCOPE, only(_own_page, "applicant", "rt_head", "rw_head")),
    "GET /intake/antrean": route(SCOPE, _queue_page),
    "GET /lacak": route(PUBLIC, plain()),
    "GET /lacak/<code>": route(PUBLIC, _tracked),
    "GET /v1/track/<code>": route(PUBLIC, _tracked),
    # Conversations.
    "GET /v1/conversations": route(SCOPE, _messages),
    "GET /v1/conversations/<uuid:message_id>": route(OBJECT, _message),
    "GET /v1/conversations/<uuid:message_id>/file": route(OBJECT, _message),
    "POST /v1/conversations/<uuid:message_id>/answer": route(OBJECT, _answered_message),
    "GET /masuk/tautan/<secret>": route(PUBLIC, _link_of_talk),
    "POST /masuk/tautan/<secret>": route(PUBLIC, _link_taken, told=422),
    # The survey.
    "GET /survei/<token>": route(PUBLIC, _survey),
    "POST /survei/<token>": route(PUBLIC, _survey_page_answered),
    "GET /v1/surveys/<token>": route(PUBLIC, _survey),
    "POST /v1/surveys/<token>/answer": route(PUBLIC, _survey_answered),
    "GET /v1/surveys": route(SCOPE, lambda _world: Call()),
    "GET /v1/surveys/comments": route(SCOPE, _comments),
    "GET /v1/offices/<kelurahan>/survey": route(PUBLIC, lambda _world: Call(OFFICE)),
    # Cases.
    "POST /v1/applications": route(SCOPE, lambda _world: Call(json=cast.body())),
    "GET /v1/applications": route(SCOPE, _cases),
    "POST /v1/applications/search": route(SCOPE, _look_up),
    "GET /v1/applications/helpers": route(SCOPE, _helpers),
    f"GET {CASE}": route(OBJECT, _case),
    f"GET {CASE}/suggestions": route(OBJECT, _case),
    f"GET {CASE}/timeline": route(OBJECT, _case),
    f"GET {CASE}/accesses": route(OBJECT, _case),
    f"PATCH {CASE}": route(OBJECT, _in(at.opened, {"details": {"remarks": "Dibantu tetangga"}})),
    # Steps.
    f"POST {CASE}/introduction": route(OBJECT, _in(at.opened, {"purpose": "Pengurusan Kartu Keluarga"})),
    f"POST {CASE}/introduction/waiver": route(OBJECT, _in(at.opened, _BECAUSE)),
    f"POST {CASE}/requirements/<code>/waiver": route(OBJECT, _in(at.opened, _BECAUSE, code="SURAT_KEHILANGAN")),
    f"POST {CASE}/submission": route(OBJECT, _in(at.with_papers)),
    f"POST {CASE}/resubmission": route(OBJECT, _in(at.returned)),
    f"POST {CASE}/receipt": route(OBJECT, _in(at.submitted)),
    f"POST {CASE}/return": route(OBJECT, _in(at.submitted, _RETURN)),
    f"POST {CASE}/originals": route(OBJECT, _in(at.original_wanted, {"requirements": ["SURAT_KEHILANGAN"]})),
    f"POST {CASE}/rejection": route(OBJECT, _in(at.submitted, _BECAUSE)),
    f"POST {CASE}/withdrawal": route(OBJECT, _in(at.submitted, _BECAUSE)),
    f"POST {CASE}/attestation-override": route(OBJECT, _in(at.doubted, _BECAUSE)),
    # Somebody helps. Wrong codes are counted with the case, so that they are not kept as attempts besides.
    f"POST {CASE}/consent/codes": route(OBJECT, _in(at.helped, {"phone": OWN})),
    f"POST {CASE}/consent": route(OBJECT, _agreeing),
    f"POST {CASE}/consent/revocation": route(OBJECT, _in(lambda intake: at.agreed_by(intake, ROHANA.sub))),
    "POST /v1/applications/claims": route(SECRET, _codes(at.codes_to_claim), on_record=False, tries=("application",)),
    "POST /v1/applications/consents": route(
        SECRET, _codes(at.codes_to_agree), on_record=False, tries=("consent_code",)
    ),
    "POST /v1/applications/consents/revocation": route(
        SECRET, _codes(at.codes_to_revoke), on_record=False, tries=("consent_code",)
    ),
    "POST /v1/applications/consents/revocation/codes": route(SCOPE, _revocation_code),
    # A person's data go.
    f"GET {CASE}/erasure": route(OBJECT, _case),
    f"POST {CASE}/erasure": route(OBJECT, _in(at.withdrawn)),
    f"GET {CASE}/consents": route(OBJECT, _case),
    f"PUT {CASE}/consents/<kind>": route(OBJECT, _in(at.opened, {"given": True, "text_version": 1}, kind="courier")),
    f"POST {CASE}/corrections": route(OBJECT, _in(at.opened, {"words": "Nama ayah saya salah tulis."})),
    f"GET {CASE}/corrections": route(OBJECT, _case),
    f"POST {CASE}/corrections/<uuid:correction_id>/answer": route(OBJECT, _correction),
    "GET /v1/applications/requests": route(SCOPE, _requests),
    f"POST {CASE}/record": route(OBJECT, _in(at.opened)),
    f"GET {CASE}/record": route(OBJECT, lambda world: Call({"application_id": at.recorded(world.service)["id"]})),
    f"POST {CASE}/record/links": route(OBJECT, _in(at.recorded)),
    f"GET {CASE}/record/content": route(PUBLIC, _record),
    "DELETE /v1/auth/account": route(SCOPE, plain()),
    # Files.
    f"POST {CASE}/files": route(OBJECT, _upload),
    f"GET {CASE}/files": route(OBJECT, _case),
    f"GET {FILE}": route(OBJECT, _file),
    f"POST {FILE}/links": route(OBJECT, _file_link),
    f"DELETE {FILE}/links/<uuid:link_id>": route(OBJECT, _link_to_end),
    f"GET {FILE}/content": route(
        PUBLIC, Target(_file, kind=OBJECT, access=READERS), Target(_by_link), Target(_by_grant)
    ),
    "GET /v1/applications/export": route(OBJECT, _export),
    # Offices and the clock.
    "GET /v1/offices": route(PUBLIC, plain()),
    "GET /v1/offices/<kelurahan>": route(PUBLIC, plain(**OFFICE)),
    "PUT /v1/offices/<kelurahan>": route(OBJECT, _office, told=403),
    "PUT /v1/masterdata": route(OBJECT, _master_data),
    "GET /v1/offices/<kelurahan>/reports/<month>": route(PUBLIC, plain(**OFFICE, month="2026-07")),
    "GET /angka/<kelurahan>": route(PUBLIC, plain(**OFFICE)),
    "GET /angka/<kelurahan>/<month>": route(PUBLIC, plain(**OFFICE, month="2026-07")),
    "GET /v1/reports/<month>/offices": route(SCOPE, _report),
    "GET /v1/reports/<month>": route(
        OBJECT, _report_of_office, only(_report, "officer", "lurah", "administrator", kind=SCOPE)
    ),
    "GET /v1/calendar": route(
        PUBLIC, lambda _world: Call(query=f"?kelurahan={BUKIT_SANGKAL}&from=2026-08-14&to=2026-08-19")
    ),
    "GET /v1/clock": route(PUBLIC, plain()),
    "PUT /v1/clock": route(SYSTEM, _clock),
    # Services and their SOPs.
    "GET /v1/services": route(PUBLIC, lambda _world: Call(query=f"?kelurahan={BUKIT_SANGKAL}")),
    "GET /v1/services/<code>": route(PUBLIC, lambda _world: Call({"code": "KK"}, f"?kelurahan={BUKIT_SANGKAL}")),
    "GET /v1/services/<code>/changes": route(SCOPE, plain(**_OWN_SERVICE)),
    "GET /v1/services/<code>/versions": route(SCOPE, plain(**_OWN_SERVICE)),
    "GET /v1/services/<code>/versions/<int:number>": route(SCOPE, plain(**_OWN_SERVICE, number=1)),
    "GET /v1/services/<code>/versions/<int:number>/comparison/<int:other>": route(
        SCOPE, plain(**_OWN_SERVICE, number=1, other=2)
    ),
    "POST /v1/services/<code>/retirement": route(
        SCOPE, lambda _world: Call(_OWN_SERVICE, json={"from_date": "2026-12-01"})
    ),
    "POST /v1/services/<code>/drafts": route(SCOPE, _new_draft),
    "GET /v1/services/drafts": route(SCOPE, _drafts),
    "GET /v1/services/drafts/<uuid:draft_id>": route(OBJECT, _known_draft),
    "GET /v1/services/drafts/<uuid:draft_id>/comparison": route(OBJECT, _known_draft),
    "PUT /v1/services/drafts/<uuid:draft_id>": route(OBJECT, _draft({"sop": sop("DOMISILI")})),
    "DELETE /v1/services/drafts/<uuid:draft_id>": route(OBJECT, _draft()),
    "POST /v1/services/drafts/<uuid:draft_id>/dry-run": route(OBJECT, _draft({"last": 5})),
    "POST /v1/services/drafts/<uuid:draft_id>/publication": route(OBJECT, _draft({})),
}  # fmt: skip

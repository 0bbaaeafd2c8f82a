"""`/ajukan/{kelurahan}/{service}`: what a service needs and gives, and the beginning of a case. The draft is opened as
soon as what the API cannot do without is known; all else is asked afterwards, and kept answer by answer."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, g, redirect, request
from werkzeug.datastructures import MultiDict

from intake.api.base import open_case
from intake.domain.applications import DuplicateApplication
from intake.domain.errors import NoSuchService, OfficeUnknown
from intake.pages.applicant import questions
from intake.schemas.applications import NewApplication
from intake.schemas.base import KELURAHAN_CODE, SERVICE_CODE
from intake.store import offices as store
from intake.usecases import staff
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.language import language
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Conflict, Forbidden, Unprocessable, Words

apply_pages = Blueprint("apply-pages", __name__, url_prefix="/ajukan")

SELF, OTHER = "sendiri", "orang-lain"
_CHOOSE = Words("Pilih salah satu.", "Please choose one.")
_NOT_YET = Words("Ada yang belum dipilih", "Something was not chosen")


class Twice(Conflict):
    """The person has an open case for this service; another has to be meant."""

    slug = DuplicateApplication.slug
    title = DuplicateApplication.title
    detail = Words(
        "Untuk layanan yang sama masih ada permohonan terbuka. Lanjutkan yang itu, atau centang di bawah bila memang"
        " perlu satu lagi.",
        "There is an open application for the same service. Go on with that one, or tick the box below if you need"
        " another.",
    )


class Elsewhere(Forbidden):
    """The address is another office's: what would be opened is the caller's own office's service of that name."""

    detail = Words(
        "Layanan ini dari kelurahan lain. Masuk dahulu di kelurahan itu.",
        "This service is another kelurahan's. Please sign in there first.",
    )


@apply_pages.get("")
@allow("applicant")
@audit.shows_nobody("an address")
def choose_service() -> Response:
    """On to the services of one's own kelurahan."""
    return redirect(f"/layanan/{caller().tenant}", 303)  # type: ignore[return-value]


@apply_pages.get("/<kelurahan>/<service>")
@allow("applicant")
@audit.shows_nobody("the same for all")
def show_before(kelurahan: str, service: str, filled: Filled = NOTHING) -> Response:
    """What the service needs, gives, and what follows; why, and for whom."""
    name, sop = _service(kelurahan, service)
    if caller().tenant != kelurahan:
        return page("applicant/apply_elsewhere.html", kelurahan=kelurahan, name=name, service=sop, own=_own_office())
    return page("applicant/apply.html", kelurahan=kelurahan, name=name, service=sop, filled=filled)


@apply_pages.get("/<kelurahan>/<service>/mulai")
@allow("applicant")
@audit.shows_nobody("a form, and one's own number")
def show_start(kelurahan: str, service: str, filled: Filled = NOTHING) -> Response:
    """Who the applicant is: the least that opens a draft."""
    name, sop = _service(kelurahan, service)
    if caller().tenant != kelurahan:
        return show_before(kelurahan, service)
    reason, who = request.values.get("alasan", ""), request.values.get("untuk", "")
    if missing := _not_chosen(sop, reason, who):
        chosen = MultiDict({"alasan": reason, "untuk": who})
        return show_before(
            kelurahan, service,
            filled=Filled(chosen, _NOT_YET.in_language(language()), _CHOOSE.in_language(language()), missing),
        )  # fmt: skip
    return page(
        "applicant/apply_start.html", kelurahan=kelurahan, name=name, service=sop, reason=reason, helps=who == OTHER,
        filled=filled, phone=_own_phone(), first=g.get("first_case"),
        name_field=questions.NAME, nik_field=questions.NIK, rt_field=questions.RT, rw_field=questions.RW,
        names=questions.names((questions.NAME, questions.NIK, questions.RT, questions.RW)),
    )  # fmt: skip


@apply_pages.post("/<kelurahan>/<service>/mulai")
@allow("applicant")
@forms.keeps(show_start)
def open_draft(kelurahan: str, service: str) -> Any:
    """Opens the draft, and on to its first question."""
    _service(kelurahan, service)
    if caller().tenant != kelurahan:
        raise Elsewhere
    body = forms.load(NewApplication(), _new(service, forms.typed()))
    try:
        case = open_case(body)
    except DuplicateApplication as error:
        g.first_case = str((error.more or {}).get("first", "")).rpartition("/")[2]
        raise Twice from error
    except Unprocessable as error:
        if body.get("helper"):  # whose number is the contact's too, and is asked for once
            ((error.errors or {}).get("json") or {}).pop("contact", None)
        raise
    saved = Words(
        "Tersimpan. Anda bisa berhenti dan melanjutkan kapan saja.", "Saved. You can stop and go on any time."
    )
    return forms.done(f"/saya/{case}/lanjut", saved)


def _new(service: str, typed: MultiDict[str, str]) -> dict[str, Any]:
    """The form as the API takes it."""

    def part(name: str, *codes: str) -> dict[str, str]:
        return {code: found for code in codes if (found := typed.get(f"{name}-{code}", "").strip())}

    body: dict[str, Any] = {"service": service, "applicant": part("applicant", "name", "nik", "rt", "rw")}
    if typed.get("untuk") == OTHER:
        helper = part("helper", "name", "phone", "relation")
        body |= {"helper": helper, "contact": {"name": helper.get("name", "-"), "phone": helper.get("phone", "-")}}
    else:
        body["contact"] = {"name": body["applicant"].get("name", "-")} | part("contact", "phone")
    if typed.get("alasan"):
        body["reason"] = typed["alasan"]
    if typed.get("lagi"):
        body["intended_duplicate"] = True
    return body


def _not_chosen(sop: dict[str, Any], reason: str, who: str) -> dict[str, str]:
    """What of the page before was not chosen, by field."""
    reasons = {one["code"] for one in sop["reasons"]}
    missing = ["untuk"] if who not in (SELF, OTHER) else []
    missing += ["alasan"] if len(reasons) > 1 and reason not in reasons else []
    return dict.fromkeys(missing, _CHOOSE.in_language(language()))


def _service(kelurahan: str, code: str) -> tuple[str, dict[str, Any]]:
    """The office's name, and the service as it is today. Raises OfficeUnknown, NoSuchService."""
    if not re.match(KELURAHAN_CODE, kelurahan):
        raise OfficeUnknown
    if not re.match(SERVICE_CODE, code):
        raise NoSuchService
    parts = deps()
    with parts.db.transaction(kelurahan) as tx:
        found = office(parts, tx, kelurahan)
        sop = store.sop_on(tx, kelurahan, code, found.today(parts.clock.now()))
    if sop is None:
        raise NoSuchService
    return str(found.data["name"]), sop


def _own_office() -> dict[str, str]:
    parts, tenant = deps(), caller().tenant
    with parts.db.transaction(tenant) as tx:
        return {"code": tenant, "name": office(parts, tx, tenant).data["name"]}


def _own_phone() -> str:
    """The number that one signed in with."""
    account = staff.own(deps(), caller())
    return str(account.person.get("phone", "")) if account else ""

"""`/intake/layanan`: the office's services, their versions, and drafts up to their publication."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request

from intake.api.base import in_office, only_id
from intake.domain.errors import DraftExists, NoSuchService
from intake.domain.sop_words import item_of, place
from intake.domain.sops import Difference, compare, problems
from intake.pages.administration.sop_form import said
from intake.pages.offices import own_page
from intake.schemas.base import SERVICE_CODE
from intake.schemas.sops import DraftOut, DryRun, NewDraft, Publication, PublishedOut, Retirement, VersionList
from intake.store import sops as store
from intake.usecases import sops
from intake.usecases.complaining.reading import by_step, tally
from intake.usecases.offices import office
from kit import audit
from kit.access import recorded
from kit.answers import Answer, answer, check_if_match, deps
from kit.auth import caller
from kit.db import Row, Tx
from kit.language import language
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Words

sop_pages = Blueprint("sop-pages", __name__, url_prefix="/intake/layanan")

DRAFTS = "/intake/layanan/rancangan"


def draft_of(draft_id: UUID) -> tuple[Row, list[Difference]]:
    """A draft of the caller's office, and what it changes. Raises NotFound."""
    with recorded(draft_id), deps().db.transaction(caller().tenant) as tx:
        row = sops.found(tx, draft_id)
        return row, sops.changed_by(tx, row)


def _shown(differences: list[Difference]) -> list[dict[str, Any]]:
    """Differences side by side, in lines of words."""
    return [
        {
            "said": one.words.in_language(language()),
            "before": said(one.before, one.part),
            "after": said(one.after, one.part),
        }
        for one in differences
    ]


@sop_pages.get("")
@allow(*sops.READING)
@audit.shows_nobody("the office's services")
def list_services() -> Response:
    """All services, with the version in force and the draft."""
    with deps().db.transaction(caller().tenant) as tx:
        found = sops.overview(deps(), tx, caller().tenant)
    return own_page("administration/sops.html", services=found, changing=caller().has(*sops.CHANGING))


@sop_pages.get("/<code>")
@allow(*sops.READING)
@audit.shows_nobody("the office's services, and which account changed what")
def show_versions(code: str, filled: Filled = NOTHING) -> Response:
    """A service's versions, and who changed what."""
    code = _sound(code)
    with deps().db.transaction(caller().tenant) as tx:
        found = next((one for one in sops.overview(deps(), tx, caller().tenant) if one["service"] == code), None)
        if found is None:
            raise NoSuchService
        changes = store.changes(tx, caller().tenant, code)
        zone = office(deps(), tx, caller().tenant).zone
    complaints = by_step(tally(deps(), caller(), caller().tenant, code)["items"])
    return own_page(
        "administration/sop.html", filled=filled, one=found, changing=caller().has(*sops.CHANGING),
        complaints=complaints, handling=caller().has("officer", "lurah"),
        changes=[one | {"at": one["at"].astimezone(zone), "parts": _parts(one["parts"], found)} for one in changes],
    )  # fmt: skip


@sop_pages.get("/<code>/beda/<int:number>/<int:other>")
@allow(*sops.READING)
@audit.shows_nobody("the office's services")
def compare_versions(code: str, number: int, other: int) -> Response:
    """Two versions side by side."""
    code = _sound(code)
    with deps().db.transaction(caller().tenant) as tx:
        before, after = (sops.version(tx, caller().tenant, code, one) for one in (number, other))
    return own_page(
        "administration/sop_compare.html", code=code, name=after["name"], number=number, other=other,
        differences=_shown(compare(before, after)),
    )  # fmt: skip


@sop_pages.post("/<code>/rancangan")
@allow(*sops.CHANGING)
@audit.by_each
@forms.keeps(show_versions)
def begin_draft(code: str) -> Response:
    """A draft from the newest version; one that is there already is shown."""
    forms.typed()
    body, code = forms.load(NewDraft(), {}), _sound(code)

    def work(tx: Tx) -> Answer:
        row = sops.begin(deps(), tx, caller(), code, body["sop"])
        return answer(DraftOut, row | {"sop": row["data"], "problems": []}, 201, version=row["version"])

    try:
        draft_id = in_office(body, work).get_json()["id"]
    except DraftExists as problem:
        draft_id = problem.more["draft"].rpartition("/")[2]
    return forms.done(f"{DRAFTS}/{draft_id}")


@sop_pages.post("/<code>/henti")
@allow(*sops.CHANGING)
@forms.keeps(show_versions)
def retire(code: str) -> Response:
    """The service is offered no more from a day on."""
    day = forms.typed().get("from_date", "").strip()
    body, code = forms.load(Retirement(), {"from_date": day} if day else {}), _sound(code)

    def work(tx: Tx) -> Answer:
        return answer(VersionList, {"items": sops.retire(deps(), tx, caller(), code, body["from_date"])})

    in_office(body, work)
    return forms.done(
        f"/intake/layanan/{code}", Words("Layanan dihentikan dari hari itu.", "It is offered no more from that day.")
    )


@sop_pages.get("/rancangan/<uuid:draft_id>")
@allow(*sops.READING)
@audit.shows_nobody("a draft of a service")
def show_draft(draft_id: UUID, filled: Filled = NOTHING) -> Response:
    """A draft beside the version that it is based on, and what keeps it from being published."""
    row, differences = draft_of(draft_id)
    return own_page(
        "administration/sop_draft.html", filled=filled, draft=row, differences=_shown(differences),
        problems=_problems(row), changing=caller().has(*sops.CHANGING),
    )  # fmt: skip


@sop_pages.get("/rancangan/<uuid:draft_id>/coba")
@allow(*sops.READING)
@audit.shows_nobody("codes of cases, and what each would have needed")
def try_draft(draft_id: UUID) -> Response:
    """Which of the last cases would have needed something else. Nothing is changed."""
    last = request.args.get("last", "").strip() or "50"
    body = forms.load(DryRun(), {"last": int(last) if last.isdecimal() and len(last) < 6 else last})
    with recorded(draft_id), deps().db.transaction(caller().tenant) as tx:
        row = sops.found(tx, draft_id)
        found = sops.dry_run(deps(), tx, row, body["last"])
    return own_page("administration/sop_try.html", draft=row, found=found | {"changed": _named(found, row["data"])})


@sop_pages.get("/rancangan/<uuid:draft_id>/terbitkan")
@allow(*sops.CHANGING)
@audit.shows_nobody("a draft of a service")
def ask_before_publishing(draft_id: UUID, filled: Filled = NOTHING) -> Response:
    """What is about to be published, and from which day on."""
    row, differences = draft_of(draft_id)
    return own_page(
        "administration/sop_publish.html",
        filled=filled,
        draft=row,
        differences=_shown(differences),
        problems=_problems(row),
    )


@sop_pages.post("/rancangan/<uuid:draft_id>/terbitkan")
@allow(*sops.CHANGING)
@forms.keeps(ask_before_publishing)
def publish_draft(draft_id: UUID) -> Response:
    """The draft becomes the next version."""
    day = forms.typed().get("effective_from", "").strip()
    body = forms.load(Publication(), {"effective_from": day} if day else {})

    def work(tx: Tx) -> Answer:
        data = sops.publish(deps(), tx, caller(), draft_id, body["effective_from"], check_if_match)
        return answer(PublishedOut, data, 201)

    with recorded(draft_id):
        service = in_office(body, work).get_json()["service"]
    return forms.done(f"/intake/layanan/{service}", Words("Versi baru diterbitkan.", "The new version is published."))


@sop_pages.post("/rancangan/<uuid:draft_id>/buang")
@allow(*sops.CHANGING)
@forms.keeps(show_draft)
def discard_draft(draft_id: UUID) -> Response:
    """The draft is given up."""
    forms.typed()

    def work(tx: Tx) -> Answer:
        sops.discard(deps(), tx, caller(), draft_id, check_if_match)
        return only_id(draft_id)

    with recorded(draft_id):
        in_office({}, work)
    return forms.done("/intake/layanan", Words("Rancangan dibuang.", "The draft was given up."))


def _named(found: dict[str, Any], draft: dict[str, Any]) -> list[dict[str, Any]]:
    """The cases that would have gone otherwise, with what each effect is about in words of the draft."""
    tongue = language()
    return [
        case
        | {"effects": [one | {"what": item_of(draft, one["part"], one["code"]).in_language(tongue)}
                       for one in case["effects"]]}
        for case in found["changed"]
    ]  # fmt: skip


def _parts(parts: list[str] | None, service: dict[str, Any]) -> list[str]:
    """What was changed, by the names that the newest version and the draft give it."""
    newest = service["versions"][0]["data"] if service["versions"] else {}
    sop = (service["draft"] or {}).get("data") or newest
    return [place(one, sop).in_language(language()) for one in parts or []]


def _sound(code: str) -> str:
    """Raises NoSuchService."""
    if not re.match(SERVICE_CODE, code):
        raise NoSuchService
    return code


def _problems(row: Row) -> list[dict[str, str]]:
    return [
        {"where": place(one.where, row["data"]).in_language(language()), "said": one.words.in_language(language())}
        for one in problems(row["data"])
    ]

"""What an officer does with a case, each an address under the case's: the API's steps, with its schemas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, abort
from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from intake.api.base import change_case
from intake.deps import Deps
from intake.domain.case import Actor, Application
from intake.pages.desk.case import back_to_case, case_page, case_pages
from intake.schemas.applications import (
    IntroductionRequest,
    OriginalsSeen,
    ReasonGiven,
    RequirementWaived,
    Return,
    Withdrawal,
)
from intake.schemas.base import Nothing
from intake.schemas.consent import Consent, Revocation
from intake.usecases import consent, procedure
from kit import audit
from kit.db import Tx
from kit.pages import forms
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import Unprocessable, Words

Typed = MultiDict[str, str]

_TICK = Words("Centang yang perlu diperbaiki.", "Tick what is to be mended.")


@dataclass(frozen=True)
class Step:
    """How a form becomes a step: what the API calls it in `actions`, the schema that reads it, the use case, and what
    is said when it is done."""

    action: str
    schema: type[Schema]
    act: Callable[[Deps, Tx, Application, Actor, dict[str, Any]], None]
    said: Words
    read: Callable[[Typed], dict[str, Any]] = lambda typed: {name: value for name, value in typed.items() if value}
    done: bool = False
    """With it the case is done for the officer, who goes on to the next."""


def _items(typed: Typed) -> dict[str, Any]:
    """The items that were ticked, or of which something was said. Raises Unprocessable."""
    items = forms.nested(typed).get("items")
    if not items:
        raise Unprocessable(errors={"json": {"items": [_TICK]}})
    return {"items": items}


STEPS = {
    "terima": Step(
        "receive", Nothing, lambda deps, tx, app, actor, _: procedure.receive(deps, tx, app, actor),
        Words("Permohonan diterima.", "The application is received."), done=True,
    ),
    "kirim": Step(
        "submit", Nothing, lambda deps, tx, app, actor, _: procedure.submit(deps, tx, app, actor),
        Words("Permohonan dikirim.", "The application is submitted."),
    ),
    "kirim-ulang": Step(
        "resubmit", Nothing, lambda deps, tx, app, actor, _: procedure.resubmit(deps, tx, app, actor),
        Words("Permohonan dikirim ulang.", "The application is submitted again."),
    ),
    "kembalikan": Step(
        "return", Return, lambda deps, tx, app, actor, body: procedure.give_back(deps, tx, app, actor, body["items"]),
        Words("Permohonan dikembalikan kepada pemohon.", "The application is returned to the applicant."), _items, True,
    ),
    "tolak": Step(
        "reject", ReasonGiven,
        lambda deps, tx, app, actor, body: procedure.reject(deps, tx, app, actor, body["reason"]),
        Words("Permohonan ditolak.", "The application is rejected."), done=True,
    ),
    "batalkan": Step(
        "withdraw", Withdrawal,
        lambda deps, tx, app, actor, body: procedure.withdraw(deps, tx, app, actor, body.get("reason")),
        Words("Permohonan dibatalkan.", "The application is withdrawn."), done=True,
    ),
    "tanpa-syarat": Step(
        "waive-requirement", RequirementWaived,
        lambda deps, tx, app, actor, body: procedure.waive_requirement(
            deps, tx, app, actor, body["requirement"], body["reason"]
        ),
        Words("Syarat itu tidak diminta lagi.", "That requirement is not asked for any more."),
    ),
    "tanpa-pengantar": Step(
        "waive-introduction", ReasonGiven,
        lambda deps, tx, app, actor, body: procedure.waive_introduction(deps, tx, app, actor, body["reason"]),
        Words("Surat pengantar RT tidak diminta lagi.", "The introduction is not asked for any more."),
    ),
    "minta-pengantar": Step(
        "request-introduction", IntroductionRequest,
        lambda deps, tx, app, actor, body: procedure.request_introduction(deps, tx, app, actor, body["purpose"]),
        Words("Ketua RT sudah diminta memberi pengantar.", "The RT head was asked for the introduction."),
    ),
    "loloskan": Step(
        "override-attestation", ReasonGiven,
        lambda deps, tx, app, actor, body: procedure.override_attestation(deps, tx, app, actor, body["reason"]),
        Words("Permohonan diloloskan.", "The application is passed."), done=True,
    ),
    "asli": Step(
        "show-original", OriginalsSeen,
        lambda deps, tx, app, actor, body: procedure.show_originals(deps, tx, app, actor, body["requirements"]),
        Words("Dokumen asli dicatat sudah dilihat.", "The originals are noted as seen."),
        lambda typed: {"requirements": typed.getlist("requirements")},
    ),
    "persetujuan": Step(
        "give-consent", Consent,
        lambda deps, tx, app, actor, body: consent.record(deps, tx, app, actor, body, None),
        Words("Persetujuan pemohon dicatat.", "The applicant's consent is noted."),
    ),
    "akhiri-bantuan": Step(
        "revoke-consent", Revocation, lambda deps, tx, app, actor, body: consent.revoke(deps, tx, app, actor, body),
        Words("Bantuan pendamping diakhiri.", "The help has ended."),
    ),
}  # fmt: skip
"""By the word in the address."""


@case_pages.get("/<uuid:application_id>/<step>")
@allow("officer", "lurah")
@audit.shows("application")
def show_step(application_id: UUID, step: str) -> Response:
    """The case with the form of one step open beside the scans."""
    return case_page(application_id, _known(step))


@audit.shows("application")
def _again(application_id: UUID, step: str, filled: Filled = NOTHING) -> Response:
    return case_page(application_id, step, filled)


@case_pages.post("/<uuid:application_id>/<step>")
@allow("officer")
@forms.keeps(_again)
def take_step(application_id: UUID, step: str) -> Response:
    """Does it, once, unless the case is another by now than the officer saw."""
    chosen = STEPS[_known(step)]
    body = forms.load(chosen.schema(), chosen.read(forms.typed()))
    change_case(application_id, body, lambda parts, tx, app, actor: chosen.act(parts, tx, app, actor, body))
    return forms.done(back_to_case(application_id) + ("#berikutnya" if chosen.done else ""), chosen.said)


def _known(step: str) -> str:
    if step not in STEPS:
        abort(404)
    return step

"""`/saya/{case}/isi/{question}`: one question on a page, its answer kept at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from werkzeug.datastructures import MultiDict

from intake.pages.applicant.case import Case, change, find
from intake.pages.applicant.questions import Field, Question, before, names, next_after, questions, value_of, way
from intake.pages.typed import as_number, as_rows
from intake.schemas.applications import ApplicationChange
from intake.usecases import applications, suggesting
from kit import audit
from kit.answers import deps
from kit.auth import caller
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.pages.session import allow
from kit.problems import NotFound, Words

answer_pages = Blueprint("answer-pages", __name__, url_prefix="/saya/<uuid:application_id>/isi")

FROM_CHECK = "periksa"
SAVED = Words("Tersimpan.", "Saved.")


@answer_pages.get("/<code>")
@allow("applicant")
@audit.shows("application")
def show_question(application_id: UUID, code: str, filled: Filled = NOTHING) -> Response:
    """A question with what is known, and what earlier cases say."""
    case = find(
        application_id, lambda parts, tx, app, actor: suggesting.offered(parts, tx, app, actor, caller().subject)
    )
    asked, number, of = _question(case, code)
    offered = {f"{one['part']}-{one['field']}": one for one in case.more}
    offered = {one.id: offered[one.id] for one in asked.fields if one.id in offered}
    taken = bool(request.args.get("isikan"))
    values = {
        one.id: offered[one.id]["value"] if taken and one.id in offered else value_of(case, one) for one in asked.fields
    }
    return page(
        "applicant/question.html", case=case, question=asked, number=number, of=of, filled=filled, values=values,
        taken=taken, offered=offered, back=_back(case, code), from_check=_from_check(), names=names(asked.fields),
    )  # fmt: skip


@answer_pages.post("/<code>")
@allow("applicant")
@forms.keeps(show_question)
def save_answer(application_id: UUID, code: str) -> Any:
    """Keeps the answer, and on to the next question."""
    case = find(application_id)
    asked, _, _ = _question(case, code)
    typed = forms.typed()
    body = forms.load(ApplicationChange(), _answer(asked, typed))
    with applications.naming_the_first(deps(), caller().tenant):
        change(
            application_id, body,
            lambda parts, tx, app, actor: applications.change(parts, tx, app, actor, caller().subject, body),
        )  # fmt: skip
    if _from_check():
        return forms.done(f"{case.address}/periksa", SAVED)
    return forms.done(next_after(find(application_id), f"{case.address}/isi/{code}"))


def _question(case: Case, code: str) -> tuple[Question, int, int]:
    """The question, which one it is, and of how many pages. Raises NotFound."""
    for number, asked in enumerate(questions(case), 1):
        if asked.code == code:
            return asked, number, len(way(case))
    raise NotFound


def _answer(asked: Question, typed: MultiDict[str, str]) -> dict[str, Any]:
    """The form as the API takes a correction; what was left empty is removed."""
    body: dict[str, Any] = {}
    for one in asked.fields:
        (body.setdefault(one.part, {}) if one.part else body)[one.code] = _read(one, typed)
    return body


def _read(one: Field, typed: MultiDict[str, str]) -> Any:
    if one.kind == "date":
        return forms.day(typed, one.id)
    if one.kind == "rows":
        return as_rows(one.id, typed)
    text = typed.get(one.id, "").strip()
    return as_number(text) if one.kind == "number" and text else text or None


def _from_check() -> bool:
    """Whether one came to mend a single answer, and goes back to the list of all."""
    return request.args.get("ke") == FROM_CHECK


def _back(case: Case, code: str) -> str:
    return f"{case.address}/periksa" if _from_check() else before(case, f"{case.address}/isi/{code}")

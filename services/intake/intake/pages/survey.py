"""`/survei/{token}`: the nine questions after a finished case, without a login. The address is in a message."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from intake.api.surveys import answered, look
from intake.domain.survey import ELEMENTS, MOST_COMMENT, SCORES, NoSurvey
from intake.schemas.surveys import SurveyAnswerIn
from intake.usecases.surveys import PATH
from kit import audit
from kit.auth import public
from kit.language import language
from kit.pages import forms, page
from kit.pages.forms import NOTHING, Filled
from kit.problems import Words

survey_pages = Blueprint("survey-pages", __name__, url_prefix=PATH)

_NESTED = "answers-"
_STATUS = {"open": 200, "answered": 200, "over": 410}
_THANKS = Words("Jawaban Anda sudah kami terima.", "We have received your answers.")


@survey_pages.after_request
def _keep_secret(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@survey_pages.get("/<token>")
@public
@audit.shows_nobody("questions, and the name of a service")
def show_survey(token: str, filled: Filled = NOTHING) -> Response:
    """The questions; thanks where they were answered; how to be heard all the same where the time is over."""
    try:
        shown = look(token)
    except NoSurvey as problem:
        return page("survey_ended.html", problem.status, state="unknown", survey=None)
    if shown["state"] != "open":
        return page("survey_ended.html", _STATUS[shown["state"]], state=shown["state"], survey=shown)
    return page("survey.html", filled=filled, survey=shown, token=token, names=_names(), most=MOST_COMMENT)


@survey_pages.post("/<token>")
@public
@forms.keeps(show_survey)
def answer_survey_page(token: str) -> Response:
    """All nine, and a comment; then thanks at the same address."""
    typed = forms.typed()
    scores = {
        name.removeprefix(_NESTED): int(value) if value in {str(score) for score in SCORES} else value
        for name, value in typed.items()
        if name.startswith(_NESTED)
    }
    rest = {name: value for name, value in typed.items() if not name.startswith(_NESTED) and value.strip()}
    answered(token, forms.load(SurveyAnswerIn(), rest | {"answers": scores}))
    return forms.done(f"{PATH}/{token}", _THANKS)


def _names() -> dict[str, Any]:
    """What the fields are called where something is wrong with one."""
    return {f"{_NESTED}{one.code}": one.name.in_language(language()) for one in ELEMENTS}

"""The survey after a finished case, and the index that comes of it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from intake.domain.survey import ELEMENTS, MOST_COMMENT, SCORES
from intake.schemas.base import KELURAHAN, Named, Strict, moment, optional, shown
from kit.paging import PageQuery
from kit.problems import Words

_WHICH = Words("Pilih salah satu jawaban.", "Choose one of the answers.")


def _score(code: str, question: str) -> fields.Integer:
    return fields.Integer(
        required=True, strict=True, validate=validate.OneOf(SCORES),
        error_messages=dict.fromkeys(("required", "null", "invalid"), _WHICH),  # type: ignore[misc]
        metadata={"description": f"{code}: {question} From 1 (worst) to 4 (best).", "example": 4},
    )  # fmt: skip


class Scores(Strict):
    """One of four for each of the nine elements."""

    U1, U2, U3, U4, U5, U6, U7, U8, U9 = (_score(one.code, one.question.en) for one in ELEMENTS)


class SurveyAnswerIn(Strict):
    """The answer of a case: all nine, and a comment if wished."""

    answers = fields.Nested(Scores, required=True)
    comment = optional("What is to be said besides, without names.", "Petugasnya ramah.", most=MOST_COMMENT)


class ChoiceOut(Schema):
    """One of a question's four answers."""

    score = fields.Integer(metadata={"description": "From 1 (worst) to 4 (best).", "example": 4})
    said = fields.Nested(Named)


class QuestionOut(Schema):
    """One of the nine."""

    element = shown("Code of the element.", "U1")
    name = fields.Nested(Named)
    question = fields.Nested(Named)
    choices = fields.List(fields.Nested(ChoiceOut))


class SurveyOut(Schema):
    """The survey of a link. Names nobody."""

    state = shown("open or answered.", "open")
    office = shown("Name of the kelurahan.", "Bukit Sangkal")
    service = shown("Code of the service.", "KK")
    service_name = fields.Nested(Named)
    expires_at = moment("Until when it can be answered.")
    questions = fields.List(fields.Nested(QuestionOut))


def _places(description: str, example: str) -> fields.Decimal:
    return fields.Decimal(
        places=2, as_string=True, allow_none=True, metadata={"description": description, "example": example}
    )


def _count(description: str, example: int | None) -> fields.Integer:
    return fields.Integer(allow_none=True, metadata={"description": description, "example": example})


class ElementIndex(Schema):
    """One element."""

    element = shown("Code.", "U1")
    name = fields.Nested(Named)
    mean = _places("Mean of its scores, from 1 to 4.", "3.52")
    value = _places("The same on the scale of the index, from 25 to 100.", "88.00")
    band = shown("A, B, C or D.", "B")


class IndexOut(Schema):
    """The index of some answers; without one where it is not published."""

    asked = _count("How many were asked; null where it is not told.", 80)
    answers = _count("How many answered; null where it is not told.", 41)
    sample = _count("How many answers would speak for all who were asked (Krejcie and Morgan).", 66)
    enough = fields.Boolean(
        metadata={
            "description": "Whether an index is published: the time is over, and enough answered.",
            "example": True,
        }
    )
    index = _places("From 25.00 to 100.00, each element weighing exactly 1/9.", "88.46")
    band = shown("A (from 88.31), B (from 76.61), C (from 65.00) or D.", "A", allow_none=True)
    elements = fields.List(fields.Nested(ElementIndex))


class ServiceIndex(IndexOut):
    service = shown("Code of the service.", "KK")


class SurveyIndexOut(Schema):
    """An office's index."""

    kelurahan = shown("Kemendagri code.", KELURAHAN)
    period = shown("A year or a month, office time.", "2026")
    over = fields.Boolean(
        metadata={"description": "Whether it is over; until then there is no index of it.", "example": True}
    )
    minimum = fields.Integer(metadata={"description": "Of fewer answers there is no index.", "example": 30})
    total = fields.Nested(IndexOut)
    services = fields.List(
        fields.Nested(ServiceIndex),
        metadata={"description": "Each service; with an index of its own in a month only, never in a year."},
    )


class PeriodQuery(Strict):
    """Of which time."""

    period = fields.String(
        load_default=None, metadata={"description": "A year or a month; by itself the last month.", "example": "2026"}
    )


class CommentQuery(PageQuery):
    """A page of comments."""


class CommentLine(Schema):
    """What somebody wrote besides the nine; nobody's name, no case, and no day."""

    service = shown("Code of the service.", "KK")
    month = shown("When it was answered, office time.", "2026-11")
    comment = shown("The words.", "Petugasnya ramah.")


class CommentPage(Schema):
    items = fields.List(fields.Nested(CommentLine))
    next_cursor = shown("Hand it back as `cursor` for the next page; null on the last.", None, allow_none=True)


def questions() -> list[dict[str, Any]]:
    """The nine, as they are asked."""
    return [
        {
            "element": one.code, "name": one.name._asdict(), "question": one.question._asdict(),
            "choices": [
                {"score": score, "said": said._asdict()} for score, said in zip(SCORES, one.answers, strict=True)
            ],
        }
        for one in ELEMENTS
    ]  # fmt: skip

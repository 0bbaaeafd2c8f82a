"""Figures of an office by month."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from intake.schemas.base import KELURAHAN, KELURAHAN_CODE, Strict, moment, shown


def _count(description: str, example: int | None = 12) -> fields.Integer:
    return fields.Integer(allow_none=True, metadata={"description": description, "example": example})


def _time(description: str) -> fields.Float:
    return fields.Float(allow_none=True, metadata={"description": description, "example": 3.5})


def month_field(description: str) -> fields.Function:
    """A month as `2026-08`, of its first day."""
    return fields.Function(
        lambda row: f"{row['month']:%Y-%m}",
        metadata={"type": "string", "description": description, "example": "2026-08"},
    )


class ReportQuery(Strict):
    """Of which office."""

    kelurahan = fields.String(
        load_default=None,
        validate=validate.Regexp(KELURAHAN_CODE),
        metadata={"description": "Of an office below one's own kecamatan or city.", "example": KELURAHAN},
    )


class StepFigures(Schema):
    """Working hours that a step took; with the applicant no step runs."""

    cases = _count("So many.")
    median = _time("Half of them took at most so many working hours.")
    p90 = _time("Nine of ten took at most so many.")


class DayFigures(Schema):
    """Working days until the letters were there, as the promise counts them: 1 is the first day."""

    cases = _count("So many.")
    median = _time("Half of them took at most so many working days.")
    p90 = _time("Nine of ten took at most so many.")


class MetFigures(Schema):
    cases = _count("So many.")
    met = _count("So many of them in time.", 11)


class WaitFigures(StepFigures):
    met = _count("So many of them within the target.", 11)


class AnswerFigures(DayFigures):
    met = _count("So many of them in time.", 11)


class Steps(Schema):
    receive = fields.Nested(StepFigures)
    verify = fields.Nested(StepFigures)
    produce = fields.Nested(StepFigures)
    hand_over = fields.Nested(StepFigures, attribute="hand-over", data_key="hand-over")


class Figures(Schema):
    """One month. In the public report null stands for what could tell of somebody: one to four cases, and as many more
    as keep those from being told by what is shown beside them."""

    submitted = _count("Cases submitted.")
    completed = _count("Completed.")
    rejected = _count("Rejected.", 0)
    withdrawn = _count("Withdrawn.", 0)
    expired = _count("Expired.", 0)
    on_time = fields.Nested(MetFigures, metadata={"description": "Letters that were there by the promised date."})
    days = fields.Nested(DayFigures)
    steps = fields.Nested(Steps)
    introduction = fields.Nested(WaitFigures, metadata={"description": "How long RT heads took to answer."})
    filed = _count("Complaints, wishes and questions filed.", 1)


class ComplaintFigures(Schema):
    """Complaints, wishes and questions; in the public report null where a division could tell of somebody."""

    filed = fields.Dict(
        allow_none=True, metadata={"description": "Filed in the month, by kind.", "example": {"complaint": 6}}
    )
    answered = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(AnswerFigures),
        allow_none=True,
        metadata={"description": "Answered in the month, by the class that says within which time."},
    )
    ended = fields.Dict(
        allow_none=True, metadata={"description": "Closed in the month, by how.", "example": {"satisfied": 5}}
    )


class TotalFigures(Figures):
    """All services together, and what belongs to none."""

    complaints = fields.Nested(ComplaintFigures)


class ServiceFigures(Figures):
    service = shown("Code of the service.", "KK")


class LateNow(Schema):
    cases = fields.Integer(metadata={"description": "Late at this moment, up to 200.", "example": 2})
    more = fields.Boolean(metadata={"description": "There are more than that.", "example": False})
    with_ = fields.Dict(
        attribute="with", data_key="with", metadata={"description": "Whose turn it is.", "example": {"rt_head": 2}}
    )


class LateCase(Schema):
    """A case whose promised date has passed. No person's data."""

    tracking_code = shown("Its code.", "PGT-7K3M9-XW2RB")
    service = shown("Service.", "KK")
    step = shown("What is to be done.", "verify")
    rt = shown("RT.", "023")
    promised_at = moment("What was promised.")
    with_ = shown("Whose turn it is.", "rt_head", attribute="with", data_key="with")


class RequestFigures(Schema):
    """What people asked for about their data and is not done yet, at this moment."""

    kind = shown("record, correction, erasure or consent.", "correction")
    open = fields.Integer(metadata={"description": "All of them.", "example": 3})
    soon = fields.Integer(metadata={"description": "Of these, to be done within a day.", "example": 1})
    late = fields.Integer(metadata={"description": "Of these, over their time.", "example": 0})


class MonthOut(Schema):
    """An office's month."""

    kelurahan = shown("Kemendagri code.", KELURAHAN)
    month = shown("Month, office time.", "2026-08")
    computed_at = moment("When it was counted last; null while nothing happened.", allow_none=True)
    introduction_target_days = fields.Integer(
        metadata={"description": "Working days in which RT heads are to answer.", "example": 1}
    )
    total = fields.Nested(TotalFigures)


class ReportOut(MonthOut):
    """An office's month, for the office and whoever is above it."""

    services = fields.List(fields.Nested(ServiceFigures))
    late_now = fields.Nested(LateNow)
    late = fields.List(fields.Nested(LateCase), metadata={"description": "The longest late first."})
    requests = fields.List(
        fields.Nested(RequestFigures), metadata={"description": "Requests about people's data, by kind."}
    )

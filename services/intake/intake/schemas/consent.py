"""What is sent about a helper's consent."""

from __future__ import annotations

from marshmallow import fields, validate

from intake.domain.consent import CODE, HEARD
from intake.schemas.base import Strict, text

_CODE = validate.Regexp(r"^ *[0-9]{6} *\Z")


def _code(**more: bool) -> fields.String:
    return fields.String(validate=_CODE, metadata={"description": "The code, 6 digits.", "example": "482913"}, **more)


def _messages_to() -> fields.String:
    return fields.String(
        validate=validate.OneOf(("owner", "helper")),
        metadata={
            "description": "Where the applicant wants messages: the own phone (`owner`) or the helper's. Left out,"
            " they go to the contact as it is.",
            "example": "helper",
        },
    )


class CodeWanted(Strict):
    """Where the code is sent."""

    phone = text("The applicant's own mobile number.", "0812-7100-0071", most=32, required=True)


class Consent(Strict):
    """How the applicant agreed."""

    method = fields.String(
        required=True,
        validate=validate.OneOf((CODE, *HEARD)),
        metadata={
            "description": "code; or, as an officer heard it: in_person from the applicant, rt_head_word from the RT"
            " head.",
            "example": "code",
        },
    )
    code = _code()
    phone = text("The applicant's own mobile number, if an officer is told it.", "0812-7100-0071", most=32)
    messages_to = _messages_to()


class Agreement(Strict):
    """The codes of the message to the applicant's own phone."""

    tracking_code = text("Tracking code, in any spelling.", "PGT-7K3M9-XW2RB", most=64, required=True)
    code = _code(required=True)
    messages_to = _messages_to()


class Revocation(Strict):
    """The applicant wants no help any more."""

    phone = text("The applicant's own mobile number, if an officer is told it.", "0812-7100-0071", most=32)


class RevocationCodeWanted(Strict):
    """Which case, and the phone from which its applicant agreed."""

    tracking_code = text("Tracking code, in any spelling.", "PGT-7K3M9-XW2RB", most=64, required=True)
    phone = text("The applicant's own mobile number.", "0812-7100-0071", most=32, required=True)


class RevocationByCode(Strict):
    """The codes of the message to the applicant's own phone."""

    tracking_code = text("Tracking code, in any spelling.", "PGT-7K3M9-XW2RB", most=64, required=True)
    code = _code(required=True)

"""What is sent to come in, and what is handed out."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from intake.domain.accounts import SCOPES
from intake.schemas.base import KELURAHAN, KELURAHAN_CODE, Strict, moment, shown, text

CODE_ID = "Qm9f7sJ1cRk0yVt2uZpXwLh4aEd8oNgB5iCq3TzKxYM"
LEVEL_CODE = r"^[0-9]{2}\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?\Z"


def _kelurahan() -> fields.String:
    return fields.String(
        required=True, validate=validate.Regexp(KELURAHAN_CODE),
        metadata={"description": "The office, by its code.", "example": KELURAHAN},
    )  # fmt: skip


def _digits(description: str, example: str) -> fields.String:
    return fields.String(
        required=True, validate=validate.Regexp(r"^ *[0-9]{3} ?[0-9]{3} *\Z"),
        metadata={"description": description, "example": example},
    )  # fmt: skip


def _secret(description: str, example: str, most: int = 200) -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(1, most), metadata={"description": description, "example": example}
    )


def _phone() -> fields.String:
    return text("A mobile number.", "0812-7100-0071", most=32, required=True)


class SignInCodeWanted(Strict):
    """Where a code is sent."""

    kelurahan = _kelurahan()
    phone = _phone()


class CodeSent(Schema):
    """The same for every number."""

    code_id = shown("What the code counts with; for who asked, and nobody else.", CODE_ID)
    expires_in = fields.Integer(metadata={"description": "Seconds that the code holds.", "example": 300})


class SignInByCode(Strict):
    """The code that came to the phone, with the id that was answered to who asked for it."""

    kelurahan = _kelurahan()
    phone = _phone()
    code_id = _secret("The `code_id` that was answered when the code was asked for.", CODE_ID)
    code = _digits("The code of the message.", "482913")


class SignInByPassword(Strict):
    """Staff: name, password, and the code of the authenticator app."""

    office = fields.String(
        required=True, validate=validate.Regexp(LEVEL_CODE),
        metadata={"description": "Code of the kelurahan, kecamatan or city.", "example": KELURAHAN},
    )  # fmt: skip
    username = text("The user name.", "rohana", most=100, required=True)
    password = _secret("The password.", "kopi pagi di dermaga")
    totp = _digits("What the app shows now.", "482913")


class SignInByKey(Strict):
    """A machine with its key."""

    client_id = fields.UUID(required=True, metadata={"description": "The machine's id."})
    client_secret = _secret("Its key.", "Vb3…")
    scopes = fields.List(
        fields.String(validate=validate.OneOf(sorted(SCOPES))),
        load_default=list,
        validate=validate.Length(max=20),
        metadata={"description": "Fewer than it has; left out: all of them.", "example": ["reports.read"]},
    )


class Refresh(Strict):
    refresh_token = _secret("The latest one.", "Vb3…")


class TokensOut(Schema):
    """Each refresh token counts once: keep the new one."""

    access_token = shown("For `Authorization: Bearer …`.", "eyJhbGciOiJFZERTQSIs…")
    token_type = fields.Constant("Bearer")
    expires_in = fields.Integer(metadata={"description": "Seconds.", "example": 300})
    refresh_token = shown("For the next tokens; null for a machine.", "Vb3…", allow_none=True)
    session_id = fields.UUID(allow_none=True)
    roles = fields.List(fields.String(), metadata={"description": "What it may do now.", "example": ["applicant"]})
    account_id = fields.UUID()
    kelurahan = shown("The office, kecamatan or city.", KELURAHAN)


class SessionOut(Schema):
    id = fields.UUID()
    device = shown("Kind of device.", "Android")
    began_at = moment("When it began.")
    used_at = moment("When it was last renewed.")
    ends_at = moment("When it ends at the latest.")
    current = fields.Boolean(metadata={"description": "The one that asks.", "example": True})


class SessionList(Schema):
    items = fields.List(fields.Nested(SessionOut))


class Invitation(Strict):
    invitation = _secret("What the administrator handed over.", "Vb3…")


class InvitationOut(Schema):
    username = shown("The user name.", "rohana")
    office = shown("Code of the office.", KELURAHAN)
    roles = fields.List(fields.String())
    totp_uri = shown("To be shown as a QR code to an authenticator app.", "otpauth://totp/…")
    totp_secret = shown("The same to be typed.", "JBSWY3DPEHPK3PXP")


class Acceptance(Strict):
    invitation = _secret("What the administrator handed over.", "Vb3…")
    password = _secret("At least 12 characters.", "kopi pagi di dermaga")
    totp = _digits("What the app shows now.", "482913")


class PasswordChange(Strict):
    current = _secret("The password until now.", "kopi pagi di dermaga")
    password = _secret("The next one.", "perahu hijau di bawah jembatan")
    totp = _digits("What the app shows now.", "482913")


class KeysOut(Schema):
    """A JWKS (RFC 7517)."""

    keys = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))


BY_CODE = {"kelurahan": KELURAHAN, "phone": "0812-7100-0071", "code_id": CODE_ID, "code": "482913"}
EXAMPLE: dict[str, Any] = {
    "access_token": "eyJhbGciOiJFZERTQSIs…", "token_type": "Bearer", "expires_in": 300, "refresh_token": "Vb3…",
    "session_id": "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e31", "roles": ["applicant"],
    "account_id": "019a7c3e-5d1a-7c40-9b5e-2f6a1c0d7e30", "kelurahan": KELURAHAN,
}  # fmt: skip

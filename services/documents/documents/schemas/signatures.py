"""Signing letters, and the certificates for it."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import ValidationError, fields, validate

from contracts.signing import METHODS
from documents.schemas.letters import LetterOut
from documents.schemas.shapes import Strict, said
from documents.usecases.signing import MOST

MOST_BYTES = 64 * 1024
"""Of a PKCS#12 file."""

_ID = "019ab6c1-2f00-7a10-9c3e-5d1c8a7b2e01"


class Base64(fields.Field):
    """Bytes in base64; at most 64 KB, more than any PKCS#12 file needs."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bytes:
        if not isinstance(value, str) or len(value) > 90_000:
            raise ValidationError("Paling banyak 64 KB dalam base64.")
        try:
            return base64.b64decode(value, validate=True)
        except ValueError as error:  # not base64's signs, or not even ASCII
            raise ValidationError("Bukan base64.") from error


def _passphrase(**more: Any) -> fields.String:
    return fields.String(
        validate=validate.Length(1, 200), load_only=True,
        **said("Kept nowhere: used while this request lasts.", "empat kata yang panjang"), **more,
    )  # fmt: skip


class CertificateIn(Strict):
    """A signer's PKCS#12 file (.p12, .pfx)."""

    pkcs12 = Base64(required=True, **said("The file, in base64.", "MIIKXAIBAzCC…"))
    passphrase = _passphrase(required=True)


class CertificateOut(Strict):
    """A signer's certificate."""

    subject = fields.String(**said("Whose it is, as it says.", "Kelurahan Bukit Sangkal"))
    issuer = fields.String(**said("Who issued it.", "Kelurahan Bukit Sangkal"))
    certified = fields.Boolean(**said("Whether an Indonesian PSrE stands behind it.", False))
    sha256 = fields.String(**said("Its fingerprint.", "9f2c" * 16))
    not_before = fields.AwareDateTime(**said("Valid from.", "2026-01-01T00:00:00+00:00"))
    not_after = fields.AwareDateTime(**said("Valid until.", "2028-01-01T00:00:00+00:00"))
    kept_at = fields.AwareDateTime(**said("When it was kept here.", "2026-08-01T02:00:00+00:00"))
    pem = fields.String(
        **said("The certificate itself, to check letters with; not the key.", "-----BEGIN CERTIFICATE-----…")
    )


class SignOrder(Strict):
    letter_id = fields.UUID(required=True, **said("The letter.", _ID))
    preview_sha256 = fields.String(
        load_default=None, validate=validate.Regexp(r"^[0-9a-f]{64}\Z"),
        **said("Of a draft: the hash of what was read, which is decided on as well.", "9f2c" * 16),
    )  # fmt: skip


def _once_each(orders: list[dict[str, Any]]) -> None:
    if len({order["letter_id"] for order in orders}) < len(orders):
        raise ValidationError("Setiap surat disebut satu kali.")


class SignRequest(Strict):
    """Letters to be signed at once."""

    letters = fields.List(
        fields.Nested(SignOrder), required=True, validate=[validate.Length(1, MOST), _once_each],
        **said("At most 50."),
    )  # fmt: skip
    method = fields.String(
        load_default=None, validate=validate.OneOf(METHODS),
        **said("How drafts among them are signed; left out: the office's usual way.", "certificate"),
    )  # fmt: skip
    passphrase = _passphrase(load_default=None)
    nik = fields.String(
        load_default=None, load_only=True, validate=validate.Regexp(r"^[0-9]{16}\Z"),
        **said("With bsre: the signer's own NIK. Kept nowhere.", "1671105503550001"),
    )  # fmt: skip


class LettersNamed(Strict):
    """Letters that were signed at once."""

    letters = fields.List(
        fields.UUID(), required=True, validate=validate.Length(1, MOST), **said("Their ids; at most 50.", [_ID])
    )


class ProblemOut(Strict):
    type = fields.String(**said("Stable name of the problem.", "urn:problem:preview-changed"))
    title = fields.String(**said("What is wrong.", "Isi draf sudah berubah"))
    detail = fields.String(**said("What to do.", "Baca draf yang baru, lalu putuskan lagi."))


class SignedOut(Strict):
    """What became of one letter."""

    letter = fields.Nested(LetterOut, **said("The letter now."))
    problem = fields.Nested(ProblemOut, allow_none=True, **said("Why it is not signed; null when it is, or will be."))


class SignedList(Strict):
    items = fields.List(fields.Nested(SignedOut), **said("In the order of the request."))

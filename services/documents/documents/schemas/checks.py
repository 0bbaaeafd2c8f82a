"""What is said of a file."""

from __future__ import annotations

from marshmallow import fields, validate

from documents.domain.judging import KINDS, SIGNS
from documents.schemas.letters import CheckOut
from documents.schemas.shapes import Strict, said


class FileCheckOut(Strict):
    """What a file is to us, and the letter that it is about."""

    result = fields.String(
        validate=validate.OneOf(KINDS),
        **said(
            "genuine: exactly the file that was issued. changed: it comes from a letter of ours, or says so with code"
            " and number, but its bytes are others. foreign_file_with_our_code: only the code is ours. unknown: nothing"
            " is.",
            "genuine",
        ),
    )
    statement = fields.String(**said("The result in a sentence.", "Berkas ini sama persis dengan yang kami terbitkan."))
    found = fields.List(
        fields.String(validate=validate.OneOf(SIGNS)),
        **said(
            "What speaks for it: our_bytes (all, or all at the beginning), our_code (a QR code with our address), "
            "our_address (the address as text), our_number (the letter's number in the text or title).",
            ["our_bytes"],
        ),
    )
    sha256 = fields.String(**said("Hash of the file that was sent.", "9f2c" * 16))
    letter = fields.Nested(
        CheckOut, allow_none=True, **said("What `GET /v1/checks/{token}` says of the letter; null when it is unknown.")
    )

"""How fields are described, and kinds of field that several shapes share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from contracts.phones import normalise_phone
from contracts.places import normalise_rt, normalise_rw
from kit.problems import Words

# Control characters but tab and line ends, and those that turn the direction of writing.
_CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c"


class Strict(Schema):
    """Base of requests: unknown fields are refused."""

    class Meta:
        unknown = RAISE


def said(description: str, example: Any = None) -> dict[str, Any]:
    """Metadata of a field."""
    return {"metadata": {"description": description, "example": example}}


def shown(
    description: str, example: Any = None, kind: type[fields.Field[Any]] = fields.String, *, allow_none: bool = False
) -> fields.Field[Any]:
    """A field of an answer."""
    return kind(allow_none=allow_none, **said(description, example))


class _Read(fields.String):
    """Text that is read by a rule; what breaks the rule is refused with our own sentence."""

    rule: Callable[[str], str]
    refused: Words

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more)
        try:
            return type(self).rule(text)
        except ValueError as error:
            raise ValidationError([self.refused]) from error  # type: ignore[list-item]


class RtNumber(_Read):
    """RT: `23`, `RT.23` and `023` are read as `023`."""

    rule = staticmethod(normalise_rt)
    refused = Words("RT ditulis sebagai angka, misalnya 023.", "Write the RT as a number, such as 023.")


class RwNumber(_Read):
    """RW, read like an RT."""

    rule = staticmethod(normalise_rw)
    refused = Words("RW ditulis sebagai angka, misalnya 005.", "Write the RW as a number, such as 005.")


class Phone(_Read):
    """A mobile number as people write it, read as E.164."""

    rule = staticmethod(normalise_phone)
    refused = Words("Nomor HP tidak benar; contoh 0812 3456 7890.", "This is no mobile number; such as 0812 3456 7890.")


def plain_text(most: int, description: str, example: str, **more: Any) -> fields.String:
    """A line or two that a person wrote: not empty, no control characters, none that turn the direction of writing."""
    return fields.String(
        validate=[validate.Length(1, most), validate.Regexp(rf"(?s)(?=.*\S)[^{_CONTROLS}]*\Z")],
        **more,
        **said(description, example),
    )

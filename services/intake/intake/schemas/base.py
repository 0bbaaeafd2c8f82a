"""Field types that several shapes share."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from intake.domain.catalogue import is_plain
from kit.problems import Words

KELURAHAN = "16.71.10.1001"
KELURAHAN_CODE = r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}\Z"
SERVICE_CODE = r"^[A-Z0-9_]{1,20}\Z"
_SIGNS = Words("Hapus tanda kendali dan pengubah arah tulisan.", "Remove control and direction characters.")
_BLANK = Words("Tidak boleh kosong.", "This must not be blank.")


class Strict(Schema):
    """Base of every shape that comes in."""

    class Meta:
        unknown = RAISE


class Nothing(Strict):
    """A request without fields: `{}`."""


def _readable(text: str) -> None:
    if not text.strip():
        raise ValidationError([_BLANK])  # type: ignore[list-item]
    if not is_plain(text):
        raise ValidationError([_SIGNS])  # type: ignore[list-item]


def text(description: str, example: Any, *, most: int = 200, **more: Any) -> fields.String:
    """A text that people wrote, kept as given."""
    return fields.String(
        validate=[validate.Length(min=1, max=most), _readable],
        metadata={"description": description, "example": example},
        **more,
    )


def copied_to(description: str) -> fields.List[str]:
    """Who gets a copy of a letter (tembusan)."""
    each = text("Who gets a copy.", "Camat Kalidoni", most=150)
    return fields.List(each, validate=validate.Length(max=10), metadata={"description": description})


def optional(description: str, example: Any, *, most: int = 200) -> fields.String:
    """The same, which may be left out, or be null."""
    return text(description, example, most=most, allow_none=True)


def shown(description: str, example: Any, **more: Any) -> fields.String:
    """A text in an answer."""
    return fields.String(metadata={"description": description, "example": example}, **more)


def moment(description: str, example: Any = "2026-08-14T09:00:00+07:00", **more: Any) -> fields.AwareDateTime:
    """An instant in an answer, in office time."""
    return fields.AwareDateTime(format="iso", metadata={"description": description, "example": example}, **more)


class Named(Schema):
    """A name in both languages."""

    id = shown("Indonesian.", "Kartu Keluarga")
    en = shown("English.", "Family card")

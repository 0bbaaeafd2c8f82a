"""Field types that several contracts share."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, validate


class EventData(Schema):
    """Base of every event's data: what a reader does not know, it ignores (tolerant reader)."""

    class Meta:
        unknown = EXCLUDE


def required_text(**more: Any) -> fields.String:
    return fields.String(required=True, **more)


def optional_text(**more: Any) -> fields.String:
    return fields.String(load_default=None, allow_none=True, **more)


def identifier(**more: Any) -> fields.UUID:
    return fields.UUID(required=True, **more)


def optional_identifier() -> fields.UUID:
    return fields.UUID(load_default=None, allow_none=True)


def moment(**more: Any) -> fields.AwareDateTime:
    """An instant, RFC 3339 with offset."""
    return fields.AwareDateTime(required=True, format="iso", **more)


def optional_moment() -> fields.AwareDateTime:
    return fields.AwareDateTime(load_default=None, allow_none=True, format="iso")


def kelurahan_code() -> fields.String:
    """Kemendagri code of a kelurahan, such as 16.71.10.1001."""
    return fields.String(required=True, validate=validate.Regexp(r"^\d\d\.\d\d\.\d\d\.\d{4}$"))


def rt_or_rw(**more: Any) -> fields.String:
    """RT or RW as three digits with leading zeros."""
    return fields.String(validate=validate.Regexp(r"^\d{3}$"), **more)


def sealed_person() -> fields.String:
    """The one place for personal data in an event: a block sealed with the shared event keys."""
    return fields.String(load_default=None, allow_none=True, metadata={"sealed": True})

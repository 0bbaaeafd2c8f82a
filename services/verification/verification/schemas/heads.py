"""Neighbourhoods and officeholders."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from kit.days import Day
from kit.paging import PageQuery
from kit.versions import versioned
from verification.domain.heads import ROLES
from verification.schemas.shapes import Phone, RtNumber, RwNumber, Strict, plain_text, said, shown

_ROLE = validate.OneOf(ROLES)


def _sixteen_digits(description: str, example: str, **more: Any) -> fields.String:
    digits = validate.Regexp(r"^\d{16}$")
    return fields.String(allow_none=True, validate=digits, **said(description, example), **more)


_NIK = ("His NIK, so that he is not asked about himself.", "1671105708700002")
_KK = ("His family card, so that he is not asked about his household.", "1671101204080018")


class NeighbourhoodsQuery(PageQuery):
    rw = RwNumber(load_default=None, **said("Of this RW only.", "005"))


class Deciding(Schema):
    officeholder_id = shown("The officeholder.", "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e9f", fields.UUID)
    role = shown("As what he decides.", "rt_head")
    name = shown("His name.", "M. Yusuf Effendi")


@versioned
class NeighbourhoodOut(Schema):
    """One RT, and who decides for it today."""

    id = shown("The neighbourhood.", "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e01", fields.UUID)
    rw = shown("RW, three digits.", "005")
    rt = shown("RT, three digits.", "023")
    headed = shown("Whether anybody decides for it today.", True, fields.Boolean)
    decides = fields.Nested(Deciding, allow_none=True, **said("Who decides today: head, substitute or RW head."))
    made_up = shown("Sample data.", True, fields.Boolean)
    version = shown("Grows with each change.", 1, fields.Integer)


class NeighbourhoodPage(Schema):
    items = fields.List(fields.Nested(NeighbourhoodOut), **said("By RW and RT."))
    next_cursor = shown("For the next page, or null.", None, allow_none=True)


class OfficeholdersQuery(PageQuery):
    rw = RwNumber(load_default=None, **said("Of this RW only.", "005"))
    rt = RtNumber(load_default=None, **said("Of this RT only.", "023"))


class EnrolmentQuery(Strict):
    rw = RwNumber(load_default=None, **said("Of this RW only.", "005"))
    rt = RtNumber(load_default=None, **said("Of this RT only.", "023"))


class NewOfficeholder(Strict):
    """Somebody takes office."""

    role = fields.String(
        required=True, validate=_ROLE, **said("Head of an RT, his substitute, or head of an RW.", "rt_head")
    )
    rw = RwNumber(required=True, **said("RW.", "005"))
    rt = RtNumber(load_default=None, allow_none=True, **said("RT; none for the head of an RW.", "023"))
    name = plain_text(120, "The name as he writes it.", "M. Yusuf Effendi", required=True)
    phone = Phone(required=True, **said("Mobile number.", "0812 0000 0023"))
    nik = _sixteen_digits(*_NIK, load_default=None)
    kk_number = _sixteen_digits(*_KK, load_default=None)
    from_date = Day(required=True, **said("First day in office.", "2026-01-01"))
    to_date = Day(load_default=None, allow_none=True, **said("Last day, or none yet.", None))


class TermSaid(NewOfficeholder):
    """A term that may be there already: what is left out says nothing about it."""

    nik = _sixteen_digits(*_NIK)
    kk_number = _sixteen_digits(*_KK)
    to_date = Day(allow_none=True, **said("Last day, or none yet; null opens the term again.", None))


class TermChange(Strict):
    to_date = Day(
        required=True, allow_none=True, **said("Last day in office; null opens the term again.", "2026-12-31")
    )


class Absence(Strict):
    """Somebody else decides on these days, both included."""

    first = Day(
        load_default=None, allow_none=True, data_key="from", **said("First day; today if not said.", "2026-08-20")
    )
    until = Day(required=True, allow_none=True, **said("Last day away; null: he is back.", "2026-09-03"))


@versioned
class OfficeholderOut(Schema):
    """Who heads an RT or RW, from when to when."""

    id = shown("The officeholder.", "0198a6f2-7b1c-7d2e-9a41-3f5b6c7d8e9f", fields.UUID)
    role = shown("rt_head, substitute or rw_head.", "rt_head")
    rw = shown("RW.", "005")
    rt = shown("RT, or null for the head of an RW.", "023", allow_none=True)
    name = shown("Name.", "M. Yusuf Effendi")
    phone = shown("E.164.", "+6281200000023")
    from_date = shown("First day.", "2026-01-01", fields.Date)
    to_date = shown("Last day, or null.", None, fields.Date, allow_none=True)
    away_from = shown("First day on which somebody else decides.", None, fields.Date, allow_none=True)
    away_until = shown("Last day of that.", None, fields.Date, allow_none=True)
    phone_confirmed_at = shown("When he wrote from that number himself.", None, fields.AwareDateTime, allow_none=True)
    stopped_at = shown(
        "Since when he wants no messages (STOP) and is not asked; null: he is.",
        None,
        fields.AwareDateTime,
        allow_none=True,
    )
    made_up = shown("Sample data.", True, fields.Boolean)
    version = shown("Grows with each change.", 1, fields.Integer)


class OfficeholderPage(Schema):
    items = fields.List(fields.Nested(OfficeholderOut), **said("In the order of entry."))
    next_cursor = shown("For the next page, or null.", None, allow_none=True)

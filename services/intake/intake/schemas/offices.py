"""Offices: the shape of the files in `intake/offices`, of `PUT /v1/offices/{kelurahan}` and of `office.changed`."""

from __future__ import annotations

from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from contracts.calendar import ZONES
from contracts.calendar_data import WEEKDAYS
from contracts.numbering import SERIES
from contracts.phones import normalise_phone
from contracts.retention import DAYS, LONGEST
from contracts.signing import METHODS
from intake.schemas.base import KELURAHAN, KELURAHAN_CODE, Strict, copied_to, moment, optional, shown, text
from kit.days import Day
from kit.problems import Words
from kit.versions import versioned

_CODE = validate.Regexp(KELURAHAN_CODE)
_ON_CALENDARS = validate.Range(date(1970, 1, 1), date(2199, 12, 31))
"""Long before, clocks went by the sun: their zones have seconds, which no date-time of RFC 3339 can say."""
_NO_MOBILE = Words("Tulis nomor HP, seperti 0812-3456-7890.", "Write a mobile number, such as 0812-3456-7890.")
_TIME = validate.Regexp(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")
_DAY = validate.Regexp(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def _time(example: str) -> fields.String:
    return fields.String(required=True, validate=_TIME, metadata={"description": "HH:MM.", "example": example})


def _day(example: str, **more: Any) -> fields.String:
    return fields.String(
        required=True, validate=_DAY, metadata={"description": "YYYY-MM-DD.", "example": example}, **more
    )


def _mobile(number: str) -> None:
    try:
        normalise_phone(number)
    except ValueError:
        raise ValidationError([_NO_MOBILE]) from None  # type: ignore[list-item]


class Address(Strict):
    """Where the office is and how it is reached."""

    street = text("Street and number.", "Jalan Contoh Nomor 1", required=True)
    postal_code = text("Postal code.", "30114", most=10, required=True)
    phone = optional("Telephone.", None)
    whatsapp = fields.String(
        allow_none=True, validate=[validate.Length(min=1, max=40), _mobile],
        metadata={"description": "Number that applications are begun at by WhatsApp; leaflets print it.",
                  "example": None},
    )  # fmt: skip
    email = optional("Mail address.", None)
    website = optional("Web site.", None)


class Letterhead(Strict):
    """The head of a letter."""

    lines = fields.List(text("A line.", "PEMERINTAH KOTA PALEMBANG"), required=True, validate=validate.Length(1, 6))
    address = text("Address line.", "Jalan Contoh Nomor 1, Palembang", most=300, required=True)
    emblem = optional("Name of an image.", None)


class Registers(Strict):
    """How letters are numbered."""

    code = text("The office's mark.", "KEL-BS", most=40, required=True)
    number_format = text(
        "How a number is written.", "{classification}/{number:03d}/{register}/{month_roman}/{year}", required=True
    )
    neighbourhood_format = optional("How an RT head's number is written.", None)
    series = fields.String(
        validate=validate.OneOf(SERIES),
        metadata={"description": "One series for all letters, one per classification, or one per kind of letter; with "
                  "the last two a format names what its series is for.", "example": "office"},
    )  # fmt: skip
    formats = fields.Dict(
        keys=text("Kind of letter.", "n1", most=60),
        values=text("How its number is written.", "B/{nomor:03d}/{klasifikasi}/{bulan_romawi}/{tahun}", most=200),
        validate=validate.Length(max=60),
        metadata={"description": "Formats of kinds that are not written as `number_format` says."},
    )
    marks = fields.Dict(
        keys=text("Kind of letter.", "kk_introduction", most=60),
        values=text("What `{jenis}` prints for it.", "S-36", most=40),
        validate=validate.Length(max=60),
        metadata={"description": "The short mark of each kind; left out, its code in capitals."},
    )
    classifications = fields.Dict(
        keys=text("Kind.", "N1", most=60), values=text("Classification.", "400.12.3.2", most=40), required=True
    )


def _term(name: str, description: str) -> fields.String:
    return fields.String(
        data_key=name, attribute=name, allow_none=True, validate=_DAY,
        metadata={"description": description, "example": "2026-01-01"},
    )  # fmt: skip


class Official(Strict):
    """Who signs or works here. On a letter's date the first of these signs who is in office: an acting lurah, the
    lurah, the secretary (a.n.), a head of section (u.b.). Terms of one post do not overlap."""

    role = fields.String(
        required=True, validate=validate.OneOf(("lurah", "secretary", "section_head", "officer")),
        metadata={"example": "lurah"},
    )  # fmt: skip
    name = text("Name with titles.", "Hj. Rusmala Dewi, S.Sos., M.Si.", required=True)
    position = text("Position, as letters print it.", "Lurah Bukit Sangkal", required=True)
    rank = optional("Rank.", "Pembina (IV/a)")
    nip = optional("NIP.", "197800002005002001", most=30)
    acting = fields.String(
        allow_none=True, validate=validate.OneOf(("plt", "plh")),
        metadata={"description": "Plt. while the post is vacant, Plh. while its holder is away.", "example": "plt"},
    )  # fmt: skip
    first = _term("from", "First day in office; left out: from ever.")
    last = _term("to", "Last day in office; left out: until further notice.")


class Hours(Strict):
    """Opening and closing time of a weekday."""

    opens = _time("07:30")
    closes = _time("16:00")


_WEEK = fields.Dict(
    keys=fields.String(validate=validate.OneOf(WEEKDAYS)),
    values=fields.Nested(Hours),
    required=True,
    metadata={"description": "Weekdays that are not named are off."},
)


class Period(Strict):
    """Days from the first to the last, both included; without a last day it goes on until one is set."""

    name = text("What it is.", "Pilkada", required=True)
    first_day = _day("2026-11-25")
    last_day = _day("2026-11-25", allow_none=True)


class HoursException(Period):
    """Other hours for a period, such as Ramadan."""

    estimate = fields.Boolean(metadata={"description": "To be looked at again.", "example": True})
    hours = _WEEK


class Holiday(Strict):
    """A holiday that the national table lacks."""

    date = _day("2026-06-17")
    name = text("What it is.", "Hari jadi kota", required=True)
    cuti_bersama = fields.Boolean(metadata={"example": False})


class Calendar(Strict):
    """When the office works."""

    hours = _WEEK
    hours_exceptions = fields.List(fields.Nested(HoursException), required=True)
    cut_off = fields.String(
        required=True,
        allow_none=True,
        validate=_TIME,
        metadata={"description": "From when on a submission counts for the next day; null: closing.", "example": None},
    )
    closures = fields.List(fields.Nested(Period), required=True)
    holidays_added = fields.List(fields.Nested(Holiday), required=True)
    holidays_removed = fields.List(_day("2026-12-24"), required=True)
    closed_to_visitors = fields.List(fields.Nested(Period), required=True)


class Courier(Strict):
    """Who carries letters for the office, and what that costs whom."""

    name = text("Who.", "Kurir Contoh", most=80, required=True)
    price = fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(0, 10_000_000),
        metadata={"description": "Rupiah.", "example": 12000},
    )
    payer = fields.String(
        required=True, validate=validate.OneOf(("applicant", "office")),
        metadata={"description": "Who pays.", "example": "applicant"},
    )  # fmt: skip


class Targets(Strict):
    """What the office aims at, published beside what it reached."""

    introduction_days = fields.Integer(
        strict=True,
        required=True, validate=validate.Range(1, 10),
        metadata={"description": "Working days in which an RT head answers.", "example": 1},
    )  # fmt: skip


def _named_once(methods: list[str]) -> None:
    if len(set(methods)) < len(methods):
        raise ValidationError("Setiap cara disebut satu kali.")


class Signing(Strict):
    """How letters are signed."""

    methods = fields.List(
        fields.String(validate=validate.OneOf(METHODS)),
        required=True,
        validate=[validate.Length(1, len(METHODS)), _named_once],
        metadata={"description": "The ways that are used, the usual one first.", "example": ["certificate", "by_hand"]},
    )
    initials = fields.Boolean(
        load_default=False,
        metadata={"description": "An officer initials a draft before the lurah decides.", "example": False},
    )


class Helpers(Strict):
    """How many new cases a day somebody may open for others."""

    daily_limit = fields.Integer(
        strict=True,
        load_default=5,
        validate=validate.Range(1, 1000),
        metadata={"description": "A neighbour.", "example": 5},
    )
    rt_head_daily_limit = fields.Integer(
        strict=True,
        load_default=20,
        validate=validate.Range(1, 1000),
        metadata={"description": "An RT or RW head.", "example": 20},
    )


def _kept(what: str, description: str) -> fields.Integer:
    return fields.Integer(
        load_default=DAYS[what], validate=validate.Range(1, LONGEST),
        metadata={"description": description, "example": DAYS[what]},
    )  # fmt: skip


class Retention(Strict):
    """For how many days after its end a case's papers, messages and working data are kept. Issued letters, lines of
    registers and the audit stay for the archive's schedule."""

    completed = _kept("completed", "Handed over.")
    rejected = _kept("rejected", "Rejected: as long as that can be objected to.")
    withdrawn = _kept("withdrawn", "Submitted, then withdrawn.")
    expired = _kept("expired", "Submitted, then not taken up again.")
    draft = _kept("draft", "Never submitted.")
    messages = _kept("messages", "What was written and belongs to no case, from when it came.")
    complaint = _kept("complaint", "Complaints, wishes and questions, from when they were closed.")


@versioned
class Office(Strict):
    """An office. `made_up` lists the parts that are invented."""

    code = fields.String(
        required=True, validate=_CODE, metadata={"description": "Kemendagri code.", "example": KELURAHAN}
    )
    name = text("Name without its kind.", "Bukit Sangkal", required=True)
    kecamatan = text("Kecamatan.", "Kalidoni", required=True)
    kota = text("City or kabupaten.", "Palembang", required=True)
    province = text("Province.", "Sumatera Selatan", required=True)
    zone = fields.String(
        required=True, validate=validate.OneOf(ZONES), metadata={"description": "Time zone.", "example": ZONES[0]}
    )
    made_up = fields.List(text("Part.", "address", most=40), load_default=list)
    address = fields.Nested(Address, required=True)
    letterhead = fields.Nested(Letterhead, required=True)
    registers = fields.Nested(Registers, required=True)
    officials = fields.List(
        fields.Nested(Official), required=True, validate=validate.Length(max=200),
        metadata={"description": "While there is none, nothing is signed."},
    )  # fmt: skip
    calendar = fields.Nested(Calendar, required=True)
    courier = fields.Nested(
        Courier, allow_none=True, metadata={"description": "What a courier costs; without it none is offered."}
    )
    paper = fields.String(
        validate=validate.OneOf(("f4", "a4")),
        metadata={"description": "What letters are printed on: F4 (215 × 330 mm), or A4.", "example": "f4"},
    )
    copies = copied_to("Tembusan on letters of the office whose service names none of its own.")
    rw_acknowledges = fields.Boolean(
        metadata={"description": "The RW head is asked to acknowledge what RT heads grant.", "example": False}
    )
    targets = fields.Nested(Targets, metadata={"description": "What the office aims at beside the promised days."})
    signing = fields.Nested(Signing, metadata={"description": "Left out: letters are printed and signed by hand."})
    helpers = fields.Nested(Helpers, metadata={"description": "Left out: 5 cases a day, 20 of an RT head."})
    retention = fields.Nested(
        Retention, metadata={"description": "Left out: " + ", ".join(f"{what} {days}" for what, days in DAYS.items())}
    )


class OfficeBrief(Schema):
    """An office in a list."""

    code = shown("Kemendagri code.", KELURAHAN)
    name = shown("Name.", "Bukit Sangkal")
    kecamatan = shown("Kecamatan.", "Kalidoni")
    kota = shown("City.", "Palembang")


class OfficeList(Schema):
    """Every office."""

    items = fields.List(fields.Nested(OfficeBrief))


class CalendarQuery(Strict):
    """Which days."""

    kelurahan = fields.String(required=True, validate=_CODE, metadata={"example": KELURAHAN})
    first = Day(
        required=True, data_key="from", validate=_ON_CALENDARS,
        metadata={"description": "First day.", "example": "2026-08-14"},
    )  # fmt: skip
    last = Day(
        required=True, data_key="to", validate=_ON_CALENDARS,
        metadata={"description": "Last day.", "example": "2026-08-19"},
    )  # fmt: skip


class DayOut(Schema):
    """A day of the office."""

    date = fields.Date(metadata={"example": "2026-08-17"})
    working = fields.Boolean(metadata={"example": False})
    reason = shown("Why it does not work.", "holiday")
    name = shown("The holiday or closure.", "Hari Kemerdekaan Republik Indonesia", allow_none=True)
    opens = moment("Opening.", "2026-08-14T07:30:00+07:00")
    closes = moment("Closing.", "2026-08-14T16:30:00+07:00")
    cut_off = moment("What comes then or later counts for the next working day.", "2026-08-14T16:30:00+07:00")
    receives_visitors = fields.Boolean(metadata={"description": "Whether people may come.", "example": True})


class CalendarOut(Schema):
    """Days of an office."""

    kelurahan = shown("Kemendagri code.", KELURAHAN)
    zone = shown("Time zone.", "Asia/Jakarta")
    items = fields.List(fields.Nested(DayOut))
    warnings = fields.List(fields.String(), metadata={"description": "What the office has to see to.", "example": []})


class ClockIn(Strict):
    """Where the clock shall stand."""

    now = fields.AwareDateTime(
        required=True,
        format="iso",
        metadata={"description": "RFC 3339, later than now.", "example": "2026-08-18T09:00:00+07:00"},
    )


class ClockOut(Schema):
    """The business clock."""

    now = moment("What it shows.", "2026-08-18T09:00:00+07:00")
    offset_seconds = fields.Float(metadata={"description": "How far ahead of machine time.", "example": 345600.0})

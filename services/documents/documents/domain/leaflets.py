"""What a leaflet says of a service: made from the SOP and the office's data, in the words of the law's six components.

picture  1080 by 1350 pixels, for WhatsApp and Instagram    notice  one A4, for the board
sop      the whole SOP, as many A4 as it takes
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from contracts.calendar_data import WEEKDAYS
from contracts.starting import page_link, whatsapp_link
from documents.domain import parts, words
from documents.domain.words import text
from documents.render.data import Emblem
from documents.render.leaflets import Leaflet, Needed, Start

KINDS: Mapping[str, str] = {"picture": "png", "notice": "pdf", "sop": "pdf"}
"""The kinds, and the ending of each one's file."""

TYPES = {"png": "image/png", "pdf": "application/pdf"}

_DAYS = dict(zip(WEEKDAYS, ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"), strict=True))
_DERIVED = {
    ("islam", "yes"): "beragama Islam", ("islam", "no"): "tidak beragama Islam", ("widowed", "yes"): "cerai mati",
    ("widowed", "no"): "tidak cerai mati", ("under_21", "yes"): "belum berumur 21 tahun",
    ("under_21", "no"): "sudah berumur 21 tahun", ("under_19", "yes"): "ada calon yang belum berumur 19 tahun",
    ("under_19", "no"): "kedua calon sudah berumur 19 tahun",
}  # fmt: skip


@dataclass
class Made:
    """What lies in the object store of a service, or why nothing does. `files` has size and hash of each kind."""

    kelurahan: str
    service: str
    version: int
    closed: bool
    print: bytes
    made_at: datetime
    made_by: UUID | None = None
    files: Mapping[str, Mapping[str, Any]] | None = None
    problem: str | None = None


def in_force(sops: Sequence[Mapping[str, Any]], day: date) -> Mapping[str, Any] | None:
    """The version of a service that is offered on a day, out of all; None where there is none."""
    offered = [
        sop
        for sop in sops
        if sop.get("effective_from", "") <= day.isoformat() and not sop.get("retired_from", "9999") <= day.isoformat()
    ]
    return max(offered, key=lambda sop: int(sop["version"]), default=None)


def print_of(leaflet: Leaflet, layouts: str) -> bytes:
    """Another one whenever anything looks different."""
    return hashlib.sha256(f"{layouts} {json.dumps(leaflet.to_json(), sort_keys=True)}".encode()).digest()


def dated(sop: Mapping[str, Any], office: Mapping[str, Any]) -> datetime:
    """The moment that the files name as that of their making: the same whenever they are made."""
    day = words.read_date(sop.get("effective_from")) or date(2020, 1, 1)
    return datetime.combine(day, time(), ZoneInfo(office["zone"]))


def leaflet(
    sop: Mapping[str, Any],
    office: Mapping[str, Any],
    emblem: Emblem | None,
    public_url: str,
    today: date,
    *,
    sample: bool,
) -> Leaflet:
    """A service's leaflet, filled in. `today`: whether the office receives visitors."""
    calendar = office.get("calendar") or {}
    hours = calendar.get("hours") or {}
    closed = _closed(calendar.get("closed_to_visitors") or (), today)
    cost = _said(sop.get("cost"))
    return Leaflet(
        office=parts.office_part(office),
        emblem=emblem,
        service=words.words_of(sop) or text(sop["service"]),
        edition=_edition(sop),
        days=_days(sop),
        counted=_counted(hours),
        cost=cost,
        free=cost.lower().startswith("gratis"),
        product=_said(sop.get("product")),
        needs=tuple(_needs(sop)),
        steps=tuple(_said(step) for step in sop.get("procedure") or ()),
        next_step=_said(sop.get("next_step")),
        complaint=_said(sop.get("complaint")),
        legal_basis=tuple(text(one) for one in sop.get("legal_basis") or ()),
        hours=() if closed else tuple(_hours(hours)),
        closed=closed,
        start=_start(sop, office, public_url),
        sample=sample,
    )


def _closed(periods: Iterable[Mapping[str, Any]], today: date) -> str:
    """What is said while nobody is received; the clock of the cases runs on."""
    day = today.isoformat()
    last = [one["last_day"] or "" for one in periods if one["first_day"] <= day <= (one["last_day"] or "9999")]
    if not last:
        return ""
    until = "" if "" in last else f" sampai {words.date_text(max(last))}"
    return f"Kantor tidak menerima tamu{until or ' untuk sementara'}. Semua lewat HP; surat dikirim atau diantar."


def _said(both: Mapping[str, Any] | None) -> str:
    return text((both or {}).get("id"))


def _edition(sop: Mapping[str, Any]) -> str:
    since = words.date_text(sop.get("effective_from"))
    return f"Versi {sop['version']}" + (f", berlaku sejak {since}" if since else "")


def _days(sop: Mapping[str, Any]) -> str:
    days = int(sop.get("days") or 3)
    return f"{days} hari kerja"


def _counted(hours: Mapping[str, Any]) -> str:
    """How the days are counted, in words for everybody."""
    off = [_DAYS[day] for day in WEEKDAYS if day not in hours] if hours else ["Sabtu", "Minggu"]
    return (
        "Dihitung sejak berkas lengkap Anda kirim pada jam kerja. "
        f"{_listed([*off, 'hari libur'])} tidak dihitung."
    )  # fmt: skip


def _listed(said: Sequence[str]) -> str:
    found = ", ".join(said[:-1]) + " dan " + said[-1] if len(said) > 1 else "".join(said)
    return found[:1].upper() + found[1:]


def _hours(hours: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """`Senin–Kamis 07.30–16.00`: days that follow each other with the same hours are one line."""
    open_days = [(day, hours.get(day)) for day in WEEKDAYS]
    for same, group in groupby(open_days, key=lambda one: one[1]):
        days = [_DAYS[day] for day, _ in group]
        if same is not None:
            between = days[0] if len(days) == 1 else f"{days[0]}–{days[-1]}"
            yield f"{between} {_clock(same['opens'])}–{_clock(same['closes'])}"


def _clock(time_of_day: str) -> str:
    return time_of_day.replace(":", ".")


# --- what is needed ---------------------------------------------------------------------------------------------------


def _needs(sop: Mapping[str, Any]) -> Iterator[Needed]:
    """What everybody needs comes first."""
    found = [
        Needed(name=words.words_of(one), hint=_said(one.get("photo_hint")), when=_when(one, sop))
        for one in sop.get("requirements") or ()
    ]
    yield from (one for one in found if not one.when)
    yield from (one for one in found if one.when)


def _when(requirement: Mapping[str, Any], sop: Mapping[str, Any]) -> str:
    """`bila alasannya hilang atau rusak`: for which reasons and in which cases it counts."""
    reasons = {one["code"]: words.words_of(one) for one in sop.get("reasons") or ()}
    wanted = requirement.get("reasons")
    said = []
    if wanted is not None and set(wanted) != set(reasons):
        said.append("alasannya " + _any_of(_lower(reasons.get(code, code)) for code in wanted))
    for code, values in (requirement.get("when") or {}).items():
        said.append(_any_of(_case(code, value, sop) for value in values))
    said = [one for one in said if one]
    return f"bila {', dan '.join(said)}" if said else ""


def _case(code: str, value: str, sop: Mapping[str, Any]) -> str:
    known = _DERIVED.get((code, value))
    if known or value == "unknown":
        return known or ""
    field: Mapping[str, Any] = next((one for one in sop.get("fields") or () if one["code"] == code), {})
    choices = {one["code"]: words.words_of(one) for one in field.get("choices") or ()}
    return f"{_lower(words.words_of(field) or code)}: {_lower(choices.get(value, value))}"


def _any_of(said: Iterator[str]) -> str:
    found = [one for one in said if one]
    return ", ".join(found[:-1]) + " atau " + found[-1] if len(found) > 1 else "".join(found)


def _lower(said: str) -> str:
    """With a small letter, as within a sentence; abbreviations stay."""
    return said[:1].lower() + said[1:] if said[1:2].islower() else said


# --- where it is begun ------------------------------------------------------------------------------------------------


def _start(sop: Mapping[str, Any], office: Mapping[str, Any], public_url: str) -> Start:
    number = text((office.get("address") or {}).get("whatsapp"))
    service = text(sop["service"])
    if number:
        try:
            return Start(
                url=whatsapp_link(number, words.words_of(sop) or service),
                shown=words.grouped_phone(number),
                whatsapp=True,
            )
        except ValueError:
            pass  # an office of before the number was looked at: its page begins the application as well
    url = page_link(public_url, str(office["code"]), service)
    return Start(url=url, shown=url.partition("://")[2], whatsapp=False)

"""The front page, and what each service needs and gives: the published catalogue, for anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from contracts.retention import kept_for
from contracts.starting import whatsapp_link
from intake.domain.errors import NoSuchService, OfficeUnknown
from intake.pages.offices import office_choices
from intake.schemas.base import KELURAHAN_CODE, SERVICE_CODE
from intake.store import offices as store
from intake.usecases.offices import office
from kit import audit
from kit.answers import deps
from kit.auth import public
from kit.pages import page

front_pages = Blueprint("front-pages", __name__)


@front_pages.get("/")
@public
@audit.shows_nobody("the same for all")
def front() -> Response:
    """Where everybody begins."""
    return page("front.html", offices=office_choices())


@front_pages.get("/layanan/<kelurahan>")
@public
@audit.shows_nobody("the same for all")
def show_services(kelurahan: str) -> Response:
    """What an office does for people."""
    parts = deps()
    with parts.db.transaction(_sound(kelurahan)) as tx:
        found = office(parts, tx, kelurahan)
        services = store.catalogue(tx, kelurahan, found.today(parts.clock.now()))
    return page("services.html", kelurahan=kelurahan, name=found.data["name"], services=services)


@front_pages.get("/layanan/<kelurahan>/privasi")
@public
@audit.shows_nobody("the same for all")
def show_privacy(kelurahan: str) -> Response:
    """Who keeps what, why and for how long."""
    parts = deps()
    with parts.db.transaction(_sound(kelurahan)) as tx:
        found = office(parts, tx, kelurahan)
    days = {what: kept_for(found.data, what).days for what in ("completed", "messages")}
    return page("privacy.html", kelurahan=kelurahan, name=found.data["name"], days=days)


@front_pages.get("/layanan/<kelurahan>/<code>")
@public
@audit.shows_nobody("the same for all")
def show_service(kelurahan: str, code: str) -> Response:
    """What a service needs, gives and costs, and where to go with it."""
    if not re.match(SERVICE_CODE, code):
        raise NoSuchService
    parts = deps()
    with parts.db.transaction(_sound(kelurahan)) as tx:
        found = office(parts, tx, kelurahan)
        service = store.sop_on(tx, kelurahan, code, found.today(parts.clock.now()))
    if service is None:
        raise NoSuchService
    return page(
        "service.html", kelurahan=kelurahan, name=found.data["name"], service=service,
        whatsapp=_whatsapp(found.data, service),
    )  # fmt: skip


def _whatsapp(office: Mapping[str, Any], service: Mapping[str, Any]) -> str | None:
    """What opens WhatsApp with the service typed in, where the office has a number."""
    number = office["address"].get("whatsapp")
    return whatsapp_link(number, service["name"]["id"]) if number else None


def _sound(kelurahan: str) -> str:
    """Raises OfficeUnknown."""
    if not re.match(KELURAHAN_CODE, kelurahan):
        raise OfficeUnknown
    return kelurahan

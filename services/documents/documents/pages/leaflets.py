"""`/documents/lembar-layanan`: what the public sees of each service, to be looked at, shared and printed."""

from __future__ import annotations

from flask import Blueprint, Response

from documents.api.common import deps
from documents.pages.common import shown
from documents.usecases import leaflets
from kit import audit
from kit.auth import caller
from kit.pages.session import allow

leaflet_pages = Blueprint("leaflet-pages", __name__, url_prefix="/documents/lembar-layanan")


@leaflet_pages.get("")
@allow("officer", "lurah", "administrator")
@audit.shows_nobody("services of the office")
def show_leaflets() -> Response:
    """Each service's picture, notice and SOP."""
    return shown("leaflets.html", kelurahan=caller().tenant, services=leaflets.titled(deps(), caller().tenant))

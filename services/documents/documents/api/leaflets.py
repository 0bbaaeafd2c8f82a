"""`/v1/leaflets`: what the public sees of a service, for anyone."""

from __future__ import annotations

import re
from typing import Any

from flask import Response

from documents.api.common import HAVE_IT, deps
from documents.domain.leaflets import KINDS, TYPES, Made
from documents.schemas.leaflets import KELURAHAN, LeafletsOut
from documents.usecases import leaflets as usecase
from kit import audit
from kit.auth import public
from kit.downloads import send_stored
from kit.openapi import refusals
from kit.problems import NotFound
from kit.web import Resource

leaflets = Resource(
    "leaflets", __name__, url_prefix="/v1/leaflets", description="Pictures, notices and SOPs of an office's services."
)

_SERVICE = re.compile(r"[A-Z0-9_]{1,20}\Z")
_KEPT = "public, max-age=300"
"""Seconds in which nobody asks again; then the ETag says whether it is another."""
_FILE = {"type": "string", "format": "binary"}
_NAMES = {"picture": "gambar", "notice": "pengumuman", "sop": "sop"}


@leaflets.get("/<kelurahan>")
@public
@refusals(leaflets, 404, 503)
@leaflets.response(200, LeafletsOut)
@audit.shows_nobody("services of an office")
def list_leaflets(kelurahan: str) -> dict[str, Any]:
    """The leaflets of an office

    Made anew some seconds after a SOP, the letterhead or the emblem changes; of a service the version that is in force
    today."""
    return {"items": [_shown(made) for made in usecase.listed(deps(), _sound(kelurahan))]}


@leaflets.get("/<kelurahan>/<service>/picture")
@public
@refusals(leaflets, 404, 503)
@leaflets.response(200, _FILE, content_type="image/png")
@leaflets.alt_response(304, description=HAVE_IT)
@audit.shows_nobody("a service of an office")
def get_picture(kelurahan: str, service: str) -> Response:
    """The picture for WhatsApp and Instagram

    A PNG of 1080 by 1350 pixels. Its QR code begins an application. 404 `leaflet-not-ready` while it is being made."""
    return _sent(kelurahan, service, "picture")


@leaflets.get("/<kelurahan>/<service>/notice")
@public
@refusals(leaflets, 404, 503)
@leaflets.response(200, _FILE, content_type="application/pdf")
@leaflets.alt_response(304, description=HAVE_IT)
@audit.shows_nobody("a service of an office")
def get_notice(kelurahan: str, service: str) -> Response:
    """The notice for the board

    One A4."""
    return _sent(kelurahan, service, "notice")


@leaflets.get("/<kelurahan>/<service>/sop")
@public
@refusals(leaflets, 404, 503)
@leaflets.response(200, _FILE, content_type="application/pdf")
@leaflets.alt_response(304, description=HAVE_IT)
@audit.shows_nobody("a service of an office")
def get_sop(kelurahan: str, service: str) -> Response:
    """The whole SOP

    All that there is to know of the service, to be printed."""
    return _sent(kelurahan, service, "sop")


def _sent(kelurahan: str, service: str, kind: str) -> Response:
    if not _SERVICE.match(service):
        raise NotFound
    stored, sha256 = usecase.open_content(deps(), _sound(kelurahan), service, kind)
    ending = KINDS[kind]
    name = f"{_NAMES[kind]}-{service.lower().replace('_', '-')}-{kelurahan}.{ending}"
    headers = {"Cache-Control": _KEPT, "Content-Disposition": f'inline; filename="{name}"'}
    return send_stored(stored, sha256, TYPES[ending], headers)


def _shown(made: Made) -> dict[str, Any]:
    base = f"{deps().settings.public_url}/v1/leaflets/{made.kelurahan}/{made.service}"
    files = [
        {"kind": kind, "url": f"{base}/{kind}", "type": TYPES[KINDS[kind]], **file}
        for kind, file in sorted((made.files or {}).items())
    ]
    return vars(made) | {"files": files}


def _sound(kelurahan: str) -> str:
    """Raises NotFound."""
    if not re.match(KELURAHAN, kelurahan):
        raise NotFound
    return kelurahan

"""The Flask app: Meta's side, the simulator's own, and the page."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request

from deploy.whatsapp_simulator.graph import graph
from deploy.whatsapp_simulator.pages import FACES, pages
from deploy.whatsapp_simulator.settings import Settings
from deploy.whatsapp_simulator.simulator import Simulator
from deploy.whatsapp_simulator.trying import trying

_LARGEST_REQUEST = 120_000_000


def create_app(settings: Settings) -> Flask:
    """With `app.extensions["simulator"]`, whose deliveries the caller starts."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.json.sort_keys = False  # type: ignore[attr-defined]
    sim = app.extensions["simulator"] = Simulator(settings)
    for body in _approved(settings):
        sim.hand_in(body)
    for face in FACES:
        sim.world.user(face.phone).name = face.name
    for blueprint in (trying, pages, graph):
        app.register_blueprint(blueprint)
    app.before_request(_by_ourselves)
    app.after_request(_safely)
    return app


def _approved(settings: Settings) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (
        json.loads(Path(settings.templates_file).read_text("utf-8")) if settings.templates_file else []
    )
    return found


def _by_ourselves() -> None:
    """Another site that a browser has open does not play here: neither by its forms nor by a name that leads here."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)
    if not _near(urlsplit(f"//{request.host}").hostname or ""):
        abort(403)


def _near(host: str) -> bool:
    """An address, this machine, or a name without a domain, as containers have."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." not in host
    return True


def _safely(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return response

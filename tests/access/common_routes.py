"""What every service serves besides its own: documentation, health, metrics."""

from __future__ import annotations

from kit.pages import asset
from tests.access.calls import PUBLIC, Table, plain, route


def common(name: str) -> Table:
    return {
        "GET /health/live": route(PUBLIC, plain()),
        "GET /health/ready": route(PUBLIC, plain()),
        f"GET /{name}/health/ready": route(PUBLIC, plain()),
        "GET /metrics": route(PUBLIC, plain()),
        f"GET /{name}/openapi.json": route(PUBLIC, plain()),
        "GET /static/<mark>/<name>": route(PUBLIC, plain(mark=asset("pages.css").split("/")[2], name="pages.css")),
        "GET /tampilan": route(PUBLIC, plain()),
        f"GET /{name}/docs": route(PUBLIC, plain()),
        f"GET /{name}/docs/<path:name>": route(PUBLIC, plain(name="swagger-ui.css")),
    }

"""A service with nothing of the domain in it, to try what every service inherits."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

from flask import Flask
from marshmallow import Schema, fields, validate

from kit import audit, health
from kit.answers import answer, check_if_match, deps, etag, once
from kit.auth import allow, caller, public
from kit.db import Database
from kit.sealed import Keyring
from kit.service import Deps
from kit.web import Resource, create_app
from tests.support.services import StoppedClock
from tests.support.tokens import open_gate

blp = Resource("toys", __name__, url_prefix="/v1/toys")


class Part(Schema):
    colour = fields.String(required=True)


class Toy(Schema):
    name = fields.String(required=True, validate=validate.Length(1, 20))
    parts = fields.List(fields.Nested(Part), load_default=list)


class ToyQuery(Schema):
    colour = fields.String()


gate = threading.Event()
gate.set()
working = threading.Event()


@blp.post("")
@allow("officer")
@blp.arguments(Toy)
@blp.response(201, Toy)
def make(body: dict[str, Any]) -> Any:
    """Make a toy."""
    service = deps()

    def work(tx: Any) -> Any:
        working.set()
        gate.wait(10)
        made = tx.value("INSERT INTO toy (name) VALUES (%s) RETURNING id", [body["name"]])
        return answer(Toy, {"name": f"{body['name']}-{made}"}, 201, version=1)

    return once(service.db, service.data_keys, caller(), caller().tenant, body, work)


@blp.get("")
@public
@blp.arguments(ToyQuery, location="query")
@blp.response(200, Toy)
def find(query: dict[str, Any]) -> dict[str, Any]:
    """Find a toy."""
    return {"name": query.get("colour", "any"), "parts": []}


@blp.put("/<int:number>")
@allow("officer")
@blp.arguments(Toy)
@blp.response(200, Toy)
def change(body: dict[str, Any], number: int) -> Any:
    """Change a toy that is at version 3."""
    check_if_match(3)
    return body, 200, {"ETag": etag(4)}


@blp.get("/of/<uuid:application_id>")
@allow("officer")
@blp.response(200, Toy)
@audit.shows("toy")
def of_case(application_id: UUID) -> dict[str, Any]:
    """A toy of somebody's."""
    return {"name": "kereta", "parts": []}


@blp.get("/of-whom")
@allow("officer")
@blp.response(200, Toy)
@audit.shows("toy")
def of_nobody_knows_whom() -> dict[str, Any]:
    """A toy of somebody's, and the view does not say whose."""
    return {"name": "kereta", "parts": []}


@blp.get("/broken")
@public
@blp.response(200, Toy)
def broken() -> dict[str, Any]:
    """Always fails."""
    raise ZeroDivisionError


def toy_app(url: str, keys: str, **more: Any) -> Flask:
    db = Database(url, pool_size=20, timeout=3, pool_timeout=2)
    ring = Keyring(keys)
    with db.transaction("*") as tx:
        tx.execute("DELETE FROM idempotency")
    return create_app(
        "toys", [blp], deps=Deps(None, db, StoppedClock(), ring, ring),
        gate=more.pop("gate", None) or open_gate(db, ring),
        readiness=lambda: health.Report(True, {}), title="Toys", description="For trying.", **more,
    )  # fmt: skip

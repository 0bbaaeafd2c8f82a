"""The AsyncAPI 3 document of what other systems are told, made from the contracts.

python -m contracts.asyncapi            writes docs/asyncapi.json
python -m contracts.asyncapi --check    says whether it is current
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from contracts.catalogue import EventSchema
from contracts.feed import PUBLIC, PublicContract, PublicEvent, example_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "asyncapi.json"
VERSION = "1.0.0"
_LIKE = "application/cloudevents+json"

_DESCRIPTION = """What happens in cases, letters and complaints, for the systems of a kecamatan or a city: pulled
from the feed (`GET /v1/events`) or pushed to the address of a subscription (Standard Webhooks). They are the same.

Nothing of a person is in them. Each event comes at least once: keep its `id`. Of two events about one subject the one
with the higher `sequence` is the newer. New fields and new types may come at any time: ignore what you do not know."""

Document = dict[str, Any]


def document() -> Document:
    """The whole document."""
    names = list(PUBLIC)
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Pengantar: public events", "version": VERSION, "description": _DESCRIPTION},
        "defaultContentType": _LIKE,
        "servers": {"gateway": _server()},
        "channels": {"feed": _feed(names), "webhook": _webhook(names)},
        "operations": {"followFeed": _follow(), "receiveWebhook": _receive()},
        "components": {
            "schemas": _schemas(),
            "messages": {name: _message(PUBLIC[name]) for name in names},
            "messageTraits": {"webhook": _signed()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def written(made: Document) -> str:
    """The document as the file has it."""
    return json.dumps(made, indent=1, ensure_ascii=False) + "\n"


def _server() -> Document:
    return {
        "host": "{host}", "protocol": "https", "description": "The gateway of an installation.",
        "variables": {"host": {"default": "pengantar.example.go.id"}}, "security": [_ref("securitySchemes", "token")],
    }  # fmt: skip


def _feed(names: list[str]) -> Document:
    return {
        "address": "/v1/events",
        "description": "All public events in one order, by `position`: without a gap, but for the leap of a restore. A"
        " batch each time, behind a position. See the OpenAPI description of notify.",
        "messages": {name: _ref("messages", name) for name in names},
    }


def _webhook(names: list[str]) -> Document:
    return {
        "address": None,
        "description": "The https address of a subscription. One event for each request, in order for each subject,"
        " again with growing gaps until it is answered with 2xx.",
        "messages": {name: _signed_message(name) for name in names},
    }


def _signed_message(name: str) -> Document:
    return {
        "name": name,
        "contentType": _LIKE,
        "traits": [_ref("messageTraits", "webhook")],
        "payload": {"$ref": f"#/components/messages/{name}/payload"},
    }


def _follow() -> Document:
    query = {
        "type": "object",
        "properties": {
            "after": {"type": "integer", "minimum": 0, "description": "The position that was read last."},
            "limit": {"type": "integer", "minimum": 1, "maximum": 500},
            "wait": {"type": "integer", "minimum": 0, "maximum": 30, "description": "Seconds, where there is nothing."},
            "types": {"type": "string", "description": "With commas between; `application.*` for all of a kind."},
            "kelurahan": {"type": "string", "description": "Codes with commas between."},
        },
    }
    return {
        "action": "send", "channel": {"$ref": "#/channels/feed"},
        "summary": "Events behind a position, as a batch (application/cloudevents-batch+json).",
        "bindings": {"http": {"method": "GET", "query": query, "bindingVersion": "0.3.0"}},
    }  # fmt: skip


def _receive() -> Document:
    return {
        "action": "send", "channel": {"$ref": "#/channels/webhook"}, "summary": "An event, sent to a subscription.",
        "bindings": {"http": {"method": "POST", "bindingVersion": "0.3.0"}},
    }  # fmt: skip


def _signed() -> Document:
    """Of the webhook only."""
    said = {
        "webhook-id": "The same for each attempt at a delivery.",
        "webhook-timestamp": "Seconds since 1970 of this attempt.",
        "webhook-signature": "`v1,` and HMAC-SHA256 of id, timestamp and body; several, with spaces between, while a"
        " secret is changed.",
    }
    return {
        "headers": {
            "type": "object", "required": list(said),
            "properties": {name: {"type": "string", "description": text} for name, text in said.items()},
        }
    }  # fmt: skip


def _message(contract: PublicContract) -> Document:
    name = contract.type
    return {
        "name": name,
        "title": name,
        "summary": " ".join((contract.schema.__doc__ or "").split()),
        "contentType": _LIKE,
        "payload": {
            "allOf": [
                _ref("schemas", PublicEvent.__name__),
                {
                    "type": "object",
                    "properties": {
                        "type": {"const": name}, "source": {"const": f"/{contract.source}"},
                        "dataversion": {"const": contract.version}, "data": _ref("schemas", contract.schema.__name__),
                    },
                },
            ]
        },
        "examples": [{"name": "made-up", "payload": example_of(contract)}],
    }  # fmt: skip


def _schemas() -> Document:
    plugin = MarshmallowPlugin(schema_name_resolver=lambda schema: _name(schema))
    spec = APISpec("-", VERSION, openapi_version="3.1.0", plugins=[plugin])
    shown: list[EventSchema] = [PublicEvent, *(one.schema for one in PUBLIC.values())]
    for schema in dict.fromkeys(shown):
        spec.components.schema(schema.__name__, schema=schema)
    return {name: _open(shape) for name, shape in spec.to_dict()["components"]["schemas"].items()}


def _open(shape: Document) -> Document:
    """Readers must bear fields that they do not know; whoever checks strictly finds none missing."""
    return {name: value for name, value in shape.items() if name != "additionalProperties"}


def _name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__


def _ref(room: str, name: str) -> Document:
    return {"$ref": f"#/components/{room}/{name}"}


def main(arguments: list[str]) -> int:
    """Writes the document, or with `--check` only compares."""
    text = written(document())
    if "--check" in arguments:
        same = PAGE.exists() and PAGE.read_text("utf-8") == text
        sys.stdout.write("current\n" if same else "not current: run python -m contracts.asyncapi\n")
        return 0 if same else 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

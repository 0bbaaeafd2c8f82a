"""`python -m contracts`: writes docs/events.md from the list of events; `--check` says whether it is current."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from marshmallow import Schema, fields, validate

from contracts.catalogue import EVENTS, EventContract

PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"

_HEAD = """# Events

Made from `services/common/contracts/` by `make events`; do not edit. Each event is a CloudEvents 1.0 envelope in JSON
(`id`, `source`, `type`, `dataversion`, `subject`, `sequence`, `tenant`, `time`, `traceparent`) with the data below.
`sequence` is gap-free per source and subject. A *state* carries the whole state of its subject, and the highest
sequence wins; a *fact* happened and is never dropped. `person` is one sealed block: the examples show it open.
"""

_PLAIN: tuple[tuple[type[fields.Field[Any]], str], ...] = (
    (fields.UUID, "UUID"),
    (fields.AwareDateTime, "instant (RFC 3339)"),
    (fields.Date, "date"),
    (fields.Integer, "integer"),
    (fields.Float, "number"),
    (fields.Boolean, "true or false"),
    (fields.Dict, "object"),
    (fields.String, "text"),
)


def page() -> str:
    """The whole page."""
    rows = [
        f"| [`{name}`]({_anchor(name)}) | {event.kind} | {', '.join(event.producers)} | {', '.join(event.consumers)} |"
        for name, event in EVENTS.items()
    ]
    table = ["| event | kind | from | to |", "| --- | --- | --- | --- |", *rows]
    return "\n".join([_HEAD, *table, "", *(_section(event) for event in EVENTS.values())])


def _anchor(name: str) -> str:
    return f"#{name.replace('.', '')}"


def _section(event: EventContract) -> str:
    example = json.dumps(event.example, indent=2, ensure_ascii=False)
    way = f"from {', '.join(event.producers)} to {', '.join(event.consumers)}"
    about = " ".join((event.schema.__doc__ or "").split())
    head = [f"## {event.type}", "", f"Version {event.version}, {event.kind}, {way}. {about}", ""]
    return "\n".join([*head, *_fields_of(event), "", f"```json\n{example}\n```", ""])


def _fields_of(event: EventContract) -> list[str]:
    """The table of fields, written out where a shape is met first."""
    first = next(other for other in EVENTS.values() if other.schema is event.schema)
    if first is not event:
        return [f"Fields as of [`{first.type}`]({_anchor(first.type)})."]
    return _table(event.schema())


def _table(schema: Schema) -> list[str]:
    lines = ["| field | type | required |", "| --- | --- | --- |"]
    nested: list[str] = []
    for name, field in schema.fields.items():
        lines.append(f"| `{name}` | {_type(field)} | {'yes' if field.required else 'no'} |")
        inner = field.inner if isinstance(field, fields.List) else field
        if isinstance(inner, fields.Nested):
            nested += ["", f"Each of `{name}`:" if inner is not field else f"`{name}`:", "", *_table(inner.schema)]
    return lines + nested


def _type(field: fields.Field[Any]) -> str:
    """What stands in the field, in words."""
    if isinstance(field, fields.List):
        return "list" if isinstance(field.inner, fields.Nested) else f"list of {_type(field.inner)}"
    if field.metadata.get("sealed"):
        return "sealed block"
    chosen = next((rule for rule in field.validators if isinstance(rule, validate.OneOf)), None)
    if chosen is not None:
        return ", ".join(f"`{choice}`" for choice in chosen.choices)
    named = next((word for kind, word in _PLAIN if isinstance(field, kind)), "object")
    return f"{named} or null" if field.allow_none else named


def main(arguments: list[str]) -> int:
    """Writes the page, or with `--check` only compares."""
    if "--check" in arguments:
        current = PAGE.exists() and PAGE.read_text("utf-8") == page()
        sys.stdout.write("current\n" if current else "docs/events.md is not current: run `make events`\n")
        return 0 if current else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

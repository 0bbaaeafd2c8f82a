"""The list of events is complete: who sends, who reads, and an example that fits; and the services keep to it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any
from uuid import uuid4

import pytest
from marshmallow import Schema, fields

from contracts import EVENTS, SERVICES, contract, snapshot
from contracts.fields import EventData
from contracts.telling import read
from kit.bus.envelope import Received
from kit.sealed import Keyring, new_key

TYPES = sorted(EVENTS)
KEYS = Keyring(new_key("test"))


def handlers(service: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = importlib.import_module(f"{service}.consumers").HANDLERS
    return found


def received(event_type: str) -> Received:
    """The example as it arrives: its person sealed."""
    data, subject = dict(contract(event_type).example), str(uuid4())
    if "person" in data:
        data["person"] = KEYS.seal(data["person"], f"event:{event_type}:{subject}")
    kind = contract(event_type)
    at = datetime.fromisoformat("2026-08-14T09:00:00+07:00")
    return Received(
        uuid4(), kind.producers[0], event_type, kind.version, subject, 1, data.get("kelurahan", "*"), at, data
    )


@pytest.mark.parametrize("event_type", TYPES)
def test_every_event_has_a_producer_and_a_consumer(event_type: str) -> None:
    kind = contract(event_type)
    assert kind.producers
    assert kind.consumers
    assert {*kind.producers, *kind.consumers} <= set(SERVICES)


@pytest.mark.parametrize("event_type", TYPES)
def test_the_example_is_what_the_schema_says_and_nothing_besides(event_type: str) -> None:
    schema = contract(event_type).schema()
    example = contract(event_type).example
    plain = example | ({"person": "sealed"} if "person" in example else {})
    again = schema.dump(schema.load(plain))
    assert set(example) - {"person"} == set(schema.fields) - {"person"}, "an example shows every field"
    assert again == plain


@pytest.mark.parametrize("event_type", TYPES)
def test_the_example_can_be_told_and_read(event_type: str) -> None:
    event = read(KEYS, received(event_type))
    if "person" in contract(event_type).example:
        assert event.data["person"] == contract(event_type).example["person"]


@pytest.mark.parametrize("event_type", [name for name in TYPES if "person" not in contract(name).example])
def test_what_shows_no_person_is_about_none(event_type: str) -> None:
    """An event whose schema has a sealed block shows one in its example."""
    assert "person" not in contract(event_type).schema().fields


def test_no_example_is_left_over() -> None:
    files = {file.name for file in (resources.files("contracts") / "examples").iterdir()}
    assert files == {f"{name}.json" for name in EVENTS}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_handles_what_the_list_names_it_for_and_nothing_else(service: str) -> None:
    listed = {name for name, kind in EVENTS.items() if service in kind.consumers}
    assert set(handlers(service)) == listed


@pytest.mark.parametrize("event_type", TYPES)
def test_a_version_keeps_its_promise(event_type: str) -> None:
    """A field that goes, changes its type or becomes required breaks whoever is not yet as new."""
    kept, kind = snapshot.read().get(event_type, {}), contract(event_type)
    found = snapshot.broken(kept.get(str(kind.version), {}), snapshot.promise(kind.schema()))
    assert str(kind.version) in kept, f"{event_type} {kind.version} is new: run python -m contracts.snapshot"
    assert not found, (
        f"{event_type}: {found}. Keep the field, or give the event its next version in contracts/catalogue.py"
    )


@pytest.mark.parametrize("event_type", TYPES)
def test_versions_are_counted_from_one_without_a_gap(event_type: str) -> None:
    kept = snapshot.read().get(event_type, {})
    assert sorted(int(version) for version in kept) == list(range(1, contract(event_type).version + 1))


def test_the_snapshot_is_current() -> None:
    kept = snapshot.read()
    assert snapshot.PAGE.read_text("utf-8") == snapshot.written(snapshot.current(kept)), (
        "run python -m contracts.snapshot"
    )


def shape(**more: Any) -> Schema:
    """A small event: `more` changes it, None takes a field out."""
    usual: dict[str, fields.Field[Any] | None]
    usual = {"kept": fields.String(required=True), "loose": fields.Integer(), "parts": several(a=True)}
    parts = usual | more
    return EventData.from_dict({name: field for name, field in parts.items() if field is not None})()


def several(**parts: bool) -> fields.Field[Any]:
    part = EventData.from_dict({name: fields.String(required=required) for name, required in parts.items()})
    return fields.List(fields.Nested(part))


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (shape(), []),
        (shape(kept=fields.String(), added=several(b=True)), []),
        (shape(parts=several(a=True, b=False)), []),
        (shape(loose=None), ["loose is gone"]),
        (shape(loose=fields.Integer(required=True)), ["loose was 'Integer' and is 'Integer, required'"]),
        (shape(loose=fields.String()), ["loose was 'Integer' and is 'String'"]),
        (shape(new=fields.String(required=True)), ["new is new and required"]),
        (shape(parts=several(a=True, b=True)), ["parts[].b is new and required"]),
    ],
)
def test_what_breaks_a_promise(after: Schema, said: list[str]) -> None:
    assert snapshot.broken(snapshot.promise(shape()), snapshot.promise(after)) == said

"""The list of events is complete: who sends, who reads, and an example that fits; and the services keep to it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any
from uuid import uuid4

import pytest

from contracts import EVENTS, SERVICES, contract
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
